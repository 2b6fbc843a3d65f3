//! A whole folder restored from an older backup, and a death between commit and anchor.

use super::{License, Phone, Status, copy_folder, license, log, put, status};
use crate::ports::{KeyStore, KeyStoreError};
use crate::vault::{Health, Table, Vault};

fn is_current(vault: &Vault, id: &str) -> bool {
    vault
        .read(|view| Ok(view.is_current(Table::Status, id)))
        .unwrap()
}

/// A backup of a phone with two statuses, restored after both were refreshed once more.
async fn restored() -> Phone {
    let phone = Phone::new();
    let vault = phone.create().await;
    put(&vault, "a", license("a")).await;
    put(&vault, "list-1", status("valid")).await;
    put(&vault, "list-2", status("valid")).await;
    drop(vault);
    let backup = tempfile::tempdir().unwrap();
    copy_folder(phone.folder.path(), backup.path());
    let vault = phone.open().await;
    put(&vault, "list-1", status("suspended")).await;
    put(&vault, "list-2", status("valid")).await;
    drop(vault);
    copy_folder(backup.path(), phone.folder.path());
    phone
}

#[tokio::test]
async fn a_whole_folder_restored_from_an_older_backup_is_rolled_back_until_each_status_was_refreshed()
 {
    let phone = restored().await;
    let vault = phone.open().await;
    let rolled_back = Health {
        rolled_back: true,
        damaged: Vec::new(),
    };
    assert_eq!(vault.health().unwrap(), rolled_back);
    assert!(!is_current(&vault, "list-1") && !is_current(&vault, "list-2"));
    // The license itself is shown.
    assert_eq!(vault.get::<License>("a"), Ok(Some(license("a"))));

    put(&vault, "list-1", status("suspended")).await;
    assert!(is_current(&vault, "list-1") && !is_current(&vault, "list-2"));
    assert_eq!(vault.health().unwrap(), rolled_back);
    drop(vault);
    let vault = phone.open().await;
    assert_eq!(
        vault.health().unwrap(),
        rolled_back,
        "remembered across restarts"
    );
    put(&vault, "list-2", status("valid")).await;
    assert_eq!(vault.health().unwrap(), Health::default());
    drop(vault);
    assert_eq!(phone.open().await.health().unwrap(), Health::default());
}

#[tokio::test]
async fn a_light_write_does_not_hide_a_rollback() {
    let phone = restored().await;
    let vault = phone.open().await;
    for at in 0..9 {
        log(&vault, at).await;
    }
    drop(vault);
    assert!(phone.open().await.health().unwrap().rolled_back);
}

#[tokio::test]
async fn the_same_backup_restored_again_is_rolled_back_again() {
    let phone = restored().await;
    let backup = tempfile::tempdir().unwrap();
    copy_folder(phone.folder.path(), backup.path());
    let vault = phone.open().await;
    put(&vault, "list-1", status("suspended")).await;
    put(&vault, "list-2", status("valid")).await;
    drop(vault);
    copy_folder(backup.path(), phone.folder.path());
    assert!(phone.open().await.health().unwrap().rolled_back);
}

#[tokio::test]
async fn a_process_killed_between_commit_and_anchor_heals() {
    let phone = Phone::new();
    let vault = phone.create().await;
    put(&vault, "list-1", status("valid")).await;
    let anchor = phone.keys.read_anchor().await.unwrap().unwrap();
    phone.keys.set_anchor_fault(Some(KeyStoreError::Timeout));
    put(&vault, "list-1", status("suspended")).await;
    assert_eq!(phone.keys.read_anchor().await, Ok(Some(anchor)));
    drop(vault);

    phone.keys.set_anchor_fault(None);
    let vault = phone.open().await;
    assert_eq!(vault.health().unwrap(), Health::default());
    assert_eq!(vault.get::<Status>("list-1"), Ok(Some(status("suspended"))));
    assert_eq!(
        phone.keys.read_anchor().await,
        Ok(Some(anchor)),
        "opening raises nothing"
    );
    log(&vault, 1).await;
    assert_eq!(
        phone.keys.read_anchor().await,
        Ok(Some(anchor + 1)),
        "the next write heals"
    );
}

#[tokio::test]
async fn a_creation_that_died_before_the_anchor_opens() {
    let phone = Phone::new();
    phone.keys.set_anchor_fault(Some(KeyStoreError::Timeout));
    drop(phone.create().await);
    assert_eq!(phone.keys.read_anchor().await, Ok(None));
    assert_eq!(phone.open().await.health().unwrap(), Health::default());
}

#[tokio::test]
async fn a_file_that_a_creation_left_empty_is_no_wallet_and_can_be_created() {
    let phone = Phone::new();
    let missing = phone.try_open().await.err();
    assert_eq!(missing, Some(crate::Error::NoWallet));
    std::fs::create_dir_all(phone.file().parent().unwrap()).unwrap();
    std::fs::write(phone.file(), []).unwrap();
    assert_eq!(phone.try_open().await.err(), Some(crate::Error::NoWallet));
    phone.create().await;
}
