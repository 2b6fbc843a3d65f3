//! Personal data of licenses that ended, and what is left once it is deleted.

use std::time::Duration;

use super::*;
use crate::clock::{Boot, BootId, Moment};
use crate::register::{Decision, EndReason, Found, LicenseStage, ToForget};
use crate::rules::retention::Retention;

/// A driver of whom nothing else in the tests has anything.
const FAMILY: &str = "Zweigsteinhuber";
const NUMBER: &str = "QX-47110815";
const REASON: &str = "a reason that names no one";
const YEAR: u64 = 365 * DAY;

fn of_driver(number: &str) -> License {
    let driver = json!({
        "family_name": FAMILY, "given_names": "Kunigunde", "birth_date": "1987-06-05",
        "license_number": number, "issue_date": "2024-05-01", "expiry_date": null,
        "issuing_country": "ZZ",
        "categories": [{ "code": "B", "from": "2010-03-01", "until": null }]
    });
    application_form::parse(driver.to_string().as_bytes()).unwrap()
}

/// A picture that no other license has.
fn picture() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(300, 400, |x, y| {
        let shade = u8::try_from((x / 2 + y / 3) % 256).unwrap();
        image::Rgb([shade, shade / 2, 255 - shade])
    });
    let mut file = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut file, image::ImageFormat::Jpeg)
        .unwrap();
    file.into_inner()
}

fn decision(event: &str, license: &str, state: LicenseStatus) -> Decision {
    Decision {
        event: event.to_owned(),
        license: license.to_owned(),
        state,
        reason: Some(REASON.to_owned()),
        from: None,
        until: None,
        lifts: None,
    }
}

impl Office {
    fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.home().join("authority.sqlite")).unwrap()
    }

    fn count(&self, query: &str) -> i64 {
        self.database()
            .query_row(query, [], |row| row.get(0))
            .unwrap()
    }

    fn decide_for(&self, decision: Decision) {
        self.open()
            .decide(&[decision], "court", self.now())
            .unwrap();
    }

    fn end(&self, license: &str) {
        self.open()
            .end_license(license, EndReason::Surrendered, self.now())
            .unwrap();
    }

    /// Registers a driver about whom this is decided, and ends the license.
    fn ended(&self, number: &str, decided: Option<Decision>) -> String {
        let id = self.add(number).license_id;
        if let Some(decision) = decided {
            self.decide_for(decision);
        }
        self.end(&id);
        id
    }

    fn retain(&self, days: u16) {
        self.open()
            .set_retention(Retention::of_days(days).unwrap(), self.now())
            .unwrap();
    }

    fn forget(&self) -> Vec<String> {
        let done = self.open().forget(self.now()).unwrap();
        assert!(done.rewritten);
        done.licenses
    }

    fn to_forget(&self) -> ToForget {
        self.open().to_forget(self.now()).unwrap()
    }

    fn found(&self, license: &str) -> Found {
        self.open().find_license(license, self.now()).unwrap()
    }

    fn is_forgotten(&self, license: &str) -> bool {
        matches!(self.found(license).row.stage, LicenseStage::Forgotten(_))
    }

    /// How many files of the home hold these bytes.
    fn files_with(&self, bytes: &[u8]) -> usize {
        fn count(folder: &Path, bytes: &[u8]) -> usize {
            let mut found = 0;
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                found += if path.is_dir() {
                    count(&path, bytes)
                } else {
                    let file = fs::read(path).unwrap();
                    usize::from(file.windows(bytes.len()).any(|window| window == bytes))
                };
            }
            found
        }
        count(&self.home(), bytes)
    }
}

