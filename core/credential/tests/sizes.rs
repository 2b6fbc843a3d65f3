//! The numbers of the profile's section "Size".
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{NOW, World, at, fields, p256, portrait};
use vidimus_credential::presentation::{Draft, PresentationClaims};
use vidimus_credential::qr::{self, EccLevel, Symbol, SymbolOptions};
use vidimus_credential::sd_cwt::{self, LicensePart, MAX_BYTES, UnverifiedCredential};
use vidimus_credential::status_list::{self, Bits};
use vidimus_credential::trust::TrustList;
use vidimus_credential::{
    Category, Error, License, LicenseFields, LicenseStatus, Signer as _, SigningKey,
};

fn symbol(token: &[u8]) -> Symbol {
    let options = SymbolOptions {
        mask: Some(0),
        ..SymbolOptions::default()
    };
    Symbol::encode(&qr::token_text(token), options).unwrap()
}

#[test]
fn a_one_way_token_fits_version_22_or_23_at_level_m() {
    let world = World::new();
    for holder in [&world.holder, &p256(7)] {
        let token = world.token(holder);
        assert!((745..=755).contains(&token.len()), "{} bytes", token.len());
        assert!((1122..=1137).contains(&qr::token_text(&token).len()));
        let symbol = symbol(&token);
        assert!(matches!(symbol.version(), 22 | 23) && symbol.ecc() == EccLevel::Medium);
    }
}

#[test]
fn a_challenged_token_fits_version_23_at_level_m() {
    let world = World::new();
    for holder in [&world.holder, &p256(7)] {
        let staple = world.staple(LicenseStatus::Valid, 3600);
        let claims = PresentationClaims {
            aud: "Unit 7".to_owned(),
            cnonce: Some(vec![7; 16]),
            ..world.claims_of_token(Some(staple))
        };
        let token = world.signed(holder, &claims);
        assert!((764..=775).contains(&token.len()), "{} bytes", token.len());
        let symbol = symbol(&token);
        assert!(symbol.version() == 23 && symbol.ecc() == EccLevel::Medium);
    }
}

#[test]
fn a_staple_is_190_bytes_and_at_most_356() {
    let world = World::new();
    let usual = world.staple(LicenseStatus::Valid, 3600);
    assert!((180..=200).contains(&usual.len()), "{} bytes", usual.len());
    assert!(
        noisy(&world.status).len() <= 356,
        "{}",
        noisy(&world.status).len()
    );
}

/// 256 values that no compressor makes smaller, under a `uri` of 64 bytes.
fn noisy(signer: &SigningKey) -> Vec<u8> {
    let mut state = 1_u32;
    let values: Vec<u8> = (0..256)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0] & 0x0f
        })
        .collect();
    let (iat, exp) = (at(NOW - 3600), at(NOW + 6 * 86_400));
    let uri = "u".repeat(64);
    status_list::issue(&uri, &values, Bits::Four, iat, exp, 3600, signer).unwrap()
}

/// The longest credential that may be issued, found by lengthening restriction codes.
fn longest(world: &World, holder: &SigningKey) -> Vec<u8> {
    let issue = |number: usize, codes: &[usize]| {
        let restrictions: Vec<_> = codes.iter().map(|length| "r".repeat(*length)).collect();
        let categories = restrictions
            .chunks(8)
            .map(|codes| Category::new("B".to_owned(), None, None, codes.to_vec()).unwrap());
        let mut claims = world.claims(holder);
        claims.license = License::new(LicenseFields {
            license_number: "n".repeat(number),
            categories: categories.collect(),
            ..fields()
        })
        .unwrap();
        claims.status.uri = "u".repeat(64);
        sd_cwt::issue(&claims, &portrait(), &world.credential)
    };
    let mut codes = vec![1];
    while issue(1, &[&codes[..], &[16]].concat()).is_ok() {
        codes.push(16);
    }
    let fitting = (1..=32).rev().find_map(|number| issue(number, &codes).ok());
    let trust = TrustList::verify(&world.trust_list(), world.root.verifying_key()).unwrap();
    let credential = UnverifiedCredential::parse(&fitting.unwrap()).unwrap();
    let credential = credential.authenticate(&trust).unwrap();
    credential.bytes_without_disclosure().to_vec()
}

#[test]
fn the_longest_credential_with_the_noisiest_staple_and_the_longest_challenge_fits_version_25() {
    let world = World::new();
    let holder = p256(7);
    let credential = longest(&world, &holder);
    assert_eq!(credential.len(), MAX_BYTES);
    let claims = PresentationClaims {
        aud: "r".repeat(64),
        cnonce: Some(vec![7; 16]),
        ..world.claims_of_token(Some(noisy(&world.status)))
    };
    let draft = Draft::new(&credential, holder.verifying_key().algorithm(), &claims).unwrap();
    let token = draft.sign(&holder).unwrap();
    assert!(
        qr::token_text(&token).len() <= 1831,
        "{}",
        qr::token_text(&token).len()
    );
    let symbol = symbol(&token);
    assert_eq!((symbol.version(), symbol.ecc()), (25, EccLevel::Low));
}

#[test]
fn a_credential_of_673_bytes_is_not_issued() {
    let world = World::new();
    let mut claims = world.claims(&world.holder);
    claims.license = License::new(LicenseFields {
        family_name: "x".repeat(64),
        given_names: "x".repeat(64),
        categories: (0..24)
            .map(|_| common::category("B", Some("2010-01-01"), None))
            .collect(),
        ..fields()
    })
    .unwrap();
    claims.iss = "i".repeat(128);
    let issued = sd_cwt::issue(&claims, &portrait(), &world.credential);
    assert_eq!(issued.unwrap_err(), Error::TooLong { at_most: 672 });
    let measure = sd_cwt::measure(&claims);
    assert_eq!(measure.excess(), measure.bytes() - MAX_BYTES);
    assert_eq!(measure.largest(), LicensePart::Categories);
}

#[test]
fn a_credential_is_as_long_as_it_was_measured() {
    let world = World::new();
    for holder in [&world.holder, &p256(7)] {
        let mut claims = world.claims(holder);
        let measure = sd_cwt::measure(&claims);
        assert_eq!(measure.bytes(), world.bare(holder).len());
        assert_eq!(measure.excess(), 0);
        let parts = measure.parts();
        assert_eq!(
            parts[0],
            (LicensePart::FamilyName, "Lindqvist-Okafor".len() + 1)
        );
        let family_name = "x".repeat(128);
        claims.license = License::new(LicenseFields {
            family_name,
            ..fields()
        })
        .unwrap();
        let longer = sd_cwt::measure(&claims);
        assert_eq!(
            longer.bytes() - measure.bytes(),
            128 + 1 - "Lindqvist-Okafor".len()
        );
        assert_eq!(longer.largest(), LicensePart::FamilyName);
    }
}
