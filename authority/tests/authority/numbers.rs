//! A license number is registered once, and what stands against it cannot be shed by registering
//! anew.

use vidimus_authority::{Authority, Decision, EndReason, Error, InitOptions, OfferKind, init};
use vidimus_credential::LicenseStatus;

use crate::common::{
    LIVE, START, Town, at, count, database, key, license_of, portrait, published, refused,
};

fn authority() -> (tempfile::TempDir, Authority) {
    let folder = tempfile::tempdir().unwrap();
    let options = InitOptions {
        issuer: Some("https://license.example".to_owned()),
        ..InitOptions::default()
    };
    init(folder.path(), options, at(START)).unwrap();
    let authority = Authority::open(folder.path()).unwrap();
    (folder, authority)
}

fn decision(event: &str, license: &str, state: LicenseStatus, until: Option<u64>) -> Decision {
    Decision {
        event: event.to_owned(),
        license: license.to_owned(),
        state,
        reason: None,
        from: None,
        until: until.map(at),
        lifts: None,
    }
}

#[test]
fn a_live_number_is_not_added_twice_in_whatever_way_it_is_written() {
    let (_folder, authority) = authority();
    let picture = portrait(150, 200);
    let add = |number: &str| authority.add_license(&license_of(number), &picture, at(START));
    let id = add("ZZ-10.29 38").unwrap().license_id;
    for same in [
        "ZZ-10.29 38",
        "zz102938",
        "ZZ\u{2011}10\u{2011}2938",
        "Zz 10 29 38",
    ] {
        let taken = Error::NumberTaken {
            license: id.clone(),
        };
        assert_eq!(add(same).err(), Some(taken), "{same}");
    }
    assert!(add("ZZ-102939").is_ok());
    for name in [id.as_str(), "zz 102938"] {
        let found = authority.find_license(name, at(START)).unwrap();
        assert_eq!(found.row.id, id);
    }
    assert_eq!(authority.licenses(None, 10, at(START)).unwrap().len(), 2);
}

#[tokio::test]
async fn a_suspended_driver_who_is_registered_again_is_not_accepted_on_the_next_phone() {
    let town = Town::new().await;
    let authority = town.authority();
    let first = town.enroll(&town.add_license(), &key(0)).await;
    let number = first.credential.claims().license.license_number();
    authority
        .set_status(number, LicenseStatus::Suspended, town.now())
        .unwrap();
    let again = authority.add_license(&license_of(number), &portrait(150, 200), town.now());
    assert!(matches!(again, Err(Error::NumberTaken { .. })));
    // Another phone, a phone in the place of the first, and a license registered anew after an end:
    // each is suspended from its first second on.
    let beside = authority
        .offer(number, OfferKind::Beside, town.now())
        .unwrap();
    let beside = town.enroll(&beside, &key(1)).await.credential;
    let replace = OfferKind::Replace(Some(1));
    let replaced = authority.offer(number, replace, town.now()).unwrap();
    let replaced = town.enroll(&replaced, &key(2)).await.credential;
    authority
        .end_license(number, EndReason::Mistake, town.now())
        .unwrap();
    let anew = authority
        .add_license(&license_of(number), &portrait(150, 200), town.now())
        .unwrap();
    let anew = town.enroll(&anew, &key(3)).await.credential;
    for (credential, state) in [
        (&first.credential, LicenseStatus::Revoked),
        (&beside, LicenseStatus::Revoked),
        (&replaced, LicenseStatus::Revoked),
        (&anew, LicenseStatus::Suspended),
    ] {
        let claims = credential.claims();
        let (reads, signed) = published(town.home(), &town.issuer, &claims.status);
        assert_eq!(reads, state);
        assert!(claims.iat <= signed);
    }
    // No list of before its issue could say anything else: the state was signed first.
    let (_, signed) = published(town.home(), &town.issuer, &anew.claims().status);
    assert_eq!(anew.claims().iat, signed);
}

