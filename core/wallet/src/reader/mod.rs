//! Checking licenses: a reader's book, and the verdicts that it gives.
//!
//! A [`ReaderBook`] keeps what a reader must not lose: the authorities that it trusts, their trust
//! lists and bundles of statuses, the tokens that it has seen, and a log of its checks. It is
//! sealed by the same code as a driver's wallet, in a separate folder and under separate keys.
//! Checking opens no wallet and needs no license, and damage to one does not affect the other.
//!
//! A failing book does not prevent a verdict. A token is judged inside the transaction that keeps
//! it and the log's entry, so that two processes do not both accept one token. Where that
//! transaction fails, this process remembers the token, writes the entry with the next check, and
//! reports a [`Trouble`] beside the verdict.

mod challenges;
mod check;
mod error;
mod export;
mod log;
mod look;
mod records;
mod refresh;
mod state;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use vidimus_credential::key::{Signer, VerifyingKey};
use vidimus_credential::{UnixTime, all_variants};

pub use challenges::{Challenge, ChallengeId};
pub use check::{Asking, Checked, Trouble};
pub use error::ReaderError;
pub use log::{CheckEntry, CheckLog};
pub use look::{Look, Sight};
pub use refresh::{Change, Failure, Report, Subject, When};

use crate::cancel::CancelToken;
use crate::config::Ports;
use crate::error::{Damage, Error, StorageError};
use crate::network::address;
use crate::network::schedule::Schedule;
use crate::ports::{KeyStoreError, Random};
use crate::timekeeper::Timekeeper;
use crate::vault::records::TrustListRecord;
use crate::vault::{Health, Table, TableSet, Tx, Vault, Weight};
use records::{AuthorityRecord, BundleRecord};
use state::{Setup, State};

/// The book's folder in its home, and the name of its key store.
const NAME: &str = "reader";

/// Most authorities in a book.
const AUTHORITIES: usize = 16;

/// Most bundle addresses in a book: as many bundles as a verifier holds.
const BUNDLES: usize = 64;

/// The longest time to wait while another process makes the book.
const MAKING: Duration = Duration::from_secs(5);

/// The pause between two looks for that book.
const PAUSE: Duration = Duration::from_millis(20);

/// Which data of a license the log keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Keeping {
    /// The license's number: for an officer, who must account for a check.
    Officer,
    /// No data of the license: for anyone else.
    Citizen,
}

all_variants! {
    /// Every kind of log.
    Keeping { Officer, Citizen }
}

/// The id of an authority in a book: its root key's id in hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AuthorityId(String);

impl AuthorityId {
    /// The id of the authority with this root.
    #[must_use]
    pub fn of(root: &VerifyingKey) -> Self {
        let kid = root.kid();
        Self(
            kid.as_bytes()
                .iter()
                .map(|it| format!("{it:02x}"))
                .collect(),
        )
    }

    /// The id as text, which a shell passes back.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for AuthorityId {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// An authority in the book, with the age of its lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldAuthority {
    /// The id of the authority in this book.
    pub id: AuthorityId,
    /// The address that it was added with.
    pub address: String,
    /// When its trust list was signed; `None` before the first.
    pub list_signed: Option<UnixTime>,
    /// When its trust list expires. For 30 days after that, verdicts are at best a caution.
    pub list_expires: Option<UnixTime>,
    /// The addresses of its bundles, each with the time at which the held bundle was signed.
    pub bundles: Vec<(String, Option<UnixTime>)>,
}

/// An open book. Clones share one vault. Other processes may have the same book open.
#[derive(Clone)]
pub struct ReaderBook(Arc<Shared>);

struct Shared {
    setup: Setup,
    state: Mutex<State>,
}

impl Shared {
    /// The state of this process. To avoid a deadlock, lock the vault first where both are needed.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what other processes have written to the book.
    fn read(&self) -> Result<(), Error> {
        let Setup { vault, .. } = &self.setup;
        vault.read(|view| self.state().read(view, &self.setup))
    }
}

