//! Disks that cannot be written: verdicts are given, and the process remembers the tokens.

use std::path::Path;

use vidimus_credential::verify::Outcome;

use super::{Desk, accepted, check, codes, open_at};
use crate::error::StorageError;
use crate::reader::{Keeping, ReaderBook, ReaderError, Trouble};
use crate::testing::{NOW, ReadOnlyDisk, SmallDisk};

async fn open(desk: &Desk, home: &Path) -> ReaderBook {
    let opened = open_at(home, desk.phone.ports(), Keeping::Officer);
    opened.await.unwrap()
}

#[tokio::test]
async fn on_a_full_disk_a_token_is_taken_once_and_its_check_is_written_when_there_is_room() {
    let Some(disk) = SmallDisk::mount() else {
        return;
    };
    let desk = Desk::new().await;
    let book = open(&desk, disk.folder()).await;
    desk.add(&book).await;
    assert_eq!(desk.refresh(&book).await.failures, []);
    disk.fill();
    // What is left in the file's own pages is used up.
    let mut number = 0;
    let refused = loop {
        let checked = check(&book, &desk.token(NOW + number % 20)).await;
        number += 1;
        if !checked.troubles.is_empty() {
            break checked;
        }
        assert!(number < 5_000, "the disk is never full");
    };
    assert!(matches!(
        refused.troubles[..],
        [Trouble::NotKept(ReaderError::Storage(_))]
    ));
    let written = book.log(usize::MAX).unwrap().entries.len();
    let token = desk.token(NOW + 21);
    let first = check(&book, &token).await;
    assert_eq!(first.verdict.outcome, Outcome::Accept);
    assert!(!first.troubles.is_empty());
    assert_eq!(codes(&check(&book, &token).await), ["replayed"]);
    assert_eq!(book.log(usize::MAX).unwrap().entries.len(), written);
    disk.empty();
    // Another process is first to have room for its own.
    let other = open(&desk, disk.folder()).await;
    assert!(accepted(&check(&other, &desk.token(NOW + 22)).await));
    drop(other);
    assert!(accepted(&check(&book, &desk.token(NOW + 23)).await));
    let log = book.log(usize::MAX).unwrap();
    assert_eq!(log.entries.len(), written + 5, "each of them once");
    drop(book);
    let book = open(&desk, disk.folder()).await;
    assert_eq!(codes(&check(&book, &token).await), ["replayed"]);
}

#[tokio::test]
async fn from_a_read_only_disk_verdicts_are_given_and_said_not_to_be_kept() {
    let (desk, book) = Desk::with_book().await;
    let before = desk.token(NOW);
    assert!(accepted(&check(&book, &before).await));
    drop(book);
    let Some(mut disk) = ReadOnlyDisk::holding(desk.phone.folder()) else {
        return;
    };
    let book = open(&desk, disk.content()).await;
    let read_only = Trouble::NotKept(ReaderError::Storage(StorageError::ReadOnly));
    let replayed = check(&book, &before).await;
    assert_eq!(codes(&replayed), ["replayed"]);
    let token = desk.token(NOW + 1);
    let first = check(&book, &token).await;
    assert_eq!(first.verdict.outcome, Outcome::Accept);
    assert_eq!(first.troubles, [read_only]);
    let second = check(&book, &token).await;
    assert_eq!(codes(&second), ["replayed"]);
    drop(book);
    assert!(disk.set_writable(true));
    let book = open(&desk, disk.content()).await;
    assert!(accepted(&check(&book, &desk.token(NOW + 2)).await));
}
