//! Status changes by one process in a register of 100,000 licenses: each one signed, and read back
//! out of the published list, before the next one begins.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

mod register;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use register::{ENROLLED, Register, number, place};
use vidimus_authority::{Authority, Moment};
use vidimus_credential::status_list::UnverifiedStatusToken;
use vidimus_credential::trust::TrustList;
use vidimus_credential::{LicenseStatus, VerifyingKey};

const ISSUER: &str = "https://license.example";
const LASTS: Duration = Duration::from_secs(10);
/// Each change touches another driver, and the next one another list.
const STRIDE: u32 = 7_919;
/// The agreed 50 changes a second, in milliseconds a change.
const LIMIT_MS: f64 = 20.0;

fn main() {
    // `cargo bench` adds its own options; a name is a filter.
    let filter = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    if filter.is_some_and(|filter| !"status_changes".contains(&filter)) {
        return;
    }
    let register = Register::new(ISSUER, 0);
    let authority = Authority::open(&register.home).unwrap();
    let trust = trust(&register.home);
    let mut times = Vec::new();
    let begun = Instant::now();
    let mut driver = 0;
    while begun.elapsed() < LASTS {
        driver = (driver + STRIDE) % ENROLLED;
        let change = Instant::now();
        authority
            .set_status(
                &number(driver),
                LicenseStatus::Suspended,
                Moment::of_system(),
            )
            .unwrap();
        times.push(change.elapsed().as_secs_f64() * 1e3);
        assert_eq!(
            published(&register.home, &trust, driver),
            LicenseStatus::Suspended
        );
    }
    let took = begun.elapsed().as_secs_f64() * 1e3;
    let count = f64::from(u32::try_from(times.len()).unwrap());
    times.sort_by(f64::total_cmp);
    println!(
        "{:.0} changes a second for {} s; half within {:.1} ms, 99 of 100 within {:.1} ms",
        count * 1e3 / took,
        LASTS.as_secs(),
        times[times.len() / 2],
        times[times.len() * 99 / 100],
    );
    println!(
        "measure: status_changes | {:.2} | {LIMIT_MS:.1} | ms",
        took / count
    );
}

fn trust(home: &Path) -> TrustList {
    let root = VerifyingKey::from_cose_key(&fs::read(home.join("root.cose")).unwrap()).unwrap();
    TrustList::verify(&fs::read(home.join("public/trust")).unwrap(), &root).unwrap()
}

/// What everyone reads of a driver now.
fn published(home: &Path, trust: &TrustList, driver: u32) -> LicenseStatus {
    let (list, idx) = place(driver);
    let file = fs::read(home.join(format!("public/s/0/{list}"))).unwrap();
    UnverifiedStatusToken::parse(&file)
        .unwrap()
        .authenticate(trust, ISSUER)
        .unwrap()
        .status(u8::try_from(idx).unwrap())
        .unwrap()
}
