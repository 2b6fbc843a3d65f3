//! Checking licenses: a reader's book, and the verdicts that are given by it.
//!
//! A [`ReaderBook`] keeps what a reader must not lose: the authorities that it believes, their trust lists and bundles of
//! statuses, the tokens that it has seen, and a log of what it has checked. It is sealed as a driver's wallet is, by the
//! same code, in a folder of its own and under keys of its own. Checking opens no wallet and needs no license; one that is
//! damaged is nothing to the other.
//!
//! A verdict is given whatever is wrong with the book. It is judged inside the transaction that keeps the token and the
//! log's entry, so that two processes do not both take one token. Where that transaction fails the token is remembered in
//! this process, the entry is written with the next check, and a [`Trouble`] stands beside the verdict.

mod challenges;
mod check;
mod error;
mod log;
mod records;
mod refresh;
mod state;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use vidimus_credential::UnixTime;
use vidimus_credential::key::{Signer, VerifyingKey};

pub use challenges::{Challenge, ChallengeId};
pub use check::{Asking, Checked, Trouble};
pub use error::ReaderError;
pub use log::{CheckEntry, CheckLog};
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

/// The folder of the book in its home, and its name in the device's key store.
const NAME: &str = "reader";

/// Authorities that a book holds at most.
const AUTHORITIES: usize = 16;

/// Addresses of bundles that a book holds at most, as many as a verifier holds bundles.
const BUNDLES: usize = 64;

/// How long another process may take to make the book.
const MAKING: Duration = Duration::from_secs(5);

/// How long to wait before it is looked for again.
const PAUSE: Duration = Duration::from_millis(20);

/// What the log keeps of a license.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// The license's number: for an officer, who must answer for a check.
    Officer,
    /// Nothing of the license: for anybody else.
    Citizen,
}

/// Names an authority to a book: the id of its root key, in hexadecimal digits.
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

    /// As a text, for a shell.
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

/// What is held of an authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldAuthority {
    /// Its id.
    pub id: AuthorityId,
    /// Its address.
    pub address: String,
    /// When its trust list was signed; none before the first.
    pub list_signed: Option<UnixTime>,
    /// When its trust list ends. It is good for 30 days more, at best with caution.
    pub list_expires: Option<UnixTime>,
    /// Where its bundles are asked for, and when the one that is held was signed.
    pub bundles: Vec<(String, Option<UnixTime>)>,
}

/// An open book. Clones share it; other processes may hold the same one.
#[derive(Clone)]
pub struct ReaderBook(Arc<Shared>);

struct Shared {
    setup: Setup,
    state: Mutex<State>,
}

impl Shared {
    /// Where the vault is held too, it comes first.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what is new in the book.
    fn read(&self) -> Result<(), Error> {
        let Setup { vault, .. } = &self.setup;
        vault.read(|view| self.state().read(view, &self.setup))
    }
}

impl ReaderBook {
    /// Opens the book of a home, or makes it where there is none. The home may be the one of a driver's wallet: the book
    /// has a folder of its own in it, and asks the key store for keys of its own.
    ///
    /// # Errors
    /// [`ReaderError::BookDamaged`], [`ReaderError::NewerSchema`], [`ReaderError::OtherDevice`],
    /// [`ReaderError::KeyInvalidated`], [`ReaderError::KeyStore`], [`ReaderError::Storage`]. Nothing is deleted.
    pub async fn open(home: &Path, ports: Ports, keeping: Keeping) -> Result<Self, ReaderError> {
        Self::open_with(home, ports, keeping, check::PATIENCE).await
    }

    /// [`open`](Self::open), with another patience of the verdicts.
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

    /// Moves a book that cannot be used any more to a folder beside it, so that a new one can be made. Nothing is deleted.
    /// Returns where it went.
    ///
    /// # Errors
    /// [`ReaderError::NoBook`] where there is none, [`ReaderError::Storage`].
    pub fn set_aside(home: &Path) -> Result<PathBuf, ReaderError> {
        Ok(Vault::set_aside(&home.join(NAME))?)
    }

    /// Believes an authority from now on: by its root, which signs its trust list, at its address. Its bundles are asked
    /// for at `bundles`, or where an authority has its first one. For one that is in the book already the addresses change,
    /// and what is held of it stays.
    ///
    /// # Errors
    /// [`ReaderError::Invalid`] for what is no address, [`ReaderError::Full`], [`ReaderError::Storage`].
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

    /// Believes an authority no longer, and deletes its list and bundles. One that is not there is no error.
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

    /// The authorities of the book, and how old what is held of them is.
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

    /// The authorities whose rows are damaged: add them again.
    #[must_use]
    pub fn damaged_authorities(&self) -> Vec<AuthorityId> {
        self.0.state().damaged.clone()
    }

    /// Checks a token: the text of a QR (`DL1:`). What cannot be read is refused by name.
    ///
    /// # Errors
    /// [`ReaderError::NoAuthority`] where no verdict can be given at all, [`ReaderError::NoSuchChallenge`] for a challenge
    /// that does not wait any more. What is wrong with the book is no error.
    pub async fn check(&self, text: &str, asking: Asking) -> Result<Checked, ReaderError> {
        check::check(&self.0, text, asking).await
    }

    /// Asks a driver's phone, in this reader's name of at most 64 bytes; signed where the reader has a key. The answer
    /// counts for 120 seconds.
    ///
    /// # Errors
    /// [`ReaderError::Invalid`] for the name, or where the key did not sign; [`ReaderError::NoRandomness`].
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

    /// Asks with 8 digits that are read out: three attempts, within 120 seconds.
    ///
    /// # Errors
    /// [`ReaderError::NoRandomness`].
    pub fn ask_by_digits(&self) -> Result<Challenge, ReaderError> {
        let mut state = self.0.state();
        state.challenges.ask_by_digits(self.random(), self.boot_s())
    }

    /// Asks for the lists and bundles that are due, or for all of them, within `budget`; keeps what is verified and comes
    /// after what is held. It may be called at any time and die at any instant.
    ///
    /// # Errors
    /// Those of the book alone, and [`ReaderError::Cancelled`] before it began; what the network did wrong stands in the
    /// report.
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
            held.map(|held| refresh::Authority {
                id: held.id.clone(),
                context: Arc::clone(&held.context),
                bundles: held.bundles.keys().cloned().collect(),
            })
            .collect()
        };
        let report = refresh::refresh(authorities, what, budget, cancel).await;
        // Also what came before it was cancelled or failed.
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

    /// Deletes from the log what is older than so many days; all of it for 0. Returns how many checks that were.
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

    /// How the book is: whether an older copy was put in place, and what is damaged.
    ///
    /// # Errors
    /// [`ReaderError::BookDamaged`] or [`ReaderError::Storage`] where the file can no longer be read.
    pub fn health(&self) -> Result<Health, ReaderError> {
        Ok(self.0.setup.vault.health()?)
    }

    /// [`health`](Self::health) after every row was read.
    ///
    /// # Errors
    /// The same.
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

/// Another process may make the book at the same time: then it is waited for and opened. What was half there is damage only
/// when it is seen twice.
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
