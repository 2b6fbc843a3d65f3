//! What `backup` copies, and what `restore` puts back.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::*;
use crate::store::Store;

fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(
                files(&entry.path())
                    .into_iter()
                    .map(|file| format!("{name}/{file}")),
            );
        } else {
            found.insert(name);
        }
    }
    found
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn refused(office: &Office, backup: &Path) -> Error {
    crate::backup::restore(&office.home(), backup, None, office.now()).unwrap_err()
}

#[test]
fn a_backup_is_for_its_owner_alone_and_leaves_out_what_says_what_came_after_it() {
    let office = Office::new();
    office.driver("D-1");
    let folder = office.path("backup");
    let made = office.open().backup(&folder, true).unwrap();
    assert_eq!(made.keys, 5, "the root, and for each use two");
    assert_eq!((mode(&folder), mode(&folder.join("keys"))), (0o700, 0o700));
    let files = files(&folder);
    assert_eq!(files.len(), 7, "{files:?}");
    for file in &files {
        let expected = if file == "root.cose" { 0o644 } else { 0o600 };
        assert_eq!(mode(&folder.join(file)), expected, "{file}");
        assert!(
            ["authority.sqlite", "root.cose"].contains(&file.as_str()) || file.ends_with(".key"),
            "{file}"
        );
    }
}

#[test]
fn a_backup_without_keys_holds_none() {
    let office = Office::new();
    let folder = office.path("backup");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    let made = office.open().backup(&folder, false).unwrap();
    assert_eq!(made.keys, 0);
    assert_eq!(mode(&folder), 0o700);
    let expected = ["authority.sqlite", "root.cose"].map(str::to_owned);
    assert_eq!(files(&folder), BTreeSet::from(expected));
}

#[test]
fn a_folder_that_holds_something_is_refused_and_left_alone() {
    let office = Office::new();
    let folder = office.path("backup");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("letter"), b"x").unwrap();
    assert_eq!(
        office.open().backup(&folder, true),
        Err(Error::BackupFolder)
    );
    assert_eq!(files(&folder), BTreeSet::from(["letter".to_owned()]));
}

#[test]
fn a_backup_that_cannot_be_finished_leaves_nothing_behind() {
    let office = Office::new();
    let authority = office.open();
    let key = fs::read_dir(office.home().join("keys"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|ending| ending == "key"))
        .unwrap();
    fs::remove_file(key).unwrap();
    let folder = office.path("backup");
    assert_eq!(authority.backup(&folder, true), Err(Error::KeyFile));
    assert_eq!(files(&folder), BTreeSet::new());
}

#[test]
fn a_backup_is_one_consistent_state_while_others_issue_and_decide() {
    let office = Office::new();
    let drivers: Vec<Phone> = (0..4).map(|n| office.driver(&format!("D-{n}"))).collect();
    let ended = AtomicBool::new(false);
    let (decided, enrolled) = (AtomicU64::new(0), AtomicU64::new(0));
    let home = office.home();
    // Each decision takes a second, and everybody has the same clock.
    let clock = AtomicU64::new(office.now().seconds());
    let now = || at(clock.load(Ordering::SeqCst));
    let ids: Vec<String> = drivers.iter().map(|phone| phone.license.clone()).collect();
    std::thread::scope(|scope| {
        let clerk = scope.spawn(|| {
            let authority = Authority::open(&home).unwrap();
            let mut turn = 0_usize;
            while !ended.load(Ordering::SeqCst) {
                clock.fetch_add(1, Ordering::SeqCst);
                let status = if turn.is_multiple_of(3) {
                    LicenseStatus::Valid
                } else {
                    LicenseStatus::Suspended
                };
                authority.set_status(&ids[turn % 4], status, now()).unwrap();
                turn += 1;
                decided.fetch_add(1, Ordering::SeqCst);
            }
        });
        let counter = scope.spawn(|| {
            let authority = Authority::open(&home).unwrap();
            while !ended.load(Ordering::SeqCst) {
                let number = format!("N-{}", enrolled.load(Ordering::SeqCst));
                let added = authority.add_license(&license(&number), PORTRAIT, now());
                let added = added.unwrap();
                let register = authority.register();
                let tokens = register
                    .redeem(&code_of(&added), Some(&added.tx_code), None, now().into())
                    .unwrap()
                    .unwrap();
                request(&authority, &tokens.access, &new_key(), now()).unwrap();
                enrolled.fetch_add(1, Ordering::SeqCst);
            }
        });
        for turn in 0..4 {
            // Both are at work.
            while decided.load(Ordering::SeqCst) <= turn || enrolled.load(Ordering::SeqCst) <= turn
            {
                if clerk.is_finished() || counter.is_finished() {
                    ended.store(true, Ordering::SeqCst);
                    panic!("one of them could not go on");
                }
                std::thread::sleep(std::time::Duration::from_millis(2));
            }
            let folder = office.path(&format!("backup-{turn}"));
            let authority = Authority::open(&home).unwrap();
            let before = authority.store.read(crate::store::epoch::read).unwrap();
            let made = authority.backup(&folder, true).unwrap();
            let after = authority.store.read(crate::store::epoch::read).unwrap();
            assert!((before..=after).contains(&made.epoch));
            each_place_reads_its_standing(
                &folder.join("authority.sqlite"),
                now().saturating_add(DAY),
            );
        }
        ended.store(true, Ordering::SeqCst);
    });
}

