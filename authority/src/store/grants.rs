//! Grants, and the pairs of tokens that belong to each.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use vidimus_credential::UnixTime;

use super::to_sql;
use crate::error::{Error, damaged};
use crate::rules::offers::Mode;

/// What one redeemed offer allows.
pub(crate) struct Grant {
    pub(crate) id: i64,
    pub(crate) license: String,
    pub(crate) mode: Mode,
    /// The device that ends at the new one's first issuance, where one was named.
    pub(crate) replaces: Option<i64>,
    /// The device of its first issuance, or the one that took its place.
    pub(crate) device: Option<i64>,
}

/// A pair of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) id: i64,
    pub(crate) grant: i64,
    /// The pair that it came from; `None` where it came from the code.
    pub(crate) parent: Option<i64>,
    /// Which child of its parent it is, from 0.
    pub(crate) ordinal: u32,
    /// A credential was issued on it.
    pub(crate) used: bool,
    /// A credential was issued on what came from it.
    pub(crate) spent: bool,
    pub(crate) access_expires: i64,
    /// How often its access token was replaced.
    pub(crate) turn: u32,
    pub(crate) refresh_expires: i64,
    /// Its grant is void.
    pub(crate) void: bool,
    /// Thumbprint of the key that its grant is bound to; `None` for bearer tokens.
    pub(crate) jkt: Option<[u8; 32]>,
    /// Its grant was asked for by `authorization_details`.
    pub(crate) details: bool,
}

/// The digests and ends of a pair's tokens.
pub(crate) struct Tokens {
    pub(crate) access: [u8; 32],
    pub(crate) access_expires: i64,
    pub(crate) turn: u32,
    pub(crate) refresh: [u8; 32],
    pub(crate) refresh_expires: i64,
}

/// A grant to be added.
pub(crate) struct New<'a> {
    pub(crate) license: &'a str,
    pub(crate) mode: Mode,
    /// The device that ends at the new one's first issuance, where one was named.
    pub(crate) replaces: Option<i64>,
    /// Thumbprint of the key that its tokens are bound to; `None` for bearer tokens.
    pub(crate) jkt: Option<[u8; 32]>,
    /// Asked for by `authorization_details`.
    pub(crate) details: bool,
}

/// Adds a grant; returns its id.
pub(crate) fn insert(
    transaction: &Transaction<'_>,
    new: &New<'_>,
    now: UnixTime,
) -> Result<i64, Error> {
    transaction
        .prepare_cached(
            "INSERT INTO grants (license, mode, replaces, jkt, details, made)
             VALUES (?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            new.license,
            new.mode.name(),
            new.replaces,
            new.jkt,
            new.details,
            to_sql(now)
        ])?;
    Ok(transaction.last_insert_rowid())
}

/// What binds the tokens of a grant: the thumbprint of its key (`None` for bearer tokens), and
/// whether it was asked for by `authorization_details`.
pub(crate) type Kind = (Option<[u8; 32]>, bool);

