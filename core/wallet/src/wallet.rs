//! The wallet's face: one method a use case.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::boxed::Boxed;
use crate::cancel::CancelToken;
use crate::config::{Config, Ports};
use crate::context::Context;
use crate::error::Error;
use crate::issuance::{self, Offer};
use crate::licenses::{self, HeldLicense, LicenseId};
use crate::network::requests::Requests;
use crate::ports::Reading;
use crate::present::{Presentation, ReaderRequest};
use crate::refresh::{self, Refresh, RefreshReport, Renew};
use crate::timekeeper::Estimate;
use crate::trust_store;
use crate::vault::activity_log::Activity;
use crate::vault::{Health, Vault};

/// How long the first status may take after an enrollment.
const FIRST_STATUS: Duration = Duration::from_secs(20);

/// An open wallet. Clones share it; other processes may hold the same one.
#[derive(Clone)]
pub struct Wallet {
    context: Arc<Context>,
}

impl Wallet {
    /// Makes a wallet in an empty folder.
    ///
    /// # Errors
    /// [`Error::AlreadyExists`]; [`Error::VaultDamaged`] where one is gone that was there; [`Error::Transport`] for an authority's address that is not allowed;
    /// [`Error::KeyStore`] or [`Error::Storage`].
    pub fn create(config: Config) -> Boxed<'static, Result<Self, Error>> {
        Box::pin(async move {
            Ok(Self {
                context: Arc::new(Context::create(config).await?),
            })
        })
    }

    /// Opens the wallet of a folder.
    ///
    /// # Errors
    /// [`Error::NoWallet`], [`Error::HadWallet`], [`Error::NewerSchema`], [`Error::OtherDevice`],
    /// [`Error::KeyInvalidated`], [`Error::VaultDamaged`], [`Error::Storage`]. Nothing is deleted in any case.
    pub fn open(directory: PathBuf, ports: Ports) -> Boxed<'static, Result<Self, Error>> {
        Box::pin(async move {
            Ok(Self {
                context: Arc::new(Context::open(directory, ports).await?),
            })
        })
    }

    /// Moves a wallet that cannot be used any more to a folder beside it, so that a new one can be made.
    /// Nothing is deleted. Returns where it went.
    ///
    /// # Errors
    /// [`Error::NoWallet`] where there is none.
    pub fn set_aside(directory: &std::path::Path) -> Result<PathBuf, Error> {
        Vault::set_aside(directory)
    }

    /// Reads a credential offer as scanned or typed, by value or by reference, and asks its issuer who it
    /// is. It spends nothing.
    ///
    /// # Errors
    /// [`Error::OfferMalformed`], [`Error::OfferUnsupported`], [`Error::OfferGone`],
    /// [`Error::IssuerMetadata`], and those of the network.
    pub async fn read_offer(&self, text: &str) -> Result<Offer, Error> {
        self.read_offer_until(text, &CancelToken::new()).await
    }

    /// [`read_offer`](Self::read_offer), with a way to stop it.
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

    /// Takes up an offer: the license is issued, verified, stored, and its first status fetched. Where the
    /// status cannot be had the license stays, its status unknown until the next refresh.
    ///
    /// Taking up the same offer again, by value or by reference, goes on where an earlier call died or lost an answer, or
    /// gives the license it brought. After any error but a refusal the caller may do so at once.
    ///
    /// # Errors
    /// [`Error::TxCodeRequired`], [`Error::TxCodeMalformed`], [`Error::Refused`],
    /// [`Error::IssuanceDeferred`], [`Error::Credential`], [`Error::CredentialForAnotherKey`],
    /// [`Error::CredentialNotInForce`], [`Error::ServerTimeWrong`], [`Error::OfferGone`], [`Error::Cancelled`], and those
    /// of the network and the vault.
    pub fn enroll<'a>(
        &'a self,
        offer: &'a Offer,
        tx_code: Option<&'a str>,
        cancel: &'a CancelToken,
    ) -> Boxed<'a, Result<LicenseId, Error>> {
        Box::pin(async move {
            let id = issuance::enroll(&self.context, offer, tx_code, cancel).await?;
            if let Err(error) = self.refresh(Refresh::Due, FIRST_STATUS, cancel).await {
                tracing::info!(%error, "the first status is still to come");
            }
            Ok(LicenseId::new(id))
        })
    }

    /// The licenses that the wallet holds.
    ///
    /// # Errors
    /// [`Error::VaultDamaged`] or [`Error::Storage`] where nothing can be read; one damaged license is
    /// listed with its problem.
    pub fn licenses(&self) -> Result<Vec<HeldLicense>, Error> {
        licenses::list(&self.context)
    }

    /// Removes a license and its keys and tokens from this device. The authority is not told.
    ///
    /// # Errors
    /// [`Error::NoSuchLicense`], [`Error::KeyStore`], [`Error::Storage`].
    pub fn remove<'a>(&'a self, license: &'a LicenseId) -> Boxed<'a, Result<(), Error>> {
        Box::pin(licenses::remove(&self.context, license))
    }

    /// Asks for what is due, or for all, within `budget`: what a phone's scheduler calls. It may be called
    /// at any time and die at any instant.
    ///
    /// # Errors
    /// Those of the vault alone, and [`Error::Cancelled`] before it began; what the network did wrong
    /// stands in the report.
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

    /// Refreshes what is due until it is cancelled: for an app in the foreground. `notice` hears of each
    /// round that asked for something.
    ///
    /// # Errors
    /// Those of the vault, whereupon it ends.
    pub async fn keep_fresh(
        &self,
        cancel: &CancelToken,
        notice: impl FnMut(&RefreshReport) + Send,
    ) -> Result<(), Error> {
        refresh::keep_fresh(&self.context, &Renewal(&self.context), cancel, notice).await
    }

    /// What a test of one part works on.
    #[cfg(test)]
    pub(crate) fn context(&self) -> &Context {
        &self.context
    }

    /// Starts to show a license to whoever looks, for at most five minutes.
    ///
    /// # Errors
    /// [`Error::NoSuchLicense`], [`Error::VaultDamaged`].
    pub fn present(&self, license: &LicenseId) -> Result<Presentation, Error> {
        self.start(license, None)
    }

    /// Reads a reader's challenge: the text of its QR, or the 8 digits that an officer reads out.
    ///
    /// # Errors
    /// [`Error::Credential`] for anything else, a reserved name, and one that someone recorded.
    pub fn read_challenge(&self, text: &str) -> Result<ReaderRequest, Error> {
        ReaderRequest::read(&self.context.vault, text, self.reading())
    }

    /// Starts to answer a challenge with a license, until 110 seconds after the challenge was read. Show first who asks,
    /// and whether that is proven.
    ///
    /// # Errors
    /// As [`present`](Self::present), and [`Error::ChallengeOver`] after that time.
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

    /// How the vault is: whether an older copy was put in place, and what is damaged.
    ///
    /// # Errors
    /// [`Error::VaultDamaged`] or [`Error::Storage`] where the file can no longer be read.
    pub fn health(&self) -> Result<Health, Error> {
        self.context.vault.health()
    }

    /// Whether this device had a license before, and this wallet holds none: the app was installed anew, or an older copy
    /// was put in place. Ask the authority for it again.
    ///
    /// # Errors
    /// As [`health`](Self::health).
    pub fn misses_a_license(&self) -> Result<bool, Error> {
        self.context.vault.misses_a_license()
    }

    /// [`health`](Self::health) after every row was read.
    ///
    /// # Errors
    /// The same.
    pub fn examine(&self) -> Result<Health, Error> {
        self.context.vault.examine()
    }

    /// The signed trust list that is held, as bytes, for a reader on the same device.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub fn trust_list(&self) -> Result<Option<Vec<u8>>, Error> {
        Ok(trust_store::held(&self.context)?.map(|list| list.bytes().to_vec()))
    }

    /// The authority's address that the wallet was made with.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.context.authority
    }

    /// The best known time and how sure it is.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub fn time(&self) -> Result<Estimate, Error> {
        self.context.time()
    }

    /// The device's clocks now, as a [`Presentation`] wants them.
    #[must_use]
    pub fn reading(&self) -> Reading {
        self.context.clock.read()
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

/// Issuance, as refresh sees it.
struct Renewal<'p>(&'p Context);

#[async_trait]
impl Renew for Renewal<'_> {
    async fn renew(&self, license: &str, requests: &mut Requests<'_>) -> Result<(), Error> {
        issuance::renew(self.0, license, requests).await
    }

    async fn acknowledge(&self, what: Refresh, requests: &mut Requests<'_>) -> Result<(), Error> {
        let heeds_pauses = what != Refresh::Now;
        issuance::acknowledge(self.0, heeds_pauses, requests).await
    }
}
