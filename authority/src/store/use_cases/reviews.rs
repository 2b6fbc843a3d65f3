//! Reviews are asked for and decided, and hold a license until they are accepted.

use rusqlite::Transaction;
use vidimus_credential::UnixTime;

use super::change;
use super::decide::{MAX_OFFICE, MAX_REASON};
use crate::application_form::is_legible;
use crate::error::{Error, damaged};
use crate::register::{Due, Review, ReviewKind, ReviewReason, ReviewState};
use crate::store::events::Event;
use crate::store::reviews::{self, Pictures};
use crate::store::{blobs, licenses};

/// Why a license is given to no further phone.
pub(super) enum Gate {
    Open,
    /// A clerk has to look.
    Waiting,
    /// A clerk refused: why, and in which words.
    Refused(ReviewReason, Option<String>),
}

/// Whether a license may be given to a phone that does not have it.
pub(super) fn gate(transaction: &Transaction<'_>, license: &str) -> Result<Gate, Error> {
    let mut gate = Gate::Open;
    for kind in ReviewKind::ALL {
        let Some(last) = reviews::last_of(transaction, license, kind)? else {
            continue;
        };
        match last.state {
            ReviewState::Waiting => return Ok(Gate::Waiting),
            ReviewState::Refused { reason, words } => gate = Gate::Refused(reason, words),
            ReviewState::Accepted | ReviewState::Closed => {}
        }
    }
    Ok(gate)
}

/// Asks for a review. One of the same kind that waits stays, unless this one has other pictures.
///
/// # Errors
/// [`Error::ReviewWaits`] where one of another kind waits.
pub(super) fn open(
    transaction: &Transaction<'_>,
    license: &str,
    kind: ReviewKind,
    pictures: Option<&Pictures>,
    now: UnixTime,
) -> Result<i64, Error> {
    if let Some(waiting) = reviews::waiting_of(transaction, license)? {
        if waiting.kind != kind {
            return Err(Error::ReviewWaits { review: waiting.id });
        }
        let held = reviews::pictures(transaction, waiting.id)?;
        let same = pictures.is_none_or(|pictures| held.as_ref() == Some(pictures));
        if same {
            return Ok(waiting.id);
        }
        reviews::close(transaction, license, now)?;
    }
    let id = reviews::insert(transaction, license, kind, pictures, now)?;
    if kind == ReviewKind::Photo {
        reviews::forget_pictures(transaction, license)?;
    }
    event(transaction, license, "review_asked", id, now)?;
    Ok(id)
}

/// Accepts one that waits; its picture is the license's from now on. Accepting it again changes
/// nothing.
pub(super) fn accept(
    transaction: &Transaction<'_>,
    id: i64,
    by: &str,
    roadside: Option<&[u8]>,
    now: UnixTime,
) -> Result<(Review, Due), Error> {
    let review = reviews::by_id(transaction, id)?.ok_or(Error::UnknownReview)?;
    match review.state {
        ReviewState::Waiting => {}
        ReviewState::Accepted => return Ok((review, Due::new())),
        ReviewState::Refused { .. } | ReviewState::Closed => return Err(Error::ReviewOver),
    }
    check_office(by)?;
    let mut due = Due::new();
    reviews::decide(transaction, id, &ReviewState::Accepted, by, now)?;
    if let Some((held, submitted)) = reviews::pictures(transaction, id)? {
        let roadside = match roadside {
            Some(roadside) => blobs::put(transaction, roadside)?,
            None => held,
        };
        let license = licenses::by_id(transaction, &review.license)?;
        let license = license.ok_or(Error::UnknownLicense)?;
        due = change::set_pictures(transaction, &license, (roadside, submitted), now)?;
        reviews::forget_pictures(transaction, &review.license)?;
    }
    event(transaction, &review.license, "review_accepted", id, now)?;
    let review = reviews::by_id(transaction, id)?.ok_or_else(|| damaged(()))?;
    Ok((review, due))
}

/// Refuses one that waits. Refusing it again in the same words changes nothing.
pub(super) fn refuse(
    transaction: &Transaction<'_>,
    id: i64,
    reason: ReviewReason,
    words: Option<&str>,
    by: &str,
    now: UnixTime,
) -> Result<Review, Error> {
    let review = reviews::by_id(transaction, id)?.ok_or(Error::UnknownReview)?;
    let refused = ReviewState::Refused {
        reason,
        words: words.map(str::to_owned),
    };
    if review.state == refused {
        return Ok(review);
    }
    if review.state != ReviewState::Waiting {
        return Err(Error::ReviewOver);
    }
    check_office(by)?;
    if words.is_some_and(|words| !is_legible(words, MAX_REASON)) {
        return Err(Error::Reason);
    }
    reviews::decide(transaction, id, &refused, by, now)?;
    event(transaction, &review.license, "review_refused", id, now)?;
    reviews::by_id(transaction, id)?.ok_or_else(|| damaged(()))
}

fn check_office(by: &str) -> Result<(), Error> {
    if is_legible(by, MAX_OFFICE) {
        Ok(())
    } else {
        Err(Error::Office)
    }
}

fn event(
    transaction: &Transaction<'_>,
    license: &str,
    kind: &'static str,
    review: i64,
    now: UnixTime,
) -> Result<(), Error> {
    Event {
        detail: Some(&review.to_string()),
        ..Event::of(license, kind)
    }
    .append(transaction, now)
}
