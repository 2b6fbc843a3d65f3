//! The driver's wallet: one method for each use case.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use vidimus_credential::time::UnixTime;

use crate::applications::{self, Application, Applied};
use crate::boxed::Boxed;
use crate::cancel::CancelToken;
use crate::config::{Config, Ports};
use crate::context::Context;
use crate::error::Error;
use crate::issuance::{self, Offer, SignIn, SignInClient};
use crate::licenses::{self, HeldLicense, LicenseId};
use crate::network::address;
use crate::network::requests::Requests;
use crate::ports::Reading;
use crate::present::{Presentation, ReaderRequest};
use crate::refresh::{self, Refresh, RefreshReport, Renew};
use crate::timekeeper::Estimate;
use crate::told;
use crate::trust_store;
use crate::vault::activity_log::Activity;
use crate::vault::{Health, Vault};

/// Time limit for the first status after an enrollment.
const FIRST_STATUS: Duration = Duration::from_secs(20);

/// An open wallet. Clones share one vault. Other processes may have the same wallet open.
#[derive(Clone)]
pub struct Wallet {
    context: Arc<Context>,
}

impl Wallet {
    /// Makes a wallet in an empty folder. The folder must be private to the app and must not be
    /// backed up to another device.
    ///
    /// # Errors
    /// [`Error::AlreadyExists`]; [`Error::VaultDamaged`] where a wallet was here and its file is
    /// gone; [`Error::Transport`] or [`Error::AuthorityAddress`] for an authority's address that is
    /// not allowed; [`Error::KeyStore`] or [`Error::Storage`].
    pub fn create(config: Config) -> Boxed<'static, Result<Self, Error>> {
        Box::pin(async move {
            address::check_authority(&config.authority)?;
            Ok(Self {
                context: Arc::new(Context::create(config).await?),
            })
        })
    }

    /// Opens the wallet of a folder. Ask [`health`](Self::health) and
    /// [`misses_a_license`](Self::misses_a_license) afterwards, and tell the driver what they find.
    ///
    /// # Errors
    /// [`Error::NoWallet`], [`Error::HadWallet`], [`Error::NewerSchema`], [`Error::OtherDevice`],
    /// [`Error::KeyInvalidated`], [`Error::VaultDamaged`], [`Error::Storage`]. No error deletes
    /// anything. After `NoWallet` or `HadWallet` call [`create`](Self::create); after
    /// `OtherDevice`, `KeyInvalidated` or `VaultDamaged` call [`set_aside`](Self::set_aside) first.
    pub fn open(directory: PathBuf, ports: Ports) -> Boxed<'static, Result<Self, Error>> {
        Box::pin(async move {
            Ok(Self {
                context: Arc::new(Context::open(directory, ports).await?),
            })
        })
    }

    /// Moves an unusable wallet to a folder beside it, so that a new one can be made. Nothing is
    /// deleted. Returns the new place. Close every [`Wallet`] of this folder before.
    ///
    /// # Errors
    /// [`Error::NoWallet`] where the folder has no wallet.
    pub fn set_aside(directory: &std::path::Path) -> Result<PathBuf, Error> {
        Vault::set_aside(directory)
    }

    /// Reads a credential offer as scanned or typed, by value or by reference, and fetches its
    /// issuer's metadata. It spends nothing. Show the driver [`Offer::issuer`] and
    /// [`Offer::standing`], and ask for a transaction code only where [`Offer::tx_code`] is given.
    ///
    /// # Errors
    /// [`Error::OfferMalformed`], [`Error::OfferUnsupported`], [`Error::OfferGone`],
    /// [`Error::IssuerMetadata`], and those of the network.
    pub async fn read_offer(&self, text: &str) -> Result<Offer, Error> {
        self.read_offer_until(text, &CancelToken::new()).await
    }

    /// [`read_offer`](Self::read_offer), which `cancel` can stop.
    ///
    /// # Errors
    /// The same, and [`Error::Cancelled`].
    pub fn read_offer_until<'a>(
        &'a self,
        text: &'a str,
        cancel: &'a CancelToken,
    ) -> Boxed<'a, Result<Offer, Error>> {
        Box::pin(issuance::read_offer(&self.context, text, cancel))
    }

    /// Redeems an offer: gets the license, verifies and stores it, and fetches its first status.
    /// Where no status can be fetched, the license stays, with an unknown status until the next
    /// refresh.
    ///
    /// Calling this again with the same offer, by value or by reference, continues where an earlier
    /// call stopped or lost an answer, or returns the license that it brought. After any error but
    /// [`Error::Refused`] and [`Error::Busy`] the caller may do so at once; after `Busy` at the
    /// time that it names.
    ///
    /// # Errors
    /// [`Error::TxCodeRequired`], [`Error::TxCodeMalformed`], [`Error::Refused`],
    /// [`Error::IssuanceDeferred`], [`Error::Credential`], [`Error::CredentialForAnotherKey`],
    /// [`Error::CredentialNotInForce`], [`Error::ServerTimeWrong`], [`Error::OfferGone`],
    /// [`Error::Cancelled`], and those of the network and the vault.
    pub fn enroll<'a>(
        &'a self,
        offer: &'a Offer,
        tx_code: Option<&'a str>,
        cancel: &'a CancelToken,
    ) -> Boxed<'a, Result<LicenseId, Error>> {
        Box::pin(async move {
            let id = issuance::enroll(&self.context, offer, tx_code, cancel).await?;
            self.fetch_first_status(cancel).await;
            Ok(LicenseId::new(id))
        })
    }

    /// Begins to apply for a license by signing in at the wallet's authority. Open the returned
    /// address in the system's browser, and give [`resume`](Self::resume) the address that the
    /// browser comes back with.
    ///
    /// What the answer is checked against is sealed in the vault before the address is returned, so
    /// the process may die while the driver signs in. A wallet has one sign-in under way, for ten
    /// minutes; this takes the place of an earlier one.
    ///
    /// # Errors
    /// [`Error::SignInUnsupported`], [`Error::ApplicationWaits`], [`Error::Refused`],
    /// [`Error::ServerTimeWrong`], [`Error::Cancelled`], and those of the network and the vault.
    pub fn apply<'a>(
        &'a self,
        client: &'a SignInClient,
        cancel: &'a CancelToken,
    ) -> Boxed<'a, Result<SignIn, Error>> {
        Box::pin(issuance::apply(&self.context, client, cancel))
    }

    /// Takes the whole address that the browser came back with, and fetches the license. The code
    /// in it is sealed before it is sent: where this fails after that, the next
    /// [`refresh`](Self::refresh) goes on, and so does this with the same address.
    ///
    /// # Errors
    /// [`Error::NoSignIn`], [`Error::OtherSignIn`], [`Error::SignInRefused`], and those of
    /// [`enroll`](Self::enroll).
    pub fn resume<'a>(
        &'a self,
        redirect: &'a str,
        cancel: &'a CancelToken,
    ) -> Boxed<'a, Result<Applied, Error>> {
        Box::pin(async move {
            let id = issuance::take_answer(&self.context, redirect).await?;
            if !issuance::go_on(&self.context, &id, cancel).await? {
                return applications::find(&self.context, &id).map(Applied::Waiting);
            }
            self.fetch_first_status(cancel).await;
            Ok(Applied::Received(LicenseId::new(id)))
        })
    }

    /// Forgets the sign-in that is under way. Succeeds where there is none.
    ///
    /// # Errors
    /// Those of the vault.
    pub fn abandon_sign_in(&self) -> Boxed<'_, Result<(), Error>> {
        Box::pin(issuance::abandon(&self.context))
    }

    /// The applications for licenses that are not in the wallet yet.
    ///
    /// # Errors
    /// Those of the vault.
    pub fn applications(&self) -> Result<Vec<Application>, Error> {
        applications::list(&self.context)
    }

    /// Removes an application from this wallet, with its key and its tokens: one that was refused,
    /// or one that the driver gives up. The authority is not notified. Do not remove one that waits
    /// without asking the driver: its license may have been issued already.
    ///
    /// # Errors
    /// [`Error::NoSuchLicense`], [`Error::KeyStore`], [`Error::Storage`].
    pub fn dismiss<'a>(&'a self, application: &'a LicenseId) -> Boxed<'a, Result<(), Error>> {
        Box::pin(applications::dismiss(&self.context, application))
    }

    /// The licenses that the wallet holds.
    ///
    /// # Errors
    /// [`Error::VaultDamaged`] or [`Error::Storage`] where nothing can be read; one damaged license
    /// is listed with its problem.
    pub fn licenses(&self) -> Result<Vec<HeldLicense>, Error> {
        licenses::list(&self.context)
    }

    /// Removes a license and its keys and tokens from this device. Ask the driver before: only the
    /// authority can issue it again. The authority is not notified.
    ///
    /// # Errors
    /// [`Error::NoSuchLicense`], [`Error::KeyStore`], [`Error::Storage`].
    pub fn remove<'a>(&'a self, license: &'a LicenseId) -> Boxed<'a, Result<(), Error>> {
        Box::pin(licenses::remove(&self.context, license))
    }

    /// Fetches what is due, or everything, within `budget`. The phone's scheduler calls it. It may
    /// be called at any time, and its process may die at any instant. Call it again after
    /// [`next_in`](RefreshReport::next_in) at the latest.
    ///
    /// # Errors
    /// Those of the vault alone, and [`Error::Cancelled`] where it was cancelled before it began.
    /// Errors of the network are in the report.
    pub fn refresh<'a>(
        &'a self,
        what: Refresh,
        budget: Duration,
        cancel: &'a CancelToken,
    ) -> Boxed<'a, Result<RefreshReport, Error>> {
        Box::pin(async move {
            refresh::refresh(&self.context, &Renewal(&self.context), what, budget, cancel).await
        })
    }

    /// Refreshes what is due, again and again, until `cancel` ends it: for an app in the
    /// foreground. `notice` is called with the report of each round that sent a request.
    ///
    /// # Errors
    /// Those of the vault, which end the loop.
    pub async fn keep_fresh(
        &self,
        cancel: &CancelToken,
        notice: impl FnMut(&RefreshReport) + Send,
    ) -> Result<(), Error> {
        refresh::keep_fresh(&self.context, &Renewal(&self.context), cancel, notice).await
    }

    /// The context, for tests of one module.
    #[cfg(test)]
    pub(crate) fn context(&self) -> &Context {
        &self.context
    }

    /// Starts to show a license to any reader, for at most five minutes. Call
    /// [`Presentation::frame`] for each new QR and [`Presentation::end`] when the screen closes.
    ///
    /// # Errors
    /// [`Error::NoSuchLicense`], [`Error::VaultDamaged`].
    pub fn present(&self, license: &LicenseId) -> Result<Presentation, Error> {
        self.start(license, None)
    }

    /// Reads a reader's challenge: the text of its QR, or the 8 digits that an officer reads out.
    /// Show who asks, and whether that is proven, before [`answer`](Self::answer).
    ///
    /// # Errors
    /// [`Error::Credential`] for any other text, for a reserved name, and for a recorded challenge.
    pub fn read_challenge(&self, text: &str) -> Result<ReaderRequest, Error> {
        ReaderRequest::read(&self.context.vault, text, self.reading())
    }

    /// Starts to answer a challenge with a license, until 110 seconds after the challenge was read.
    /// The driver must have agreed to answer this reader.
    ///
    /// # Errors
    /// Those of [`present`](Self::present), and [`Error::ChallengeOver`] after that time.
    pub fn answer(
        &self,
        license: &LicenseId,
        request: ReaderRequest,
    ) -> Result<Presentation, Error> {
        self.start(license, Some(request))
    }

    /// The newest entries of the activity log, newest first.
    ///
    /// # Errors
    /// [`Error::VaultDamaged`] or [`Error::Storage`].
    pub fn activity(&self, limit: usize) -> Result<Activity, Error> {
        self.context.vault.read(|view| view.activity(limit))
    }

    /// Gives `tell` the bytes that it returned before, the licenses and the latest known time, and
    /// stores the bytes that it returns, in one transaction: of two processes with the same news
    /// one tells it. The bytes are the app's; none before the first call, and where their row is
    /// damaged.
    ///
    /// # Errors
    /// [`Error::VaultDamaged`] or [`Error::Storage`].
    pub async fn tell<R: Send + 'static>(
        &self,
        tell: impl FnOnce(Option<&[u8]>, &[HeldLicense], UnixTime) -> (Vec<u8>, R) + Send + 'static,
    ) -> Result<R, Error> {
        told::tell(&self.context, tell).await
    }

    /// The state of the vault: whether an older copy was put in place, and which parts are damaged.
    ///
    /// # Errors
    /// [`Error::VaultDamaged`] or [`Error::Storage`] where the file can no longer be read.
    pub fn health(&self) -> Result<Health, Error> {
        self.context.vault.health()
    }

    /// Whether this device had a license before and this wallet holds none: the app was
    /// reinstalled, or an older copy was put in place. Tell the driver to get the license from the
    /// authority again.
    ///
    /// # Errors
    /// Those of [`health`](Self::health).
    pub fn misses_a_license(&self) -> Result<bool, Error> {
        self.context.vault.misses_a_license()
    }

    /// [`health`](Self::health) after reading every row. It is slow: call it for a diagnosis, not
    /// at each start.
    ///
    /// # Errors
    /// The same.
    pub fn examine(&self) -> Result<Health, Error> {
        self.context.vault.examine()
    }

    /// The signed bytes of the held trust list, for a reader on the same device; `None` before the
    /// first.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub fn trust_list(&self) -> Result<Option<Vec<u8>>, Error> {
        Ok(trust_store::held(&self.context)?.map(|list| list.bytes().to_vec()))
    }

    /// The authority's address from [`Config`].
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.context.authority
    }

    /// The best known time and how sure the wallet is of it.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub fn time(&self) -> Result<Estimate, Error> {
        self.context.time()
    }

    /// The device's clocks now, for the methods of [`Presentation`].
    #[must_use]
    pub fn reading(&self) -> Reading {
        self.context.clock.read()
    }

    /// Fetches the status of a new license. Where that fails, a later refresh does it.
    async fn fetch_first_status(&self, cancel: &CancelToken) {
        if let Err(error) = self.refresh(Refresh::Due, FIRST_STATUS, cancel).await {
            tracing::info!(%error, "the first status is still to come");
        }
    }

    fn start(
        &self,
        license: &LicenseId,
        request: Option<ReaderRequest>,
    ) -> Result<Presentation, Error> {
        let keys = Arc::clone(&self.context.keys);
        Presentation::start(
            &self.context.vault,
            keys,
            license.as_str(),
            request,
            self.reading(),
        )
    }
}

