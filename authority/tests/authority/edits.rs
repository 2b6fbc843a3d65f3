//! What a license says changes: the new credential comes by itself, and the old one ends in time.

use serde_json::{Value, json};
use vidimus_authority::Error;
use vidimus_credential::sd_cwt::Credential;
use vidimus_credential::{License, LicenseStatus};

use crate::common::{Phone, Town, driver_json, key, portrait, read};

const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;

/// The license of the first driver of a town, changed.
fn changed(change: impl FnOnce(&mut Value)) -> License {
    let mut file = driver_json();
    file["license_number"] = json!("ZZ-1");
    change(&mut file);
    read(&file)
}

async fn renew(town: &Town, phone: &Phone) -> Phone {
    town.fetch(&town.refresh(&phone.refresh).await, &key(0))
        .await
}

/// Lets time pass in steps that the timer keeps up with, and does its work.
fn pass(town: &Town, seconds: u64) {
    town.pass(seconds);
    town.authority().publish(town.now()).unwrap();
}

#[tokio::test]
async fn a_new_name_waits_to_be_fetched_and_supersedes_the_old_one_an_hour_after_that() {
    let town = Town::new().await;
    let authority = town.authority();
    let old = town.enroll(&town.add_license(), &key(0)).await;
    let license = changed(|file| file["family_name"] = json!("Okonkwo-Berg"));
    let edited = authority
        .edit_license("zz 1", Some(&license), None, town.now())
        .unwrap();
    assert!(edited.changed && !edited.takes_away);
    assert_eq!(edited.devices, 1);
    assert_eq!(
        town.status_of(&old.credential),
        LicenseStatus::UpdateWaiting
    );
    let again = authority
        .edit_license("ZZ-1", Some(&license), None, town.now())
        .unwrap();
    assert!(!again.changed, "repeating it changes nothing");
    // Without an acknowledgement it waits for as long as the credential lives.
    pass(&town, 2 * DAY);
    assert_eq!(
        town.status_of(&old.credential),
        LicenseStatus::UpdateWaiting
    );
    let new = renew(&town, &old).await;
    let claims = new.credential.claims();
    assert_eq!(claims.license.family_name(), "Okonkwo-Berg");
    assert_eq!(town.status_of(&new.credential), LicenseStatus::Valid);
    pass(&town, HOUR - 1);
    assert_eq!(
        town.status_of(&old.credential),
        LicenseStatus::UpdateWaiting
    );
    // It is not the present one any more, so its list is signed some seconds later.
    pass(&town, 1);
    pass(&town, 60);
    assert_eq!(town.status_of(&old.credential), LicenseStatus::Superseded);
    assert_eq!(town.status_of(&new.credential), LicenseStatus::Valid);
}

#[tokio::test]
async fn an_edit_that_takes_something_away_supersedes_after_a_day_acknowledged_or_not() {
    let town = Town::new().await;
    let authority = town.authority();
    let old = town.enroll(&town.add_license(), &key(0)).await;
    let license = changed(|file| file["categories"][0]["restrictions"] = json!(["78"]));
    let edited = authority
        .edit_license("ZZ-1", Some(&license), None, town.now())
        .unwrap();
    assert!(edited.takes_away);
    pass(&town, DAY - 1);
    assert_eq!(
        town.status_of(&old.credential),
        LicenseStatus::UpdateWaiting
    );
    pass(&town, 62);
    assert_eq!(town.status_of(&old.credential), LicenseStatus::Superseded);
    let new = renew(&town, &old).await;
    assert_eq!(town.status_of(&new.credential), LicenseStatus::Valid);
}

#[tokio::test]
async fn an_edit_while_the_driver_is_suspended_leaves_the_suspension() {
    let town = Town::new().await;
    let authority = town.authority();
    let old = town.enroll(&town.add_license(), &key(0)).await;
    authority
        .set_status("ZZ-1", LicenseStatus::Suspended, town.now())
        .unwrap();
    authority
        .edit_license("ZZ-1", None, Some(&portrait(180, 240)), town.now())
        .unwrap();
    assert_eq!(town.status_of(&old.credential), LicenseStatus::Suspended);
    let new = renew(&town, &old).await;
    assert_eq!(town.status_of(&new.credential), LicenseStatus::Suspended);
    let picture = |credential: &Credential| credential.portrait().unwrap().jpeg().to_vec();
    assert_ne!(picture(&new.credential), picture(&old.credential));
    authority
        .set_status("ZZ-1", LicenseStatus::Valid, town.now())
        .unwrap();
    assert_eq!(town.status_of(&new.credential), LicenseStatus::Valid);
    // The old one's list is signed within the next minute, so that no one links the two.
    assert_eq!(town.status_of(&old.credential), LicenseStatus::Suspended);
    pass(&town, 60);
    assert_eq!(
        town.status_of(&old.credential),
        LicenseStatus::UpdateWaiting
    );
}

#[tokio::test]
async fn a_license_is_renewed_by_its_dates_and_never_given_another_number() {
    let town = Town::new().await;
    let authority = town.authority();
    town.add_license();
    let later = changed(|file| file["expiry_date"] = json!("2044-04-30"));
    let edit = |license: &License| authority.edit_license("ZZ-1", Some(license), None, town.now());
    assert!(!edit(&later).unwrap().takes_away);
    let other = changed(|file| file["license_number"] = json!("ZZ-2"));
    assert_eq!(edit(&other).err(), Some(Error::OtherNumber));
    let spelled = changed(|file| {
        file["license_number"] = json!("ZZ 1");
        file["expiry_date"] = json!("2044-04-30");
    });
    assert!(edit(&spelled).unwrap().changed);
    let past = changed(|file| file["expiry_date"] = json!("2026-01-01"));
    assert_eq!(edit(&past).err(), Some(Error::LicenseEnded));
    authority
        .set_status("ZZ-1", LicenseStatus::Revoked, town.now())
        .unwrap();
    assert_eq!(edit(&later).err(), Some(Error::Revoked));
    assert_eq!(
        authority
            .edit_license("ZZ-99", Some(&later), None, town.now())
            .err(),
        Some(Error::UnknownLicense)
    );
}

#[tokio::test]
async fn two_edits_before_the_phone_asks_are_fetched_at_once() {
    let town = Town::new().await;
    let authority = town.authority();
    let old = town.enroll(&town.add_license(), &key(0)).await;
    for name in ["One", "Two"] {
        let license = changed(|file| file["given_names"] = json!(name));
        authority
            .edit_license("ZZ-1", Some(&license), None, town.now())
            .unwrap();
    }
    let new = renew(&town, &old).await;
    assert_eq!(new.credential.claims().license.given_names(), "Two");
    assert_eq!(town.status_of(&new.credential), LicenseStatus::Valid);
}
