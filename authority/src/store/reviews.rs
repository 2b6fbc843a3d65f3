//! Reviews: what clerks have to look at, and what they decided.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use vidimus_credential::UnixTime;

use super::blobs::{self, BlobDigest};
use super::{from_sql, to_sql};
use crate::error::{Error, damaged};
use crate::register::{Review, ReviewKind, ReviewReason, ReviewState};

/// The pictures of a review: roadside and as submitted. A decided one may have none.
pub(crate) type Pictures = (BlobDigest, BlobDigest);

const COLUMNS: &str = "id, license, kind, made, state, reason, words, by, decided";

type Raw = (
    i64,
    String,
    String,
    i64,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<i64>,
);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
        row.get(6)?,
        row.get(7)?,
        row.get(8)?,
    ))
}

fn read(raw: Raw) -> Result<Review, Error> {
    let (id, license, kind, made, state, reason, words, by, decided) = raw;
    let state = match state.as_str() {
        "waiting" => ReviewState::Waiting,
        "accepted" => ReviewState::Accepted,
        "refused" => ReviewState::Refused {
            reason: reason
                .as_deref()
                .and_then(ReviewReason::from_name)
                .ok_or_else(|| damaged(()))?,
            words,
        },
        "closed" => ReviewState::Closed,
        _ => return Err(damaged(())),
    };
    Ok(Review {
        id,
        license,
        kind: ReviewKind::from_name(&kind).ok_or_else(|| damaged(()))?,
        made: from_sql(made)?,
        state,
        by,
        decided: decided.map(from_sql).transpose()?,
    })
}

/// Asks for a review; no other one of this license waits. Returns its id.
pub(crate) fn insert(
    transaction: &Transaction<'_>,
    license: &str,
    kind: ReviewKind,
    pictures: Option<&Pictures>,
    now: UnixTime,
) -> Result<i64, Error> {
    transaction
        .prepare_cached(
            "INSERT INTO reviews (license, kind, made, roadside, submitted) VALUES (?, ?, ?, ?, ?)",
        )?
        .execute(params![
            license,
            kind.name(),
            to_sql(now),
            pictures.map(|pictures| pictures.0),
            pictures.map(|pictures| pictures.1)
        ])?;
    Ok(transaction.last_insert_rowid())
}

/// The review of this id.
pub(crate) fn by_id(transaction: &Transaction<'_>, id: i64) -> Result<Option<Review>, Error> {
    let query = format!("SELECT {COLUMNS} FROM reviews WHERE id = ?");
    transaction
        .prepare_cached(&query)?
        .query_row([id], raw)
        .optional()?
        .map(read)
        .transpose()
}

/// The one of a license that waits.
pub(crate) fn waiting_of(
    transaction: &Transaction<'_>,
    license: &str,
) -> Result<Option<Review>, Error> {
    let query = format!("SELECT {COLUMNS} FROM reviews WHERE license = ? AND state = 'waiting'");
    transaction
        .prepare_cached(&query)?
        .query_row([license], raw)
        .optional()?
        .map(read)
        .transpose()
}

/// The last one of a license of this kind that was not closed.
pub(crate) fn last_of(
    transaction: &Transaction<'_>,
    license: &str,
    kind: ReviewKind,
) -> Result<Option<Review>, Error> {
    let query = format!(
        "SELECT {COLUMNS} FROM reviews WHERE license = ? AND kind = ? AND state <> 'closed'
         ORDER BY id DESC LIMIT 1"
    );
    transaction
        .prepare_cached(&query)?
        .query_row([license, kind.name()], raw)
        .optional()?
        .map(read)
        .transpose()
}

/// All of a license, the oldest first.
pub(crate) fn of_license(
    transaction: &Transaction<'_>,
    license: &str,
) -> Result<Vec<Review>, Error> {
    let query = format!("SELECT {COLUMNS} FROM reviews WHERE license = ? ORDER BY id");
    let mut statement = transaction.prepare_cached(&query)?;
    let rows = statement.query_map([license], raw)?;
    rows.map(|row| read(row?)).collect()
}

/// At most `limit` that wait, after the one of this id.
pub(crate) fn waiting(
    transaction: &Transaction<'_>,
    after: Option<i64>,
    limit: u32,
) -> Result<Vec<Review>, Error> {
    let query = format!(
        "SELECT {COLUMNS} FROM reviews WHERE state = 'waiting' AND id > ? ORDER BY id LIMIT ?"
    );
    let mut statement = transaction.prepare_cached(&query)?;
    let rows = statement.query_map(params![after.unwrap_or(0), limit], raw)?;
    rows.map(|row| read(row?)).collect()
}

/// The pictures that a review is about, while it waits or is refused.
pub(crate) fn pictures(transaction: &Transaction<'_>, id: i64) -> Result<Option<Pictures>, Error> {
    let row: Option<(Option<BlobDigest>, Option<BlobDigest>)> = transaction
        .prepare_cached("SELECT roadside, submitted FROM reviews WHERE id = ?")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(row.and_then(|(roadside, submitted)| roadside.zip(submitted)))
}

/// Decides one that waits.
pub(crate) fn decide(
    transaction: &Transaction<'_>,
    id: i64,
    state: &ReviewState,
    by: &str,
    now: UnixTime,
) -> Result<(), Error> {
    let (reason, words) = match state {
        ReviewState::Refused { reason, words } => (Some(reason.name()), words.as_deref()),
        ReviewState::Waiting | ReviewState::Accepted | ReviewState::Closed => (None, None),
    };
    transaction
        .prepare_cached(
            "UPDATE reviews SET state = ?, reason = ?, words = ?, by = ?, decided = ?
             WHERE id = ? AND state = 'waiting'",
        )?
        .execute(params![state.name(), reason, words, by, to_sql(now), id])?;
    Ok(())
}

/// Closes the one of a license that waits, if there is one: another takes its place, or the license
/// ended.
pub(crate) fn close(
    transaction: &Transaction<'_>,
    license: &str,
    now: UnixTime,
) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "UPDATE reviews SET state = 'closed', decided = ? WHERE license = ? AND state = 'waiting'",
        )?
        .execute(params![to_sql(now), license])?;
    Ok(())
}

/// Deletes the pictures of a license's reviews, but for the one that waits and where the license or
/// another row has them.
pub(crate) fn forget_pictures(transaction: &Transaction<'_>, license: &str) -> Result<(), Error> {
    let mut statement = transaction.prepare_cached(
        "SELECT roadside, submitted FROM reviews
         WHERE license = ? AND state <> 'waiting' AND roadside IS NOT NULL",
    )?;
    let rows = statement.query_map([license], |row| Ok([row.get(0)?, row.get(1)?]))?;
    let pictures: Vec<[Option<BlobDigest>; 2]> = rows.collect::<Result<_, _>>()?;
    transaction
        .prepare_cached(
            "UPDATE reviews SET roadside = NULL, submitted = NULL
             WHERE license = ? AND state <> 'waiting'",
        )?
        .execute([license])?;
    pictures
        .iter()
        .flatten()
        .flatten()
        .try_for_each(|picture| blobs::forget(transaction, picture))
}

/// Deletes what clerks wrote to the driver of a license.
pub(crate) fn forget_words(transaction: &Transaction<'_>, license: &str) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE reviews SET words = NULL WHERE license = ?")?
        .execute([license])?;
    Ok(())
}
