//! The default [`HttpTransport`]: reqwest over rustls, with the roots that the app chose.
//!
//! A wallet asks one authority about one driver, so this client does less than a browser. It uses
//! HTTPS alone (plain HTTP only to this device, for tests and the desktop) and HTTP/1.1 on kept
//! connections. It has no cookies, follows no redirects, takes no proxy from the environment, and
//! adds no header that the caller did not give. Every answer has a limit in bytes and in seconds.
//! Only this module names reqwest.

mod elsewhere;

use std::error::Error as StdError;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response, redirect};
use rustls::crypto::{CryptoProvider, KeyProvider};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::SigningKey;
use rustls::{ClientConfig, RootCertStore};

use self::elsewhere::{Elsewhere, LeadsHere, LookUp, by_the_system};
use crate::network::address;
use crate::ports::{HttpRequest, HttpResponse, HttpTransport, Method, TransportError};

/// How long an idle connection is kept for the next request. Servers and proxies close idle ones
/// after 5 s or more, some without notice: this side closes them first.
const KEEP_IDLE: Duration = Duration::from_secs(4);

/// Time limit for a new connection, name look-up and TLS included.
const CONNECT: Duration = Duration::from_secs(10);

/// Which certificate authorities may vouch for an HTTPS server.
#[non_exhaustive]
pub enum Roots {
    /// Mozilla's list of public roots, as compiled in.
    Public,
    /// Only these, each an X.509 certificate in DER: the app pins the roots of its authority. The
    /// app must be updated before the last of them ends.
    Pinned(Vec<Vec<u8>>),
}

/// The default transport. Share one in an [`Arc`]: its connections are closed when it is dropped.
pub struct NetworkTransport {
    anywhere: Clients,
    /// Clients for requests that must not reach this device.
    elsewhere: Clients,
}

struct Clients {
    keeping: Client,
    /// A client without kept connections, for a second try where a kept connection was dead.
    fresh: Client,
}

impl NetworkTransport {
    /// A transport that trusts servers certified by `roots`.
    ///
    /// # Errors
    /// [`TransportError::Certificate`] where a pinned root is not a certificate, or none is given.
    pub fn new(roots: Roots) -> Result<Self, TransportError> {
        Self::looking_up(roots, by_the_system)
    }

    fn looking_up(roots: Roots, look_up: LookUp) -> Result<Self, TransportError> {
        let tls = tls(roots)?;
        Ok(Self {
            anywhere: Clients::new(&tls, None)?,
            elsewhere: Clients::new(&tls, Some(look_up))?,
        })
    }

    async fn send_and_read(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let clients = if request.elsewhere {
            &self.elsewhere
        } else {
            &self.anywhere
        };
        let response = match send(&clients.keeping, &request).await {
            // A kept connection may have died since, which shows only now. A request that may
            // arrive twice is sent again on a fresh one.
            Err(TransportError::Broken) if may_arrive_twice(&request) => {
                send(&clients.fresh, &request).await
            }
            sent => sent,
        };
        read(response?, request.max_body).await
    }
}

impl Clients {
    /// Clients that connect to other devices only, where they are given `look_up`.
    fn new(tls: &ClientConfig, look_up: Option<LookUp>) -> Result<Self, TransportError> {
        let client = |kept: usize| {
            let builder = Client::builder()
                .tls_backend_preconfigured(tls.clone())
                .http1_only()
                .redirect(redirect::Policy::none())
                .referer(false)
                .no_proxy()
                .connect_timeout(CONNECT)
                .pool_idle_timeout(KEEP_IDLE)
                .pool_max_idle_per_host(kept)
                .tcp_nodelay(true);
            let builder = match look_up {
                Some(look_up) => builder.dns_resolver(Elsewhere(look_up)),
                None => builder,
            };
            builder.build().map_err(|error| classify(&error))
        };
        Ok(Self {
            keeping: client(2)?,
            fresh: client(0)?,
        })
    }
}

/// Whether a request may be sent twice without harm: a GET, or a POST with an empty body, which
/// asks for a nonce.
fn may_arrive_twice(request: &HttpRequest) -> bool {
    request.method == Method::Get || request.body.is_empty()
}

