//! What an open wallet is made of; the use cases borrow it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use vidimus_credential::key::VerifyingKey;
use vidimus_credential::time::UnixTime;
use vidimus_credential::trust::TrustList;

use crate::config::{Config, Ports};
use crate::error::Error;
use crate::issuance::Enrollment;
use crate::network::address;
use crate::ports::{Clock, HttpTransport, KeyStore, Random, Reading};
use crate::timekeeper::{Estimate, Evidence, Timekeeper};
use crate::trust_store;
use crate::vault::records::{ONLY, Settings};
use crate::vault::{Tx, Vault, Weight};

/// The vault and the ports of one open wallet.
pub(crate) struct Context {
    pub(crate) directory: PathBuf,
    pub(crate) vault: Vault,
    pub(crate) root: VerifyingKey,
    pub(crate) authority: String,
    /// What the rows of this authority end with, where a vault has several: nothing in a wallet.
    pub(crate) scope: String,
    pub(crate) transport: Arc<dyn HttpTransport>,
    pub(crate) keys: Arc<dyn KeyStore>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    /// Enrollments whose newest tokens could not be written, by license id: a disk that fails must not cost what comes once.
    unwritten: Mutex<BTreeMap<String, Enrollment>>,
}

/// Times that were authenticated on the way, to be kept with what they came with. What was signed passed
/// [`Context::check_time`] before.
#[derive(Clone, Default)]
pub(crate) struct Learned {
    /// The `Date` of a server, over TLS. One that cannot be true is passed over.
    pub(crate) told: Option<UnixTime>,
    /// The `iat` of a signed object, and by whom and when it was signed.
    pub(crate) signed: Option<(UnixTime, Evidence)>,
    /// A trust list that was taken.
    pub(crate) list: Option<TakenList>,
}

/// A trust list that is in force from now on.
#[derive(Clone)]
pub(crate) struct TakenList {
    /// The list.
    pub(crate) list: TrustList,
    /// Its serial is higher than that of the one held before: what is known of the time begins anew with it.
    pub(crate) begins_anew: bool,
}

impl Learned {
    /// Teaches it to a timekeeper. Signed times come first, for a server that is behind them is wrong.
    fn teach(&self, keeper: &mut Timekeeper, reading: Reading, built: Option<UnixTime>) {
        if let Some(TakenList { list, begins_anew }) = &self.list {
            if *begins_anew {
                keeper.begin_anew(reading, list.issued_at());
            } else {
                keeper.judge(|kid, signed_at| trust_store::stands_by(list, kid, signed_at));
                keeper.learn(reading, list.issued_at(), Evidence::List);
            }
        }
        if let Some((time, evidence)) = self.signed {
            keeper.learn(reading, time, evidence);
        }
        if let Some(time) = self.told
            && keeper.check(reading, built, time, Evidence::Server).is_ok()
        {
            keeper.learn(reading, time, Evidence::Server);
        }
    }
}

impl Context {
    /// Makes a wallet. One that died while it was made is made again.
    pub(crate) async fn create(config: Config) -> Result<Self, Error> {
        let Config {
            directory,
            root,
            authority,
            ports,
        } = config;
        address::check_authority(&authority)?;
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

    /// Opens a wallet.
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

    /// A vault without settings: its maker died before it was a wallet.
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

    /// The context of one authority in an open vault, whose rows end with `scope`.
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

    /// The id of this authority's row of a name.
    pub(crate) fn row(&self, name: &str) -> String {
        format!("{name} {}", self.scope).trim().to_owned()
    }

    /// What the time is, and how sure that is.
    pub(crate) fn time(&self) -> Result<Estimate, Error> {
        Ok(self.timekeeper()?.best(self.clock.read()))
    }

    /// The best known time.
    pub(crate) fn now(&self) -> Result<UnixTime, Error> {
        Ok(self.time()?.now)
    }

    /// The latest time that is known to have come: what an end is judged by.
    pub(crate) fn latest(&self) -> Result<UnixTime, Error> {
        Ok(self.time()?.latest)
    }

    /// What the time is once this was learned.
    pub(crate) fn time_after(&self, learned: &Learned) -> Result<Estimate, Error> {
        let (mut keeper, reading) = (self.timekeeper()?, self.clock.read());
        learned.teach(&mut keeper, reading, self.clock.built());
        Ok(keeper.best(reading))
    }

    /// The enrollment of a license, where its newest state could not be written.
    pub(crate) fn unwritten(&self, license: &str) -> Option<Enrollment> {
        self.unwritten_ones().get(license).cloned()
    }

    /// Keeps an enrollment in memory that could not be written.
    pub(crate) fn keep_unwritten(&self, license: &str, enrollment: &Enrollment) {
        let mut unwritten = self.unwritten_ones();
        unwritten.insert(license.to_owned(), enrollment.clone());
    }

    /// The vault holds what is newest, or nothing is to be held any more.
    pub(crate) fn forget_unwritten(&self, license: &str) {
        self.unwritten_ones().remove(license);
    }

    fn unwritten_ones(&self) -> MutexGuard<'_, BTreeMap<String, Enrollment>> {
        self.unwritten
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Fails for a time that cannot be true. What claims it is not stored, and teaches nothing.
    ///
    /// # Errors
    /// [`Error::ServerTimeWrong`], or [`Error::Storage`].
    pub(crate) fn check_time(&self, time: UnixTime, evidence: Evidence) -> Result<(), Error> {
        let (keeper, reading) = (self.timekeeper()?, self.clock.read());
        keeper.check(reading, self.clock.built(), time, evidence)
    }

    fn timekeeper(&self) -> Result<Timekeeper, Error> {
        match self.vault.get::<Timekeeper>(&self.row(ONLY)) {
            // The clock is only less sure then; it must not keep a license from being renewed.
            Err(Error::VaultDamaged { .. }) | Ok(None) => Ok(Timekeeper::default()),
            Ok(Some(keeper)) => Ok(keeper),
            Err(error) => Err(error),
        }
    }

    /// Writes to the vault, and what was learned of the time with it.
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

    /// 16 random bits, to spread what many wallets would do at once.
    pub(crate) fn jitter(&self) -> u16 {
        let mut bytes = [0; 2];
        // Without randomness all wait the full pause, which is no harm.
        self.random
            .fill(&mut bytes)
            .map_or(u16::MAX, |()| u16::from_le_bytes(bytes))
    }

    /// A random number of seconds below `bound`, to spread what a nation of wallets must do within that time.
    pub(crate) fn within(&self, bound: u64) -> u64 {
        let mut bytes = [0; 8];
        // Without randomness it is done at once, which loses nothing.
        self.random
            .fill(&mut bytes)
            .map_or(0, |()| u64::from_le_bytes(bytes) % bound.max(1))
    }

    /// A fresh name for a license or a key: 32 hexadecimal digits.
    pub(crate) fn fresh_id(&self) -> Result<String, Error> {
        let mut bytes = [0; 16];
        self.random.fill(&mut bytes)?;
        Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}
