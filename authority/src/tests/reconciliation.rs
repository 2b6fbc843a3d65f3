//! An old backup, and what `reconcile` makes of it.

use std::collections::BTreeSet;
use std::time::Duration;

use super::*;
use crate::clock::{Boot, BootId, Moment};
use crate::register::{DeviceEnd, Edit, OfferKind};
use crate::store::{lists, unexplained};

const VALID: LicenseStatus = LicenseStatus::Valid;
const SUSPENDED: LicenseStatus = LicenseStatus::Suspended;
const REVOKED: LicenseStatus = LicenseStatus::Revoked;
const SUPERSEDED: LicenseStatus = LicenseStatus::Superseded;
const UNKNOWN: LicenseStatus = LicenseStatus::Unknown;

/// Every place that a phone of this test ever had.
fn places<'a>(phones: impl IntoIterator<Item = &'a Phone>) -> BTreeSet<(u32, u8)> {
    phones
        .into_iter()
        .map(|phone| (phone.place.list, phone.place.idx))
        .collect()
}

#[test]
fn who_was_revoked_after_the_backup_stays_refused_also_on_the_next_phone() {
    let office = Office::new();
    let revoked = office.driver("D-1");
    let suspended = office.driver("D-2");
    let valid = office.driver("D-3");
    office.publish();
    let backup = office.backup("backup");
    office.pass(HOUR);
    office.set(&revoked.license, REVOKED);
    office.set(&suspended.license, SUSPENDED);
    office.publish();
    office.pass(HOUR);
    office.restore(&backup);
    let told = office.reconcile();
    assert_eq!(told.decided.len(), 2);
    for found in [
        (revoked.license.clone(), REVOKED),
        (suspended.license.clone(), SUSPENDED),
    ] {
        assert!(told.decided.contains(&found));
    }
    assert!(told.lost.is_empty() && told.unexplained == 0 && told.lifted.is_empty());
    assert_eq!(office.published(revoked.place), REVOKED);
    assert_eq!(office.published(suspended.place), SUSPENDED);
    assert_eq!(office.published(valid.place), VALID);
    // The decision is the register's own again.
    assert_eq!(office.state_of(&revoked.license), REVOKED);
    let mut revoked = revoked;
    assert_eq!(
        office.renew(&mut revoked),
        Err(Refused::Issue(IssueFault::Over))
    );
    assert_eq!(
        office
            .open()
            .offer("D-1", OfferKind::Replace(None), office.now())
            .err(),
        Some(Error::Revoked)
    );
    let mut suspended = suspended;
    let first = suspended.place;
    office.pass(DAY);
    office.renew(&mut suspended).unwrap();
    office.publish();
    assert_ne!(suspended.place, first);
    assert_eq!(
        office.published(suspended.place),
        SUSPENDED,
        "on the next credential too"
    );
    // A clerk lifts what is not final.
    office.set(&suspended.license, VALID);
    office.publish();
    assert_eq!(office.published(suspended.place), VALID);
}

#[test]
fn a_revocation_that_was_found_again_gives_way_to_a_new_license_once_a_clerk_has_looked() {
    let office = Office::new();
    let phone = office.driver("D-1");
    let backup = office.backup("backup");
    office.set(&phone.license, REVOKED);
    office.restore(&backup);
    office.reconcile();
    let found = office.open().find_license("D-1", office.now()).unwrap();
    let revocation = &found.decisions[0];
    assert_eq!(
        (revocation.state, revocation.by.as_str()),
        (REVOKED, "reconcile")
    );
    let again =
        office
            .open()
            .add_license_after(&revocation.event, &license("D-1"), PORTRAIT, office.now());
    let new = office.enroll(&again.unwrap());
    office.publish();
    assert_eq!(office.published(new.place), VALID);
    assert_eq!(office.published(phone.place), REVOKED);
}

#[test]
fn what_was_lifted_after_the_backup_is_lifted_and_what_is_final_stays() {
    let office = Office::new();
    let (lifted, eased, revoked) = (
        office.driver("D-1"),
        office.driver("D-2"),
        office.driver("D-3"),
    );
    office.set(&lifted.license, SUSPENDED);
    office.set(&eased.license, SUSPENDED);
    office.set(&revoked.license, REVOKED);
    let backup = office.backup("backup");
    office.pass(HOUR);
    office.set(&lifted.license, VALID);
    office.set(&eased.license, VALID);
    office.set(&eased.license, LicenseStatus::Unresolved);
    office.pass(HOUR);
    office.restore(&backup);
    let told = office.reconcile();
    assert_eq!(told.lifted.len(), 2);
    assert!(told.decided.is_empty());
    assert_eq!(office.published(lifted.place), VALID);
    assert_eq!(office.published(eased.place), LicenseStatus::Unresolved);
    assert_eq!(office.published(revoked.place), REVOKED);
    assert_eq!(office.state_of(&eased.license), LicenseStatus::Unresolved);
}

