//! A driver's life, from the register to the roadside: the real authority on a loopback port, the
//! real wallet over HTTP, the real verifier.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::sync::Arc;
use std::time::Duration;

use support::{BUDGET, DAY, DRIVER, Office, Phone, codes, copy_folder, reader};
use vidimus_authority::{Rotation, application_form};
use vidimus_credential::challenge::{self, Asked};
use vidimus_credential::qr::Symbol;
use vidimus_credential::{
    Algorithm, LicenseStatus, Outcome, Policy, Question, StatusSource, UnixTime, Verdict, Verifier,
};
use vidimus_wallet::activity_log::Event;
use vidimus_wallet::ports::{Clock as _, SystemRandom};
use vidimus_wallet::refresh::{Change, Refresh};
use vidimus_wallet::testing::MemoryKeyStore;
use vidimus_wallet::testing::TestClock;
use vidimus_wallet::{CancelToken, Error, Ports, Wallet};

const FULL: Option<Algorithm> = Some(Algorithm::Esp256);

#[tokio::test(flavor = "multi_thread")]
async fn a_driver_enrolls_shows_is_suspended_and_refused_and_may_drive_again() {
    for hardware in [None, FULL] {
        let office = Office::open().await;
        let phone = Phone::new(&office, hardware).await;
        let added = office.register().await;
        let license = phone.enroll(&added).await;

        let held = &phone.wallet.licenses().unwrap()[0];
        let expected = application_form::parse(DRIVER.as_bytes()).unwrap();
        assert!(held.license.as_ref() == Some(&expected));
        // The roadside portrait, made of the clerk's picture: small enough for a few QR codes.
        let jpeg = held.portrait.as_ref().unwrap().jpeg().to_owned();
        assert!(jpeg.len() <= 4096 && jpeg != support::portrait());
        assert!(image::load_from_memory(&jpeg).unwrap().width() >= 150);
        assert_eq!(
            held.status.state,
            LicenseStatus::Valid,
            "enrolling ends with the first status"
        );

        let mut officer = reader(&office, &phone);
        let frame = phone.show(&license).await;
        let verdict = officer.check(&frame.text, office.now());
        assert_eq!(
            (verdict.outcome, codes(&verdict)),
            (Outcome::Accept, vec![])
        );
        assert!(verdict.license.as_ref() == Some(&expected));
        assert_eq!(verdict.status.source, StatusSource::Staple);
        let again = officer.check(&frame.text, office.now());
        assert_eq!(codes(&again), ["replayed"]);

        office.clock.advance(Duration::from_secs(90));
        let mut other = reader(&office, &phone);
        let screenshot = other.check(&frame.text, office.now());
        assert_eq!(codes(&screenshot), ["expired"]);
        assert!(screenshot.offer_challenge);

        office
            .set_status(&added.license_id, LicenseStatus::Suspended)
            .await;
        office.clock.advance(Duration::from_secs(2 * 86_400));
        let old = officer.check(&phone.show(&license).await.text, office.now());
        assert_eq!(
            (old.outcome, codes(&old)),
            (Outcome::Caution, vec!["status_stale"])
        );
        let age_s = old.age_s.unwrap();
        assert!(
            (172_800..173_100).contains(&age_s),
            "the age is shown: {age_s}"
        );

        let mut office = office;
        office.restart().await;
        let report = phone.refresh(Refresh::Due).await;
        assert!(report.failures.is_empty(), "{:?}", report.failures);
        assert!(report.changed.contains(&Change::Status {
            license: license.clone(),
            from: LicenseStatus::Valid,
            to: LicenseStatus::Suspended,
        }));
        let frame = phone.show(&license).await;
        assert_eq!(frame.status.state, LicenseStatus::Suspended);
        let refused = officer.check(&frame.text, office.now());
        assert_eq!(
            (refused.outcome, codes(&refused)),
            (Outcome::Refuse, vec!["suspended"])
        );

        office
            .set_status(&added.license_id, LicenseStatus::Valid)
            .await;
        phone.refresh(Refresh::Now).await;
        office.clock.advance(Duration::from_secs(30));
        let verdict = officer.check(&phone.show(&license).await.text, office.now());
        assert_eq!(codes(&verdict), Vec::<&str>::new());

        phone.wallet.remove(&license).await.unwrap();
        assert!(phone.wallet.licenses().unwrap().is_empty());
        assert!(matches!(
            phone.wallet.present(&license),
            Err(Error::NoSuchLicense)
        ));
        let activity = phone.wallet.activity(100).unwrap();
        assert!(activity.intact);
        assert!(matches!(activity.entries[0].event, Event::Removed));
        assert!(
            activity
                .entries
                .iter()
                .any(|entry| matches!(entry.event, Event::Enrolled))
        );
        office.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_that_an_authority_sets_reaches_the_roadside_under_its_name() {
    let office = Office::open().await;
    let phone = Phone::new(&office, None).await;
    let added = office.register().await;
    let license = phone.enroll(&added).await;
    let mut officer = reader(&office, &phone);
    // The worst of what is in force counts, so each is worse than the one before; Valid lifts them
    // all, and Revoked is final.
    let states = [
        LicenseStatus::Unresolved,
        LicenseStatus::Lapsed,
        LicenseStatus::PointsLimit,
        LicenseStatus::Suspended,
        LicenseStatus::Valid,
        LicenseStatus::Revoked,
    ];
    for state in states {
        office.clock.advance(Duration::from_secs(61));
        office.set_status(&added.license_id, state).await;
        phone.refresh(Refresh::Now).await;
        let verdict = officer.check(&phone.show(&license).await.text, office.now());
        let reason = if state == LicenseStatus::Valid {
            vec![]
        } else {
            vec![state.name()]
        };
        assert_eq!(codes(&verdict), reason);
        assert_eq!(verdict.status.state, state);
    }
    let authority = office.authority();
    let revived = authority.set_status(&added.license_id, LicenseStatus::Valid, office.now());
    assert!(revived.is_err(), "revocation is final");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_is_renewed_at_one_third_of_its_life_and_the_license_stays_the_same() {
    let mut office = Office::open().await;
    let phone = Phone::new(&office, FULL).await;
    let added = office.register().await;
    let license = phone.enroll(&added).await;
    let before = phone.wallet.licenses().unwrap()[0].expires.unwrap();
    for _ in 0..3 {
        office.clock.advance(21 * DAY);
        office.restart().await;
        let report = phone.refresh(Refresh::Due).await;
        assert!(report.failures.is_empty(), "{:?}", report.failures);
        assert!(report.changed.contains(&Change::Renewed {
            license: license.clone()
        }));
    }
    let held = &phone.wallet.licenses().unwrap()[0];
    assert!(held.id == license && held.expires.unwrap() > before);
    assert!(held.portrait.is_some());
    let verdict = reader(&office, &phone).check(&phone.show(&license).await.text, office.now());
    assert_eq!(codes(&verdict), Vec::<&str>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn rotated_keys_leave_old_credentials_good_and_sign_the_new_ones() {
    let mut office = Office::open().await;
    let (first, second) = (
        Phone::new(&office, None).await,
        Phone::new(&office, None).await,
    );
    let old = first.enroll(&office.register().await).await;
    let mut officer = reader(&office, &first);
    let (authority, now) = (office.authority(), office.now());
    let at_once = Rotation {
        at_once: true,
        ..Rotation::default()
    };
    tokio::task::spawn_blocking(move || authority.rotate_keys(&at_once, now).unwrap())
        .await
        .unwrap();
    let new = second.enroll(&office.register().await).await;

    let verdict = officer.check(&second.show(&new).await.text, office.now());
    assert_eq!(
        codes(&verdict),
        Vec::<&str>::new(),
        "the list of before names the key that signs now"
    );
    officer
        .set_trust_list(&second.wallet.trust_list().unwrap().unwrap())
        .unwrap();
    office.clock.advance(Duration::from_secs(10));
    for (phone, license) in [(&first, &old), (&second, &new)] {
        let verdict = officer.check(&phone.show(license).await.text, office.now());
        assert_eq!(codes(&verdict), Vec::<&str>::new());
    }
    // A status signed by a key that the phone's trust list does not have yet.
    office.clock.advance(Duration::from_secs(7200));
    office.restart().await;
    let report = first.refresh(Refresh::Due).await;
    assert!(report.failures.is_empty(), "{:?}", report.failures);
    let verdict = officer.check(&first.show(&old).await.text, office.now());
    assert_eq!(codes(&verdict), Vec::<&str>::new());
    assert!(verdict.age_s.unwrap() <= 150, "{:?}", verdict.age_s);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_is_answered_once_by_qr_and_by_digits_and_for_no_other_reader() {
    let office = Office::open().await;
    let phone = Phone::new(&office, FULL).await;
    let license = phone.enroll(&office.register().await).await;
    let mut officer = reader(&office, &phone);
    let text = challenge::build_unsigned("Checkpoint 12", &[7; 16], office.now()).unwrap();
    for (text, mut asked) in [
        (text.as_str(), Asked::qr("Checkpoint 12", [7; 16]).unwrap()),
        ("40718293", Asked::digits("40718293").unwrap()),
    ] {
        let request = phone.wallet.read_challenge(text).unwrap();
        assert_eq!(request.proven_name(), None);
        let mut answer = phone.wallet.answer(&license, request).unwrap();
        let frame = answer.frame(phone.clock.read()).await.unwrap();
        let check = |officer: &mut Verifier, asked: &mut Asked| {
            let question = Question {
                challenge: Some(asked),
                ..Question::default()
            };
            officer.check_with(&frame.text, question, office.now())
        };
        let mut other = Asked::qr("Checkpoint 13", [7; 16]).unwrap();
        assert!(codes(&check(&mut officer, &mut other)).contains(&"wrong_reader"));
        assert_eq!(codes(&check(&mut officer, &mut asked)), Vec::<&str>::new());
        assert_eq!(codes(&check(&mut officer, &mut asked)), ["replayed"]);
        assert_eq!(
            codes(&officer.check(&frame.text, office.now())),
            ["wrong_challenge"]
        );
        answer.end().await.unwrap();
    }
    let shown = phone.wallet.activity(10).unwrap();
    assert_eq!(
        shown
            .entries
            .iter()
            .filter(|e| matches!(e.event, Event::Shown { .. }))
            .count(),
        2
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_honest_driver_with_a_wrong_clock_is_corrected_by_what_the_authority_signed() {
    let office = Office::open().await;
    // Twenty hours behind, over a line whose `Date` no one vouches for: only signatures tell the
    // time.
    let clock = Arc::new(TestClock::at(office.now().saturating_sub(20 * 3600)));
    let phone = Phone::with_clock(&office, None, Arc::clone(&clock)).await;
    let license = phone.enroll(&office.register().await).await;
    // The authority dates what it signs two and a half minutes before its clock.
    let time = phone.wallet.time().unwrap();
    assert!(time.now.saturating_add(155) >= office.now(), "{time:?}");
    let mut officer = reader(&office, &phone);
    let one_way = officer.check(&phone.show(&license).await.text, office.now());
    assert_eq!(codes(&one_way), ["expired"]);
    assert!(one_way.offer_challenge && one_way.clock_difference_s.unwrap() >= -155);
    // A challenge helps, and is answered with what is known.
    let request = phone.wallet.read_challenge("40718293").unwrap();
    let mut answer = phone.wallet.answer(&license, request).unwrap();
    let frame = answer.frame(clock.read()).await.unwrap();
    let mut asked = Asked::digits("40718293").unwrap();
    let question = Question {
        challenge: Some(&mut asked),
        ..Question::default()
    };
    let verdict = officer.check_with(&frame.text, question, office.now());
    assert_eq!(
        (verdict.outcome, codes(&verdict)),
        (Outcome::Caution, vec!["clock_in_doubt"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn wall_clock_set_back_does_not_keep_an_expired_license_alive() {
    let mut office = Office::open().await;
    let short = DRIVER.replace("2035-05-31", "2026-11-20");
    let clock = Arc::new(TestClock::at(office.now()));
    let mut phone = Phone::with_clock(&office, None, Arc::clone(&clock)).await;
    let license = phone.enroll(&office.register_as(&short).await).await;
    let before = office.now();
    for clock in [&clock, &office.clock] {
        clock.advance(4 * DAY);
    }
    office.restart().await;
    let report = phone.refresh(Refresh::Now).await;
    assert!(report.failures.is_empty(), "{:?}", report.failures);
    let refused = |verdict: &Verdict| {
        assert_eq!(verdict.outcome, Outcome::Refuse);
        assert!(
            codes(verdict).contains(&"license_expired"),
            "{:?}",
            codes(verdict)
        );
    };
    let mut officer = reader(&office, &phone);
    refused(&officer.check(&phone.show(&license).await.text, office.now()));

    // The driver sets the clock back, and starts the phone anew so that nothing carries the time
    // on.
    clock.set_wall(before);
    clock.restart(Duration::from_secs(5));
    phone.reopen().await;
    let time = phone.wallet.time().unwrap();
    assert!(time.set_back, "noticed across a restart");
    assert!(time.latest >= before.saturating_add(4 * 86_400));
    let frame = phone.show(&license).await;
    assert!(
        frame.issued_at >= before.saturating_add(4 * 86_400 - 600),
        "dated by what was signed"
    );
    refused(&officer.check(&frame.text, office.now()));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_copied_to_another_phone_do_not_open() {
    let office = Office::open().await;
    let phone = Phone::new(&office, FULL).await;
    phone.enroll(&office.register().await).await;
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = copy_folder(phone.folder.path(), &elsewhere.path().join("copy"));
    let stranger = Arc::new(MemoryKeyStore::new(FULL, Arc::new(SystemRandom)));
    let ports = Ports {
        keys: stranger,
        ..phone.ports()
    };
    assert!(matches!(
        Wallet::open(copy, ports).await.err(),
        Some(Error::OtherDevice)
    ));
    assert_eq!(phone.wallet.licenses().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn whole_folder_restored_from_an_older_backup_is_rolled_back_until_a_refresh() {
    let office = Office::open().await;
    let mut phone = Phone::new(&office, None).await;
    let added = office.register().await;
    let license = phone.enroll(&added).await;
    let backup = tempfile::tempdir().unwrap();
    let kept = copy_folder(phone.folder.path(), &backup.path().join("backup"));
    office
        .set_status(&added.license_id, LicenseStatus::Suspended)
        .await;
    phone.refresh(Refresh::Now).await;
    assert_eq!(phone.state(), LicenseStatus::Suspended);

    // The driver puts the folder of yesterday back, when the license was still valid.
    phone.folder = tempfile::tempdir().unwrap();
    copy_folder(&kept, phone.folder.path());
    phone.reopen().await;
    assert!(phone.wallet.health().unwrap().rolled_back);
    assert_eq!(phone.state(), LicenseStatus::Unknown);
    let frame = phone.show(&license).await;
    let verdict = reader(&office, &phone).check(&frame.text, office.now());
    assert_eq!(
        (verdict.outcome, codes(&verdict)),
        (Outcome::Caution, vec!["status_missing"])
    );

    phone.refresh(Refresh::Now).await;
    assert!(!phone.wallet.health().unwrap().rolled_back);
    assert_eq!(phone.state(), LicenseStatus::Suspended);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_serves_once_its_code_is_needed_and_five_wrong_ones_end_it() {
    let office = Office::open().await;
    let (phone, thief) = (
        Phone::new(&office, None).await,
        Phone::new(&office, None).await,
    );
    let (added, never) = (office.register().await, CancelToken::new());
    let offer = phone
        .wallet
        .read_offer(&added.offer_by_reference)
        .await
        .unwrap();
    assert_eq!(offer.issuer(), office.issuer);
    assert!(offer.tx_code().is_some());
    assert!(matches!(
        phone.wallet.enroll(&offer, None, &never).await,
        Err(Error::TxCodeRequired)
    ));
    phone
        .wallet
        .enroll(&offer, Some(&added.tx_code), &never)
        .await
        .unwrap();
    let stolen = thief.wallet.read_offer(&added.offer).await.unwrap();
    let second = thief
        .wallet
        .enroll(&stolen, Some(&added.tx_code), &never)
        .await;
    assert!(matches!(second, Err(Error::Refused(_))));
    assert!(thief.wallet.licenses().unwrap().is_empty());

    let added = office.register().await;
    let offer = thief.wallet.read_offer(&added.offer).await.unwrap();
    let wrong = if added.tx_code.starts_with('0') {
        '1'
    } else {
        '0'
    };
    let wrong = wrong.to_string() + &added.tx_code[1..];
    for _ in 0..5 {
        let guess = thief.wallet.enroll(&offer, Some(&wrong), &never).await;
        assert!(matches!(guess, Err(Error::Refused(_))));
    }
    let late = thief
        .wallet
        .enroll(&offer, Some(&added.tx_code), &never)
        .await;
    assert!(
        matches!(late, Err(Error::Refused(_))),
        "five wrong codes end an offer"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_network_the_license_is_shown_and_its_status_keeps_its_real_age() {
    let mut office = Office::open().await;
    let mut phone = Phone::new(&office, FULL).await;
    let license = phone.enroll(&office.register().await).await;
    let mut officer = reader(&office, &phone);
    office.close().await;
    for (days, outcome, reasons) in [
        (0_u64, Outcome::Accept, vec![]),
        (2, Outcome::Caution, vec!["status_stale"]),
        (6, Outcome::Caution, vec!["status_unknown"]),
    ] {
        office
            .clock
            .advance(Duration::from_secs(days * 86_400 + 60));
        let report = phone.refresh(Refresh::Due).await;
        assert!(report.changed.is_empty());
        phone.reopen().await;
        let verdict = officer.check(&phone.show(&license).await.text, office.now());
        assert_eq!((verdict.outcome, codes(&verdict)), (outcome, reasons));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preloaded_bundle_that_is_newer_than_the_staple_decides() {
    let office = Office::open().await;
    let phone = Phone::new(&office, None).await;
    let added = office.register().await;
    let license = phone.enroll(&added).await;
    office.clock.advance(Duration::from_secs(60));
    office
        .set_status(&added.license_id, LicenseStatus::Revoked)
        .await;
    office.publish().await;
    let bundle = support::get(&format!("{}/status/bundle", office.issuer)).await;
    let mut officer = reader(&office, &phone);
    officer.set_bundle(&bundle).unwrap();
    let verdict = officer.check(&phone.show(&license).await.text, office.now());
    assert_eq!(codes(&verdict), ["revoked"]);
    assert_eq!(verdict.status.source, StatusSource::Bundle);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_enrollment_goes_on_where_it_was() {
    let office = Office::open().await;
    let phone = Phone::new(&office, None).await;
    let added = office.register().await;
    let offer = phone.wallet.read_offer(&added.offer).await.unwrap();
    for millis in [1, 3, 8, 15, 25, 40] {
        let (cancel, stop) = (CancelToken::new(), CancelToken::clone);
        let later = stop(&cancel);
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            later.cancel();
        });
        drop(
            phone
                .wallet
                .enroll(&offer, Some(&added.tx_code), &cancel)
                .await,
        );
    }
    let never = CancelToken::new();
    phone
        .wallet
        .enroll(&offer, Some(&added.tx_code), &never)
        .await
        .unwrap();
    phone
        .wallet
        .refresh(Refresh::Now, BUDGET, &never)
        .await
        .unwrap();
    assert_eq!(phone.wallet.licenses().unwrap().len(), 1);
    assert_eq!(phone.state(), LicenseStatus::Valid);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_the_world_and_24_categories_travel_from_the_register_to_the_picture() {
    let office = Office::open().await;
    let phone = Phone::new(&office, FULL).await;
    for (family, given) in [
        ("بن عبد العزيز", "محمد"),
        ("রহমান", "শেখ মুজিবুর"),
        ("欧阳", "娜娜"),
        ("", "👩‍🚀 Ñandú"),
    ] {
        let driver = DRIVER
            .replace("Nakamura-Østergård", family)
            .replace("Zoë 美咲", given);
        let license = phone.enroll(&office.register_as(&driver).await).await;
        let frame = phone.show(&license).await;
        let seen = read_picture(&frame.symbol);
        assert_eq!(seen, frame.text);
        let verdict = reader(&office, &phone).check(&seen, office.now());
        assert_eq!(codes(&verdict), Vec::<&str>::new());
        let read = verdict.license.unwrap();
        assert_eq!((read.family_name(), read.given_names()), (family, given));
    }
    let id = &phone.wallet.licenses().unwrap()[0].id;
    let verdict = Verifier::new(office.root(), Policy::default())
        .check(&phone.show(id).await.text, UnixTime::MAX);
    assert_eq!(codes(&verdict), ["trust_list_unusable"]);
}

/// Reads a QR back from its PNG, as a camera's software would.
fn read_picture(symbol: &Symbol) -> String {
    let png = symbol.to_png(4);
    let grey = image::load_from_memory(&png).unwrap().to_luma8();
    let side = usize::try_from(grey.width()).unwrap();
    let mut prepared =
        rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| grey.as_raw()[y * side + x]);
    let grids = prepared.detect_grids();
    assert_eq!(grids.len(), 1);
    grids[0].decode().unwrap().1
}
