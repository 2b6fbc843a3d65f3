//! Issuances: one credential given to one device, and its place in the lists.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use vidimus_credential::UnixTime;

use super::to_sql;
use crate::error::{Error, damaged};
use crate::rules::slots::Place;
use crate::rules::standing::Standing;

#[derive(Debug, Clone)]
pub(crate) struct Issuance {
    pub(crate) id: i64,
    pub(crate) license: String,
    pub(crate) device: i64,
    /// The pair whose access token was used for the last request for it.
    pub(crate) pair: i64,
    /// The version of the license's content.
    pub(crate) version: i64,
    pub(crate) place: Place,
    /// 0 until the credential was signed.
    pub(crate) iat: i64,
    pub(crate) exp: i64,
    pub(crate) made: i64,
    /// When the nonce of its request was handed out.
    pub(crate) asked: i64,
    pub(crate) acknowledged: bool,
    /// Superseded or Revoked for this index alone.
    pub(crate) own_state: Option<Standing>,
}

const COLUMNS: &str = "i.id, i.license, i.device, i.pair, i.version, i.list, i.idx, i.iat, i.exp,
    i.made, i.asked, i.acknowledged IS NOT NULL, i.own_state";

type Raw = (Issuance, Option<u8>);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    let issuance = Issuance {
        id: row.get(0)?,
        license: row.get(1)?,
        device: row.get(2)?,
        pair: row.get(3)?,
        version: row.get(4)?,
        place: Place {
            list: row.get(5)?,
            idx: row.get(6)?,
        },
        iat: row.get(7)?,
        exp: row.get(8)?,
        made: row.get(9)?,
        asked: row.get(10)?,
        acknowledged: row.get(11)?,
        own_state: None,
    };
    Ok((issuance, row.get(12)?))
}

fn read(raw: Raw) -> Result<Issuance, Error> {
    let (issuance, own) = raw;
    let own_state = own
        .map(|value| Standing::from_value(value).ok_or_else(|| damaged(())))
        .transpose()?;
    Ok(Issuance {
        own_state,
        ..issuance
    })
}

/// A new issuance; its times of signing come with [`signed`].
pub(crate) struct New<'a> {
    pub(crate) license: &'a str,
    pub(crate) device: i64,
    pub(crate) grant: i64,
    pub(crate) pair: i64,
    pub(crate) version: i64,
    pub(crate) place: Place,
    pub(crate) asked: i64,
}

/// Adds one; returns its id. Until its credential is signed it counts as good for `exp`.
pub(crate) fn insert(
    transaction: &Transaction<'_>,
    new: &New<'_>,
    exp: UnixTime,
    now: UnixTime,
) -> Result<i64, Error> {
    transaction
        .prepare_cached(
            "INSERT INTO issuances
                (license, device, grant_id, pair, version, list, idx, exp, made, asked)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            new.license,
            new.device,
            new.grant,
            new.pair,
            new.version,
            new.place.list,
            new.place.idx,
            to_sql(exp),
            to_sql(now),
            new.asked
        ])?;
    Ok(transaction.last_insert_rowid())
}

/// The issuance of this id.
pub(crate) fn by_id(transaction: &Transaction<'_>, id: i64) -> Result<Option<Issuance>, Error> {
    let query = format!("SELECT {COLUMNS} FROM issuances i WHERE i.id = ?");
    transaction
        .prepare_cached(&query)?
        .query_row([id], raw)
        .optional()?
        .map(read)
        .transpose()
}

/// The latest issuance of a device.
pub(crate) fn latest_of(
    transaction: &Transaction<'_>,
    device: i64,
) -> Result<Option<Issuance>, Error> {
    let query =
        format!("SELECT {COLUMNS} FROM issuances i WHERE i.device = ? ORDER BY i.id DESC LIMIT 1");
    transaction
        .prepare_cached(&query)?
        .query_row([device], raw)
        .optional()?
        .map(read)
        .transpose()
}

