//! A clock in doubt, and its repair.

use super::*;

#[test]
fn a_clock_in_doubt_stops_signing_and_neither_decisions_nor_what_is_published() {
    let office = Office::at(moment(START, 1, 1_000));
    office.lists(1, moment(START, 1, 1_000));
    let before = (
        office.list_bytes(0),
        fs::read(office.authority.home.trust_list()).unwrap(),
    );
    let year = 365 * DAY;
    for (wrong, expected) in [
        (moment(START + 3_600 + 60, 1, 1_060), START + 60),
        (moment(START + year, 1, 1_060), START + 60),
        (moment(START - 3_600, 1, 1_060), START + 60),
        (moment(START + 8 * DAY, 2, 5), START),
        (moment(START - 301, 2, 5), START),
        (Moment::new(at(START + year), None), START),
    ] {
        let doubt = Error::ClockInDoubt {
            clock: wrong.wall(),
            expected: at(expected),
        };
        office.change(0, 9, 0);
        assert_eq!(office.set(0, 9, SUSPENDED, wrong), Err(doubt.clone()));
        assert_eq!(office.authority.publish(wrong), Err(doubt.clone()));
        let rotation = Rotation {
            at_once: true,
            ..Rotation::default()
        };
        assert_eq!(
            office.authority.rotate_keys(&rotation, wrong),
            Err(doubt.clone())
        );
        let state = office.authority.clock(wrong).unwrap();
        assert!(state.in_doubt && state.clock == wrong.wall());
        assert_eq!(state.expected, Some(at(expected)));
        let after = (
            office.list_bytes(0),
            fs::read(office.authority.home.trust_list()).unwrap(),
        );
        assert!(before == after);
        assert_eq!(office.keys(), 5);
    }
    // The clock is right again: what was decided is signed.
    let right = moment(START + 120, 1, 1_120);
    office.authority.publisher().refresh(right).unwrap();
    assert_eq!(office.list(0).status(9), Ok(LicenseStatus::Suspended));
    assert!(!office.authority.clock(right).unwrap().in_doubt);
}

#[test]
fn a_right_clock_is_accepted_by_the_date_and_a_wrong_one_is_repaired() {
    let office = Office::at(moment(START, 1, 0));
    office.lists(2, moment(START, 1, 0));
    let right = moment(START + 21 * DAY, 2, 5);
    office.set(0, 1, SUSPENDED, right).unwrap_err();
    let wrong_day = office.authority.accept_clock(today(), right);
    assert!(matches!(wrong_day, Err(Error::NotToday { .. })));
    office
        .authority
        .accept_clock(right.wall().day(), right)
        .unwrap();
    assert_eq!(office.list(0).status(1), Ok(LicenseStatus::Suspended));
    assert_eq!(office.trust().serial(), 0);
    let nothing = office.authority.repair_clock(right.wall().day(), right);
    assert_eq!(nothing, Err(Error::NothingToRepair));
}

#[test]
fn a_repair_takes_back_what_was_dated_ahead_under_the_same_uri() {
    let year = 365 * DAY;
    let office = Office::at(moment(START, 1, 0));
    office.lists(2, moment(START, 1, 0));
    let before = office.trust();
    let honest = office.list_bytes(1);
    // Someone accepts a clock that is a year ahead; for two seconds the authority signs by it.
    let wrong = moment(START + year, 2, 5);
    office
        .authority
        .accept_clock(wrong.wall().day(), wrong)
        .unwrap();
    office.set(0, 1, SUSPENDED, wrong).unwrap();
    office
        .authority
        .publish(wrong.after(Duration::from_secs(2)))
        .unwrap();
    let (ahead, poisoned) = (office.list_bytes(0), office.trust());
    assert!(poisoned.issued_at() > at(START + year - DAY));
    let right = moment(START + 600, 3, 5);
    let doubt = office.set(0, 2, SUSPENDED, right);
    assert!(matches!(doubt, Err(Error::ClockInDoubt { .. })));
    let too_early = office.authority.accept_clock(today(), right);
    assert!(matches!(too_early, Err(Error::SignedAhead { .. })));
    office.authority.repair_clock(today(), right).unwrap();

    let trust = office.trust();
    assert_eq!(
        (trust.serial(), trust.issued_at()),
        (1, at(START + 600 - LEAD))
    );
    assert!(trust.is_newer_than(&poisoned));
    for number in [0, 1] {
        let list = office.list(number);
        assert_eq!(list.uri(), format!("{ISSUER}/s/0/{number}"));
        assert_eq!(list.issued_at(), at(START + 600 - LEAD));
    }
    assert_eq!(office.list(0).status(1), Ok(LicenseStatus::Suspended));
    assert_eq!(office.list(0).status(2), Ok(LicenseStatus::Suspended));
    assert!(office.bundle(0).issued_at() <= right.wall());
    // What was dated ahead never counts; what was signed before does, until its end.
    assert_eq!(office.read_list(&ahead).err(), Some(Fault::KeyNotInForce));
    assert!(office.read_list(&honest).is_ok());
    let retired: Vec<_> = of(&trust, Purpose::Status)
        .into_iter()
        .filter(|entry| entry.signed_until.is_some())
        .collect();
    assert_eq!(retired.len(), 1);
    assert!(retired[0].signed_until <= Some(right.wall()));
    assert!(retired[0].expires <= right.wall().saturating_add(STATUS_LIFE));
    // Readers with the first list know the keys that sign now.
    let (kid, _) = office
        .authority
        .store
        .read(|transaction| {
            office
                .authority
                .keys
                .current(transaction, KeyUse::Credential)
        })
        .map(|(key, nbf)| (vidimus_credential::Signer::verifying_key(&*key).kid(), nbf))
        .unwrap();
    assert!(before.find(kid).is_some());
    assert_eq!(office.keys(), 5);
    assert!(!office.authority.clock(right).unwrap().in_doubt);
    office
        .set(0, 3, SUSPENDED, right.after(Duration::from_secs(60)))
        .unwrap();
}