#[test]
fn a_term_that_the_backup_knows_ends_as_it_was_decided() {
    let office = Office::new();
    let phone = office.driver("D-1");
    let decision = crate::register::Decision {
        event: "e".to_owned(),
        license: "D-1".to_owned(),
        state: SUSPENDED,
        reason: None,
        from: None,
        until: Some(at(START + 3 * HOUR)),
        lifts: None,
    };
    office
        .open()
        .decide(&[decision], "court", office.now())
        .unwrap();
    let backup = office.backup("backup");
    office.pass(HOUR);
    office.driver("D-2");
    office.publish();
    // The term ends between the loss and the return of the register.
    office.pass(4 * HOUR);
    office.restore(&backup);
    let told = office.reconcile();
    assert!(
        told.decided.is_empty() && told.lifted.is_empty(),
        "{told:?}"
    );
    assert_eq!(office.published(phone.place), VALID);
}

#[test]
fn no_driver_gets_the_place_of_another_one() {
    let office = Office::new();
    let before: Vec<Phone> = (0..5).map(|n| office.driver(&format!("D-{n}"))).collect();
    let backup = office.backup("backup");
    office.pass(HOUR);
    // Some are issued and never changed: their places read 0, and nothing published shows them.
    let after: Vec<Phone> = (0..40).map(|n| office.driver(&format!("N-{n}"))).collect();
    office.restore(&backup);
    let told = office.reconcile();
    assert_eq!(told.lists_from, 1);
    let taken = places(before.iter().chain(&after));
    for n in 0..60 {
        let new = office.driver(&format!("X-{n}"));
        assert!(!taken.contains(&(new.place.list, new.place.idx)));
        assert!(new.place.list >= told.lists_from);
    }
}

#[test]
fn a_phone_that_came_after_the_backup_keeps_its_state_and_needs_another_offer() {
    let office = Office::new();
    let added = office.add("D-1");
    let backup = office.backup("backup");
    office.pass(60);
    let mut phone = office.enroll(&added);
    office.pass(HOUR);
    office.restore(&backup);
    let told = office.reconcile();
    assert_eq!((told.issued, told.lost.len()), (1, 0));
    assert_eq!(
        office.published(phone.place),
        VALID,
        "what is published of it stays"
    );
    let gone = office.renew(&mut phone).unwrap_err();
    assert!(
        matches!(gone, Refused::Token(TokenFault::Grant(_))),
        "{gone:?}"
    );
    // It is in the register again, so what is decided reaches it.
    office.set("D-1", SUSPENDED);
    office.publish();
    assert_eq!(office.published(phone.place), SUSPENDED);
    office.set("D-1", VALID);
    // Another offer helps, and the phone that no one can renew makes room.
    let offered = office
        .open()
        .offer("D-1", OfferKind::Replace(None), office.now())
        .unwrap();
    let new = office.enroll(&offered);
    office.publish();
    assert_eq!(office.published(new.place), VALID);
    assert_eq!(office.published(phone.place), SUPERSEDED);
}

#[test]
fn a_phone_that_renewed_after_the_backup_is_one_device_still() {
    let office = Office::new();
    let mut phone = office.driver("D-1");
    let first = phone.place;
    let backup = office.backup("backup");
    office.pass(10 * DAY);
    office.renew(&mut phone).unwrap();
    office.publish();
    office.restore(&backup);
    let told = office.reconcile();
    assert_eq!(told.issued, 1);
    let found = office.open().find_license("D-1", office.now()).unwrap();
    assert_eq!(found.devices.len(), 1);
    assert_eq!(found.devices[0].expires, Some(at(START + 40 * DAY - 150)));
    office.set("D-1", SUSPENDED);
    office.pass(120);
    office.publish();
    for place in [first, phone.place] {
        assert_eq!(office.published(place), SUSPENDED);
    }
}

#[test]
fn one_lost_phone_of_two_is_ended_and_the_driver_is_not() {
    let office = Office::new();
    let lost = office.driver("D-1");
    let offered = office
        .open()
        .offer("D-1", OfferKind::Beside, office.now())
        .unwrap();
    let kept = office.enroll(&offered);
    let backup = office.backup("backup");
    office.pass(HOUR);
    let devices = office
        .open()
        .find_license("D-1", office.now())
        .unwrap()
        .devices;
    office
        .open()
        .end_device(devices[0].id, DeviceEnd::Stolen, office.now())
        .unwrap();
    office.pass(HOUR);
    office.restore(&backup);
    let told = office.reconcile();
    assert_eq!(told.devices_ended, std::slice::from_ref(&lost.license));
    assert!(told.decided.is_empty());
    assert_eq!(office.published(lost.place), REVOKED);
    assert_eq!(office.published(kept.place), VALID);
    let mut thief = lost;
    assert!(matches!(office.renew(&mut thief), Err(Refused::Token(_))));
    let mut kept = kept;
    office.pass(DAY);
    office.renew(&mut kept).unwrap();
}

