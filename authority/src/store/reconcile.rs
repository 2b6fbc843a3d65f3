//! Rows that an older register takes over from what was published and issued after it.

use rusqlite::{OptionalExtension as _, Transaction, params};
use vidimus_credential::{UnixTime, VerifyingKey};

use super::{accounts, from_sql, to_sql};
use crate::error::{Error, damaged};
use crate::rules::reconcile::Gap;
use crate::rules::slots::Place;
use crate::rules::standing::Standing;

/// Who holds a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) issuance: i64,
    pub(crate) license: String,
    pub(crate) exp: i64,
}

/// Who holds the places of a list, by index.
pub(crate) fn owners(transaction: &Transaction<'_>, list: u32) -> Result<Vec<(u8, Owner)>, Error> {
    let mut statement = transaction.prepare_cached(
        "SELECT s.idx, i.id, i.license, i.exp FROM slots s
         JOIN issuances i ON i.id = s.issuance WHERE s.list = ?",
    )?;
    let rows = statement.query_map([list], |row| {
        Ok((
            row.get(0)?,
            Owner {
                issuance: row.get(1)?,
                license: row.get(2)?,
                exp: row.get(3)?,
            },
        ))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Who holds a place.
pub(crate) fn owner(transaction: &Transaction<'_>, place: Place) -> Result<Option<Owner>, Error> {
    Ok(transaction
        .prepare_cached(
            "SELECT i.id, i.license, i.exp FROM slots s
             JOIN issuances i ON i.id = s.issuance WHERE s.list = ? AND s.idx = ?",
        )?
        .query_row(params![place.list, place.idx], |row| {
            Ok(Owner {
                issuance: row.get(0)?,
                license: row.get(1)?,
                exp: row.get(2)?,
            })
        })
        .optional()?)
}

/// The `iat` of a list as this register knows it; 0 where it was never signed, `None` where there
/// is no such list.
pub(crate) fn list_iat(transaction: &Transaction<'_>, list: u32) -> Result<Option<i64>, Error> {
    Ok(transaction
        .prepare_cached("SELECT iat FROM lists WHERE number = ?")?
        .query_row([list], |row| row.get(0))
        .optional()?)
}

/// The event that says which lists a reconciliation used.
const GAP: &str = "reconciled_without_lists";

/// Notes which lists a reconciliation used, so that newer ones help when they are found. Of several
/// notes of one reconciliation the last one counts.
pub(crate) fn note_gap(transaction: &Transaction<'_>, gap: &Gap) -> Result<(), Error> {
    let mut detail = format!(
        "{} {} {} {}",
        gap.known, gap.lists_from, gap.reached, gap.of
    );
    for iat in &gap.lists {
        detail.push_str(&format!(" {iat}"));
    }
    transaction.execute(
        "INSERT INTO events (at, kind, detail) VALUES (?, ?, ?)",
        params![to_sql(gap.at), GAP, detail],
    )?;
    Ok(())
}

/// How many licenses have no credential that can still be good: they are in no list.
pub(crate) fn without_phone(transaction: &Transaction<'_>) -> Result<usize, Error> {
    let count: i64 = transaction.query_row(
        "SELECT count(*) FROM licenses l WHERE l.ended IS NULL AND NOT EXISTS
            (SELECT 1 FROM issuances i
             JOIN slots s ON s.list = i.list AND s.idx = i.idx AND s.issuance = i.id
             WHERE i.license = l.id)",
        [],
        |row| row.get(0),
    )?;
    usize::try_from(count).map_err(damaged)
}

/// The reconciliations of this register, the earliest first.
pub(crate) fn gaps(transaction: &Transaction<'_>) -> Result<Vec<Gap>, Error> {
    let mut statement =
        transaction.prepare("SELECT at, detail FROM events WHERE kind = ? ORDER BY id")?;
    let rows = statement.query_map([GAP], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
    })?;
    let mut gaps: Vec<Gap> = Vec::new();
    for row in rows {
        let (at, detail) = row?;
        let mut words = detail.split(' ');
        let mut next = || words.next().ok_or_else(|| damaged(()));
        let gap = Gap {
            at: from_sql(at)?,
            known: next()?.parse().map_err(damaged)?,
            lists_from: next()?.parse().map_err(damaged)?,
            // Earlier versions noted no more than this.
            reached: next().map_or(Ok(0), str::parse).map_err(damaged)?,
            of: next().map_or(Ok(0), str::parse).map_err(damaged)?,
            lists: words
                .map(str::parse)
                .collect::<Result<_, _>>()
                .map_err(damaged)?,
        };
        let noted = gaps.iter_mut().find(|noted| {
            (noted.at, noted.reached, noted.lists_from) == (gap.at, gap.reached, gap.lists_from)
        });
        match noted {
            Some(noted) => *noted = gap,
            None => gaps.push(gap),
        }
    }
    Ok(gaps)
}

/// Makes a list that this register does not know.
pub(crate) fn add_list(transaction: &Transaction<'_>, list: u32) -> Result<(), Error> {
    transaction
        .prepare_cached("INSERT OR IGNORE INTO lists (number, states) VALUES (?, zeroblob(256))")?
        .execute([list])?;
    Ok(())
}

/// Notes the `iat` of a published list: what is signed next is later.
pub(crate) fn published(transaction: &Transaction<'_>, list: u32, iat: i64) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE lists SET iat = max(iat, ?) WHERE number = ?")?
        .execute(params![iat, list])?;
    Ok(())
}

/// Notes the `iat` of a published bundle: what is signed next is later.
pub(crate) fn published_bundle(
    transaction: &Transaction<'_>,
    pack: u32,
    iat: i64,
) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "INSERT INTO bundles (pack, iat, reserved) VALUES (?1, ?2, ?2) ON CONFLICT (pack)
             DO UPDATE SET iat = max(iat, excluded.iat), reserved = max(reserved, excluded.iat)",
        )?
        .execute(params![pack, iat])?;
    Ok(())
}

