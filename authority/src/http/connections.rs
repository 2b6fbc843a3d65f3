//! Connections: how many, how slow they may be, and how they end.
//!
//! axum's own server has no limit for slow request heads, and none for the number of connections.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

/// Connections at a time; further ones wait in the listener's queue.
const MAX_CONNECTIONS: usize = 1_024;
/// A request's head takes no longer than this, and an idle connection is closed after it.
const HEAD_TIME: Duration = Duration::from_secs(30);
/// The largest head of a request, in bytes.
const MAX_HEAD: usize = 16 * 1024;
/// No connection lives longer: a peer that reads nothing cannot hold its place for ever.
const CONNECTION_TIME: Duration = Duration::from_secs(1_800);
/// What is under way when the server stops may take this long to end.
const GRACE: Duration = Duration::from_secs(10);

/// Accepts connections until `shutdown` completes, then lets what is under way end.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()>,
) {
    let mut shutdown = pin!(shutdown);
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(MAX_HEAD);
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = &mut shutdown => break,
            accepted = accepted => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Out of file descriptors, mostly: others will close theirs.
                tracing::warn!(kind = %error.kind(), "could not accept a connection");
                sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        // Answers are small and whole: waiting for more to send only delays them.
        let _ = stream.set_nodelay(true);
        let connection = http.serve_connection(
            TokioIo::new(stream),
            TowerToHyperService::new(router.clone()),
        );
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A connection's end, good or bad, concerns nobody else.
            let _ = timeout(CONNECTION_TIME, connection).await;
            drop(place);
        });
    }
    drop(listener);
    if timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("stopped with requests under way");
    }
}
