//! Letters: a code for each license, as a keyed hash.

use rusqlite::{OptionalExtension as _, Transaction, params};
use vidimus_credential::UnixTime;

use super::{from_sql, to_sql};
use crate::error::Error;

/// A letter that was sent.
pub(crate) struct Letter {
    /// The keyed hash of its code.
    pub(crate) code: String,
    pub(crate) expires: UnixTime,
    /// Wrong codes that were tried against it.
    pub(crate) wrong: i64,
}

/// The newest letter of a license.
pub(crate) fn of_license(
    transaction: &Transaction<'_>,
    license: &str,
) -> Result<Option<Letter>, Error> {
    let row: Option<(String, i64, i64)> = transaction
        .prepare_cached("SELECT code, expires, wrong FROM letters WHERE license = ?")?
        .query_row([license], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    row.map(|(code, expires, wrong)| {
        Ok(Letter {
            code,
            expires: from_sql(expires)?,
            wrong,
        })
    })
    .transpose()
}

/// Stores a letter; an older one is void.
pub(crate) fn put(
    transaction: &Transaction<'_>,
    license: &str,
    letter: &Letter,
    now: UnixTime,
) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO letters (license, code, made, expires, wrong)
             VALUES (?, ?, ?, ?, ?)",
        )?
        .execute(params![
            license,
            letter.code,
            to_sql(now),
            to_sql(letter.expires),
            letter.wrong
        ])?;
    Ok(())
}

/// Counts a wrong code, up to the most that are compared.
pub(crate) fn count_wrong(
    transaction: &Transaction<'_>,
    license: &str,
    most: i64,
) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE letters SET wrong = wrong + 1 WHERE license = ? AND wrong < ?")?
        .execute(params![license, most])?;
    Ok(())
}

/// Uses the letter of this hash up; `false` where it is not the license's any more.
pub(crate) fn take(
    transaction: &Transaction<'_>,
    license: &str,
    code: &str,
) -> Result<bool, Error> {
    let taken = transaction
        .prepare_cached("DELETE FROM letters WHERE license = ? AND code = ?")?
        .execute([license, code])?;
    Ok(taken > 0)
}

/// Forgets at most `limit` letters that ran out; returns how many.
pub(crate) fn purge(
    transaction: &Transaction<'_>,
    now: UnixTime,
    limit: u32,
) -> Result<usize, Error> {
    Ok(transaction
        .prepare_cached(
            "DELETE FROM letters WHERE license IN
                (SELECT license FROM letters WHERE expires < ? LIMIT ?)",
        )?
        .execute(params![to_sql(now), limit])?)
}
