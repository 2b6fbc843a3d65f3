//! A licensing authority on a loopback port, wallets, and one clock for all of them.
#![allow(
    missing_docs,
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "support for tests, of which each file uses its part"
)]

pub mod browser;
pub mod cutter;
pub mod officer;
pub mod shell;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use vidimus_authority::{
    AddOptions, AddedLicense, Authority, InitOptions, ReviewKind, ServeOptions, application_form,
    init, serve_with,
};
use vidimus_credential::{
    Algorithm, LicenseStatus, Policy, UnixTime, Verdict, Verifier, VerifyingKey,
};
use vidimus_wallet::ports::{Clock as _, SystemRandom};
use vidimus_wallet::present::Frame;
use vidimus_wallet::refresh::{Refresh, RefreshReport};
use vidimus_wallet::testing::MemoryKeyStore;
use vidimus_wallet::testing::TestClock;
use vidimus_wallet::transport::{NetworkTransport, Roots};
use vidimus_wallet::{CancelToken, Config, LicenseId, Ports, Wallet};

pub const BUDGET: Duration = Duration::from_secs(20);
pub const DAY: Duration = Duration::from_secs(86_400);

/// 2026-11-18, in the middle of a day.
pub const START: u64 = 1_795_000_000;

pub const DRIVER: &str = r#"{
  "family_name": "Nakamura-Østergård", "given_names": "Zoë 美咲", "birth_date": "1991-02-28",
  "license_number": "ZZ-4711-0815", "issue_date": "2020-06-01", "expiry_date": "2035-05-31",
  "issuing_country": "ZZ",
  "categories": [{"code": "B", "from": "2010-03-01", "until": null},
                 {"code": "C1", "from": "2015-01-01", "until": "2030-01-01", "restrictions": ["01.02"]}]
}"#;

/// The portrait of the demo.
pub fn portrait() -> Vec<u8> {
    include_bytes!("../../../cli/assets/portrait.jpg").to_vec()
}

/// An authority that serves, its clock that of the whole test.
pub struct Office {
    pub home: TempDir,
    pub issuer: String,
    pub clock: Arc<TestClock>,
    address: std::net::SocketAddr,
    registered: AtomicU32,
    serving: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
    /// The seconds between two requests for a license that waits, where drivers have accounts.
    accounts: Option<u32>,
}

impl Office {
    pub async fn open() -> Self {
        Self::open_as(None).await
    }

    /// One where drivers sign in.
    pub async fn open_with_accounts(interval: u32) -> Self {
        Self::open_as(Some(interval)).await
    }

    async fn open_as(accounts: Option<u32>) -> Self {
        let home = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock::at(UnixTime::new(START).unwrap()));
        init(home.path(), InitOptions::default(), clock.read().wall).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut office = Self {
            home,
            issuer: String::new(),
            clock,
            address,
            registered: AtomicU32::new(0),
            serving: None,
            accounts,
        };
        office.serve(listener).await;
        office.issuer = office.authority().issuer().unwrap().unwrap();
        office
    }

    /// Stops and serves again: what an operator does, and what signs anew all that has become old.
    pub async fn restart(&mut self) {
        self.close().await;
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.serve(listener).await;
        // The server does the same beside its first answers; a test does not wait for it.
        self.publish().await;
    }

    pub async fn close(&mut self) {
        if let Some((stop, served)) = self.serving.take() {
            _ = stop.send(());
            served.await.unwrap();
        }
    }

    async fn serve(&mut self, listener: TcpListener) {
        let (stop, stopped) = oneshot::channel::<()>();
        let (home, clock) = (self.home.path().to_owned(), Arc::clone(&self.clock));
        let now: vidimus_authority::Clock = Arc::new(move || clock.read().wall.into());
        let mut options = ServeOptions {
            clock: now,
            sign_in: self.accounts.is_some(),
            ..ServeOptions::default()
        };
        options.deferral_interval = self.accounts.unwrap_or(options.deferral_interval);
        let served = tokio::spawn(async move {
            let shutdown = async move { _ = stopped.await };
            serve_with(&home, listener, options, shutdown)
                .await
                .unwrap();
        });
        self.serving = Some((stop, served));
        while self.authority().issuer().unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Where its server listens.
    pub fn address(&self) -> std::net::SocketAddr {
        self.address
    }

    pub fn authority(&self) -> Authority {
        Authority::open(self.home.path()).unwrap()
    }

    pub fn now(&self) -> UnixTime {
        self.clock.read().wall
    }

    pub fn root(&self) -> VerifyingKey {
        let bytes = std::fs::read(self.home.path().join("root.cose")).unwrap();
        VerifyingKey::from_cose_key(&bytes).unwrap()
    }

    pub async fn register(&self) -> AddedLicense {
        self.register_as(DRIVER).await
    }

    /// Registers a driver: the first one of an office under the number of the file, the others each
    /// under one of their own.
    pub async fn register_as(&self, driver: &str) -> AddedLicense {
        let number = 815 + self.registered.fetch_add(1, Ordering::SeqCst);
        let driver = driver.replace("ZZ-4711-0815", &format!("ZZ-4711-{number:04}"));
        let license = application_form::parse(driver.as_bytes()).unwrap();
        let (authority, now) = (self.authority(), self.now());
        let added = move || authority.add_license(&license, &portrait(), now).unwrap();
        tokio::task::spawn_blocking(added).await.unwrap()
    }

    /// Registers the driver of the file, with something for a clerk to look at first.
    pub async fn register_for_review(&self, review: Option<ReviewKind>) -> AddedLicense {
        let license = application_form::parse(DRIVER.as_bytes()).unwrap();
        let (authority, now) = (self.authority(), self.now());
        let added = move || {
            let options = AddOptions {
                review,
                ..AddOptions::default()
            };
            authority
                .add_license_with(&license, &portrait(), options, now)
                .unwrap()
        };
        tokio::task::spawn_blocking(added).await.unwrap()
    }

    /// What the server's timer does, now.
    pub async fn publish(&self) {
        let (authority, now) = (self.authority(), self.now());
        let publish = move || authority.publish(now).unwrap();
        tokio::task::spawn_blocking(publish).await.unwrap();
    }

    pub async fn set_status(&self, license: &str, status: LicenseStatus) {
        let (authority, now, license) = (self.authority(), self.now(), license.to_owned());
        let set = move || authority.set_status(&license, status, now).unwrap();
        tokio::task::spawn_blocking(set).await.unwrap();
    }
}

