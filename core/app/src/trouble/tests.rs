//! Each failure and its meanings, once more by hand.

use std::collections::BTreeSet;
use std::mem::discriminant;

use vidimus_credential::Error as Signed;
use vidimus_credential::UnixTime;
use vidimus_credential::meaning::{Standing, Tone};
use vidimus_wallet::Error;
use vidimus_wallet::error::{Damage, MetadataFault, OfferFault, StorageError, Unsupported};
use vidimus_wallet::issuance::OAuthError;
use vidimus_wallet::ports::{KeyStoreError, TransportError};

use super::*;

const STORAGE_FAILED: [StorageError; 10] = [
    StorageError::ReadOnly,
    StorageError::Busy,
    StorageError::CannotOpen,
    StorageError::Permission,
    StorageError::OpenToOthers,
    StorageError::TooManyFiles,
    StorageError::Lock,
    StorageError::FileTooLarge,
    StorageError::Memory,
    StorageError::Io,
];

const ISSUER_REFUSED: [OAuthError; 13] = [
    OAuthError::InvalidRequest,
    OAuthError::InvalidClient,
    OAuthError::UnsupportedGrantType,
    OAuthError::AccessDenied,
    OAuthError::ServerError,
    OAuthError::InvalidToken,
    OAuthError::InvalidNonce,
    OAuthError::InvalidProof,
    OAuthError::InvalidCredentialRequest,
    OAuthError::InvalidTransactionId,
    OAuthError::UseDpopNonce,
    OAuthError::InvalidDpopProof,
    OAuthError::Other,
];

