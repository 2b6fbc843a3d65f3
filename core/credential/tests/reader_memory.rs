//! What a reader remembers: over a restart, and beside a clock that was set.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{NOW, World, at};
use vidimus_credential::{Outcome, Policy, Question, Reason, Signer, Verifier, qr};

#[test]
fn a_token_that_the_verifier_before_saw_is_replayed() {
    let world = World::new();
    let text = qr::token_text(&world.token(&world.holder));
    let mut before = world.verifier();
    assert_eq!(before.check(&text, at(NOW)).outcome, Outcome::Accept);
    let mut after = world.verifier();
    after.remember(&before.remembered());
    assert_eq!(after.remembered(), before.remembered());
    assert_eq!(after.check(&text, at(NOW)).reasons, [Reason::Replayed]);
}

#[test]
fn a_clock_behind_a_time_that_has_passed_is_in_doubt() {
    let world = World::new();
    let text = qr::token_text(&world.token(&world.holder));
    let check = |passed| {
        let question = Question {
            passed: Some(at(passed)),
            ..Question::default()
        };
        world.verifier().check_with(&text, question, at(NOW))
    };
    assert_eq!(check(NOW + 30).outcome, Outcome::Accept);
    let verdict = check(NOW + 31);
    assert_eq!(verdict.outcome, Outcome::Caution);
    assert_eq!(verdict.reasons, [Reason::ClockInDoubt]);
}

#[test]
fn a_verifier_knows_the_keys_that_its_list_names_and_no_other() {
    let world = World::new();
    let text = qr::token_text(&world.token(&world.holder));
    assert!(world.verifier().knows_key_of(&text));
    assert!(!world.verifier().knows_key_of("DL1:"));
    let root = world.root.verifying_key().clone();
    assert!(
        !Verifier::new(root, Policy::default()).knows_key_of(&text),
        "it has no list"
    );
}
