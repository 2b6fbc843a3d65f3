//! Events: what the driver does, what the shell and Rust answer, and that time passes.

use std::time::Duration;

use vidimus_credential::meaning::Standing;
use vidimus_wallet::ReviewReason;
use vidimus_wallet::activity_log::Activity;
use vidimus_wallet::issuance::IssuerStanding;

pub use crate::effect::Scope;
use crate::place::Place;
use crate::screen::Holder;
use crate::trouble::{Failure, TroubleAction};

/// What the driver does, and what the shell reports. An action that does not fit the present screen
/// does nothing: a tap may come after the screen has changed.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Clone, PartialEq, Eq)]
pub enum Action {
    /// The app is on the screen. The shell may send it again at any time.
    Seen {
        /// Whether the phone has a screen lock now.
        has_lock: bool,
    },
    /// The app is not on the screen any more.
    Left,
    /// Goes to the previous screen. On the first one it does nothing.
    Back,
    /// Asks for another license.
    AddLicense,
    /// Changes the text of the offer.
    TypeOffer {
        /// All text that is in the field.
        text: String,
        /// The shell's number of it.
        edit: u64,
    },
    /// Reads the offer that was typed.
    ReadOffer,
    /// Opens the field for typing: on the first page, and instead of the camera.
    TypeInstead,
    /// Leads to the system's settings, where the camera can be allowed.
    AllowCamera,
    /// Lets the camera look for an offer, or for an officer's question where one is answered.
    Scan,
    /// Takes the text of a link, or any other text from outside of the app.
    Link {
        /// The text that was read.
        text: String,
    },
    /// Changes the transaction code.
    TypeCode {
        /// All text that is in the field.
        text: String,
        /// The shell's number of it.
        edit: u64,
    },
    /// Has the license issued.
    TakeOffer,
    /// Signs in to the authority: begins, opens the browser's page again, tries what failed again,
    /// or goes back to the sign-in that is under way.
    SignIn,
    /// Gives up the sign-in that is under way.
    CancelSignIn,
    /// Takes away the card of an application that was refused.
    Dismiss {
        /// The application's id in the wallet.
        application: String,
    },
    /// Brings another license to the front.
    Select {
        /// Its index among the licenses, from 0.
        index: u32,
    },
    /// Asks the authority for the newest status, and what became of an application.
    Refresh,
    /// Shows the license in front, after the phone's lock; also once more.
    Show,
    /// Shows the face in turn with the code, or no longer: of the showing that is on, or of the
    /// answer to a reader who wants it.
    ShowFace {
        /// Whether it is shown.
        on: bool,
    },
    /// Ends the showing that is on.
    EndShow,
    /// Begins to answer an officer with the license in front.
    Answer,
    /// Changes the digits of an officer's question.
    TypeAnswer {
        /// All digits that are in the field.
        text: String,
        /// The shell's number of it.
        edit: u64,
    },
    /// Reads the digits that were typed.
    ReadAnswer,
    /// Answers who asks, after the phone's lock.
    AnswerNow,
    /// Opens the page with what happened.
    History,
    /// Opens the page with the settings.
    Settings,
    /// Opens a place that the settings lead to.
    Open {
        /// The place, from the links of the settings.
        place: Place,
    },
    /// Opens the part of the app that checks the licenses of others.
    Check,
    /// Asks whether a license shall be removed.
    AskToRemove {
        /// The license's id in the wallet.
        license: String,
    },
    /// Does not remove it.
    Keep,
    /// Removes the license that was asked about, after the phone's lock.
    Remove,
    /// Does what a trouble offers to do.
    Act {
        /// The action that the trouble offers.
        action: TroubleAction,
    },
    /// An effect of the shell is done.
    Done {
        /// The id of the effect that is done.
        id: u64,
        /// What came of it.
        answer: Answer,
    },
}

