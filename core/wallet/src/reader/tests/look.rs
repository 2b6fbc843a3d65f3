//! Looks by a book: one entry in the log for what is held before a camera.

use std::future::{Future as _, poll_fn};
use std::task::Poll;
use std::time::Duration;

use vidimus_credential::face::FaceFrames;
use vidimus_credential::presentation::{ANYONE, CODE};
use vidimus_credential::sd_cwt::UnverifiedCredential;
use vidimus_credential::verify::{Outcome, Verdict};

use super::{Desk, HOUR, SUSPENDED, holder};
use crate::error::StorageError;
use crate::reader::{Asking, Keeping, Look, ReaderBook, ReaderError, Sight, Trouble};
use crate::testing::{NOW, time};
use vidimus_credential::key::Signer as _;

async fn sees(look: &mut Look, texts: &[&str]) -> Vec<String> {
    let seen = look.take(texts).await.unwrap();
    seen.iter().map(told).collect()
}

fn told(sight: &Sight) -> String {
    match sight {
        Sight::Verdict {
            verdict,
            first_seen_s,
            announce,
        } => {
            let news = if *announce { "!" } else { "" };
            let Verdict { outcome, .. } = verdict.verdict;
            let codes = super::codes(verdict);
            format!("{} {codes:?} {first_seen_s}s{news}", outcome.name())
        }
        Sight::Same { first_seen_s } => format!("same {first_seen_s}s"),
        Sight::Face(progress) => format!("face {}/{}", progress.read, progress.count),
        Sight::Portrait(portrait) => format!("portrait {}", portrait.jpeg().len()),
        Sight::TwoLicenses => "two".to_owned(),
        Sight::NotAnAnswer => "no answer".to_owned(),
        _ => "other".to_owned(),
    }
}

fn logged(book: &ReaderBook) -> Vec<(u64, Outcome, Option<String>)> {
    let entries = book.log(99).unwrap().entries;
    let short = |it: crate::reader::CheckEntry| (it.at.seconds(), it.outcome, it.number);
    entries.into_iter().map(short).collect()
}

fn face(desk: &Desk) -> Vec<String> {
    let issued = desk
        .authority
        .license(holder().verifying_key(), NOW - 240 * HOUR);
    let list = desk.authority.trust_list(NOW);
    let root = desk.authority.root.verifying_key();
    let trust = vidimus_credential::trust::TrustList::verify(&list, root).unwrap();
    let credential = UnverifiedCredential::parse(&issued).unwrap();
    let credential = credential.authenticate(&trust).unwrap();
    let portrait = credential.portrait().unwrap();
    FaceFrames::new(portrait, 22).unwrap().texts().to_vec()
}

#[tokio::test]
async fn a_look_has_one_verdict_and_one_entry_however_often_its_codes_are_read() {
    let (desk, book) = Desk::with_book().await;
    let mut look = book.look(Asking::default());
    for number in 0..8_u64 {
        let token = desk.token(NOW + 10 * number);
        let first = if number == 0 {
            "accept [] 0s!".to_owned()
        } else {
            format!("same {}s", 10 * number)
        };
        assert_eq!(sees(&mut look, &[&token]).await, [first]);
        for _ in 0..3 {
            let seen = sees(&mut look, &[&token]).await;
            assert_eq!(seen, [format!("same {}s", 10 * number)]);
        }
        desk.phone.advance(10);
    }
    let entry = (NOW, Outcome::Accept, Some("ZZ-4711-0815".to_owned()));
    assert_eq!(logged(&book), [entry]);
}

#[tokio::test]
async fn a_second_look_at_the_same_code_is_replayed_also_by_another_process() {
    let (desk, book) = Desk::with_book().await;
    let token = desk.token(NOW);
    let mut look = book.look(Asking::default());
    assert_eq!(sees(&mut look, &[&token]).await, ["accept [] 0s!"]);
    let replayed = "refuse [\"replayed\"] 0s!";
    let mut other = desk.open(Keeping::Officer).await.look(Asking::default());
    assert_eq!(sees(&mut other, &[&token]).await, [replayed]);
    assert_eq!(sees(&mut look, &[&token]).await, ["same 0s"]);
    desk.phone.advance(11);
    assert_eq!(sees(&mut look, &[&token]).await, [replayed]);
    let outcomes: Vec<_> = logged(&book).into_iter().map(|it| it.1).collect();
    assert_eq!(
        outcomes,
        [Outcome::Refuse, Outcome::Refuse, Outcome::Accept]
    );
}

