//! What is on the screen of the app that checks licenses.

mod log;
mod verdict;

pub use log::{CheckLogScreen, CheckRow};
pub use verdict::{FaceView, ReasonRow, VerdictScreen};

use super::Field;
use crate::tone::{Note, Sign};
use crate::trouble::{Trouble, TroubleAction};
use crate::words::{Value, Words};

/// What is on the screen.
#[allow(
    clippy::large_enum_variant,
    reason = "there is one at a time, and a box would not cross to the other languages"
)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Clone, PartialEq, Eq)]
pub enum OfficerScreen {
    /// The reader's book is being opened.
    Opening,
    /// Whom the reader trusts, and how old what it knows is.
    Start(StartScreen),
    /// The camera looks for a code, or one is typed.
    Look(LookScreen),
    /// What is to be thought of a license.
    Verdict(VerdictScreen),
    /// Two licenses are in one picture: neither is judged.
    Two(TwoScreen),
    /// A question for the driver's phone.
    Doubt(DoubtScreen),
    /// The checks of before.
    Log(CheckLogScreen),
    /// The reader's book cannot be opened.
    Blocked(BookBlockedScreen),
}

impl OfficerScreen {
    /// The stable name, for logs and tests.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Start(_) => "start",
            Self::Look(_) => "look",
            Self::Verdict(_) => "verdict",
            Self::Two(_) => "two",
            Self::Doubt(_) => "doubt",
            Self::Log(_) => "log",
            Self::Blocked(_) => "blocked",
        }
    }

    /// Whether the system must keep no picture of it: it shows a license, or a camera that may see
    /// one.
    #[must_use]
    pub const fn is_personal(&self) -> bool {
        match self {
            Self::Opening | Self::Start(_) | Self::Blocked(_) => false,
            Self::Look(_) | Self::Verdict(_) | Self::Two(_) | Self::Doubt(_) | Self::Log(_) => true,
        }
    }
}

/// Whom the reader trusts, and how old what it knows is.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct StartScreen {
    /// The authorities that the reader trusts, with the age of their lists.
    pub trust: Vec<TrustRow>,
    /// What the age of the worst of them means; none where all is new.
    pub note: Option<Note>,
    /// Why the last refresh brought nothing.
    pub trouble: Option<Note>,
    /// Whether the officer waits for the authority's answer.
    pub refreshing: bool,
    /// Whether licenses can be checked.
    pub may_check: bool,
}

/// An authority, and how old what it signed is.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct TrustRow {
    /// The address of the authority.
    pub name: String,
    /// Whether it is new enough.
    pub sign: Sign,
    /// How old its list of keys is, or that there is none.
    pub list: Words,
    /// How old its statuses are, or that there are none.
    pub statuses: Words,
}

/// The camera, or the field instead of it.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct LookScreen {
    /// What is looked for.
    pub title: Words,
    /// How to hold the phone; none where the camera does not look.
    pub hint: Option<Words>,
    /// What the last code was, where it led to no verdict.
    pub miss: Option<Note>,
    /// Whether the torch is on; none where the camera does not look.
    pub torch: Option<bool>,
    /// The camera may not be used. The action `AllowCamera` leads to the system's settings.
    pub refused: Option<Note>,
    /// The field for the text of a code; none where none is typed.
    pub typing: Option<Field>,
    /// Whether there is something to check in the field.
    pub may_read: bool,
}

/// Two licenses are in one picture. The camera goes on.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct TwoScreen {
    /// What was seen, and what to do.
    pub note: Note,
    /// Whether the torch is on.
    pub torch: bool,
}

/// A question for the driver's phone, which an honest one can answer.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct DoubtScreen {
    /// What to do with it.
    pub hint: Words,
    /// The id of its QR, by which the app gives it; none where digits are read out, and before it
    /// is made.
    pub qr: Option<u64>,
    /// The eight digits to read out.
    pub digits: Option<String>,
    /// How long an answer counts; none where there is no question to answer.
    pub ends: Option<Words>,
    /// Why the last answer did not count.
    pub problem: Option<Note>,
    /// Whether it is being made.
    pub asking: bool,
    /// Whether the answer may be looked for.
    pub may_look: bool,
}

/// The reader's book cannot be opened.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct BookBlockedScreen {
    /// Which trouble it is.
    pub trouble: Trouble,
    /// How bad it is.
    pub sign: Sign,
    /// What it is called.
    pub title: Words,
    /// What happened, and what to do.
    pub happened: Words,
    /// What is done by its button.
    pub action: TroubleAction,
    /// What stands on the button.
    pub button: Words,
    /// Whether something is under way; its button does nothing then.
    pub working: bool,
}

impl BookBlockedScreen {
    pub(crate) fn new(trouble: Trouble, working: bool) -> Self {
        let code = trouble.code();
        Self {
            trouble,
            sign: trouble.tone().into(),
            title: Words::of(&format!("trouble.{code}.title")),
            happened: Words::of(&format!("officer.blocked.{code}")),
            action: trouble.action(),
            button: Words::of(trouble.action().word()),
            working,
        }
    }
}

impl TrustRow {
    /// A row of an authority.
    pub(crate) fn new(name: &str, sign: Sign, list: Option<u32>, statuses: Option<u32>) -> Self {
        let words = |age: Option<u32>, some: &str, none: &str| match age {
            Some(minutes) => Words::with(some, vec![Value::Age { minutes }]),
            None => Words::of(none),
        };
        Self {
            name: name.to_owned(),
            sign,
            list: words(list, "officer.trust.list", "officer.trust.no_list"),
            statuses: words(
                statuses,
                "officer.trust.statuses",
                "officer.trust.no_statuses",
            ),
        }
    }
}
