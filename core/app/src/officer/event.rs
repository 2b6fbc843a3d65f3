//! Events: what the officer does, what the shell and Rust answer, and that time passes.

use std::time::Duration;

use vidimus_credential::meaning::{Outcome, Reason, Standing};
use vidimus_credential::status::StatusSource;
use vidimus_wallet::Error;
use vidimus_wallet::reader::{CheckLog, ReaderError, Trouble as BookTrouble};

use crate::screen::Holder;
use crate::trouble::TroubleAction;

/// What the officer does, and what the shell reports. An action that does not fit the present
/// screen does nothing: a tap may come after the screen has changed.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Clone, PartialEq, Eq)]
pub enum OfficerAction {
    /// The app is on the screen. The shell may send it again at any time.
    Seen,
    /// The app is not on the screen any more: every license is taken off the screen.
    Left,
    /// Goes to the previous screen. On the first one it does nothing.
    Back,
    /// Fetches the newest lists and statuses of the authorities.
    Refresh,
    /// Looks for the code of a license, also of the next one after a verdict.
    Check,
    /// Switches the torch on, or off where it is on.
    Torch {
        /// Whether it shall be on.
        on: bool,
    },
    /// Opens the field for the text of a code, instead of the camera.
    TypeInstead,
    /// Changes the text of the code.
    TypeText {
        /// All text that is in the field.
        text: String,
        /// The shell's number of it.
        edit: u64,
    },
    /// Checks the text that was typed.
    ReadText,
    /// Leads to the system's settings, where the camera can be allowed.
    AllowCamera,
    /// Asks the driver's phone, to settle a doubt: by a QR, also once more.
    Ask,
    /// Asks by eight digits that are read out.
    AskByDigits,
    /// Looks for the answer of the driver's phone.
    LookForAnswer,
    /// Opens the page with the checks.
    Log,
    /// Gives the log of the checks out of the app.
    Export,
    /// Does what a trouble offers to do.
    Act {
        /// The action that the trouble offers.
        action: TroubleAction,
    },
    /// Something that the shell was asked for is done, or goes on.
    Done {
        /// The id of the effect.
        id: u64,
        /// What came of it.
        answer: OfficerAnswer,
    },
}

/// What came of an effect of the shell.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Clone, PartialEq, Eq)]
pub enum OfficerAnswer {
    /// The camera took a picture with codes in it. It goes on looking.
    Texts {
        /// The texts of all QRs in this one picture.
        texts: Vec<String>,
    },
    /// The camera may not be used.
    CameraRefused,
    /// The officer was led out of the app.
    Left,
    /// The log was handed over, or was not wanted.
    Shared,
}

/// Everything that can happen.
pub enum OfficerEvent {
    /// The app starts, once.
    Start,
    /// The officer or the shell does something.
    Action(OfficerAction),
    /// Something that Rust does itself is done.
    Done {
        /// The id of the effect that is done.
        id: u64,
        /// What came of it.
        outcome: OfficerOutcome,
    },
    /// Time has passed, and something may be due.
    Tick,
    /// The app ends. After it nothing happens.
    Close,
}

/// Why something did not happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BookFailure {
    /// The reader's book says why.
    Reader(ReaderError),
    /// A fault of this app: a task panicked.
    Internal,
}

impl From<ReaderError> for BookFailure {
    fn from(error: ReaderError) -> Self {
        Self::Reader(error)
    }
}

/// What came of something that Rust does itself.
pub enum OfficerOutcome {
    /// Of opening the book, and of beginning a new one.
    Opened(Result<Vec<Authority>, BookFailure>),
    /// Of a refresh, and the authorities after it.
    Refreshed(
        Result<Fetched, BookFailure>,
        Result<Vec<Authority>, BookFailure>,
    ),
    /// Of the codes of one picture.
    Taken(Result<Vec<Sighting>, BookFailure>),
    /// Of making a challenge.
    Asked(Result<Challenged, BookFailure>),
    /// Of reading the log.
    LogRead(Result<CheckLog, BookFailure>),
    /// Of writing the log as a file, which the runner keeps until it was shared.
    Exported(Result<(), BookFailure>),
}

/// An authority that the reader trusts. Ages are those of the moment when it was read.
#[derive(Clone)]
pub struct Authority {
    /// The address, which stands for its name.
    pub name: String,
    /// Its list of keys; none before the first.
    pub list: Option<KeyList>,
    /// The age of its oldest bundle of statuses; none where one is missing.
    pub statuses: Option<Duration>,
}

/// An authority's list of keys.
#[derive(Debug, Clone, Copy)]
pub struct KeyList {
    /// How old it is.
    pub age: Duration,
    /// How long it is still good for an acceptance; zero once its end is over.
    pub good_for: Duration,
}

/// What a refresh did.
pub struct Fetched {
    /// Why something could not be fetched.
    pub failures: Vec<Error>,
    /// After how long something is due again.
    pub next_in: Duration,
}

/// What the codes of one picture say.
pub enum Sighting {
    /// There is a code, and it is none of a license.
    Unreadable,
    /// A verdict, to be shown in place of any other.
    Verdict {
        /// What is thought of the license.
        judged: Box<Judged>,
        /// Whether it is news, to be told by sound or touch.
        announce: bool,
    },
    /// The phone does not show the answer to the question yet.
    NotAnAnswer,
    /// The license whose verdict is known, and nothing new.
    Same,
    /// Another part of a face.
    Face {
        /// How many parts were read.
        read: u32,
        /// How many there are.
        count: u32,
    },
    /// The whole face of the license whose verdict is known, by the authority's signature.
    Portrait {
        /// The id of its picture.
        id: String,
    },
    /// Two licenses in one picture: neither is judged.
    TwoLicenses,
}

/// A verdict on a license.
#[derive(Clone)]
pub struct Judged {
    /// Accept, Caution or Refuse.
    pub outcome: Outcome,
    /// Why, the decisive reasons first.
    pub reasons: Vec<Reason>,
    /// What the license says, once the authority's signature holds.
    pub holder: Option<Holder>,
    /// How the license stands, once the authority's signature holds.
    pub standing: Option<Standing>,
    /// Where the status came from.
    pub source: StatusSource,
    /// When it was signed, in seconds since 1970.
    pub as_of: Option<u64>,
    /// How old that was at the check.
    pub age: Option<Duration>,
    /// What the authority calls itself.
    pub authority: Option<String>,
    /// Seconds by which the code is ahead of the reader's clock, where they do not fit.
    pub clock_difference_s: Option<i64>,
    /// Whether a challenge tells an honest driver from a forwarded picture.
    pub doubtful: bool,
    /// When this code was first seen, in seconds since 1970; none where that was just now.
    pub first_seen: Option<u64>,
    /// What is known of the driver's face.
    pub face: Face,
    /// What is wrong with the reader itself.
    pub troubles: Vec<BookTrouble>,
}

/// What is known of a driver's face.
#[derive(Clone, PartialEq, Eq)]
pub enum Face {
    /// The license has none.
    None,
    /// The license names one, which its phone can show.
    Expected,
    /// It is there, under the id of its picture.
    Here(String),
}

/// A challenge that was made. Its picture the runner keeps.
pub struct Challenged {
    /// The eight digits; none where it is a QR.
    pub digits: Option<String>,
    /// How long an answer counts.
    pub lasts: Duration,
}
