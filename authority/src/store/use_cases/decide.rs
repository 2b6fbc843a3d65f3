//! Decisions about drivers: one or many, all or none.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Transaction;
use vidimus_credential::{LicenseStatus, UnixTime};

use crate::application_form::is_legible;
use crate::error::Error;
use crate::register::{Decided, Decision, Due};
use crate::rules::standing::{self, Standing, check_times, check_valid, may_follow};
use crate::store::decisions::{self, StoredDecision};
use crate::store::events::{self, Event};
use crate::store::indexes::{settle, unsigned};
use crate::store::licenses::{self, Stage};
use crate::store::to_sql;

/// The longest name of an event, in bytes.
const MAX_EVENT: usize = 64;
/// The longest reason, in bytes.
pub(super) const MAX_REASON: usize = 256;
/// The longest name of an office, in bytes.
pub(super) const MAX_OFFICE: usize = 64;
/// Begins the names of events that the system makes.
pub(super) const BY_ITSELF: &str = "until:";

/// Makes decisions in one transaction. One that was made before, under the same name, is not made
/// again.
pub(super) fn decide(
    transaction: &Transaction<'_>,
    batch: &[Decision],
    by: &str,
    now: UnixTime,
) -> Result<(Decided, Due), Error> {
    if !is_legible(by, MAX_OFFICE) {
        return Err(Error::Office);
    }
    let mut work = Work {
        transaction,
        by,
        now,
        files: BTreeMap::new(),
        touched: BTreeSet::new(),
        repeated: BTreeSet::new(),
        done: Decided::default(),
    };
    for (index, decision) in batch.iter().enumerate() {
        work.take(decision).map_err(|error| match error {
            // It is not about this decision.
            Error::Storage(_) | Error::Busy => error,
            error if batch.len() == 1 => error,
            error => Error::InBatch {
                place: index + 1,
                error: Box::new(error),
            },
        })?;
    }
    let mut due = Due::new();
    for id in work.touched {
        let license = licenses::by_id(transaction, &id)?.ok_or(Error::UnknownLicense)?;
        due.extend(settle(transaction, &license, now)?);
    }
    // Who asks again may have had no answer, and the signature may not have been made.
    for id in work.repeated {
        due.extend(unsigned(transaction, &id)?);
    }
    due.sort_unstable();
    due.dedup();
    Ok((work.done, due))
}

/// What a batch knows of a license, read once however many of its decisions are about it.
struct File {
    ended: bool,
    /// Those for something worse than Valid, the oldest first, with those that this batch has made.
    decisions: Vec<StoredDecision>,
}

impl File {
    fn read(transaction: &Transaction<'_>, id: &str) -> Result<Self, Error> {
        let license = licenses::by_id(transaction, id)?.ok_or(Error::UnknownLicense)?;
        let mut decisions = decisions::of_license(transaction, id)?;
        decisions.retain(|made| made.decision.state != Standing::Valid);
        Ok(Self {
            ended: license.live().is_none(),
            decisions,
        })
    }

    /// The driver's standing at this moment.
    fn present(&self, now: i64) -> Standing {
        let in_force = self.decisions.iter().filter(|made| made.is_in_force(now));
        let states = in_force.map(|made| made.decision.state);
        states.max().unwrap_or(Standing::Valid)
    }

    /// The driver's standing at another time, as far as it is decided.
    fn at(&self, time: i64) -> Standing {
        standing::worst(self.decisions.iter().map(|made| &made.decision), time)
    }
}

struct Work<'a> {
    transaction: &'a Transaction<'a>,
    by: &'a str,
    now: UnixTime,
    files: BTreeMap<String, File>,
    /// Licenses about which something was decided.
    touched: BTreeSet<String>,
    /// Licenses about which something had been decided.
    repeated: BTreeSet<String>,
    done: Decided,
}

