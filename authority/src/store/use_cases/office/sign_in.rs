//! Users sign in, and set up what they sign in by.

use rusqlite::Transaction;
use vidimus_credential::UnixTime;

use crate::error::Error;
use crate::register::office::{SignInCheck, Try, UserRow};
use crate::secret::{Label, digest};
use crate::store::{events, office_sessions as sessions, users};

/// Wrong sign-ins in a quarter of an hour: of one name from one place, of one name from anywhere,
/// and from one place with any name. The second is high, so that a stranger who guesses from one
/// place does not keep its user out.
const LIMITS: [u32; 3] = [5, 50, 60];

fn counted(name: &str, from: &str) -> [[u8; 32]; 3] {
    [
        digest(Label::OfficeTries, &["both", name, from]),
        digest(Label::OfficeTries, &["name", name]),
        digest(Label::OfficeTries, &["from", from]),
    ]
}

/// Counts the try first: so many at once are no more than so many one after another.
pub(super) fn try_it(
    transaction: &Transaction<'_>,
    name: &str,
    from: &str,
    now: UnixTime,
) -> Result<Try, Error> {
    let who = counted(name, from);
    for (who, limit) in who.iter().zip(LIMITS) {
        let (wrong, first) = sessions::tries(transaction, who, now)?;
        if wrong >= limit {
            return Ok(Try::SlowDown(sessions::forgotten_in(first, now)));
        }
    }
    for who in &who {
        sessions::count(transaction, who, now)?;
    }
    Ok(Try::Counted(users::sign_in_of(transaction, name)?))
}

/// What was counted of a sign-in that was right counts no more.
fn forget_tries(
    transaction: &Transaction<'_>,
    user: i64,
    from: &str,
) -> Result<Option<UserRow>, Error> {
    let user = users::by_id(transaction, user)?;
    if let Some(user) = &user {
        let [both, ..] = counted(&user.name, from);
        sessions::forget(transaction, &both)?;
    }
    Ok(user)
}

pub(super) fn done(
    transaction: &Transaction<'_>,
    check: &SignInCheck,
    step: i64,
    from: &str,
    session: &[u8; 32],
    now: UnixTime,
) -> Result<bool, Error> {
    if !users::take_step(transaction, check, step)? {
        return Ok(false);
    }
    forget_tries(transaction, check.user, from)?;
    sessions::insert(transaction, session, check.user, now)?;
    note(transaction, "signed_in", check.user, now)?;
    Ok(true)
}

pub(super) fn by_certificate(
    transaction: &Transaction<'_>,
    certificate: &[u8; 32],
    session: &[u8; 32],
    now: UnixTime,
) -> Result<Option<UserRow>, Error> {
    let Some(user) = users::by_certificate(transaction, certificate)? else {
        return Ok(None);
    };
    sessions::insert(transaction, session, user.id, now)?;
    note(transaction, "signed_in", user.id, now)?;
    Ok(Some(user))
}

pub(super) fn confirm(
    transaction: &Transaction<'_>,
    check: &SignInCheck,
    step: i64,
    from: &str,
    session: &[u8; 32],
    now: UnixTime,
) -> Result<bool, Error> {
    if !users::take_step(transaction, check, step)? {
        return Ok(false);
    }
    forget_tries(transaction, check.user, from)?;
    sessions::confirm(transaction, session, check.user, now)
}

pub(super) fn sign_out(
    transaction: &Transaction<'_>,
    session: &[u8; 32],
    now: UnixTime,
) -> Result<(), Error> {
    match sessions::remove(transaction, session)? {
        Some(user) => note(transaction, "signed_out", user, now),
        None => Ok(()),
    }
}

pub(super) fn finish_set_up(
    transaction: &Transaction<'_>,
    set_up: &[u8; 32],
    passphrase: &str,
    step: i64,
    now: UnixTime,
) -> Result<Option<UserRow>, Error> {
    let Some(found) = sessions::find_set_up(transaction, set_up, now)? else {
        return Ok(None);
    };
    users::set_sign_in(transaction, found.user, passphrase, &found.totp, step)?;
    sessions::remove_all(transaction, found.user)?;
    note(transaction, "sign_in_set_up", found.user, now)?;
    users::by_id(transaction, found.user)
}

fn note(
    transaction: &Transaction<'_>,
    kind: &'static str,
    user: i64,
    now: UnixTime,
) -> Result<(), Error> {
    events::append_other(transaction, kind, &format!("u{user}"), now)
}
