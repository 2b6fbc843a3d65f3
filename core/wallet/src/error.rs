//! Why a call of the wallet failed: one list, free of personal data.

mod oauth;

use vidimus_credential::{UnixTime, all_variants};

mod fault;

pub use fault::{MetadataFault, OfferFault, Unsupported};

pub use self::oauth::OAuthError;
pub use crate::ports::StorageError;
use crate::ports::{KeyStoreError, NoRandomness, TransportError};
use crate::table::Table;

/// Why a call of the wallet failed.
///
/// It holds no personal data, addresses, tokens or text of the system, so it may be shown and
/// logged. No error means that something was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    // --- the vault and its keys ---
    /// There is a wallet in this folder already.
    #[error("there is a wallet in this folder already")]
    AlreadyExists,
    /// There is no wallet in this folder.
    #[error("there is no wallet in this folder")]
    NoWallet,
    /// There is no wallet in this folder, and the key store remembers one, for example because the
    /// app was removed and installed again. A new wallet can be made; the license has to be issued
    /// again.
    #[error("this device had a wallet before; make a new one and get the license again")]
    HadWallet,
    /// A newer version of the wallet wrote this vault. It was not changed; the app must be updated.
    #[error("a newer version wrote this vault; update to open it")]
    NewerSchema,
    /// A part of the vault is not what the wallet wrote. The file is kept. The license can be
    /// issued anew.
    #[error("the vault is damaged ({what}); nothing was deleted, the license can be issued anew")]
    VaultDamaged {
        /// Which part is damaged.
        what: Damage,
    },
    /// The vault was made on another device, whose key does not leave it.
    #[error("this vault belongs to another device")]
    OtherDevice,
    /// The phone destroyed the key that protects the vault. Nothing was deleted; the license can be
    /// issued anew.
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
    /// The authority's time and this phone's are more than a day apart: a signed object is dated
    /// that far ahead of everything this phone knows, or the server named another day before a code
    /// was spent. Either the phone's date is wrong, or the authority's clock. Nothing was stored
    /// and no code was spent. Show both times and ask the driver to set the phone's date.
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
    /// The wallet holds no license with this id.
    #[error("there is no such license in the wallet")]
    NoSuchLicense,
    /// The reader's question is too old to be answered: ask for a new one.
    #[error("the reader's question is too old to be answered; ask the officer to ask again")]
    ChallengeOver,
    /// The presentation has ended; start a new one.
    #[error("the presentation has ended; start a new one")]
    PresentationEnded,

    // --- issuance ---
    /// The text is no credential offer.
    #[error("this is not a license offer ({0})")]
    OfferMalformed(OfferFault),
    /// This wallet cannot redeem the offer: it has no pre-authorized code, another kind of
    /// credential, or asks for proofs that this wallet cannot make.
    #[error("this wallet cannot redeem such an offer ({0})")]
    OfferUnsupported(Unsupported),
    /// The issuer asks for a transaction code and is not vouched for: it is not the wallet's own
    /// authority, and the trust list names no credential key of its address. No code was sent.
    #[error(
        "no one vouches for this issuer, so it is given no code; ask your authority for an offer"
    )]
    IssuerUnknown,
    /// The offer's address answered 404 or 410: the offer was used or has expired.
    #[error("the offer is used up or over; ask the authority for a new one")]
    OfferGone,
    /// The issuer's metadata is missing, cannot be read, or is that of another issuer.
    #[error("the issuer's metadata cannot be used ({0})")]
    IssuerMetadata(MetadataFault),
    /// The offer asks for a transaction code, and none was given.
    #[error("the offer asks for a transaction code")]
    TxCodeRequired,
    /// The transaction code does not have the length or the characters that the offer demands. It
    /// was not sent.
    #[error("the transaction code does not look as the offer says")]
    TxCodeMalformed,
    /// The server refused with this error code.
    #[error("the issuer refused: {0}")]
    Refused(OAuthError),
    /// The issuer will issue the license later. Redeem the same offer again then.
    #[error("the issuer is not ready to issue the license yet; try again later")]
    IssuanceDeferred,
    /// The authority has no sign-in that this wallet can use: pushed requests, the code flow and
    /// S256 are needed.
    #[error("this authority has no sign-in that this wallet can use")]
    SignInUnsupported,
    /// No sign-in is under way in this wallet, or it is over. Nothing changed; begin a new one.
    #[error("no sign-in is under way, or it took too long; begin again")]
    NoSignIn,
    /// The browser came back from another sign-in than this wallet's: its state or its issuer
    /// differ, or the issuer is not named. Nothing changed; the right answer is still waited for.
    #[error("this is the answer of another sign-in; nothing changed")]
    OtherSignIn,
    /// The sign-in ended with this error code: the driver declined it, or the authority did. Begin
    /// a new one.
    #[error("the sign-in was refused: {0}")]
    SignInRefused(OAuthError),
    /// An application of this wallet is under way: the authority may have issued a license for it.
    /// A refresh brings it. No other sign-in was begun.
    #[error("an application is under way; a refresh brings the license")]
    ApplicationWaits,
    /// The received credential is bound to another key than this wallet's.
    #[error("the issuer sent a license for another device")]
    CredentialForAnotherKey,
    /// The received credential, or the key that signed it, has expired.
    #[error("the issuer sent a license that is no longer good")]
    CredentialNotInForce,
    /// There is no trust list with which to verify a credential.
    #[error("there is no trust list yet")]
    TrustListMissing,
    /// The issuer gave no token for a renewal, or refuses it.
    #[error("the issuer does not renew this license")]
    NotRenewable,

    // --- refresh ---
    /// The received status is not one of this license: of another list, by another key, malformed,
    /// or too short.
    #[error("the status that came cannot be used: {0}")]
    StatusUnusable(vidimus_credential::Error),

    // --- transport ---
    /// This is not an authority's address: it ends in a query, a fragment or an endpoint.
    #[error(
        "this is more than an authority's address; leave out what stands behind it: `?`, `#`, or an endpoint like /trust"
    )]
    AuthorityAddress,
    /// The server, or a proxy before it, does not answer now: it is busy, in trouble, or blocks
    /// requests. No code and no offer was used up.
    #[error(
        "the server does not answer now (HTTP {status}); try again from {} on",
        again.to_rfc3339()
    )]
    Busy {
        /// The HTTP status: 403, 408, 425, 429, or 500 to 599.
        status: u16,
        /// The earliest time for the next try, by the wallet's best time: the server's
        /// `Retry-After`, at most a day, plus a random part so that wallets do not all come back at
        /// once.
        again: UnixTime,
    },
    /// The server answered with an HTTP status that the wallet cannot use.
    #[error("the server answered with the HTTP status {status}")]
    Server {
        /// The HTTP status, 100 to 599.
        status: u16,
    },
    /// The server's answer does not have the layout of its specification.
    #[error("the server's answer cannot be read")]
    AnswerMalformed,
    /// A web page came instead of data. Perhaps the network wants a sign-in first.
    #[error("a web page came instead of data; the network may want a sign-in")]
    CaptivePortal,
    /// The server answered 304, though the wallet holds no copy.
    #[error("the server says that nothing is new, to a wallet that has nothing")]
    NotModifiedWithoutCopy,
    /// The request had no answer, for this reason.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The caller cancelled, or the time budget was used up.
    #[error("cancelled")]
    Cancelled,
}