/// Makes everything due, and says from which list on new places are given.
pub(crate) fn begin_anew(transaction: &Transaction<'_>, lists_from: u32) -> Result<(), Error> {
    transaction.execute(
        "UPDATE authority SET lists_from = max(lists_from, ?)",
        [lists_from],
    )?;
    transaction.execute("UPDATE lists SET dirty = 1, sign_after = 0, signed = 0", [])?;
    transaction.execute(
        "UPDATE lists SET taken = (SELECT count(*) FROM slots WHERE list = number)",
        [],
    )?;
    transaction.execute(
        "INSERT OR IGNORE INTO bundles (pack) SELECT DISTINCT number / 4096 FROM lists",
        [],
    )?;
    transaction.execute("UPDATE bundles SET dirty = 1, signed = 0", [])?;
    transaction.execute("UPDATE trust_list SET dirty = 1", [])?;
    // What they allowed may have been taken meanwhile, and one code never gives two devices.
    transaction.execute("UPDATE offers SET void = 1 WHERE void = 0", [])?;
    transaction.execute("UPDATE codes SET void = 1 WHERE void = 0", [])?;
    transaction.execute(
        "DELETE FROM pairs WHERE grant_id IN (SELECT id FROM grants WHERE device IS NULL)",
        [],
    )?;
    transaction.execute("UPDATE grants SET void = 1 WHERE device IS NULL", [])?;
    accounts::end_open(transaction)
}

/// Whether the register has this license.
pub(crate) fn has_license(transaction: &Transaction<'_>, license: &str) -> Result<bool, Error> {
    Ok(transaction
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM licenses WHERE id = ?)")?
        .query_row([license], |row| row.get(0))?)
}

/// The grant of a license's device, where the register has it.
pub(crate) fn grant_of(
    transaction: &Transaction<'_>,
    device: i64,
    license: &str,
) -> Result<Option<i64>, Error> {
    Ok(transaction
        .prepare_cached("SELECT grant_id FROM devices WHERE id = ? AND license = ?")?
        .query_row(params![device, license], |row| row.get(0))
        .optional()?)
}

/// Adds a device of which only its credentials are known. Its grant is void, and its key is one
/// that no one holds: its phone needs a new offer. Returns the device's id and its grant's.
pub(crate) fn add_device(
    transaction: &Transaction<'_>,
    license: &str,
    nobodys: &VerifyingKey,
    now: UnixTime,
) -> Result<(i64, i64), Error> {
    transaction.execute(
        "INSERT INTO grants (license, mode, made, void) VALUES (?, 'first', ?, 1)",
        params![license, to_sql(now)],
    )?;
    let grant = transaction.last_insert_rowid();
    transaction.execute(
        "INSERT INTO devices (license, holder_key, grant_id, added, replaceable_until)
         VALUES (?, ?, ?, ?, 0)",
        params![license, nobodys.to_cose_key(), grant, to_sql(now)],
    )?;
    let device = transaction.last_insert_rowid();
    transaction.execute("UPDATE grants SET device = ? WHERE id = ?", [device, grant])?;
    Ok((device, grant))
}

/// An issuance that `issued.log` names.
pub(crate) struct Found<'a> {
    pub(crate) license: &'a str,
    pub(crate) device: i64,
    pub(crate) grant: i64,
    pub(crate) place: Place,
    pub(crate) iat: i64,
    pub(crate) exp: i64,
}

/// Adds it, and gives it its place.
pub(crate) fn add_issuance(
    transaction: &Transaction<'_>,
    found: &Found<'_>,
    now: UnixTime,
) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "UPDATE issuances SET released = 1 WHERE id =
                (SELECT issuance FROM slots WHERE list = ? AND idx = ?)",
        )?
        .execute(params![found.place.list, found.place.idx])?;
    transaction
        .prepare_cached(
            "INSERT INTO issuances
                (license, device, grant_id, pair, version, list, idx, iat, exp, made, asked)
             SELECT ?1, ?2, ?3, 0, version, ?4, ?5, ?6, ?7, ?8, 0 FROM licenses WHERE id = ?1",
        )?
        .execute(params![
            found.license,
            found.device,
            found.grant,
            found.place.list,
            found.place.idx,
            found.iat,
            found.exp,
            to_sql(now)
        ])?;
    let issuance = transaction.last_insert_rowid();
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO slots (list, idx, issuance, released, free_from)
             VALUES (?, ?, ?, NULL, NULL)",
        )?
        .execute(params![found.place.list, found.place.idx, issuance])?;
    Ok(())
}

/// A credential was given out once more, with a later end.
pub(crate) fn extend(transaction: &Transaction<'_>, issuance: i64, exp: i64) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE issuances SET exp = max(exp, ?) WHERE id = ?")?
        .execute([exp, issuance])?;
    Ok(())
}

/// Writes what a place keeps besides its driver's standing.
pub(crate) fn set_own_state(
    transaction: &Transaction<'_>,
    issuance: i64,
    state: Standing,
) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE issuances SET own_state = ?, supersede_at = NULL WHERE id = ?")?
        .execute(params![state.value(), issuance])?;
    Ok(())
}
