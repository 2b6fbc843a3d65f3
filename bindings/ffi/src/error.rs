//! The two closed lists of errors: what an app gets, and what a phone's key store or network
//! throws.

use vidimus_wallet::Error;
use vidimus_wallet::error::{StorageError, Unsupported};
use vidimus_wallet::issuance::OAuthError;
use vidimus_wallet::ports::{KeyStoreError, TransportError};
use vidimus_wallet::reader::ReaderError;

use crate::units::{Count, Instant, OutOfBounds};

/// Why a call of the wallet or the verifier failed.
///
/// A closed list without personal data and without free text: it may be logged.
/// In every case nothing was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum WalletError {
    /// The vault cannot be made or opened.
    #[error("vault: {reason:?}")]
    Vault {
        /// What is wrong with the vault.
        reason: VaultProblem,
    },
    /// The disk failed; what was written before is safe.
    #[error("storage: {reason:?}")]
    Storage {
        /// What the disk did.
        reason: StorageProblem,
    },
    /// The device's key store did not do its part.
    #[error("key store: {reason:?}")]
    KeyStore {
        /// What the key store said.
        reason: KeyStoreProblem,
    },
    /// There is no such license in the wallet.
    #[error("no such license")]
    NoSuchLicense,
    /// The presentation is over: it was ended, or its five minutes have passed. Start a new one.
    /// An answer to a challenge ends 110 seconds after the challenge was read, with the challenge's
    /// own problem.
    #[error("the presentation has ended")]
    PresentationEnded,
    /// The offer cannot be taken up.
    #[error("offer: {reason:?}")]
    Offer {
        /// What is wrong with the offer.
        reason: OfferProblem,
    },
    /// The license cannot be applied for in this way.
    #[error("sign-in: {reason:?}")]
    SignIn {
        /// What became of the sign-in.
        reason: SignInProblem,
    },
    /// The issuer did not do its part.
    #[error("issuer: {reason:?}")]
    Issuer {
        /// What the issuer did or would not do.
        reason: IssuerProblem,
    },
    /// A request had no usable answer.
    #[error("network: {reason:?}")]
    Network {
        /// What happened to the request.
        reason: NetworkProblem,
    },
    /// The server, or something before it, does not answer now. No offer is used up by this: tell
    /// the driver when to try again.
    #[error("busy: HTTP {}, until {}", status.0, again.0)]
    Busy {
        /// The HTTP status: 403, 408, 425, 429, or 500 to 599.
        status: Count,
        /// From when on to try again, by the best time known here: what the server asked for, at
        /// most a day, and a random part.
        again: Instant,
    },
    /// The server answered with an HTTP status that is no answer to the question.
    #[error("server: HTTP {}", status.0)]
    Server {
        /// The HTTP status, 100 to 599.
        status: Count,
    },
    /// The authority's time and this device's are more than a day apart: the device's date is
    /// wrong, or the authority's clock. Nothing was stored, and no code was spent. Show both times,
    /// and have the device's date set.
    #[error("server time wrong: {} here, {} there", device_time.0, server_time.0)]
    ServerTimeWrong {
        /// The time that the authority says.
        server_time: Instant,
        /// The best time known here.
        device_time: Instant,
    },
    /// The text is no challenge that may be answered.
    #[error("challenge: {reason:?}")]
    Challenge {
        /// What is wrong with the challenge.
        reason: ChallengeProblem,
    },
    /// The reader's book does not have what was asked for, or no room for it.
    #[error("reader: {reason:?}")]
    Reader {
        /// What the book lacks.
        reason: ReaderProblem,
    },
    /// A key or a signed object is malformed, or its signature is not one that is trusted.
    #[error("not trusted")]
    Untrusted,
    /// An argument is outside its bounds, which its documentation names.
    #[error("invalid argument")]
    InvalidArgument,
    /// The caller cancelled, or the time budget was used up. It may be called again.
    #[error("cancelled")]
    Cancelled,
    /// The object was closed.
    #[error("closed")]
    Closed,
    /// A fault of this library. What was written before is safe; please report it.
    #[error("internal fault")]
    Internal,
}

