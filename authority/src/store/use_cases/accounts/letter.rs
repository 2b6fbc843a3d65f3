//! Letters: made by a clerk, and the code that a driver types.

use rusqlite::Transaction;
use subtle::ConstantTimeEq as _;
use vidimus_credential::UnixTime;

use super::{fail, find, next_session, repeated, stay};
use crate::error::Error;
use crate::register::accounts::{Attempt, Cookies, MadeLetter, Stepped};
use crate::rules::account_steps::{FormFault, Step};
use crate::rules::short_code::{RANDOM, ShortCode};
use crate::rules::throttle::ADDRESS;
use crate::secret::{Derived, Label, derive, digest, random};
use crate::store::events::Event;
use crate::store::letters::{self, Letter};
use crate::store::nonces::Secret;
use crate::store::{accounts, licenses, sign_ins, tries};

/// How long a letter can be used, in seconds: 30 days.
const LETTER_LIFE: u64 = 30 * 86_400;
/// Wrong codes after which a letter cannot be used any more.
const MOST_WRONG: i64 = 5;

/// Makes a letter; an older one is void.
pub(super) fn make(
    transaction: &Transaction<'_>,
    of: &str,
    now: UnixTime,
) -> Result<MadeLetter, Error> {
    let license = licenses::find(transaction, of)?;
    license.live().ok_or(Error::RowEnded)?;
    let secret = accounts::make_secret(transaction)?;
    let code = ShortCode::of(&random::<RANDOM>()?);
    let old = letters::of_license(transaction, &license.id)?;
    let new = Letter {
        code: hash(&secret, &code, &license.id)?,
        expires: now.saturating_add(LETTER_LIFE),
        wrong: 0,
    };
    letters::put(transaction, &license.id, &new, now)?;
    Event::of(&license.id, "letter_made").append(transaction, now)?;
    Ok(MadeLetter {
        renews: accounts::of_license(transaction, &license.id)?.is_some(),
        license_id: license.id,
        code: code.printed(),
        expires: new.expires,
        replaced: old.is_some_and(|old| old.wrong < MOST_WRONG && now <= old.expires),
    })
}

/// The hash under which a letter's code is stored.
fn hash(secret: &Secret, code: &ShortCode, license: &str) -> Result<String, Error> {
    let from = zeroize::Zeroizing::new(format!("{}\0{license}", code.as_str()));
    Ok(derive(secret, Derived::Letter, &from, 0)?.to_string())
}

/// Judges a code. For a number that no license has, the same is done and written.
pub(super) fn give(
    transaction: &Transaction<'_>,
    attempt: &Attempt<'_>,
    typed: &str,
    now: UnixTime,
) -> Result<Stepped, Error> {
    let secret = accounts::make_secret(transaction)?;
    let slow = match attempt.address {
        Some(address) => tries::take(transaction, &of_address(&secret, address)?, ADDRESS, now)?,
        None => Ok(()),
    };
    let code = ShortCode::read(typed);
    let proof = code.as_ref().map_or("", ShortCode::as_str);
    let Some(mut held) = find(transaction, attempt.session, now)? else {
        return repeated(transaction, &secret, attempt.session, proof, now);
    };
    if held.step != Step::Proof {
        return Ok(stay());
    }
    if let Err(wait) = slow {
        return fail(transaction, held, FormFault::Slow(wait));
    }
    let Some(code) = &code else {
        return fail(transaction, held, FormFault::LetterSlip);
    };
    let license = held.license.clone().unwrap_or_default();
    let given = hash(&secret, code, &license)?;
    let letter = letters::of_license(transaction, &license)?;
    let open = letter.filter(|letter| letter.wrong < MOST_WRONG && now <= letter.expires);
    let right = open
        .as_ref()
        .is_some_and(|letter| letter.code.as_bytes().ct_eq(given.as_bytes()).into());
    if !right {
        letters::count_wrong(transaction, &license, MOST_WRONG)?;
        return fail(transaction, held, FormFault::Letter);
    }
    if let Some(address) = attempt.address {
        tries::give_back(transaction, &of_address(&secret, address)?, ADDRESS)?;
    }
    let session = next_session(&secret, attempt.session, proof)?;
    held.session = digest(Label::SignIn, &[&session]);
    held.step = Step::NewPassphrase;
    held.fault = None;
    held.letter = Some(given);
    sign_ins::update(transaction, &held)?;
    Ok(Stepped::On(Cookies {
        session: Some(session),
        browser: None,
    }))
}

/// Under which the tries of an address are counted.
pub(super) fn of_address(secret: &Secret, address: &str) -> Result<String, Error> {
    Ok(derive(secret, Derived::Tries, &format!("address\0{address}"), 0)?.to_string())
}
