//! Applications for a license: sign-ins that are under way, licenses that the authority has still
//! to issue, and those that it refused.

use vidimus_credential::all_variants;
use vidimus_credential::time::UnixTime;

use crate::licenses::LicenseId;

/// The app as the authority knows it (RFC 6749, section 2.2): a public client, which has no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInClient {
    /// The client's id at the authority.
    pub client_id: String,
    /// The address that the browser is sent to at the end. It must be registered for this client; a
    /// loopback address may have any port.
    pub redirect_uri: String,
    /// The languages of the sign-in pages as BCP 47 tags, the preferred one first. May be empty:
    /// then the browser's decide.
    pub languages: Vec<String>,
}

/// A sign-in that the driver continues in the browser. Its address is good once and has no
/// `Debug`.
pub struct SignIn {
    /// The address to open in the system's browser, never in a web view. Open it at once: it is
    /// good for about a minute.
    pub url: String,
    /// Until when the browser may come back.
    pub expires: UnixTime,
}

/// The result of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// The license is in the wallet.
    Received(LicenseId),
    /// The authority has not issued the license, and the application says why. While it waits,
    /// [`refresh`](crate::Wallet::refresh) asks for it.
    Waiting(Application),
}

/// An application for a license that is not in the wallet yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// The id that the license will have in this wallet.
    pub id: LicenseId,
    /// When the application began, by the wallet's best time.
    pub since: UnixTime,
    /// How far it has come.
    pub state: ApplicationState,
}

/// How far an application has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApplicationState {
    /// The driver signs in with the browser.
    SigningIn {
        /// Until when the browser may come back.
        expires: UnixTime,
    },
    /// The authority has still to issue the license, or the wallet has still to fetch it.
    Waiting {
        /// When a refresh asks next; a past time where it is due now.
        next: UnixTime,
    },
    /// The authority will not issue it. The driver may apply again.
    Refused {
        /// Why it was refused.
        reason: ReviewReason,
        /// The clerk's words, at most 256 bytes. They are fit to be shown, and may be personal.
        words: Option<String>,
    },
}

/// Why the authority refused an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReviewReason {
    /// The photo is not clear enough.
    PhotoUnclear,
    /// The photo is too old.
    PhotoNotRecent,
    /// The photo shows another person.
    PhotoOtherPerson,
    /// Papers are missing.
    PapersMissing,
    /// Any other reason, and one that this version does not know.
    Other,
}

all_variants! {
    /// Every reason.
    ReviewReason { PhotoUnclear, PhotoNotRecent, PhotoOtherPerson, PapersMissing, Other }
}

impl ReviewReason {
    /// The name of the reason on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PhotoUnclear => "photo_unclear",
            Self::PhotoNotRecent => "photo_not_recent",
            Self::PhotoOtherPerson => "photo_other_person",
            Self::PapersMissing => "papers_missing",
            Self::Other => "other",
        }
    }

    /// The reason of a name. One that is not known is [`Other`](Self::Other).
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        let known = Self::ALL.into_iter().find(|reason| reason.name() == name);
        known.unwrap_or(Self::Other)
    }
}
