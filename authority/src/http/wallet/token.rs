//! The token endpoint (OpenID4VCI 1.0, section 6; RFC 6749, section 6).

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::json;
use zeroize::Zeroizing;

use crate::dpop::Proof;
use crate::error::Error;
use crate::http::reply::{ErrorResponse, no_store};
use crate::http::{Server, Shared, blocking, possession, request};
use crate::offers::{CONFIGURATION, PRE_AUTHORIZED};
use crate::register::{CodeRequest, Register as _, SignIn as _, TokenFault, TokenPair};

const MAX_BODY: usize = 16 * 1024;

/// `POST /token`
pub(in crate::http) async fn token(
    State(server): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ErrorResponse> {
    let body = request::body(&headers, body, request::FORM, MAX_BODY).await?;
    let proof =
        possession::proof(&server, &headers, "/token", None).map_err(ErrorResponse::bad_proof)?;
    let wanted = TokenRequest::parse(&body, server.sign_in).map_err(refusal)?;
    let pair = blocking(&server, move |server| {
        redeem(server, &wanted, proof.as_ref())
    });
    let pair = pair.await?.map_err(refusal)?;
    let mut answer = json!({
        "access_token": *pair.access,
        "token_type": if pair.bound { "DPoP" } else { "Bearer" },
        "expires_in": pair.expires_in,
        "refresh_token": *pair.refresh,
    });
    if let (true, Some(answer)) = (pair.details, answer.as_object_mut()) {
        let details = json!([{
            "type": "openid_credential",
            "credential_configuration_id": CONFIGURATION,
            "credential_identifiers": [CONFIGURATION],
        }]);
        answer.insert("authorization_details".to_owned(), details);
    }
    Ok(no_store(StatusCode::OK, &answer))
}

fn redeem(
    server: &Server,
    wanted: &TokenRequest,
    proof: Option<&Proof>,
) -> Result<Result<TokenPair, TokenFault>, Error> {
    let (register, now) = (server.authority.register(), server.moment());
    match wanted {
        TokenRequest::Redeem { code, tx_code } => {
            let tx_code = tx_code.as_ref().map(|code| code.as_str());
            register.redeem(code, tx_code, proof, now)
        }
        TokenRequest::Code {
            code,
            client,
            redirect_uri,
            verifier,
        } => {
            let Some(proof) = proof else {
                return Ok(Err(TokenFault::Proof("a DPoP proof is needed")));
            };
            let asked = CodeRequest {
                code,
                client,
                redirect_uri,
                verifier,
                proof,
            };
            register.redeem_code(&asked, now)
        }
        TokenRequest::Refresh { token } => register.rotate(token, proof, now),
    }
}

/// A token request, by its grant type.
enum TokenRequest {
    Redeem {
        code: Zeroizing<String>,
        tx_code: Option<Zeroizing<String>>,
    },
    Code {
        code: Zeroizing<String>,
        client: Zeroizing<String>,
        redirect_uri: Zeroizing<String>,
        verifier: Zeroizing<String>,
    },
    Refresh {
        token: Zeroizing<String>,
    },
}

impl TokenRequest {
    /// Reads the form. Unknown parameters are ignored. `sign_in`: whether authorization codes are
    /// taken.
    fn parse(body: &[u8], sign_in: bool) -> Result<Self, TokenFault> {
        let mut form = request::form(body).map_err(TokenFault::Request)?;
        let mut take = |name, missing| form.remove(name).ok_or(TokenFault::Request(missing));
        let grant_type = take("grant_type", "grant_type is missing")?;
        match grant_type.as_str() {
            PRE_AUTHORIZED => Ok(Self::Redeem {
                code: take("pre-authorized_code", "pre-authorized_code is missing")?,
                tx_code: form.remove("tx_code"),
            }),
            "authorization_code" if sign_in => Ok(Self::Code {
                code: take("code", "code is missing")?,
                client: take("client_id", "client_id is missing")?,
                redirect_uri: take("redirect_uri", "redirect_uri is missing")?,
                verifier: take("code_verifier", "code_verifier is missing")?,
            }),
            "refresh_token" => Ok(Self::Refresh {
                token: take("refresh_token", "refresh_token is missing")?,
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
            "use a code of the kinds that the metadata lists, or a refresh token",
        ),
        TokenFault::Proof(description) => ErrorResponse::bad_proof(description),
        TokenFault::Shown(fault) => ErrorResponse::shown(fault),
    }
}
