//! The requests of one call: limits, cancelling and counting for issuance and refresh alike.

use std::time::Duration;

use tokio::time::Instant;
use url::Url;
use vidimus_credential::time::UnixTime;

use crate::cancel::CancelToken;
use crate::context::Context;
use crate::error::Error;
use crate::network::address;
use crate::network::answer::{RetryAfter, StatusClass, http_date, spread, status_error};
use crate::network::json;
use crate::ports::{HttpRequest, HttpResponse, HttpTransport, Method, TransportError};

/// Time limit of one answer, where the budget is not shorter.
pub(crate) const PER_REQUEST: Duration = Duration::from_secs(15);

/// Longest `ETag` that is kept, in bytes.
const MAX_ETAG: usize = 128;

/// Most redirects that one GET follows. A POST carries codes and tokens and follows none.
const MAX_REDIRECTS: usize = 3;

/// Requests that share one time budget, measured by a monotonic clock. It also keeps the last
/// answer's `Date` and `Retry-After`.
pub(crate) struct Requests<'a> {
    transport: &'a dyn HttpTransport,
    cancel: &'a CancelToken,
    deadline: Instant,
    authority: &'a str,
    /// Whether a request may go to this device itself. It may only where the wallet's own authority
    /// runs on it, on a desktop or in a test.
    may_reach_this_device: bool,
    sent: u32,
    dated: Option<ServerTime>,
    retry_after: Option<RetryAfter>,
}

/// A server's time, and whether it came over TLS.
#[derive(Clone, Copy)]
struct ServerTime {
    time: UnixTime,
    over_tls: bool,
}

/// Seconds to wait for a busy server that sent no `Retry-After`.
const DEFAULT_RETRY_AFTER: u64 = 60;

impl<'a> Requests<'a> {
    /// Starts the time budget.
    pub(crate) fn new(context: &'a Context, cancel: &'a CancelToken, budget: Duration) -> Self {
        let now = Instant::now();
        let deadline = now
            .checked_add(budget)
            .unwrap_or(now + Duration::from_secs(86_400));
        Self {
            transport: &*context.transport,
            cancel,
            deadline,
            authority: &context.authority,
            may_reach_this_device: address::parse(&context.authority)
                .is_ok_and(|authority| address::is_this_device(&authority)),
            sent: 0,
            dated: None,
            retry_after: None,
        }
    }

    /// How many requests were sent so far.
    pub(crate) fn sent(&self) -> u32 {
        self.sent
    }

