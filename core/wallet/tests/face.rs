//! The driver's face in a showing, as the officer's device collects it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what helps a test may panic as it does"
)]

mod scene;

use std::time::Duration;

use scene::phone::Phone;
use scene::{Authority, LICENSE, READER, license, noon};
use vidimus_credential::challenge::Request;
use vidimus_credential::face::{FaceCollector, MAX_FRAMES};
use vidimus_credential::qr::EccLevel;
use vidimus_credential::verify::{Outcome, Verdict};
use vidimus_credential::{Algorithm, LicenseStatus, sd_cwt::Portrait};
use vidimus_wallet::activity_log::{Audience, Event};
use vidimus_wallet::ports::{Clock as _, KeyStoreError};
use vidimus_wallet::present::{Face, Frame, ROTATION, Turn};
use vidimus_wallet::testing::records::PortraitRecord;
use vidimus_wallet::testing::vault::Weight;

/// Bytes like those of a JPEG.
fn picture(length: usize) -> Vec<u8> {
    (0..length)
        .map(|at| u8::try_from(at * 31 % 251).unwrap())
        .collect()
}

async fn phone(portrait: Vec<u8>) -> Phone {
    let authority = Authority {
        portrait,
        ..Authority::new()
    };
    Phone::with(None, authority, license()).await
}

/// The texts of a face, each read from its QR by another implementation.
fn read_by_camera(face: &Face) -> Vec<String> {
    let read = |index| {
        let symbol = face.symbol(index).unwrap();
        let (size, quiet) = (symbol.size(), 4);
        let side = size + 2 * quiet;
        let dark = |x: usize, y: usize| {
            let within = |at: usize| (quiet..quiet + size).contains(&at);
            within(x) && within(y) && symbol.module(x - quiet, y - quiet)
        };
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side * 4, side * 4, |x, y| {
            if dark(x / 4, y / 4) { 0 } else { 255 }
        });
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1, "a camera finds one QR");
        grids[0].decode().unwrap().1
    };
    (0..face.count()).map(read).collect()
}

fn join(verdict: &Verdict, texts: &[String]) -> Option<Vec<u8>> {
    let mut collector = FaceCollector::new();
    for text in texts {
        collector.take(text).unwrap();
    }
    Some(collector.join(verdict)?.jpeg().to_vec())
}

/// What the log says of each showing, newest first: whether the portrait was shown.
fn shown(phone: &Phone) -> Vec<bool> {
    let activity = phone.vault.read(|view| view.activity(9)).unwrap();
    assert!(activity.intact);
    let entries = activity.entries.iter();
    let fields = entries.filter_map(|entry| match &entry.event {
        Event::Shown { fields, .. } => Some(fields.has_portrait()),
        _ => None,
    });
    fields.collect()
}

#[tokio::test]
async fn an_officer_joins_the_face_to_the_verdict_of_the_token_that_it_was_shown_with() {
    for length in [4, 900, 4_096] {
        let picture = picture(length);
        let phone = phone(picture.clone()).await;
        let mut presentation = phone.show(None);
        assert!(presentation.has_face());
        presentation.show_face(true);
        let frame = phone.frame(&mut presentation).await;
        let face = frame.face.as_ref().unwrap();
        assert!((1..=MAX_FRAMES).contains(&face.count()));
        for symbol in face.symbols() {
            assert_eq!(symbol.ecc(), EccLevel::Medium);
            assert_eq!(symbol.size(), frame.symbol.size(), "the QR keeps its size");
        }
        let texts = read_by_camera(face);
        assert_eq!(texts, face.texts());
        let verdict = phone.check(&frame);
        assert_eq!(verdict.outcome, Outcome::Accept);
        assert!(join(&verdict, &texts) == Some(picture));
        assert!(join(&verdict, &texts[1..]).is_none(), "a frame is missing");
    }
}

#[tokio::test]
async fn a_face_is_shown_only_while_the_driver_asks_for_it() {
    let phone = phone(picture(900)).await;
    let mut presentation = phone.show(None);
    let mut wanted = Vec::new();
    for on in [None, Some(true), None, Some(false), None, Some(true)] {
        if let Some(on) = on {
            presentation.show_face(on);
        }
        wanted.push(on.or(wanted.last().copied()).unwrap_or(false));
        let frame = phone.frame(&mut presentation).await;
        assert_eq!(Some(&frame.face.is_some()), wanted.last());
        phone.clock.advance(ROTATION);
    }
    presentation.end().await.unwrap();
    assert_eq!(shown(&phone), [true, false], "one entry more for the face");
}

