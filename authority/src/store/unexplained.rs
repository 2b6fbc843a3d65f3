//! Places that are taken, and that no issuance of this register explains.

use rusqlite::{Transaction, params};
use vidimus_credential::UnixTime;

use super::lists::{self, States};
use super::{slots, to_sql};
use crate::error::Error;
use crate::rules::slots::Place;

/// Takes a place out of use until then, and writes what it reads. `license` is the one of
/// `issued.log`.
pub(crate) fn hold(
    transaction: &Transaction<'_>,
    place: Place,
    license: Option<&str>,
    state: u8,
    until: i64,
) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO slots (list, idx, issuance, released, free_from)
             VALUES (?, ?, NULL, NULL, NULL)",
        )?
        .execute(params![place.list, place.idx])?;
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO held (list, idx, license, until) VALUES (?, ?, ?, ?)",
        )?
        .execute(params![place.list, place.idx, license, until])?;
    write(transaction, place, state)
}

/// Whether a place is held.
pub(crate) fn is_held(transaction: &Transaction<'_>, place: Place) -> Result<bool, Error> {
    Ok(transaction
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM held WHERE list = ? AND idx = ?)")?
        .query_row(params![place.list, place.idx], |row| row.get(0))?)
}

/// Writes a state into every place that is held for a license; returns their lists.
pub(crate) fn set(
    transaction: &Transaction<'_>,
    license: &str,
    state: u8,
) -> Result<Vec<u32>, Error> {
    let places = places(
        transaction,
        "SELECT list, idx FROM held WHERE license = ?1 LIMIT ?2",
        license,
        u32::MAX,
    )?;
    for place in &places {
        write(transaction, *place, state)?;
    }
    Ok(places.into_iter().map(|place| place.list).collect())
}

/// Releases at most `limit` places whose time is over: they read 0 again, and rest. Returns how
/// many.
pub(crate) fn release_due(
    transaction: &Transaction<'_>,
    now: UnixTime,
    limit: u32,
) -> Result<usize, Error> {
    let query = "SELECT list, idx FROM held WHERE until <= ?1 ORDER BY until LIMIT ?2";
    let places = places(transaction, query, to_sql(now), limit)?;
    for place in &places {
        transaction
            .prepare_cached("DELETE FROM held WHERE list = ? AND idx = ?")?
            .execute(params![place.list, place.idx])?;
        slots::release(transaction, *place, now)?;
    }
    Ok(places.len())
}

/// Holds every place for this many seconds longer: the clock has jumped by them, and no one knows
/// whether that time has passed. What is released too early cannot be held again.
pub(crate) fn keep_longer(transaction: &Transaction<'_>, seconds: i64) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE held SET until = until + ?")?
        .execute([seconds])?;
    Ok(())
}

fn places<V: rusqlite::ToSql>(
    transaction: &Transaction<'_>,
    query: &str,
    value: V,
    limit: u32,
) -> Result<Vec<Place>, Error> {
    let mut statement = transaction.prepare_cached(query)?;
    let places = statement.query_map(params![value, limit], |row| {
        Ok(Place {
            list: row.get(0)?,
            idx: row.get(1)?,
        })
    })?;
    Ok(places.collect::<Result<_, _>>()?)
}

/// Writes what a place reads; its list is to be signed at once.
pub(crate) fn write(transaction: &Transaction<'_>, place: Place, state: u8) -> Result<(), Error> {
    let edit = |states: &mut States| {
        if let Some(held) = states.get_mut(usize::from(place.idx)) {
            *held = state;
        }
    };
    lists::change(transaction, place.list, edit, None).map(drop)
}
