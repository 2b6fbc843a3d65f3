//! Signing in to the authority, and what was applied for.

use crate::tone::Note;
use crate::words::Words;

/// The page where the driver signs in: it waits for the browser, or for the authority.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct SignInScreen {
    /// The address of the authority whose page the browser opens.
    pub authority: String,
    /// What is waited for, and why, as paragraphs.
    pub told: Vec<Words>,
    /// Until when the browser may come back.
    pub until: Option<Words>,
    /// Whether the authority is asked: then nothing else can be done but going back.
    pub working: bool,
    /// Why it does not go on.
    pub refusal: Option<Note>,
    /// Whether the driver may set a screen lock now, without which no key is made.
    pub wants_lock: bool,
    /// What stands on the button of the action `SignIn`; none where that does nothing.
    pub button: Option<Words>,
    /// Whether the sign-in may be given up, by the action `CancelSignIn`.
    pub may_cancel: bool,
}

/// A license that was applied for and has not come, as a card.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct ApplicationCard {
    /// Its id in the wallet, which is not shown.
    pub id: String,
    /// How far it is.
    pub stage: Note,
    /// What that means and what to do, one sentence after another.
    pub told: Vec<Words>,
    /// The authority's own words, as its and not the app's.
    pub authority_says: Option<String>,
    /// Whether the authority is being asked about it.
    pub asking: bool,
    /// What may be done with it.
    pub button: Option<ApplicationButton>,
}

/// The button of an application's card.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct ApplicationButton {
    /// What stands on it.
    pub words: Words,
    /// The action that a tap on it sends.
    pub does: ApplicationOffer,
}

/// What the button of an application's card does.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApplicationOffer {
    /// The action `SignIn`.
    SignIn,
    /// The action `Refresh`.
    Refresh,
    /// The action `Dismiss`, with the id of the card.
    Dismiss,
}