/// A phone: a folder, a key store, and the test's clock or its own.
pub struct Phone {
    pub folder: TempDir,
    pub keys: Arc<MemoryKeyStore>,
    pub clock: Arc<TestClock>,
    pub wallet: Wallet,
}

impl Phone {
    pub async fn new(office: &Office, hardware: Option<Algorithm>) -> Self {
        Self::with_clock(office, hardware, Arc::clone(&office.clock)).await
    }

    pub async fn with_clock(
        office: &Office,
        hardware: Option<Algorithm>,
        clock: Arc<TestClock>,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = Arc::new(MemoryKeyStore::new(hardware, Arc::new(SystemRandom)));
        let config = Config {
            directory: folder.path().to_owned(),
            root: office.root(),
            authority: office.issuer.clone(),
            ports: ports(&keys, &clock),
        };
        let wallet = Wallet::create(config).await.unwrap();
        Self {
            folder,
            keys,
            clock,
            wallet,
        }
    }

    pub fn ports(&self) -> Ports {
        ports(&self.keys, &self.clock)
    }

    /// What a restart of the app does.
    pub async fn reopen(&mut self) {
        self.wallet = Wallet::open(self.folder.path().to_owned(), self.ports())
            .await
            .unwrap();
    }

    pub async fn enroll(&self, added: &AddedLicense) -> LicenseId {
        let offer = self.wallet.read_offer(&added.offer).await.unwrap();
        let code = Some(added.tx_code.as_str());
        self.wallet
            .enroll(&offer, code, &CancelToken::new())
            .await
            .unwrap()
    }

    pub async fn refresh(&self, what: Refresh) -> RefreshReport {
        self.wallet
            .refresh(what, BUDGET, &CancelToken::new())
            .await
            .unwrap()
    }

    /// One frame of a presentation that has ended, its log entry written.
    pub async fn show(&self, license: &LicenseId) -> Frame {
        let mut shown = self.wallet.present(license).unwrap();
        let frame = shown.frame(self.clock.read()).await.unwrap();
        shown.end().await.unwrap();
        frame
    }

    pub fn state(&self) -> LicenseStatus {
        self.wallet.licenses().unwrap()[0].status.state
    }
}

fn ports(keys: &Arc<MemoryKeyStore>, clock: &Arc<TestClock>) -> Ports {
    let (keys, clock) = (Arc::clone(keys), Arc::clone(clock));
    Ports {
        transport: Arc::new(NetworkTransport::new(Roots::Public).unwrap()),
        keys,
        clock,
        random: Arc::new(SystemRandom),
    }
}

/// An officer's reader with the trust list that a phone holds.
pub fn reader(office: &Office, phone: &Phone) -> Verifier {
    let mut verifier = Verifier::new(office.root(), Policy::default());
    verifier
        .set_trust_list(&phone.wallet.trust_list().unwrap().unwrap())
        .unwrap();
    verifier
}

pub fn codes(verdict: &Verdict) -> Vec<&'static str> {
    verdict.reasons.iter().map(|reason| reason.code()).collect()
}

pub fn copy_folder(from: &Path, to: &Path) -> PathBuf {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
    to.to_owned()
}

/// A plain GET, by the wallet's own transport.
pub async fn get(url: &str) -> Vec<u8> {
    use vidimus_wallet::ports::{HttpRequest, HttpTransport as _, Method};
    let request = HttpRequest {
        method: Method::Get,
        url: url.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
        timeout: BUDGET,
        max_body: 1 << 20,
        elsewhere: false,
    };
    let answer = NetworkTransport::new(Roots::Public)
        .unwrap()
        .send(request)
        .await
        .unwrap();
    assert_eq!(answer.status, 200);
    answer.body
}
