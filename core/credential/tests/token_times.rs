//! What a token's own dates allow, and what they do not: how long a picture of it is good, and what
//! a phone can sign ahead for another day.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{IDX, NOW, PREFIX, READER, World, at};
use vidimus_credential::challenge::Asked;
use vidimus_credential::presentation::PresentationClaims;
use vidimus_credential::status_list::{self, Bits};
use vidimus_credential::{LicenseStatus, Outcome, Question, Reason, Verdict, bundle};

const HOUR: u64 = 3600;

/// A one-way token dated `iat`, with a status that was signed at [`NOW`]: the newest that a phone
/// can have by then.
fn dated(world: &World, iat: u64) -> PresentationClaims {
    PresentationClaims {
        iat: at(iat),
        exp: at(iat + 30),
        ..world.claims_of_token(Some(world.staple(LicenseStatus::Valid, 0)))
    }
}

fn outcome(verdict: &Verdict) -> (Outcome, &[Reason]) {
    (verdict.outcome, &verdict.reasons)
}

#[test]
fn a_token_is_good_for_90_seconds_at_a_right_clock_and_not_a_second_more() {
    let world = World::new();
    let text = world.text(&dated(&world, NOW + HOUR));
    // Each time at a reader that has not seen it yet.
    let seen_at = |now| world.verifier().check(&text, at(now));
    for (seconds, expected) in [
        (HOUR - 31, Some(Reason::NotYetValid)),
        (HOUR - 30, None),
        (HOUR, None),
        (HOUR + 60, None),
        (HOUR + 61, Some(Reason::Expired)),
    ] {
        let verdict = seen_at(NOW + seconds);
        assert_eq!(verdict.reasons, Vec::from_iter(expected), "{seconds}");
        let good = expected.is_none();
        assert_eq!(verdict.outcome == Outcome::Accept, good, "{seconds}");
    }
}

#[test]
fn a_token_signed_hours_ahead_is_refused_until_its_hour_and_then_shows_the_age_of_its_status() {
    let world = World::new();
    for hours in 1..=23 {
        let hour = NOW + hours * HOUR;
        let text = world.text(&dated(&world, hour));
        let early = world.verifier().check(&text, at(NOW));
        assert_eq!(
            outcome(&early),
            (Outcome::Refuse, &[Reason::NotYetValid][..])
        );
        assert!(early.offer_challenge);
        // In one-way mode nothing tells it from one that was signed at that hour.
        let then = world.verifier().check(&text, at(hour));
        assert_eq!(outcome(&then), (Outcome::Accept, &[][..]), "{hours} hours");
        assert_eq!(then.age_s, Some(hours * HOUR));
    }
    // What limits it is the age of the status that it holds: a day for Accept, and after a week it
    // says nothing.
    for (hours, reason) in [
        (25, Reason::StatusStale),
        (7 * 24 + 1, Reason::StatusUnknown),
    ] {
        let hour = NOW + hours * HOUR;
        let then = world
            .verifier()
            .check(&world.text(&dated(&world, hour)), at(hour));
        assert_eq!(
            outcome(&then),
            (Outcome::Caution, &[reason][..]),
            "{hours} hours"
        );
    }
}

#[test]
fn a_token_signed_ahead_gives_way_to_a_bundle_that_is_newer_than_its_status() {
    let world = World::new();
    let hour = NOW + 8 * HOUR;
    let mut values = vec![0; 20 * 256];
    values[17 * 256 + usize::from(IDX)] = LicenseStatus::Suspended.value().unwrap();
    let (iat, exp) = (at(NOW + HOUR), at(NOW + 24 * HOUR));
    let bundle = bundle::issue(
        common::ISS,
        PREFIX,
        &values,
        Bits::Four,
        iat,
        exp,
        &world.status,
    );
    let mut verifier = world.verifier();
    verifier.set_bundle(&bundle.unwrap()).unwrap();
    let verdict = verifier.check(&world.text(&dated(&world, hour)), at(hour));
    assert_eq!(
        outcome(&verdict),
        (Outcome::Refuse, &[Reason::Suspended][..])
    );
}

#[test]
fn a_token_signed_ahead_answers_no_challenge() {
    let world = World::new();
    for hours in [1, 8, 23] {
        let hour = NOW + hours * HOUR;
        // As signed for anybody, and as signed in answer to a challenge of another time.
        let other = PresentationClaims {
            aud: READER.to_owned(),
            cnonce: Some(vec![8; 16]),
            ..dated(&world, hour)
        };
        for claims in [dated(&world, hour), other] {
            let mut asked = Asked::qr(READER, [7; 16]).unwrap().at(hour);
            let question = Question {
                challenge: Some(&mut asked),
                ..Question::default()
            };
            let text = world.text(&claims);
            let verdict = world.verifier().check_with(&text, question, at(hour));
            assert_eq!(verdict.outcome, Outcome::Refuse);
            assert_eq!(verdict.reasons[0], Reason::WrongChallenge);
        }
    }
}

#[test]
fn an_answer_dated_hours_ahead_is_fresh_and_a_clock_is_in_doubt() {
    let world = World::new();
    for hours in 1..=23 {
        let claims = PresentationClaims {
            aud: READER.to_owned(),
            cnonce: Some(vec![7; 16]),
            ..dated(&world, NOW + hours * HOUR)
        };
        let mut asked = Asked::qr(READER, [7; 16]).unwrap().at(NOW);
        let question = Question {
            challenge: Some(&mut asked),
            ..Question::default()
        };
        let verdict = world
            .verifier()
            .check_with(&world.text(&claims), question, at(NOW));
        assert_eq!(
            outcome(&verdict),
            (Outcome::Caution, &[Reason::ClockInDoubt][..])
        );
    }
}

#[test]
fn a_status_from_hours_ahead_is_no_accept() {
    // A phone cannot have it honestly: the authority's clock is ahead, or the reader's is behind.
    let world = World::new();
    let mut values = [0; 256];
    values[usize::from(IDX)] = LicenseStatus::Valid.value().unwrap();
    for hours in [1, 23] {
        let (iat, exp) = (at(NOW + hours * HOUR), at(NOW + 200 * HOUR));
        let staple = status_list::issue(
            common::URI,
            &values,
            Bits::Four,
            iat,
            exp,
            3600,
            &world.status,
        );
        let claims = PresentationClaims {
            staple: Some(staple.unwrap()),
            ..dated(&world, NOW + hours * HOUR)
        };
        let verdict = world.verifier().check(&world.text(&claims), at(NOW));
        assert_eq!(verdict.outcome, Outcome::Refuse);
        assert!(verdict.reasons.contains(&Reason::NotYetValid));
    }
}
