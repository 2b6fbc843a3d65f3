//! Rotations, whole and broken off; keys that are compromised, retired or missing.

use super::*;

#[test]
fn a_plain_rotation_takes_the_announced_keys_and_keeps_the_retired_until_their_last_object_ends() {
    let office = Office::new();
    office.lists(1, at(START));
    let first = office.trust();
    let plain = Rotation::default();
    assert_eq!(
        office
            .authority
            .rotate_keys(&plain, at(START + 7 * DAY - 1)),
        Err(Error::NextKeyTooNew {
            ready: at(START + 7 * DAY)
        })
    );
    let now = at(START + 7 * DAY);
    office.authority.publisher().refresh(now.into()).unwrap();
    let (old, last) = (office.list_bytes(0), office.list(0).issued_at());
    office.authority.rotate_keys(&plain, now).unwrap();
    let trust = office.trust();
    assert_eq!((trust.serial(), trust.entries().len()), (0, 5));
    // The credential key never signed: it leaves nothing behind, and nothing is retired for it.
    assert_eq!(of(&trust, Purpose::Credential).len(), 2);
    let status = of(&trust, Purpose::Status);
    let retired = status
        .iter()
        .find(|entry| entry.signed_until.is_some())
        .unwrap();
    assert_eq!(
        retired.expires,
        retired.signed_until.unwrap().saturating_add(STATUS_LIFE)
    );
    assert!(retired.signed_until >= Some(last), "the bundle is the last");
    assert!(office.read_list(&old).is_ok());
    // Who has the list of a week ago knows the key that signs now.
    let token = office.list_bytes(0);
    let by_first = UnverifiedStatusToken::parse(&token)
        .unwrap()
        .authenticate(&first, ISSUER);
    assert!(by_first.unwrap().issued_at() > last);
    assert_eq!(office.keys(), 5, "retired secrets are removed");
    // And leaves the list when the last thing that it signed has ended.
    let end = retired.expires.saturating_add(DAY);
    office.authority.publisher().refresh(end.into()).unwrap();
    assert_eq!(office.trust().entries().len(), 4);
}

/// Makes a folder where the trust list is written, so that it cannot be; returns how to undo it.
fn unwritable_trust_list(office: &Office) -> impl Fn() {
    let path = office.authority.home.trust_list();
    let aside = path.with_extension("aside");
    fs::rename(&path, &aside).unwrap();
    fs::create_dir(&path).unwrap();
    move || {
        fs::remove_dir(&path).unwrap();
        fs::rename(&aside, &path).unwrap();
    }
}

fn roles(office: &Office) -> Vec<(vidimus_credential::KeyId, Role)> {
    let read = |transaction: &crate::store::Transaction<'_>| {
        let mut all = Vec::new();
        for use_ in KeyUse::ALL {
            all.extend(crate::store::keys::roles(transaction, use_)?);
        }
        Ok(all)
    };
    office.authority.store.read(read).unwrap()
}

#[test]
fn a_rotation_whose_list_could_not_be_written_is_finished_and_not_made_twice() {
    let plain = Rotation::default();
    let at_once = Rotation {
        at_once: true,
        ..Rotation::default()
    };
    for again in [&plain, &at_once] {
        let office = Office::new();
        office.lists(1, at(START));
        let first = office.trust();
        let now = at(START + 8 * DAY);
        office.authority.publisher().refresh(now.into()).unwrap();
        let undo = unwritable_trust_list(&office);
        let failed = office.authority.rotate_keys(&plain, now);
        assert!(matches!(failed, Err(Error::Io { .. })), "{failed:?}");
        let rotated = roles(&office);
        // It can fail more than once.
        office.authority.rotate_keys(again, now).unwrap_err();
        assert!(roles(&office) == rotated);
        undo();
        assert_eq!(
            office.authority.rotate_keys(again, now),
            Ok(Rotated::Finished)
        );
        assert!(roles(&office) == rotated);
        // The key that signs is one that the list of a week ago named.
        let token = office.list_bytes(0);
        UnverifiedStatusToken::parse(&token)
            .unwrap()
            .authenticate(&first, ISSUER)
            .unwrap();
        assert_eq!(office.keys(), 5);
        // What is published is not finished again.
        assert!(matches!(
            office.authority.rotate_keys(&plain, now),
            Err(Error::NextKeyTooNew { .. })
        ));
        assert_eq!(
            office.authority.rotate_keys(&at_once, now),
            Ok(Rotated::Anew)
        );
    }
}

