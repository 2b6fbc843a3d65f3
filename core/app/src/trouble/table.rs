//! What each failure of the wallet means to its driver, in one table.

use vidimus_credential::Error as Signed;
use vidimus_credential::meaning::Standing;
use vidimus_wallet::Error;
use vidimus_wallet::error::{StorageError, Unsupported};
use vidimus_wallet::issuance::OAuthError;
use vidimus_wallet::ports::{KeyStoreError, TransportError};

use super::{OfferTrouble, Trouble};

/// Why something did not happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The wallet says why.
    Wallet(Error),
    /// A fault of this app: a task panicked.
    Internal,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Wallet(error)
    }
}

/// What a failure means to a driver. Where the phone has no screen lock, keys that are gone went
/// with it, and a key store that does nothing wants one.
#[must_use]
pub fn trouble_of(failure: Failure, has_lock: bool) -> Trouble {
    let Failure::Wallet(error) = failure else {
        return Trouble::Internal;
    };
    let without_lock = |with: Trouble, without: Trouble| if has_lock { with } else { without };
    match error {
        Error::KeyInvalidated => without_lock(Trouble::KeyInvalidated, Trouble::PasscodeRemoved),
        Error::OtherDevice => without_lock(Trouble::OtherDevice, Trouble::PasscodeRemoved),
        Error::VaultDamaged { .. } => Trouble::Damaged,
        Error::NewerSchema => Trouble::NewerVersion,
        // Another process made it, or took it away, in this very moment.
        Error::AlreadyExists | Error::NoWallet | Error::HadWallet => Trouble::StorageFailed,
        Error::Storage(error) => trouble_of_storage(error),
        Error::KeyStore(error) => match error {
            KeyStoreError::Locked => Trouble::DeviceLocked,
            // A key that is gone does not come back, however often one tries.
            KeyStoreError::NotFound | KeyStoreError::Invalidated => {
                without_lock(Trouble::KeyInvalidated, Trouble::PasscodeRemoved)
            }
            KeyStoreError::Storage(error) => trouble_of_storage(error),
            KeyStoreError::Unavailable
            | KeyStoreError::Refused
            | KeyStoreError::Io
            | KeyStoreError::Timeout => without_lock(Trouble::KeyStore, Trouble::NoLock),
            _ => without_lock(Trouble::KeyStore, Trouble::NoLock),
        },
        Error::NoRandomness => Trouble::KeyStore,
        Error::Transport(error) => match error {
            // Another server answered for the authority: nothing that it sent was taken.
            TransportError::Certificate => Trouble::AuthorityUnknown,
            TransportError::BadUrl
            | TransportError::InsecureUrl
            | TransportError::Unreachable
            | TransportError::Timeout
            | TransportError::TooLarge { .. }
            | TransportError::TooManyRedirects
            | TransportError::RedirectToHttps
            | TransportError::BadRedirect
            | TransportError::ThisDevice
            | TransportError::Encoded
            | TransportError::Broken => Trouble::NoNetwork,
            _ => Trouble::NoNetwork,
        },
        Error::Server { .. }
        | Error::Busy { .. }
        | Error::CaptivePortal
        | Error::IssuerMetadata(_)
        | Error::AnswerMalformed
        | Error::NotModifiedWithoutCopy => Trouble::NoNetwork,
        Error::ServerTimeWrong { .. } => Trouble::ClockSetBack,
        Error::Credential(_) | Error::TrustListMissing | Error::StatusUnusable(_) => {
            Trouble::AuthorityUnknown
        }
        Error::NoSuchLicense
        | Error::PresentationEnded
        | Error::ChallengeOver
        | Error::OfferMalformed(_)
        | Error::OfferUnsupported(_)
        | Error::OfferGone
        | Error::IssuerUnknown
        | Error::TxCodeRequired
        | Error::TxCodeMalformed
        | Error::Refused(_)
        | Error::IssuanceDeferred
        | Error::SignInUnsupported
        | Error::NoSignIn
        | Error::OtherSignIn
        | Error::SignInRefused(_)
        | Error::ApplicationWaits
        | Error::CredentialForAnotherKey
        | Error::CredentialNotInForce
        | Error::NotRenewable
        | Error::AuthorityAddress
        | Error::Cancelled => Trouble::Internal,
        // The wallet may name more failures later. A test makes sure that each one of today has
        // its row.
        _ => Trouble::Internal,
    }
}

