//! When the trust list and the bundles were signed, and what waits.

use rusqlite::{OptionalExtension as _, Transaction, params};
use vidimus_credential::UnixTime;

use super::{from_sql, to_sql};
use crate::error::{Error, damaged};
use crate::issuer::PACK;

/// The published trust list.
pub(crate) struct TrustRow {
    pub(crate) serial: u64,
    /// The epoch where none was signed yet.
    pub(crate) iat: UnixTime,
    /// The wall clock of its signing.
    pub(crate) signed: UnixTime,
    /// Whether its content has changed since.
    pub(crate) dirty: bool,
}

/// Makes the rows of a new authority.
pub(crate) fn create(transaction: &Transaction<'_>) -> Result<(), Error> {
    transaction.execute(
        "INSERT INTO trust_list (only_one, serial) VALUES (1, 0)",
        [],
    )?;
    transaction.execute("INSERT INTO bundles (pack) VALUES (0)", [])?;
    Ok(())
}

/// The row of the trust list.
pub(crate) fn trust(transaction: &Transaction<'_>) -> Result<TrustRow, Error> {
    let query = "SELECT serial, iat, signed, dirty FROM trust_list";
    let (serial, iat, signed, dirty): (i64, i64, i64, bool) =
        transaction.prepare_cached(query)?.query_row([], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
    Ok(TrustRow {
        serial: u64::try_from(serial).map_err(damaged)?,
        iat: from_sql(iat)?,
        signed: from_sql(signed)?,
        dirty,
    })
}

/// Makes the trust list due: what it says has changed.
pub(crate) fn touch_trust(transaction: &Transaction<'_>) -> Result<(), Error> {
    transaction.execute("UPDATE trust_list SET dirty = 1", [])?;
    Ok(())
}

/// Makes the trust list due, with the next serial.
pub(crate) fn raise_serial(transaction: &Transaction<'_>) -> Result<(), Error> {
    transaction.execute("UPDATE trust_list SET serial = serial + 1, dirty = 1", [])?;
    Ok(())
}

/// Raises the serial of the trust list to this one, if it is lower, and makes the list due.
pub(crate) fn raise_serial_to(transaction: &Transaction<'_>, serial: u64) -> Result<(), Error> {
    let serial = i64::try_from(serial).map_err(damaged)?;
    transaction.execute(
        "UPDATE trust_list SET serial = max(serial, ?), dirty = 1",
        [serial],
    )?;
    Ok(())
}

/// Notes that the trust list was signed.
pub(crate) fn trust_signed(
    transaction: &Transaction<'_>,
    iat: UnixTime,
    now: UnixTime,
) -> Result<(), Error> {
    transaction.execute(
        "UPDATE trust_list SET iat = ?, signed = ?, dirty = 0",
        params![to_sql(iat), to_sql(now)],
    )?;
    Ok(())
}

/// What a bundle of one pack is made of.
pub(crate) struct BundleWork {
    /// The states of the pack's lists, end to end.
    pub(crate) states: Vec<u8>,
    /// The `iat` of the last bundle begun.
    pub(crate) after: UnixTime,
    /// The greatest `iat` of its lists.
    pub(crate) newest: UnixTime,
}

/// The packs whose bundle changed and was signed `changed_before` or earlier, or was signed
/// `signed_before` or earlier, or was begun and not finished.
pub(crate) fn bundles_due(
    transaction: &Transaction<'_>,
    changed_before: UnixTime,
    signed_before: UnixTime,
) -> Result<Vec<u32>, Error> {
    let query = "SELECT pack FROM bundles WHERE (dirty = 1 OR reserved <> iat) AND signed <= ?1
        UNION SELECT pack FROM bundles WHERE signed <= ?2";
    let mut statement = transaction.prepare_cached(query)?;
    let packs = statement
        .query_map(
            params![to_sql(changed_before), to_sql(signed_before)],
            |row| row.get(0),
        )?
        .collect::<Result<_, _>>()?;
    Ok(packs)
}

/// Reads what a bundle of this pack is made of.
pub(crate) fn bundle_work(transaction: &Transaction<'_>, pack: u32) -> Result<BundleWork, Error> {
    let after: i64 = transaction
        .prepare_cached("SELECT max(iat, reserved) FROM bundles WHERE pack = ?")?
        .query_row([pack], |row| row.get(0))?;
    let first = i64::from(pack) * i64::from(PACK);
    let mut statement = transaction.prepare_cached(
        "SELECT states, iat FROM lists WHERE number >= ?1 AND number < ?1 + ?2 ORDER BY number",
    )?;
    let mut rows = statement.query(params![first, PACK])?;
    let (mut states, mut greatest) = (Vec::new(), 0_i64);
    while let Some(row) = rows.next()? {
        states.extend_from_slice(row.get_ref(0)?.as_blob().map_err(damaged)?);
        greatest = greatest.max(row.get(1)?);
    }
    Ok(BundleWork {
        states,
        after: from_sql(after)?,
        newest: from_sql(greatest)?,
    })
}

/// Notes that a bundle of this `iat` is being made of what [`bundle_work`] read in this
/// transaction.
pub(crate) fn reserve_bundle(
    transaction: &Transaction<'_>,
    pack: u32,
    iat: UnixTime,
) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE bundles SET reserved = ?, dirty = 0 WHERE pack = ?")?
        .execute(params![to_sql(iat), pack])?;
    Ok(())
}

/// The `iat` of the published bundle; the epoch where there is none.
pub(crate) fn bundle_iat(transaction: &Transaction<'_>, pack: u32) -> Result<UnixTime, Error> {
    let iat: Option<i64> = transaction
        .prepare_cached("SELECT iat FROM bundles WHERE pack = ?")?
        .query_row([pack], |row| row.get(0))
        .optional()?;
    from_sql(iat.unwrap_or(0))
}

/// Notes that the bundle of this `iat` is published.
pub(crate) fn bundle_signed(
    transaction: &Transaction<'_>,
    pack: u32,
    iat: UnixTime,
    now: UnixTime,
) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE bundles SET iat = ?, signed = ? WHERE pack = ?")?
        .execute(params![to_sql(iat), to_sql(now), pack])?;
    Ok(())
}

/// The packs and the `iat` of their published bundles.
pub(crate) fn bundle_iats(transaction: &Transaction<'_>) -> Result<Vec<(u32, UnixTime)>, Error> {
    let mut statement = transaction.prepare_cached("SELECT pack, iat FROM bundles")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.map(|row| {
        let (pack, iat) = row?;
        Ok((pack, from_sql(iat)?))
    })
    .collect()
}

/// Makes a bundle due at once: its file is lost.
pub(crate) fn touch_bundle(transaction: &Transaction<'_>, pack: u32) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE bundles SET dirty = 1, signed = 0 WHERE pack = ?")?
        .execute([pack])?;
    Ok(())
}

/// Makes every bundle due: the status key has changed.
pub(crate) fn touch_bundles(transaction: &Transaction<'_>) -> Result<(), Error> {
    transaction.execute("UPDATE bundles SET dirty = 1, signed = 0", [])?;
    Ok(())
}
