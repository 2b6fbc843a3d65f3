//! A wrong clock of the authority: what it may do, and how it is mended.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use vidimus_authority::{
    Authority, Boot, BootId, Clock, Decision, Error, InitOptions, Moment, init,
};
use vidimus_credential::LicenseStatus;

use crate::common::{
    START, Town, at, count, database, driver_json, published, read, refused, trust_of,
};
use crate::roadside::{Driver, Officer, accepted};

const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;
const YEAR: u64 = 365 * DAY;

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

/// A decision that suspends.
fn suspend(id: &str, from: Option<u64>, until: Option<u64>) -> Decision {
    Decision {
        event: Authority::new_event().unwrap(),
        license: id.to_owned(),
        state: LicenseStatus::Suspended,
        reason: None,
        from: from.map(at),
        until: until.map(at),
        lifts: None,
    }
}

/// A driver whose license, and so its credential, ends on the first day.
async fn short(town: &Town, number: u8) -> Driver {
    let mut file = driver_json();
    file["expiry_date"] = json!("2027-01-15");
    Driver::enroll_as(town, number, file).await
}

/// A town whose two clocks the test turns apart.
struct Machine {
    town: Town,
    clock: Arc<std::sync::Mutex<Moment>>,
}

impl Machine {
    /// Takes days from the license of the driver number 9: what that one holds is superseded in a
    /// day.
    async fn take_days(&self, driver: &Driver) {
        let mut file = driver_json();
        file["license_number"] = json!("ZZ-0009");
        file["expiry_date"] = json!("2033-04-30");
        let (id, fewer_days) = (driver.id.clone(), read(&file));
        self.command(move |authority, now| {
            let edit = authority.edit_license(&id, Some(&fewer_days), None, now);
            assert!(edit.unwrap().takes_away);
        })
        .await;
    }

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

    /// Believes the clock as it is set, right or wrong.
    async fn accept(&self) {
        self.command(|authority, now| authority.accept_clock(now.wall().day(), now).unwrap())
            .await;
    }

    async fn repair(&self) -> Result<(), Error> {
        self.command(|authority, now| authority.repair_clock(now.wall().day(), now))
            .await
    }

    async fn publish(&self) {
        self.command(|authority, now| authority.publish(now).unwrap())
            .await;
    }

    async fn decide(&self, decision: Decision) {
        self.command(move |authority, now| authority.decide(&[decision], "court", now).unwrap())
            .await;
    }

    async fn set_status(&self, driver: &Driver, state: LicenseStatus) {
        let id = driver.id.clone();
        self.command(move |authority, now| authority.set_status(&id, state, now).unwrap())
            .await;
    }

    /// What an officer with the newest list and bundle says to a driver with the newest status.
    async fn words(&self, driver: &Driver) -> (&'static str, Vec<&'static str>) {
        let town = &self.town;
        let mut officer = Officer::new(town);
        officer.take_bundle(&town.get("/s/0/bundle").await.body);
        let now = town.now();
        let staple = driver.staple(town).await;
        officer.words(&driver.show(Some(staple), now), now)
    }
}

fn refused_as(code: &'static str) -> (&'static str, Vec<&'static str>) {
    ("refuse", vec![code])
}

#[tokio::test]
async fn what_began_ended_and_was_released_by_a_wrong_clock_is_undone_by_the_repair() {
    let machine = Machine::new().await;
    let town = &machine.town;
    let (later, term) = (Driver::enroll(town, 6).await, Driver::enroll(town, 7).await);
    let (revoked, edited) = (short(town, 8).await, Driver::enroll(town, 9).await);
    machine
        .decide(suspend(&later.id, Some(START + 10 * HOUR), None))
        .await;
    machine
        .decide(suspend(&term.id, None, Some(START + 10 * HOUR)))
        .await;
    machine.set_status(&revoked, LicenseStatus::Revoked).await;
    machine.take_days(&edited).await;

    machine.set(START + 34 * HOUR, 1, 60);
    machine.accept().await;
    machine.set(START + 36 * HOUR, 1, 60 + 2 * HOUR);
    machine.publish().await;
    let released = "SELECT count(*) FROM issuances WHERE released > 0";
    assert_eq!(count(town.home(), released), 1);
    assert_eq!(
        machine.words(&term).await,
        accepted(),
        "as this clock has it"
    );

    machine.set(START + 3 * HOUR, 1, 3 * HOUR);
    machine.repair().await.unwrap();
    assert_eq!(count(town.home(), released), 0);
    assert_eq!(machine.words(&revoked).await, refused_as("revoked"));
    assert_eq!(machine.words(&later).await, accepted());
    assert_eq!(machine.words(&term).await, refused_as("suspended"));
    assert_eq!(machine.words(&edited).await, accepted());

    machine.set(START + 11 * HOUR, 1, 11 * HOUR);
    machine.publish().await;
    assert_eq!(machine.words(&revoked).await, refused_as("revoked"));
    assert_eq!(machine.words(&later).await, refused_as("suspended"));
    assert_eq!(machine.words(&term).await, accepted());
    assert_eq!(machine.words(&edited).await, accepted());
    machine.set(START + 25 * HOUR, 1, 25 * HOUR);
    machine.publish().await;
    assert_eq!(machine.words(&edited).await, refused_as("superseded"));
    assert_eq!(count(town.home(), released), 1, "its credential has ended");
}

