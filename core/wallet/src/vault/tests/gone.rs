//! A lost vault differs from one that never existed: the traces in the folder and in the key store
//! decide.

use std::path::Path;
use std::sync::Arc;

use super::{License, Phone, file_in, license, put};
use crate::error::{Damage, Error};
use crate::ports::{KeyStore, KeyStoreError, SystemRandom};
use crate::vault::traces::Traces;
use crate::vault::traces::log_of;
use crate::vault::{FOLDER, Finding, Vault};

const GONE: Error = Error::VaultDamaged { what: Damage::File };

/// Install mark, vault, anchor: what they mean without a write-ahead log, and with one.
const TABLE: [((bool, bool, bool), Finding, Finding); 8] = {
    use Finding::{Gone, HadBefore, New, Vault};
    [
        ((false, false, false), New, Gone),
        ((false, false, true), HadBefore, Gone),
        ((false, true, false), Vault, Vault),
        ((false, true, true), Vault, Vault),
        ((true, false, false), Gone, Gone),
        ((true, false, true), Gone, Gone),
        ((true, true, false), Vault, Vault),
        ((true, true, true), Vault, Vault),
    ]
};

async fn create(phone: &Phone) -> Result<Vault, Error> {
    let keys = Arc::new(phone.keys.clone());
    Vault::create(phone.folder.path(), keys, Arc::new(SystemRandom)).await
}

/// A phone with these traces, made of a real one: its license is in the write-ahead log alone, as a
/// kill leaves it.
async fn phone_with((mark, vault, anchor): (bool, bool, bool), log: bool, emptied: bool) -> Phone {
    let phone = Phone::new();
    let open = phone.create().await;
    put(&open, "a", license("a")).await;
    let killed = tempfile::tempdir().unwrap();
    super::copy_folder(phone.folder.path(), killed.path());
    drop(open);
    super::copy_folder(killed.path(), phone.folder.path());
    let file = phone.file();
    std::fs::remove_file(file.with_extension("sqlite-shm")).ok();
    if !log {
        std::fs::remove_file(log_of(&file)).ok();
    }
    match (vault, emptied) {
        (true, _) => {}
        (false, true) => std::fs::write(&file, []).unwrap(),
        (false, false) => std::fs::remove_file(&file).unwrap(),
    }
    if !mark {
        std::fs::remove_file(phone.folder.path().join("wallet.mark")).unwrap();
    }
    if !anchor {
        // Another key store, of the same keys, whose number was never raised.
        return Phone {
            keys: phone.keys.without_anchor(),
            ..phone
        };
    }
    phone
}

#[test]
fn mark_vault_and_anchor_tell_a_vault_that_is_gone_from_one_that_never_was() {
    for ((mark, vault, anchor), without_log, with_log) in TABLE {
        for (log, means) in [(false, without_log), (true, with_log)] {
            let traces = Traces {
                mark,
                vault,
                log,
                anchor,
            };
            assert_eq!(traces.judge(), means, "{traces:?}");
        }
    }
}

#[tokio::test]
async fn opening_and_creating_follow_each_of_the_eight_cases_and_change_no_file() {
    for (traces, without_log, with_log) in TABLE {
        for (log, means) in [(false, without_log), (true, with_log)] {
            for emptied in [false, true] {
                let at = format!("{traces:?}, log {log}, emptied {emptied}");
                let phone = phone_with(traces, log, emptied).await;
                let before = content(phone.folder.path());
                let opened = phone.try_open().await;
                let expected = match means {
                    Finding::Vault => None,
                    // A folder without a number and without a mark is what a creation leaves that
                    // was cut short.
                    Finding::New => Some(Error::NoWallet),
                    Finding::HadBefore => Some(Error::HadWallet),
                    Finding::Gone => Some(GONE),
                };
                assert_eq!(opened.as_ref().err().copied(), expected, "{at}");
                if expected.is_some() {
                    assert_eq!(content(phone.folder.path()), before, "{at}");
                }
                drop(opened);
                let anchor = phone.keys.read_anchor().await.unwrap();
                match (means, create(&phone).await) {
                    (Finding::Vault, made) => {
                        assert_eq!(made.err(), Some(Error::AlreadyExists), "{at}");
                    }
                    (Finding::Gone, made) => {
                        assert_eq!(made.err(), Some(GONE), "{at}");
                        assert_eq!(content(phone.folder.path()), before, "{at}");
                    }
                    (Finding::New | Finding::HadBefore, made) => {
                        let made = made.unwrap();
                        assert!(phone.keys.read_anchor().await.unwrap() > anchor, "{at}");
                        assert_eq!(made.follows_another(), means == Finding::HadBefore, "{at}");
                        assert_eq!(made.misses_a_license(), Ok(means == Finding::HadBefore));
                        drop(made);
                        let again = phone.open().await;
                        assert_eq!(again.follows_another(), means == Finding::HadBefore, "{at}");
                    }
                }
            }
        }
    }
}

/// Every file below a folder with its content, in order.
fn content(folder: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(content(&path));
        } else {
            files.push((path.clone(), std::fs::read(&path).unwrap()));
        }
    }
    files.sort();
    files
}

