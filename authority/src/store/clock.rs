//! What the clocks said at the last signature.

use std::time::Duration;

use rusqlite::{OptionalExtension as _, Transaction, params};
use vidimus_credential::UnixTime;

use super::{from_sql, to_sql, unexplained};
use crate::clock::{Boot, BootId, Moment};
use crate::error::{Error, damaged};
use crate::rules::clock::{judge, jump};

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

/// Refuses to sign by a clock that contradicts the last signature. To be called in the transaction
/// that signs, before the first signature.
pub(crate) fn check(transaction: &Transaction<'_>, now: Moment) -> Result<(), Error> {
    let Some(last) = last(transaction)? else {
        return Ok(());
    };
    judge(last.moment, now).map_err(|doubt| Error::ClockInDoubt {
        clock: now.wall(),
        expected: doubt.expected,
    })
}

/// The time to date a decision by: the wall clock, or, where that is in doubt and ahead, what it
/// should be. A decision takes effect at once, and by a clock that is a year ahead it would in a
/// year.
pub(crate) fn believed(transaction: &Transaction<'_>, now: Moment) -> Result<UnixTime, Error> {
    match check(transaction, now) {
        Ok(()) => Ok(now.wall()),
        Err(Error::ClockInDoubt { clock, expected }) => Ok(clock.min(expected)),
        Err(error) => Err(error),
    }
}

/// Whether terms may end by this clock, and places be released: it is believed, and has run on for
/// a while since it jumped.
pub(crate) fn is_steady(transaction: &Transaction<'_>, now: Moment) -> Result<bool, Error> {
    check(transaction, now)?;
    Ok(steady_from(transaction, now)? <= now.wall())
}

/// What is deleted for good waits this long after a jump of the clock, in seconds: 3 days. By then
/// someone has noticed that no reader accepts what a wrong clock dates.
const NOTICED: u64 = 3 * 86_400;

/// From when on something may be deleted for good: the clock is believed, and has run on for three
/// days since it jumped.
pub(crate) fn deletes_from(transaction: &Transaction<'_>, now: Moment) -> Result<UnixTime, Error> {
    check(transaction, now)?;
    let steady = steady_from(transaction, now)?;
    Ok(steady.saturating_add(NOTICED))
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
