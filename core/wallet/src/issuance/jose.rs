//! The two JWTs that a wallet signs: the key proof (OpenID4VCI 1.0, appendix F.1) and DPoP (RFC
//! 9449).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use vidimus_credential::key::{Algorithm, Signer, SigningKey, VerifyingKey};
use vidimus_credential::time::UnixTime;

use crate::error::Error;

/// A JWS algorithm, by its JOSE name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JwsAlgorithm {
    /// ECDSA on P-256 (RFC 7518).
    Es256,
    /// Ed25519, by the older name `EdDSA` (RFC 8037).
    EdDsa,
    /// Ed25519, by its own name (RFC 9864).
    Ed25519,
}

impl JwsAlgorithm {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
            Self::Ed25519 => "Ed25519",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Es256, Self::EdDsa, Self::Ed25519]
            .into_iter()
            .find(|known| known.name() == name)
    }

    /// The first of the issuer's names that fits a key of this kind.
    pub(crate) fn listed(names: &[String], kind: Algorithm) -> Option<Self> {
        names
            .iter()
            .filter_map(|name| Self::from_name(name))
            .find(|name| name.kind() == kind)
    }

    fn kind(self) -> Algorithm {
        match self {
            Self::Es256 => Algorithm::Esp256,
            Self::EdDsa | Self::Ed25519 => Algorithm::Ed25519,
        }
    }
}

/// A JWT that is not signed yet.
pub(crate) struct UnsignedJwt(String);

impl UnsignedJwt {
    fn new(header: &Value, payload: &Value) -> Self {
        Self(format!(
            "{}.{}",
            encode(header.to_string()),
            encode(payload.to_string())
        ))
    }

    /// The bytes to sign: header and claims, with a dot between.
    pub(crate) fn signing_input(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The compact form, with the 64 bytes of the signature (r||s for P-256).
    pub(crate) fn finish(self, signature: [u8; 64]) -> String {
        format!("{}.{}", self.0, encode(signature))
    }
}

/// The proof that this wallet holds `key`, made for one issuer and one nonce.
///
/// No `iss`: the wallet is an anonymous client in the pre-authorized flow.
pub(crate) fn key_proof(
    algorithm: JwsAlgorithm,
    key: &VerifyingKey,
    audience: &str,
    nonce: Option<&str>,
    now: UnixTime,
) -> UnsignedJwt {
    let header = json!({ "typ": "openid4vci-proof+jwt", "alg": algorithm.name(), "jwk": jwk(key) });
    let mut payload = json!({ "aud": audience, "iat": now.seconds() });
    insert(&mut payload, "nonce", nonce);
    UnsignedJwt::new(&header, &payload)
}

/// The request that a DPoP proof is made for.
pub(crate) struct DpopTarget<'a> {
    /// The HTTP method, in capitals.
    pub(crate) method: &'a str,
    /// The address; the proof leaves its query out.
    pub(crate) url: &'a str,
    /// The access token of the request, at a resource.
    pub(crate) access_token: Option<&'a str>,
    /// The server's DPoP nonce, where it gave one.
    pub(crate) nonce: Option<&'a str>,
}

/// A DPoP proof, signed with the key that the tokens are bound to. `id` must be random and used
/// once.
///
/// # Errors
/// Those of signing with the key.
pub(crate) fn dpop_proof(
    key: &SigningKey,
    target: &DpopTarget<'_>,
    id: [u8; 16],
    now: UnixTime,
) -> Result<String, Error> {
    let public = key.verifying_key();
    let algorithm = match public.algorithm() {
        Algorithm::Esp256 => JwsAlgorithm::Es256,
        Algorithm::Ed25519 => JwsAlgorithm::EdDsa,
    };
    let header = json!({ "typ": "dpop+jwt", "alg": algorithm.name(), "jwk": jwk(public) });
    let address = target.url.split(['?', '#']).next().unwrap_or_default();
    let mut payload = json!({
        "jti": encode(id), "htm": target.method, "htu": address, "iat": now.seconds(),
    });
    let hash = target
        .access_token
        .map(|token| encode(Sha256::digest(token.as_bytes())));
    insert(&mut payload, "ath", hash.as_deref());
    insert(&mut payload, "nonce", target.nonce);
    let jwt = UnsignedJwt::new(&header, &payload);
    let signature = key.sign(jwt.signing_input())?;
    Ok(jwt.finish(signature))
}

/// The public key as a JWK (RFC 7518, RFC 8037), without optional members.
fn jwk(key: &VerifyingKey) -> Value {
    match key.coordinates() {
        (x, Some(y)) => json!({ "kty": "EC", "crv": "P-256", "x": encode(x), "y": encode(y) }),
        (x, None) => json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(x) }),
    }
}

fn insert(payload: &mut Value, name: &str, value: Option<&str>) {
    if let (Some(object), Some(value)) = (payload.as_object_mut(), value) {
        object.insert(name.to_owned(), Value::from(value));
    }
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(jwt: &str, index: usize) -> Value {
        let part = jwt.split('.').nth(index).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    }

    #[test]
    fn a_dpop_proof_says_what_rfc_9449_wants_and_its_signature_holds() {
        for algorithm in [Algorithm::Esp256, Algorithm::Ed25519] {
            let key = SigningKey::from_secret(algorithm, &[7; 32]).unwrap();
            // The access token and its hash are the example of RFC 9449, section 7.1.
            let target = DpopTarget {
                method: "POST",
                url: "https://resource.example.org/protectedresource?query#fragment",
                access_token: Some("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"),
                nonce: Some("n"),
            };
            let now = UnixTime::new(1_562_262_618).unwrap();
            let jwt = dpop_proof(&key, &target, [1; 16], now).unwrap();
            assert_eq!(
                part(&jwt, 1),
                json!({
                    "jti": "AQEBAQEBAQEBAQEBAQEBAQ", "htm": "POST",
                    "htu": "https://resource.example.org/protectedresource", "iat": 1_562_262_618,
                    "ath": "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo", "nonce": "n",
                })
            );
            assert_eq!(part(&jwt, 0)["typ"], "dpop+jwt");
            let (input, signature) = jwt.rsplit_once('.').unwrap();
            let signature = URL_SAFE_NO_PAD
                .decode(signature)
                .unwrap()
                .try_into()
                .unwrap();
            key.verifying_key()
                .verify(input.as_bytes(), &signature)
                .unwrap();
        }
    }

    #[test]
    fn an_ed25519_jwk_is_that_of_rfc_8037() {
        let secret = URL_SAFE_NO_PAD
            .decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
            .unwrap();
        let key = SigningKey::from_secret(Algorithm::Ed25519, &secret.try_into().unwrap()).unwrap();
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        assert_eq!(
            jwk(key.verifying_key()),
            json!({ "kty": "OKP", "crv": "Ed25519", "x": x })
        );
    }

    #[test]
    fn of_two_names_for_a_key_the_issuers_first_is_taken() {
        let names =
            |list: &[&str]| -> Vec<String> { list.iter().map(|name| (*name).to_owned()).collect() };
        let listed = names(&["RS256", "Ed25519", "ES256", "EdDSA"]);
        assert_eq!(
            JwsAlgorithm::listed(&listed, Algorithm::Ed25519),
            Some(JwsAlgorithm::Ed25519)
        );
        assert_eq!(
            JwsAlgorithm::listed(&listed, Algorithm::Esp256),
            Some(JwsAlgorithm::Es256)
        );
        assert_eq!(
            JwsAlgorithm::listed(&names(&["ES384"]), Algorithm::Esp256),
            None
        );
    }
}
