//! A wrong clock of the authority: what it may do, and how it is mended.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tempfile::TempDir;
use vidimus_authority::{
    Authority, Boot, BootId, Clock, Decision, Error, InitOptions, Moment, init,
};
use vidimus_credential::LicenseStatus;

use crate::common::{START, Town, at, refused, trust_of};
use crate::roadside::{Driver, Officer, accepted};

const YEAR: u64 = 365 * 86_400;

/// A wall clock and a boot clock, in one start of the machine or another.
fn moment(wall: u64, start: u128, since: u64) -> Moment {
    Moment::new(
        at(wall),
        Some(Boot {
            id: BootId::new(start),
            since: Duration::from_secs(since),
        }),
    )
}

/// A town whose two clocks the test turns apart.
struct Machine {
    town: Town,
    clock: Arc<std::sync::Mutex<Moment>>,
}

impl Machine {
    async fn new() -> Self {
        let clock = Arc::new(std::sync::Mutex::new(moment(START, 1, 0)));
        let folder: TempDir = tempfile::tempdir().unwrap();
        init(folder.path(), InitOptions::default(), moment(START, 1, 0)).unwrap();
        let hand = Arc::clone(&clock);
        let read: Clock = Arc::new(move || *hand.lock().unwrap());
        let wall = Arc::new(AtomicU64::new(START));
        let town = Town::by(folder, "127.0.0.1:0", wall, read).await;
        Self { town, clock }
    }

    /// Sets both clocks; the town's own hand follows the wall clock, for what the test dates by it.
    fn set(&self, wall: u64, start: u128, since: u64) {
        *self.clock.lock().unwrap() = moment(wall, start, since);
        self.town.clock.store(wall, Ordering::SeqCst);
    }

    fn now(&self) -> Moment {
        *self.clock.lock().unwrap()
    }

    /// Runs a command beside the server.
    async fn command<T: Send + 'static>(
        &self,
        run: impl FnOnce(Authority, Moment) -> T + Send + 'static,
    ) -> T {
        let (home, now) = (self.town.home().to_owned(), self.now());
        let task = move || run(Authority::open(&home).unwrap(), now);
        tokio::task::spawn_blocking(task).await.unwrap()
    }
}

#[tokio::test]
async fn a_clock_in_doubt_lets_nobody_enroll_and_everybody_read() {
    let machine = Machine::new().await;
    let town = &machine.town;
    let driver = Driver::enroll(town, 1).await;
    let added = town.add_license();
    let list = driver.staple(town).await;
    let trust = town.get("/trust").await.body;
    machine.set(START + 3_660, 1, 60);
    let reply = town.redeem(&added).await;
    assert_eq!(reply.header("retry-after"), Some("120"));
    assert_eq!(reply.refusal(), refused(503, "temporarily_unavailable"));
    let reply = town.refresh(&driver.refresh).await;
    assert_eq!(reply.refusal(), refused(503, "temporarily_unavailable"));
    assert!(driver.staple(town).await == list);
    assert!(town.get("/trust").await.body == trust);
    // A command is judged by the same rule: the decision is stored, and waits.
    let id = driver.id.clone();
    let told = machine
        .command(move |authority, now| authority.set_status(&id, LicenseStatus::Suspended, now))
        .await;
    assert!(matches!(told, Err(Error::ClockInDoubt { .. })));
    assert!(driver.staple(town).await == list);
    // The clock is right again: nothing was lost, and nothing has to be mended.
    machine.set(START + 120, 1, 120);
    machine
        .command(|authority, now| authority.publish(now).unwrap())
        .await;
    assert!(driver.staple(town).await != list);
    let id = driver.id.clone();
    let found = machine
        .command(move |authority, now| authority.find_license(&id, now).unwrap().row.status)
        .await;
    assert_eq!(found, LicenseStatus::Suspended);
    assert_eq!(town.redeem(&added).await.status, 200);
}