#[test]
fn only_an_end_frees_a_number_and_what_was_in_force_stays_in_force() {
    let (_folder, authority) = authority();
    let picture = portrait(150, 200);
    let add = || authority.add_license(&license_of("ZZ-7"), &picture, at(START + 10));
    add().unwrap();
    let batch = [
        decision(
            "court-1",
            "ZZ-7",
            LicenseStatus::Suspended,
            Some(START + 1_000),
        ),
        decision("points-1", "ZZ-7", LicenseStatus::PointsLimit, None),
    ];
    authority.decide(&batch, "court", at(START + 1)).unwrap();
    for _ in 0..2 {
        authority
            .end_license("ZZ-7", EndReason::Surrendered, at(START + 5))
            .unwrap();
    }
    let id = add().unwrap().license_id;
    let status = |now| authority.find_license("ZZ-7", at(now)).unwrap().row.status;
    assert_eq!(status(START + 10), LicenseStatus::Suspended);
    assert_eq!(status(START + 1_000), LicenseStatus::PointsLimit);
    let found = authority.find_license("ZZ-7", at(START + 10)).unwrap();
    assert_eq!(found.row.id, id);
    assert_eq!(found.decisions[0].event, format!("court-1+{id}"));
    assert_eq!(found.decisions[0].by, "court");
}

#[test]
fn after_a_revocation_a_license_is_added_by_its_event_and_not_before_its_term() {
    let (_folder, authority) = authority();
    let picture = portrait(150, 200);
    let (license, term) = (license_of("ZZ-7"), START + 1_000);
    let add = |now| authority.add_license(&license, &picture, at(now));
    let after = |event: &str, now| authority.add_license_after(event, &license, &picture, at(now));
    let first = add(START).unwrap().license_id;
    assert_eq!(
        after("court-9", START).err(),
        Some(Error::NumberTaken {
            license: first.clone()
        })
    );
    let revoked = [decision(
        "court-9",
        "ZZ-7",
        LicenseStatus::Revoked,
        Some(term),
    )];
    authority.decide(&revoked, "court", at(START + 1)).unwrap();
    let stands = Error::NumberRevoked {
        license: first.clone(),
        event: "court-9".to_owned(),
    };
    assert_eq!(add(START + 2).err(), Some(stands.clone()));
    assert_eq!(
        after("court-8", START + 2).err(),
        Some(Error::OtherRevocation)
    );
    let until = Error::RevokedUntil { until: at(term) };
    assert_eq!(after("court-9", term - 1).err(), Some(until.clone()));
    // Ending the row does not help either.
    authority
        .end_license("ZZ-7", EndReason::Mistake, at(START + 3))
        .unwrap();
    assert_eq!(add(term).err(), Some(stands));
    assert_eq!(after("court-9", term - 1).err(), Some(until));
    let second = after("court-9", term).unwrap().license_id;
    assert_ne!(second, first);
    let found = authority.find_license("zz7", at(term)).unwrap();
    assert_eq!(
        (found.row.id, found.row.status),
        (second, LicenseStatus::Valid)
    );
}

#[test]
fn a_revoked_license_that_is_still_there_gives_way_to_the_new_one() {
    let (_folder, authority) = authority();
    let picture = portrait(150, 200);
    let (license, term) = (license_of("ZZ-8"), START + 1_000);
    let first = authority
        .add_license(&license, &picture, at(START))
        .unwrap()
        .license_id;
    let forever = [decision(
        "court-1",
        "ZZ-8",
        LicenseStatus::Revoked,
        Some(term),
    )];
    authority.decide(&forever, "court", at(START + 1)).unwrap();
    let second = authority
        .add_license_after("court-1", &license, &picture, at(term))
        .unwrap()
        .license_id;
    let row = authority.find_license(&first, at(term)).unwrap().row;
    assert_eq!(
        (row.status, row.end().unwrap().at),
        (LicenseStatus::Revoked, at(term))
    );
    // The new one is a license like any other: the old revocation is served.
    authority
        .end_license(&second, EndReason::Mistake, at(term + 1))
        .unwrap();
    authority
        .add_license(&license, &picture, at(term + 2))
        .unwrap();

    let other = license_of("ZZ-9");
    authority.add_license(&other, &picture, at(START)).unwrap();
    let forever = [decision("court-2", "ZZ-9", LicenseStatus::Revoked, None)];
    authority.decide(&forever, "court", at(START + 1)).unwrap();
    let again = authority.add_license_after("court-2", &other, &picture, at(START + 1_000_000));
    assert_eq!(again.err(), Some(Error::RevokedForGood));
}

