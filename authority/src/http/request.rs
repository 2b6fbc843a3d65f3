//! Reading requests: access tokens, content types, forms, bodies within their limits.

use std::collections::HashMap;

use axum::body::{Body, Bytes, HttpBody as _, to_bytes};
use axum::http::{HeaderMap, header};
use url::form_urlencoded;
use zeroize::Zeroizing;

use super::reply::ErrorResponse;
use super::{Shared, blocking, possession};
use crate::dpop::Proof;
use crate::register::{Access, AccessFault, Register as _};

/// Reads a body of this content type and at most `limit` bytes.
pub(super) async fn body(
    headers: &HeaderMap,
    body: Body,
    media_type: &str,
    limit: usize,
) -> Result<Bytes, ErrorResponse> {
    let stated = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = stated.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case(media_type) {
        return Err(ErrorResponse::MEDIA_TYPE);
    }
    if body.size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(ErrorResponse::TOO_LARGE);
    }
    // The other error is a connection that broke, and no one reads that answer.
    to_bytes(body, limit)
        .await
        .map_err(|_| ErrorResponse::TOO_LARGE)
}

/// The content type of a form.
pub(super) const FORM: &str = "application/x-www-form-urlencoded";

/// The parameters of a form, by their names.
pub(super) type Form = HashMap<String, Zeroizing<String>>;

/// Reads a form. `resource` alone may be repeated (RFC 8707).
///
/// # Errors
/// What is wrong with it, in ASCII.
pub(super) fn form(body: &[u8]) -> Result<Form, &'static str> {
    let mut form = Form::new();
    for (name, value) in form_urlencoded::parse(body) {
        let value = Zeroizing::new(value.into_owned());
        let repeated = form.insert(name.clone().into_owned(), value).is_some();
        if repeated && name != "resource" {
            return Err("a parameter is repeated");
        }
    }
    // RFC 6749, section 3.2: a parameter without a value is one that was not sent.
    form.retain(|_, value| !value.is_empty());
    Ok(form)
}

/// An access token as the request shows it.
pub(super) struct Shown {
    token: Zeroizing<String>,
    /// The proof that came with the token; `None` for the scheme `Bearer`.
    proof: Option<Proof>,
}

impl Shown {
    pub(super) fn access(&self) -> Access<'_> {
        Access {
            token: &self.token,
            proof: self.proof.as_ref(),
        }
    }

    /// The answer where the register refuses it.
    pub(super) const fn refusal(&self, fault: AccessFault) -> ErrorResponse {
        match (fault, &self.proof) {
            (AccessFault::Token, None) => ErrorResponse::INVALID_TOKEN,
            (AccessFault::Token, Some(_)) | (AccessFault::Bound, _) => ErrorResponse::NOT_BOUND,
            (AccessFault::Proof(fault), _) => ErrorResponse::shown_beside(fault),
        }
    }
}

/// The request's access token, if it is good now: a bearer token (RFC 6750, section 2.1), or one
/// that is bound to the key of the proof sent with it (RFC 9449, section 7). `path`: the
/// endpoint's. The proof's nonce is not checked.
pub(super) async fn access(
    server: &Shared,
    headers: &HeaderMap,
    path: &'static str,
) -> Result<Shown, ErrorResponse> {
    let value = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    let token = Zeroizing::new(token.trim().to_owned());
    let proof = if scheme.eq_ignore_ascii_case("Bearer") {
        None
    } else if scheme.eq_ignore_ascii_case("DPoP") {
        let proof = possession::proof(server, headers, path, Some(&token));
        let proof = proof.map_err(ErrorResponse::bad_proof_beside)?;
        Some(proof.ok_or(ErrorResponse::NO_TOKEN)?)
    } else {
        return Err(ErrorResponse::NO_TOKEN);
    };
    let shown = Shown { token, proof };
    let checked = blocking(server, move |server| {
        let register = server.authority.register();
        let checked = register.check_access(shown.access(), server.now())?;
        Ok((shown, checked))
    });
    let (shown, checked) = checked.await?;
    match checked {
        Ok(()) => Ok(shown),
        Err(fault) => Err(shown.refusal(fault)),
    }
}
