//! The tasks that Rust runs against the wallet.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;
use vidimus_credential::VerifyingKey;
use vidimus_credential::qr::Symbol;
use vidimus_wallet::present::{Face, Frame, Presentation, ReaderRequest};
use vidimus_wallet::refresh::{ROUND_BUDGET, Refresh};
use vidimus_wallet::{CancelToken, Config, Error, LicenseId, Offer, Ports, SignInClient, Wallet};

use super::background;
use super::reading::{self, Pictures};
use crate::event::{Opened, Outcome, Overview, Scope};
use crate::trouble::Failure;

/// The most entries of the history that are read.
const LONGEST_HISTORY: usize = 100;

/// Where the wallet is, or is made.
pub(super) struct Home {
    pub(super) directory: PathBuf,
    /// The authority's root key, as COSE.
    pub(super) root_key: Vec<u8>,
    pub(super) authority: String,
    /// This app as the authority knows it; none where it has no sign-in.
    pub(super) sign_in: Option<SignInClient>,
    pub(super) ports: Ports,
}

/// The result of a task: the outcome for the state, and what the runner keeps.
pub(super) struct Done {
    pub(super) outcome: Outcome,
    pub(super) resource: Resource,
    /// The portraits, where the licenses were read.
    pub(super) pictures: Option<Pictures>,
}

/// Something that an effect gives beside its outcome.
pub(super) enum Resource {
    None,
    Wallet(Wallet),
    Offer(Arc<Offer>),
    /// The address of a sign-in, which the browser opens.
    SignIn(String),
    Question(Box<ReaderRequest>),
    Showing(Arc<Showing>),
    /// A code, and the parts of the face after it.
    Frames(Vec<Symbol>),
}

impl Done {
    pub(super) fn of(outcome: Outcome) -> Self {
        Self::with(outcome, Resource::None)
    }

    fn with(outcome: Outcome, resource: Resource) -> Self {
        Self {
            outcome,
            resource,
            pictures: None,
        }
    }
}

/// A showing, until it is ended.
pub(super) struct Showing {
    /// None once it was ended.
    presentation: Mutex<Option<Presentation>>,
    /// Cancelled when the showing is ended, so that a key that does not answer cannot delay the
    /// end.
    ended: CancelToken,
    wallet: Wallet,
    frames: AtomicU64,
}

impl Home {
    /// Opens the wallet, or makes it where there is none.
    pub(super) async fn open(&self) -> Done {
        match self.open_or_make().await {
            Ok(wallet) => opened(wallet),
            Err(error) => Done::of(Outcome::Opened(Err(error.into()))),
        }
    }

    async fn open_or_make(&self) -> Result<Wallet, Error> {
        match Wallet::open(self.directory.clone(), self.ports.clone()).await {
            // It is made as where there never was one. The wallet notes that one is missing.
            Err(Error::NoWallet | Error::HadWallet) => self.make().await,
            opened => opened,
        }
    }

    async fn make(&self) -> Result<Wallet, Error> {
        let made = Wallet::create(Config {
            directory: self.directory.clone(),
            root: VerifyingKey::from_cose_key(&self.root_key)?,
            authority: self.authority.clone(),
            ports: self.ports.clone(),
        });
        match made.await {
            // Another process made it in this very moment.
            Err(Error::AlreadyExists) => {
                Wallet::open(self.directory.clone(), self.ports.clone()).await
            }
            made => made,
        }
    }

    /// Moves the wallet's files aside and makes a new one.
    pub(super) async fn begin_anew(&self) -> Done {
        match Wallet::set_aside(&self.directory) {
            // Where there is none, it was moved aside before.
            Ok(_) | Err(Error::NoWallet) => {
                // Where this fails, making the wallet gives the reason.
                _ = self.ports.keys.set_damaged_anchor_aside().await;
                self.open().await
            }
            Err(error) => Done::of(Outcome::NotSetAside(error.into())),
        }
    }
}

