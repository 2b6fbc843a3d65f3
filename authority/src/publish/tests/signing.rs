//! Lists, bundles and the trust list: when each is signed, and how it is dated.

use super::*;

#[test]
fn the_first_list_names_two_keys_of_each_use_and_all_is_dated_before_the_clock() {
    let office = Office::new();
    let trust = office.trust();
    assert_eq!((trust.serial(), trust.issued_at()), (0, at(START - LEAD)));
    assert_eq!(trust.expires(), at(START - LEAD + TRUST_LIFE));
    for purpose in [Purpose::Credential, Purpose::Status] {
        let entries = of(&trust, purpose);
        assert_eq!(entries.len(), 2);
        assert!(
            entries
                .iter()
                .all(|entry| entry.not_before == trust.issued_at()
                    && entry.signed_until.is_none()
                    && entry.expires > trust.expires())
        );
    }
    office.lists(1, at(START));
    // `init` signed an empty bundle, and what is signed after a bundle is later.
    assert_eq!(office.list(0).issued_at(), at(START - LEAD + 1));
    assert_eq!(office.list(0).uri(), format!("{ISSUER}/s/0/0"));
    assert_eq!(office.keys(), 5, "the root, and two for each use");
}

#[test]
fn a_list_is_signed_anew_at_fifty_minutes_and_the_trust_list_each_day_with_the_same_serial() {
    let office = Office::new();
    office.lists(2, at(START));
    let first = office.list_bytes(1);
    let refresh = |seconds: u64| {
        office
            .authority
            .publisher()
            .refresh(at(START + seconds).into())
            .unwrap();
    };
    refresh(STATUS_REISSUE - 1);
    assert_eq!(office.list_bytes(1), first);
    refresh(STATUS_REISSUE);
    assert_eq!(
        office.list(1).issued_at(),
        at(START + STATUS_REISSUE - LEAD)
    );
    assert_eq!(office.trust().issued_at(), at(START - LEAD));
    refresh(DAY);
    assert_eq!(office.trust().issued_at(), at(START + DAY - LEAD));
    assert_eq!(office.trust().serial(), 0);
    assert_eq!(
        of(&office.trust(), Purpose::Status)[0].not_before,
        at(START - LEAD)
    );
}

#[test]
fn a_change_is_visible_with_a_later_time_and_no_change_is_not_signed() {
    let office = Office::new();
    office.lists(1, at(START));
    let before = office.list(0).issued_at();
    office.set(0, 7, SUSPENDED, at(START)).unwrap();
    let bytes = office.list_bytes(0);
    assert_eq!(office.list(0).status(7), Ok(LicenseStatus::Suspended));
    assert_eq!(office.list(0).issued_at(), before.saturating_add(1));
    office.set(0, 7, SUSPENDED, at(START + 9)).unwrap();
    assert_eq!(office.list_bytes(0), bytes);
}

#[test]
fn a_burst_never_runs_more_than_five_seconds_ahead_and_what_waits_is_folded() {
    let office = Office::new();
    office.lists(1, at(START));
    // As far as it may run at once.
    for turn in 1..LEAD + MAX_AHEAD {
        let state = u8::try_from(turn % 2).unwrap() + 1;
        office.set(0, 0, state, at(START)).unwrap();
    }
    assert_eq!(office.list(0).issued_at(), at(START + MAX_AHEAD));
    let office = Arc::new(office);
    let begun = Instant::now();
    let clerks: Vec<_> = (1..=32)
        .map(|idx| {
            let office = Arc::clone(&office);
            std::thread::spawn(move || {
                office.set(0, idx, SUSPENDED, at(START)).unwrap();
                assert_eq!(
                    office.list(0).status(u8::try_from(idx).unwrap()),
                    Ok(LicenseStatus::Suspended)
                );
            })
        })
        .collect();
    clerks.into_iter().for_each(|clerk| clerk.join().unwrap());
    // 32 signatures, a second each, would take half a minute.
    assert!(begun.elapsed() < Duration::from_secs(10));
    let ahead = office.list(0).issued_at().seconds() - START;
    assert!(
        ahead <= MAX_AHEAD + begun.elapsed().as_secs() + 1,
        "{ahead}"
    );
}

