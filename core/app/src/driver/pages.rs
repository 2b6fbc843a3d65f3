//! The pages of the app, each with the state that it alone needs.

use std::time::Duration;

use vidimus_credential::meaning::Standing;
use vidimus_wallet::activity_log::Activity;
use vidimus_wallet::ports::Reading;
use vidimus_wallet::present::{Turn, Turns};

use crate::event::{FramedFace, LockOutcome, OfferRead, QuestionRead};
use crate::screen::Holder;
use crate::trouble::{AnswerTrouble, OfferTrouble, Refusal, Trouble};

/// The page that the driver is on. It holds the ids of the effects that are under way for it.
#[allow(
    clippy::large_enum_variant,
    reason = "there is one at a time, and it is moved, not copied"
)]
pub(crate) enum Page {
    Opening,
    Blocked(Blocked),
    Welcome(Welcome),
    Scan(Scan),
    Offer(OfferPage),
    SignIn(SignInPage),
    License,
    Show(ShowPage),
    Answer(AnswerPage),
    History(Activity),
    Settings(SettingsPage),
}

/// The wallet cannot be opened.
pub(crate) struct Blocked {
    pub(crate) trouble: Trouble,
    pub(crate) unlocking: Option<u64>,
    /// Whether setting the wallet aside waits until a license was added or removed: one that was
    /// just issued must not be lost with the old wallet.
    pub(crate) waits: bool,
}

/// The page where the text of an offer is typed and read.
#[derive(Default)]
pub(crate) struct Welcome {
    pub(crate) text: String,
    /// Whether the field is open.
    pub(crate) typing: bool,
    pub(crate) reading: Option<u64>,
    pub(crate) refusal: Option<Refusal>,
    /// The code that was typed before the app was ended, for the offer that is being read again.
    pub(crate) code: Option<TypedCode>,
}

/// A transaction code, and when it was typed.
#[derive(Clone)]
pub(crate) struct TypedCode {
    pub(crate) text: String,
    pub(crate) at: Reading,
}

/// The camera, and the page that it goes back to.
pub(crate) struct Scan {
    pub(crate) origin: ScanOrigin,
    pub(crate) camera: Option<u64>,
}

/// The page from which the camera was opened.
pub(crate) enum ScanOrigin {
    Welcome(Welcome),
    Answer(AnswerPage),
}

/// An offer that was read.
pub(crate) struct OfferPage {
    /// The effect that read it.
    pub(crate) id: u64,
    /// Its text, from which it can be read again.
    pub(crate) text: String,
    pub(crate) read: OfferRead,
    pub(crate) code: Option<TypedCode>,
    pub(crate) enrolling: Option<Enrolling>,
    pub(crate) refusal: Option<Refusal>,
}

/// A license is being issued, or a step to it is taken.
#[derive(Clone, Copy)]
pub(crate) struct Enrolling {
    pub(crate) id: u64,
    /// The driver wants to stop it.
    pub(crate) stops: bool,
}

impl OfferPage {
    /// The part of the code that was typed.
    pub(crate) fn typed(&self) -> &str {
        self.code.as_ref().map_or("", |code| code.text.as_str())
    }

    /// Whether the whole code was typed.
    pub(crate) fn is_complete(&self) -> bool {
        let Some(asked) = &self.read.code else {
            return true;
        };
        match asked.length {
            Some(length) => characters(self.typed()) == length,
            None => !self.typed().is_empty(),
        }
    }

    /// Whether the license may be asked for now.
    pub(crate) fn may_take(&self) -> bool {
        self.enrolling.is_none() && self.is_complete()
    }
}

/// The page where the driver signs in to the authority.
pub(crate) struct SignInPage {
    pub(crate) step: SignInStep,
    /// Why the last step was not taken.
    pub(crate) refusal: Option<Refusal>,
}

/// How far a sign-in is.
pub(crate) enum SignInStep {
    /// The authority is asked for a sign-in by this effect.
    Asking(Enrolling),
    /// The browser has the page, or is about to open it by this effect.
    Open { opening: Option<u64> },
    /// What the browser brought is taken to the authority by this effect.
    Resuming { task: Enrolling, redirect: String },
    /// Nothing is under way. What the browser brought may be tried again.
    Stopped { redirect: Option<String> },
}

impl SignInPage {
    /// Whether a phone without a screen lock kept the sign-in from beginning.
    pub(crate) fn wants_lock(&self) -> bool {
        let trouble = self.refusal.map(|refusal| refusal.trouble);
        trouble == Some(OfferTrouble::NoLock) && !self.is_working()
    }

    /// Whether the authority is asked.
    pub(crate) const fn is_working(&self) -> bool {
        matches!(
            self.step,
            SignInStep::Asking(_) | SignInStep::Resuming { .. }
        )
    }

