//! Why an offer gave no license.

use vidimus_credential::all_variants;
use vidimus_credential::meaning::Tone;
use vidimus_wallet::Error;

use super::{Failure, offer_trouble_of};
use crate::tone::Note;
use crate::words::{Value, Words};

/// Why an offer or a sign-in gave no license. Each has its own words, which say what to do. It is
/// not `#[non_exhaustive]`: a shell must have words for each.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OfferTrouble {
    /// The text is no offer.
    OfferMalformed,
    /// It asks for what this app does not know.
    OfferUnsupported,
    /// Its issuer demands that phone or app prove what they are.
    AttestationDemanded,
    /// It is used up.
    OfferGone,
    /// No trust list vouches for its issuer.
    IssuerUnknown,
    /// A code is asked for.
    CodeMissing,
    /// The code does not look like that.
    CodeMalformed,
    /// The code is wrong.
    CodeRefused,
    /// The authority does not issue this license.
    Denied,
    /// The authority refused the request.
    IssuerRefused,
    /// It is not ready yet.
    Deferred,
    /// Its answer cannot be used.
    IssuerBroken,
    /// The license that came is another phone's.
    OtherKey,
    /// The license that came is no longer good.
    NotInForce,
    /// The authority has no sign-in for this app.
    SignInUnsupported,
    /// No sign-in is under way, or its time is over.
    SignInOver,
    /// What the browser brought belongs to another sign-in.
    SignInOther,
    /// The driver, or the authority, ended the sign-in on its page.
    SignInDenied,
    /// An application is under way already.
    SignInWaits,
    /// The phone has no browser that opens the authority's page.
    NoBrowser,
    /// The authority's time and the phone's are far apart.
    ServerTimeWrong,
    /// What came is not signed by a trusted key.
    Untrusted,
    /// There is no network.
    NoNetwork,
    /// The network wants a sign-in.
    CaptivePortal,
    /// The server could not prove who it is.
    Certificate,
    /// The server has a fault.
    Server,
    /// The server does not answer now.
    Busy,
    /// The phone is locked.
    KeyLocked,
    /// The key store failed.
    KeyFailed,
    /// The phone has no screen lock, and its key store does nothing without one.
    NoLock,
    /// No space is left.
    StorageFull,
    /// The disk failed to read or write.
    StorageFailed,
    /// The driver stopped it.
    Cancelled,
    /// A fault of the app.
    Internal,
}

all_variants! {
    /// Every trouble with an offer or a sign-in.
    OfferTrouble {
        OfferMalformed,
        OfferUnsupported,
        AttestationDemanded,
        OfferGone,
        IssuerUnknown,
        CodeMissing,
        CodeMalformed,
        CodeRefused,
        Denied,
        IssuerRefused,
        Deferred,
        IssuerBroken,
        OtherKey,
        NotInForce,
        SignInUnsupported,
        SignInOver,
        SignInOther,
        SignInDenied,
        SignInWaits,
        NoBrowser,
        ServerTimeWrong,
        Untrusted,
        NoNetwork,
        CaptivePortal,
        Certificate,
        Server,
        Busy,
        KeyLocked,
        KeyFailed,
        NoLock,
        StorageFull,
        StorageFailed,
        Cancelled,
        Internal,
    }
}

