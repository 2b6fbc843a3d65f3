//! Keys that are rotated, stolen and dropped, as readers see it.

use vidimus_authority::{Authority, CREDENTIAL_LIFE, KeyUse, Rotation, sign_list};
use vidimus_credential::challenge::{self, Challenge, Proof};
use vidimus_credential::sd_cwt::{self, Portrait};
use vidimus_credential::trust::{Purpose, TrustList};
use vidimus_credential::{Algorithm, KeyId, LicenseStatus, Signer as _, SigningKey, UnixTime};

use crate::common::{Town, at, trust_of};
use crate::roadside::{Driver, Officer, accepted, forged, read, secrets, stolen};

const DAY: u64 = 86_400;

fn compromised(use_: KeyUse) -> Rotation {
    Rotation {
        compromised: vec![use_],
        ..Rotation::default()
    }
}

/// Runs a command beside the server, as a clerk does.
async fn command(town: &Town, run: impl FnOnce(Authority, UnixTime) + Send + 'static) {
    let (home, now) = (town.home().to_owned(), town.now());
    let task = move || run(Authority::open(&home).unwrap(), now);
    tokio::task::spawn_blocking(task).await.unwrap();
}

/// Passes time, and signs again what has become old by then.
async fn pass(town: &Town, seconds: u64) {
    town.pass(seconds);
    command(town, |authority, now| authority.publish(now).unwrap()).await;
}

async fn rotate(town: &Town, rotation: Rotation) {
    command(town, move |authority, now| {
        authority.rotate_keys(&rotation, now).unwrap();
    })
    .await;
}

/// The key of this purpose that the list calls retired.
fn retired(trust: &TrustList, purpose: Purpose) -> KeyId {
    trust
        .entries()
        .find(|entry| entry.purposes == [purpose] && entry.signed_until.is_some())
        .unwrap()
        .key
        .kid()
}

/// A license that a thief makes of a driver's with a stolen credential key, as of this time.
fn forge(driver: &Driver, by: &SigningKey, iat: UnixTime, trust: &TrustList) -> Driver {
    let key = SigningKey::from_secret(Algorithm::Ed25519, &[99; 32]).unwrap();
    let mut claims = driver.claims.clone();
    claims.holder_key = key.verifying_key().clone();
    claims.iat = iat;
    claims.exp = iat.saturating_add(CREDENTIAL_LIFE);
    let bytes = sd_cwt::issue(&claims, &Portrait::new([1; 16], b"x"), by).unwrap();
    let (claims, bare) = read(&bytes, trust);
    forged(claims, key, bare)
}

#[tokio::test]
async fn a_stolen_credential_key_is_stopped_by_a_rotation_for_later_dates_and_by_a_drop_for_all() {
    let town = Town::new().await;
    let mut driver = Driver::enroll(&town, 1).await;
    let (taken, first) = (secrets(&town), trust_of(town.home()));
    pass(&town, 7 * DAY).await;
    rotate(&town, Rotation::default()).await;
    let thief = stolen(&taken, retired(&trust_of(town.home()), Purpose::Credential));
    let mut officer = Officer::new(&town);
    let now = town.now();
    let staple = driver.staple(&town).await;
    let show = |driver: &Driver| driver.show(Some(staple.clone()), now);

    // What the retired key signed in its time goes on counting.
    assert_eq!(officer.words(&show(&driver), now), accepted());
    // What the thief dates after the rotation does not.
    let later = forge(&driver, &thief, now.saturating_sub(60), &first);
    let (outcome, reasons) = officer.words(&show(&later), now);
    assert_eq!((outcome, reasons[0]), ("refuse", "key_not_in_force"));
    // What the thief dates back does: a rotation does not help against that.
    let back = forge(&driver, &thief, driver.claims.iat, &first);
    assert_eq!(officer.words(&show(&back), now), accepted());

    // A drop helps, for who has the new list.
    rotate(&town, compromised(KeyUse::Credential)).await;
    officer.update(&town);
    for license in [&back, &later] {
        let (outcome, reasons) = officer.words(&show(license), now);
        assert_eq!((outcome, reasons[0]), ("refuse", "unknown_key"));
    }
    // The honest driver fetches the license anew.
    assert_eq!(officer.words(&show(&driver), now).0, "refuse");
    driver.renew(&town).await;
    let staple = driver.staple(&town).await;
    let text = driver.show(Some(staple), now);
    assert_eq!(officer.words(&text, now), accepted());
}

#[tokio::test]
async fn a_drop_without_a_rotation_before_stops_the_thief_at_once() {
    let town = Town::new().await;
    let mut driver = Driver::enroll(&town, 1).await;
    let (taken, first) = (secrets(&town), trust_of(town.home()));
    rotate(&town, compromised(KeyUse::Credential)).await;
    let trust = trust_of(town.home());
    assert_eq!(trust.serial(), first.serial() + 1);
    let mut officer = Officer::new(&town);
    let credential_keys = first
        .entries()
        .filter(|entry| entry.purposes == [Purpose::Credential]);
    let staple = driver.staple(&town).await;
    for entry in credential_keys {
        assert!(trust.find(entry.key.kid()).is_none(), "present and next");
        let thief = stolen(&taken, entry.key.kid());
        let license = forge(&driver, &thief, driver.claims.iat, &first);
        let (outcome, reasons) =
            officer.words(&license.show(Some(staple.clone()), town.now()), town.now());
        assert_eq!((outcome, reasons[0]), ("refuse", "unknown_key"));
    }
    driver.renew(&town).await;
    let text = driver.show(Some(driver.staple(&town).await), town.now());
    assert_eq!(officer.words(&text, town.now()), accepted());
}

