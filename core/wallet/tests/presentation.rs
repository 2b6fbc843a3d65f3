//! A presentation, as the officer's verifier sees it.
#![allow(clippy::unwrap_used, reason = "what helps a test may panic as it does")]

mod scene;

use std::sync::Arc;
use std::time::Duration;

use scene::phone::Phone;
use scene::{Authority, LICENSE, READER, noon};
use vidimus_credential::challenge;
use vidimus_credential::challenge::Asked;
use vidimus_credential::status_list::Bits;
use vidimus_credential::verify::{Outcome, Question, Reason, Verdict};
use vidimus_credential::{Algorithm, LicenseStatus, Standing, StatusReport};
use vidimus_wallet::Error;
use vidimus_wallet::activity_log::{ActivityEntry, Audience, Event, Fields};
use vidimus_wallet::ports::{Clock, KeyStoreError, SystemRandom};
use vidimus_wallet::present::{
    ANSWER_LENGTH, Frame, LENGTH, LOG_PATIENCE, Presentation, ROTATION, ReaderRequest,
};
use vidimus_wallet::testing::vault::Vault;
use vidimus_wallet::timekeeper::Evidence;

#[tokio::test]
async fn an_officer_accepts_every_frame_of_a_presentation_with_either_kind_of_key() {
    for hardware in [None, Some(Algorithm::Esp256)] {
        let phone = Phone::new(hardware).await;
        let mut presentation = phone.show(None);
        let mut officer = phone.verifier();
        let mut texts = Vec::new();
        for _ in 0..5 {
            let frame = phone.frame(&mut presentation).await;
            let verdict = officer.check(&frame.text, phone.clock.read().wall);
            assert_eq!(verdict.outcome, Outcome::Accept, "{:?}", verdict.reasons);
            assert_eq!(verdict.license.unwrap().family_name(), "Mustermann");
            assert_eq!(frame.status.state, LicenseStatus::Valid);
            assert_eq!(frame.age_s, verdict.age_s);
            assert_eq!(frame.issued_at, phone.clock.read().wall);
            assert_eq!(frame.rotates_at, frame.issued_at.saturating_add(10));
            assert_eq!(frame.expires_at, frame.issued_at.saturating_add(30));
            assert!(!frame.staple_left_out);
            assert!(!texts.contains(&frame.text), "each frame is a new one");
            texts.push(frame.text);
            phone.clock.advance(ROTATION);
        }
        presentation.end().await.unwrap();
    }
}

#[tokio::test]
async fn a_showing_stands_in_the_log_before_its_first_frame_is_handed_over() {
    let phone = Phone::new(None).await;
    let shown = |phone: &Phone| {
        let entries = phone.vault.read(|view| view.activity(9)).unwrap().entries;
        let shown = |entry: &&ActivityEntry| matches!(entry.event, Event::Shown { .. });
        entries.iter().filter(shown).count()
    };
    assert_eq!(shown(&phone), 0);
    let mut presentation = phone.show(None);
    for _ in 0..3 {
        phone.frame(&mut presentation).await;
        assert_eq!(shown(&phone), 1, "one entry, with the first frame");
        phone.clock.advance(ROTATION);
    }
    presentation.end().await.unwrap();
    assert_eq!(shown(&phone), 1);
}