/// In a copy of the register, every place that is taken reads what its license's decisions say.
fn each_place_reads_its_standing(database: &Path, now: UnixTime) {
    let store = Store::open_copy(database).unwrap();
    store.verify().unwrap();
    store
        .read(|transaction| {
            let mut places = 0;
            for list in 0..crate::store::lists::count(transaction)? {
                let states = crate::store::lists::states(transaction, list)?;
                for (idx, owner) in crate::store::reconcile::owners(transaction, list)? {
                    let license = crate::store::licenses::by_id(transaction, &owner.license)?;
                    let standing =
                        crate::store::indexes::standing(transaction, &license.unwrap(), now)?;
                    assert_eq!(states[usize::from(idx)], standing.value());
                    places += 1;
                }
            }
            assert!(places >= 4);
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_backup_comes_back_and_what_was_there_is_set_aside() {
    let office = Office::new();
    let phone = office.driver("D-1");
    let backup = office.backup("backup");
    let later = office.driver("D-2");
    let old = fs::read(office.home().join("authority.sqlite")).unwrap();
    office.pass(60);
    let restored = office.restore(&backup);
    assert_eq!(
        restored.set_aside.as_deref(),
        Some("authority.sqlite.before-20270115T080100Z")
    );
    let aside = office.home().join(restored.set_aside.unwrap());
    assert_eq!(fs::read(&aside).unwrap(), old);
    assert!(restored.has_issued_log && restored.has_published);
    assert!(restored.known > Some(restored.epoch));
    assert_eq!((restored.keys, restored.keys_missing), (0, 0));
    let refused = Authority::open(&office.home()).err().unwrap();
    assert!(matches!(refused, Error::OldRegister { .. }), "{refused}");
    // Once more within the same second: nothing is written over.
    assert_eq!(
        office.restore(&backup).set_aside.as_deref(),
        Some("authority.sqlite.before-20270115T080100Z-2")
    );
    office.reconcile();
    assert_eq!(office.state_of(&phone.license), LicenseStatus::Valid);
    assert!(
        office
            .open()
            .find_license(&later.license, office.now())
            .is_err()
    );
}

#[test]
fn a_backup_in_a_new_place_says_what_is_lost_and_is_not_served_before_reconcile() {
    let office = Office::new();
    office.driver("D-1");
    let backup = office.backup("backup");
    fs::remove_dir_all(office.home()).unwrap();
    let restored = office.restore(&backup);
    assert_eq!((restored.known, restored.set_aside.as_ref()), (None, None));
    assert!(!restored.has_issued_log && !restored.has_published);
    assert_eq!((restored.keys, restored.keys_missing), (5, 0));
    assert_eq!(mode(&office.home().join("authority.sqlite")), 0o600);
    assert!(matches!(
        Authority::open(&office.home()),
        Err(Error::OldRegister { .. })
    ));
    assert_eq!(
        office.reconcile_with(&ReconcileOptions::default()),
        Err(Error::ListsMissing { count: 1 })
    );
    let options = ReconcileOptions {
        without_lists: true,
        ..ReconcileOptions::default()
    };
    let told = office.reconcile_with(&options).unwrap();
    assert_eq!((told.lists_missing, told.has_issued_log), (1, false));
    assert_eq!(
        told.lists_from, 4_096,
        "far from every list that there may have been"
    );
    let new = office.driver("D-2");
    assert!(new.place.list >= 4_096);
    assert!(office.home().join("public/s/1/0").exists());
}

#[test]
fn the_log_of_a_lost_home_is_taken_along_and_an_own_one_is_kept() {
    let office = Office::new();
    let backup = office.backup("backup");
    office.driver("D-1");
    let log = office.path("saved.log");
    fs::copy(office.home().join("issued.log"), &log).unwrap();
    let kept = crate::backup::restore(&office.home(), &backup, Some(&log), office.now());
    assert_eq!(kept, Err(Error::IssuedLogExists));
    fs::remove_dir_all(office.home()).unwrap();
    let restored =
        crate::backup::restore(&office.home(), &backup, Some(&log), office.now()).unwrap();
    assert!(restored.has_issued_log);
    assert!(restored.known.is_none_or(|known| known > restored.epoch));
}

#[test]
fn what_is_no_backup_of_this_authority_is_refused_and_the_home_is_as_it_was() {
    let office = Office::new();
    office.driver("D-1");
    let backup = office.backup("backup");
    let before = files(&office.home());
    assert_eq!(refused(&office, &office.path("nothing")), Error::NoBackup);
    let empty = office.path("empty");
    fs::create_dir(&empty).unwrap();
    fs::write(empty.join("authority.sqlite"), b"").unwrap();
    assert_eq!(refused(&office, &empty), Error::NoBackup);
    let other = Office::new().backup_elsewhere(&office.path("other"));
    assert_eq!(refused(&office, &other), Error::ForeignBackup);
    let damaged = office.path("damaged");
    copy_folder(&backup, &damaged);
    let mut bytes = fs::read(damaged.join("authority.sqlite")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8_192].fill(0xa5);
    fs::write(damaged.join("authority.sqlite"), bytes).unwrap();
    assert_eq!(refused(&office, &damaged), Error::DamagedBackup);
    let guard = office.open();
    assert_eq!(refused(&office, &backup), Error::InUse);
    drop(guard);
    assert_eq!(files(&office.home()), before);
    office.open();
}

impl Office {
    fn backup_elsewhere(&self, folder: &Path) -> PathBuf {
        self.open().backup(folder, true).unwrap();
        folder.to_owned()
    }
}

#[test]
fn a_plain_copy_of_a_home_with_its_write_ahead_log_can_be_put_back() {
    let office = Office::new();
    let authority = office.open();
    let phone = office.driver("D-1");
    // Without a checkpoint: the last of it is in the write-ahead log alone.
    authority
        .register()
        .decide(
            &[crate::register::Decision {
                event: "e".to_owned(),
                license: phone.license.clone(),
                state: LicenseStatus::Suspended,
                reason: None,
                from: None,
                until: None,
                lifts: None,
            }],
            "clerk",
            office.now(),
        )
        .unwrap();
    let copy = office.path("copy");
    copy_folder(&office.home(), &copy);
    drop(authority);
    office.restore(&copy);
    office.reconcile();
    assert_eq!(office.state_of(&phone.license), LicenseStatus::Suspended);
    assert_eq!(office.published(phone.place), LicenseStatus::Suspended);
}

#[test]
fn a_backup_without_keys_needs_the_root_before_anything_is_taken_over() {
    let office = Office::new();
    let phone = office.driver("D-1");
    let backup = office.path("keyless");
    office.open().backup(&backup, false).unwrap();
    office.set(&phone.license, LicenseStatus::Revoked);
    let kept = office.path("kept");
    copy_folder(&office.home(), &kept);
    for root_is_there in [false, true] {
        fs::remove_dir_all(office.home()).unwrap();
        copy_folder(&kept.join("public"), &office.home().join("public"));
        let restored = office.restore(&backup);
        assert_eq!((restored.keys_missing, restored.root_missing), (5, true));
        let root = office.open_any_root();
        let before = fs::read(office.home().join("authority.sqlite")).unwrap();
        assert_eq!(
            office.reconcile_with(&ReconcileOptions::default()),
            Err(Error::RootMissing)
        );
        let after = fs::read(office.home().join("authority.sqlite")).unwrap();
        assert!(before == after, "nothing was changed");
        if root_is_there {
            // Only the root is left: others are made anew.
            let name = format!("keys/{root}.key");
            fs::copy(kept.join(&name), office.home().join(&name)).unwrap();
        } else {
            copy_folder(&kept.join("keys"), &office.home().join("keys"));
        }
        let told = office.reconcile();
        assert_eq!(told.not_signed, None);
        assert_eq!(office.published(phone.place), LicenseStatus::Revoked);
    }
}

impl Office {
    /// The kid of the root in the database, old as it may be.
    fn open_any_root(&self) -> String {
        let store = Store::open(&self.home().join("authority.sqlite")).unwrap();
        let root = store.read(crate::store::settings::Settings::read).unwrap();
        crate::secret::hex(root.root.as_bytes())
    }
}

#[test]
fn a_restore_that_died_before_its_end_is_run_again() {
    let office = Office::new();
    office.driver("D-1");
    let backup = office.backup("backup");
    let home = office.home();
    // The database was set aside, and the process died.
    fs::rename(home.join("authority.sqlite"), home.join("aside")).unwrap();
    fs::create_dir(home.join("restore.00.tmp")).unwrap();
    fs::write(home.join("restore.00.tmp/authority.sqlite"), b"half").unwrap();
    assert_eq!(Authority::open(&home).err(), Some(Error::RegisterLost));
    office.restore(&backup);
    assert!(!home.join("restore.00.tmp").exists());
    office.reconcile();
    office.open();
}
