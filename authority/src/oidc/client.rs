//! Requests to the provider: https, or http on this machine; no redirects, little time, small
//! answers.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::redirect;
use rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

use crate::error::Error;

/// One request takes no longer than this, with its answer.
const TIME: Duration = Duration::from_secs(8);
const CONNECT: Duration = Duration::from_secs(4);
/// The largest answer, in bytes.
const MAX_ANSWER: usize = 256 * 1024;

/// Why a request to the provider failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    #[error("the provider names an address that is neither https nor on this machine")]
    Address,
    #[error("the provider did not answer")]
    Silent,
    #[error("the provider's answer is too large")]
    TooLarge,
}

/// The client of all requests to the provider.
pub(super) struct Http(reqwest::Client);

impl Http {
    pub(super) fn new() -> Result<Self, Error> {
        let mut roots = RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| Error::Provider)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .http1_only()
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(CONNECT)
            .timeout(TIME)
            .build();
        client.map(Self).map_err(|_| Error::Provider)
    }

    /// Sends one request and reads its answer within the limits.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Fault> {
        let (head, body) = request.into_parts();
        let url = Url::parse(&head.uri.to_string()).map_err(|_| Fault::Address)?;
        if !is_allowed(&url) {
            return Err(Fault::Address);
        }
        let sent = self
            .0
            .request(head.method, url)
            .headers(head.headers)
            .body(body)
            .send()
            .await;
        let mut answer = sent.map_err(|_| Fault::Silent)?;
        let mut read = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(|_| Fault::Silent)? {
            if read.len() + part.len() > MAX_ANSWER {
                return Err(Fault::TooLarge);
            }
            read.extend_from_slice(&part);
        }
        let mut response = HttpResponse::new(read);
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Fault>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

/// Whether requests may go there: https, or http on this machine, where no one listens in between.
pub(super) fn is_allowed(url: &Url) -> bool {
    let local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return false,
    };
    let plain = url.username().is_empty() && url.password().is_none();
    plain && (url.scheme() == "https" || (url.scheme() == "http" && local))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_go_over_tls_or_stay_on_this_machine() {
        for (url, allowed) in [
            ("https://id.example/token", true),
            ("http://127.0.0.1:9/token", true),
            ("http://[::1]:9/token", true),
            ("http://localhost:9", true),
            ("http://id.example/token", false),
            ("http://10.0.0.1/token", false),
            ("http://localhost.example", false),
            ("https://user@id.example", false),
            ("file:///etc/passwd", false),
        ] {
            assert_eq!(is_allowed(&Url::parse(url).unwrap()), allowed, "{url}");
        }
    }
}
