//! One license of the register, as it is shown.

use vidimus_credential::{License, LicenseStatus, UnixTime};

/// One license of the register.
pub struct LicenseRow {
    /// What commands call it besides its number: 16 hexadecimal digits, random.
    pub id: String,
    /// What the authority says of its driver now.
    pub status: LicenseStatus,
    /// When it was registered.
    pub added_at: UnixTime,
    /// What there is of it.
    pub stage: LicenseStage,
}

/// How far the life of a license has come. Personal data.
pub enum LicenseStage {
    /// It has its number.
    Live(Box<License>),
    /// It has ended, and its number is free.
    Ended(LicenseEnd, Box<License>),
    /// It has ended, and its personal data was deleted after the retention: neither its driver nor
    /// its number is known.
    Forgotten(LicenseEnd),
}

/// How a license ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenseEnd {
    /// When the license ended, in the register.
    pub at: UnixTime,
    /// Why it ended: one of the words of `license end --reason`.
    pub reason: String,
}

impl LicenseRow {
    /// The license as it is registered; `None` once its personal data was deleted. Personal data.
    #[must_use]
    pub fn license(&self) -> Option<&License> {
        match &self.stage {
            LicenseStage::Live(license) | LicenseStage::Ended(_, license) => Some(license),
            LicenseStage::Forgotten(_) => None,
        }
    }

    /// How it ended; `None` while it has its number.
    #[must_use]
    pub fn end(&self) -> Option<&LicenseEnd> {
        match &self.stage {
            LicenseStage::Live(_) => None,
            LicenseStage::Ended(end, _) | LicenseStage::Forgotten(end) => Some(end),
        }
    }
}