/// Each failure, with its refusal, its trouble with a lock and without, and its trouble in a
/// refresh.
fn table() -> Vec<(Failure, &'static str)> {
    let time = UnixTime::EPOCH;
    let busy = Error::Busy {
        status: 503,
        again: time,
    };
    let wrong = Error::ServerTimeWrong {
        server: time,
        device: time,
    };
    let damaged = Error::VaultDamaged { what: Damage::File };
    let mut rows = vec![
        (
            Error::AlreadyExists,
            "storage_failed storage_failed storage_failed storage_failed",
        ),
        (
            Error::NoWallet,
            "storage_failed storage_failed storage_failed storage_failed",
        ),
        (
            Error::HadWallet,
            "storage_failed storage_failed storage_failed storage_failed",
        ),
        (
            Error::NewerSchema,
            "storage_failed newer_version newer_version newer_version",
        ),
        (damaged, "storage_failed damaged damaged damaged"),
        (
            Error::OtherDevice,
            "key_failed other_device passcode_removed other_device",
        ),
        (
            Error::KeyInvalidated,
            "key_failed key_invalidated passcode_removed key_invalidated",
        ),
        (
            Error::NoRandomness,
            "key_failed key_store key_store key_store",
        ),
        (
            wrong,
            "server_time_wrong clock_set_back clock_set_back clock_set_back",
        ),
        (
            Error::Credential(Signed::BadSignature),
            "untrusted authority_unknown authority_unknown authority_unknown",
        ),
        (Error::NoSuchLicense, "internal internal internal internal"),
        (Error::ChallengeOver, "internal internal internal internal"),
        (
            Error::PresentationEnded,
            "internal internal internal internal",
        ),
        (
            Error::OfferMalformed(OfferFault::Text),
            "offer_malformed internal internal internal",
        ),
        (
            Error::OfferUnsupported(Unsupported::Grant),
            "offer_unsupported internal internal internal",
        ),
        (
            Error::OfferUnsupported(Unsupported::KeyAttestation),
            "attestation_demanded internal internal internal",
        ),
        (
            Error::OfferUnsupported(Unsupported::AppAttestation),
            "attestation_demanded internal internal internal",
        ),
        (
            Error::IssuerUnknown,
            "issuer_unknown internal internal internal",
        ),
        (Error::OfferGone, "offer_gone internal internal internal"),
        (
            Error::IssuerMetadata(MetadataFault::Missing),
            "issuer_broken no_network no_network no_network",
        ),
        (
            Error::TxCodeRequired,
            "code_missing internal internal internal",
        ),
        (
            Error::TxCodeMalformed,
            "code_malformed internal internal internal",
        ),
        (
            Error::Refused(OAuthError::InvalidGrant),
            "code_refused internal internal -",
        ),
        (
            Error::Refused(OAuthError::CredentialRequestDenied),
            "denied internal internal -",
        ),
        (Error::IssuanceDeferred, "deferred internal internal -"),
        (
            Error::SignInUnsupported,
            "sign_in_unsupported internal internal -",
        ),
        (Error::NoSignIn, "sign_in_over internal internal -"),
        (Error::OtherSignIn, "sign_in_other internal internal -"),
        (
            Error::SignInRefused(OAuthError::AccessDenied),
            "sign_in_denied internal internal -",
        ),
        (
            Error::SignInRefused(OAuthError::ServerError),
            "server internal internal -",
        ),
        (
            Error::SignInRefused(OAuthError::InvalidClient),
            "issuer_refused internal internal -",
        ),
        (Error::ApplicationWaits, "sign_in_waits internal internal -"),
        (
            Error::CredentialForAnotherKey,
            "other_key internal internal -",
        ),
        (
            Error::CredentialNotInForce,
            "not_in_force internal internal -",
        ),
        (
            Error::TrustListMissing,
            "untrusted authority_unknown authority_unknown authority_unknown",
        ),
        (Error::NotRenewable, "issuer_refused internal internal -"),
        (
            Error::StatusUnusable(Signed::OtherList),
            "issuer_broken authority_unknown authority_unknown authority_unknown",
        ),
        (
            Error::AuthorityAddress,
            "offer_malformed internal internal internal",
        ),
        (busy, "busy no_network no_network no_network"),
        (
            Error::Server { status: 404 },
            "server no_network no_network no_network",
        ),
        (
            Error::AnswerMalformed,
            "issuer_broken no_network no_network no_network",
        ),
        (
            Error::CaptivePortal,
            "captive_portal no_network no_network no_network",
        ),
        (
            Error::NotModifiedWithoutCopy,
            "issuer_broken no_network no_network no_network",
        ),
        (Error::Cancelled, "cancelled internal internal -"),
        (
            Error::Storage(StorageError::Full),
            "storage_full storage_full storage_full storage_full",
        ),
    ];
    let failed = "storage_failed storage_failed storage_failed storage_failed";
    rows.extend(STORAGE_FAILED.map(|error| (Error::Storage(error), failed)));
    let refused = "issuer_refused internal internal -";
    rows.extend(ISSUER_REFUSED.map(|said| (Error::Refused(said), refused)));
    for (error, meanings) in [
        (
            KeyStoreError::Locked,
            "key_locked device_locked device_locked device_locked",
        ),
        (
            KeyStoreError::NotFound,
            "key_failed key_invalidated passcode_removed key_invalidated",
        ),
        (
            KeyStoreError::Invalidated,
            "key_failed key_invalidated passcode_removed key_invalidated",
        ),
        (
            KeyStoreError::Unavailable,
            "key_failed key_store no_lock key_store",
        ),
        (
            KeyStoreError::Refused,
            "key_failed key_store no_lock key_store",
        ),
        (KeyStoreError::Io, "key_failed key_store no_lock key_store"),
        (
            KeyStoreError::Timeout,
            "key_failed key_store no_lock key_store",
        ),
        (
            KeyStoreError::Storage(StorageError::Full),
            "storage_full storage_full storage_full storage_full",
        ),
        (KeyStoreError::Storage(StorageError::Io), failed),
    ] {
        rows.push((Error::KeyStore(error), meanings));
    }
    for (error, meanings) in [
        (
            TransportError::BadUrl,
            "offer_unsupported no_network no_network no_network",
        ),
        (
            TransportError::InsecureUrl,
            "offer_unsupported no_network no_network no_network",
        ),
        (
            TransportError::ThisDevice,
            "offer_unsupported no_network no_network no_network",
        ),
        (
            TransportError::Unreachable,
            "no_network no_network no_network no_network",
        ),
        (
            TransportError::Timeout,
            "no_network no_network no_network no_network",
        ),
        (
            TransportError::Broken,
            "no_network no_network no_network no_network",
        ),
        (
            TransportError::TooManyRedirects,
            "no_network no_network no_network no_network",
        ),
        (
            TransportError::TooLarge { at_most: 1 },
            "issuer_broken no_network no_network no_network",
        ),
        (
            TransportError::RedirectToHttps,
            "issuer_broken no_network no_network no_network",
        ),
        (
            TransportError::BadRedirect,
            "issuer_broken no_network no_network no_network",
        ),
        (
            TransportError::Encoded,
            "issuer_broken no_network no_network no_network",
        ),
        (
            TransportError::Certificate,
            "certificate authority_unknown authority_unknown authority_unknown",
        ),
    ] {
        rows.push((Error::Transport(error), meanings));
    }
    let rows = rows.into_iter();
    rows.map(|(error, meanings)| (Failure::Wallet(error), meanings))
        .chain([(Failure::Internal, "internal internal internal internal")])
        .collect()
}

#[test]
fn each_failure_has_its_refusal_and_its_trouble_with_a_lock_and_without() {
    for (failure, meanings) in table() {
        let refreshing = refresh_trouble_of(failure, true);
        let told = [
            offer_trouble_of(failure, true).code(),
            trouble_of(failure, true).code(),
            trouble_of(failure, false).code(),
            refreshing.map_or("-", Trouble::code),
        ];
        assert_eq!(told.join(" "), meanings, "{failure:?}");
    }
}

