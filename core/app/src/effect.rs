//! What is to be done in the world: by Rust itself, or by the shell.

use crate::event::Scope;

/// What comes of an event, beside the next state.
pub enum Effect {
    /// Something that Rust does itself.
    Do {
        /// Its name, until it is done.
        id: u64,
        /// What to do.
        task: Task,
    },
    /// Something that the shell does.
    Ask {
        /// Its name, until it is done.
        id: u64,
        /// What to do.
        ask: Ask,
    },
    /// An effect need not go on. What has an end of its own comes to it all the same, and says so.
    Stop {
        /// Which.
        id: u64,
    },
}

/// What Rust does itself.
pub enum Task {
    /// Opens the wallet of this phone, or makes it where there is none.
    Open,
    /// Moves the wallet's files aside and makes a new one. Nothing is deleted.
    BeginAnew,
    /// Reads the licenses again.
    Reread,
    /// Reads an offer.
    ReadOffer {
        /// Its text.
        text: String,
    },
    /// Takes up an offer.
    Enroll {
        /// The id of the effect that read it.
        offer: u64,
        /// The transaction code.
        code: Option<String>,
    },
    /// Asks the authority.
    Refresh {
        /// For what.
        scope: Scope,
    },
    /// Begins to show a license to everybody who scans it.
    Present {
        /// Its id.
        license: String,
    },
    /// Reads an officer's question.
    ReadQuestion {
        /// Its text.
        text: String,
    },
    /// Begins to show a license to who asked.
    Answer {
        /// The id of the effect that read the question.
        question: u64,
        /// The license's id.
        license: String,
    },
    /// Signs the next code of a showing.
    NextFrame {
        /// The id of the effect that began it.
        showing: u64,
    },
    /// Ends a showing and writes its entry in the log. One that no code was signed of has none.
    EndShowing {
        /// The id of the effect that began it.
        showing: u64,
    },
    /// Reads what happened.
    ReadHistory,
    /// Removes a license.
    Remove {
        /// Its id.
        license: String,
    },
}

/// What happens to an effect whose page the driver leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It is stopped, and its answer is nobody's any more.
    Abandoned,
    /// It goes to its end. Its answer never changes the page; the licenses are read again.
    ToItsEnd,
}

impl Task {
    /// What happens to it when its page is left.
    #[must_use]
    pub const fn end(&self) -> End {
        match self {
            Self::Reread
            | Self::ReadOffer { .. }
            | Self::Refresh { .. }
            | Self::ReadQuestion { .. }
            | Self::NextFrame { .. }
            | Self::ReadHistory => End::Abandoned,
            Self::Open
            | Self::BeginAnew
            | Self::Enroll { .. }
            | Self::Present { .. }
            | Self::Answer { .. }
            | Self::EndShowing { .. }
            | Self::Remove { .. } => End::ToItsEnd,
        }
    }

    /// Whether the system is not to suspend the app meanwhile: an issuer takes a code once, and what was shown is to stand
    /// in the log.
    #[must_use]
    pub const fn keeps_awake(&self) -> bool {
        matches!(
            self,
            Self::BeginAnew | Self::Enroll { .. } | Self::EndShowing { .. } | Self::Remove { .. }
        )
    }
}

/// What the shell does. It finds it in each update until it has sent `Done`, or until it is gone there: then nobody waits
/// for it any more, and a dialog that is open for it is closed.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// Ask the phone's lock for its owner. Answer: `Lock`.
    Unlock {
        /// Why, which the system's dialog says.
        reason: UnlockReason,
    },
    /// Let the camera look for a QR. Answer: `Seen` or `CameraRefused`.
    Camera,
    /// Lead the driver out of the app. Answer: `Left`, once that was begun.
    Leave {
        /// Where to.
        to: Place,
    },
    /// Keep what `saved` of the app gives where the system keeps the state of an app. Answer: `Saved`.
    Save,
    /// Ask the system not to suspend the app until this is gone. It needs no answer.
    StayAwake,
}

/// Why the phone's lock is asked.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnlockReason {
    /// To show a license, or to open what holds it: `show.unlocking`.
    Showing,
    /// To remove one: `settings.remove.title`.
    Removing,
}

/// A place outside of the app.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The system's settings of the clock.
    Clock,
    /// The system's settings of the screen lock.
    Lock,
    /// The system's settings of the storage.
    Storage,
    /// The store's page of this app.
    Store,
    /// How to reach the authority.
    Authority,
}

/// Something that the shell is asked to do.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShellEffect {
    /// Its name, which `Done` repeats.
    pub id: u64,
    /// What to do.
    pub ask: Ask,
}
