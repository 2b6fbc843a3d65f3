//! Whose turn it is on the screen: the token, or a frame of the face. Pure and without a clock.
//!
//! The token for two seconds, the face's frames twice in a row at five a second, and again.
//! `docs/legibility.md` says why two passes: a camera that lost a frame gets it again at once.

use std::time::Duration;

/// How long the token stays on the screen between two rounds of the face.
pub const TOKEN_TURN: Duration = Duration::from_secs(2);

/// How long one frame of the face stays on the screen.
pub const FACE_TURN: Duration = Duration::from_millis(200);

/// How often the frames of the face are shown before the token's next turn.
pub const PASSES: u32 = 2;

/// What is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The token has its turn.
    Token,
    /// A frame of the face, counted from 0.
    Face(usize),
}

/// The turns of a showing whose face has a number of frames; the token alone where it has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turns {
    frames: u32,
}

impl Turns {
    /// The turns of a showing without a face.
    pub const TOKEN_ALONE: Self = Self { frames: 0 };

    /// The turns of a token and a face of so many frames.
    #[must_use]
    pub fn new(frames: usize) -> Self {
        Self {
            frames: u32::try_from(frames).unwrap_or(u32::MAX / PASSES),
        }
    }

    /// How long it takes until everything was shown and the token's turn begins again.
    #[must_use]
    pub fn round(self) -> Duration {
        TOKEN_TURN + FACE_TURN * (self.frames * PASSES)
    }

    /// What is on the screen so long after the first turn began, and for how much longer.
    #[must_use]
    pub fn at(self, elapsed: Duration) -> (Turn, Duration) {
        let round = self.round();
        let within = nanoseconds(elapsed) % nanoseconds(round);
        let Some(since) = within.checked_sub(nanoseconds(TOKEN_TURN)) else {
            let left = TOKEN_TURN.saturating_sub(duration(within));
            return (Turn::Token, left);
        };
        let (count, length) = (u128::from(self.frames), nanoseconds(FACE_TURN));
        let index = (since / length).checked_rem(count).unwrap_or(0);
        let left = FACE_TURN.saturating_sub(duration(since % length));
        (Turn::Face(usize::try_from(index).unwrap_or(0)), left)
    }
}

const fn nanoseconds(duration: Duration) -> u128 {
    duration.as_nanos()
}

/// Only for less than a round.
fn duration(nanoseconds: u128) -> Duration {
    Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
}