#[tokio::test]
async fn what_began_while_the_power_was_off_is_signed_at_once_and_what_ended_an_hour_later() {
    // A month, after which the clock is accepted, and three days, after which no one is asked.
    for (days, accepts) in [(20, true), (3, false)] {
        let machine = Machine::new().await;
        let town = &machine.town;
        let (begun, term) = (Driver::enroll(town, 1).await, Driver::enroll(town, 2).await);
        let (both, edited) = (Driver::enroll(town, 3).await, Driver::enroll(town, 9).await);
        machine.take_days(&edited).await;
        let back = START + days * DAY;
        let revoked = Decision {
            state: LicenseStatus::Revoked,
            ..suspend(&begun.id, Some(back - DAY), None)
        };
        machine.decide(revoked).await;
        machine
            .decide(suspend(&term.id, None, Some(back - DAY)))
            .await;
        let past = suspend(&both.id, Some(back - DAY), Some(back - HOUR));
        machine.decide(past).await;
        machine.set(back, 2, 5);
        if accepts {
            machine.accept().await;
        } else {
            machine.publish().await;
        }
        assert_eq!(machine.words(&begun).await, refused_as("revoked"));
        assert_eq!(machine.words(&term).await, refused_as("suspended"));
        assert_eq!(machine.words(&both).await, refused_as("suspended"));
        assert_eq!(machine.words(&edited).await, refused_as("superseded"));
        let told = machine
            .command(|authority, now| authority.clock(now).unwrap())
            .await;
        assert_eq!(told.ends_wait_until, Some(at(back + HOUR)));
        assert_eq!(told.ends_waiting, 2);
        let id = term.id.clone();
        let found = machine
            .command(move |authority, now| authority.find_license(&id, now).unwrap().row.status)
            .await;
        assert_eq!(found, LicenseStatus::Suspended);
        // A decision about the same driver does not end the other one.
        let id = term.id.clone();
        machine
            .command(move |authority, now| {
                authority
                    .set_status(&id, LicenseStatus::Unresolved, now)
                    .unwrap();
            })
            .await;
        machine.set(back + 60, 2, 65);
        machine.publish().await;
        assert_eq!(machine.words(&term).await, refused_as("suspended"));

        machine.set(back + HOUR + 60, 2, HOUR + 65);
        machine.publish().await;
        assert_eq!(machine.words(&begun).await, refused_as("revoked"));
        let waits = ("caution", vec!["unresolved"]);
        assert_eq!(machine.words(&term).await, waits);
        assert_eq!(machine.words(&both).await, accepted());
        let told = machine
            .command(|authority, now| authority.clock(now).unwrap())
            .await;
        assert_eq!((told.ends_wait_until, told.ends_waiting), (None, 0));
    }
}

#[tokio::test]
async fn what_begins_in_the_hour_after_a_repair_is_signed_at_once_and_false_ends_are_gone() {
    let machine = Machine::new().await;
    let town = &machine.town;
    let (driver, term) = (Driver::enroll(town, 1).await, Driver::enroll(town, 2).await);
    machine
        .decide(suspend(&term.id, None, Some(START + 10 * HOUR)))
        .await;
    machine.set(START + 3 * DAY, 1, 60);
    machine.accept().await;
    machine.set(START + 3 * DAY + 2 * HOUR, 1, 60 + 2 * HOUR);
    machine.publish().await;
    let false_ends = "SELECT count(*) FROM decisions WHERE event LIKE 'until:%'";
    assert_eq!(count(town.home(), false_ends), 1);

    machine.set(START + 3 * HOUR, 1, 3 * HOUR);
    machine.repair().await.unwrap();
    assert_eq!(count(town.home(), false_ends), 0);
    machine
        .decide(suspend(&driver.id, Some(START + 3 * HOUR + 5), None))
        .await;
    machine.set(START + 3 * HOUR + 10, 1, 3 * HOUR + 10);
    machine.publish().await;
    assert_eq!(machine.words(&driver).await, refused_as("suspended"));
    let told = "SELECT count(*) FROM events WHERE kind IN ('returned', 'return_undone')";
    assert_eq!(count(town.home(), told), 2);
    // The true end is noted when it comes.
    machine.set(START + 11 * HOUR, 1, 11 * HOUR);
    machine.publish().await;
    assert_eq!(count(town.home(), false_ends), 1);
    assert_eq!(machine.words(&term).await, accepted());
}