    /// The rest of the budget.
    pub(crate) fn remaining(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// The last answer's `Date` where it came over TLS. A second call returns `None` until the next
    /// answer.
    pub(crate) fn take_date(&mut self) -> Option<UnixTime> {
        let dated = self.dated.take().filter(|dated| dated.over_tls);
        dated.map(|dated| dated.time)
    }

    /// The last answer's `Date`, also without TLS, where anyone could have written it. Use it only
    /// to report a wrong clock and to date proofs for that server; the timekeeper must not learn
    /// from it.
    pub(crate) fn server_time(&self) -> Option<UnixTime> {
        self.dated.map(|dated| dated.time)
    }

    /// The last answer's `Retry-After`.
    pub(crate) fn retry_after(&self) -> Option<RetryAfter> {
        self.retry_after
    }

    /// Turns the error of a busy server into [`Error::Busy`] with the time of the next try, for a
    /// driver who waits. That time has a random part, so that wallets do not all come back at once.
    pub(crate) fn with_retry_time(&self, context: &Context, error: Error) -> Error {
        match (error, context.now()) {
            (Error::Server { status }, Ok(now)) if StatusClass::of(status).is_temporary() => {
                let wait = self
                    .retry_after
                    .map_or(DEFAULT_RETRY_AFTER, |wait| wait.seconds(now));
                let again = now.saturating_add(spread(wait, context.jitter()));
                Error::Busy { status, again }
            }
            (error, _) => error,
        }
    }

    /// Fails where the caller has cancelled.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.cancel.is_cancelled() {
            Err(Error::Cancelled)
        } else {
            Ok(())
        }
    }

    /// GETs a resource. Follows at most three redirects, and only those that keep the scheme.
    ///
    /// # Errors
    /// [`Error::Cancelled`], [`TransportError::TooManyRedirects`],
    /// [`TransportError::RedirectToHttps`], [`TransportError::BadRedirect`],
    /// [`TransportError::ThisDevice`], or the transport's own.
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
                elsewhere: true,
            };
            let response = self.send(request, Interrupt::Cancel).await?;
            match response.header("location") {
                Some(place) if matches!(response.status, 301 | 302 | 303 | 307 | 308) => {
                    url = redirected(&url, place)?;
                    self.check_address(&url)
                        .map_err(|_| TransportError::BadRedirect)?;
                }
                _ => return Ok(response),
            }
        }
        Err(TransportError::TooManyRedirects.into())
    }

    /// GETs a resource unless it still has the tag `etag`.
    ///
    /// # Errors
    /// Those of [`get`](Self::get); [`Error::NotModifiedWithoutCopy`], [`Error::CaptivePortal`] for
    /// a web page, [`Error::Server`] for any other status.
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
            status => Err(status_error(status)),
        }
    }

    /// POSTs once and waits for the answer, for at most `limit` and at most 15 s. Returns an answer
    /// of any status.
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
            elsewhere: true,
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
        let url = address::parse(&request.url)?;
        self.check_address(&url)?;
        // The wallet's own authority may be on this device, under a name of the device.
        request.elsewhere =
            !self.may_reach_this_device && !address::is_same_server(&request.url, self.authority);
        // Without this header a server may compress its answer.
        request
            .headers
            .push(("accept-encoding".to_owned(), "identity".to_owned()));
        self.sent += 1;
        (self.retry_after, self.dated) = (None, None);
        let over_tls = url.scheme() == "https";
        // A shell's transport may ignore the limit, so it is enforced here too.
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
        self.retry_after = RetryAfter::of(&response);
        self.dated = answered_at(&response).map(|time| ServerTime { time, over_tls });
        // For the other statuses the body is not needed.
        let needs_body = matches!(
            StatusClass::of(response.status),
            StatusClass::Success | StatusClass::Rejected
        );
        if needs_body && response.is_packed() {
            return Err(TransportError::Encoded.into());
        }
        Ok(response)
    }

    /// Refuses addresses of this device that a link or a server named: any program may listen
    /// there.
    fn check_address(&self, url: &Url) -> Result<(), TransportError> {
        if address::is_this_device(url) && !self.may_reach_this_device {
            Err(TransportError::ThisDevice)
        } else {
            Ok(())
        }
    }
}

/// The time of an answer: its `Date` plus its `Age` in caches (RFC 9111, section 5.1).
fn answered_at(response: &HttpResponse) -> Option<UnixTime> {
    let date = response.header("date").and_then(http_date)?;
    let age = response.header("age").and_then(|age| age.parse().ok());
    Some(date.saturating_add(age.unwrap_or(0)))
}

/// What a conditional GET found.
pub(crate) enum Resource {
    /// The server has a newer copy.
    New {
        /// The copy's `ETag`, for the next request.
        etag: Option<String>,
        /// The bytes of the copy.
        body: Vec<u8>,
    },
    /// The held copy is still current.
    Unchanged,
}

/// Whether the answer is a web page, as captive portals send in place of data. JSON is not a page,
/// under any content type.
pub(crate) fn is_page(response: &HttpResponse) -> bool {
    let html = response
        .header("content-type")
        .is_some_and(|kind| kind.starts_with("text/html"));
    let text = json::without_mark(&response.body).trim_ascii_start();
    (html && !text.starts_with(b"{")) || text.starts_with(b"<")
}

/// Whether a cancel may abandon a request that was sent.
#[derive(Clone, Copy)]
pub(crate) enum Interrupt {
    /// It is abandoned at once: sending it again does no harm.
    Cancel,
    /// It is completed, within its time limit: its answer may hold something that is given only
    /// once.
    Never,
}

/// The target of a redirect that keeps the scheme. Errors name a fault of the server, not of the
/// address that was asked.
fn redirected(from: &Url, place: &str) -> Result<Url, TransportError> {
    let to = from.join(place).map_err(|_| TransportError::BadRedirect)?;
    address::check(&to).map_err(|_| TransportError::BadRedirect)?;
    match (from.scheme(), to.scheme()) {
        (one, other) if one == other => Ok(to),
        (_, "https") => Err(TransportError::RedirectToHttps),
        _ => Err(TransportError::BadRedirect),
    }
}
