//! The vault: sealed rows in one SQLite file, and the detection of every change to them.
//!
//! Every row is sealed to its place. A sealed manifest lists all rows with their versions, so a row
//! that was swapped, deleted, duplicated or put back is detected. Its epoch is mirrored in the
//! device's anchor, so a folder restored from an older copy is detected too. Damage is reported,
//! and nothing is deleted.

pub mod activity_log;
mod chain;
pub(crate) mod codec;
mod database;
mod faults;
mod manifest;
mod mark;
mod opening;
mod privacy;
mod record;
pub(crate) mod records;
mod seal;
mod set;
mod state;
#[cfg(test)]
mod tests;
mod traces;
mod transaction;

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use crate::table::Table;
pub(crate) use privacy::network_lock_in;
pub use record::Record;
pub(crate) use set::TableSet;
pub(crate) use traces::Finding;
pub use transaction::{Tx, View};

use crate::boxed::Boxed;
use crate::error::{Damage, Error, StorageError};
use crate::ports::{DataKey, KeyStore, KeyStoreError, Random};
use database::{Database, Header, MANIFEST_ROW};
use manifest::Manifest;
use mark::Mark;
use seal::{Place, Sealer};
use state::State;
use traces::Remains;

/// The folder inside the wallet's that holds only the vault's file and its companion files.
const FOLDER: &str = "vault";
const FILE: &str = "wallet.sqlite";

/// Whether a write raises the device's anchor after its commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// For credentials, status and time: a rollback to before this write will be detected.
    Anchored,
    /// For what may be lost with an older copy: log entries, retry times.
    Light,
}

/// The state of a vault.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Health {
    /// Whether an older copy was put in place. Each status is unknown until it has been refreshed.
    pub rolled_back: bool,
    /// The damaged parts that were found so far; empty in a sound vault.
    pub damaged: Vec<Damage>,
}

/// An open vault. Clones share it. Other processes may have the same one open.
#[derive(Clone)]
pub struct Vault(Arc<Shared>);

struct Shared {
    keys: Arc<dyn KeyStore>,
    random: Arc<dyn Random>,
    /// Whether the device remembered an earlier vault.
    follows_another: bool,
    /// The anchor as last read or raised by this process.
    anchor: AtomicU64,
    state: Mutex<State>,
}

impl Vault {
    /// Makes a vault with these tables in a folder. The folder is made where it does not exist.
    ///
    /// # Errors
    /// [`Error::AlreadyExists`] where there is one in any condition; [`Error::VaultDamaged`] where
    /// there was one whose file is gone.
    pub async fn create_of(
        set: &'static TableSet,
        directory: &Path,
        keys: Arc<dyn KeyStore>,
        random: Arc<dyn Random>,
    ) -> Result<Self, Error> {
        let folder = directory.join(FOLDER);
        let file = folder.join(FILE);
        let remains = Remains::of(directory, &file)?;
        // SQLite finds out below whether the file is a vault.
        let traces = remains.with(false, remembers(&*keys, remains).await?);
        if traces.judge() == Finding::Gone {
            let there = remains.file && Database::open(&file)?.is_some();
            return Err(if there { Error::AlreadyExists } else { gone() });
        }
        privacy::make_folder(&folder)?;
        privacy::ensure(directory, &file)?;
        let mut vault_id = [0; 16];
        random.fill(&mut vault_id)?;
        let key = DataKey::generate(&*random)?;
        let wrapped_key = keys.wrap(key.expose_secret()).await?;
        // A vault after one that was set aside or removed with the app starts above its epoch.
        let anchor = keys.read_anchor().await?.unwrap_or(0);
        let manifest = Manifest::first(anchor.saturating_add(1));
        let header = Header {
            vault_id,
            wrapped_key,
        };
        let sealer = Sealer::new(set, vault_id, key);
        let database = Database::create(&file, &header, |database| {
            store(database, &sealer, &manifest, &*random)
        })?;
        let mark = if traces.judge() == Finding::HadBefore {
            Mark::Again
        } else {
            Mark::First
        };
        let follows_another = mark == Mark::Again;
        let vault = Self::assemble(
            file,
            (database, sealer, manifest),
            anchor,
            follows_another,
            keys,
            random,
        );
        vault.raise_anchor().await;
        put_mark(mark, directory);
        Ok(vault)
    }

