//! The tables of the vaults of wallets and readers.

use std::fmt;

use vidimus_credential::all_variants;

/// A table. Its number is part of every seal and must never be reused. A
/// `TableSet` says which tables a vault has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Table {
    /// Credentials, by license id.
    License,
    /// Portraits, by license id; in a separate table, because they are large and a frame needs
    /// none.
    Portrait,
    /// Holder keys, by their id.
    HolderKey,
    /// Enrollments, by license id: a license's issuer, and the tokens for its renewal.
    Enrollment,
    /// The newest status token of each list, by its `uri`.
    Status,
    /// The newest trust list.
    TrustList,
    /// The schedules of requests: when each resource was last fetched, and its failures.
    Refresh,
    /// The wallet's root key and its authority's address.
    Settings,
    /// The last authenticated time.
    Time,
    /// Renewed credentials without a status yet, by license id.
    NextLicense,
    /// The authorities that a reader trusts, by their root's key id.
    Authority,
    /// Bundles of statuses, by authority and address.
    Bundle,
    /// The tokens that a reader has seen.
    Seen,
    /// Pages of a reader's log of checks.
    Check,
    /// What the driver was told of while the app was closed.
    Told,
}

all_variants! {
    /// Every table, in the order of the numbers.
    Table {
        License,
        Portrait,
        HolderKey,
        Enrollment,
        Status,
        TrustList,
        Refresh,
        Settings,
        Time,
        NextLicense,
        Authority,
        Bundle,
        Seen,
        Check,
        Told,
    }
}

impl Table {
    /// The number in the seals, 1 to 253. 0 and 254 are manifests, 255 is the activity log.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::License => 1,
            Self::Portrait => 2,
            Self::HolderKey => 3,
            Self::Enrollment => 4,
            Self::Status => 5,
            Self::TrustList => 6,
            Self::Refresh => 7,
            Self::Settings => 8,
            Self::Time => 9,
            Self::NextLicense => 10,
            Self::Authority => 11,
            Self::Bundle => 12,
            Self::Seen => 13,
            Self::Check => 14,
            Self::Told => 15,
        }
    }

    pub(crate) fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.number() == number)
    }

    /// The table's name, for reports of damage.
    pub const fn name(self) -> &'static str {
        match self {
            Self::License => "license",
            Self::Portrait => "portrait",
            Self::HolderKey => "holder_key",
            Self::Enrollment => "enrollment",
            Self::Status => "status",
            Self::TrustList => "trust_list",
            Self::Refresh => "refresh",
            Self::Settings => "settings",
            Self::Time => "time",
            Self::NextLicense => "next_license",
            Self::Authority => "authority",
            Self::Bundle => "bundle",
            Self::Seen => "seen",
            Self::Check => "check",
            Self::Told => "told",
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
