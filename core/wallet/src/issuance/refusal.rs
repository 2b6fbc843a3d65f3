//! What a server refuses with: OAuth's `error` codes, of which this wallet knows a closed list.

use serde::Deserialize;

use crate::error::Error;
use crate::exchange::is_page;
use crate::ports::HttpResponse;

/// A server's error code, without the server's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// `invalid_request`: it found the request malformed, or a transaction code missing or unasked for.
    #[error("invalid_request")]
    InvalidRequest,
    /// `invalid_grant`: the code or token is wrong, spent or void, or the transaction code is wrong.
    #[error("invalid_grant")]
    InvalidGrant,
    /// `invalid_client` or `unauthorized_client`: it does not take wallets that it does not know.
    #[error("invalid_client")]
    InvalidClient,
    /// `unsupported_grant_type`.
    #[error("unsupported_grant_type")]
    UnsupportedGrantType,
    /// `invalid_token`, or a 401 without a code: the access token is not, or no longer, good.
    #[error("invalid_token")]
    InvalidToken,
    /// `invalid_nonce`: the proof's nonce is not, or no longer, good.
    #[error("invalid_nonce")]
    InvalidNonce,
    /// `invalid_proof`.
    #[error("invalid_proof")]
    InvalidProof,
    /// `invalid_credential_request`, `unknown_credential_configuration`, `unknown_credential_identifier`,
    /// or a draft's `unsupported_credential_type` and `unsupported_credential_format`.
    #[error("invalid_credential_request")]
    InvalidCredentialRequest,
    /// `credential_request_denied`: the authority will not issue, and asking again will not help.
    #[error("credential_request_denied")]
    CredentialRequestDenied,
    /// `use_dpop_nonce`.
    #[error("use_dpop_nonce")]
    UseDpopNonce,
    /// `invalid_dpop_proof`.
    #[error("invalid_dpop_proof")]
    InvalidDpopProof,
    /// A code that is none of these.
    #[error("another reason")]
    Other,
}

impl Refusal {
    /// Reads a failed answer: its OAuth code where it has one, else its status.
    ///
    /// A server in trouble (5xx), one that asks for patience (429) and a page for people are told
    /// apart from a refusal, since only they are worth another try.
    pub(crate) fn of(response: &HttpResponse) -> Error {
        if response.status == 429 || response.status >= 500 {
            return Error::Server {
                status: response.status,
            };
        }
        match Self::code(response) {
            Some(refusal) => Error::Refused(refusal),
            None if response.status == 401 => Error::Refused(Self::InvalidToken),
            None if is_page(response) => Error::CaptivePortal,
            None if (400..500).contains(&response.status) => Error::Server {
                status: response.status,
            },
            None => Error::AnswerMalformed,
        }
    }

    /// The code in the body, or in the challenge of a 401 (RFC 6750, section 3; RFC 9449, section 9).
    pub(crate) fn code(response: &HttpResponse) -> Option<Self> {
        let body: Option<WireError> = serde_json::from_slice(&response.body).ok();
        body.and_then(|body| body.error)
            .as_deref()
            .map(Self::from_name)
            .or_else(|| {
                let (_, rest) = response
                    .header("www-authenticate")?
                    .split_once("error=\"")?;
                rest.split('"').next().map(Self::from_name)
            })
    }

    fn from_name(name: &str) -> Self {
        match name {
            "invalid_request" => Self::InvalidRequest,
            "invalid_grant" => Self::InvalidGrant,
            "invalid_client" | "unauthorized_client" => Self::InvalidClient,
            "unsupported_grant_type" => Self::UnsupportedGrantType,
            "invalid_token" => Self::InvalidToken,
            "invalid_nonce" => Self::InvalidNonce,
            "invalid_proof" | "invalid_or_missing_proof" => Self::InvalidProof,
            "invalid_credential_request"
            | "unknown_credential_configuration"
            | "unknown_credential_identifier"
            | "unsupported_credential_type"
            | "unsupported_credential_format" => Self::InvalidCredentialRequest,
            "credential_request_denied" => Self::CredentialRequestDenied,
            "use_dpop_nonce" => Self::UseDpopNonce,
            "invalid_dpop_proof" => Self::InvalidDpopProof,
            _ => Self::Other,
        }
    }
}

#[derive(Deserialize)]
struct WireError {
    error: Option<String>,
}