/// What binds the tokens of a grant that there is.
pub(crate) fn kind(transaction: &Transaction<'_>, grant: i64) -> Result<Kind, Error> {
    Ok(transaction
        .prepare_cached("SELECT jkt, details FROM grants WHERE id = ?")?
        .query_row([grant], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// The grant of this id.
pub(crate) fn by_id(transaction: &Transaction<'_>, id: i64) -> Result<Option<Grant>, Error> {
    let row: Option<(String, String, Option<i64>, Option<i64>)> = transaction
        .prepare_cached("SELECT license, mode, replaces, device FROM grants WHERE id = ?")?
        .query_row([id], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let Some((license, mode, replaces, device)) = row else {
        return Ok(None);
    };
    Ok(Some(Grant {
        id,
        license,
        mode: Mode::from_name(&mode).ok_or_else(|| damaged(()))?,
        replaces,
        device,
    }))
}

/// Sets the device of a grant.
pub(crate) fn set_device(
    transaction: &Transaction<'_>,
    grant: i64,
    device: i64,
) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE grants SET device = ? WHERE id = ?")?
        .execute([device, grant])?;
    Ok(())
}

/// Voids a grant: none of its tokens is good any more.
pub(crate) fn void(transaction: &Transaction<'_>, grant: i64) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE grants SET void = 1 WHERE id = ?")?
        .execute([grant])?;
    forget_pairs(transaction, grant)
}

/// Voids every grant of a license.
pub(crate) fn void_all(transaction: &Transaction<'_>, license: &str) -> Result<(), Error> {
    let mut statement =
        transaction.prepare_cached("SELECT id FROM grants WHERE license = ? AND void = 0")?;
    let grants: Vec<i64> = statement
        .query_map([license], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    grants
        .into_iter()
        .try_for_each(|grant| void(transaction, grant))
}

/// Voids the grants of a license from which no device came.
pub(crate) fn void_unissued(transaction: &Transaction<'_>, license: &str) -> Result<(), Error> {
    let mut statement = transaction.prepare_cached(
        "SELECT id FROM grants WHERE license = ? AND device IS NULL AND void = 0",
    )?;
    let grants: Vec<i64> = statement
        .query_map([license], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    grants
        .into_iter()
        .try_for_each(|grant| void(transaction, grant))
}

fn forget_pairs(transaction: &Transaction<'_>, grant: i64) -> Result<(), Error> {
    transaction
        .prepare_cached("DELETE FROM pairs WHERE grant_id = ?")?
        .execute([grant])?;
    Ok(())
}

const PAIR: &str =
    "SELECT p.id, p.grant_id, p.parent, p.ordinal, p.used, p.spent, p.access_expires,
    p.turn, p.refresh_expires, g.void, g.jkt, g.details FROM pairs p JOIN grants g ON g.id = p.grant_id WHERE ";

fn read_pair(row: &Row<'_>) -> rusqlite::Result<Pair> {
    Ok(Pair {
        id: row.get(0)?,
        grant: row.get(1)?,
        parent: row.get(2)?,
        ordinal: row.get(3)?,
        used: row.get(4)?,
        spent: row.get(5)?,
        access_expires: row.get(6)?,
        turn: row.get(7)?,
        refresh_expires: row.get(8)?,
        void: row.get(9)?,
        jkt: row.get(10)?,
        details: row.get(11)?,
    })
}

fn pair_where<P: rusqlite::Params>(
    transaction: &Transaction<'_>,
    condition: &str,
    values: P,
) -> Result<Option<Pair>, Error> {
    Ok(transaction
        .prepare_cached(&format!("{PAIR}{condition}"))?
        .query_row(values, read_pair)
        .optional()?)
}

/// The pair of an access token's digest.
pub(crate) fn by_access(
    transaction: &Transaction<'_>,
    access: &[u8; 32],
) -> Result<Option<Pair>, Error> {
    pair_where(transaction, "p.access = ?", [access])
}

/// The pair of a refresh token's digest.
pub(crate) fn by_refresh(
    transaction: &Transaction<'_>,
    refresh: &[u8; 32],
) -> Result<Option<Pair>, Error> {
    pair_where(transaction, "p.refresh = ?", [refresh])
}

/// A child of a pair, or of the code of a grant.
pub(crate) fn child(
    transaction: &Transaction<'_>,
    grant: i64,
    parent: Option<i64>,
    ordinal: u32,
) -> Result<Option<Pair>, Error> {
    pair_where(
        transaction,
        "p.grant_id = ? AND p.parent IS ? AND p.ordinal = ?",
        params![grant, parent, ordinal],
    )
}

/// How many children a pair, or the code of a grant, has.
pub(crate) fn count_children(
    transaction: &Transaction<'_>,
    grant: i64,
    parent: Option<i64>,
) -> Result<u32, Error> {
    Ok(transaction
        .prepare_cached("SELECT count(*) FROM pairs WHERE grant_id = ? AND parent IS ?")?
        .query_row(params![grant, parent], |row| row.get(0))?)
}

pub(crate) fn insert_pair(
    transaction: &Transaction<'_>,
    grant: i64,
    parent: Option<i64>,
    ordinal: u32,
    tokens: &Tokens,
) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "INSERT INTO pairs
                (grant_id, parent, ordinal, access, access_expires, turn, refresh, refresh_expires)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            grant,
            parent,
            ordinal,
            tokens.access,
            tokens.access_expires,
            tokens.turn,
            tokens.refresh,
            tokens.refresh_expires
        ])?;
    Ok(())
}

/// Extends a pair's life. With another turn it also has another access token.
pub(crate) fn renew_pair(
    transaction: &Transaction<'_>,
    pair: i64,
    tokens: &Tokens,
) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "UPDATE pairs SET access = ?, access_expires = ?, turn = ?, refresh_expires = ? WHERE id = ?",
        )?
        .execute(params![
            tokens.access,
            tokens.access_expires,
            tokens.turn,
            tokens.refresh_expires,
            pair
        ])?;
    Ok(())
}

/// A credential was issued on this pair: its siblings are forgotten, and what it came from is
/// spent. What came from the pair itself stays.
pub(crate) fn use_pair(transaction: &Transaction<'_>, pair: &Pair) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE pairs SET used = 1 WHERE id = ? AND used = 0")?
        .execute([pair.id])?;
    transaction
        .prepare_cached(
            "DELETE FROM pairs WHERE grant_id = ?1 AND used = 0 AND id <> ?2 AND parent IS NOT ?2",
        )?
        .execute([pair.grant, pair.id])?;
    transaction
        .prepare_cached("UPDATE pairs SET spent = 1 WHERE grant_id = ?1 AND id < ?2 AND spent = 0")?
        .execute([pair.grant, pair.id])?;
    Ok(())
}

/// Deletes at most `limit` pairs that can never be used again; returns their grants, and how
/// many pairs were deleted.
pub(crate) fn purge(
    transaction: &Transaction<'_>,
    now: UnixTime,
    limit: u32,
) -> Result<(Vec<i64>, usize), Error> {
    let mut statement = transaction.prepare_cached(
        "SELECT id, grant_id FROM pairs WHERE refresh_expires < ? ORDER BY refresh_expires LIMIT ?",
    )?;
    let rows = statement.query_map(params![to_sql(now), limit], |row| {
        Ok((row.get::<_, i64>(0)?, row.get(1)?))
    })?;
    let rows: Vec<(i64, i64)> = rows.collect::<Result<_, _>>()?;
    let mut delete = transaction.prepare_cached("DELETE FROM pairs WHERE id = ?")?;
    let (mut grants, pairs) = (Vec::new(), rows.len());
    for (pair, grant) in rows {
        delete.execute([pair])?;
        grants.push(grant);
    }
    grants.sort_unstable();
    grants.dedup();
    Ok((grants, pairs))
}

/// Deletes a grant that has no tokens, no device and no offer left.
pub(crate) fn forget_if_empty(transaction: &Transaction<'_>, grant: i64) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "DELETE FROM grants WHERE id = ?1 AND device IS NULL
                AND NOT EXISTS (SELECT 1 FROM pairs WHERE grant_id = ?1)",
        )?
        .execute([grant])?;
    Ok(())
}
