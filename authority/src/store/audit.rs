//! The chained lines of events, and the keys that sign their exports.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use vidimus_credential::{UnixTime, VerifyingKey};

use super::to_sql;
use crate::error::{Error, damaged};
use crate::office::{AuditEvent, Chain, START, line_of, next_chain};

fn event(row: &Row<'_>) -> rusqlite::Result<AuditEvent> {
    Ok(AuditEvent {
        id: row.get(0)?,
        at: row.get(1)?,
        by: row.get(2)?,
        kind: row.get(3)?,
        license: row.get(4)?,
        device: row.get(5)?,
        key: row.get(6)?,
        detail: row.get(7)?,
    })
}

/// Number and chain of the last line; [`START`] where there is none.
pub(crate) fn last(transaction: &Transaction<'_>) -> Result<(i64, Chain), Error> {
    before(transaction, i64::MAX)
}

/// Number and chain of the last line before this number.
pub(crate) fn before(transaction: &Transaction<'_>, number: i64) -> Result<(i64, Chain), Error> {
    let row = transaction
        .prepare_cached(
            "SELECT event, chain FROM audit WHERE event < ? ORDER BY event DESC LIMIT 1",
        )?
        .query_row([number], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(row.unwrap_or((0, START)))
}

/// At most `limit` events that no line has, in the order of their ids.
pub(crate) fn unsealed(
    transaction: &Transaction<'_>,
    after: i64,
    limit: u32,
) -> Result<Vec<AuditEvent>, Error> {
    let mut statement = transaction.prepare_cached(
        "SELECT id, at, by, kind, license, device, key, detail FROM events
         WHERE id > ? ORDER BY id LIMIT ?",
    )?;
    let rows = statement.query_map(params![after, limit], event)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Chains at most `limit` events. Returns how many.
pub(crate) fn seal(transaction: &Transaction<'_>, limit: u32) -> Result<usize, Error> {
    let (number, mut chain) = last(transaction)?;
    let events = unsealed(transaction, number, limit)?;
    let mut insert =
        transaction.prepare_cached("INSERT INTO audit (event, line, chain) VALUES (?, ?, ?)")?;
    for event in &events {
        let line = line_of(event);
        chain = next_chain(&chain, &line);
        insert.execute(params![event.id, line, chain])?;
    }
    Ok(events.len())
}

/// At most `limit` lines from this number on.
pub(crate) fn lines(
    transaction: &Transaction<'_>,
    from: i64,
    limit: u32,
) -> Result<Vec<(i64, String, Chain)>, Error> {
    let mut statement = transaction.prepare_cached(
        "SELECT event, line, chain FROM audit WHERE event >= ? ORDER BY event LIMIT ?",
    )?;
    let rows = statement.query_map(params![from, limit], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The key that signs what is exported.
pub(crate) fn key(transaction: &Transaction<'_>) -> Result<Option<VerifyingKey>, Error> {
    let public: Option<Vec<u8>> = transaction
        .prepare_cached("SELECT public FROM audit_keys ORDER BY id DESC LIMIT 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    public
        .map(|public| VerifyingKey::from_cose_key(&public).map_err(damaged))
        .transpose()
}

pub(crate) fn insert_key(
    transaction: &Transaction<'_>,
    key: &VerifyingKey,
    now: UnixTime,
) -> Result<(), Error> {
    transaction.execute(
        "INSERT INTO audit_keys (kid, public, made) VALUES (?, ?, ?)",
        params![key.kid().as_bytes(), key.to_cose_key(), to_sql(now)],
    )?;
    Ok(())
}
