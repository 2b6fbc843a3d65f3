//! Reading requests: bearer tokens, content types, bodies within their limits.

use axum::body::{Body, Bytes, HttpBody as _, to_bytes};
use axum::http::{HeaderMap, header};
use zeroize::Zeroizing;

use super::reply::ErrorResponse;
use super::{Shared, blocking};
use crate::register::Register as _;

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

/// The request's bearer token (RFC 6750, section 2.1), if it is good now.
pub(super) async fn access(
    server: &Shared,
    headers: &HeaderMap,
) -> Result<Zeroizing<String>, ErrorResponse> {
    let value = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Err(ErrorResponse::NO_TOKEN);
    }
    let token = Zeroizing::new(token.trim().to_owned());
    let shown = token.clone();
    let good = blocking(server, move |server| {
        server.authority.register().is_good(&shown, server.now())
    });
    if good.await? {
        Ok(token)
    } else {
        Err(ErrorResponse::INVALID_TOKEN)
    }
}
