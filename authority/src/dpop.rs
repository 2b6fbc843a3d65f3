//! Proofs of possession: each use of a token is signed with the key that it is bound to (RFC 9449).
//!
//! Freshness is that of a nonce of this authority, not of the phone's clock. Whether the nonce is
//! good and whether the proof was shown before, the register says.

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use url::Url;
use vidimus_credential::{UnixTime, VerifyingKey};

use crate::proof::{seconds, signed, text};
use crate::secret::base64url;

const TYPE: &str = "dpop+jwt";
/// How far a proof's time may be from ours, in seconds: a day.
const MAX_OFF: u64 = 86_400;
/// The most bytes of a `jti`.
const MAX_JTI: usize = 256;

/// A proof that is good for this request, except that its nonce was not checked, nor whether it was
/// shown before.
pub(crate) struct Proof {
    /// Thumbprint of the key that signed it (RFC 7638).
    pub(crate) jkt: [u8; 32],
    /// Names this proof among all: a digest of the key's thumbprint and its `jti`.
    pub(crate) id: [u8; 32],
    /// The nonce in it, not checked.
    pub(crate) nonce: Option<String>,
}

/// Checks a proof for a request by `method` to `url`; `access`: the token that the request brings.
///
/// # Errors
/// What is wrong with it, in ASCII, for `invalid_dpop_proof`.
pub(crate) fn check(
    jwt: &str,
    method: &str,
    url: &str,
    access: Option<&str>,
    now: UnixTime,
) -> Result<Proof, &'static str> {
    let (key, claims) = signed(jwt, TYPE, "the proof's typ is not dpop+jwt")?;
    if text(&claims, "htm") != Some(method) {
        return Err("the proof's htm is not this method");
    }
    if !text(&claims, "htu").is_some_and(|htu| is_same(htu, url)) {
        return Err("the proof's htu is not this address");
    }
    let issued = claims
        .get("iat")
        .and_then(seconds)
        .ok_or("the proof has no iat")?;
    if issued.abs_diff(now.seconds()) > MAX_OFF {
        return Err("the proof's iat is more than a day off");
    }
    if let Some(access) = access {
        check_hash(&claims, access)?;
    }
    let jti = text(&claims, "jti").filter(|jti| (1..=MAX_JTI).contains(&jti.len()));
    let jti = jti.ok_or("the proof has no jti of at most 256 bytes")?;
    let jkt = thumbprint(&key);
    let mut id = Sha256::new();
    id.update(jkt);
    id.update(jti);
    Ok(Proof {
        jkt,
        id: id.finalize().into(),
        nonce: text(&claims, "nonce").map(str::to_owned),
    })
}

/// The proof must name the token that it is shown with.
fn check_hash(claims: &Map<String, Value>, access: &str) -> Result<(), &'static str> {
    let hash = base64url(&Sha256::digest(access));
    let stated = text(claims, "ath").unwrap_or_default();
    if bool::from(stated.as_bytes().ct_eq(hash.as_bytes())) {
        Ok(())
    } else {
        Err("the proof's ath is not that of the access token")
    }
}

/// Whether two addresses are one without query and fragment, by the rules of RFC 3986, section 6.2.
fn is_same(stated: &str, url: &str) -> bool {
    let plain = |text: &str| {
        let mut url = Url::parse(text).ok()?;
        url.set_query(None);
        url.set_fragment(None);
        Some(url)
    };
    stated == url || plain(stated).is_some_and(|stated| Some(stated) == plain(url))
}