#[tokio::test]
async fn a_disk_that_is_busy_holds_no_frame_up_and_the_showing_is_logged_after_it() {
    let phone = Phone::new(None).await;
    let file = phone.folder.path().join("vault/wallet.sqlite");
    let other = rusqlite::Connection::open(file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let begun = std::time::Instant::now();
    let mut presentation = phone.show(None);
    let frame = phone.frame(&mut presentation).await;
    assert!(begun.elapsed() < LOG_PATIENCE * 4, "{:?}", begun.elapsed());
    assert_eq!(phone.check(&frame).outcome, Outcome::Accept);
    other.execute_batch("ROLLBACK").unwrap();
    presentation.end().await.unwrap();
    let activity = phone.vault.read(|view| view.activity(1)).unwrap();
    assert!(matches!(activity.entries[0].event, Event::Shown { .. }));
}

#[tokio::test]
async fn the_end_of_the_log_cannot_be_lost_without_notice_once_a_showing_has_ended() {
    let phone = Phone::new(None).await;
    let before = tempfile::tempdir().unwrap();
    copy(phone.folder.path(), before.path());
    let mut presentation = phone.show(None);
    phone.frame(&mut presentation).await;
    presentation.end().await.unwrap();
    drop(phone.vault);
    // The log's end goes, as with a write-ahead log whose newest part is bad.
    copy(before.path(), phone.folder.path());
    let keys = Arc::new(phone.keys.clone());
    let vault = Vault::open(phone.folder.path(), keys, Arc::new(SystemRandom));
    assert!(vault.await.unwrap().health().unwrap().rolled_back);
}

#[tokio::test]
async fn a_presentation_ends_by_itself_after_five_minutes_and_a_restart_ends_it_too() {
    let phone = Phone::new(None).await;
    let mut presentation = phone.show(None);
    phone.clock.advance(LENGTH - Duration::from_secs(1));
    phone.frame(&mut presentation).await;
    assert_eq!(
        presentation.remaining(phone.clock.read()),
        Duration::from_secs(1)
    );
    // Setting the wall clock back does not prolong it.
    phone.clock.set_wall(noon());
    phone.clock.advance(Duration::from_secs(1));
    let ended = presentation.frame(phone.clock.read()).await.err();
    assert_eq!(ended, Some(Error::PresentationEnded));

    let mut presentation = phone.show(None);
    phone.frame(&mut presentation).await;
    phone.clock.restart(Duration::from_secs(1));
    let ended = presentation.frame(phone.clock.read()).await.err();
    assert_eq!(ended, Some(Error::PresentationEnded));
}

#[tokio::test]
async fn an_answer_ends_110_seconds_after_the_question_was_read_and_says_so() {
    let phone = Phone::new(None).await;
    let request = phone.asked("12345678").unwrap();
    // The driver thinks about it for a while: that is part of the time.
    phone.clock.advance(Duration::from_secs(40));
    let mut answer = phone.show(Some(request.clone()));
    assert_eq!(
        answer.remaining(phone.clock.read()),
        Duration::from_secs(70)
    );
    phone.clock.advance(ANSWER_LENGTH - Duration::from_secs(41));
    phone.frame(&mut answer).await;
    // No wall clock prolongs it.
    phone.clock.set_wall(noon());
    phone.clock.advance(Duration::from_secs(1));
    assert!(answer.remaining(phone.clock.read()).is_zero());
    let over = answer.frame(phone.clock.read()).await.err();
    assert_eq!(over, Some(Error::ChallengeOver));
    // Nor can the same question be answered once more.
    let keys = Arc::new(phone.keys.clone());
    let reading = phone.clock.read();
    let again = Presentation::start(&phone.vault, keys, LICENSE, Some(request), reading);
    assert_eq!(again.err(), Some(Error::ChallengeOver));
    answer.end().await.unwrap();

    let request = phone.asked("12345678").unwrap();
    let mut answer = phone.show(Some(request));
    phone.clock.restart(Duration::from_secs(1));
    let over = answer.frame(phone.clock.read()).await.err();
    assert_eq!(over, Some(Error::ChallengeOver));
}

#[tokio::test]
async fn a_refresh_beside_a_presentation_is_in_the_next_frame() {
    let phone = Phone::new(None).await;
    let mut presentation = phone.show(None);
    let before = phone.frame(&mut presentation).await;
    assert_eq!(before.status.state, LicenseStatus::Valid);
    let list = phone.authority.list(LicenseStatus::Suspended, noon());
    // Another process refreshes.
    let keys = Arc::new(phone.keys.clone());
    let worker = Vault::open(phone.folder.path(), keys, Arc::new(SystemRandom))
        .await
        .unwrap();
    phone.authority.refresh(&worker, &list).await;
    phone.clock.advance(ROTATION);
    let after = phone.frame(&mut presentation).await;
    assert_eq!(after.status.state, LicenseStatus::Suspended);
    assert_eq!(after.age_s, Some(10));
    assert_eq!(after.standing, Standing::Suspended);
    let verdict = phone.check(&after);
    assert_eq!(
        (verdict.outcome, verdict.reasons[0]),
        (Outcome::Refuse, Reason::Suspended)
    );
}

#[tokio::test]
async fn the_version_never_shrinks_and_the_mask_stays_within_a_presentation() {
    let phone = Phone::new(None).await;
    // A noisy list makes a large staple.
    let noisy: Vec<u8> = (0..256_u32)
        .map(|at| u8::try_from(at.wrapping_mul(2_654_435_761) >> 28 & 0xf).unwrap())
        .collect();
    let noisy = phone.authority.list_of(&noisy, noon().saturating_sub(60));
    let mut presentation = phone.show(None);
    let first = phone.frame(&mut presentation).await;
    phone.authority.refresh(&phone.vault, &noisy).await;
    let second = phone.frame(&mut presentation).await;
    assert!(second.symbol.version() > first.symbol.version());
    phone
        .authority
        .refresh(
            &phone.vault,
            &phone.authority.list(LicenseStatus::Valid, noon()),
        )
        .await;
    let third = phone.frame(&mut presentation).await;
    assert!(third.text.len() < second.text.len());
    assert_eq!(third.symbol.version(), second.symbol.version());
    for frame in [&second, &third] {
        assert_eq!(frame.symbol.mask(), first.symbol.mask());
    }
}

#[tokio::test]
async fn a_staple_too_long_for_version_25_is_left_out_and_the_frame_says_so() {
    // A foreign authority's list of 2,000 entries in 8 bits.
    let mut authority = Authority::new();
    authority.uri = format!("https://authority.example/{}", "s".repeat(38));
    let phone = Phone::with(None, authority, scene::license_of(16)).await;
    let values: Vec<u8> = (0..2_000_u32)
        .map(|at| u8::try_from(at.wrapping_mul(2_654_435_761) >> 24).unwrap())
        .collect();
    let iat = noon().saturating_sub(60);
    let exp = noon().saturating_add(86_400);
    let list = vidimus_credential::status_list::issue(
        &phone.authority.uri,
        &values,
        Bits::Eight,
        iat,
        exp,
        3600,
        &phone.authority.status,
    );
    phone.authority.refresh(&phone.vault, &list.unwrap()).await;
    let mut presentation = phone.show(None);
    for _ in 0..2 {
        let frame = phone.frame(&mut presentation).await;
        assert!(frame.staple_left_out);
        assert_eq!(phone.check(&frame).reasons, [Reason::StatusMissing]);
        phone.clock.advance(ROTATION);
    }
    // A shorter one is stapled again.
    phone
        .authority
        .refresh(
            &phone.vault,
            &phone.authority.list(LicenseStatus::Valid, noon()),
        )
        .await;
    let frame = phone.frame(&mut presentation).await;
    assert!(!frame.staple_left_out);
    assert_eq!(phone.check(&frame).outcome, Outcome::Accept);
}

#[tokio::test]
async fn after_a_rollback_the_status_is_unknown_until_a_refresh_succeeds() {
    let phone = Phone::new(None).await;
    let backup = tempfile::tempdir().unwrap();
    copy(phone.folder.path(), backup.path());
    phone
        .authority
        .refresh(
            &phone.vault,
            &phone.authority.list(LicenseStatus::Suspended, noon()),
        )
        .await;
    let Phone {
        folder,
        keys,
        vault,
        authority,
        clock,
    } = phone;
    drop(vault);
    copy(backup.path(), folder.path());
    let vault = Vault::open(
        folder.path(),
        Arc::new(keys.clone()),
        Arc::new(SystemRandom),
    )
    .await
    .unwrap();
    let phone = Phone {
        folder,
        keys,
        vault,
        authority,
        clock,
    };
    assert!(phone.vault.health().unwrap().rolled_back);
    let mut presentation = phone.show(None);
    let frame = phone.frame(&mut presentation).await;
    assert_eq!(frame.status, StatusReport::NONE);
    let verdict = phone.check(&frame);
    assert_eq!(
        (verdict.outcome, verdict.reasons[0]),
        (Outcome::Caution, Reason::StatusMissing)
    );
    phone
        .authority
        .refresh(
            &phone.vault,
            &phone.authority.list(LicenseStatus::Suspended, noon()),
        )
        .await;
    let frame = phone.frame(&mut presentation).await;
    assert_eq!(frame.status.state, LicenseStatus::Suspended);
}

/// The whole folder: what is newer goes, as a restored backup does.
fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::remove_dir_all(to.join("vault")).ok();
    std::fs::create_dir_all(to.join("vault")).unwrap();
    for file in std::fs::read_dir(from.join("vault")).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.join("vault").join(file.file_name())).unwrap();
    }
}