fn opened(wallet: Wallet) -> Done {
    let authority = wallet.authority().to_owned();
    let (overview, pictures) = read(&wallet);
    let opened = overview.map(|overview| Opened {
        authority,
        overview,
    });
    Done {
        outcome: Outcome::Opened(opened),
        resource: Resource::Wallet(wallet),
        pictures,
    }
}

fn read(wallet: &Wallet) -> (Result<Overview, Failure>, Option<Pictures>) {
    match reading::overview(wallet) {
        Ok((overview, pictures)) => (Ok(overview), Some(pictures)),
        Err(failure) => (Err(failure), None),
    }
}

/// A result that has the licenses too.
fn with_licenses(
    wallet: &Wallet,
    outcome: impl FnOnce(Result<Overview, Failure>) -> Outcome,
) -> Done {
    let (overview, pictures) = read(wallet);
    Done {
        outcome: outcome(overview),
        resource: Resource::None,
        pictures,
    }
}

pub(super) fn reread(wallet: &Wallet) -> Done {
    with_licenses(wallet, Outcome::Reread)
}

pub(super) async fn read_offer(wallet: &Wallet, text: &str, cancel: &CancelToken) -> Done {
    match wallet.read_offer_until(text, cancel).await {
        Ok(offer) => Done::with(
            Outcome::OfferRead(Ok(reading::offer(&offer))),
            Resource::Offer(Arc::new(offer)),
        ),
        Err(error) => Done::of(Outcome::OfferRead(Err(error.into()))),
    }
}

pub(super) async fn enroll(
    wallet: &Wallet,
    offer: &Offer,
    code: Option<&str>,
    cancel: &CancelToken,
) -> Done {
    let enrolled = wallet.enroll(offer, code, cancel).await;
    let enrolled = enrolled.map(String::from).map_err(Failure::from);
    with_licenses(wallet, |licenses| Outcome::Enrolled(enrolled, licenses))
}

/// The id of this app at every authority.
const CLIENT_ID: &str = "vidimus-app";

/// This app as the authority knows it.
pub(super) fn sign_in_client(redirect_uri: String) -> SignInClient {
    SignInClient {
        client_id: CLIENT_ID.to_owned(),
        redirect_uri,
        languages: Vec::new(),
    }
}

pub(super) async fn apply(wallet: &Wallet, client: &SignInClient, cancel: &CancelToken) -> Done {
    let (began, resource) = match wallet.apply(client, cancel).await {
        Ok(sign_in) => (Ok(()), Resource::SignIn(sign_in.url)),
        Err(error) => (Err(error.into()), Resource::None),
    };
    // What it has applied for is known from now on, so that what comes of it is news.
    background::note_seen(wallet).await;
    let done = with_licenses(wallet, |after| Outcome::SignInBegan(began, after));
    Done { resource, ..done }
}

pub(super) async fn resume(wallet: &Wallet, redirect: &str, cancel: &CancelToken) -> Done {
    let resumed = wallet.resume(redirect, cancel).await;
    let resumed = resumed.map(reading::resumed).map_err(Failure::from);
    background::note_seen(wallet).await;
    with_licenses(wallet, |after| Outcome::Resumed(resumed, after))
}

pub(super) async fn abandon(wallet: &Wallet) -> Done {
    let abandoned = wallet.abandon_sign_in().await;
    let abandoned = abandoned.map_err(Failure::from);
    with_licenses(wallet, |after| Outcome::Abandoned(abandoned, after))
}

pub(super) async fn dismiss(wallet: &Wallet, application: String) -> Done {
    let dismissed = wallet.dismiss(&LicenseId::new(application)).await;
    let dismissed = dismissed.map_err(Failure::from);
    with_licenses(wallet, |after| Outcome::Dismissed(dismissed, after))
}

