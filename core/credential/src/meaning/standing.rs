//! How a license stands.

use super::{Reason, Tone};
use crate::all_variants;
use crate::status::LicenseStatus;

/// How a license stands. The later is the worse: of all standings that are true, the worst is
/// shown.
///
/// A later version may add some. Code that maps a standing must take one that it does not know for
/// [`Unknown`](Self::Unknown), never for Valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Standing {
    /// The holder may drive.
    Valid,
    /// The holder may drive; a newer credential waits to be fetched.
    UpdateWaiting,
    /// The holder may drive; a violation or accident waits to be handled.
    Unresolved,
    /// The status is more than 24 hours old: readers ask a person to weigh it.
    StatusStale,
    /// The state is not known: no status, one that is too old, or an unlisted value.
    Unknown,
    /// The credential is past its end: the phone must fetch a newer one.
    CredentialExpired,
    /// No category is within its days.
    NoCategory,
    /// The license's first day has not begun.
    LicenseNotYetValid,
    /// The license's last day is over.
    LicenseExpired,
    /// A newer credential replaces this one.
    Superseded,
    /// A renewal, a medical or another review is overdue.
    Lapsed,
    /// The limit of demerit points is reached.
    PointsLimit,
    /// The license is withdrawn for a time.
    Suspended,
    /// The license is withdrawn for good.
    Revoked,
}

all_variants! {
    /// Every standing, the best first.
    Standing {
        Valid,
        UpdateWaiting,
        Unresolved,
        StatusStale,
        Unknown,
        CredentialExpired,
        NoCategory,
        LicenseNotYetValid,
        LicenseExpired,
        Superseded,
        Lapsed,
        PointsLimit,
        Suspended,
        Revoked,
    }
}

impl Standing {
    /// How a license stands by a state alone, after ageing.
    #[must_use]
    pub const fn of_status(state: LicenseStatus) -> Self {
        match state {
            LicenseStatus::Valid => Self::Valid,
            LicenseStatus::Revoked => Self::Revoked,
            LicenseStatus::Suspended => Self::Suspended,
            LicenseStatus::Lapsed => Self::Lapsed,
            LicenseStatus::PointsLimit => Self::PointsLimit,
            LicenseStatus::Unresolved => Self::Unresolved,
            LicenseStatus::Superseded => Self::Superseded,
            LicenseStatus::UpdateWaiting => Self::UpdateWaiting,
            LicenseStatus::Unknown => Self::Unknown,
        }
    }

    /// The tone in which it is shown.
    #[must_use]
    pub const fn tone(self) -> Tone {
        match self {
            Self::Valid | Self::UpdateWaiting => Tone::Good,
            Self::Unresolved | Self::StatusStale => Tone::Caution,
            Self::Unknown => Tone::Unknown,
            Self::CredentialExpired
            | Self::NoCategory
            | Self::LicenseNotYetValid
            | Self::LicenseExpired
            | Self::Superseded
            | Self::Lapsed
            | Self::PointsLimit
            | Self::Suspended
            | Self::Revoked => Tone::Bad,
        }
    }

    /// The reason that a reader gives for this standing; `None` where it accepts. A reader checks
    /// categories only where it is asked about one.
    #[must_use]
    pub const fn reason(self) -> Option<Reason> {
        match self {
            Self::Valid | Self::UpdateWaiting => None,
            Self::Unresolved => Some(Reason::Unresolved),
            Self::StatusStale => Some(Reason::StatusStale),
            Self::Unknown => Some(Reason::StatusUnknown),
            Self::CredentialExpired => Some(Reason::CredentialExpired),
            Self::NoCategory => Some(Reason::CategoryNotHeld),
            Self::LicenseNotYetValid => Some(Reason::LicenseNotYetValid),
            Self::LicenseExpired => Some(Reason::LicenseExpired),
            Self::Superseded => Some(Reason::Superseded),
            Self::Lapsed => Some(Reason::Lapsed),
            Self::PointsLimit => Some(Reason::PointsLimit),
            Self::Suspended => Some(Reason::Suspended),
            Self::Revoked => Some(Reason::Revoked),
        }
    }

    /// The stable name, as JSON and logs write it. It often equals the code of the reader's reason.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::UpdateWaiting => "update_waiting",
            Self::Unresolved => "unresolved",
            Self::StatusStale => "status_stale",
            Self::Unknown => "unknown",
            Self::CredentialExpired => "credential_expired",
            Self::NoCategory => "no_category",
            Self::LicenseNotYetValid => "license_not_yet_valid",
            Self::LicenseExpired => "license_expired",
            Self::Superseded => "superseded",
            Self::Lapsed => "lapsed",
            Self::PointsLimit => "points_limit",
            Self::Suspended => "suspended",
            Self::Revoked => "revoked",
        }
    }

    /// The standing of this [`name`](Self::name).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// The key of its words in the table of texts. Some share the title of the trouble of the same
    /// meaning.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Valid => "state.valid",
            Self::UpdateWaiting => "state.update_waiting",
            Self::Unresolved => "state.unresolved",
            Self::StatusStale => "trouble.status_old.title",
            Self::Unknown => "state.unknown",
            Self::CredentialExpired => "state.credential_expired",
            Self::NoCategory => "state.no_category",
            Self::LicenseNotYetValid => "state.license_not_yet_valid",
            Self::LicenseExpired => "trouble.license_expired.title",
            Self::Superseded => "state.superseded",
            Self::Lapsed => "state.lapsed",
            Self::PointsLimit => "state.points_limit",
            Self::Suspended => "state.suspended",
            Self::Revoked => "state.revoked",
        }
    }
}