#[test]
fn a_rotation_whose_status_lists_could_not_be_written_is_finished_too() {
    let office = Office::new();
    office.lists(1, at(START));
    let now = at(START + 8 * DAY);
    office.authority.publisher().refresh(now.into()).unwrap();
    let list = office.authority.home.status_list(0);
    fs::remove_file(&list).unwrap();
    fs::create_dir(&list).unwrap();
    let plain = Rotation::default();
    office.authority.rotate_keys(&plain, now).unwrap_err();
    let rotated = roles(&office);
    fs::remove_dir(&list).unwrap();
    assert_eq!(
        office.authority.rotate_keys(&plain, now),
        Ok(Rotated::Finished)
    );
    assert!(roles(&office) == rotated);
    office.list(0);
}

#[test]
fn a_drop_whose_list_could_not_be_written_is_finished_and_one_after_a_rotation_is_made() {
    let drop_status = |next_is_safe| Rotation {
        compromised: vec![KeyUse::Status],
        next_is_safe,
        ..Rotation::default()
    };
    for next_is_safe in [false, true] {
        let office = Office::new();
        office.lists(1, at(START));
        let now = at(START + 60);
        let undo = unwritable_trust_list(&office);
        let asked = drop_status(next_is_safe);
        office.authority.rotate_keys(&asked, now).unwrap_err();
        let dropped = roles(&office);
        undo();
        assert_eq!(
            office.authority.rotate_keys(&asked, now),
            Ok(Rotated::Finished)
        );
        assert!(roles(&office) == dropped);
        assert_eq!(office.trust().serial(), 1);
    }
    // A plain rotation that was not published leaves the stolen key retired: it is to be dropped.
    let office = Office::new();
    office.lists(1, at(START));
    let now = at(START + 8 * DAY);
    office.authority.publisher().refresh(now.into()).unwrap();
    let stolen = office.list_bytes(0);
    let undo = unwritable_trust_list(&office);
    let plain = Rotation::default();
    office.authority.rotate_keys(&plain, now).unwrap_err();
    undo();
    let asked = drop_status(false);
    assert_eq!(office.authority.rotate_keys(&asked, now), Ok(Rotated::Anew));
    assert_eq!(office.read_list(&stolen).err(), Some(Fault::UnknownKey));
}

#[test]
fn a_key_that_no_list_named_is_not_put_in_force_unless_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    init(folder.path(), InitOptions::default(), at(START)).unwrap();
    let authority = Authority::open(folder.path()).unwrap();
    let (plain, later) = (Rotation::default(), at(START + 60 * DAY));
    assert_eq!(
        authority.rotate_keys(&plain, later),
        Err(Error::NextKeyUnannounced)
    );
    let at_once = Rotation {
        at_once: true,
        ..Rotation::default()
    };
    assert_eq!(authority.rotate_keys(&at_once, later), Ok(Rotated::Anew));
}

