//! The pages of the office: HTML alone, without script, made for the keyboard and for small
//! screens. Their words are in `templates/office`.

mod audit;
mod edit;
mod forms;
mod frame;
mod license;
mod people;
mod proposals;
mod reviews;
mod rows;
mod session;
mod sign_in;

use axum::Router;
use axum::http::HeaderMap;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};

use super::Office;
use super::problem::Problem;
use crate::authority::Authority;
use crate::clock::Moment;
use crate::error::Error;
use crate::office::Call;
use session::Session;

/// The routes of all pages.
pub(super) fn routes() -> Router<Office> {
    Router::new()
        .route("/office.css", get(frame::style))
        .route("/api", get(audit::api))
        .route("/sign-in", get(sign_in::page).post(sign_in::sign_in))
        .route("/sign-in/certificate", post(sign_in::by_certificate))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/set-up", get(sign_in::set_up_page).post(sign_in::set_up))
        .route("/set-up/new", get(sign_in::new_page).post(sign_in::finish))
        .route("/", get(license::search))
        .route("/licenses/new", get(edit::new_page).post(edit::add))
        .route("/licenses/{license}", get(license::page))
        .route("/licenses/{license}/picture", get(license::picture))
        .route(
            "/licenses/{license}/edit",
            get(edit::edit_page).post(edit::edit),
        )
        .route("/licenses/{license}/offer", post(license::offer))
        .route("/licenses/{license}/letter", post(license::letter))
        .route("/licenses/{license}/decide", post(license::decide))
        .route("/licenses/{license}/end", post(license::end))
        .route(
            "/licenses/{license}/revoke",
            get(proposals::revoke_page).post(proposals::revoke),
        )
        .route("/devices/{device}/end", post(license::end_device))
        .route("/reviews", get(reviews::list))
        .route("/reviews/{review}", get(reviews::page))
        .route("/reviews/{review}/picture", get(reviews::picture))
        .route("/reviews/{review}/accept", post(reviews::accept))
        .route("/reviews/{review}/refuse", post(reviews::refuse))
        .route("/proposals", get(proposals::list))
        .route("/proposals/{proposal}", get(proposals::page))
        .route("/proposals/{proposal}/approve", post(proposals::approve))
        .route("/proposals/{proposal}/refuse", post(proposals::refuse))
        .route("/readers", get(people::readers).post(people::add_reader))
        .route("/readers/revoke", post(people::revoke_reader))
        .route("/users", get(people::users).post(people::add_user))
        .route("/users/{user}/{what}", post(people::change_user))
        .route("/audit", get(audit::page))
        .route("/audit/export", get(audit::export))
}

/// For an address that nothing has.
pub(super) async fn nothing_here(
    axum::extract::State(office): axum::extract::State<Office>,
    headers: HeaderMap,
) -> Response {
    let accept = headers.get(header::ACCEPT);
    let accept = accept.and_then(|accept| accept.to_str().ok());
    match accept.is_some_and(|accept| accept.contains("text/html")) {
        true => frame::problem(&office, None, &Problem::NO_PAGE, "/"),
        false => Problem::NO_PAGE.into_response(),
    }
}

/// Makes a call for a page; what is refused is a page too.
async fn call<T: Send + 'static>(
    office: &Office,
    session: &Session,
    call: Call,
    back: &str,
    work: impl FnOnce(&Authority, Moment) -> Result<T, Error> + Send + 'static,
) -> Result<T, Response> {
    office
        .call(&session.row.user, call, work)
        .await
        .map_err(|problem| frame::problem(office, Some(session), &problem, back))
}

/// Whether the user of a page may make a call: what they may not is not shown.
fn may(session: &Session, call: Call) -> bool {
    session.row.user.roles.meets(call.roles())
}

/// A number in an address.
#[expect(clippy::result_large_err, reason = "what refuses a page is a page")]
fn number(office: &Office, session: &Session, text: &str) -> Result<i64, Response> {
    text.parse()
        .map_err(|_| frame::problem(office, Some(session), &Problem::NO_PAGE, "/"))
}
