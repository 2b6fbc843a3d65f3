//! Everything that can go wrong in a wallet: one closed list, free of personal data.

use vidimus_credential::UnixTime;

use crate::issuance::Refusal;
pub use crate::ports::StorageError;
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
    /// There is no wallet in this folder, and its key store remembers one: the app was removed and installed anew, say. A
    /// new wallet can be made; the license has to be issued again.
    #[error("this device had a wallet before; make a new one and get the license again")]
    HadWallet,
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
    /// The authority's time and this phone's are more than a day apart: what came is dated further ahead of all that this
    /// phone knows, or its server says another day before a code is spent. The phone's date is wrong, or the authority's
    /// clock. Nothing of it was stored, no code was spent. Show both times, and have the phone's date set.
    #[error(
        "the authority says {}, this phone {}; set this phone's date, or try again later",
        server.to_rfc3339(), device.to_rfc3339()
    )]
    ServerTimeWrong {
        /// The time that the signed object says.
        server: UnixTime,
        /// The best time known here.
        device: UnixTime,
    },
    /// A signed object was refused.
    #[error(transparent)]
    Credential(#[from] vidimus_credential::Error),

    // --- presentation ---
    /// No license of this name is in the wallet.
    #[error("there is no such license in the wallet")]
    NoSuchLicense,
    /// The reader's question is too old to be answered: ask for a new one.
    #[error("the reader's question is too old to be answered; ask the officer to ask again")]
    ChallengeOver,
    /// The presentation is over; a new one can be started.
    #[error("the presentation has ended; start a new one")]
    PresentationEnded,

    // --- issuance ---
    /// The text is no credential offer.
    #[error("this is not a license offer")]
    OfferMalformed,
    /// The offer is not one that this wallet can take up: no pre-authorized code, another kind of credential,
    /// or proofs that it cannot make.
    #[error("this wallet cannot take up such an offer")]
    OfferUnsupported,
    /// The issuer asks for a transaction code, and nobody vouches for it: it is not the wallet's own authority, and the
    /// trust list names no credential key of its address. Nothing was sent to it.
    #[error(
        "nobody vouches for this issuer, so it is given no code; ask your authority for an offer"
    )]
    IssuerUnknown,
    /// The offer's address says 404 or 410: it was used, or its time is over.
    #[error("the offer is used up or over; ask the authority for a new one")]
    OfferGone,
    /// The issuer's description of itself is missing, cannot be read, or speaks of another issuer.
    #[error("the issuer does not describe itself as it must")]
    IssuerMetadata,
    /// The offer asks for a transaction code, and none was given.
    #[error("the offer asks for a transaction code")]
    TxCodeRequired,
    /// The transaction code has another length or other characters than the offer says; it was not sent.
    #[error("the transaction code does not look as the offer says")]
    TxCodeMalformed,
    /// The server refused, with this code.
    #[error("the issuer refused: {0}")]
    Refused(Refusal),
    /// The issuer will have the license later; this wallet does not wait for it. The offer may be tried again.
    #[error("the issuer is not ready to issue the license yet; try again later")]
    IssuanceDeferred,
    /// The credential that came is bound to another key than this wallet's.
    #[error("the issuer sent a license for another device")]
    CredentialForAnotherKey,
    /// The credential that came, or the key that signed it, is past its end.
    #[error("the issuer sent a license that is no longer good")]
    CredentialNotInForce,
    /// There is no trust list to verify a credential by.
    #[error("there is no trust list yet")]
    TrustListMissing,
    /// The issuer gave no token by which the license could be renewed, or will not renew it.
    #[error("the issuer does not renew this license")]
    NotRenewable,

    // --- refresh ---
    /// What came is no status of this license: of another list, by another key, broken, or too short.
    #[error("the status that came cannot be used: {0}")]
    StatusUnusable(vidimus_credential::Error),

    // --- transport ---
    /// This is no authority's address: something stands behind it, a query, a fragment or one of its endpoints.
    #[error(
        "this is more than an authority's address; leave out what stands behind it: `?`, `#`, or an endpoint like /trust"
    )]
    AuthorityAddress,
    /// The server, or something before it, does not answer now: it is busy, in trouble, or lets nobody through. It says
    /// nothing of what was asked for, so nothing is used up.
    #[error(
        "the server does not answer now (HTTP {status}); try again from {} on",
        again.to_rfc3339()
    )]
    Busy {
        /// 403, 408, 425, 429, or 500 to 599.
        status: u16,
        /// From when on to try again, by the wallet's best time: what the server asked for, at most a day, and a
        /// random part, so that not all wallets come back at once.
        again: UnixTime,
    },
    /// The server answered with this HTTP status, which is no answer to the question.
    #[error("the server answered with the HTTP status {status}")]
    Server {
        /// 100 to 599.
        status: u16,
    },
    /// The answer is not laid out as it must be.
    #[error("the server's answer cannot be read")]
    AnswerMalformed,
    /// A page for people came instead of data: perhaps a network that wants a sign-in first.
    #[error("a web page came instead of data; the network may want a sign-in")]
    CaptivePortal,
    /// 304 without a copy that it could speak of.
    #[error("the server says that nothing is new, to a wallet that has nothing")]
    NotModifiedWithoutCopy,
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
            KeyStoreError::Storage(error) => Self::Storage(error),
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

/// Does it once more where a fault may have passed.
pub(crate) fn twice<T>(mut work: impl FnMut() -> std::io::Result<T>) -> Result<T, std::io::Error> {
    match work() {
        Err(error) if StorageError::of(&error).may_pass() => work(),
        done => done,
    }
}