/// Why a vault cannot be made or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum VaultProblem {
    /// There is a wallet in this folder already: open it.
    AlreadyExists,
    /// There is no wallet in this folder: create one.
    NotFound,
    /// There is no wallet in this folder, and the device remembers one: the app was removed and
    /// installed anew. Create one, and tell the driver to get the license again.
    HadBefore,
    /// A newer version of the app wrote it. Update the app; the vault was not changed.
    NewerVersion,
    /// It is not what the wallet wrote, or it is gone. The files are kept; set it aside and have
    /// the license issued anew.
    Damaged,
    /// It was made on another device, whose key does not leave it. Set it aside and enroll anew.
    OtherDevice,
    /// The device destroyed the key: a new fingerprint, the passcode removed. Set it aside and
    /// enroll anew.
    KeyInvalidated,
}

/// What the disk did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum StorageProblem {
    /// No space is left.
    Full,
    /// The disk or the folder cannot be written.
    ReadOnly,
    /// Another process used the vault for longer than 5 s. Try again.
    Busy,
    /// Any other fault of opening, reading or writing.
    Failed,
}

/// What the device's key store said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum KeyStoreProblem {
    /// The device does not offer what was asked, or has no randomness to give.
    Unavailable,
    /// The device is locked, or its user has not authenticated. Ask for the lock and try again.
    Locked,
    /// The key is not on this device.
    NotFound,
    /// It refused its input.
    Refused,
    /// It failed, or answered with something else than asked.
    Failed,
    /// It did not answer within 10 s.
    Timeout,
}

/// Why an offer cannot be taken up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum OfferProblem {
    /// The text is no credential offer.
    Malformed,
    /// The offer asks for a way or a kind of credential that this wallet does not have.
    Unsupported,
    /// Its issuer takes only keys or apps that are attested, and this wallet attests neither.
    AttestationDemanded,
    /// The offer is used up or over. Ask the authority for a new one.
    Gone,
    /// Its issuer asks for a transaction code, and no one vouches for it. No code was sent, and
    /// none may be typed for it.
    IssuerUnknown,
    /// It asks for a transaction code, and none was given.
    TxCodeRequired,
    /// The transaction code does not look as the offer says. It was not sent, no attempt is spent.
    TxCodeMalformed,
    /// The issuer refused it: the transaction code is wrong, or the offer is spent.
    Refused,
}

/// What became of a sign-in that led to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum SignInProblem {
    /// The authority has no sign-in that this wallet can use. Ask it for an offer.
    Unsupported,
    /// None is under way, or it took too long. Begin again.
    Over,
    /// The browser came back from another sign-in. Nothing changed; the right answer is waited for.
    Other,
    /// The driver declined it, or the authority did so for the driver. Begin again.
    Declined,
    /// The authority refused it for another reason.
    Refused,
    /// An application is under way, whose license a refresh brings. No other was begun.
    ApplicationWaits,
}

/// What an issuer did wrong, or would not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum IssuerProblem {
    /// Its description of itself is missing, cannot be read, or speaks of another issuer.
    Metadata,
    /// It will not issue this license, and asking again does not help.
    Denied,
    /// It refused the request.
    Refused,
    /// It is not ready yet. Try the same offer again later.
    Deferred,
    /// It sent a license for another device.
    OtherKey,
    /// It sent a license that is no longer good.
    NotInForce,
    /// It published no list of the keys that may be trusted.
    TrustListMissing,
    /// It does not renew this license.
    NotRenewable,
    /// It sent a status of another list, by another key, or a broken one.
    StatusUnusable,
    /// Its answer is not laid out as it must be.
    AnswerMalformed,
}

/// Why a request had no usable answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum NetworkProblem {
    /// The address is no web address, not an `https` one, or one of this device itself.
    AddressNotAllowed,
    /// No network, no such host, or no one listens.
    Unreachable,
    /// The server could not prove who it is, or a pinned certificate is none.
    Certificate,
    /// The server did not answer in time.
    Timeout,
    /// The answer is larger than its limit.
    TooLarge,
    /// The answer broke off, or is no HTTP.
    Broken,
    /// A web page came instead of data: the network may want a sign-in.
    CaptivePortal,
}

