//! What a key of the authority is for, and how long what it signs lasts.

use vidimus_credential::trust::Purpose;

const DAY: u64 = 86_400;
/// How long a credential lives, in seconds: 30 days.
pub const CREDENTIAL_LIFE: u64 = 30 * DAY;
/// How long a status token or bundle lives, in seconds: 7 days.
pub const STATUS_LIFE: u64 = 7 * DAY;

/// What an authority's key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyUse {
    /// It signs credentials, that is, licenses.
    Credential,
    /// It signs status lists and bundles.
    Status,
}

impl KeyUse {
    /// Both uses, the credential key's first.
    pub const ALL: [Self; 2] = [Self::Credential, Self::Status];

    /// The name that commands take.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::Status => "status",
        }
    }

    /// The use of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|use_| use_.name() == name)
    }

    pub(crate) const fn number(self) -> i64 {
        match self {
            Self::Credential => 1,
            Self::Status => 2,
        }
    }

    pub(crate) fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|use_| use_.number() == number)
    }

    pub(crate) const fn purpose(self) -> Purpose {
        match self {
            Self::Credential => Purpose::Credential,
            Self::Status => Purpose::Status,
        }
    }

    /// How long what such a key signs can last.
    pub(crate) const fn life(self) -> u64 {
        match self {
            Self::Credential => CREDENTIAL_LIFE,
            Self::Status => STATUS_LIFE,
        }
    }
}
