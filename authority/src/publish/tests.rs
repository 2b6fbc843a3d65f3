//! Publication without a register: lists, keys and clocks alone.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use vidimus_credential::bundle::Bundle;
use vidimus_credential::sd_cwt::StatusRef;
use vidimus_credential::status_list::{StatusToken, UnverifiedStatusToken};
use vidimus_credential::trust::{Purpose, TrustEntry, TrustList};
use vidimus_credential::{Day, Error as Fault, LicenseStatus, UnixTime, VerifyingKey};

use super::{BUNDLE_REISSUE, STATUS_REISSUE, TRUST_LIFE};
use crate::authority::{Authority, InitOptions, init};
use crate::clock::{Boot, BootId, Moment};
use crate::error::Error;
use crate::keys::{Rotated, Rotation, STATUS_LIFE, Use};
use crate::rules::dating::{LEAD, MAX_AHEAD};
use crate::store::documents::PACK;
use crate::store::keys::Role;
use crate::store::lists;

const START: u64 = 1_800_000_000;
const DAY: u64 = 86_400;
const ISSUER: &str = "https://license.example";
const SUSPENDED: u8 = 2;

fn at(seconds: u64) -> UnixTime {
    UnixTime::new(seconds).unwrap()
}

/// A wall clock and a boot clock, in one start of the machine or another.
fn moment(wall: u64, start: u128, since: u64) -> Moment {
    Moment::new(
        at(wall),
        Some(Boot {
            id: BootId::new(start),
            since: Duration::from_secs(since),
        }),
    )
}

struct Office {
    folder: TempDir,
    authority: Authority,
}

impl Office {
    fn new() -> Self {
        Self::at(at(START).into())
    }

    fn at(now: Moment) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let issuer = Some(ISSUER.to_owned());
        let options = InitOptions {
            issuer,
            ..InitOptions::default()
        };
        init(folder.path(), options, now).unwrap();
        let authority = Authority::open(folder.path()).unwrap();
        Self { folder, authority }
    }

    /// Makes lists and signs them.
    fn lists(&self, count: u32, now: impl Into<Moment>) -> Vec<u32> {
        let numbers: Vec<u32> = self
            .authority
            .store
            .write(|transaction| (0..count).map(|_| lists::create(transaction)).collect())
            .unwrap();
        self.authority
            .publisher()
            .sign_lists(&numbers, now.into())
            .unwrap();
        numbers
    }

    fn change(&self, number: u32, idx: usize, state: u8) {
        let edit = |states: &mut lists::States| states[idx] = state;
        self.authority
            .store
            .write(|transaction| lists::change(transaction, number, edit, None))
            .unwrap();
    }

    /// Changes one state and signs.
    fn set(&self, number: u32, idx: usize, state: u8, now: impl Into<Moment>) -> Result<(), Error> {
        self.change(number, idx, state);
        self.authority.publisher().sign_lists(&[number], now.into())
    }

    fn root(&self) -> VerifyingKey {
        VerifyingKey::from_cose_key(&fs::read(self.folder.path().join("root.cose")).unwrap())
            .unwrap()
    }

    fn trust(&self) -> TrustList {
        let bytes = fs::read(self.authority.home.trust_list()).unwrap();
        TrustList::verify(&bytes, &self.root()).unwrap()
    }

    fn list_bytes(&self, number: u32) -> Vec<u8> {
        fs::read(self.authority.home.status_list(number)).unwrap()
    }

    fn list(&self, number: u32) -> StatusToken {
        self.read_list(&self.list_bytes(number)).unwrap()
    }

    fn read_list(&self, bytes: &[u8]) -> Result<StatusToken, Fault> {
        UnverifiedStatusToken::parse(bytes)
            .unwrap()
            .authenticate(&self.trust(), ISSUER)
    }

    fn bundle(&self, pack: u32) -> Bundle {
        let bytes = fs::read(self.authority.home.bundle(pack)).unwrap();
        Bundle::verify(&bytes, &self.trust()).unwrap()
    }

    fn keys(&self) -> usize {
        self.authority.home.key_files().unwrap().len()
    }
}

fn of(trust: &TrustList, purpose: Purpose) -> Vec<TrustEntry> {
    let mut entries: Vec<_> = trust
        .entries()
        .filter(|entry| entry.purposes == [purpose])
        .cloned()
        .collect();
    entries.sort_by_key(|entry| entry.not_before);
    entries
}

fn today() -> Day {
    at(START).day()
}

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
        .read(|transaction| office.authority.keys.current(transaction, Use::Status))
        .unwrap();
    let lost = at(START - LEAD + 40);
    let token = super::sign_list(&format!("{ISSUER}/s/0/0"), &[1; 256], lost, &*signer).unwrap();
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
fn a_clock_in_doubt_stops_signing_and_neither_decisions_nor_what_is_published() {
    let office = Office::at(moment(START, 1, 1_000));
    office.lists(1, moment(START, 1, 1_000));
    let before = (
        office.list_bytes(0),
        fs::read(office.authority.home.trust_list()).unwrap(),
    );
    let year = 365 * DAY;
    for (wrong, expected) in [
        (moment(START + 3_600 + 60, 1, 1_060), START + 60),
        (moment(START + year, 1, 1_060), START + 60),
        (moment(START - 3_600, 1, 1_060), START + 60),
        (moment(START + 8 * DAY, 2, 5), START),
        (moment(START - 301, 2, 5), START),
        (Moment::new(at(START + year), None), START),
    ] {
        let doubt = Error::ClockInDoubt {
            clock: wrong.wall(),
            expected: at(expected),
        };
        office.change(0, 9, 0);
        assert_eq!(office.set(0, 9, SUSPENDED, wrong), Err(doubt.clone()));
        assert_eq!(office.authority.publish(wrong), Err(doubt.clone()));
        let rotation = Rotation {
            at_once: true,
            ..Rotation::default()
        };
        assert_eq!(
            office.authority.rotate_keys(&rotation, wrong),
            Err(doubt.clone())
        );
        let state = office.authority.clock(wrong).unwrap();
        assert!(state.in_doubt && state.clock == wrong.wall());
        assert_eq!(state.expected, Some(at(expected)));
        let after = (
            office.list_bytes(0),
            fs::read(office.authority.home.trust_list()).unwrap(),
        );
        assert!(before == after);
        assert_eq!(office.keys(), 5);
    }
    // The clock is right again: what was decided is signed.
    let right = moment(START + 120, 1, 1_120);
    office.authority.publisher().refresh(right).unwrap();
    assert_eq!(office.list(0).status(9), Ok(LicenseStatus::Suspended));
    assert!(!office.authority.clock(right).unwrap().in_doubt);
}

