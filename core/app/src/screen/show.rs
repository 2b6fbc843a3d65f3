//! A license that is shown, or about to be, or was.

use super::{CardStatus, Note, Story, Value, Words};
use crate::trouble::TroubleAction;

/// A license that is shown, or about to be, or was. From each phase without a code a button or the
/// way back leads on.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct ShowScreen {
    /// How far it is.
    pub phase: ShowPhase,
    /// What may be done.
    pub button: Option<ShowButton>,
}

/// How far a showing is.
#[allow(
    clippy::large_enum_variant,
    reason = "there is one at a time, and a box would not cross to the other languages"
)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Clone, PartialEq, Eq)]
pub enum ShowPhase {
    /// The phone's lock is asked.
    Unlocking {
        /// What is said meanwhile.
        words: Words,
    },
    /// The lock did not open; nothing was shown.
    Locked {
        /// Why the lock did not open.
        note: Note,
    },
    /// The first code is being signed.
    Starting {
        /// What is said meanwhile.
        words: Words,
    },
    /// A code is on the screen.
    Live {
        /// The code, and what it says.
        code: LiveCode,
    },
    /// The showing has ended.
    Over {
        /// What is said of it, in paragraphs.
        words: Vec<Words>,
    },
    /// It could not be shown.
    Failed {
        /// Why it could not be shown.
        story: Story,
    },
}

/// A button of a showing.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct ShowButton {
    /// What stands on it.
    pub words: Words,
    /// What the button does.
    pub does: Offered,
}

/// What a button of a showing does.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offered {
    /// Asks the lock, and shows.
    Show,
    /// Begins to answer an officer anew.
    Answer,
    /// Does what a trouble offers.
    Act {
        /// The action that the trouble offers.
        action: TroubleAction,
    },
}

/// The code that is on the screen.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct LiveCode {
    /// The id of the showing, by which its picture is asked for.
    pub showing: u64,
    /// The number of the picture that is on now, from 1: a code, or a part of the face. Those of
    /// one code are shown again and again, so the number may go back.
    pub frame: u64,
    /// The name of the holder.
    pub holder: String,
    /// The id of the portrait; none where the wallet has none.
    pub portrait: Option<String>,
    /// The number of the license.
    pub number: String,
    /// The codes of its categories.
    pub categories: Vec<String>,
    /// The time of day by the best clock of this phone, beside the time of the status.
    pub now: Value,
    /// Whether the face is shown in turn with the code, and whose turn it is.
    pub face: FaceTurn,
    /// How the license stood when the code was signed.
    pub status: CardStatus,
    /// Whole seconds until the next code.
    pub next_in_s: u32,
    /// How many there are between two codes.
    pub period_s: u32,
    /// The same in words.
    pub next: Words,
    /// Until it ends by itself.
    pub ends: Words,
    /// All of it in one sentence, for a driver who hears the screen.
    pub spoken: Words,
    /// The reader that it answers; none where anyone may scan it.
    pub audience: Option<Asker>,
    /// The status did not fit into the code.
    pub status_left_out: Option<Note>,
}

/// The driver's face beside a code. It is off in each showing until the driver turns it on.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaceTurn {
    /// The wallet has no picture of the driver that can be shown.
    None,
    /// It is not shown.
    Off,
    /// It is shown, and the code is on now.
    Token,
    /// It is shown, and this part of it is on now.
    Frame {
        /// Which part, from 0.
        index: u32,
        /// How many parts the face has.
        count: u32,
    },
}

/// A reader wants the face too, and the driver says whether it is shown.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FaceAsked {
    /// Whether the driver agrees.
    pub on: bool,
}

/// Who asks, and whether that is proven.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct Asker {
    /// The proven name, what the reader calls itself, or that digits were told.
    pub name: Value,
    /// Whether the name is proven.
    pub proof: Note,
}
