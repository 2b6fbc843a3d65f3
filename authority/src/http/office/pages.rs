//! The pages of the office.

use axum::Router;
use axum::response::{IntoResponse as _, Response};

use super::Office;
use super::problem::Problem;

/// The routes of all pages.
pub(super) fn routes() -> Router<Office> {
    Router::new()
}

/// For an address that nothing has.
pub(super) async fn nothing_here() -> Response {
    Problem::NO_PAGE.into_response()
}