#[test]
fn a_phone_that_was_replaced_after_the_backup_stays_replaced() {
    let office = Office::new();
    let old = office.driver("D-1");
    let backup = office.backup("backup");
    office.pass(HOUR);
    let offered = office
        .open()
        .offer("D-1", OfferKind::Replace(None), office.now())
        .unwrap();
    let new = office.enroll(&offered);
    office.publish();
    office.restore(&backup);
    let told = office.reconcile();
    assert_eq!(told.devices_ended, std::slice::from_ref(&old.license));
    assert_eq!(office.published(old.place), SUPERSEDED);
    assert_eq!(office.published(new.place), VALID);
    let mut old = old;
    assert!(matches!(office.renew(&mut old), Err(Refused::Token(_))));
}

#[test]
fn the_only_phone_reads_superseded_and_the_driver_is_refused_until_a_clerk_has_looked() {
    let office = Office::new();
    let phone = office.driver("D-1");
    let backup = office.backup("backup");
    office.pass(HOUR);
    // A category is taken away, and the phone is not seen for a day.
    let mut content = serde_json::to_value(application_form::to_json(&license("D-1"))).unwrap();
    content["categories"] = json!([{ "code": "AM", "from": "2010-03-01", "until": null }]);
    let content = application_form::parse(content.to_string().as_bytes()).unwrap();
    let edited = office
        .open()
        .edit_license("D-1", Some(&content), None, office.now());
    assert!(edited.unwrap().takes_away);
    office.pass(DAY + 60);
    office.publish();
    assert_eq!(office.published(phone.place), SUPERSEDED);
    office.restore(&backup);
    let told = office.reconcile();
    assert_eq!(told.decided, [(phone.license.clone(), SUSPENDED)]);
    assert_eq!(office.published(phone.place), SUPERSEDED);
    // The register has the former content: what it issues now is refused.
    let mut phone = phone;
    office.pass(DAY);
    office.renew(&mut phone).unwrap();
    office.publish();
    assert_eq!(office.published(phone.place), SUSPENDED);
}

#[test]
fn an_edit_that_is_lost_is_told() {
    let office = Office::new();
    let mut phone = office.driver("D-1");
    let backup = office.backup("backup");
    office.pass(HOUR);
    let edit = Edit {
        portrait: Some((b"roadside", b"submitted")),
        ..Edit::default()
    };
    let authority = office.open();
    let (_, due) = authority
        .register()
        .edit("D-1", &edit, office.now())
        .unwrap();
    authority
        .publisher()
        .sign_lists(&due, office.now().into())
        .unwrap();
    authority.publish(office.now()).unwrap();
    drop(authority);
    assert_eq!(office.published(phone.place), LicenseStatus::UpdateWaiting);
    office.restore(&backup);
    let told = office.reconcile();
    assert_eq!(told.edited, [phone.license.clone()]);
    assert!(told.decided.is_empty());
    office.pass(DAY);
    office.renew(&mut phone).unwrap();
    office.publish();
    assert_eq!(office.published(phone.place), VALID);
}

#[test]
fn a_license_that_was_registered_after_the_backup_keeps_its_state_until_it_ends() {
    let office = Office::new();
    office.driver("D-0");
    let backup = office.backup("backup");
    let (valid, suspended, stolen) = (
        office.driver("D-1"),
        office.driver("D-2"),
        office.driver("D-3"),
    );
    office.set(&suspended.license, SUSPENDED);
    office.publish();
    office.pass(HOUR);
    office.restore(&backup);
    let told = office.reconcile();
    assert_eq!(told.lost.len(), 3);
    let until = at(START + 30 * DAY - 150);
    assert!(
        told.lost
            .iter()
            .all(|(_, end)| (until..until.saturating_add(5)).contains(end))
    );
    assert_eq!(told.unexplained, 0);
    assert_eq!(office.published(valid.place), VALID);
    assert_eq!(office.published(suspended.place), SUSPENDED);
    // No decision reaches it but this one.
    assert_eq!(
        office.open().refuse_lost("none", office.now()),
        Err(Error::UnknownLicense)
    );
    assert_eq!(
        office.open().refuse_lost(&stolen.license, office.now()),
        Ok(1)
    );
    office.publish();
    assert_eq!(office.published(stolen.place), REVOKED);
    // The number is free: the driver is registered again.
    office.driver("D-1");
    office.pass(31 * DAY);
    office.publish();
    for phone in [&valid, &suspended, &stolen] {
        assert_eq!(office.published(phone.place), VALID, "no one's any more");
        assert!(is_resting(&office, phone.place));
    }
}

fn is_resting(office: &Office, place: Place) -> bool {
    office
        .open()
        .store
        .read(|transaction| {
            let taken: bool = transaction.query_row(
                "SELECT EXISTS (SELECT 1 FROM slots WHERE list = ? AND idx = ? AND issuance IS NULL)",
                (place.list, place.idx),
                |row| row.get(0),
            )?;
            Ok(taken && !unexplained::is_held(transaction, place)?)
        })
        .unwrap()
}

