//! Reserved space on the disk for the tokens and the license.
//!
//! Tokens and a license are sent once, and a full disk would lose them. So a file takes up the
//! space before the code is spent. It is removed when they are written, or where they do not fit
//! beside it.

use std::fs::{File, OpenOptions};
use std::io::{Result as IoResult, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::error::{Error, StorageError};
use crate::ports::Random;

const FILE: &str = "enrollment.reserve";

/// Bytes to reserve: a license with its portrait and tokens, and the overhead of the vault, twice,
/// since SQLite writes into its log and into its file.
const BYTES: usize = 256 * 1024;

/// Space that stays reserved until it is given back or dropped. The file of a process that died is
/// taken over by the next.
pub(super) struct Reserve(Mutex<Option<PathBuf>>);

impl Reserve {
    /// A reserve without space.
    pub(super) const fn none() -> Self {
        Self(Mutex::new(None))
    }

    /// Reserves the space in the wallet's folder.
    ///
    /// # Errors
    /// [`Error::Storage`] with `Full` where the disk is full, or with another failure of the disk;
    /// [`Error::NoRandomness`].
    pub(super) fn take(&self, folder: &Path, random: &dyn Random) -> Result<(), Error> {
        if self.held().is_some() {
            return Ok(());
        }
        // Repeating bytes would take no space on a disk that compresses.
        let mut filling = vec![0; BYTES];
        random.fill(&mut filling)?;
        let path = folder.join(FILE);
        let mut held = self.held();
        // From here on the file is removed, even where writing it fails.
        *held = Some(path.clone());
        drop(held);
        let taken = fill(&path, &filling).map_err(|error| StorageError::of(&error));
        if taken.is_err() {
            self.give_back();
        }
        Ok(taken?)
    }

    /// Removes the file, so that its space can be written to.
    pub(super) fn give_back(&self) {
        if let Some(path) = self.held().take() {
            let _ = std::fs::remove_file(path);
        }
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Option<PathBuf>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes the file of a process that died. The caller must hold the network lock: then no other
/// process has a reserve.
pub(super) fn remove_leftover(folder: &Path) {
    let _ = std::fs::remove_file(folder.join(FILE));
}

impl Drop for Reserve {
    fn drop(&mut self) {
        self.give_back();
    }
}

fn fill(path: &Path, filling: &[u8]) -> IoResult<()> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file: File = options.open(path)?;
    file.write_all(filling)?;
    // Some file systems find out only here that the disk is full.
    file.sync_data()
}

#[cfg(test)]
mod tests {
    use super::{FILE, Reserve};
    use crate::error::{Error, StorageError};
    use crate::testing::TestRandom;

    #[test]
    fn storage_is_reserved_until_it_is_given_back_or_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let (file, random) = (folder.path().join(FILE), TestRandom::seeded(1));
        let reserve = Reserve::none();
        reserve.take(folder.path(), &random).unwrap();
        assert!(file.metadata().unwrap().len() >= 200_000);
        reserve.give_back();
        assert!(!file.exists());
        reserve.take(folder.path(), &random).unwrap();
        // After a crash another reserve takes over the same file.
        Reserve::none().take(folder.path(), &random).unwrap();
        drop(reserve);
        assert!(!file.exists());
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let nowhere = folder.path().join("nowhere");
        let taken = Reserve::none().take(&nowhere, &TestRandom::seeded(1));
        assert_eq!(taken, Err(Error::Storage(StorageError::CannotOpen)));
    }
}
