//! Applications from a code or a transaction to a license, as far as they come now.

use super::application::Denial;
use super::enroll::{BUDGET, Issuer, Known, forget, refuses_the_code, resume};
use super::enrollment::{Enrollment, Tokens};
use super::progress::{Progress, Purpose};
use super::readiness::{agree_on_the_time, fetch_trust_list};
use super::redeem::Redemption;
use super::session::Session;
use super::sign_in::forget_pending;
use super::token::sign_in_form;
use crate::cancel::CancelToken;
use crate::context::Context;
use crate::error::{Error, OAuthError};
use crate::network::answer::RetryAfter;
use crate::network::lock::NetworkLock;
use crate::network::requests::Requests;
use crate::network::schedule::{self, Schedule};
use crate::ports::{KeyStoreError, TransportError};
use crate::vault::{Table, Tx, Weight};

/// Seconds after which no server takes a code any more, where it did not answer before.
const CODE_LIFE: u64 = 86_400;

/// The result of going on with one application.
pub(crate) enum Outcome {
    /// The license is in the vault.
    Received,
    /// The issuer will not issue it.
    Refused,
    /// It could not be asked, or did not answer as it should.
    Failed(Error),
}

/// Goes on with one application now, where the issuer's interval allows. Returns whether its
/// license is in the vault.
///
/// # Errors
/// [`Error::NoSignIn`] where it was dismissed, [`Error::Refused`] where the code was refused, and
/// those of [`enroll`](super::enroll).
pub(crate) async fn go_on(
    context: &Context,
    id: &str,
    cancel: &CancelToken,
) -> Result<bool, Error> {
    let mut requests = Requests::new(context, cancel, BUDGET);
    let done = go_on_now(context, id, &mut requests).await;
    done.map_err(|error| requests.with_retry_time(context, error))
}

async fn go_on_now(
    context: &Context,
    id: &str,
    requests: &mut Requests<'_>,
) -> Result<bool, Error> {
    let _network_lock = NetworkLock::take(&context.directory, requests).await?;
    let held = context.vault.read(|view| Ok(view.ids(Table::License)))?;
    if held.iter().any(|held| held == id) {
        return Ok(true);
    }
    let enrollment = newest(context, id)?.ok_or(Error::NoSignIn)?;
    let now = context.now()?;
    let schedule = Schedule::read(context, &schedule::of_application(id))?;
    if !enrollment.goes_on() || now < enrollment.due(&schedule, false, now) {
        return Ok(false);
    }
    match step(context, id, enrollment, requests).await {
        Ok(Step::To(Progress::Stored)) => Ok(true),
        Ok(Step::To(Progress::Deferred | Progress::Denied)) => Ok(false),
        // The driver is told now, so nothing of it is kept.
        Ok(Step::CodeRefused(refusal, enrollment)) => {
            forget(context, id.to_owned(), *enrollment).await?;
            Err(refusal)
        }
        Err(Error::NoSuchLicense) => Err(Error::NoSignIn),
        Err(error) => {
            note_failure(context, id, error, requests.retry_after()).await?;
            Err(error)
        }
    }
}

/// Goes on with each application that is due, and forgets a sign-in that took too long. With
/// `heeds_pauses` the pauses after failures count, else the issuers' intervals alone. The caller
/// must hold the network lock.
///
/// # Errors
/// Those of the vault.
pub(crate) async fn go_on_with_all(
    context: &Context,
    heeds_pauses: bool,
    requests: &mut Requests<'_>,
) -> Result<Vec<(String, Outcome)>, Error> {
    let Known {
        enrollments,
        licenses,
    } = Known::read(context)?;
    let mut outcomes = Vec::new();
    for (id, enrollment) in enrollments {
        let now = context.now()?;
        if let Some(pending) = enrollment.sign_in.as_ref()
            && pending.code.is_none()
            && pending.is_over(now)
        {
            forget_pending(context, id).await?;
            continue;
        }
        if licenses.contains(&id) || !enrollment.goes_on() || requests.remaining().is_zero() {
            continue;
        }
        let row = schedule::of_application(&id);
        if now < enrollment.due(&Schedule::read(context, &row)?, heeds_pauses, now) {
            continue;
        }
        match step(context, &id, enrollment, requests).await {
            Ok(Step::To(Progress::Stored)) => outcomes.push((id, Outcome::Received)),
            Ok(Step::To(Progress::Denied)) => outcomes.push((id, Outcome::Refused)),
            // It stays as refused, so that the driver sees that the sign-in led to nothing.
            Ok(Step::CodeRefused(_, mut enrollment)) => {
                refuse(context, &id, &mut enrollment).await?;
                outcomes.push((id, Outcome::Refused));
            }
            // The driver dismissed it in the meantime.
            Ok(Step::To(Progress::Deferred)) | Err(Error::NoSuchLicense) => {}
            Err(error @ (Error::Storage(_) | Error::NoRandomness)) => return Err(error),
            Err(error) => {
                note_failure(context, &id, error, requests.retry_after()).await?;
                // A phone that lies locked has not failed.
                if error != Error::KeyStore(KeyStoreError::Locked) {
                    outcomes.push((id, Outcome::Failed(error)));
                }
            }
        }
    }
    Ok(outcomes)
}

