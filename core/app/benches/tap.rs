//! What a tap costs in Rust: from the shell's `send` to the next screen in its hands.
//!
//! It runs the app on a wallet without a license and taps to the settings and back, so each tap
//! goes through the queue, the task, the state, the screen and the wait for news. Beside it the
//! pure part runs on three licenses with ten categories each: a tap there changes the state and
//! makes the whole screen. Their sum is the measure.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use vidimus_app::driver::{State, screen, update};
use vidimus_app::event::{Action, Event, Held, Opened, Outcome, Outlook, Overview};
use vidimus_app::runner::{App, KeySealer, Setup};
use vidimus_app::screen::{CategoryRow, Holder, Screen};
use vidimus_app::words::{CalendarDay, Value};
use vidimus_credential::VerifyingKey;
use vidimus_credential::meaning::Standing;
use vidimus_wallet::Ports;
use vidimus_wallet::ports::{
    Clock as _, HttpRequest, HttpResponse, HttpTransport, SystemClock, SystemRandom, TransportError,
};
use vidimus_wallet::testing::MemoryKeyStore;

/// The agreed time of one tap.
const LIMIT_US: f64 = 1_000.0;
/// Taps that are measured, after as many that warm up.
const TAPS: usize = 2_000;

struct NoNetwork;

#[async_trait]
impl HttpTransport for NoNetwork {
    async fn send(&self, _: HttpRequest) -> Result<HttpResponse, TransportError> {
        Err(TransportError::Unreachable)
    }
}

fn main() {
    let whole = through_the_task();
    let pure = on_three_licenses();
    println!(
        "through the task {whole:.1} us, pure on three licenses {pure:.1} us; medians of {TAPS} taps"
    );
    println!("measure: tap | {:.1} | {LIMIT_US:.1} | us", whole + pure);
}

fn through_the_task() -> f64 {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let random = Arc::new(SystemRandom);
    let keys = Arc::new(MemoryKeyStore::new(None, random.clone()));
    // The public key of a wallet that never gets a list: any point of the curve.
    let mut point = [0x66; 32];
    point[0] = 0x58;
    let root = VerifyingKey::from_ed25519(&point).unwrap();
    let setup = Setup {
        directory: folder.path().join("wallet"),
        root_key: root.to_cose_key(),
        authority: "https://licenses.example".to_owned(),
        sign_in_redirect: None,
        ports: Ports {
            transport: Arc::new(NoNetwork),
            keys: keys.clone(),
            clock: Arc::new(SystemClock::new()),
            random: random.clone(),
        },
        sealer: Arc::new(KeySealer::new(keys, random)),
        has_lock: true,
        saved: None,
    };
    runtime.block_on(async {
        let app = App::start(setup, &tokio::runtime::Handle::current());
        app.send(Action::Seen { has_lock: true });
        let mut number = until(&app, 0, |screen| matches!(screen, Screen::Welcome(_))).await;
        let mut times = Vec::with_capacity(TAPS);
        for tap in 0..2 * TAPS {
            let begun = Instant::now();
            let is_there = if tap % 2 == 0 {
                app.send(Action::Settings);
                until(&app, number, |screen| matches!(screen, Screen::Settings(_))).await
            } else {
                app.send(Action::Back);
                until(&app, number, |screen| matches!(screen, Screen::Welcome(_))).await
            };
            number = is_there;
            if tap >= TAPS {
                times.push(begun.elapsed());
            }
        }
        app.close().await;
        median(times)
    })
}

async fn until(app: &App, mut number: u64, wanted: impl Fn(&Screen) -> bool) -> u64 {
    loop {
        let update = app.next(number).await.expect("the app goes on");
        number = update.number;
        if wanted(&update.screen) {
            return number;
        }
    }
}

fn on_three_licenses() -> f64 {
    let now = SystemClock::new().read();
    let state = State::new(true, None);
    let (state, _) = update(state, Event::Start, now);
    let opened = Opened {
        authority: "https://licenses.example".to_owned(),
        overview: Overview {
            licenses: (0..3).map(held).collect(),
            ..Overview::default()
        },
    };
    let outcome = Outcome::Opened(Ok(opened));
    let (state, _) = update(state, Event::Done { id: 1, outcome }, now);
    let (mut state, _) = update(state, Event::Action(Action::Seen { has_lock: true }), now);
    assert!(matches!(screen(&state, now), Screen::License(_)));
    let mut times = Vec::with_capacity(TAPS);
    for tap in 0..2 * TAPS {
        let index = u32::try_from(tap % 3).unwrap_or_default();
        let begun = Instant::now();
        let (next, _) = update(state, Event::Action(Action::Select { index }), now);
        let shown = std::hint::black_box(screen(&next, now));
        let taken = begun.elapsed();
        drop(shown);
        state = next;
        if tap >= TAPS {
            times.push(taken);
        }
    }
    median(times)
}

fn held(number: u32) -> Held {
    let day = CalendarDay {
        year: 2020,
        month: 3,
        day: 1,
    };
    let category = |index: u32| CategoryRow {
        code: format!("C{index}"),
        meaning: None,
        from: None,
        until: None,
        conditions: Vec::new(),
    };
    Held {
        id: format!("license-{number}"),
        holder: Some(Holder {
            family_name: "Okonkwo".to_owned(),
            given_names: "Adaeze".to_owned(),
            name: "Adaeze Okonkwo".to_owned(),
            born: Value::Day { day },
            number: format!("ZZ-{number}"),
            country: "ZZ".to_owned(),
            issued: day,
            expires: Value::Day { day },
            categories: (0..10).map(category).collect(),
        }),
        outlook: vec![Outlook {
            after: Duration::ZERO,
            standings: vec![Standing::Suspended],
        }],
        as_of: Some(1_790_000_000),
        age: Some(Duration::from_secs(720)),
        portrait: Some("portrait".to_owned()),
        damaged: false,
    }
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    let middle = times.get(times.len() / 2).copied().unwrap_or_default();
    middle.as_secs_f64() * 1e6
}