#[tokio::test]
async fn the_next_codes_of_a_look_are_remembered_though_the_log_stays_as_it_is() {
    let (desk, book) = Desk::with_book().await;
    let mut look = book.look(Asking::default());
    sees(&mut look, &[&desk.token(NOW)]).await;
    let second = desk.token(NOW + 1);
    assert_eq!(sees(&mut look, &[&second]).await, ["same 0s"]);
    drop((look, book));
    desk.phone.restart();
    let book = desk.open(Keeping::Officer).await;
    let mut look = book.look(Asking::default());
    let seen = sees(&mut look, &[&second]).await;
    assert_eq!(seen, ["refuse [\"replayed\"] 0s!"]);
}

#[tokio::test]
async fn a_verdict_that_changes_within_a_look_changes_its_entry() {
    let (desk, book) = Desk::with_book().await;
    let mut look = book.look(Asking::default());
    sees(&mut look, &[&desk.token(NOW)]).await;
    desk.phone.advance(5);
    desk.serve_bundle(desk.bundle(SUSPENDED, NOW));
    desk.refresh(&book).await;
    let seen = sees(&mut look, &[&desk.token(NOW + 5)]).await;
    assert_eq!(seen, ["refuse [\"suspended\"] 5s!"]);
    let entries = book.log(99).unwrap().entries;
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].outcome, Outcome::Refuse);
    assert_eq!(entries[0].at, time(NOW), "the look's beginning");
}

#[tokio::test]
async fn a_flood_of_false_codes_fills_no_log() {
    let (desk, book) = Desk::with_book().await;
    let mut look = book.look(Asking::default());
    let token = desk.token(NOW);
    sees(&mut look, &[&token]).await;
    for number in 0..40 {
        sees(&mut look, &[&format!("DL1:{number:06}")]).await;
    }
    assert_eq!(sees(&mut look, &[&token]).await, ["accept [] 0s"]);
    assert_eq!(logged(&book).len(), 2);
}

#[tokio::test]
async fn the_face_joins_the_verdict_by_its_whole_digest() {
    let (desk, book) = Desk::with_book().await;
    let mut look = book.look(Asking::default());
    let frames = face(&desk);
    assert_eq!(sees(&mut look, &[&frames[0]]).await, [""; 0]);
    let count = frames.len();
    let seen = sees(&mut look, &[&desk.token(NOW)]).await;
    assert_eq!(
        seen[..2],
        ["accept [] 0s!".into(), format!("face 1/{count}")]
    );
    let mut whole = seen.iter().any(|it| it.starts_with("portrait"));
    for frame in &frames[1..] {
        let seen = sees(&mut look, &[frame]).await;
        whole |= seen.iter().any(|it| it.starts_with("portrait"));
    }
    assert!(whole);
}

#[tokio::test]
async fn two_licenses_in_one_picture_are_judged_and_logged_by_no_one() {
    let (desk, book) = Desk::with_book().await;
    let mut look = book.look(Asking::default());
    let (one, other) = (desk.token(NOW), desk.token(NOW + 1));
    assert_eq!(sees(&mut look, &[&one, &other]).await, ["two"]);
    assert_eq!(logged(&book), []);
    assert_eq!(sees(&mut look, &[&one]).await, ["accept [] 0s!"]);
}

