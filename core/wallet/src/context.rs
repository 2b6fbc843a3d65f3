//! The parts of an open wallet, which its use cases borrow.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use vidimus_credential::key::VerifyingKey;
use vidimus_credential::time::UnixTime;
use vidimus_credential::trust::TrustList;
use zeroize::Zeroizing;

use crate::config::{Config, Ports};
use crate::error::Error;
use crate::ports::{Clock, HttpTransport, KeyStore, Random, Reading};
use crate::timekeeper::{Estimate, Evidence, Timekeeper};
use crate::vault::records::{ONLY, Settings};
use crate::vault::{Record, Tx, Vault, Weight};

/// The vault and the ports of one open wallet.
pub(crate) struct Context {
    pub(crate) directory: PathBuf,
    pub(crate) vault: Vault,
    pub(crate) root: VerifyingKey,
    pub(crate) authority: String,
    /// The suffix of this authority's row ids; empty in a wallet, which has one authority.
    pub(crate) scope: String,
    pub(crate) transport: Arc<dyn HttpTransport>,
    pub(crate) keys: Arc<dyn KeyStore>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    /// Encoded enrollments whose newest tokens could not be written, by license id: a failing disk
    /// must not lose tokens, which are sent only once.
    unwritten: Mutex<BTreeMap<String, Zeroizing<Vec<u8>>>>,
}

/// Authenticated times of a call, to be stored with its results. The caller must have passed signed
/// times to [`Context::check_time`].
#[derive(Clone, Default)]
pub(crate) struct Learned {
    /// The `Date` of a server over TLS. An impossible one is ignored.
    pub(crate) server_date: Option<UnixTime>,
    /// The `iat` of a signed object, and the kind of evidence that it is.
    pub(crate) signed: Option<(UnixTime, Evidence)>,
    /// A trust list that was accepted.
    pub(crate) list: Option<TakenList>,
}

/// A trust list that is the current one from now on.
#[derive(Clone)]
pub(crate) struct TakenList {
    /// The verified list itself.
    pub(crate) list: TrustList,
    /// Whether its serial is higher than the held one's: the evidence for the time begins anew
    /// then.
    pub(crate) begins_anew: bool,
}

impl Learned {
    /// Passes the times to a timekeeper. Signed times come first, since a server's time that is
    /// behind them is wrong.
    fn teach(&self, keeper: &mut Timekeeper, reading: Reading, built: Option<UnixTime>) {
        if let Some(TakenList { list, begins_anew }) = &self.list {
            if *begins_anew {
                keeper.begin_anew(reading, list.issued_at());
            } else {
                keeper.judge(|kid, signed_at| list.stands_by(kid, signed_at));
                keeper.learn(reading, list.issued_at(), Evidence::List);
            }
        }
        if let Some((time, evidence)) = self.signed {
            keeper.learn(reading, time, evidence);
        }
        if let Some(time) = self.server_date
            && keeper.check(reading, built, time, Evidence::Server).is_ok()
        {
            keeper.learn(reading, time, Evidence::Server);
        }
    }
}

impl Context {
    /// Makes a wallet. An interrupted creation is completed. The caller has checked the authority's
    /// address.
    pub(crate) async fn create(config: Config) -> Result<Self, Error> {
        let Config {
            directory,
            root,
            authority,
            ports,
        } = config;
        let (keys, random) = (Arc::clone(&ports.keys), Arc::clone(&ports.random));
        let vault = match Vault::create(&directory, keys, random).await {
            Err(Error::AlreadyExists) => Self::unfinished(&directory, &ports).await?,
            vault => vault?,
        };
        let settings = Settings { root, authority };
        let kept = settings.clone();
        vault
            .write(Weight::Anchored, move |tx| tx.put(ONLY, &kept))
            .await?;
        Ok(Self::assemble(
            directory,
            vault,
            settings,
            String::new(),
            ports,
        ))
    }

    /// Opens the wallet of a folder.
    pub(crate) async fn open(directory: PathBuf, ports: Ports) -> Result<Self, Error> {
        let (keys, random) = (Arc::clone(&ports.keys), Arc::clone(&ports.random));
        let vault = Vault::open(&directory, keys, random).await?;
        let settings = vault.get::<Settings>(ONLY)?.ok_or(Error::NoWallet)?;
        Ok(Self::assemble(
            directory,
            vault,
            settings,
            String::new(),
            ports,
        ))
    }

    /// The vault of an interrupted creation: it has no settings yet.
    async fn unfinished(directory: &Path, ports: &Ports) -> Result<Vault, Error> {
        let (keys, random) = (Arc::clone(&ports.keys), Arc::clone(&ports.random));
        let vault = Vault::open(directory, keys, random)
            .await
            .map_err(|_| Error::AlreadyExists)?;
        match vault.get::<Settings>(ONLY) {
            Ok(None) => Ok(vault),
            _ => Err(Error::AlreadyExists),
        }
    }