/// Why a challenge may not be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ChallengeProblem {
    /// Neither the text of a challenge QR nor 8 digits, or it claims a reserved name.
    Malformed,
    /// A signed challenge that is over 60 s old: someone recorded it.
    Recorded,
    /// It was read 110 s ago, so an answer would come too late. Have the reader ask again.
    Over,
}

/// What a reader's book lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ReaderProblem {
    /// It holds no authority, so no license can be checked: add one.
    NoAuthority,
    /// It holds 16 authorities, or 64 addresses of bundles, and takes no more.
    Full,
    /// It did not ask this, or its time is long over. Ask again.
    NoSuchChallenge,
}

/// What a key store or an HTTP transport of the app's own throws.
///
/// Anything else that is thrown counts as a failure, and its text is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum DeviceError {
    /// Key store: the device does not offer this.
    #[error("unavailable")]
    Unavailable,
    /// Key store: the device is locked, or its user has not authenticated.
    #[error("locked")]
    Locked,
    /// Key store: the device has destroyed the key.
    #[error("invalidated")]
    Invalidated,
    /// Key store: there is no such key on this device.
    #[error("not found")]
    NotFound,
    /// Key store: the input is not one that it made or accepts.
    #[error("refused")]
    Refused,
    /// Either: it failed in another way.
    #[error("failed")]
    Failed,
    /// Either: it took too long.
    #[error("timeout")]
    Timeout,
    /// Transport: no network, no such host, or no one listens.
    #[error("unreachable")]
    Unreachable,
    /// Transport: the server could not prove who it is.
    #[error("certificate")]
    Certificate,
    /// Transport: the answer is larger than the request's limit.
    #[error("too large")]
    TooLarge,
    /// Transport: the answer broke off, or is no HTTP.
    #[error("broken")]
    Broken,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for DeviceError {
    /// Drops the foreign text, which may hold anything.
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed
    }
}

impl From<DeviceError> for KeyStoreError {
    fn from(error: DeviceError) -> Self {
        match error {
            DeviceError::Unavailable => Self::Unavailable,
            DeviceError::Locked => Self::Locked,
            DeviceError::Invalidated => Self::Invalidated,
            DeviceError::NotFound => Self::NotFound,
            DeviceError::Refused => Self::Refused,
            DeviceError::Timeout => Self::Timeout,
            _ => Self::Io,
        }
    }
}

impl From<KeyStoreError> for DeviceError {
    fn from(error: KeyStoreError) -> Self {
        match error {
            KeyStoreError::Unavailable => Self::Unavailable,
            KeyStoreError::Locked => Self::Locked,
            KeyStoreError::Invalidated => Self::Invalidated,
            KeyStoreError::NotFound => Self::NotFound,
            KeyStoreError::Refused => Self::Refused,
            KeyStoreError::Io | KeyStoreError::Storage(_) => Self::Failed,
            KeyStoreError::Timeout => Self::Timeout,
            _ => Self::Failed,
        }
    }
}

impl From<DeviceError> for TransportError {
    fn from(error: DeviceError) -> Self {
        match error {
            DeviceError::Unreachable => Self::Unreachable,
            DeviceError::Certificate => Self::Certificate,
            DeviceError::Timeout => Self::Timeout,
            // The caller has set the limit and puts it in.
            DeviceError::TooLarge => Self::TooLarge { at_most: 0 },
            _ => Self::Broken,
        }
    }
}

impl From<OutOfBounds> for WalletError {
    fn from(_: OutOfBounds) -> Self {
        Self::InvalidArgument
    }
}

impl From<vidimus_credential::Error> for WalletError {
    fn from(_: vidimus_credential::Error) -> Self {
        Self::Untrusted
    }
}

impl From<DeviceError> for WalletError {
    fn from(error: DeviceError) -> Self {
        Error::from(KeyStoreError::from(error)).into()
    }
}

