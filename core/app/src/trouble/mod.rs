//! What may be wrong, and what a driver can do about it.

mod offer;
mod table;
#[cfg(test)]
mod tests;

pub use offer::OfferTrouble;
pub(crate) use offer::Refusal;
pub use table::{
    AnswerTrouble, Failure, answer_trouble_of, offer_trouble_of, refresh_trouble_of, trouble_of,
    trouble_of_standing,
};

use vidimus_credential::all_variants;
use vidimus_credential::meaning::Tone;

use crate::tone::Sign;
use crate::words::Words;

/// What may be wrong: each with what happened, what still holds and what to do. The order is that
/// of the screen, the worst first. It is not `#[non_exhaustive]`: a shell must have words for each.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trouble {
    /// The phone destroyed the wallet's key.
    KeyInvalidated,
    /// The screen lock was removed, and the keys went with it.
    PasscodeRemoved,
    /// The phone has no screen lock, and its key store does nothing without one.
    NoLock,
    /// The files are those of another phone.
    OtherDevice,
    /// What is stored is not what the app wrote.
    Damaged,
    /// A newer version of the app wrote it.
    NewerVersion,
    /// No space is left.
    StorageFull,
    /// The disk failed to read or write.
    StorageFailed,
    /// The phone is locked.
    DeviceLocked,
    /// The key store failed.
    KeyStore,
    /// A fault of the app.
    Internal,
    /// The license is withdrawn for good.
    Revoked,
    /// The license is withdrawn for a time.
    Suspended,
    /// The limit of penalty points is reached.
    PointsLimit,
    /// A review is overdue.
    Lapsed,
    /// A newer license took its place.
    Superseded,
    /// The license's last day is over.
    LicenseExpired,
    /// None of its categories is valid today.
    NoCategory,
    /// The license's first day has not come.
    LicenseNotYetValid,
    /// The credential on the phone is too old.
    CredentialExpired,
    /// An older copy of the wallet was put back.
    RolledBack,
    /// What came is not signed by a trusted key.
    AuthorityUnknown,
    /// The clock shows a time that is past.
    ClockSetBack,
    /// No status is known.
    StatusUnknown,
    /// The status is more than a day old.
    StatusOld,
    /// A case is open.
    Unresolved,
    /// The authority could not be asked.
    NoNetwork,
}

all_variants! {
    /// Every trouble, in the order of the screen.
    Trouble {
        KeyInvalidated,
        PasscodeRemoved,
        NoLock,
        OtherDevice,
        Damaged,
        NewerVersion,
        StorageFull,
        StorageFailed,
        DeviceLocked,
        KeyStore,
        Internal,
        Revoked,
        Suspended,
        PointsLimit,
        Lapsed,
        Superseded,
        LicenseExpired,
        NoCategory,
        LicenseNotYetValid,
        CredentialExpired,
        RolledBack,
        AuthorityUnknown,
        ClockSetBack,
        StatusUnknown,
        StatusOld,
        Unresolved,
        NoNetwork,
    }
}

