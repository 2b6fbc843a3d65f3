//! Effects: what Rust or the shell must do after an event.

pub use crate::place::Place;

/// What follows from an event, beside the next state: in the driver's app, or with the tasks and
/// questions of another one.
pub enum Effect<T = Task, A = Ask> {
    /// Something that Rust does itself.
    Do {
        /// Its number, until it is done.
        id: u64,
        /// The task to run.
        task: T,
    },
    /// Something that the shell does.
    Ask {
        /// Its number, until it is done.
        id: u64,
        /// What the shell is asked for.
        ask: A,
    },
    /// An effect is not needed any more. One that must be completed goes on, and still gives its
    /// outcome.
    Stop {
        /// The id of the effect.
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
    /// Reads the text of an offer.
    ReadOffer {
        /// The text as it was typed or scanned.
        text: String,
    },
    /// Takes up an offer.
    Enroll {
        /// The id of the effect that read it.
        offer: u64,
        /// The transaction code, where the offer asks for one.
        code: Option<String>,
    },
    /// Asks the authority for newer data.
    Refresh {
        /// What to ask for.
        scope: Scope,
    },
    /// Begins to show a license to anyone who scans it.
    Present {
        /// The license's id in the wallet.
        license: String,
    },
    /// Reads an officer's question.
    ReadQuestion {
        /// The text as it was typed or scanned.
        text: String,
    },
    /// Begins to show a license to who asked.
    Answer {
        /// The id of the effect that read the question.
        question: u64,
        /// The id of the license to show.
        license: String,
    },
    /// Signs the next code of a showing.
    NextFrame {
        /// The id of the effect that began it.
        showing: u64,
        /// Whether the driver shows the face too.
        face: bool,
    },
    /// Ends a showing and writes its entry in the log. A showing without a signed code has no
    /// entry.
    EndShowing {
        /// The id of the effect that began it.
        showing: u64,
    },
    /// Reads the activity log.
    ReadHistory,
    /// Asks the authority for a sign-in, which the browser goes on with.
    Apply,
    /// Goes on with what the browser brought back.
    Resume {
        /// The whole address that the browser was led back to.
        redirect: String,
    },
    /// Gives the sign-in up.
    Abandon,
    /// Removes an application that was refused.
    Dismiss {
        /// The application's id in the wallet.
        application: String,
    },
    /// Removes a license from the wallet.
    Remove {
        /// The license's id in the wallet.
        license: String,
    },
}

/// What to ask the authority for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// What is due when the driver opens the app.
    Opened,
    /// Everything that is due.
    Due,
    /// The newest status, due or not.
    Now,
}

/// What happens to an effect whose page the driver leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It is stopped, and its answer is ignored.
    Abandoned,
    /// It is completed. Its answer never changes the page; the licenses are read again.
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
            | Self::Apply
            | Self::Resume { .. }
            | Self::Abandon
            | Self::Dismiss { .. }
            | Self::Remove { .. } => End::ToItsEnd,
        }
    }

    /// Whether the system must not suspend the app meanwhile: an issuer accepts a code once, and
    /// what was shown must be in the log.
    #[must_use]
    pub const fn keeps_awake(&self) -> bool {
        matches!(
            self,
            Self::BeginAnew
                | Self::Enroll { .. }
                | Self::Resume { .. }
                | Self::EndShowing { .. }
                | Self::Remove { .. }
        )
    }
}

/// What the shell must do. It is in each update until the shell has sent `Done`. Where it is gone
/// before, its answer is not needed any more, and the shell must close a dialog that it opened for
/// it.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// Ask the phone's lock for its owner. Answer: `Lock`.
    Unlock {
        /// The reason, which the system's dialog says.
        reason: UnlockReason,
    },
    /// Let the camera look for a QR. Answer: `Seen` or `CameraRefused`.
    Camera,
    /// Lead the driver out of the app. Answer: `Left`, once that was begun.
    Leave {
        /// The place to open.
        to: Place,
    },
    /// Open the address that `sign_in_address` of the app gives in the system's browser, never in
    /// a view of the app itself. It stays while the app is away. Answer: `Left` once the page is
    /// open, or where the browser belongs to the app once it is closed; `NoBrowser`.
    OpenBrowser,
    /// Store what `saved` of the app gives, where the system keeps the state of an app. Answer:
    /// `Saved`.
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

/// Something that the shell is asked to do.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShellEffect {
    /// Its name, which `Done` repeats.
    pub id: u64,
    /// What the shell is asked for.
    pub ask: Ask,
}
