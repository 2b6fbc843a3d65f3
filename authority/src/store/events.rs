//! What happened, append-only: ids and codes, no names.

use rusqlite::{OptionalExtension as _, Transaction, params};
use vidimus_credential::UnixTime;

use super::to_sql;
use crate::error::Error;

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

/// What was noted with the event of this key.
pub(crate) fn detail_of(transaction: &Transaction<'_>, key: &str) -> Result<Option<String>, Error> {
    let detail: Option<Option<String>> = transaction
        .prepare_cached("SELECT detail FROM events WHERE key = ?")?
        .query_row([key], |row| row.get(0))
        .optional()?;
    Ok(detail.flatten())
}
