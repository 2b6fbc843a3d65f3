//! Accounts and the steps of a sign-in.

mod consent;
mod enroll;
mod letter;
mod login;
mod proof;

use rusqlite::Transaction;
use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

use super::Sqlite;
use crate::error::Error;
use crate::register::accounts::{
    AccountSecret, Accounts, Asked, Attempt, Choice, Cookies, MadeLetter, Opened, Opening, Person,
    ProviderLogin, Stepped, View, Wanted,
};
use crate::rules::account_steps::{FormFault, Step};
use crate::secret::{Derived, Label, base64url, derive, digest, random};
use crate::store::known_browsers;
use crate::store::nonces::Secret;
use crate::store::sign_ins::{self, SignIn};
use crate::store::{accounts, licenses, requests};

/// How long a sign-in lasts, in seconds.
pub(crate) const SIGN_IN_LIFE: u64 = 600;
/// How long a browser is known, in seconds: a year.
pub(crate) const BROWSER_LIFE: u64 = 365 * 86_400;
/// The longest number that is looked for, in bytes.
const MAX_NUMBER: usize = 128;

impl Accounts for Sqlite<'_> {
    fn make_letter(&self, of: &str, now: UnixTime) -> Result<MadeLetter, Error> {
        self.store
            .write(|transaction| letter::make(transaction, of, now))
    }

    fn allow_link(&self, of: &str, by: &str, now: UnixTime) -> Result<String, Error> {
        self.store
            .write(|transaction| login::allow(transaction, of, by, now))
    }

    fn account_secret(&self) -> Result<AccountSecret, Error> {
        if let Some(held) = self.store.read(accounts::secret)? {
            return Ok(held);
        }
        self.store.write(accounts::make_secret)
    }

    fn open_request(&self, opening: &Opening<'_>, now: UnixTime) -> Result<Opened, Error> {
        self.store
            .write(|transaction| open(transaction, opening, now))
    }

    fn look(&self, session: &str, now: UnixTime) -> Result<Option<View>, Error> {
        self.store
            .read(|transaction| consent::look(transaction, session, now))
    }

    fn choose_language(&self, session: &str, language: &str, now: UnixTime) -> Result<bool, Error> {
        self.store.write(|transaction| {
            let Some(mut held) = find(transaction, session, now)? else {
                return Ok(false);
            };
            held.language = Some(language.to_owned());
            sign_ins::update(transaction, &held)?;
            Ok(true)
        })
    }

    fn give_number(&self, session: &str, number: &str, now: UnixTime) -> Result<Stepped, Error> {
        self.store
            .write(|transaction| give_number(transaction, session, number, now))
    }

    fn ask_passphrase(
        &self,
        attempt: &Attempt<'_>,
        passphrase: &str,
        now: UnixTime,
    ) -> Result<Asked, Error> {
        self.store
            .write(|transaction| proof::ask_passphrase(transaction, attempt, passphrase, now))
    }

    fn give_passphrase(
        &self,
        attempt: &Attempt<'_>,
        passphrase: &str,
        compared: Option<&str>,
        right: bool,
        now: UnixTime,
    ) -> Result<Stepped, Error> {
        self.store.write(|transaction| {
            proof::give_passphrase(transaction, attempt, passphrase, compared, right, now)
        })
    }

    fn give_letter(
        &self,
        attempt: &Attempt<'_>,
        typed: &str,
        now: UnixTime,
    ) -> Result<Stepped, Error> {
        self.store
            .write(|transaction| letter::give(transaction, attempt, typed, now))
    }

    fn ask_new_passphrase(
        &self,
        session: &str,
        weak: &dyn Fn(&str) -> Result<(), FormFault>,
        now: UnixTime,
    ) -> Result<Wanted, Error> {
        self.store
            .write(|transaction| enroll::ask(transaction, session, weak, now))
    }

    fn give_new_passphrase(
        &self,
        session: &str,
        hash: &str,
        now: UnixTime,
    ) -> Result<Stepped, Error> {
        self.store
            .write(|transaction| enroll::give_passphrase(transaction, session, hash, now))
    }

    fn give_new_code(
        &self,
        attempt: &Attempt<'_>,
        code: &str,
        now: UnixTime,
    ) -> Result<Stepped, Error> {
        self.store
            .write(|transaction| enroll::give_code(transaction, attempt, code, now))
    }

    fn give_code(
        &self,
        attempt: &Attempt<'_>,
        code: &str,
        now: UnixTime,
    ) -> Result<Stepped, Error> {
        self.store
            .write(|transaction| proof::give_code(transaction, attempt, code, now))
    }

    fn agree(
        &self,
        session: &str,
        choice: Option<Choice>,
        now: UnixTime,
    ) -> Result<Stepped, Error> {
        self.store
            .write(|transaction| consent::agree(transaction, session, choice, now))
    }

    fn refuse(&self, session: &str, now: UnixTime) -> Result<Stepped, Error> {
        self.store
            .write(|transaction| consent::refuse(transaction, session, now))
    }

    fn begin_login(&self, session: &str, now: UnixTime) -> Result<Option<ProviderLogin>, Error> {
        self.store
            .write(|transaction| login::begin(transaction, session, now))
    }

    fn take_login(
        &self,
        session: &str,
        state: &str,
        now: UnixTime,
    ) -> Result<Option<ProviderLogin>, Error> {
        self.store
            .write(|transaction| login::take(transaction, session, state, now))
    }

    fn end_login(
        &self,
        session: &str,
        state: &str,
        person: Result<&Person<'_>, FormFault>,
        now: UnixTime,
    ) -> Result<Stepped, Error> {
        self.store
            .write(|transaction| login::end(transaction, session, state, person, now))
    }
}

