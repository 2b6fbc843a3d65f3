//! What is on the phone's screen: a value, from which the same picture is drawn on every system.
//!
//! A screen holds no bytes, and no text for people but what was typed or signed: words are keys of
//! the table of texts. Nearly all of it is personal, so none of it has a `Debug`. Fixed labels,
//! such as the word over a field, are not here: the shells have them.

mod license;
pub mod officer;
mod show;
mod sign_in;

pub use license::{
    CardStatus, CategoryRow, Condition, Holder, LicenseCard, LicenseScreen, Pager,
    RemovableLicense, SettingsLink, SettingsScreen,
};
pub use show::{Asker, FaceAsked, FaceTurn, LiveCode, Offered, ShowButton, ShowPhase, ShowScreen};
pub use sign_in::{ApplicationButton, ApplicationCard, ApplicationOffer, SignInScreen};

use crate::tone::Note;
use crate::trouble::Story;
use crate::words::{Value, Words};

/// What is on the screen.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Clone, PartialEq, Eq)]
pub enum Screen {
    /// The wallet is being opened.
    Opening,
    /// There is no license yet, or another one is to be added.
    Welcome(WelcomeScreen),
    /// The camera looks for a QR.
    Scan(ScanScreen),
    /// An offer of a license.
    Offer(OfferScreen),
    /// The driver signs in to the authority.
    SignIn(SignInScreen),
    /// The licenses on this phone.
    License(LicenseScreen),
    /// A license is shown.
    Show(ShowScreen),
    /// An officer's question is read and answered.
    Answer(AnswerScreen),
    /// What happened to the licenses.
    History(HistoryScreen),
    /// What is stored, and how to remove it.
    Settings(SettingsScreen),
    /// The wallet cannot be opened.
    Blocked(BlockedScreen),
}

impl Screen {
    /// The stable name, for logs and tests.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Welcome(_) => "welcome",
            Self::Scan(_) => "scan",
            Self::Offer(_) => "offer",
            Self::SignIn(_) => "sign_in",
            Self::License(_) => "license",
            Self::Show(_) => "show",
            Self::Answer(_) => "answer",
            Self::History(_) => "history",
            Self::Settings(_) => "settings",
            Self::Blocked(_) => "blocked",
        }
    }

    /// Whether the system must keep no picture of it: it shows a license, an offer, or what
    /// happened to one, or a camera that may see a letter.
    #[must_use]
    pub const fn is_personal(&self) -> bool {
        match self {
            Self::Opening | Self::Blocked(_) => false,
            Self::Welcome(welcome) => {
                !welcome.offer.text.is_empty() || !welcome.applications.is_empty()
            }
            Self::Scan(_)
            | Self::Offer(_)
            | Self::SignIn(_)
            | Self::License(_)
            | Self::Show(_)
            | Self::Answer(_)
            | Self::History(_)
            | Self::Settings(_) => true,
        }
    }
}

/// A field in which the driver types.
///
/// The shell numbers what is typed, upwards, over all fields. It shows its own text until `edit` is
/// the number of its last one: then the core has heard all that was typed, and this text counts. So
/// a slow core never eats a key. A shell that begins anew counts on from here.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct Field {
    /// The text in the field.
    pub text: String,
    /// The number of the newest typing that the core has heard; 0 before the first.
    pub edit: u64,
}

/// Nothing yet, or another license is to be added: how to begin.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct WelcomeScreen {
    /// What it is called.
    pub title: Words,
    /// The sentence that says what to do.
    pub body: Words,
    /// Whether there is a license to go back to. Where there is none, history and settings are
    /// reached from here.
    pub may_go_back: bool,
    /// A phone without a screen lock keeps no keys: the driver sets one before the first license.
    /// The button is the action `SetLock`.
    pub lock: Option<Note>,
    /// Whether the driver may sign in to the authority, by the action `SignIn`: the first of the
    /// ways to a license.
    pub may_sign_in: bool,
    /// What was applied for and has not come, as cards above all else.
    pub applications: Vec<ApplicationCard>,
    /// Whether the field for the text of an offer is open. It opens by the action `TypeInstead`.
    pub typing: bool,
    /// The text of the offer.
    pub offer: Field,
    /// Whether the offer is being read: then nothing else can be done but going back.
    pub reading: bool,
    /// Whether there is something to read.
    pub may_read: bool,
    /// Why the last offer was not taken.
    pub refusal: Option<Note>,
    /// What went wrong meanwhile, where there is no license to say it beside.
    pub troubles: Vec<Story>,
}

