//! Counts of tries, by a keyed hash of what is slowed.

use rusqlite::{OptionalExtension as _, Transaction, params};
use vidimus_credential::UnixTime;

use super::{from_sql, to_sql};
use crate::error::Error;
use crate::rules::throttle::{self, Pace};

/// Counts one try; how many seconds to wait, where there were too many.
pub(crate) fn take(
    transaction: &Transaction<'_>,
    who: &str,
    pace: Pace,
    now: UnixTime,
) -> Result<Result<(), u64>, Error> {
    let next = throttle::take(read(transaction, who)?, now, pace);
    match next {
        Ok(next) => write(transaction, who, next).map(Ok),
        Err(wait) => Ok(Err(wait)),
    }
}

/// Takes one try back, which was right.
pub(crate) fn give_back(transaction: &Transaction<'_>, who: &str, pace: Pace) -> Result<(), Error> {
    let next = read(transaction, who)?;
    write(transaction, who, throttle::give_back(next, pace))
}

fn read(transaction: &Transaction<'_>, who: &str) -> Result<UnixTime, Error> {
    let next: Option<i64> = transaction
        .prepare_cached("SELECT next FROM tries WHERE who = ?")?
        .query_row([who], |row| row.get(0))
        .optional()?;
    next.map_or(Ok(UnixTime::EPOCH), from_sql)
}

fn write(transaction: &Transaction<'_>, who: &str, next: UnixTime) -> Result<(), Error> {
    transaction
        .prepare_cached("INSERT OR REPLACE INTO tries (who, next) VALUES (?, ?)")?
        .execute(params![who, to_sql(next)])?;
    Ok(())
}

/// Forgets at most `limit` counts that are even; returns how many.
pub(crate) fn purge(
    transaction: &Transaction<'_>,
    now: UnixTime,
    limit: u32,
) -> Result<usize, Error> {
    Ok(transaction
        .prepare_cached(
            "DELETE FROM tries WHERE who IN (SELECT who FROM tries WHERE next < ? LIMIT ?)",
        )?
        .execute(params![to_sql(now), limit])?)
}
