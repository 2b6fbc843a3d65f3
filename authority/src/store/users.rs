//! The users of the office, with their tokens.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

use super::{from_sql, to_sql};
use crate::error::{Error, damaged};
use crate::office::{OfficeFault, Roles};
use crate::register::office::{SignInCheck, TokenRow, UserRow};
use crate::secret::hex;

const COLUMNS: &str = "id, name, roles, made, disabled, passphrase IS NOT NULL, certificate";

type Raw = (i64, String, i64, i64, Option<i64>, bool, Option<[u8; 32]>);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
        row.get(6)?,
    ))
}

fn read(transaction: &Transaction<'_>, raw: Raw) -> Result<UserRow, Error> {
    let (id, name, roles, added, disabled, can_sign_in, certificate) = raw;
    Ok(UserRow {
        id,
        name,
        roles: Roles::from_bits(roles).ok_or_else(|| damaged(()))?,
        added: from_sql(added)?,
        disabled: disabled.map(from_sql).transpose()?,
        can_sign_in,
        certificate: certificate.map(|digest| hex(&digest)),
        tokens: tokens(transaction, id)?,
    })
}

/// Adds one; its id, which no other user gets.
pub(crate) fn insert(
    transaction: &Transaction<'_>,
    name: &str,
    roles: Roles,
    now: UnixTime,
) -> Result<i64, Error> {
    transaction
        .prepare_cached("INSERT INTO users (name, roles, made) VALUES (?, ?, ?)")?
        .execute(params![name, roles.bits(), to_sql(now)])?;
    Ok(transaction.last_insert_rowid())
}

pub(crate) fn by_name(transaction: &Transaction<'_>, name: &str) -> Result<Option<UserRow>, Error> {
    by(transaction, "name = ?", params![name])
}

pub(crate) fn by_id(transaction: &Transaction<'_>, id: i64) -> Result<Option<UserRow>, Error> {
    by(transaction, "id = ?", params![id])
}

/// The user of a client certificate, who is not disabled.
pub(crate) fn by_certificate(
    transaction: &Transaction<'_>,
    certificate: &[u8; 32],
) -> Result<Option<UserRow>, Error> {
    by(
        transaction,
        "certificate = ? AND disabled IS NULL",
        params![certificate],
    )
}

/// The user of a bearer token that is not revoked, who is not disabled.
pub(crate) fn by_token(
    transaction: &Transaction<'_>,
    digest: &[u8; 32],
) -> Result<Option<UserRow>, Error> {
    by(
        transaction,
        "disabled IS NULL AND id =
            (SELECT user FROM office_tokens WHERE digest = ? AND revoked IS NULL)",
        params![digest],
    )
}

fn by(
    transaction: &Transaction<'_>,
    condition: &str,
    parameters: impl rusqlite::Params,
) -> Result<Option<UserRow>, Error> {
    transaction
        .prepare_cached(&format!("SELECT {COLUMNS} FROM users WHERE {condition}"))?
        .query_row(parameters, raw)
        .optional()?
        .map(|found| read(transaction, found))
        .transpose()
}

/// All, by their names.
pub(crate) fn all(transaction: &Transaction<'_>) -> Result<Vec<UserRow>, Error> {
    let query = format!("SELECT {COLUMNS} FROM users ORDER BY name");
    let mut statement = transaction.prepare_cached(&query)?;
    let rows = statement.query_map([], raw)?;
    let rows: Vec<Raw> = rows.collect::<Result<_, _>>()?;
    rows.into_iter()
        .map(|found| read(transaction, found))
        .collect()
}

/// Whether a user may still do what needs one of these roles.
///
/// # Errors
/// [`OfficeFault::NoLonger`] where not.
pub(crate) fn check(transaction: &Transaction<'_>, id: i64, needs: Roles) -> Result<(), Error> {
    match by_id(transaction, id)? {
        Some(user) if user.disabled.is_none() && user.roles.meets(needs) => Ok(()),
        _ => Err(OfficeFault::NoLonger.into()),
    }
}

pub(crate) fn set_roles(transaction: &Transaction<'_>, id: i64, roles: Roles) -> Result<(), Error> {
    transaction.execute(
        "UPDATE users SET roles = ? WHERE id = ?",
        params![roles.bits(), id],
    )?;
    Ok(())
}

/// Disables a user from now on, or enables them.
pub(crate) fn set_disabled(
    transaction: &Transaction<'_>,
    id: i64,
    disabled: Option<UnixTime>,
) -> Result<(), Error> {
    transaction.execute(
        "UPDATE users SET disabled = ?, set_up = NULL WHERE id = ?",
        params![disabled.map(to_sql), id],
    )?;
    Ok(())
}

