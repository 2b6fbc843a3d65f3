//! Decisions that wait for a second user.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use vidimus_credential::UnixTime;

use super::{from_sql, to_sql};
use crate::error::{Error, damaged};
use crate::register::office::{Closed, ProposalRow};
use crate::rules::standing::Standing;

const COLUMNS: &str =
    "id, license, state, reason, begins, ends, by, made, closed, outcome, closed_by";

type Raw = (
    i64,
    String,
    u8,
    Option<String>,
    Option<i64>,
    Option<i64>,
    i64,
    i64,
    Option<i64>,
    Option<String>,
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

fn read(raw: Raw) -> Result<ProposalRow, Error> {
    let (id, license, state, reason, begins, ends, by, made, closed, outcome, closed_by) = raw;
    let closed = match (closed, outcome, closed_by) {
        (Some(at), Some(outcome), Some(by)) => Some(Closed {
            outcome,
            at: from_sql(at)?,
            by,
        }),
        _ => None,
    };
    Ok(ProposalRow {
        id,
        license,
        state: Standing::from_value(state)
            .ok_or_else(|| damaged(()))?
            .status(),
        reason,
        from: begins.map(from_sql).transpose()?,
        until: ends.map(from_sql).transpose()?,
        by,
        made: from_sql(made)?,
        closed,
    })
}

/// What a new row says.
pub(crate) struct New<'a> {
    pub(crate) event: &'a str,
    pub(crate) license: &'a str,
    pub(crate) state: Standing,
    pub(crate) reason: Option<&'a str>,
    pub(crate) from: Option<UnixTime>,
    pub(crate) until: Option<UnixTime>,
    pub(crate) by: i64,
}

pub(crate) fn insert(
    transaction: &Transaction<'_>,
    new: &New<'_>,
    now: UnixTime,
) -> Result<i64, Error> {
    transaction
        .prepare_cached(
            "INSERT INTO proposals (event, license, state, reason, begins, ends, by, made)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            new.event,
            new.license,
            new.state.value(),
            new.reason,
            new.from.map(to_sql),
            new.until.map(to_sql),
            new.by,
            to_sql(now)
        ])?;
    Ok(transaction.last_insert_rowid())
}

pub(crate) fn by_id(transaction: &Transaction<'_>, id: i64) -> Result<Option<ProposalRow>, Error> {
    let query = format!("SELECT {COLUMNS} FROM proposals WHERE id = ?");
    transaction
        .prepare_cached(&query)?
        .query_row([id], raw)
        .optional()?
        .map(read)
        .transpose()
}

/// The proposal of this event.
pub(crate) fn of_event(
    transaction: &Transaction<'_>,
    event: &str,
) -> Result<Option<ProposalRow>, Error> {
    let query = format!("SELECT {COLUMNS} FROM proposals WHERE event = ?");
    transaction
        .prepare_cached(&query)?
        .query_row([event], raw)
        .optional()?
        .map(read)
        .transpose()
}

/// The event of the decision that a proposal becomes.
pub(crate) fn event_of(transaction: &Transaction<'_>, id: i64) -> Result<String, Error> {
    Ok(transaction
        .prepare_cached("SELECT event FROM proposals WHERE id = ?")?
        .query_row([id], |row| row.get(0))?)
}

/// The proposal about this license that waits.
pub(crate) fn waiting_of(
    transaction: &Transaction<'_>,
    license: &str,
) -> Result<Option<i64>, Error> {
    Ok(transaction
        .prepare_cached("SELECT id FROM proposals WHERE license = ? AND closed IS NULL")?
        .query_row([license], |row| row.get(0))
        .optional()?)
}

/// At most `limit`, the latest first.
pub(crate) fn latest(
    transaction: &Transaction<'_>,
    waiting: bool,
    limit: u32,
) -> Result<Vec<ProposalRow>, Error> {
    let query = format!(
        "SELECT {COLUMNS} FROM proposals WHERE NOT ?1 OR closed IS NULL ORDER BY id DESC LIMIT ?2"
    );
    let mut statement = transaction.prepare_cached(&query)?;
    let rows = statement.query_map(params![waiting, limit], raw)?;
    rows.map(|row| read(row?)).collect()
}

pub(crate) fn close(
    transaction: &Transaction<'_>,
    id: i64,
    outcome: &str,
    by: i64,
    now: UnixTime,
) -> Result<(), Error> {
    transaction.execute(
        "UPDATE proposals SET closed = ?, outcome = ?, closed_by = ? WHERE id = ? AND closed IS NULL",
        params![to_sql(now), outcome, by, id],
    )?;
    Ok(())
}

/// Deletes the reasons of what was proposed about a license.
pub(crate) fn forget(transaction: &Transaction<'_>, license: &str) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE proposals SET reason = NULL WHERE license = ?")?
        .execute([license])?;
    Ok(())
}
