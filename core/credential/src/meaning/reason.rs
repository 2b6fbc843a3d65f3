//! Verdicts and their stable reasons (profile, section 9).

use super::Tone;
use crate::all_variants;

/// What a reader should do. The later is the worse.
///
/// It is not `#[non_exhaustive]`: every reader must decide about each of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Genuine, bound to this phone, fresh, and the holder may drive.
    Accept,
    /// Genuine, but something is in doubt that a person must weigh.
    Caution,
    /// It must not be accepted.
    Refuse,
}

all_variants! {
    /// Every outcome, the best first.
    Outcome {
        Accept,
        Caution,
        Refuse,
    }
}

impl Outcome {
    /// The stable name, as JSON and logs write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Caution => "caution",
            Self::Refuse => "refuse",
        }
    }

    /// The tone in which it is shown.
    #[must_use]
    pub const fn tone(self) -> Tone {
        match self {
            Self::Accept => Tone::Good,
            Self::Caution => Tone::Caution,
            Self::Refuse => Tone::Bad,
        }
    }
}

/// The reasons of a verdict, in the order of the checks (section 8).
///
/// A later version may add some. Code that maps a reason must take one that it does not know for
/// one that refuses, and must take the [`Outcome`] from the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The text does not begin with `DL1:`.
    NotAToken,
    /// Base45, CBOR, the layout, `typ`, `vct`, a type or a limit is wrong.
    Malformed,
    /// The trust list is refused, not by the pinned root, or more than 30 days past its `exp`.
    TrustListUnusable,
    /// `kid` is not in the trust list.
    UnknownKey,
    /// The key is not for this purpose.
    WrongKeyPurpose,
    /// The key may not sign for this `iss` or country.
    WrongIssuer,
    /// The key is outside its time, or the object is dated after the key was retired.
    KeyNotInForce,
    /// An authority's signature does not verify, or `alg` is not the key's.
    BadSignature,
    /// The token is not signed by the credential's holder key.
    NotBoundToDevice,
    /// A disclosure matches no digest.
    DisclosureMismatch,
    /// The credential is past its `exp`.
    CredentialExpired,
    /// The token is past its `exp`.
    Expired,
    /// The token's `iat` is ahead of the reader's clock.
    NotYetValid,
    /// The token lives longer than the reader allows.
    LifeTooLong,
    /// Two signed times that cannot both be true.
    TimesInconsistent,
    /// The token has another `cnonce` than was asked, none, or one that no one asked for.
    WrongChallenge,
    /// The token's `aud` is another reader's.
    WrongReader,
    /// This reader has seen the token before, or may have: it is no later than one that was
    /// forgotten.
    Replayed,
    /// The license is past its last day.
    LicenseExpired,
    /// The license's first day has not begun.
    LicenseNotYetValid,
    /// The asked category is missing or outside its dates.
    CategoryNotHeld,
    /// One of the clocks is wrong.
    ClockInDoubt,
    /// The trust list is past its `exp`.
    TrustListExpired,
    /// The key is unknown to a trust list that is more than 7 days old: a newer list may name it.
    TrustListOld,
    /// The status is Revoked.
    Revoked,
    /// The status is Suspended.
    Suspended,
    /// The status is Lapsed.
    Lapsed,
    /// The status is PointsLimit.
    PointsLimit,
    /// The status is Superseded.
    Superseded,
    /// Valid or UpdateWaiting, but 24 hours to 7 days old.
    StatusStale,
    /// The status is too old, or of an unlisted value.
    StatusUnknown,
    /// A violation or accident waits to be handled.
    Unresolved,
    /// A staple or online list was there and could not be used, or is older than the credential.
    StatusUnusable,
    /// The reader had no status.
    StatusMissing,
    /// No bundle covers this license, or the one that does is older than the credential.
    BundleIgnored,
    /// The bundle cannot be used, or its key is not in force.
    BundleUnusable,
}