#[test]
fn without_issued_log_what_nothing_explains_is_unknown_for_37_days() {
    let office = Office::new();
    office.driver("D-0");
    let backup = office.backup("backup");
    let (suspended, revoked) = (office.driver("D-1"), office.driver("D-2"));
    office.set(&suspended.license, SUSPENDED);
    office.set(&revoked.license, REVOKED);
    office.publish();
    fs::remove_file(office.home().join("issued.log")).unwrap();
    office.restore(&backup);
    let told = office.reconcile();
    assert_eq!((told.unexplained, told.has_issued_log), (2, false));
    assert_eq!(office.published(suspended.place), UNKNOWN);
    assert_eq!(
        office.published(revoked.place),
        REVOKED,
        "what is final stays"
    );
    office.pass(36 * DAY);
    office.publish();
    assert_eq!(office.published(suspended.place), UNKNOWN);
    office.pass(DAY + 60);
    office.publish();
    assert_eq!(office.published(suspended.place), VALID);
    assert!(is_resting(&office, suspended.place));
}

#[test]
fn lists_that_are_nowhere_are_asked_for_and_a_copy_of_them_helps() {
    let office = Office::new();
    let phone = office.driver("D-1");
    let backup = office.backup("backup");
    office.set(&phone.license, REVOKED);
    office.publish();
    let mirror = office.path("mirror");
    copy_folder(&office.home().join("public"), &mirror);
    fs::remove_dir_all(office.home()).unwrap();
    office.restore(&backup);
    let missing = office.reconcile_with(&ReconcileOptions::default());
    assert_eq!(missing, Err(Error::ListsMissing { count: 1 }));
    assert!(matches!(
        Authority::open(&office.home()),
        Err(Error::OldRegister { .. })
    ));
    let told = office
        .reconcile_with(&ReconcileOptions {
            published: vec![mirror.clone()],
            ..ReconcileOptions::default()
        })
        .unwrap();
    assert_eq!(told.decided, [(phone.license.clone(), REVOKED)]);
    assert_eq!(office.published(phone.place), REVOKED);
}

#[test]
fn the_bundle_alone_speaks_for_lists_whose_files_are_lost() {
    let office = Office::new();
    let phone = office.driver("D-1");
    let backup = office.backup("backup");
    office.set(&phone.license, REVOKED);
    office.publish();
    fs::remove_file(office.home().join("public/s/0/0")).unwrap();
    office.restore(&backup);
    office.reconcile();
    assert_eq!(office.published(phone.place), REVOKED);
}

#[test]
fn a_head_that_was_kept_elsewhere_shows_that_a_database_is_old() {
    let office = Office::new();
    let phone = office.driver("D-1");
    let old = office.path("old");
    copy_folder(&office.home(), &old);
    office.set(&phone.license, SUSPENDED);
    office.pass(60);
    let head = fs::read(office.home().join("public/head")).unwrap();
    let with = |head: &[u8]| ReconcileOptions {
        head: Some(head.to_vec()),
        ..ReconcileOptions::default()
    };
    // A whole older copy of the home knows nothing of what came after it.
    assert!(Authority::open(&old).is_ok());
    let told = Authority::reconcile(&old, &with(&head), office.now());
    assert!(
        matches!(told, Err(Error::ListsOld { count: 1, lists, known }) if lists < known),
        "{told:?}"
    );
    assert!(
        Authority::open(&old).is_ok(),
        "nothing was changed by asking"
    );
    let far = br#"{"root":"00","epoch":1000000000000000000,"lists":0,"written":1}"#;
    for wrong in [&b"{}"[..], far] {
        assert_eq!(
            Authority::reconcile(&old, &with(wrong), office.now()),
            Err(Error::NoHead)
        );
    }
    let other = Office::new();
    let foreign = fs::read(other.home().join("public/head")).unwrap();
    assert_eq!(
        Authority::reconcile(&old, &with(&foreign), office.now()),
        Err(Error::ForeignRegister)
    );
}

/// A home, a whole older copy of it, and the published files of when one more driver was revoked
/// and another one's suspension was lifted.
fn an_old_copy(office: &Office) -> (Phone, Phone, PathBuf, PathBuf) {
    let (revoked, lifted) = (office.driver("D-1"), office.driver("D-2"));
    office.set(&lifted.license, SUSPENDED);
    office.publish();
    let old = office.path("old");
    copy_folder(&office.home(), &old);
    office.pass(HOUR);
    office.set(&revoked.license, REVOKED);
    office.set(&lifted.license, VALID);
    office.publish();
    let newest = office.path("newest");
    copy_folder(&office.home().join("public"), &newest);
    // From here on the old copy is the home.
    fs::remove_dir_all(office.home()).unwrap();
    fs::rename(&old, office.home()).unwrap();
    (revoked, lifted, old, newest)
}

