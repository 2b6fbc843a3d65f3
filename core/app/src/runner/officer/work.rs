//! The tasks that Rust runs against the reader's book.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use vidimus_credential::VerifyingKey;
use vidimus_credential::challenge::ANSWER_WITHIN_S;
use vidimus_credential::qr::{Symbol, SymbolOptions};
use vidimus_wallet::CancelToken;
use vidimus_wallet::ports::Reading;
use vidimus_wallet::reader::{
    AuthorityId, ChallengeId, Look, ReaderBook, ReaderError, Sight, When,
};
use vidimus_wallet::refresh::ROUND_BUDGET;

use super::{Bytes, OfficerSetup, reading};
use crate::officer::event::{Authority, BookFailure, Challenged, Fetched, OfficerOutcome};

/// The most checks that the page of the log shows.
const LONGEST_LOG: usize = 200;

/// The most checks in the log's file: all that a book keeps.
const WHOLE_LOG: usize = usize::MAX;

/// Where the reader's book is, and whom it trusts.
pub(super) struct Home(OfficerSetup);

/// What a task has ended with.
pub(super) struct Finished {
    pub(super) id: u64,
    pub(super) outcome: OfficerOutcome,
    pub(super) resource: Resource,
}

impl Finished {
    pub(super) const fn of(id: u64, outcome: OfficerOutcome) -> Self {
        Self {
            id,
            outcome,
            resource: Resource::None,
        }
    }
}

/// What the runner keeps of a task, or turns into its outcome.
pub(super) enum Resource {
    None,
    Book(ReaderBook),
    Seen(Vec<Sight>),
    Question(ChallengeId, Option<Symbol>),
    File(Bytes),
}

impl Home {
    pub(super) const fn new(setup: OfficerSetup) -> Self {
        Self(setup)
    }

    pub(super) fn now(&self) -> Reading {
        self.0.ports.clock.read()
    }

    async fn open(&self) -> Result<(ReaderBook, Vec<Authority>), ReaderError> {
        let setup = &self.0;
        let ports = setup.ports.clone();
        let book = ReaderBook::open(&setup.directory, ports, setup.keeping).await?;
        let held = book.authorities()?;
        let mut trusted: Vec<AuthorityId> = Vec::new();
        for authority in &setup.authorities {
            let root = VerifyingKey::from_cose_key(&authority.root_key);
            let root = root.map_err(|error| ReaderError::Invalid(error.into()))?;
            let id = AuthorityId::of(&root);
            let is_held = held.iter().any(|held| {
                let named = held.bundles.iter().map(|(bundle, _)| bundle);
                let is_named =
                    authority.bundles.is_empty() || named.eq(sorted(&authority.bundles).iter());
                held.id == id && held.address == authority.address && is_named
            });
            if !is_held {
                let (address, bundles) = (&authority.address, &authority.bundles);
                book.add_authority(root, address, bundles).await?;
            }
            trusted.push(id);
        }
        for other in held.iter().filter(|held| !trusted.contains(&held.id)) {
            book.remove_authority(&other.id).await?;
        }
        book.forget_log(setup.log_days).await?;
        let authorities = self.authorities(&book)?;
        Ok((book, authorities))
    }

    fn authorities(&self, book: &ReaderBook) -> Result<Vec<Authority>, ReaderError> {
        let now = self.now().wall;
        let held = book.authorities()?;
        Ok(held.iter().map(|it| reading::authority(it, now)).collect())
    }
}

/// The addresses as the book keeps them.
fn sorted(bundles: &[String]) -> Vec<String> {
    let mut bundles = bundles.to_vec();
    bundles.sort();
    bundles.dedup();
    bundles
}

type Worked = (OfficerOutcome, Resource);

fn plain(outcome: OfficerOutcome) -> Worked {
    (outcome, Resource::None)
}

/// Opens the book, or makes it where there is none.
pub(super) async fn open(home: Arc<Home>) -> Worked {
    match home.open().await {
        Ok((book, authorities)) => (
            OfficerOutcome::Opened(Ok(authorities)),
            Resource::Book(book),
        ),
        Err(error) => plain(OfficerOutcome::Opened(Err(error.into()))),
    }
}

/// Moves the book's files aside and makes a new one.
pub(super) async fn begin_anew(home: Arc<Home>) -> Worked {
    match ReaderBook::set_aside(&home.0.directory) {
        // Where there is none, it was moved aside before.
        Ok(_) | Err(ReaderError::NoBook) => open(home).await,
        Err(error) => plain(OfficerOutcome::Opened(Err(error.into()))),
    }
}

/// Fetches lists and statuses, and deletes old checks.
pub(super) async fn refresh(
    home: Arc<Home>,
    book: ReaderBook,
    all: bool,
    cancel: CancelToken,
) -> Worked {
    let what = if all { When::Now } else { When::Due };
    let report = book.refresh(what, ROUND_BUDGET, &cancel).await;
    let fetched = report.map(|report| Fetched {
        failures: report.failures.into_iter().map(|it| it.error).collect(),
        next_in: report.next_in,
    });
    // Where it fails, the next refresh tries again.
    if let Err(error) = book.forget_log(home.0.log_days).await {
        tracing::warn!(%error, "old checks could not be deleted");
    }
    let after = home.authorities(&book).map_err(BookFailure::from);
    plain(OfficerOutcome::Refreshed(
        fetched.map_err(BookFailure::from),
        after,
    ))
}

/// Takes the codes of one picture.
pub(super) async fn take(look: Arc<Mutex<Look>>, texts: Vec<String>) -> Worked {
    let seen = look.lock().await.take(texts.as_slice()).await;
    match seen {
        Ok(seen) => (OfficerOutcome::Taken(Ok(Vec::new())), Resource::Seen(seen)),
        Err(error) => plain(OfficerOutcome::Taken(Err(error.into()))),
    }
}

/// Makes a challenge, by QR with the wish for a face.
pub(super) fn ask(home: &Home, book: &ReaderBook, digits: bool) -> Worked {
    let setup = &home.0;
    let challenge = if digits {
        book.ask_by_digits()
    } else {
        book.ask(&setup.name, true, setup.signer.as_deref())
    };
    let made = challenge.and_then(|challenge| {
        let symbol = if digits {
            None
        } else {
            let symbol = Symbol::encode(&challenge.text, SymbolOptions::default());
            Some(symbol.map_err(|error| ReaderError::Invalid(error.into()))?)
        };
        Ok((challenge, symbol))
    });
    match made {
        Ok((challenge, symbol)) => {
            let made = Challenged {
                digits: digits.then_some(challenge.text),
                lasts: Duration::from_secs(ANSWER_WITHIN_S),
            };
            (
                OfficerOutcome::Asked(Ok(made)),
                Resource::Question(challenge.id, symbol),
            )
        }
        Err(error) => plain(OfficerOutcome::Asked(Err(error.into()))),
    }
}

pub(super) fn read_log(book: &ReaderBook) -> Worked {
    let log = book.log(LONGEST_LOG).map_err(BookFailure::from);
    plain(OfficerOutcome::LogRead(log))
}

/// Writes the log as a file.
pub(super) fn export(home: &Home, book: &ReaderBook) -> Worked {
    let log = book.log(WHOLE_LOG);
    let file = log.and_then(|log| log.to_json_lines(home.0.signer.as_deref()));
    match file {
        Ok(file) => (
            OfficerOutcome::Exported(Ok(())),
            Resource::File(file.into()),
        ),
        Err(error) => plain(OfficerOutcome::Exported(Err(error.into()))),
    }
}
