//! Offers, by the digests of their secrets.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use vidimus_credential::UnixTime;

use super::{codes, grants, to_sql};
use crate::error::{Error, damaged};
use crate::rules::offers::{AGAIN, Mode, Offer};

pub(crate) struct Stored {
    pub(crate) license: String,
    pub(crate) mode: Mode,
    /// The device that ends at the new one's first issuance, where one was named.
    pub(crate) replaces: Option<i64>,
    pub(crate) tx_code: [u8; 32],
    pub(crate) grant: Option<i64>,
    pub(crate) offer: Offer,
}

pub(crate) struct New<'a> {
    pub(crate) code: &'a [u8; 32],
    pub(crate) reference: &'a [u8; 32],
    pub(crate) license: &'a str,
    pub(crate) mode: Mode,
    pub(crate) replaces: Option<i64>,
    pub(crate) tx_code: &'a [u8; 32],
    pub(crate) expires: UnixTime,
}

const QUERY: &str =
    "SELECT o.license, o.mode, o.replaces, o.tx_code, o.grant_id, o.expires, o.wrong,
    o.redeemed, o.void OR coalesce(g.void, 0), g.device IS NOT NULL
    FROM offers o LEFT JOIN grants g ON g.id = o.grant_id WHERE ";

type Raw = (
    String,
    String,
    Option<i64>,
    [u8; 32],
    Option<i64>,
    i64,
    i64,
    Option<i64>,
    bool,
    bool,
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
        row.get(9)?,
    ))
}

fn read(raw: Raw) -> Result<Stored, Error> {
    let (license, mode, replaces, tx_code, grant, expires, wrong, redeemed, void, issued) = raw;
    Ok(Stored {
        license,
        mode: Mode::from_name(&mode).ok_or_else(|| damaged(()))?,
        replaces,
        tx_code,
        grant,
        offer: Offer {
            expires,
            wrong,
            redeemed,
            void,
            issued,
        },
    })
}

pub(crate) fn insert(transaction: &Transaction<'_>, new: &New<'_>) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "INSERT INTO offers (code, reference, license, mode, replaces, tx_code, expires)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            new.code,
            new.reference,
            new.license,
            new.mode.name(),
            new.replaces,
            new.tx_code,
            to_sql(new.expires)
        ])?;
    Ok(())
}

/// The offer of a code.
pub(crate) fn by_code(
    transaction: &Transaction<'_>,
    code: &[u8; 32],
) -> Result<Option<Stored>, Error> {
    find(transaction, "o.code = ?", code)
}

/// The offer of a reference.
pub(crate) fn by_reference(
    transaction: &Transaction<'_>,
    reference: &[u8; 32],
) -> Result<Option<Stored>, Error> {
    find(transaction, "o.reference = ?", reference)
}

fn find(
    transaction: &Transaction<'_>,
    by: &str,
    digest: &[u8; 32],
) -> Result<Option<Stored>, Error> {
    transaction
        .prepare_cached(&format!("{QUERY}{by}"))?
        .query_row([digest], raw)
        .optional()?
        .map(read)
        .transpose()
}

/// Counts a wrong transaction code.
pub(crate) fn count_wrong(transaction: &Transaction<'_>, code: &[u8; 32]) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE offers SET wrong = wrong + 1 WHERE code = ?")?
        .execute([code])?;
    Ok(())
}

/// Notes the first redemption and what it was redeemed for.
pub(crate) fn redeemed(
    transaction: &Transaction<'_>,
    code: &[u8; 32],
    grant: i64,
    now: UnixTime,
) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE offers SET redeemed = ?, grant_id = ? WHERE code = ?")?
        .execute(params![to_sql(now), grant, code])?;
    Ok(())
}

/// Voids the offers of a license, and the codes of its sign-ins, from which no device came, and
/// what they were redeemed for.
pub(crate) fn void_unissued(transaction: &Transaction<'_>, license: &str) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "UPDATE offers SET void = 1 WHERE license = ?1 AND (grant_id IS NULL OR grant_id IN
                (SELECT id FROM grants WHERE license = ?1 AND device IS NULL))",
        )?
        .execute([license])?;
    codes::void_unissued(transaction, license)?;
    grants::void_unissued(transaction, license)
}

/// Voids all offers of a license, and the codes of its sign-ins.
pub(crate) fn void_all(transaction: &Transaction<'_>, license: &str) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE offers SET void = 1 WHERE license = ?")?
        .execute([license])?;
    codes::void_all(transaction, license)
}

/// Until when an offer of the license waits to be redeemed, where one does.
pub(crate) fn waiting_until(
    transaction: &Transaction<'_>,
    license: &str,
    now: UnixTime,
) -> Result<Option<i64>, Error> {
    let query = "SELECT max(expires) FROM offers
        WHERE license = ? AND redeemed IS NULL AND void = 0 AND wrong < ? AND expires >= ?";
    Ok(transaction.prepare_cached(query)?.query_row(
        params![license, crate::rules::offers::MAX_WRONG, to_sql(now)],
        |row| row.get(0),
    )?)
}

/// Deletes at most `limit` offers that can never be redeemed again; returns the licenses of those
/// that lapsed unredeemed, and how many were deleted.
pub(crate) fn purge(
    transaction: &Transaction<'_>,
    now: UnixTime,
    limit: u32,
) -> Result<(Vec<String>, usize), Error> {
    let ended = to_sql(now);
    let query = "SELECT code, license, redeemed IS NULL AND void = 0 FROM offers
        WHERE expires < ?1 AND (redeemed IS NULL OR redeemed < ?2) ORDER BY expires LIMIT ?3";
    let mut statement = transaction.prepare_cached(query)?;
    let rows = statement.query_map(params![ended, ended - AGAIN, limit], |row| {
        Ok((row.get::<_, [u8; 32]>(0)?, row.get(1)?, row.get(2)?))
    })?;
    let rows: Vec<(_, String, bool)> = rows.collect::<Result<_, _>>()?;
    let mut delete = transaction.prepare_cached("DELETE FROM offers WHERE code = ?")?;
    let (mut lapsed, ended) = (Vec::new(), rows.len());
    for (code, license, unredeemed) in rows {
        delete.execute([code])?;
        if unredeemed {
            lapsed.push(license);
        }
    }
    Ok((lapsed, ended))
}
