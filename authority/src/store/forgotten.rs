//! Licenses whose personal data is deleted, and what is left of them.
//!
//! A row keeps its id, its version and its end: its indexes read Revoked by it, and events name it.
//! The key of its number stays while a decision still counts against that number, and so does that
//! decision's reason.

use rusqlite::{Transaction, params};
use vidimus_credential::{UnixTime, VerifyingKey};

use super::accounts;
use super::blobs::{self, BlobDigest};
use super::{from_sql, reviews, to_sql};
use crate::error::Error;
use crate::rules::slots::AFTER_EXPIRY;

/// At most `limit` licenses that ended at `until` or before, of which no credential can still be
/// good: their ids and ends, the earliest first. What was registered later than that did not end
/// before it, even where a clock said.
pub(crate) fn due(
    transaction: &Transaction<'_>,
    until: i64,
    now: UnixTime,
    limit: u32,
) -> Result<Vec<(String, UnixTime)>, Error> {
    let mut statement = transaction.prepare_cached(
        "SELECT id, ended FROM licenses l
         WHERE ended IS NOT NULL AND driver IS NOT NULL AND ended <= ?1 AND added <= ?1
            AND NOT EXISTS (SELECT 1 FROM issuances i WHERE i.license = l.id AND i.exp >= ?2)
         ORDER BY ended LIMIT ?3",
    )?;
    let living = to_sql(now).saturating_sub(AFTER_EXPIRY);
    let rows = statement.query_map(params![until, living, limit], |row| {
        Ok((row.get(0)?, row.get::<_, i64>(1)?))
    })?;
    rows.map(|row| {
        let (id, ended) = row?;
        Ok((id, from_sql(ended)?))
    })
    .collect()
}

/// Deletes what is known of a driver, and their pictures where no other license has them.
/// `placeholder` takes the place of the holder keys of their phones, for the ids of phones are not
/// given again.
pub(crate) fn forget(
    transaction: &Transaction<'_>,
    id: &str,
    placeholder: &VerifyingKey,
) -> Result<(), Error> {
    let pictures: (Option<BlobDigest>, Option<BlobDigest>) = transaction
        .prepare_cached("SELECT portrait, submitted FROM licenses WHERE id = ?")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    transaction
        .prepare_cached(
            "UPDATE licenses SET number = NULL, driver = NULL, portrait = NULL, submitted = NULL
             WHERE id = ? AND ended IS NOT NULL",
        )?
        .execute([id])?;
    reviews::forget_words(transaction, id)?;
    reviews::forget_pictures(transaction, id)?;
    for picture in [pictures.0, pictures.1].into_iter().flatten() {
        blobs::forget(transaction, &picture)?;
    }
    transaction
        .prepare_cached("UPDATE devices SET holder_key = ? WHERE license = ?")?
        .execute(params![placeholder.to_cose_key(), id])?;
    transaction
        .prepare_cached("DELETE FROM offers WHERE license = ?")?
        .execute([id])?;
    accounts::end(transaction, id)
}

/// At most `limit` licenses whose data is deleted, and of which it is time to look what still
/// counts against their number.
pub(crate) fn to_look_at(
    transaction: &Transaction<'_>,
    now: UnixTime,
    limit: u32,
) -> Result<Vec<String>, Error> {
    let mut statement = transaction.prepare_cached(
        "SELECT id FROM licenses WHERE look_again <= ? ORDER BY look_again LIMIT ?",
    )?;
    let ids = statement.query_map(params![to_sql(now), limit], |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Says when to look at one again.
pub(crate) fn set_look_again(
    transaction: &Transaction<'_>,
    id: &str,
    at: i64,
) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE licenses SET look_again = ? WHERE id = ?")?
        .execute(params![at, id])?;
    Ok(())
}

/// Deletes the key of a number: its row is found by its id alone, and is not looked at again.
pub(crate) fn forget_number(transaction: &Transaction<'_>, id: &str) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE licenses SET number_key = NULL, look_again = NULL WHERE id = ?")?
        .execute([id])?;
    Ok(())
}

/// Deletes the reason of a decision.
pub(crate) fn forget_reason(transaction: &Transaction<'_>, decision: i64) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE decisions SET reason = NULL WHERE id = ? AND reason IS NOT NULL")?
        .execute([decision])?;
    Ok(())
}
