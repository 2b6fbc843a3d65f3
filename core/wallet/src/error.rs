//! Everything that can go wrong in a wallet: one closed list, free of personal data.

use crate::ports::{KeyStoreError, NoRandomness, TransportError};
use crate::vault::Table;

/// Why a use case of the wallet did not happen.
///
/// Closed and `Copy`: no names, numbers, addresses, tokens or foreign text, so it may be shown and logged as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    // --- the vault and its keys ---
    /// There is a wallet in this folder already.
    #[error("there is a wallet in this folder already")]
    AlreadyExists,
    /// There is no wallet in this folder.
    #[error("there is no wallet in this folder")]
    NoWallet,
    /// A newer version of the wallet wrote this vault; it was left as it is.
    #[error("a newer version wrote this vault; update to open it")]
    NewerSchema,
    /// A part of the vault is not what the wallet wrote. The file is kept; what it held can be issued anew.
    #[error("the vault is damaged ({what}); nothing was deleted, the license can be issued anew")]
    VaultDamaged {
        /// Which part.
        what: Damage,
    },
    /// The vault was made on another device, whose key does not leave it.
    #[error("this vault belongs to another device")]
    OtherDevice,
    /// The phone destroyed the key that guards the vault. Nothing was deleted; the license can be issued anew.
    #[error(
        "the device has invalidated the vault's key; nothing was deleted, the license can be issued anew"
    )]
    KeyInvalidated,
    /// The key store failed in another way.
    #[error(transparent)]
    KeyStore(KeyStoreError),
    /// The vault's file could not be read or written; what was committed before is safe.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The system gave no randomness.
    #[error("the system gave no randomness")]
    NoRandomness,

    // --- what the authority signed ---
    /// A signed object was refused.
    #[error(transparent)]
    Credential(#[from] vidimus_credential::Error),

    // --- presentation ---
    /// No license of this name is in the wallet.
    #[error("there is no such license in the wallet")]
    NoSuchLicense,
    /// The presentation is over; a new one can be started.
    #[error("the presentation has ended; start a new one")]
    PresentationEnded,

    // --- transport ---
    /// The request had no answer.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The caller cancelled, or its time budget was used up.
    #[error("cancelled")]
    Cancelled,
}

impl From<KeyStoreError> for Error {
    fn from(error: KeyStoreError) -> Self {
        match error {
            KeyStoreError::Invalidated => Self::KeyInvalidated,
            other => Self::KeyStore(other),
        }
    }
}

impl From<NoRandomness> for Error {
    fn from(_: NoRandomness) -> Self {
        Self::NoRandomness
    }
}

/// Which part of a vault is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Damage {
    /// The file is no database of ours, or its structure is broken.
    #[error("its file is unreadable")]
    File,
    /// The sealed manifest, without which no row can be trusted.
    #[error("its manifest is unreadable")]
    Manifest,
    /// One row of this table: changed, swapped, missing, or older than the manifest says.
    #[error("a row of the table {0} was changed")]
    Row(Table),
    /// A row that the manifest does not know.
    #[error("it holds a row that the wallet did not write")]
    UnknownRow,
    /// The activity log: its chain is broken.
    #[error("its activity log was changed")]
    ActivityLog,
}

/// What the disk did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
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
    /// Any other fault of reading or writing.
    #[error("the disk failed")]
    Io,
}
