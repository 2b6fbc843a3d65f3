//! The authority's bad days, as drivers and officers see them: an old backup is put back, and a
//! clock ran ahead.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use support::{BUDGET, DAY, Office, Phone, START, codes, get, reader};
use vidimus_authority::{Authority, Error, OfferKind, ReconcileOptions, Reconciled, restore};
use vidimus_credential::{LicenseStatus, Outcome, UnixTime, Verifier};
use vidimus_wallet::CancelToken;
use vidimus_wallet::refresh::Refresh;
use vidimus_wallet::testing::TestClock;

fn backup(office: &Office, name: &str) -> PathBuf {
    let folder = office.home.path().with_extension(name);
    office.authority().backup(&folder, true).unwrap();
    folder
}

/// Stops serving, loses the database, puts the backup back and reconciles it; serves again.
async fn bad_day(office: &mut Office, backup: &Path) -> Reconciled {
    office.close().await;
    let home = office.home.path();
    std::fs::remove_file(home.join("authority.sqlite")).unwrap();
    restore(home, backup, None, office.now()).unwrap();
    let served = Authority::open(home).err().unwrap();
    assert!(matches!(served, Error::OldRegister { .. }), "{served}");
    let (home, now) = (home.to_owned(), office.now());
    let options = ReconcileOptions::default();
    let told =
        tokio::task::spawn_blocking(move || Authority::reconcile(&home, &options, now).unwrap())
            .await
            .unwrap();
    office.restart().await;
    std::fs::remove_dir_all(backup).unwrap();
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_backup_makes_no_revoked_license_valid_again() {
    let mut office = Office::open().await;
    let (revoked, suspended, honest) = (
        Phone::new(&office, None).await,
        Phone::new(&office, None).await,
        Phone::new(&office, None).await,
    );
    let added = [
        office.register().await,
        office.register().await,
        office.register().await,
    ];
    let shown = [
        revoked.enroll(&added[0]).await,
        suspended.enroll(&added[1]).await,
        honest.enroll(&added[2]).await,
    ];
    let backup = backup(&office, "backup");
    office.clock.advance(DAY / 24);
    office
        .set_status(&added[0].license_id, LicenseStatus::Revoked)
        .await;
    office
        .set_status(&added[1].license_id, LicenseStatus::Suspended)
        .await;
    office.clock.advance(DAY / 24);
    let told = bad_day(&mut office, &backup).await;
    assert_eq!(told.decided.len(), 2);

    let phones = [&revoked, &suspended, &honest];
    for (phone, expected) in phones.iter().zip(["revoked", "suspended", ""]) {
        phone.refresh(Refresh::Now).await;
        let license = &shown[phones
            .iter()
            .position(|other| std::ptr::eq(*other, *phone))
            .unwrap()];
        let verdict = reader(&office, phone).check(&phone.show(license).await.text, office.now());
        if expected.is_empty() {
            assert_eq!(verdict.outcome, Outcome::Accept, "{:?}", codes(&verdict));
        } else {
            assert_eq!(
                (verdict.outcome, codes(&verdict)),
                (Outcome::Refuse, vec![expected])
            );
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_enrolled_after_the_backup_goes_on_and_another_offer_helps_it_later() {
    let mut office = Office::open().await;
    let added = office.register().await;
    let backup = backup(&office, "backup");
    office.clock.advance(DAY / 1_440);
    let phone = Phone::new(&office, None).await;
    let license = phone.enroll(&added).await;
    office.clock.advance(DAY / 24);
    let told = bad_day(&mut office, &backup).await;
    assert_eq!((told.issued, told.unexplained), (1, 0));

    phone.refresh(Refresh::Now).await;
    let verdict = reader(&office, &phone).check(&phone.show(&license).await.text, office.now());
    assert_eq!(verdict.outcome, Outcome::Accept, "{:?}", codes(&verdict));
    // Its renewal is refused, and what it holds goes on until it ends.
    office.clock.advance(21 * DAY);
    office.restart().await;
    let report = phone.refresh(Refresh::Due).await;
    assert_eq!(report.failures.len(), 1, "{:?}", report.failures);
    let verdict = reader(&office, &phone).check(&phone.show(&license).await.text, office.now());
    assert_eq!(verdict.outcome, Outcome::Accept, "{:?}", codes(&verdict));

    let (authority, now, id) = (office.authority(), office.now(), added.license_id.clone());
    let offered = tokio::task::spawn_blocking(move || {
        authority.offer(&id, OfferKind::Replace(None), now).unwrap()
    })
    .await
    .unwrap();
    let second = Phone::new(&office, None).await;
    let held = second.enroll(&offered).await;
    let verdict = reader(&office, &second).check(&second.show(&held).await.text, office.now());
    assert_eq!(verdict.outcome, Outcome::Accept, "{:?}", codes(&verdict));
    office.close().await;
}

/// Two seconds by a clock that is a year ahead are enough to reach phones and readers.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_year_ahead_and_a_repair_every_real_phone_and_reader_agrees_after_one_refresh() {
    const YEAR: Duration = Duration::from_secs(365 * 86_400);
    let mut office = Office::open().await;
    let right = || Arc::new(TestClock::at(UnixTime::new(START).unwrap()));
    let phone = || Phone::with_clock(&office, None, right());
    let (told, untouched) = (phone().await, phone().await);
    let (first, second) = (office.register().await, office.register().await);
    let (of_told, of_untouched) = (told.enroll(&first).await, untouched.enroll(&second).await);
    let (mut old_reader, mut told_reader) = (reader(&office, &told), reader(&office, &told));

    office.clock.advance(YEAR);
    office
        .set_status(&first.license_id, LicenseStatus::Valid)
        .await;
    office.restart().await;
    office.clock.advance(Duration::from_secs(2));
    // The phone refuses what is a year ahead of all that it knows, and says so; the reader takes
    // it.
    let report = told
        .wallet
        .refresh(Refresh::Now, BUDGET, &CancelToken::new())
        .await
        .unwrap();
    assert_ne!(report.failures, []);
    update(&office, &mut told_reader).await;

    office.clock.set_wall(UnixTime::new(START + 60).unwrap());
    for phone in [&told, &untouched] {
        phone.clock.advance(Duration::from_secs(60));
    }
    let (authority, now) = (office.authority(), office.now());
    tokio::task::spawn_blocking(move || authority.repair_clock(now.day(), now).unwrap())
        .await
        .unwrap();
    office.restart().await;

    let new = Phone::with_clock(&office, None, Arc::clone(&office.clock)).await;
    let of_new = new.enroll(&office.register().await).await;
    update(&office, &mut told_reader).await;
    update(&office, &mut old_reader).await;
    for (phone, license) in [
        (&told, &of_told),
        (&untouched, &of_untouched),
        (&new, &of_new),
    ] {
        let report = phone.refresh(Refresh::Now).await;
        assert_eq!(report.failures, []);
        for reader in [&mut old_reader, &mut told_reader] {
            let text = phone.show(license).await.text;
            let verdict = reader.check(&text, office.now());
            assert_eq!(
                (verdict.outcome, codes(&verdict)),
                (Outcome::Accept, vec![])
            );
        }
    }
    office.close().await;
}

/// The reader fetches what the authority publishes.
async fn update(office: &Office, reader: &mut Verifier) {
    let list = get(&format!("{}/trust", office.issuer)).await;
    reader.set_trust_list(&list).unwrap();
    let bundle = get(&format!("{}/s/0/bundle", office.issuer)).await;
    reader.set_bundle(&bundle).unwrap();
}
