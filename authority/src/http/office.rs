//! The office on the wire: a JSON API for programs, and pages for people, on a listener of their
//! own.
//!
//! Each handler names its [`Call`]; who may make it is said in [`crate::office`] alone. A call that
//! is refused for want of a role is an event of the register too.

mod api;
mod caller;
mod guard;
mod listener;
mod openapi;
mod pages;
mod problem;

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use tokio::task::spawn_blocking;
use tokio_rustls::TlsAcceptor;
use tower_http::timeout::TimeoutLayer;

use super::{REQUEST_TIME, Shared, connections, date, log};
use crate::accounts::hasher::Hasher;
use crate::authority::Authority;
use crate::clock::Moment;
use crate::error::Error;
use crate::office::{By, Call, OfficeFault};
use crate::register::office::{Office as _, UserRow};
use listener::Names;
pub use listener::{OfficeListener, TlsFiles};
use problem::Problem;

/// What the handlers of the office share.
struct Desk {
    server: Shared,
    names: Names,
    /// Whether it is served over TLS.
    secure: bool,
    hasher: Hasher,
}

type Office = Arc<Desk>;

/// Serves the office until `shutdown` completes.
pub(super) async fn serve(
    server: Shared,
    office: OfficeListener,
    shutdown: impl Future<Output = ()>,
) -> Result<(), Error> {
    let listener = office.listener()?;
    let tls = office.tls.map(TlsAcceptor::from);
    let desk = Arc::new(Desk {
        server,
        names: office.names,
        secure: tls.is_some(),
        hasher: Hasher::new(),
    });
    connections::serve_office(listener, router(desk), tls, shutdown).await;
    Ok(())
}

fn router(office: Office) -> Router {
    let server = Arc::clone(&office.server);
    api::routes()
        .merge(pages::routes())
        .method_not_allowed_fallback(|| async { Problem::METHOD })
        .fallback(pages::nothing_here)
        .layer(DefaultBodyLimit::max(connections::OFFICE_BODY))
        .layer(TimeoutLayer::with_status_code(
            axum::http::StatusCode::REQUEST_TIMEOUT,
            REQUEST_TIME,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&office),
            guard::pass,
        ))
        .layer(middleware::from_fn_with_state(server, date::dated))
        .layer(middleware::from_fn(log))
        .with_state(office)
}

impl Desk {
    /// Runs work that may wait for the disk or the database on another thread.
    async fn work<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Authority, Moment) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Problem> {
        let office = Arc::clone(self);
        let done = spawn_blocking(move || {
            let server = &office.server;
            work(&server.authority, server.moment())
        });
        match done.await {
            Ok(done) => done.map_err(Problem::from),
            Err(_) => Err(Problem::SERVER),
        }
    }

    /// Makes a call in the name of a user, where they may.
    async fn call<T: Send + 'static>(
        self: &Arc<Self>,
        user: &UserRow,
        call: Call,
        work: impl FnOnce(&Authority, Moment) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Problem> {
        self.allow(user, call).await?;
        let by = By::User {
            id: user.id,
            needs: call.roles(),
        };
        self.work(move |authority, now| work(&authority.acting(by), now))
            .await
    }

    /// Refuses a call for which the user has no role, and notes it.
    async fn allow(self: &Arc<Self>, user: &UserRow, call: Call) -> Result<(), Problem> {
        let roles = call.roles();
        if user.roles.meets(roles) {
            return Ok(());
        }
        let id = user.id;
        self.work(move |authority, now| authority.register().deny(id, call, now.wall()))
            .await?;
        let refused = OfficeFault::NotAllowed {
            call: call.name(),
            roles: roles.to_string(),
        };
        Err(refused.into())
    }
}