/// A license's issuances whose credentials can still be good, with what their index reads now. The
/// latest of each device comes before its older ones.
pub(crate) fn live(
    transaction: &Transaction<'_>,
    license: &str,
) -> Result<Vec<(Issuance, u8)>, Error> {
    let query = format!(
        "SELECT {COLUMNS}, substr(l.states, i.idx + 1, 1) FROM issuances i
         JOIN slots s ON s.list = i.list AND s.idx = i.idx AND s.issuance = i.id
         JOIN lists l ON l.number = i.list
         WHERE i.license = ? ORDER BY i.device, i.id DESC"
    );
    let mut statement = transaction.prepare_cached(&query)?;
    let rows = statement.query_map([license], |row| Ok((raw(row)?, row.get::<_, [u8; 1]>(13)?)))?;
    rows.map(|row| {
        let (raw, [state]) = row?;
        Ok((read(raw)?, state))
    })
    .collect()
}

/// The greatest `iat` that a device was given.
pub(crate) fn greatest_iat(transaction: &Transaction<'_>, device: i64) -> Result<i64, Error> {
    Ok(transaction
        .prepare_cached("SELECT coalesce(max(iat), 0) FROM issuances WHERE device = ?")?
        .query_row([device], |row| row.get(0))?)
}

/// Whether a device acknowledged any of its issuances.
pub(crate) fn any_acknowledged(transaction: &Transaction<'_>, device: i64) -> Result<bool, Error> {
    Ok(transaction
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM issuances WHERE device = ? AND acknowledged IS NOT NULL)",
        )?
        .query_row([device], |row| row.get(0))?)
}

/// How many issuances a grant had since a time, and when the first of them was made.
pub(crate) fn since(
    transaction: &Transaction<'_>,
    grant: i64,
    since: i64,
) -> Result<(u32, i64), Error> {
    Ok(transaction
        .prepare_cached(
            "SELECT count(*), coalesce(min(made), 0) FROM issuances WHERE grant_id = ? AND made > ?",
        )?
        .query_row([grant, since], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// The lists that hold credentials of a license which can still be good.
pub(crate) fn lists_of(transaction: &Transaction<'_>, license: &str) -> Result<Vec<u32>, Error> {
    let mut statement = transaction.prepare_cached(
        "SELECT DISTINCT i.list FROM issuances i
         JOIN slots s ON s.list = i.list AND s.idx = i.idx AND s.issuance = i.id
         WHERE i.license = ?",
    )?;
    let lists = statement.query_map([license], |row| row.get(0))?;
    Ok(lists.collect::<Result<_, _>>()?)
}

/// What the signed credential says, and on which request it was asked for last. The end only grows.
pub(crate) struct Signed<'a> {
    pub(crate) kid: &'a [u8],
    pub(crate) iat: UnixTime,
    pub(crate) exp: UnixTime,
    pub(crate) notification: &'a [u8; 32],
}

/// Stores that a credential was signed.
pub(crate) fn signed(
    transaction: &Transaction<'_>,
    id: i64,
    signed: &Signed<'_>,
) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "UPDATE issuances SET kid = ?1, iat = ?2, exp = CASE WHEN iat = 0 THEN ?3 ELSE max(exp, ?3) END,
                notification = ?4 WHERE id = ?5",
        )?
        .execute(params![
            signed.kid,
            to_sql(signed.iat),
            to_sql(signed.exp),
            signed.notification,
            id
        ])?;
    Ok(())
}

/// Sets the content's version of an issuance that was never signed. A time at which the older
/// content would be superseded no longer counts.
pub(crate) fn set_version(
    transaction: &Transaction<'_>,
    id: i64,
    version: i64,
) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "UPDATE issuances SET version = ?, supersede_at = NULL WHERE id = ? AND iat = 0",
        )?
        .execute([version, id])?;
    Ok(())
}

/// Stores that an issuance was asked for again.
pub(crate) fn repeated(
    transaction: &Transaction<'_>,
    id: i64,
    pair: i64,
    asked: i64,
) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE issuances SET pair = ?, asked = max(asked, ?) WHERE id = ?")?
        .execute([pair, asked, id])?;
    Ok(())
}

/// The issuance and grant of a notification id's digest.
pub(crate) fn by_notification(
    transaction: &Transaction<'_>,
    notification: &[u8; 32],
) -> Result<Option<(Issuance, i64)>, Error> {
    let query = format!("SELECT {COLUMNS}, i.grant_id FROM issuances i WHERE i.notification = ?");
    let row = transaction
        .prepare_cached(&query)?
        .query_row([notification], |row| Ok((raw(row)?, row.get(13)?)))
        .optional()?;
    row.map(|(raw, grant)| Ok((read(raw)?, grant))).transpose()
}

