//! Readers' keys in the trust list.

use super::*;

#[test]
fn a_key_of_the_authority_is_not_taken_as_a_readers_and_signing_goes_on() {
    let office = Office::new();
    office.lists(1, at(START));
    let trust = office.trust();
    let now = at(START + 8 * DAY);
    office.authority.publisher().refresh(now.into()).unwrap();
    office
        .authority
        .rotate_keys(&Rotation::default(), now)
        .unwrap();
    // In force, next, retired, and dropped: the credential key never signed.
    let present = office.trust();
    let own = [office.root()]
        .into_iter()
        .chain(trust.entries().map(|entry| entry.key.clone()))
        .chain(present.entries().map(|entry| entry.key.clone()));
    for key in own {
        assert_eq!(
            office.authority.add_reader("Police", &key, 30, now),
            Err(Error::ReaderKeyOwn)
        );
        assert!(office.authority.readers().unwrap().is_empty());
    }
    office.set(0, 6, SUSPENDED, now).unwrap();
    assert_eq!(office.list(0).status(6), Ok(LicenseStatus::Suspended));
}

#[test]
fn a_reader_that_no_list_can_name_is_not_stored() {
    use vidimus_credential::{Algorithm, Signer as _, SigningKey};
    let office = Office::new();
    let key = SigningKey::from_secret(Algorithm::Ed25519, &[7; 32]).unwrap();
    let key = key.verifying_key();
    // What the next list says of it is wrong for a reason that no one thought of.
    office
        .authority
        .store
        .write(|transaction| Ok(transaction.execute("UPDATE authority SET name = ''", [])?))
        .unwrap();
    let added = office.authority.add_reader("Police", key, 30, at(START));
    assert!(matches!(added, Err(Error::Signing(_))), "{added:?}");
    assert!(office.authority.readers().unwrap().is_empty());
}

#[test]
fn readers_stand_in_the_list_until_they_are_revoked_or_end() {
    use vidimus_credential::{Algorithm, Signer as _, SigningKey};
    let office = Office::new();
    let key = |byte: u8, algorithm| {
        SigningKey::from_secret(algorithm, &[byte; 32])
            .unwrap()
            .verifying_key()
            .clone()
    };
    let authority = &office.authority;
    let patrol = key(1, Algorithm::Ed25519);
    for name in [
        "",
        "\u{200b}",
        "\u{3164}",
        "dl1:code",
        "DL1:code",
        "a\n",
        "\u{2800} ",
        " Patrol 7 ",
        "Pat\u{200d}rol 7",
        "Pat\u{200b}rol 7",
    ] {
        let refused = authority.add_reader(name, &patrol, 30, at(START));
        assert_eq!(refused, Err(Error::ReaderName), "{name:?}");
    }
    assert_eq!(
        authority.add_reader("Patrol 7", &patrol, 0, at(START)),
        Err(Error::ReaderDays { days: 0 })
    );
    let kid = authority
        .add_reader("Patrol 7", &patrol, 30, at(START))
        .unwrap();
    assert_eq!(
        authority.add_reader("Patrol 7", &key(2, Algorithm::Ed25519), 30, at(START)),
        Err(Error::ReaderExists)
    );
    for alike in ["patrol-7", "PATROL 7", "Раtrоl 7", "Patrol ７", "Patrol 7."] {
        assert_eq!(
            authority.add_reader(alike, &key(2, Algorithm::Ed25519), 30, at(START)),
            Err(Error::ReaderExists),
            "{alike}"
        );
    }
    assert_eq!(
        authority.add_reader("Patrol 8", &patrol, 30, at(START)),
        Err(Error::ReaderKeyKnown)
    );
    authority
        .add_reader("巡邏", &key(3, Algorithm::Esp256), 400, at(START))
        .unwrap();
    let readers = of(&office.trust(), Purpose::Reader);
    assert_eq!(readers.len(), 2);
    assert!(
        readers.iter().all(|entry| entry.name == entry.display_name
            && entry.not_before <= office.trust().issued_at())
    );
    let listed = authority.readers().unwrap();
    let named = listed
        .iter()
        .find(|reader| reader.name == "Patrol 7")
        .unwrap();
    assert_eq!((named.kid.as_str(), listed.len()), (kid.as_str(), 2));
    authority.revoke_reader("巡邏", at(START + 60)).unwrap();
    assert_eq!(of(&office.trust(), Purpose::Reader).len(), 1);
    assert_eq!(
        authority.revoke_reader("巡邏", at(START)),
        Err(Error::UnknownReader)
    );
    office
        .authority
        .publisher()
        .refresh(at(START + 32 * DAY).into())
        .unwrap();
    assert_eq!(
        of(&office.trust(), Purpose::Reader).len(),
        0,
        "it has ended"
    );
    authority.revoke_reader(&kid, at(START + 32 * DAY)).unwrap();
    assert_eq!(authority.readers().unwrap(), []);
}

#[test]
fn a_reader_is_revoked_by_its_name_or_by_what_looks_like_it() {
    use vidimus_credential::{Algorithm, Signer as _, SigningKey};
    let office = Office::new();
    let authority = &office.authority;
    for (byte, name) in [(1, "Patrol 7"), (2, "Patrol 8")] {
        let key = SigningKey::from_secret(Algorithm::Ed25519, &[byte; 32]).unwrap();
        authority
            .add_reader(name, key.verifying_key(), 30, at(START))
            .unwrap();
    }
    authority.revoke_reader("patrol-7", at(START + 60)).unwrap();
    let left = authority.readers().unwrap();
    assert_eq!((left.len(), left[0].name.as_str()), (1, "Patrol 8"));
    assert_eq!(
        authority.revoke_reader("Patrol 9", at(START + 60)),
        Err(Error::UnknownReader)
    );
}
