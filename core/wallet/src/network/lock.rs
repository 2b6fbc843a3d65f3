//! One at a time: what speaks to the network for a wallet, across the processes that hold it.
//!
//! Two that renewed at once would spend one refresh token twice, and the authority would void them
//! both. The lock is the system's own on a file, so it ends with the process that held it.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::{Error, StorageError, twice};
use crate::network::requests::Requests;

const FILE: &str = "network.lock";
const POLL: Duration = Duration::from_millis(20);

/// Where the lock of a wallet's folder is.
pub(crate) fn file_in(directory: &Path) -> PathBuf {
    directory.join(FILE)
}

/// Held while this process may use the network.
pub(crate) struct NetworkLock {
    _file: File,
}

impl NetworkLock {
    /// Waits for the turn, as long as the exchange's budget lasts.
    ///
    /// # Errors
    /// [`Error::Cancelled`]; [`Error::Storage`] with `Busy` where the other one outlasts the budget.
    pub(crate) async fn take(directory: &Path, requests: &Requests<'_>) -> Result<Self, Error> {
        let path = file_in(directory);
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        // Whoever may open it may hold the turn for ever.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let opened = twice(|| options.open(&path));
        let file = opened.map_err(|error| StorageError::of(&error))?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(_)) => return Err(StorageError::Lock.into()),
            }
            requests.check()?;
            if requests.remaining().is_zero() {
                return Err(StorageError::Busy.into());
            }
            tokio::time::sleep(POLL).await;
        }
    }
}