#[tokio::test]
async fn a_vault_that_was_cut_is_damaged_wherever_it_was_cut_and_its_log_stays() {
    for length in [1, 50, 99, 100, 512, 4096, 5000] {
        let phone = phone_with((true, true, true), true, false).await;
        let file = phone.file();
        let log = std::fs::read(log_of(&file)).unwrap();
        let whole = std::fs::read(&file).unwrap();
        std::fs::write(&file, &whole[..length.min(whole.len())]).unwrap();
        match phone.try_open().await {
            // What the log holds of it is whole, and nothing of it is wrong.
            Ok(vault) => {
                let read: Result<Option<License>, Error> = vault.get("a");
                assert!(
                    matches!(read, Ok(Some(ref read)) if *read == license("a"))
                        || matches!(read, Err(Error::VaultDamaged { .. })),
                    "cut at {length}"
                );
            }
            Err(error) => {
                assert!(
                    matches!(error, Error::VaultDamaged { .. }),
                    "{length}: {error:?}"
                );
                assert_eq!(
                    std::fs::read(log_of(&file)).unwrap(),
                    log,
                    "cut at {length}"
                );
            }
        }
    }
}

#[tokio::test]
async fn what_is_gone_is_set_aside_and_then_a_new_one_is_made_above_it() {
    let phone = phone_with((true, false, true), false, false).await;
    assert_eq!(phone.try_open().await.err(), Some(GONE));
    let aside = Vault::set_aside(phone.folder.path()).unwrap();
    assert!(aside.is_dir());
    assert_eq!(phone.try_open().await.err(), Some(Error::NoWallet));
    let before = phone.keys.read_anchor().await.unwrap();
    let vault = create(&phone).await.unwrap();
    assert!(phone.keys.read_anchor().await.unwrap() > before);
    put(&vault, "a", license("issued anew")).await;
    drop(vault);
    // Even where all but the key store's memory goes: the app was removed.
    std::fs::remove_dir_all(phone.folder.path()).unwrap();
    std::fs::create_dir(phone.folder.path()).unwrap();
    assert_eq!(phone.try_open().await.err(), Some(Error::HadWallet));
    // By its wrapping key alone, too.
    let phone = Phone {
        keys: phone.keys.without_anchor(),
        ..phone
    };
    assert_eq!(phone.try_open().await.err(), Some(Error::HadWallet));
}

#[tokio::test]
async fn a_vault_of_an_older_version_gets_its_mark_when_it_is_opened() {
    let phone = phone_with((false, true, true), false, false).await;
    drop(phone.open().await);
    std::fs::remove_file(file_in(phone.folder.path())).unwrap();
    assert_eq!(phone.try_open().await.err(), Some(GONE));
    std::fs::remove_dir_all(phone.folder.path().join(FOLDER)).unwrap();
    assert_eq!(phone.try_open().await.err(), Some(GONE));
}

#[tokio::test]
async fn an_older_copy_without_a_license_says_so_until_there_is_one_again() {
    let phone = Phone::new();
    drop(phone.create().await);
    let older = tempfile::tempdir().unwrap();
    super::copy_folder(phone.folder.path(), older.path());
    let vault = phone.open().await;
    put(&vault, "a", license("a")).await;
    drop(vault);
    super::copy_folder(older.path(), phone.folder.path());
    let vault = phone.open().await;
    assert!(vault.health().unwrap().rolled_back);
    assert_eq!(vault.misses_a_license(), Ok(true));
    // A trust list that is fetched meanwhile does not bring the license back.
    put(&vault, "list", super::status("anything")).await;
    drop(vault);
    let vault = phone.open().await;
    assert!(vault.health().unwrap().rolled_back);
    assert_eq!(vault.misses_a_license(), Ok(true));
    put(&vault, "a", license("issued anew")).await;
    assert!(!vault.health().unwrap().rolled_back);
    assert_eq!(vault.misses_a_license(), Ok(false));
}

