//! A register that is not whole is never taken for an empty one.

use super::*;
use crate::epoch::Head;
use crate::issued_log;
use crate::register::{Decision, NewLicense};
use crate::store::{Store, decisions, epoch};

fn opened(home: &Path) -> Option<Error> {
    Authority::open(home).err()
}

#[test]
fn a_home_that_never_was_one_is_told_from_one_that_lost_its_database() {
    let office = Office::new();
    assert_eq!(opened(&office.path("nowhere")), Some(Error::NotInitialised));
    let database = office.home().join("authority.sqlite");
    fs::write(&database, b"").unwrap();
    assert_eq!(opened(&office.home()), Some(Error::RegisterLost));
    fs::remove_file(&database).unwrap();
    assert_eq!(opened(&office.home()), Some(Error::RegisterLost));
    let options = InitOptions::default();
    assert_eq!(
        init(&office.home(), options, office.now()),
        Err(Error::RegisterLost),
        "nor is a new one made over it"
    );
    assert!(!database.exists());
    // Each thing beside it says so.
    for trace in ["keys", "public", "issued.log"] {
        let home = office.path(trace);
        fs::create_dir(&home).unwrap();
        let from = office.home().join(trace);
        if from.is_dir() {
            copy_folder(&from, &home.join(trace));
        } else {
            fs::copy(from, home.join(trace)).unwrap();
        }
        assert_eq!(opened(&home), Some(Error::RegisterLost), "{trace}");
        fs::write(home.join("authority.sqlite"), b"").unwrap();
        assert_eq!(opened(&home), Some(Error::RegisterLost), "{trace}");
    }
}

#[test]
fn another_authoritys_database_is_told_by_each_thing_beside_it() {
    let (office, other) = (Office::new(), Office::new());
    office.driver("D-1");
    for kept in ["root.cose", "keys/epoch", "public/head", "issued.log"] {
        let home = office.path("mixed");
        copy_folder(&other.home(), &home);
        fs::copy(office.home().join(kept), home.join(kept)).unwrap();
        assert_eq!(opened(&home), Some(Error::ForeignRegister), "{kept}");
        fs::remove_dir_all(&home).unwrap();
    }
}

#[test]
fn an_init_that_was_cut_off_is_run_again_and_one_that_came_to_its_end_is_not() {
    let office = Office::new();
    let home = office.path("second");
    let folder = crate::home::Home::new(&home);
    folder.create().unwrap();
    folder.begin().unwrap();
    folder.create_key().unwrap();
    folder.create_database_file().unwrap();
    assert_eq!(opened(&home), Some(Error::NotInitialised));
    init(&home, InitOptions::default(), office.now()).unwrap();
    assert!(Authority::open(&home).is_ok());
    assert_eq!(
        init(&home, InitOptions::default(), office.now()),
        Err(Error::AlreadyInitialised)
    );
}

#[test]
fn the_epoch_rises_with_each_change_and_no_file_is_ahead_of_the_database() {
    let office = Office::new();
    let read = || office.open().store.read(epoch::read).unwrap();
    let files = || {
        ["keys/epoch", "public/head"].map(|file| {
            Head::read(&office.home().join(file))
                .unwrap()
                .unwrap()
                .epoch
        })
    };
    let mut last = read();
    assert_eq!(files(), [last; 2]);
    let phone = office.driver("D-1");
    for turn in 0..6 {
        match turn % 3 {
            0 => office.set(&phone.license, LicenseStatus::Suspended),
            1 => office.set(&phone.license, LicenseStatus::Valid),
            _ => drop(office.add(&format!("D-1{turn}"))),
        }
        let reached = read();
        assert!(reached > last);
        assert!(files().iter().all(|file| (last..=reached).contains(file)));
        last = reached;
        office.pass(10);
    }
    office.publish();
    last = read();
    office.publish();
    assert_eq!(read(), last, "where nothing changes nothing is written");
    assert_eq!(files(), [last; 2]);
}

