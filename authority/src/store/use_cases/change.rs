//! A license or one of its devices changes, or ends.

use rusqlite::Transaction;
use vidimus_credential::{License, UnixTime};

use super::end_device_and_grant;
use super::reviews::open;
use crate::error::Error;
use crate::register::{DeviceEnd, Due, Edit, Edited, Ended, ReviewKind, ReviewState};
use crate::rules::devices::ends_worse;
use crate::rules::edit::{supersede_at, takes_away};
use crate::rules::number;
use crate::rules::retention::ended_at;
use crate::rules::standing::{Standing, may_follow};
use crate::store::events::Event;
use crate::store::indexes::{settle, standing};
use crate::store::licenses::{self, Content, Registered, Stage};
use crate::store::reviews::{self, Pictures};
use crate::store::{accounts, blobs, clock, decisions, devices, grants, issuances, offers, to_sql};

/// Changes what a license says. Every index of it then reads UpdateWaiting, and wallets fetch the
/// new credential by themselves.
pub(super) fn edit(
    transaction: &Transaction<'_>,
    of: &str,
    edit: &Edit<'_>,
    now: UnixTime,
) -> Result<(Edited, Due), Error> {
    let held = licenses::find(transaction, of)?;
    let content = held.live().ok_or(Error::RowEnded)?;
    may_follow(standing(transaction, &held, now)?, Standing::Valid)?;
    let new = edit.license.unwrap_or(&content.license);
    if number::key(new.license_number()) != number::key(content.license.license_number()) {
        return Err(Error::OtherNumber);
    }
    let portrait = match edit.portrait {
        None => None,
        Some((roadside, submitted)) => Some((
            blobs::put(transaction, roadside)?,
            blobs::put(transaction, submitted)?,
        )),
    };
    let (pictures, review) = reviewed(transaction, &held.id, content, portrait, edit.review, now)?;
    let license_id = held.id.clone();
    let written = write(transaction, &held, content, new, pictures, now)?;
    let Written {
        changed,
        takes_away,
        due,
    } = written;
    let edited = Edited {
        license_id,
        changed,
        takes_away,
        devices: if changed {
            devices::live(transaction, &held.id)?.len()
        } else {
            0
        },
        portrait_notes: Vec::new(),
        review,
    };
    Ok((edited, due))
}

/// The pictures of the license after an edit, and the review that was asked for with it. A portrait
/// waits for the review of the photo where that is asked for, or where the last one waits or was
/// refused; until then the license has the one before.
fn reviewed(
    transaction: &Transaction<'_>,
    license: &str,
    content: &Content,
    portrait: Option<Pictures>,
    asked: Option<ReviewKind>,
    now: UnixTime,
) -> Result<(Pictures, Option<i64>), Error> {
    let held = (content.portrait, content.submitted);
    let last = reviews::last_of(transaction, license, ReviewKind::Photo)?;
    let is_open = last.as_ref().is_some_and(|last| {
        matches!(
            last.state,
            ReviewState::Waiting | ReviewState::Refused { .. }
        )
    });
    let waits = asked == Some(ReviewKind::Photo) || (portrait.is_some() && is_open);
    let kind = match asked {
        None if !waits => return Ok((portrait.unwrap_or(held), None)),
        _ if !waits => ReviewKind::Papers,
        _ => ReviewKind::Photo,
    };
    if asked == Some(ReviewKind::Papers) && waits {
        // Both a photo and papers: one after the other.
        let review = last.map_or(0, |last| last.id);
        return Err(Error::ReviewWaits { review });
    }
    if kind == ReviewKind::Papers {
        let id = open(transaction, license, kind, None, now)?;
        return Ok((portrait.unwrap_or(held), Some(id)));
    }
    // Repeated after it was accepted: it is the license's picture already.
    if let Some(last) = &last
        && last.state == ReviewState::Accepted
        && portrait.is_some_and(|portrait| portrait.1 == held.1)
    {
        return Ok((held, Some(last.id)));
    }
    // Without a new one, a clerk looks once more at the one that was refused, or that there is.
    let again = match &last {
        Some(last) => reviews::pictures(transaction, last.id)?,
        None => None,
    };
    let pictures = portrait.or(again).unwrap_or(held);
    let id = open(transaction, license, kind, Some(&pictures), now)?;
    Ok((held, Some(id)))
}

/// Gives a license the pictures that a clerk has accepted.
pub(super) fn set_pictures(
    transaction: &Transaction<'_>,
    held: &Registered,
    pictures: Pictures,
    now: UnixTime,
) -> Result<Due, Error> {
    let content = held.live().ok_or(Error::RowEnded)?;
    let written = write(transaction, held, content, &content.license, pictures, now)?;
    Ok(written.due)
}

/// What writing another content did.
struct Written {
    changed: bool,
    takes_away: bool,
    due: Due,
}

