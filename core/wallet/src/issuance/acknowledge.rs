//! Notifies issuers that their credentials were stored, again and again until they have answered.

use super::enroll::{Issuer, Known, resume};
use super::enrollment::Enrollment;
use super::notice::{Notice, NoticeEvent, NoticeOutcome};
use super::redeem::Redemption;
use super::reserve::remove_leftover;
use super::session::Session;
use crate::context::Context;
use crate::error::Error;
use crate::network::requests::Requests;
use crate::network::schedule::{self, Schedule};
use crate::vault::{Tx, Weight};

/// Sends the notifications that issuers have not answered yet. With `heeds_pauses` it skips issuers
/// whose pause has not ended. A later call tries again what fails.
///
/// The caller must hold the network lock. So a reserve on the disk can only be left over from an
/// enrollment whose process died, and it is removed.
///
/// # Errors
/// Those of the vault.
pub(crate) async fn acknowledge(
    context: &Context,
    heeds_pauses: bool,
    requests: &mut Requests<'_>,
) -> Result<(), Error> {
    remove_leftover(&context.directory);
    for (id, enrollment) in Known::read(context)?.enrollments {
        let now = context.now()?;
        let row = schedule::of_notice(&id);
        let is_paused = heeds_pauses && now < Schedule::read(context, &row)?.pause(now);
        if enrollment.notice.is_none() || is_paused || requests.remaining().is_zero() {
            continue;
        }
        match acknowledge_one(context, &id, enrollment, requests).await {
            Err(error @ (Error::Storage(_) | Error::NoRandomness)) => return Err(error),
            Err(error) => {
                Schedule::note_failure(context, &row, error, requests.retry_after()).await?;
            }
            Ok(()) => {}
        }
    }
    Ok(())
}

async fn acknowledge_one(
    context: &Context,
    id: &str,
    mut enrollment: Enrollment,
    requests: &mut Requests<'_>,
) -> Result<(), Error> {
    let mut session = resume(context, requests, &enrollment)?;
    let Some(notice) = enrollment.notice.clone() else {
        return Ok(());
    };
    let mut outcome = notify(&mut session, &notice).await;
    if outcome == NoticeOutcome::TokenExpired && enrollment.tokens.refresh.is_some() {
        let issuer = Issuer::ask(&mut session, &enrollment).await?;
        let redemption = issuer.redemption(context, id);
        outcome =
            notify_with_fresh_token(&redemption, &mut session, &mut enrollment, notice.clone())
                .await;
    }
    settle(context, id, notice.id, outcome).await
}

/// Sends the notification about the last credential before a renewal: until the issuer has it, it
/// may answer with the last credential again. A failure does not stop the renewal.
///
/// # Errors
/// Those of the vault.
pub(super) async fn acknowledge_before(
    redemption: &Redemption<'_>,
    session: &mut Session<'_, '_>,
    enrollment: &mut Enrollment,
) -> Result<(), Error> {
    let Some(notice) = enrollment.notice.clone() else {
        return Ok(());
    };
    let (id, mut outcome) = (notice.id.clone(), notify(session, &notice).await);
    if outcome == NoticeOutcome::TokenExpired && enrollment.tokens.refresh.is_some() {
        outcome = notify_with_fresh_token(redemption, session, enrollment, notice).await;
    }
    match settle(redemption.context, redemption.id, id, outcome).await {
        Ok(()) => enrollment.notice = None,
        Err(error @ (Error::Storage(_) | Error::NoRandomness)) => return Err(error),
        Err(error) => tracing::info!(%error, "the issuer was not notified yet"),
    }
    Ok(())
}

/// Notifies the issuer with the token that fetched the credential.
async fn notify(session: &mut Session<'_, '_>, notice: &Notice) -> NoticeOutcome {
    if session.now < notice.access.expires {
        session.notify(notice, NoticeEvent::Accepted).await
    } else {
        NoticeOutcome::TokenExpired
    }
}

/// Notifies the issuer with a fresh token of the same grant.
async fn notify_with_fresh_token(
    redemption: &Redemption<'_>,
    session: &mut Session<'_, '_>,
    enrollment: &mut Enrollment,
    mut notice: Notice,
) -> NoticeOutcome {
    match redemption.fresh_access(session, enrollment).await {
        Ok(access) => {
            notice.access = access;
            session.notify(&notice, NoticeEvent::Accepted).await
        }
        // The grant is void, so the issuer cannot be notified any more.
        Err(Error::Refused(_)) => NoticeOutcome::TokenExpired,
        Err(error) => NoticeOutcome::Unknown(error),
    }
}

/// Deletes a notification that was answered or that can never be sent. Returns any other failure.
async fn settle(
    context: &Context,
    id: &str,
    notice: String,
    outcome: NoticeOutcome,
) -> Result<(), Error> {
    match outcome {
        NoticeOutcome::Delivered | NoticeOutcome::TokenExpired => {
            forget_notice(context, id, notice).await
        }
        NoticeOutcome::Unknown(error) => Err(error),
    }
}

/// Deletes a notification that the issuer has.
pub(super) async fn forget_notice(
    context: &Context,
    id: &str,
    notice: String,
) -> Result<(), Error> {
    let id = id.to_owned();
    let change = move |tx: &mut Tx<'_>| {
        tx.delete::<Schedule>(&schedule::of_notice(&id))?;
        match tx.get::<Enrollment>(&id)? {
            Some(mut enrollment)
                if enrollment
                    .notice
                    .as_ref()
                    .is_some_and(|kept| kept.id == notice) =>
            {
                enrollment.notice = None;
                tx.put(&id, &enrollment)
            }
            _ => Ok(()),
        }
    };
    context.vault.write(Weight::Light, change).await
}
