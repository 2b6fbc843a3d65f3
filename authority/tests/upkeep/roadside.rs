//! A driver with a phone and officers with readers, around a [`Town`]: who accepts whom.

use serde_json::{Value, json};
use vidimus_authority::{Authority, application_form};
use vidimus_credential::presentation::{ANYONE, Draft, PresentationClaims};
use vidimus_credential::sd_cwt::{CredentialClaims, UnverifiedCredential};
use vidimus_credential::trust::TrustList;
use vidimus_credential::{
    Algorithm, Policy, Signer as _, SigningKey, UnixTime, Verdict, Verifier, qr,
};

use crate::common::{Town, decode, driver_json, portrait, root_of, trust_of};

/// A driver whose phone is the test itself.
pub(crate) struct Driver {
    pub(crate) id: String,
    pub(crate) key: SigningKey,
    pub(crate) refresh: String,
    pub(crate) claims: CredentialClaims,
    /// The credential as a QR carries it.
    credential: Vec<u8>,
}

impl Driver {
    /// Registers a driver of this license number, and enrolls.
    pub(crate) async fn enroll(town: &Town, number: u8) -> Self {
        Self::enroll_as(town, number, driver_json()).await
    }

    /// The same with another file.
    pub(crate) async fn enroll_as(town: &Town, number: u8, mut file: Value) -> Self {
        file["license_number"] = json!(format!("ZZ-{number:04}"));
        let license = application_form::parse(file.to_string().as_bytes()).unwrap();
        let added = Authority::open(town.home())
            .unwrap()
            .add_license(&license, &portrait(150, 200), town.now())
            .unwrap();
        let tokens = town.redeem(&added).await;
        let key = SigningKey::from_secret(Algorithm::Ed25519, &[number; 32]).unwrap();
        let (claims, credential) = fetch(town, &tokens.text("access_token"), &key).await;
        Self {
            id: added.license_id,
            key,
            refresh: tokens.text("refresh_token"),
            claims,
            credential,
        }
    }

    /// Fetches the credential anew.
    pub(crate) async fn renew(&mut self, town: &Town) {
        let tokens = town.refresh(&self.refresh).await;
        self.refresh = tokens.text("refresh_token");
        (self.claims, self.credential) = fetch(town, &tokens.text("access_token"), &self.key).await;
    }

    /// The status token as it is published now.
    pub(crate) async fn staple(&self, town: &Town) -> Vec<u8> {
        let path = self.claims.status.uri.strip_prefix(&town.issuer).unwrap();
        let reply = town.get(path).await;
        assert_eq!(reply.status, 200);
        reply.body
    }

    /// What the phone shows at this moment.
    pub(crate) fn show(&self, staple: Option<Vec<u8>>, now: UnixTime) -> String {
        let claims = PresentationClaims {
            aud: ANYONE.to_owned(),
            exp: now.saturating_add(25),
            iat: now.saturating_sub(5),
            cnonce: None,
            staple,
        };
        let draft = Draft::new(&self.credential, Algorithm::Ed25519, &claims).unwrap();
        qr::token_text(&draft.sign(&self.key).unwrap())
    }
}

async fn fetch(town: &Town, access: &str, key: &SigningKey) -> (CredentialClaims, Vec<u8>) {
    let reply = town.credential(access, key).await;
    assert_eq!(
        reply.status,
        200,
        "{}",
        String::from_utf8_lossy(&reply.body)
    );
    let text = reply.json()["credentials"][0]["credential"].clone();
    let bytes = decode(text.as_str().unwrap());
    read(&bytes, &trust_of(town.home()))
}

/// A credential's claims, and the form without its portrait.
pub(crate) fn read(bytes: &[u8], trust: &TrustList) -> (CredentialClaims, Vec<u8>) {
    let credential = UnverifiedCredential::parse(bytes)
        .unwrap()
        .authenticate(trust)
        .unwrap();
    (
        credential.claims().clone(),
        credential.bytes_without_disclosure().to_vec(),
    )
}

/// A driver as a thief makes one, with any credential.
pub(crate) fn forged(claims: CredentialClaims, key: SigningKey, credential: Vec<u8>) -> Driver {
    Driver {
        id: String::new(),
        key,
        refresh: String::new(),
        claims,
        credential,
    }
}

pub(crate) struct Officer(Verifier);

impl Officer {
    /// With the trust list as it is published now.
    pub(crate) fn new(town: &Town) -> Self {
        let mut officer = Self(Verifier::new(root_of(town.home()), Policy::default()));
        officer.update(town);
        officer
    }

    /// Takes the trust list as it is published now.
    pub(crate) fn update(&mut self, town: &Town) {
        let list = std::fs::read(town.home().join("public/trust")).unwrap();
        self.0.set_trust_list(&list).unwrap();
    }

    pub(crate) fn take_bundle(&mut self, bundle: &[u8]) {
        self.0.set_bundle(bundle).unwrap();
    }

    pub(crate) fn look(&mut self, text: &str, now: UnixTime) -> Verdict {
        self.0.check(text, now)
    }

    /// The outcome, and all reasons.
    pub(crate) fn words(&mut self, text: &str, now: UnixTime) -> (&'static str, Vec<&'static str>) {
        let verdict = self.look(text, now);
        let reasons = verdict.reasons.iter().map(|reason| reason.code()).collect();
        (verdict.outcome.name(), reasons)
    }
}

pub(crate) fn accepted() -> (&'static str, Vec<&'static str>) {
    ("accept", Vec::new())
}

/// The secrets of the authority's keys: file name and bytes.
pub(crate) fn secrets(town: &Town) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    std::fs::read_dir(town.home().join("keys"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect()
}

/// The key that a thief took: the one of these secrets whose id this is.
pub(crate) fn stolen(
    secrets: &[(std::path::PathBuf, Vec<u8>)],
    kid: vidimus_credential::KeyId,
) -> SigningKey {
    secrets
        .iter()
        .filter_map(|(_, secret)| {
            let secret: [u8; 32] = secret.as_slice().try_into().ok()?;
            SigningKey::from_secret(Algorithm::Ed25519, &secret).ok()
        })
        .find(|key| key.verifying_key().kid() == kid)
        .unwrap()
}