#[tokio::test]
async fn what_had_ended_cannot_be_redeemed_renewed_or_offered() {
    let town = Town::new().await;
    let authority = town.authority();
    let added = town.add_license();
    let phone = town.enroll(&added, &key(0)).await;
    let waiting = authority
        .offer(&added.license_id, OfferKind::Beside, town.now())
        .unwrap();
    authority
        .end_license(&added.license_id, EndReason::Death, town.now())
        .unwrap();
    assert_eq!(town.status_of(&phone.credential), LicenseStatus::Revoked);
    assert_eq!(
        town.redeem(&waiting).await.refusal(),
        refused(400, "invalid_grant")
    );
    assert_eq!(
        town.refresh(&phone.refresh).await.refusal(),
        refused(400, "invalid_grant")
    );
    assert_eq!(
        town.credential(&phone.access, &key(0)).await.refusal(),
        refused(401, "invalid_token")
    );
    let offer = authority.offer(&added.license_id, OfferKind::First, town.now());
    assert_eq!(offer.err(), Some(Error::RowEnded));
    assert_eq!(count(town.home(), LIVE), 0);
}

#[test]
fn a_look_alike_of_a_suspended_number_is_that_number() {
    let (_folder, authority) = authority();
    let picture = portrait(150, 200);
    let first = authority
        .add_license(&license_of("ZZ-70"), &picture, at(START))
        .unwrap()
        .license_id;
    authority
        .set_status("ZZ-70", LicenseStatus::Suspended, at(START))
        .unwrap();
    for alike in [
        "ZZ-70\u{200d}",
        "ZZ\u{200c}-70",
        "ZZ-70\u{fe00}",
        "ＺＺ７０",
        "ZZ-٧٠",
        "ZZ⁷⁰",
        "ZZ_70",
        "ZZ\u{30fb}70",
        "ZZ\u{ff65}70",
        "ZZ\u{2043}70",
        "ZZ-70\u{301}",
        "\u{396}\u{396}-70",
    ] {
        let taken = Error::NumberTaken {
            license: first.clone(),
        };
        let again = authority.add_license(&license_of(alike), &picture, at(START));
        assert_eq!(again.err(), Some(taken), "{alike:?}");
        let found = authority.find_license(alike, at(START)).unwrap().row;
        assert_eq!(
            (found.id, found.status),
            (first.clone(), LicenseStatus::Suspended)
        );
    }
    authority
        .set_status("ＺＺ–７０", LicenseStatus::Valid, at(START))
        .unwrap();
    let found = authority.find_license("ZZ-70", at(START)).unwrap();
    assert_eq!(found.row.status, LicenseStatus::Valid);
}

/// Gives a license the number and the key that an earlier program would have stored.
fn store_as_before(home: &std::path::Path, id: &str, number: &str, key: &str) {
    database(home)
        .execute(
            "UPDATE licenses SET driver = replace(driver, number, ?2), number = ?2, number_key = ?3
             WHERE id = ?1",
            [id, number, key],
        )
        .unwrap();
}

#[test]
fn a_home_of_before_finds_its_numbers_and_names_two_rows_that_look_alike() {
    let (folder, authority) = authority();
    let picture = portrait(150, 200);
    let add = |authority: &Authority, number: &str| {
        authority
            .add_license(&license_of(number), &picture, at(START))
            .map(|added| added.license_id)
    };
    let one = add(&authority, "ZZ-70").unwrap();
    let other = add(&authority, "ZZ-71").unwrap();
    let ended = add(&authority, "ZZ-72").unwrap();
    authority
        .set_status(&ended, LicenseStatus::Suspended, at(START))
        .unwrap();
    authority
        .end_license(&ended, EndReason::Mistake, at(START))
        .unwrap();
    drop(authority);
    store_as_before(folder.path(), &one, "ZZ-70", "ZZ70");
    store_as_before(folder.path(), &other, "ZZ-70\u{200d}", "ZZ70\u{200d}");
    store_as_before(folder.path(), &ended, "ZZ_72", "ZZ_72");

    for _ in 0..2 {
        let authority = Authority::open(folder.path()).unwrap();
        let twice = Error::NumberTwice {
            one: one.clone(),
            other: other.clone(),
        };
        assert_eq!(add(&authority, "zz 70").err(), Some(twice.clone()));
        let suspended = authority.set_status("ZZ-70", LicenseStatus::Suspended, at(START));
        assert_eq!(suspended.err(), Some(twice));
        for id in [&one, &other] {
            let found = authority.find_license(id, at(START)).unwrap();
            assert_eq!(found.row.id, *id);
        }
    }
    let authority = Authority::open(folder.path()).unwrap();
    authority
        .edit_license(&other, Some(&license_of("ZZ-70")), None, at(START))
        .unwrap();
    authority
        .end_license(&one, EndReason::Mistake, at(START))
        .unwrap();
    let found = authority.find_license("ZZ-70", at(START)).unwrap();
    assert_eq!(found.row.id, other);
    assert_eq!(
        add(&authority, "ZZ-70").err(),
        Some(Error::NumberTaken {
            license: other.clone()
        })
    );
    authority
        .end_license(&other, EndReason::Mistake, at(START))
        .unwrap();
    add(&authority, "ZZ-70").unwrap();
    // What stood against an ended row counts against the number as it is compared now.
    add(&authority, "ZZ-72").unwrap();
    let found = authority.find_license("ZZ-72", at(START)).unwrap();
    assert_eq!(found.row.status, LicenseStatus::Suspended);
}