#[tokio::test]
async fn a_place_that_a_wrong_clock_gave_to_another_driver_is_given_back() {
    let machine = Machine::new().await;
    let town = &machine.town;
    let revoked = short(town, 1).await;
    machine.set_status(&revoked, LicenseStatus::Revoked).await;
    // Every other place of the list is taken, so the next credential gets the one that is free.
    database(town.home())
        .execute_batch(
            "INSERT OR IGNORE INTO slots (list, idx)
                 WITH RECURSIVE n (idx) AS (SELECT 0 UNION ALL SELECT idx + 1 FROM n WHERE idx < 255)
                 SELECT 0, idx FROM n;
             UPDATE lists SET taken = 256;",
        )
        .unwrap();
    machine.set(START + 34 * HOUR, 1, 60);
    machine.accept().await;
    for later in [2 * HOUR, 3 * HOUR] {
        machine.set(START + 34 * HOUR + later, 1, 60 + later);
        machine.publish().await;
    }
    machine.set(START + 10 * DAY, 2, 5);
    machine.accept().await;
    machine.set(START + 10 * DAY + 2 * HOUR, 2, 5 + 2 * HOUR);
    machine.publish().await;
    let mut other = Driver::enroll(town, 2).await;
    assert_eq!(other.claims.status, revoked.claims.status);

    machine.set(START + 2 * HOUR, 3, 5);
    machine.repair().await.unwrap();
    assert_eq!(machine.words(&revoked).await, refused_as("revoked"));
    other.renew(town).await;
    assert!(other.claims.status != revoked.claims.status);
    machine.publish().await;
    assert_eq!(machine.words(&other).await, accepted());
    assert_eq!(machine.words(&revoked).await, refused_as("revoked"));
    let taken = "SELECT count(*) FROM lists WHERE taken <>
        (SELECT count(*) FROM slots WHERE list = number)";
    assert_eq!(count(town.home(), taken), 0);
}

#[tokio::test]
async fn a_repair_that_was_cut_off_goes_on_with_the_next_repair_or_publication() {
    for repairs in [true, false] {
        let machine = Machine::new().await;
        let town = &machine.town;
        let driver = Driver::enroll(town, 1).await;
        machine
            .decide(suspend(&driver.id, None, Some(START + 10 * HOUR)))
            .await;
        machine.set(START + 34 * HOUR, 1, 60);
        machine.accept().await;
        machine.set(START + 36 * HOUR, 1, 60 + 2 * HOUR);
        machine.publish().await;
        machine.set(START + 3 * HOUR, 1, 3 * HOUR);
        // The keys are replaced; then the disk fails.
        database(town.home())
            .execute_batch(
                "CREATE TRIGGER fails BEFORE UPDATE OF states ON lists
                 BEGIN SELECT RAISE(ABORT, 'no'); END",
            )
            .unwrap();
        let told = machine.repair().await;
        assert!(matches!(told, Err(Error::Storage(_))), "{told:?}");
        let next = "SELECT count(*) FROM signing_keys WHERE role = 'retired'";
        assert_eq!(count(town.home(), next), 2);
        database(town.home())
            .execute_batch("DROP TRIGGER fails")
            .unwrap();
        if repairs {
            machine.repair().await.unwrap();
        } else {
            machine.publish().await;
        }
        assert_eq!(machine.words(&driver).await, refused_as("suspended"));
        assert_eq!(machine.repair().await, Err(Error::NothingToRepair));
    }
}

#[tokio::test]
async fn no_list_that_a_wrong_clock_dated_a_moment_ago_beats_what_is_signed_after_the_repair() {
    let machine = Machine::new().await;
    let town = &machine.town;
    let (driver, other) = (Driver::enroll(town, 1).await, Driver::enroll(town, 2).await);
    // Ten minutes ahead. Both drivers stand in one list, which is signed for the other one.
    machine.set(START + 660, 1, 60);
    machine.accept().await;
    machine.set(START + 740, 1, 140);
    machine.set_status(&other, LicenseStatus::Suspended).await;
    let good = driver.staple(town).await;
    machine.set(START + 1_260, 1, 660);
    machine.set_status(&driver, LicenseStatus::Suspended).await;

    machine.set(START + 665, 1, 665);
    let dated = published(town.home(), &town.issuer, &driver.claims.status).1;
    assert!(dated > town.now());
    machine.repair().await.unwrap();
    let mut officer = Officer::new(town);
    officer.take_bundle(&town.get("/s/0/bundle").await.body);
    let now = town.now();
    let (outcome, reasons) = officer.words(&driver.show(Some(good), now), now);
    assert_eq!(outcome, "refuse", "{reasons:?}");
    assert!(reasons.contains(&"suspended"), "{reasons:?}");
    assert_eq!(machine.words(&driver).await, refused_as("suspended"));
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

    // Someone accepts a clock that is a year ahead; the authority signs by it for two seconds.
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

    // After one refresh all agree: who was there before, who enrolled by the wrong clock, who comes
    // now.
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
    // An hour is over in which nothing is ended: the term ends, and places are released.
    machine.set(START + YEAR + 7_200, 2, 7_205);
    machine.publish().await;
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