/// The enrollment with its newest tokens.
fn newest(context: &Context, id: &str) -> Result<Option<Enrollment>, Error> {
    let kept = context.vault.get::<Enrollment>(id)?;
    Ok(kept.map(|kept| context.unwritten(id).unwrap_or(kept)))
}

/// How far the steps of one application led.
enum Step {
    To(Progress),
    /// The server refused the code of the sign-in for good.
    CodeRefused(Error, Box<Enrollment>),
}

/// Takes the steps that are left, as far as the issuer lets it.
async fn step(
    context: &Context,
    id: &str,
    mut enrollment: Enrollment,
    requests: &mut Requests<'_>,
) -> Result<Step, Error> {
    let mut session = resume(context, requests, &enrollment)?;
    let issuer = Issuer::ask(&mut session, &enrollment).await?;
    let mut redemption = issuer.redemption(context, id);
    redemption.purpose = Purpose::Application;
    if enrollment.sign_in.is_some() {
        let fetched = fetch_trust_list(context, requests, redemption.issuer).await?;
        redemption.has_trust_list =
            agree_on_the_time(context, requests, redemption.issuer, fetched).await?;
    }
    let mut session = resume(context, requests, &enrollment)?;
    if enrollment.sign_in.is_some() {
        match spend_code(&redemption, &mut session, &mut enrollment).await {
            Err(error) if refuses_the_code(error) => {
                return Ok(Step::CodeRefused(error, Box::new(enrollment)));
            }
            spent => spent?,
        }
    }
    let has_refresh_token = enrollment.tokens.refresh.is_some();
    match redemption.run(&mut session, &mut enrollment).await {
        Err(Error::Refused(OAuthError::InvalidToken)) if has_refresh_token => {
            Err(Error::Refused(OAuthError::InvalidToken))
        }
        // The grant is void, so nothing is left to go on with.
        Err(Error::Refused(OAuthError::InvalidGrant | OAuthError::InvalidToken)) => {
            let denied = redemption.deny(&mut enrollment, Denial::UNSAID).await?;
            Ok(Step::To(denied))
        }
        done => done.map(Step::To),
    }
}

/// Sends the code of a sign-in. The key that it is bound to was sealed when the sign-in began.
///
/// # Errors
/// [`Error::Refused`] with `InvalidGrant`, without a request, for a code that no server takes any
/// more; and those of the network.
async fn spend_code(
    redemption: &Redemption<'_>,
    session: &mut Session<'_, '_>,
    enrollment: &mut Enrollment,
) -> Result<(), Error> {
    if session.now > enrollment.began.saturating_add(CODE_LIFE) {
        return Err(Error::Refused(OAuthError::InvalidGrant));
    }
    let pending = enrollment.sign_in.clone().ok_or(Error::NoSignIn)?;
    let (code, client) = (
        pending.code.ok_or(Error::NoSignIn)?,
        enrollment.client.clone().ok_or(Error::NoSignIn)?,
    );
    redemption.prepare(enrollment).await?;
    let form = sign_in_form(&client, &code, &pending.redirect_uri, &pending.verifier);
    let answer = redemption.tokens(session, enrollment, &form).await?;
    enrollment.tokens.renew(answer, session.now);
    enrollment.sign_in = None;
    Ok(())
}

/// Stores that an application was refused without a reason.
async fn refuse(context: &Context, id: &str, enrollment: &mut Enrollment) -> Result<(), Error> {
    enrollment.refused = Some(Denial::UNSAID);
    enrollment.sign_in = None;
    enrollment.tokens = Tokens::default();
    let (id, refused) = (id.to_owned(), enrollment.clone());
    let change = move |tx: &mut Tx<'_>| {
        if tx.get::<Enrollment>(&id)?.is_none() {
            return Ok(());
        }
        tx.delete::<Schedule>(&schedule::of_application(&id))?;
        tx.put(&id, &refused)
    };
    context.vault.write(Weight::Anchored, change).await
}

/// Notes a failure: the next try is after a growing pause, and not before the issuer's interval.
async fn note_failure(
    context: &Context,
    id: &str,
    error: Error,
    retry_after: Option<RetryAfter>,
) -> Result<(), Error> {
    let row = schedule::of_application(id);
    Schedule::note_failure(context, &row, error, retry_after).await?;
    let deferral = newest(context, id)?.and_then(|kept| kept.deferral);
    let Some(deferral) = deferral.filter(|_| error != Error::Cancelled) else {
        return Ok(());
    };
    let (now, mut schedule) = (context.now()?, Schedule::read(context, &row)?);
    if error != Error::Transport(TransportError::Unreachable) {
        schedule.asked = Some(now);
    }
    if schedule.pause(now) < now.saturating_add(deferral.interval) {
        schedule.put_off(now, deferral.interval);
    }
    let keep = move |tx: &mut Tx<'_>| tx.put(&row, &schedule);
    context.vault.write(Weight::Light, keep).await
}
