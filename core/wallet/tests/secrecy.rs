//! Secrets and personal data: absent from memory after use, from logs, errors and Debug.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "what helps a test may panic as it does"
)]

mod scene;

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use scene::{Authority, LICENSE, noon};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use vidimus_credential::Algorithm;
use vidimus_wallet::Error;
use vidimus_wallet::error::{Damage, StorageError};
use vidimus_wallet::ports::{
    Clock, KeyStoreError, NoRandomness, Random, SystemRandom, TransportError,
};
use vidimus_wallet::present::{Presentation, ReaderRequest};
use vidimus_wallet::testing::MemoryKeyStore;
use vidimus_wallet::testing::TestClock;
use vidimus_wallet::testing::vault::{Health, Table, Vault};

/// Collects every log line, of every level.
#[derive(Clone, Default)]
struct Capture(Arc<Mutex<String>>, Arc<AtomicU64>);

impl Visit for Capture {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0.lock().unwrap(), "{field}={value:?} ").unwrap();
    }
}

impl Subscriber for Capture {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1 + self.1.fetch_add(1, Ordering::Relaxed))
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// What no log, error or Debug may show.
const PERSONAL: [&str; 8] = [
    "Mustermann",
    "Erika",
    "D7A93KX0L21",
    "DL1:",
    "1991",
    "authority.example",
    LICENSE,
    "holder-1",
];

fn assert_impersonal(text: &str) {
    for personal in PERSONAL {
        assert!(!text.contains(personal), "{personal} stands in: {text}");
    }
}

#[tokio::test]
async fn a_log_capture_holds_no_name_number_key_or_token() {
    let capture = Capture::default();
    let guard = tracing::subscriber::set_default(capture.clone());
    let folder = tempfile::tempdir().unwrap();
    let keys = Arc::new(MemoryKeyStore::new(
        Some(Algorithm::Esp256),
        Arc::new(SystemRandom),
    ));
    let authority = Authority::new();
    let clock = TestClock::at(noon());
    let vault = authority
        .enroll(folder.path(), keys.clone(), Algorithm::Esp256)
        .await;
    let request = ReaderRequest::read(&vault, "31415926", clock.read()).unwrap();
    let mut presentation =
        Presentation::start(&vault, keys.clone(), LICENSE, Some(request), clock.read()).unwrap();
    presentation.frame(clock.read()).await.unwrap();
    presentation.end().await.unwrap();
    drop(vault);
    // And with every row damaged, which is worth a warning.
    let file = folder.path().join("vault").join("wallet.sqlite");
    let connection = rusqlite::Connection::open(file).unwrap();
    connection
        .execute_batch(
            "UPDATE sealed_row SET sealed = zeroblob(90) WHERE row > 0; DELETE FROM activity",
        )
        .unwrap();
    drop(connection);
    let vault = Vault::open(folder.path(), keys.clone(), Arc::new(SystemRandom))
        .await
        .unwrap();
    assert!(vault.examine().unwrap().damaged.len() > 3);
    assert!(Presentation::start(&vault, keys, LICENSE, None, clock.read()).is_err());
    drop(guard);
    let log = capture.0.lock().unwrap().clone();
    assert!(log.contains("the vault is damaged"), "the capture captures");
    assert_impersonal(&log);
}

#[test]
fn errors_and_their_debug_are_a_closed_list_without_personal_data() {
    let mut texts = String::new();
    let tables = Table::ALL.map(|table| Error::VaultDamaged {
        what: Damage::Row(table),
    });
    let errors = [
        Error::AlreadyExists,
        Error::NoWallet,
        Error::HadWallet,
        Error::NewerSchema,
        Error::VaultDamaged { what: Damage::File },
        Error::VaultDamaged {
            what: Damage::Manifest,
        },
        Error::VaultDamaged {
            what: Damage::UnknownRow,
        },
        Error::VaultDamaged {
            what: Damage::ActivityLog,
        },
        Error::OtherDevice,
        Error::KeyInvalidated,
        Error::from(KeyStoreError::Locked),
        Error::from(StorageError::Full),
        Error::from(StorageError::Permission),
        Error::from(StorageError::OpenToOthers),
        Error::from(StorageError::TooManyFiles),
        Error::from(StorageError::Lock),
        Error::from(StorageError::FileTooLarge),
        Error::from(StorageError::Memory),
        Error::from(NoRandomness),
        Error::from(TransportError::Certificate),
        Error::from(vidimus_credential::Error::BadSignature),
        Error::NoSuchLicense,
        Error::PresentationEnded,
        Error::ChallengeOver,
        Error::ServerTimeWrong {
            server: vidimus_credential::UnixTime::MAX,
            device: vidimus_credential::UnixTime::EPOCH,
        },
        Error::Cancelled,
    ];
    for error in errors.into_iter().chain(tables) {
        // Copy: it cannot carry a string.
        let copied = error;
        writeln!(texts, "{copied} {error:?}").unwrap();
    }
    assert_impersonal(&texts);
    let health = Health {
        rolled_back: true,
        damaged: vec![Damage::Row(Table::License)],
    };
    assert_eq!(
        format!("{health:?}"),
        "Health { rolled_back: true, damaged: [Row(License)] }"
    );
}

