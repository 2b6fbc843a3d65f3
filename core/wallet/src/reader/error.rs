//! Why a call of a reader failed: one list, free of personal data.

use vidimus_credential::all_variants;

use crate::error::{Damage, Error, StorageError};
use crate::ports::KeyStoreError;

/// Why a call of a reader failed. It holds no personal data: it may be shown and logged. A failing
/// book does not prevent a verdict; its problem is then a [`Trouble`](super::Trouble) beside the
/// verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReaderError {
    // --- the book and its keys ---
    /// There is no book in this folder.
    #[error("there is no reader's book in this folder")]
    NoBook,
    /// A part of the book is not what the reader wrote. The file is kept. The driver's wallet is a
    /// separate file and is not affected.
    #[error(
        "the reader's book is damaged ({what}); nothing was deleted, set it aside to begin a new one"
    )]
    BookDamaged {
        /// Which part is damaged.
        what: Damage,
    },
    /// A newer version wrote this book. It was not changed; the app must be updated.
    #[error("a newer version wrote this reader's book; update to open it")]
    NewerSchema,
    /// The book was made on another device, whose key does not leave it.
    #[error("this reader's book belongs to another device")]
    OtherDevice,
    /// The phone destroyed the key that protects the book. Nothing was deleted.
    #[error(
        "the device has invalidated the key of the reader's book; nothing was deleted, set it aside to begin a new one"
    )]
    KeyInvalidated,
    /// The key store failed in another way. `Unavailable` where it has no named stores.
    #[error(transparent)]
    KeyStore(KeyStoreError),
    /// The book's file could not be read or written; what was committed before is safe.
    #[error(transparent)]
    Storage(StorageError),
    /// The system gave no randomness.
    #[error("the system gave no randomness")]
    NoRandomness,

    // --- what the caller asked ---
    /// The book holds no authority, so no license can be checked: call
    /// [`add_authority`](super::ReaderBook::add_authority).
    #[error("the reader has no authority yet")]
    NoAuthority,
    /// The book holds no authority with this id.
    #[error("the reader has no such authority")]
    NoSuchAuthority,
    /// The book already holds the most authorities (16) or bundle addresses (64).
    #[error("the reader has as many authorities or bundles as fit")]
    Full,
    /// This process did not make the challenge, or made it too long ago. Make a new one.
    #[error("the reader did not ask this; ask again")]
    NoSuchChallenge,
    /// The caller cancelled, or its time budget was used up.
    #[error("cancelled")]
    Cancelled,
    /// An address, or a reader's name for a challenge, is not valid.
    #[error(transparent)]
    Invalid(Error),
}

all_variants! {
    /// Every error, those with a value with an example of it.
    ReaderError {
        NoBook,
        BookDamaged { what: Damage::File },
        NewerSchema,
        OtherDevice,
        KeyInvalidated,
        KeyStore(KeyStoreError::Locked),
        Storage(StorageError::Full),
        NoRandomness,
        NoAuthority,
        NoSuchAuthority,
        Full,
        NoSuchChallenge,
        Cancelled,
        Invalid(Error::AuthorityAddress),
    }
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
