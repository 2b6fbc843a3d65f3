//! Nothing lost, nothing doubled, with both real sides: a wallet and an authority that serves, over
//! a line that is cut once.
//!
//! The wallet's own tests cut at every byte, against a double of the register. Here each request
//! and each answer is cut as a whole and at some bytes, against the register itself; and a proxy
//! cuts the connections below them, at 24 random bytes, or at more with `VIDIMUS_CUTS=500`, and at
//! others with `VIDIMUS_SEED=n`.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use rusqlite::Connection;
use support::cutter::{Cut as ByteCut, Cutter, Direction, Manner};
use support::{Office, Phone, codes, reader};
use vidimus_authority::AddedLicense;
use vidimus_credential::Outcome;
use vidimus_wallet::ports::{HttpRequest, HttpResponse, HttpTransport, TransportError};
use vidimus_wallet::refresh::Refresh;
use vidimus_wallet::transport::{NetworkTransport, Roots};
use vidimus_wallet::{CancelToken, Error, LicenseId, Ports, Wallet};

/// Every so many bytes of an answer's body it is cut.
const STEP: usize = 131;
const DAY: Duration = Duration::from_secs(86_400);

#[derive(Clone, Copy, Debug)]
enum Cut {
    /// The server never has the whole request, so it does nothing.
    Request,
    /// The server has done what was asked, and the phone hears nothing of it.
    Answer,
    /// The phone takes so many bytes of the body for all of it.
    Body(usize),
}

/// Carries requests to the real server, and is cut at one of them, counted from 0.
struct Line {
    inner: NetworkTransport,
    cut: Option<(usize, Cut)>,
    /// The lengths of the answers' bodies.
    bodies: Mutex<Vec<usize>>,
}

impl Line {
    fn new(cut: Option<(usize, Cut)>) -> Arc<Self> {
        Arc::new(Self {
            inner: NetworkTransport::new(Roots::Public).unwrap(),
            cut,
            bodies: Mutex::default(),
        })
    }

    /// Each place where the conversation that went over this line may be cut.
    fn places(&self) -> Vec<(usize, Cut)> {
        let bodies = self.bodies.lock().unwrap();
        let mut places = Vec::new();
        for (index, length) in bodies.iter().enumerate() {
            places.extend([Cut::Request, Cut::Answer].map(|cut| (index, cut)));
            places.extend((0..*length).step_by(STEP).map(|at| (index, Cut::Body(at))));
        }
        places
    }
}

#[async_trait]
impl HttpTransport for Line {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let index = {
            let mut bodies = self.bodies.lock().unwrap();
            bodies.push(0);
            bodies.len() - 1
        };
        let cut = self.cut.filter(|(at, _)| *at == index).map(|(_, cut)| cut);
        if matches!(cut, Some(Cut::Request)) {
            return Err(TransportError::Broken);
        }
        let mut answer = self.inner.send(request).await?;
        self.bodies.lock().unwrap()[index] = answer.body.len();
        match cut {
            Some(Cut::Answer) => Err(TransportError::Broken),
            Some(Cut::Body(length)) => {
                answer.body.truncate(length);
                Ok(answer)
            }
            _ => Ok(answer),
        }
    }
}

/// Starts the phone's app over this line.
async fn open(phone: &mut Phone, line: &Arc<Line>) {
    let transport: Arc<dyn HttpTransport> = Arc::<Line>::clone(line);
    let ports = Ports {
        transport,
        ..phone.ports()
    };
    phone.wallet = Wallet::open(phone.folder.path().to_owned(), ports)
        .await
        .unwrap();
}

async fn enroll(
    wallet: &Wallet,
    added: &AddedLicense,
    reference: bool,
) -> Result<LicenseId, Error> {
    let offered = if reference {
        &added.offer_by_reference
    } else {
        &added.offer
    };
    let offer = wallet.read_offer(offered).await?;
    let code = offer.tx_code().map(|_| added.tx_code.as_str());
    wallet.enroll(&offer, code, &CancelToken::new()).await
}