fn options(head: Option<&Path>, published: &[&Path], without_lists: bool) -> ReconcileOptions {
    ReconcileOptions {
        head: head.map(|folder| fs::read(folder.join("head")).unwrap()),
        published: published.iter().map(|path| path.to_path_buf()).collect(),
        without_lists,
    }
}

#[test]
fn lists_that_are_older_than_the_newest_head_are_not_taken_for_the_newest() {
    let office = Office::new();
    let (revoked, lifted, old, newest) = an_old_copy(&office);
    copy_folder(&office.home().join("public"), &old);
    let asked = |options: &ReconcileOptions| office.reconcile_with(options);
    let stops = |options: &ReconcileOptions| {
        let told = asked(options);
        assert!(matches!(told, Err(Error::ListsOld { .. })), "{told:?}");
    };
    stops(&options(Some(&newest), &[], false));
    stops(&options(Some(&newest), &[&old], false));
    // A copy that has the newest head, and not the list.
    let partial = office.path("partial");
    copy_folder(&newest, &partial);
    fs::remove_dir_all(partial.join("s")).unwrap();
    stops(&options(None, &[&partial], false));
    // One without a head says nothing of how new it is.
    let headless = office.path("headless");
    copy_folder(&newest, &headless);
    fs::remove_file(headless.join("head")).unwrap();
    stops(&options(Some(&newest), &[&headless], false));
    let told = asked(&options(Some(&newest), &[&old, &newest], false)).unwrap();
    assert_eq!((told.lists_old, told.lists_missing), (0, 0));
    assert_eq!(told.without_head, 0);
    let again = asked(&options(None, &[&headless], false)).unwrap();
    assert_eq!((again.without_head, again.was_newest), (1, true));
    assert_eq!(told.decided, [(revoked.license.clone(), REVOKED)]);
    assert_eq!(office.published(revoked.place), REVOKED);
    assert_eq!(office.published(lifted.place), VALID);
}

#[test]
fn newer_lists_that_are_found_later_mend_a_reconciliation_that_went_on_without_them() {
    let office = Office::new();
    let (mut revoked, lifted, _, newest) = an_old_copy(&office);
    office.pass(HOUR);
    let told = office
        .reconcile_with(&options(Some(&newest), &[], true))
        .unwrap();
    assert_eq!((told.lists_old, told.mended), (1, false));
    assert_eq!(office.published(revoked.place), VALID, "no one knew it");
    let then = revoked.place;
    // Life goes on: the driver's phone renews, another driver comes and is suspended.
    office.pass(DAY);
    office.publish();
    office.renew(&mut revoked).unwrap();
    let later = office.driver("D-3");
    office.set(&later.license, SUSPENDED);
    office.pass(HOUR);
    office.publish();
    assert_ne!(revoked.place.list, then.list);
    let told = office
        .reconcile_with(&options(None, &[&newest], false))
        .unwrap();
    assert!(told.mended && !told.was_newest);
    assert_eq!(told.decided, [(revoked.license.clone(), REVOKED)]);
    assert_eq!(told.lifted, [(lifted.license.clone(), VALID)]);
    for place in [then, revoked.place] {
        assert_eq!(office.published(place), REVOKED);
    }
    assert_eq!(office.published(lifted.place), VALID);
    assert_eq!(office.published(later.place), SUSPENDED);
    assert_eq!(
        office.renew(&mut revoked),
        Err(Refused::Issue(IssueFault::Over))
    );
    // Repeating it decides nothing more.
    let told = office
        .reconcile_with(&options(None, &[&newest], false))
        .unwrap();
    assert!(told.decided.is_empty() && told.lifted.is_empty());
    // What was published since says what the register says.
    let own = office.path("own");
    copy_folder(&office.home().join("public"), &own);
    office.pass(HOUR);
    office.set(&later.license, VALID);
    let told = office
        .reconcile_with(&options(None, &[&own], false))
        .unwrap();
    assert!(told.was_newest);
    assert_eq!(office.published(later.place), VALID);
}

#[test]
fn a_driver_who_got_another_phone_after_a_poor_reconciliation_is_revoked_all_the_same() {
    let office = Office::new();
    let (revoked, _, _, newest) = an_old_copy(&office);
    office.pass(HOUR);
    office
        .reconcile_with(&options(Some(&newest), &[], true))
        .unwrap();
    office.pass(HOUR);
    let offered = office
        .open()
        .offer("D-1", OfferKind::Replace(None), office.now())
        .unwrap();
    let new = office.enroll(&offered);
    office.publish();
    assert_eq!(office.published(new.place), VALID);
    office
        .reconcile_with(&options(None, &[&newest], false))
        .unwrap();
    assert_eq!(office.published(new.place), REVOKED);
    assert_eq!(office.state_of(&revoked.license), REVOKED);
}

