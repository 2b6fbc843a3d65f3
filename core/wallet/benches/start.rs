//! A process from its start to its first QR, with 1,000 and with 20,000 log entries in the vault,
//! beside the same program on plain SQLite; and the memory that an open wallet holds.
//!
//! Each run is a separate process, timed by the one that starts it, in turns.
#![allow(missing_docs, clippy::unwrap_used)]

#[path = "../tests/scene/mod.rs"]
mod scene;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use rusqlite::Connection;
use scene::{Authority, LICENSE, noon};
use vidimus_credential::presentation::{ANYONE, Draft, PresentationClaims};
use vidimus_credential::qr::{Symbol, SymbolOptions, token_text};
use vidimus_credential::sd_cwt::UnverifiedCredential;
use vidimus_credential::{Algorithm, SigningKey, UnixTime};
use vidimus_wallet::activity_log::{ActivityEntry, Event};
use vidimus_wallet::keys::FileKeyStore;
use vidimus_wallet::ports::{
    Clock, HttpRequest, HttpResponse, HttpTransport, SystemClock, SystemRandom, TransportError,
};
use vidimus_wallet::testing::records::{LicenseRecord, StatusRecord};
use vidimus_wallet::testing::vault::{Vault, Weight};
use vidimus_wallet::{LicenseId, Ports, Wallet};

const ROUNDS: usize = 61;

/// The network is not asked before the first QR.
struct NoNetwork;

#[async_trait]
impl HttpTransport for NoNetwork {
    async fn send(&self, _: HttpRequest) -> Result<HttpResponse, TransportError> {
        Err(TransportError::Unreachable)
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["first-qr", "sealed", folder] => sealed(Path::new(folder), false),
        ["first-qr", "plain", folder] => plain(Path::new(folder)),
        ["heap", folder] => sealed(Path::new(folder), true),
        _ => measure(&arguments),
    }
}

fn measure(arguments: &[String]) {
    // `cargo bench` adds its own options; a name is a filter.
    let filter = arguments.iter().find(|argument| !argument.starts_with('-'));
    let wanted = |name: &str| filter.is_none_or(|filter| name.contains(filter.as_str()));
    let folder = tempfile::tempdir().unwrap();
    let (small, large) = (folder.path().join("small"), folder.path().join("large"));
    if wanted("first_qr") || wanted("first_qr_growth") {
        prepare(&small, 1_000);
        prepare(&large, 20_000);
        let programs = [("sealed", &small), ("plain", &small), ("sealed", &large)];
        let [ours, limit, grown] = in_turns(programs);
        println!("measure: first_qr | {ours:.1} | {limit:.1} | us");
        println!("measure: first_qr_growth | {grown:.1} | {ours:.1} | us");
    }
    if wanted("heap") {
        let heap = folder.path().join("heap");
        prepare(&heap, 1_000);
        let mut held = String::new();
        let mut child = start(&["heap".as_ref(), heap.as_os_str()]);
        child.read_to_string(&mut held).unwrap();
        println!("measure: heap | {}.0 | 2048.0 | KiB", held.trim());
    }
}

/// The median of each program's time to its first QR, in microseconds.
fn in_turns<const N: usize>(programs: [(&str, &PathBuf); N]) -> [f64; N] {
    let mut times = [const { Vec::new() }; N];
    for _ in 0..ROUNDS {
        for ((program, folder), times) in programs.iter().zip(&mut times) {
            times.push(once(program, folder));
        }
    }
    times.map(|mut times: Vec<Duration>| {
        times.sort();
        times.get(ROUNDS / 2).unwrap().as_secs_f64() * 1e6
    })
}

fn once(program: &str, folder: &Path) -> Duration {
    let begun = Instant::now();
    let mut child = start(&["first-qr".as_ref(), program.as_ref(), folder.as_os_str()]);
    child.read_exact(&mut [0]).unwrap();
    let time = begun.elapsed();
    // The next process waits for what this one writes behind its first QR.
    child.read_to_end(&mut Vec::new()).unwrap();
    time
}

fn start(arguments: &[&std::ffi::OsStr]) -> std::process::ChildStdout {
    Command::new(std::env::current_exe().unwrap())
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
        .stdout
        .unwrap()
}

fn tell(what: &str) {
    let mut stdout = std::io::stdout();
    stdout.write_all(what.as_bytes()).unwrap();
    stdout.flush().unwrap();
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap()
}

