//! Notifications from wallets about their credentials (OpenID4VCI 1.0, section 11).

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value};

use crate::http::reply::ErrorResponse;
use crate::http::{Shared, blocking, request};
use crate::register::Register as _;

const MAX_BODY: usize = 32 * 1024;
/// The events that a wallet may report (section 11.1).
const EVENTS: [&str; 3] = [
    "credential_accepted",
    "credential_failure",
    "credential_deleted",
];

/// `POST /notification`
pub(in crate::http) async fn notification(
    State(server): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ErrorResponse> {
    const MALFORMED: ErrorResponse = ErrorResponse::bad(
        "invalid_notification_request",
        "notification_id and a known event are needed",
    );
    let shown = request::access(&server, &headers, "/notification").await?;
    let body = request::body(&headers, body, "application/json", MAX_BODY).await?;
    let request: Map<String, Value> = serde_json::from_slice(&body).map_err(|_| MALFORMED)?;
    let text = |name| request.get(name).and_then(Value::as_str);
    let id = text("notification_id").ok_or(MALFORMED)?.to_owned();
    // `event_description` is free text from outside. It is neither stored nor logged.
    let event = text("event").ok_or(MALFORMED)?;
    let event = EVENTS.into_iter().find(|known| *known == event);
    let event = event.ok_or(MALFORMED)?;
    let known = blocking(&server, move |server| {
        let register = server.authority.register();
        let known = register.notify(shown.access(), &id, event, server.now())?;
        Ok(known.map_err(|fault| shown.refusal(fault)))
    });
    match known.await?? {
        false => Err(ErrorResponse::bad(
            "invalid_notification_id",
            "no credential of this grant has this notification_id",
        )),
        true => {
            tracing::info!(event, "a wallet reported");
            Ok(StatusCode::NO_CONTENT.into_response())
        }
    }
}