/// The camera, which looks for a QR.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct ScanScreen {
    /// What is looked for.
    pub title: Words,
    /// How to hold the phone; none where the camera does not look.
    pub hint: Option<Words>,
    /// The camera may not be used. The action `AllowCamera` leads to the system's settings.
    pub refused: Option<Note>,
    /// What to do instead of scanning: it stands on the button of the action `TypeInstead`.
    pub instead: Words,
}

/// An offer that was read.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct OfferScreen {
    /// The address of who offers.
    pub issuer: String,
    /// What the issuer calls itself; its own word.
    pub name: Option<String>,
    /// Whether it is the authority that this app was made for.
    pub proof: Note,
    /// The field for the transaction code; none where none is asked for.
    pub code: Option<CodeField>,
    /// Whether the license is being issued.
    pub issuing: bool,
    /// Why it was not issued, the last time.
    pub refusal: Option<Note>,
    /// Whether the driver may set a screen lock now, without which no key is made.
    pub wants_lock: bool,
    /// Whether the license may be asked for now.
    pub may_take: bool,
}

/// The field for a transaction code.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct CodeField {
    /// What was typed, without what cannot belong to it.
    pub field: Field,
    /// Whether it has digits alone.
    pub numeric: bool,
    /// Where to find it.
    pub hint: Words,
    /// The same in the issuer's own words, beside ours.
    pub issuer_hint: Option<String>,
    /// How many characters there are, where the issuer says so.
    pub length: Option<CodeLength>,
}

/// How much of a transaction code is there.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct CodeLength {
    /// How many characters there must be.
    pub count: u32,
    /// Whether all of it is there.
    pub complete: bool,
    /// How many there must be, or how many are missing.
    pub words: Option<Words>,
}

/// An officer's question: its digits, or who asks.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct AnswerScreen {
    /// The field for the digits.
    pub digits: Field,
    /// Whether there is something to read.
    pub may_read: bool,
    /// Why the last question was not taken.
    pub problem: Option<Note>,
    /// Who asks, once it was read. Then there is nothing to do but to show the license, or to go
    /// back.
    pub asker: Option<Asker>,
    /// Which license answers, once it is known who asks.
    pub license: Option<Words>,
    /// What the reader will see, once it is known who asks.
    pub shares: Vec<Words>,
    /// The reader wants the face too; none where it does not, or where there is none to show.
    pub face: Option<FaceAsked>,
}

/// What happened, the newest first.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct HistoryScreen {
    /// Someone else has changed the log.
    pub broken: Option<Note>,
    /// What happened, at most 100 rows.
    pub rows: Vec<HistoryRow>,
}

/// One thing that happened.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct HistoryRow {
    /// Which picture it has.
    pub kind: HistoryKind,
    /// The sentence that says what happened.
    pub headline: Words,
    /// Which status was shown.
    pub status: Option<Words>,
    /// What else there is to say, as a list in one line.
    pub details: Vec<Words>,
    /// The day when it happened. It stands as a heading over the first row of each day.
    pub day: Value,
    /// The moment when it happened.
    pub at: Value,
}

/// What happened to a license.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryKind {
    /// It was shown to anyone who saw the screen.
    Shown,
    /// It was shown to a reader who asked.
    Answered,
    /// It was issued to this phone.
    Enrolled,
    /// The license was renewed.
    Renewed,
    /// The status of the license changed.
    StatusChanged,
    /// The license was removed.
    Removed,
}

/// The wallet cannot be opened.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct BlockedScreen {
    /// Why the wallet cannot be opened.
    pub story: Story,
    /// Whether something is under way; its button does nothing then.
    pub working: bool,
}
