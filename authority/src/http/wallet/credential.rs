//! The credential endpoint (OpenID4VCI 1.0, section 8).

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::http::reply::{ErrorResponse, no_store};
use crate::http::request::Shown;
use crate::http::{Server, Shared, blocking, request};
use crate::offers::CONFIGURATION;
use crate::proof::{self, Proof};
use crate::register::{Answered, CredentialRequest, Held, IssueFault};
use crate::secret::base64url;

const MAX_BODY: usize = 32 * 1024;

/// `POST /credential`
pub(in crate::http) async fn credential(
    State(server): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ErrorResponse> {
    let shown = request::access(&server, &headers, "/credential").await?;
    let body = request::body(&headers, body, "application/json", MAX_BODY).await?;
    let jwt = read(&body)?;
    blocking(&server, move |server| issue(server, &shown, &jwt)).await?
}

fn issue(
    server: &Server,
    shown: &Shown,
    jwt: &str,
) -> Result<Result<Response, ErrorResponse>, Error> {
    let now = server.moment();
    // The nonce is spent in the transaction that issues, so a faulty proof spends none.
    let Proof { key, nonce } = match proof::check(jwt, server.issuer.as_str(), now.wall()) {
        Ok(proof) => proof,
        Err(description) => return Ok(Err(ErrorResponse::bad("invalid_proof", description))),
    };
    let wanted = CredentialRequest {
        access: shown.access(),
        key,
        nonce: &nonce,
    };
    let issued = server.authority.issue(&wanted, now)?;
    Ok(answer(issued, shown, server.deferral_interval))
}

/// The answer to a request for a credential, also to one that asks again. `interval`: after how
/// many seconds to ask again.
pub(super) fn answer(
    issued: Result<Answered, IssueFault>,
    shown: &Shown,
    interval: u32,
) -> Result<Response, ErrorResponse> {
    match issued {
        Err(IssueFault::Access(fault)) => Err(shown.refusal(fault)),
        Err(fault) => Err(refusal(fault)),
        Ok(Answered::Issued(issued)) => Ok(no_store(
            StatusCode::OK,
            &json!({
                "credentials": [{ "credential": base64url(&issued.credential) }],
                "notification_id": *issued.notification_id,
            }),
        )),
        Ok(Answered::Held(held)) => Ok(wait(&held, interval)),
    }
}

/// A license that waits for a clerk, or that one has refused: with the reason for the driver, and
/// what to ask by once there is another photo or the papers.
fn wait(held: &Held, interval: u32) -> Response {
    let Some((reason, words)) = &held.refused else {
        return no_store(
            StatusCode::ACCEPTED,
            &json!({ "transaction_id": *held.transaction_id, "interval": interval }),
        );
    };
    let mut told = json!({ "code": reason.name() });
    if let (Some(words), Some(told)) = (words, told.as_object_mut()) {
        told.insert("text".to_owned(), json!(words));
    }
    no_store(
        StatusCode::BAD_REQUEST,
        &json!({
            "error": DENIED,
            "error_description": "the authority has refused: see the reason",
            "reason": told,
            "transaction_id": *held.transaction_id,
        }),
    )
}

const DENIED: &str = "credential_request_denied";

fn refusal(fault: IssueFault) -> ErrorResponse {
    match fault {
        IssueFault::Access(_) => ErrorResponse::INVALID_TOKEN,
        IssueFault::Transaction => ErrorResponse::bad(
            "invalid_transaction_id",
            "no license of this grant waits by this transaction_id",
        ),
        IssueFault::Nonce => {
            ErrorResponse::bad("invalid_nonce", "the nonce is unknown, used or expired")
        }
        IssueFault::OtherKey => ErrorResponse::bad(
            "invalid_proof",
            "the proof must be by the key that the license was issued to",
        ),
        IssueFault::Over => {
            ErrorResponse::bad(DENIED, "no credential is issued for this license any more")
        }
        IssueFault::HasDevices => ErrorResponse::bad(
            DENIED,
            "another device holds this license: ask the authority for an offer that replaces it",
        ),
        IssueFault::TooManyDevices => ErrorResponse::bad(
            DENIED,
            "as many devices hold this license as may: ask the authority to end one",
        ),
        IssueFault::SlowDown(seconds) => ErrorResponse::slow_down(seconds),
    }
}

/// Checks a credential request and returns its one key proof.
fn read(body: &[u8]) -> Result<String, ErrorResponse> {
    let malformed = |description| ErrorResponse::bad("invalid_credential_request", description);
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
        // What a token answer names where it was asked by `authorization_details`.
        (None, Some(Value::String(id))) if id == CONFIGURATION => {}
        (None, Some(_)) => {
            return Err(ErrorResponse::bad(
                "unknown_credential_identifier",
                "this issuer has no such credential identifier",
            ));
        }
        (Some(Value::String(id)), None) if id == CONFIGURATION => {}
        (Some(Value::String(_)), None) => {
            return Err(ErrorResponse::bad(
                "unknown_credential_configuration",
                "this issuer has no such credential configuration",
            ));
        }
        (Some(_), None) => return Err(malformed("credential_configuration_id is not a string")),
        (None, None) => return Err(malformed("credential_configuration_id is missing")),
    }
    no_encryption(&request)?;
    one_proof(&request).map_err(|description| ErrorResponse::bad("invalid_proof", description))
}

/// Refuses a request that asks for more encryption than TLS.
pub(super) fn no_encryption(request: &Map<String, Value>) -> Result<(), ErrorResponse> {
    if request.contains_key("credential_response_encryption") {
        return Err(ErrorResponse::bad(
            "invalid_encryption_parameters",
            "this issuer does not encrypt responses beyond TLS",
        ));
    }
    Ok(())
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
