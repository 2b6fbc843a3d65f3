//! Codes of requests to which drivers agreed, by their digests.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use vidimus_credential::UnixTime;

use super::to_sql;
use crate::error::{Error, damaged};
use crate::rules::offers::Mode;
use crate::rules::sign_in::Code;

/// A code, with the request that it is the answer to.
pub(crate) struct Stored {
    pub(crate) license: String,
    pub(crate) mode: Mode,
    /// The device that ends at the new one's first issuance, where one was named.
    pub(crate) replaces: Option<i64>,
    pub(crate) grant: Option<i64>,
    pub(crate) client: String,
    pub(crate) redirect_uri: String,
    /// SHA-256 of the verifier.
    pub(crate) challenge: [u8; 32],
    /// Thumbprint of the key that it is bound to.
    pub(crate) jkt: [u8; 32],
    /// Whether it was asked for by `authorization_details`.
    pub(crate) details: bool,
    pub(crate) code: Code,
}

pub(crate) struct New<'a> {
    pub(crate) code: &'a [u8; 32],
    pub(crate) request: i64,
    pub(crate) license: &'a str,
    pub(crate) mode: Mode,
    pub(crate) replaces: Option<i64>,
    pub(crate) expires: UnixTime,
}

pub(crate) fn insert(
    transaction: &Transaction<'_>,
    new: &New<'_>,
    now: UnixTime,
) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "INSERT INTO codes (code, request, license, mode, replaces, made, expires)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            new.code,
            new.request,
            new.license,
            new.mode.name(),
            new.replaces,
            to_sql(now),
            to_sql(new.expires)
        ])?;
    Ok(())
}

/// Lets a code that was not redeemed be redeemed until `expires`, for its driver asked again.
pub(crate) fn extend(
    transaction: &Transaction<'_>,
    request: i64,
    expires: UnixTime,
) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "UPDATE codes SET expires = max(expires, ?) WHERE request = ? AND redeemed IS NULL",
        )?
        .execute(params![to_sql(expires), request])?;
    Ok(())
}

/// A row, and the name of its mode.
fn read(row: &Row<'_>) -> rusqlite::Result<(String, Stored)> {
    let stored = Stored {
        license: row.get(0)?,
        mode: Mode::First,
        replaces: row.get(2)?,
        grant: row.get(3)?,
        client: row.get(4)?,
        redirect_uri: row.get(5)?,
        challenge: row.get(6)?,
        jkt: row.get(7)?,
        details: row.get(8)?,
        code: Code {
            expires: row.get(9)?,
            redeemed: row.get(10)?,
            void: row.get(11)?,
            issued: row.get(12)?,
        },
    };
    Ok((row.get(1)?, stored))
}

/// The code of this digest.
pub(crate) fn find(
    transaction: &Transaction<'_>,
    code: &[u8; 32],
) -> Result<Option<Stored>, Error> {
    let query = "SELECT c.license, c.mode, c.replaces, c.grant_id, r.client, r.redirect_uri,
            r.challenge, r.jkt, r.details, c.expires, c.redeemed,
            c.void OR coalesce(g.void, 0), g.device IS NOT NULL
        FROM codes c JOIN requests r ON r.id = c.request
        LEFT JOIN grants g ON g.id = c.grant_id WHERE c.code = ?";
    let found = transaction
        .prepare_cached(query)?
        .query_row([code], read)
        .optional()?;
    found
        .map(|(mode, stored)| {
            let mode = Mode::from_name(&mode).ok_or_else(|| damaged(()))?;
            Ok(Stored { mode, ..stored })
        })
        .transpose()
}

/// Notes the first redemption and what it was redeemed for.
pub(crate) fn redeemed(
    transaction: &Transaction<'_>,
    code: &[u8; 32],
    grant: i64,
    now: UnixTime,
) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE codes SET redeemed = ?, grant_id = ? WHERE code = ?")?
        .execute(params![to_sql(now), grant, code])?;
    Ok(())
}

/// Voids the code of this digest.
pub(crate) fn void(transaction: &Transaction<'_>, code: &[u8; 32]) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE codes SET void = 1 WHERE code = ?")?
        .execute([code])?;
    Ok(())
}

/// Voids the codes of a license from which no device came.
pub(crate) fn void_unissued(transaction: &Transaction<'_>, license: &str) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "UPDATE codes SET void = 1 WHERE license = ?1 AND (grant_id IS NULL OR grant_id IN
                (SELECT id FROM grants WHERE license = ?1 AND device IS NULL))",
        )?
        .execute([license])?;
    Ok(())
}

/// Voids all codes of a license.
pub(crate) fn void_all(transaction: &Transaction<'_>, license: &str) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE codes SET void = 1 WHERE license = ?")?
        .execute([license])?;
    Ok(())
}
