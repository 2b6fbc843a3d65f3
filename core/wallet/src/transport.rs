//! The default [`HttpTransport`]: reqwest over rustls, with the roots that the app chose.
//!
//! A phone talks to one authority about a driver, so this client does less than a browser: HTTPS
//! alone (plain HTTP to the machine itself, for tests and the desktop), HTTP/1.1 on kept
//! connections, no cookies, no redirects, no proxy taken from the environment, no header that is not asked for,
//! and a limit in bytes and in seconds on every answer. This is the only file that names reqwest.

use std::error::Error as StdError;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response, redirect};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};

use crate::address;
use crate::ports::{HttpRequest, HttpResponse, HttpTransport, Method, TransportError};

/// How long a connection without a request is kept open for the next one.
const KEEP_IDLE: Duration = Duration::from_secs(90);

/// How long a connection may take to be there, name look-up and TLS included.
const CONNECT: Duration = Duration::from_secs(10);

/// Which certificate authorities may vouch for an HTTPS server.
pub enum Roots {
    /// Mozilla's list of public roots, as compiled in.
    Public,
    /// Only these, each an X.509 certificate in DER: the app pins its authority's own roots.
    Pinned(Vec<Vec<u8>>),
}

/// The transport that comes with the wallet. Cheap to share; its connections live as long as it does.
pub struct NetworkTransport {
    client: Client,
}

impl NetworkTransport {
    /// A transport that believes servers certified by `roots`.
    ///
    /// # Errors
    /// [`TransportError::Certificate`] where a pinned root is no certificate, or none is given.
    pub fn new(roots: Roots) -> Result<Self, TransportError> {
        let client = Client::builder()
            .tls_backend_preconfigured(tls(roots)?)
            .http1_only()
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(CONNECT)
            .pool_idle_timeout(KEEP_IDLE)
            .pool_max_idle_per_host(2)
            .tcp_nodelay(true)
            .build()
            .map_err(|error| classify(&error))?;
        Ok(Self { client })
    }

    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let url = address::parse(&request.url)?;
        let builder = match request.method {
            Method::Get => self.client.get(url),
            Method::Post => self.client.post(url).body(request.body),
        };
        let builder = builder.headers(header_map(&request.headers)?);
        let response = builder.send().await.map_err(|error| classify(&error))?;
        read(response, request.max_body).await
    }
}

#[async_trait]
impl HttpTransport for NetworkTransport {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        // The limit spans connection, headers and body: a body that drips is cut as well.
        tokio::time::timeout(request.timeout, self.exchange(request))
            .await
            .unwrap_or(Err(TransportError::Timeout))
    }
}

/// TLS 1.2 and 1.3 by ring, sessions resumed from memory, no protocol offered but HTTP/1.1.
fn tls(roots: Roots) -> Result<ClientConfig, TransportError> {
    let mut store = RootCertStore::empty();
    match roots {
        Roots::Public => store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Roots::Pinned(certificates) => {
            for der in certificates {
                store
                    .add(CertificateDer::from(der))
                    .map_err(|_| TransportError::Certificate)?;
            }
        }
    }
    if store.is_empty() {
        return Err(TransportError::Certificate);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| TransportError::Certificate)?
        .with_root_certificates(store)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn header_map(headers: &[(String, String)]) -> Result<HeaderMap, TransportError> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| TransportError::BadUrl)?;
        let mut value = HeaderValue::from_str(value).map_err(|_| TransportError::BadUrl)?;
        value.set_sensitive(true);
        map.append(name, value);
    }
    Ok(map)
}

