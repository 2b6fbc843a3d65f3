//! Clocks that move while the machine is off, and keys that are gone.

use std::time::Duration;

use super::*;
use crate::clock::{Boot, BootId, Moment};

/// A start of the machine at this wall clock, `passed` seconds ago.
fn moment(start: u64, passed: u64) -> Moment {
    let boot = Boot {
        id: BootId::new(u128::from(start)),
        since: Duration::from_secs(passed),
    };
    Moment::new(at(start + passed), Some(boot))
}

fn held(office: &Office) -> Vec<u64> {
    let database = rusqlite::Connection::open(office.home().join("authority.sqlite")).unwrap();
    let mut statement = database.prepare("SELECT until FROM held").unwrap();
    let until = statement
        .query_map([], |row| Ok(row.get::<_, i64>(0)?.cast_unsigned()))
        .unwrap();
    until.collect::<rusqlite::Result<_>>().unwrap()
}

/// An office that holds the place of a phone whose license was lost and refused.
fn holding() -> (Office, Phone, u64) {
    let office = Office::new();
    office.driver("D-0");
    let backup = office.backup("backup");
    let stolen = office.driver("D-1");
    office.publish();
    office.pass(HOUR);
    office.restore(&backup);
    office.reconcile();
    let refused = office.open().refuse_lost(&stolen.license, office.now());
    assert_eq!(refused, Ok(1));
    office.publish();
    assert_eq!(office.published(stolen.place), LicenseStatus::Revoked);
    let [until] = *held(&office) else {
        panic!("one place is held");
    };
    (office, stolen, until)
}

#[test]
fn a_clock_that_starts_days_ahead_releases_no_held_place_before_its_time() {
    let (office, stolen, until) = holding();
    let before = until - 4 * DAY;
    office.clock.set(before);
    office.publish();
    // The machine starts with a clock that is five days ahead, which no one is asked about.
    let wrong = before + 5 * DAY;
    for passed in [5, 2 * HOUR, 3 * DAY] {
        office.open().publish(moment(wrong, passed)).unwrap();
        assert_eq!(held(&office), [until + 5 * DAY + 5]);
        assert_eq!(office.published(stolen.place), LicenseStatus::Revoked);
    }
    // It is set right and repaired. The place is held at least as long as without all this.
    let right = |passed| moment(before, passed);
    let authority = office.open();
    authority
        .repair_clock(right(3 * DAY).wall().day(), right(3 * DAY))
        .unwrap();
    authority.publish(right(3 * DAY + 2 * HOUR)).unwrap();
    assert_eq!(held(&office), [until + 5 * DAY + 5]);
    assert_eq!(office.published(stolen.place), LicenseStatus::Revoked);
    authority.publish(right(9 * DAY + HOUR)).unwrap();
    assert!(held(&office).is_empty());
}

#[test]
fn an_authority_that_is_off_each_weekend_releases_held_places_and_forgets() {
    let (office, stolen, until) = holding();
    // Its wallet never comes again, so its tokens are forgotten.
    let secrets = || {
        let database = rusqlite::Connection::open(office.home().join("authority.sqlite")).unwrap();
        database
            .query_row("SELECT count(*) FROM pairs", [], |row| row.get::<_, u32>(0))
            .unwrap()
    };
    assert!(secrets() > 0);
    let mut released = None;
    for week in 0..16 {
        // From Monday at eight until Friday at six.
        let monday = START + 7 * DAY * (week + 1);
        for passed in [
            60,
            2 * HOUR,
            DAY,
            2 * DAY,
            3 * DAY + 2 * HOUR,
            4 * DAY + 10 * HOUR,
        ] {
            office.open().publish(moment(monday, passed)).unwrap();
            if held(&office).is_empty() {
                released.get_or_insert(monday + passed);
            }
        }
    }
    let released = released.unwrap();
    assert!(
        until < released && released < until + 31 * DAY,
        "{}",
        released - START
    );
    assert_eq!(
        office.published(stolen.place),
        LicenseStatus::Valid,
        "no one's any more"
    );
    assert_eq!(secrets(), 0);
}

