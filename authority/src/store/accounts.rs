//! Accounts of drivers: a passphrase's hash and the secret of one-time codes, for each license.

use rusqlite::{OptionalExtension as _, Transaction, params};
use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

use super::nonces::Secret;
use super::to_sql;
use crate::error::Error;
use crate::secret::random;

/// A driver's account. Its secrets have no `Debug`.
pub(crate) struct Account {
    /// The argon2id hash of the passphrase, as a PHC string.
    pub(crate) passphrase: Zeroizing<String>,
    /// The secret of one-time codes.
    pub(crate) totp: Zeroizing<Vec<u8>>,
    /// The last time step whose code was taken.
    pub(crate) step: i64,
}

/// The account of a license.
pub(crate) fn of_license(
    transaction: &Transaction<'_>,
    license: &str,
) -> Result<Option<Account>, Error> {
    Ok(transaction
        .prepare_cached("SELECT passphrase, totp, step FROM accounts WHERE license = ?")?
        .query_row([license], |row| {
            Ok(Account {
                passphrase: Zeroizing::new(row.get(0)?),
                totp: Zeroizing::new(row.get(1)?),
                step: row.get(2)?,
            })
        })
        .optional()?)
}

/// Makes an account, or gives a new passphrase and secret to the one there is.
pub(crate) fn put(
    transaction: &Transaction<'_>,
    license: &str,
    account: &Account,
    now: UnixTime,
) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "INSERT INTO accounts (license, made, passphrase, totp, step) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET passphrase = excluded.passphrase, totp = excluded.totp,
                step = excluded.step",
        )?
        .execute(params![
            license,
            to_sql(now),
            *account.passphrase,
            *account.totp,
            account.step
        ])?;
    Ok(())
}

/// Takes a time step, once; `false` where it or a later one was taken.
pub(crate) fn take_step(
    transaction: &Transaction<'_>,
    license: &str,
    step: i64,
) -> Result<bool, Error> {
    let taken = transaction
        .prepare_cached("UPDATE accounts SET step = ?1 WHERE license = ?2 AND step < ?1")?
        .execute(params![step, license])?;
    Ok(taken > 0)
}

/// Deletes all that belongs to the account of a license: it has ended.
pub(crate) fn end(transaction: &Transaction<'_>, license: &str) -> Result<(), Error> {
    for table in [
        "letters",
        "accounts",
        "sign_ins",
        "known_browsers",
        "oidc_links",
        "oidc_allowed",
    ] {
        transaction
            .prepare_cached(&format!("DELETE FROM {table} WHERE license = ?"))?
            .execute([license])?;
    }
    Ok(())
}

/// Ends what an older copy of the register must not bring back: letters that may have been used
/// since, and sign-ins under way.
pub(crate) fn end_open(transaction: &Transaction<'_>) -> Result<(), Error> {
    for table in ["letters", "oidc_logins", "sign_ins", "oidc_allowed"] {
        transaction.execute(&format!("DELETE FROM {table}"), [])?;
    }
    Ok(())
}

/// The secret that keys the hashes of letters, cookies and tries. It is made once.
pub(crate) fn secret(transaction: &Transaction<'_>) -> Result<Option<Secret>, Error> {
    let held: Option<[u8; 32]> = transaction
        .prepare_cached("SELECT secret FROM account_secret")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(held.map(Zeroizing::new))
}

/// The secret, made where there is none.
pub(crate) fn make_secret(transaction: &Transaction<'_>) -> Result<Secret, Error> {
    if let Some(held) = secret(transaction)? {
        return Ok(held);
    }
    let made: Secret = Zeroizing::new(random()?);
    transaction.execute(
        "INSERT INTO account_secret (only_one, secret) VALUES (1, ?)",
        [*made],
    )?;
    Ok(made)
}