pub(crate) fn set_certificate(
    transaction: &Transaction<'_>,
    id: i64,
    certificate: Option<[u8; 32]>,
) -> Result<(), Error> {
    transaction.execute(
        "UPDATE users SET certificate = ? WHERE id = ?",
        params![certificate, id],
    )?;
    Ok(())
}

/// Keeps the digest of a code with which sign-in can be set up once.
pub(crate) fn set_set_up(
    transaction: &Transaction<'_>,
    id: i64,
    code: &[u8; 32],
    ends: UnixTime,
) -> Result<(), Error> {
    transaction.execute(
        "UPDATE users SET set_up = ?, set_up_ends = ? WHERE id = ?",
        params![code, to_sql(ends), id],
    )?;
    Ok(())
}

/// The user of this name who may set up sign-in with this code now.
pub(crate) fn by_set_up(
    transaction: &Transaction<'_>,
    name: &str,
    code: &[u8; 32],
    now: UnixTime,
) -> Result<Option<UserRow>, Error> {
    by(
        transaction,
        "name = ? AND set_up = ? AND set_up_ends > ? AND disabled IS NULL",
        params![name, code, to_sql(now)],
    )
}

/// Stores what a user signs in by; the code for it is spent.
pub(crate) fn set_sign_in(
    transaction: &Transaction<'_>,
    id: i64,
    passphrase: &str,
    totp: &[u8],
    step: i64,
) -> Result<(), Error> {
    transaction.execute(
        "UPDATE users SET passphrase = ?, totp = ?, totp_step = ?, set_up = NULL, set_up_ends = NULL
         WHERE id = ?",
        params![
            passphrase,
            totp,
            step,
            id
        ],
    )?;
    Ok(())
}

/// What the sign-in of a user of this name is checked by; `None` where there is no one who can.
pub(crate) fn sign_in_of(
    transaction: &Transaction<'_>,
    name: &str,
) -> Result<Option<SignInCheck>, Error> {
    let row: Option<(i64, String, Vec<u8>, i64)> = transaction
        .prepare_cached(
            "SELECT id, passphrase, totp, totp_step FROM users
             WHERE name = ? AND disabled IS NULL AND passphrase IS NOT NULL AND totp IS NOT NULL",
        )?
        .query_row([name], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    Ok(row.map(|(user, passphrase, totp, last_step)| SignInCheck {
        user,
        passphrase: Zeroizing::new(passphrase),
        totp: Zeroizing::new(totp),
        last_step,
    }))
}

/// Takes the step of a code, once: `false` where it or a later one was taken, or where sign-in was
/// set up anew meanwhile.
pub(crate) fn take_step(
    transaction: &Transaction<'_>,
    check: &SignInCheck,
    step: i64,
) -> Result<bool, Error> {
    let taken = transaction
        .prepare_cached(
            "UPDATE users SET totp_step = ?1
             WHERE id = ?2 AND totp_step < ?1 AND passphrase = ?3 AND disabled IS NULL",
        )?
        .execute(params![step, check.user, *check.passphrase])?;
    Ok(taken > 0)
}

pub(crate) fn insert_token(
    transaction: &Transaction<'_>,
    user: i64,
    label: &str,
    digest: &[u8; 32],
    now: UnixTime,
) -> Result<i64, Error> {
    transaction
        .prepare_cached(
            "INSERT INTO office_tokens (user, digest, label, made) VALUES (?, ?, ?, ?)",
        )?
        .execute(params![user, digest, label, to_sql(now)])?;
    Ok(transaction.last_insert_rowid())
}

/// Revokes a token of this user; `false` where there is none that is not revoked.
pub(crate) fn revoke_token(
    transaction: &Transaction<'_>,
    user: i64,
    token: i64,
    now: UnixTime,
) -> Result<bool, Error> {
    let revoked = transaction.execute(
        "UPDATE office_tokens SET revoked = ? WHERE id = ? AND user = ? AND revoked IS NULL",
        params![to_sql(now), token, user],
    )?;
    Ok(revoked > 0)
}

fn tokens(transaction: &Transaction<'_>, user: i64) -> Result<Vec<TokenRow>, Error> {
    let mut statement = transaction.prepare_cached(
        "SELECT id, label, made FROM office_tokens WHERE user = ? AND revoked IS NULL ORDER BY id",
    )?;
    let rows = statement.query_map([user], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    rows.map(|row| {
        let (id, label, made) = row?;
        Ok(TokenRow {
            id,
            label,
            made: from_sql(made)?,
        })
    })
    .collect()
}