#[tokio::test]
async fn a_challenge_is_answered_for_its_reader_alone() {
    let phone = Phone::new(None).await;
    let cnonce = [5; 16];
    let text = challenge::build_signed(READER, &cnonce, noon(), &phone.authority.reader).unwrap();
    let request = phone.asked(&text).unwrap();
    assert_eq!(request.reader(), READER);
    assert_eq!(request.proven_name(), Some("Police Unit 7 of Zedland"));
    let mut presentation = phone.show(Some(request));
    let frame = phone.frame(&mut presentation).await;
    let mut asked = Asked::qr(READER, cnonce).unwrap();
    let mut other = Asked::qr("Another reader", cnonce).unwrap();
    fn answer(phone: &Phone, frame: &Frame, challenge: &mut Asked) -> Verdict {
        let question = Question {
            challenge: Some(challenge),
            ..Question::default()
        };
        phone.verifier().check_with(&frame.text, question, noon())
    }
    assert_eq!(answer(&phone, &frame, &mut asked).outcome, Outcome::Accept);
    assert_eq!(
        answer(&phone, &frame, &mut other).reasons[0],
        Reason::WrongReader
    );
    assert_eq!(
        answer(&phone, &frame, &mut asked).outcome,
        Outcome::Refuse,
        "a challenge is answered once"
    );
    assert_eq!(
        phone.check(&frame).reasons[0],
        Reason::WrongChallenge,
        "nobody else asked"
    );
}

