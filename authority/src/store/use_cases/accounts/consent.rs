//! What the pages show, and what a driver who is signed in agrees to or refuses.

use rusqlite::Transaction;
use vidimus_credential::UnixTime;

use super::{fail, find, stay};
use crate::error::{Error, damaged};
use crate::register::accounts::{Choice, Consent, Phone, Stepped, View};
use crate::rules::account_steps::{FormFault, Step};
use crate::rules::offers::{Mode, make_room};
use crate::store::sign_ins::{self, SignIn};
use crate::store::use_cases::add::check_offerable;
use crate::store::use_cases::device_limit;
use crate::store::{devices, from_sql, licenses, requests};

/// What the pages show of a sign-in.
pub(super) fn look(
    transaction: &Transaction<'_>,
    session: &str,
    now: UnixTime,
) -> Result<Option<View>, Error> {
    let Some(held) = find(transaction, session, now)? else {
        return Ok(None);
    };
    let Some(request) = requests::by_id(transaction, held.request)? else {
        return Ok(None);
    };
    let consent = match (held.step, &held.license) {
        (Step::Consent, Some(license)) => consent(transaction, license, held.notice, now)?,
        _ => None,
    };
    Ok(Some(View {
        step: held.step,
        fault: held.fault,
        language: held.language,
        locales: held.locales,
        number: held.number,
        client: request.client,
        redirect_uri: request.redirect_uri,
        totp: held.totp.filter(|_| held.step == Step::NewCode),
        consent,
    }))
}

/// What the driver of a license is asked.
fn consent(
    transaction: &Transaction<'_>,
    license: &str,
    notice: bool,
    now: UnixTime,
) -> Result<Option<Consent>, Error> {
    let Some(row) = licenses::by_id(transaction, license)? else {
        return Ok(None);
    };
    let Some(content) = row.live() else {
        return Ok(None);
    };
    let issuable = is_issuable(transaction, &row, now)?;
    let live = devices::live(transaction, license)?;
    let limit = device_limit(transaction)?;
    let fits = |mode, named| make_room(mode, &live, named, limit).is_ok();
    let mut phones = Vec::new();
    for id in &live {
        let device = devices::by_id(transaction, *id)?.ok_or_else(|| damaged(()))?;
        phones.push(Phone {
            id: *id,
            added: from_sql(device.added)?,
            replaceable: fits(Mode::Replace, Some(*id)),
        });
    }
    let name = [content.license.given_names(), content.license.family_name()];
    Ok(Some(Consent {
        name: name.join(" ").trim().to_owned(),
        number: content.license.license_number().to_owned(),
        issuable,
        beside: !live.is_empty() && fits(Mode::Beside, None),
        all: live.len() > 1,
        phones,
        notice,
    }))
}

/// Whether anything can be issued for a license: it is neither revoked nor past its last day.
fn is_issuable(
    transaction: &Transaction<'_>,
    row: &licenses::Registered,
    now: UnixTime,
) -> Result<bool, Error> {
    match check_offerable(transaction, row, now) {
        Ok(()) => Ok(true),
        Err(Error::Revoked | Error::Superseded | Error::PastLastDay | Error::RowEnded) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The driver agrees. Where the same is sent again, the app's address is the same again.
pub(super) fn agree(
    transaction: &Transaction<'_>,
    session: &str,
    choice: Option<Choice>,
    now: UnixTime,
) -> Result<Stepped, Error> {
    let Some(mut held) = find(transaction, session, now)? else {
        return Ok(Stepped::Gone);
    };
    let Some(license) = held.license.clone() else {
        return Ok(stay());
    };
    match (held.step, held.mode) {
        (Step::Agreed, Some(mode)) => return leave(transaction, &held, &license, mode, now),
        (Step::Consent, _) => {}
        _ => return Ok(stay()),
    }
    let Some(row) = licenses::by_id(transaction, &license)? else {
        return Ok(Stepped::Gone);
    };
    if !is_issuable(transaction, &row, now)? {
        return Ok(stay());
    }
    let live = devices::live(transaction, &license)?;
    let (mode, named) = match choice {
        Some(Choice::First) => (Mode::First, None),
        Some(Choice::Beside) => (Mode::Beside, None),
        Some(Choice::Replace(id)) if live.contains(&id) => (Mode::Replace, Some(id)),
        Some(Choice::ReplaceAll) => (Mode::Replace, None),
        Some(Choice::Replace(_)) | None => {
            return fail(transaction, held, FormFault::Choice);
        }
    };
    // Phones may have come or gone since the page was drawn: it is drawn anew.
    if make_room(mode, &live, named, device_limit(transaction)?).is_err() {
        return fail(transaction, held, FormFault::Choice);
    }
    (held.step, held.fault) = (Step::Agreed, None);
    (held.mode, held.replaces) = (Some(mode), named);
    sign_ins::update(transaction, &held)?;
    leave(transaction, &held, &license, mode, now)
}

fn leave(
    transaction: &Transaction<'_>,
    held: &SignIn,
    license: &str,
    mode: Mode,
    now: UnixTime,
) -> Result<Stepped, Error> {
    requests::agree(transaction, held.request, license, mode, held.replaces, now)
        .map(Stepped::Leave)
}

/// The driver refuses: the app is told `access_denied`.
pub(super) fn refuse(
    transaction: &Transaction<'_>,
    session: &str,
    now: UnixTime,
) -> Result<Stepped, Error> {
    let Some(mut held) = find(transaction, session, now)? else {
        return Ok(Stepped::Gone);
    };
    if held.step == Step::Agreed {
        return Ok(stay());
    }
    (held.step, held.fault) = (Step::Refused, None);
    sign_ins::update(transaction, &held)?;
    let address = requests::refuse(transaction, held.request, "access_denied", now)?;
    Ok(Stepped::Leave(address.into()))
}