    /// Opens the vault with these tables in a folder. The time does not depend on the length of the
    /// activity log. On a disk that cannot be written it opens for reading, and each write fails.
    ///
    /// # Errors
    /// [`Error::NoWallet`], [`Error::HadWallet`], [`Error::NewerSchema`], [`Error::OtherDevice`],
    /// [`Error::KeyInvalidated`]; [`Error::VaultDamaged`] where the manifest cannot be read, or the
    /// vault's file is gone; [`Error::Storage`] where the disk cannot be read. The file is kept in
    /// every case.
    pub async fn open_of(
        set: &'static TableSet,
        directory: &Path,
        keys: Arc<dyn KeyStore>,
        random: Arc<dyn Random>,
    ) -> Result<Self, Error> {
        let file = directory.join(FOLDER).join(FILE);
        let remains = Remains::of(directory, &file)?;
        let found = if remains.file {
            privacy::ensure(directory, &file)?;
            Database::open(&file)?
        } else {
            None
        };
        let Some(database) = found else {
            let traces = remains.with(false, remembers(&*keys, remains).await?);
            return Err(match traces.judge() {
                Finding::HadBefore => Error::HadWallet,
                Finding::New => Error::NoWallet,
                Finding::Vault | Finding::Gone => gone(),
            });
        };
        let header = database.header()?;
        let key = keys
            .unwrap(&header.wrapped_key)
            .await
            .map_err(|error| match error {
                KeyStoreError::NotFound | KeyStoreError::Refused => Error::OtherDevice,
                other => other.into(),
            })?;
        // Read before the manifest, since another process may commit and raise the anchor in
        // between.
        let anchor = keys.read_anchor().await?.unwrap_or(0);
        let sealer = Sealer::new(set, header.vault_id, key);
        let manifest = load(&database, &sealer)?;
        database.trust()?;
        let follows_another = remains.mark == Mark::Again;
        let vault = Self::assemble(
            file,
            (database, sealer, manifest),
            anchor,
            follows_another,
            keys,
            random,
        );
        vault.read(|view| view.compare_with_manifest())?;
        if !remains.mark.is_installed() {
            // The vault is of a version without marks, or its creation stopped before the mark.
            put_mark(Mark::First, directory);
        }
        Ok(vault)
    }

    /// Whether the device remembered an earlier vault when this one was made: the app was removed
    /// and installed again.
    #[must_use]
    pub fn follows_another(&self) -> bool {
        self.0.follows_another
    }

    /// Moves the vault of a folder to a folder beside it, so that a new one can be made after
    /// damage or an invalidated key. Nothing is deleted. Returns the new place.
    ///
    /// # Errors
    /// [`Error::NoWallet`] where the folder has no vault.
    pub fn set_aside(directory: &Path) -> Result<PathBuf, Error> {
        let folder = directory.join(FOLDER);
        let remains = Remains::of(directory, &folder.join(FILE))?;
        if !remains.folder && !remains.mark.is_installed() {
            return Err(Error::NoWallet);
        }
        for number in 1..=u16::MAX {
            let target = directory.join(format!("{FOLDER}-set-aside-{number}"));
            if target.exists() {
                continue;
            }
            if remains.folder {
                std::fs::rename(&folder, &target).map_err(|error| StorageError::of(&error))?;
            } else {
                // The vault's file is gone; only its mark is set aside.
                privacy::make_folder(&target)?;
            }
            Mark::SetAside.write(directory)?;
            return Ok(target);
        }
        Err(StorageError::Io.into())
    }

    /// Reads one value. To read several values of one snapshot, use [`read`](Self::read).
    ///
    /// # Errors
    /// [`Error::VaultDamaged`] where this row is damaged; others stay readable.
    pub fn get<R: Record>(&self, id: &str) -> Result<Option<R>, Error> {
        self.read(|view| view.get(id))
    }

