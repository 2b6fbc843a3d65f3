//! What a verdict and the troubles of the reader itself mean on a screen.

use vidimus_credential::meaning::{Reason, Standing, Tone};
use vidimus_credential::status::LicenseStatus;
use vidimus_wallet::error::StorageError;
use vidimus_wallet::ports::KeyStoreError;
use vidimus_wallet::reader::{ReaderError, Trouble as BookTrouble};

use super::event::BookFailure;
use crate::tone::Note;
use crate::trouble::Trouble;

/// How a license stands by a verdict: the worst of its state and of what the reasons say.
#[must_use]
pub(crate) fn standing_by(state: LicenseStatus, reasons: &[Reason]) -> Standing {
    let is_told = |it: &Standing| it.reason().is_some_and(|reason| reasons.contains(&reason));
    let by_reason = Standing::ALL.into_iter().filter(is_told).max();
    by_reason
        .unwrap_or(Standing::Valid)
        .max(Standing::of_status(state))
}

/// What a failure of the book means to the officer.
pub(super) fn trouble_of(failure: BookFailure) -> Trouble {
    let BookFailure::Reader(error) = failure else {
        return Trouble::Internal;
    };
    match error {
        ReaderError::BookDamaged { .. } => Trouble::Damaged,
        ReaderError::NewerSchema => Trouble::NewerVersion,
        ReaderError::OtherDevice => Trouble::OtherDevice,
        ReaderError::KeyInvalidated => Trouble::KeyInvalidated,
        ReaderError::KeyStore(KeyStoreError::Locked) => Trouble::DeviceLocked,
        ReaderError::KeyStore(KeyStoreError::NotFound | KeyStoreError::Invalidated) => {
            Trouble::KeyInvalidated
        }
        ReaderError::KeyStore(KeyStoreError::Storage(error)) | ReaderError::Storage(error) => {
            match error {
                StorageError::Full => Trouble::StorageFull,
                _ => Trouble::StorageFailed,
            }
        }
        ReaderError::KeyStore(_) | ReaderError::NoRandomness => Trouble::KeyStore,
        ReaderError::NoBook => Trouble::StorageFailed,
        ReaderError::NoAuthority
        | ReaderError::NoSuchAuthority
        | ReaderError::Full
        | ReaderError::NoSuchChallenge
        | ReaderError::Cancelled
        | ReaderError::Invalid(_) => Trouble::Internal,
        // The book may name more failures later. A test makes sure that each one of today has its
        // row.
        _ => Trouble::Internal,
    }
}

/// What is wrong with the reader itself, beside a verdict.
pub(super) fn note_of(trouble: BookTrouble) -> Note {
    match trouble {
        BookTrouble::NotRead(_) => Note::new(Tone::Caution, "officer.note.not_read"),
        BookTrouble::NotKept(_) => Note::new(Tone::Caution, "officer.note.not_kept"),
        BookTrouble::SeenLost => Note::new(Tone::Caution, "officer.note.seen_lost"),
        BookTrouble::ClockSetBack => Note::new(Tone::Caution, "officer.note.clock"),
        // One that this crate does not know yet is still said.
        _ => Note::new(Tone::Caution, "officer.note.not_read"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_license_stands_as_the_worst_of_its_state_and_of_the_reasons() {
        for (state, reasons, standing) in [
            (LicenseStatus::Valid, &[][..], Standing::Valid),
            (LicenseStatus::UpdateWaiting, &[], Standing::UpdateWaiting),
            (
                LicenseStatus::Suspended,
                &[Reason::Suspended],
                Standing::Suspended,
            ),
            (
                LicenseStatus::Valid,
                &[Reason::LicenseExpired],
                Standing::LicenseExpired,
            ),
            (
                LicenseStatus::Suspended,
                &[Reason::LicenseExpired, Reason::Suspended],
                Standing::Suspended,
            ),
            (
                LicenseStatus::Valid,
                &[Reason::StatusStale],
                Standing::StatusStale,
            ),
            (
                LicenseStatus::Unknown,
                &[Reason::StatusMissing],
                Standing::Unknown,
            ),
            // What is wrong with the code says nothing of the license.
            (
                LicenseStatus::Valid,
                &[Reason::Expired, Reason::Replayed],
                Standing::Valid,
            ),
        ] {
            assert_eq!(standing_by(state, reasons), standing, "{reasons:?}");
        }
    }

    #[test]
    fn each_failure_of_the_book_has_a_trouble_that_offers_what_helps() {
        for error in ReaderError::ALL {
            let trouble = trouble_of(error.into());
            let is_fault = matches!(
                error,
                ReaderError::NoAuthority
                    | ReaderError::NoSuchAuthority
                    | ReaderError::Full
                    | ReaderError::NoSuchChallenge
                    | ReaderError::Cancelled
                    | ReaderError::Invalid(_)
            );
            assert_eq!(trouble == Trouble::Internal, is_fault, "{error}");
        }
        assert_eq!(trouble_of(BookFailure::Internal), Trouble::Internal);
    }

    #[test]
    fn each_trouble_of_the_reader_has_words_of_its_own() {
        let mut keys: Vec<String> = BookTrouble::ALL.map(|it| note_of(it).words.key).into();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), BookTrouble::ALL.len());
    }
}
