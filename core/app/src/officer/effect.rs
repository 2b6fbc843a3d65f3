//! Effects: what Rust or the shell must do after an event.

use crate::effect::{Effect, Place};

/// What follows from an event of the officer's app, beside the next state.
pub(super) type OfficerEffect = Effect<OfficerTask, OfficerAsk>;

/// What Rust does itself.
pub enum OfficerTask {
    /// Opens the book of this phone, or makes it where there is none.
    Open,
    /// Moves the book's files aside and makes a new one. Nothing is deleted.
    BeginAnew,
    /// Fetches lists and statuses.
    Refresh {
        /// All of them, and not only those that are due.
        all: bool,
    },
    /// Takes the codes of one picture.
    Take {
        /// The number of the look that it belongs to. A new number begins a new look.
        look: u64,
        /// The id of the effect that asked; none where anyone's code is looked for.
        answers: Option<u64>,
        /// The texts of all codes in the picture.
        texts: Vec<String>,
    },
    /// Makes a challenge that asks for the face too.
    Ask {
        /// Eight digits instead of a QR.
        digits: bool,
    },
    /// Reads the log of the checks.
    ReadLog,
    /// Writes the log of the checks as a file.
    Export,
}

/// What the shell must do. It is in each update until the shell has sent `Done`. Where it is gone
/// before, its answer is not needed any more, and the shell must end what it has begun for it.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfficerAsk {
    /// Let the camera look for QRs until this is gone. Answers: `Texts` for each picture with a QR
    /// in it, or `CameraRefused`.
    Camera,
    /// Keep the torch on until this is gone. It needs no answer.
    Torch,
    /// Let the officer hand over what `exported` of the app gives. Answer: `Shared`.
    Share,
    /// Lead the officer out of the app. Answer: `Left`, once that was begun.
    Leave {
        /// The place to open.
        to: Place,
    },
}

/// Something that the shell is asked to do.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfficerShellEffect {
    /// Its name, which `Done` repeats.
    pub id: u64,
    /// What the shell is asked for.
    pub ask: OfficerAsk,
}
