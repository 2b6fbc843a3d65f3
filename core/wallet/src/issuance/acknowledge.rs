//! Telling an issuer that its credential was stored, until it has heard it.

use super::enroll::{Issuer, Known, resume};
use super::enrollment::Enrollment;
use super::notice::{Heard, Notice, NoticeEvent};
use super::redeem::Redemption;
use super::reserve::give_back_what_was_left;
use super::session::Session;
use crate::context::Context;
use crate::error::Error;
use crate::network::requests::Requests;
use crate::network::schedule::{self, Schedule};
use crate::vault::{Tx, Weight};

/// Tells issuers that their credentials were stored, where they have not answered that yet; with `heeds_pauses` not while
/// they are to be left alone. What fails is tried again later. The caller has the turn, so room on the disk that is still
/// taken is of an enrollment that died.
///
/// # Errors
/// Those of the vault.
pub(crate) async fn acknowledge(
    context: &Context,
    heeds_pauses: bool,
    requests: &mut Requests<'_>,
) -> Result<(), Error> {
    give_back_what_was_left(&context.directory);
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
    let mut heard = tell(&mut session, &notice).await;
    if heard == Heard::TokenOver && enrollment.tokens.refresh.is_some() {
        let issuer = Issuer::ask(&mut session, &enrollment).await?;
        let redemption = issuer.redemption(context, id);
        heard = tell_again(&redemption, &mut session, &mut enrollment, notice.clone()).await;
    }
    settle(context, id, notice.id, heard).await
}

/// Tells the issuer before a renewal what it has not heard of the last credential: until then it may answer with that one
/// again. That it does not answer holds nothing up.
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
    let (id, mut heard) = (notice.id.clone(), tell(session, &notice).await);
    if heard == Heard::TokenOver && enrollment.tokens.refresh.is_some() {
        heard = tell_again(redemption, session, enrollment, notice).await;
    }
    match settle(redemption.context, redemption.id, id, heard).await {
        Ok(()) => enrollment.notice = None,
        Err(error @ (Error::Storage(_) | Error::NoRandomness)) => return Err(error),
        Err(error) => tracing::info!(%error, "the issuer is still to be told"),
    }
    Ok(())
}

/// Tells the issuer by the token that the credential came by.
async fn tell(session: &mut Session<'_, '_>, notice: &Notice) -> Heard {
    if session.now < notice.access.expires {
        session.notify(notice, NoticeEvent::Accepted).await
    } else {
        Heard::TokenOver
    }
}

/// Tells the issuer by a fresh token of the same grant.
async fn tell_again(
    redemption: &Redemption<'_>,
    session: &mut Session<'_, '_>,
    enrollment: &mut Enrollment,
    mut notice: Notice,
) -> Heard {
    match redemption.fresh_access(session, enrollment).await {
        Ok(access) => {
            notice.access = access;
            session.notify(&notice, NoticeEvent::Accepted).await
        }
        // The grant is void: there is nobody to be told any more.
        Err(Error::Refused(_)) => Heard::TokenOver,
        Err(error) => Heard::Unknown(error),
    }
}

/// Forgets what was heard, and what nobody can be told any more.
async fn settle(context: &Context, id: &str, notice: String, heard: Heard) -> Result<(), Error> {
    match heard {
        Heard::Yes | Heard::TokenOver => forget_notice(context, id, notice).await,
        Heard::Unknown(error) => Err(error),
    }
}

/// The issuer has been told.
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
