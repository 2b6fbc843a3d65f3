//! `serve` is killed at random instants, under eight enrolling wallets and a deciding clerk, whose
//! command is killed now and then, too. Nothing that was acknowledged is lost, and nothing is done
//! twice.
//!
//! 20 kills; `VIDIMUS_KILLS=200` takes more of them, `VIDIMUS_SEED=n` other instants.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vidimus_authority::{Authority, Moment, application_form};
use vidimus_credential::trust::TrustList;
use vidimus_credential::{License, VerifyingKey};
use vidimus_wallet::keys::FileKeyStore;
use vidimus_wallet::ports::{Random, SystemClock, SystemRandom};
use vidimus_wallet::transport::{NetworkTransport, Roots};
use vidimus_wallet::{CancelToken, Config, Error, Ports, Wallet};

const WALLETS: usize = 8;
/// The trust list names each retired key for a month, so they are not many.
const ROTATIONS: usize = 12;
const PORTRAIT: &[u8] = include_bytes!("../assets/portrait.jpg");

/// A license that a wallet was told it has.
struct Enrolled {
    license: String,
    offer: String,
    tx_code: String,
}

/// What the threads share.
struct World {
    folder: tempfile::TempDir,
    issuer: String,
    root: VerifyingKey,
    stop: AtomicBool,
    /// Licenses that were registered.
    licenses: Mutex<Vec<String>>,
    enrolled: Mutex<Vec<Enrolled>>,
    /// Events whose command said that they are decided, with their licenses.
    decided: Mutex<Vec<(String, String)>>,
    /// The clerk's command that runs now.
    clerk: Mutex<Option<Child>>,
}

impl World {
    fn home(&self) -> PathBuf {
        self.folder.path().join("authority")
    }

    fn authority(&self) -> Authority {
        Authority::open(&self.home()).unwrap()
    }

    fn ends(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }
}

/// Numbers that look random and are the same in each run (xorshift64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