/// One license on the phone, one live issuance in the register, and an officer accepts it.
///
/// A renewal leaves the credential of before as well: it runs out by itself, so `live` is 2.
async fn check(
    office: &Office,
    phone: &Phone,
    (id, added): (&LicenseId, &AddedLicense),
    live: i64,
    what: &str,
) {
    let report = phone.refresh(Refresh::Now).await;
    assert_eq!(report.failures, [], "{what}");
    let held = phone.wallet.licenses().unwrap();
    assert_eq!(held.len(), 1, "{what}");
    assert_eq!((&held[0].id, &held[0].problem), (id, &None), "{what}");
    let register = Connection::open(office.home.path().join("authority.sqlite")).unwrap();
    let count = |query: &str| -> i64 {
        register
            .query_row(query, [&added.license_id], |row| row.get(0))
            .unwrap()
    };
    let issuances =
        "SELECT count(*) FROM issuances WHERE license = ? AND released = 0 AND own_state IS NULL";
    assert_eq!(count(issuances), live, "{what}");
    let devices = "SELECT count(*) FROM devices WHERE license = ? AND ended IS NULL";
    assert_eq!(count(devices), 1, "{what}");
    let verdict = reader(office, phone).check(&phone.show(id).await.text, office.now());
    let found = codes(&verdict);
    assert_eq!(verdict.outcome, Outcome::Accept, "{what}: {found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_enrollment_that_is_cut_anywhere_ends_with_one_license_and_one_live_issuance() {
    let mut office = Office::open().await;
    for reference in [false, true] {
        let mut phone = Phone::new(&office, None).await;
        let whole = Line::new(None);
        open(&mut phone, &whole).await;
        enroll(&phone.wallet, &office.register().await, reference)
            .await
            .unwrap();
        let places = whole.places();
        assert!(places.len() > 40, "{}", places.len());
        for (number, cut) in places.into_iter().enumerate() {
            let what = format!("reference {reference}, cut {cut:?}");
            let added = office.register().await;
            let mut phone = Phone::new(&office, None).await;
            open(&mut phone, &Line::new(Some(cut))).await;
            let first = enroll(&phone.wallet, &added, reference).await;
            // Half of the phones go on in the same process, the others in another one.
            if number % 2 == 0 {
                phone.reopen().await;
            }
            let id = enroll(&phone.wallet, &added, reference).await;
            let id = id.unwrap_or_else(|error| panic!("{what}: {error}, first {first:?}"));
            check(&office, &phone, (&id, &added), 1, &what).await;
        }
    }
    office.close().await;
}

/// A number from the environment.
fn number_of(name: &str, otherwise: u64) -> u64 {
    let told = std::env::var(name).ok();
    told.map_or(otherwise, |told| told.parse().unwrap())
}

/// The next of a sequence that a seed fixes (xorshift).
fn draw(seed: &mut u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed
}

#[tokio::test(flavor = "multi_thread")]
async fn an_enrollment_whose_connections_are_cut_at_any_byte_ends_with_one_license() {
    let (cuts, mut seed) = (
        number_of("VIDIMUS_CUTS", 24),
        number_of("VIDIMUS_SEED", 4_711).max(1),
    );
    let mut office = Office::open().await;
    let cutter = Cutter::before(office.address()).await;
    let through = async |phone: &mut Phone| {
        let ports = Ports {
            transport: cutter.transport(&office.issuer),
            ..phone.ports()
        };
        phone.wallet = Wallet::open(phone.folder.path().to_owned(), ports)
            .await
            .unwrap();
    };
    let mut phone = Phone::new(&office, None).await;
    through(&mut phone).await;
    cutter.arm(None);
    enroll(&phone.wallet, &office.register().await, false)
        .await
        .unwrap();
    let (up, down) = cutter.went();
    assert!(up > 1500 && down > 5000, "{up} {down}");
    for number in 0..cuts {
        let (direction, bytes) = match draw(&mut seed) % 2 {
            0 => (Direction::Up, up),
            _ => (Direction::Down, down),
        };
        // A silent line costs a wait of 15 s, so the short form has one of them.
        let manner = match number % 24 {
            23 => Manner::Silent,
            number if number % 2 == 0 => Manner::Closed,
            _ => Manner::Reset,
        };
        let cut = ByteCut {
            direction,
            after: draw(&mut seed) % bytes,
            manner,
        };
        let (reference, dies) = (
            draw(&mut seed).is_multiple_of(2),
            draw(&mut seed).is_multiple_of(2),
        );
        let what = format!("cut {number}, {cut:?}, reference {reference}, dies {dies}");
        let added = office.register().await;
        let mut phone = Phone::new(&office, None).await;
        through(&mut phone).await;
        cutter.arm(Some(cut));
        let first = enroll(&phone.wallet, &added, reference).await;
        cutter.arm(None);
        if dies {
            phone.reopen().await;
        }
        let id = enroll(&phone.wallet, &added, reference).await;
        let id = id.unwrap_or_else(|error| panic!("{what}: {error}, first {first:?}"));
        check(&office, &phone, (&id, &added), 1, &what).await;
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_that_is_cut_anywhere_ends_with_one_license_and_one_new_issuance() {
    let mut office = Office::open().await;
    let mut phones = Vec::new();
    for _ in 0..60 {
        let phone = Phone::new(&office, None).await;
        let added = office.register().await;
        let id = phone.enroll(&added).await;
        phones.push((phone, added, id));
    }
    // Two thirds of a credential's life are over.
    office.clock.advance(20 * DAY);
    office.restart().await;
    let (mut phone, added, id) = phones.pop().unwrap();
    let whole = Line::new(None);
    open(&mut phone, &whole).await;
    phone.refresh(Refresh::Due).await;
    let places = whole.places();
    check(&office, &phone, (&id, &added), 2, "whole").await;
    assert!(places.len() > 20, "{}", places.len());
    let spread = places.len().div_ceil(phones.len());
    for (number, cut) in places.into_iter().step_by(spread).enumerate() {
        let what = format!("renewal, cut {cut:?}");
        let (mut phone, added, id) = phones.pop().unwrap();
        open(&mut phone, &Line::new(Some(cut))).await;
        phone.refresh(Refresh::Due).await;
        if number % 2 == 0 {
            phone.reopen().await;
        }
        check(&office, &phone, (&id, &added), 2, &what).await;
    }
    office.close().await;
}
