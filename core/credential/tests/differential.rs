//! This crate against two others: `coset` for the envelope, `sd-cwt` for the redacted portrait.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use cbor2::Value;
use common::{ISS, NOW, PREFIX, READER, World, at, p256, portrait};
use coset::{CoseError, CoseSign1, Label, TaggedCborSerializable as _};
use proptest::prelude::*;
use sd_cwt::{RestoreMode, SdCwtValidationOptions, Sha256RedactionHasher};
use sha2::{Digest as _, Sha256};
use vidimus_credential::bundle::{self, Bundle};
use vidimus_credential::challenge;
use vidimus_credential::presentation::UnverifiedToken;
use vidimus_credential::qr::base45;
use vidimus_credential::sd_cwt::UnverifiedCredential;
use vidimus_credential::status_list::{Bits, UnverifiedStatusToken};
use vidimus_credential::trust::TrustList;
use vidimus_credential::{LicenseStatus, Signer as _, VerifyingKey};

/// Every kind of signed object, and the key that signed it.
fn objects(world: &World) -> Vec<(Vec<u8>, VerifyingKey)> {
    let phone = p256(7);
    let public = |key: &dyn vidimus_credential::Signer| key.verifying_key().clone();
    let (iat, exp) = (at(NOW - 60), at(NOW + 60));
    let values = [0; 512];
    let bundle = bundle::issue(ISS, PREFIX, &values, Bits::Four, iat, exp, &world.status).unwrap();
    let challenge = challenge::build_signed(READER, &[7; 16], iat, &world.reader).unwrap();
    let challenge = base45::decode(challenge.strip_prefix("DLQ1:").unwrap()).unwrap();
    vec![
        (world.trust_list(), public(&world.root)),
        (world.issued(&phone), public(&world.credential)),
        (world.bare(&world.holder), public(&world.credential)),
        (
            world.staple(LicenseStatus::Suspended, 60),
            public(&world.status),
        ),
        (bundle, public(&world.status)),
        (challenge, public(&world.reader)),
        (world.token(&world.holder), public(&world.holder)),
        (world.token(&phone), public(&phone)),
    ]
}

#[test]
fn coset_reads_every_object_and_finds_the_bytes_that_were_signed() {
    let world = World::new();
    for (bytes, key) in objects(&world) {
        let read = CoseSign1::from_tagged_slice(&bytes).unwrap();
        let signature = read.signature[..].try_into().unwrap();
        key.verify(&read.tbs_data(&[]), &signature).unwrap();
        if let Some(Label::Int(13)) = read.protected.header.rest.first().map(|(label, _)| label) {
            assert!(read.protected.header.key_id.is_empty());
        } else {
            assert_eq!(read.protected.header.key_id, key.kid().as_bytes());
        }
        // The same bytes again: both write deterministic CBOR.
        assert_eq!(read.to_tagged_vec().unwrap(), bytes);
    }
}

#[test]
fn coset_finds_the_credential_inside_a_token() {
    let world = World::new();
    let token = CoseSign1::from_tagged_slice(&world.token(&world.holder)).unwrap();
    let (_, inside) = token
        .protected
        .header
        .rest
        .iter()
        .find(|(label, _)| *label == Label::Int(13))
        .unwrap();
    let mut bytes = Vec::new();
    coset::cbor::into_writer(inside, &mut bytes).unwrap();
    assert_eq!(bytes, world.bare(&world.holder));
}

/// Changes a few bytes.
fn mutate(mut bytes: Vec<u8>, changes: &[(prop::sample::Index, u8)]) -> Vec<u8> {
    for (index, change) in changes {
        let at = index.index(bytes.len());
        bytes[at] ^= change;
    }
    bytes
}

/// What coset says; none where it stumbles over a number that it has no name for, which is its own
/// rule.
fn by_coset(bytes: &[u8]) -> Option<CoseSign1> {
    match CoseSign1::from_tagged_slice(bytes) {
        Ok(read) => Some(read),
        Err(CoseError::UnregisteredIanaValue | CoseError::UnregisteredIanaNonPrivateValue) => None,
        Err(error) => panic!("coset refuses what was read here: {error:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_read_of_mutated_bytes_coset_reads_the_same(
        which in 0_usize..8,
        changes in prop::collection::vec((any::<prop::sample::Index>(), 1_u8..), 1..4),
    ) {
        let world = World::new();
        let bytes = mutate(objects(&world).swap_remove(which).0, &changes);
        if let Ok(token) = UnverifiedToken::parse(&bytes)
            && let Some(read) = by_coset(&bytes)
        {
            let tbs: [u8; 32] = Sha256::digest(read.tbs_data(&[])).into();
            prop_assert_eq!(token.envelope.fingerprint(), tbs);
        }
        if let Ok(credential) = UnverifiedCredential::parse(&bytes)
            && let Some(read) = by_coset(&bytes)
        {
            let kid = credential.kid();
            prop_assert_eq!(&read.protected.header.key_id[..], kid.as_bytes());
        }
        if UnverifiedStatusToken::parse(&bytes).is_ok() {
            by_coset(&bytes);
        }
        let trust = TrustList::verify(&world.trust_list(), world.root.verifying_key()).unwrap();
        prop_assert!(Bundle::verify(&bytes, &trust).is_err());
        prop_assert!(TrustList::verify(&bytes, world.root.verifying_key()).is_err());
    }
}

struct Issuer(VerifyingKey);

impl cose2::Verifier for Issuer {
    fn verify(&self, data: &[u8], signature: &[u8]) -> Result<(), cose2::Error> {
        let signature = signature
            .try_into()
            .map_err(|_| cose2::Error::verify("length"))?;
        self.0
            .verify(data, &signature)
            .map_err(|_| cose2::Error::verify("signature"))
    }
}

fn entry(map: &Value, key: i64) -> Option<Value> {
    let Value::Map(entries) = map else {
        return None;
    };
    entries
        .iter()
        .find(|(name, _)| *name == Value::from(key))
        .map(|(_, value)| value.clone())
}

#[test]
fn the_sd_cwt_crate_verifies_an_issued_credential_and_restores_its_portrait() {
    let world = World::new();
    let issuer = Issuer(world.credential.verifying_key().clone());
    for (bytes, disclosed) in [
        (world.issued(&world.holder), 1),
        (world.bare(&world.holder), 0),
    ] {
        let read = cose2::Sign1Message::verify_and_decode(&issuer, &bytes, None).unwrap();
        let report = sd_cwt::restore_payload_from_message(&read, RestoreMode::Verifier).unwrap();
        assert_eq!(report.disclosed, disclosed);
        let license = entry(&report.value, -70_001).unwrap();
        let picture = entry(&license, 9);
        let expected = (disclosed == 1).then(|| Value::Bytes(portrait().jpeg().to_vec()));
        assert_eq!(picture, expected);
        // Of the draft's claims one departs: `sub` is a byte string, as "Private choices" says.
        let options = SdCwtValidationOptions::default();
        let strict =
            sd_cwt::SdCwtValidator::new(options).validate_and_restore(&read, RestoreMode::Verifier);
        assert!(
            strict
                .unwrap_err()
                .to_string()
                .contains("sub must be a text")
        );
    }
}

#[test]
fn the_sd_cwt_crate_hashes_a_disclosure_as_is_done_here() {
    let portrait = portrait();
    let theirs = sd_cwt::Disclosure::from_encoded(portrait.disclosure()).unwrap();
    assert_eq!(
        theirs.redacted_hash(&Sha256RedactionHasher),
        portrait.digest()
    );
}
