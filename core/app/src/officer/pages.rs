//! The pages of the app, each with the state that it alone needs. Times are those of the boot
//! clock.

use std::collections::VecDeque;
use std::time::Duration;

use vidimus_wallet::reader::CheckLog;

use super::event::{Challenged, Face, Judged};
use crate::trouble::Trouble;

/// The page that the officer is on. It holds the ids of the effects that are under way for it.
#[allow(
    clippy::large_enum_variant,
    reason = "there is one at a time, and a box would only move it"
)]
pub(super) enum Page {
    Opening,
    Blocked(Blocked),
    Start,
    Look(LookPage),
    Doubt(DoubtPage),
    Log(LogPage),
}

/// The book cannot be opened.
pub(super) struct Blocked {
    pub(super) trouble: Trouble,
    /// Whether it is being opened once more.
    pub(super) working: bool,
}

/// The camera, or the field instead of it, and what came of it.
pub(super) struct LookPage {
    /// The number of the look.
    pub(super) look: u64,
    /// The effect of the camera; none where it may not be used, and where a text is typed.
    pub(super) camera: Option<u64>,
    pub(super) torch: Option<u64>,
    /// The text of a code that is typed.
    pub(super) typing: Option<String>,
    /// The effect that takes the codes of a picture.
    pub(super) taking: Option<u64>,
    /// Pictures that came meanwhile.
    pub(super) waiting: VecDeque<Vec<String>>,
    /// What the last code was, where it led to no verdict.
    pub(super) miss: Option<Miss>,
    /// The last picture had two licenses.
    pub(super) two: bool,
    pub(super) shown: Option<Shown>,
    /// The question whose answer is looked for, and the verdict before it.
    pub(super) answers: Option<Doubt>,
}

/// A code that led to no verdict.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Miss {
    /// It is none of a license.
    NoLicense,
    /// It is none that answers.
    NoAnswerYet,
}

/// A verdict that is on the screen.
#[derive(Clone)]
pub(super) struct Shown {
    pub(super) judged: Judged,
    pub(super) judged_at: Duration,
    /// When something of it last changed.
    pub(super) changed: Duration,
    /// The parts of the face that were read, of how many.
    pub(super) ring: Option<(u32, u32)>,
    /// How many verdicts were announced by then.
    pub(super) announced: u64,
    /// It answers a challenge.
    pub(super) is_answer: bool,
    /// It answers with another license than the one in doubt.
    pub(super) is_another: bool,
}

impl Shown {
    /// Whether the whole face is there.
    pub(super) const fn has_face(&self) -> bool {
        matches!(self.judged.face, Face::Here(_))
    }
}

/// A question to a driver's phone, and the verdict that it is asked about.
#[derive(Clone)]
pub(super) struct Doubt {
    pub(super) first: Shown,
    pub(super) question: Question,
}

/// A question that was made.
#[derive(Clone)]
pub(super) struct Question {
    /// The effect that made it.
    pub(super) id: u64,
    pub(super) digits: Option<String>,
    pub(super) ends: Duration,
}

impl Question {
    pub(super) fn new(id: u64, made: Challenged, now: Duration) -> Self {
        Self {
            id,
            digits: made.digits,
            ends: now.saturating_add(made.lasts),
        }
    }
}

/// A question is made, or shown.
pub(super) struct DoubtPage {
    pub(super) first: Shown,
    pub(super) by_digits: bool,
    /// The effect that makes it.
    pub(super) asking: Option<u64>,
    pub(super) question: Option<Question>,
    pub(super) problem: Option<Problem>,
}

/// Why the last question did not settle a doubt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    /// What was seen was no answer to it.
    NoAnswer,
    /// Its time is over.
    Over,
    /// It could not be made.
    NotMade,
}

/// The checks that are in the log.
pub(super) struct LogPage {
    pub(super) log: CheckLog,
    /// The effect that writes the file.
    pub(super) exporting: Option<u64>,
    /// The effect that wrote the file, and the one that shares it.
    pub(super) sharing: Option<(u64, u64)>,
    /// The last export failed.
    pub(super) failed: bool,
}
