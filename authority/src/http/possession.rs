//! Proofs of possession on the wire (RFC 9449): the header `DPoP`, and the nonces for it.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use super::{Server, Shared, blocking};
use crate::dpop::{self, Proof};
use crate::nonces::NonceUse;

/// The header of a proof.
const PROOF: HeaderName = HeaderName::from_static("dpop");
/// The header of a nonce for the next one.
const NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// The proof of a `POST` to this path under the issuer, where the request has one. `access`: the
/// token that it brings.
///
/// # Errors
/// What is wrong with it, in ASCII.
pub(super) fn proof(
    server: &Server,
    headers: &HeaderMap,
    path: &str,
    access: Option<&str>,
) -> Result<Option<Proof>, &'static str> {
    let mut shown = headers.get_all(PROOF).into_iter();
    let Some(proof) = shown.next() else {
        return Ok(None);
    };
    if shown.next().is_some() {
        return Err("one DPoP header is needed, and there are more");
    }
    let proof = proof.to_str().map_err(|_| "the DPoP header is not a JWT")?;
    let url = server.issuer.join(path);
    dpop::check(proof, "POST", &url, access, server.now()).map(Some)
}

/// Gives a nonce with each answer to a request that has a proof, so that the next one is fresh.
pub(super) async fn nonce(State(server): State<Shared>, request: Request, next: Next) -> Response {
    let wanted = request.headers().contains_key(PROOF);
    let mut response = next.run(request).await;
    if wanted {
        let nonce = blocking(&server, |server| {
            server.authority.new_nonce(NonceUse::Dpop, server.now())
        });
        // Without one the answer is good all the same: the next request is told to bring one.
        if let Ok(nonce) = nonce.await
            && let Ok(nonce) = HeaderValue::try_from(nonce)
        {
            response.headers_mut().insert(NONCE, nonce);
        }
    }
    response
}
