//! The authority on the wire: OpenID4VCI 1.0 endpoints and what anyone may fetch.

mod connections;
mod date;
mod office;
mod possession;
mod public;
mod reply;
mod request;
mod sign_in;
mod wallet;

use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;
use tower_http::timeout::TimeoutLayer;
use vidimus_credential::UnixTime;

use crate::authority::Authority;
use crate::clock::Moment;
use crate::error::Error;
use crate::issuer::IssuerUrl;
use crate::office::By;
use crate::oidc::OidcOptions;
pub use connections::served_in_plain;
pub use office::{OfficeListener, TlsFiles};
use reply::ErrorResponse;

/// Reading a request's body and answering it takes no longer than this.
const REQUEST_TIME: Duration = Duration::from_secs(20);
/// How often the signer looks for what waits or has become old.
const TICK: Duration = Duration::from_secs(5);
/// How often what happened is chained into the audit.
const SEAL: Duration = Duration::from_secs(1);
/// After this many ticks, a minute, a failure that lasts is logged again.
const TELL: u32 = 12;

/// The source of the time. Real servers use the system's clock; tests bring their own.
pub type Clock = Arc<dyn Fn() -> Moment + Send + Sync>;

/// The state that all handlers share.
struct Server {
    authority: Authority,
    issuer: IssuerUrl,
    /// The authority's display name.
    name: String,
    clock: Clock,
    /// Whether drivers can sign in here.
    sign_in: bool,
    /// After how many seconds a wallet asks again for a license that waits for a clerk.
    deferral_interval: u32,
    /// The pages on which drivers sign in.
    pages: sign_in::Pages,
}

/// How a server is run.
#[derive(Clone)]
pub struct ServeOptions {
    /// The source of the time: the system's clock, unless another one is given.
    pub clock: Clock,
    /// Whether drivers can sign in with accounts of this authority: the metadata lists the
    /// addresses for it, and they answer.
    pub sign_in: bool,
    /// The OpenID provider at which drivers can sign in, beside those accounts or without.
    pub oidc: Option<OidcOptions>,
    /// After how many seconds a wallet asks again for a license that waits for a clerk: 300 unless
    /// something else is said.
    pub deferral_interval: u32,
    /// The second listener, for the office; `None`: there is no office.
    pub office: Option<OfficeListener>,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            clock: Arc::new(Moment::of_system),
            sign_in: false,
            oidc: None,
            deferral_interval: 300,
            office: None,
        }
    }
}

type Shared = Arc<Server>;

impl Server {
    /// The wall clock: for tokens, offers and nonces.
    fn now(&self) -> UnixTime {
        self.moment().wall()
    }

    /// All clocks: for what is signed.
    fn moment(&self) -> Moment {
        (self.clock)()
    }
}

/// Runs work that may wait for the disk or the database on other threads than those that serve the
/// network.
async fn blocking<T: Send + 'static>(
    server: &Shared,
    work: impl FnOnce(&Server) -> Result<T, Error> + Send + 'static,
) -> Result<T, ErrorResponse> {
    let server = Arc::clone(server);
    match spawn_blocking(move || work(&server)).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => {
            tracing::error!(%error, "a request failed");
            Err(ErrorResponse::of(&error))
        }
        Err(_) => Err(ErrorResponse::SERVER),
    }
}

/// Serves the authority in a folder until `shutdown` completes, then finishes what is under way.
///
/// The first call fixes the issuer's URL, as [`Authority::fix_issuer`] does. It answers from files
/// that are published already, and signs old ones again in the background. It prints nothing; it
/// logs through `tracing`, without personal data or tokens.
///
/// # Errors
/// Those of [`Authority::open`] and [`Authority::fix_issuer`].
pub async fn serve(
    home: &Path,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), Error> {
    serve_with(home, listener, ServeOptions::default(), shutdown).await
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
    let options = ServeOptions {
        clock,
        ..ServeOptions::default()
    };
    serve_with(home, listener, options, shutdown).await
}

/// [`serve`], with other options.
///
/// # Errors
/// Those of [`serve`].
pub async fn serve_with(
    home: &Path,
    listener: TcpListener,
    options: ServeOptions,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), Error> {
    let address = listener
        .local_addr()
        .map_err(Error::io("learn the address to listen on"))?;
    let home = home.to_owned();
    let office = options.office.clone();
    let server = spawn_blocking(move || prepare(&home, address, options));
    let server: Shared = server.await.unwrap_or(Err(Error::Busy))?;
    tracing::info!(issuer = server.issuer.as_str(), "serving");
    let signer = tokio::spawn(keep_signing(Arc::clone(&server)));
    let sealer = tokio::spawn(keep_sealing(Arc::clone(&server)));
    let (stop, stopped) = oneshot::channel();
    let beside = office.is_some();
    let office = office.map(|office| {
        let server = Arc::clone(&server);
        tokio::spawn(office::serve(server, office, async {
            stopped.await.unwrap_or(())
        }))
    });
    let shutdown = async {
        shutdown.await;
        // Without an office no one hears it.
        let _ = stop.send(());
    };
    connections::serve(listener, router(Arc::clone(&server)), beside, shutdown).await;
    if let Some(office) = office {
        office.await.unwrap_or(Err(Error::Busy))?;
    }
    signer.abort();
    sealer.abort();
    // What happened last is sealed too.
    let _ = blocking(&server, |server| server.authority.seal_audit()).await;
    // What is committed belongs in the main database file. Where it cannot, `blocking` logs it.
    let _ = blocking(&server, |server| server.authority.store.checkpoint()).await;
    tracing::info!("stopped");
    Ok(())
}