#[test]
fn nothing_of_a_driver_is_left_in_any_file_of_the_home_after_the_retention() {
    let office = Office::new();
    let other = office.driver("D-0");
    let submitted = picture();
    let added = office
        .open()
        .add_license(&of_driver(NUMBER), &submitted, office.now())
        .unwrap();
    let phone = office.enroll(&added);
    let told = |license: &str, state| Decision {
        until: Some(at(START + 30 * DAY)),
        ..decision("e-1", license, state)
    };
    office.decide_for(told(NUMBER, LicenseStatus::Unresolved));
    office.pass(DAY);
    office.end(NUMBER);
    let ended = office.now();
    let roadside: Vec<u8> = office
        .database()
        .query_row(
            "SELECT bytes FROM blobs JOIN licenses ON digest = portrait WHERE id = ?",
            [&phone.license],
            |row| row.get(0),
        )
        .unwrap();
    let (x, _) = phone.key.verifying_key().coordinates();
    let known: [(&str, &[u8]); 7] = [
        ("name", FAMILY.as_bytes()),
        ("given names", b"Kunigunde"),
        ("number", NUMBER.as_bytes()),
        ("reason", REASON.as_bytes()),
        ("picture", &submitted[submitted.len() - 64..]),
        ("roadside portrait", &roadside[roadside.len() - 64..]),
        ("holder key", &x),
    ];
    for (what, bytes) in known {
        assert!(office.files_with(bytes) > 0, "{what}");
    }
    // How the number is compared is stored in no readable form.
    assert_eq!(office.files_with(b"QX47110815"), 0);

    // By a timer that runs each day, as ever.
    for _ in 0..364 {
        office.pass(DAY);
        office.open().tick(office.now().into()).unwrap();
    }
    assert_eq!(office.to_forget().licenses, []);
    assert_eq!(office.forget(), Vec::<String>::new());
    office.pass(DAY);
    let due = office.to_forget();
    assert_eq!(due.licenses, [(phone.license.clone(), ended)]);
    assert_eq!((due.retention.days(), due.waits_until), (Some(365), None));
    assert!(!office.is_forgotten(&phone.license));
    assert_eq!(office.forget(), std::slice::from_ref(&phone.license));
    for (what, bytes) in known {
        assert_eq!(office.files_with(bytes), 0, "{what}");
    }
    assert_eq!(office.forget(), Vec::<String>::new());

    // It is found and listed by its id, with its end.
    let found = office.found(&phone.license);
    let end = found.row.end().unwrap();
    assert_eq!((end.at, &*end.reason), (ended, "surrendered"));
    assert!(found.row.license().is_none());
    assert_eq!(found.row.status, LicenseStatus::Revoked);
    assert_eq!((found.decisions.len(), found.devices.len()), (2, 1));
    let page = office.open().licenses(None, 10, office.now()).unwrap();
    let ids: Vec<&str> = page.iter().map(|row| &*row.id).collect();
    assert_eq!(ids.len(), 2);
    assert!(ids.contains(&&*phone.license) && ids.contains(&&*other.license));
    assert_eq!(
        office.open().find_license(NUMBER, office.now()).err(),
        Some(Error::UnknownLicense)
    );

    // Nothing can be done with it any more, and what was done is answered as before.
    let (authority, now) = (office.open(), office.now());
    let again = authority
        .end_license(&phone.license, EndReason::Death, now)
        .unwrap();
    assert_eq!((again.changed, &*again.reason), (false, "surrendered"));
    let edited = authority.edit_license(&phone.license, Some(&of_driver(NUMBER)), None, now);
    assert_eq!(edited.err(), Some(Error::RowEnded));
    let offered = authority.offer(&phone.license, crate::register::OfferKind::First, now);
    assert_eq!(offered.err(), Some(Error::RowEnded));
    let set = authority.set_status(&phone.license, LicenseStatus::Valid, now);
    assert_eq!(set, Err(Error::RowEnded));
    let again = told(&phone.license, LicenseStatus::Unresolved);
    let again = authority.decide(&[again], "court", now).unwrap();
    assert_eq!((again.made, again.repeated), (0, 1));
    let reused = told(&phone.license, LicenseStatus::Suspended);
    assert!(matches!(
        authority.decide(&[reused], "court", now),
        Err(Error::EventReused { .. })
    ));
    // The other driver has everything still, and a picture that several have stays.
    assert_eq!(
        office
            .found(&other.license)
            .row
            .license()
            .unwrap()
            .license_number(),
        "D-0"
    );
    assert_eq!(office.count("SELECT count(*) FROM blobs"), 2);
    office.publish();
}