    /// Reads a whole table in the order of the ids. A damaged row is an error in the list.
    ///
    /// # Errors
    /// [`Error::VaultDamaged`] or [`Error::Storage`] where no row can be read at all.
    #[expect(
        clippy::type_complexity,
        reason = "a list of rows, each of which may be damaged"
    )]
    pub fn list<R: Record>(&self) -> Result<Vec<(String, Result<R, Error>)>, Error> {
        self.read(|view| Ok(view.list()))
    }

    /// Reads several values of one snapshot. It waits for no other transaction.
    ///
    /// # Errors
    /// Those of `look`, and [`Error::VaultDamaged`] or [`Error::Storage`].
    pub fn read<T>(&self, look: impl FnOnce(&View<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let mut look = Some(look);
        let mut seen = None;
        self.look(&mut |view| {
            if let Some(look) = look.take() {
                seen = Some(look(view)?);
            }
            Ok(())
        })?;
        // `look` was called, or there was an error.
        seen.ok_or(Error::Cancelled)
    }

    /// [`read`](Self::read) without its type parameters, so that its code is compiled once.
    fn look(&self, look: &mut dyn FnMut(&View<'_>) -> Result<(), Error>) -> Result<(), Error> {
        let mut state = self.lock();
        let state = &mut *state;
        // `begin` may open another connection. So the guard of the transaction cannot leave the
        // closure: it is kept open there, and `open_transaction` takes it over.
        let writes = state.begin(|database, _| {
            let reading = database.begin_reading()?;
            let writes = database.version(MANIFEST_ROW)?;
            reading.keep();
            Ok(writes)
        })?;
        let database = state::open(state.database.as_ref())?;
        let _reading = database.open_transaction();
        if writes != Some(state.manifest.writes) {
            let manifest = load(database, &state.sealer)?;
            state.floor = state.floor.max(state.manifest.epoch);
            state.manifest = manifest;
        }
        look(&View {
            database,
            sealer: &state.sealer,
            manifest: Cow::Borrowed(&state.manifest),
            floor: state.floor,
            found: &state.found,
        })
    }

    /// Changes the vault in one transaction: all of `change`, or nothing. It runs on a thread that
    /// may block for the disk or another process.
    ///
    /// Once `change` has begun, it is committed or rolled back as a whole, even when this future is
    /// dropped.
    ///
    /// # Errors
    /// Those of `change`; [`Error::Storage`] where the disk failed. A device that cannot raise its
    /// anchor causes no error: the next write raises it.
    pub async fn write<T, F>(&self, weight: Weight, change: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    {
        let value = Arc::new(Mutex::new(None));
        let (vault, to) = (self.clone(), Arc::clone(&value));
        let mut change = Some(change);
        self.write_boxed(Box::new(move || {
            vault.write_blocking(weight, &mut |tx| {
                if let Some(change) = change.take() {
                    let changed = change(tx)?;
                    *to.lock().unwrap_or_else(PoisonError::into_inner) = Some(changed);
                }
                Ok(())
            })
        }))
        .await?;
        let mut value = value.lock().unwrap_or_else(PoisonError::into_inner);
        // `change` was called, or there was an error.
        value.take().ok_or(Error::Cancelled)
    }

    /// [`write`](Self::write) without its type parameters, so that its code is compiled once: a
    /// task for each kind of change would be a large part of the library.
    fn write_boxed(
        &self,
        work: Box<dyn FnOnce() -> Result<(), Error> + Send>,
    ) -> Boxed<'_, Result<(), Error>> {
        Box::pin(async move {
            tokio::task::spawn_blocking(work)
                .await
                // The closures of this crate do not panic, so the runtime is shutting down.
                .map_err(|_| Error::Cancelled)??;
            self.raise_anchor().await;
            Ok(())
        })
    }

    /// The state of the vault, as far as it was read since it was opened.
    ///
    /// # Errors
    /// [`Error::VaultDamaged`] or [`Error::Storage`] where the file can no longer be read.
    pub fn health(&self) -> Result<Health, Error> {
        self.read(|view| view.health())
    }

    /// The state of the vault after reading every row and the whole activity log. The larger they
    /// are, the longer it takes.
    ///
    /// # Errors
    /// Those of [`health`](Self::health). A disk that cannot be read is an error, not damage.
    pub fn examine(&self) -> Result<Health, Error> {
        self.read(|view| {
            view.examine()?;
            view.health()
        })
    }

    /// The vault's source of randomness.
    pub fn random(&self) -> &dyn Random {
        &*self.0.random
    }

    /// [`write`](Self::write) on the current thread, which may block.
    fn write_blocking(
        &self,
        weight: Weight,
        change: &mut dyn FnMut(&mut Tx<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut state = self.lock();
        state.follow_file_name()?;
        let written = self.write_once(&mut state, weight, change);
        written.map_err(|error| state.recheck_damage(error))
    }

    /// One transaction: reads the manifest, applies `change`, and commits with the new manifest.
    /// Nothing is committed where `change` changed nothing.
    fn write_once(
        &self,
        state: &mut State,
        weight: Weight,
        change: &mut dyn FnMut(&mut Tx<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        // The manifest is always read again inside the write lock, so that two processes never
        // diverge.
        let mut manifest = state.begin(|database, sealer| {
            let writing = database.begin_writing()?;
            let manifest = load(database, sealer)?;
            writing.keep();
            Ok(manifest)
        })?;
        let database = state::open(state.database.as_ref())?;
        let writing = database.open_transaction();
        let floor = state.floor.max(state.manifest.epoch);
        if weight == Weight::Anchored {
            let epoch = manifest.epoch.max(floor).saturating_add(1);
            if manifest.epoch < floor {
                manifest.distrust_below = epoch;
            }
            manifest.epoch = epoch;
        }
        manifest.writes = manifest.writes.saturating_add(1);
        let mut tx = Tx::new(
            View {
                database,
                sealer: &state.sealer,
                manifest: Cow::Owned(manifest),
                floor,
                found: &state.found,
            },
            &*self.0.random,
        );
        change(&mut tx)?;
        if let Some(manifest) = tx.into_changed() {
            store(database, &state.sealer, &manifest, &*self.0.random)?;
            if let Err(error) = writing.commit() {
                state.give_up(error);
                return Err(error);
            }
            state.floor = floor;
            state.manifest = manifest;
        }
        Ok(())
    }

    /// Raises the device's anchor, so that a rollback to before this call will be detected.
    ///
    /// # Errors
    /// [`Error::Storage`] where the disk refused.
    pub async fn confirm(&self) -> Result<(), Error> {
        let confirm = |tx: &mut Tx<'_>| {
            tx.confirm();
            Ok(())
        };
        self.write(Weight::Anchored, confirm).await
    }

    /// Whether the vault has lost its licenses although the holder removed none: the app was
    /// reinstalled, or an older copy was put in place. The authority must issue the license again.
    ///
    /// # Errors
    /// [`Error::VaultDamaged`] or [`Error::Storage`] where the file can no longer be read.
    pub fn misses_a_license(&self) -> Result<bool, Error> {
        self.read(|view| {
            let is_new = view.manifest.log.sequence == 0;
            Ok(view.ids(Table::License).is_empty()
                && (view.health()?.rolled_back || (self.follows_another() && is_new)))
        })
    }

    /// Raises the anchor to the newest commit, also after an earlier process died before doing so.
    async fn raise_anchor(&self) {
        let epoch = self.lock().manifest.epoch;
        if epoch > self.0.anchor.load(Ordering::Acquire)
            && self.0.keys.raise_anchor(epoch).await.is_ok()
        {
            self.0.anchor.fetch_max(epoch, Ordering::AcqRel);
        }
    }

    fn assemble(
        file: PathBuf,
        open: (Database, Sealer, Manifest),
        anchor: u64,
        follows_another: bool,
        keys: Arc<dyn KeyStore>,
        random: Arc<dyn Random>,
    ) -> Self {
        Self(Arc::new(Shared {
            keys,
            random,
            follows_another,
            anchor: AtomicU64::new(anchor),
            state: Mutex::new(State::new(file, open, anchor)),
        }))
    }

    /// The state is only replaced as a whole, so a panic cannot leave it half-changed.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn load(database: &Database, sealer: &Sealer) -> Result<Manifest, Error> {
    let read = || {
        database.row(MANIFEST_ROW, |version, sealed| {
            let plain = sealer.open(Place::Manifest { version }, sealed)?;
            Manifest::decode(&plain, version)
        })
    };
    if let Some(manifest) = read()?.flatten() {
        return Ok(manifest);
    }
    // One wrong read is not damage.
    database.drop_cache();
    read()?.flatten().ok_or(Error::VaultDamaged {
        what: Damage::Manifest,
    })
}

/// Whether the key store remembers a vault: it has an anchor or a wrapping key.
async fn remembers(keys: &dyn KeyStore, remains: Remains) -> Result<bool, Error> {
    if keys.read_anchor().await?.is_some() {
        return Ok(true);
    }
    // An interrupted creation has made a folder, and perhaps a key.
    if remains.folder {
        return Ok(false);
    }
    match keys.unwrap(&[]).await {
        Err(KeyStoreError::NotFound) => Ok(false),
        Ok(_) | Err(KeyStoreError::Refused | KeyStoreError::Invalidated) => Ok(true),
        // A key store that fails may still have a key.
        Err(error) => Err(error.into()),
    }
}

/// Writes the mark. A failure is only logged, since the license matters more; the next opening
/// tries again.
fn put_mark(mark: Mark, directory: &Path) {
    if let Err(error) = mark.write(directory) {
        tracing::info!(%error, "the install mark could not be set");
    }
}

fn gone() -> Error {
    Error::VaultDamaged { what: Damage::File }
}

fn store(
    database: &Database,
    sealer: &Sealer,
    manifest: &Manifest,
    random: &dyn Random,
) -> Result<(), Error> {
    let place = Place::Manifest {
        version: manifest.writes,
    };
    let (sealed, _) = sealer.seal(place, &manifest.encode(), random)?;
    database.put_row(MANIFEST_ROW, manifest.writes, &sealed)
}
