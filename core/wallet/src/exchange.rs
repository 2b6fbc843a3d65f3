//! One conversation with a server: the limits, the cancelling and the counting that every request
//! of issuance and refresh has in common.

use std::time::Duration;

use tokio::time::Instant;
use url::Url;
use vidimus_credential::time::{Day, UnixTime};

use crate::address;
use crate::cancel::CancelToken;
use crate::error::Error;
use crate::ports::{HttpRequest, HttpResponse, HttpTransport, Method, TransportError};

/// Longest that one answer may take, in a budget that allows it.
pub(crate) const PER_REQUEST: Duration = Duration::from_secs(15);

/// Longest tag that is kept, in bytes.
const MAX_ETAG: usize = 128;

/// Redirects that one GET may follow; a POST carries codes and tokens and follows none.
const MAX_REDIRECTS: usize = 3;

/// Requests under one budget. The budget is a stopwatch, so no clock can lengthen it.
pub(crate) struct Exchange<'a> {
    transport: &'a dyn HttpTransport,
    cancel: &'a CancelToken,
    deadline: Instant,
    requests: u32,
    dated: Option<UnixTime>,
    patience: Option<u64>,
}

impl<'a> Exchange<'a> {
    /// Starts the stopwatch.
    pub(crate) fn new(
        transport: &'a dyn HttpTransport,
        cancel: &'a CancelToken,
        budget: Duration,
    ) -> Self {
        let now = Instant::now();
        let deadline = now
            .checked_add(budget)
            .unwrap_or(now + Duration::from_secs(86_400));
        Self {
            transport,
            cancel,
            deadline,
            requests: 0,
            dated: None,
            patience: None,
        }
    }

    /// How many requests were sent so far.
    pub(crate) fn requests(&self) -> u32 {
        self.requests
    }

    /// What is left of the budget.
    pub(crate) fn remaining(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// The `Date` that the server of the last answer said over TLS, once.
    pub(crate) fn take_date(&mut self) -> Option<UnixTime> {
        self.dated.take()
    }

    /// How many seconds the last answer asked to be left alone (RFC 9110, section 10.2.3).
    pub(crate) fn patience(&self) -> Option<u64> {
        self.patience
    }

    /// Fails if the caller has cancelled.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.cancel.is_cancelled() {
            Err(Error::Cancelled)
        } else {
            Ok(())
        }
    }

    /// GETs a resource, following at most three redirects that keep the scheme.
    ///
    /// # Errors
    /// [`Error::Cancelled`], [`TransportError::TooManyRedirects`], or the transport's own.
    pub(crate) async fn get(
        &mut self,
        url: &str,
        headers: Vec<(String, String)>,
        max_body: usize,
    ) -> Result<HttpResponse, Error> {
        let mut url = address::parse(url)?;
        for _ in 0..=MAX_REDIRECTS {
            let request = HttpRequest {
                method: Method::Get,
                url: url.to_string(),
                headers: headers.clone(),
                body: Vec::new(),
                timeout: PER_REQUEST,
                max_body,
            };
            let response = self.send(request, Interrupt::Cancel).await?;
            match response.header("location") {
                Some(place) if matches!(response.status, 301 | 302 | 303 | 307 | 308) => {
                    url = redirected(&url, place)?;
                }
                _ => return Ok(response),
            }
        }
        Err(TransportError::TooManyRedirects.into())
    }

    /// GETs a resource that may be held already, under the tag `etag`.
    ///
    /// # Errors
    /// As [`get`](Self::get); [`Error::NotModifiedWithoutCopy`], [`Error::CaptivePortal`] for a page
    /// for people, [`Error::Server`] for any other status.
    pub(crate) async fn get_if_new(
        &mut self,
        url: &str,
        accept: &str,
        etag: Option<&str>,
        max_body: usize,
    ) -> Result<Resource, Error> {
        let mut headers = vec![("accept".to_owned(), accept.to_owned())];
        headers.extend(etag.map(|etag| ("if-none-match".to_owned(), etag.to_owned())));
        let response = self.get(url, headers, max_body).await?;
        match response.status {
            200 if is_page(&response) => Err(Error::CaptivePortal),
            200 => {
                let etag = response
                    .header("etag")
                    .filter(|etag| etag.len() <= MAX_ETAG);
                Ok(Resource::New {
                    etag: etag.map(str::to_owned),
                    body: response.body,
                })
            }
            304 if etag.is_some() => Ok(Resource::Unchanged),
            304 => Err(Error::NotModifiedWithoutCopy),
            status => Err(Error::Server { status }),
        }
    }

    /// POSTs once, and waits at most `limit` for the answer, or 15 s where that is less; what it answers is returned,
    /// whatever its status.
    ///
    /// # Errors
    /// [`Error::Cancelled`], or the transport's own.
    pub(crate) async fn post(
        &mut self,
        url: &str,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
        max_body: usize,
        (interrupt, limit): (Interrupt, Duration),
    ) -> Result<HttpResponse, Error> {
        let request = HttpRequest {
            method: Method::Post,
            url: address::parse(url)?.into(),
            headers,
            body,
            timeout: PER_REQUEST.min(limit),
            max_body,
        };
        self.send(request, interrupt).await
    }

    async fn send(
        &mut self,
        mut request: HttpRequest,
        interrupt: Interrupt,
    ) -> Result<HttpResponse, Error> {
        self.check()?;
        request.timeout = request.timeout.min(self.remaining());
        if request.timeout.is_zero() {
            return Err(TransportError::Timeout.into());
        }
        self.requests += 1;
        (self.patience, self.dated) = (None, None);
        let over_tls = request.url.starts_with("https:");
        // A shell's transport may break its promise to end in time, so the limit is kept here too.
        let answer = tokio::time::timeout(request.timeout, self.transport.send(request));
        let answer = match interrupt {
            Interrupt::Never => answer.await,
            Interrupt::Cancel => tokio::select! {
                biased;
                () = self.cancel.cancelled() => return Err(Error::Cancelled),
                answer = answer => answer,
            },
        };
        let response = answer.unwrap_or(Err(TransportError::Timeout))?;
        self.patience = response
            .header("retry-after")
            .and_then(|text| text.trim().parse().ok());
        let date = response.header("date").and_then(http_date);
        self.dated = date.filter(|_| over_tls);
        Ok(response)
    }
}

