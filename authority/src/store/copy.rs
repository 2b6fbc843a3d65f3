//! A whole copy of the database, and whether one is sound.

use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags};

use super::{Store, version};
use crate::error::{Error, StorageFault};

impl Store {
    /// Writes one consistent state into an empty file, while others go on writing. What was deleted is
    /// not in it. It is not on the disk yet.
    pub(crate) fn copy_to(&self, path: &Path) -> Result<(), Error> {
        let path = path.to_str().ok_or(Error::Io {
            what: "name the copy of the database: its folder's name is not UTF-8",
            kind: std::io::ErrorKind::InvalidInput,
        })?;
        let connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        connection.execute("VACUUM INTO ?", [path])?;
        Ok(())
    }

    /// Opens a copy that nobody writes, and that has no write-ahead log.
    pub(crate) fn open_copy(path: &Path) -> Result<Self, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        if version(&connection)? == 0 {
            return Err(Error::NotInitialised);
        }
        Ok(Self {
            connection: Mutex::new(connection),
            seen: AtomicU64::new(0),
        })
    }

    /// Reads every page and every index.
    ///
    /// # Errors
    /// [`StorageFault::Damaged`] where they contradict each other.
    pub(crate) fn verify(&self) -> Result<(), Error> {
        let connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let said: String =
            connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if said == "ok" {
            Ok(())
        } else {
            Err(Error::Storage(StorageFault::Damaged))
        }
    }
}
