//! What anyone may fetch: signed files, with strong validators (RFC 9110, section 8.8.3).

use std::io::ErrorKind;
use std::path::PathBuf;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};

use super::Shared;
use super::reply::Refusal;
use crate::issuer::MAX_LISTS;
use crate::publish::STATUS_TTL;
use crate::secret::hex;
use crate::store::documents::PACK;

/// `GET /trust`
pub(super) async fn trust_list(
    State(server): State<Shared>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    // Revoking a key must be seen at once: caches ask each time, and mostly hear 304.
    file(
        server.authority.home.trust_list(),
        "application/cwt",
        "no-cache",
        &headers,
    )
    .await
}

/// `GET /status/bundle`: the bundle of pack 0.
pub(super) async fn first_bundle(
    State(server): State<Shared>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    bundle(&server, 0, &headers).await
}

/// `GET /s/{pack}/{n}` and `GET /s/{pack}/bundle`
pub(super) async fn status(
    State(server): State<Shared>,
    Path((pack, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let Some(pack) = number(&pack).filter(|pack| *pack < MAX_LISTS / PACK) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    if name == "bundle" {
        return bundle(&server, pack, &headers).await;
    }
    let Some(n) = number(&name).filter(|n| *n < PACK) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let age = format!("max-age={STATUS_TTL}");
    file(
        server.authority.home.status_list(pack * PACK + n),
        "application/statuslist+cwt",
        &age,
        &headers,
    )
    .await
}

async fn bundle(server: &Shared, pack: u32, headers: &HeaderMap) -> Result<Response, Refusal> {
    file(
        server.authority.home.bundle(pack),
        "application/cwt",
        "no-cache",
        headers,
    )
    .await
}

/// Only the canonical decimal number is one, and nothing else ever becomes part of a path.
fn number(text: &str) -> Option<u32> {
    text.parse()
        .ok()
        .filter(|number: &u32| number.to_string() == text)
}

/// Answers with a file as it is now: another process may have replaced it a moment ago.
async fn file(
    path: PathBuf,
    media_type: &'static str,
    cache: &str,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    let bytes = match tokio::fs::read(path).await {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Ok(StatusCode::NOT_FOUND.into_response());
        }
        Err(error) => {
            tracing::error!(kind = %error.kind(), "a published file cannot be read");
            return Err(Refusal::SERVER);
        }
    };
    let digest = Sha256::digest(&bytes);
    let tag = format!("\"{}\"", hex(digest.get(..16).unwrap_or_default()));
    let mut response = if matches(headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        (
            [(header::CONTENT_TYPE, HeaderValue::from_static(media_type))],
            bytes,
        )
            .into_response()
    };
    for (name, value) in [(header::ETAG, tag.as_str()), (header::CACHE_CONTROL, cache)] {
        response.headers_mut().insert(
            name,
            HeaderValue::from_str(value).map_err(|_| Refusal::SERVER)?,
        );
    }
    Ok(response)
}

/// `If-None-Match` (RFC 9110, section 13.1.2) compares weakly.
fn matches(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers
        .get_all(header::IF_NONE_MATCH)
        .into_iter()
        .filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|held| held == "*" || held.strip_prefix("W/").unwrap_or(held) == tag)
}
