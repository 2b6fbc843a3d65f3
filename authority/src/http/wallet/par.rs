//! Pushed authorization requests (RFC 9126), with PKCE (RFC 7636) and bound codes (RFC 9449).

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use crate::http::reply::{ErrorResponse, no_store};
use crate::http::request::{self, Form};
use crate::http::{Shared, blocking, possession};
use crate::offers::CONFIGURATION;
use crate::register::{PushFault, PushRequest, SignIn as _};
use crate::rules::sign_in::REQUEST_LIFE;
use crate::secret::{base64url, from_base64url};

const MAX_BODY: usize = 16 * 1024;
/// The most bytes of a client's `state`.
const MAX_STATE: usize = 512;
/// The most bytes of the languages that a client asks for.
const MAX_LOCALES: usize = 256;

/// `POST /par`
pub(in crate::http) async fn par(
    State(server): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ErrorResponse> {
    let body = request::body(&headers, body, request::FORM, MAX_BODY).await?;
    let proof = possession::proof(&server, &headers, "/par", None)
        .map_err(ErrorResponse::bad_proof)?
        .ok_or(ErrorResponse::bad_proof("a DPoP proof is needed"))?;
    let form = request::form(&body).map_err(|what| ErrorResponse::bad("invalid_request", what))?;
    let asked = Asked::read(form, &base64url(&proof.jkt))?;
    let pushed = blocking(&server, move |server| {
        let pushed = PushRequest {
            client: &asked.client,
            redirect_uri: &asked.redirect_uri,
            state: asked.state.as_deref(),
            challenge: &asked.challenge,
            locales: asked.locales.as_deref(),
            details: asked.details,
            proof: &proof,
        };
        server.authority.register().push(&pushed, server.now())
    });
    let request_uri = pushed.await?.map_err(|fault| match fault {
        PushFault::Proof(fault) => ErrorResponse::shown(fault),
        PushFault::Client => ErrorResponse::INVALID_CLIENT,
        PushFault::Redirect => ErrorResponse::bad(
            "invalid_request",
            "redirect_uri is not one of this client's addresses",
        ),
    })?;
    Ok(no_store(
        StatusCode::CREATED,
        &json!({ "request_uri": *request_uri, "expires_in": REQUEST_LIFE }),
    ))
}

/// What a client asks for.
struct Asked {
    client: String,
    redirect_uri: String,
    state: Option<String>,
    challenge: [u8; 32],
    locales: Option<String>,
    details: bool,
}

impl Asked {
    /// Reads the form. Unknown parameters are ignored. `jkt`: the thumbprint of the proof's key.
    fn read(mut form: Form, jkt: &str) -> Result<Self, ErrorResponse> {
        let wrong = |what| ErrorResponse::bad("invalid_request", what);
        let mut take = |name: &str| form.remove(name).map(|value| (*value).clone());
        if take("request_uri").is_some() || take("request").is_some() {
            return Err(wrong("push the parameters themselves"));
        }
        let client = take("client_id").ok_or(wrong("client_id is missing"))?;
        match take("response_type").as_deref() {
            None => return Err(wrong("response_type is missing")),
            Some("code") => {}
            Some(_) => {
                return Err(ErrorResponse::bad(
                    "unsupported_response_type",
                    "the one response_type is code",
                ));
            }
        }
        if take("response_mode").is_some_and(|mode| mode != "query") {
            return Err(wrong("the one response_mode is query"));
        }
        let redirect_uri = take("redirect_uri").ok_or(wrong("redirect_uri is missing"))?;
        let state = take("state");
        if state.as_ref().is_some_and(|state| state.len() > MAX_STATE) {
            return Err(wrong("state has more than 512 bytes"));
        }
        // Without a method it would be `plain` (RFC 7636, section 4.3).
        if take("code_challenge_method").as_deref() != Some("S256") {
            return Err(wrong("the one code_challenge_method is S256"));
        }
        let challenge = take("code_challenge").and_then(|text| from_base64url(&text));
        let challenge = challenge.and_then(|bytes| bytes.try_into().ok());
        let challenge = challenge.ok_or(wrong("code_challenge is not a SHA-256 in base64url"))?;
        if take("dpop_jkt").is_some_and(|stated| stated != jkt) {
            return Err(wrong("dpop_jkt is not the key of the DPoP proof"));
        }
        let details = match take("authorization_details") {
            None => false,
            Some(details) => {
                asks_for_license(&details)
                    .then_some(true)
                    .ok_or(ErrorResponse::bad(
                        "invalid_authorization_details",
                        "the one kind is openid_credential with credential_configuration_id dl",
                    ))?
            }
        };
        match take("scope").as_deref() {
            Some(CONFIGURATION) => {}
            None if details => {}
            Some(_) | None => return Err(ErrorResponse::bad("invalid_scope", "the scope is dl")),
        }
        let locales = take("ui_locales").filter(|locales| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b' ';
            locales.len() <= MAX_LOCALES && locales.bytes().all(plain)
        });
        Ok(Self {
            client,
            redirect_uri,
            state,
            challenge,
            locales,
            details,
        })
    }
}

/// Whether authorization details ask for the one credential (OpenID4VCI 1.0, section 5.1.1).
fn asks_for_license(details: &str) -> bool {
    let Ok(Value::Array(list)) = serde_json::from_str(details) else {
        return false;
    };
    !list.is_empty()
        && list.iter().all(|one| {
            let is = |name, value| one.get(name).and_then(Value::as_str) == Some(value);
            is("type", "openid_credential") && is("credential_configuration_id", CONFIGURATION)
        })
}
