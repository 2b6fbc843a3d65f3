//! What an HTTP answer says before its body is read: the meaning of its status, and when to ask
//! again.

use std::time::UNIX_EPOCH;

use vidimus_credential::time::UnixTime;

use crate::error::Error;
use crate::ports::HttpResponse;

/// Longest `Retry-After` that is obeyed, in seconds.
pub(crate) const MAX_RETRY_AFTER: u64 = 86_400;

/// Longest random delay after a `Retry-After`, in seconds.
pub(crate) const MAX_SPREAD: u64 = 3600;

/// Shortest range of that delay, in seconds: a nation of wallets must not come back within one
/// second.
const MIN_SPREAD: u64 = 30;

/// What an HTTP status says about the request (RFC 9110, section 15).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StatusClass {
    /// 2xx: the request was successful.
    Success,
    /// 404 and 410: the resource does not exist, or no longer. No other status says so.
    Gone,
    /// 408, 425, 429 and 5xx: the server is busy or in trouble. That says nothing about the
    /// resource.
    Busy,
    /// 403: the server, or a firewall before it, blocks requests. Unless the body says more, that
    /// says nothing about the resource.
    Blocked,
    /// Any other 4xx: the server rejects this request.
    Rejected,
    /// 1xx, and a redirect that is not followed.
    Other,
}

impl StatusClass {
    pub(crate) const fn of(status: u16) -> Self {
        match status {
            200..=299 => Self::Success,
            404 | 410 => Self::Gone,
            408 | 425 | 429 | 500.. => Self::Busy,
            403 => Self::Blocked,
            400..=499 => Self::Rejected,
            _ => Self::Other,
        }
    }

    /// Whether the same request may succeed later.
    pub(crate) const fn is_temporary(self) -> bool {
        matches!(self, Self::Busy | Self::Blocked)
    }
}

/// The error for an answer of which only the status can be used. 511 means that the network wants a
/// sign-in (RFC 6585, section 6).
pub(crate) const fn status_error(status: u16) -> Error {
    match status {
        511 => Error::CaptivePortal,
        status => Error::Server { status },
    }
}

/// When a server wants to be asked again, by its `Retry-After` (RFC 9110, section 10.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RetryAfter {
    /// After this many seconds.
    In(u64),
    /// Not before this time by the server's clock, where the answer had no `Date` to count from.
    At(UnixTime),
}

impl RetryAfter {
    /// Reads the header in either form. A date is counted from the answer's own `Date` where it has
    /// one, since this phone's clock may be wrong.
    pub(crate) fn of(response: &HttpResponse) -> Option<Self> {
        let text = response.header("retry-after")?.trim();
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            // A number that does not fit is at least the longest.
            return Some(Self::In(text.parse().unwrap_or(u64::MAX)));
        }
        let at = http_date(text)?;
        let sent = response.header("date").and_then(http_date);
        Some(sent.map_or(Self::At(at), |sent| Self::In(seconds_between(sent, at))))
    }

    /// Seconds to wait before the next request, at most [`MAX_RETRY_AFTER`].
    pub(crate) fn seconds(self, now: UnixTime) -> u64 {
        let seconds = match self {
            Self::In(seconds) => seconds,
            Self::At(at) => seconds_between(now, at),
        };
        seconds.min(MAX_RETRY_AFTER)
    }
}

/// Seconds that one wallet waits of all that were asked to wait for `seconds`: that time and a
/// random part, at most half of it and within the bounds of the spread. `jitter` must be random.
pub(crate) fn spread(seconds: u64, jitter: u16) -> u64 {
    let seconds = seconds.min(MAX_RETRY_AFTER);
    let over = (seconds / 2).clamp(MIN_SPREAD, MAX_SPREAD);
    seconds + over * u64::from(jitter) / 65_536
}

fn seconds_between(earlier: UnixTime, later: UnixTime) -> u64 {
    later.seconds().saturating_sub(earlier.seconds())
}

/// Parses a date in the one form that servers may write (RFC 9110, section 5.6.7).
pub(crate) fn http_date(text: &str) -> Option<UnixTime> {
    // The library also reads the two obsolete forms, which have other lengths.
    const LENGTH: usize = 29;
    if text.len() != LENGTH {
        return None;
    }
    let time = httpdate::parse_http_date(text).ok()?;
    UnixTime::new(time.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_date_form_that_servers_write_is_read_and_nothing_else() {
        let read = |text| http_date(text).map(|time| time.seconds());
        assert_eq!(read("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(read("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        for bad in [
            "",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 06 Nov 99999 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49 GMT",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_404_and_410_say_that_something_is_gone() {
        for status in 100..=599 {
            let gone = matches!(status, 404 | 410);
            assert_eq!(
                StatusClass::of(status) == StatusClass::Gone,
                gone,
                "{status}"
            );
        }
        for status in [403, 408, 425, 429, 500, 502, 503, 504] {
            assert!(StatusClass::of(status).is_temporary(), "{status}");
        }
        for status in [200, 302, 400, 401, 404, 405, 410, 415] {
            assert!(!StatusClass::of(status).is_temporary(), "{status}");
        }
    }

    fn asked(headers: &[(&str, &str)]) -> Option<RetryAfter> {
        let header = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        RetryAfter::of(&HttpResponse {
            status: 503,
            headers: headers.iter().map(header).collect(),
            body: Vec::new(),
        })
    }

    #[test]
    fn a_retry_after_is_in_seconds_or_a_date() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        let at = UnixTime::new(784_111_777).unwrap();
        assert_eq!(
            asked(&[("retry-after", " 120 ")]),
            Some(RetryAfter::In(120))
        );
        let dated = asked(&[("retry-after", date)]).unwrap();
        assert_eq!(dated, RetryAfter::At(at));
        assert_eq!(dated.seconds(at.saturating_sub(600)), 600);
        assert_eq!(dated.seconds(at.saturating_add(1)), 0, "it is past");
        assert_eq!(dated.seconds(UnixTime::EPOCH), MAX_RETRY_AFTER);
        let told = [
            ("retry-after", date),
            ("date", "Sun, 06 Nov 1994 08:44:37 GMT"),
        ];
        assert_eq!(
            asked(&told),
            Some(RetryAfter::In(300)),
            "by the server's own clock"
        );
        for bad in ["", "soon", "-1", "1.5", "Sunday, 06-Nov-94 08:49:37 GMT"] {
            assert_eq!(asked(&[("retry-after", bad)]), None, "{bad}");
        }
        for many in ["18446744073709551615", "99999999999999999999999999"] {
            let asked = asked(&[("retry-after", many)]).unwrap();
            assert_eq!(asked.seconds(UnixTime::EPOCH), MAX_RETRY_AFTER, "{many}");
        }
    }

    #[test]
    fn wallets_with_one_retry_after_come_back_over_many_seconds_and_none_early() {
        for (seconds, latest) in [(0, 29), (1, 30), (120, 179), (7200, 10_799)] {
            assert_eq!(spread(seconds, 0), seconds);
            assert_eq!(spread(seconds, u16::MAX), latest);
        }
        assert!(spread(u64::MAX, u16::MAX) <= MAX_RETRY_AFTER + MAX_SPREAD);
        let seconds: std::collections::BTreeSet<u64> =
            (0..=u16::MAX).map(|jitter| spread(1, jitter)).collect();
        assert_eq!(seconds.len(), 30, "each of them as likely as another");
    }
}