#[tokio::test]
async fn digits_that_were_read_out_are_answered() {
    let phone = Phone::new(Some(Algorithm::Esp256)).await;
    let request = phone.asked("31415926").unwrap();
    assert_eq!(
        (request.reader(), request.proven_name()),
        ("dl1:code", None)
    );
    let mut presentation = phone.show(Some(request));
    let frame = phone.frame(&mut presentation).await;
    let mut asked = Asked::digits("31415926").unwrap();
    let question = Question {
        challenge: Some(&mut asked),
        ..Question::default()
    };
    assert_eq!(
        phone
            .verifier()
            .check_with(&frame.text, question, noon())
            .outcome,
        Outcome::Accept
    );
}

#[tokio::test]
async fn a_recorded_signed_challenge_and_one_that_calls_itself_dl1_are_refused() {
    use vidimus_credential::Error::{ChallengeNotRecent, OutOfBounds, WrongPrefix};
    use vidimus_credential::Field::Nonce;
    let phone = Phone::new(None).await;
    let text = challenge::build_signed(READER, &[5; 16], noon(), &phone.authority.reader).unwrap();
    let proven = |request: ReaderRequest| request.proven_name().is_some();
    assert_eq!(phone.asked(&text).map(proven), Ok(true));
    phone.clock.advance(Duration::from_secs(61));
    // Without a sure clock its age cannot be told: it may be answered, and proves nothing.
    assert_eq!(phone.asked(&text).map(proven), Ok(false));
    // A later signature shows it under any clock.
    let now = phone.clock.read().wall;
    phone.learn(now, Evidence::List).await;
    phone.clock.set_wall(noon());
    assert_eq!(
        phone.asked(&text).err(),
        Some(Error::Credential(ChallengeNotRecent))
    );
    phone.clock.set_wall(now);
    phone.learn(now, Evidence::Server).await;
    assert_eq!(
        phone.asked(&text).err(),
        Some(Error::Credential(ChallengeNotRecent))
    );
    assert_eq!(
        phone.asked("1234567").err(),
        Some(Error::Credential(OutOfBounds(Nonce)))
    );
    assert_eq!(
        phone.asked("").err(),
        Some(Error::Credential(OutOfBounds(Nonce)))
    );
    assert_eq!(
        phone.asked("hello").err(),
        Some(Error::Credential(WrongPrefix))
    );
    assert!(challenge::build_unsigned("dl1:any", &[5; 16], noon()).is_err());
}