impl Work<'_> {
    /// Makes one decision, unless it was made before.
    fn take(&mut self, asked: &Decision) -> Result<(), Error> {
        check_words(asked)?;
        let state = Standing::decidable(asked.state).ok_or(Error::StatusNotSettable)?;
        let Some(made) = decisions::of_event(self.transaction, &asked.event)? else {
            return self.make(asked, state);
        };
        if !self.is_same(&made, asked, state)? {
            return Err(Error::EventReused {
                event: asked.event.clone(),
            });
        }
        self.done.repeated += 1;
        self.repeated.insert(made.license);
        Ok(())
    }

    fn make(&mut self, asked: &Decision, state: Standing) -> Result<(), Error> {
        let (transaction, now) = (self.transaction, to_sql(self.now));
        if asked.lifts.is_some() && state != Standing::Valid {
            return Err(Error::LiftsNeedsValid);
        }
        let id = licenses::resolve(transaction, &asked.license)?;
        if !self.files.contains_key(&id) {
            let file = File::read(transaction, &id)?;
            self.files.insert(id.clone(), file);
        }
        let file = self.files.get_mut(&id).ok_or(Error::UnknownLicense)?;
        if file.ended {
            return Err(Error::RowEnded);
        }
        let decision = standing::Decision {
            state,
            begins: asked.from.map_or(now, to_sql),
            ends: asked.until.map(to_sql),
            lifted: None,
        };
        check_times(state, decision.begins, decision.ends, now)?;
        may_follow(file.present(now), state)?;
        if state == Standing::Valid && !lift(transaction, file, &id, asked, now)? {
            self.done.lifted_nothing += 1;
        }
        let new = decisions::New {
            event: &asked.event,
            license: &id,
            decision: &decision,
            reason: asked.reason.as_deref(),
            by: self.by,
            next: decision.next_change(now),
        };
        let row = decisions::insert(transaction, &new, self.now)?;
        Event {
            key: Some(&asked.event),
            detail: Some(&said(asked.state, asked.lifts.as_deref())),
            ..Event::of(&id, "decided")
        }
        .append(transaction, self.now)?;
        if state != Standing::Valid {
            file.decisions.push(StoredDecision {
                id: row,
                event: asked.event.clone(),
                license: id.clone(),
                next: new.next,
                decision,
                reason: asked.reason.clone(),
                by: self.by.to_owned(),
                made: now,
            });
        }
        self.touched.insert(id);
        self.done.made += 1;
        Ok(())
    }

    /// Whether a decision that was made is the one that is asked for, in all that was asked. A
    /// moment that was left open then is left open now; a number that another row has by now is
    /// what it was.
    fn is_same(
        &self,
        made: &StoredDecision,
        asked: &Decision,
        state: Standing,
    ) -> Result<bool, Error> {
        let decision = &made.decision;
        let same = decision.state == state
            && decision.begins == asked.from.map_or(made.made, to_sql)
            && decision.ends == asked.until.map(to_sql)
            && self.has_reason(made, asked)?
            && made.by == self.by
            && licenses::is_named(self.transaction, &made.license, &asked.license)?;
        if !same {
            return Ok(false);
        }
        let noted = events::detail_of(self.transaction, &asked.event)?;
        Ok(noted.as_deref() == Some(said(asked.state, asked.lifts.as_deref()).as_str()))
    }

    /// Whether a decision was made for the reason that is asked for now, as far as that is known:
    /// with the personal data of a license its reasons are deleted too.
    fn has_reason(&self, made: &StoredDecision, asked: &Decision) -> Result<bool, Error> {
        if made.reason == asked.reason {
            return Ok(true);
        }
        let license = licenses::by_id(self.transaction, &made.license)?;
        let is_forgotten =
            license.is_some_and(|license| matches!(license.stage, Stage::Forgotten(_)));
        Ok(made.reason.is_none() && is_forgotten)
    }
}

/// What is noted with a decision's event: the state, and what it lifts.
fn said(state: LicenseStatus, lifts: Option<&str>) -> String {
    match lifts {
        None => state.name().to_owned(),
        Some(event) => format!("{} lifts {event}", state.name()),
    }
}

pub(super) fn check_words(asked: &Decision) -> Result<(), Error> {
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
        Some(reason) if !is_legible(reason, MAX_REASON) => Err(Error::Reason),
        _ => Ok(()),
    }
}

/// Ends the one decision that is named, or all that are in force at the time of this one. Returns
/// whether there was any.
fn lift(
    transaction: &Transaction<'_>,
    file: &mut File,
    license: &str,
    asked: &Decision,
    now: i64,
) -> Result<bool, Error> {
    let (named, from) = (asked.lifts.is_some(), asked.from.map(to_sql));
    let by_then = from.map_or_else(|| file.present(now), |from| file.at(from));
    let (mut found, mut of_what_is_final) = (false, false);
    for made in &mut file.decisions {
        if let Some(event) = &asked.lifts
            && !is_called(&made.event, event, license)
        {
            continue;
        }
        // What has begun is not later than this, which is decided after it.
        let now = made.moment(now);
        let at = from.unwrap_or(now);
        of_what_is_final |= made.decision.state.is_final() && made.decision.is_in_force(at);
        if let Some(lifted) = made.decision.lift(at, named, now) {
            made.next = lifted.next_change(now);
            decisions::lift(transaction, made.id, at, made.next)?;
            made.decision = lifted;
            found = true;
        }
    }
    if !named {
        let later = from.map_or(now, |from| from.max(now));
        check_valid(by_then, found, file.present(later))?;
    } else if !found {
        return Err(if of_what_is_final {
            Error::FinalByThen
        } else {
            Error::UnknownEvent
        });
    }
    Ok(found)
}

/// Whether a decision of this license has this event, or was taken over from a decision that has: a
/// feed knows its own name for it.
fn is_called(event: &str, name: &str, license: &str) -> bool {
    if event == name {
        return true;
    }
    let mut rest = event
        .strip_suffix(license)
        .and_then(|rest| rest.strip_suffix('+'));
    while let Some(former) = rest {
        if former == name {
            return true;
        }
        rest = former
            .rsplit_once('+')
            .filter(|(_, id)| id.len() == license.len())
            .map(|(former, _)| former);
    }
    false
}