/// What came of an effect of the shell.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Clone, PartialEq, Eq)]
pub enum Answer {
    /// The phone's lock was asked.
    Lock {
        /// What became of it.
        outcome: LockOutcome,
    },
    /// The camera saw a QR.
    Seen {
        /// The text that was read.
        text: String,
    },
    /// The camera may not be used.
    CameraRefused,
    /// The driver was led out of the app.
    Left,
    /// The phone has no browser that opens the page.
    NoBrowser,
    /// The state is kept.
    Saved,
}

/// What became of asking the phone's lock.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockOutcome {
    /// The driver unlocked it.
    Opened,
    /// The driver did not want to.
    Cancelled,
    /// The phone did not know the driver.
    Failed,
    /// The phone has no lock.
    NoLock,
}

/// Everything that can happen.
pub enum Event {
    /// The app starts, once.
    Start,
    /// The driver or the shell does something.
    Action(Action),
    /// Something that Rust does itself is done.
    Done {
        /// The id of the effect that is done.
        id: u64,
        /// What came of it.
        outcome: Outcome,
    },
    /// Time has passed, and something may be due.
    Tick,
    /// The app ends. After it nothing happens.
    Close,
}

/// What came of something that Rust does itself.
pub enum Outcome {
    /// Of opening, and of beginning anew.
    Opened(Result<Opened, Failure>),
    /// Of beginning anew, where the files could not be moved aside: the wallet is what it was.
    NotSetAside(Failure),
    /// Of reading an offer.
    OfferRead(Result<OfferRead, Failure>),
    /// Of taking one up: the license's id, and the licenses after it.
    Enrolled(Result<String, Failure>, Result<Overview, Failure>),
    /// Of asking for a sign-in, and what is in the wallet after it. The runner keeps its address
    /// under the id of the effect.
    SignInBegan(Result<(), Failure>, Result<Overview, Failure>),
    /// Of going on with what the browser brought, and what is in the wallet after it.
    Resumed(Result<Resumed, Failure>, Result<Overview, Failure>),
    /// Of giving the sign-in up, and what is in the wallet after it.
    Abandoned(Result<(), Failure>, Result<Overview, Failure>),
    /// Of removing an application, and what is in the wallet after it.
    Dismissed(Result<(), Failure>, Result<Overview, Failure>),
    /// Of removing one, and the licenses after it.
    Removed(Result<(), Failure>, Result<Overview, Failure>),
    /// Of a refresh, and the licenses after it.
    Refreshed(Result<Refreshed, Failure>, Result<Overview, Failure>),
    /// Of reading the licenses again.
    Reread(Result<Overview, Failure>),
    /// Of beginning a showing: how long it lasts.
    Began(Result<Duration, Failure>),
    /// Of signing a code.
    Framed(Result<Framed, Failure>),
    /// Of ending a showing.
    Ended,
    /// Of reading a question.
    QuestionRead(Result<QuestionRead, Failure>),
    /// Of reading what happened.
    History(Result<Activity, Failure>),
}

/// A wallet that is open.
pub struct Opened {
    /// The address of its authority.
    pub authority: String,
    /// What is in it.
    pub overview: Overview,
}

/// What is in a wallet at one moment.
#[derive(Clone, Default)]
pub struct Overview {
    /// The licenses in the wallet, in order.
    pub licenses: Vec<Held>,
    /// What the driver has applied for and not received, in order.
    pub applications: Vec<Applied>,
    /// Whether the wallet was put back from an older copy.
    pub rolled_back: bool,
    /// Whether something that is stored is damaged.
    pub damaged: bool,
    /// Whether a license was here and none is any more, without the driver's wish.
    pub misses_license: bool,
    /// Whether the clock was set back.
    pub clock_set_back: bool,
}

/// A license that is held.
#[derive(Clone)]
pub struct Held {
    /// Its id in the wallet.
    pub id: String,
    /// What it says; none where its place is damaged.
    pub holder: Option<Holder>,
    /// How it stands now and later, if nothing newer is heard.
    pub outlook: Vec<Outlook>,
    /// When its status was signed, in seconds since 1970.
    pub as_of: Option<u64>,
    /// How old that was when it was read.
    pub age: Option<Duration>,
    /// The id of its portrait.
    pub portrait: Option<String>,
    /// Whether its place is damaged.
    pub damaged: bool,
}