all_variants! {
    /// Every reason, in the order of the checks.
    Reason {
        NotAToken,
        Malformed,
        TrustListUnusable,
        UnknownKey,
        WrongKeyPurpose,
        WrongIssuer,
        KeyNotInForce,
        BadSignature,
        NotBoundToDevice,
        DisclosureMismatch,
        CredentialExpired,
        Expired,
        NotYetValid,
        LifeTooLong,
        TimesInconsistent,
        WrongChallenge,
        WrongReader,
        Replayed,
        LicenseExpired,
        LicenseNotYetValid,
        CategoryNotHeld,
        ClockInDoubt,
        TrustListExpired,
        TrustListOld,
        Revoked,
        Suspended,
        Lapsed,
        PointsLimit,
        Superseded,
        StatusStale,
        StatusUnknown,
        Unresolved,
        StatusUnusable,
        StatusMissing,
        BundleIgnored,
        BundleUnusable,
    }
}

impl Reason {
    /// The stable code, for people's languages and for logs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotAToken => "not_a_token",
            Self::Malformed => "malformed",
            Self::TrustListUnusable => "trust_list_unusable",
            Self::UnknownKey => "unknown_key",
            Self::WrongKeyPurpose => "wrong_key_purpose",
            Self::WrongIssuer => "wrong_issuer",
            Self::KeyNotInForce => "key_not_in_force",
            Self::BadSignature => "bad_signature",
            Self::NotBoundToDevice => "not_bound_to_device",
            Self::DisclosureMismatch => "disclosure_mismatch",
            Self::CredentialExpired => "credential_expired",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::LifeTooLong => "life_too_long",
            Self::TimesInconsistent => "times_inconsistent",
            Self::WrongChallenge => "wrong_challenge",
            Self::WrongReader => "wrong_reader",
            Self::Replayed => "replayed",
            Self::LicenseExpired => "license_expired",
            Self::LicenseNotYetValid => "license_not_yet_valid",
            Self::CategoryNotHeld => "category_not_held",
            Self::ClockInDoubt => "clock_in_doubt",
            Self::TrustListExpired => "trust_list_expired",
            Self::TrustListOld => "trust_list_old",
            Self::Revoked => "revoked",
            Self::Suspended => "suspended",
            Self::Lapsed => "lapsed",
            Self::PointsLimit => "points_limit",
            Self::Superseded => "superseded",
            Self::StatusStale => "status_stale",
            Self::StatusUnknown => "status_unknown",
            Self::Unresolved => "unresolved",
            Self::StatusUnusable => "status_unusable",
            Self::StatusMissing => "status_missing",
            Self::BundleIgnored => "bundle_ignored",
            Self::BundleUnusable => "bundle_unusable",
        }
    }

    /// The outcome of this reason alone; none where it does not change a verdict.
    /// [`StatusUnusable`](Self::StatusUnusable) weighs only where no other source was good.
    #[must_use]
    pub const fn outcome(self) -> Option<Outcome> {
        match self {
            Self::ClockInDoubt
            | Self::TrustListExpired
            | Self::StatusStale
            | Self::StatusUnknown
            | Self::Unresolved
            | Self::StatusUnusable
            | Self::StatusMissing => Some(Outcome::Caution),
            Self::TrustListOld | Self::BundleIgnored | Self::BundleUnusable => None,
            Self::NotAToken
            | Self::Malformed
            | Self::TrustListUnusable
            | Self::UnknownKey
            | Self::WrongKeyPurpose
            | Self::WrongIssuer
            | Self::KeyNotInForce
            | Self::BadSignature
            | Self::NotBoundToDevice
            | Self::DisclosureMismatch
            | Self::CredentialExpired
            | Self::Expired
            | Self::NotYetValid
            | Self::LifeTooLong
            | Self::TimesInconsistent
            | Self::WrongChallenge
            | Self::WrongReader
            | Self::Replayed
            | Self::LicenseExpired
            | Self::LicenseNotYetValid
            | Self::CategoryNotHeld
            | Self::Revoked
            | Self::Suspended
            | Self::Lapsed
            | Self::PointsLimit
            | Self::Superseded => Some(Outcome::Refuse),
        }
    }
}