/// Reads the body up to `max_body` bytes; what a `Content-Length` promises is not believed.
async fn read(mut response: Response, max_body: usize) -> Result<HttpResponse, TransportError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| classify(&error))? {
        if chunk.len() > max_body.saturating_sub(body.len()) {
            return Err(TransportError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    let headers = response
        .headers()
        .iter()
        .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
        .collect();
    Ok(HttpResponse {
        status: response.status().as_u16(),
        headers,
        body,
    })
}

/// reqwest's errors, without their text: it holds addresses, and those can hold tokens.
fn classify(error: &reqwest::Error) -> TransportError {
    if error.is_timeout() {
        TransportError::Timeout
    } else if caused_by_tls(error) {
        TransportError::Certificate
    } else if error.is_connect() {
        TransportError::Unreachable
    } else if error.is_builder() {
        TransportError::BadUrl
    } else {
        TransportError::Broken
    }
}

/// Whether rustls stands anywhere in the chain of causes. An `io::Error` hides what it wraps from
/// `source`, so it is opened by hand.
fn caused_by_tls(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn StdError + 'static)> = error.source();
    while let Some(current) = cause {
        if current.is::<rustls::Error>() {
            return true;
        }
        cause = match current
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(inner) => Some(inner),
            None => current.source(),
        };
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Reply, Server, TLS_ROOT, TlsFront};

    fn get(url: String) -> HttpRequest {
        HttpRequest {
            method: Method::Get,
            url,
            headers: vec![("accept".to_owned(), "application/cwt".to_owned())],
            body: Vec::new(),
            timeout: Duration::from_secs(5),
            max_body: 1000,
        }
    }

    fn pinned() -> NetworkTransport {
        NetworkTransport::new(Roots::Pinned(vec![TLS_ROOT.to_vec()])).unwrap()
    }

    #[tokio::test]
    async fn wrong_certificate() {
        let plain = Server::start().await;
        plain.at("/", Reply::new(200).body("fine"));
        let server = TlsFront::before(&plain);
        let public = NetworkTransport::new(Roots::Public).unwrap();
        let refused = public.send(get(server.url("/"))).await.err();
        assert_eq!(refused, Some(TransportError::Certificate));
        assert_eq!(
            pinned().send(get(server.url("/"))).await.unwrap().body,
            b"fine"
        );
    }

    #[tokio::test]
    async fn roots_that_are_none_make_no_transport() {
        for roots in [Vec::new(), vec![b"no certificate".to_vec()]] {
            let made = NetworkTransport::new(Roots::Pinned(roots)).err();
            assert_eq!(made, Some(TransportError::Certificate));
        }
    }

    #[tokio::test]
    async fn a_request_carries_no_header_that_was_not_asked_for() {
        let server = Server::start().await;
        server.at("/", Reply::new(200).body("ok"));
        pinned().send(get(server.url("/"))).await.unwrap();
        let headers = server.requests().remove(0).headers;
        let mut names: Vec<&str> = headers.keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["accept", "host"]);
    }

    #[tokio::test]
    async fn a_redirect_is_returned_and_not_followed() {
        let server = Server::start().await;
        server.at("/", Reply::new(302).header("location", "/other"));
        let response = pinned().send(get(server.url("/"))).await.unwrap();
        assert_eq!(
            (response.status, response.header("location")),
            (302, Some("/other"))
        );
        assert_eq!(server.requests().len(), 1);
    }

    #[tokio::test]
    async fn limits_of_size_and_time_hold_whatever_the_server_does() {
        let server = Server::start().await;
        server.at("/large", Reply::new(200).body(vec![0; 1001]));
        server.at("/fits", Reply::new(200).body(vec![0; 1000]));
        server.at("/never", Reply::new(200).delay(Duration::from_secs(60)));
        server.at(
            "/drip",
            Reply::new(200)
                .body(vec![0; 900])
                .drip(Duration::from_millis(20)),
        );
        let transport = pinned();
        let large = transport.send(get(server.url("/large"))).await.err();
        assert_eq!(large, Some(TransportError::TooLarge));
        assert_eq!(
            transport
                .send(get(server.url("/fits")))
                .await
                .unwrap()
                .body
                .len(),
            1000
        );
        for path in ["/never", "/drip"] {
            let request = HttpRequest {
                timeout: Duration::from_millis(300),
                ..get(server.url(path))
            };
            assert_eq!(
                transport.send(request).await.err(),
                Some(TransportError::Timeout)
            );
        }
    }

    #[tokio::test]
    async fn what_is_not_allowed_is_not_sent_and_nobody_there_is_unreachable() {
        let transport = pinned();
        let insecure = transport
            .send(get("http://authority.example/".to_owned()))
            .await
            .err();
        assert_eq!(insecure, Some(TransportError::InsecureUrl));
        let closed = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let nobody = transport.send(get(format!("http://{closed}/"))).await.err();
        assert_eq!(nobody, Some(TransportError::Unreachable));
    }
}
