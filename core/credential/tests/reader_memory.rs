//! What a reader remembers: over a restart, and beside a clock that was set.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{NOW, World, at};
use vidimus_credential::verify::{Remembered, Seen};
use vidimus_credential::{Error, Field, Outcome, Policy, Question, Reason, Signer, Verifier, qr};

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

fn saved(tokens: &[(u8, u64)], forgotten: Option<u64>) -> Remembered {
    let seen = |&(token, until): &(u8, u64)| Seen {
        token: [token; 32],
        until: at(until),
    };
    Remembered {
        tokens: tokens.iter().map(seen).collect(),
        forgotten: forgotten.map(at),
    }
}

#[test]
fn a_memory_survives_its_saved_form() {
    let world = World::new();
    let text = qr::token_text(&world.token(&world.holder));
    let mut verifier = world.verifier();
    assert_eq!(verifier.check(&text, at(NOW)).outcome, Outcome::Accept);
    let bytes = verifier.remembered().to_bytes();
    assert_eq!(bytes.len(), 1 + 8 + 2 + 40);
    assert_eq!(bytes[..11], [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    let mut after = world.verifier();
    after.remember(&Remembered::from_bytes(&bytes).unwrap());
    assert_eq!(after.check(&text, at(NOW)).reasons, [Reason::Replayed]);
    for memory in [
        Remembered::default(),
        saved(&[], Some(NOW)),
        saved(&[(1, NOW), (2, NOW), (1, NOW + 5)], Some(NOW - 9)),
    ] {
        assert!(Remembered::from_bytes(&memory.to_bytes()) == Ok(memory));
    }
}

#[test]
fn a_broken_saved_memory_is_refused_by_name() {
    let whole = saved(&[(1, NOW), (2, NOW)], Some(NOW)).to_bytes();
    let layout = Error::Layout(Field::ReplayMemory);
    for length in 0..whole.len() {
        assert!(Remembered::from_bytes(&whole[..length]) == Err(layout));
    }
    let changed = |place: usize, byte: u8| {
        let mut bytes = whole.clone();
        bytes[place] = byte;
        Remembered::from_bytes(&bytes).err()
    };
    assert_eq!(changed(0, 2), Some(layout));
    assert_eq!(changed(1, 1), Some(Error::OutOfBounds(Field::ReplayMemory)));
    assert_eq!(changed(10, 3), Some(layout));
    assert_eq!(changed(11, 9), Some(layout), "out of order");
    let mut long = whole.clone();
    long.push(0);
    assert!(Remembered::from_bytes(&long) == Err(layout));
    let mut many = vec![1, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 1];
    many.resize(11 + 4097 * 40, 0);
    assert!(Remembered::from_bytes(&many) == Err(Error::OutOfBounds(Field::ReplayMemory)));
}

#[test]
fn of_more_tokens_than_are_saved_the_first_to_end_count_as_forgotten() {
    let seen = |number: u64| Seen {
        token: {
            let mut token = [0; 32];
            token[..8].copy_from_slice(&number.to_be_bytes());
            token
        },
        until: at(NOW + number),
    };
    let memory = Remembered {
        tokens: (0..5_000).map(seen).collect(),
        forgotten: None,
    };
    let read = Remembered::from_bytes(&memory.to_bytes()).unwrap();
    assert_eq!(read.tokens.len(), 4_096);
    assert_eq!(read.forgotten, Some(at(NOW + 903)));
    assert_eq!(read.tokens[0].until, at(NOW + 904));
}
