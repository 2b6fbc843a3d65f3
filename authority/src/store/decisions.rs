//! Decisions about licenses, as they were made.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use vidimus_credential::UnixTime;

use super::events::Event;
use super::to_sql;
use crate::error::{Error, damaged};
use crate::rules::standing::{Decision, Standing};
use crate::rules::succession::inherited;

/// A decision with its event, reason and office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredDecision {
    pub(crate) id: i64,
    /// The caller's idempotency key.
    pub(crate) event: String,
    pub(crate) license: String,
    pub(crate) decision: Decision,
    pub(crate) reason: Option<String>,
    pub(crate) by: String,
    pub(crate) made: i64,
    /// When it begins or ends by itself next, as far as it was looked at.
    pub(crate) next: Option<i64>,
}

impl StoredDecision {
    /// From which moment on it is looked at, for a clock that says `now`.
    pub(crate) fn moment(&self, now: i64) -> i64 {
        self.decision.moment(self.next, now)
    }

    /// Whether it is in force now. What was settled of it stays, for a clock that was read before
    /// it too.
    pub(crate) fn is_in_force(&self, now: i64) -> bool {
        self.decision.is_in_force(self.moment(now))
    }

    /// Whether its end has come by the clock and is not settled.
    pub(crate) fn end_waits(&self, now: i64) -> bool {
        self.next
            .is_some_and(|next| self.decision.begins < next && next <= now)
    }
}

const COLUMNS: &str = "id, event, license, state, begins, ends, lifted, reason, by, made, next";

type Raw = (
    i64,
    String,
    String,
    u8,
    i64,
    Option<i64>,
    Option<i64>,
    Option<String>,
    String,
    i64,
    Option<i64>,
);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
        row.get(6)?,
        row.get(7)?,
        row.get(8)?,
        row.get(9)?,
        row.get(10)?,
    ))
}

fn read(raw: Raw) -> Result<StoredDecision, Error> {
    let (id, event, license, state, begins, ends, lifted, reason, by, made, next) = raw;
    Ok(StoredDecision {
        id,
        event,
        license,
        decision: Decision {
            state: Standing::from_value(state).ok_or_else(|| damaged(()))?,
            begins,
            ends,
            lifted,
        },
        reason,
        by,
        made,
        next,
    })
}

/// What a new row says.
pub(crate) struct New<'a> {
    pub(crate) event: &'a str,
    pub(crate) license: &'a str,
    pub(crate) decision: &'a Decision,
    pub(crate) reason: Option<&'a str>,
    pub(crate) by: &'a str,
    /// When it begins or ends by itself next.
    pub(crate) next: Option<i64>,
}

/// Adds one; returns its id.
pub(crate) fn insert(
    transaction: &Transaction<'_>,
    new: &New<'_>,
    now: UnixTime,
) -> Result<i64, Error> {
    let decision = new.decision;
    transaction
        .prepare_cached(
            "INSERT INTO decisions (event, license, state, reason, begins, ends, lifted, by, made, next)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            new.event,
            new.license,
            decision.state.value(),
            new.reason,
            decision.begins,
            decision.ends,
            decision.lifted,
            new.by,
            to_sql(now),
            new.next
        ])?;
    Ok(transaction.last_insert_rowid())
}

/// Lets a license take over what of these decisions about other rows of its number is in force, and
/// what is to come.
pub(crate) fn inherit(
    transaction: &Transaction<'_>,
    made: &[StoredDecision],
    license: &str,
    now: UnixTime,
) -> Result<(), Error> {
    for made in made {
        let Some(decision) = inherited(&made.decision, made.next, to_sql(now)) else {
            continue;
        };
        let event = format!("{}+{license}", made.event);
        let new = New {
            event: &event,
            license,
            decision: &decision,
            reason: made.reason.as_deref(),
            by: &made.by,
            // What waits to be settled goes on waiting.
            next: made.next,
        };
        insert(transaction, &new, now)?;
        Event {
            detail: Some(&event),
            ..Event::of(license, "inherited")
        }
        .append(transaction, now)?;
    }
    Ok(())
}