impl ReaderBook {
    /// Opens the book in `home`, or makes it where there is none. The home may be the folder of a
    /// driver's wallet: the book has a separate folder in it, and separate keys from
    /// [`KeyStore::named`](crate::ports::KeyStore::named). Call
    /// [`add_authority`](Self::add_authority) and [`refresh`](Self::refresh) before the first
    /// check.
    ///
    /// # Errors
    /// [`ReaderError::BookDamaged`], [`ReaderError::NewerSchema`], [`ReaderError::OtherDevice`],
    /// [`ReaderError::KeyInvalidated`], [`ReaderError::KeyStore`], [`ReaderError::Storage`].
    /// Nothing is deleted.
    pub async fn open(home: &Path, ports: Ports, keeping: Keeping) -> Result<Self, ReaderError> {
        Self::open_with(home, ports, keeping, check::PATIENCE).await
    }

    /// [`open`](Self::open), with another time limit for writing verdicts.
    async fn open_with(
        home: &Path,
        ports: Ports,
        keeping: Keeping,
        patience: Duration,
    ) -> Result<Self, ReaderError> {
        let keys = ports.keys.named(NAME);
        let keys = keys.ok_or(ReaderError::KeyStore(KeyStoreError::Unavailable))?;
        let ports = Ports { keys, ..ports };
        let directory = home.join(NAME);
        let vault = open_or_make(&directory, &ports).await?;
        let shared = Shared {
            setup: Setup {
                directory,
                vault,
                ports,
                keeping,
                patience,
            },
            state: Mutex::default(),
        };
        shared.read()?;
        Ok(Self(Arc::new(shared)))
    }

    /// Moves an unusable book to a folder beside it, so that a new one can be made. Nothing is
    /// deleted. Returns the new place. Close every [`ReaderBook`] of this home before.
    ///
    /// # Errors
    /// [`ReaderError::NoBook`] where the home has no book, [`ReaderError::Storage`].
    pub fn set_aside(home: &Path) -> Result<PathBuf, ReaderError> {
        Ok(Vault::set_aside(&home.join(NAME))?)
    }

    /// Trusts an authority from now on. `root` is the key that signs its trust list: the caller
    /// must have got it over a trusted channel. Bundles are fetched from `bundles`, or from the
    /// authority's first one where that is empty. For an authority that is already in the book the
    /// addresses change, and its list and bundles stay.
    ///
    /// # Errors
    /// [`ReaderError::Invalid`] for text that is not an allowed address, [`ReaderError::Full`],
    /// [`ReaderError::Storage`].
    pub async fn add_authority(
        &self,
        root: VerifyingKey,
        address: &str,
        bundles: &[String],
    ) -> Result<AuthorityId, ReaderError> {
        address::check_authority(address)?;
        let mut bundles = bundles.to_vec();
        if bundles.is_empty() {
            bundles.push(address::under(address, "status/bundle"));
        }
        bundles.sort();
        bundles.dedup();
        for bundle in &bundles {
            address::check_named_by(address, bundle).map_err(Error::from)?;
        }
        let id = AuthorityId::of(&root);
        let record = AuthorityRecord {
            root,
            address: address.to_owned(),
            bundles,
        };
        let row = id.0.clone();
        let kept = self.write(Weight::Anchored, move |tx| {
            let mut others = 0;
            let mut taken = record.bundles.len();
            for (other, held) in tx.list::<AuthorityRecord>() {
                if other != row {
                    others += 1;
                    taken += held.map_or(0, |held| held.bundles.len());
                }
            }
            let fits = others < AUTHORITIES && taken <= BUNDLES;
            if fits {
                tx.put(&row, &record)?;
            }
            Ok(fits)
        });
        if !kept.await? {
            return Err(ReaderError::Full);
        }
        self.0.read()?;
        Ok(id)
    }

