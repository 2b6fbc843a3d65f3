//! The register's epoch: how many changes it has seen.

use rusqlite::{OptionalExtension as _, Transaction};

use crate::error::{Error, damaged};

/// The epoch as it was before this transaction's own changes; 0 in a database without an authority.
pub(crate) fn read(transaction: &Transaction<'_>) -> Result<u64, Error> {
    let epoch: Option<i64> = transaction
        .prepare_cached("SELECT epoch FROM authority")?
        .query_row([], |row| row.get(0))
        .optional()?;
    u64::try_from(epoch.unwrap_or(0)).map_err(damaged)
}

/// Raises the epoch by one.
pub(crate) fn raise(transaction: &Transaction<'_>) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE authority SET epoch = epoch + 1")?
        .execute([])?;
    Ok(())
}

/// Raises the epoch to this value, if it is below.
pub(crate) fn raise_to(transaction: &Transaction<'_>, epoch: u64) -> Result<(), Error> {
    let epoch = i64::try_from(epoch).map_err(damaged)?;
    transaction.execute("UPDATE authority SET epoch = max(epoch, ?)", [epoch])?;
    Ok(())
}