#[tokio::test]
async fn an_honest_drivers_wrong_clock_is_corrected_before_the_officer_sees_it() {
    let phone = Phone::new(None).await;
    phone.learn(noon(), Evidence::Server).await;
    for wrong in [
        noon().saturating_sub(86_400 * 3),
        noon().saturating_add(86_400),
    ] {
        phone.clock.set_wall(wrong);
        let mut presentation = phone.show(None);
        let frame = phone.frame(&mut presentation).await;
        assert_eq!(frame.issued_at, noon());
        assert_eq!(
            phone.verifier().check(&frame.text, noon()).outcome,
            Outcome::Accept
        );
    }
}

#[tokio::test]
async fn each_presentation_is_logged_once_with_reader_fields_and_status() {
    let phone = Phone::new(None).await;
    let mut one_way = phone.show(None);
    phone.frame(&mut one_way).await;
    phone.frame(&mut one_way).await;
    one_way.end().await.unwrap();
    let mut answered = phone.show(Some(phone.asked("31415926").unwrap()));
    phone.frame(&mut answered).await;
    answered.end().await.unwrap();
    let activity = phone.vault.read(|view| view.activity(9)).unwrap();
    assert!(activity.intact);
    let expected = [
        Audience::Reader {
            name: "dl1:code".to_owned(),
            proven: false,
        },
        Audience::Anyone,
    ];
    assert_eq!(activity.entries.len(), expected.len());
    for (entry, audience) in activity.entries.iter().zip(expected) {
        assert_eq!((entry.at, entry.license.as_str()), (noon(), LICENSE));
        let event = Event::Shown {
            audience,
            fields: Fields::all_but_portrait(),
            status: LicenseStatus::Valid,
            as_of: Some(noon().saturating_sub(3600)),
            standing: Standing::Valid,
        };
        assert!(entry.event == event);
    }
}

#[tokio::test]
async fn what_keeps_a_license_from_being_shown_is_named() {
    let phone = Phone::new(Some(Algorithm::Esp256)).await;
    let keys = Arc::new(phone.keys.clone());
    let unknown = Presentation::start(&phone.vault, keys, "another", None, phone.clock.read());
    assert_eq!(unknown.err(), Some(Error::NoSuchLicense));
    let mut presentation = phone.show(None);
    for (fault, expected) in [
        (
            KeyStoreError::Locked,
            Error::KeyStore(KeyStoreError::Locked),
        ),
        (KeyStoreError::Invalidated, Error::KeyInvalidated),
    ] {
        phone.keys.set_fault(Some(fault));
        assert_eq!(
            presentation.frame(phone.clock.read()).await.err(),
            Some(expected)
        );
    }
    phone.keys.set_fault(None);
    phone.frame(&mut presentation).await;
}

#[tokio::test]
async fn a_status_past_its_week_is_unknown_and_a_revoked_one_stays_revoked() {
    let phone = Phone::new(None).await;
    for (state, later) in [
        (LicenseStatus::Suspended, LicenseStatus::Unknown),
        (LicenseStatus::Revoked, LicenseStatus::Revoked),
    ] {
        phone.clock.set_wall(noon());
        phone
            .authority
            .refresh(&phone.vault, &phone.authority.list(state, noon()))
            .await;
        let mut presentation = phone.show(None);
        assert_eq!(phone.frame(&mut presentation).await.status.state, state);
        phone.clock.set_wall(noon().saturating_add(86_400 * 7 + 1));
        let frame = phone.frame(&mut presentation).await;
        assert_eq!(frame.status.state, later);
        assert_eq!(frame.age_s, Some(86_400 * 7 + 1), "its age stays real");
        let verdict = phone.check(&frame);
        assert_eq!(verdict.status.state, later);
        assert_eq!(verdict.age_s, frame.age_s);
    }
}