    /// Trusts an authority no longer, and deletes its list and bundles. Succeeds where the book
    /// does not hold it.
    ///
    /// # Errors
    /// [`ReaderError::Storage`].
    pub async fn remove_authority(&self, id: &AuthorityId) -> Result<(), ReaderError> {
        let scope = id.0.clone();
        self.write(Weight::Anchored, move |tx| {
            tx.delete::<AuthorityRecord>(&scope)?;
            tx.delete::<TrustListRecord>(&scope)?;
            tx.delete::<Timekeeper>(&scope)?;
            let is_its = |row: &String| row.ends_with(&format!(" {scope}"));
            for row in tx.ids(Table::Bundle).iter().filter(|row| is_its(row)) {
                tx.delete::<BundleRecord>(row)?;
            }
            for row in tx.ids(Table::Refresh).iter().filter(|row| is_its(row)) {
                tx.delete::<Schedule>(row)?;
            }
            Ok(())
        })
        .await?;
        Ok(self.0.read()?)
    }

    /// The authorities of the book, with the age of their lists and bundles.
    ///
    /// # Errors
    /// [`ReaderError::BookDamaged`] or [`ReaderError::Storage`] where nothing can be read.
    pub fn authorities(&self) -> Result<Vec<HeldAuthority>, ReaderError> {
        self.0.read()?;
        let state = self.0.state();
        let held = state.held.iter().map(|held| {
            let list = held.verifier.trust_list();
            HeldAuthority {
                id: held.id.clone(),
                address: held.context.authority.clone(),
                list_signed: list.map(|list| list.issued_at()),
                list_expires: list.map(|list| list.expires()),
                bundles: held.bundles.clone().into_iter().collect(),
            }
        });
        Ok(held.collect())
    }

    /// The reader's best time: by it ages are told.
    #[must_use]
    pub fn time(&self) -> UnixTime {
        self.0.state().now(&self.0.setup)
    }

    /// The authorities whose rows are damaged. Add them again.
    #[must_use]
    pub fn damaged_authorities(&self) -> Vec<AuthorityId> {
        self.0.state().damaged.clone()
    }

    /// Checks a token: the text of a QR (`DL1:`). A text that cannot be read gets a refusal with
    /// its reason. Show the verdict with [`Checked::troubles`], and do not keep it: the log does.
    ///
    /// # Errors
    /// [`ReaderError::NoAuthority`] where the book holds no authority,
    /// [`ReaderError::NoSuchChallenge`] for a challenge that no longer waits. A failing book is a
    /// [`Trouble`], not an error.
    pub async fn check(&self, text: &str, asking: Asking) -> Result<Checked, ReaderError> {
        check::check(&self.0, text, asking, check::Logged::default()).await
    }

    /// Begins to follow one camera, whose pictures go to [`Look::take`]. Each verdict is for the
    /// same question. Use it where a camera runs, and [`check`](Self::check) for a text that comes
    /// once.
    #[must_use]
    pub fn look(&self, asking: Asking) -> Look {
        Look::new(Arc::clone(&self.0), asking)
    }

    /// Makes a challenge for a driver's phone, with this reader's name of at most 64 bytes; signed
    /// where the reader has a key. The answer counts for 120 seconds.
    ///
    /// # Errors
    /// [`ReaderError::Invalid`] for a name that is not allowed, or where the key did not sign;
    /// [`ReaderError::NoRandomness`].
    pub fn ask(
        &self,
        reader: &str,
        wants_face: bool,
        signer: Option<&dyn Signer>,
    ) -> Result<Challenge, ReaderError> {
        let mut state = self.0.state();
        let times = (state.now(&self.0.setup), self.boot_s());
        state
            .challenges
            .ask((reader, wants_face), signer, self.random(), times)
    }

    /// Makes a challenge of 8 digits to read out. It allows three attempts within 120 seconds.
    ///
    /// # Errors
    /// [`ReaderError::NoRandomness`].
    pub fn ask_by_digits(&self) -> Result<Challenge, ReaderError> {
        let mut state = self.0.state();
        state.challenges.ask_by_digits(self.random(), self.boot_s())
    }

