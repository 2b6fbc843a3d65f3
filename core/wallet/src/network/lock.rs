//! The network lock: only one process at a time sends requests for a wallet.
//!
//! Two processes that renewed at once would spend one refresh token twice, and the authority would
//! void the tokens of both. The operating system locks a file, so the lock ends with the process
//! that held it.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::Duration;

use crate::error::{Error, StorageError, twice};
use crate::network::requests::Requests;
use crate::vault::network_lock_in;

const POLL: Duration = Duration::from_millis(20);

/// Held while this process may use the network.
pub(crate) struct NetworkLock {
    _file: File,
}

impl NetworkLock {
    /// Waits for the lock until the budget of `requests` is used up.
    ///
    /// # Errors
    /// [`Error::Cancelled`]; [`Error::Storage`] with `Busy` where another process holds the lock
    /// for longer.
    pub(crate) async fn take(directory: &Path, requests: &Requests<'_>) -> Result<Self, Error> {
        let path = network_lock_in(directory);
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        // A user who can open the file could hold the lock for ever.
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