#[test]
fn a_picture_that_another_license_has_stays() {
    let office = Office::new();
    office.ended("D-1", None);
    office.add("D-2");
    office.pass(YEAR);
    assert_eq!(office.forget().len(), 1);
    assert_eq!(office.count("SELECT count(*) FROM blobs"), 2);
    office.end("D-2");
    office.pass(YEAR);
    assert_eq!(office.forget().len(), 1);
    assert_eq!(office.count("SELECT count(*) FROM blobs"), 0);
    assert_eq!(office.count("SELECT count(*) FROM offers"), 0);
}

#[test]
fn while_a_credential_can_be_good_its_data_stays_and_its_index_reads_revoked_throughout() {
    let office = Office::new();
    office.retain(1);
    let phone = office.driver("D-1");
    office.end("D-1");
    for _ in 0..29 {
        office.pass(DAY);
        office.publish();
        assert_eq!(office.published(phone.place), LicenseStatus::Revoked);
        assert_eq!(office.forget(), Vec::<String>::new());
    }
    // It was dated 150 s before the clock, and clocks differ by 30 s.
    office.pass(DAY - 120);
    assert_eq!(office.forget(), Vec::<String>::new());
    // Before its place was released: the index goes on reading what it read.
    office.pass(60);
    assert_eq!(office.forget(), std::slice::from_ref(&phone.license));
    assert_eq!(office.published(phone.place), LicenseStatus::Revoked);
    for _ in 0..130 {
        office.pass(DAY);
        office.publish();
    }
    assert_eq!(office.count("SELECT count(*) FROM issuances"), 0);
    assert!(office.is_forgotten(&phone.license));
}

#[test]
fn live_and_revoked_licenses_are_no_licenses_that_ended() {
    let office = Office::new();
    office.driver("D-1");
    office.add("D-2");
    office.set("D-2", LicenseStatus::Revoked);
    office.pass(20 * YEAR);
    assert_eq!(office.to_forget().licenses, []);
    assert_eq!(office.forget(), Vec::<String>::new());
    assert_eq!(office.state_of("D-2"), LicenseStatus::Revoked);
}