/// The part of issuance that refresh calls: applications, renewals and notifications.
struct Renewal<'p>(&'p Context);

#[async_trait]
impl Renew for Renewal<'_> {
    async fn go_on(
        &self,
        what: Refresh,
        requests: &mut Requests<'_>,
    ) -> Result<Vec<(String, refresh::Progress)>, Error> {
        let heeds_pauses = what != Refresh::Now;
        let outcomes = issuance::go_on_with_all(self.0, heeds_pauses, requests).await?;
        let progress = |(id, outcome)| match outcome {
            issuance::Outcome::Received => (id, refresh::Progress::Received),
            issuance::Outcome::Refused => (id, refresh::Progress::Refused),
            issuance::Outcome::Failed(error) => (id, refresh::Progress::Failed(error)),
        };
        Ok(outcomes.into_iter().map(progress).collect())
    }

    async fn renew(
        &self,
        license: &str,
        requests: &mut Requests<'_>,
    ) -> Result<Option<u64>, Error> {
        issuance::renew(self.0, license, requests).await
    }

    async fn acknowledge(&self, what: Refresh, requests: &mut Requests<'_>) -> Result<(), Error> {
        let heeds_pauses = what != Refresh::Now;
        issuance::acknowledge(self.0, heeds_pauses, requests).await
    }
}