pub(super) async fn refresh(wallet: &Wallet, scope: Scope, cancel: &CancelToken) -> Done {
    let what = match scope {
        Scope::Opened => Refresh::Opened,
        Scope::Due => Refresh::Due,
        Scope::Now => Refresh::Now,
    };
    let report = wallet.refresh(what, ROUND_BUDGET, cancel).await;
    let report = report.map(reading::refreshed).map_err(Failure::from);
    // The driver has left where it was cancelled, and has seen nothing of what it brought.
    if !cancel.is_cancelled() {
        background::note_seen(wallet).await;
    }
    with_licenses(wallet, |licenses| Outcome::Refreshed(report, licenses))
}

pub(super) async fn remove(wallet: &Wallet, license: String) -> Done {
    let removed = wallet.remove(&LicenseId::new(license)).await;
    let removed = removed.map_err(Failure::from);
    with_licenses(wallet, |licenses| Outcome::Removed(removed, licenses))
}

pub(super) fn read_question(wallet: &Wallet, text: &str) -> Done {
    match wallet.read_challenge(text) {
        Ok(request) => Done::with(
            Outcome::QuestionRead(Ok(reading::question(&request))),
            Resource::Question(Box::new(request)),
        ),
        Err(error) => Done::of(Outcome::QuestionRead(Err(error.into()))),
    }
}

pub(super) fn read_history(wallet: &Wallet) -> Done {
    let activity = wallet.activity(LONGEST_HISTORY);
    Done::of(Outcome::History(activity.map_err(Failure::from)))
}

/// Begins to show a license, to anyone who scans it or to the reader who asked.
pub(super) fn begin(wallet: Wallet, license: String, question: Option<ReaderRequest>) -> Done {
    let license = LicenseId::new(license);
    let presentation = match question {
        Some(question) => wallet.answer(&license, question),
        None => wallet.present(&license),
    };
    match presentation {
        Ok(presentation) => {
            let lasts = presentation.remaining(wallet.reading());
            let showing = Showing {
                presentation: Mutex::new(Some(presentation)),
                ended: CancelToken::new(),
                wallet,
                frames: AtomicU64::new(0),
            };
            Done::with(
                Outcome::Began(Ok(lasts)),
                Resource::Showing(Arc::new(showing)),
            )
        }
        Err(error) => Done::of(Outcome::Began(Err(error.into()))),
    }
}

impl Showing {
    /// Signs the next code, with the `face` beside it where the driver shows it, unless it is
    /// cancelled or the showing has ended.
    pub(super) async fn next_frame(&self, face: bool, cancel: &CancelToken) -> Done {
        let frame = tokio::select! {
            biased;
            () = cancel.cancelled() => Err(Error::Cancelled),
            () = self.ended.cancelled() => Err(Error::PresentationEnded),
            frame = self.sign(face) => frame,
        };
        match frame {
            Ok((frame, has_face)) => {
                let parts = frame.face.iter().flat_map(Face::symbols).cloned();
                let symbols: Vec<_> = std::iter::once(frame.symbol.clone()).chain(parts).collect();
                let count = u64::try_from(symbols.len()).unwrap_or(u64::MAX);
                let before = self.frames.fetch_add(count, Ordering::Relaxed);
                let number = before.saturating_add(1);
                let framed = reading::framed(&frame, number, has_face);
                Done::with(Outcome::Framed(Ok(framed)), Resource::Frames(symbols))
            }
            Err(error) => Done::of(Outcome::Framed(Err(error.into()))),
        }
    }

    /// The next code, and whether the face could be beside it and was not asked for.
    async fn sign(&self, face: bool) -> Result<(Frame, bool), Error> {
        let mut presentation = self.presentation.lock().await;
        let on = presentation.as_mut().ok_or(Error::PresentationEnded)?;
        on.show_face(face);
        let frame = on.frame(self.wallet.reading()).await?;
        Ok((frame, !face && on.has_face()))
    }

    /// Ends it, and waits until its entry is written. It has ended also where the entry could not
    /// be written.
    pub(super) async fn end(&self) {
        self.ended.cancel();
        let on = self.presentation.lock().await.take();
        if let Some(on) = on
            && let Err(error) = on.end().await
        {
            tracing::warn!(%error, "the end of a showing could not be logged");
        }
    }
}
