//! How a disk can fail the vault, and key stores that keep files.

use vidimus_credential::all_variants;

/// How reading or writing a file failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// No space is left.
    #[error("the disk is full")]
    Full,
    /// The disk or the folder cannot be written.
    #[error("the disk is read-only")]
    ReadOnly,
    /// Another process held the vault for longer than 5 s.
    #[error("another process is using the vault")]
    Busy,
    /// The folder or file cannot be opened.
    #[error("the vault's file cannot be opened")]
    CannotOpen,
    /// The system refuses this user the folder or the file.
    #[error("permission for the wallet's files was refused")]
    Permission,
    /// Others may write to the folder or the file, and this user may not change that.
    #[error("others may write to the wallet's files")]
    OpenToOthers,
    /// This process, or the whole system, may open no more files.
    #[error("too many files are open")]
    TooManyFiles,
    /// The system could not lock a file.
    #[error("a file of the wallet could not be locked")]
    Lock,
    /// A file may not grow any more: this process has a limit on the size of files.
    #[error("a file has reached the limit that is set for the size of files")]
    FileTooLarge,
    /// There is not enough memory.
    #[error("there is not enough memory")]
    Memory,
    /// Any other fault of reading or writing.
    #[error("the disk failed")]
    Io,
}

all_variants! {
    /// Every failure of a disk.
    StorageError {
        Full,
        ReadOnly,
        Busy,
        CannotOpen,
        Permission,
        OpenToOthers,
        TooManyFiles,
        Lock,
        FileTooLarge,
        Memory,
        Io,
    }
}

/// "Too many open files", of this process and of the system: `ErrorKind` has no member for them.
#[cfg(unix)]
const TOO_MANY_FILES: [i32; 2] = [
    rustix::io::Errno::MFILE.raw_os_error(),
    rustix::io::Errno::NFILE.raw_os_error(),
];
#[cfg(not(unix))]
const TOO_MANY_FILES: [i32; 0] = [];

impl StorageError {
    /// The member for an error of the file system.
    #[must_use]
    pub fn of(error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full,
            ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            ErrorKind::PermissionDenied => Self::Permission,
            ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::IsADirectory => {
                Self::CannotOpen
            }
            ErrorKind::FileTooLarge => Self::FileTooLarge,
            ErrorKind::OutOfMemory => Self::Memory,
            _ if error
                .raw_os_error()
                .is_some_and(|number| TOO_MANY_FILES.contains(&number)) =>
            {
                Self::TooManyFiles
            }
            _ => Self::Io,
        }
    }

    /// Whether the same call may succeed if it is made again: true for a passing fault of the disk,
    /// false where the system refused.
    pub(crate) const fn may_pass(self) -> bool {
        matches!(self, Self::Io | Self::Lock)
    }
}
