//! Lists and bundles: asked for when they are due, never back, within a budget.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use vidimus_credential::Error as CredentialError;
use vidimus_credential::bundle::MAX_INFLATED;
use vidimus_credential::key::Signer;

use super::{
    DAY, Desk, HOUR, SUSPENDED, VALID, accepted, bundle_by, check, codes, refreshed, token_of,
};
use crate::cancel::CancelToken;
use crate::error::{Error, StorageError};
use crate::ports::TransportError;
use crate::reader::records::BundleRecord;
use crate::reader::{
    AuthorityId, Change, Failure, Keeping, ReaderBook, ReaderError, Subject, When,
};
use crate::testing::{Authority, NOW, Reply, key, time};
use crate::vault::Weight;

fn list(desk: &Desk) -> Subject {
    Subject::TrustList(AuthorityId::of(desk.authority.root.verifying_key()))
}

fn bundle(desk: &Desk) -> Subject {
    let id = AuthorityId::of(desk.authority.root.verifying_key());
    Subject::Bundle(id, format!("{}/status/bundle", desk.authority.issuer))
}

fn failed(subject: Subject, error: impl Into<Error>) -> Vec<Failure> {
    let error = error.into();
    vec![Failure { subject, error }]
}

#[tokio::test]
async fn a_list_is_asked_for_each_day_and_a_bundle_each_hour_with_their_tags() {
    let desk = Desk::new().await;
    let tagged = Reply::new(200).header("etag", "\"b1\"");
    let bytes = desk.bundle(VALID, NOW);
    desk.server.script(move |request| {
        (request.path == "/status/bundle").then(|| match request.header("if-none-match") {
            Some("\"b1\"") => Reply::new(304),
            _ => tagged.clone().body(bytes.clone()),
        })
    });
    let book = desk.open(Keeping::Officer).await;
    desk.add(&book).await;
    let first = refreshed(&book, When::Due).await;
    assert_eq!(first.changed, [Change(list(&desk)), Change(bundle(&desk))]);
    assert_eq!((first.failures, first.requests), (vec![], 2));
    assert_eq!(first.next_in, Duration::from_secs(HOUR));
    assert_eq!(refreshed(&book, When::Due).await.requests, 0);
    desk.phone.advance(HOUR);
    let second = refreshed(&book, When::Due).await;
    assert_eq!((second.changed, second.requests), (vec![], 1));
    assert_eq!(second.next_in, Duration::from_secs(HOUR));
    desk.phone.advance(DAY);
    assert_eq!(refreshed(&book, When::Due).await.requests, 2);
}

#[tokio::test]
async fn a_list_or_bundle_that_comes_before_the_one_held_is_refused() {
    let (desk, book) = Desk::with_book().await;
    desk.serve_bundle(desk.bundle(SUSPENDED, NOW));
    assert_eq!(desk.refresh(&book).await.changed, [Change(bundle(&desk))]);
    let older = || Error::from(CredentialError::OlderThanHeld);
    desk.serve_bundle(desk.bundle(VALID, NOW - 1));
    assert_eq!(
        desk.refresh(&book).await.failures,
        failed(bundle(&desk), older())
    );
    let earlier = Reply::new(200).body(desk.authority.trust_list(NOW - 1));
    desk.server.at("/trust", earlier);
    let report = desk.refresh(&book).await;
    assert_eq!(report.failures[0], failed(list(&desk), older())[0]);
    drop(book);
    let book = desk.open(Keeping::Officer).await;
    assert_eq!(codes(&check(&book, &desk.token(NOW)).await), ["suspended"]);
    assert_eq!(book.authorities().unwrap()[0].list_signed, Some(time(NOW)));
}

#[tokio::test]
async fn a_bundle_of_other_lists_does_not_take_the_place_of_the_one_that_is_asked_for() {
    let (desk, book) = Desk::with_book().await;
    desk.serve_bundle(desk.bundle(SUSPENDED, NOW));
    desk.refresh(&book).await;
    desk.serve_bundle(bundle_by(desk.authority, "/s/1/", VALID, NOW + 60));
    let other = CredentialError::OtherList;
    assert_eq!(
        desk.refresh(&book).await.failures,
        failed(bundle(&desk), other)
    );
    assert_eq!(codes(&check(&book, &desk.token(NOW)).await), ["suspended"]);
}

#[tokio::test]
async fn what_is_not_signed_by_the_authority_is_refused_and_changes_nothing() {
    let (desk, book) = Desk::with_book().await;
    let mut thief = Authority::at(&desk.server);
    thief.status = key("a thief");
    desk.serve_bundle(bundle_by(&thief, "/status/", SUSPENDED, NOW));
    let unknown = CredentialError::UnknownKey;
    assert_eq!(
        desk.refresh(&book).await.failures,
        failed(bundle(&desk), unknown)
    );
    thief.root = key("a thief's root");
    desk.server
        .at("/trust", Reply::new(200).body(thief.trust_list(NOW + 60)));
    let report = desk.refresh(&book).await;
    assert_eq!(report.failures[0].subject, list(&desk));
    for body in [&b""[..], b"\xd2\x84", b"<html>sign in</html>"] {
        desk.serve_bundle(body.to_vec());
        assert_eq!(desk.refresh(&book).await.failures.len(), 2);
    }
    assert!(accepted(&check(&book, &desk.token(NOW)).await));
}

