//! The slots of the lists: which are taken, which rest, which may be given out again.

use rusqlite::{Transaction, params};
use vidimus_credential::UnixTime;

use super::to_sql;
use crate::error::Error;

/// A slot rests this long after its list was signed with the state 0: no source older than that
/// counts any more. 7 days and 5 minutes, in seconds.
const REST: u64 = 7 * 86_400 + 300;

/// Notes that a list was signed: the slots that were released before begin to rest.
pub(crate) fn note_list_signed(
    transaction: &Transaction<'_>,
    list: u32,
    now: UnixTime,
) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "UPDATE slots SET free_from = ? WHERE list = ? AND issuance IS NULL AND free_from IS NULL",
        )?
        .execute(params![to_sql(now.saturating_add(REST)), list])?;
    Ok(())
}
