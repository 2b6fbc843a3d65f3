//! Applying for a license: the sign-in with a browser, and the applications that wait.

use std::sync::Arc;

use vidimus_wallet::{self as core, LicenseId};

use crate::cancel_token::CancelToken;
use crate::error::WalletError;
use crate::runtime::guard;
use crate::types::{Instant, discreet, mirror};
use crate::wallet::Wallet;

/// The app as the authority knows it.
#[derive(uniffi::Record)]
pub struct SignInClient {
    /// The client's id at the authority.
    pub client_id: String,
    /// The address that the browser is sent to at the end. It must be registered for this client.
    pub redirect_uri: String,
    /// The languages of the sign-in pages as BCP 47 tags, the preferred one first.
    pub languages: Vec<String>,
}

discreet!(SignIn Application);

/// A sign-in that the driver continues in the browser. Its address is good once.
#[derive(uniffi::Record)]
#[uniffi::export(Display)]
pub struct SignIn {
    /// The address to open at once in the system's browser, never in a web view.
    pub url: String,
    /// Until when the browser may come back.
    pub expires: Instant,
}

/// What a sign-in brought.
#[derive(uniffi::Enum)]
pub enum Applied {
    /// The license is in the wallet.
    Received {
        /// The id of the license in this wallet.
        license: String,
    },
    /// The authority has not issued it. The application says whether it waits or was refused.
    Waiting {
        /// The application, which a refresh goes on with while it waits.
        application: Application,
    },
}

/// An application for a license that is not in the wallet yet. A clerk's words may be personal.
#[derive(uniffi::Record)]
#[uniffi::export(Display)]
pub struct Application {
    /// The id that the license will have in this wallet.
    pub id: String,
    /// When the application began.
    pub since: Instant,
    /// How far it has come.
    pub state: ApplicationState,
    /// Until when the browser may come back, or when a refresh asks next; none where it was
    /// refused.
    pub next: Option<Instant>,
    /// Why it was refused; none where it was not.
    pub reason: Option<ReviewReason>,
    /// The clerk's words to a refusal, which are fit to be shown and may be personal.
    pub words: Option<String>,
}

/// How far an application has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ApplicationState {
    /// The driver signs in with the browser.
    SigningIn,
    /// The authority has still to issue the license.
    Waiting,
    /// The authority will not issue it. The driver may apply again.
    Refused,
}

mirror! {
    /// Why the authority refused an application.
    ReviewReason = core::ReviewReason {
        /// The photo is not clear enough.
        PhotoUnclear,
        /// The photo is too old to be used.
        PhotoNotRecent,
        /// The photo shows another person.
        PhotoOtherPerson,
        /// Papers that the authority needs are missing.
        PapersMissing,
        /// Any other reason, also one that this version does not know.
        Other,
    } else Other
}

#[uniffi::export]
impl Wallet {
    /// Begins to apply for a license by signing in at the wallet's authority. Open the address in
    /// the system's browser, and give `resume` the address that the browser comes back with. The
    /// process may die meanwhile.
    pub async fn apply(
        &self,
        client: SignInClient,
        cancel: Arc<CancelToken>,
    ) -> Result<SignIn, WalletError> {
        self.run_cancellable(&Arc::clone(&cancel), async move |core| {
            let client = core::SignInClient {
                client_id: client.client_id,
                redirect_uri: client.redirect_uri,
                languages: client.languages,
            };
            let begun = core.apply(&client, &cancel.core).await?;
            Ok(SignIn {
                url: begun.url,
                expires: begun.expires.into(),
            })
        })
        .await
    }

    /// Takes the whole address that the browser came back with, and fetches the license. Where the
    /// network fails after that, the next refresh goes on, and so does this with the same address.
    pub async fn resume(
        &self,
        redirect: String,
        cancel: Arc<CancelToken>,
    ) -> Result<Applied, WalletError> {
        self.run_cancellable(&Arc::clone(&cancel), async move |core| {
            Ok(core.resume(&redirect, &cancel.core).await?.into())
        })
        .await
    }

    /// Forgets the sign-in that is under way, where there is one.
    pub async fn abandon_sign_in(&self) -> Result<(), WalletError> {
        self.run(async move |core| Ok(core.abandon_sign_in().await?))
            .await
    }

    /// The applications for licenses that are not in the wallet yet. It reads the vault on the
    /// caller's thread.
    pub fn applications(&self) -> Result<Vec<Application>, WalletError> {
        guard(|| {
            let listed = self.core().applications()?.into_iter();
            Ok(listed.map(Application::from).collect())
        })
    }

    /// Removes an application with its key and its tokens: one that was refused, or one that the
    /// driver gives up. The authority is not told.
    pub async fn dismiss(&self, application: String) -> Result<(), WalletError> {
        self.run(async move |core| Ok(core.dismiss(&LicenseId::new(application)).await?))
            .await
    }
}

impl From<core::Applied> for Applied {
    fn from(applied: core::Applied) -> Self {
        match applied {
            core::Applied::Received(license) => Self::Received {
                license: license.into(),
            },
            core::Applied::Waiting(application) => Self::Waiting {
                application: application.into(),
            },
        }
    }
}

impl From<core::Application> for Application {
    fn from(application: core::Application) -> Self {
        let (state, next, reason, words) = match application.state {
            core::ApplicationState::SigningIn { expires } => {
                (ApplicationState::SigningIn, Some(expires), None, None)
            }
            core::ApplicationState::Waiting { next } => {
                (ApplicationState::Waiting, Some(next), None, None)
            }
            core::ApplicationState::Refused { reason, words } => {
                (ApplicationState::Refused, None, Some(reason.into()), words)
            }
        };
        Self {
            id: application.id.into(),
            since: application.since.into(),
            state,
            next: next.map(Instant::from),
            reason,
            words,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_crosses_under_its_own_name() {
        for reason in core::ReviewReason::ALL {
            let crossed = ReviewReason::from(reason);
            assert_eq!(format!("{crossed:?}"), format!("{reason:?}"));
        }
    }
}