const fn trouble_of_storage(error: StorageError) -> Trouble {
    match error {
        StorageError::Full => Trouble::StorageFull,
        StorageError::ReadOnly
        | StorageError::Busy
        | StorageError::CannotOpen
        | StorageError::Permission
        | StorageError::OpenToOthers
        | StorageError::TooManyFiles
        | StorageError::Lock
        | StorageError::FileTooLarge
        | StorageError::Memory
        | StorageError::Io => Trouble::StorageFailed,
        _ => Trouble::StorageFailed,
    }
}

/// What a refresh, or a part of one, that failed means; none where it can wait. What an issuer
/// would not renew is asked for again, and the status tells.
#[must_use]
pub fn refresh_trouble_of(failure: Failure, has_lock: bool) -> Option<Trouble> {
    match failure {
        Failure::Wallet(
            Error::Cancelled
            | Error::Refused(_)
            | Error::IssuanceDeferred
            | Error::SignInUnsupported
            | Error::NoSignIn
            | Error::OtherSignIn
            | Error::SignInRefused(_)
            | Error::ApplicationWaits
            | Error::CredentialForAnotherKey
            | Error::CredentialNotInForce
            | Error::NotRenewable,
        ) => None,
        other => Some(trouble_of(other, has_lock)),
    }
}

/// The trouble of a standing; none where the license is in order.
#[must_use]
pub const fn trouble_of_standing(standing: Standing) -> Option<Trouble> {
    match standing {
        Standing::Valid | Standing::UpdateWaiting => None,
        Standing::Unresolved => Some(Trouble::Unresolved),
        Standing::StatusStale => Some(Trouble::StatusOld),
        Standing::Unknown => Some(Trouble::StatusUnknown),
        Standing::LicenseExpired => Some(Trouble::LicenseExpired),
        Standing::NoCategory => Some(Trouble::NoCategory),
        Standing::LicenseNotYetValid => Some(Trouble::LicenseNotYetValid),
        Standing::CredentialExpired => Some(Trouble::CredentialExpired),
        Standing::Superseded => Some(Trouble::Superseded),
        Standing::Lapsed => Some(Trouble::Lapsed),
        Standing::PointsLimit => Some(Trouble::PointsLimit),
        Standing::Suspended => Some(Trouble::Suspended),
        Standing::Revoked => Some(Trouble::Revoked),
        // A standing that this crate does not know yet is told as unknown, never as in order. A
        // test makes sure that none of today comes here.
        _ => Some(Trouble::StatusUnknown),
    }
}