#[tokio::test]
async fn a_bundle_from_next_year_is_not_believed() {
    let (desk, book) = Desk::with_book().await;
    desk.serve_bundle(desk.bundle(SUSPENDED, NOW + 365 * DAY));
    let report = desk.refresh(&book).await;
    assert!(matches!(
        report.failures[..],
        [Failure {
            error: Error::ServerTimeWrong { .. },
            ..
        }]
    ));
    assert!(accepted(&check(&book, &desk.token(NOW)).await));
}

#[tokio::test]
async fn a_bundle_by_a_key_that_is_newer_than_the_list_fetches_the_list_once() {
    let (desk, book) = Desk::with_book().await;
    let next = Authority::with_new_status_key(&desk.server);
    let listed = Reply::new(200).body(next.trust_list(NOW + 60));
    desk.server.at("/trust", listed);
    desk.phone.advance(HOUR);
    desk.serve_bundle(bundle_by(&next, "/status/", SUSPENDED, NOW + 90));
    let report = refreshed(&book, When::Due).await;
    assert_eq!(report.changed, [Change(list(&desk)), Change(bundle(&desk))]);
    assert_eq!(report.requests, 2);
    let checked = check(&book, &desk.token(NOW + HOUR)).await;
    // The staple is by the key that the list withdrew.
    assert_eq!(codes(&checked), ["suspended", "status_unusable"]);
}

#[tokio::test]
async fn a_bundle_whose_key_is_withdrawn_counts_no_more_and_gives_way_to_any_other() {
    let (desk, book) = Desk::with_book().await;
    desk.serve_bundle(desk.bundle(SUSPENDED, NOW + 60));
    desk.refresh(&book).await;
    let next = Authority::with_new_status_key(&desk.server);
    desk.server
        .at("/trust", Reply::new(200).body(next.trust_list(NOW + 120)));
    desk.serve_bundle(bundle_by(&next, "/status/", VALID, NOW + 30));
    assert_eq!(desk.refresh(&book).await.failures, []);
    let checked = check(&book, &desk.token(NOW + 120)).await;
    assert_eq!(codes(&checked), ["status_unusable"], "beside an accept");
}

#[tokio::test]
async fn a_busy_authority_is_left_alone_as_long_as_it_says_and_the_pauses_differ() {
    let (desk, book) = Desk::with_book().await;
    let busy = Reply::new(503).header("retry-after", "7200");
    desk.server.at("/status/bundle", busy.clone());
    desk.server.at("/trust", busy);
    let mut pauses = BTreeSet::new();
    for _ in 0..8 {
        let report = desk.refresh(&book).await;
        assert_eq!(report.failures.len(), 2);
        pauses.insert(report.next_in.as_secs());
    }
    let fair = |pause: &u64| (2 * HOUR..=3 * HOUR).contains(pause);
    assert!(pauses.iter().all(fair) && pauses.len() > 1, "{pauses:?}");
    desk.phone.advance(2 * HOUR - 1);
    assert_eq!(refreshed(&book, When::Due).await.requests, 0);
    // What is held goes on.
    assert!(accepted(
        &check(&book, &desk.token(NOW + 2 * HOUR - 1)).await
    ));
    desk.phone.advance(HOUR + 1);
    let due = refreshed(&book, When::Due).await.requests;
    assert_eq!(due, 1, "the bundle; the list was had today");
}

#[tokio::test]
async fn failures_back_off_longer_and_longer_also_over_a_restart() {
    let (desk, book) = Desk::with_book().await;
    desk.server.at("/status/bundle", Reply::new(404));
    desk.phone.advance(HOUR);
    let mut longest = 0;
    for _ in 0..6 {
        longest = desk.refresh(&book).await.next_in.as_secs();
    }
    assert!((480..=960).contains(&longest), "{longest}");
    drop(book);
    let book = desk.open(Keeping::Officer).await;
    desk.phone.advance(470);
    assert_eq!(refreshed(&book, When::Due).await.requests, 0);
}