/// The decision of this event.
pub(crate) fn of_event(
    transaction: &Transaction<'_>,
    event: &str,
) -> Result<Option<StoredDecision>, Error> {
    let query = format!("SELECT {COLUMNS} FROM decisions WHERE event = ?");
    transaction
        .prepare_cached(&query)?
        .query_row([event], raw)
        .optional()?
        .map(read)
        .transpose()
}

/// All of a license, the oldest first.
pub(crate) fn of_license(
    transaction: &Transaction<'_>,
    license: &str,
) -> Result<Vec<StoredDecision>, Error> {
    let query = format!("SELECT {COLUMNS} FROM decisions WHERE license = ? ORDER BY id");
    let mut statement = transaction.prepare_cached(&query)?;
    let rows = statement.query_map([license], raw)?;
    rows.map(|row| read(row?)).collect()
}

/// Those of a license that no other row of its number has taken over, the oldest first.
pub(crate) fn not_handed_on(
    transaction: &Transaction<'_>,
    license: &str,
) -> Result<Vec<StoredDecision>, Error> {
    // What is taken over is named by the decision and the row that takes it: ',' follows '+'.
    let mut handed_on = transaction.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM decisions
         WHERE event > ?1 || '+' AND event < ?1 || ',' AND event = ?1 || '+' || license)",
    )?;
    let mut left = Vec::new();
    for made in of_license(transaction, license)? {
        if !handed_on.query_row([&made.event], |row| row.get::<_, bool>(0))? {
            left.push(made);
        }
    }
    Ok(left)
}

/// Those of a license, as the rules know them.
pub(crate) fn rules_of(
    transaction: &Transaction<'_>,
    license: &str,
) -> Result<Vec<Decision>, Error> {
    let made = of_license(transaction, license)?;
    Ok(made.into_iter().map(|made| made.decision).collect())
}

/// Notes when another decision ends this one, and when it changes next.
pub(crate) fn lift(
    transaction: &Transaction<'_>,
    id: i64,
    at: i64,
    next: Option<i64>,
) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE decisions SET lifted = ?, next = ? WHERE id = ?")?
        .execute(params![at, next, id])?;
    Ok(())
}

/// Notes when a decision begins or ends by itself next.
pub(crate) fn set_next(
    transaction: &Transaction<'_>,
    id: i64,
    next: Option<i64>,
) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE decisions SET next = ? WHERE id = ?")?
        .execute(params![next, id])?;
    Ok(())
}

/// At most `limit` decisions that have begun or ended by themselves, or that have `begun`.
pub(crate) fn due(
    transaction: &Transaction<'_>,
    begun: bool,
    now: UnixTime,
    limit: u32,
) -> Result<Vec<StoredDecision>, Error> {
    let query = format!(
        "SELECT {COLUMNS} FROM decisions WHERE next <= ?1 AND (NOT ?2 OR next = begins)
         ORDER BY next LIMIT ?3"
    );
    let mut statement = transaction.prepare_cached(&query)?;
    let rows = statement.query_map(params![to_sql(now), begun, limit], raw)?;
    rows.map(|row| read(row?)).collect()
}

/// What a decision about a license still says whose end has come by the clock and is not settled:
/// it counts until then, for the clock may be wrong.
pub(crate) fn ending(
    transaction: &Transaction<'_>,
    license: &str,
    now: UnixTime,
) -> Result<Vec<Standing>, Error> {
    let mut statement = transaction.prepare_cached(
        "SELECT DISTINCT state FROM decisions WHERE license = ? AND begins < next AND next <= ?",
    )?;
    let states = statement.query_map(params![license, to_sql(now)], |row| row.get(0))?;
    states
        .map(|state| Standing::from_value(state?).ok_or_else(|| damaged(())))
        .collect()
}

/// How many decisions have ended by the clock and are not settled.
pub(crate) fn ends_waiting(transaction: &Transaction<'_>, now: UnixTime) -> Result<u64, Error> {
    let count: i64 = transaction
        .prepare_cached("SELECT count(*) FROM decisions WHERE begins < next AND next <= ?")?
        .query_row([to_sql(now)], |row| row.get(0))?;
    u64::try_from(count).map_err(damaged)
}
