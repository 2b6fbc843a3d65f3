//! The micro-lists: their states, and what of them is signed.

use rusqlite::{OptionalExtension as _, Transaction, params};
use vidimus_credential::{KeyId, UnixTime};

use super::{from_sql, to_sql};
use crate::error::{Error, damaged};
use crate::issuer::MAX_LISTS;
use crate::issuer::PACK;

pub(crate) use crate::rules::slots::States;

/// What is published of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Published {
    /// The published signature's `iat` and key; `None` where the list was never signed.
    pub(crate) signature: Option<(UnixTime, KeyId)>,
    /// Whether the states have changed since.
    pub(crate) dirty: bool,
}

/// A list that is to be signed.
pub(crate) struct ToSign {
    pub(crate) states: Vec<u8>,
    /// The last `iat` that it, or a bundle with another content of it, may have.
    pub(crate) after: UnixTime,
}

/// Makes the next list: all states 0, not signed yet. Returns its number.
pub(crate) fn create(transaction: &Transaction<'_>) -> Result<u32, Error> {
    let number: u32 = transaction
        .prepare_cached("SELECT coalesce(max(number) + 1, 0) FROM lists")?
        .query_row([], |row| row.get(0))?;
    if number >= MAX_LISTS {
        return Err(Error::Full);
    }
    transaction
        .prepare_cached("INSERT INTO lists (number, states) VALUES (?, zeroblob(256))")?
        .execute([number])?;
    // A longer bundle is another bundle.
    touch_bundle(transaction, number / PACK)?;
    Ok(number)
}

/// The states as the authority has decided them, published or not.
pub(crate) fn states(transaction: &Transaction<'_>, number: u32) -> Result<States, Error> {
    transaction
        .prepare_cached("SELECT states FROM lists WHERE number = ?")?
        .query_row([number], |row| row.get(0))
        .optional()?
        .ok_or_else(|| damaged(()))
}

/// Changes states of one list, which is then to be signed: at once, or not before `sign_after`.
/// Returns whether anything changed; a list that stays as it is needs no signature.
pub(crate) fn change(
    transaction: &Transaction<'_>,
    number: u32,
    edit: impl FnOnce(&mut States),
    sign_after: Option<UnixTime>,
) -> Result<bool, Error> {
    let before = states(transaction, number)?;
    let mut states = before;
    edit(&mut states);
    if states == before {
        return Ok(false);
    }
    transaction
        .prepare_cached(
            "UPDATE lists SET states = ?1, dirty = 1,
                sign_after = CASE WHEN dirty = 1 THEN min(sign_after, ?2) ELSE ?2 END
             WHERE number = ?3",
        )?
        .execute(params![states, sign_after.map_or(0, to_sql), number])?;
    touch_bundle(transaction, number / PACK)?;
    Ok(true)
}

fn touch_bundle(transaction: &Transaction<'_>, pack: u32) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "INSERT INTO bundles (pack) VALUES (?)
             ON CONFLICT (pack) DO UPDATE SET dirty = 1 WHERE dirty = 0",
        )?
        .execute([pack])?;
    Ok(())
}

