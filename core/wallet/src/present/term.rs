//! How long a presentation lasts.

use std::time::Duration;

use super::{ANSWER_LENGTH, LENGTH};
use crate::error::Error;
use crate::ports::Reading;

/// The remaining time of one presentation, which a screen can ask while a frame is being made.
#[derive(Debug, Clone, Copy)]
pub struct Term {
    started: Reading,
    /// When its challenge was read; `None` without a challenge.
    asked: Option<Reading>,
}

impl Term {
    pub(super) const fn new(started: Reading, asked: Option<Reading>) -> Self {
        Self { started, asked }
    }

    /// The remaining time; zero once it has ended.
    pub fn remaining(&self, reading: Reading) -> Duration {
        let shown = left(LENGTH, self.started, reading);
        self.asked.map_or(shown, |asked| {
            shown.min(left(ANSWER_LENGTH, asked, reading))
        })
    }

    /// The reason why it has ended; `Ok` while it lasts.
    pub(super) fn check(&self, reading: Reading) -> Result<(), Error> {
        let is_over = |asked| left(ANSWER_LENGTH, asked, reading).is_zero();
        if self.asked.is_some_and(is_over) {
            Err(Error::ChallengeOver)
        } else if self.remaining(reading).is_zero() {
            Err(Error::PresentationEnded)
        } else {
            Ok(())
        }
    }
}

/// The rest of `length` since `begun`, by the boot clock; zero after a restart.
fn left(length: Duration, begun: Reading, now: Reading) -> Duration {
    let elapsed = now.boot.checked_sub(begun.boot);
    match elapsed {
        Some(elapsed) if begun.boot_id == now.boot_id => length.saturating_sub(elapsed),
        _ => Duration::ZERO,
    }
}