/// Opens the authority in a folder, for a server on this address.
fn prepare(home: &Path, address: SocketAddr, options: ServeOptions) -> Result<Shared, Error> {
    let authority = Authority::open(home)?.acting(By::Server);
    let now = (options.clock)();
    let issuer = IssuerUrl::parse(&authority.fix_issuer(address, now)?)?;
    let name = authority
        .store
        .read(crate::store::settings::Settings::read)?
        .name;
    let sign_in = options.sign_in || options.oidc.is_some();
    let pages = sign_in::Pages::new(&issuer, options.sign_in, options.oidc)?;
    authority.publisher().tidy()?;
    Ok(Arc::new(Server {
        authority,
        issuer,
        name,
        clock: options.clock,
        sign_in,
        pages,
        deferral_interval: options.deferral_interval,
    }))
}

/// The timer: writes lost public files again once after the start, does what is due in the
/// register, and signs again what has become old.
async fn keep_signing(server: Shared) {
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut restored = false;
    let mut told = None;
    loop {
        tick.tick().await;
        let work = Arc::clone(&server);
        let done = spawn_blocking(move || {
            let authority = &work.authority;
            let brought_back = match restored {
                true => Ok(()),
                false => authority.publisher().restore(),
            };
            // Each is tried even where the others failed; the next tick tries again.
            let ticked = authority.tick(work.moment());
            let forgot = match ticked {
                Ok(()) => authority.forget_some(work.moment()),
                Err(_) => Ok(()),
            };
            let refreshed = authority.publisher().refresh(work.moment());
            let restored = brought_back.is_ok();
            let outcome = refreshed.and(ticked).and(forgot).and(brought_back);
            (restored, outcome)
        });
        let Ok((now_restored, outcome)) = done.await else {
            continue;
        };
        restored = now_restored;
        told = tell(outcome, told);
    }
}

/// Chains what happened into the audit, outside of the transactions in which it happened. Where
/// several servers have one database, one at a time does it.
async fn keep_sealing(server: Shared) {
    let mut tick = tokio::time::interval(SEAL);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut told = None;
    loop {
        tick.tick().await;
        let work = Arc::clone(&server);
        let Ok(outcome) = spawn_blocking(move || work.authority.seal_audit()).await else {
            continue;
        };
        told = tell(outcome, told);
    }
}

/// Logs why the timer's work failed: once, and again each minute while it fails in the same way.
fn tell(outcome: Result<(), Error>, told: Option<(Error, u32)>) -> Option<(Error, u32)> {
    let error = outcome.err()?;
    let kind = std::mem::discriminant(&error);
    let turn = match told {
        Some((before, turn)) if std::mem::discriminant(&before) == kind => turn + 1,
        _ => 0,
    };
    if turn % TELL == 0 {
        tracing::error!(%error, "signing and upkeep wait");
    }
    Some((error, turn))
}

fn router(server: Shared) -> Router {
    let base = server.issuer.path();
    let under = |path: &str| format!("{base}{path}");
    let mut router = Router::new();
    if server.sign_in {
        router = router
            .merge(sign_in::routes(&server))
            .route(&under("/par"), post(wallet::par::par))
            // Both are asked for at the root of the host, also where the issuer has a path.
            .route(
                "/.well-known/assetlinks.json",
                get(public::app_links::android),
            )
            .route(
                "/.well-known/apple-app-site-association",
                get(public::app_links::apple),
            );
    }
    router
        // RFC 8414, section 3.1: the well-known part comes before the issuer's path.
        .route(
            &format!("/.well-known/openid-credential-issuer{base}"),
            get(wallet::metadata::issuer),
        )
        .route(
            &format!("/.well-known/oauth-authorization-server{base}"),
            get(wallet::metadata::authorization_server),
        )
        .route(&under("/offers/{reference}"), get(wallet::offers::offer))
        .route(&under("/token"), post(wallet::token::token))
        .route(&under("/nonce"), post(wallet::nonce::nonce))
        .route(&under("/credential"), post(wallet::credential::credential))
        .route(
            &under("/deferred_credential"),
            post(wallet::deferred::deferred),
        )
        .route(
            &under("/notification"),
            post(wallet::notification::notification),
        )
        .route(&under("/trust"), get(public::trust_list))
        .route(&under("/head"), get(public::head))
        .route(&under("/s/{pack}/{name}"), get(public::status))
        // The name of the only bundle there was before there were packs.
        .route(&under("/status/bundle"), get(public::first_bundle))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            REQUEST_TIME,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&server),
            possession::nonce,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&server),
            date::dated,
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
