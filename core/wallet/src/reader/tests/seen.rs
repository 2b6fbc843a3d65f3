//! Tokens that were seen, over a restart and beside a clock that was set.

use std::time::{Duration, Instant};

use vidimus_credential::verify::Outcome;

use super::{Desk, HOUR, accepted, check, codes};
use crate::error::StorageError;
use crate::reader::records::SeenRecord;
use crate::reader::{Keeping, ReaderBook, ReaderError, Trouble};
use crate::testing::{NOW, time};
use crate::vault::records::ONLY;

#[tokio::test]
async fn a_token_that_was_taken_before_a_restart_is_replayed_behind_it() {
    let (desk, book) = Desk::with_book().await;
    let token = desk.token(NOW);
    assert!(accepted(&check(&book, &token).await));
    assert_eq!(codes(&check(&book, &token).await), ["replayed"]);
    drop(book);
    desk.phone.restart();
    let book = desk.open(Keeping::Officer).await;
    assert_eq!(codes(&check(&book, &token).await), ["replayed"]);
    assert!(accepted(&check(&book, &desk.token(NOW + 1)).await));
}

#[tokio::test]
async fn a_token_that_another_process_took_is_replayed_here() {
    let (desk, one) = Desk::with_book().await;
    let other = desk.open(Keeping::Officer).await;
    for number in 0..4 {
        let (first, second) = if number % 2 == 0 {
            (&one, &other)
        } else {
            (&other, &one)
        };
        let token = desk.token(NOW + number);
        assert!(accepted(&check(first, &token).await));
        assert_eq!(codes(&check(second, &token).await), ["replayed"]);
    }
    assert_eq!(one.log(99).unwrap().entries.len(), 8);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_that_check_one_token_at_once_one_takes_it() {
    let (desk, one) = Desk::with_book().await;
    let other = desk.open(Keeping::Officer).await;
    let token = desk.token(NOW);
    let mut checks = Vec::new();
    for number in 0..12 {
        let book = if number % 2 == 0 { &one } else { &other }.clone();
        let token = token.clone();
        checks.push(tokio::spawn(async move { check(&book, &token).await }));
    }
    let mut taken = 0;
    for checked in checks {
        let checked = checked.await.unwrap();
        assert!(checked.troubles.is_empty());
        taken += usize::from(checked.verdict.outcome == Outcome::Accept);
    }
    assert_eq!(taken, 1);
    let log = one.log(99).unwrap();
    assert_eq!(log.entries.len(), 12, "each check is logged once");
}

#[tokio::test]
async fn a_book_that_another_process_holds_keeps_no_verdict_waiting() {
    let (desk, book) = Desk::with_book().await;
    drop(book);
    let opened = ReaderBook::open(desk.phone.folder(), desk.phone.ports(), Keeping::Officer);
    let book = opened.await.unwrap();
    let other = rusqlite::Connection::open(desk.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let busy = Trouble::NotKept(ReaderError::Storage(StorageError::Busy));
    let token = desk.token(NOW);
    let started = Instant::now();
    let first = check(&book, &token).await;
    assert_eq!(first.verdict.outcome, Outcome::Accept);
    assert_eq!(first.troubles, [busy]);
    // The first one still waits for the book.
    let second = check(&book, &token).await;
    assert_eq!(codes(&second), ["replayed"]);
    assert!(started.elapsed() < Duration::from_secs(4));
    other.execute_batch("COMMIT").unwrap();
    drop(other);
    let third = loop {
        let checked = check(&book, &token).await;
        if checked.troubles.is_empty() {
            break checked;
        }
    };
    assert_eq!(codes(&third), ["replayed"]);
    let log = book.log(99).unwrap().entries;
    let taken = |it: &&crate::reader::CheckEntry| it.outcome == Outcome::Accept;
    assert_eq!(log.iter().filter(taken).count(), 1, "each check once");
    drop(book);
    let book = desk.open(Keeping::Officer).await;
    assert_eq!(codes(&check(&book, &token).await), ["replayed"]);
}

#[tokio::test]
async fn the_memory_forgets_what_could_not_be_taken_any_more() {
    let (desk, book) = Desk::with_book().await;
    for number in 0..30 {
        assert!(accepted(
            &check(&book, &desk.token(NOW + 10 * number)).await
        ));
        desk.phone.advance(10);
    }
    let SeenRecord(seen) = book.0.setup.vault.get(ONLY).unwrap().unwrap();
    assert!(
        (5..=9).contains(&seen.tokens.len()),
        "{}",
        seen.tokens.len()
    );
}

#[tokio::test]
async fn a_clock_that_goes_ahead_and_back_makes_no_token_new_and_is_told() {
    let (desk, book) = Desk::with_book().await;
    let token = desk.token(NOW);
    assert!(accepted(&check(&book, &token).await));
    desk.phone.set_clock(NOW + HOUR);
    assert!(accepted(&check(&book, &desk.token(NOW + HOUR)).await));
    drop(book);
    desk.phone.set_clock(NOW + 5);
    let book = desk.open(Keeping::Officer).await;
    let checked = check(&book, &token).await;
    assert_eq!(codes(&checked), ["replayed", "clock_in_doubt"]);
    assert_eq!(checked.troubles, [Trouble::ClockSetBack]);
    // Not even one that was never seen is taken without a doubt, by a clock that shows what is
    // past.
    desk.phone.advance(20);
    let fresh = check(&book, &desk.token(NOW + 25)).await;
    assert_eq!(fresh.verdict.outcome, Outcome::Caution);
    assert_eq!(codes(&fresh), ["clock_in_doubt"]);
    assert_eq!(fresh.at, time(NOW + 25));
    // The authority's word of today clears the clock that was ahead.
    desk.server.at(
        "/trust",
        crate::testing::Reply::new(200).body(desk.authority.trust_list(NOW + 20)),
    );
    assert_eq!(desk.refresh(&book).await.failures, []);
    assert!(accepted(&check(&book, &desk.token(NOW + 26)).await));
}

#[tokio::test]
async fn a_memory_that_is_damaged_is_told_once_and_mended() {
    let (desk, book) = Desk::with_book().await;
    let token = desk.token(NOW);
    check(&book, &token).await;
    drop(book);
    let file = rusqlite::Connection::open(desk.file()).unwrap();
    // The check wrote two new rows: the tokens, and behind them the log.
    let row = "SELECT max(row) - 1 FROM sealed_row";
    let row: i64 = file.query_row(row, (), |row| row.get(0)).unwrap();
    let spoil = "UPDATE sealed_row SET sealed = zeroblob(90) WHERE row = ?1";
    file.execute(spoil, [row]).unwrap();
    drop(file);
    let book = desk.open(Keeping::Officer).await;
    let checked = check(&book, &token).await;
    assert_eq!(checked.troubles, [Trouble::SeenLost]);
    assert_eq!(codes(&check(&book, &token).await), ["replayed"]);
    drop(book);
    let book = desk.open(Keeping::Officer).await;
    let again = check(&book, &token).await;
    assert_eq!(codes(&again), ["replayed"]);
    assert!(again.troubles.is_empty());
}

#[tokio::test]
async fn a_change_of_an_authoritys_addresses_forgets_no_token() {
    let (desk, book) = Desk::with_book().await;
    let token = desk.token(NOW);
    assert!(accepted(&check(&book, &token).await));
    let root = vidimus_credential::key::Signer::verifying_key(&desk.authority.root).clone();
    let bundles = [desk.server.url("/s/7/bundle")];
    book.authorities().unwrap();
    let added = book.add_authority(root, &desk.authority.issuer, &bundles);
    added.await.unwrap();
    assert_eq!(codes(&check(&book, &token).await), ["replayed"]);
}
