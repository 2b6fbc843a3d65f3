//! The app that checks licenses on the real reader's book, the real wallet and the real authority,
//! as a shell plays it. The officer's network can be switched off.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::sync::atomic::Ordering;
use std::time::Duration;

use support::officer::{Officer, PATIENCE};
use support::shell::scan;
use support::{DRIVER, Office, Phone};
use vidimus_app::officer::effect::OfficerAsk;
use vidimus_app::officer::event::OfficerAction;
use vidimus_app::screen::officer::{DoubtScreen, FaceView, OfficerScreen, VerdictScreen};
use vidimus_app::tone::{Mark, Tone};
use vidimus_credential::LicenseStatus;
use vidimus_wallet::LicenseId;
use vidimus_wallet::ports::Clock as _;
use vidimus_wallet::present::{Frame, Presentation};
use vidimus_wallet::refresh::Refresh;

fn face_of(verdict: &VerdictScreen) -> &str {
    match &verdict.face {
        FaceView::Picture { id } => id,
        _ => panic!("no face"),
    }
}

/// A showing with the face, and its first frame.
async fn shows(office: &Office, mut shown: Presentation) -> (Presentation, Frame) {
    shown.show_face(true);
    let frame = shown.frame(office.clock.read()).await.unwrap();
    (shown, frame)
}

