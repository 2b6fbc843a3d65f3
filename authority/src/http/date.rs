//! The `Date` of each answer, by the authority's own clock: a wallet names a phone's wrong clock by
//! it before a code is spent. The server below would take the machine's clock, which is another one
//! in tests.

use std::time::{Duration, UNIX_EPOCH};

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use vidimus_credential::UnixTime;

use super::Shared;

/// Writes the `Date` of an answer.
pub(super) async fn dated(State(server): State<Shared>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Ok(date) = HeaderValue::try_from(http_date(server.now())) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

/// A time in the form of RFC 9110, section 5.6.7.
fn http_date(time: UnixTime) -> String {
    // A `UnixTime` ends with the year 9999, as the form does.
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(time.seconds()))
}

#[cfg(test)]
mod tests {
    use super::{UnixTime, http_date};

    #[test]
    fn a_date_is_written_as_the_rfc_writes_its_example() {
        let written = |seconds| http_date(UnixTime::new(seconds).unwrap());
        assert_eq!(written(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(written(0), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(written(253_402_300_799), "Fri, 31 Dec 9999 23:59:59 GMT");
        assert_eq!(written(1_709_164_800), "Thu, 29 Feb 2024 00:00:00 GMT");
    }
}