#[test]
fn what_counts_against_a_number_counts_after_its_data_is_gone() {
    let office = Office::new();
    let later = |years: u64| Some(office.now().saturating_add(years * YEAR));
    let with = |event: &str, license: &str, state, from, until| Decision {
        from,
        until,
        ..decision(event, license, state)
    };
    let revoked = LicenseStatus::Revoked;
    let suspended = LicenseStatus::Suspended;
    for (number, decided) in [
        ("N-0", None),
        ("N-1", Some(with("ev1", "N-1", revoked, None, None))),
        ("N-2", Some(with("ev2", "N-2", revoked, None, later(3)))),
        ("N-3", Some(with("ev3", "N-3", suspended, None, later(3)))),
        (
            "N-4",
            Some(with("ev4", "N-4", suspended, later(3), later(4))),
        ),
        ("N-5", Some(with("ev5", "N-5", revoked, later(3), None))),
    ] {
        office.ended(number, decided);
    }
    office.pass(YEAR + DAY);
    assert_eq!(office.forget().len(), 6);
    assert_eq!(office.files_with(b"Okonkwo"), 0);
    for number in 0..6 {
        assert_eq!(office.files_with(format!("N-{number}\"").as_bytes()), 0);
    }
    let keys = "SELECT count(*) FROM licenses WHERE number_key IS NOT NULL";
    assert_eq!(office.count(keys), 5);
    let authority = office.open();
    let add = |number: &str| authority.add_license(&license(number), PORTRAIT, office.now());
    let add_after = |event: &str, number: &str| {
        let added = authority.add_license_after(event, &license(number), PORTRAIT, office.now());
        added.map(|added| added.license_id)
    };
    let state = |license: &str| office.found(license).row.status;

    assert_eq!(state(&add("N-0").unwrap().license_id), LicenseStatus::Valid);
    for (number, event) in [("n 1", "ev1"), ("N.2", "ev2")] {
        assert!(
            matches!(add(number), Err(Error::NumberRevoked { event: named, .. }) if named == event)
        );
    }
    assert_eq!(add_after("ev1", "N-1"), Err(Error::RevokedForGood));
    assert!(matches!(
        add_after("ev2", "N-2"),
        Err(Error::RevokedUntil { .. })
    ));
    assert_eq!(add_after("ev1", "N-2"), Err(Error::OtherRevocation));
    // Its row is found by the number, for as long as something is to be found.
    assert!(authority.find_license("N-1", office.now()).is_ok());
    let third = add("N-3").unwrap().license_id;
    assert_eq!(state(&third), suspended);
    let taken_over = &office.found(&third).decisions[0];
    assert_eq!(taken_over.reason.as_deref(), Some(REASON));
    let fourth = add("N-4").unwrap().license_id;
    assert_eq!(state(&fourth), LicenseStatus::Valid);
    let fifth = add("N-5").unwrap().license_id;
    office.pass(2 * YEAR);
    office.publish();
    assert_eq!(state(&fourth), suspended);
    assert_eq!(state(&fifth), revoked);
    assert_eq!(state(&third), LicenseStatus::Valid);
    let second = add_after("ev2", "N-2").unwrap();
    assert_eq!(state(&second), LicenseStatus::Valid);

    // What was taken over, and what has ended, is needed no longer.
    office.forget();
    office.pass(31 * DAY);
    office.forget();
    let gone = "SELECT count(*) FROM licenses WHERE driver IS NULL AND number_key IS NOT NULL";
    assert_eq!(office.count(gone), 1, "the one that is revoked for good");
    let reasons = "SELECT count(*) FROM decisions JOIN licenses l ON l.id = license
        WHERE driver IS NULL AND reason IS NOT NULL";
    assert_eq!(office.count(reasons), 1);
    assert_eq!(add_after("ev1", "N-1"), Err(Error::RevokedForGood));
}

#[test]
fn a_key_that_says_that_an_earlier_row_counts_no_more_goes_after_that_of_the_earlier_row() {
    let office = Office::new();
    let earlier = office.ended(
        "D-1",
        Some(decision("ev1", "D-1", LicenseStatus::Suspended)),
    );
    office.pass(DAY);
    let later = office.add("D-1").license_id;
    office.set(&later, LicenseStatus::Valid);
    office.end(&later);
    // By a clock that was wrong, the earlier one has ended ten years after the later one.
    office
        .database()
        .execute(
            "UPDATE licenses SET ended = ended + ?1 WHERE id = ?2",
            rusqlite::params![(10 * YEAR).cast_signed(), earlier],
        )
        .unwrap();
    office.pass(2 * YEAR);
    assert_eq!(office.forget(), std::slice::from_ref(&later));
    for _ in 0..3 {
        office.pass(31 * DAY);
        office.forget();
    }
    let keys = "SELECT count(*) FROM licenses WHERE driver IS NULL AND number_key IS NOT NULL";
    assert_eq!(office.count(keys), 1);
    let anew = office.add("D-1").license_id;
    assert_eq!(office.state_of(&anew), LicenseStatus::Valid);
    office.pass(10 * YEAR);
    assert_eq!(office.forget(), [earlier]);
    office.pass(31 * DAY);
    office.forget();
    assert_eq!(office.count(keys), 0);
}