#[test]
fn several_lists_of_one_batch_share_their_second() {
    let office = Office::new();
    let numbers = office.lists(600, at(START));
    for number in &numbers {
        office.change(*number, 3, SUSPENDED);
    }
    office
        .authority
        .publisher()
        .sign_lists(&numbers, at(START + 60).into())
        .unwrap();
    let times: BTreeSet<_> = numbers
        .iter()
        .map(|number| office.list(*number).issued_at())
        .collect();
    assert_eq!(times, BTreeSet::from([at(START + 60 - LEAD)]));
}

#[test]
fn a_change_that_may_wait_is_signed_at_its_moment_and_not_before() {
    let office = Office::new();
    office.lists(1, at(START));
    let later = at(START + 40);
    office
        .authority
        .store
        .write(|transaction| lists::change(transaction, 0, |states| states[1] = 3, Some(later)))
        .unwrap();
    let refresh = |now: UnixTime| office.authority.publisher().refresh(now.into()).unwrap();
    refresh(at(START + 39));
    assert_eq!(office.list(0).status(1), Ok(LicenseStatus::Valid));
    refresh(later);
    assert_eq!(office.list(0).status(1), Ok(LicenseStatus::Lapsed));
    // An urgent change of the same list takes the other one along.
    office
        .authority
        .store
        .write(|transaction| {
            let later = Some(at(START + 900));
            lists::change(transaction, 0, |states| states[2] = 3, later)?;
            lists::change(transaction, 0, |states| states[3] = 2, None)
        })
        .unwrap();
    refresh(at(START + 50));
    assert_eq!(office.list(0).status(2), Ok(LicenseStatus::Lapsed));
}

#[test]
fn a_bundle_is_signed_by_the_timer_or_on_demand_and_later_than_its_lists() {
    let office = Office::new();
    office.lists(1, at(START));
    let place = StatusRef {
        idx: 7,
        uri: format!("{ISSUER}/s/0/0"),
    };
    let state = || office.bundle(0).status(ISSUER, &place);
    assert_eq!(state(), None, "signed by init, before there was a list");
    let publisher = office.authority.publisher();
    publisher
        .refresh(at(START + BUNDLE_REISSUE - 1).into())
        .unwrap();
    assert_eq!(state(), None);
    publisher
        .refresh(at(START + BUNDLE_REISSUE).into())
        .unwrap();
    assert_eq!(state(), Some(LicenseStatus::Valid));
    let now = at(START + BUNDLE_REISSUE + 1);
    office.set(0, 7, SUSPENDED, now).unwrap();
    publisher.refresh(now.into()).unwrap();
    assert_eq!(state(), Some(LicenseStatus::Valid));
    publisher.bundles_now(now.into()).unwrap();
    assert_eq!(state(), Some(LicenseStatus::Suspended));
    assert!(office.bundle(0).issued_at() > office.list(0).issued_at());
    // Unchanged, it is signed again at the age of lists.
    let bytes = fs::read(office.authority.home.bundle(0)).unwrap();
    let unchanged = |seconds: u64| {
        publisher
            .bundles_now(now.saturating_add(seconds).into())
            .unwrap();
        fs::read(office.authority.home.bundle(0)).unwrap() == bytes
    };
    assert!(unchanged(STATUS_REISSUE - 1));
    assert!(!unchanged(STATUS_REISSUE));
}

#[test]
fn a_list_that_changes_while_a_bundle_is_made_is_dated_later_than_the_bundle() {
    let office = Office::new();
    office.lists(1, at(START));
    let publisher = office.authority.publisher();
    let begun = office
        .authority
        .store
        .write(|transaction| publisher.begin_bundle(transaction, 0, at(START).into()))
        .unwrap()
        .unwrap()
        .unwrap();
    assert!(begun.iat > office.list(0).issued_at());
    office.set(0, 7, SUSPENDED, at(START)).unwrap();
    assert!(office.list(0).issued_at() > begun.iat);
    assert_eq!(begun.states[7], 0);
    // The one that was begun and never finished is made anew.
    publisher
        .refresh(at(START + BUNDLE_REISSUE).into())
        .unwrap();
    assert!(office.bundle(0).issued_at() > office.list(0).issued_at());
}

