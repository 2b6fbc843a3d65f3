//! Opening a wallet and making a frame in Rust: what Kotlin and Swift are held against.
//!
//! Makes the wallet that all three measure, in the folder that `VIDIMUS_BENCH_WALLET` names.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use vidimus_authority::{Authority, InitOptions, application_form, init, serve_with_clock};
use vidimus_credential::VerifyingKey;
use vidimus_wallet::keys::FileKeyStore;
use vidimus_wallet::ports::{Clock as _, SystemClock, SystemRandom};
use vidimus_wallet::transport::{NetworkTransport, Roots};
use vidimus_wallet::{CancelToken, Config, LicenseId, Ports, Wallet};

const OPENS: usize = 50;
const FRAMES: usize = 2_000;

fn main() {
    let Some(folder) = std::env::var_os("VIDIMUS_BENCH_WALLET").map(PathBuf::from) else {
        // `cargo bench` alone comes here too.
        return println!("type: cargo xtask bench kotlin");
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let license = runtime.block_on(enroll(&folder));

    let directory = folder.join("wallet");
    let open = || {
        runtime
            .block_on(Wallet::open(directory.clone(), ports(&folder)))
            .unwrap()
    };
    println!("bench: open {:.1}", median(OPENS, || drop(open())));

    let wallet = open();
    let mut presentation = wallet.present(&license).unwrap();
    let mut frame = || {
        drop(
            runtime
                .block_on(presentation.frame(wallet.reading()))
                .unwrap(),
        )
    };
    println!("bench: frame {:.1}", median(FRAMES, &mut frame));
    runtime.block_on(presentation.end()).unwrap();
}

/// A new wallet with one license, of an authority that serves no longer than this.
async fn enroll(folder: &Path) -> LicenseId {
    _ = fs::remove_dir_all(folder);
    let home = folder.join("authority");
    let now = || vidimus_authority::Moment::from(SystemClock::new().read().wall);
    init(&home, InitOptions::default(), now()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn({
        let home = home.clone();
        async move {
            let shutdown = async move { _ = stopped.await };
            serve_with_clock(&home, listener, Arc::new(now), shutdown)
                .await
                .unwrap();
        }
    });
    let authority = Authority::open(&home).unwrap();
    let issuer = loop {
        match authority.issuer().unwrap() {
            Some(issuer) => break issuer,
            None => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    };
    let added = tokio::task::spawn_blocking(move || {
        let license =
            application_form::parse(include_bytes!("../../cli/assets/driver.json")).unwrap();
        let portrait = include_bytes!("../../cli/assets/portrait.jpg");
        authority.add_license(&license, portrait, now()).unwrap()
    });
    let added = added.await.unwrap();

    let root = fs::read(home.join("root.cose")).unwrap();
    fs::write(folder.join("root.cose"), &root).unwrap();
    fs::write(folder.join("authority.txt"), &issuer).unwrap();
    let wallet = Wallet::create(Config {
        directory: folder.join("wallet"),
        root: VerifyingKey::from_cose_key(&root).unwrap(),
        authority: issuer,
        ports: ports(folder),
    });
    let wallet = wallet.await.unwrap();
    let offer = wallet.read_offer(&added.offer).await.unwrap();
    let license = wallet
        .enroll(&offer, Some(&added.tx_code), &CancelToken::new())
        .await
        .unwrap();
    stop.send(()).unwrap();
    serving.await.unwrap();
    license
}

fn ports(folder: &Path) -> Ports {
    let random = Arc::new(SystemRandom);
    Ports {
        transport: Arc::new(NetworkTransport::new(Roots::Public).unwrap()),
        keys: Arc::new(FileKeyStore::open(&folder.join("keys"), random.clone()).unwrap()),
        clock: Arc::new(SystemClock::new()),
        random,
    }
}

/// The median of what a work takes, in microseconds, after a fifth as many rounds to warm up.
fn median(rounds: usize, mut work: impl FnMut()) -> f64 {
    (0..rounds / 5).for_each(|_| work());
    let mut times: Vec<Duration> = (0..rounds)
        .map(|_| {
            let begun = Instant::now();
            work();
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1e6
}