#[test]
fn a_code_that_was_redeemed_after_the_backup_gives_no_second_phone() {
    let office = Office::new();
    let (redeemed, open) = (office.add("D-1"), office.add("D-2"));
    let backup = office.backup("backup");
    office.enroll(&redeemed);
    office.restore(&backup);
    office.reconcile();
    for added in [&redeemed, &open] {
        let authority = office.open();
        let again = authority
            .register()
            .redeem(
                &code_of(added),
                Some(&added.tx_code),
                None,
                office.now().into(),
            )
            .unwrap();
        assert!(matches!(again, Err(TokenFault::Grant(_))));
    }
    let offered = office
        .open()
        .offer("D-2", OfferKind::First, office.now())
        .unwrap();
    office.enroll(&offered);
}

#[test]
fn reconciling_twice_or_a_sound_register_changes_nothing() {
    let office = Office::new();
    let phone = office.driver("D-1");
    let added = office.add("D-2");
    let told = office.reconcile();
    assert!(told.was_newest);
    let backup = office.backup("backup");
    office.set(&phone.license, SUSPENDED);
    office.restore(&backup);
    let first = office.reconcile();
    assert!(!first.was_newest && first.known > first.epoch);
    let second = office.reconcile();
    assert!(second.was_newest && second.epoch > first.known);
    assert_eq!(office.published(phone.place), SUSPENDED);
    drop(added);
}

#[test]
fn a_home_in_use_is_not_reconciled() {
    let office = Office::new();
    let guard = office.open();
    assert_eq!(
        office.reconcile_with(&ReconcileOptions::default()),
        Err(Error::InUse)
    );
    drop(guard);
}

#[test]
fn the_clock_is_judged_by_what_was_published_and_the_register_is_mended_also_where_it_is_in_doubt()
{
    let office = Office::new();
    let phone = office.driver("D-1");
    let backup = office.backup("backup");
    office.pass(20 * DAY);
    office.set(&phone.license, REVOKED);
    office.publish();
    let home = office.path("again");
    copy_folder(&office.home(), &home);
    // Another machine, or this one after a restart: the backup's last signature is three weeks old.
    let restarted = |days: u64| {
        let boot = Boot {
            id: BootId::new(7),
            since: Duration::from_secs(100 + days * DAY),
        };
        Moment::new(at(START + days * DAY), Some(boot))
    };
    office.restore(&backup);
    let options = ReconcileOptions::default();
    let told = Authority::reconcile(&office.home(), &options, restarted(21)).unwrap();
    assert_eq!(told.not_signed, None, "what was published is a day old");
    assert_eq!(office.published(phone.place), REVOKED);

    crate::backup::restore(&home, &backup, None, office.now()).unwrap();
    let told = Authority::reconcile(&home, &options, restarted(40)).unwrap();
    assert!(
        matches!(told.not_signed, Some(Error::ClockInDoubt { .. })),
        "{told:?}"
    );
    let authority = Authority::open(&home).unwrap();
    let today = restarted(40).wall().day();
    authority.accept_clock(today, restarted(40)).unwrap();
    let list = fs::read(home.join("public/s/0/0")).unwrap();
    let signed = UnverifiedStatusToken::parse(&list).unwrap().issued_at();
    assert!(signed > at(START + 39 * DAY));
}

#[test]
fn old_lists_whose_number_the_register_never_knew_are_published_again() {
    let office = Office::new();
    office.driver("D-0");
    let backup = office.backup("backup");
    // Two credentials of one license never share a list.
    let mut phone = office.driver("D-1");
    let mut places = vec![phone.place];
    for _ in 0..3 {
        office.pass(10 * DAY);
        office.publish();
        office.renew(&mut phone).unwrap();
        places.push(phone.place);
    }
    office.set(&phone.license, SUSPENDED);
    office.pass(300);
    office.publish();
    office.restore(&backup);
    let told = office.reconcile();
    assert!(told.lists_from >= 3);
    let authority = office.open();
    let count = authority.store.read(lists::count).unwrap();
    assert!(count >= told.lists_from);
    drop(authority);
    let living = places.split_off(1);
    for place in living {
        assert_eq!(office.published(place), SUSPENDED);
    }
}

#[test]
fn newer_lists_mend_a_poor_reconciliation_on_the_first_run_however_soon_they_come() {
    let office = Office::new();
    let (revoked, lifted, _, newest) = an_old_copy(&office);
    let own = office.home().join("public");
    // All within one second.
    office
        .reconcile_with(&options(Some(&newest), &[], true))
        .unwrap();
    for own in [vec![], vec![own.as_path()]] {
        let told = office.reconcile_with(&options(None, &own, false)).unwrap();
        assert!(told.was_newest && !told.mended, "{told:?}");
        assert_eq!(told.lists, 0, "its own lists fill no gap");
    }
    let told = office
        .reconcile_with(&options(None, &[&newest], false))
        .unwrap();
    assert!(told.mended && !told.was_newest);
    assert_eq!(told.decided, [(revoked.license.clone(), REVOKED)]);
    assert_eq!(told.lifted, [(lifted.license, VALID)]);
    assert_eq!(office.published(revoked.place), REVOKED);
    let told = office
        .reconcile_with(&options(None, &[&newest], false))
        .unwrap();
    assert!(told.was_newest && !told.mended, "nothing is left: {told:?}");
}