#[test]
fn where_nothing_can_be_published_the_file_beside_the_keys_says_how_far_the_register_is() {
    let office = Office::new();
    let phone = office.driver("D-1");
    office.publish();
    let kept = || {
        Head::read(&office.home().join("keys/epoch"))
            .unwrap()
            .unwrap()
    };
    let before = kept();
    assert_eq!(before.published, before.epoch);
    let head = office.home().join("public/head");
    fs::remove_file(&head).unwrap();
    fs::create_dir(&head).unwrap();
    let authority = office.open_beside_a_folder();
    let set = authority.set_status(&phone.license, LicenseStatus::Revoked, office.now());
    assert!(matches!(set, Err(Error::Io { .. })), "{set:?}");
    let after = kept();
    assert!(after.epoch > before.epoch);
    assert_eq!(after.published, before.epoch);
    fs::remove_dir(&head).unwrap();
    authority.publish(office.now()).unwrap();
    let after = kept();
    assert_eq!(after.published, after.epoch);
}

impl Office {
    /// Opens it although `public/head` cannot be read.
    fn open_beside_a_folder(&self) -> Authority {
        Authority::open_any(&self.home(), crate::home::Home::share).unwrap()
    }
}

#[test]
fn an_older_database_is_refused_whatever_one_file_still_knows_of_it() {
    let office = Office::new();
    let phone = office.driver("D-1");
    let old = office.path("old");
    copy_folder(&office.home(), &old);
    office.set(&phone.license, LicenseStatus::Suspended);
    let mut phone = phone;
    office.pass(DAY + 60);
    office.renew(&mut phone).unwrap();
    for witness in ["keys/epoch", "public/head", "issued.log"] {
        let home = office.path("mixed");
        copy_folder(&old, &home);
        fs::copy(office.home().join(witness), home.join(witness)).unwrap();
        let refused = opened(&home).unwrap();
        assert!(
            matches!(refused, Error::OldRegister { .. }),
            "{witness}: {refused}"
        );
        assert!(refused.to_string().contains("authority reconcile"));
        fs::remove_dir_all(&home).unwrap();
    }
}

#[test]
fn a_database_that_goes_back_under_a_running_process_is_refused() {
    let office = Office::new();
    let authority = office.open();
    office.driver("D-1");
    authority.publish(office.now()).unwrap();
    authority
        .store
        .write(|transaction| {
            transaction.execute("UPDATE authority SET epoch = 1", [])?;
            Ok(())
        })
        .unwrap();
    let refused = authority.store.write(|_| Ok(()));
    assert!(matches!(refused, Err(Error::OldRegister { .. })));
}

#[test]
fn files_that_cannot_be_read_are_not_called_old_or_damaged() {
    let office = Office::new();
    for file in ["keys/epoch", "public/head", "issued.log", "root.cose"] {
        let home = office.path("unreadable");
        copy_folder(&office.home(), &home);
        fs::remove_file(home.join(file)).unwrap();
        fs::create_dir(home.join(file)).unwrap();
        assert!(matches!(opened(&home), Some(Error::Io { .. })), "{file}");
        fs::remove_dir_all(&home).unwrap();
    }
    fs::write(office.home().join("public/head"), b"{").unwrap();
    assert_eq!(opened(&office.home()), Some(Error::HeadFile));
    assert!(office.reconcile().was_newest);
    assert_eq!(opened(&office.home()), None);
}

