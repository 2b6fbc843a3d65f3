//! The passphrase, and the code of the moment.

use rusqlite::Transaction;
use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

use super::letter::of_address;
use super::{browser_name, fail, find, next_session, repeated, signed_in, stay};
use crate::accounts::totp;
use crate::error::Error;
use crate::register::accounts::{Asked, Attempt, Cookies, Stepped};
use crate::rules::account_steps::{FormFault, Step};
use crate::rules::number;
use crate::rules::throttle::{ADDRESS, BROWSER, NUMBER, Pace};
use crate::secret::{Derived, Label, derive, digest};
use crate::store::events::Event;
use crate::store::nonces::Secret;
use crate::store::sign_ins::SignIn;
use crate::store::{accounts, known_browsers, sign_ins, tries};

/// What a try counts against.
struct Counts(Vec<(String, Pace)>);

impl Counts {
    /// An unknown browser counts against the number, known or not; a known one against itself.
    fn of(
        transaction: &Transaction<'_>,
        secret: &Secret,
        attempt: &Attempt<'_>,
        held: &SignIn,
        now: UnixTime,
    ) -> Result<Self, Error> {
        let mut counts = Vec::new();
        if let Some(address) = attempt.address {
            counts.push((of_address(secret, address)?, ADDRESS));
        }
        let license = held.license.as_deref().unwrap_or_default();
        let cookie = (attempt.cookie)(&browser_name(secret, license)?).map(Zeroizing::new);
        let browser = cookie.map(|cookie| digest(Label::Browser, &[&cookie]));
        let known = match &browser {
            Some(browser) => known_browsers::is_known(transaction, license, browser, now)?,
            None => false,
        };
        let (what, pace) = match browser.filter(|_| known) {
            Some(browser) => (
                format!("browser\0{}", crate::secret::hex(&browser)),
                BROWSER,
            ),
            None => {
                let typed = held.number.as_deref().unwrap_or_default();
                (format!("number\0{}", number::key(typed)), NUMBER)
            }
        };
        let who = derive(secret, Derived::Tries, &what, 0)?.to_string();
        counts.push((who, pace));
        Ok(Self(counts))
    }

    /// Counts one try against each.
    fn take(
        &self,
        transaction: &Transaction<'_>,
        now: UnixTime,
    ) -> Result<Result<(), FormFault>, Error> {
        for (who, pace) in &self.0 {
            if let Err(wait) = tries::take(transaction, who, *pace, now)? {
                return Ok(Err(FormFault::Slow(wait)));
            }
        }
        Ok(Ok(()))
    }

    /// Takes one try back, which was right.
    fn give_back(&self, transaction: &Transaction<'_>) -> Result<(), Error> {
        for (who, pace) in &self.0 {
            tries::give_back(transaction, who, *pace)?;
        }
        Ok(())
    }
}

/// Counts a try, and says with what the passphrase is to be compared.
pub(super) fn ask_passphrase(
    transaction: &Transaction<'_>,
    attempt: &Attempt<'_>,
    passphrase: &str,
    now: UnixTime,
) -> Result<Asked, Error> {
    let secret = accounts::make_secret(transaction)?;
    let Some(held) = find(transaction, attempt.session, now)? else {
        // A try of an address all the same: this must be no way to guess.
        if let Some(address) = attempt.address
            && tries::take(transaction, &of_address(&secret, address)?, ADDRESS, now)?.is_err()
        {
            return Ok(Asked::Answer(Stepped::Gone));
        }
        return repeated(transaction, &secret, attempt.session, passphrase, now).map(Asked::Answer);
    };
    if held.step != Step::Proof {
        return Ok(Asked::Answer(stay()));
    }
    let counts = Counts::of(transaction, &secret, attempt, &held, now)?;
    if let Err(fault) = counts.take(transaction, now)? {
        return fail(transaction, held, fault).map(Asked::Answer);
    }
    let license = held.license.as_deref().unwrap_or_default();
    let account = accounts::of_license(transaction, license)?;
    Ok(Asked::Compare(account.map(|account| account.passphrase)))
}

/// Judges a passphrase that was compared. It is right only where the hash still is the account's.
pub(super) fn give_passphrase(
    transaction: &Transaction<'_>,
    attempt: &Attempt<'_>,
    passphrase: &str,
    compared: Option<&str>,
    right: bool,
    now: UnixTime,
) -> Result<Stepped, Error> {
    let secret = accounts::make_secret(transaction)?;
    let Some(mut held) = find(transaction, attempt.session, now)? else {
        return repeated(transaction, &secret, attempt.session, passphrase, now);
    };
    if held.step != Step::Proof {
        return Ok(stay());
    }
    let license = held.license.as_deref().unwrap_or_default();
    let account = accounts::of_license(transaction, license)?;
    let present = account.is_some_and(|account| Some(account.passphrase.as_str()) == compared);
    if !(right && present) {
        return fail(transaction, held, FormFault::Passphrase);
    }
    Counts::of(transaction, &secret, attempt, &held, now)?.give_back(transaction)?;
    let session = next_session(&secret, attempt.session, passphrase)?;
    held.session = digest(Label::SignIn, &[&session]);
    held.step = Step::Code;
    held.fault = None;
    sign_ins::update(transaction, &held)?;
    Ok(Stepped::On(Cookies {
        session: Some(session),
        browser: None,
    }))
}

/// Judges the code of the moment; its time step is taken, and no later form can use it again.
pub(super) fn give_code(
    transaction: &Transaction<'_>,
    attempt: &Attempt<'_>,
    code: &str,
    now: UnixTime,
) -> Result<Stepped, Error> {
    let secret = accounts::make_secret(transaction)?;
    let code = totp::plain(code);
    let Some(held) = find(transaction, attempt.session, now)? else {
        return repeated(transaction, &secret, attempt.session, &code, now);
    };
    if held.step != Step::Code {
        return Ok(stay());
    }
    let counts = Counts::of(transaction, &secret, attempt, &held, now)?;
    if let Err(fault) = counts.take(transaction, now)? {
        return fail(transaction, held, fault);
    }
    let license = held.license.clone().unwrap_or_default();
    let Some(account) = accounts::of_license(transaction, &license)? else {
        return Ok(Stepped::Gone);
    };
    let step = totp::step_of(&account.totp, &code, now);
    let taken = match step {
        Some(step) => accounts::take_step(transaction, &license, step)?,
        None => false,
    };
    if !taken {
        return fail(transaction, held, FormFault::Code);
    }
    counts.give_back(transaction)?;
    Event {
        detail: Some("passphrase"),
        ..Event::of(&license, "signed_in")
    }
    .append(transaction, now)?;
    signed_in(transaction, &secret, attempt, held, &code, now)
}