impl Trouble {
    /// The stable name, part of the keys of its words.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::KeyInvalidated => "key_invalidated",
            Self::PasscodeRemoved => "passcode_removed",
            Self::NoLock => "no_lock",
            Self::OtherDevice => "other_device",
            Self::Damaged => "damaged",
            Self::NewerVersion => "newer_version",
            Self::StorageFull => "storage_full",
            Self::StorageFailed => "storage_failed",
            Self::DeviceLocked => "device_locked",
            Self::KeyStore => "key_store",
            Self::Internal => "internal",
            Self::Revoked => "revoked",
            Self::Suspended => "suspended",
            Self::PointsLimit => "points_limit",
            Self::Lapsed => "lapsed",
            Self::Superseded => "superseded",
            Self::LicenseExpired => "license_expired",
            Self::NoCategory => "no_category",
            Self::LicenseNotYetValid => "license_not_yet_valid",
            Self::CredentialExpired => "credential_expired",
            Self::RolledBack => "rolled_back",
            Self::AuthorityUnknown => "authority_unknown",
            Self::ClockSetBack => "clock_set_back",
            Self::StatusUnknown => "status_unknown",
            Self::StatusOld => "status_old",
            Self::Unresolved => "unresolved",
            Self::NoNetwork => "no_network",
        }
    }

    /// How bad it is.
    #[must_use]
    pub const fn tone(self) -> Tone {
        match self {
            Self::DeviceLocked
            | Self::RolledBack
            | Self::ClockSetBack
            | Self::StatusOld
            | Self::Unresolved => Tone::Caution,
            Self::StatusUnknown | Self::NoNetwork => Tone::Unknown,
            Self::KeyInvalidated
            | Self::PasscodeRemoved
            | Self::NoLock
            | Self::OtherDevice
            | Self::Damaged
            | Self::NewerVersion
            | Self::StorageFull
            | Self::StorageFailed
            | Self::KeyStore
            | Self::Internal
            | Self::Revoked
            | Self::Suspended
            | Self::PointsLimit
            | Self::Lapsed
            | Self::Superseded
            | Self::LicenseExpired
            | Self::NoCategory
            | Self::LicenseNotYetValid
            | Self::CredentialExpired
            | Self::AuthorityUnknown => Tone::Bad,
        }
    }

    /// What the driver can do about it here.
    #[must_use]
    pub const fn action(self) -> TroubleAction {
        match self {
            Self::KeyInvalidated | Self::OtherDevice | Self::Damaged => TroubleAction::BeginAnew,
            Self::PasscodeRemoved | Self::NoLock => TroubleAction::SetLock,
            Self::NewerVersion => TroubleAction::UpdateApp,
            Self::StorageFull => TroubleAction::FreeStorage,
            Self::StorageFailed | Self::KeyStore | Self::Internal => TroubleAction::Retry,
            Self::DeviceLocked => TroubleAction::Unlock,
            Self::Revoked
            | Self::Suspended
            | Self::PointsLimit
            | Self::Lapsed
            | Self::Superseded
            | Self::LicenseExpired
            | Self::NoCategory
            | Self::LicenseNotYetValid
            | Self::AuthorityUnknown
            | Self::Unresolved => TroubleAction::AskAuthority,
            Self::CredentialExpired
            | Self::RolledBack
            | Self::StatusUnknown
            | Self::StatusOld
            | Self::NoNetwork => TroubleAction::Refresh,
            Self::ClockSetBack => TroubleAction::SetClock,
        }
    }

    /// The trouble as a screen tells it.
    #[must_use]
    pub fn story(self) -> Story {
        let part = |part: &str| Words::of(&format!("trouble.{}.{part}", self.code()));
        Story {
            trouble: self,
            sign: self.tone().into(),
            title: part("title"),
            happened: part("what"),
            holds: part("holds"),
            to_do: part("do"),
            action: self.action(),
            button: Words::of(self.action().word()),
        }
    }
}

/// What a driver can do about a trouble.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TroubleAction {
    /// Try the same once more.
    Retry,
    /// Ask the authority now.
    Refresh,
    /// Open the system's settings of the clock.
    SetClock,
    /// Open the system's settings of the screen lock; once it is there, go on.
    SetLock,
    /// Open the system's settings of the storage.
    FreeStorage,
    /// Open the store's page of this app.
    UpdateApp,
    /// Move the files aside and begin anew.
    BeginAnew,
    /// Call or write to the authority.
    AskAuthority,
    /// Unlock the phone, then try once more.
    Unlock,
}

all_variants! {
    /// Every action that a trouble can offer.
    TroubleAction {
        Retry,
        Refresh,
        SetClock,
        SetLock,
        FreeStorage,
        UpdateApp,
        BeginAnew,
        AskAuthority,
        Unlock,
    }
}

impl TroubleAction {
    /// The stable name, part of the keys of its words.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Refresh => "refresh",
            Self::SetClock => "set_clock",
            Self::SetLock => "set_lock",
            Self::FreeStorage => "free_storage",
            Self::UpdateApp => "update_app",
            Self::BeginAnew => "begin_anew",
            Self::AskAuthority => "ask_authority",
            Self::Unlock => "unlock",
        }
    }

    /// The key of what stands on its button.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Retry => "action.retry",
            Self::Refresh => "action.refresh",
            Self::SetClock => "action.clock",
            Self::SetLock => "action.lock",
            Self::FreeStorage => "action.storage",
            Self::UpdateApp => "action.update",
            Self::BeginAnew => "action.anew",
            Self::AskAuthority => "action.authority",
            Self::Unlock => "action.unlock",
        }
    }

    /// Whether the driver leaves the app to do it, and comes back when it is done.
    pub(crate) const fn is_cured_outside(self) -> bool {
        matches!(self, Self::SetLock | Self::FreeStorage | Self::Unlock)
    }
}

/// A trouble as a screen tells it.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct Story {
    /// Which trouble it is.
    pub trouble: Trouble,
    /// How bad it is.
    pub sign: Sign,
    /// What it is called.
    pub title: Words,
    /// The sentence that says what happened.
    pub happened: Words,
    /// The sentence that says what still holds.
    pub holds: Words,
    /// The sentence that says what to do.
    pub to_do: Words,
    /// What is done by its button.
    pub action: TroubleAction,
    /// What stands on the button.
    pub button: Words,
}
