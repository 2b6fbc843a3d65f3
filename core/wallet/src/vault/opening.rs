//! Opening the vault's file: shared with other processes where possible, exclusively where the disk
//! has no space for the shared index, and for reading only where nothing can be written.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags};

use super::database::{Database, OPEN_TO_WRITE};
use super::faults::fault;
use super::mark;
use super::traces::{has_log, log_of};
use crate::error::{Error, StorageError};

/// Who else may use the file while it is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sharing {
    Others,
    Nobody,
}

impl Database {
    /// Opens the file of an existing vault and migrates an older schema; `None` where the file is
    /// still empty.
    ///
    /// # Errors
    /// [`Error::NewerSchema`]; [`Error::VaultDamaged`] for a file that is not a vault, read twice;
    /// [`Error::Storage`].
    pub(super) fn open(file: &Path) -> Result<Option<Self>, Error> {
        let opened = match Self::open_to_write(file, Sharing::Others) {
            // Where opening for writing fails once, SQLite silently opens for reading only.
            Ok(Some(database)) if database.is_read_only()? && may_write(file) => {
                drop(database);
                Self::open_somehow(file)
            }
            // SQLite reports some failed reads as damage, so damage counts only when it is seen
            // twice.
            Err(Error::VaultDamaged { .. }) => Self::open_somehow(file),
            Err(Error::Storage(error)) if error != StorageError::Busy => Self::open_somehow(file),
            opened => opened,
        };
        opened.map_err(|error| why(file, error))
    }

    fn open_somehow(file: &Path) -> Result<Option<Self>, Error> {
        let error = match Self::open_to_write(file, Sharing::Others) {
            Err(Error::Storage(error)) => error,
            opened => return opened,
        };
        let alone = match error {
            StorageError::ReadOnly | StorageError::CannotOpen | StorageError::Permission
                if !may_write(file) =>
            {
                Err(error.into())
            }
            // A license must also be shown on a full phone.
            StorageError::Full
            | StorageError::FileTooLarge
            | StorageError::Io
            | StorageError::CannotOpen => Self::open_to_write(file, Sharing::Nobody),
            _ => return Err(error.into()),
        };
        match alone {
            Err(Error::Storage(_)) if !may_write(file) => {
                Self::open_to_read(file).map_err(|_| error.into())
            }
            alone => alone,
        }
    }

    fn open_to_write(file: &Path, sharing: Sharing) -> Result<Option<Self>, Error> {
        let database = Self::connect(file, file, OPEN_TO_WRITE, None)?;
        if sharing == Sharing::Nobody {
            database.exclusive()?;
        }
        if database.schema_version()?.is_none() {
            return Ok(None);
        }
        database.use_wal()?;
        database.migrate()?;
        Ok(Some(database))
    }

    /// Opens a vault that cannot be written, so that the license can be shown. Every write to it
    /// fails with [`StorageError::ReadOnly`].
    ///
    /// A complete file is read in place; SQLite is told that it does not change. With a write-ahead
    /// log beside it, or an older schema, both are copied into memory.
    fn open_to_read(file: &Path) -> Result<Option<Self>, Error> {
        if !has_log(file)? {
            let database = Self::connect(Path::new(&unchanging(file)), file, OPEN_TO_READ, None)?;
            if database.schema_version()?.is_none() {
                return Ok(None);
            }
            if database.is_up_to_date()? {
                return Ok(Some(database));
            }
        }
        Self::copied(file)
    }

    /// A copy of the vault in memory.
    fn copied(file: &Path) -> Result<Option<Self>, Error> {
        let original = Self::connect(file, file, OPEN_TO_READ, lock_free())?;
        // The index of the write-ahead log is in memory then, since its file cannot be made.
        original.exclusive()?;
        let mut memory = Connection::open_in_memory().map_err(fault)?;
        rusqlite::backup::Backup::new(original.connection(), &mut memory)
            .and_then(|copy| copy.run_to_completion(i32::MAX, std::time::Duration::ZERO, None))
            .map_err(fault)?;
        drop(original);
        let database = Self::guarded(memory, None)?;
        if database.schema_version()?.is_none() {
            return Ok(None);
        }
        database.migrate()?;
        database.refuse_writes()?;
        Ok(Some(database))
    }
}

