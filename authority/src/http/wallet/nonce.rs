//! Fresh nonces for key proofs (OpenID4VCI 1.0, section 7).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use crate::http::reply::{ErrorResponse, no_store};
use crate::http::{Shared, blocking};
use crate::nonces::NonceUse;

/// `POST /nonce`: the body is not read.
pub(in crate::http) async fn nonce(
    State(server): State<Shared>,
) -> Result<Response, ErrorResponse> {
    let nonce = blocking(&server, |server| {
        server.authority.new_nonce(NonceUse::KeyProof, server.now())
    });
    let nonce = nonce.await?;
    Ok(no_store(StatusCode::OK, &json!({ "c_nonce": nonce })))
}
