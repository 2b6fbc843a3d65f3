//! The credential and notification endpoints (OpenID4VCI 1.0, sections 8 and 11).

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::grants::{self, Access};
use crate::http::reply::{Refusal, no_store};
use crate::http::{Server, Shared, blocking, request};
use crate::issue;
use crate::offers::CONFIGURATION;
use crate::proof::{self, Proof};
use crate::secret::base64url;

const MAX_BODY: usize = 32 * 1024;

/// `POST /credential`
pub(in crate::http) async fn credential(
    State(server): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let access = request::access(&server, &headers).await?;
    let body = request::body(&headers, body, "application/json", MAX_BODY).await?;
    let jwt = read(&body)?;
    let issued = blocking(&server, move |server| issue_for(server, &access, &jwt)).await??;
    tracing::info!("a credential was issued");
    Ok(no_store(StatusCode::OK, &issued))
}

fn issue_for(server: &Server, access: &Access, jwt: &str) -> Result<Result<Value, Refusal>, Error> {
    const DENIED: Refusal = Refusal::bad(
        "credential_request_denied",
        "no credential is issued for this license any more",
    );
    let now = server.now();
    let Proof { key, nonce } = match proof::check(jwt, server.issuer.as_str(), now) {
        Ok(proof) => proof,
        Err(description) => return Ok(Err(Refusal::bad("invalid_proof", description))),
    };
    // Last, so that a nonce is not spent on a proof that has another fault.
    if !server.nonces.take(&nonce, now)? {
        return Ok(Err(Refusal::bad(
            "invalid_nonce",
            "the nonce is unknown, used or expired",
        )));
    }
    let authority = &server.authority;
    authority.store.write(|transaction| {
        let Some(credential) = issue::issue(transaction, &authority.keys, &server.issuer, &access.license, key, now)? else {
            return Ok(Err(DENIED));
        };
        let notification = grants::new_notification(transaction, access.grant)?;
        Ok(Ok(json!({ "credentials": [{ "credential": base64url(&credential) }], "notification_id": *notification })))
    })
}

/// Reads a credential request down to its one key proof.
fn read(body: &[u8]) -> Result<String, Refusal> {
    let malformed = |description| Refusal::bad("invalid_credential_request", description);
    let request: Map<String, Value> =
        serde_json::from_slice(body).map_err(|_| malformed("the body is not a JSON object"))?;
    if request.contains_key("format") {
        return Err(malformed(
            "format is of a draft: name a credential_configuration_id",
        ));
    }
    match (
        request.get("credential_configuration_id"),
        request.get("credential_identifier"),
    ) {
        (Some(_), Some(_)) => {
            return Err(malformed(
                "give credential_configuration_id or credential_identifier, not both",
            ));
        }
        (None, Some(_)) => {
            return Err(Refusal::bad(
                "unknown_credential_identifier",
                "this issuer gives no credential identifiers",
            ));
        }
        (Some(Value::String(id)), None) if id == CONFIGURATION => {}
        (Some(Value::String(_)), None) => {
            return Err(Refusal::bad(
                "unknown_credential_configuration",
                "this issuer has no such credential configuration",
            ));
        }
        (Some(_), None) => return Err(malformed("credential_configuration_id is not a string")),
        (None, None) => return Err(malformed("credential_configuration_id is missing")),
    }
    if request.contains_key("credential_response_encryption") {
        return Err(Refusal::bad(
            "invalid_encryption_parameters",
            "this issuer does not encrypt responses beyond TLS",
        ));
    }
    one_proof(&request).map_err(|description| Refusal::bad("invalid_proof", description))
}

fn one_proof(request: &Map<String, Value>) -> Result<String, &'static str> {
    if request.contains_key("proof") {
        return Err("proof is of a draft: send proofs");
    }
    let Some(Value::Object(proofs)) = request.get("proofs") else {
        return Err("proofs is missing or not an object");
    };
    let Some(Value::Array(list)) = proofs.get("jwt") else {
        return Err("proofs has no jwt array");
    };
    match (proofs.len(), list.as_slice()) {
        (1, [Value::String(jwt)]) => Ok(jwt.clone()),
        (1, [_]) => Err("the proof is not a string"),
        _ => Err("exactly one proof of type jwt is needed"),
    }
}

/// `POST /notification`
pub(in crate::http) async fn notification(
    State(server): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    const MALFORMED: Refusal = Refusal::bad(
        "invalid_notification_request",
        "notification_id and a known event are needed",
    );
    let access = request::access(&server, &headers).await?;
    let body = request::body(&headers, body, "application/json", MAX_BODY).await?;
    let request: Map<String, Value> = serde_json::from_slice(&body).map_err(|_| MALFORMED)?;
    let text = |name| request.get(name).and_then(Value::as_str);
    let id = text("notification_id").ok_or(MALFORMED)?.to_owned();
    // `event_description` is free text of a stranger: neither stored nor logged.
    let event = text("event")
        .and_then(grants::known_event)
        .ok_or(MALFORMED)?;
    let known = blocking(&server, move |server| {
        server
            .authority
            .store
            .write(|transaction| grants::notify(transaction, access.grant, &id, event))
    });
    if !known.await? {
        return Err(Refusal::bad(
            "invalid_notification_id",
            "no credential of this grant has this notification_id",
        ));
    }
    tracing::info!(event, "a wallet reported");
    Ok(StatusCode::NO_CONTENT.into_response())
}
