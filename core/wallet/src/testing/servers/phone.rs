//! A test's phone: a folder, keys, a clock that the test sets, and the real transport.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use vidimus_credential::key::{Algorithm, Signer};

use super::authority::{Authority, NOW, time};
use super::tls::TLS_ROOT;
use crate::Error;
use crate::ports::{HttpTransport, SystemRandom};
use crate::testing::MemoryKeyStore;
use crate::testing::TestClock;
use crate::transport::{NetworkTransport, Roots};
use crate::{Config, Ports, Wallet};

pub(crate) struct Phone {
    folder: TempDir,
    clock: Arc<TestClock>,
    /// The phone's keys, whose faults a test can set.
    pub(crate) keys: MemoryKeyStore,
    ports: Ports,
}

impl Phone {
    pub(crate) fn new() -> Self {
        Self::with_hardware(None)
    }

    pub(crate) fn with_hardware(hardware: Option<Algorithm>) -> Self {
        Self::made_of(hardware, Roots::Public)
    }

    /// A phone that trusts the tests' own certificate authority.
    pub(crate) fn with_test_root() -> Self {
        Self::made_of(None, Roots::Pinned(vec![TLS_ROOT.to_vec()]))
    }

    /// A phone whose clock is years in the past, with an app that was built a month ago.
    pub(crate) fn with_dead_clock() -> Self {
        let clock = TestClock::at(time(NOW - 2000 * 86_400)).built_at(time(NOW - 30 * 86_400));
        Self::with_clock(None, Roots::Public, clock)
    }

    fn made_of(hardware: Option<Algorithm>, roots: Roots) -> Self {
        Self::with_clock(hardware, roots, TestClock::at(time(NOW)))
    }

    fn with_clock(hardware: Option<Algorithm>, roots: Roots, clock: TestClock) -> Self {
        let clock = Arc::new(clock);
        let random = Arc::new(SystemRandom);
        let keys = MemoryKeyStore::new(hardware, random.clone());
        let ports = Ports {
            transport: Arc::new(NetworkTransport::new(roots).unwrap()),
            keys: Arc::new(keys.clone()),
            clock: clock.clone(),
            random,
        };
        Self {
            folder: TempDir::new().unwrap(),
            clock,
            keys,
            ports,
        }
    }

    /// A phone whose network is this one.
    pub(crate) fn through(transport: Arc<dyn HttpTransport>) -> Self {
        let mut phone = Self::new();
        phone.ports.transport = transport;
        phone
    }

    pub(crate) async fn create(&self, authority: &Authority) -> Wallet {
        self.try_create(authority).await.unwrap()
    }

    pub(crate) async fn try_create(&self, authority: &Authority) -> Result<Wallet, Error> {
        let config = Config {
            directory: self.folder.path().to_owned(),
            root: authority.root.verifying_key().clone(),
            authority: authority.issuer.clone(),
            ports: self.ports.clone(),
        };
        Wallet::create(config).await
    }

    /// The same phone after a new start of the app.
    pub(crate) async fn open(&self) -> Wallet {
        self.open_at(self.folder()).await
    }

    /// The same phone, its folder somewhere else.
    pub(crate) async fn open_at(&self, folder: &Path) -> Wallet {
        Wallet::open(folder.to_owned(), self.ports.clone())
            .await
            .unwrap()
    }

    /// The ports of the phone, for its wallet or a reader's book.
    pub(crate) fn ports(&self) -> Ports {
        self.ports.clone()
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Sets the wall clock, like a user in the settings.
    pub(crate) fn set_clock(&self, seconds: u64) {
        self.clock.set_wall(time(seconds));
    }

    /// Restarts the phone at once.
    pub(crate) fn restart(&self) {
        self.clock.restart(Duration::ZERO);
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}