#[test]
fn each_pack_of_4096_lists_has_its_bundle() {
    let office = Office::new();
    let publisher = office.authority.publisher();
    office
        .authority
        .store
        .write(|transaction| {
            for _ in 0..=PACK {
                lists::create(transaction)?;
            }
            Ok(())
        })
        .unwrap();
    publisher.sign_lists(&[0, PACK], at(START).into()).unwrap();
    office.set(PACK, 200, SUSPENDED, at(START)).unwrap();
    publisher.bundles_now(at(START).into()).unwrap();
    let state = |pack: u32, uri: &str| {
        let place = StatusRef {
            idx: 200,
            uri: format!("{ISSUER}{uri}"),
        };
        office.bundle(pack).status(ISSUER, &place)
    };
    assert_eq!(office.list(PACK).uri(), format!("{ISSUER}/s/1/0"));
    assert_eq!(state(1, "/s/1/0"), Some(LicenseStatus::Suspended));
    assert_eq!(state(1, "/s/0/0"), None);
    assert_eq!(state(0, "/s/0/4095"), Some(LicenseStatus::Valid));
    assert_eq!(state(0, "/s/1/0"), None);
}

#[test]
fn a_signature_that_was_published_and_not_noted_is_followed_by_a_later_one() {
    let office = Office::new();
    office.lists(1, at(START));
    // A process signed, wrote the file, and died before its transaction was committed.
    let (signer, _) = office
        .authority
        .store
        .read(|transaction| office.authority.keys.current(transaction, KeyUse::Status))
        .unwrap();
    let lost = at(START - LEAD + 40);
    let token = sign_list(&format!("{ISSUER}/s/0/0"), &[1; 256], lost, &*signer).unwrap();
    fs::write(office.authority.home.status_list(0), token).unwrap();
    office.set(0, 7, SUSPENDED, at(START)).unwrap();
    assert_eq!(office.list(0).issued_at(), lost.saturating_add(1));
    assert_eq!(office.list(0).status(0), Ok(LicenseStatus::Valid));
}

#[test]
fn files_that_are_missing_empty_or_older_are_written_again_as_they_were() {
    let office = Office::new();
    office.lists(3, at(START));
    let old = office.list_bytes(2);
    office.set(2, 7, SUSPENDED, at(START + 60)).unwrap();
    let before: Vec<_> = (0..3).map(|number| office.list_bytes(number)).collect();
    let home = &office.authority.home;
    fs::remove_file(home.status_list(0)).unwrap();
    fs::write(home.status_list(1), b"").unwrap();
    fs::write(home.status_list(2), old).unwrap();
    fs::remove_file(home.bundle(0)).unwrap();
    fs::remove_file(home.trust_list()).unwrap();
    let publisher = office.authority.publisher();
    publisher.restore().unwrap();
    for (number, bytes) in (0..3).zip(before) {
        assert_eq!(office.list_bytes(number), bytes);
    }
    publisher.refresh(at(START + 60).into()).unwrap();
    assert_eq!(office.trust().issued_at(), at(START + 60 - LEAD));
    office.bundle(0);
}

#[test]
fn what_is_committed_stands_in_the_main_database_file_alone() {
    let office = Office::new();
    office.lists(1, at(START));
    let elsewhere = Authority::open(office.folder.path()).unwrap();
    office.change(0, 7, SUSPENDED);
    office.authority.publish(at(START + 60)).unwrap();
    let copy = office.folder.path().join("copy.sqlite");
    fs::copy(office.authority.home.database(), &copy).unwrap();
    let copied = crate::store::Store::open(&copy).unwrap();
    let states = copied
        .read(|transaction| lists::states(transaction, 0))
        .unwrap();
    assert_eq!(states[7], SUSPENDED);
    drop(elsewhere);
}

#[test]
fn thousands_of_signings_keep_each_time_of_a_list_to_one_content() {
    let office = Office::new();
    let numbers = office.lists(40, at(START));
    let mut last = vec![UnixTime::EPOCH; numbers.len()];
    for turn in 0..50_u64 {
        for number in &numbers {
            let idx = usize::try_from(turn).unwrap();
            office.change(*number, idx, SUSPENDED);
        }
        let now = at(START + turn / 10);
        office
            .authority
            .publisher()
            .sign_lists(&numbers, now.into())
            .unwrap();
        for (number, last) in numbers.iter().zip(&mut last) {
            let iat = office.list(*number).issued_at();
            assert!(iat > *last && iat <= now.saturating_add(MAX_AHEAD));
            *last = iat;
        }
    }
}
