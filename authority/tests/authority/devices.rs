//! A license on several phones, on another phone, and on one that was lost.

use vidimus_authority::{DeviceEnd, EndReason, Error, OfferKind};
use vidimus_credential::LicenseStatus;

use crate::common::{Town, count, key, refused};

#[tokio::test]
async fn an_offer_says_what_becomes_of_the_phone_that_holds_the_license() {
    let town = Town::new().await;
    let authority = town.authority();
    let added = town.add_license();
    let id = added.license_id.as_str();
    let offer = |kind| authority.offer(id, kind, town.now());
    // The first offer was lost: another one voids it.
    let second = offer(OfferKind::First).unwrap();
    assert_eq!(
        town.redeem(&added).await.refusal(),
        refused(400, "invalid_grant")
    );
    let old = town.enroll(&second, &key(0)).await;
    assert_eq!(offer(OfferKind::First).err(), Some(Error::HasDevices));
    assert_eq!(
        offer(OfferKind::Replace(Some(99))).err(),
        Some(Error::UnknownDevice)
    );

    let replacing = offer(OfferKind::Replace(None)).unwrap();
    let tokens = town.redeem(&replacing).await;
    assert_eq!(
        town.status_of(&old.credential),
        LicenseStatus::Valid,
        "the old phone is good until the new one has the license"
    );
    let new = town.fetch(&tokens, &key(1)).await;
    assert_eq!(town.status_of(&old.credential), LicenseStatus::Superseded);
    assert_eq!(town.status_of(&new.credential), LicenseStatus::Valid);
    assert_eq!(
        town.refresh(&old.refresh).await.refusal(),
        refused(400, "invalid_grant")
    );
    let devices = authority.find_license(id, town.now()).unwrap().devices;
    let ends: Vec<_> = devices
        .iter()
        .map(|device| device.end_reason.as_deref())
        .collect();
    assert_eq!(ends, [Some("replaced"), None]);
}

#[tokio::test]
async fn a_second_phone_comes_beside_the_first_and_a_third_one_does_not() {
    let town = Town::new().await;
    let authority = town.authority();
    let added = town.add_license();
    let id = added.license_id.as_str();
    let first = town.enroll(&added, &key(0)).await;
    let beside = authority.offer(id, OfferKind::Beside, town.now()).unwrap();
    let second = town.enroll(&beside, &key(1)).await;
    // What counts is how many may have the license when an offer is used.
    authority.set_device_limit(3).unwrap();
    let another = authority.offer(id, OfferKind::Beside, town.now()).unwrap();
    let late = town.redeem(&another).await;
    authority.set_device_limit(2).unwrap();
    assert_ne!(
        first.credential.claims().status.uri,
        second.credential.claims().status.uri
    );
    let reply = town.credential(&late.text("access_token"), &key(2)).await;
    assert_eq!(reply.refusal(), refused(400, "credential_request_denied"));
    let limit = Error::TooManyDevices { limit: 2 };
    assert_eq!(
        authority.offer(id, OfferKind::Beside, town.now()).err(),
        Some(limit),
        "and it voids nothing"
    );
    assert_eq!(
        authority
            .offer(id, OfferKind::Replace(None), town.now())
            .err(),
        Some(Error::WhichDevice)
    );
    authority.set_device_limit(3).unwrap();
    let reply = town.credential(&late.text("access_token"), &key(2)).await;
    let third = town.credential_in(&reply);
    for credential in [&first.credential, &second.credential, &third] {
        assert_eq!(town.status_of(credential), LicenseStatus::Valid);
    }
    // What is decided for the driver is written into every index.
    authority
        .set_status(id, LicenseStatus::Suspended, town.now())
        .unwrap();
    for credential in [&first.credential, &second.credential, &third] {
        assert_eq!(town.status_of(credential), LicenseStatus::Suspended);
    }
    assert_eq!(
        authority.set_device_limit(0),
        Err(Error::DeviceLimit { devices: 0 })
    );
}

#[tokio::test]
async fn a_stolen_phone_ends_alone() {
    let town = Town::new().await;
    let authority = town.authority();
    let added = town.add_license();
    let id = added.license_id.as_str();
    let kept = town.enroll(&added, &key(0)).await;
    let beside = authority.offer(id, OfferKind::Beside, town.now()).unwrap();
    let stolen = town.enroll(&beside, &key(1)).await;
    let device = authority.find_license(id, town.now()).unwrap().devices[1].id;
    for _ in 0..2 {
        let ended = authority.end_device(device, DeviceEnd::Stolen, town.now());
        let ended = ended.unwrap();
        assert_eq!((&*ended.license_id, &*ended.reason), (id, "stolen"));
    }
    assert_eq!(town.status_of(&stolen.credential), LicenseStatus::Revoked);
    assert_eq!(town.status_of(&kept.credential), LicenseStatus::Valid);
    assert_eq!(
        town.refresh(&stolen.refresh).await.refusal(),
        refused(400, "invalid_grant")
    );
    assert_eq!(
        town.credential(&stolen.access, &key(1)).await.refusal(),
        refused(401, "invalid_token")
    );
    let renewed = town.refresh(&kept.refresh).await;
    town.fetch(&renewed, &key(0)).await;
    let status = authority.find_license(id, town.now()).unwrap().row.status;
    assert_eq!(status, LicenseStatus::Valid, "the driver may drive");
    // A lost phone is replaced by the next one.
    let offer = authority.offer(id, OfferKind::Beside, town.now()).unwrap();
    town.enroll(&offer, &key(2)).await;
    assert_eq!(
        authority.end_device(99, DeviceEnd::Lost, town.now()),
        Err(Error::UnknownDevice)
    );
}