#[test]
fn a_decision_that_cannot_be_signed_for_want_of_a_key_says_that_it_is_stored() {
    let office = Office::new();
    let phone = office.driver("D-1");
    let keys: Vec<PathBuf> = fs::read_dir(office.home().join("keys"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let away = office.path("away");
    fs::create_dir(&away).unwrap();
    for key in &keys {
        fs::rename(key, away.join(key.file_name().unwrap())).unwrap();
    }
    let told = office
        .open()
        .set_status(&phone.license, LicenseStatus::Revoked, office.now());
    assert_eq!(told, Err(Error::StoredUnsigned));
    assert!(
        told.unwrap_err()
            .to_string()
            .starts_with("stored, and not signed")
    );
    let found = office.open().find_license(&phone.license, office.now());
    assert_eq!(found.unwrap().row.status, LicenseStatus::Revoked);
    for key in &keys {
        fs::rename(away.join(key.file_name().unwrap()), key).unwrap();
    }
    office.publish();
    assert_eq!(office.published(phone.place), LicenseStatus::Revoked);
}

fn decided_until(office: &Office, license: &str, state: LicenseStatus, until: u64) {
    let decision = crate::register::Decision {
        event: "a".to_owned(),
        license: license.to_owned(),
        state,
        reason: None,
        from: None,
        until: Some(at(until)),
        lifts: None,
    };
    let decided = office.open().decide(&[decision], "court", office.now());
    assert_eq!(decided.unwrap().made, 1);
}

/// Ends the license D-1 and registers its number again; returns the id of the new row.
fn registered_again(office: &Office, now: Moment) -> String {
    let authority = office.open();
    let ended = authority.end_license("D-1", crate::register::EndReason::Surrendered, now);
    assert!(ended.unwrap().changed);
    let added = authority.add_license(&license("D-1"), PORTRAIT, now);
    added.unwrap().license_id
}

#[test]
fn a_term_whose_end_waits_for_the_clock_stands_against_the_number_that_is_registered_again() {
    let office = Office::new();
    office.driver("D-1");
    decided_until(&office, "D-1", LicenseStatus::Suspended, START + 2 * DAY);
    // The machine starts with a clock three days on, which no one is asked about.
    let started = |passed| moment(START + 3 * DAY, passed);
    let again = registered_again(&office, started(5));
    let status = |now: Moment| {
        let found = office.open().find_license(&again, now);
        found.unwrap().row.status
    };
    assert_eq!(status(started(6)), LicenseStatus::Suspended);
    office.open().publish(started(60)).unwrap();
    assert_eq!(status(started(60)), LicenseStatus::Suspended);
    let in_force = |now: Moment| {
        let found = office.open().find_license(&again, now).unwrap();
        found.decisions.iter().filter(|made| made.in_force).count()
    };
    assert_eq!(in_force(started(60)), 1);
    // The clock was right all the time.
    office.open().publish(started(2 * HOUR)).unwrap();
    assert_eq!(status(started(2 * HOUR)), LicenseStatus::Valid);
}

#[test]
fn what_a_wrong_clock_had_ended_stands_after_the_repair_against_the_number_that_was_registered_again()
 {
    let office = Office::new();
    office.driver("D-1");
    decided_until(&office, "D-1", LicenseStatus::Suspended, START + 2 * DAY);
    let wrong = |passed| moment(START + 3 * DAY, passed);
    office.open().publish(wrong(60)).unwrap();
    office.open().publish(wrong(2 * HOUR)).unwrap();
    let again = registered_again(&office, wrong(2 * HOUR));
    let right = |passed| moment(START + HOUR, passed);
    let authority = office.open();
    let status = |now: Moment| authority.find_license(&again, now).unwrap().row.status;
    assert_eq!(status(wrong(2 * HOUR)), LicenseStatus::Valid);
    let today = right(5).wall().day();
    authority.repair_clock(today, right(5)).unwrap();
    assert_eq!(status(right(5)), LicenseStatus::Suspended);
    authority.publish(right(DAY + 22 * HOUR)).unwrap();
    assert_eq!(status(right(DAY + 22 * HOUR)), LicenseStatus::Suspended);
    authority.publish(right(DAY + 24 * HOUR)).unwrap();
    assert_eq!(status(right(DAY + 24 * HOUR)), LicenseStatus::Valid);
}

#[test]
fn no_license_is_given_after_a_revocation_while_its_end_waits_for_the_clock() {
    let office = Office::new();
    office.driver("D-1");
    decided_until(&office, "D-1", LicenseStatus::Revoked, START + 2 * DAY);
    let started = |passed| moment(START + 3 * DAY, passed);
    let add = |now: Moment| {
        let authority = office.open();
        let added = authority.add_license_after("a", &license("D-1"), PORTRAIT, now);
        added.map(drop)
    };
    let wait = |until| Err(Error::RevokedUntil { until });
    assert_eq!(add(started(5)), wait(started(5 + HOUR).wall()));
    office.open().publish(started(60)).unwrap();
    assert_eq!(add(started(HOUR)), wait(started(60 + HOUR).wall()));
    assert_eq!(add(started(60 + HOUR)), Ok(()));
}