const OPEN_TO_READ: OpenFlags = OpenFlags::SQLITE_OPEN_READ_ONLY
    .union(OpenFlags::SQLITE_OPEN_NO_MUTEX)
    .union(OpenFlags::SQLITE_OPEN_URI);

/// SQLite's VFS without locks: taking a lock needs write access.
const fn lock_free() -> Option<&'static str> {
    if cfg!(unix) { Some("unix-none") } else { None }
}

/// Whether this user may write to the file and make files beside it.
#[cfg(unix)]
fn may_write(file: &Path) -> bool {
    use rustix::fs::{Access, access};
    let folder = file.parent().unwrap_or(file);
    access(file, Access::WRITE_OK).is_ok()
        && access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok()
}

#[cfg(not(unix))]
fn may_write(file: &Path) -> bool {
    std::fs::OpenOptions::new().append(true).open(file).is_ok()
}

/// The file's name for SQLite, with the flag that its content does not change while it is open.
fn unchanging(file: &Path) -> String {
    let mut uri = "file:".to_owned();
    for byte in file.as_os_str().as_encoded_bytes() {
        match char::from(*byte) {
            plain if plain.is_ascii_alphanumeric() || "/-._".contains(plain) => uri.push(plain),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri + "?immutable=1"
}

/// Finds out what SQLite does not say: why a file could not be opened or locked, and whether
/// reported damage is an unreadable disk.
pub(super) fn why(file: &Path, error: Error) -> Error {
    let asked = match error {
        Error::Storage(StorageError::CannotOpen) => why_not_opened(file),
        Error::Storage(StorageError::Busy) if locks_fail(file) => return StorageError::Lock.into(),
        Error::VaultDamaged { .. } => [file.to_owned(), log_of(file)]
            .iter()
            .try_for_each(|file| read_through(file)),
        _ => return error,
    };
    match asked {
        Ok(()) => error,
        Err(fault) => StorageError::of(&fault).into(),
    }
}

/// The reason why the file could not be opened, without opening it itself (see [`read_through`]).
fn why_not_opened(file: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    if let Err(refused) = rustix::fs::access(file, rustix::fs::Access::READ_OK) {
        return Err(refused.into());
    }
    // This also fails where the process has no file descriptors left.
    File::open(file.parent().unwrap_or(file)).map(|_| ())
}

/// Whether the file system does not support locks. SQLite reports "busy" then, as where another
/// process has the lock. The write-ahead log and the install mark are never locked, so they can be
/// tried.
#[cfg(unix)]
fn locks_fail(file: &Path) -> bool {
    use rustix::fs::{FlockOperation, fcntl_lock};
    let mark = file.parent().and_then(Path::parent).map(mark::file_in);
    let unlocked = [Some(log_of(file)), mark];
    let mut open = unlocked
        .iter()
        .flatten()
        .filter_map(|path| File::open(path).ok());
    open.any(|file| fcntl_lock(&file, FlockOperation::NonBlockingLockShared).is_err())
}

#[cfg(not(unix))]
fn locks_fail(_file: &Path) -> bool {
    false
}

/// Files that [`read_through`] has opened and must not close: by POSIX (`fcntl`) a process that
/// closes a file loses all its locks on it, including SQLite's. Only damaged vaults are read this
/// way, and each file once.
static READ: Mutex<Vec<(PathBuf, File)>> = Mutex::new(Vec::new());

/// Reads a whole file, to find out whether the disk can be read. A missing file is not an error.
fn read_through(path: &Path) -> std::io::Result<()> {
    use std::io::{Read, Seek};
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let known = read
        .iter()
        .position(|(known, file)| known == path && is_at(file, path));
    let place = match known {
        Some(place) => place,
        None => match File::open(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            file => {
                read.push((path.to_owned(), file?));
                read.len().saturating_sub(1)
            }
        },
    };
    let Some((_, file)) = read.get_mut(place) else {
        return Ok(());
    };
    file.rewind()?;
    std::io::copy(&mut file.by_ref(), &mut std::io::sink()).map(|_| ())
}

/// Whether an open file is still the one with this name.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |found: std::fs::Metadata| (found.dev(), found.ino());
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(open), Ok(there)) => place(open) == place(there),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_at(_file: &File, _path: &Path) -> bool {
    true
}
