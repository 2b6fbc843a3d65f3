//! The rows of driver's licenses.

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};
use vidimus_credential::{License, UnixTime};

use super::blobs::BlobDigest;
use super::{from_sql, settings, to_sql};
use crate::application_form;
use crate::error::{Error, damaged};
use crate::rules::number;
use crate::rules::succession::{RowDates, is_last};
use crate::secret::{Derived, derive};

pub(crate) struct Registered {
    pub(crate) id: String,
    pub(crate) added: UnixTime,
    /// Rises with each change of what a credential says.
    pub(crate) version: i64,
    pub(crate) stage: Stage,
}

/// How far the life of a license has come.
pub(crate) enum Stage {
    /// It has its number.
    Live(Box<Content>),
    /// Its number is free.
    Ended(End, Box<Content>),
    /// It has ended, and its personal data was deleted after the retention.
    Forgotten(End),
}

/// What a license says. Personal data.
pub(crate) struct Content {
    pub(crate) license: License,
    /// Digest of the roadside portrait.
    pub(crate) portrait: BlobDigest,
    /// Digest of the portrait as it was submitted.
    pub(crate) submitted: BlobDigest,
}

/// The end of a license.
pub(crate) struct End {
    pub(crate) at: UnixTime,
    /// One of the words of `license end --reason`.
    pub(crate) reason: String,
}

const COLUMNS: &str = "id, driver, added, version, portrait, submitted, ended, end_reason";

/// A row as SQLite gives it.
type Raw = (
    String,
    Option<String>,
    i64,
    i64,
    Option<BlobDigest>,
    Option<BlobDigest>,
    Option<i64>,
    Option<String>,
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
    ))
}

impl Registered {
    fn read(raw: Raw) -> Result<Self, Error> {
        let (id, json, added, version, portrait, submitted, ended, end_reason) = raw;
        let content = match (json, portrait, submitted) {
            (Some(json), Some(portrait), Some(submitted)) => Some(Box::new(Content {
                license: application_form::parse(json.as_bytes()).map_err(damaged)?,
                portrait,
                submitted,
            })),
            (None, None, None) => None,
            _ => return Err(damaged(())),
        };
        let end = match ended {
            Some(at) => Some(End {
                at: from_sql(at)?,
                reason: end_reason.unwrap_or_default(),
            }),
            None => None,
        };
        let stage = match (end, content) {
            (None, Some(content)) => Stage::Live(content),
            (Some(end), Some(content)) => Stage::Ended(end, content),
            (Some(end), None) => Stage::Forgotten(end),
            (None, None) => return Err(damaged(())),
        };
        Ok(Self {
            id,
            added: from_sql(added)?,
            version,
            stage,
        })
    }

    /// What it says, while it has not ended.
    pub(crate) fn live(&self) -> Option<&Content> {
        match &self.stage {
            Stage::Live(content) => Some(content),
            Stage::Ended(..) | Stage::Forgotten(_) => None,
        }
    }
}

/// Begins a stored key: which of the forms it has in which numbers were stored so far. What follows
/// is keyed by a secret of the register, so that it can outlive the number: where the personal data
/// of a license was deleted, what still counts against its number is found by it. Those of before
/// are in the clear (`v2:`, or no mark and never a small letter).
///
/// A later form cannot be made for a number that was deleted. Such a row has to be looked for by
/// this form too.
const FORM: &str = "v3:";
/// Is later than every key that begins with [`FORM`], and earlier than those of the next form.
const AFTER_FORM: &str = "v3;";
/// Stands behind the key, and before the id, of a live row whose number another live row has: they
/// were registered when numbers were compared less strictly.
const TWIN: char = '\u{1}';
/// Is later than what begins with a key and [`TWIN`].
const AFTER_TWIN: char = '\u{2}';

/// The form of a number under which its row is found.
fn stored_key(transaction: &Transaction<'_>, number: &str) -> Result<String, Error> {
    let secret = settings::number_secret(transaction)?;
    let keyed = derive(&secret, Derived::Number, &number::key(number), 0)?;
    Ok(format!("{FORM}{}", &*keyed))
}

/// Whether a row has a key of an earlier form.
pub(crate) fn has_old_keys(connection: &Connection) -> Result<bool, Error> {
    Ok(connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM licenses WHERE number_key < ?1)
            OR EXISTS (SELECT 1 FROM licenses WHERE number_key >= ?2)",
        [FORM, AFTER_FORM],
        |row| row.get(0),
    )?)
}