    /// Fetches the lists and bundles that are due, or all of them, within `budget`. Keeps what is
    /// verified and newer than what is held. It may be called at any time, and its process may die
    /// at any instant. Call it again after [`next_in`](Report::next_in) at the latest.
    ///
    /// # Errors
    /// Those of the book alone, and [`ReaderError::Cancelled`] where it was cancelled before it
    /// began. Errors of the network are in the report.
    pub async fn refresh(
        &self,
        what: When,
        budget: Duration,
        cancel: &CancelToken,
    ) -> Result<Report, ReaderError> {
        self.0.read()?;
        let authorities = {
            let state = self.0.state();
            let held = state.held.iter();
            held.map(|held| refresh::KeptAuthority {
                id: held.id.clone(),
                context: Arc::clone(&held.context),
                bundles: held.bundles.keys().cloned().collect(),
            })
            .collect()
        };
        let report = refresh::refresh(authorities, what, budget, cancel).await;
        // Also after a cancel or a failure: some of it may have been stored.
        self.0.read()?;
        Ok(report?)
    }

    /// The newest checks, newest first.
    ///
    /// # Errors
    /// [`ReaderError::BookDamaged`] or [`ReaderError::Storage`] where nothing can be read.
    pub fn log(&self, limit: usize) -> Result<CheckLog, ReaderError> {
        Ok(self.0.setup.vault.read(|view| log::newest(view, limit))?)
    }

    /// Deletes entries of the log that are older than this many days; all of them for 0. Returns
    /// their number. Call it daily with the time that the law allows.
    ///
    /// # Errors
    /// [`ReaderError::Storage`].
    pub async fn forget_log(&self, older_than_days: u16) -> Result<usize, ReaderError> {
        self.0.read()?;
        let now = self.0.state().now(&self.0.setup);
        self.write(Weight::Light, move |tx| {
            log::forget(tx, older_than_days, now)
        })
        .await
    }

    /// The state of the book: whether an older copy was put in place, and which parts are damaged.
    ///
    /// # Errors
    /// [`ReaderError::BookDamaged`] or [`ReaderError::Storage`] where the file can no longer be
    /// read.
    pub fn health(&self) -> Result<Health, ReaderError> {
        Ok(self.0.setup.vault.health()?)
    }

    /// [`health`](Self::health) after reading every row. It is slow: call it for a diagnosis.
    ///
    /// # Errors
    /// Those of [`health`](Self::health).
    pub fn examine(&self) -> Result<Health, ReaderError> {
        Ok(self.0.setup.vault.examine()?)
    }

    async fn write<T, F>(&self, weight: Weight, change: F) -> Result<T, ReaderError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    {
        Ok(self.0.setup.vault.write(weight, change).await?)
    }

    fn random(&self) -> &dyn Random {
        &*self.0.setup.ports.random
    }

    fn boot_s(&self) -> u64 {
        self.0.setup.ports.clock.read().boot.as_secs()
    }
}

/// Opens the book or makes it. Where another process makes it at the same time, this waits for it
/// and opens it. A half-made book counts as damage only when it is seen twice.
async fn open_or_make(directory: &Path, ports: &Ports) -> Result<Vault, Error> {
    let (keys, random) = (|| Arc::clone(&ports.keys), || Arc::clone(&ports.random));
    let open = || Vault::open_of(TableSet::READER, directory, keys(), random());
    let started = Instant::now();
    while started.elapsed() < MAKING {
        match open().await {
            Err(Error::NoWallet | Error::HadWallet) => {}
            Err(Error::VaultDamaged { what: Damage::File }) => return open().await,
            opened => return opened,
        }
        match Vault::create_of(TableSet::READER, directory, keys(), random()).await {
            Err(
                Error::AlreadyExists
                | Error::VaultDamaged { .. }
                | Error::Storage(StorageError::Busy),
            ) => tokio::time::sleep(PAUSE).await,
            made => return made,
        }
    }
    Err(StorageError::Busy.into())
}