/// Stores a wallet's notification about an issuance. The time of the first acknowledgement is kept.
pub(crate) fn told(
    transaction: &Transaction<'_>,
    id: i64,
    event: &str,
    acknowledged: bool,
    now: UnixTime,
) -> Result<(), Error> {
    let at = acknowledged.then(|| to_sql(now));
    transaction
        .prepare_cached(
            "UPDATE issuances SET event = ?, acknowledged = coalesce(acknowledged, ?) WHERE id = ?",
        )?
        .execute(params![event, at, id])?;
    Ok(())
}

/// Credentials of a license, or of one of its devices, with an older content than `version` are
/// superseded at this time, or earlier where that was decided before.
pub(crate) fn supersede_older(
    transaction: &Transaction<'_>,
    license: &str,
    device: Option<i64>,
    version: i64,
    at: i64,
) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "UPDATE issuances SET supersede_at = min(coalesce(supersede_at, ?1), ?1)
             WHERE license = ?2 AND (?3 IS NULL OR device = ?3) AND version < ?4
                AND own_state IS NULL AND released = 0",
        )?
        .execute(params![at, license, device, version])?;
    Ok(())
}

/// Supersedes at most `limit` issuances that are due; returns the license of each. The due time is
/// kept: `clock repair` finds by it what a wrong clock did too early.
pub(crate) fn supersede_due(
    transaction: &Transaction<'_>,
    now: UnixTime,
    limit: u32,
) -> Result<Vec<String>, Error> {
    let mut statement = transaction.prepare_cached(
        "SELECT id, license FROM issuances
         WHERE supersede_at IS NOT NULL AND own_state IS NULL AND supersede_at <= ?
         ORDER BY supersede_at LIMIT ?",
    )?;
    let rows = statement.query_map(params![to_sql(now), limit], |row| {
        Ok((row.get::<_, i64>(0)?, row.get(1)?))
    })?;
    let rows: Vec<(i64, String)> = rows.collect::<Result<_, _>>()?;
    let mut update =
        transaction.prepare_cached("UPDATE issuances SET own_state = ? WHERE id = ?")?;
    let mut licenses = Vec::new();
    for (id, license) in rows {
        update.execute(params![Standing::Superseded.value(), id])?;
        licenses.push(license);
    }
    Ok(licenses)
}

/// At most `limit` issuances that hold a place and whose credentials ended before this time.
pub(crate) fn past(
    transaction: &Transaction<'_>,
    ended_before: i64,
    limit: u32,
) -> Result<Vec<(i64, Place)>, Error> {
    let mut statement = transaction.prepare_cached(
        "SELECT id, list, idx FROM issuances WHERE released = 0 AND exp < ? ORDER BY exp LIMIT ?",
    )?;
    let rows = statement.query_map(params![ended_before, limit], |row| {
        Ok((
            row.get(0)?,
            Place {
                list: row.get(1)?,
                idx: row.get(2)?,
            },
        ))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Notes that an issuance holds its place no longer, and since when.
pub(crate) fn release(transaction: &Transaction<'_>, id: i64, now: UnixTime) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE issuances SET released = max(?, 1) WHERE id = ?")?
        .execute([to_sql(now), id])?;
    Ok(())
}

/// Deletes at most `limit` issuances whose credentials ended and whose places were released before
/// this time; the latest of a live device stays. A clock that has jumped ahead releases first, so
/// it deletes nothing that is still good: a `clock repair` finds it. Returns how many.
pub(crate) fn purge(
    transaction: &Transaction<'_>,
    ended_before: i64,
    limit: u32,
) -> Result<usize, Error> {
    Ok(transaction
        .prepare_cached(
            "DELETE FROM issuances WHERE id IN
                (SELECT i.id FROM issuances i JOIN devices d ON d.id = i.device
                 WHERE i.released > 0 AND i.released < ?1 AND i.exp < ?1
                    AND (d.ended IS NOT NULL
                        OR EXISTS (SELECT 1 FROM issuances n WHERE n.device = i.device AND n.id > i.id))
                 ORDER BY i.released LIMIT ?2)",
        )?
        .execute(params![ended_before, limit])?)
}
