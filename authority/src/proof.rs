//! The key proof of a credential request: a JWT by the wallet's key (OpenID4VCI 1.0, appendix F.1).

use std::time::Duration;

use serde_json::{Map, Value};
use vidimus_credential::{UnixTime, VerifyingKey};

use crate::secret::from_base64url;

/// The signature algorithms of proofs, as the metadata lists them.
pub(crate) const ALGORITHMS: [&str; 3] = ["ES256", "EdDSA", "Ed25519"];
const TYPE: &str = "openid4vci-proof+jwt";
/// How far a proof's time may be from ours, in seconds: an hour, since phones' clocks are off by
/// that after a change of time zone. The nonce shows that the proof is fresh.
const MAX_OFF: u64 = 3_600;
/// The members that only a private or symmetric JWK has (RFC 7518, section 6).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A proof that is good, except that its nonce was not checked.
pub(crate) struct Proof {
    /// The wallet's key, which signed the proof.
    pub(crate) key: VerifyingKey,
    /// The nonce in it, not checked.
    pub(crate) nonce: String,
}

/// Checks a proof for this issuer.
///
/// # Errors
/// What is wrong with it, in ASCII, for `invalid_proof`.
pub(crate) fn check(jwt: &str, issuer: &str, now: UnixTime) -> Result<Proof, &'static str> {
    let (key, claims) = signed(jwt, TYPE, "the proof's typ is not openid4vci-proof+jwt")?;
    let nonce = check_claims(&claims, issuer, now)?;
    Ok(Proof { key, nonce })
}

/// The claims of a JWT of this type, and the key in its header, which signed it. `other_type`: what
/// is said of one of another type.
///
/// # Errors
/// What is wrong with it, in ASCII.
pub(crate) fn signed(
    jwt: &str,
    typ: &str,
    other_type: &'static str,
) -> Result<(VerifyingKey, Map<String, Value>), &'static str> {
    let (signed, signature) = jwt.rsplit_once('.').ok_or("the proof is not a JWT")?;
    let (header, claims) = signed.split_once('.').ok_or("the proof is not a JWT")?;
    let header = object(header).ok_or("the proof's header is not a JSON object")?;
    let claims = object(claims).ok_or("the proof's payload is not a JSON object")?;
    if text(&header, "typ") != Some(typ) {
        return Err(other_type);
    }
    let key = check_header(&header)?;
    let signature: Option<[u8; 64]> =
        from_base64url(signature).and_then(|bytes| bytes.try_into().ok());
    let signature = signature.ok_or("the proof's signature is not 64 bytes")?;
    key.verify(signed.as_bytes(), &signature)
        .map_err(|_| "the proof's signature does not verify")?;
    Ok((key, claims))
}

fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&from_base64url(part)?).ok()
}

fn check_header(header: &Map<String, Value>) -> Result<VerifyingKey, &'static str> {
    if header.contains_key("crit") {
        return Err("the proof has critical headers");
    }
    if ["kid", "x5c", "trust_chain"]
        .iter()
        .any(|other| header.contains_key(*other))
    {
        return Err("the proof must name its key by jwk alone");
    }
    let algorithm = text(header, "alg")
        .filter(|name| ALGORITHMS.contains(name))
        .ok_or("the proof's alg is not one that the metadata lists")?;
    let Some(Value::Object(jwk)) = header.get("jwk") else {
        return Err("the proof has no jwk");
    };
    if PRIVATE.iter().any(|member| jwk.contains_key(*member)) {
        return Err("the proof's jwk has private members");
    }
    holder_key(jwk, algorithm).ok_or("the proof's jwk is not a good key for its alg")
}

/// The key of a JWK, if it is good and of the algorithm's kind.
fn holder_key(jwk: &Map<String, Value>, algorithm: &str) -> Option<VerifyingKey> {
    if text(jwk, "alg").is_some_and(|own| !ALGORITHMS.contains(&own)) {
        return None;
    }
    match (algorithm, text(jwk, "kty")?, text(jwk, "crv")?) {
        ("ES256", "EC", "P-256") => {
            let point = [&[4][..], &coordinate(jwk, "x")?, &coordinate(jwk, "y")?].concat();
            VerifyingKey::from_p256_sec1(&point).ok()
        }
        ("EdDSA" | "Ed25519", "OKP", "Ed25519") => {
            VerifyingKey::from_ed25519(&coordinate(jwk, "x")?).ok()
        }
        _ => None,
    }
}

fn coordinate(jwk: &Map<String, Value>, name: &str) -> Option<[u8; 32]> {
    from_base64url(text(jwk, name)?)?.try_into().ok()
}

fn check_claims(
    claims: &Map<String, Value>,
    issuer: &str,
    now: UnixTime,
) -> Result<String, &'static str> {
    if text(claims, "aud") != Some(issuer) {
        return Err("the proof's aud is not this issuer");
    }
    let issued = claims
        .get("iat")
        .and_then(seconds)
        .ok_or("the proof has no iat")?;
    if issued.abs_diff(now.seconds()) > MAX_OFF {
        return Err("the proof's iat is not recent");
    }
    // Like `iat` it is by the phone's clock.
    if let Some(expires) = claims.get("exp")
        && seconds(expires).is_none_or(|expires| {
            expires < issued || expires.saturating_add(MAX_OFF) < now.seconds()
        })
    {
        return Err("the proof has expired");
    }
    text(claims, "nonce")
        .map(str::to_owned)
        .ok_or("the proof has no nonce")
}

/// A `NumericDate`, which may have a fraction (RFC 7519, section 2).
pub(crate) fn seconds(value: &Value) -> Option<u64> {
    let whole = |seconds| Duration::try_from_secs_f64(seconds).map(|since| since.as_secs());
    value.as_u64().or_else(|| whole(value.as_f64()?).ok())
}

/// A member that is a string.
pub(crate) fn text<'a>(map: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    map.get(name).and_then(Value::as_str)
}