#[tokio::test]
async fn a_challenge_is_answered_before_the_camera_and_costs_no_attempt_while_it_is_waited_for() {
    let (desk, book) = Desk::with_book().await;
    let asked = book.ask_by_digits().unwrap();
    let mut look = book.look(Asking {
        challenge: Some(asked.id.clone()),
        ..Asking::default()
    });
    for number in 0..5 {
        let text = desk.shown(NOW + number, ANYONE, None);
        assert_eq!(sees(&mut look, &[&text]).await, ["no answer"]);
    }
    let answer = |iat| desk.shown(iat, CODE, Some(asked.text.clone().into_bytes()));
    assert_eq!(sees(&mut look, &[&answer(NOW)]).await, ["accept [] 0s!"]);
    assert_eq!(sees(&mut look, &[&answer(NOW + 9)]).await, ["same 0s"]);
    assert_eq!(logged(&book).len(), 1);
}

#[tokio::test]
async fn a_book_that_cannot_be_written_is_a_trouble_beside_the_looks_verdict() {
    let (desk, book) = Desk::with_book().await;
    drop(book);
    let opened = ReaderBook::open(desk.phone.folder(), desk.phone.ports(), Keeping::Officer);
    let book = opened.await.unwrap();
    let other = rusqlite::Connection::open(desk.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut look = book.look(Asking::default());
    let token = desk.token(NOW);
    let seen = look.take(&[&token]).await.unwrap();
    let Some(Sight::Verdict { verdict, .. }) = seen.first() else {
        panic!("no verdict");
    };
    assert_eq!(verdict.verdict.outcome, Outcome::Accept);
    let busy = Trouble::NotKept(ReaderError::Storage(StorageError::Busy));
    assert_eq!(verdict.troubles, [busy]);
    assert_eq!(sees(&mut look, &[&token]).await, ["same 0s"]);
    other.execute_batch("COMMIT").unwrap();
}

#[tokio::test]
async fn a_call_that_is_dropped_loses_no_verdict() {
    let (desk, book) = Desk::with_book().await;
    let mut look = book.look(Asking::default());
    let token = desk.token(NOW);
    let texts = [&token];
    let hurried = tokio::time::timeout(Duration::ZERO, look.take(&texts));
    let mut seen = match hurried.await {
        Ok(seen) => seen.unwrap(),
        Err(_) => Vec::new(),
    };
    seen.extend(look.take(&[&token]).await.unwrap());
    let told: Vec<_> = seen.iter().map(told).collect();
    assert_eq!(told[0], "accept [] 0s!", "{told:?}");
    assert!(!told.iter().any(|it| it.starts_with("refuse")));
}

#[tokio::test]
async fn a_verdict_whose_answer_was_lost_is_told_again_and_not_announced() {
    let (desk, book) = Desk::with_book().await;
    let mut look = book.look(Asking::default());
    let token = desk.token(NOW);
    assert_eq!(sees(&mut look, &[&token]).await, ["accept [] 0s!"]);
    assert_eq!(sees(&mut look, &[&token]).await, ["same 0s"]);
    look.tell_again();
    assert_eq!(sees(&mut look, &[&token]).await, ["accept [] 0s"]);
}

#[tokio::test]
async fn two_calls_that_are_dropped_one_after_the_other_lose_no_verdict() {
    let (desk, book) = Desk::with_book().await;
    let mut look = book.look(Asking::default());
    for token in [desk.token(NOW), desk.token(NOW + 1)] {
        let texts = [&token];
        let mut call = Box::pin(look.take(&texts));
        let once = poll_fn(|context| Poll::Ready(call.as_mut().poll(context).is_pending()));
        assert!(once.await, "the check has only begun");
        drop(call);
        // The check goes on without its caller.
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert_eq!(sees(&mut look, &[]).await, ["accept [] 0s!", "same 0s"]);
}

#[tokio::test]
async fn a_book_without_an_authority_says_so_and_judges_later() {
    let desk = Desk::new().await;
    let book = desk.open(Keeping::Citizen).await;
    let mut look = book.look(Asking::default());
    let token = desk.token(NOW);
    let none = look.take(&[&token]).await.err();
    assert_eq!(none, Some(ReaderError::NoAuthority));
    desk.add(&book).await;
    desk.refresh(&book).await;
    assert_eq!(sees(&mut look, &[&token]).await, ["accept [] 0s!"]);
}
