//! Sign-ins under way, by the digest of their cookie.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

use super::{from_sql, to_sql};
use crate::error::{Error, damaged};
use crate::rules::account_steps::{FormFault, Step};
use crate::rules::offers::Mode;

/// A sign-in. The number is personal data.
pub(crate) struct SignIn {
    pub(crate) id: i64,
    /// The digest of the cookie's secret.
    pub(crate) session: [u8; 32],
    /// The id of the pushed request.
    pub(crate) request: i64,
    pub(crate) step: Step,
    pub(crate) fault: Option<FormFault>,
    /// The language that the driver chose.
    pub(crate) language: Option<String>,
    /// The languages that the app asked for.
    pub(crate) locales: Option<String>,
    /// As the driver typed it. Personal data.
    pub(crate) number: Option<String>,
    /// The license of that number; `None` also where there is none.
    pub(crate) license: Option<String>,
    /// The hash of the letter's code that was right.
    pub(crate) letter: Option<String>,
    /// The hash of a new passphrase, until the first code is right.
    pub(crate) passphrase: Option<Zeroizing<String>>,
    /// A new secret of one-time codes, until then.
    pub(crate) totp: Option<Zeroizing<Vec<u8>>>,
    /// What the driver agreed to.
    pub(crate) mode: Option<Mode>,
    pub(crate) replaces: Option<i64>,
    /// Another person was linked to the license since the last time.
    pub(crate) notice: bool,
    pub(crate) made: UnixTime,
    pub(crate) expires: UnixTime,
}

const COLUMNS: &str = "id, session, request, step, fault, language, locales, number,
    license, letter, passphrase, totp, mode, replaces, notice, made, expires";

/// A row as SQLite gives it, with its three words and two times unread.
struct Raw {
    sign_in: SignIn,
    step: String,
    fault: Option<String>,
    mode: Option<String>,
    made: i64,
    expires: i64,
}

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok(Raw {
        sign_in: SignIn {
            id: row.get(0)?,
            session: row.get(1)?,
            request: row.get(2)?,
            step: Step::Number,
            fault: None,
            language: row.get(5)?,
            locales: row.get(6)?,
            number: row.get(7)?,
            license: row.get(8)?,
            letter: row.get(9)?,
            passphrase: row.get::<_, Option<String>>(10)?.map(Zeroizing::new),
            totp: row.get::<_, Option<Vec<u8>>>(11)?.map(Zeroizing::new),
            mode: None,
            replaces: row.get(13)?,
            notice: row.get(14)?,
            made: UnixTime::EPOCH,
            expires: UnixTime::EPOCH,
        },
        step: row.get(3)?,
        fault: row.get(4)?,
        mode: row.get(12)?,
        made: row.get(15)?,
        expires: row.get(16)?,
    })
}

fn read(raw: Raw) -> Result<SignIn, Error> {
    let mode = raw.mode.as_deref();
    Ok(SignIn {
        step: Step::from_name(&raw.step).ok_or_else(|| damaged(()))?,
        fault: raw.fault.as_deref().and_then(FormFault::read),
        mode: mode
            .map(|name| Mode::from_name(name).ok_or_else(|| damaged(())))
            .transpose()?,
        made: from_sql(raw.made)?,
        expires: from_sql(raw.expires)?,
        ..raw.sign_in
    })
}

/// The sign-in of a cookie, while it lasts.
pub(crate) fn by_session(
    transaction: &Transaction<'_>,
    session: &[u8; 32],
    now: UnixTime,
) -> Result<Option<SignIn>, Error> {
    let query = format!("SELECT {COLUMNS} FROM sign_ins WHERE session = ?1 AND expires >= ?2");
    transaction
        .prepare_cached(&query)?
        .query_row(params![session, to_sql(now)], raw)
        .optional()?
        .map(read)
        .transpose()
}

/// Adds one; returns its id.
pub(crate) fn insert(transaction: &Transaction<'_>, new: &SignIn) -> Result<i64, Error> {
    transaction
        .prepare_cached(
            "INSERT INTO sign_ins (session, request, step, locales, made, expires)
             VALUES (?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            new.session,
            new.request,
            new.step.name(),
            new.locales,
            to_sql(new.made),
            to_sql(new.expires)
        ])?;
    Ok(transaction.last_insert_rowid())
}

/// Writes how far a sign-in has come.
pub(crate) fn update(transaction: &Transaction<'_>, held: &SignIn) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "UPDATE sign_ins SET session = ?, step = ?, fault = ?, language = ?, number = ?,
                license = ?, letter = ?, passphrase = ?, totp = ?, mode = ?, replaces = ?,
                notice = ?
             WHERE id = ?",
        )?
        .execute(params![
            held.session,
            held.step.name(),
            held.fault.map(FormFault::stored),
            held.language,
            held.number,
            held.license,
            held.letter,
            held.passphrase.as_ref().map(|hash| hash.as_str()),
            held.totp.as_ref().map(|secret| secret.as_slice()),
            held.mode.map(Mode::name),
            held.replaces,
            held.notice,
            held.id
        ])?;
    Ok(())
}

/// Deletes the other sign-ins for a license: its account begins anew.
pub(crate) fn end_others(
    transaction: &Transaction<'_>,
    license: &str,
    but: i64,
) -> Result<(), Error> {
    transaction
        .prepare_cached("DELETE FROM sign_ins WHERE license = ? AND id <> ?")?
        .execute(params![license, but])?;
    Ok(())
}

/// Forgets at most `limit` sign-ins that are over; returns how many.
pub(crate) fn purge(
    transaction: &Transaction<'_>,
    now: UnixTime,
    limit: u32,
) -> Result<usize, Error> {
    Ok(transaction
        .prepare_cached(
            "DELETE FROM sign_ins WHERE id IN (SELECT id FROM sign_ins WHERE expires < ? LIMIT ?)",
        )?
        .execute(params![to_sql(now), limit])?)
}