#[tokio::test]
async fn two_seconds_at_a_year_ahead_are_mended_for_every_phone_and_every_reader() {
    let machine = Machine::new().await;
    let town = &machine.town;
    let (old, young) = (Driver::enroll(town, 1).await, Driver::enroll(town, 2).await);
    let mut untouched = Officer::new(town);
    let mut touched = Officer::new(town);

    // Somebody accepts a clock that is a year ahead; the authority signs by it for two seconds.
    machine.set(START + YEAR, 1, 60);
    let today = at(START + YEAR).day();
    machine
        .command(move |authority, now| authority.accept_clock(today, now).unwrap())
        .await;
    let id = old.id.clone();
    machine
        .command(move |authority, now| {
            authority
                .set_status(&id, LicenseStatus::Suspended, now)
                .unwrap();
            authority
                .set_status(&id, LicenseStatus::Valid, now)
                .unwrap();
            authority.publish(now).unwrap();
        })
        .await;
    let mut poisoned = Driver::enroll(town, 3).await;
    touched.update(town);
    touched.take_bundle(&town.get("/s/0/bundle").await.body);

    // The clock is right again, and stays in doubt until it is repaired.
    machine.set(START + 62, 1, 62);
    assert_eq!(town.refresh(&young.refresh).await.status, 503);
    let today = at(START).day();
    let told = machine
        .command(move |authority, now| authority.accept_clock(today, now))
        .await;
    assert!(matches!(told, Err(Error::SignedAhead { .. })));
    machine
        .command(move |authority, now| authority.repair_clock(today, now).unwrap())
        .await;
    assert_eq!(trust_of(town.home()).serial(), 1);

    // After one refresh all agree: who was there before, who enrolled by the wrong clock, who comes now.
    poisoned.renew(town).await;
    let fresh = Driver::enroll(town, 4).await;
    machine.set(START + 300, 1, 300);
    machine
        .command(|authority, now| authority.publish(now).unwrap())
        .await;
    touched.update(town);
    touched.take_bundle(&town.get("/s/0/bundle").await.body);
    let now = town.now();
    for driver in [&old, &young, &poisoned, &fresh] {
        let staple = driver.staple(town).await;
        for officer in [&mut untouched, &mut touched] {
            let text = driver.show(Some(staple.clone()), now);
            assert_eq!(officer.words(&text, now), accepted());
        }
    }
}

#[tokio::test]
async fn terms_and_tokens_that_a_wrong_clock_would_have_ended_go_on_after_the_repair() {
    let machine = Machine::new().await;
    let town = &machine.town;
    let (mut suspended, mut free) = (Driver::enroll(town, 1).await, Driver::enroll(town, 2).await);
    let decide = |id: &str, event: &str, until: Option<u64>| Decision {
        event: event.to_owned(),
        license: id.to_owned(),
        state: LicenseStatus::Suspended,
        reason: None,
        from: None,
        until: until.map(at),
        lifts: None,
    };
    let month = decide(&suspended.id, "month", Some(START + 30 * 86_400));
    machine
        .command(move |authority, now| authority.decide(&[month], "court", now).unwrap())
        .await;
    machine.set(START + YEAR, 2, 5);
    let today = at(START + YEAR).day();
    // By this clock the term is over and the tokens are old; and a decision is made.
    let late = decide(&free.id, "late", None);
    machine
        .command(move |authority, now| {
            authority.accept_clock(today, now).unwrap();
            authority.decide(&[late], "court", now).unwrap();
            authority.publish(now).unwrap();
        })
        .await;
    machine.set(START + 600, 3, 5);
    let today = at(START).day();
    machine
        .command(move |authority, now| authority.repair_clock(today, now).unwrap())
        .await;
    // Past the hour in which nothing is ended or forgotten.
    machine.set(START + 7_200, 3, 6_605);
    machine
        .command(|authority, now| authority.publish(now).unwrap())
        .await;
    let mut officer = Officer::new(town);
    let now = town.now();
    for driver in [&mut suspended, &mut free] {
        let text = driver.show(Some(driver.staple(town).await), now);
        assert_eq!(officer.words(&text, now), ("refuse", vec!["suspended"]));
        driver.renew(town).await;
        let text = driver.show(Some(driver.staple(town).await), now);
        assert_eq!(officer.words(&text, now), ("refuse", vec!["suspended"]));
    }
}

#[tokio::test]
async fn an_authority_two_minutes_ahead_has_no_new_driver_refused_at_a_right_clock() {
    let town = Town::new().await;
    let right = town.now();
    town.pass(120);
    let driver = Driver::enroll(&town, 1).await;
    let mut officer = Officer::new(&town);
    let text = driver.show(Some(driver.staple(&town).await), right);
    assert_eq!(officer.words(&text, right), accepted());
    assert!(driver.claims.iat <= right);
}
