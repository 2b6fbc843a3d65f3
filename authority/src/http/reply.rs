//! Answers: JSON that is not to be stored, and the refusals of OAuth and OpenID4VCI.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::error::Error;
use crate::register::ProofFault;

/// An answer 200 with this JSON as its body.
pub(super) fn json(value: &Value) -> Response {
    (
        [(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        )],
        value.to_string(),
    )
        .into_response()
}

/// A JSON answer with `Cache-Control: no-store`.
pub(super) fn no_store(status: StatusCode, value: &Value) -> Response {
    let mut response = json(value);
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

const FRESH: &str = "make the DPoP proof with the nonce of the DPoP-Nonce header";
const REPLAYED: &str = "this DPoP proof was shown before";

/// An answer that refuses a request. Descriptions are printable ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ErrorResponse {
    status: StatusCode,
    /// The code of RFC 6749, RFC 6750 or OpenID4VCI 1.0; `None` for an answer without a body.
    error: Option<&'static str>,
    description: &'static str,
    /// One more header: its name in lower case, and its value.
    extra: Option<(&'static str, &'static str)>,
    /// After how many seconds the client may retry.
    retry_after: Option<i64>,
}

impl ErrorResponse {
    /// A failure of this server, about which the client can do nothing.
    pub(super) const SERVER: Self = Self::with(
        StatusCode::INTERNAL_SERVER_ERROR,
        "server_error",
        "the authority could not answer; try again later",
    );
    /// RFC 6750, section 3.1: where there was no token, no error code is given either.
    pub(super) const NO_TOKEN: Self = Self {
        status: StatusCode::UNAUTHORIZED,
        error: None,
        description: "",
        extra: Some((
            "www-authenticate",
            "Bearer, DPoP algs=\"ES256 EdDSA Ed25519\"",
        )),
        retry_after: None,
    };
    /// A token that is unknown, expired or void.
    pub(super) const INVALID_TOKEN: Self = Self {
        extra: Some(("www-authenticate", "Bearer error=\"invalid_token\"")),
        ..Self::with(
            StatusCode::UNAUTHORIZED,
            "invalid_token",
            "the access token is unknown, expired or void",
        )
    };
    /// A token that is bound to a key, and was not shown with a proof by it.
    pub(super) const NOT_BOUND: Self = Self {
        extra: Some((
            "www-authenticate",
            "DPoP error=\"invalid_token\", algs=\"ES256 EdDSA Ed25519\"",
        )),
        ..Self::with(
            StatusCode::UNAUTHORIZED,
            "invalid_token",
            "the access token is unknown, expired or void, or bound to another key",
        )
    };
    /// The client is unknown (RFC 6749, section 5.2).
    pub(super) const INVALID_CLIENT: Self = Self::with(
        StatusCode::UNAUTHORIZED,
        "invalid_client",
        "no client of this authority has this client_id",
    );
    /// The body is over the limit.
    pub(super) const TOO_LARGE: Self = Self::with(
        StatusCode::PAYLOAD_TOO_LARGE,
        "invalid_request",
        "the body is too large",
    );
    /// The body is of another type.
    pub(super) const MEDIA_TYPE: Self = Self::with(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "invalid_request",
        "the content type is not the one of this endpoint",
    );

    /// A 400 with an error code.
    pub(super) const fn bad(error: &'static str, description: &'static str) -> Self {
        Self::with(StatusCode::BAD_REQUEST, error, description)
    }

    /// A proof of possession that is not good for this request (RFC 9449, section 5).
    pub(super) const fn bad_proof(description: &'static str) -> Self {
        Self::bad("invalid_dpop_proof", description)
    }

    /// The same beside an access token (RFC 9449, section 7.1).
    pub(super) const fn bad_proof_beside(description: &'static str) -> Self {
        Self {
            extra: Some(("www-authenticate", "DPoP error=\"invalid_dpop_proof\"")),
            ..Self::with(StatusCode::UNAUTHORIZED, "invalid_dpop_proof", description)
        }
    }

    /// A proof that is not fresh (RFC 9449, section 8). The nonce is in a header.
    pub(super) const fn shown(fault: ProofFault) -> Self {
        match fault {
            ProofFault::Nonce => Self::bad("use_dpop_nonce", FRESH),
            ProofFault::Replayed => Self::bad_proof(REPLAYED),
        }
    }

    /// The same beside an access token (RFC 9449, section 9).
    pub(super) const fn shown_beside(fault: ProofFault) -> Self {
        match fault {
            ProofFault::Nonce => Self {
                extra: Some(("www-authenticate", "DPoP error=\"use_dpop_nonce\"")),
                ..Self::with(StatusCode::UNAUTHORIZED, "use_dpop_nonce", FRESH)
            },
            ProofFault::Replayed => Self::bad_proof_beside(REPLAYED),
        }
    }

    const fn with(status: StatusCode, error: &'static str, description: &'static str) -> Self {
        Self {
            status,
            error: Some(error),
            description,
            extra: None,
            retry_after: None,
        }
    }

    /// Too many issuances, in the form of OAuth (RFC 6585, section 4; RFC 8628, section 3.5).
    pub(super) const fn slow_down(seconds: i64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..Self::with(
                StatusCode::TOO_MANY_REQUESTS,
                "slow_down",
                "this license was issued too often today",
            )
        }
    }

    /// The answer for a failure of this server. It only says whether to try again soon.
    pub(super) fn of(error: &Error) -> Self {
        match error {
            Error::Busy => Self {
                retry_after: Some(2),
                ..Self::with(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "temporarily_unavailable",
                    "the authority is busy",
                )
            },
            Error::ClockInDoubt { .. } => Self {
                retry_after: Some(120),
                ..Self::with(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "temporarily_unavailable",
                    "the authority does not issue while its clock is in doubt",
                )
            },
            Error::SigningWaits { .. } => Self {
                retry_after: Some(30),
                ..Self::with(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "temporarily_unavailable",
                    "the authority is busy",
                )
            },
            _ => Self::SERVER,
        }
    }
}

impl IntoResponse for ErrorResponse {
    fn into_response(self) -> Response {
        let mut response = match self.error {
            Some(error) => no_store(
                self.status,
                &json!({ "error": error, "error_description": self.description }),
            ),
            None => (
                self.status,
                [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))],
            )
                .into_response(),
        };
        if let Some((name, value)) = self.extra {
            response.headers_mut().insert(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