/// What is published of a list.
pub(crate) fn published(transaction: &Transaction<'_>, number: u32) -> Result<Published, Error> {
    let row: (i64, Option<[u8; 8]>, bool) = transaction
        .prepare_cached("SELECT iat, kid, dirty FROM lists WHERE number = ?")?
        .query_row([number], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?
        .ok_or_else(|| damaged(()))?;
    let (iat, kid, dirty) = row;
    let signature = match kid {
        Some(kid) if iat > 0 => Some((from_sql(iat)?, KeyId::new(kid))),
        _ => None,
    };
    Ok(Published { signature, dirty })
}

/// Whether any list is published with a signature of another key than this one.
pub(crate) fn any_by_another(transaction: &Transaction<'_>, kid: KeyId) -> Result<bool, Error> {
    Ok(transaction.query_row(
        "SELECT EXISTS (SELECT 1 FROM lists WHERE iat > 0 AND kid <> ?)",
        [kid.as_bytes()],
        |row| row.get(0),
    )?)
}

/// What is published of at most `limit` lists from this number on.
pub(crate) fn published_from(
    transaction: &Transaction<'_>,
    first: u32,
    limit: u32,
) -> Result<Vec<(u32, Published)>, Error> {
    let query = "SELECT number FROM lists WHERE number >= ? ORDER BY number LIMIT ?";
    let mut statement = transaction.prepare_cached(query)?;
    let numbers = statement.query_map([first, limit], |row| row.get::<_, u32>(0))?;
    numbers
        .map(|number| {
            let number = number?;
            Ok((number, published(transaction, number)?))
        })
        .collect()
}

/// How many lists there are; they are numbered from 0.
pub(crate) fn count(transaction: &Transaction<'_>) -> Result<u32, Error> {
    let query = "SELECT coalesce(max(number) + 1, 0) FROM lists";
    Ok(transaction
        .prepare_cached(query)?
        .query_row([], |row| row.get(0))?)
}

/// Makes a list due to be signed at once, with this `iat` or a later one.
pub(crate) fn demand(
    transaction: &Transaction<'_>,
    number: u32,
    at_least: UnixTime,
) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "UPDATE lists SET dirty = 1, sign_after = 0, floor = max(floor, ?) WHERE number = ?",
        )?
        .execute(params![to_sql(at_least.saturating_sub(1)), number])?;
    Ok(())
}

/// Lists that have changed and may be signed now, at most `limit`.
pub(crate) fn changed(
    transaction: &Transaction<'_>,
    now: UnixTime,
    limit: u32,
) -> Result<Vec<u32>, Error> {
    numbers(
        transaction,
        "SELECT number FROM lists WHERE dirty = 1 AND sign_after <= ? ORDER BY sign_after LIMIT ?",
        now,
        limit,
    )
}

/// Lists that were signed at `signed_before` or earlier, at most `limit`.
pub(crate) fn old(
    transaction: &Transaction<'_>,
    signed_before: UnixTime,
    limit: u32,
) -> Result<Vec<u32>, Error> {
    numbers(
        transaction,
        "SELECT number FROM lists WHERE signed <= ? ORDER BY signed LIMIT ?",
        signed_before,
        limit,
    )
}

fn numbers(
    transaction: &Transaction<'_>,
    query: &str,
    time: UnixTime,
    limit: u32,
) -> Result<Vec<u32>, Error> {
    let mut statement = transaction.prepare_cached(query)?;
    let numbers = statement
        .query_map(params![to_sql(time), limit], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(numbers)
}

/// The list's content, where it has changed, or was signed at `signed_before` or earlier.
pub(crate) fn to_sign(
    transaction: &Transaction<'_>,
    number: u32,
    signed_before: Option<UnixTime>,
) -> Result<Option<ToSign>, Error> {
    let row: Option<(Vec<u8>, i64)> = transaction
        .prepare_cached(
            "SELECT states, max(lists.iat, floor, coalesce(reserved, 0)) FROM lists
             LEFT JOIN bundles ON pack = number / 4096
             WHERE number = ? AND (lists.dirty = 1 OR lists.signed <= ?)",
        )?
        .query_row(params![number, signed_before.map_or(-1, to_sql)], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    row.map(|(states, after)| {
        Ok(ToSign {
            states,
            after: from_sql(after)?,
        })
    })
    .transpose()
}

/// Notes a signature of the list as it is now.
pub(crate) fn signed(
    transaction: &Transaction<'_>,
    number: u32,
    iat: UnixTime,
    kid: KeyId,
    now: UnixTime,
) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "UPDATE lists SET iat = ?, kid = ?, signed = ?, dirty = 0, sign_after = 0 WHERE number = ?",
        )?
        .execute(params![to_sql(iat), kid.as_bytes(), to_sql(now), number])?;
    Ok(())
}

/// Makes a list due: its file is lost.
pub(crate) fn touch(transaction: &Transaction<'_>, number: u32) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE lists SET signed = 0 WHERE number = ?")?
        .execute([number])?;
    Ok(())
}

/// Makes every list due: the status key has changed.
pub(crate) fn touch_all(transaction: &Transaction<'_>) -> Result<(), Error> {
    transaction.execute("UPDATE lists SET signed = 0", [])?;
    Ok(())
}
