//! Keys that were rotated after the backup.

use super::*;
use crate::key_use::KeyUse;
use crate::keys::Rotation;
use crate::secret::hex;
use crate::store::Transaction;
use crate::store::keys::{Role, of_role};

fn role(office: &Office, use_: KeyUse, role: Role) -> String {
    let read = |transaction: &Transaction<'_>| of_role(transaction, use_, role);
    let key = office.open().store.read(read).unwrap().unwrap();
    hex(key.kid.as_bytes())
}

fn has_secret(office: &Office, kid: &str) -> bool {
    office.home().join(format!("keys/{kid}.key")).exists()
}

fn trust(office: &Office) -> TrustList {
    let root = fs::read(office.home().join("root.cose")).unwrap();
    let root = VerifyingKey::from_cose_key(&root).unwrap();
    TrustList::verify(
        &fs::read(office.home().join("public/trust")).unwrap(),
        &root,
    )
    .unwrap()
}

#[test]
fn keys_that_were_rotated_since_go_on_signing_and_the_retired_ones_stay_retired() {
    let office = Office::new();
    let phone = office.driver("D-1");
    let old = KeyUse::ALL.map(|use_| role(&office, use_, Role::Current));
    let backup = office.backup("backup");
    office.pass(6 * DAY);
    office.publish();
    office.pass(2 * DAY);
    office
        .open()
        .rotate_keys(&Rotation::default(), office.now())
        .unwrap();
    office.set(&phone.license, LicenseStatus::Suspended);
    let new = KeyUse::ALL.map(|use_| role(&office, use_, Role::Current));
    let next = KeyUse::ALL.map(|use_| role(&office, use_, Role::Next));
    assert!(old.iter().all(|kid| !has_secret(&office, kid)));
    office.pass(60);
    let restored = office.restore(&backup);
    assert_eq!(
        restored.keys, 2,
        "the retired secrets came back with the backup"
    );
    let told = office.reconcile();
    assert!(told.keys > 0);
    for (at, use_) in KeyUse::ALL.into_iter().enumerate() {
        assert_eq!(role(&office, use_, Role::Current), new[at]);
        assert_eq!(role(&office, use_, Role::Next), next[at]);
        assert!(!has_secret(&office, &old[at]), "and are gone again");
    }
    assert_eq!(office.published(phone.place), LicenseStatus::Suspended);
    let list = trust(&office);
    let retired = list.entries().filter(|entry| entry.signed_until.is_some());
    assert_eq!(retired.count(), 2);
    // What the present keys signed between backup and loss counts when they are retired in their
    // turn.
    office.pass(8 * DAY - 60);
    office.publish();
    office
        .open()
        .rotate_keys(&Rotation::default(), office.now())
        .unwrap();
    let list = trust(&office);
    let newest = list.entries().filter_map(|entry| entry.signed_until).max();
    assert!(newest.unwrap() >= at(START + 8 * DAY - 150));
}

#[test]
fn a_compromised_key_does_not_come_back_with_a_backup() {
    let office = Office::new();
    let phone = office.driver("D-1");
    let stolen = role(&office, KeyUse::Credential, Role::Current);
    let backup = office.backup("backup");
    office.pass(HOUR);
    let rotation = Rotation {
        compromised: vec![KeyUse::Credential],
        ..Rotation::default()
    };
    office.open().rotate_keys(&rotation, office.now()).unwrap();
    let serial = trust(&office).serial();
    assert_eq!(serial, 1);
    office.pass(60);
    office.restore(&backup);
    assert!(has_secret(&office, &stolen));
    office.reconcile();
    assert!(!has_secret(&office, &stolen));
    assert_ne!(role(&office, KeyUse::Credential, Role::Current), stolen);
    let list = trust(&office);
    assert_eq!(list.serial(), serial);
    assert!(
        list.entries()
            .all(|entry| hex(entry.key.kid().as_bytes()) != stolen)
    );
    let mut phone = phone;
    office.renew(&mut phone).unwrap();
}

#[test]
fn keys_that_are_lost_are_made_anew_and_what_they_signed_counts() {
    let office = Office::new();
    let phone = office.driver("D-1");
    let folder = office.path("backup");
    office.open().backup(&folder, false).unwrap();
    let root = hex(office
        .open()
        .store
        .read(crate::store::settings::Settings::read)
        .unwrap()
        .root
        .as_bytes());
    office.pass(60);
    office.publish();
    office.set(&phone.license, LicenseStatus::Suspended);
    for file in fs::read_dir(office.home().join("keys")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if name.ends_with(".key") && !name.starts_with(&root) {
            fs::remove_file(path).unwrap();
        }
    }
    let restored = office.restore(&folder);
    assert_eq!((restored.keys, restored.keys_missing), (0, 4));
    office.pass(DAY);
    let told = office.reconcile();
    assert!(told.keys >= 4);
    assert_eq!(office.published(phone.place), LicenseStatus::Suspended);
    let list = trust(&office);
    assert_eq!(
        list.entries()
            .filter(|entry| entry.signed_until.is_some())
            .count(),
        4
    );
    let mut phone = phone;
    office.renew(&mut phone).unwrap();
}

#[test]
fn readers_that_were_added_or_revoked_since_are_as_they_were_published() {
    let office = Office::new();
    let (kept, revoked, added) = (new_key(), new_key(), new_key());
    let add = |key: &SigningKey, name: &str| {
        office
            .open()
            .add_reader(name, key.verifying_key(), 365, office.now())
            .unwrap()
    };
    add(&kept, "kept");
    add(&revoked, "revoked");
    let backup = office.backup("backup");
    office.pass(60);
    add(&added, "added");
    office
        .open()
        .revoke_reader("revoked", office.now())
        .unwrap();
    office.driver("D-1");
    office.restore(&backup);
    office.reconcile();
    let mut names: Vec<String> = office
        .open()
        .readers()
        .unwrap()
        .into_iter()
        .map(|reader| reader.name)
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["added", "kept"]);
}

#[test]
fn a_backup_that_a_clock_ten_days_ahead_made_takes_over_what_came_after_the_repair() {
    let office = Office::new();
    let phone = office.driver("D-1");
    office.pass(10 * DAY);
    office.publish();
    let backup = office.backup("backup");
    // The clock is right again, a minute later.
    office.clock.set(START + 60);
    let today = office.now().day();
    office.open().repair_clock(today, office.now()).unwrap();
    office.set(&phone.license, LicenseStatus::Suspended);
    office.publish();
    office.pass(HOUR);
    office.restore(&backup);
    let told = office.reconcile();
    assert_eq!(told.not_signed, None);
    assert_eq!(
        told.decided,
        [(phone.license.clone(), LicenseStatus::Suspended)]
    );
    assert_eq!(office.published(phone.place), LicenseStatus::Suspended);
    assert_eq!(trust(&office).serial(), 1);
    let list = fs::read(office.home().join("public/s/0/0")).unwrap();
    let signed = UnverifiedStatusToken::parse(&list).unwrap().issued_at();
    assert!(signed <= office.now());
}