#[tokio::test]
async fn a_reader_that_wants_the_face_gets_it_only_where_the_driver_agrees() {
    let phone = phone(picture(900)).await;
    for wants_face in [false, true] {
        let asked = Request {
            reader: READER,
            cnonce: [5; 16],
            iat: noon(),
            wants_face,
        };
        let text = asked.signed(&phone.authority.reader).unwrap();
        for agrees in [false, true] {
            let request = phone.asked(&text).unwrap();
            assert_eq!(request.wants_face(), wants_face);
            let mut answer = phone.show(Some(request));
            if agrees {
                answer.show_face(true);
            }
            let frame = phone.frame(&mut answer).await;
            assert_eq!(frame.face.is_some(), agrees);
            answer.end().await.unwrap();
            assert_eq!(shown(&phone)[0], agrees);
        }
    }
    let digits = phone.asked("31415926").unwrap();
    assert!(!digits.wants_face(), "digits ask for nothing more");
    let activity = phone.vault.read(|view| view.activity(1)).unwrap();
    let Event::Shown { audience, .. } = &activity.entries[0].event else {
        unreachable!("it was shown")
    };
    assert!(matches!(audience, Audience::Reader { proven: true, .. }));
}

#[tokio::test]
async fn the_log_says_once_that_the_face_was_shown_however_often_it_is_turned_on() {
    let phone = phone(picture(900)).await;
    let mut presentation = phone.show(None);
    for on in [true, false, true] {
        presentation.show_face(on);
        phone.frame(&mut presentation).await;
    }
    presentation.end().await.unwrap();
    assert_eq!(shown(&phone), [true]);
}

#[tokio::test]
async fn a_token_is_signed_once_though_the_face_is_turned_on_within_its_second() {
    let authority = Authority {
        portrait: picture(900),
        ..Authority::new()
    };
    // A key in hardware: what signs can be seen.
    let phone = Phone::with(Some(Algorithm::Esp256), authority, license()).await;
    let mut presentation = phone.show(None);
    let first = phone.frame(&mut presentation).await;
    phone.keys.set_fault(Some(KeyStoreError::Refused));
    presentation.show_face(true);
    let second = phone.frame(&mut presentation).await;
    // An officer who has seen the first would take another signature of it for a replay.
    assert_eq!(first.text, second.text);
    assert!(second.face.is_some());
    phone.clock.advance(Duration::from_secs(1));
    let third = presentation.frame(phone.clock.read()).await;
    assert!(third.is_err(), "a later token is signed");
}

#[tokio::test]
async fn a_face_that_is_asked_for_and_never_shown_is_not_in_the_log() {
    let phone = phone(picture(900)).await;
    let mut presentation = phone.show(None);
    phone.frame(&mut presentation).await;
    presentation.show_face(true);
    presentation.end().await.unwrap();
    assert_eq!(shown(&phone), [false]);
}

#[tokio::test]
async fn a_reader_goes_on_collecting_over_the_tokens_of_a_showing() {
    let phone = phone(picture(4_096)).await;
    let mut presentation = phone.show(None);
    presentation.show_face(true);
    let mut collector = FaceCollector::new();
    let mut count = 0;
    for at in 0..3 {
        let frame = phone.frame(&mut presentation).await;
        let face = frame.face.as_ref().unwrap();
        count = face.count();
        // A camera that reads two frames of each token's turns.
        for index in [2 * at, 2 * at + 1] {
            if let Some(text) = face.texts().get(index) {
                collector.take(text).unwrap();
            }
        }
        if let Some(portrait) = collector.join(&phone.check(&frame)) {
            assert!(portrait.jpeg() == picture(4_096));
            return;
        }
        phone.clock.advance(ROTATION);
    }
    unreachable!("{count} frames were shown and read")
}

#[tokio::test]
async fn a_wallet_without_a_roadside_portrait_shows_the_token_alone() {
    let long = Portrait::new([7; 16], &picture(4_097 + 64));
    let foreign = Portrait::new([8; 16], &picture(900));
    for portrait in [None, Some(long), Some(foreign)] {
        let phone = phone(picture(900)).await;
        let change = |tx: &mut vidimus_wallet::testing::vault::Tx<'_>| match portrait {
            None => tx.delete::<PortraitRecord>(LICENSE),
            Some(portrait) => tx.put(LICENSE, &PortraitRecord(portrait)),
        };
        phone.vault.write(Weight::Anchored, change).await.unwrap();
        let mut presentation = phone.show(None);
        assert!(!presentation.has_face());
        presentation.show_face(true);
        let frame: Frame = phone.frame(&mut presentation).await;
        assert!(frame.face.is_none());
        assert_eq!(frame.status.state, LicenseStatus::Valid);
        presentation.end().await.unwrap();
        assert_eq!(shown(&phone), [false]);
    }
}

#[tokio::test]
async fn the_turns_of_a_face_are_of_its_own_frames() {
    let phone = phone(picture(4_096)).await;
    let mut presentation = phone.show(None);
    presentation.show_face(true);
    let frame = phone.frame(&mut presentation).await;
    let face = frame.face.unwrap();
    let turns = face.turns();
    let mut seen = vec![false; face.count()];
    let mut elapsed = Duration::ZERO;
    while elapsed < turns.round() {
        let (turn, left) = turns.at(elapsed);
        if let Turn::Face(index) = turn {
            assert!(face.symbol(index).is_some());
            seen[index] = true;
        }
        elapsed += left;
    }
    assert!(seen.iter().all(|seen| *seen));
    assert!(face.symbol(face.count()).is_none());
}