fn number_of(name: &str, otherwise: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

fn vidimus(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vidimus"));
    command
        .env_remove("VIDIMUS_LOG")
        .args(["authority", "--json", "--home"])
        .arg(home);
    command
}

/// Starts `serve` and waits for the line with which it says that it serves.
fn serve(home: &Path, port: u16) -> (Child, String) {
    let mut server = vidimus(home)
        .args(["serve", "--listen", &format!("127.0.0.1:{port}")])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(server.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    let said: Value = serde_json::from_str(&first).unwrap();
    (server, said["issuer"].as_str().unwrap().to_owned())
}

fn license(number: &str) -> License {
    let driver = json!({
        "family_name": "Okonkwo", "given_names": "Adaeze", "birth_date": "1991-02-28",
        "license_number": number, "issue_date": "2024-05-01", "expiry_date": "2034-04-30",
        "issuing_country": "ZZ",
        "categories": [{ "code": "B", "from": "2010-03-01", "until": null }]
    });
    application_form::parse(driver.to_string().as_bytes()).unwrap()
}

async fn new_wallet(world: &World, name: &str) -> (Wallet, PathBuf) {
    let directory = world.folder.path().join(name);
    let random: Arc<dyn Random> = Arc::new(SystemRandom);
    let keys = FileKeyStore::open(&directory.join("keys"), Arc::clone(&random)).unwrap();
    let config = Config {
        directory: directory.clone(),
        root: world.root.clone(),
        authority: world.issuer.clone(),
        ports: Ports {
            transport: Arc::new(NetworkTransport::new(Roots::Public).unwrap()),
            keys: Arc::new(keys),
            clock: Arc::new(SystemClock::new()),
            random,
        },
    };
    (Wallet::create(config).await.unwrap(), directory)
}

/// Enrolls one driver after another, each to the end, however often the server dies meanwhile.
async fn enroll(world: Arc<World>, name: usize) {
    for turn in 0.. {
        if world.ends() {
            return;
        }
        let number = format!("W{name}-{turn}");
        let (office, register) = (Arc::clone(&world), number.clone());
        let added = tokio::task::spawn_blocking(move || {
            let now = Moment::of_system();
            office
                .authority()
                .add_license(&license(&register), PORTRAIT, now)
                .unwrap()
        })
        .await
        .unwrap();
        world
            .licenses
            .lock()
            .unwrap()
            .push(added.license_id.clone());
        let text = if turn % 2 == 0 {
            added.offer.clone()
        } else {
            added.offer_by_reference.clone()
        };
        let (wallet, folder) = new_wallet(&world, &number).await;
        let cancel = CancelToken::new();
        loop {
            let enrolled = match wallet.read_offer(&text).await {
                Ok(offer) => wallet.enroll(&offer, Some(&added.tx_code), &cancel).await,
                Err(error) => Err(error),
            };
            match enrolled {
                Ok(_) => break,
                Err(Error::Refused(refusal)) => panic!("{number} was refused: {refusal:?}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
        assert_eq!(wallet.licenses().unwrap().len(), 1, "{number}");
        world.enrolled.lock().unwrap().push(Enrolled {
            license: added.license_id,
            offer: added.offer,
            tx_code: added.tx_code,
        });
        drop(wallet);
        fs::remove_dir_all(folder).unwrap();
    }
}

/// Runs one command of the clerk; whether it said that it is done. It may be killed meanwhile.
fn command(world: &World, arguments: &[&str], input: &str) -> bool {
    let mut child = vidimus(&world.home())
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut errors = child.stderr.take().unwrap();
    // A command that was killed reads nothing.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    *world.clerk.lock().unwrap() = Some(child);
    let status = loop {
        let ended = world.clerk.lock().unwrap().as_mut().unwrap().try_wait();
        if let Some(status) = ended.unwrap() {
            break status;
        }
        thread::sleep(Duration::from_millis(5));
    };
    *world.clerk.lock().unwrap() = None;
    let mut said = String::new();
    let _ = std::io::Read::read_to_string(&mut errors, &mut said);
    // Killed, or done; anything else is a fault.
    assert!(
        status.success() || status.code().is_none(),
        "{arguments:?}: {said}"
    );
    status.success()
}

/// Decides about drivers, rotates keys now and then, and repeats what was not acknowledged.
fn decide(world: &World, mut dice: Dice) {
    let mut rotations = 0;
    for turn in 0.. {
        if world.ends() {
            return;
        }
        let licenses = world.licenses.lock().unwrap().clone();
        if licenses.is_empty() {
            thread::sleep(Duration::from_millis(20));
            continue;
        }
        if turn % 10 == 9 && rotations < ROTATIONS {
            rotations += 1;
            command(world, &["rotate-keys", "--now"], "");
            continue;
        }
        let at = usize::try_from(dice.below(u64::try_from(licenses.len()).unwrap())).unwrap();
        let state = ["suspended", "unresolved", "valid"][turn % 3];
        let event = format!("event-{turn}");
        let decision = json!({ "event": event, "license": licenses[at], "state": state });
        while !command(world, &["decide", "--file", "-"], &format!("{decision}\n")) {}
        world
            .decided
            .lock()
            .unwrap()
            .push((licenses[at].clone(), event));
    }
}

/// Files of half a write.
fn temporary(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            temporary(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "tmp") {
            found.insert(path);
        }
    }
}

/// Where the secrets of retired keys stood.
fn retired(world: &World) -> Vec<PathBuf> {
    let bytes = fs::read(world.home().join("public/trust")).unwrap();
    let list = TrustList::verify(&bytes, &world.root).unwrap();
    let retired = list.entries().filter(|entry| entry.signed_until.is_some());
    retired
        .map(|entry| {
            let kid = entry.key.kid();
            let digits: String = kid
                .as_bytes()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            world.home().join(format!("keys/{digits}.key"))
        })
        .collect()
}

/// The acknowledged decisions from this one on are in the register.
fn decisions_stand(world: &World, from: usize) -> usize {
    let decided = world.decided.lock().unwrap().clone();
    let authority = world.authority();
    for (license, event) in &decided[from..] {
        let found = authority
            .find_license(license, Moment::of_system())
            .unwrap();
        let made = found
            .decisions
            .iter()
            .any(|decision| decision.event == *event);
        assert!(made, "{event} is lost");
    }
    decided.len()
}

#[test]
fn what_was_acknowledged_stands_and_no_code_gives_two_phones_however_often_serve_is_killed() {
    let (kills, seed) = (
        number_of("VIDIMUS_KILLS", 20),
        number_of("VIDIMUS_SEED", 4_711),
    );
    let mut dice = Dice(seed.max(1));
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("authority");
    assert!(
        vidimus(&home)
            .arg("init")
            .output()
            .unwrap()
            .status
            .success()
    );
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let (mut server, issuer) = serve(&home, port);
    let root = VerifyingKey::from_cose_key(&fs::read(home.join("root.cose")).unwrap()).unwrap();
    let world = Arc::new(World {
        folder,
        issuer,
        root,
        stop: AtomicBool::new(false),
        licenses: Mutex::default(),
        enrolled: Mutex::default(),
        decided: Mutex::default(),
        clerk: Mutex::default(),
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let wallets: Vec<_> = (0..WALLETS)
        .map(|name| runtime.spawn(enroll(Arc::clone(&world), name)))
        .collect();
    let clerk = thread::spawn({
        let (world, dice) = (Arc::clone(&world), Dice(dice.next()));
        move || decide(&world, dice)
    });

    let (mut checked, mut found) = (0, 0);
    for kill in 0..kills {
        thread::sleep(Duration::from_millis(20 + dice.below(500)));
        server.kill().unwrap();
        server.wait().unwrap();
        if dice.below(3) == 0
            && let Some(child) = world.clerk.lock().unwrap().as_mut()
        {
            // It may have ended by itself.
            let _ = child.kill();
        }
        let mut left = BTreeSet::new();
        temporary(&world.home(), &mut left);
        found += left.len();
        // A kill seldom falls between two such calls: what it would leave is put there.
        for name in ["keys/0.ab.tmp", "public/head.ab.tmp", "public/s/0/0.ab.tmp"] {
            let path = world.home().join(name);
            fs::write(&path, b"half").unwrap();
            left.insert(path);
        }
        let retired = retired(&world);
        if let Some(secret) = retired.first() {
            fs::write(secret, [7; 32]).unwrap();
        }
        checked = decisions_stand(&world, checked);
        server = serve(&world.home(), port).0;
        // It cleans up before it serves, and says that it serves a moment earlier.
        let begun = Instant::now();
        let gone = |path: &PathBuf| !path.exists();
        while !(left.iter().all(gone) && retired.iter().all(gone)) {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "after kill {kill}: {left:?} {retired:?}"
            );
            thread::sleep(Duration::from_millis(10));
        }
    }
    world.stop.store(true, Ordering::SeqCst);
    for wallet in wallets {
        runtime.block_on(wallet).unwrap();
    }
    clerk.join().unwrap();
    decisions_stand(&world, 0);

    let enrolled = std::mem::take(&mut *world.enrolled.lock().unwrap());
    println!(
        "{kills} kills left {found} temporary files; {} enrolled, {} decided",
        enrolled.len(),
        world.decided.lock().unwrap().len()
    );
    assert!(enrolled.len() >= WALLETS, "{}", enrolled.len());
    assert!(!world.decided.lock().unwrap().is_empty());
    let authority = world.authority();
    let issued = fs::read_to_string(world.home().join("issued.log")).unwrap();
    for phone in &enrolled {
        assert!(issued.contains(&phone.license), "it is on record");
        let found = authority
            .find_license(&phone.license, Moment::of_system())
            .unwrap();
        let live = found.devices.iter().filter(|device| device.ended.is_none());
        assert_eq!(live.count(), 1, "{}", phone.license);
    }
    runtime.block_on(async {
        for (turn, phone) in enrolled.iter().rev().take(10).enumerate() {
            let (second, _) = new_wallet(&world, &format!("second-{turn}")).await;
            let offer = second.read_offer(&phone.offer).await.unwrap();
            let again = second
                .enroll(&offer, Some(&phone.tx_code), &CancelToken::new())
                .await;
            assert!(
                matches!(again, Err(Error::Refused(_))),
                "a code was good twice"
            );
        }
    });
    server.kill().unwrap();
    server.wait().unwrap();
}