#[tokio::test]
async fn anything_else_in_the_vaults_place_is_damage_and_is_kept() {
    type Puts = fn(&Path);
    let alike: [(&str, Puts); 7] = [
        ("a folder", |file| std::fs::create_dir(file).unwrap()),
        ("a page of nothing", |file| {
            std::fs::write(file, [0; 4096]).unwrap();
        }),
        ("another database", |file| {
            let other = rusqlite::Connection::open(file).unwrap();
            other.execute_batch("CREATE TABLE pictures (one)").unwrap();
        }),
        ("a part of a page", |file| {
            std::fs::write(file, b"SQLite format 3\0").unwrap();
        }),
        #[cfg(unix)]
        ("a pipe", |file| {
            let made = std::process::Command::new("mkfifo").arg(file).status();
            assert!(made.unwrap().success());
        }),
        ("a file where its folder was", |file| {
            let folder = file.parent().unwrap();
            std::fs::remove_dir(folder).unwrap();
            std::fs::write(folder, b"no folder").unwrap();
        }),
        #[cfg(unix)]
        ("a link to a folder", |file| {
            std::os::unix::fs::symlink("..", file).unwrap();
        }),
    ];
    for (what, put) in alike {
        for mark in [true, false] {
            // Beside what the key store remembers, and a log.
            let phone = phone_with((mark, false, true), false, false).await;
            std::fs::remove_file(phone.file().with_extension("sqlite-shm")).ok();
            put(&phone.file());
            let seen = || {
                let kind = std::fs::symlink_metadata(phone.file()).map(|found| found.file_type());
                let kind = kind.ok();
                let is_file = kind.is_some_and(|kind| kind.is_file());
                (kind, is_file.then(|| std::fs::read(phone.file()).unwrap()))
            };
            let before = seen();
            for _ in 0..2 {
                let opened = phone.try_open().await.err();
                assert_eq!(opened, Some(GONE), "{what}, mark {mark}");
                let made = create(&phone).await.err();
                assert_eq!(made, Some(GONE), "{what}, mark {mark}");
            }
            assert_eq!(seen(), before, "{what}, mark {mark}");
            // And that is set aside.
            Vault::set_aside(phone.folder.path()).unwrap();
            create(&phone).await.unwrap();
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_to_the_vault_leads_to_its_log_too() {
    let phone = phone_with((true, true, true), true, false).await;
    let elsewhere = tempfile::tempdir().unwrap();
    let file = phone.file();
    let moved = elsewhere.path().join("moved.sqlite");
    std::fs::rename(log_of(&file), log_of(&moved)).unwrap();
    std::fs::rename(&file, &moved).unwrap();
    std::os::unix::fs::symlink(&moved, &file).unwrap();
    assert_eq!(
        std::fs::canonicalize(log_of(&file)).unwrap(),
        std::fs::canonicalize(log_of(&moved)).unwrap()
    );
    let vault = phone.open().await;
    assert_eq!(vault.get::<License>("a"), Ok(Some(license("a"))));
    drop(vault);
    // Cut, the log beside it says that there was a vault.
    std::fs::write(log_of(&moved), b"what was written last").unwrap();
    std::fs::write(&moved, []).unwrap();
    std::fs::remove_file(phone.folder.path().join("wallet.mark")).unwrap();
    assert_eq!(phone.try_open().await.err(), Some(GONE));
    assert_eq!(create(&phone).await.err(), Some(GONE));
    assert!(log_of(&moved).metadata().unwrap().len() > 0);
}

#[tokio::test]
async fn a_failing_key_store_does_not_mean_that_there_was_no_wallet() {
    let phone = phone_with((false, false, true), false, false).await;
    std::fs::remove_dir_all(phone.folder.path().join(FOLDER)).unwrap();
    let phone = Phone {
        keys: phone.keys.without_anchor(),
        ..phone
    };
    phone.keys.set_unwrap_fault(Some(KeyStoreError::Locked));
    let locked = Some(Error::KeyStore(KeyStoreError::Locked));
    assert_eq!(phone.try_open().await.err(), locked);
    assert_eq!(create(&phone).await.err(), locked);
    phone.keys.set_unwrap_fault(None);
    assert_eq!(phone.try_open().await.err(), Some(Error::HadWallet));
}

#[cfg(unix)]
#[tokio::test]
async fn nothing_is_written_to_a_vault_that_was_deleted_or_replaced_while_it_was_open() {
    let phone = Phone::new();
    let vault = phone.create().await;
    put(&vault, "a", license("a")).await;
    let older = tempfile::tempdir().unwrap();
    super::copy_folder(phone.folder.path(), older.path());
    put(&vault, "a", license("newer")).await;
    // Replaced by an older copy: it goes on with that one, and says so.
    std::fs::remove_dir_all(phone.folder.path().join(FOLDER)).unwrap();
    super::copy_folder(older.path(), phone.folder.path());
    put(&vault, "b", license("b")).await;
    assert_eq!(vault.get::<License>("a"), Ok(Some(license("a"))));
    drop(vault);
    let vault = phone.open().await;
    assert_eq!(vault.get::<License>("b"), Ok(Some(license("b"))));
    // Deleted, then emptied.
    let write = async || vault.confirm().await;
    std::fs::remove_file(phone.file()).unwrap();
    assert_eq!(write().await, Err(GONE));
    std::fs::write(phone.file(), []).unwrap();
    assert_eq!(write().await, Err(GONE));
    // What was open can still be shown.
    assert_eq!(vault.get::<License>("b"), Ok(Some(license("b"))));
    assert!(std::fs::read(phone.file()).unwrap().is_empty());
}

#[tokio::test]
async fn an_unreadable_mark_does_not_prevent_opening_the_vault() {
    let phone = phone_with((false, true, true), true, false).await;
    // Root can read every file, but no one can read a folder as a file.
    std::fs::create_dir(phone.folder.path().join("wallet.mark")).unwrap();
    assert_eq!(phone.open().await.get("a"), Ok(Some(license("a"))));
    std::fs::remove_file(phone.file()).unwrap();
    assert!(matches!(phone.try_open().await, Err(Error::Storage(_))));
    assert!(matches!(create(&phone).await, Err(Error::Storage(_))));
}