    /// Whether something can be begun or tried again.
    pub(crate) fn may_try(&self) -> bool {
        let helps = |refusal: Refusal| refusal.trouble.may_retry();
        !self.is_working() && self.refusal.is_none_or(helps)
    }

    /// What the browser brought, until the authority has taken it.
    pub(crate) fn redirect(&self) -> Option<&String> {
        match &self.step {
            SignInStep::Resuming { redirect, .. } => Some(redirect),
            SignInStep::Stopped { redirect } => redirect.as_ref(),
            SignInStep::Asking(_) | SignInStep::Open { .. } => None,
        }
    }
}

/// How many characters a text has.
pub(crate) fn characters(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

/// A license is shown, or about to be, or was.
pub(crate) struct ShowPage {
    pub(crate) license: String,
    pub(crate) holder: Holder,
    pub(crate) portrait: Option<String>,
    /// Who asked; none where anyone may scan it.
    pub(crate) question: Option<Question>,
    /// Whether the driver shows the face too.
    pub(crate) face: bool,
    pub(crate) step: ShowStep,
}

/// How far a showing is.
pub(crate) enum ShowStep {
    /// The lock is asked by this effect.
    Unlocking(u64),
    Locked(LockOutcome),
    /// The showing is begun by this effect.
    Beginning(u64),
    On(Showing),
    Over {
        by_itself: bool,
    },
    /// It answered a question whose time is over.
    TooLate,
    Failed(Trouble),
}

/// A showing that has begun. Times are those of the boot clock.
pub(crate) struct Showing {
    /// The effect that began it.
    pub(crate) id: u64,
    pub(crate) ends: Duration,
    /// The code on the screen; none before the first.
    pub(crate) code: Option<ShownCode>,
    /// The effect that signs the next one.
    pub(crate) signing: Option<u64>,
    /// Since when code and face are shown in turn; none where the code is shown alone.
    pub(crate) turns_since: Option<Duration>,
}

impl Showing {
    /// Whether the wallet has a face to show with the code.
    pub(crate) fn has_face(&self) -> bool {
        let code = self.code.as_ref();
        code.is_some_and(|code| code.face != FramedFace::None)
    }

    /// Whose turn it is, and for how long; none where the code is shown alone.
    pub(crate) fn turn(&self, now: Reading) -> Option<(Turn, Duration)> {
        let since = self.turns_since?;
        let turns = Turns::new(self.code.as_ref()?.parts());
        Some(turns.at(now.boot.saturating_sub(since)))
    }
}

/// A code on the screen.
pub(crate) struct ShownCode {
    pub(crate) number: u64,
    pub(crate) lasts: Duration,
    pub(crate) next: Duration,
    /// When it was signed, in seconds since 1970.
    pub(crate) signed_at: u64,
    pub(crate) standing: Standing,
    pub(crate) as_of: Option<u64>,
    pub(crate) age: Option<Duration>,
    pub(crate) status_left_out: bool,
    pub(crate) face: FramedFace,
}

impl ShownCode {
    /// How many parts the face has; 0 where it was not drawn.
    pub(crate) fn parts(&self) -> usize {
        match self.face {
            FramedFace::Drawn { count } => usize::try_from(count).unwrap_or(0),
            FramedFace::None | FramedFace::NotAsked => 0,
        }
    }
}

impl ShowStep {
    /// Whether the lock is asked, or a code is there or about to be: then no link leads away.
    pub(crate) const fn is_under_way(&self) -> bool {
        matches!(self, Self::Unlocking(_) | Self::Beginning(_) | Self::On(_))
    }
}

/// The page where an officer's question is read and answered.
#[derive(Default)]
pub(crate) struct AnswerPage {
    pub(crate) text: String,
    pub(crate) trouble: Option<AnswerTrouble>,
    pub(crate) reading: Option<u64>,
    pub(crate) question: Option<Question>,
    /// Whether the driver agrees to show the face to who asks.
    pub(crate) face: bool,
}

impl AnswerPage {
    /// Whether who asks wants the face too.
    pub(crate) fn wants_face(&self) -> bool {
        let question = self.question.as_ref();
        question.is_some_and(|question| question.read.wants_face)
    }
}

/// A question that was read.
#[derive(Clone)]
pub(crate) struct Question {
    /// The effect that read it.
    pub(crate) id: u64,
    pub(crate) read: QuestionRead,
}

/// What is stored, and how to remove it.
#[derive(Default)]
pub(crate) struct SettingsPage {
    /// The license whose removal is asked about.
    pub(crate) asked: Option<String>,
    pub(crate) unlocking: Option<u64>,
    pub(crate) removing: Option<u64>,
}

impl SettingsPage {
    /// Whether an answer to the question is under way.
    pub(crate) const fn is_busy(&self) -> bool {
        self.unlocking.is_some() || self.removing.is_some()
    }
}