all_variants! {
    /// Every error, those with a value with an example of it.
    Error {
        AlreadyExists,
        NoWallet,
        HadWallet,
        NewerSchema,
        VaultDamaged { what: Damage::File },
        OtherDevice,
        KeyInvalidated,
        KeyStore(KeyStoreError::Locked),
        Storage(StorageError::Full),
        NoRandomness,
        ServerTimeWrong { server: UnixTime::EPOCH, device: UnixTime::EPOCH },
        Credential(vidimus_credential::Error::BadSignature),
        NoSuchLicense,
        ChallengeOver,
        PresentationEnded,
        OfferMalformed(OfferFault::Text),
        OfferUnsupported(Unsupported::Grant),
        IssuerUnknown,
        OfferGone,
        IssuerMetadata(MetadataFault::Missing),
        TxCodeRequired,
        TxCodeMalformed,
        Refused(OAuthError::InvalidGrant),
        IssuanceDeferred,
        SignInUnsupported,
        NoSignIn,
        OtherSignIn,
        SignInRefused(OAuthError::AccessDenied),
        ApplicationWaits,
        CredentialForAnotherKey,
        CredentialNotInForce,
        TrustListMissing,
        NotRenewable,
        StatusUnusable(vidimus_credential::Error::OtherList),
        AuthorityAddress,
        Busy { status: 503, again: UnixTime::EPOCH },
        Server { status: 404 },
        AnswerMalformed,
        CaptivePortal,
        NotModifiedWithoutCopy,
        Transport(TransportError::Unreachable),
        Cancelled,
    }
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

impl From<OfferFault> for Error {
    fn from(fault: OfferFault) -> Self {
        Self::OfferMalformed(fault)
    }
}

impl From<Unsupported> for Error {
    fn from(what: Unsupported) -> Self {
        Self::OfferUnsupported(what)
    }
}

impl From<MetadataFault> for Error {
    fn from(fault: MetadataFault) -> Self {
        Self::IssuerMetadata(fault)
    }
}

impl From<NoRandomness> for Error {
    fn from(_: NoRandomness) -> Self {
        Self::NoRandomness
    }
}

/// Which part of a vault is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// The file is not a database of the wallet, or its structure is broken.
    #[error("its file is unreadable")]
    File,
    /// The sealed manifest, without which no row can be trusted.
    #[error("its manifest is unreadable")]
    Manifest,
    /// A row of this table was changed, swapped or removed, or is older than the manifest says.
    #[error("a row of the table {0} was changed")]
    Row(Table),
    /// A row that is not in the manifest.
    #[error("it holds a row that the wallet did not write")]
    UnknownRow,
    /// The activity log: its chain is broken.
    #[error("its activity log was changed")]
    ActivityLog,
}

all_variants! {
    /// Every part that can be damaged, a row with an example of its table.
    Damage { File, Manifest, Row(Table::License), UnknownRow, ActivityLog }
}

/// Does `work` again where its fault may pass.
pub(crate) fn twice<T>(mut work: impl FnMut() -> std::io::Result<T>) -> Result<T, std::io::Error> {
    match work() {
        Err(error) if StorageError::of(&error).may_pass() => work(),
        done => done,
    }
}
