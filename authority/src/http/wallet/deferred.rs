//! The deferred credential endpoint (OpenID4VCI 1.0, section 9).

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Map, Value};

use super::credential::{answer, no_encryption};
use crate::http::reply::ErrorResponse;
use crate::http::request::Shown;
use crate::http::{Shared, blocking, request};

const MAX_BODY: usize = 4 * 1024;

/// `POST /deferred_credential`
pub(in crate::http) async fn deferred(
    State(server): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ErrorResponse> {
    const MALFORMED: ErrorResponse = ErrorResponse::bad(
        "invalid_credential_request",
        "the body is not a JSON object with a transaction_id",
    );
    let shown = request::access(&server, &headers, "/deferred_credential").await?;
    let body = request::body(&headers, body, "application/json", MAX_BODY).await?;
    let asked: Map<String, Value> = serde_json::from_slice(&body).map_err(|_| MALFORMED)?;
    no_encryption(&asked)?;
    let id = asked.get("transaction_id").and_then(Value::as_str);
    let id = id.ok_or(MALFORMED)?.to_owned();
    let (interval, shown): (_, Shown) = (server.deferral_interval, shown);
    blocking(&server, move |server| {
        let now = server.moment();
        let issued = server.authority.issue_deferred(shown.access(), &id, now)?;
        Ok(answer(issued, &shown, interval))
    })
    .await?
}