impl OfferTrouble {
    /// The stable name, part of the key of its words.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::OfferMalformed => "offer_malformed",
            Self::OfferUnsupported => "offer_unsupported",
            Self::AttestationDemanded => "attestation_demanded",
            Self::OfferGone => "offer_gone",
            Self::IssuerUnknown => "issuer_unknown",
            Self::CodeMissing => "code_missing",
            Self::CodeMalformed => "code_malformed",
            Self::CodeRefused => "code_refused",
            Self::Denied => "denied",
            Self::IssuerRefused => "issuer_refused",
            Self::Deferred => "deferred",
            Self::IssuerBroken => "issuer_broken",
            Self::OtherKey => "other_key",
            Self::NotInForce => "not_in_force",
            Self::SignInUnsupported => "sign_in_unsupported",
            Self::SignInOver => "sign_in_over",
            Self::SignInOther => "sign_in_other",
            Self::SignInDenied => "sign_in_denied",
            Self::SignInWaits => "sign_in_waits",
            Self::NoBrowser => "no_browser",
            Self::ServerTimeWrong => "server_time_wrong",
            Self::Untrusted => "untrusted",
            Self::NoNetwork => "no_network",
            Self::CaptivePortal => "captive_portal",
            Self::Certificate => "certificate",
            Self::Server => "server",
            Self::Busy => "busy",
            Self::KeyLocked => "key_locked",
            Self::KeyFailed => "key_failed",
            Self::NoLock => "no_lock",
            Self::StorageFull => "storage_full",
            Self::StorageFailed => "storage_failed",
            Self::Cancelled => "cancelled",
            Self::Internal => "internal",
        }
    }

    /// Whether trying the same offer again can help.
    #[must_use]
    pub const fn may_retry(self) -> bool {
        !matches!(
            self,
            Self::OfferMalformed
                | Self::OfferUnsupported
                | Self::AttestationDemanded
                | Self::OfferGone
                | Self::IssuerUnknown
                | Self::Denied
                | Self::OtherKey
                | Self::NotInForce
                | Self::SignInUnsupported
                | Self::Untrusted
        )
    }

    /// Whether the code is wrong. Then all of it is typed again: no one finds the wrong one of
    /// eight digits.
    pub(crate) const fn is_of_the_code(self) -> bool {
        matches!(
            self,
            Self::CodeMissing | Self::CodeMalformed | Self::CodeRefused
        )
    }

    /// Whether what the browser brought may be taken to the authority again.
    pub(crate) const fn keeps_sign_in(self) -> bool {
        let is_spent = matches!(
            self,
            Self::SignInOver | Self::SignInOther | Self::SignInDenied | Self::CodeRefused
        );
        self.may_retry() && !is_spent
    }

    /// The refusal as the page of the sign-in tells it: without a word of an offer or its code.
    #[must_use]
    pub fn sign_in_note(self) -> Note {
        match self {
            Self::NoNetwork | Self::Busy | Self::Deferred => {
                Note::new(Tone::Caution, &format!("sign_in.{}", self.code()))
            }
            Self::OfferMalformed | Self::OfferUnsupported => Self::SignInUnsupported.note(),
            Self::CodeMissing | Self::CodeMalformed | Self::CodeRefused => Self::SignInOver.note(),
            _ => self.note(),
        }
    }

    /// The refusal as a screen tells it.
    #[must_use]
    pub fn note(self) -> Note {
        let tone = if self.may_retry() {
            Tone::Caution
        } else {
            Tone::Bad
        };
        match self {
            // Its words stand in the table already, where a showing finds out the same.
            Self::NoLock => Note::new(tone, "show.no_lock"),
            _ => Note::new(tone, &format!("refusal.{}", self.code())),
        }
    }
}

/// Why an offer or a sign-in gave no license, and from when on it may.
#[derive(Clone, Copy)]
pub(crate) struct Refusal {
    pub(crate) trouble: OfferTrouble,
    is_of_sign_in: bool,
    /// The full minute from which a busy authority may be asked again, in seconds since 1970.
    again: Option<u64>,
}

impl Refusal {
    pub(crate) fn of(failure: Failure, has_lock: bool) -> Self {
        let again = match failure {
            Failure::Wallet(Error::Busy { again, .. }) => Some(again.seconds()),
            _ => None,
        };
        Self {
            trouble: offer_trouble_of(failure, has_lock),
            is_of_sign_in: false,
            again: again.map(|seconds| seconds.div_ceil(60).saturating_mul(60)),
        }
    }

    /// Why a sign-in does not go on.
    pub(crate) fn of_sign_in(failure: Failure, has_lock: bool) -> Self {
        Self {
            is_of_sign_in: true,
            ..Self::of(failure, has_lock)
        }
    }

    /// The phone has no browser for the sign-in.
    pub(crate) const fn no_browser() -> Self {
        Self {
            trouble: OfferTrouble::NoBrowser,
            is_of_sign_in: true,
            again: None,
        }
    }

    /// The time of the sign-in is over.
    pub(crate) const fn over() -> Self {
        Self {
            trouble: OfferTrouble::SignInOver,
            ..Self::no_browser()
        }
    }

    /// The refusal as a screen tells it.
    pub(crate) fn note(self) -> Note {
        let (note, until) = if self.is_of_sign_in {
            (self.trouble.sign_in_note(), "sign_in.busy_until")
        } else {
            (self.trouble.note(), "refusal.busy_until")
        };
        match self.again {
            Some(seconds) => Note {
                words: Words::with(until, vec![Value::Moment { seconds }]),
                ..note
            },
            None => note,
        }
    }
}
