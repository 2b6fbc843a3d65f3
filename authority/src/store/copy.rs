//! A whole copy of the database, and whether one is sound.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::{BUSY, Store, version};
use crate::error::{Error, StorageFault};

/// How many pages one step copies, of 4 KiB each.
const STEP: i32 = 1_024;
/// After how many changes that begin a copy anew the rest is copied in one step.
const CHANGES: u32 = 5;

impl Store {
    /// Writes one consistent state into an empty file, while others go on writing. What was deleted
    /// is not in it: it is written anew from a plain copy in another empty file, which the caller
    /// deletes. It is not on the disk yet.
    ///
    /// The plain copy is made in steps, so that what is committed meanwhile is soon in the main
    /// database file. A change begins it anew; after a few of them the rest is copied in one step.
    pub(crate) fn copy_to(&self, path: &Path, plain: &Path) -> Result<(), Error> {
        let path = path.to_str().ok_or(Error::Io {
            what: "name the copy of the database: its folder's name is not UTF-8",
            kind: std::io::ErrorKind::InvalidInput,
        })?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut copy = Connection::open_with_flags(plain, flags)?;
        // It is worth nothing once this has ended.
        copy.pragma_update(None, "synchronous", "off")?;
        self.copy_plainly(&mut copy)?;
        copy.execute("VACUUM INTO ?", [path])?;
        Ok(())
    }

    fn copy_plainly(&self, to: &mut Connection) -> Result<(), Error> {
        let connection = self.shared.lock();
        let copying = Backup::new(&connection, to)?;
        let (mut left, mut begun_anew) = (i32::MAX, 0);
        let started = Instant::now();
        loop {
            let pages = if begun_anew < CHANGES { STEP } else { -1 };
            match copying.step(pages)? {
                StepResult::Done => return Ok(()),
                StepResult::More => {}
                _ if started.elapsed() < BUSY => std::thread::sleep(Duration::from_millis(10)),
                _ => return Err(Error::Busy),
            }
            let remaining = copying.progress().remaining;
            if remaining >= left {
                begun_anew += 1;
            }
            left = remaining;
        }
    }

    /// Opens a copy that no one writes, and that has no write-ahead log.
    pub(crate) fn open_copy(path: &Path) -> Result<Self, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        if version(&connection)? == 0 {
            return Err(Error::NotInitialised);
        }
        Ok(Self::of(connection))
    }

    /// Reads every page and every index.
    ///
    /// # Errors
    /// [`StorageFault::Damaged`] where they contradict each other.
    pub(crate) fn verify(&self) -> Result<(), Error> {
        let connection = self.shared.lock();
        let said: String =
            connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if said == "ok" {
            Ok(())
        } else {
            Err(Error::Storage(StorageFault::Damaged))
        }
    }
}