#[test]
fn a_right_clock_is_accepted_by_the_date_and_a_wrong_one_is_repaired() {
    let office = Office::at(moment(START, 1, 0));
    office.lists(2, moment(START, 1, 0));
    let right = moment(START + 21 * DAY, 2, 5);
    office.set(0, 1, SUSPENDED, right).unwrap_err();
    let wrong_day = office.authority.accept_clock(today(), right);
    assert!(matches!(wrong_day, Err(Error::NotToday { .. })));
    office
        .authority
        .accept_clock(right.wall().day(), right)
        .unwrap();
    assert_eq!(office.list(0).status(1), Ok(LicenseStatus::Suspended));
    assert_eq!(office.trust().serial(), 0);
    let nothing = office.authority.repair_clock(right.wall().day(), right);
    assert_eq!(nothing, Err(Error::NothingToRepair));
}

#[test]
fn a_repair_takes_back_what_was_dated_ahead_under_the_same_uri() {
    let year = 365 * DAY;
    let office = Office::at(moment(START, 1, 0));
    office.lists(2, moment(START, 1, 0));
    let before = office.trust();
    let honest = office.list_bytes(1);
    // Somebody accepts a clock that is a year ahead; for two seconds the authority signs by it.
    let wrong = moment(START + year, 2, 5);
    office
        .authority
        .accept_clock(wrong.wall().day(), wrong)
        .unwrap();
    office.set(0, 1, SUSPENDED, wrong).unwrap();
    office
        .authority
        .publish(wrong.after(Duration::from_secs(2)))
        .unwrap();
    let (ahead, poisoned) = (office.list_bytes(0), office.trust());
    assert!(poisoned.issued_at() > at(START + year - DAY));
    let right = moment(START + 600, 3, 5);
    let doubt = office.set(0, 2, SUSPENDED, right);
    assert!(matches!(doubt, Err(Error::ClockInDoubt { .. })));
    let too_early = office.authority.accept_clock(today(), right);
    assert!(matches!(too_early, Err(Error::SignedAhead { .. })));
    office.authority.repair_clock(today(), right).unwrap();

    let trust = office.trust();
    assert_eq!(
        (trust.serial(), trust.issued_at()),
        (1, at(START + 600 - LEAD))
    );
    assert!(trust.is_newer_than(&poisoned));
    for number in [0, 1] {
        let list = office.list(number);
        assert_eq!(list.uri(), format!("{ISSUER}/s/0/{number}"));
        assert_eq!(list.issued_at(), at(START + 600 - LEAD));
    }
    assert_eq!(office.list(0).status(1), Ok(LicenseStatus::Suspended));
    assert_eq!(office.list(0).status(2), Ok(LicenseStatus::Suspended));
    assert!(office.bundle(0).issued_at() <= right.wall());
    // What was dated ahead never counts; what was signed before does, until its end.
    assert_eq!(office.read_list(&ahead).err(), Some(Fault::KeyNotInForce));
    assert!(office.read_list(&honest).is_ok());
    let retired: Vec<_> = of(&trust, Purpose::Status)
        .into_iter()
        .filter(|entry| entry.signed_until.is_some())
        .collect();
    assert_eq!(retired.len(), 1);
    assert!(retired[0].signed_until <= Some(right.wall()));
    assert!(retired[0].expires <= right.wall().saturating_add(STATUS_LIFE));
    // Readers with the first list know the keys that sign now.
    let (kid, _) = office
        .authority
        .store
        .read(|transaction| office.authority.keys.current(transaction, Use::Credential))
        .map(|(key, nbf)| (vidimus_credential::Signer::verifying_key(&*key).kid(), nbf))
        .unwrap();
    assert!(before.find(kid).is_some());
    assert_eq!(office.keys(), 5);
    assert!(!office.authority.clock(right).unwrap().in_doubt);
    office
        .set(0, 3, SUSPENDED, right.after(Duration::from_secs(60)))
        .unwrap();
}

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
        for use_ in Use::ALL {
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
        compromised: vec![Use::Status],
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
        (Some(Use::Credential), Role::Current, "the credential key ("),
        (Some(Use::Status), Role::Current, "the status key ("),
        (Some(Use::Status), Role::Next, "the next status key ("),
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
            for compromised in [vec![], vec![Use::Status]] {
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
    // What the next list says of it is wrong for a reason that nobody thought of.
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
            compromised: vec![Use::Status],
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
        Err(Error::ReaderDays)
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
