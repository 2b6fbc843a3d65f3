//! Fresh nonces for key proofs (OpenID4VCI 1.0, section 7).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use crate::http::Shared;
use crate::http::reply::{Refusal, no_store};

/// `POST /nonce` (OpenID4VCI 1.0, section 7): whatever the body is, it is not read.
pub(in crate::http) async fn nonce(State(server): State<Shared>) -> Result<Response, Refusal> {
    let nonce = server
        .nonces
        .issue(server.now())
        .map_err(|error| Refusal::of(&error))?;
    Ok(no_store(StatusCode::OK, &json!({ "c_nonce": nonce })))
}
