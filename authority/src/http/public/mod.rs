//! What anyone may fetch: signed files, with strong validators (RFC 9110, section 8.8.3).

pub(super) mod app_links;

use std::io::ErrorKind;
use std::path::PathBuf;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};

use vidimus_credential::UnixTime;
use vidimus_credential::bundle::UnverifiedBundle;
use vidimus_credential::status_list::UnverifiedStatusToken;

use super::reply::ErrorResponse;
use super::{Server, Shared, blocking};
use crate::issuer::MAX_LISTS;
use crate::issuer::PACK;
use crate::publish::{BUNDLE_REISSUE, STATUS_REISSUE};
use crate::rules::signing_time::LEAD;
use crate::secret::hex;

/// Caches that serve many keep an answer no longer than this, in seconds.
const SHARED: u64 = 30;

/// `GET /trust`
pub(super) async fn trust_list(
    State(server): State<Shared>,
    headers: HeaderMap,
) -> Result<Response, ErrorResponse> {
    let bytes = read(server.authority.home.trust_list()).await?;
    // Revoking a key must be seen at once: caches ask each time, and mostly hear 304.
    answer(bytes, "application/cwt", "no-cache", &headers)
}

/// `GET /head`: how far the register has come, for those who keep it elsewhere.
pub(super) async fn head(
    State(server): State<Shared>,
    headers: HeaderMap,
) -> Result<Response, ErrorResponse> {
    let bytes = read(server.authority.home.head()).await?;
    answer(bytes, "application/json", "no-cache", &headers)
}

/// `GET /status/bundle`: the bundle of pack 0.
pub(super) async fn first_bundle(
    State(server): State<Shared>,
    headers: HeaderMap,
) -> Result<Response, ErrorResponse> {
    bundle(&server, 0, &headers).await
}

/// `GET /s/{pack}/{n}` and `GET /s/{pack}/bundle`
pub(super) async fn status(
    State(server): State<Shared>,
    Path((pack, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ErrorResponse> {
    let Some(pack) = number(&pack).filter(|pack| *pack < MAX_LISTS / PACK) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    if name == "bundle" {
        return bundle(&server, pack, &headers).await;
    }
    let Some(n) = number(&name).filter(|n| *n < PACK) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    list(&server, pack * PACK + n, &headers).await
}

async fn list(server: &Shared, list: u32, headers: &HeaderMap) -> Result<Response, ErrorResponse> {
    let path = || server.authority.home.status_list(list);
    let mut bytes = read(path()).await?;
    if bytes.is_none() {
        let restore = move |server: &Server| server.authority.publisher().restore_list(list);
        if blocking(server, restore).await? {
            bytes = read(path()).await?;
        }
    }
    let iat = bytes
        .as_deref()
        .and_then(|bytes| UnverifiedStatusToken::parse(bytes).ok())
        .map(|token| token.issued_at());
    let cache = until_the_next(iat, STATUS_REISSUE, server.now());
    answer(bytes, "application/statuslist+cwt", &cache, headers)
}

async fn bundle(
    server: &Shared,
    pack: u32,
    headers: &HeaderMap,
) -> Result<Response, ErrorResponse> {
    let bytes = read(server.authority.home.bundle(pack)).await?;
    let iat = bytes
        .as_deref()
        .and_then(|bytes| UnverifiedBundle::parse(bytes).ok())
        .map(|bundle| bundle.issued_at());
    let cache = until_the_next(iat, BUNDLE_REISSUE, server.now());
    answer(bytes, "application/cwt", &cache, headers)
}

/// `Cache-Control` of what is signed anew `life` seconds after this `iat`'s signing. Past that it
/// may change at any time, and is kept as long as shared caches keep it.
fn until_the_next(iat: Option<UnixTime>, life: u64, now: UnixTime) -> String {
    let next = iat.map_or(now, |iat| iat.saturating_add(LEAD + life));
    let age = next
        .seconds()
        .saturating_sub(now.seconds())
        .clamp(SHARED, life);
    format!("max-age={age}, s-maxage={SHARED}")
}

/// Only the canonical decimal number is one, and nothing else ever becomes part of a path.
fn number(text: &str) -> Option<u32> {
    text.parse()
        .ok()
        .filter(|number: &u32| number.to_string() == text)
}

/// Reads the current file: another process may have replaced it a moment ago. `None` where there
/// is none.
async fn read(path: PathBuf) -> Result<Option<Vec<u8>>, ErrorResponse> {
    match tokio::fs::read(path).await {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => {
            tracing::error!(kind = %error.kind(), "a published file cannot be read");
            Err(ErrorResponse::SERVER)
        }
    }
}

/// Answers with these bytes, or that the client has them. They are compressed already, and never
/// sent in another encoding, even where `Accept-Encoding` offers one.
fn answer(
    bytes: Option<Vec<u8>>,
    media_type: &'static str,
    cache: &str,
    headers: &HeaderMap,
) -> Result<Response, ErrorResponse> {
    let Some(bytes) = bytes else {
        return Ok(StatusCode::NOT_FOUND.into_response());
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
            HeaderValue::from_str(value).map_err(|_| ErrorResponse::SERVER)?,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_kept_until_the_next_signing_is_due() {
        let at = |seconds| UnixTime::new(seconds).unwrap();
        let cache = |iat: Option<u64>| until_the_next(iat.map(at), 3_000, at(100_000));
        assert_eq!(cache(Some(100_000 - 150)), "max-age=3000, s-maxage=30");
        assert_eq!(cache(Some(100_000 - 1_150)), "max-age=2000, s-maxage=30");
        // Ahead of the clock, long due, and unreadable.
        assert_eq!(cache(Some(100_000 + 5)), "max-age=3000, s-maxage=30");
        assert_eq!(cache(Some(1)), "max-age=30, s-maxage=30");
        assert_eq!(cache(None), "max-age=30, s-maxage=30");
    }

    #[test]
    fn only_a_canonical_number_is_one() {
        assert_eq!((number("0"), number("4095")), (Some(0), Some(4_095)));
        for bad in ["", "00", "+1", "-1", "1.tmp", "..", "4294967296", "٣"] {
            assert_eq!(number(bad), None, "{bad}");
        }
    }
}
