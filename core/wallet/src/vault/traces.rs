//! Finds out whether a vault exists, never existed, or is lost, before SQLite touches a file.
//!
//! SQLite treats an empty file as a new database, and deletes the write-ahead log beside it. So the
//! traces of a wallet are examined first: the vault's file, its write-ahead log, the install mark,
//! and the device's key store.

use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::mark::Mark;
use crate::error::{StorageError, twice};

/// The traces of a wallet before its vault is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Traces {
    /// The install mark is in the wallet's folder: a vault was completed there. It is removed with
    /// the app.
    pub mark: bool,
    /// The vault's file exists and is a vault.
    pub vault: bool,
    /// There is a write-ahead log that is not empty, or a part of the vault's file.
    pub log: bool,
    /// The device's key store has an anchor, or a wrapping key. On an iPhone both outlive the app.
    pub anchor: bool,
}

/// The conclusion from the traces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finding {
    /// There is a vault: open it.
    Vault,
    /// There never was a vault: a new one may be made.
    New,
    /// The app was removed and installed again: a new vault may be made, and the license must be
    /// issued again.
    HadBefore,
    /// There was a vault in this folder, and its file is gone: that is damage, and no new vault is
    /// made over it.
    Gone,
}

impl Traces {
    /// The conclusion from these traces. All systems use this one table.
    #[must_use]
    pub(crate) const fn judge(self) -> Finding {
        match self {
            Self { vault: true, .. } => Finding::Vault,
            Self { mark: true, .. } | Self { log: true, .. } => Finding::Gone,
            Self { anchor: true, .. } => Finding::HadBefore,
            _ => Finding::New,
        }
    }
}

/// The traces of a wallet in its folder, without those in the key store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Remains {
    pub(super) mark: Mark,
    /// The vault's file is at least as long as the smallest database. SQLite finds out whether it
    /// is one, and deletes nothing then.
    pub(super) file: bool,
    /// The vault's file is shorter but not empty, or its name or its folder's belongs to something
    /// else.
    pub(super) scrap: bool,
    /// The vault's file is missing, and a write-ahead log that is not empty is left of it.
    pub(super) log: bool,
    /// The vault's folder exists: a creation makes it first.
    pub(super) folder: bool,
}

impl Remains {
    /// Examines the folder without changing it. It opens no file of SQLite's, since closing that
    /// would release the locks that SQLite holds on it in this process.
    ///
    /// # Errors
    /// Those of the disk. A folder that cannot be read is not treated as a folder without a wallet.
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
        // An unreadable mark is an error, but not where the vault's file is there: it can still be
        // opened.
        if mark.is_ok() || !remains.file {
            remains.mark = mark?;
        }
        if !remains.scrap && !remains.file {
            remains.log = has_log(file)?;
        }
        Ok(remains)
    }

    /// All traces, with what SQLite found in the file and whether the key store remembers a vault.
    pub(super) const fn with(self, vault: bool, anchor: bool) -> Traces {
        Traces {
            mark: self.mark.is_installed(),
            vault,
            // A log beside an empty database is left of an interrupted creation.
            log: self.log || self.scrap,
            // A vault that was set aside is not missing.
            anchor: anchor && !matches!(self.mark, Mark::SetAside),
        }
    }
}

/// The smallest page and so the smallest database, in bytes (SQLite, "Database File Format",
/// 1.3.2). SQLite treats a file of one byte as an empty one, and so does this.
const SMALLEST: u64 = 512;

/// The write-ahead log of a database. SQLite puts it beside the file itself, not beside a link to
/// the file.
pub(super) fn log_of(file: &Path) -> PathBuf {
    let itself = std::fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let mut log = itself.into_os_string();
    log.push("-wal");
    log.into()
}

/// Whether there is a file at least as long as the smallest database.
pub(super) fn is_there(file: &Path) -> Result<bool, StorageError> {
    Ok(found(file)?.is_some_and(|found| is_one(&found)))
}

/// The identity of a file: the disk's number and the file's.
pub(super) type Place = (u64, u64);

/// The identity of the file with this name; `None` without a file, and on systems without such
/// numbers.
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

/// Whether there is a write-ahead log that is not empty.
pub(super) fn has_log(file: &Path) -> Result<bool, StorageError> {
    Ok(found(&log_of(file))?.is_some_and(|log| log.len() > 0))
}

/// The metadata of a path; `None` where it does not exist.
fn found(path: &Path) -> Result<Option<Metadata>, StorageError> {
    match twice(|| std::fs::metadata(path)) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StorageError::of(&error)),
    }
}