/// Ours: opens the wallet and shows its license.
fn sealed(folder: &Path, heap: bool) {
    let before = anonymous_kib();
    runtime().block_on(async {
        let random = Arc::new(SystemRandom);
        let keys = FileKeyStore::open(&folder.join("keys"), random.clone()).unwrap();
        let ports = Ports {
            transport: Arc::new(NoNetwork),
            keys: Arc::new(keys),
            clock: Arc::new(SystemClock::new()),
            random,
        };
        let wallet = Wallet::open(folder.to_owned(), ports).await.unwrap();
        let mut presentation = wallet.present(&LicenseId::new(LICENSE)).unwrap();
        let frame = presentation.frame(wallet.reading()).await.unwrap();
        assert!(frame.symbol.size() > 90);
        if heap {
            presentation.end().await.unwrap();
            tell(&(anonymous_kib() - before).to_string());
        } else {
            tell("!");
            presentation.end().await.unwrap();
        }
    });
}

/// The same on plain SQLite, without seals.
fn plain(folder: &Path) {
    runtime().block_on(async {
        let database = Connection::open(folder.join("plain.sqlite")).unwrap();
        database
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
            .unwrap();
        let (credential, secret): (Vec<u8>, [u8; 32]) = database
            .query_row(
                "SELECT credential, secret FROM license WHERE id = ?1",
                [LICENSE],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .unwrap();
        let parsed = UnverifiedCredential::parse(&credential).unwrap();
        let staple: Vec<u8> = database
            .query_row(
                "SELECT token FROM status WHERE uri = ?1",
                [&parsed.claims().status.uri],
                |row| row.get(0),
            )
            .unwrap();
        let now = SystemClock::new().read().wall.max(parsed.claims().iat);
        let claims = PresentationClaims {
            aud: ANYONE.to_owned(),
            exp: now.saturating_add(30),
            iat: now,
            cnonce: None,
            staple: Some(staple),
        };
        let key = SigningKey::from_secret(Algorithm::Ed25519, &secret).unwrap();
        let draft = Draft::new(&credential, Algorithm::Ed25519, &claims).unwrap();
        let text = token_text(&draft.sign(&key).unwrap());
        let symbol = Symbol::encode(&text, SymbolOptions::default()).unwrap();
        assert!(symbol.size() > 90);
        let shown = (now.to_rfc3339(), LICENSE, "shown");
        database
            .execute(
                "INSERT INTO activity (at, license, event) VALUES (?1, ?2, ?3)",
                shown,
            )
            .unwrap();
        tell("!");
    });
}

/// A wallet with one license and this many log entries, and the same content in plain SQLite.
fn prepare(folder: &Path, entries: u64) {
    std::fs::create_dir_all(folder).unwrap();
    let authority = Authority::new();
    let vault = runtime().block_on(async {
        let random = Arc::new(SystemRandom);
        let keys = FileKeyStore::open(&folder.join("keys"), random).unwrap();
        let vault = authority
            .enroll(folder, Arc::new(keys), Algorithm::Ed25519)
            .await;
        let log = vault.write(Weight::Light, move |tx| {
            (0..entries).try_for_each(|second| tx.log(&entry(second)))
        });
        log.await.unwrap();
        vault
    });
    prepare_plain(folder, &vault, &authority.uri, entries);
}

fn entry(second: u64) -> ActivityEntry {
    ActivityEntry {
        at: UnixTime::new(noon().seconds() + second).unwrap(),
        license: LICENSE.to_owned(),
        event: Event::Renewed,
    }
}

fn prepare_plain(folder: &Path, vault: &Vault, uri: &str, entries: u64) {
    let license: LicenseRecord = vault.get(LICENSE).unwrap().unwrap();
    let status: StatusRecord = vault.get(uri).unwrap().unwrap();
    let plain = Connection::open(folder.join("plain.sqlite")).unwrap();
    plain
        .execute_batch(
            "PRAGMA journal_mode = WAL;
             CREATE TABLE license (id TEXT PRIMARY KEY, credential BLOB, secret BLOB);
             CREATE TABLE status (uri TEXT PRIMARY KEY, token BLOB);
             CREATE TABLE activity (sequence INTEGER PRIMARY KEY, at INTEGER, license TEXT, event TEXT);",
        )
        .unwrap();
    let row = (LICENSE, &license.sd_cwt().unwrap().credential, [7_u8; 32]);
    plain
        .execute("INSERT INTO license VALUES (?1, ?2, ?3)", row)
        .unwrap();
    plain
        .execute("INSERT INTO status VALUES (?1, ?2)", (uri, status.token))
        .unwrap();
    plain.execute_batch("BEGIN").unwrap();
    for second in 0..i64::try_from(entries).unwrap() {
        plain
            .execute(
                "INSERT INTO activity VALUES (NULL, ?1, ?2, 'renewed')",
                (second, LICENSE),
            )
            .unwrap();
    }
    plain.execute_batch("COMMIT").unwrap();
}

/// This process's anonymous memory, SQLite's page cache included: an upper bound of its heap. 0
/// where the system does not tell.
fn anonymous_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}
