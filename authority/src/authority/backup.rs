//! Backups, and what is done after a bad day.

use std::path::Path;

use super::Authority;
use crate::backup::{self, BackupMade};
use crate::error::Error;

impl Authority {
    /// Makes a backup in a folder that is empty or not there yet, while others go on: one
    /// consistent state of the register, read and checked page by page, and the private keys that
    /// it needs unless `with_keys` is false. `issued.log` and the epoch are left out: keep them
    /// elsewhere, for they say what came after the backup.
    ///
    /// # Errors
    /// [`Error::BackupFolder`], [`Error::KeyFile`] where a key is missing, or why it cannot be
    /// written.
    pub fn backup(&self, folder: &Path, with_keys: bool) -> Result<BackupMade, Error> {
        backup::make(&self.home, &self.store, folder, with_keys)
    }
}
