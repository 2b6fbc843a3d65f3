//! The tables of wallets and readers, and what can stand in them.

use std::fmt;

use zeroize::Zeroizing;

use crate::error::Error;

/// A table. The number is part of every seal: it is never reused. Which of them a vault has, its
/// [`TableSet`](super::TableSet) says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Credentials, by license id.
    License,
    /// The redacted portraits, by license id; apart, because they are large and a frame needs none.
    Portrait,
    /// Holder keys, by their own id.
    HolderKey,
    /// Where a license came from and how it is renewed, by license id.
    Enrollment,
    /// The newest status token of each list, by its `uri`.
    Status,
    /// The trust list.
    TrustList,
    /// When what was last asked for, and how often in vain.
    Refresh,
    /// What the wallet was set up with.
    Settings,
    /// The last authenticated time.
    Time,
    /// Renewed credentials that wait for their first status, by license id.
    NextLicense,
    /// The authorities that a reader believes, by their root's key id.
    Authority,
    /// Bundles of statuses, by authority and address.
    Bundle,
    /// The tokens that a reader has seen.
    Seen,
    /// What a reader has checked, in pages.
    Check,
}

impl Table {
    /// Every table.
    pub const ALL: [Self; 14] = [
        Self::License,
        Self::Portrait,
        Self::HolderKey,
        Self::Enrollment,
        Self::Status,
        Self::TrustList,
        Self::Refresh,
        Self::Settings,
        Self::Time,
        Self::NextLicense,
        Self::Authority,
        Self::Bundle,
        Self::Seen,
        Self::Check,
    ];

    /// 1 to 253; 0 and 254 are manifests, 255 is the activity log.
    pub(super) const fn number(self) -> u8 {
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
        }
    }

    pub(super) fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.number() == number)
    }

    /// The table's name, for a report of damage.
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
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A value that the vault keeps.
pub trait Record: Sized {
    /// Where it stands.
    const TABLE: Table;

    /// Its bytes. A record with secrets reserves their space first: a vector that grows leaves copies behind.
    fn encode(&self) -> Zeroizing<Vec<u8>>;

    /// Reads what [`encode`](Self::encode) wrote.
    ///
    /// # Errors
    /// [`Error::VaultDamaged`] for anything else.
    fn decode(bytes: &[u8]) -> Result<Self, Error>;
}