#[test]
fn newer_lists_mend_also_where_they_came_further_than_the_register_that_went_on() {
    let office = Office::new();
    let (revoked, _, _, newest) = an_old_copy(&office);
    office.pass(HOUR);
    let authority = office.open();
    let epoch = authority.store.read(crate::store::epoch::read).unwrap();
    drop(authority);
    let mut head: Value = serde_json::from_slice(&fs::read(newest.join("head")).unwrap()).unwrap();
    head["epoch"] = json!(epoch + 1);
    let little = ReconcileOptions {
        head: Some(head.to_string().into_bytes()),
        without_lists: true,
        ..ReconcileOptions::default()
    };
    office.reconcile_with(&little).unwrap();
    let far = fs::read(newest.join("head")).unwrap();
    let mut head: Value = serde_json::from_slice(&far).unwrap();
    head["epoch"] = json!(epoch + 50);
    fs::write(newest.join("head"), head.to_string()).unwrap();
    office.pass(HOUR);
    let told = office
        .reconcile_with(&options(None, &[&newest], false))
        .unwrap();
    assert!(told.was_older && told.mended, "{told:?}");
    // Of the other one, the home's own lists say the stricter.
    assert!(told.decided.contains(&(revoked.license.clone(), REVOKED)));
    assert_eq!(office.published(revoked.place), REVOKED);
}

#[test]
fn what_was_decided_between_a_mirror_and_the_end_of_issued_log_is_told_and_found_later() {
    let office = Office::new();
    let (revoked, suspended) = (office.driver("D-1"), office.driver("D-2"));
    let backup = office.backup("backup");
    office.pass(HOUR);
    office.set(&suspended.license, SUSPENDED);
    office.publish();
    let mirror = office.path("mirror");
    copy_folder(&office.home().join("public"), &mirror);
    office.pass(60);
    office.set(&revoked.license, REVOKED);
    office.driver("D-3");
    office.publish();
    let newest = office.path("newest");
    copy_folder(&office.home().join("public"), &newest);
    let log = office.path("issued.log");
    fs::copy(office.home().join("issued.log"), &log).unwrap();
    fs::remove_dir_all(office.home()).unwrap();
    crate::backup::restore(&office.home(), &backup, Some(&log), office.now()).unwrap();
    let told = office
        .reconcile_with(&options(None, &[&mirror], false))
        .unwrap();
    assert_eq!((told.lists_old, told.lists_missing), (0, 0));
    assert!(told.lists_up_to < told.known, "{told:?}");
    assert_eq!(told.decided, [(suspended.license.clone(), SUSPENDED)]);
    assert_eq!(office.published(revoked.place), VALID, "no one knew it");
    for _ in 0..2 {
        let told = office
            .reconcile_with(&options(None, &[&mirror], false))
            .unwrap();
        assert!(told.was_newest && told.lists == 0, "{told:?}");
        assert!(told.gap.is_some_and(|(lists, of)| lists < of), "{told:?}");
    }
    let told = office
        .reconcile_with(&options(None, &[&mirror, &newest], false))
        .unwrap();
    assert!(told.mended && told.gap.is_none(), "{told:?}");
    assert_eq!(told.decided, [(revoked.license.clone(), REVOKED)]);
    assert_eq!(office.published(revoked.place), REVOKED);
    // An older copy takes nothing back.
    let told = office
        .reconcile_with(&options(None, &[&mirror], false))
        .unwrap();
    assert!(told.was_newest && told.lists == 0, "{told:?}");
}

#[test]
fn a_head_that_is_newer_than_the_lists_beside_it_hides_nothing_for_good() {
    let office = Office::new();
    let (revoked, lifted, _, newest) = an_old_copy(&office);
    let mirror = office.path("mirror");
    copy_folder(&office.home().join("public"), &mirror);
    fs::copy(newest.join("head"), mirror.join("head")).unwrap();
    let told = office
        .reconcile_with(&options(None, &[&mirror], false))
        .unwrap();
    assert!(told.decided.is_empty(), "nothing tells: {told:?}");
    let told = office
        .reconcile_with(&options(None, &[&newest], false))
        .unwrap();
    assert!(told.mended);
    assert_eq!(told.decided, [(revoked.license.clone(), REVOKED)]);
    assert_eq!(told.lifted, [(lifted.license.clone(), VALID)]);
    assert_eq!(office.published(revoked.place), REVOKED);
    assert_eq!(office.published(lifted.place), VALID);
    let told = office
        .reconcile_with(&options(None, &[&mirror], false))
        .unwrap();
    assert!(told.was_newest && !told.mended, "{told:?}");
    assert_eq!(office.published(lifted.place), VALID);
}

