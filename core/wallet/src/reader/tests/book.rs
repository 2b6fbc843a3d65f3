//! What a book keeps over a restart, and which keys seal it.

use std::sync::Arc;

use async_trait::async_trait;
use vidimus_credential::key::{Algorithm, Signer, VerifyingKey};
use vidimus_credential::presentation::CODE;
use vidimus_credential::verify::Outcome;

use super::{Desk, HOUR, SUSPENDED, accepted, check, codes, refreshed};
use crate::error::{Damage, Error};
use crate::ports::{DataKey, KeyStore, KeyStoreError};
use crate::reader::{
    Asking, AuthorityId, Challenge, ChallengeId, Keeping, ReaderBook, ReaderError, Trouble, When,
};
use crate::testing::{NOW, key, time};
use crate::vault::Health;
use crate::{Ports, Wallet};

#[tokio::test]
async fn a_book_keeps_its_authorities_lists_and_bundles() {
    let (desk, book) = Desk::with_book().await;
    assert!(accepted(&check(&book, &desk.token(NOW)).await));
    drop(book);
    let requests = desk.server.requests().len();
    let book = desk.open(Keeping::Officer).await;
    let held = book.authorities().unwrap();
    assert_eq!(held.len(), 1);
    let root = desk.authority.root.verifying_key();
    assert_eq!(held[0].id, AuthorityId::of(root));
    assert_eq!(held[0].address, desk.authority.issuer);
    assert_eq!(held[0].list_signed, Some(time(NOW)));
    let bundle = format!("{}/status/bundle", desk.authority.issuer);
    assert_eq!(held[0].bundles, [(bundle, Some(time(NOW - HOUR)))]);
    let checked = check(&book, &desk.token(NOW + 1)).await;
    assert!(accepted(&checked));
    assert_eq!(
        checked.verdict.status.as_of,
        Some(time(NOW - HOUR)),
        "by the bundle"
    );
    assert_eq!(book.examine().unwrap(), Health::default());
    assert_eq!(
        desk.server.requests().len(),
        requests,
        "checking asks nobody"
    );
}

#[tokio::test]
async fn without_an_authority_there_is_no_verdict_and_without_a_list_a_refusal() {
    let desk = Desk::new().await;
    let book = desk.open(Keeping::Citizen).await;
    let none = book.check(&desk.token(NOW), Asking::default()).await.err();
    assert_eq!(none, Some(ReaderError::NoAuthority));
    desk.add(&book).await;
    let checked = check(&book, &desk.token(NOW)).await;
    assert_eq!(codes(&checked), ["trust_list_unusable"]);
}

