//! A phone whose state a test can save and continue from, any number of times. It is in memory
//! where the system has a folder there.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use vidimus_credential::key::{Algorithm, Signer};

use super::life::Life;
use super::line::{Cut, Line};
use crate::ports::SystemRandom;
use crate::testing::MemoryKeyStore;
use crate::testing::TestClock;
use crate::testing::{NOW, Register, time};
use crate::{Config, Ports, Wallet};

/// A phone, and the register that its license comes from.
pub(crate) struct Handset {
    folder: TempDir,
    keys: MemoryKeyStore,
    seconds: u64,
    pub(crate) register: Arc<Register>,
}

impl Handset {
    /// A phone with an empty wallet.
    pub(crate) async fn new(hardware: Option<Algorithm>) -> Self {
        let register = Register::new();
        let handset = Self {
            folder: folder(),
            keys: MemoryKeyStore::new(hardware, Arc::new(SystemRandom)),
            seconds: 0,
            register,
        };
        let config = Config {
            directory: handset.folder.path().to_owned(),
            root: handset.register.authority.root.verifying_key().clone(),
            authority: handset.register.authority.issuer.clone(),
            ports: handset.ports(&Life::of(usize::MAX), Line::to(&handset.register, None)),
        };
        Wallet::create(config).await.unwrap();
        handset
    }

    /// The same phone so many seconds later.
    pub(crate) fn later(mut self, seconds: u64) -> Self {
        self.seconds += seconds;
        self.register.set_now(NOW + self.seconds);
        self
    }

    /// Another one in the same condition, its register too. No wallet may be open.
    pub(crate) fn fork(&self) -> Self {
        let fork = Self {
            folder: folder(),
            keys: self.keys.fork(),
            seconds: self.seconds,
            register: self.register.fork(),
        };
        copy(self.folder.path(), fork.folder.path());
        fork
    }

    /// The app is started, over a line that may be cut once.
    pub(crate) async fn open(&self, cut: Option<(usize, Cut)>) -> (Wallet, Arc<Line>) {
        let line = Line::to(&self.register, cut);
        let life = Life::of(usize::MAX);
        (self.open_with(&life, Arc::clone(&line)).await, line)
    }

    /// The app is started, and will not live long.
    pub(crate) async fn open_for(&self, life: &Arc<Life>) -> Wallet {
        let line = Line::to(&self.register, None);
        self.open_with(life, line).await
    }

    async fn open_with(&self, life: &Arc<Life>, line: Arc<Line>) -> Wallet {
        let ports = self.ports(life, line);
        let folder = self.folder.path().to_owned();
        Wallet::open(folder, ports).await.unwrap()
    }

    fn ports(&self, life: &Arc<Life>, line: Arc<Line>) -> Ports {
        let clock = TestClock::at(time(NOW));
        clock.advance(Duration::from_secs(self.seconds));
        Ports {
            transport: life.transport(line),
            keys: life.keys(self.keys.clone()),
            clock: Arc::new(clock),
            random: life.random(),
        }
    }
}

fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        TempDir::new_in(memory).unwrap()
    } else {
        TempDir::new().unwrap()
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
