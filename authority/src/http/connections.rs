//! Connections: how many and whose, how slow they may be, and how they end.
//!
//! axum's own server has no limit for slow request heads, none for the number of connections, and
//! knows no client's address. Here each address has its share of the places, so that one of them
//! cannot take all; what is over a share is answered at once with 503. The places are fewer than
//! the process's file descriptors, so that the signer, which writes files, always finds one.
//!
//! An https issuer is behind a proxy that ends TLS, so all its clients come from one address:
//! see [`address`] for how they are told apart.

mod address;
mod admission;
mod certificate;
mod descriptors;
mod limits;
mod places;
mod plain_http;
mod rates;
mod refuse;
mod write_timeout;

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::TlsAcceptor;

pub(super) use address::{Peer, client};
use admission::Gate;
pub(super) use certificate::Certificate;
use limits::Limits;
pub(super) use limits::OFFICE_BODY;
use places::Places;
pub use plain_http::served_in_plain;
use refuse::Refuser;
use write_timeout::Paced;

/// The largest head of a request, in bytes.
const MAX_HEAD: usize = 16 * 1024;

/// Accepts connections until `shutdown` completes, then lets what is under way end.
///
/// Raises this process's limit of open files where the system allows it. `beside` says whether the
/// office is served by the same process.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    beside: bool,
    shutdown: impl Future<Output = ()>,
) {
    let files = descriptors::raise(limits::WANTED);
    let limits = match beside {
        true => Limits::of(files.saturating_sub(limits::OFFICE)),
        false => Limits::of(files),
    };
    tracing::debug!(places = limits.places, "connections at a time");
    serve_within(listener, router, limits, None, shutdown).await;
}

/// The same for the office, which has fewer connections and larger bodies.
pub(super) async fn serve_office(
    listener: TcpListener,
    router: Router,
    tls: Option<TlsAcceptor>,
    shutdown: impl Future<Output = ()>,
) {
    serve_within(listener, router, Limits::of_office(), tls, shutdown).await;
}

async fn serve_within(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    tls: Option<TlsAcceptor>,
    shutdown: impl Future<Output = ()>,
) {
    let mut shutdown = pin!(shutdown);
    let places = Arc::new(Places::new(&limits));
    let refuser = Refuser::new();
    let gate = Arc::new(Gate::new(limits));
    let router = router.layer(middleware::from_fn_with_state(gate, admission::pass));
    let graceful = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head_time)
        .max_buf_size(MAX_HEAD);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, from) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors in spite of all: others will close theirs.
                tracing::warn!(kind = %error.kind(), "could not accept a connection");
                sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let Some(place) = places.take(from.ip()) else {
            tracing::debug!("no place for a connection");
            // A plain answer is no answer to a peer that begins with TLS.
            if tls.is_none() {
                refuser.refuse(stream);
            }
            continue;
        };
        let (http, watcher, router) = (http.clone(), graceful.watcher(), router.clone());
        let tls = tls.clone();
        tokio::spawn(async move {
            let stream = Paced::new(ready(stream), limits.write_time);
            let peer = Peer {
                address: from.ip(),
                since: Instant::now(),
            };
            let served = async {
                let Some(tls) = tls else {
                    let service = service_of(peer, None, &router);
                    let stream = TokioIo::new(stream);
                    let _ = watcher.watch(http.serve_connection(stream, service)).await;
                    return;
                };
                // A handshake may take as long as a request's head.
                let Ok(Ok(stream)) = timeout(limits.head_time, tls.accept(stream)).await else {
                    tracing::debug!("a TLS handshake failed");
                    return;
                };
                let certificate = Certificate::of(&stream);
                let service = service_of(peer, certificate, &router);
                let stream = TokioIo::new(stream);
                let _ = watcher.watch(http.serve_connection(stream, service)).await;
            };
            // A connection's end, good or bad, concerns no other one.
            let _ = timeout(limits.connection_time + limits.grace, served).await;
            drop(place);
        });
    }
    drop(listener);
    if timeout(limits.grace, graceful.shutdown()).await.is_err() {
        tracing::warn!("stopped with requests under way");
    }
}

/// The address that a request counts against, as text; `None` where no one tells a near peer's
/// clients apart.
pub(super) fn origin_of(request: &axum::extract::Request) -> Option<String> {
    let peer = request.extensions().get::<Peer>()?;
    let origin = client(peer.address, request.headers())?;
    Some(format!("{origin:?}"))
}

/// Makes a request come from an address.
#[cfg(test)]
pub(super) fn come_from(request: &mut axum::extract::Request, address: std::net::IpAddr) {
    request.extensions_mut().insert(Peer {
        address,
        since: Instant::now(),
    });
}

fn ready(stream: TcpStream) -> TcpStream {
    // Answers are small and whole: waiting for more to send only delays them.
    let _ = stream.set_nodelay(true);
    stream
}

/// The router for one connection: each request carries whom it comes from.
fn service_of(
    peer: Peer,
    certificate: Option<Certificate>,
    router: &Router,
) -> impl hyper::service::Service<
    hyper::Request<hyper::body::Incoming>,
    Response = axum::response::Response,
    Error = std::convert::Infallible,
    Future: Send,
> + use<> {
    let router = TowerToHyperService::new(router.clone());
    service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(peer);
        if let Some(certificate) = certificate {
            request.extensions_mut().insert(certificate);
        }
        router.call(request)
    })
}

#[cfg(test)]
mod tests;
