//! Why the database cannot be used.

/// What SQLite says is wrong, without its text, which may quote data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StorageFault {
    /// The file is no database, or its pages contradict each other.
    #[error("it is damaged: restore it from your backup")]
    Damaged,
    /// The disk is full.
    #[error(
        "the disk of the home folder is full: make room on it, and run the command again. What is stored already is whole"
    )]
    Full,
    /// The file or folder may not be written.
    #[error("it may not be written: check the folder's owner and mode")]
    ReadOnly,
    /// The file could not be opened.
    #[error(
        "it could not be opened: check the folder's owner and mode, and how many files the process may open"
    )]
    Open,
    /// Reading or writing failed.
    #[error(
        "reading or writing it failed: look whether the disk of the home folder is full, failing or gone, and run the command again"
    )]
    Io,
    /// SQLite gave an error that none of the others names.
    #[error(
        "it gave an unexpected answer (SQLite's code {code}): run the command again; if it stays so, look at the disk and restore a backup"
    )]
    Other {
        /// SQLite's extended result code; -1 where the answer was not SQLite's.
        code: i32,
    },
}