#[tokio::test]
async fn a_token_is_judged_by_the_authority_that_names_its_key() {
    let (desk, book) = Desk::with_book().await;
    let neighbor = Desk::new().await;
    let mut other = crate::testing::Authority::at(&neighbor.server);
    other.root = key("root of a neighbor");
    other.credential = key("credential of a neighbor");
    other.status = key("status of a neighbor");
    let other = other.serve(&neighbor.server);
    let neighbor = Desk {
        authority: other,
        ..neighbor
    };
    let id = neighbor.add(&book).await;
    let before = check(&book, &neighbor.token(NOW)).await;
    assert_eq!(codes(&before), ["unknown_key"]);
    refreshed(&book, When::Due).await;
    assert_eq!(book.authorities().unwrap().len(), 2);
    for (number, of) in [(0, &desk), (1, &neighbor)] {
        assert!(accepted(&check(&book, &of.token(NOW + number)).await));
    }
    book.remove_authority(&id).await.unwrap();
    book.remove_authority(&id).await.unwrap();
    assert_eq!(
        codes(&check(&book, &neighbor.token(NOW + 2)).await),
        ["unknown_key"]
    );
    assert!(accepted(&check(&book, &desk.token(NOW + 3)).await));
    drop(book);
    let book = desk.open(Keeping::Officer).await;
    assert_eq!(book.authorities().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_no_address_and_what_does_not_fit_is_not_added() {
    let desk = Desk::new().await;
    let book = desk.open(Keeping::Officer).await;
    let root = |name: &str| key(name).verifying_key().clone();
    let add = |name: &str, address: &'static str, bundles: Vec<String>| {
        let (book, root) = (book.clone(), root(name));
        async move { book.add_authority(root, address, &bundles).await.err() }
    };
    let bad = add("a", "https://a.example/trust", vec![]).await;
    assert_eq!(bad, Some(ReaderError::Invalid(Error::AuthorityAddress)));
    let plain = vec!["http://a.example/status/bundle".to_owned()];
    let insecure = add("a", "https://a.example", plain).await;
    assert!(matches!(insecure, Some(ReaderError::Invalid(_))));
    let bundles = |count: usize| (0..count).map(|it| format!("https://a.example/s/{it}/bundle"));
    let many = add("a", "https://a.example", bundles(65).collect()).await;
    assert_eq!(many, Some(ReaderError::Full));
    assert_eq!(
        add("a", "https://a.example", bundles(40).collect()).await,
        None
    );
    assert_eq!(
        add("b", "https://a.example", bundles(25).collect()).await,
        Some(ReaderError::Full)
    );
    // For the same one they change.
    assert_eq!(
        add("a", "https://a.example", bundles(2).collect()).await,
        None
    );
    for number in 1..16 {
        assert_eq!(
            add(&format!("more {number}"), "https://b.example", vec![]).await,
            None
        );
    }
    assert_eq!(
        add("last", "https://b.example", vec![]).await,
        Some(ReaderError::Full)
    );
    assert_eq!(book.authorities().unwrap().len(), 16);
}

#[tokio::test]
async fn a_wallet_and_a_book_of_one_home_share_neither_keys_nor_anchor() {
    let desk = Desk::new().await;
    let wallet = desk.phone.create(desk.authority).await;
    let before = desk.phone.keys.read_anchor().await.unwrap();
    let book = desk.open(Keeping::Citizen).await;
    desk.add(&book).await;
    for _ in 0..3 {
        desk.refresh(&book).await;
    }
    let own = desk.phone.keys.of_book("reader").unwrap();
    assert!(own.read_anchor().await.unwrap() > Some(1));
    assert_eq!(desk.phone.keys.read_anchor().await.unwrap(), before);
    drop(wallet);
    // The one's key is destroyed, and the other opens.
    own.set_fault(Some(KeyStoreError::Invalidated));
    drop(book);
    let reopen = || ReaderBook::open(desk.phone.folder(), desk.phone.ports(), Keeping::Citizen);
    assert_eq!(reopen().await.err(), Some(ReaderError::KeyInvalidated));
    let wallet = desk.phone.open().await;
    assert_eq!(wallet.examine().unwrap(), Health::default());
    own.set_fault(None);
    desk.phone.keys.set_fault(Some(KeyStoreError::Invalidated));
    assert_eq!(reopen().await.unwrap().authorities().unwrap().len(), 1);
}

/// A key store of a shell that knows no names yet.
struct Nameless;

#[async_trait]
impl KeyStore for Nameless {
    async fn wrap(&self, _: &[u8; 32]) -> Result<Vec<u8>, KeyStoreError> {
        Err(KeyStoreError::Io)
    }
    async fn unwrap(&self, _: &[u8]) -> Result<DataKey, KeyStoreError> {
        Err(KeyStoreError::Io)
    }
    fn holder_algorithm(&self) -> Option<Algorithm> {
        None
    }
    async fn create_holder_key(&self, _: &str) -> Result<VerifyingKey, KeyStoreError> {
        Err(KeyStoreError::Io)
    }
    async fn sign(&self, _: &str, _: &[u8]) -> Result<[u8; 64], KeyStoreError> {
        Err(KeyStoreError::Io)
    }
    async fn delete_holder_key(&self, _: &str) -> Result<(), KeyStoreError> {
        Err(KeyStoreError::Io)
    }
    async fn read_anchor(&self) -> Result<Option<u64>, KeyStoreError> {
        Err(KeyStoreError::Io)
    }
    async fn raise_anchor(&self, _: u64) -> Result<(), KeyStoreError> {
        Err(KeyStoreError::Io)
    }
}

#[tokio::test]
async fn a_key_store_without_names_is_not_asked_for_the_drivers_keys() {
    let desk = Desk::new().await;
    let ports = Ports {
        keys: Arc::new(Nameless),
        ..desk.phone.ports()
    };
    let opened = ReaderBook::open(desk.phone.folder(), ports, Keeping::Officer).await;
    let unavailable = ReaderError::KeyStore(KeyStoreError::Unavailable);
    assert_eq!(opened.err(), Some(unavailable));
}

#[tokio::test]
async fn a_damaged_book_is_kept_and_set_aside_only_when_the_caller_asks() {
    let (desk, book) = Desk::with_book().await;
    drop(book);
    let broken = b"holiday pictures, not a database".repeat(40);
    std::fs::write(desk.file(), &broken).unwrap();
    let reopen = || ReaderBook::open(desk.phone.folder(), desk.phone.ports(), Keeping::Officer);
    let damaged = ReaderError::BookDamaged { what: Damage::File };
    for _ in 0..2 {
        assert_eq!(reopen().await.err(), Some(damaged));
        assert_eq!(std::fs::read(desk.file()).unwrap(), broken);
    }
    let aside = ReaderBook::set_aside(desk.phone.folder()).unwrap();
    assert_eq!(std::fs::read(aside.join("wallet.sqlite")).unwrap(), broken);
    let book = reopen().await.unwrap();
    assert_eq!(book.authorities().unwrap(), []);
    let nothing = tempfile::tempdir().unwrap();
    assert_eq!(
        ReaderBook::set_aside(nothing.path()).err(),
        Some(ReaderError::NoBook)
    );
}

#[tokio::test]
async fn a_book_that_is_gone_is_damage_and_one_that_went_with_its_app_is_made_anew() {
    let (desk, book) = Desk::with_book().await;
    drop(book);
    std::fs::remove_file(desk.file()).unwrap();
    let reopen = || ReaderBook::open(desk.phone.folder(), desk.phone.ports(), Keeping::Officer);
    let gone = ReaderError::BookDamaged { what: Damage::File };
    assert_eq!(reopen().await.err(), Some(gone));
    std::fs::remove_dir_all(desk.phone.folder().join("reader")).unwrap();
    assert_eq!(reopen().await.unwrap().authorities().unwrap(), []);
}

#[tokio::test]
async fn a_damaged_list_or_authority_is_mended_and_no_verdict_is_better_for_it() {
    let (desk, book) = Desk::with_book().await;
    drop(book);
    // Each row in turn is damaged, and then the book is restored.
    let whole = std::fs::read(desk.file()).unwrap();
    let rows = || {
        let file = rusqlite::Connection::open(desk.file()).unwrap();
        let mut rows = file
            .prepare("SELECT row FROM sealed_row WHERE row > 0")
            .unwrap();
        let rows = rows.query_map((), |row| row.get::<_, i64>(0)).unwrap();
        rows.map(Result::unwrap).collect::<Vec<_>>()
    };
    let rows = rows();
    assert!(rows.len() >= 5, "{rows:?}");
    for row in rows {
        let file = rusqlite::Connection::open(desk.file()).unwrap();
        let spoil = "UPDATE sealed_row SET sealed = zeroblob(90) WHERE row = ?1";
        file.execute(spoil, [row]).unwrap();
        drop(file);
        let book = desk.open(Keeping::Officer).await;
        let asked = book.check(&desk.token(NOW), Asking::default()).await;
        let good = match asked {
            Ok(checked) => checked.verdict.outcome != Outcome::Accept || accepted(&checked),
            Err(error) => {
                error == ReaderError::NoAuthority && !book.damaged_authorities().is_empty()
            }
        };
        assert!(good, "row {row}");
        desk.add(&book).await;
        assert_eq!(desk.refresh(&book).await.failures, []);
        assert!(
            accepted(&check(&book, &desk.token(NOW + 1)).await),
            "row {row}"
        );
        assert_eq!(book.examine().unwrap(), Health::default(), "row {row}");
        drop(book);
        std::fs::write(desk.file(), &whole).unwrap();
    }
}

#[tokio::test]
async fn a_book_that_is_damaged_while_it_is_open_changes_no_verdict() {
    let (desk, book) = Desk::with_book().await;
    let token = desk.token(NOW);
    assert!(accepted(&check(&book, &token).await));
    let file = rusqlite::Connection::open(desk.file()).unwrap();
    let spoil = "UPDATE sealed_row SET sealed = zeroblob(90), version = version + 1 WHERE row = 0";
    file.execute(spoil, ()).unwrap();
    assert_eq!(codes(&check(&book, &token).await), ["replayed"]);
    let fresh = desk.token(NOW + 1);
    let checked = check(&book, &fresh).await;
    assert_eq!(checked.verdict.outcome, Outcome::Accept);
    let damaged = ReaderError::BookDamaged {
        what: Damage::Manifest,
    };
    let troubles = [Trouble::NotRead(damaged), Trouble::NotKept(damaged)];
    assert_eq!(checked.troubles, troubles);
    assert_eq!(codes(&check(&book, &fresh).await), ["replayed"]);
    assert_eq!(book.log(9).err(), Some(damaged));
}

#[tokio::test]
async fn an_answer_to_a_challenge_counts_once_and_only_for_who_asked() {
    let (desk, book) = Desk::with_book().await;
    let asking = |challenge: &Challenge| Asking {
        challenge: Some(challenge.id.clone()),
        ..Asking::default()
    };
    let asked = book.ask_by_digits().unwrap();
    let answer = desk.shown(NOW, CODE, Some(asked.text.clone().into_bytes()));
    let other = book.ask("Checkpoint 12", false, None).unwrap();
    assert!(other.text.starts_with("DLQ1:"));
    let wrong = book.check(&answer, asking(&other)).await.unwrap();
    assert_eq!(codes(&wrong), ["wrong_challenge", "wrong_reader"]);
    assert_eq!(codes(&check(&book, &answer).await), ["wrong_challenge"]);
    let right = book.check(&answer, asking(&asked)).await.unwrap();
    assert!(accepted(&right));
    let again = book.check(&answer, asking(&asked)).await.unwrap();
    assert_eq!(codes(&again), ["replayed"]);
    let unknown = Asking {
        challenge: Some(ChallengeId::from([0; 16])),
        ..Asking::default()
    };
    // A token that would be taken unasked does not pass as an answer.
    let none = book.check(&desk.token(NOW), unknown).await.err();
    assert_eq!(none, Some(ReaderError::NoSuchChallenge));
    let reserved = book.ask("dl1:any", false, None).err();
    assert!(matches!(reserved, Some(ReaderError::Invalid(_))));
}

#[tokio::test]
async fn a_late_answer_is_refused_by_the_boot_clock() {
    let (desk, book) = Desk::with_book().await;
    let asked = book.ask_by_digits().unwrap();
    desk.phone.advance(121);
    desk.phone.set_clock(NOW);
    let answer = desk.shown(NOW, CODE, Some(asked.text.into_bytes()));
    let asking = Asking {
        challenge: Some(asked.id),
        ..Asking::default()
    };
    let checked = book.check(&answer, asking).await.unwrap();
    assert_eq!(checked.verdict.outcome, Outcome::Refuse);
    assert!(codes(&checked).contains(&"wrong_challenge"));
}

#[tokio::test]
async fn a_category_that_is_asked_for_must_be_held() {
    let (desk, book) = Desk::with_book().await;
    let asking = |category: &str| Asking {
        category: Some(category.to_owned()),
        ..Asking::default()
    };
    assert!(accepted(
        &book.check(&desk.token(NOW), asking("B")).await.unwrap()
    ));
    let truck = book.check(&desk.token(NOW + 1), asking("C")).await.unwrap();
    assert_eq!(codes(&truck), ["category_not_held"]);
}

#[tokio::test]
async fn a_bundle_that_knows_of_a_suspension_decides() {
    let (desk, book) = Desk::with_book().await;
    desk.serve_bundle(desk.bundle(SUSPENDED, NOW));
    assert_eq!(desk.refresh(&book).await.failures, []);
    assert_eq!(codes(&check(&book, &desk.token(NOW)).await), ["suspended"]);
}

#[tokio::test]
async fn an_older_copy_of_a_book_is_told_until_its_bundles_were_asked_for() {
    let (desk, book) = Desk::with_book().await;
    drop(book);
    let old = std::fs::read(desk.file()).unwrap();
    let book = desk.open(Keeping::Officer).await;
    desk.serve_bundle(desk.bundle(SUSPENDED, NOW));
    desk.refresh(&book).await;
    drop(book);
    std::fs::write(desk.file(), old).unwrap();
    let book = desk.open(Keeping::Officer).await;
    assert!(book.health().unwrap().rolled_back);
    check(&book, &desk.token(NOW)).await;
    assert!(book.health().unwrap().rolled_back, "a check mends nothing");
    assert_eq!(desk.refresh(&book).await.failures, []);
    assert!(!book.health().unwrap().rolled_back);
    assert_eq!(
        codes(&check(&book, &desk.token(NOW + 1)).await),
        ["suspended"]
    );
}

#[tokio::test]
async fn a_book_needs_no_wallet_and_makes_none() {
    let (desk, book) = Desk::with_book().await;
    assert!(accepted(&check(&book, &desk.token(NOW)).await));
    let opened = Wallet::open(desk.phone.folder().to_owned(), desk.phone.ports()).await;
    assert_eq!(opened.err(), Some(Error::NoWallet));
}
