//! Credentials that were asked for and wait for a clerk (OpenID4VCI 1.0, section 9): one a grant.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use vidimus_credential::{UnixTime, VerifyingKey};
use zeroize::Zeroizing;

use super::nonces::token_secret;
use super::to_sql;
use crate::error::{Error, damaged};
use crate::secret::{Derived, Label, derive, digest, hex, random};

/// A credential that waits, and for which key.
pub(crate) struct Deferral {
    pub(crate) grant: i64,
    pub(crate) holder_key: VerifyingKey,
    salt: [u8; 16],
}

fn raw(row: &Row<'_>) -> rusqlite::Result<(i64, [u8; 16], Vec<u8>)> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn read((grant, salt, key): (i64, [u8; 16], Vec<u8>)) -> Result<Deferral, Error> {
    Ok(Deferral {
        grant,
        holder_key: VerifyingKey::from_cose_key(&key).map_err(damaged)?,
        salt,
    })
}

/// The one of a grant.
pub(crate) fn of_grant(
    transaction: &Transaction<'_>,
    grant: i64,
) -> Result<Option<Deferral>, Error> {
    transaction
        .prepare_cached("SELECT grant_id, salt, holder_key FROM deferrals WHERE grant_id = ?")?
        .query_row([grant], raw)
        .optional()?
        .map(read)
        .transpose()
}

/// The one of a transaction id.
pub(crate) fn find(
    transaction: &Transaction<'_>,
    transaction_id: &str,
) -> Result<Option<Deferral>, Error> {
    let id = digest(Label::Deferral, &[transaction_id]);
    transaction
        .prepare_cached("SELECT grant_id, salt, holder_key FROM deferrals WHERE id = ?")?
        .query_row([id], raw)
        .optional()?
        .map(read)
        .transpose()
}

/// Lets a grant's credential wait for this holder key; returns the transaction id, which stays the
/// same for the same key. Another key takes the place of the one before, whose id ends.
pub(crate) fn put(
    transaction: &Transaction<'_>,
    grant: i64,
    key: &VerifyingKey,
    now: UnixTime,
) -> Result<Zeroizing<String>, Error> {
    if let Some(held) = of_grant(transaction, grant)?
        && held.holder_key == *key
    {
        return id_of(transaction, &held.salt);
    }
    let salt = random::<16>()?;
    let id = id_of(transaction, &salt)?;
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO deferrals (grant_id, id, salt, holder_key, made)
             VALUES (?, ?, ?, ?, ?)",
        )?
        .execute(params![
            grant,
            digest(Label::Deferral, &[&id]),
            salt,
            key.to_cose_key(),
            to_sql(now)
        ])?;
    Ok(id)
}

fn id_of(transaction: &Transaction<'_>, salt: &[u8; 16]) -> Result<Zeroizing<String>, Error> {
    let secret = token_secret(transaction)?;
    derive(&secret, Derived::Deferral, &hex(salt), 0)
}

/// Ends the one of a grant: its wallet has the credential, or another key got it.
pub(crate) fn remove(transaction: &Transaction<'_>, grant: i64) -> Result<(), Error> {
    transaction
        .prepare_cached("DELETE FROM deferrals WHERE grant_id = ?")?
        .execute([grant])?;
    Ok(())
}
