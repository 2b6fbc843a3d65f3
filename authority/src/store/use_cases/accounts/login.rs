//! Logins at an OpenID provider, and which license a person is linked to.

use rusqlite::Transaction;
use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

use super::{fail, find, next_session, repeated, stay};
use crate::error::Error;
use crate::register::accounts::{Cookies, Person, ProviderLogin, Stepped};
use crate::rules::account_steps::{FormFault, Step};
use crate::secret::{Label, base64url, digest, random};
use crate::store::events::Event;
use crate::store::oidc::{self, Login};
use crate::store::{accounts, from_sql, licenses, sign_ins, to_sql};

/// How long a clerk's permission of one more link lasts, in seconds: 30 days.
const ALLOWED: u64 = 30 * 86_400;

/// Allows one more link to a license; returns its id.
pub(super) fn allow(
    transaction: &Transaction<'_>,
    of: &str,
    by: &str,
    now: UnixTime,
) -> Result<String, Error> {
    let license = licenses::find(transaction, of)?;
    license.live().ok_or(Error::RowEnded)?;
    oidc::allow(transaction, &license.id, by, now.saturating_add(ALLOWED))?;
    Event {
        detail: Some(by),
        ..Event::of(&license.id, "link_allowed")
    }
    .append(transaction, now)?;
    Ok(license.id)
}

/// Begins a login. An earlier one of the same sign-in is void.
pub(super) fn begin(
    transaction: &Transaction<'_>,
    session: &str,
    now: UnixTime,
) -> Result<Option<ProviderLogin>, Error> {
    let held = find(transaction, session, now)?.filter(|held| held.step.takes_number());
    let Some(held) = held else {
        return Ok(None);
    };
    let secret = || Ok::<_, Error>(Zeroizing::new(base64url(&random::<32>()?)));
    let login = ProviderLogin {
        state: secret()?,
        nonce: secret()?,
        verifier: secret()?,
        made: now,
    };
    let stored = Login {
        sign_in: held.id,
        nonce: login.nonce.clone(),
        verifier: login.verifier.clone(),
        made: to_sql(now),
    };
    let state = digest(Label::OidcState, &[&login.state]);
    oidc::insert_login(transaction, &state, &stored)?;
    Ok(Some(login))
}

/// Takes the login of a state, once, if it began in this browser's sign-in.
pub(super) fn take(
    transaction: &Transaction<'_>,
    session: &str,
    state: &str,
    now: UnixTime,
) -> Result<Option<ProviderLogin>, Error> {
    let Some(held) = find(transaction, session, now)? else {
        return Ok(None);
    };
    let key = digest(Label::OidcState, &[state]);
    let Some(login) = oidc::take_login(transaction, &key, held.id)? else {
        return Ok(None);
    };
    Ok(Some(ProviderLogin {
        state: Zeroizing::new(state.to_owned()),
        nonce: login.nonce,
        verifier: login.verifier,
        made: from_sql(login.made)?,
    }))
}

/// What came of a login whose state was taken.
pub(super) fn end(
    transaction: &Transaction<'_>,
    session: &str,
    state: &str,
    person: Result<&Person<'_>, FormFault>,
    now: UnixTime,
) -> Result<Stepped, Error> {
    let secret = accounts::make_secret(transaction)?;
    let Some(mut held) = find(transaction, session, now)? else {
        return repeated(transaction, &secret, session, state, now);
    };
    if !held.step.takes_number() {
        return Ok(stay());
    }
    let linked = match person {
        Ok(person) => license_of(transaction, person, now)?,
        Err(fault) => Err(fault),
    };
    let (license, notice) = match linked {
        Ok(linked) => linked,
        Err(fault) => {
            held.step = Step::Number;
            return fail(transaction, held, fault);
        }
    };
    Event {
        detail: Some("provider"),
        ..Event::of(&license, "signed_in")
    }
    .append(transaction, now)?;
    let next = next_session(&secret, session, state)?;
    held.session = digest(Label::SignIn, &[&next]);
    (held.step, held.fault, held.notice) = (Step::Consent, None, notice);
    held.license = Some(license);
    (held.letter, held.passphrase, held.totp) = (None, None, None);
    sign_ins::update(transaction, &held)?;
    Ok(Stepped::On(Cookies {
        session: Some(next),
        browser: None,
    }))
}

/// The license of a person, and whether another link was made since the last time. The first link
/// follows the claim; a further one needs a clerk.
fn license_of(
    transaction: &Transaction<'_>,
    person: &Person<'_>,
    now: UnixTime,
) -> Result<Result<(String, bool), FormFault>, Error> {
    let claimed = match person.claim {
        Some(claim) => match licenses::one_of_number(transaction, claim) {
            Err(Error::NumberTwice { .. }) => None,
            found => found?,
        },
        None => None,
    };
    let linked = oidc::linked(transaction, person.issuer, person.subject)?;
    let license = match (linked, claimed) {
        (Some(linked), Some(claimed)) if linked == claimed => {
            let notice = oidc::tell(transaction, person.issuer, person.subject)?;
            return Ok(Ok((linked, notice)));
        }
        (None, Some(claimed)) => claimed,
        // What the provider says of the person has changed, or says nothing.
        (_, None) | (Some(_), Some(_)) => return Ok(Err(FormFault::ProviderUnknown)),
    };
    let first = oidc::count(transaction, &license)? == 0;
    if !first && !oidc::take_allowed(transaction, &license, now)? {
        Event::of(&license, "link_refused").append(transaction, now)?;
        return Ok(Err(FormFault::ProviderSecond));
    }
    oidc::link(transaction, person.issuer, person.subject, &license, now)?;
    Event {
        detail: Some(if first { "first" } else { "further" }),
        ..Event::of(&license, "linked")
    }
    .append(transaction, now)?;
    Ok(Ok((license, false)))
}
