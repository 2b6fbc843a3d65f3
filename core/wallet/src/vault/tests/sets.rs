//! A wallet and a reader's book are two kinds of vault.

use std::sync::Arc;

use super::{License, Phone, license, put};
use crate::error::{Damage, Error};
use crate::ports::SystemRandom;
use crate::vault::{Table, TableSet, Vault, Weight};

async fn open(set: &'static TableSet, phone: &Phone) -> Result<Vault, Error> {
    let keys = Arc::new(phone.keys.clone());
    Vault::open_of(set, phone.folder.path(), keys, Arc::new(SystemRandom)).await
}

#[tokio::test]
async fn a_vault_of_one_kind_does_not_open_as_the_other_and_is_kept() {
    let foreign = Some(Error::VaultDamaged {
        what: Damage::Manifest,
    });
    let wallet = Phone::new();
    put(&wallet.create().await, "a", license("a")).await;
    let before = std::fs::read(wallet.file()).unwrap();
    assert_eq!(open(TableSet::READER, &wallet).await.err(), foreign);
    assert_eq!(std::fs::read(wallet.file()).unwrap(), before);
    assert!(wallet.open().await.get::<License>("a").is_ok());

    let book = Phone::new();
    let keys = Arc::new(book.keys.clone());
    let random = Arc::new(SystemRandom);
    let made = Vault::create_of(TableSet::READER, book.folder.path(), keys, random);
    drop(made.await.unwrap());
    assert_eq!(book.try_open().await.err(), foreign);
    assert!(open(TableSet::READER, &book).await.is_ok());
}

#[tokio::test]
async fn what_has_no_table_in_a_vault_is_not_written() {
    let book = Phone::new();
    let keys = Arc::new(book.keys.clone());
    let random = Arc::new(SystemRandom);
    let made = Vault::create_of(TableSet::READER, book.folder.path(), keys, random);
    let vault = made.await.unwrap();
    let written = vault.write(Weight::Light, |tx| tx.put("a", &license("a")));
    let refused = Error::VaultDamaged {
        what: Damage::Row(Table::License),
    };
    assert_eq!(written.await, Err(refused));
    assert_eq!(vault.get::<License>("a"), Ok(None));
}

#[test]
fn every_table_belongs_to_a_wallet_or_a_reader() {
    for table in Table::ALL {
        let is_in = |set: &TableSet| set.has(table);
        assert!(is_in(TableSet::DRIVER) || is_in(TableSet::READER));
    }
    assert!(!TableSet::READER.has(Table::License) && !TableSet::READER.has(Table::HolderKey));
}