/// Hands out the system's randomness and remembers it, disguised, so that it can be looked for.
#[derive(Default)]
struct Remembering(Mutex<Vec<Vec<u8>>>);

const DISGUISE: u8 = 0x5b;

impl Random for Remembering {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        SystemRandom.fill(bytes)?;
        if bytes.len() == 32 {
            let disguised = bytes.iter().map(|byte| byte ^ DISGUISE).collect();
            self.0.lock().unwrap().push(disguised);
        }
        Ok(())
    }
}

/// How often the first half of a secret is in this process's heap. The scan keeps its own window
/// disguised.
#[cfg(target_os = "linux")]
fn found_in_heap(disguised: &[u8]) -> usize {
    use std::io::{Read, Seek, SeekFrom};
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let here = &raw const maps as usize;
    let mut memory = std::fs::File::open("/proc/self/mem").unwrap();
    let mut found = 0;
    for line in maps.lines() {
        let mut parts = line.split_whitespace();
        let (range, mode, name) = (parts.next().unwrap(), parts.next().unwrap(), parts.nth(3));
        let (start, end) = range.split_once('-').unwrap();
        let start = usize::from_str_radix(start, 16).unwrap();
        let end = usize::from_str_radix(end, 16).unwrap();
        // The heap and anonymous arenas; not this thread's own stack.
        let heap = mode.starts_with("rw") && matches!(name, None | Some("[heap]"));
        if !heap || (start..end).contains(&here) {
            continue;
        }
        let mut rest = end - start;
        let mut chunk = vec![0; 1 << 16];
        memory.seek(SeekFrom::Start(start as u64)).unwrap();
        while rest > 0 {
            let length = rest.min(chunk.len());
            if memory.read_exact(&mut chunk[..length]).is_err() {
                break;
            }
            // In place, so that the window itself is no finding.
            for byte in &mut chunk[..length] {
                *byte ^= DISGUISE;
            }
            found += chunk[..length]
                .windows(16)
                .filter(|window| *window == &disguised[..16])
                .count();
            chunk.fill(0);
            rest -= length;
        }
    }
    found
}

#[cfg(target_os = "linux")]
#[test]
fn the_data_key_and_the_holder_secret_are_gone_from_the_heap_after_drop() {
    let random = Arc::new(Remembering::default());
    // A separate thread, whose stack is freed with it.
    let worker = random.clone();
    let in_use = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let keys = Arc::new(MemoryKeyStore::new(None, worker.clone()));
            let vault = Vault::create(folder.path(), keys.clone(), worker.clone())
                .await
                .unwrap();
            let holder = vidimus_wallet::keys::HolderKey::create(
                "holder-1",
                Algorithm::Ed25519,
                &*keys,
                &*worker,
            );
            let holder = holder.await.unwrap();
            let write = vault.write(
                vidimus_wallet::testing::vault::Weight::Anchored,
                move |tx| tx.put("holder-1", &holder),
            );
            write.await.unwrap();
            drop(vault);
            let vault = Vault::open(folder.path(), keys, worker.clone())
                .await
                .unwrap();
            let holder: vidimus_wallet::keys::HolderKey = vault.get("holder-1").unwrap().unwrap();
            let secrets = worker.0.lock().unwrap().clone();
            let found = secrets
                .iter()
                .map(|secret| found_in_heap(secret))
                .collect::<Vec<_>>();
            drop(holder);
            found
        })
    })
    .join()
    .unwrap();
    assert_eq!(in_use.len(), 3, "data key, wrapping key and holder secret");
    assert!(
        in_use.iter().all(|found| *found > 0),
        "the scan finds what is in use: {in_use:?}"
    );
    let secrets = random.0.lock().unwrap().clone();
    let left: Vec<_> = secrets.iter().map(|secret| found_in_heap(secret)).collect();
    assert_eq!(left, [0; 3], "nothing is left");
}