#[test]
fn publishing_without_a_key_names_it_and_a_key_without_its_secret_is_not_put_in_force() {
    for (use_, role, said) in [
        (None, Role::Current, "the root"),
        (
            Some(KeyUse::Credential),
            Role::Current,
            "the credential key (",
        ),
        (Some(KeyUse::Status), Role::Current, "the status key ("),
        (Some(KeyUse::Status), Role::Next, "the next status key ("),
    ] {
        let office = Office::new();
        office.lists(1, at(START));
        let of = |transaction: &crate::store::Transaction<'_>| match use_ {
            None => Ok(crate::store::settings::Settings::read(transaction)?.root),
            Some(use_) => Ok(crate::store::keys::of_role(transaction, use_, role)?
                .unwrap()
                .kid),
        };
        let kid = office.authority.store.read(of).unwrap();
        fs::remove_file(office.authority.home.key(kid)).unwrap();
        let home = Authority::open(office.folder.path()).unwrap();
        // Nothing is due, and it is told all the same.
        for seconds in [60, 8 * DAY] {
            let published = home.publish(at(START + seconds));
            let Err(Error::KeysMissing { missing }) = published else {
                panic!("{said}: {published:?}");
            };
            assert!(missing.starts_with(said), "{missing}");
        }
        if role == Role::Next {
            let before = roles(&office);
            for compromised in [vec![], vec![KeyUse::Status]] {
                let asked = Rotation {
                    at_once: compromised.is_empty(),
                    next_is_safe: !compromised.is_empty(),
                    compromised,
                };
                let rotated = home.rotate_keys(&asked, at(START + 8 * DAY));
                assert!(
                    matches!(rotated, Err(Error::KeysMissing { .. })),
                    "{rotated:?}"
                );
                assert!(roles(&office) == before);
            }
        }
    }
    let office = Office::new();
    for path in office.authority.home.key_files().unwrap() {
        fs::remove_file(path).unwrap();
    }
    let home = Authority::open(office.folder.path()).unwrap();
    let Err(Error::KeysMissing { missing }) = home.publish(at(START + 60)) else {
        panic!("nothing can be signed");
    };
    assert_eq!(missing.split(", ").count(), 5, "{missing}");
}

#[test]
fn a_retired_key_states_the_greatest_time_that_it_signed() {
    let office = Office::new();
    office.lists(2, at(START));
    for turn in 0..20 {
        office.set(0, 0, turn % 2, at(START)).unwrap();
    }
    let greatest = office.list(0).issued_at();
    let at_once = Rotation {
        at_once: true,
        ..Rotation::default()
    };
    office.authority.rotate_keys(&at_once, at(START)).unwrap();
    let status = of(&office.trust(), Purpose::Status);
    let retired = status
        .iter()
        .find(|entry| entry.signed_until.is_some())
        .unwrap();
    assert_eq!(retired.signed_until, Some(greatest));
    assert!(office.list(0).issued_at() > greatest);
}

#[test]
fn a_compromised_key_is_dropped_with_the_next_one_unless_that_is_safe() {
    for (next_is_safe, kept) in [(false, 0), (true, 1)] {
        let office = Office::new();
        office.lists(1, at(START));
        let (before, old) = (office.trust(), office.list_bytes(0));
        let rotation = Rotation {
            compromised: vec![KeyUse::Status],
            next_is_safe,
            ..Rotation::default()
        };
        office
            .authority
            .rotate_keys(&rotation, at(START + 60))
            .unwrap();
        let after = office.trust();
        assert_eq!(after.serial(), 1);
        assert!(after.issued_at() > before.issued_at());
        let known = |purpose| {
            of(&after, purpose)
                .iter()
                .filter(|entry| before.find(entry.key.kid()).is_some())
                .count()
        };
        assert_eq!(
            (known(Purpose::Credential), known(Purpose::Status)),
            (2, kept)
        );
        assert_eq!(of(&after, Purpose::Status).len(), 2);
        assert_eq!(office.read_list(&old).err(), Some(Fault::UnknownKey));
        assert!(office.list(0).issued_at() > before.issued_at());
        assert_eq!(office.keys(), 5);
    }
    let office = Office::new();
    let alone = Rotation {
        next_is_safe: true,
        ..Rotation::default()
    };
    assert_eq!(
        office.authority.rotate_keys(&alone, at(START)),
        Err(Error::RotationOptions)
    );
}

#[test]
fn a_secret_that_a_death_left_behind_is_removed_at_the_next_start() {
    let office = Office::new();
    office.lists(1, at(START));
    let keys = office.authority.home.key_files().unwrap();
    let secrets: Vec<_> = keys
        .into_iter()
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect();
    let rotation = Rotation {
        at_once: true,
        ..Rotation::default()
    };
    office.authority.rotate_keys(&rotation, at(START)).unwrap();
    let gone: Vec<_> = secrets.iter().filter(|(path, _)| !path.exists()).collect();
    assert_eq!(gone.len(), 2);
    for (path, secret) in &gone {
        fs::write(path, secret).unwrap();
    }
    office.authority.publisher().tidy().unwrap();
    assert!(gone.iter().all(|(path, _)| !path.exists()));
    assert_eq!(office.keys(), 5);
}