/// A license that the driver has applied for and not received.
#[derive(Clone)]
pub struct Applied {
    /// Its id in the wallet, which the license keeps when it comes.
    pub id: String,
    /// When the driver applied, in seconds since 1970.
    pub since: u64,
    /// How far it is.
    pub stage: ApplicationStage,
}

/// How far an application is.
#[derive(Clone)]
pub enum ApplicationStage {
    /// The driver signs in, in the browser.
    SigningIn {
        /// When that ends, in seconds since 1970.
        until: u64,
        /// How long after it was read that is.
        left: Duration,
    },
    /// The authority has still to issue the license.
    Waiting {
        /// When the authority is asked next, in seconds since 1970.
        next: u64,
    },
    /// The authority has refused it.
    Refused {
        /// The reason that the authority gives.
        reason: ReviewReason,
        /// The clerk's own words beside it.
        words: Option<String>,
    },
}

/// What came of a sign-in.
pub enum Resumed {
    /// The license of this id is in the wallet.
    Received(String),
    /// The authority looks at the application of this id first.
    Waiting(String),
}

/// How a license stands from some moment on.
#[derive(Clone)]
pub struct Outlook {
    /// How long after it was read that begins.
    pub after: Duration,
    /// All that is true of it then, the worst first.
    pub standings: Vec<Standing>,
}

/// An offer that was read. The runner keeps the rest of it under the id of the effect.
#[derive(Clone)]
pub struct OfferRead {
    /// The address of the issuer.
    pub issuer: String,
    /// What the issuer calls itself.
    pub name: Option<String>,
    /// Who vouches for that address.
    pub standing: IssuerStanding,
    /// The transaction code that is asked for.
    pub code: Option<CodeAsked>,
}

/// What a transaction code looks like.
#[derive(Clone)]
pub struct CodeAsked {
    /// Whether it has digits alone.
    pub numeric: bool,
    /// How many characters it has; none where the issuer does not say.
    pub length: Option<u32>,
    /// Where to find it, in the issuer's words.
    pub hint: Option<String>,
}

/// What a refresh did.
pub struct Refreshed {
    /// How many requests were sent.
    pub requests: u32,
    /// What could not be fetched.
    pub failures: Vec<Missed>,
    /// After how long something is due again.
    pub next_in: Duration,
}

/// Something that a refresh could not fetch.
#[derive(Clone)]
pub struct Missed {
    /// Of which license or application; none where it concerns all licenses.
    pub license: Option<String>,
    /// Why it could not be fetched.
    pub failure: Failure,
}

/// A code that was signed. Its picture the runner keeps.
pub struct Framed {
    /// The number of it in its showing, from 1.
    pub number: u64,
    /// How long it is shown.
    pub lasts: Duration,
    /// When it was signed, by the best clock of the phone, in seconds since 1970.
    pub signed_at: u64,
    /// How the license stands.
    pub standing: Standing,
    /// When the status inside was signed, in seconds since 1970.
    pub as_of: Option<u64>,
    /// How old that was then.
    pub age: Option<Duration>,
    /// Whether the status did not fit.
    pub status_left_out: bool,
    /// The face that is shown in turn with it.
    pub face: FramedFace,
}

/// The face beside a code that was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FramedFace {
    /// The wallet has none that can be shown.
    None,
    /// There is one, and it was not asked for.
    NotAsked,
    /// It was drawn. Its parts have the numbers after that of the code.
    Drawn {
        /// How many parts it has.
        count: u32,
    },
}

/// A question that was read. The runner keeps the rest of it under the id of the effect.
#[derive(Clone)]
pub struct QuestionRead {
    /// The proven name, or what the reader calls itself; none for digits that were told.
    pub name: Option<String>,
    /// Whether the name is proven.
    pub proven: bool,
    /// Whether the reader wants to see the face too.
    pub wants_face: bool,
}
