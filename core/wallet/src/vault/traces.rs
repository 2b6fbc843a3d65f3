//! Whether there is a vault, there never was one, or one is gone: judged before SQLite touches a file.
//!
//! SQLite takes a file without a byte for a new database, and deletes the write-ahead log beside it. So what is left of
//! a wallet is looked at first: the vault's file, its write-ahead log, the install mark beside them, and what the
//! device's key store remembers.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::mark::Mark;
use crate::error::{StorageError, twice};

/// What is known of a wallet before its vault is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traces {
    /// The install mark stands in the wallet's folder: a vault was finished there. It goes with the app.
    pub mark: bool,
    /// The vault's file is there and is one.
    pub vault: bool,
    /// A write-ahead log with something in it is there, or a scrap of the vault's file.
    pub log: bool,
    /// The device's key store has an anchor, or a wrapping key. On an iPhone both outlive the app.
    pub anchor: bool,
}

/// What the traces mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// There is a vault: open it.
    Vault,
    /// There never was one: a new one may be made.
    New,
    /// The app was removed and installed anew: a new vault may be made, and the license must be issued again.
    HadBefore,
    /// There was a vault in this folder, and it is gone: that is damage, and nothing is made over it.
    Gone,
}

impl Traces {
    /// What they mean. The one place that decides it, for every system.
    #[must_use]
    pub const fn judge(self) -> Finding {
        match self {
            Self { vault: true, .. } => Finding::Vault,
            Self { mark: true, .. } | Self { log: true, .. } => Finding::Gone,
            Self { anchor: true, .. } => Finding::HadBefore,
            _ => Finding::New,
        }
    }
}

/// What the folder shows of a wallet. The key store has yet to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Remains {
    pub(super) mark: Mark,
    /// The vault's file is as long as a database is at least. What it holds is for SQLite to say, which deletes nothing
    /// then.
    pub(super) file: bool,
    /// It is shorter, and not empty.
    pub(super) scrap: bool,
    /// A write-ahead log with something in it is there.
    pub(super) log: bool,
    /// The vault's own folder is there: a creation begins with it.
    pub(super) folder: bool,
}

impl Remains {
    /// Looks, changes nothing, and opens no file of SQLite's: closing it would take away the locks that SQLite holds on it
    /// in this process.
    ///
    /// # Errors
    /// What the disk says. A folder that may not be read is no folder without a wallet.
    pub(super) fn of(directory: &Path, file: &Path) -> Result<Self, StorageError> {
        let folder = file.parent().unwrap_or(directory);
        let bytes = length(file)?.unwrap_or(0);
        Ok(Self {
            mark: Mark::read(directory)?,
            file: bytes >= SMALLEST,
            scrap: (2..SMALLEST).contains(&bytes),
            log: length(&log_of(file))?.is_some_and(|length| length > 0),
            folder: length(folder)?.is_some(),
        })
    }

    /// All traces, once it is known whether SQLite found a vault in the file, and what the key store remembers.
    pub(super) const fn with(self, vault: bool, anchor: bool) -> Traces {
        Traces {
            mark: self.mark.is_installed(),
            vault,
            // Beside a database in which nothing was written yet it is of a creation that was cut short.
            log: (self.log && !self.file) || self.scrap,
            // What its holder has set aside is not missed.
            anchor: anchor && !matches!(self.mark, Mark::SetAside),
        }
    }
}

/// The smallest page, which is the smallest database (SQLite, "Database File Format", 1.3.2). SQLite takes a file of one
/// byte for an empty one, and so does this.
const SMALLEST: u64 = 512;

/// The write-ahead log of a database.
pub(super) fn log_of(file: &Path) -> PathBuf {
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    log.into()
}

/// The length of what stands there; `None` for nothing.
fn length(path: &Path) -> Result<Option<u64>, StorageError> {
    match twice(|| std::fs::metadata(path)) {
        Ok(found) => Ok(Some(found.len())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StorageError::of(&error)),
    }
}
