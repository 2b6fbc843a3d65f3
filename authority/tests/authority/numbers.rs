//! A license number is registered once, and what stands against it cannot be shed by registering anew.

use vidimus_authority::{Authority, Decision, EndReason, Error, InitOptions, OfferKind, init};
use vidimus_credential::LicenseStatus;

use crate::common::{LIVE, START, Town, at, count, key, license_of, portrait, published, refused};

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
    // Another phone, a phone in the place of the first, and a license registered anew after an end: each
    // is suspended from its first second on.
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
        (row.status, row.ended.unwrap().0),
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