/// Brings keys of an earlier form into the present one. Where two live rows have one number by it,
/// the earlier keeps it, and both are found by their ids alone until one of them has ended.
pub(crate) fn renew_keys(transaction: &Transaction<'_>) -> Result<(), Error> {
    let mut statement = transaction.prepare(
        "SELECT id, number, ended IS NULL FROM licenses
         WHERE number IS NOT NULL AND (number_key < ?1 OR number_key >= ?2) ORDER BY added, rowid",
    )?;
    let rows = statement.query_map([FORM, AFTER_FORM], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })?;
    let rows: Vec<(String, String, bool)> = rows.collect::<Result<_, _>>()?;
    let mut update = transaction.prepare("UPDATE licenses SET number_key = ? WHERE id = ?")?;
    for (id, number, live) in rows {
        let mut key = stored_key(transaction, &number)?;
        if live && let Some(other) = live_of_number(transaction, &number)?.first() {
            tracing::error!(
                target: super::TOLD,
                "the licenses {other} and {id} have one number, as numbers are compared now: look at both and end one"
            );
            key = format!("{key}{TWIN}{id}");
        }
        update.execute([key, id])?;
    }
    Ok(())
}

pub(crate) fn insert(
    transaction: &Transaction<'_>,
    id: &str,
    license: &License,
    pictures: (&BlobDigest, &BlobDigest),
    now: UnixTime,
) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "INSERT INTO licenses (id, number, number_key, added, driver, portrait, submitted)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            id,
            license.license_number(),
            stored_key(transaction, license.license_number())?,
            to_sql(now),
            application_form::to_json(license).to_string(),
            pictures.0,
            pictures.1
        ])?;
    Ok(())
}

/// The row of this id.
pub(crate) fn by_id(transaction: &Transaction<'_>, id: &str) -> Result<Option<Registered>, Error> {
    let query = format!("SELECT {COLUMNS} FROM licenses WHERE id = ?");
    transaction
        .prepare_cached(&query)?
        .query_row([id], raw)
        .optional()?
        .map(Registered::read)
        .transpose()
}

/// The ids of the live rows with this number: one, or several of a time when numbers were compared
/// less strictly.
pub(crate) fn live_of_number(
    transaction: &Transaction<'_>,
    number: &str,
) -> Result<Vec<String>, Error> {
    let key = stored_key(transaction, number)?;
    let one: Option<String> = transaction
        .prepare_cached("SELECT id FROM licenses WHERE number_key = ? AND ended IS NULL")?
        .query_row([&key], |row| row.get(0))
        .optional()?;
    let mut statement = transaction.prepare_cached(
        "SELECT id FROM licenses WHERE number_key >= ? AND number_key < ? AND ended IS NULL",
    )?;
    let twins = statement.query_map(
        [format!("{key}{TWIN}"), format!("{key}{AFTER_TWIN}")],
        |row| row.get(0),
    )?;
    one.into_iter()
        .map(Ok)
        .chain(twins)
        .map(|id| Ok(id?))
        .collect()
}

/// The id of the live row with this number.
///
/// # Errors
/// [`Error::NumberTwice`] where two have it.
pub(crate) fn one_of_number(
    transaction: &Transaction<'_>,
    number: &str,
) -> Result<Option<String>, Error> {
    let mut live = live_of_number(transaction, number)?.into_iter();
    match (live.next(), live.next()) {
        (Some(one), Some(other)) => Err(Error::NumberTwice { one, other }),
        (one, _) => Ok(one),
    }
}

/// The id of the ended row that had this number last.
pub(crate) fn ended_of_number(
    transaction: &Transaction<'_>,
    number: &str,
) -> Result<Option<String>, Error> {
    let key = stored_key(transaction, number)?;
    let read = |row: &Row<'_>| Ok((row.get(1)?, row.get(2)?, row.get(0)?));
    let one: Option<(i64, i64, String)> = transaction
        .prepare_cached(
            "SELECT id, added, rowid FROM licenses WHERE number_key = ? AND ended IS NOT NULL
             ORDER BY added DESC, rowid DESC LIMIT 1",
        )?
        .query_row([&key], read)
        .optional()?;
    let twin = transaction
        .prepare_cached(
            "SELECT id, added, rowid FROM licenses
             WHERE number_key >= ? AND number_key < ? AND ended IS NOT NULL
             ORDER BY added DESC, rowid DESC LIMIT 1",
        )?
        .query_row([format!("{key}{TWIN}"), format!("{key}{AFTER_TWIN}")], read)
        .optional()?;
    Ok(one.max(twin).map(|(_, _, id)| id))
}

/// The ids of the ended rows of this number from which what counted against them has to be taken
/// over: no row was added after they ended. The oldest first.
pub(crate) fn ended_last(
    transaction: &Transaction<'_>,
    number: &str,
) -> Result<Vec<String>, Error> {
    let rows = rows_of_key(transaction, &stored_key(transaction, number)?)?;
    let lives: Vec<RowDates> = rows.iter().map(|row| row.life).collect();
    let last = rows.into_iter();
    let last = last.filter(|row| row.has_ended && is_last(row.life, &lives));
    Ok(last.map(|row| row.id).collect())
}

/// A row of a number, among the others of it.
pub(crate) struct NumberRow {
    pub(crate) id: String,
    pub(crate) life: RowDates,
    pub(crate) has_ended: bool,
}