impl From<Error> for WalletError {
    fn from(error: Error) -> Self {
        match error {
            Error::AlreadyExists => vault(VaultProblem::AlreadyExists),
            Error::NoWallet => vault(VaultProblem::NotFound),
            Error::HadWallet => vault(VaultProblem::HadBefore),
            Error::NewerSchema => vault(VaultProblem::NewerVersion),
            Error::VaultDamaged { .. } => vault(VaultProblem::Damaged),
            Error::OtherDevice => vault(VaultProblem::OtherDevice),
            Error::KeyInvalidated => vault(VaultProblem::KeyInvalidated),
            Error::KeyStore(error) => key_store(error),
            Error::NoRandomness => Self::KeyStore {
                reason: KeyStoreProblem::Unavailable,
            },
            Error::Storage(error) => storage(error),
            Error::Credential(_) => Self::Untrusted,
            Error::NoSuchLicense => Self::NoSuchLicense,
            Error::PresentationEnded => Self::PresentationEnded,
            Error::ChallengeOver => Self::Challenge {
                reason: ChallengeProblem::Over,
            },
            Error::ServerTimeWrong { server, device } => Self::ServerTimeWrong {
                server_time: server.into(),
                device_time: device.into(),
            },
            Error::OfferMalformed(_) => offer(OfferProblem::Malformed),
            Error::OfferUnsupported(Unsupported::KeyAttestation | Unsupported::AppAttestation) => {
                offer(OfferProblem::AttestationDemanded)
            }
            Error::OfferUnsupported(_) => offer(OfferProblem::Unsupported),
            Error::OfferGone => offer(OfferProblem::Gone),
            Error::IssuerUnknown => offer(OfferProblem::IssuerUnknown),
            Error::TxCodeRequired => offer(OfferProblem::TxCodeRequired),
            Error::TxCodeMalformed => offer(OfferProblem::TxCodeMalformed),
            Error::Refused(OAuthError::InvalidGrant) => offer(OfferProblem::Refused),
            Error::Refused(OAuthError::CredentialRequestDenied) => issuer(IssuerProblem::Denied),
            Error::Refused(_) => issuer(IssuerProblem::Refused),
            Error::IssuerMetadata(_) => issuer(IssuerProblem::Metadata),
            Error::IssuanceDeferred => issuer(IssuerProblem::Deferred),
            Error::SignInUnsupported => sign_in(SignInProblem::Unsupported),
            Error::NoSignIn => sign_in(SignInProblem::Over),
            Error::OtherSignIn => sign_in(SignInProblem::Other),
            Error::SignInRefused(OAuthError::AccessDenied) => sign_in(SignInProblem::Declined),
            Error::SignInRefused(_) => sign_in(SignInProblem::Refused),
            Error::ApplicationWaits => sign_in(SignInProblem::ApplicationWaits),
            Error::CredentialForAnotherKey => issuer(IssuerProblem::OtherKey),
            Error::CredentialNotInForce => issuer(IssuerProblem::NotInForce),
            Error::TrustListMissing => issuer(IssuerProblem::TrustListMissing),
            Error::NotRenewable => issuer(IssuerProblem::NotRenewable),
            Error::StatusUnusable(_) => issuer(IssuerProblem::StatusUnusable),
            Error::AnswerMalformed | Error::NotModifiedWithoutCopy => {
                issuer(IssuerProblem::AnswerMalformed)
            }
            Error::AuthorityAddress => Self::InvalidArgument,
            Error::Busy { status, again } => Self::Busy {
                status: Count(i32::from(status)),
                again: again.into(),
            },
            Error::Server { status } => Self::Server {
                status: Count(i32::from(status)),
            },
            Error::CaptivePortal => network(NetworkProblem::CaptivePortal),
            Error::Transport(error) => transport(error),
            Error::Cancelled => Self::Cancelled,
            // The wallet may name more failures later. A test makes sure that none of today comes
            // here.
            _ => Self::Internal,
        }
    }
}

