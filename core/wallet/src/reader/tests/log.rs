//! The log of checks.

use vidimus_credential::verify::{Outcome, Reason};

use super::{DAY, Desk, SUSPENDED, check};
use crate::error::Damage;
use crate::reader::log::{self, CheckEntry};
use crate::reader::{Keeping, ReaderBook};
use crate::testing::{NOW, time};
use crate::vault::Weight;

async fn fill(book: &ReaderBook, times: impl IntoIterator<Item = u64>) {
    let entry = |at| CheckEntry {
        at: time(at),
        outcome: Outcome::Accept,
        reasons: Vec::new(),
        number: None,
    };
    let entries: Vec<CheckEntry> = times.into_iter().map(entry).collect();
    let written = book.write(Weight::Light, move |tx| log::append(tx, &entries));
    written.await.unwrap();
}

fn times(book: &ReaderBook) -> Vec<u64> {
    let log = book.log(usize::MAX).unwrap();
    assert!(log.intact);
    log.entries.iter().map(|entry| entry.at.seconds()).collect()
}

#[tokio::test]
async fn an_officers_log_has_the_number_and_a_citizens_nothing_of_the_license() {
    let (desk, book) = Desk::with_book().await;
    desk.serve_bundle(desk.bundle(SUSPENDED, NOW));
    check(&book, &desk.token(NOW)).await;
    desk.refresh(&book).await;
    drop(book);
    let citizen = desk.open(Keeping::Citizen).await;
    check(&citizen, &desk.token(NOW + 1)).await;
    check(&citizen, "DL1:").await;
    check(&citizen, "https://holiday.example").await;
    let log = citizen.log(99).unwrap();
    assert!(log.intact);
    let told: Vec<_> = log
        .entries
        .iter()
        .map(|entry| (entry.outcome, &entry.reasons[..], entry.number.as_deref()))
        .collect();
    assert!(
        told == [
            (Outcome::Refuse, &[Reason::Malformed][..], None),
            (Outcome::Refuse, &[Reason::Suspended][..], None),
            (Outcome::Accept, &[][..], Some("ZZ-4711-0815")),
        ]
    );
    assert_eq!(log.entries[2].at, time(NOW));
    assert!(citizen.log(1).unwrap().entries == log.entries[..1]);
    // A citizen's phone has written no data of a driver; the officer's earlier entry is still
    // there.
    assert_eq!(citizen.forget_log(0).await, Ok(3));
    assert_eq!(times(&citizen), [0_u64; 0]);
}

#[tokio::test]
async fn the_log_is_bounded_and_its_oldest_pages_go_first() {
    let desk = Desk::new().await;
    let book = desk.open(Keeping::Officer).await;
    fill(&book, 0..10_000).await;
    assert_eq!(times(&book).len(), 10_000);
    for at in 10_000..10_400 {
        fill(&book, [at]).await;
    }
    let times = times(&book);
    assert!((10_177..=10_240).contains(&times.len()), "{}", times.len());
    assert!(times.windows(2).all(|pair| pair[0] == pair[1] + 1));
    assert_eq!(times[0], 10_399);
}

#[tokio::test]
async fn what_is_older_than_so_many_days_is_forgotten_and_nothing_else() {
    let desk = Desk::new().await;
    let book = desk.open(Keeping::Officer).await;
    let days = |ago: u64| NOW - ago * DAY;
    fill(&book, (0..200).map(|number| days(200 - number))).await;
    assert_eq!(book.forget_log(30).await, Ok(170));
    let left: Vec<u64> = (1..=30).map(days).collect();
    assert_eq!(times(&book), left);
    assert_eq!(book.forget_log(30).await, Ok(0));
    drop(book);
    let book = desk.open(Keeping::Officer).await;
    assert_eq!(times(&book), left);
    fill(&book, [NOW]).await;
    assert_eq!(times(&book).len(), 31);
}

#[tokio::test]
async fn a_damaged_page_is_told_and_kept_and_the_log_goes_on_behind_it() {
    let desk = Desk::new().await;
    let book = desk.open(Keeping::Officer).await;
    fill(&book, NOW..NOW + 70).await;
    drop(book);
    let file = rusqlite::Connection::open(desk.file()).unwrap();
    let last = "SELECT max(row) FROM sealed_row";
    let row: i64 = file.query_row(last, (), |row| row.get(0)).unwrap();
    let spoil = "UPDATE sealed_row SET sealed = zeroblob(90) WHERE row = ?1";
    file.execute(spoil, [row]).unwrap();
    drop(file);
    let book = desk.open(Keeping::Officer).await;
    fill(&book, [NOW + 70]).await;
    let log = book.log(usize::MAX).unwrap();
    assert!(!log.intact);
    assert_eq!(log.entries.len(), 65, "64 before the page, one behind it");
    let damaged = book.examine().unwrap().damaged;
    assert!(matches!(damaged[..], [Damage::Row(_)]));
    desk.phone.advance(40 * DAY);
    assert_eq!(book.forget_log(30).await, Ok(65));
    assert!(!book.log(9).unwrap().intact, "nobody can say how old it is");
    assert_eq!(book.forget_log(0).await, Ok(0));
    assert!(book.log(9).unwrap().intact);
}