/// Two live licenses of one number, as numbers are compared now: their ids.
fn twins(folder: &std::path::Path, authority: Authority) -> (Authority, String, String) {
    let picture = portrait(150, 200);
    let add = |number: &str| {
        authority
            .add_license(&license_of(number), &picture, at(START))
            .unwrap()
            .license_id
    };
    let (one, other) = (add("ZZ-70"), add("ZZ-71"));
    drop(authority);
    store_as_before(folder, &one, "ZZ-70", "ZZ70");
    store_as_before(folder, &other, "ZZ_70", "ZZ_70");
    (Authority::open(folder).unwrap(), one, other)
}

#[test]
fn what_is_in_force_against_one_of_two_licenses_of_a_number_is_shed_by_no_end() {
    for suspend_first in [true, false] {
        let (folder, authority) = authority();
        let (authority, one, other) = twins(folder.path(), authority);
        let (ends, stays) = if suspend_first {
            (&one, &other)
        } else {
            (&other, &one)
        };
        let status = |authority: &Authority, of: &str| {
            authority.find_license(of, at(START)).unwrap().row.status
        };
        let end = |of: &str| authority.end_license(of, EndReason::Mistake, at(START));
        authority
            .set_status(ends, LicenseStatus::Suspended, at(START))
            .unwrap();
        end(ends).unwrap();
        assert_eq!(status(&authority, stays), LicenseStatus::Suspended);
        assert_eq!(status(&authority, "ZZ-70"), LicenseStatus::Suspended);
        end(stays).unwrap();
        let add = || authority.add_license(&license_of("ZZ-70"), &portrait(150, 200), at(START));
        add().unwrap();
        assert_eq!(status(&authority, "ZZ-70"), LicenseStatus::Suspended);
        // What was lifted there does not come back from the rows of before.
        authority
            .set_status("ZZ-70", LicenseStatus::Valid, at(START))
            .unwrap();
        assert_eq!(status(&authority, "ZZ-70"), LicenseStatus::Valid);
        end("ZZ-70").unwrap();
        add().unwrap();
        assert_eq!(status(&authority, "ZZ-70"), LicenseStatus::Valid);
    }
}

#[test]
fn the_license_of_a_number_takes_over_from_all_that_had_it_side_by_side() {
    let (folder, authority) = authority();
    let (authority, one, other) = twins(folder.path(), authority);
    drop(authority);
    // Both ended with a program that carried nothing over.
    let database = database(folder.path());
    database
        .execute(
            "INSERT INTO decisions (event, license, state, begins, by, made)
             VALUES ('police-1', ?1, 2, ?2, 'court', ?2)",
            (&one, i64::try_from(START).unwrap()),
        )
        .unwrap();
    for id in [&one, &other] {
        database
            .execute(
                "INSERT INTO events (at, license, kind) VALUES (1, ?, 'ended')",
                [id],
            )
            .unwrap();
        database
            .execute(
                "UPDATE licenses SET ended = 1, end_reason = 'mistake' WHERE id = ?",
                [id],
            )
            .unwrap();
    }
    let authority = Authority::open(folder.path()).unwrap();
    let picture = portrait(150, 200);
    authority
        .add_license(&license_of("ZZ-70"), &picture, at(START))
        .unwrap();
    let found = authority.find_license("ZZ-70", at(START)).unwrap();
    assert_eq!(found.row.status, LicenseStatus::Suspended);
}