async fn driver(office: &Office, json: &str) -> (Phone, LicenseId, String) {
    let added = office.register_as(json).await;
    let phone = Phone::new(office, None).await;
    let license = phone.enroll(&added).await;
    phone.refresh(Refresh::Now).await;
    (phone, license, added.license_id)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_without_a_network_accepts_with_the_face_asks_and_refuses_a_suspension() {
    let office = Office::open().await;
    let (phone, license, id) = driver(&office, DRIVER).await;
    office.publish().await;
    let officer = Officer::on_duty(&office).await;

    // The look: from the tap to the face in under ten seconds.
    let (shown, frame) = shows(&office, phone.wallet.present(&license).unwrap()).await;
    officer.app.send(OfficerAction::Check);
    let camera = officer.camera().await;
    let took = officer.hold_to(&office, camera, &frame).await;
    println!("from the tap to the face: {:.1} s", took.as_secs_f64());
    assert!(took < Duration::from_secs(10), "{took:?}");
    let verdict = officer.verdict(|_| true).await;
    assert_eq!(verdict.word.key, "officer.accept");
    assert!(verdict.sign.tone == Tone::Good && verdict.reasons.is_empty());
    let holder = verdict.holder.as_ref().unwrap();
    assert_eq!(holder.name, "Zoë 美咲 Nakamura-Østergård");
    assert_eq!(holder.categories.len(), 2);
    let face = officer.app.picture(face_of(&verdict)).unwrap();
    let licenses = phone.wallet.licenses().unwrap();
    assert_eq!(*face, *licenses[0].portrait.as_ref().unwrap().jpeg());
    shown.end().await.unwrap();
    officer.home().await;
    assert!(
        officer.app.picture(face_of(&verdict)).is_none(),
        "it went with its page"
    );

    // The doubt: a new code, a question to the phone, and its answer with the face.
    office.clock.advance(Duration::from_secs(60));
    let (shown, frame) = shows(&office, phone.wallet.present(&license).unwrap()).await;
    officer.app.send(OfficerAction::Check);
    let camera = officer.camera().await;
    officer.picture(camera, &frame.text);
    officer.verdict(|_| true).await;
    shown.end().await.unwrap();
    officer.app.send(OfficerAction::Ask);
    let question = officer.sees("question", |screen| match screen {
        OfficerScreen::Doubt(DoubtScreen { qr, .. }) => *qr,
        _ => None,
    });
    let question = officer.app.question(question.await).unwrap();
    let request = phone.wallet.read_challenge(&scan(&question)).unwrap();
    assert!(request.wants_face());
    assert_eq!(request.reader(), "Patrol 7");
    let answer = phone.wallet.answer(&license, request).unwrap();
    let (shown, frame) = shows(&office, answer).await;
    officer.app.send(OfficerAction::LookForAnswer);
    let camera = officer.camera().await;
    officer.hold_to(&office, camera, &frame).await;
    let verdict = officer.verdict(|_| true).await;
    assert!(verdict.is_answer && verdict.notes.is_empty());
    assert_eq!(verdict.word.key, "officer.accept");
    shown.end().await.unwrap();
    officer.home().await;

    assert_eq!(
        officer.network.refused.load(Ordering::SeqCst),
        0,
        "no one asked"
    );

    // The suspension: by the officer's bundle, though the driver's phone has not heard of it.
    office.clock.advance(Duration::from_secs(3_700));
    office.set_status(&id, LicenseStatus::Suspended).await;
    office.publish().await;
    officer.fetch_again().await;
    let verdict = officer.check(&phone.show(&license).await.text).await;
    assert_eq!(verdict.word.key, "officer.refuse");
    assert_eq!(verdict.standing.unwrap().state.key, "state.suspended");
    assert_eq!(verdict.source.unwrap().key, "officer.source.bundle");

    log_is_whole(&officer).await;
    officer.app.close().await;
}

/// Each look has one entry with the number, and the file is signed.
async fn log_is_whole(officer: &Officer) {
    officer.app.send(OfficerAction::Log);
    let rows = officer.sees("log", |screen| match screen {
        OfficerScreen::Log(log) => Some(log.rows.clone()),
        _ => None,
    });
    let rows = rows.await;
    let words: Vec<&str> = rows.iter().map(|row| row.word.key.as_str()).collect();
    assert_eq!(
        words,
        [
            "officer.refuse",
            "officer.accept",
            "officer.accept",
            "officer.accept"
        ]
    );
    assert!(
        rows.iter()
            .all(|row| row.number.as_deref() == Some("ZZ-4711-0815"))
    );
    officer.app.send(OfficerAction::Export);
    let shared = async {
        loop {
            let update = officer.app.next(0).await.unwrap();
            if update
                .effects
                .iter()
                .any(|effect| effect.ask == OfficerAsk::Share)
            {
                return officer.app.exported().unwrap();
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let file = tokio::time::timeout(PATIENCE, shared).await.unwrap();
    let file = String::from_utf8(file.to_vec()).unwrap();
    assert_eq!(
        file.lines().count(),
        5,
        "four checks and a signature: {file}"
    );
    assert!(file.lines().last().unwrap().starts_with("{\"signed_by\":"));
    officer.home().await;
    assert!(officer.app.exported().is_none(), "it went with its page");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_license_that_is_not_good_is_told_by_word_and_mark() {
    let office = Office::open().await;
    let (good, good_id, _) = driver(&office, DRIVER).await;
    let soon = DRIVER
        .replace("2035-05-31", "2026-11-20")
        .replace("2030-01-01", "2026-11-20");
    let (ending, ending_id, _) = driver(&office, &soon).await;
    let (points, points_id, points_number) = driver(&office, DRIVER).await;
    let (open, open_id, open_number) = driver(&office, DRIVER).await;
    office
        .set_status(&points_number, LicenseStatus::PointsLimit)
        .await;
    office
        .set_status(&open_number, LicenseStatus::Unresolved)
        .await;
    office.publish().await;
    for phone in [&points, &open] {
        phone.refresh(Refresh::Now).await;
    }
    let officer = Officer::on_duty(&office).await;
    let mut told = Vec::new();
    for (phone, license) in [(&good, &good_id), (&points, &points_id), (&open, &open_id)] {
        told.push(officer.check(&phone.show(license).await.text).await);
    }
    // There was no network since.
    office.clock.advance(support::DAY * 8);
    for (phone, license) in [(&ending, &ending_id), (&good, &good_id)] {
        told.push(officer.check(&phone.show(license).await.text).await);
    }
    let told: Vec<_> = told.iter().map(seen).collect();
    assert!(
        told == [
            ("officer.accept", Mark::Disc, "state.valid", Mark::Disc),
            (
                "officer.refuse",
                Mark::Octagon,
                "state.points_limit",
                Mark::Octagon
            ),
            (
                "officer.caution",
                Mark::Triangle,
                "state.unresolved",
                Mark::Triangle
            ),
            (
                "officer.refuse",
                Mark::Octagon,
                "trouble.license_expired.title",
                Mark::Octagon
            ),
            (
                "officer.caution",
                Mark::Triangle,
                "state.unknown",
                Mark::Diamond
            ),
        ],
        "{told:#?}"
    );
    officer.app.close().await;
}

/// The word and the mark of a verdict, and those of the license's standing.
fn seen(verdict: &VerdictScreen) -> (&str, Mark, &str, Mark) {
    let standing = verdict.standing.as_ref().unwrap();
    (
        verdict.word.key.as_str(),
        verdict.sign.mark,
        standing.state.key.as_str(),
        standing.sign.mark,
    )
}
