//! The state of a license by its authority (profile, section 2). [`crate::meaning`] says how it
//! ages.

use crate::all_variants;
use crate::time::UnixTime;

/// The state of a license: as its status list says, or what is left of it once that is old.
///
/// A value that this version does not know is [`Unknown`](Self::Unknown). Code that maps a state
/// must take one that it does not know for Unknown too, never for Valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LicenseStatus {
    /// The holder may drive.
    Valid,
    /// The license is withdrawn for good.
    Revoked,
    /// The license is withdrawn for a time.
    Suspended,
    /// A renewal, a medical or another review is overdue.
    Lapsed,
    /// The limit of demerit points is reached.
    PointsLimit,
    /// A violation or accident waits to be handled; the holder may drive.
    Unresolved,
    /// A newer credential replaces this one.
    Superseded,
    /// The holder may drive; the wallet has a newer credential to fetch. A reader takes it like
    /// Valid.
    UpdateWaiting,
    /// The state is not known: an unlisted value, too old, or no usable source. It is neither good
    /// nor bad.
    Unknown,
}

all_variants! {
    /// Every state, in the order of the profile's table.
    LicenseStatus {
        Valid,
        Revoked,
        Suspended,
        Lapsed,
        PointsLimit,
        Unresolved,
        Superseded,
        UpdateWaiting,
        Unknown,
    }
}

impl LicenseStatus {
    /// The stable name, as JSON and logs write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Revoked => "revoked",
            Self::Suspended => "suspended",
            Self::Lapsed => "lapsed",
            Self::PointsLimit => "points_limit",
            Self::Unresolved => "unresolved",
            Self::Superseded => "superseded",
            Self::UpdateWaiting => "update_waiting",
            Self::Unknown => "unknown",
        }
    }

    /// The state of this [`name`](Self::name).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// The state of a status list's value; an unlisted one is [`Unknown`](Self::Unknown).
    #[must_use]
    pub const fn from_value(value: u8) -> Self {
        match value {
            0x00 => Self::Valid,
            0x01 => Self::Revoked,
            0x02 => Self::Suspended,
            0x03 => Self::Lapsed,
            0x0c => Self::PointsLimit,
            0x0d => Self::Unresolved,
            0x0e => Self::Superseded,
            0x0f => Self::UpdateWaiting,
            _ => Self::Unknown,
        }
    }

    /// The value a status list writes; none for [`Unknown`](Self::Unknown), which no authority
    /// writes.
    #[must_use]
    pub const fn value(self) -> Option<u8> {
        match self {
            Self::Valid => Some(0x00),
            Self::Revoked => Some(0x01),
            Self::Suspended => Some(0x02),
            Self::Lapsed => Some(0x03),
            Self::PointsLimit => Some(0x0c),
            Self::Unresolved => Some(0x0d),
            Self::Superseded => Some(0x0e),
            Self::UpdateWaiting => Some(0x0f),
            Self::Unknown => None,
        }
    }

    /// Whether the state itself lets its holder drive. `false` for [`Unknown`](Self::Unknown) too.
    #[must_use]
    pub const fn may_drive(self) -> bool {
        matches!(self, Self::Valid | Self::Unresolved | Self::UpdateWaiting)
    }

    /// The state once its statement is too old: Revoked and Superseded stay, all others are
    /// Unknown.
    #[must_use]
    pub const fn when_too_old(self) -> Self {
        match self {
            Self::Revoked | Self::Superseded => self,
            _ => Self::Unknown,
        }
    }
}

/// Where a status came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StatusSource {
    /// Stapled into the presentation token.
    Staple,
    /// The reader's preloaded bundle.
    Bundle,
    /// A status token that the reader fetched itself.
    Online,
    /// There was no usable source.
    None,
}

all_variants! {
    /// Every source of a status.
    StatusSource {
        Staple,
        Bundle,
        Online,
        None,
    }
}

impl StatusSource {
    /// The stable name, as JSON and logs write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Staple => "staple",
            Self::Bundle => "bundle",
            Self::Online => "online",
            Self::None => "none",
        }
    }
}

/// A state, the time its authority signed it, and where it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StatusReport {
    /// The state after ageing.
    pub state: LicenseStatus,
    /// When the authority signed it; none without a source.
    pub as_of: Option<UnixTime>,
    /// The source that counted.
    pub source: StatusSource,
}

impl StatusReport {
    /// The report where there was no source: Unknown.
    pub const NONE: Self = Self {
        state: LicenseStatus::Unknown,
        as_of: None,
        source: StatusSource::None,
    };

    /// Seconds from `as_of` to `now`, at least 0; none without a source.
    #[must_use]
    pub fn age_s(&self, now: UnixTime) -> Option<u64> {
        self.as_of
            .map(|as_of| now.seconds().saturating_sub(as_of.seconds()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_names_are_those_of_the_profile_and_every_other_value_is_unknown() {
        for value in 0..=u8::MAX {
            let state = LicenseStatus::from_value(value);
            match state {
                LicenseStatus::Unknown => assert!(state.value().is_none()),
                _ => assert_eq!(state.value(), Some(value)),
            }
            assert_eq!(LicenseStatus::from_name(state.name()), Some(state));
        }
        assert_eq!(LicenseStatus::from_name("Valid"), None);
    }

    #[test]
    fn only_what_is_final_outlives_its_statement() {
        for state in LicenseStatus::ALL {
            let left = state.when_too_old();
            let is_final = matches!(state, LicenseStatus::Revoked | LicenseStatus::Superseded);
            assert_eq!(
                left == state,
                is_final || state == LicenseStatus::Unknown,
                "{}",
                state.name()
            );
        }
    }
}
