//! What a decision leaves behind: signatures that were not made, and what time makes of many.

use vidimus_credential::LicenseStatus;

use super::Office;
use crate::register::{Decision, Register as _};

fn suspended(event: &str, license: &str) -> Decision {
    Decision {
        event: event.to_owned(),
        license: license.to_owned(),
        state: LicenseStatus::Suspended,
        reason: None,
        from: None,
        until: None,
        lifts: None,
    }
}

#[test]
fn a_repeated_decision_signs_what_the_first_one_left_unsigned() {
    let office = Office::new();
    let phone = office.driver("ZZ-1");
    office.publish();
    let batch = [suspended("a", "ZZ-1")];
    // A process that died between its commit and the signature.
    let (_, due) = office
        .open()
        .register()
        .decide(&batch, "court", office.now())
        .unwrap();
    assert_eq!(due, [phone.place.list]);
    for lists in [1, 0] {
        let decided = office.open().decide(&batch, "court", office.now()).unwrap();
        assert_eq!((decided.repeated, decided.lists), (1, lists));
    }
    office
        .open()
        .publisher()
        .bundles_now(office.now().into())
        .unwrap();
    assert_eq!(office.published(phone.place), LicenseStatus::Suspended);
}

#[test]
fn a_round_that_took_a_whole_batch_says_that_there_is_more_however_few_licenses_it_is_of() {
    let office = Office::new();
    office.add("ZZ-1");
    let until = office.now().saturating_add(10);
    let batch: Vec<Decision> = (0..257)
        .map(|number| Decision {
            until: Some(until),
            ..suspended(&format!("e{number}"), "ZZ-1")
        })
        .collect();
    let authority = office.open();
    authority.decide(&batch, "court", office.now()).unwrap();
    office.pass(10);
    let register = authority.register();
    assert!(register.tick(office.now().into()).unwrap().more);
    assert!(!register.tick(office.now().into()).unwrap().more);
    let found = authority.find_license("ZZ-1", office.now()).unwrap();
    assert_eq!(found.decisions.len(), 2 * 257);
}

#[test]
fn a_command_is_done_while_somebody_reads_for_long() {
    let office = Office::new();
    office.driver("ZZ-1");
    let authority = office.open();
    let reader = rusqlite::Connection::open(office.home().join("authority.sqlite")).unwrap();
    reader
        .execute_batch("BEGIN; SELECT count(*) FROM events;")
        .unwrap();
    let begun = std::time::Instant::now();
    let batch = [suspended("a", "ZZ-1")];
    let decided = authority.decide(&batch, "court", office.now()).unwrap();
    assert_eq!((decided.made, decided.lists), (1, 1));
    authority.set_device_limit(3).unwrap();
    authority.publish(office.now()).unwrap();
    assert!(begun.elapsed() < std::time::Duration::from_secs(12));
}