#[tokio::test]
async fn a_staple_by_a_stolen_status_key_does_not_beat_the_newest_bundle() {
    let town = Town::new().await;
    let driver = Driver::enroll(&town, 1).await;
    let taken = secrets(&town);
    pass(&town, 7 * DAY).await;
    rotate(&town, Rotation::default()).await;
    let thief = stolen(&taken, retired(&trust_of(town.home()), Purpose::Status));
    let id = driver.id.clone();
    command(&town, move |authority, now| {
        authority
            .set_status(&id, LicenseStatus::Suspended, now)
            .unwrap();
        authority.publish(now).unwrap();
    })
    .await;
    let bundle = town.get("/s/0/bundle").await.body;
    let mut officer = Officer::new(&town);
    officer.take_bundle(&bundle);
    let now = town.now();
    // "May drive", dated now, by the key that was retired.
    let forged = sign_list(&driver.claims.status.uri, &[0; 256], now, &thief).unwrap();
    let verdict = officer.look(&driver.show(Some(forged), now), now);
    assert_eq!(verdict.outcome.name(), "refuse");
    let reasons: Vec<_> = verdict.reasons.iter().map(|reason| reason.code()).collect();
    assert!(reasons.contains(&"suspended"), "{reasons:?}");
    // Without a bundle it is no usable status: never Accept.
    let mut alone = Officer::new(&town);
    let forged = sign_list(&driver.claims.status.uri, &[0; 256], now, &thief).unwrap();
    assert_ne!(
        alone.words(&driver.show(Some(forged), now), now).0,
        "accept"
    );
}

#[tokio::test]
async fn a_driver_who_enrolls_after_a_rotation_is_accepted_by_yesterdays_list() {
    let town = Town::new().await;
    pass(&town, 7 * DAY).await;
    let mut officer = Officer::new(&town);
    pass(&town, DAY).await;
    rotate(&town, Rotation::default()).await;
    let driver = Driver::enroll(&town, 1).await;
    let text = driver.show(Some(driver.staple(&town).await), town.now());
    assert_eq!(officer.words(&text, town.now()), accepted());
    // A list of the first day knows these keys too; those of a second rotation it does not, and
    // says that it is old.
    pass(&town, 7 * DAY).await;
    rotate(&town, Rotation::default()).await;
    let driver = Driver::enroll(&town, 2).await;
    let text = driver.show(Some(driver.staple(&town).await), town.now());
    let (outcome, reasons) = officer.words(&text, town.now());
    assert_ne!(outcome, "accept");
    assert!(reasons.contains(&"trust_list_old"), "{reasons:?}");
    officer.update(&town);
    assert_eq!(officer.words(&text, town.now()), accepted());
}

#[tokio::test]
async fn a_start_removes_secrets_and_files_that_a_death_left_behind() {
    let town = Town::new().await;
    Driver::enroll(&town, 1).await;
    let taken = secrets(&town);
    pass(&town, 7 * DAY).await;
    rotate(&town, Rotation::default()).await;
    let gone: Vec<_> = taken.iter().filter(|(path, _)| !path.exists()).collect();
    assert_eq!(gone.len(), 2);
    let (address, time) = (town.address.to_string(), town.now().seconds());
    let home = town.stop().await;
    // Killed between retiring and deleting, and while a file was written.
    for (path, secret) in &gone {
        std::fs::write(path, secret).unwrap();
    }
    let half = home.path().join("public/s/0/0.0123456789abcdef.tmp");
    std::fs::write(&half, b"half").unwrap();
    let town = Town::on(home, &address, time).await;
    assert_eq!(town.get("/trust").await.status, 200);
    assert!(gone.iter().all(|(path, _)| !path.exists()));
    assert!(!half.exists());
}

#[tokio::test]
async fn a_readers_challenge_is_proven_by_the_list_and_no_longer_once_it_is_revoked() {
    let town = Town::new().await;
    let key = SigningKey::from_secret(Algorithm::Ed25519, &[7; 32]).unwrap();
    let public = key.verifying_key().clone();
    command(&town, move |authority, now| {
        authority.add_reader("Patrol 7", &public, 30, now).unwrap();
    })
    .await;
    let now = town.now();
    let text = challenge::build_signed("Patrol 7", &[5; 16], now, &key).unwrap();
    let asked = Challenge::parse(&text).unwrap();
    let proven = |town: &Town| asked.prove(&trust_of(town.home()), Some(now)).unwrap();
    assert!(matches!(proven(&town), Proof::Proven { display_name } if display_name == "Patrol 7"));
    command(&town, |authority, now| {
        authority.revoke_reader("Patrol 7", now).unwrap();
    })
    .await;
    assert_eq!(proven(&town), Proof::Unproven);
    assert!(at(0) < now);
}
