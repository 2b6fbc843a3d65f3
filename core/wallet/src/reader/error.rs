//! What can go wrong with a reader's book: one closed list, free of personal data.

use crate::error::{Damage, Error, StorageError};
use crate::ports::KeyStoreError;

/// Why a use case of a reader did not happen. A verdict is given whatever is wrong with the book; what was wrong then is a
/// [`Trouble`](super::Trouble) beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReaderError {
    // --- the book and its keys ---
    /// There is no book in this folder.
    #[error("there is no reader's book in this folder")]
    NoBook,
    /// A part of the book is not what the reader wrote. The file is kept, and the driver's wallet is another file.
    #[error(
        "the reader's book is damaged ({what}); nothing was deleted, set it aside to begin a new one"
    )]
    BookDamaged {
        /// Which part.
        what: Damage,
    },
    /// A newer version wrote this book; it was left as it is.
    #[error("a newer version wrote this reader's book; update to open it")]
    NewerSchema,
    /// The book was made on another device, whose key does not leave it.
    #[error("this reader's book belongs to another device")]
    OtherDevice,
    /// The phone destroyed the key that guards the book. Nothing was deleted.
    #[error(
        "the device has invalidated the key of the reader's book; nothing was deleted, set it aside to begin a new one"
    )]
    KeyInvalidated,
    /// The key store failed in another way; one that has no names for books says `Unavailable`.
    #[error(transparent)]
    KeyStore(KeyStoreError),
    /// The book's file could not be read or written; what was committed before is safe.
    #[error(transparent)]
    Storage(StorageError),
    /// The system gave no randomness.
    #[error("the system gave no randomness")]
    NoRandomness,

    // --- what the caller asked ---
    /// No authority is in the book: nobody's licenses can be checked.
    #[error("the reader has no authority yet")]
    NoAuthority,
    /// No authority of this id is in the book.
    #[error("the reader has no such authority")]
    NoSuchAuthority,
    /// The book holds as many authorities, or addresses of bundles, as it may.
    #[error("the reader has as many authorities or bundles as fit")]
    Full,
    /// The challenge is not one that this reader asked since it was started, or it was asked too long ago.
    #[error("the reader did not ask this; ask again")]
    NoSuchChallenge,
    /// The caller cancelled, or its time budget was used up.
    #[error("cancelled")]
    Cancelled,
    /// An address, or a name for a challenge, is none.
    #[error(transparent)]
    Invalid(Error),
}

impl From<Error> for ReaderError {
    fn from(error: Error) -> Self {
        match error {
            Error::NoWallet | Error::HadWallet => Self::NoBook,
            Error::VaultDamaged { what } => Self::BookDamaged { what },
            Error::NewerSchema => Self::NewerSchema,
            Error::OtherDevice => Self::OtherDevice,
            Error::KeyInvalidated => Self::KeyInvalidated,
            Error::KeyStore(error) => Self::KeyStore(error),
            Error::Storage(error) => Self::Storage(error),
            Error::NoRandomness => Self::NoRandomness,
            Error::Cancelled => Self::Cancelled,
            error => Self::Invalid(error),
        }
    }
}