/// The wallet's enums may grow, so the table has wildcards. None of today's failures needs one.
#[test]
fn each_failure_of_the_wallet_has_its_row() {
    let rows: Vec<Error> = table()
        .into_iter()
        .filter_map(|(failure, _)| match failure {
            Failure::Wallet(error) => Some(error),
            Failure::Internal => None,
        })
        .collect();
    let has = |is: &dyn Fn(&Error) -> bool| rows.iter().any(is);
    for error in Error::ALL {
        let kind = discriminant(&error);
        assert!(has(&|row| discriminant(row) == kind), "{error:?}");
    }
    for error in StorageError::ALL {
        assert!(has(&|row| *row == Error::Storage(error)), "{error:?}");
    }
    for said in OAuthError::ALL {
        assert!(has(&|row| *row == Error::Refused(said)), "{said:?}");
    }
    for error in KeyStoreError::ALL {
        let kind = discriminant(&error);
        let is = |row: &Error| matches!(row, Error::KeyStore(row) if discriminant(row) == kind);
        assert!(has(&is), "{error:?}");
    }
    for error in TransportError::ALL {
        let kind = discriminant(&error);
        let is = |row: &Error| matches!(row, Error::Transport(row) if discriminant(row) == kind);
        assert!(has(&is), "{error:?}");
    }
}

#[test]
fn without_a_lock_a_key_store_that_does_nothing_wants_one_and_no_other_refusal_changes() {
    for (failure, _) in table() {
        let (with, without) = (
            offer_trouble_of(failure, true),
            offer_trouble_of(failure, false),
        );
        let wants = trouble_of(failure, false) == Trouble::NoLock;
        assert_eq!(without == OfferTrouble::NoLock, wants, "{failure:?}");
        assert_eq!(with == without, !wants, "{failure:?}");
    }
}

#[test]
fn each_refusal_is_the_meaning_of_some_failure() {
    let mut found: BTreeSet<OfferTrouble> = table()
        .into_iter()
        .flat_map(|(failure, _)| [true, false].map(|has_lock| offer_trouble_of(failure, has_lock)))
        .collect();
    // The shell says that.
    assert!(found.insert(OfferTrouble::NoBrowser));
    assert_eq!(found, OfferTrouble::ALL.into_iter().collect());
}

#[test]
fn each_trouble_is_that_of_a_failure_or_of_a_standing_or_of_the_vault() {
    let mut found: BTreeSet<Trouble> = table()
        .into_iter()
        .flat_map(|(failure, _)| [true, false].map(|has_lock| trouble_of(failure, has_lock)))
        .collect();
    found.extend(Standing::ALL.into_iter().filter_map(trouble_of_standing));
    found.insert(Trouble::RolledBack);
    assert_eq!(found, Trouble::ALL.into_iter().collect());
}

#[test]
fn a_trouble_of_a_standing_has_its_tone_and_no_two_have_the_same() {
    let troubles = Standing::ALL.into_iter().filter_map(|standing| {
        let trouble = trouble_of_standing(standing)?;
        assert_eq!(trouble.tone(), standing.tone(), "{}", trouble.code());
        Some(trouble)
    });
    let troubles: Vec<Trouble> = troubles.collect();
    let distinct: BTreeSet<Trouble> = troubles.iter().copied().collect();
    assert_eq!((troubles.len(), distinct.len()), (12, 12));
}

#[test]
fn troubles_stand_in_the_order_of_the_screen_and_codes_stand_once() {
    assert!(Trouble::ALL.is_sorted());
    assert!(OfferTrouble::ALL.is_sorted());
    let troubles = Trouble::ALL.map(Trouble::code).to_vec();
    let refusals = OfferTrouble::ALL.map(OfferTrouble::code).to_vec();
    let actions = TroubleAction::ALL.map(TroubleAction::code).to_vec();
    for codes in [troubles, refusals, actions] {
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
        let is_letter = |c: char| c.is_ascii_lowercase() || c == '_';
        assert!(codes.iter().all(|code| code.chars().all(is_letter)));
    }
}

#[test]
fn what_no_further_attempt_can_help_is_bad_and_all_else_wants_a_person() {
    for refusal in OfferTrouble::ALL {
        let tone = if refusal.may_retry() {
            Tone::Caution
        } else {
            Tone::Bad
        };
        assert!(refusal.note().sign == tone.into(), "{}", refusal.code());
    }
    let lost = OfferTrouble::ALL
        .into_iter()
        .filter(|refusal| !refusal.may_retry());
    let lost: Vec<&str> = lost.map(OfferTrouble::code).collect();
    let expected = "offer_malformed offer_unsupported attestation_demanded offer_gone issuer_unknown denied other_key not_in_force sign_in_unsupported untrusted";
    assert_eq!(lost.join(" "), expected);
}

#[test]
fn a_question_is_refused_for_what_it_is_and_for_nothing_else() {
    for (failure, _) in table() {
        let expected = match failure {
            Failure::Wallet(Error::Credential(_)) => Some(AnswerTrouble::Malformed),
            Failure::Wallet(Error::ChallengeOver) => Some(AnswerTrouble::Recorded),
            _ => None,
        };
        assert_eq!(answer_trouble_of(failure), expected, "{failure:?}");
    }
    let recorded = Failure::Wallet(Error::Credential(Signed::ChallengeNotRecent));
    assert_eq!(answer_trouble_of(recorded), Some(AnswerTrouble::Recorded));
}