/// Writes another content where it is another.
fn write(
    transaction: &Transaction<'_>,
    held: &Registered,
    content: &Content,
    new: &License,
    (roadside, submitted): Pictures,
    now: UnixTime,
) -> Result<Written, Error> {
    // The picture as submitted is in no credential.
    let visible = *new != content.license || roadside != content.portrait;
    if !visible && submitted == content.submitted {
        return Ok(Written {
            changed: false,
            takes_away: false,
            due: Due::new(),
        });
    }
    licenses::update(transaction, &held.id, new, (&roadside, &submitted), visible)?;
    for old in [&content.portrait, &content.submitted] {
        blobs::forget(transaction, old)?;
    }
    let takes_away = takes_away(&content.license, new);
    Event {
        detail: Some(if takes_away { "takes_away" } else { "gives" }),
        ..Event::of(&held.id, "edited")
    }
    .append(transaction, now)?;
    let edited = licenses::by_id(transaction, &held.id)?.ok_or(Error::UnknownLicense)?;
    if let Some(at) = supersede_at(takes_away.then(|| to_sql(now)), None) {
        issuances::supersede_older(transaction, &held.id, None, edited.version, at)?;
    }
    Ok(Written {
        changed: true,
        takes_away,
        due: settle(transaction, &edited, now)?,
    })
}

/// Ends a license's row. Its number is free, and all that it had is void. Repeating it changes
/// nothing, with another reason too: the answer is what is stored.
pub(super) fn end(
    transaction: &Transaction<'_>,
    of: &str,
    reason: &str,
    now: UnixTime,
) -> Result<(Ended, Due), Error> {
    let held = licenses::find(transaction, of)?;
    let content = match &held.stage {
        Stage::Live(content) => content,
        Stage::Ended(end, _) | Stage::Forgotten(end) => {
            let ended = Ended {
                reason: end.reason.clone(),
                license_id: held.id,
                changed: false,
            };
            return Ok((ended, Due::new()));
        }
    };
    let twins = twins(transaction, &held, content, now)?;
    let last = clock::last(transaction)?.map(|last| last.moment.wall());
    licenses::end(transaction, &held.id, reason, ended_at(now, last))?;
    offers::void_all(transaction, &held.id)?;
    reviews::close(transaction, &held.id, now)?;
    grants::void_all(transaction, &held.id)?;
    accounts::end(transaction, &held.id)?;
    for device in devices::live(transaction, &held.id)? {
        devices::end(transaction, device, Standing::Revoked, "ended", now)?;
    }
    Event {
        detail: Some(reason),
        ..Event::of(&held.id, "ended")
    }
    .append(transaction, now)?;
    let ended = licenses::by_id(transaction, &held.id)?.ok_or(Error::UnknownLicense)?;
    let mut due = settle(transaction, &ended, now)?;
    if !twins.is_empty() {
        let left = decisions::not_handed_on(transaction, &ended.id)?;
        for twin in twins {
            decisions::inherit(transaction, &left, &twin.id, now)?;
            due.extend(settle(transaction, &twin, now)?);
        }
        due.sort_unstable();
        due.dedup();
    }
    let ended = Ended {
        license_id: held.id,
        reason: reason.to_owned(),
        changed: true,
    };
    Ok((ended, due))
}

/// The other live rows with the number of this one, which take over what is in force against it. A
/// revocation is not taken over: where it holds, they have to be revoked too, or end first.
fn twins(
    transaction: &Transaction<'_>,
    held: &Registered,
    content: &Content,
    now: UnixTime,
) -> Result<Vec<Registered>, Error> {
    let is_revoked = standing(transaction, held, now)? == Standing::Revoked;
    let mut twins = Vec::new();
    for other in licenses::live_of_number(transaction, content.license.license_number())? {
        if other == held.id {
            continue;
        }
        let twin = licenses::by_id(transaction, &other)?.ok_or(Error::UnknownLicense)?;
        if is_revoked && standing(transaction, &twin, now)? != Standing::Revoked {
            return Err(Error::TwinNotRevoked { other });
        }
        twins.push(twin);
    }
    Ok(twins)
}

/// Ends one device: its index and its grant. Repeating it changes nothing, but a phone that was
/// replaced can be lost or stolen afterwards.
pub(super) fn end_device(
    transaction: &Transaction<'_>,
    device: i64,
    reason: DeviceEnd,
    now: UnixTime,
) -> Result<(Ended, Due), Error> {
    let held = devices::by_id(transaction, device)?.ok_or(Error::UnknownDevice)?;
    let state = match reason {
        DeviceEnd::Lost | DeviceEnd::Stolen => Standing::Revoked,
        DeviceEnd::Replaced => Standing::Superseded,
    };
    match held.ended {
        None => end_device_and_grant(transaction, device, state, reason.name(), now)?,
        // Its grant is void already, or is that of the device which took its place.
        Some(_) if ends_worse(held.end_state, state) => {
            devices::end_worse(transaction, device, state, reason.name())?;
        }
        Some(_) => {
            let ended = Ended {
                license_id: held.license,
                reason: held.end_reason.unwrap_or_default(),
                changed: false,
            };
            return Ok((ended, Due::new()));
        }
    }
    Event {
        device: Some(device),
        detail: Some(reason.name()),
        ..Event::of(&held.license, "device_ended")
    }
    .append(transaction, now)?;
    let license = licenses::by_id(transaction, &held.license)?.ok_or(Error::UnknownLicense)?;
    let due = settle(transaction, &license, now)?;
    let ended = Ended {
        license_id: held.license,
        reason: reason.name().to_owned(),
        changed: true,
    };
    Ok((ended, due))
}
