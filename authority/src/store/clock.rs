//! What the clocks said at the last signature.

use std::time::Duration;

use rusqlite::{OptionalExtension as _, Transaction, params};
use vidimus_credential::UnixTime;

use super::{from_sql, to_sql};
use crate::clock::{Boot, BootId, Moment};
use crate::error::{Error, damaged};

/// The last signature.
pub(crate) struct LastSigned {
    /// The greatest `iat` ever signed.
    pub(crate) iat: UnixTime,
    /// The clocks at the last signature.
    pub(crate) moment: Moment,
}

/// Reads it; `None` where nothing was signed yet.
pub(crate) fn last(transaction: &Transaction<'_>) -> Result<Option<LastSigned>, Error> {
    let query = "SELECT iat, wall, boot_ms, boot_id FROM clock";
    let row: Option<(i64, i64, Option<i64>, Option<String>)> = transaction
        .prepare_cached(query)?
        .query_row([], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let Some((iat, wall, boot_ms, boot_id)) = row else {
        return Ok(None);
    };
    let boot = match (boot_ms, boot_id) {
        (Some(ms), Some(id)) => Some(Boot {
            id: BootId::parse(&id).ok_or_else(|| damaged(()))?,
            since: Duration::from_millis(u64::try_from(ms).map_err(damaged)?),
        }),
        _ => None,
    };
    Ok(Some(LastSigned {
        iat: from_sql(iat)?,
        moment: Moment::new(from_sql(wall)?, boot),
    }))
}

/// Notes a signature of this `iat`, made now.
pub(crate) fn note(transaction: &Transaction<'_>, iat: UnixTime, now: Moment) -> Result<(), Error> {
    write(transaction, iat, now, "max(iat, excluded.iat)")
}

/// Notes that the clock is right now, and what the greatest `iat` is from now on.
pub(crate) fn accept(
    transaction: &Transaction<'_>,
    iat: UnixTime,
    now: Moment,
) -> Result<(), Error> {
    write(transaction, iat, now, "excluded.iat")
}

/// Forgets every signed time that lies ahead of the clock, so that what is signed next does not follow
/// it, and makes everything due. The keys that signed those times have ended in this transaction.
pub(crate) fn take_back(transaction: &Transaction<'_>, now: Moment) -> Result<(), Error> {
    let wall = to_sql(now.wall());
    for statement in [
        "UPDATE trust_list SET iat = 0 WHERE iat > ?",
        "UPDATE lists SET iat = 0, kid = NULL WHERE iat > ?",
        "UPDATE lists SET floor = 0 WHERE floor > ?",
        "UPDATE lists SET sign_after = 0 WHERE sign_after > ?",
        "UPDATE bundles SET iat = 0 WHERE iat > ?",
        "UPDATE bundles SET reserved = 0 WHERE reserved > ?",
        "UPDATE reader_keys SET not_before = 0 WHERE not_before > ?",
    ] {
        transaction.execute(statement, [wall])?;
    }
    super::lists::touch_all(transaction)?;
    super::documents::touch_bundles(transaction)?;
    accept(transaction, UnixTime::EPOCH, now)
}

fn write(
    transaction: &Transaction<'_>,
    iat: UnixTime,
    now: Moment,
    kept: &str,
) -> Result<(), Error> {
    let boot_ms = now
        .boot()
        .map(|boot| i64::try_from(boot.since.as_millis()).unwrap_or(i64::MAX));
    let statement = format!(
        "INSERT INTO clock (only_one, iat, wall, boot_ms, boot_id) VALUES (1, ?, ?, ?, ?)
         ON CONFLICT (only_one) DO UPDATE SET iat = {kept}, wall = excluded.wall,
             boot_ms = excluded.boot_ms, boot_id = excluded.boot_id"
    );
    transaction.prepare_cached(&statement)?.execute(params![
        to_sql(iat),
        to_sql(now.wall()),
        boot_ms,
        now.boot().map(|boot| boot.id.to_text())
    ])?;
    Ok(())
}