#[test]
fn a_revoked_license_does_not_end_while_another_of_its_number_is_not_revoked() {
    let (folder, authority) = authority();
    let (authority, one, other) = twins(folder.path(), authority);
    authority
        .set_status(&one, LicenseStatus::Revoked, at(START))
        .unwrap();
    let end = |of: &str| {
        authority
            .end_license(of, EndReason::Mistake, at(START))
            .err()
    };
    let refused = Error::TwinNotRevoked {
        other: other.clone(),
    };
    assert_eq!(end(&one), Some(refused));
    assert_eq!(end(&other), None);
    assert_eq!(end(&one), None);
    let again = authority.add_license(&license_of("ZZ-70"), &portrait(150, 200), at(START));
    assert!(matches!(again, Err(Error::NumberRevoked { license, .. }) if license == one));
}

#[test]
fn what_is_to_come_against_a_number_outlives_its_row() {
    let (_folder, authority) = authority();
    let picture = portrait(150, 200);
    let add = |number: &str| {
        authority
            .add_license(&license_of(number), &picture, at(START))
            .unwrap()
            .license_id
    };
    let later = |decision: Decision| Decision {
        from: Some(at(START + 1_000)),
        ..decision
    };
    add("ZZ-2");
    let revoked = later(decision("court-2", "ZZ-2", LicenseStatus::Revoked, None));
    authority.decide(&[revoked], "court", at(START)).unwrap();
    add("ZZ-3");
    let batch = [
        decision("police-3", "ZZ-3", LicenseStatus::Suspended, None),
        later(decision("lift-3", "ZZ-3", LicenseStatus::Valid, None)),
    ];
    authority.decide(&batch, "court", at(START)).unwrap();
    for _ in 0..2 {
        for number in ["ZZ-2", "ZZ-3"] {
            authority
                .end_license(number, EndReason::Mistake, at(START))
                .unwrap();
            add(number);
        }
    }
    let status = |number: &str, now| authority.find_license(number, at(now)).unwrap().row.status;
    assert_eq!(status("ZZ-2", START + 999), LicenseStatus::Valid);
    assert_eq!(status("ZZ-2", START + 1_000), LicenseStatus::Revoked);
    assert_eq!(status("ZZ-3", START + 999), LicenseStatus::Suspended);
    assert_eq!(status("ZZ-3", START + 1_000), LicenseStatus::Valid);
    // Once it holds, it stands against the number whether a row was registered meanwhile or not.
    authority
        .end_license("ZZ-2", EndReason::Mistake, at(START + 1_001))
        .unwrap();
    let again = authority.add_license(&license_of("ZZ-2"), &picture, at(START + 1_002));
    assert!(matches!(again, Err(Error::NumberRevoked { .. })));
}

#[test]
fn of_several_revocations_the_strictest_counts() {
    let (_folder, authority) = authority();
    let picture = portrait(150, 200);
    let license = license_of("ZZ-3");
    authority
        .add_license(&license, &picture, at(START))
        .unwrap();
    let mild = Decision {
        from: Some(at(START + 2)),
        ..decision("mild", "ZZ-3", LicenseStatus::Revoked, Some(START + 6))
    };
    let long = Decision {
        from: Some(at(START + 5_000)),
        ..decision("long", "ZZ-3", LicenseStatus::Revoked, Some(START + 9_000))
    };
    let batch = [mild.clone(), long];
    authority.decide(&batch, "court", at(START)).unwrap();
    let after = |event: &str, now| {
        authority
            .add_license_after(event, &license, &picture, at(now))
            .err()
    };
    // The second one has not begun, and its term is to be waited for all the same.
    let until = Error::RevokedUntil {
        until: at(START + 9_000),
    };
    assert_eq!(after("mild", START + 7), Some(until.clone()));
    assert_eq!(after("mild", START + 8_999), Some(until));
    assert_eq!(after("mild", START + 9_000), None);

    let license = license_of("ZZ-4");
    authority
        .add_license(&license, &picture, at(START))
        .unwrap();
    let mild = Decision {
        event: "mild-4".to_owned(),
        license: "ZZ-4".to_owned(),
        ..mild
    };
    let forever = decision("forever", "ZZ-4", LicenseStatus::Revoked, None);
    let batch = [mild, forever];
    authority.decide(&batch, "court", at(START + 1)).unwrap();
    for event in ["mild-4", "forever"] {
        let again = authority.add_license_after(event, &license, &picture, at(START + 7));
        assert_eq!(again.err(), Some(Error::RevokedForGood), "{event}");
    }
    let unnamed = authority.add_license(&license, &picture, at(START + 7));
    assert!(matches!(
        unnamed,
        Err(Error::NumberRevoked { event, .. }) if event == "forever"
    ));
}
