//! The authority on the wire: OpenID4VCI 1.0 endpoints and what anyone may fetch.

mod connections;
mod credential;
mod metadata;
mod public;
mod reply;
mod request;
mod token;

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;
use tower_http::timeout::TimeoutLayer;
use vidimus_credential::UnixTime;

use crate::authority::Authority;
use crate::error::Error;
use crate::issuer::IssuerUrl;
use crate::nonces::Nonces;
use crate::{grants, offers};
pub use connections::served_in_plain;
use reply::{Refusal, no_store};

/// Reading a request's body and answering it takes no longer than this.
const REQUEST_TIME: Duration = Duration::from_secs(20);
/// How often the signer looks for what has become old.
const TICK: Duration = Duration::from_secs(60);

/// What tells the time. Real servers use the system's clock; tests bring their own.
pub type Clock = Arc<dyn Fn() -> UnixTime + Send + Sync>;

/// What the handlers share.
struct Server {
    authority: Authority,
    issuer: IssuerUrl,
    /// The authority's display name.
    name: String,
    nonces: Nonces,
    clock: Clock,
}

type Shared = Arc<Server>;

impl Server {
    fn now(&self) -> UnixTime {
        (self.clock)()
    }
}

/// Runs what may wait for disk or database away from the threads that serve the network.
async fn blocking<T: Send + 'static>(
    server: &Shared,
    work: impl FnOnce(&Server) -> Result<T, Error> + Send + 'static,
) -> Result<T, Refusal> {
    let server = Arc::clone(server);
    match spawn_blocking(move || work(&server)).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => {
            tracing::error!(%error, "a request failed");
            Err(Refusal::of(&error))
        }
        Err(_) => Err(Refusal::SERVER),
    }
}

/// Serves the authority in a folder until `shutdown` completes, then finishes what is under way.
///
/// The first call fixes the issuer's URL, as [`Authority::fix_issuer`] does. Signs again what has
/// become old, every minute. Prints nothing; logs through `tracing`, without personal data or tokens.
///
/// # Errors
/// Those of [`Authority::open`] and [`Authority::fix_issuer`], and why the first signing failed.
pub async fn serve(
    home: &Path,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), Error> {
    let system: Clock = Arc::new(|| {
        let seconds = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        UnixTime::new(seconds).unwrap_or(UnixTime::MAX)
    });
    serve_with_clock(home, listener, system, shutdown).await
}

/// [`serve`], with another clock.
///
/// # Errors
/// Those of [`serve`].
pub async fn serve_with_clock(
    home: &Path,
    listener: TcpListener,
    clock: Clock,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), Error> {
    let address = listener
        .local_addr()
        .map_err(Error::io("learn the address to listen on"))?;
    let home = home.to_owned();
    let server = spawn_blocking(move || {
        let authority = Authority::open(&home)?;
        let now = clock();
        let issuer = IssuerUrl::parse(&authority.fix_issuer(address, now)?)?;
        let name = authority.store.read(crate::settings::Settings::read)?.name;
        authority.publisher().rewrite()?;
        authority.publisher().refresh(now)?;
        Ok(Arc::new(Server {
            authority,
            issuer,
            name,
            nonces: Nonces::new()?,
            clock,
        }))
    });
    let server: Shared = server.await.unwrap_or(Err(Error::Busy))?;
    tracing::info!(issuer = server.issuer.as_str(), "serving");
    let signer = tokio::spawn(keep_signing(Arc::clone(&server)));
    connections::serve(listener, router(Arc::clone(&server)), shutdown).await;
    signer.abort();
    tracing::info!("stopped");
    Ok(())
}

/// The timer: signs again what has become old, and forgets what has ended.
async fn keep_signing(server: Shared) {
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        // A failure is logged by `blocking`; the next tick tries again.
        let _ = blocking(&server, |server| {
            let now = server.now();
            server.authority.publisher().refresh(now)?;
            server.authority.store.write(|transaction| {
                offers::purge(transaction, now)?;
                grants::purge(transaction, now)
            })
        })
        .await;
    }
}

fn router(server: Shared) -> Router {
    let base = server.issuer.path();
    let under = |path: &str| format!("{base}{path}");
    Router::new()
        // RFC 8414, section 3.1: the well-known part stands before the issuer's path.
        .route(
            &format!("/.well-known/openid-credential-issuer{base}"),
            get(metadata::issuer),
        )
        .route(
            &format!("/.well-known/oauth-authorization-server{base}"),
            get(metadata::authorization_server),
        )
        .route(&under("/offers/{reference}"), get(offer))
        .route(&under("/token"), post(token::token))
        .route(&under("/nonce"), post(nonce))
        .route(&under("/credential"), post(credential::credential))
        .route(&under("/notification"), post(credential::notification))
        .route(&under("/trust"), get(public::trust_list))
        .route(&under("/status/bundle"), get(public::bundle))
        .route(&under("/status/{number}"), get(public::status_list))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            REQUEST_TIME,
        ))
        .layer(middleware::from_fn(log))
        .with_state(server)
}

/// Logs the route's pattern, never the path: an offer's path is a secret.
async fn log(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let micros = begun.elapsed().as_micros();
    tracing::debug!(
        route = route.as_ref().map(MatchedPath::as_str),
        status = response.status().as_u16(),
        micros,
        "answered"
    );
    response
}

/// `GET /offers/{reference}`: the offer itself (OpenID4VCI 1.0, section 4.1.3).
async fn offer(
    State(server): State<Shared>,
    axum::extract::Path(reference): axum::extract::Path<String>,
) -> Result<Response, Refusal> {
    let found = blocking(&server, move |server| {
        server.authority.store.read(|transaction| {
            offers::by_reference(transaction, &server.issuer, &reference, server.now())
        })
    });
    Ok(found.await?.map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        |offer| no_store(StatusCode::OK, &offer),
    ))
}

/// `POST /nonce` (OpenID4VCI 1.0, section 7): whatever the body is, it is not read.
async fn nonce(State(server): State<Shared>) -> Result<Response, Refusal> {
    let nonce = server
        .nonces
        .issue(server.now())
        .map_err(|error| Refusal::of(&error))?;
    Ok(no_store(StatusCode::OK, &json!({ "c_nonce": nonce })))
}