#[test]
fn newer_lists_that_decide_nothing_else_are_not_called_taken_over() {
    let office = Office::new();
    let phone = office.driver("D-1");
    let backup = office.backup("backup");
    office.pass(HOUR);
    office.set(&phone.license, SUSPENDED);
    office.publish();
    let mirror = office.path("mirror");
    copy_folder(&office.home().join("public"), &mirror);
    // The same states, signed again.
    office.pass(3 * DAY);
    office.publish();
    let newest = office.path("newest");
    copy_folder(&office.home().join("public"), &newest);
    fs::remove_dir_all(office.home()).unwrap();
    office.pass(60);
    office.restore(&backup);
    office
        .reconcile_with(&options(None, &[&mirror], false))
        .unwrap();
    let told = office
        .reconcile_with(&options(None, &[&newest], false))
        .unwrap();
    assert_eq!((told.lists, told.mended, told.gap), (1, false, None));
    assert!(told.was_newest);
}

#[test]
fn what_an_earlier_version_noted_of_a_poor_reconciliation_still_helps() {
    let office = Office::new();
    let (revoked, _, _, newest) = an_old_copy(&office);
    office.pass(HOUR);
    office
        .reconcile_with(&options(Some(&newest), &[], true))
        .unwrap();
    office
        .open()
        .store
        .write(|transaction| {
            let gap = crate::store::reconcile::gaps(transaction)?.remove(0);
            let detail = format!("{} {}", gap.known, gap.lists_from);
            transaction.execute(
                "UPDATE events SET detail = ? WHERE kind = 'reconciled_without_lists'",
                [detail],
            )?;
            Ok(())
        })
        .unwrap();
    let told = office
        .reconcile_with(&options(None, &[&newest], false))
        .unwrap();
    assert!(told.mended);
    assert_eq!(office.published(revoked.place), REVOKED);
    for _ in 0..2 {
        let told = office
            .reconcile_with(&options(None, &[&newest], false))
            .unwrap();
        assert!(told.was_newest && !told.mended);
    }
}

#[test]
fn a_home_that_lost_only_its_database_lacks_no_list() {
    let office = Office::new();
    let phone = office.driver("D-1");
    office.publish();
    let backup = office.backup("backup");
    // Nothing came after it.
    office.restore(&backup);
    let told = office.reconcile();
    assert_eq!((told.known, told.lists_up_to), (told.epoch, told.epoch));
    assert!(told.was_older && told.without_phone == 0);
    let backup = office.backup("again");
    office.set(&phone.license, SUSPENDED);
    office.driver("D-2");
    office.publish();
    office.restore(&backup);
    let told = office.reconcile();
    assert!(told.known > told.epoch);
    assert_eq!(told.lists_up_to, told.known);
}

#[test]
fn licenses_without_a_phone_are_counted_for_what_was_decided_about_them_is_lost() {
    let office = Office::new();
    office.driver("D-1");
    let added = office.add("D-2");
    let backup = office.backup("backup");
    office.set(&added.license_id, SUSPENDED);
    office.publish();
    office.restore(&backup);
    let told = office.reconcile();
    assert_eq!((told.without_phone, told.decided.len()), (1, 0));
    assert_eq!(office.state_of(&added.license_id), VALID);
}

#[test]
fn a_later_copy_of_the_same_lists_shows_that_nothing_is_lost() {
    let office = Office::new();
    let phone = office.driver("D-1");
    let backup = office.backup("backup");
    office.set(&phone.license, SUSPENDED);
    office.publish();
    let mirror = office.path("mirror");
    copy_folder(&office.home().join("public"), &mirror);
    office.add("D-2");
    office.publish();
    let newest = office.path("newest");
    copy_folder(&mirror, &newest);
    fs::copy(office.home().join("public/head"), newest.join("head")).unwrap();
    // Only the file beside the keys knows of the later change.
    office.pass(60);
    fs::remove_dir_all(office.home().join("public")).unwrap();
    office.restore(&backup);
    let head = fs::read_to_string(office.home().join("keys/epoch")).unwrap();
    let mut head: Value = serde_json::from_str(&head).unwrap();
    head["published"] = json!(0);
    fs::write(office.home().join("keys/epoch"), head.to_string()).unwrap();
    let told = office
        .reconcile_with(&options(None, &[&mirror], false))
        .unwrap();
    assert!(told.lists_up_to < told.known, "{told:?}");
    assert!(office.reconcile().gap.is_some());
    let told = office
        .reconcile_with(&options(None, &[&newest], false))
        .unwrap();
    assert_eq!((told.mended, told.gap), (false, None));
    assert!(office.reconcile().gap.is_none());
}