impl From<ReaderError> for WalletError {
    fn from(error: ReaderError) -> Self {
        match error {
            ReaderError::NoBook => vault(VaultProblem::NotFound),
            ReaderError::BookDamaged { .. } => vault(VaultProblem::Damaged),
            ReaderError::NewerSchema => vault(VaultProblem::NewerVersion),
            ReaderError::OtherDevice => vault(VaultProblem::OtherDevice),
            ReaderError::KeyInvalidated => vault(VaultProblem::KeyInvalidated),
            ReaderError::KeyStore(error) => key_store(error),
            ReaderError::Storage(error) => storage(error),
            ReaderError::NoRandomness => Self::KeyStore {
                reason: KeyStoreProblem::Unavailable,
            },
            ReaderError::NoAuthority => reader(ReaderProblem::NoAuthority),
            ReaderError::Full => reader(ReaderProblem::Full),
            ReaderError::NoSuchChallenge => reader(ReaderProblem::NoSuchChallenge),
            ReaderError::NoSuchAuthority | ReaderError::Invalid(_) => Self::InvalidArgument,
            ReaderError::Cancelled => Self::Cancelled,
            // The book may name more failures later. A test makes sure that none of today comes
            // here.
            _ => Self::Internal,
        }
    }
}

impl WalletError {
    /// The error of a renewal, for which there was no offer and no code.
    pub(crate) fn of_refresh(error: Error) -> Self {
        match error {
            Error::Refused(OAuthError::InvalidGrant) => issuer(IssuerProblem::NotRenewable),
            other => other.into(),
        }
    }

    /// The error of a text that was read as a challenge.
    pub(crate) fn of_challenge(error: Error) -> Self {
        let reason = match error {
            Error::Credential(vidimus_credential::Error::ChallengeNotRecent) => {
                ChallengeProblem::Recorded
            }
            Error::Credential(_) => ChallengeProblem::Malformed,
            other => return other.into(),
        };
        Self::Challenge { reason }
    }
}

const fn vault(reason: VaultProblem) -> WalletError {
    WalletError::Vault { reason }
}

const fn reader(reason: ReaderProblem) -> WalletError {
    WalletError::Reader { reason }
}

const fn offer(reason: OfferProblem) -> WalletError {
    WalletError::Offer { reason }
}

const fn issuer(reason: IssuerProblem) -> WalletError {
    WalletError::Issuer { reason }
}

const fn sign_in(reason: SignInProblem) -> WalletError {
    WalletError::SignIn { reason }
}

const fn network(reason: NetworkProblem) -> WalletError {
    WalletError::Network { reason }
}

const fn storage(error: StorageError) -> WalletError {
    let reason = match error {
        StorageError::Full => StorageProblem::Full,
        StorageError::ReadOnly => StorageProblem::ReadOnly,
        StorageError::Busy => StorageProblem::Busy,
        StorageError::CannotOpen
        | StorageError::Permission
        | StorageError::OpenToOthers
        | StorageError::TooManyFiles
        | StorageError::Lock
        | StorageError::FileTooLarge
        | StorageError::Memory
        | StorageError::Io => StorageProblem::Failed,
        _ => StorageProblem::Failed,
    };
    WalletError::Storage { reason }
}

const fn key_store(error: KeyStoreError) -> WalletError {
    let reason = match error {
        KeyStoreError::Unavailable => KeyStoreProblem::Unavailable,
        KeyStoreError::Locked => KeyStoreProblem::Locked,
        KeyStoreError::Invalidated => return vault(VaultProblem::KeyInvalidated),
        KeyStoreError::NotFound => KeyStoreProblem::NotFound,
        KeyStoreError::Refused => KeyStoreProblem::Refused,
        KeyStoreError::Storage(error) => return storage(error),
        KeyStoreError::Io => KeyStoreProblem::Failed,
        KeyStoreError::Timeout => KeyStoreProblem::Timeout,
        _ => KeyStoreProblem::Failed,
    };
    WalletError::KeyStore { reason }
}