#[tokio::test]
async fn a_slow_authority_takes_no_more_than_the_budget_and_the_next_round_asks_the_others() {
    let (desk, book) = Desk::with_book().await;
    let neighbor = Desk::new().await;
    let root = key("root of a neighbor");
    let id = AuthorityId::of(root.verifying_key());
    let address = neighbor.server.url("");
    let added = book.add_authority(root.verifying_key().clone(), &address, &[]);
    assert_eq!(added.await.unwrap(), id);
    let slow = Reply::new(200).delay(Duration::from_secs(60));
    for server in [&desk.server, &neighbor.server] {
        server.at("/trust", slow.clone());
        server.at("/status/bundle", slow.clone());
    }
    let started = Instant::now();
    let budget = Duration::from_millis(300);
    let cancel = CancelToken::new();
    let report = book.refresh(When::Now, budget, &cancel).await.unwrap();
    assert!(started.elapsed() < Duration::from_secs(3));
    assert_eq!(report.failures.len(), 1, "{:?}", report.failures);
    assert_eq!(report.failures[0].error, TransportError::Timeout.into());
    desk.phone.advance(HOUR);
    let mut asked = BTreeSet::new();
    for _ in 0..4 {
        let report = book.refresh(When::Due, budget, &cancel).await;
        for failure in report.unwrap().failures {
            let (Subject::TrustList(of) | Subject::Bundle(of, _)) = failure.subject;
            asked.insert(of);
        }
    }
    assert_eq!(asked.len(), 2, "each had its turn");
}

#[tokio::test]
async fn a_refresh_that_is_cancelled_or_killed_keeps_what_it_had() {
    let desk = Desk::new().await;
    let book = desk.open(Keeping::Officer).await;
    desk.add(&book).await;
    desk.server.in_turn(
        "/status/bundle",
        [Reply::new(200).delay(Duration::from_secs(60))],
    );
    let dying = refreshed(&book, When::Due);
    let killed = tokio::time::timeout(Duration::from_millis(1500), dying);
    assert!(killed.await.is_err());
    assert_eq!(book.authorities().unwrap()[0].list_signed, Some(time(NOW)));
    let cancel = CancelToken::new();
    cancel.cancel();
    let budget = Duration::from_secs(5);
    let cancelled = book.refresh(When::Due, budget, &cancel).await.unwrap();
    assert_eq!(cancelled.requests, 0);
    assert_eq!(cancelled.failures, failed(bundle(&desk), Error::Cancelled));
    let report = refreshed(&book, When::Due).await;
    assert_eq!((report.failures, report.requests), (vec![], 1));
}

#[tokio::test]
async fn two_processes_that_refresh_at_once_wait_for_each_other() {
    let (desk, one) = Desk::with_book().await;
    let other = desk.open(Keeping::Officer).await;
    desk.phone.advance(HOUR);
    desk.serve_bundle(desk.bundle(SUSPENDED, NOW + HOUR));
    let (first, second) = tokio::join!(refreshed(&one, When::Due), refreshed(&other, When::Due));
    assert_eq!(first.requests + second.requests, 1);
    for (number, book) in [(0, &one), (1, &other)] {
        let checked = check(book, &desk.token(NOW + HOUR + number)).await;
        assert_eq!(codes(&checked), ["suspended"]);
    }
    let lock = desk.phone.folder().join("reader/network.lock");
    let held = std::fs::File::open(lock).unwrap();
    held.lock().unwrap();
    let budget = Duration::from_millis(100);
    let cancel = CancelToken::new();
    let waits = one.refresh(When::Now, budget, &cancel);
    let busy = ReaderError::Storage(StorageError::Busy);
    assert_eq!(waits.await.err(), Some(busy));
}

#[tokio::test]
async fn the_reader_asks_no_address_that_its_authority_does_not_name() {
    let (desk, book) = Desk::with_book().await;
    check(
        &book,
        &token_of(
            desk.authority,
            NOW,
            (vidimus_credential::presentation::ANYONE, None),
        ),
    )
    .await;
    desk.refresh(&book).await;
    let paths: BTreeSet<String> = desk
        .server
        .requests()
        .into_iter()
        .map(|request| request.path)
        .collect();
    assert_eq!(
        paths,
        ["/status/bundle", "/trust"].map(str::to_owned).into()
    );
}

#[tokio::test]
async fn all_bundles_of_a_book_fit_into_the_memory_of_one_verifier() {
    let (desk, book) = Desk::with_book().await;
    let other = BundleRecord {
        bytes: Vec::new(),
        inflated: MAX_INFLATED - 127,
    };
    let written = book.write(Weight::Light, move |tx| tx.put("another", &other));
    written.await.unwrap();
    desk.serve_bundle(desk.bundle(SUSPENDED, NOW));
    let full = CredentialError::TooManyBundles;
    assert_eq!(
        desk.refresh(&book).await.failures,
        failed(bundle(&desk), full)
    );
    let other = BundleRecord {
        bytes: Vec::new(),
        inflated: MAX_INFLATED - 128,
    };
    let written = book.write(Weight::Light, move |tx| tx.put("another", &other));
    written.await.unwrap();
    assert_eq!(
        desk.refresh(&book).await.failures,
        [],
        "256 values of 4 bits"
    );
}

#[tokio::test]
async fn without_an_authority_there_is_nothing_to_refresh() {
    let desk = Desk::new().await;
    let book: ReaderBook = desk.open(Keeping::Citizen).await;
    let report = refreshed(&book, When::Now).await;
    assert_eq!((report.requests, report.failures), (0, vec![]));
    assert_eq!(report.next_in, Duration::from_secs(DAY));
}
