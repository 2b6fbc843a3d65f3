//! Who makes a call of the API: the user of a bearer token or of a client certificate.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use zeroize::Zeroizing;

use super::Office;
use super::problem::Problem;
use crate::authority::token_digest;
use crate::http::connections::Certificate;
use crate::register::office::{Office as _, UserRow};

/// The user who makes a call.
pub(super) struct Caller(pub(super) UserRow);

impl FromRequestParts<Office> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, office: &Office) -> Result<Self, Problem> {
        let user = match bearer(&parts.headers)? {
            Some(token) => {
                let kept = token_digest(&token);
                office
                    .work(move |authority, _| authority.register().user_of_token(&kept))
                    .await?
            }
            None => {
                let shown = parts.extensions.get::<Certificate>().copied();
                let Certificate(digest) = shown.ok_or(Problem::NO_TOKEN)?;
                office
                    .work(move |authority, _| authority.register().user_of_certificate(&digest))
                    .await?
            }
        };
        user.map(Self).ok_or(Problem::TOKEN)
    }
}

/// The token of a request; `None` where it has no `Authorization`.
fn bearer(headers: &HeaderMap) -> Result<Option<Zeroizing<String>>, Problem> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let value = value.to_str().map_err(|_| Problem::TOKEN)?;
    let (scheme, token) = value.split_once(' ').ok_or(Problem::TOKEN)?;
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Err(Problem::NO_TOKEN);
    }
    Ok(Some(Zeroizing::new(token.trim().to_owned())))
}