/// What a conditional GET found.
pub(crate) enum Resource {
    /// A copy that is not the one held.
    New {
        /// Its tag, for the next time.
        etag: Option<String>,
        /// Its bytes.
        body: Vec<u8>,
    },
    /// The one held is still the server's.
    Unchanged,
}

/// A page for people where data was asked for: the mark of a captive portal.
pub(crate) fn is_page(response: &HttpResponse) -> bool {
    let html = response
        .header("content-type")
        .is_some_and(|kind| kind.starts_with("text/html"));
    html || response.body.trim_ascii_start().starts_with(b"<")
}

/// Whether a request under way may be given up when the caller cancels.
#[derive(Clone, Copy)]
pub(crate) enum Interrupt {
    /// At once: asking again does no harm.
    Cancel,
    /// Its answer spends something that comes once: wait for it, within the time limit.
    Never,
}

/// Where a redirect leads, if it keeps the scheme.
fn redirected(from: &Url, place: &str) -> Result<Url, Error> {
    let to = from.join(place).map_err(|_| TransportError::BadUrl)?;
    address::check(&to)?;
    if to.scheme() == from.scheme() {
        Ok(to)
    } else {
        Err(TransportError::InsecureUrl.into())
    }
}

/// A `Date` header in the one form that servers may write (RFC 9110, section 5.6.7).
pub(crate) fn http_date(text: &str) -> Option<UnixTime> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let (_, rest) = text.split_once(", ")?;
    let mut parts = rest.split(' ');
    let day: u8 = parts.next()?.parse().ok()?;
    let name = parts.next()?;
    let month = (1_u8..).zip(MONTHS).find(|(_, month)| *month == name)?.0;
    let year: i32 = parts.next()?.parse().ok()?;
    let mut clock = parts
        .next()?
        .split(':')
        .map(|part| part.parse::<u64>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    if parts.next() != Some("GMT") || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let start = u64::try_from(Day::from_ymd(year, month, day).ok()?.start()).ok()?;
    UnixTime::new(start + hour * 3600 + minute * 60 + second).ok()
}

#[cfg(test)]
mod tests {
    use super::http_date;

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
}
