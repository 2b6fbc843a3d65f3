//! A letter was right: a new passphrase, and a new secret of one-time codes.

use rusqlite::Transaction;
use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

use super::{fail, find, repeated, signed_in, stay};
use crate::accounts::totp;
use crate::error::Error;
use crate::register::accounts::{Attempt, Stepped, Wanted};
use crate::rules::account_steps::{FormFault, Step};
use crate::secret::random;
use crate::store::accounts::Account;
use crate::store::events::Event;
use crate::store::{accounts, known_browsers, letters, sign_ins};

/// Whether a new passphrase is wanted, and this one would be taken.
pub(super) fn ask(
    transaction: &Transaction<'_>,
    session: &str,
    weak: &dyn Fn(&str) -> Result<(), FormFault>,
    now: UnixTime,
) -> Result<Wanted, Error> {
    let Some(held) = find(transaction, session, now)? else {
        return Ok(Wanted::Answer(Stepped::Gone));
    };
    if held.step != Step::NewPassphrase {
        return Ok(Wanted::Answer(stay()));
    }
    match weak(held.number.as_deref().unwrap_or_default()) {
        Ok(()) => Ok(Wanted::Hash),
        Err(fault) => fail(transaction, held, fault).map(Wanted::Answer),
    }
}

/// Notes a new passphrase's hash, and makes the secret that the next page shows.
pub(super) fn give_passphrase(
    transaction: &Transaction<'_>,
    session: &str,
    hash: &str,
    now: UnixTime,
) -> Result<Stepped, Error> {
    let Some(mut held) = find(transaction, session, now)? else {
        return Ok(Stepped::Gone);
    };
    if held.step != Step::NewPassphrase {
        return Ok(stay());
    }
    held.passphrase = Some(Zeroizing::new(hash.to_owned()));
    held.totp = Some(Zeroizing::new(random::<{ totp::SECRET }>()?.to_vec()));
    held.step = Step::NewCode;
    held.fault = None;
    sign_ins::update(transaction, &held)?;
    Ok(stay())
}

/// The first code is right: the account is made or set anew, the letter is used up, and browsers
/// and sign-ins of before are forgotten.
pub(super) fn give_code(
    transaction: &Transaction<'_>,
    attempt: &Attempt<'_>,
    code: &str,
    now: UnixTime,
) -> Result<Stepped, Error> {
    let secret = accounts::make_secret(transaction)?;
    let code = totp::plain(code);
    let Some(mut held) = find(transaction, attempt.session, now)? else {
        return repeated(transaction, &secret, attempt.session, &code, now);
    };
    let (Step::NewCode, Some(license), Some(letter), Some(totp), Some(passphrase)) = (
        held.step,
        held.license.clone(),
        held.letter.clone(),
        held.totp.take(),
        held.passphrase.take(),
    ) else {
        return Ok(stay());
    };
    let Some(step) = totp::step_of(&totp, &code, now) else {
        (held.totp, held.passphrase) = (Some(totp), Some(passphrase));
        return fail(transaction, held, FormFault::Code);
    };
    if !letters::take(transaction, &license, &letter)? {
        // Another letter was made, or this one was used elsewhere meanwhile.
        (held.step, held.letter) = (Step::Proof, None);
        return fail(transaction, held, FormFault::Letter);
    }
    let renewed = accounts::of_license(transaction, &license)?.is_some();
    let account = Account {
        passphrase,
        totp,
        step,
    };
    accounts::put(transaction, &license, &account, now)?;
    known_browsers::forget_all(transaction, &license)?;
    sign_ins::end_others(transaction, &license, held.id)?;
    let kind = if renewed {
        "account_renewed"
    } else {
        "account_made"
    };
    Event::of(&license, kind).append(transaction, now)?;
    signed_in(transaction, &secret, attempt, held, &code, now)
}
