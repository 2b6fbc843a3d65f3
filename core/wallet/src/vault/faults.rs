//! The meaning of SQLite's errors.

use rusqlite::ErrorCode;

use crate::error::{Damage, Error, StorageError};

/// Whether the same call may succeed if it is made again. For some failed reads SQLite reports
/// damage (`SQLITE_IOERR_CORRUPTFS`).
pub(super) fn may_pass(error: &rusqlite::Error) -> bool {
    use ErrorCode::{DatabaseCorrupt, NotADatabase, SystemIoFailure};
    matches!(
        error.sqlite_error_code(),
        Some(DatabaseCorrupt | NotADatabase | SystemIoFailure)
    )
}

/// The wallet's error for an error of SQLite. A schema without our tables was tampered with.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that `map_err` hands over"
)]
pub(super) fn fault(error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StorageError::Full.into(),
        Some(ErrorCode::ReadOnly) => StorageError::ReadOnly.into(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StorageError::Busy.into(),
        Some(ErrorCode::CannotOpen) => StorageError::CannotOpen.into(),
        Some(ErrorCode::PermissionDenied) => StorageError::Permission.into(),
        Some(ErrorCode::OutOfMemory) => StorageError::Memory.into(),
        Some(ErrorCode::FileLockingProtocolFailed) => StorageError::Lock.into(),
        Some(ErrorCode::SystemIoFailure) => io_fault(&error).into(),
        _ => damaged(),
    }
}

/// The failure of the disk, by which of SQLite's system calls failed.
fn io_fault(error: &rusqlite::Error) -> StorageError {
    use rusqlite::ffi;
    let code = error.sqlite_error().map(|error| error.extended_code);
    match code {
        Some(
            ffi::SQLITE_IOERR_LOCK
            | ffi::SQLITE_IOERR_RDLOCK
            | ffi::SQLITE_IOERR_UNLOCK
            | ffi::SQLITE_IOERR_CHECKRESERVEDLOCK
            | ffi::SQLITE_IOERR_SHMLOCK,
        ) => StorageError::Lock,
        Some(ffi::SQLITE_IOERR_ACCESS | ffi::SQLITE_IOERR_AUTH) => StorageError::Permission,
        Some(ffi::SQLITE_IOERR_NOMEM) => StorageError::Memory,
        Some(ffi::SQLITE_IOERR_WRITE | ffi::SQLITE_IOERR_TRUNCATE | ffi::SQLITE_IOERR_SHMSIZE)
            if files_are_limited() =>
        {
            StorageError::FileTooLarge
        }
        _ => StorageError::Io,
    }
}

/// Whether this process has a limit on the size of files. SQLite does not report that a write
/// reached it.
#[cfg(unix)]
fn files_are_limited() -> bool {
    use rustix::process::{Resource, getrlimit};
    getrlimit(Resource::Fsize).current.is_some()
}

#[cfg(not(unix))]
fn files_are_limited() -> bool {
    false
}

pub(super) fn damaged() -> Error {
    Error::VaultDamaged { what: Damage::File }
}
