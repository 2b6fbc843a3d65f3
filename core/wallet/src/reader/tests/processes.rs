//! A driver's wallet and a reader's book on one device, each in a separate process, one of them
//! damaged.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Barrier};

use vidimus_credential::key::Signer;
use vidimus_credential::verify::Outcome;

use super::{Desk, check, codes, file_in, open_at, refreshed};
use crate::error::{Damage, Error};
use crate::keys::FileKeyStore;
use crate::network::transport::{NetworkTransport, Roots};
use crate::ports::SystemRandom;
use crate::reader::{Keeping, ReaderBook, ReaderError, When};
use crate::testing::TestClock;
use crate::testing::{NOW, time};
use crate::vault::Health;
use crate::{Config, Ports, Wallet};

const HOME: &str = "VIDIMUS_TEST_READERS_HOME";
const TOKEN: &str = "VIDIMUS_TEST_READERS_TOKEN";
const EXPECTED: &str = "VIDIMUS_TEST_READERS_FATE";

/// A device with keys in files, as two processes find it.
fn ports(home: &Path) -> Ports {
    let random = Arc::new(SystemRandom);
    let keys = FileKeyStore::open(&home.join("keys"), random.clone()).unwrap();
    Ports {
        transport: Arc::new(NetworkTransport::new(Roots::Public).unwrap()),
        keys: Arc::new(keys),
        clock: Arc::new(TestClock::at(time(NOW))),
        random,
    }
}

async fn open_book(home: &Path) -> Result<ReaderBook, ReaderError> {
    open_at(home, ports(home), Keeping::Officer).await
}

/// A home with a wallet and a book that holds the authority's list.
async fn home(desk: &Desk) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let root = desk.authority.root.verifying_key().clone();
    let config = Config {
        directory: home.path().to_owned(),
        root: root.clone(),
        authority: desk.authority.issuer.clone(),
        ports: ports(home.path()),
    };
    Wallet::create(config).await.unwrap();
    let book = open_book(home.path()).await.unwrap();
    let added = book.add_authority(root, &desk.authority.issuer, &[]);
    added.await.unwrap();
    assert_eq!(refreshed(&book, When::Now).await.failures, []);
    home
}

/// The reader in another process.
fn reader(home: &Path, token: &str, expected: &str) -> Child {
    let name = "reader::tests::processes::the_other_process";
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--ignored"])
        .envs([(TOKEN, token), (EXPECTED, expected)])
        .env(HOME, home)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test]
#[ignore = "the other half of the tests here, which start it"]
async fn the_other_process() {
    let Some(home) = std::env::var_os(HOME) else {
        return;
    };
    let opened = open_book(Path::new(&home)).await;
    if std::env::var(EXPECTED).unwrap() == "damaged" {
        let damaged = ReaderError::BookDamaged { what: Damage::File };
        assert_eq!(opened.err(), Some(damaged));
        return;
    }
    let checked = check(&opened.unwrap(), &std::env::var(TOKEN).unwrap()).await;
    assert_eq!(checked.verdict.outcome, Outcome::Accept);
    assert!(checked.troubles.is_empty());
    if std::env::var(EXPECTED).unwrap() == "dies" {
        // As if killed while the verdict is on the screen: nothing is closed.
        std::process::abort();
    }
}

async fn open_wallet(home: &Path) -> Result<Wallet, Error> {
    Wallet::open(home.to_owned(), ports(home)).await
}

#[tokio::test]
async fn a_token_that_a_killed_process_took_is_replayed() {
    let desk = Desk::new().await;
    let home = home(&desk).await;
    let token = desk.token(NOW);
    let mut reader = reader(home.path(), &token, "dies");
    let status = reader.wait().unwrap();
    assert!(!status.success());
    let book = open_book(home.path()).await.unwrap();
    let log = book.log(9).unwrap().entries;
    assert_eq!(log.len(), 1, "it came so far");
    assert_eq!(codes(&check(&book, &token).await), ["replayed"]);
}

/// What is no database, as long as one.
fn break_file(file: &Path) -> Vec<u8> {
    let broken = vec![b'x'; 4096];
    std::fs::write(file, &broken).unwrap();
    broken
}

#[tokio::test]
async fn both_are_open_in_two_processes() {
    let desk = Desk::new().await;
    let home = home(&desk).await;
    let wallet = open_wallet(home.path()).await.unwrap();
    let mut reader = reader(home.path(), &desk.token(NOW), "opens");
    assert_eq!(wallet.examine().unwrap(), Health::default());
    assert!(reader.wait().unwrap().success());
    let book = open_book(home.path()).await.unwrap();
    assert_eq!(book.log(9).unwrap().entries.len(), 1);
    assert_eq!(wallet.examine().unwrap(), Health::default());
}

#[tokio::test]
async fn a_reader_checks_beside_a_wallet_that_is_damaged() {
    let desk = Desk::new().await;
    let home = home(&desk).await;
    let file = home.path().join("vault/wallet.sqlite");
    let broken = break_file(&file);
    let mut reader = reader(home.path(), &desk.token(NOW), "opens");
    let damaged = Error::VaultDamaged { what: Damage::File };
    assert_eq!(open_wallet(home.path()).await.err(), Some(damaged));
    assert!(reader.wait().unwrap().success());
    assert_eq!(std::fs::read(file).unwrap(), broken);
}

#[tokio::test]
async fn a_wallet_opens_beside_a_book_that_is_damaged() {
    let desk = Desk::new().await;
    let home = home(&desk).await;
    let file = file_in(home.path());
    let broken = break_file(&file);
    let mut reader = reader(home.path(), &desk.token(NOW), "damaged");
    let wallet = open_wallet(home.path()).await.unwrap();
    assert!(reader.wait().unwrap().success());
    assert_eq!(wallet.examine().unwrap(), Health::default());
    assert_eq!(std::fs::read(file).unwrap(), broken, "it is kept");
}

#[tokio::test]
async fn of_several_that_open_a_new_book_at_once_each_gets_it() {
    let desk = Desk::new().await;
    for _ in 0..20 {
        let home = tempfile::tempdir().unwrap();
        let start = Arc::new(Barrier::new(4));
        let open = || {
            let (home, ports) = (home.path().to_owned(), desk.phone.ports());
            let start = Arc::clone(&start);
            std::thread::spawn(move || {
                let mut runtime = tokio::runtime::Builder::new_current_thread();
                let runtime = runtime.enable_all().build().unwrap();
                start.wait();
                runtime.block_on(ReaderBook::open(&home, ports, Keeping::Officer))
            })
        };
        let opening: Vec<_> = (0..4).map(|_| open()).collect();
        for opened in opening {
            let book = opened.join().unwrap().unwrap();
            assert_eq!(book.examine().unwrap(), Health::default());
        }
    }
}
