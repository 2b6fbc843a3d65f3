//! What a wallet holds, and how its vault is.

use vidimus_credential::UnixTime;
use vidimus_wallet::error;

use super::license::License;
use super::standing::{LicenseStanding, StandingSpan};
use super::status::StatusReport;
use crate::units::Instant;

/// A license in the wallet. Personal data.
#[derive(uniffi::Record)]
pub struct HeldLicense {
    /// Its name in this wallet: random, shown to no one.
    pub id: String,
    /// What the authority says; none where its place in the vault is damaged.
    pub license: Option<License>,
    /// The status that is held: one part of how the license stands.
    pub status: StatusReport,
    /// How it stood when it was read: by its status, its days, those of its categories, and by how
    /// long it can be shown.
    pub standing: LicenseStanding,
    /// How it stands at once, and how it will stand later if nothing newer is heard; never empty.
    pub outlook: Vec<StandingSpan>,
    /// When the credential was signed.
    pub issued_at: Option<Instant>,
    /// When the credential ends unless it is renewed; not the license's own last day.
    pub expires: Option<Instant>,
    /// Whether there is a portrait to ask for.
    pub has_portrait: bool,
    /// Whether its place in the vault is damaged. Nothing was deleted; have it issued anew.
    pub damaged: bool,
}

impl HeldLicense {
    pub(crate) fn new(held: &vidimus_wallet::HeldLicense, now: UnixTime) -> Self {
        Self {
            id: held.id.as_str().to_owned(),
            license: held.license.as_ref().map(License::from),
            status: StatusReport::new(held.status, held.status.age_s(now)),
            standing: held.standing().into(),
            outlook: held
                .outlook
                .iter()
                .map(|span| StandingSpan::new(span, now))
                .collect(),
            issued_at: held.issued_at.map(Instant::from),
            expires: held.expires.map(Instant::from),
            has_portrait: held.portrait.is_some(),
            damaged: held.problem.is_some(),
        }
    }
}

/// What a screen shows of a wallet. Personal data.
#[derive(uniffi::Record)]
pub struct Overview {
    /// The licenses in the wallet.
    pub licenses: Vec<HeldLicense>,
    /// The state of the vault.
    pub health: Health,
    /// The wallet has lost its licenses, and the driver removed none: the app was installed
    /// anew, or an older copy was put in place. Ask the authority for it again.
    pub misses_license: bool,
}

/// The state of a vault.
#[derive(uniffi::Record)]
pub struct Health {
    /// An older copy was put in its place: each status is unknown until it has been refreshed.
    pub rolled_back: bool,
    /// What was found damaged; empty in a sound vault.
    pub damaged: Vec<Damage>,
}

/// A damaged part of a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Damage {
    /// The database file itself cannot be read.
    File,
    /// The sealed list of what belongs in the vault.
    Manifest,
    /// A stored row was changed, swapped, removed or replaced by an older one.
    Row,
    /// Something that the wallet did not write.
    UnknownRow,
    /// The activity log: entries are missing or changed.
    ActivityLog,
}

impl From<vidimus_wallet::Health> for Health {
    fn from(health: vidimus_wallet::Health) -> Self {
        Self {
            rolled_back: health.rolled_back,
            damaged: health.damaged.into_iter().map(Damage::from).collect(),
        }
    }
}

impl From<error::Damage> for Damage {
    fn from(damage: error::Damage) -> Self {
        match damage {
            error::Damage::File => Self::File,
            error::Damage::Manifest => Self::Manifest,
            error::Damage::Row(_) => Self::Row,
            error::Damage::UnknownRow => Self::UnknownRow,
            error::Damage::ActivityLog => Self::ActivityLog,
            // A part that this layer does not know: the gravest that it can name.
            _ => Self::File,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_damaged_file_is_said_to_be_one() {
        for damage in error::Damage::ALL {
            let is_file = damage == error::Damage::File;
            assert_eq!(matches!(Damage::from(damage), Damage::File), is_file);
        }
    }
}
