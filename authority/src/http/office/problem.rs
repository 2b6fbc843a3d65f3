//! Errors of the office for programs (RFC 9457): a code, and words that say what to do.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Error;
use crate::office::OfficeFault;

/// Why a call was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct ProblemBody {
    /// Always `about:blank`: `code` says which problem it is.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The words of the HTTP status.
    title: &'static str,
    /// The number of the HTTP status.
    status: u16,
    /// Which problem it is, in one word.
    pub(super) code: String,
    /// What was wrong, and what to do.
    pub(super) detail: String,
}

/// An answer that refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) status: StatusCode,
    code: Code,
    detail: Words,
    retry_after: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Code {
    Fixed(&'static str),
    Of(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Words {
    Fixed(&'static str),
    Of(String),
}

impl Problem {
    pub(super) const HOST: Self = Self::fixed(
        StatusCode::MISDIRECTED_REQUEST,
        "host",
        "the office is not known by this name: use its address, or name it with --office-name",
    );
    pub(super) const ORIGIN: Self = Self::fixed(
        StatusCode::FORBIDDEN,
        "origin",
        "this request comes from a page of another site, and nothing was done",
    );
    pub(super) const NO_TOKEN: Self = Self::fixed(
        StatusCode::UNAUTHORIZED,
        "no_token",
        "send the bearer token of a user, or a client certificate: `vidimus authority user token`",
    );
    pub(super) const TOKEN: Self = Self::fixed(
        StatusCode::UNAUTHORIZED,
        "token",
        "this token or certificate is unknown or revoked, or its user is disabled",
    );
    pub(super) const FORM: Self = Self::fixed(
        StatusCode::FORBIDDEN,
        "form",
        "this form is too old or another one's: open the page again, and nothing was done",
    );
    pub(super) const NO_PAGE: Self = Self::fixed(
        StatusCode::NOT_FOUND,
        "not_found",
        "there is nothing at this address: /api describes the calls",
    );
    pub(super) const METHOD: Self = Self::fixed(
        StatusCode::METHOD_NOT_ALLOWED,
        "method",
        "this address has no such call: /api describes the calls",
    );
    pub(super) const TOO_LARGE: Self = Self::fixed(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too_large",
        "what was sent is too large: a picture has at most 64 KiB",
    );
    pub(super) const SERVER: Self = Self::fixed(
        StatusCode::INTERNAL_SERVER_ERROR,
        "server",
        "the authority could not do this: its log says why",
    );

    const fn fixed(status: StatusCode, code: &'static str, detail: &'static str) -> Self {
        Self {
            status,
            code: Code::Fixed(code),
            detail: Words::Fixed(detail),
            retry_after: None,
        }
    }

    /// A request that is not what the call takes.
    pub(super) const fn request(detail: &'static str) -> Self {
        Self::fixed(StatusCode::BAD_REQUEST, "request", detail)
    }

    pub(super) fn of(error: &Error) -> Self {
        let status = status_of(error);
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            tracing::error!(%error, "a call of the office failed");
        }
        let retry_after = match error {
            Error::Busy => Some(2),
            Error::ClockInDoubt { .. } => Some(120),
            Error::Refused(OfficeFault::SlowDown { minutes }) => Some(minutes * 60),
            _ => None,
        };
        Self {
            status,
            code: Code::Of(code_of(error)),
            detail: Words::Of(error.to_string()),
            retry_after,
        }
    }

    /// The words for a page.
    pub(super) fn words(&self) -> &str {
        match &self.detail {
            Words::Fixed(words) => words,
            Words::Of(words) => words,
        }
    }

    pub(super) fn code(&self) -> &str {
        match &self.code {
            Code::Fixed(code) => code,
            Code::Of(code) => code,
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::of(&error)
    }
}

impl From<OfficeFault> for Problem {
    fn from(fault: OfficeFault) -> Self {
        Self::of(&fault.into())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = ProblemBody {
            kind: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            code: self.code().to_owned(),
            detail: self.words().to_owned(),
        };
        let text = serde_json::to_string(&body).unwrap_or_default();
        let mut response = (self.status, text).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

fn status_of(error: &Error) -> StatusCode {
    match error {
        Error::Refused(fault) => status_of_fault(fault),
        Error::InBatch { error, .. } => status_of(error),
        Error::UnknownLicense
        | Error::UnknownDevice
        | Error::UnknownReader
        | Error::UnknownEvent => StatusCode::NOT_FOUND,
        Error::NumberTaken { .. }
        | Error::NumberTwice { .. }
        | Error::TwinNotRevoked { .. }
        | Error::NumberRevoked { .. }
        | Error::RevokedUntil { .. }
        | Error::RevokedForGood
        | Error::RowEnded
        | Error::PastLastDay
        | Error::Revoked
        | Error::Superseded
        | Error::HasDevices
        | Error::TooManyDevices { .. }
        | Error::TooManyStay { .. }
        | Error::WhichDevice
        | Error::EventReused { .. }
        | Error::IssuerNotFixed
        | Error::ReaderExists
        | Error::ReaderKeyKnown
        | Error::ReviewOver
        | Error::ReviewWaits { .. } => StatusCode::CONFLICT,
        Error::Busy
        | Error::ClockInDoubt { .. }
        | Error::SigningWaits { .. }
        | Error::StoredUnsigned => StatusCode::SERVICE_UNAVAILABLE,
        error if error.is_bad_input() => StatusCode::BAD_REQUEST,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn status_of_fault(fault: &OfficeFault) -> StatusCode {
    match fault {
        OfficeFault::NotAllowed { .. }
        | OfficeFault::NoLonger
        | OfficeFault::Own
        | OfficeFault::ChiefOnMachine
        | OfficeFault::OwnProposal
        | OfficeFault::OwnEdit
        | OfficeFault::Confirm => StatusCode::FORBIDDEN,
        OfficeFault::UnknownUser
        | OfficeFault::UnknownProposal
        | OfficeFault::UnknownToken
        | OfficeFault::NoAudit => StatusCode::NOT_FOUND,
        OfficeFault::UserExists
        | OfficeFault::ProposalClosed { .. }
        | OfficeFault::ProposalWaits { .. }
        | OfficeFault::CertificateTaken => StatusCode::CONFLICT,
        OfficeFault::SlowDown { .. } => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// The name of the error's variant, in small letters with `_`: no error carries personal data, and
/// of its fields nothing is in the code.
fn code_of(error: &Error) -> String {
    let variant = match error {
        Error::Refused(fault) => format!("{fault:?}"),
        Error::InBatch { error, .. } => return code_of(error),
        error => format!("{error:?}"),
    };
    let mut code = String::new();
    for c in variant.chars().take_while(char::is_ascii_alphanumeric) {
        if c.is_ascii_uppercase() && !code.is_empty() {
            code.push('_');
        }
        code.push(c.to_ascii_lowercase());
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_variants_name_and_nothing_of_its_fields() {
        for (error, code, status) in [
            (Error::UnknownLicense, "unknown_license", 404),
            (
                Error::NumberTaken {
                    license: "00ff".to_owned(),
                },
                "number_taken",
                409,
            ),
            (OfficeFault::OwnProposal.into(), "own_proposal", 403),
            (
                Error::InBatch {
                    place: 2,
                    error: Box::new(Error::Revoked),
                },
                "revoked",
                409,
            ),
            (Error::Random, "random", 500),
        ] {
            let problem = Problem::of(&error);
            assert_eq!(problem.code(), code);
            assert_eq!(problem.status.as_u16(), status, "{code}");
        }
    }
}
