//! Decisions about drivers: one or many, all or none.

use std::collections::BTreeSet;

use rusqlite::Transaction;
use vidimus_credential::UnixTime;
use vidimus_credential::text::check_text;

use crate::error::Error;
use crate::register::{Decided, Decision, Due};
use crate::rules::standing::{self, Standing, check_times, may_follow};
use crate::store::decisions::{self, Made};
use crate::store::events::Event;
use crate::store::indexes::{self, settle};
use crate::store::{licenses, to_sql};

/// The longest name of an event, in bytes.
const MAX_EVENT: usize = 64;
/// The longest reason, in bytes.
const MAX_REASON: usize = 256;
/// Begins the names of events that the system makes.
pub(super) const BY_ITSELF: &str = "until:";

/// Makes decisions in one transaction. One that was made before, under the same name, is not made again.
pub(super) fn decide(
    transaction: &Transaction<'_>,
    batch: &[Decision],
    by: &str,
    now: UnixTime,
) -> Result<(Decided, Due), Error> {
    let mut done = Decided {
        made: 0,
        repeated: 0,
    };
    let mut touched = BTreeSet::new();
    for (index, decision) in batch.iter().enumerate() {
        match one(transaction, decision, by, now) {
            Ok(Some(license)) => {
                touched.insert(license);
                done.made += 1;
            }
            Ok(None) => done.repeated += 1,
            Err(error) if batch.len() > 1 => {
                return Err(Error::InBatch {
                    place: index + 1,
                    error: Box::new(error),
                });
            }
            Err(error) => return Err(error),
        }
    }
    let mut due = Due::new();
    for id in touched {
        let license = licenses::by_id(transaction, &id)?.ok_or(Error::UnknownLicense)?;
        due.extend(settle(transaction, &license, now)?);
    }
    Ok((done, due))
}

/// Makes one decision; returns its license's id, or `None` where it was made before.
fn one(
    transaction: &Transaction<'_>,
    asked: &Decision,
    by: &str,
    now: UnixTime,
) -> Result<Option<String>, Error> {
    check_words(asked)?;
    let state = Standing::decidable(asked.state).ok_or(Error::StatusNotSettable)?;
    let license = licenses::find(transaction, &asked.license)?;
    if let Some(made) = decisions::of_event(transaction, &asked.event)? {
        return if is_same(&made, asked, state, &license.id) {
            Ok(None)
        } else {
            Err(Error::EventReused {
                event: asked.event.clone(),
            })
        };
    }
    if license.ended.is_some() {
        return Err(Error::RowEnded);
    }
    let begins = to_sql(asked.from.unwrap_or(now));
    let until = asked.until.map(to_sql);
    check_times(state, begins, until, to_sql(now))?;
    let present = indexes::standing(transaction, &license, now)?;
    if present == state && state.is_final() && until.is_none() && begins <= to_sql(now) {
        // It is so already, and for good.
        return Ok(None);
    }
    may_follow(present, state)?;
    if state == Standing::Valid {
        lift(
            transaction,
            &license.id,
            asked.lifts.as_deref(),
            begins,
            now,
        )?;
    } else if asked.lifts.is_some() {
        return Err(Error::LiftsNeedsValid);
    }
    let decision = standing::Decision {
        state,
        begins,
        ends: until,
        lifted: None,
    };
    let new = decisions::New {
        event: &asked.event,
        license: &license.id,
        decision: &decision,
        reason: asked.reason.as_deref(),
        by,
    };
    decisions::insert(transaction, &new, now)?;
    Event {
        key: Some(&asked.event),
        detail: Some(asked.state.name()),
        ..Event::of(&license.id, "decided")
    }
    .append(transaction, now)?;
    Ok(Some(license.id))
}

fn check_words(asked: &Decision) -> Result<(), Error> {
    // It is printed and typed: visible ASCII alone.
    let plain = asked.event.bytes().all(|byte| byte.is_ascii_graphic());
    if asked.event.is_empty()
        || asked.event.len() > MAX_EVENT
        || !plain
        || asked.event.starts_with(BY_ITSELF)
    {
        return Err(Error::EventName);
    }
    match &asked.reason {
        Some(reason) => check_text(reason, MAX_REASON, false).map_err(|_| Error::Reason),
        None => Ok(()),
    }
}

/// Whether a decision that was made is the one that is asked for. A moment that was left open then
/// is left open now.
fn is_same(made: &Made, asked: &Decision, state: Standing, license: &str) -> bool {
    made.license == license
        && made.decision.state == state
        && made.reason == asked.reason
        && made.decision.ends == asked.until.map(to_sql)
        && asked
            .from
            .is_none_or(|from| to_sql(from) == made.decision.begins)
}

/// Ends, at `at`, the one decision of this event, or all that hold then; what is final stays.
fn lift(
    transaction: &Transaction<'_>,
    license: &str,
    event: Option<&str>,
    at: i64,
    now: UnixTime,
) -> Result<(), Error> {
    let mut found = false;
    for made in decisions::of_license(transaction, license)? {
        let decision = made.decision;
        let meant = match event {
            // One that has not begun can be withdrawn by its name, final or not.
            Some(event) => {
                made.event == event
                    && (decision.is_in_force(at) || decision.begins > to_sql(now))
                    && (!decision.state.is_final() || !decision.is_in_force(to_sql(now)))
            }
            None => decision.is_in_force(at) && !decision.state.is_final(),
        };
        if !meant || decision.state == Standing::Valid {
            continue;
        }
        found = true;
        let lifted = standing::Decision {
            lifted: Some(at),
            ..decision
        };
        decisions::lift(transaction, made.id, at, lifted.next_change(to_sql(now)))?;
    }
    if event.is_some() && !found {
        return Err(Error::UnknownEvent);
    }
    Ok(())
}
