//! Places in the status lists: taken, resting, free.

use rusqlite::{Transaction, params};
use vidimus_credential::UnixTime;

use super::{lists, to_sql};
use crate::error::{Error, damaged};
use crate::rules::slots::Place;
use crate::rules::slots::{free_from, sign_after};
use crate::secret::random;

/// Takes a random free place for an issuance, in a list that has no place of the license yet:
/// two places in one list would be signed together for all to see. A free place reads 0, also in
/// what is published of its list.
pub(crate) fn take(transaction: &Transaction<'_>, issuance_lists: &[u32]) -> Result<Place, Error> {
    let list = match list_with_room(transaction, issuance_lists)? {
        Some(list) => list,
        None => lists::create(transaction)?,
    };
    let states = lists::states(transaction, list)?;
    let mut free = states.map(|state| state == 0);
    let mut statement = transaction.prepare_cached("SELECT idx FROM slots WHERE list = ?")?;
    for idx in statement.query_map([list], |row| row.get::<_, u8>(0))? {
        if let Some(free) = free.get_mut(usize::from(idx?)) {
            *free = false;
        }
    }
    let idx = draw(&free)?;
    transaction
        .prepare_cached("INSERT INTO slots (list, idx) VALUES (?, ?)")?
        .execute(params![list, idx])?;
    transaction
        .prepare_cached("UPDATE lists SET taken = taken + 1 WHERE number = ?")?
        .execute([list])?;
    Ok(Place { list, idx })
}

/// One of the free indexes, each as likely as any other.
fn draw(free: &[bool; 256]) -> Result<u8, Error> {
    if !free.contains(&true) {
        return Err(damaged(()));
    }
    loop {
        for idx in random::<64>()? {
            if free.get(usize::from(idx)) == Some(&true) {
                return Ok(idx);
            }
        }
    }
}

/// A list with a free place, other than these: the first one from a random number on.
fn list_with_room(transaction: &Transaction<'_>, others: &[u32]) -> Result<Option<u32>, Error> {
    let (from, count): (u32, u32) = transaction
        .prepare_cached(
            "SELECT lists_from, (SELECT coalesce(max(number) + 1, 0) FROM lists) FROM authority",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let Some(span) = count.checked_sub(from).filter(|span| *span > 0) else {
        return Ok(None);
    };
    let begin = from + u32::from_be_bytes(random()?) % span;
    let mut statement = transaction.prepare_cached(
        "SELECT number FROM lists WHERE taken < 256 AND number >= ? AND number < ? ORDER BY number",
    )?;
    for (from, to) in [(begin, count), (from, begin)] {
        let mut rows = statement.query(params![from, to])?;
        while let Some(row) = rows.next()? {
            let number = row.get(0)?;
            if !others.contains(&number) {
                return Ok(Some(number));
            }
        }
    }
    Ok(None)
}

/// Assigns a place to an issuance.
pub(crate) fn assign(
    transaction: &Transaction<'_>,
    place: Place,
    issuance: i64,
) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE slots SET issuance = ? WHERE list = ? AND idx = ?")?
        .execute(params![issuance, place.list, place.idx])?;
    Ok(())
}

/// Releases a place whose credential is past: it reads 0 again, and rests once its list was signed
/// so.
pub(crate) fn release(
    transaction: &Transaction<'_>,
    place: Place,
    now: UnixTime,
) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "UPDATE slots SET issuance = NULL, released = ?, free_from = NULL WHERE list = ? AND idx = ?",
        )?
        .execute(params![to_sql(now), place.list, place.idx])?;
    let [byte] = random()?;
    let after = super::from_sql(sign_after(to_sql(now), byte))?;
    lists::change(
        transaction,
        place.list,
        |states| {
            if let Some(state) = states.get_mut(usize::from(place.idx)) {
                *state = 0;
            }
        },
        Some(after),
    )?;
    Ok(())
}

/// Notes that a list was signed: the places that were released before begin to rest.
pub(crate) fn note_list_signed(
    transaction: &Transaction<'_>,
    list: u32,
    now: UnixTime,
) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "UPDATE slots SET free_from = ?
             WHERE list = ? AND issuance IS NULL AND released IS NOT NULL AND free_from IS NULL",
        )?
        .execute(params![free_from(to_sql(now)), list])?;
    Ok(())
}

/// Frees at most `limit` places that have rested.
pub(crate) fn free_rested(
    transaction: &Transaction<'_>,
    now: UnixTime,
    limit: u32,
) -> Result<u32, Error> {
    let mut statement = transaction.prepare_cached(
        "SELECT list, idx FROM slots WHERE issuance IS NULL AND free_from <= ? ORDER BY free_from LIMIT ?",
    )?;
    let rows = statement.query_map(params![to_sql(now), limit], |row| {
        Ok((row.get::<_, u32>(0)?, row.get::<_, u8>(1)?))
    })?;
    let rows: Vec<(u32, u8)> = rows.collect::<Result<_, _>>()?;
    let mut delete = transaction.prepare_cached("DELETE FROM slots WHERE list = ? AND idx = ?")?;
    let mut count =
        transaction.prepare_cached("UPDATE lists SET taken = taken - 1 WHERE number = ?")?;
    for (list, idx) in &rows {
        delete.execute(params![list, idx])?;
        count.execute([list])?;
    }
    u32::try_from(rows.len()).map_err(damaged)
}
