//! The token endpoint (OpenID4VCI 1.0, section 6; RFC 6749, section 6).

use std::collections::HashMap;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::json;
use url::form_urlencoded;
use zeroize::Zeroizing;

use crate::http::reply::{ErrorResponse, no_store};
use crate::http::{Shared, blocking, request};
use crate::offers::PRE_AUTHORIZED;
use crate::register::{Register as _, TokenFault};

const MAX_BODY: usize = 16 * 1024;

/// `POST /token`
pub(in crate::http) async fn token(
    State(server): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ErrorResponse> {
    let body = request::body(
        &headers,
        body,
        "application/x-www-form-urlencoded",
        MAX_BODY,
    )
    .await?;
    let wanted = TokenRequest::parse(&body).map_err(refusal)?;
    let pair = blocking(&server, move |server| {
        let (register, now) = (server.authority.register(), server.moment());
        match &wanted {
            TokenRequest::Redeem { code, tx_code } => {
                register.redeem(code, tx_code.as_ref().map(|code| code.as_str()), now)
            }
            TokenRequest::Refresh { token } => register.rotate(token, now),
        }
    });
    let pair = pair.await?.map_err(refusal)?;
    Ok(no_store(
        StatusCode::OK,
        &json!({
            "access_token": *pair.access,
            "token_type": "Bearer",
            "expires_in": pair.expires_in,
            "refresh_token": *pair.refresh,
        }),
    ))
}

/// A token request, by its grant type.
enum TokenRequest {
    Redeem {
        code: Zeroizing<String>,
        tx_code: Option<Zeroizing<String>>,
    },
    Refresh {
        token: Zeroizing<String>,
    },
}

impl TokenRequest {
    /// Reads the form. Unknown parameters are ignored; `resource` alone may be repeated (RFC 8707).
    fn parse(body: &[u8]) -> Result<Self, TokenFault> {
        let mut form: HashMap<String, Zeroizing<String>> = HashMap::new();
        for (name, value) in form_urlencoded::parse(body) {
            let repeated = form
                .insert(
                    name.clone().into_owned(),
                    Zeroizing::new(value.into_owned()),
                )
                .is_some();
            if repeated && name != "resource" {
                return Err(TokenFault::Request("a parameter is repeated"));
            }
        }
        // RFC 6749, section 3.2: a parameter without a value is one that was not sent.
        form.retain(|_, value| !value.is_empty());
        let grant_type = form
            .remove("grant_type")
            .ok_or(TokenFault::Request("grant_type is missing"))?;
        match grant_type.as_str() {
            PRE_AUTHORIZED => Ok(Self::Redeem {
                code: form
                    .remove("pre-authorized_code")
                    .ok_or(TokenFault::Request("pre-authorized_code is missing"))?,
                tx_code: form.remove("tx_code"),
            }),
            "refresh_token" => Ok(Self::Refresh {
                token: form
                    .remove("refresh_token")
                    .ok_or(TokenFault::Request("refresh_token is missing"))?,
            }),
            _ => Err(TokenFault::GrantType),
        }
    }
}

fn refusal(fault: TokenFault) -> ErrorResponse {
    match fault {
        TokenFault::Request(description) => ErrorResponse::bad("invalid_request", description),
        TokenFault::Grant(description) => ErrorResponse::bad("invalid_grant", description),
        TokenFault::GrantType => ErrorResponse::bad(
            "unsupported_grant_type",
            "use a pre-authorized code or a refresh token",
        ),
    }
}
