//! The secrets behind nonces and tokens, and the nonces that were used.

use rusqlite::{OptionalExtension as _, Transaction, params};
use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

use super::to_sql;
use crate::error::Error;
use crate::secret::random;

/// A secret of 256 random bits.
pub(crate) type Secret = Zeroizing<[u8; 32]>;

/// The nonces' secrets, the newest first. Makes one where there is none, or where the newest is
/// older than `life` seconds; forgets those made before `kept`.
pub(crate) fn secrets(
    transaction: &Transaction<'_>,
    life: u64,
    now: UnixTime,
) -> Result<Vec<Secret>, Error> {
    let newest: Option<i64> = transaction
        .prepare_cached("SELECT max(made) FROM nonce_secrets")?
        .query_row([], |row| row.get(0))?;
    let old = to_sql(now.saturating_sub(life));
    // A clock that was set back must not keep a secret in use for long.
    if newest.is_none_or(|newest| newest <= old || newest > to_sql(now.saturating_add(life))) {
        let secret: Secret = Zeroizing::new(random()?);
        transaction.execute(
            "INSERT INTO nonce_secrets (secret, made) VALUES (?, ?)",
            params![*secret, to_sql(now)],
        )?;
        transaction.execute(
            "DELETE FROM nonce_secrets WHERE id NOT IN
                (SELECT id FROM nonce_secrets ORDER BY id DESC LIMIT 2)",
            [],
        )?;
    }
    let mut statement =
        transaction.prepare_cached("SELECT secret FROM nonce_secrets ORDER BY id DESC")?;
    let rows = statement.query_map([], |row| row.get(0).map(Zeroizing::new))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes a nonce; `false` where it was taken before.
pub(crate) fn take(
    transaction: &Transaction<'_>,
    nonce: &[u8],
    expires: UnixTime,
) -> Result<bool, Error> {
    let taken = transaction
        .prepare_cached(
            "INSERT INTO used_nonces (nonce, expires) VALUES (?, ?) ON CONFLICT DO NOTHING",
        )?
        .execute(params![nonce, to_sql(expires)])?;
    Ok(taken > 0)
}

/// Notes that a proof of possession was shown, until its nonce ends; `false` where it was shown
/// before.
pub(crate) fn take_proof(
    transaction: &Transaction<'_>,
    id: &[u8; 32],
    expires: UnixTime,
) -> Result<bool, Error> {
    let taken = transaction
        .prepare_cached("INSERT INTO used_jti (id, expires) VALUES (?, ?) ON CONFLICT DO NOTHING")?
        .execute(params![id, to_sql(expires)])?;
    Ok(taken > 0)
}

/// Forgets at most `limit` proofs whose nonces have ended; returns how many.
pub(crate) fn purge_proofs(
    transaction: &Transaction<'_>,
    now: UnixTime,
    limit: u32,
) -> Result<usize, Error> {
    Ok(transaction
        .prepare_cached(
            "DELETE FROM used_jti WHERE id IN (SELECT id FROM used_jti WHERE expires < ? LIMIT ?)",
        )?
        .execute(params![to_sql(now), limit])?)
}

/// Forgets at most `limit` used nonces that have ended; returns how many.
pub(crate) fn purge(
    transaction: &Transaction<'_>,
    now: UnixTime,
    limit: u32,
) -> Result<usize, Error> {
    Ok(transaction
        .prepare_cached(
            "DELETE FROM used_nonces WHERE nonce IN
                (SELECT nonce FROM used_nonces WHERE expires < ? LIMIT ?)",
        )?
        .execute(params![to_sql(now), limit])?)
}

/// The secret from which tokens are derived. It is made once, with the first offer that is
/// redeemed.
pub(crate) fn token_secret(transaction: &Transaction<'_>) -> Result<Secret, Error> {
    let query = "SELECT secret FROM token_secret";
    let held: Option<[u8; 32]> = transaction
        .prepare_cached(query)?
        .query_row([], |row| row.get(0))
        .optional()?;
    if let Some(held) = held {
        return Ok(Zeroizing::new(held));
    }
    let secret: Secret = Zeroizing::new(random()?);
    transaction.execute(
        "INSERT INTO token_secret (only_one, secret) VALUES (1, ?)",
        [*secret],
    )?;
    Ok(secret)
}
