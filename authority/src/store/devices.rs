//! Devices: a holder key and its grant.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use vidimus_credential::{UnixTime, VerifyingKey};

use super::to_sql;
use crate::error::{Error, damaged};
use crate::rules::standing::Standing;

pub(crate) struct Device {
    pub(crate) id: i64,
    pub(crate) license: String,
    pub(crate) holder_key: VerifyingKey,
    pub(crate) grant: i64,
    pub(crate) added: i64,
    /// Until when another key may take its place.
    pub(crate) replaceable_until: i64,
    pub(crate) ended: Option<i64>,
    /// What was written into its indexes when it ended.
    pub(crate) end_state: Option<Standing>,
    pub(crate) end_reason: Option<String>,
}

const COLUMNS: &str =
    "id, license, holder_key, grant_id, added, replaceable_until, ended, end_state, end_reason";

type Raw = (
    i64,
    String,
    Vec<u8>,
    i64,
    i64,
    i64,
    Option<i64>,
    Option<u8>,
    Option<String>,
);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
        row.get(6)?,
        row.get(7)?,
        row.get(8)?,
    ))
}

fn read(raw: Raw) -> Result<Device, Error> {
    let (id, license, holder_key, grant, added, replaceable_until, ended, state, end_reason) = raw;
    Ok(Device {
        id,
        license,
        holder_key: VerifyingKey::from_cose_key(&holder_key).map_err(damaged)?,
        grant,
        added,
        replaceable_until,
        ended,
        end_state: state
            .map(|value| Standing::from_value(value).ok_or_else(|| damaged(())))
            .transpose()?,
        end_reason,
    })
}

/// Adds one; returns its id.
pub(crate) fn insert(
    transaction: &Transaction<'_>,
    license: &str,
    holder_key: &VerifyingKey,
    grant: i64,
    replaceable_until: i64,
    now: UnixTime,
) -> Result<i64, Error> {
    transaction
        .prepare_cached(
            "INSERT INTO devices (license, holder_key, grant_id, added, replaceable_until)
             VALUES (?, ?, ?, ?, ?)",
        )?
        .execute(params![
            license,
            holder_key.to_cose_key(),
            grant,
            to_sql(now),
            replaceable_until
        ])?;
    Ok(transaction.last_insert_rowid())
}

/// The device of this id.
pub(crate) fn by_id(transaction: &Transaction<'_>, id: i64) -> Result<Option<Device>, Error> {
    let query = format!("SELECT {COLUMNS} FROM devices WHERE id = ?");
    transaction
        .prepare_cached(&query)?
        .query_row([id], raw)
        .optional()?
        .map(read)
        .transpose()
}

/// All devices of a license, the oldest first.
pub(crate) fn of_license(
    transaction: &Transaction<'_>,
    license: &str,
) -> Result<Vec<Device>, Error> {
    let query = format!("SELECT {COLUMNS} FROM devices WHERE license = ? ORDER BY id");
    let mut statement = transaction.prepare_cached(&query)?;
    let rows = statement.query_map([license], raw)?;
    rows.map(|row| read(row?)).collect()
}

/// The ids of the license's devices that have not ended.
pub(crate) fn live(transaction: &Transaction<'_>, license: &str) -> Result<Vec<i64>, Error> {
    let mut statement = transaction
        .prepare_cached("SELECT id FROM devices WHERE license = ? AND ended IS NULL ORDER BY id")?;
    let ids = statement.query_map([license], |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Ends a device: `state` is written into its indexes, and its grant is voided where `void`.
/// Does nothing to one that has ended.
pub(crate) fn end(
    transaction: &Transaction<'_>,
    id: i64,
    state: Standing,
    reason: &str,
    now: UnixTime,
) -> Result<(), Error> {
    let ended = transaction
        .prepare_cached(
            "UPDATE devices SET ended = ?, end_state = ?, end_reason = ? WHERE id = ? AND ended IS NULL",
        )?
        .execute(params![to_sql(now), state.value(), reason, id])?;
    if ended > 0 {
        write_state(transaction, id, state)?;
    }
    Ok(())
}

/// Gives another state and reason to a device that has ended; when it ended stays.
pub(crate) fn end_worse(
    transaction: &Transaction<'_>,
    id: i64,
    state: Standing,
    reason: &str,
) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE devices SET end_state = ?, end_reason = ? WHERE id = ?")?
        .execute(params![state.value(), reason, id])?;
    write_state(transaction, id, state)
}

fn write_state(transaction: &Transaction<'_>, device: i64, state: Standing) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE issuances SET own_state = ?, supersede_at = NULL WHERE device = ?")?
        .execute(params![state.value(), device])?;
    Ok(())
}

/// Ends devices whose wallets can never come back: no tokens, and no credential that is still good.
pub(crate) fn end_idle(
    transaction: &Transaction<'_>,
    id: i64,
    now: UnixTime,
) -> Result<bool, Error> {
    let ended = transaction
        .prepare_cached(
            "UPDATE devices SET ended = ?1, end_reason = 'idle' WHERE id = ?2 AND ended IS NULL
                AND NOT EXISTS (SELECT 1 FROM pairs WHERE pairs.grant_id = devices.grant_id)
                AND NOT EXISTS (SELECT 1 FROM issuances WHERE device = ?2 AND exp >= ?1)",
        )?
        .execute(params![to_sql(now), id])?;
    Ok(ended > 0)
}