/// A register whose last changes are in the write-ahead log alone.
fn with_a_write_ahead_log(office: &Office) -> PathBuf {
    let authority = office.open();
    for number in 0..6 {
        let license = license(&format!("D-{number}"));
        let new = NewLicense {
            license: &license,
            roadside: PORTRAIT,
            submitted: PORTRAIT,
            after_revocation: None,
            terms_wait_until: UnixTime::EPOCH,
            review: None,
        };
        let (made, _) = authority.register().add(&new, office.now()).unwrap();
        let register = authority.register();
        let tokens = register
            .redeem(
                &made.secrets.code,
                Some(&made.secrets.tx_code),
                None,
                office.now().into(),
            )
            .unwrap()
            .unwrap();
        request(&authority, &tokens.access, &new_key(), office.now()).unwrap();
        let decision = Decision {
            event: format!("e-{number}"),
            license: made.license.clone(),
            state: LicenseStatus::Suspended,
            reason: None,
            from: None,
            until: None,
            lifts: None,
        };
        let (_, due) = register.decide(&[decision], "clerk", office.now()).unwrap();
        authority
            .publisher()
            .sign_lists(&due, office.now().into())
            .unwrap();
    }
    let copy = office.path("with-log");
    copy_folder(&office.home(), &copy);
    assert!(
        fs::metadata(copy.join("authority.sqlite-wal"))
            .unwrap()
            .len()
            > 0
    );
    copy
}

#[test]
fn no_bit_of_the_write_ahead_log_makes_an_empty_register_of_it() {
    let office = Office::new();
    let whole = with_a_write_ahead_log(&office);
    let log = fs::read(whole.join("authority.sqlite-wal")).unwrap();
    let database = fs::read(whole.join("authority.sqlite")).unwrap();
    let mut issued = Vec::new();
    issued_log::read(&whole.join("issued.log"), |entry| issued.push(entry)).unwrap();
    assert_eq!(issued.len(), 6);
    // A seeded walk over the whole log; its header and the first frame's are in it bit by bit.
    let mut seed = 0x5eed_u64;
    let mut positions: Vec<(usize, u8)> = (0..56).map(|byte| (byte, 1 << (byte % 8))).collect();
    for _ in 0..250 {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let byte = usize::try_from(seed >> 33).unwrap() % log.len();
        positions.push((byte, 1 << (seed % 8)));
    }
    let (mut refused, mut whole_again) = (0, 0);
    for (byte, bit) in positions {
        let mut flipped = log.clone();
        flipped[byte] ^= bit;
        fs::write(whole.join("authority.sqlite"), &database).unwrap();
        fs::write(whole.join("authority.sqlite-wal"), flipped).unwrap();
        let _ = fs::remove_file(whole.join("authority.sqlite-shm"));
        match Authority::open(&whole) {
            Err(Error::OldRegister { .. } | Error::Storage(_) | Error::RegisterLost) => {
                refused += 1;
            }
            Err(error) => panic!("{byte}: {error}"),
            Ok(authority) => {
                // What a flip cost then is younger than everything that was published or issued.
                let licenses = authority.licenses(None, 100, office.now()).unwrap();
                assert_eq!(licenses.len(), 6, "{byte}");
                assert!(
                    licenses
                        .iter()
                        .all(|row| row.status == LicenseStatus::Suspended)
                );
                whole_again += 1;
            }
        }
    }
    assert!(refused > 200, "{refused} refused, {whole_again} whole");
}

#[test]
fn the_database_file_alone_holds_every_acknowledged_decision() {
    let office = Office::new();
    let phone = office.driver("D-1");
    // As while `serve` runs: its connection keeps the write-ahead log open.
    let serving = office.open();
    for turn in 0..12_u8 {
        office.pass(5);
        let status = if turn % 2 == 0 {
            LicenseStatus::Suspended
        } else {
            LicenseStatus::Valid
        };
        office.set(&phone.license, status);
        // Reading in between, as a server does.
        serving.find_license(&phone.license, office.now()).unwrap();
        let copy = office.path(&format!("{turn}.sqlite"));
        fs::copy(office.home().join("authority.sqlite"), &copy).unwrap();
        let copied = Store::open(&copy).unwrap();
        copied.verify().unwrap();
        let made = copied
            .read(|transaction| decisions::of_license(transaction, &phone.license))
            .unwrap();
        assert_eq!(made.len(), usize::from(turn) + 1);
    }
}