/// A start of the machine at this wall clock, `passed` seconds ago.
fn moment(start: u64, passed: u64) -> Moment {
    let boot = Boot {
        id: BootId::new(u128::from(start)),
        since: Duration::from_secs(passed),
    };
    Moment::new(at(start + passed), Some(boot))
}

#[test]
fn a_clock_in_doubt_or_one_that_has_moved_deletes_nothing() {
    let office = Office::new();
    let id = office.ended("D-1", None);
    office.pass(364 * DAY);
    office.publish();
    let now = office.clock.get();
    let authority = office.open();
    // A start with a clock that is a year ahead is in doubt.
    let wrong = |passed| moment(now + YEAR, passed);
    let refused = authority.forget(wrong(60)).err();
    assert!(matches!(refused, Some(Error::ClockInDoubt { .. })));
    assert!(authority.forget_some(wrong(60)).is_err());
    assert!(authority.to_forget(wrong(60)).is_err());
    // One that is five days ahead is believed, and waits for three days.
    let ahead = |passed| moment(now + 5 * DAY, passed);
    authority.publish(ahead(60)).unwrap();
    for passed in [61, 2 * HOUR, 3 * DAY] {
        authority.publish(ahead(passed)).unwrap();
        let until = authority.to_forget(ahead(passed)).unwrap().waits_until;
        let until = until.unwrap();
        assert_eq!(until.seconds(), now + 5 * DAY + 60 + HOUR + 3 * DAY);
        assert_eq!(
            authority.forget(ahead(passed)),
            Err(Error::DeletionWaits { until })
        );
        authority.forget_some(ahead(passed)).unwrap();
    }
    assert!(!office.is_forgotten(&id));
    // What a person has accepted waits as well.
    let accepted = |passed| moment(now + 30 * DAY, passed);
    authority
        .accept_clock(accepted(5).wall().day(), accepted(5))
        .unwrap();
    assert!(matches!(
        authority.forget(accepted(3 * DAY)),
        Err(Error::DeletionWaits { .. })
    ));
    assert!(!office.is_forgotten(&id));
    let done = authority.forget(accepted(3 * DAY + 2 * HOUR)).unwrap();
    assert_eq!(done.licenses, [id]);
}

#[test]
fn an_end_by_a_clock_that_was_behind_deletes_nothing_early() {
    let office = Office::new();
    // Whose list is signed again each hour.
    office.driver("D-0");
    let id = office.add("D-1").license_id;
    office.pass(3 * YEAR);
    office.publish();
    let now = office.clock.get();
    // The battery is empty: the clock is in doubt, and two years behind.
    let behind = moment(now - 2 * YEAR, 60);
    let stored = office.open().end_license(&id, EndReason::Death, behind);
    assert!(matches!(stored, Ok(_) | Err(Error::ClockInDoubt { .. })));
    let right = |passed| moment(now, passed);
    office.open().publish(right(2 * HOUR)).unwrap();
    for days in [4, 364] {
        let done = office.open().forget(right(days * DAY)).unwrap();
        assert_eq!(done.licenses, Vec::<String>::new(), "{days}");
    }
    let done = office.open().forget(right(366 * DAY)).unwrap();
    assert_eq!(done.licenses, [id]);
}

#[test]
fn a_repair_of_the_clock_goes_over_rows_without_data() {
    let office = Office::new();
    office.retain(1);
    let phone = office.driver("D-1");
    office.set("D-1", LicenseStatus::Revoked);
    office.end("D-1");
    for _ in 0..31 {
        office.pass(DAY);
        office.publish();
    }
    assert_eq!(office.forget(), std::slice::from_ref(&phone.license));
    let now = office.clock.get();
    let ahead = |passed| moment(now + YEAR, passed);
    let authority = office.open();
    authority
        .accept_clock(ahead(5).wall().day(), ahead(5))
        .unwrap();
    authority.publish(ahead(4 * DAY)).unwrap();
    authority.forget(ahead(4 * DAY)).unwrap();
    let right = |passed| moment(now, passed);
    authority
        .repair_clock(right(5 * DAY).wall().day(), right(5 * DAY))
        .unwrap();
    authority.publish(right(6 * DAY)).unwrap();
    let found = authority
        .find_license(&phone.license, right(6 * DAY))
        .unwrap();
    assert!(matches!(found.row.stage, LicenseStage::Forgotten(_)));
    let looked = office.count("SELECT look_again FROM licenses");
    assert!(looked <= (now + 36 * DAY).cast_signed(), "{looked}");
}