/// Sends a request and reads the head of its answer.
async fn send(client: &Client, request: &HttpRequest) -> Result<Response, TransportError> {
    let url = address::parse(&request.url)?;
    let builder = match request.method {
        Method::Get => client.get(url),
        Method::Post => client.post(url).body(request.body.clone()),
    };
    let builder = builder.headers(header_map(&request.headers)?);
    builder.send().await.map_err(|error| classify(&error))
}

#[async_trait]
impl HttpTransport for NetworkTransport {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        // The limit includes connection, headers and body, so that a slow body is cut off too.
        tokio::time::timeout(request.timeout, self.send_and_read(request))
            .await
            .unwrap_or(Err(TransportError::Timeout))
    }
}

/// TLS 1.2 and 1.3 by ring. Sessions are resumed from memory; only HTTP/1.1 is offered.
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
    let provider = Arc::new(CryptoProvider {
        key_provider: &NoKeys,
        ..rustls::crypto::ring::default_provider()
    });
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| TransportError::Certificate)?
        .with_root_certificates(store)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// The wallet shows servers no certificate, so it never reads a private key. Without this the
/// library would carry the code that reads keys and signs with them.
#[derive(Debug)]
struct NoKeys;

impl KeyProvider for NoKeys {
    fn load_private_key(
        &self,
        _key: PrivateKeyDer<'static>,
    ) -> Result<Arc<dyn SigningKey>, rustls::Error> {
        Err(rustls::Error::General(String::new()))
    }
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

/// Reads the body up to `max_body` bytes, without trusting `Content-Length`.
async fn read(mut response: Response, max_body: usize) -> Result<HttpResponse, TransportError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| classify(&error))? {
        if chunk.len() > max_body.saturating_sub(body.len()) {
            return Err(TransportError::TooLarge { at_most: max_body });
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

/// Maps an error of reqwest. Its text is dropped: it holds addresses, and those can hold tokens.
fn classify(error: &reqwest::Error) -> TransportError {
    if error.is_timeout() {
        TransportError::Timeout
    } else if is_caused_by::<rustls::Error>(error) {
        TransportError::Certificate
    } else if is_caused_by::<LeadsHere>(error) {
        TransportError::ThisDevice
    } else if error.is_connect() {
        TransportError::Unreachable
    } else if error.is_builder() {
        TransportError::BadUrl
    } else {
        TransportError::Broken
    }
}

/// Whether an error of type `E` is in the chain of causes. `io::Error` does not give what it wraps
/// as `source`, so it is unwrapped here.
fn is_caused_by<E: StdError + 'static>(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn StdError + 'static)> = error.source();
    while let Some(current) = cause {
        if current.is::<E>() {
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
            elsewhere: false,
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

    /// A server that answers `answers` requests on each connection, reads one more, and closes the
    /// connection.
    async fn hangs_up_after(answers: usize) -> (String, Arc<std::sync::Mutex<Vec<String>>>) {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        let arrived = Arc::new(std::sync::Mutex::new(Vec::new()));
        let heard = Arc::clone(&arrived);
        tokio::spawn(async move {
            for connection in 0.. {
                let (mut stream, _) = listener.accept().await.unwrap();
                let heard = Arc::clone(&heard);
                tokio::spawn(async move {
                    for request in 0.. {
                        let mut buffer = [0; 2048];
                        let count = stream.read(&mut buffer).await.unwrap_or(0);
                        if count == 0 {
                            return;
                        }
                        let method = String::from_utf8_lossy(&buffer[..4]).trim().to_owned();
                        heard.lock().unwrap().push(format!("{method} {connection}"));
                        if request == answers {
                            return;
                        }
                        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
                        stream.write_all(answer).await.unwrap();
                    }
                });
            }
        });
        (address, arrived)
    }

    #[tokio::test]
    async fn a_request_on_a_kept_connection_that_died_goes_out_once_more_where_it_may_arrive_twice()
    {
        let post = |url: &str, body: &[u8]| HttpRequest {
            method: Method::Post,
            body: body.to_vec(),
            ..get(url.to_owned())
        };
        for (request, arrives_again) in [("get", true), ("nonce", true), ("token", false)] {
            let (url, arrived) = hangs_up_after(1).await;
            let transport = pinned();
            transport.send(get(url.clone())).await.unwrap();
            let request = match request {
                "get" => get(url.clone()),
                "nonce" => post(&url, b""),
                _ => post(&url, b"code=1"),
            };
            let method = if request.method == Method::Get {
                "GET"
            } else {
                "POST"
            };
            let answer = transport.send(request).await;
            let heard = arrived.lock().unwrap().clone();
            if arrives_again {
                assert_eq!(answer.unwrap().body, b"ok");
                assert_eq!(
                    heard,
                    ["GET 0", &format!("{method} 0"), &format!("{method} 1")]
                );
            } else {
                assert_eq!(answer.err(), Some(TransportError::Broken));
                assert_eq!(heard, ["GET 0", "POST 0"], "what it carries is spent once");
            }
        }
    }

    #[tokio::test]
    async fn a_server_that_always_hangs_up_is_asked_twice_and_not_for_ever() {
        let (url, arrived) = hangs_up_after(0).await;
        let answer = pinned().send(get(url)).await;
        assert_eq!(answer.err(), Some(TransportError::Broken));
        assert_eq!(arrived.lock().unwrap().len(), 2);
    }

    #[tokio::test]
    async fn an_idle_connection_is_given_up_before_a_server_closes_it() {
        let server = Server::start().await;
        server.at("/", Reply::new(200).body("ok"));
        let transport = pinned();
        let ask = async |after: u64| {
            tokio::time::sleep(Duration::from_millis(after)).await;
            transport.send(get(server.url("/"))).await.unwrap();
            server.connections()
        };
        assert_eq!(ask(0).await, 1);
        assert_eq!(ask(1000).await, 1, "kept for the next one");
        assert_eq!(ask(4200).await, 2, "given up after four seconds");
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
    async fn limits_of_size_and_time_hold_against_any_server() {
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
        assert_eq!(large, Some(TransportError::TooLarge { at_most: 1000 }));
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
    async fn a_forbidden_address_is_not_asked_and_a_closed_port_is_unreachable() {
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

    /// Any owner of a name may point it at loopback.
    #[tokio::test]
    async fn a_name_that_leads_to_this_device_is_asked_only_where_allowed() {
        use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let arrived = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let counted = Arc::clone(&arrived);
        tokio::spawn(async move {
            while listener.accept().await.is_ok() {
                counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            }
        });
        let look_up: LookUp = |name| {
            let here = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
            Ok(match name {
                "mapped.example" => {
                    vec![(Ipv4Addr::LOCALHOST.to_ipv6_mapped(), 0).into()]
                }
                "any.example" => vec![(Ipv4Addr::UNSPECIFIED, 0).into()],
                "six.example" => vec![here, (Ipv6Addr::LOCALHOST, 0).into()],
                "nobody.example" => Vec::new(),
                _ => vec![here],
            })
        };
        let roots = Roots::Pinned(vec![TLS_ROOT.to_vec()]);
        let transport = NetworkTransport::looking_up(roots, look_up).unwrap();
        let ask = async |host: &str| {
            let request = HttpRequest {
                elsewhere: true,
                ..get(format!("https://{host}:{port}/"))
            };
            transport.send(request).await.err()
        };
        for host in [
            "a.example",
            "mapped.example",
            "any.example",
            "six.example",
            "notlocalhost",
        ] {
            let error = ask(host).await;
            assert_eq!(error, Some(TransportError::ThisDevice), "{host}");
        }
        assert_eq!(
            ask("nobody.example").await,
            Some(TransportError::Unreachable)
        );
        assert_eq!(arrived.load(std::sync::atomic::Ordering::SeqCst), 0);
        ask("localhost").await;
        assert!(arrived.load(std::sync::atomic::Ordering::SeqCst) > 0);
    }
}
