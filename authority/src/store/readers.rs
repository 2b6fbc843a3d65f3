//! The readers' keys that the trust list names.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use vidimus_credential::trust::TrustEntry;
use vidimus_credential::{KeyId, UnixTime, VerifyingKey};

use super::{from_sql, to_sql};
use crate::error::{Error, damaged};
use crate::rules::number;

pub(crate) struct ReaderRow {
    pub(crate) key: VerifyingKey,
    pub(crate) name: String,
    pub(crate) added: UnixTime,
    /// The `iat` of the first trust list that named it; the epoch where none did yet.
    pub(crate) not_before: UnixTime,
    pub(crate) expires: UnixTime,
}

type Raw = (Vec<u8>, String, i64, i64, i64);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
    ))
}

fn read((public, name, added, not_before, expires): Raw) -> Result<ReaderRow, Error> {
    Ok(ReaderRow {
        key: VerifyingKey::from_cose_key(&public).map_err(damaged)?,
        name,
        added: from_sql(added)?,
        not_before: from_sql(not_before)?,
        expires: from_sql(expires)?,
    })
}

/// The keys that are not revoked, in the order in which they were added.
pub(crate) fn listed(transaction: &Transaction<'_>) -> Result<Vec<ReaderRow>, Error> {
    let query = "SELECT public, name, added, not_before, expires FROM reader_keys
        WHERE revoked IS NULL ORDER BY added, kid";
    let mut statement = transaction.prepare_cached(query)?;
    statement
        .query_map([], raw)?
        .map(|row| read(row?))
        .collect()
}

/// Whether a key of this name, or of one that looks like it, is listed and has not ended.
pub(crate) fn is_named(
    transaction: &Transaction<'_>,
    name: &str,
    now: UnixTime,
) -> Result<bool, Error> {
    let mut listed = listed(transaction)?.into_iter();
    Ok(listed.any(|row| row.expires > now && number::key(&row.name) == number::key(name)))
}

/// Whether this key was ever added, under any name.
pub(crate) fn is_known(transaction: &Transaction<'_>, kid: KeyId) -> Result<bool, Error> {
    Ok(transaction
        .query_row(
            "SELECT 1 FROM reader_keys WHERE kid = ?",
            [kid.as_bytes()],
            |_| Ok(()),
        )
        .optional()?
        .is_some())
}

/// Adds a key that no trust list names yet.
pub(crate) fn insert(
    transaction: &Transaction<'_>,
    key: &VerifyingKey,
    name: &str,
    now: UnixTime,
    expires: UnixTime,
) -> Result<(), Error> {
    transaction.execute(
        "INSERT INTO reader_keys (kid, public, name, added, expires) VALUES (?, ?, ?, ?, ?)",
        params![
            key.kid().as_bytes(),
            key.to_cose_key(),
            name,
            to_sql(now),
            to_sql(expires)
        ],
    )?;
    Ok(())
}

/// Takes every listed key of this name, or the one with this `kid`, out of the next trust list;
/// where there is none, those of names that are compared as this one. Returns how many.
pub(crate) fn revoke(
    transaction: &Transaction<'_>,
    name: &str,
    kid: Option<KeyId>,
    now: UnixTime,
) -> Result<usize, Error> {
    let kid = kid.as_ref().map(KeyId::as_bytes);
    let query =
        "UPDATE reader_keys SET revoked = ? WHERE revoked IS NULL AND (name = ? OR kid = ?)";
    let mut revoked = transaction.execute(query, params![to_sql(now), name, kid])?;
    if revoked == 0 {
        for row in listed(transaction)? {
            if number::key(&row.name) == number::key(name) {
                revoked += transaction.execute(query, params![to_sql(now), row.name, kid])?;
            }
        }
    }
    Ok(revoked)
}

/// Notes a trust list of this `iat`: the keys that it is the first to name count from then on.
pub(crate) fn announce(transaction: &Transaction<'_>, iat: UnixTime) -> Result<(), Error> {
    transaction.execute(
        "UPDATE reader_keys SET not_before = ? WHERE not_before = 0",
        [to_sql(iat)],
    )?;
    Ok(())
}

/// Adds a key that a published trust list names, where it is not known.
pub(crate) fn adopt(
    transaction: &Transaction<'_>,
    entry: &TrustEntry,
    now: UnixTime,
) -> Result<(), Error> {
    transaction.execute(
        "INSERT OR IGNORE INTO reader_keys (kid, public, name, added, not_before, expires)
         VALUES (?, ?, ?, ?, ?, ?)",
        params![
            entry.key.kid().as_bytes(),
            entry.key.to_cose_key(),
            entry.name,
            to_sql(now),
            to_sql(entry.not_before),
            to_sql(entry.expires)
        ],
    )?;
    Ok(())
}
