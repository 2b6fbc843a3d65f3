//! What a driver sees of a license, and what an officer's reader says of it, are one: at every
//! second around each of its days, with any status.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{IDX, ISS, NOW, URI, World, at, fields, portrait};
use proptest::prelude::*;
use vidimus_credential::meaning::{Grounds, Outcome, Standing, Statement, Tone};
use vidimus_credential::presentation::{ANYONE, Draft, PresentationClaims};
use vidimus_credential::sd_cwt::{self, UnverifiedCredential};
use vidimus_credential::status_list::{self, Bits};
use vidimus_credential::trust::{Purpose, TrustEntry, TrustList};
use vidimus_credential::{
    Algorithm, Category, Day, License, LicenseFields, LicenseStatus, Signer as _, UnixTime,
    UtcOffset, qr, trust,
};

const DAY: u64 = 86_400;

/// A license whose days lie around [`NOW`].
fn license() -> impl Strategy<Value = License> {
    let today = at(NOW).day().days();
    let around =
        move || (-3_i32..=3).prop_map(move |shift| Day::new(i64::from(today + shift)).unwrap());
    let row = (around(), proptest::option::of(0_i64..3));
    let rows = proptest::collection::vec(row, 1..3);
    (
        around(),
        proptest::option::of(0_i64..4),
        rows,
        -720_i64..=840,
    )
        .prop_map(|(issue_date, length, rows, offset)| {
            let after = |day: Day, length| Day::new(i64::from(day.days()) + length).unwrap();
            let row = |(index, (from, length)): (usize, (Day, Option<i64>))| {
                let until = length.map(|length| after(from, length));
                Category::new(format!("C{index}"), Some(from), until, Vec::new()).unwrap()
            };
            License::new(LicenseFields {
                issue_date,
                expiry_date: length.map(|length| after(issue_date, length)),
                categories: rows.into_iter().enumerate().map(row).collect(),
                utc_offset: UtcOffset::new(offset).unwrap(),
                ..fields()
            })
            .unwrap()
        })
}

/// The reader's list: its keys were good long before, and are long after.
fn trust_list(world: &World) -> Vec<u8> {
    let entry = |key, purpose| TrustEntry {
        not_before: UnixTime::EPOCH,
        expires: UnixTime::MAX,
        ..world.entry(key, purpose, ISS)
    };
    let entries = [
        entry(&world.credential, Purpose::Credential),
        entry(&world.status, Purpose::Status),
    ];
    trust::build(
        ISS,
        at(NOW - 90 * DAY),
        UnixTime::MAX,
        0,
        &entries,
        &world.root,
    )
    .unwrap()
}

/// The token that a phone shows at `now`, with this staple.
fn text(world: &World, list: &TrustList, license: &License, staple: Vec<u8>, now: u64) -> String {
    let claims = sd_cwt::CredentialClaims {
        license: license.clone(),
        iat: at(NOW - 40 * DAY),
        exp: at(NOW + 40 * DAY),
        ..world.claims(&world.holder)
    };
    let issued = sd_cwt::issue(&claims, &portrait(), &world.credential).unwrap();
    let read = UnverifiedCredential::parse(&issued).unwrap();
    let credential = read.authenticate(list).unwrap();
    let said = PresentationClaims {
        aud: ANYONE.to_owned(),
        iat: at(now),
        exp: at(now + 30),
        cnonce: None,
        staple: Some(staple),
    };
    let bare = credential.bytes_without_disclosure();
    let draft = Draft::new(bare, Algorithm::Ed25519, &said).unwrap();
    qr::token_text(&draft.sign(&world.holder).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_driver_sees_what_an_officer_hears(
        license in license(),
        value in 0_u8..16,
        (age, life) in (0..9 * DAY, 60..10 * DAY),
        shift in 0..6 * DAY,
    ) {
        let world = World::new();
        let list_bytes = trust_list(&world);
        let list = TrustList::verify(&list_bytes, world.root.verifying_key()).unwrap();
        let mut values = [0; 256];
        values[usize::from(IDX)] = value;
        let (signed, ends) = (at(NOW - age), at(NOW - age + life));
        let staple =
            status_list::issue(URI, &values, Bits::Four, signed, ends, 3600, &world.status).unwrap();
        let grounds = Grounds {
            license: &license,
            credential_ends: at(NOW + 40 * DAY),
            status: Some(Statement {
                state: LicenseStatus::from_value(value),
                issued_at: signed,
                expires: ends,
            }),
        };
        // The seconds around each change, and one anywhere.
        let spans = grounds.outlook(at(NOW));
        let edges = spans.iter().map(|span| span.from.seconds()).filter(|edge| *edge < NOW + 30 * DAY);
        let moments = edges.flat_map(|edge| [edge - 1, edge]).chain([NOW + shift]);
        for now in moments.filter(|now| *now >= NOW) {
            let mut verifier = world.new_verifier();
            verifier.set_trust_list(&list_bytes).unwrap();
            let shown = text(&world, &list, &license, staple.clone(), now);
            let verdict = verifier.check(&shown, at(now));
            // A reader looks at categories only where it is asked about one.
            let standings = grounds.standings(at(now));
            let told: Vec<_> = standings.iter().filter(|it| *it != Standing::NoCategory).collect();
            let tones: &[Tone] = match verdict.outcome {
                Outcome::Accept => &[Tone::Good],
                Outcome::Caution => &[Tone::Caution, Tone::Unknown],
                Outcome::Refuse => &[Tone::Bad],
            };
            prop_assert!(tones.contains(&told[0].tone()), "{now} {told:?} {:?}", verdict.reasons);
            for standing in told.into_iter().filter(|it| *it != Standing::StatusStale) {
                let said = standing.reason().is_none_or(|reason| verdict.reasons.contains(&reason));
                prop_assert!(said, "{now} {standing:?} {:?}", verdict.reasons);
            }
        }
    }
}
