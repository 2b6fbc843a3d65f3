//! A verdict on the screen.

use super::super::{CardStatus, Holder};
use crate::tone::{Note, Sign};
use crate::words::Words;

/// What is to be thought of a license: it fills the screen.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct VerdictScreen {
    /// One word: accept it, look closer, or refuse it.
    pub word: Words,
    /// The tone of the verdict and its shape.
    pub sign: Sign,
    /// The number of the newest verdict that was told by sound, touch and speech. The shell tells
    /// it where the number is higher than the last one that it told.
    pub announcement: u64,
    /// All of it in one sentence, to be spoken.
    pub spoken: Words,
    /// What the license says; none where no authority has signed it.
    pub holder: Option<Holder>,
    /// What the authority calls itself.
    pub authority: Option<String>,
    /// How the license stands, when its status was signed, and how old that is; none where no
    /// authority has signed it.
    pub standing: Option<CardStatus>,
    /// Where the status came from.
    pub source: Option<Words>,
    /// Why the verdict is what it is, the decisive reasons first, each with what to do now.
    pub reasons: Vec<ReasonRow>,
    /// The face that the authority signed, as far as it was read.
    pub face: FaceView,
    /// What to do about the face.
    pub face_hint: Option<Words>,
    /// What is wrong with the reader itself, and what else there is to know.
    pub notes: Vec<Note>,
    /// Whose clock is wrong, and by how much.
    pub clock: Option<Words>,
    /// When this code was seen before.
    pub first_seen: Option<Words>,
    /// Whether asking the driver's phone would settle a doubt. It may be asked in any case.
    pub doubtful: bool,
    /// Whether it is the answer of the driver's phone to a question.
    pub is_answer: bool,
    /// Whether the torch is on; none where the camera does not look any more.
    pub torch: Option<bool>,
}

/// A reason of a verdict.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct ReasonRow {
    /// The stable code, for a support desk.
    pub code: String,
    /// How much it weighs.
    pub sign: Sign,
    /// The sentence that says what it means.
    pub words: Words,
    /// What to do now.
    pub what_to_do: Words,
}

/// The driver's face, as far as it was read.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Clone, PartialEq, Eq)]
pub enum FaceView {
    /// The license has none, or nothing proves it.
    None,
    /// The license names one, and the driver's phone does not show it yet.
    Awaited,
    /// Parts of it were read.
    Ring {
        /// How many were read.
        read: u32,
        /// How many there are.
        count: u32,
    },
    /// It is whole, as the authority has signed it.
    Picture {
        /// The id of its picture.
        id: String,
    },
}