/// The thumbprint of a key: SHA-256 over its required members as JSON (RFC 7638, section 3).
pub(crate) fn thumbprint(key: &VerifyingKey) -> [u8; 32] {
    let (x, y) = key.coordinates();
    let x = base64url(&x);
    let json = match y {
        Some(y) => format!(
            r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{}"}}"#,
            base64url(&y)
        ),
        None => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#),
    };
    Sha256::digest(json).into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use vidimus_credential::{Algorithm, Signer as _, SigningKey};

    use super::*;
    use crate::secret::from_base64url;

    const URL: &str = "https://license.example/token";

    fn at(seconds: u64) -> UnixTime {
        UnixTime::new(seconds).unwrap()
    }

    fn key() -> SigningKey {
        SigningKey::from_secret(Algorithm::Esp256, &[7; 32]).unwrap()
    }

    fn jwt(header: &Value, claims: &Value) -> String {
        let part = |value: &Value| base64url(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature = key().sign(signed.as_bytes()).unwrap();
        format!("{signed}.{}", base64url(&signature))
    }

    fn header() -> Value {
        let (x, y) = key().verifying_key().coordinates();
        let jwk = json!({
            "kty": "EC", "crv": "P-256", "x": base64url(&x), "y": base64url(&y.unwrap())
        });
        json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": jwk })
    }

    fn claims() -> Value {
        json!({ "jti": "1", "htm": "POST", "htu": URL, "iat": 100_000, "nonce": "n" })
    }

    fn refusal(header: &Value, claims: &Value) -> Option<&'static str> {
        check(&jwt(header, claims), "POST", URL, None, at(100_000)).err()
    }

    #[test]
    fn the_thumbprint_is_the_one_of_the_rfcs_own_example() {
        // RFC 8037, appendix A.3.
        let x = from_base64url("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        let key = VerifyingKey::from_ed25519(&x.try_into().unwrap()).unwrap();
        let expected = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
        assert_eq!(base64url(&thumbprint(&key)), expected);
    }

    #[test]
    fn a_proof_is_for_one_method_and_one_address_without_its_query() {
        assert_eq!(refusal(&header(), &claims()), None);
        for (name, value) in [
            ("htu", json!("https://license.example/token?a=b#c")),
            ("htu", json!("https://LICENSE.example:443/token")),
            ("iat", json!(100_000 - 86_400)),
            ("iat", json!(100_000 + 86_400)),
        ] {
            let mut changed = claims();
            changed[name] = value.clone();
            assert_eq!(refusal(&header(), &changed), None, "{value}");
        }
        for (name, value) in [
            ("htm", json!("GET")),
            ("htm", json!("post")),
            ("htu", json!("https://license.example/credential")),
            ("htu", json!("http://license.example/token")),
            ("htu", json!("https://license.example/token/")),
            ("htu", json!("https://other.example/token")),
            ("htu", Value::Null),
            ("iat", json!(100_000 - 86_401)),
            ("iat", json!(100_000 + 86_401)),
            ("iat", Value::Null),
            ("jti", json!("")),
            ("jti", json!("x".repeat(257))),
            ("jti", Value::Null),
        ] {
            let mut changed = claims();
            changed[name] = value.clone();
            assert!(
                refusal(&header(), &changed).is_some(),
                "{name} {value} was taken"
            );
        }
    }

    #[test]
    fn a_proof_of_another_kind_or_by_another_key_is_none() {
        for (name, value) in [
            ("typ", json!("openid4vci-proof+jwt")),
            ("typ", json!("JWT")),
            ("alg", json!("none")),
            ("alg", json!("HS256")),
            ("crit", json!(["b64"])),
        ] {
            let mut changed = header();
            changed[name] = value.clone();
            assert!(refusal(&changed, &claims()).is_some(), "{name} {value}");
        }
        let mut private = header();
        private["jwk"]["d"] = json!("AAAA");
        assert!(refusal(&private, &claims()).is_some());
        let whole = jwt(&header(), &claims());
        let other = SigningKey::from_secret(Algorithm::Esp256, &[8; 32]).unwrap();
        let (signed, _) = whole.rsplit_once('.').unwrap();
        let forged = format!(
            "{signed}.{}",
            base64url(&other.sign(signed.as_bytes()).unwrap())
        );
        assert!(check(&forged, "POST", URL, None, at(100_000)).is_err());
    }

    #[test]
    fn a_proof_beside_a_token_names_that_token() {
        let hash = |access: &str| base64url(&Sha256::digest(access));
        let mut with = claims();
        with["ath"] = json!(hash("a token"));
        let proof = jwt(&header(), &with);
        let shown = |proof: &str, access| check(proof, "POST", URL, Some(access), at(100_000));
        assert!(shown(&proof, "a token").is_ok());
        assert!(shown(&proof, "another").is_err());
        assert!(shown(&jwt(&header(), &claims()), "a token").is_err());
    }

    #[test]
    fn proofs_are_told_apart_by_key_and_jti() {
        let one = check(&jwt(&header(), &claims()), "POST", URL, None, at(100_000)).unwrap();
        let mut other = claims();
        other["jti"] = json!("2");
        let two = check(&jwt(&header(), &other), "POST", URL, None, at(100_000)).unwrap();
        assert_eq!(one.jkt, thumbprint(key().verifying_key()));
        assert_eq!((one.jkt, one.nonce.as_deref()), (two.jkt, Some("n")));
        assert_ne!(one.id, two.id);
    }
}
