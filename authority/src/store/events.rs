//! What happened, append-only: ids and codes, no names.

use rusqlite::{OptionalExtension as _, Transaction, params};
use vidimus_credential::UnixTime;

use super::{from_sql, to_sql};
use crate::error::Error;
use crate::office::By;
use crate::register::office::EventRow;

/// One thing that happened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Event<'a> {
    /// The caller's idempotency key, where it brought one.
    pub(crate) key: Option<&'a str>,
    pub(crate) license: &'a str,
    /// The device, where it is about one.
    pub(crate) device: Option<i64>,
    /// What happened, one word.
    pub(crate) kind: &'static str,
    /// More of it: a code or an id.
    pub(crate) detail: Option<&'a str>,
}

impl<'a> Event<'a> {
    /// An event of a license alone.
    pub(crate) const fn of(license: &'a str, kind: &'static str) -> Self {
        Self {
            key: None,
            license,
            device: None,
            kind,
            detail: None,
        }
    }

    pub(crate) fn append(&self, transaction: &Transaction<'_>, now: UnixTime) -> Result<(), Error> {
        transaction
            .prepare_cached(
                "INSERT INTO events (key, at, license, device, kind, detail) VALUES (?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                self.key,
                to_sql(now),
                self.license,
                self.device,
                self.kind,
                self.detail
            ])?;
        Ok(())
    }
}

/// The id of the last event; 0 where there is none.
pub(crate) fn last(transaction: &Transaction<'_>) -> Result<i64, Error> {
    Ok(transaction
        .prepare_cached("SELECT coalesce(max(id), 0) FROM events")?
        .query_row([], |row| row.get(0))?)
}

/// Notes who did what was appended after the event of this id.
pub(crate) fn name_author(transaction: &Transaction<'_>, after: i64, by: By) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE events SET by = ? WHERE id > ?")?
        .execute(params![by.to_string(), after])?;
    Ok(())
}

/// An event of the office that is about no license.
pub(crate) fn append_other(
    transaction: &Transaction<'_>,
    kind: &'static str,
    detail: &str,
    now: UnixTime,
) -> Result<(), Error> {
    transaction
        .prepare_cached("INSERT INTO events (at, kind, detail) VALUES (?, ?, ?)")?
        .execute(params![to_sql(now), kind, detail])?;
    Ok(())
}

/// What happened to a license, the oldest first: at most `limit` events after the one of this id.
pub(crate) fn of_license(
    transaction: &Transaction<'_>,
    license: &str,
    after: i64,
    limit: u32,
) -> Result<Vec<EventRow>, Error> {
    let mut statement = transaction.prepare_cached(
        "SELECT id, at, kind, device, detail, by FROM events
         WHERE license = ? AND id > ? ORDER BY id LIMIT ?",
    )?;
    let rows = statement.query_map(params![license, after, limit], |row| {
        Ok((
            row.get(0)?,
            row.get(1)?,
            row.get(2)?,
            row.get(3)?,
            row.get(4)?,
            row.get(5)?,
        ))
    })?;
    rows.map(|row| {
        let (id, at, kind, device, detail, by) = row?;
        Ok(EventRow {
            id,
            at: from_sql(at)?,
            kind,
            device,
            detail,
            by,
        })
    })
    .collect()
}

/// Whether this user added or edited the license.
pub(crate) fn was_edited_by(
    transaction: &Transaction<'_>,
    license: &str,
    by: By,
) -> Result<bool, Error> {
    Ok(transaction
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM events
             WHERE license = ? AND by = ? AND kind IN ('added', 'edited', 'review_asked'))",
        )?
        .query_row([license, &by.to_string()], |row| row.get(0))?)
}

/// What was noted with the event of this key.
pub(crate) fn detail_of(transaction: &Transaction<'_>, key: &str) -> Result<Option<String>, Error> {
    let detail: Option<Option<String>> = transaction
        .prepare_cached("SELECT detail FROM events WHERE key = ?")?
        .query_row([key], |row| row.get(0))
        .optional()?;
    Ok(detail.flatten())
}
