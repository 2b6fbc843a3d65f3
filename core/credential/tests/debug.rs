//! The `Debug` of each public type: the types that hold personal data or secrets have none, or
//! write their name alone. A type that is in no list fails the last test.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::fs;
use std::marker::PhantomData;
use std::path::Path;

use common::{NOW, World, at};
use vidimus_credential::birth_date::{Year, YearMonth};
use vidimus_credential::challenge::{Asked, Challenge, Request};
use vidimus_credential::sd_cwt::{Portrait, StatusRef};
use vidimus_credential::verify::{Seen, StatusPlace};
use vidimus_credential::{
    Algorithm, BirthDate, Signer as _, SigningKey, bundle, face, license, meaning, presentation,
    qr, sd_cwt, status_list, trust, verify,
};

/// `DEBUG` is true where a type has a `Debug`: then the constant of the type itself hides the
/// trait's.
struct Probe<T>(PhantomData<T>);

trait Otherwise {
    const DEBUG: bool = false;
}

impl<T> Otherwise for Probe<T> {}

impl<T: Debug> Probe<T> {
    const DEBUG: bool = true;
}

macro_rules! debugs {
    ($($type:ty),+ $(,)?) => {
        [$((stringify!($type), Probe::<$type>::DEBUG)),+]
    };
}

/// Types with personal data or secrets that have no `Debug`.
fn without_debug() -> Vec<(&'static str, bool)> {
    debugs![
        SigningKey,
        bundle::Bundle,
        bundle::UnverifiedBundle<'static>,
        face::FaceCollector,
        face::FaceFrames,
        license::Category,
        license::LicenseFields,
        meaning::Grounds<'static>,
        presentation::Draft,
        presentation::Envelope,
        presentation::PresentationClaims,
        presentation::UnverifiedToken,
        sd_cwt::Credential,
        sd_cwt::CredentialClaims,
        sd_cwt::UnverifiedCredential,
        status_list::UnverifiedStatusToken<'static>,
        trust::TrustEntry,
        trust::TrustList,
        verify::Candidate,
        verify::Glance,
        verify::Look,
        verify::Question<'static>,
        verify::Sight,
        verify::Verifier,
    ]
    .to_vec()
}

/// Types with personal data or secrets whose `Debug` is their name alone.
fn with_name_alone() -> Vec<(&'static str, String)> {
    let world = World::new();
    let text = qr::token_text(&world.token(&world.holder));
    let mut verifier = world.verifier();
    let verdict = verifier.check(&text, at(NOW));
    let year = Year::new(1991).unwrap();
    let request = Request {
        reader: "Patrol 7",
        cnonce: [7; 16],
        iat: at(NOW),
        wants_face: true,
    };
    let status = StatusRef {
        idx: 17,
        uri: "https://dl.example/status/0".to_owned(),
    };
    let place = StatusPlace {
        issuer: "https://dl.example".to_owned(),
        uri: status.uri.clone(),
    };
    let seen = Seen {
        token: [5; 32],
        until: at(NOW),
    };
    vec![
        ("Asked", format!("{:?}", Asked::digits("12345678").unwrap())),
        ("BirthDate", format!("{:?}", BirthDate::Year(year))),
        (
            "Challenge",
            format!("{:?}", Challenge::from_digits("12345678").unwrap()),
        ),
        ("License", format!("{:?}", verdict.license.unwrap())),
        (
            "Portrait",
            format!("{:?}", Portrait::new([8; 16], b"a JPEG")),
        ),
        ("Remembered", format!("{:?}", verifier.remembered())),
        ("Request", format!("{request:?}")),
        ("Seen", format!("{seen:?}")),
        ("StatusPlace", format!("{place:?}")),
        ("StatusRef", format!("{status:?}")),
        (
            "Symbol",
            format!(
                "{:?}",
                qr::Symbol::encode(&text, qr::SymbolOptions::default()).unwrap()
            ),
        ),
        ("Year", format!("{year:?}")),
        (
            "YearMonth",
            format!("{:?}", YearMonth::new(year, 2).unwrap()),
        ),
    ]
}

/// Types without personal data and without secrets. Their `Debug`, where they have one, may show
/// all.
const HARMLESS: [&str; 35] = [
    "Aged",
    "Ageing",
    "Algorithm",
    "Bits",
    "Country",
    "Day",
    "EccLevel",
    "Error",
    "Field",
    "Freshness",
    "KeyId",
    "LicensePart",
    "LicenseStatus",
    "MapOrder",
    "Mark",
    "Measure",
    "Moment",
    "Outcome",
    "Policy",
    "Progress",
    "Proof",
    "Purpose",
    "Reason",
    "Span",
    "Standing",
    "Standings",
    "Statement",
    "StatusReport",
    "StatusSource",
    "StatusToken",
    "SymbolOptions",
    "TokenInfo",
    "Tone",
    "UnixTime",
    "UtcOffset",
];

/// What a `Debug` shows of a verdict and of a key, which are in no other list.
const PINNED: [&str; 2] = ["Verdict", "VerifyingKey"];

#[test]
fn types_with_personal_data_or_secrets_have_no_debug() {
    const { assert!(Probe::<u8>::DEBUG, "the probe sees a Debug") };
    for (name, has_debug) in without_debug() {
        assert!(!has_debug, "{name}");
    }
}

#[test]
fn a_debug_of_personal_data_is_the_name_of_its_type() {
    for (name, written) in with_name_alone() {
        assert_eq!(written, format!("{name}(..)"));
    }
}

#[test]
fn a_verdict_shows_its_reasons_and_a_public_key_its_algorithm() {
    let world = World::new();
    let text = qr::token_text(&world.token(&world.holder));
    let mut verifier = world.verifier();
    let verdict = verifier.check(&text, at(NOW));
    assert!(verdict.license.is_some() && verdict.portrait_digest.is_some());
    let expected = "Verdict { outcome: Accept, reasons: [], .. }";
    assert_eq!(format!("{verdict:?}"), expected);
    let key = SigningKey::from_secret(Algorithm::Ed25519, &[1; 32]).unwrap();
    assert_eq!(
        format!("{:?}", key.verifying_key()),
        "VerifyingKey(Ed25519)"
    );
}

#[test]
fn each_public_type_is_in_one_list() {
    let mut listed: BTreeSet<String> = HARMLESS
        .iter()
        .chain(&PINNED)
        .map(|&name| name.to_owned())
        .collect();
    let named = with_name_alone().into_iter().map(|(name, _)| name);
    let bare = without_debug().into_iter().map(|(name, _)| name);
    for name in bare.chain(named) {
        let name = name.rsplit("::").next().unwrap();
        let name = name.split('<').next().unwrap().trim();
        assert!(listed.insert(name.to_owned()), "{name} is in two lists");
    }
    let mut found = BTreeSet::new();
    public_types(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut found,
    );
    assert_eq!(found, listed);
}

/// The names of the public structs and enums under a folder.
fn public_types(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            public_types(&path, found);
            continue;
        }
        for line in fs::read_to_string(&path).unwrap().lines() {
            let rest = line
                .strip_prefix("pub struct ")
                .or(line.strip_prefix("pub enum "));
            if let Some(rest) = rest {
                let end = rest
                    .find(|c: char| !c.is_alphanumeric())
                    .unwrap_or(rest.len());
                found.insert(rest[..end].to_owned());
            }
        }
    }
}
