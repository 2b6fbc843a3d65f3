//! Whose turn it is on the screen: the token, or a frame of the face.
#![allow(clippy::unwrap_used, reason = "what helps a test may panic as it does")]

use std::time::Duration;

use proptest::prelude::*;
use vidimus_credential::face::MAX_FRAMES;
use vidimus_wallet::present::{FACE_TURN, PASSES, TOKEN_TURN, Turn, Turns};

/// The turns from the first on, as the screen takes them: each for as long as it is told.
fn played(turns: Turns, length: usize) -> Vec<(Turn, Duration)> {
    let mut elapsed = Duration::ZERO;
    (0..length)
        .map(|_| {
            let (turn, left) = turns.at(elapsed);
            elapsed += left;
            (turn, left)
        })
        .collect()
}

#[test]
fn a_usual_face_is_shown_twice_after_two_seconds_of_the_token_and_again() {
    let face = (0..6).map(|index| (Turn::Face(index), FACE_TURN));
    let mut round = vec![(Turn::Token, TOKEN_TURN)];
    round.extend(face.clone().chain(face));
    let rounds: Vec<_> = round.iter().chain(&round).copied().collect();
    assert_eq!(played(Turns::new(6), rounds.len()), rounds);
    assert_eq!(Turns::new(6).round(), Duration::from_millis(4_400));
}

#[test]
fn without_a_face_it_is_always_the_tokens_turn() {
    for millis in [0, 1, 1_999, 2_000, 7_777, 300_000] {
        let (turn, left) = Turns::TOKEN_ALONE.at(Duration::from_millis(millis));
        assert_eq!(turn, Turn::Token);
        assert!(!left.is_zero() && left <= TOKEN_TURN);
    }
}

proptest! {
    #[test]
    fn each_turn_is_whole_and_each_frame_has_the_same_share_of_a_round(
        count in 1_usize..=MAX_FRAMES,
        rounds in 1_usize..4,
    ) {
        let passes = usize::try_from(PASSES).unwrap();
        let length = rounds * (1 + passes * count);
        let played = played(Turns::new(count), length);
        let shown = |wanted| played.iter().filter(|(turn, _)| *turn == wanted).count();
        prop_assert_eq!(shown(Turn::Token), rounds);
        for index in 0..count {
            prop_assert_eq!(shown(Turn::Face(index)), rounds * passes);
        }
        for (turn, length) in &played {
            let whole = if *turn == Turn::Token { TOKEN_TURN } else { FACE_TURN };
            prop_assert_eq!(*length, whole);
        }
    }

    #[test]
    fn a_turn_lasts_until_it_says_and_the_next_one_begins_then(
        count in 0_usize..=MAX_FRAMES,
        elapsed in 0_u64..1_000_000_000_000,
    ) {
        let turns = Turns::new(count);
        let elapsed = Duration::from_nanos(elapsed);
        let (turn, left) = turns.at(elapsed);
        prop_assert!(!left.is_zero());
        let last = elapsed + left.saturating_sub(Duration::from_nanos(1));
        prop_assert_eq!(turns.at(last), (turn, Duration::from_nanos(1)));
        let whole = if turns.at(elapsed + left).0 == Turn::Token { TOKEN_TURN } else { FACE_TURN };
        prop_assert_eq!(turns.at(elapsed + left).1, whole);
        prop_assert_eq!(turns.at(elapsed + turns.round()), (turn, left));
        if let Turn::Face(index) = turn {
            prop_assert!(index < count);
        }
    }
}
