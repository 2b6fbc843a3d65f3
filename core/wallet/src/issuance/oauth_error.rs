//! Reads the OAuth error code of a failed answer.

use serde::Deserialize;

use crate::error::{Error, OAuthError};
use crate::network::answer::{StatusClass, status_error};
use crate::network::json;
use crate::network::requests::is_page;
use crate::ports::HttpResponse;

impl OAuthError {
    /// The error of a failed answer: its OAuth code where it has one, else its status.
    ///
    /// A failing server (5xx), one that asks to wait (408, 425, 429), a firewall (403 without a
    /// code) and a web page are not refusals: the same request may succeed later.
    pub(crate) fn of(response: &HttpResponse) -> Error {
        let class = StatusClass::of(response.status);
        if class == StatusClass::Busy {
            return status_error(response.status);
        }
        match Self::code(response) {
            Some(refusal) => Error::Refused(refusal),
            None if response.status == 401 => Error::Refused(Self::InvalidToken),
            // A firewall answers with its own web page.
            None if class == StatusClass::Blocked => status_error(response.status),
            None if is_page(response) => Error::CaptivePortal,
            None if matches!(class, StatusClass::Gone | StatusClass::Rejected) => {
                status_error(response.status)
            }
            None => Error::AnswerMalformed,
        }
    }

    /// The code in the body, or in the challenges of a 401 (RFC 6750, section 3; RFC 9449, section
    /// 9).
    ///
    /// A server that accepts two schemes challenges with both, in one header or two. A code of DPoP
    /// is preferred, since it says more.
    pub(crate) fn code(response: &HttpResponse) -> Option<Self> {
        let body: Option<WireError> = json::read(&response.body);
        let named = body.and_then(|body| body.error);
        named.as_deref().map(Self::from_name).or_else(|| {
            let challenges = || {
                let headers = response.headers.iter();
                headers
                    .filter(|(name, _)| name == "www-authenticate")
                    .flat_map(|(_, value)| challenged(value))
                    .map(Self::from_name)
            };
            challenges()
                .find(|code| matches!(code, Self::UseDpopNonce | Self::InvalidDpopProof))
                .or_else(|| challenges().next())
        })
    }

    pub(super) fn from_name(name: &str) -> Self {
        match name {
            "invalid_request" => Self::InvalidRequest,
            "invalid_grant" => Self::InvalidGrant,
            "invalid_client" | "unauthorized_client" => Self::InvalidClient,
            "unsupported_grant_type" => Self::UnsupportedGrantType,
            "access_denied" => Self::AccessDenied,
            "server_error" | "temporarily_unavailable" => Self::ServerError,
            "invalid_token" => Self::InvalidToken,
            "invalid_nonce" => Self::InvalidNonce,
            "invalid_proof" | "invalid_or_missing_proof" => Self::InvalidProof,
            "invalid_credential_request"
            | "unknown_credential_configuration"
            | "unknown_credential_identifier"
            | "unsupported_credential_type"
            | "unsupported_credential_format" => Self::InvalidCredentialRequest,
            "invalid_transaction_id" => Self::InvalidTransactionId,
            "credential_request_denied" => Self::CredentialRequestDenied,
            "use_dpop_nonce" => Self::UseDpopNonce,
            "invalid_dpop_proof" => Self::InvalidDpopProof,
            _ => Self::Other,
        }
    }
}

/// The `error` parameters of a challenge (RFC 9110, section 11.2), quoted or not.
fn challenged(header: &str) -> impl Iterator<Item = &str> {
    header.split([',', ' ', '\t']).filter_map(|parameter| {
        let code = parameter.strip_prefix("error=")?;
        Some(code.trim_matches('"'))
    })
}

#[derive(Deserialize)]
struct WireError {
    error: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn challenged_with(challenges: &[&str]) -> Option<OAuthError> {
        let header = |value: &&str| ("www-authenticate".to_owned(), (*value).to_owned());
        OAuthError::code(&HttpResponse {
            status: 401,
            headers: challenges.iter().map(header).collect(),
            body: Vec::new(),
        })
    }

    #[test]
    fn the_code_of_a_challenge_is_found_in_whatever_form_servers_write_it() {
        for challenges in [
            &[r#"DPoP error="use_dpop_nonce", algs="ES256""#][..],
            &["DPoP error=use_dpop_nonce"],
            &[r#"DPoP algs="ES256",error="use_dpop_nonce""#],
            &["Bearer", r#"DPoP error="use_dpop_nonce""#],
            &[r#"Bearer realm="a", DPoP error="use_dpop_nonce""#],
            &[
                r#"Bearer error="invalid_token""#,
                r#"DPoP error="use_dpop_nonce""#,
            ],
        ] {
            assert_eq!(
                challenged_with(challenges),
                Some(OAuthError::UseDpopNonce),
                "{challenges:?}"
            );
        }
        assert_eq!(
            challenged_with(&[r#"Bearer error="invalid_token", error_description="x""#]),
            Some(OAuthError::InvalidToken)
        );
        assert_eq!(challenged_with(&["Bearer"]), None);
    }
}
