//! Applications for a license: sign-ins that are under way, licenses that the authority has still
//! to issue, and those that it refused.

use vidimus_credential::time::UnixTime;

use crate::context::Context;
use crate::error::Error;
use crate::issuance::{Enrollment, ReviewReason};
use crate::keys::HolderKey;
use crate::licenses::LicenseId;
use crate::network::schedule::{self, Schedule};
use crate::vault::{Table, Tx, Weight};

/// The result of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// The license is in the wallet.
    Received(LicenseId),
    /// The authority has not issued the license, and the application says why. While it waits,
    /// [`refresh`](crate::Wallet::refresh) asks for it.
    Waiting(Application),
}

/// An application for a license that is not in the wallet yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// The id that the license will have in this wallet.
    pub id: LicenseId,
    /// When the application began, by the wallet's best time.
    pub since: UnixTime,
    /// How far it has come.
    pub state: ApplicationState,
}

/// How far an application has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApplicationState {
    /// The driver signs in with the browser.
    SigningIn {
        /// Until when the browser may come back.
        expires: UnixTime,
    },
    /// The authority has still to issue the license, or the wallet has still to fetch it.
    Waiting {
        /// When a refresh asks next; a past time where it is due now.
        next: UnixTime,
    },
    /// The authority will not issue it. The driver may apply again.
    Refused {
        /// Why it was refused.
        reason: ReviewReason,
        /// The clerk's words, at most 256 bytes. They are fit to be shown, and may be personal.
        words: Option<String>,
    },
}

/// The applications for licenses that are not in the vault, in the order of their ids.
pub(crate) fn list(context: &Context) -> Result<Vec<Application>, Error> {
    let now = context.now()?;
    context.vault.read(|view| {
        let held = view.ids(Table::License);
        let mut found = Vec::new();
        for (id, enrollment) in view.list::<Enrollment>() {
            // Tokens that could not be written are newer.
            let newest = context.unwritten(&id).or(enrollment.ok());
            let Some(enrollment) = newest.filter(|_| !held.contains(&id)) else {
                continue;
            };
            let schedule = Schedule::find(view, &schedule::of_application(&id))?;
            if let Some(state) = state_of(&enrollment, &schedule, now) {
                found.push(Application {
                    id: LicenseId::new(id),
                    since: enrollment.began,
                    state,
                });
            }
        }
        Ok(found)
    })
}

/// How far an enrollment has come as an application; `None` where it is none, and for a sign-in
/// that took too long.
fn state_of(
    enrollment: &Enrollment,
    schedule: &Schedule,
    now: UnixTime,
) -> Option<ApplicationState> {
    if !enrollment.is_application() {
        return None;
    }
    if let Some(refused) = &enrollment.refused {
        return Some(ApplicationState::Refused {
            reason: refused.reason,
            words: refused.words.clone(),
        });
    }
    match &enrollment.sign_in {
        Some(pending) if pending.code.is_none() => {
            let expires = pending.expires;
            (!pending.is_over(now)).then_some(ApplicationState::SigningIn { expires })
        }
        _ => Some(ApplicationState::Waiting {
            next: enrollment.due(schedule, true, now),
        }),
    }
}

/// The application of this id.
///
/// # Errors
/// [`Error::NoSignIn`] where there is none.
pub(crate) fn find(context: &Context, id: &str) -> Result<Application, Error> {
    let mut listed = list(context)?.into_iter();
    let found = listed.find(|application| application.id.as_str() == id);
    found.ok_or(Error::NoSignIn)
}

/// Removes an application, its key and its tokens. The row goes first: where a refresh has just
/// stored the license, its key stays.
pub(crate) async fn dismiss(context: &Context, id: &LicenseId) -> Result<(), Error> {
    let id = id.as_str().to_owned();
    let forget = {
        let id = id.clone();
        move |tx: &mut Tx<'_>| {
            let held = tx.ids(Table::License).contains(&id);
            let enrollment = tx.get::<Enrollment>(&id)?;
            let found = enrollment.filter(|enrollment| !held && enrollment.is_application());
            let key = found.ok_or(Error::NoSuchLicense)?.key;
            tx.delete::<HolderKey>(&key)?;
            tx.delete::<Schedule>(&schedule::of_application(&id))?;
            tx.delete::<Enrollment>(&id)?;
            Ok(key)
        }
    };
    let key = context.vault.write(Weight::Anchored, forget).await?;
    context.forget_unwritten(&id);
    Ok(context.keys.delete_holder_key(&key).await?)
}