#[test]
fn what_a_backup_brings_back_is_deleted_by_the_next_round() {
    let office = Office::new();
    let added = office
        .open()
        .add_license(&of_driver(NUMBER), PORTRAIT, office.now())
        .unwrap();
    let id = added.license_id;
    office.end(&id);
    office.pass(YEAR - DAY);
    let phone = office.driver("D-0");
    office.publish();
    let before = office.backup("before");
    office.pass(DAY);
    assert_eq!(office.forget(), std::slice::from_ref(&id));
    let after = office.backup("after");
    office.publish();
    let holds = |folder: &Path| {
        let bytes = fs::read(folder.join("authority.sqlite")).unwrap();
        bytes
            .windows(FAMILY.len())
            .any(|window| window == FAMILY.as_bytes())
    };
    assert_eq!((holds(&before), holds(&after)), (true, false));
    office.restore(&before);
    office.reconcile();
    assert!(!office.is_forgotten(&id));
    office.open().forget_some(office.now().into()).unwrap();
    assert!(office.is_forgotten(&id));
    // A backup with such rows is put back, too.
    office.set(&phone.license, LicenseStatus::Suspended);
    office.restore(&after);
    office.reconcile();
    assert!(office.is_forgotten(&id));
    assert_eq!(office.state_of(&phone.license), LicenseStatus::Suspended);
    office.publish();
}

#[test]
fn a_round_of_the_timer_takes_a_batch_and_writes_the_file_anew_within_a_day() {
    let office = Office::new();
    office.ended("D-0", None);
    let template = "INSERT INTO licenses
            (id, number, number_key, added, driver, portrait, submitted, ended, end_reason)
         SELECT 'x' || value, 'X-' || value, 'v3:x' || value, added, driver, portrait, submitted, ended,
            end_reason
         FROM licenses, generate WHERE id NOT LIKE 'x%'";
    office
        .database()
        .execute_batch(&format!(
            "CREATE TEMP TABLE generate AS WITH RECURSIVE n (value) AS
                (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 299) SELECT value FROM n;
             {template}"
        ))
        .unwrap();
    office.pass(YEAR);
    let authority = office.open();
    let left = "SELECT count(*) FROM licenses WHERE driver IS NOT NULL";
    let waits = "SELECT count(*) FROM authority WHERE rewrite_at IS NOT NULL";
    for (rows, expected) in [(300, 0), (44, 1), (0, 1)] {
        assert_eq!((office.count(left), office.count(waits)), (rows, expected));
        authority.forget_some(office.now().into()).unwrap();
    }
    office.pass(DAY - 1);
    authority.forget_some(office.now().into()).unwrap();
    assert_eq!(office.count(waits), 1);
    office.pass(1);
    authority.forget_some(office.now().into()).unwrap();
    assert_eq!(office.count(waits), 0);
    assert_eq!(office.files_with(b"Okonkwo"), 0);
}

#[test]
fn a_file_that_somebody_reads_is_written_anew_by_a_later_call() {
    let office = Office::new();
    let id = office.ended("D-1", None);
    office.pass(YEAR);
    let reader = office.database();
    reader
        .execute_batch("BEGIN; SELECT count(*) FROM licenses;")
        .unwrap();
    let done = office.open().forget(office.now());
    match done {
        Ok(done) => assert_eq!((done.licenses, done.rewritten), (vec![id], false)),
        Err(error) => assert_eq!(error, Error::Busy),
    }
    reader.execute_batch("COMMIT").unwrap();
    drop(reader);
    let done = office.open().forget(office.now()).unwrap();
    assert_eq!((done.licenses, done.rewritten), (Vec::new(), true));
    assert_eq!(office.files_with(b"Okonkwo"), 0);
}