/// What a failure means to a driver who reads or takes up an offer.
#[must_use]
pub fn offer_trouble_of(failure: Failure, has_lock: bool) -> OfferTrouble {
    let Failure::Wallet(error) = failure else {
        return OfferTrouble::Internal;
    };
    match error {
        Error::OfferMalformed(_) => OfferTrouble::OfferMalformed,
        Error::OfferUnsupported(what) => match what {
            Unsupported::KeyAttestation | Unsupported::AppAttestation => {
                OfferTrouble::AttestationDemanded
            }
            Unsupported::Grant
            | Unsupported::Format
            | Unsupported::Proof
            | Unsupported::Encryption => OfferTrouble::OfferUnsupported,
            _ => OfferTrouble::OfferUnsupported,
        },
        Error::OfferGone => OfferTrouble::OfferGone,
        Error::IssuerUnknown => OfferTrouble::IssuerUnknown,
        Error::TxCodeRequired => OfferTrouble::CodeMissing,
        Error::TxCodeMalformed => OfferTrouble::CodeMalformed,
        Error::Refused(said) => match said {
            OAuthError::InvalidGrant => OfferTrouble::CodeRefused,
            OAuthError::CredentialRequestDenied => OfferTrouble::Denied,
            OAuthError::InvalidRequest
            | OAuthError::InvalidClient
            | OAuthError::UnsupportedGrantType
            | OAuthError::AccessDenied
            | OAuthError::ServerError
            | OAuthError::InvalidToken
            | OAuthError::InvalidNonce
            | OAuthError::InvalidProof
            | OAuthError::InvalidCredentialRequest
            | OAuthError::InvalidTransactionId
            | OAuthError::UseDpopNonce
            | OAuthError::InvalidDpopProof
            | OAuthError::Other => OfferTrouble::IssuerRefused,
            _ => OfferTrouble::IssuerRefused,
        },
        Error::NotRenewable => OfferTrouble::IssuerRefused,
        Error::IssuanceDeferred => OfferTrouble::Deferred,
        Error::SignInUnsupported => OfferTrouble::SignInUnsupported,
        Error::NoSignIn => OfferTrouble::SignInOver,
        Error::OtherSignIn => OfferTrouble::SignInOther,
        Error::SignInRefused(OAuthError::AccessDenied) => OfferTrouble::SignInDenied,
        Error::SignInRefused(OAuthError::ServerError) => OfferTrouble::Server,
        Error::SignInRefused(_) => OfferTrouble::IssuerRefused,
        Error::ApplicationWaits => OfferTrouble::SignInWaits,
        Error::CredentialForAnotherKey => OfferTrouble::OtherKey,
        Error::CredentialNotInForce => OfferTrouble::NotInForce,
        Error::IssuerMetadata(_)
        | Error::StatusUnusable(_)
        | Error::AnswerMalformed
        | Error::NotModifiedWithoutCopy => OfferTrouble::IssuerBroken,
        // Without a list of keys nothing of it can be trusted.
        Error::TrustListMissing | Error::Credential(_) => OfferTrouble::Untrusted,
        Error::ServerTimeWrong { .. } => OfferTrouble::ServerTimeWrong,
        Error::Busy { .. } => OfferTrouble::Busy,
        Error::Server { .. } => OfferTrouble::Server,
        Error::CaptivePortal => OfferTrouble::CaptivePortal,
        Error::Transport(error) => match error {
            // It names an issuer that could never be asked safely.
            TransportError::BadUrl | TransportError::InsecureUrl | TransportError::ThisDevice => {
                OfferTrouble::OfferUnsupported
            }
            TransportError::Unreachable
            | TransportError::Timeout
            | TransportError::TooManyRedirects
            | TransportError::Broken => OfferTrouble::NoNetwork,
            TransportError::Certificate => OfferTrouble::Certificate,
            // There is a network, and the server at its other end did this.
            TransportError::TooLarge { .. }
            | TransportError::RedirectToHttps
            | TransportError::BadRedirect
            | TransportError::Encoded => OfferTrouble::IssuerBroken,
            _ => OfferTrouble::NoNetwork,
        },
        Error::KeyInvalidated | Error::OtherDevice | Error::NoRandomness => OfferTrouble::KeyFailed,
        Error::KeyStore(error) => match error {
            KeyStoreError::Locked => OfferTrouble::KeyLocked,
            KeyStoreError::Storage(error) => offer_trouble_of_storage(error),
            KeyStoreError::Invalidated | KeyStoreError::NotFound => OfferTrouble::KeyFailed,
            KeyStoreError::Unavailable
            | KeyStoreError::Refused
            | KeyStoreError::Io
            | KeyStoreError::Timeout => {
                if has_lock {
                    OfferTrouble::KeyFailed
                } else {
                    OfferTrouble::NoLock
                }
            }
            _ => OfferTrouble::KeyFailed,
        },
        Error::Storage(error) => offer_trouble_of_storage(error),
        Error::AlreadyExists
        | Error::NoWallet
        | Error::HadWallet
        | Error::NewerSchema
        | Error::VaultDamaged { .. } => OfferTrouble::StorageFailed,
        // The offer is the only argument that a driver gives; the code was looked through before.
        Error::AuthorityAddress => OfferTrouble::OfferMalformed,
        Error::Cancelled => OfferTrouble::Cancelled,
        Error::NoSuchLicense | Error::PresentationEnded | Error::ChallengeOver => {
            OfferTrouble::Internal
        }
        _ => OfferTrouble::Internal,
    }
}

const fn offer_trouble_of_storage(error: StorageError) -> OfferTrouble {
    match trouble_of_storage(error) {
        Trouble::StorageFull => OfferTrouble::StorageFull,
        _ => OfferTrouble::StorageFailed,
    }
}

/// Why a question cannot be answered.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerTrouble {
    /// The text is no question of an officer.
    Malformed,
    /// It is too old; someone may have recorded it.
    Recorded,
}

/// What is wrong with the question that was read; none where the failure has another cause.
#[must_use]
pub const fn answer_trouble_of(failure: Failure) -> Option<AnswerTrouble> {
    match failure {
        // One that was just read is not over; an old one is old either way.
        Failure::Wallet(Error::Credential(Signed::ChallengeNotRecent) | Error::ChallengeOver) => {
            Some(AnswerTrouble::Recorded)
        }
        Failure::Wallet(Error::Credential(_)) => Some(AnswerTrouble::Malformed),
        _ => None,
    }
}
