//! Personal data of licenses that ended is deleted after the retention.

use rusqlite::Transaction;
use vidimus_credential::UnixTime;

use super::reconcile::placeholder_key;
use crate::clock::Moment;
use crate::error::Error;
use crate::register::Forgot;
use crate::rules::retention::look_again;
use crate::rules::succession::{RowDates, is_last, stands};
use crate::store::events::Event;
use crate::store::{clock, decisions, forgotten, licenses, proposals, repair, settings, to_sql};

/// By when the database file is written anew once something was deleted, in seconds: a day, which
/// all share that is deleted in it.
const REWRITTEN: u64 = 86_400;

/// The licenses whose data is to be deleted, at most `limit`.
pub(super) fn due(
    transaction: &Transaction<'_>,
    now: UnixTime,
    limit: u32,
) -> Result<Vec<(String, UnixTime)>, Error> {
    match settings::retention(transaction)?.ended_until(to_sql(now)) {
        Some(until) => forgotten::due(transaction, until, now, limit),
        None => Ok(Vec::new()),
    }
}

/// From when on data may be deleted, by the clock and by the setting.
pub(super) fn deletes_from(transaction: &Transaction<'_>, now: Moment) -> Result<UnixTime, Error> {
    let by_clock = clock::deletes_from(transaction, now)?;
    Ok(by_clock.max(settings::retention_from(transaction)?))
}

/// Deletes the data of at most `limit` licenses, and looks at as many whose data was deleted
/// before.
pub(super) fn forget(
    transaction: &Transaction<'_>,
    now: Moment,
    limit: u32,
) -> Result<Forgot, Error> {
    let from = deletes_from(transaction, now)?;
    let now = now.wall();
    if from > now {
        return Ok(Forgot::Waits { until: from });
    }
    // A repair brings terms and places back that a wrong clock had ended: first that, then this.
    if repair::is_unfinished(transaction)? || settings::retention(transaction)?.days().is_none() {
        return Ok(Forgot::Done {
            licenses: Vec::new(),
            more: false,
        });
    }
    let due = due(transaction, now, limit)?;
    for (id, _) in &due {
        forgotten::forget(transaction, id, &placeholder_key()?)?;
        proposals::forget(transaction, id)?;
        Event::of(id, "forgotten").append(transaction, now)?;
        look_at(transaction, id, now)?;
    }
    let again = forgotten::to_look_at(transaction, now, limit)?;
    let mut deleted = !due.is_empty();
    for id in &again {
        deleted |= look_at(transaction, id, now)?;
    }
    if deleted && settings::rewrite_at(transaction)?.is_none() {
        let at = now.saturating_add(REWRITTEN);
        settings::set_rewrite_at(transaction, Some(at))?;
    }
    let full = |count: usize| u32::try_from(count).is_ok_and(|count| count >= limit);
    Ok(Forgot::Done {
        more: full(due.len()) || full(again.len()),
        licenses: due.into_iter().map(|(id, _)| id).collect(),
    })
}

/// Deletes the reasons of decisions that count no more, and the key of the number once none does.
/// Returns whether it deleted anything.
fn look_at(transaction: &Transaction<'_>, id: &str, now: UnixTime) -> Result<bool, Error> {
    let at = to_sql(now);
    let rows = licenses::of_same_number(transaction, id)?;
    let lives: Vec<RowDates> = rows.iter().map(|row| row.life).collect();
    let own = rows.iter().find(|row| row.id == id).map(|row| row.life);
    // Where a later row has the number, that one has taken over what counts.
    let standing: Vec<_> = match own {
        Some(own) if is_last(own, &lives) => decisions::not_handed_on(transaction, id)?
            .into_iter()
            .filter(|made| stands(&made.decision, made.next, at))
            .collect(),
        _ => Vec::new(),
    };
    let mut deleted = false;
    for made in decisions::of_license(transaction, id)? {
        let stays = standing.iter().any(|standing| standing.id == made.id);
        if made.reason.is_some() && !stays {
            forgotten::forget_reason(transaction, made.id)?;
            deleted = true;
        }
    }
    // That this row came after an earlier one is what says that the earlier one counts no more.
    let is_needed = own.is_some_and(|own| {
        rows.iter()
            .any(|row| row.id != id && row.has_ended && !is_last(row.life, &[own]))
    });
    if standing.is_empty() && !is_needed {
        forgotten::forget_number(transaction, id)?;
        Event::of(id, "number_forgotten").append(transaction, now)?;
        return Ok(true);
    }
    let changes = standing
        .iter()
        .filter_map(|made| made.decision.next_change(at));
    forgotten::set_look_again(transaction, id, look_again(at, changes))?;
    Ok(deleted)
}