/// Drops all that a later script has added to the schema of the first.
fn take_back_to_the_first_schema(database: &rusqlite::Connection) {
    let first = rusqlite::Connection::open_in_memory().unwrap();
    first
        .execute_batch(include_str!("../store/migrations/0002.sql"))
        .unwrap();
    let read = |database: &rusqlite::Connection, query: &str| -> Vec<String> {
        let mut statement = database.prepare(query).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    database.pragma_update(None, "foreign_keys", false).unwrap();
    let drop_later = |kind: &str, what: &str| {
        let query = format!(
            "SELECT name FROM sqlite_master WHERE type = '{kind}' AND sql IS NOT NULL
             AND name NOT LIKE 'sqlite%'"
        );
        let known = read(&first, &query);
        let held = read(database, &query);
        for name in held.into_iter().filter(|name| !known.contains(name)) {
            database
                .execute_batch(&format!("DROP {what} {name}"))
                .unwrap();
        }
        known
    };
    drop_later("index", "INDEX");
    for table in drop_later("table", "TABLE") {
        let query = format!("SELECT name FROM pragma_table_info('{table}')");
        let known = read(&first, &query);
        let held = read(database, &query);
        for name in held.into_iter().filter(|name| !known.contains(name)) {
            let drop = format!("ALTER TABLE {table} DROP COLUMN {name}");
            database.execute_batch(&drop).unwrap();
        }
    }
    database.pragma_update(None, "user_version", 2).unwrap();
}

#[test]
fn a_home_of_before_keeps_everything_until_somebody_has_set_a_retention() {
    let office = Office::new();
    let id = office.ended("D-1", Some(decision("ev1", "D-1", LicenseStatus::Revoked)));
    office.add("D-2");
    let database = office.database();
    database
        .execute_batch("UPDATE licenses SET number_key = 'v2:' || replace(number, '-', '')")
        .unwrap();
    take_back_to_the_first_schema(&database);
    office.pass(20 * YEAR);
    let authority = office.open();
    assert_eq!(authority.retention(), Ok(Retention::FOREVER));
    assert_eq!(office.forget(), Vec::<String>::new());
    authority.forget_some(office.now().into()).unwrap();
    assert!(!office.is_forgotten(&id));
    let secret = "SELECT count(*) FROM authority WHERE length(number_secret) = 32";
    let keyed = "SELECT count(*) FROM licenses WHERE number_key LIKE 'v3:%'";
    assert_eq!((office.count(secret), office.count(keyed)), (1, 2));
    // Numbers are found as they were, and by no other secret with the next start.
    for _ in 0..2 {
        let authority = office.open();
        let taken = authority.add_license(&of_driver("D-2"), PORTRAIT, office.now());
        assert!(matches!(taken, Err(Error::NumberTaken { .. })));
        let revoked = authority.add_license(&of_driver("D-1"), PORTRAIT, office.now());
        assert!(matches!(revoked, Err(Error::NumberRevoked { .. })));
    }
    // A slip can be taken back for an hour.
    office.retain(1);
    let until = office.now().saturating_add(HOUR);
    assert_eq!(office.to_forget().waits_until, Some(until));
    authority.forget_some(office.now().into()).unwrap();
    let waits = authority.forget(office.now());
    assert_eq!(waits, Err(Error::DeletionWaits { until }));
    office.retain(3_650);
    office.pass(HOUR);
    let due = office.to_forget();
    assert_eq!((due.licenses.len(), due.waits_until), (1, None));
    assert_eq!(office.forget(), [id]);
    authority
        .set_retention(Retention::FOREVER, office.now())
        .unwrap();
    assert_eq!(authority.retention(), Ok(Retention::FOREVER));
}