    /// The context of one authority in an open vault; its row ids end with `scope`.
    pub(crate) fn assemble(
        directory: PathBuf,
        vault: Vault,
        settings: Settings,
        scope: String,
        ports: Ports,
    ) -> Self {
        let Settings { root, authority } = settings;
        let Ports {
            transport,
            keys,
            clock,
            random,
        } = ports;
        Self {
            directory,
            vault,
            root,
            authority,
            scope,
            transport,
            keys,
            clock,
            random,
            unwritten: Mutex::default(),
        }
    }

    /// The row id of this authority for a name.
    pub(crate) fn row(&self, name: &str) -> String {
        format!("{name} {}", self.scope).trim().to_owned()
    }

    /// The best known time and how sure it is.
    pub(crate) fn time(&self) -> Result<Estimate, Error> {
        Ok(self.timekeeper()?.best(self.clock.read()))
    }

    /// The best known time.
    pub(crate) fn now(&self) -> Result<UnixTime, Error> {
        Ok(self.time()?.now)
    }

    /// The latest known time. Ends are judged by it.
    pub(crate) fn latest(&self) -> Result<UnixTime, Error> {
        Ok(self.time()?.latest)
    }

    /// The time after learning from these times, without storing them.
    pub(crate) fn time_after(&self, learned: &Learned) -> Result<Estimate, Error> {
        let (mut keeper, reading) = (self.timekeeper()?, self.clock.read());
        learned.teach(&mut keeper, reading, self.clock.built());
        Ok(keeper.best(reading))
    }

    /// The enrollment of a license whose newest state could not be written.
    pub(crate) fn unwritten<R: Record>(&self, license: &str) -> Option<R> {
        let unwritten = self.unwritten_ones();
        R::decode(unwritten.get(license)?).ok()
    }

    /// Keeps in memory an enrollment that could not be written.
    pub(crate) fn keep_unwritten<R: Record>(&self, license: &str, record: &R) {
        let mut unwritten = self.unwritten_ones();
        unwritten.insert(license.to_owned(), record.encode());
    }

    /// Drops the copy in memory: the vault has the newest state, or the enrollment has ended.
    pub(crate) fn forget_unwritten(&self, license: &str) {
        self.unwritten_ones().remove(license);
    }

    fn unwritten_ones(&self) -> MutexGuard<'_, BTreeMap<String, Zeroizing<Vec<u8>>>> {
        self.unwritten
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Fails for a time that cannot be true. The caller must neither store nor learn from an object
    /// with it.
    ///
    /// # Errors
    /// [`Error::ServerTimeWrong`], or [`Error::Storage`].
    pub(crate) fn check_time(&self, time: UnixTime, evidence: Evidence) -> Result<(), Error> {
        let (keeper, reading) = (self.timekeeper()?, self.clock.read());
        keeper.check(reading, self.clock.built(), time, evidence)
    }

    fn timekeeper(&self) -> Result<Timekeeper, Error> {
        match self.vault.get::<Timekeeper>(&self.row(ONLY)) {
            // The time is only less sure then, which must not prevent a renewal.
            Err(Error::VaultDamaged { .. }) | Ok(None) => Ok(Timekeeper::default()),
            Ok(Some(keeper)) => Ok(keeper),
            Err(error) => Err(error),
        }
    }

    /// Writes to the vault, with the learned times in the same transaction.
    pub(crate) async fn write<T, F>(
        &self,
        weight: Weight,
        learned: Learned,
        change: F,
    ) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    {
        let (reading, built) = (self.clock.read(), self.clock.built());
        let row = self.row(ONLY);
        self.vault
            .write(weight, move |tx| {
                let mut keeper = tx
                    .get::<Timekeeper>(&row)
                    .ok()
                    .flatten()
                    .unwrap_or_default();
                let before = keeper;
                learned.teach(&mut keeper, reading, built);
                keeper.note(reading);
                if keeper != before {
                    tx.put(&row, &keeper)?;
                }
                change(tx)
            })
            .await
    }

    /// 16 random bits, to spread the requests of many wallets over time.
    pub(crate) fn jitter(&self) -> u16 {
        let mut bytes = [0; 2];
        // Without randomness all wait the full pause, which does no harm.
        self.random
            .fill(&mut bytes)
            .map_or(u16::MAX, |()| u16::from_le_bytes(bytes))
    }

    /// A random number of seconds below `bound`, to spread the requests of a nation of wallets over
    /// that time.
    pub(crate) fn within(&self, bound: u64) -> u64 {
        let mut bytes = [0; 8];
        // Without randomness it is zero, which loses nothing.
        self.random
            .fill(&mut bytes)
            .map_or(0, |()| u64::from_le_bytes(bytes) % bound.max(1))
    }

    /// A random id for a license or a key: 32 hexadecimal digits.
    pub(crate) fn fresh_id(&self) -> Result<String, Error> {
        let mut bytes = [0; 16];
        self.random.fill(&mut bytes)?;
        Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}
