//! Whether there is a vault, there never was one, or one is gone: judged before SQLite touches a file.
//!
//! SQLite takes a file without a byte for a new database, and deletes the write-ahead log beside it. So what is left of
//! a wallet is looked at first: the vault's file, its write-ahead log, the install mark beside them, and what the
//! device's key store remembers.

use std::fs::Metadata;
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
    /// A file is in the vault's place, as long as a database is at least. What it holds is for SQLite to say, which deletes nothing
    /// then.
    pub(super) file: bool,
    /// It is shorter and not empty, or something else is in its place, or in its folder's: no vault, and not nothing.
    pub(super) scrap: bool,
    /// No such file is there, and a write-ahead log with something in it is: of a file that is gone.
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
        let folder = found(file.parent().unwrap_or(directory))?;
        let mark = Mark::read(directory);
        let mut remains = Self {
            mark: Mark::First,
            file: false,
            scrap: false,
            log: false,
            folder: folder.is_some(),
        };
        if folder.is_some_and(|folder| !folder.is_dir()) {
            remains.scrap = true;
        } else if let Some(found) = found(file)? {
            remains.file = is_one(&found);
            remains.scrap = !found.is_file() || (2..SMALLEST).contains(&found.len());
        }
        // A mark that cannot be read is one; where the vault's file is there, that keeps nobody from it.
        if mark.is_ok() || !remains.file {
            remains.mark = mark?;
        }
        if !remains.scrap && !remains.file {
            remains.log = has_log(file)?;
        }
        Ok(remains)
    }

    /// All traces, once it is known whether SQLite found a vault in the file, and what the key store remembers.
    pub(super) const fn with(self, vault: bool, anchor: bool) -> Traces {
        Traces {
            mark: self.mark.is_installed(),
            vault,
            // A log beside a database in which nothing was written yet is of a creation that was cut short.
            log: self.log || self.scrap,
            // What its holder has set aside is not missed.
            anchor: anchor && !matches!(self.mark, Mark::SetAside),
        }
    }
}

/// The smallest page, which is the smallest database (SQLite, "Database File Format", 1.3.2). SQLite takes a file of one
/// byte for an empty one, and so does this.
const SMALLEST: u64 = 512;

/// The write-ahead log of a database. SQLite has it beside the file itself, not beside a link to the file.
pub(super) fn log_of(file: &Path) -> PathBuf {
    let itself = std::fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let mut log = itself.into_os_string();
    log.push("-wal");
    log.into()
}

/// Whether a file as long as a database is at least stands there.
pub(super) fn is_there(file: &Path) -> Result<bool, StorageError> {
    Ok(found(file)?.is_some_and(|found| is_one(&found)))
}

/// Which file of which disk.
pub(super) type Place = (u64, u64);

/// Which file has this name now; `None` for none, and where systems have no such numbers.
#[cfg(unix)]
pub(super) fn place_of(file: &Path) -> Option<Place> {
    use std::os::unix::fs::MetadataExt;
    let found = twice(|| std::fs::metadata(file)).ok()?;
    Some((found.dev(), found.ino()))
}

#[cfg(not(unix))]
pub(super) fn place_of(_file: &Path) -> Option<Place> {
    None
}

fn is_one(found: &Metadata) -> bool {
    found.is_file() && found.len() >= SMALLEST
}

/// Whether a write-ahead log with something in it is there.
pub(super) fn has_log(file: &Path) -> Result<bool, StorageError> {
    Ok(found(&log_of(file))?.is_some_and(|log| log.len() > 0))
}

/// What stands there; `None` for nothing.
fn found(path: &Path) -> Result<Option<Metadata>, StorageError> {
    match twice(|| std::fs::metadata(path)) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StorageError::of(&error)),
    }
}
