//! Browsers that are signed in at the office or set up a sign-in, and wrong sign-ins.

use rusqlite::{OptionalExtension as _, Transaction, params};
use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

use super::{from_sql, to_sql, users};
use crate::error::Error;
use crate::register::office::{SessionRow, SetUpRow};

/// For so long a browser is signed in, in seconds: 8 hours, a working day.
pub(crate) const LIFE: u64 = 8 * 3_600;
/// For so long a browser may set up a sign-in, in seconds.
const SET_UP_LIFE: u64 = 15 * 60;
/// Wrong sign-ins count for so long, in seconds.
const TRIES_COUNT: i64 = 15 * 60;

/// Keeps the session of a browser whose user just signed in.
pub(crate) fn insert(
    transaction: &Transaction<'_>,
    digest: &[u8; 32],
    user: i64,
    now: UnixTime,
) -> Result<(), Error> {
    transaction.execute("DELETE FROM office_sessions WHERE ends <= ?", [to_sql(now)])?;
    transaction
        .prepare_cached(
            "INSERT INTO office_sessions (digest, user, made, ends, confirmed)
             VALUES (?1, ?2, ?3, ?4, ?3)",
        )?
        .execute(params![
            digest,
            user,
            to_sql(now),
            to_sql(now.saturating_add(LIFE))
        ])?;
    Ok(())
}

/// The session of a browser, while it lasts and its user is not disabled.
pub(crate) fn find(
    transaction: &Transaction<'_>,
    digest: &[u8; 32],
    now: UnixTime,
) -> Result<Option<SessionRow>, Error> {
    let row: Option<(i64, i64, i64)> = transaction
        .prepare_cached(
            "SELECT user, ends, confirmed FROM office_sessions WHERE digest = ? AND ends > ?",
        )?
        .query_row(params![digest, to_sql(now)], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let Some((user, ends, confirmed)) = row else {
        return Ok(None);
    };
    let user = users::by_id(transaction, user)?.filter(|user| user.disabled.is_none());
    user.map(|user| {
        Ok(SessionRow {
            user,
            ends: from_sql(ends)?,
            confirmed: from_sql(confirmed)?,
        })
    })
    .transpose()
}

/// Notes that passphrase and code were given again; `false` where the session is not this user's.
pub(crate) fn confirm(
    transaction: &Transaction<'_>,
    digest: &[u8; 32],
    user: i64,
    now: UnixTime,
) -> Result<bool, Error> {
    let confirmed = transaction.execute(
        "UPDATE office_sessions SET confirmed = ?1 WHERE digest = ?2 AND user = ?3 AND ends > ?1",
        params![to_sql(now), digest, user],
    )?;
    Ok(confirmed > 0)
}

/// Ends a session; the user that it was of.
pub(crate) fn remove(
    transaction: &Transaction<'_>,
    digest: &[u8; 32],
) -> Result<Option<i64>, Error> {
    Ok(transaction
        .prepare_cached("DELETE FROM office_sessions WHERE digest = ? RETURNING user")?
        .query_row([digest], |row| row.get(0))
        .optional()?)
}

/// Ends all sessions and set-ups of a user.
pub(crate) fn remove_all(transaction: &Transaction<'_>, user: i64) -> Result<(), Error> {
    transaction.execute("DELETE FROM office_sessions WHERE user = ?", [user])?;
    transaction.execute("DELETE FROM office_set_ups WHERE user = ?", [user])?;
    Ok(())
}

/// Keeps what a browser sets up.
pub(crate) fn insert_set_up(
    transaction: &Transaction<'_>,
    digest: &[u8; 32],
    user: i64,
    totp: &[u8],
    now: UnixTime,
) -> Result<(), Error> {
    transaction.execute("DELETE FROM office_set_ups WHERE ends <= ?", [to_sql(now)])?;
    transaction
        .prepare_cached(
            "INSERT INTO office_set_ups (digest, user, totp, ends) VALUES (?, ?, ?, ?)",
        )?
        .execute(params![
            digest,
            user,
            totp,
            to_sql(now.saturating_add(SET_UP_LIFE))
        ])?;
    Ok(())
}

/// What a browser sets up, while it may and while the code for it is not spent.
pub(crate) fn find_set_up(
    transaction: &Transaction<'_>,
    digest: &[u8; 32],
    now: UnixTime,
) -> Result<Option<SetUpRow>, Error> {
    Ok(transaction
        .prepare_cached(
            "SELECT u.id, u.name, s.totp FROM office_set_ups s JOIN users u ON u.id = s.user
             WHERE s.digest = ? AND s.ends > ? AND u.set_up IS NOT NULL AND u.disabled IS NULL",
        )?
        .query_row(params![digest, to_sql(now)], |row| {
            Ok(SetUpRow {
                user: row.get(0)?,
                name: row.get(1)?,
                totp: Zeroizing::new(row.get(2)?),
            })
        })
        .optional()?)
}

/// How many wrong sign-ins there were of late, and when the first of them was.
pub(crate) fn tries(
    transaction: &Transaction<'_>,
    who: &[u8; 32],
    now: UnixTime,
) -> Result<(u32, i64), Error> {
    Ok(transaction
        .prepare_cached(
            "SELECT count(*), coalesce(min(at), 0) FROM office_tries WHERE who = ? AND at > ? AND at <= ?",
        )?
        .query_row(
            params![who, to_sql(now) - TRIES_COUNT, to_sql(now)],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?)
}

/// After how many seconds the try of this moment counts no more.
pub(crate) fn forgotten_in(at: i64, now: UnixTime) -> i64 {
    (at + TRIES_COUNT - to_sql(now)).max(1)
}

/// Counts a wrong sign-in.
pub(crate) fn count(
    transaction: &Transaction<'_>,
    who: &[u8; 32],
    now: UnixTime,
) -> Result<(), Error> {
    transaction.execute(
        "DELETE FROM office_tries WHERE at <= ?",
        [to_sql(now) - TRIES_COUNT],
    )?;
    transaction
        .prepare_cached("INSERT INTO office_tries (who, at) VALUES (?, ?)")?
        .execute(params![who, to_sql(now)])?;
    Ok(())
}

/// Forgets the wrong ones, for one was right.
pub(crate) fn forget(transaction: &Transaction<'_>, who: &[u8; 32]) -> Result<(), Error> {
    transaction.execute("DELETE FROM office_tries WHERE who = ?", [who])?;
    Ok(())
}