const fn transport(error: TransportError) -> WalletError {
    network(match error {
        // The network works: the server sent this.
        TransportError::RedirectToHttps | TransportError::BadRedirect | TransportError::Encoded => {
            return issuer(IssuerProblem::AnswerMalformed);
        }
        TransportError::BadUrl | TransportError::InsecureUrl | TransportError::ThisDevice => {
            NetworkProblem::AddressNotAllowed
        }
        TransportError::Unreachable => NetworkProblem::Unreachable,
        TransportError::Certificate => NetworkProblem::Certificate,
        TransportError::Timeout => NetworkProblem::Timeout,
        TransportError::TooLarge { .. } => NetworkProblem::TooLarge,
        TransportError::Broken | TransportError::TooManyRedirects => NetworkProblem::Broken,
        _ => NetworkProblem::Broken,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    type CoreError = vidimus_credential::Error;

    #[test]
    fn every_error_of_a_signed_object_is_not_trusted() {
        for error in CoreError::ALL {
            assert_eq!(WalletError::from(error), WalletError::Untrusted);
            assert_eq!(
                WalletError::from(Error::Credential(error)),
                WalletError::Untrusted
            );
        }
    }

    #[test]
    fn a_challenge_that_is_refused_is_recorded_or_malformed() {
        for error in CoreError::ALL {
            let reason = match error {
                CoreError::ChallengeNotRecent => ChallengeProblem::Recorded,
                _ => ChallengeProblem::Malformed,
            };
            let crossed = WalletError::of_challenge(Error::Credential(error));
            assert_eq!(crossed, WalletError::Challenge { reason });
        }
    }

    #[test]
    fn an_error_of_a_key_store_comes_back_as_itself_or_as_a_failure() {
        let own = [
            DeviceError::Unavailable,
            DeviceError::Locked,
            DeviceError::Invalidated,
            DeviceError::NotFound,
            DeviceError::Refused,
            DeviceError::Timeout,
            DeviceError::Failed,
        ];
        for error in own {
            assert_eq!(DeviceError::from(KeyStoreError::from(error)), error);
        }
        // What only a transport may throw.
        for error in [DeviceError::Unreachable, DeviceError::Broken] {
            assert_eq!(KeyStoreError::from(error), KeyStoreError::Io);
        }
    }

    /// The wallet's enums may grow, so the maps above have wildcards. A member of today that came
    /// to one would be in a list here.
    #[test]
    fn no_error_of_the_wallet_reaches_a_wildcard() {
        for error in Error::ALL {
            assert_ne!(WalletError::from(error), WalletError::Internal, "{error:?}");
        }
        for error in ReaderError::ALL {
            assert_ne!(WalletError::from(error), WalletError::Internal, "{error:?}");
        }
        let names = |errors: &mut dyn Iterator<Item = String>| errors.collect::<Vec<_>>().join(" ");
        let failed = StorageProblem::Failed;
        let mut disks = StorageError::ALL
            .into_iter()
            .filter(|error| storage(*error) == WalletError::Storage { reason: failed })
            .map(|error| format!("{error:?}"));
        assert_eq!(
            names(&mut disks),
            "CannotOpen Permission OpenToOthers TooManyFiles Lock FileTooLarge Memory Io"
        );
        let failed = KeyStoreProblem::Failed;
        let mut stores = KeyStoreError::ALL
            .into_iter()
            .filter(|error| key_store(*error) == WalletError::KeyStore { reason: failed })
            .map(|error| format!("{error:?}"));
        assert_eq!(names(&mut stores), "Io");
        let mut thrown = KeyStoreError::ALL
            .into_iter()
            .filter(|error| DeviceError::from(*error) == DeviceError::Failed)
            .map(|error| format!("{error:?}"));
        assert_eq!(names(&mut thrown), "Io Storage(Io)");
        let mut broken = TransportError::ALL
            .into_iter()
            .filter(|error| transport(*error) == network(NetworkProblem::Broken))
            .map(|error| format!("{error:?}"));
        assert_eq!(names(&mut broken), "TooManyRedirects Broken");
    }
}