/// Opens a request once, and binds its sign-in to the browser that did.
fn open(
    transaction: &Transaction<'_>,
    opening: &Opening<'_>,
    now: UnixTime,
) -> Result<Opened, Error> {
    let opened = requests::open(transaction, opening.client_id, opening.request_uri, now)?;
    let Ok(opened) = opened else {
        let Some(session) = opening.session else {
            return Ok(Opened::Refused);
        };
        let held = find(transaction, session, now)?;
        let request = requests::id_of(transaction, opening.request_uri)?;
        return Ok(match held {
            Some(held) if Some(held.request) == request => Opened::Again,
            _ => Opened::Refused,
        });
    };
    let secret = Zeroizing::new(base64url(&random::<32>()?));
    let new = SignIn {
        id: 0,
        session: digest(Label::SignIn, &[&secret]),
        request: opened.id,
        step: Step::Number,
        fault: None,
        language: None,
        locales: opened.locales,
        number: None,
        license: None,
        letter: None,
        passphrase: None,
        totp: None,
        mode: None,
        replaces: None,
        notice: false,
        made: now,
        expires: now.saturating_add(SIGN_IN_LIFE),
    };
    sign_ins::insert(transaction, &new)?;
    Ok(Opened::New(secret))
}

/// The sign-in of a cookie's secret.
fn find(
    transaction: &Transaction<'_>,
    session: &str,
    now: UnixTime,
) -> Result<Option<SignIn>, Error> {
    sign_ins::by_session(transaction, &digest(Label::SignIn, &[session]), now)
}

/// The secret of a sign-in's cookie after this proof. Who fixed the cookie before cannot make it.
fn next_session(secret: &Secret, session: &str, proof: &str) -> Result<Zeroizing<String>, Error> {
    let from = Zeroizing::new(format!("{session}\0{proof}"));
    derive(secret, Derived::Session, &from, 0)
}

/// Where a form with a proof came twice: the answer of the first time.
fn repeated(
    transaction: &Transaction<'_>,
    secret: &Secret,
    session: &str,
    proof: &str,
    now: UnixTime,
) -> Result<Stepped, Error> {
    let next = next_session(secret, session, proof)?;
    Ok(match find(transaction, &next, now)? {
        Some(_) => Stepped::On(Cookies {
            session: Some(next),
            browser: None,
        }),
        None => Stepped::Gone,
    })
}

/// The present page again.
fn stay() -> Stepped {
    Stepped::On(Cookies::default())
}

/// The present page again, which says what was wrong.
fn fail(
    transaction: &Transaction<'_>,
    mut held: SignIn,
    fault: FormFault,
) -> Result<Stepped, Error> {
    held.fault = Some(fault);
    sign_ins::update(transaction, &held)?;
    Ok(stay())
}

/// Notes a number. The same is written whether a license has it or not.
fn give_number(
    transaction: &Transaction<'_>,
    session: &str,
    number: &str,
    now: UnixTime,
) -> Result<Stepped, Error> {
    let Some(mut held) = find(transaction, session, now)? else {
        return Ok(Stepped::Gone);
    };
    if !held.step.takes_number() {
        return Ok(stay());
    }
    let number = number.trim();
    if number.is_empty() || number.len() > MAX_NUMBER {
        held.step = Step::Number;
        return fail(transaction, held, FormFault::Number);
    }
    // Of two rows with one number a clerk has to end one: until then neither is meant.
    held.license = match licenses::one_of_number(transaction, number) {
        Err(Error::NumberTwice { .. }) => None,
        found => found?,
    };
    held.number = Some(number.to_owned());
    held.step = Step::Proof;
    held.fault = None;
    (held.letter, held.passphrase, held.totp) = (None, None, None);
    sign_ins::update(transaction, &held)?;
    Ok(stay())
}

/// Signs a driver in: consent comes next, and this browser is known from now on.
fn signed_in(
    transaction: &Transaction<'_>,
    secret: &Secret,
    attempt: &Attempt<'_>,
    mut held: SignIn,
    proof: &str,
    now: UnixTime,
) -> Result<Stepped, Error> {
    let license = held.license.clone().unwrap_or_default();
    let session = next_session(secret, attempt.session, proof)?;
    held.session = digest(Label::SignIn, &[&session]);
    held.step = Step::Consent;
    held.fault = None;
    (held.letter, held.passphrase, held.totp) = (None, None, None);
    sign_ins::update(transaction, &held)?;
    let name = browser_name(secret, &license)?;
    if let Some(old) = (attempt.cookie)(&name) {
        known_browsers::forget(transaction, &digest(Label::Browser, &[&old]))?;
    }
    let browser = Zeroizing::new(base64url(&random::<32>()?));
    let until = now.saturating_add(BROWSER_LIFE);
    let key = digest(Label::Browser, &[&browser]);
    known_browsers::put(transaction, &license, &key, until, now)?;
    Ok(Stepped::On(Cookies {
        session: Some(session),
        browser: Some((name, browser)),
    }))
}

/// The name of the cookie by which a browser is known for a license. Each account has its own.
fn browser_name(secret: &Secret, license: &str) -> Result<String, Error> {
    let derived = derive(secret, Derived::BrowserName, license, 0)?;
    Ok(derived.get(..16).unwrap_or_default().to_owned())
}
