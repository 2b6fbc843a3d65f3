//! Letters with which drivers begin, and links to accounts elsewhere: a clerk's part of accounts.

use super::Authority;
use crate::clock::Moment;
use crate::error::Error;
use crate::register::MadeLetter;
use crate::register::accounts::Accounts as _;

impl Authority {
    /// Makes a letter for the driver of a license: its code, together with the number, sets up
    /// an account or sets it anew. It can be used for 30 days, and an older one is void. Only this
    /// answer has the code.
    ///
    /// # Errors
    /// [`Error::UnknownLicense`], [`Error::RowEnded`], [`Error::ClockInDoubt`], or why it cannot be
    /// stored.
    pub fn make_letter(&self, of: &str, now: impl Into<Moment>) -> Result<MadeLetter, Error> {
        let now = self.believed(now.into())?;
        let made = self.register().make_letter(of, now)?;
        self.store.checkpoint()?;
        Ok(made)
    }

    /// Allows one more account at the OpenID provider to be linked to a license, within 30 days.
    /// `by` says who allows it. The account that was linked before is told at its next sign-in.
    /// Returns the license's id.
    ///
    /// # Errors
    /// [`Error::UnknownLicense`], [`Error::RowEnded`], [`Error::ClockInDoubt`], or why it cannot be
    /// stored.
    pub fn allow_link(&self, of: &str, by: &str, now: impl Into<Moment>) -> Result<String, Error> {
        let now = self.believed(now.into())?;
        let license = self.register().allow_link(of, by, now)?;
        self.store.checkpoint()?;
        Ok(license)
    }
}
