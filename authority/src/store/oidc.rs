//! Who signs in at an OpenID provider: logins under way, and links to licenses.

use rusqlite::{OptionalExtension as _, Transaction, params};
use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

use super::to_sql;
use crate::error::Error;

/// A login that is under way at the provider. Its secrets have no `Debug`.
pub(crate) struct Login {
    pub(crate) sign_in: i64,
    pub(crate) nonce: Zeroizing<String>,
    /// The verifier of RFC 7636.
    pub(crate) verifier: Zeroizing<String>,
    /// When the driver was sent there.
    pub(crate) made: i64,
}

/// Notes a login; an earlier one of the same sign-in is void.
pub(crate) fn insert_login(
    transaction: &Transaction<'_>,
    state: &[u8; 32],
    login: &Login,
) -> Result<(), Error> {
    transaction
        .prepare_cached("DELETE FROM oidc_logins WHERE sign_in = ?")?
        .execute([login.sign_in])?;
    transaction
        .prepare_cached(
            "INSERT INTO oidc_logins (state, sign_in, nonce, verifier, made) VALUES (?, ?, ?, ?, ?)",
        )?
        .execute(params![
            state,
            login.sign_in,
            *login.nonce,
            *login.verifier,
            login.made
        ])?;
    Ok(())
}

/// Takes the login of this state and sign-in, once.
pub(crate) fn take_login(
    transaction: &Transaction<'_>,
    state: &[u8; 32],
    sign_in: i64,
) -> Result<Option<Login>, Error> {
    Ok(transaction
        .prepare_cached(
            "DELETE FROM oidc_logins WHERE state = ? AND sign_in = ?
             RETURNING sign_in, nonce, verifier, made",
        )?
        .query_row(params![state, sign_in], |row| {
            Ok(Login {
                sign_in: row.get(0)?,
                nonce: Zeroizing::new(row.get(1)?),
                verifier: Zeroizing::new(row.get(2)?),
                made: row.get(3)?,
            })
        })
        .optional()?)
}

/// The license that this person of this provider is linked to.
pub(crate) fn linked(
    transaction: &Transaction<'_>,
    issuer: &str,
    subject: &str,
) -> Result<Option<String>, Error> {
    Ok(transaction
        .prepare_cached("SELECT license FROM oidc_links WHERE issuer = ? AND subject = ?")?
        .query_row([issuer, subject], |row| row.get(0))
        .optional()?)
}

/// How many links a license has.
pub(crate) fn count(transaction: &Transaction<'_>, license: &str) -> Result<i64, Error> {
    Ok(transaction
        .prepare_cached("SELECT count(*) FROM oidc_links WHERE license = ?")?
        .query_row([license], |row| row.get(0))?)
}

/// Links a person to a license; the links that there were are to be told of it.
pub(crate) fn link(
    transaction: &Transaction<'_>,
    issuer: &str,
    subject: &str,
    license: &str,
    now: UnixTime,
) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE oidc_links SET told = 0 WHERE license = ?")?
        .execute([license])?;
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO oidc_links (issuer, subject, license, made) VALUES (?, ?, ?, ?)",
        )?
        .execute(params![issuer, subject, license, to_sql(now)])?;
    Ok(())
}

/// Whether a person is to be told that another link was made; from now on it is told.
pub(crate) fn tell(
    transaction: &Transaction<'_>,
    issuer: &str,
    subject: &str,
) -> Result<bool, Error> {
    let told = transaction
        .prepare_cached(
            "UPDATE oidc_links SET told = 1 WHERE issuer = ? AND subject = ? AND told = 0",
        )?
        .execute([issuer, subject])?;
    Ok(told > 0)
}

/// Allows one more link to a license, until a time.
pub(crate) fn allow(
    transaction: &Transaction<'_>,
    license: &str,
    by: &str,
    expires: UnixTime,
) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO oidc_allowed (license, by, expires) VALUES (?, ?, ?)",
        )?
        .execute(params![license, by, to_sql(expires)])?;
    Ok(())
}

/// Uses the permission of one more link up; `false` where there is none.
pub(crate) fn take_allowed(
    transaction: &Transaction<'_>,
    license: &str,
    now: UnixTime,
) -> Result<bool, Error> {
    let taken = transaction
        .prepare_cached("DELETE FROM oidc_allowed WHERE license = ? AND expires >= ?")?
        .execute(params![license, to_sql(now)])?;
    Ok(taken > 0)
}