/// All rows of the number of this row, in the order in which they were added. None, where its
/// number and the key of it were deleted.
pub(crate) fn of_same_number(
    transaction: &Transaction<'_>,
    id: &str,
) -> Result<Vec<NumberRow>, Error> {
    let Some(stored) = key_of(transaction, id)? else {
        return Ok(Vec::new());
    };
    let key = stored.split(TWIN).next().unwrap_or_default();
    rows_of_key(transaction, key)
}

/// The stored key of a row.
fn key_of(transaction: &Transaction<'_>, id: &str) -> Result<Option<String>, Error> {
    let key: Option<Option<String>> = transaction
        .prepare_cached("SELECT number_key FROM licenses WHERE id = ?")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    Ok(key.flatten())
}

fn rows_of_key(transaction: &Transaction<'_>, key: &str) -> Result<Vec<NumberRow>, Error> {
    let mut statement = transaction.prepare_cached(
        "WITH known AS (
            SELECT id, added, ended FROM licenses WHERE number_key = ?1
            UNION ALL
            SELECT id, added, ended FROM licenses WHERE number_key >= ?2 AND number_key < ?3
         )
         SELECT id,
            (SELECT min(id) FROM events WHERE license = known.id AND kind = 'added'),
            (SELECT max(id) FROM events WHERE license = known.id AND kind = 'ended'),
            ended IS NOT NULL
         FROM known ORDER BY added",
    )?;
    let keys = [key, &format!("{key}{TWIN}"), &format!("{key}{AFTER_TWIN}")];
    let rows = statement.query_map(keys, |row| {
        let life = RowDates {
            added: row.get(1)?,
            ended: row.get(2)?,
        };
        Ok(NumberRow {
            id: row.get(0)?,
            life,
            has_ended: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The id that a clerk means: a row's id, or the number of the live row, or else of the one that
/// ended last.
pub(crate) fn resolve(transaction: &Transaction<'_>, text: &str) -> Result<String, Error> {
    let known: Option<String> = transaction
        .prepare_cached("SELECT id FROM licenses WHERE id = ?")?
        .query_row([text.trim()], |row| row.get(0))
        .optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    if let Some(id) = one_of_number(transaction, text)? {
        return Ok(id);
    }
    ended_of_number(transaction, text)?.ok_or(Error::UnknownLicense)
}

/// Whether this text can mean the row of this id: it is its id or its number, also where another
/// row has that number by now.
pub(crate) fn is_named(transaction: &Transaction<'_>, id: &str, text: &str) -> Result<bool, Error> {
    if text.trim() == id {
        return Ok(true);
    }
    let key = stored_key(transaction, text)?;
    Ok(key_of(transaction, id)?.is_some_and(|stored| {
        stored
            .strip_prefix(key.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(TWIN))
    }))
}

/// The row that a clerk means, by its id or its number.
pub(crate) fn find(transaction: &Transaction<'_>, text: &str) -> Result<Registered, Error> {
    let id = resolve(transaction, text)?;
    by_id(transaction, &id)?.ok_or(Error::UnknownLicense)
}

/// At most `limit` rows in the order of registration, after the row of this id.
pub(crate) fn page(
    transaction: &Transaction<'_>,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<Registered>, Error> {
    let begin = match after {
        None => (i64::MIN, String::new()),
        Some(id) => {
            let added: Option<i64> = transaction
                .prepare_cached("SELECT added FROM licenses WHERE id = ?")?
                .query_row([id], |row| row.get(0))
                .optional()?;
            (added.ok_or(Error::UnknownLicense)?, id.to_owned())
        }
    };
    let query = format!(
        "SELECT {COLUMNS} FROM licenses WHERE (added, id) > (?, ?) ORDER BY added, id LIMIT ?"
    );
    let mut statement = transaction.prepare_cached(&query)?;
    let rows = statement.query_map(params![begin.0, begin.1, limit], raw)?;
    rows.map(|row| Registered::read(row?)).collect()
}

/// Writes another content, with the number as it is compared; the version rises where a credential
/// shows it.
pub(crate) fn update(
    transaction: &Transaction<'_>,
    id: &str,
    license: &License,
    pictures: (&BlobDigest, &BlobDigest),
    visible: bool,
) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "UPDATE licenses SET number = ?, driver = ?, portrait = ?, submitted = ?,
                version = version + ? WHERE id = ?",
        )?
        .execute(params![
            license.license_number(),
            application_form::to_json(license).to_string(),
            pictures.0,
            pictures.1,
            i64::from(visible),
            id
        ])?;
    Ok(())
}

/// Ends a row: its number is free.
pub(crate) fn end(
    transaction: &Transaction<'_>,
    id: &str,
    reason: &str,
    now: UnixTime,
) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "UPDATE licenses SET ended = ?, end_reason = ? WHERE id = ? AND ended IS NULL",
        )?
        .execute(params![to_sql(now), reason, id])?;
    Ok(())
}
