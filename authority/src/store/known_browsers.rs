//! Browsers in which a driver has signed in before, by the digest of their cookie.

use rusqlite::{Transaction, params};
use vidimus_credential::UnixTime;

use super::to_sql;
use crate::error::Error;

/// The most browsers that are remembered of one account.
const MOST: u32 = 20;

/// Whether this browser is known for this license.
pub(crate) fn is_known(
    transaction: &Transaction<'_>,
    license: &str,
    browser: &[u8; 32],
    now: UnixTime,
) -> Result<bool, Error> {
    let query = "SELECT EXISTS
        (SELECT 1 FROM known_browsers WHERE browser = ? AND license = ? AND expires >= ?)";
    Ok(transaction
        .prepare_cached(query)?
        .query_row(params![browser, license, to_sql(now)], |row| row.get(0))?)
}

/// Remembers a browser; the oldest of the account is forgotten where there are many.
pub(crate) fn put(
    transaction: &Transaction<'_>,
    license: &str,
    browser: &[u8; 32],
    expires: UnixTime,
    now: UnixTime,
) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO known_browsers (browser, license, made, expires)
             VALUES (?, ?, ?, ?)",
        )?
        .execute(params![browser, license, to_sql(now), to_sql(expires)])?;
    transaction
        .prepare_cached(
            "DELETE FROM known_browsers WHERE license = ?1 AND browser NOT IN
                (SELECT browser FROM known_browsers WHERE license = ?1
                 ORDER BY made DESC, rowid DESC LIMIT ?2)",
        )?
        .execute(params![license, MOST])?;
    Ok(())
}

/// Forgets the browser of this digest.
pub(crate) fn forget(transaction: &Transaction<'_>, browser: &[u8; 32]) -> Result<(), Error> {
    transaction
        .prepare_cached("DELETE FROM known_browsers WHERE browser = ?")?
        .execute([browser])?;
    Ok(())
}

/// Forgets all browsers of a license: its account begins anew.
pub(crate) fn forget_all(transaction: &Transaction<'_>, license: &str) -> Result<(), Error> {
    transaction
        .prepare_cached("DELETE FROM known_browsers WHERE license = ?")?
        .execute([license])?;
    Ok(())
}

/// Forgets at most `limit` browsers after their year; returns how many.
pub(crate) fn purge(
    transaction: &Transaction<'_>,
    now: UnixTime,
    limit: u32,
) -> Result<usize, Error> {
    Ok(transaction
        .prepare_cached(
            "DELETE FROM known_browsers WHERE browser IN
                (SELECT browser FROM known_browsers WHERE expires < ? LIMIT ?)",
        )?
        .execute(params![to_sql(now), limit])?)
}
