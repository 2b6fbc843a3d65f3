//! What the clocks said at the last signature.

use std::time::Duration;

use rusqlite::{OptionalExtension as _, Transaction, params};
use vidimus_credential::UnixTime;

use super::{from_sql, to_sql, unexplained};
use crate::clock::{Boot, BootId, Moment};
use crate::error::{Error, damaged};
use crate::rules::clock::jump;

/// After a jump a clock has to run on for this many seconds: an hour, in which people notice.
const STEADY: u64 = 3_600;

/// What the clocks said when something was signed last.
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
    write(transaction, iat, now, Note::Signature)
}

/// Notes that the clock is right now, and what the greatest `iat` is from now on.
pub(crate) fn accept(
    transaction: &Transaction<'_>,
    iat: UnixTime,
    now: Moment,
) -> Result<(), Error> {
    write(transaction, iat, now, Note::Accepted)
}

/// Until when ends, releases and what is forgotten have to wait: [`STEADY`] seconds after a clock
/// jumped. A jump that no signature has noted yet counts as one of now.
pub(crate) fn steady_from(transaction: &Transaction<'_>, now: Moment) -> Result<UnixTime, Error> {
    if last(transaction)?.is_some_and(|last| jump(last.moment, now, false).is_some()) {
        return Ok(now.wall().saturating_add(STEADY));
    }
    noted_steady_from(transaction)
}

/// The same by the jumps that signatures have noted.
pub(crate) fn noted_steady_from(transaction: &Transaction<'_>) -> Result<UnixTime, Error> {
    let from: Option<i64> = transaction
        .prepare_cached("SELECT steady_from FROM clock")?
        .query_row([], |row| row.get(0))
        .optional()?;
    from_sql(from.unwrap_or(0))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Note {
    Signature,
    Accepted,
}

fn write(
    transaction: &Transaction<'_>,
    iat: UnixTime,
    now: Moment,
    what: Note,
) -> Result<(), Error> {
    let boot_ms = now
        .boot()
        .map(|boot| i64::try_from(boot.since.as_millis()).unwrap_or(i64::MAX));
    let last = last(transaction)?;
    // A command that waited for another one does not turn the clocks back.
    let waited = what == Note::Signature
        && last.as_ref().is_some_and(|last| {
            now.since_same_boot(last.moment)
                .is_some_and(|passed| passed < 0)
        });
    let jumped = last.and_then(|last| jump(last.moment, now, what == Note::Accepted));
    if let Some(seconds) = jumped.filter(|seconds| *seconds > 0) {
        unexplained::keep_longer(transaction, seconds)?;
    }
    let statement =
        "INSERT INTO clock (only_one, iat, wall, boot_ms, boot_id) VALUES (1, ?1, ?2, ?3, ?4)
         ON CONFLICT (only_one) DO UPDATE SET
             iat = CASE WHEN ?5 THEN excluded.iat ELSE max(iat, excluded.iat) END,
             wall = CASE WHEN ?8 THEN wall ELSE excluded.wall END,
             boot_ms = CASE WHEN ?8 THEN boot_ms ELSE excluded.boot_ms END,
             boot_id = excluded.boot_id,
             steady_from = CASE
                 WHEN ?6 THEN excluded.wall + ?7 ELSE min(steady_from, excluded.wall + ?7) END";
    transaction.prepare_cached(statement)?.execute(params![
        to_sql(iat),
        to_sql(now.wall()),
        boot_ms,
        now.boot().map(|boot| boot.id.to_text()),
        what == Note::Accepted,
        jumped.is_some(),
        i64::try_from(STEADY).unwrap_or(i64::MAX),
        waited,
    ])?;
    Ok(())
}