const LIVE_DEVICES: &str = "SELECT count(*) FROM devices WHERE ended IS NULL";

#[tokio::test]
async fn an_offer_in_wrong_hands_ends_with_the_next_one_redeemed_or_not() {
    let town = Town::new().await;
    let authority = town.authority();
    authority.set_device_limit(1).unwrap();
    let added = town.add_license();
    let id = added.license_id.as_str();
    town.enroll(&added, &key(0)).await;
    let replace = || {
        authority
            .offer(id, OfferKind::Replace(None), town.now())
            .unwrap()
    };
    let taken = replace();
    let thief = town.redeem(&taken).await;
    let honest = replace();
    // The thief has tokens, and none of them is good; nor is the code.
    let reply = town.credential(&thief.text("access_token"), &key(1)).await;
    assert_eq!(reply.refusal(), refused(401, "invalid_token"));
    assert_eq!(
        town.refresh(&thief.text("refresh_token")).await.refusal(),
        refused(400, "invalid_grant")
    );
    assert_eq!(
        town.redeem(&taken).await.refusal(),
        refused(400, "invalid_grant")
    );
    town.enroll(&honest, &key(2)).await;
    assert_eq!(count(town.home(), LIVE_DEVICES), 1);
    // An offer from which a phone has the license is over, and the phone's tokens are its own.
    let next = replace();
    assert_eq!(count(town.home(), LIVE_DEVICES), 1);
    town.enroll(&next, &key(3)).await;
    assert_eq!(count(town.home(), LIVE_DEVICES), 1);
}

#[tokio::test]
async fn a_replacement_of_a_phone_that_ended_meanwhile_stays_within_the_limit() {
    let town = Town::new().await;
    let authority = town.authority();
    let added = town.add_license();
    let id = added.license_id.as_str();
    town.enroll(&added, &key(0)).await;
    let beside = authority.offer(id, OfferKind::Beside, town.now()).unwrap();
    town.enroll(&beside, &key(1)).await;
    let first = authority.find_license(id, town.now()).unwrap().devices[0].id;
    let kind = OfferKind::Replace(Some(first));
    let offer = authority.offer(id, kind, town.now()).unwrap();
    let tokens = town.redeem(&offer).await;
    authority
        .end_device(first, DeviceEnd::Lost, town.now())
        .unwrap();
    authority.set_device_limit(1).unwrap();
    let reply = town.credential(&tokens.text("access_token"), &key(2)).await;
    assert_eq!(reply.refusal(), refused(400, "credential_request_denied"));
    authority.set_device_limit(2).unwrap();
    town.fetch(&tokens, &key(2)).await;
    assert_eq!(count(town.home(), LIVE_DEVICES), 2);
}

#[tokio::test]
async fn a_phone_that_was_replaced_can_be_stolen_and_what_is_told_is_what_is_stored() {
    let town = Town::new().await;
    let authority = town.authority();
    let added = town.add_license();
    let id = added.license_id.as_str();
    let old = town.enroll(&added, &key(0)).await;
    let replacing = authority
        .offer(id, OfferKind::Replace(None), town.now())
        .unwrap();
    let new = town.enroll(&replacing, &key(1)).await;
    let device = authority.find_license(id, town.now()).unwrap().devices[0].id;
    let end = |reason| {
        let ended = authority.end_device(device, reason, town.now()).unwrap();
        (ended.reason, ended.changed)
    };
    assert_eq!(end(DeviceEnd::Replaced), ("replaced".to_owned(), false));
    assert_eq!(town.status_of(&old.credential), LicenseStatus::Superseded);
    assert_eq!(end(DeviceEnd::Stolen), ("stolen".to_owned(), true));
    assert_eq!(town.status_of(&old.credential), LicenseStatus::Revoked);
    for reason in [DeviceEnd::Lost, DeviceEnd::Replaced, DeviceEnd::Stolen] {
        assert_eq!(end(reason), ("stolen".to_owned(), false));
    }
    assert_eq!(town.status_of(&new.credential), LicenseStatus::Valid);
    let renewed = town.refresh(&new.refresh).await;
    town.fetch(&renewed, &key(1)).await;

    for (reason, changed) in [(EndReason::Moved, true), (EndReason::Death, false)] {
        let ended = authority.end_license(id, reason, town.now()).unwrap();
        assert_eq!((&*ended.license_id, &*ended.reason), (id, "moved"));
        assert_eq!(ended.changed, changed);
    }
}
