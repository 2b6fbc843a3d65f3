//! A license or one of its devices changes, or ends.

use rusqlite::Transaction;
use vidimus_credential::UnixTime;

use super::end_device_and_grant;
use crate::error::Error;
use crate::register::{DeviceEnd, Due, Edit, Edited, Ended};
use crate::rules::devices::ends_worse;
use crate::rules::edit::{supersede_at, takes_away};
use crate::rules::number;
use crate::rules::retention::ended_at;
use crate::rules::standing::{Standing, may_follow};
use crate::store::events::Event;
use crate::store::indexes::{settle, standing};
use crate::store::licenses::{self, Content, Registered, Stage};
use crate::store::{blobs, clock, decisions, devices, grants, issuances, offers, to_sql};

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
    let (roadside, submitted) = match edit.portrait {
        None => (content.portrait, content.submitted),
        Some((roadside, submitted)) => (
            blobs::put(transaction, roadside)?,
            blobs::put(transaction, submitted)?,
        ),
    };
    let license_id = held.id.clone();
    // The picture as submitted is in no credential.
    let visible = *new != content.license || roadside != content.portrait;
    if !visible && submitted == content.submitted {
        let edited = Edited {
            license_id,
            changed: false,
            takes_away: false,
            devices: 0,
            portrait_notes: Vec::new(),
        };
        return Ok((edited, Due::new()));
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
    let due = settle(transaction, &edited, now)?;
    let edited = Edited {
        license_id,
        changed: true,
        takes_away,
        devices: devices::live(transaction, &held.id)?.len(),
        portrait_notes: Vec::new(),
    };
    Ok((edited, due))
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
    grants::void_all(transaction, &held.id)?;
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
