//! A home that an older version, or another program, left open to others.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::{License, Phone, license, put};
use crate::error::{Error, StorageError};

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn set(path: &Path, mode: u32) {
    std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[tokio::test]
async fn an_older_home_that_all_may_write_to_is_set_right_when_it_is_opened() {
    let phone = Phone::new();
    put(&phone.create().await, "a", license("a")).await;
    let (home, file) = (phone.folder.path(), phone.file());
    let folder = file.parent().unwrap();
    set(home, 0o777);
    set(folder, 0o777);
    set(&file, 0o666);
    let vault = phone.open().await;
    assert_eq!(vault.get::<License>("a"), Ok(Some(license("a"))));
    assert_eq!(
        (mode(home), mode(folder), mode(&file)),
        (0o755, 0o700, 0o600)
    );
    for companion in ["sqlite-wal", "sqlite-shm"] {
        assert_eq!(mode(&file.with_extension(companion)), 0o600);
    }
    drop(vault);
    // The mark beside it, and the lock of an older version: any user who can open it could hold it
    // for ever.
    let (mark, lock) = (
        home.join("wallet.mark"),
        crate::vault::network_lock_in(home),
    );
    std::fs::write(&lock, []).unwrap();
    set(&mark, 0o666);
    set(&lock, 0o666);
    drop(phone.open().await);
    assert_eq!((mode(&mark), mode(&lock)), (0o600, 0o600));
    // A folder where each keeps what is his is not ours to change.
    set(home, 0o1777);
    drop(phone.open().await);
    assert_eq!(mode(home), 0o1777);
}

#[tokio::test]
async fn what_a_link_names_is_not_changed_and_not_used_where_others_may_write_to_it() {
    let phone = Phone::new();
    put(&phone.create().await, "a", license("a")).await;
    let elsewhere = tempfile::tempdir().unwrap();
    let named = elsewhere.path().join("named");
    std::fs::write(&named, []).unwrap();
    let lock = crate::vault::network_lock_in(phone.folder.path());
    std::os::unix::fs::symlink(&named, &lock).unwrap();
    set(&named, 0o644);
    drop(phone.open().await);
    assert_eq!(mode(&named), 0o644);
    set(&named, 0o666);
    let refused = Some(Error::Storage(StorageError::OpenToOthers));
    assert_eq!(phone.try_open().await.err(), refused);
    assert_eq!(mode(&named), 0o666);
    // The wallet's folder itself may be named by a link, and is set right.
    std::fs::remove_file(&lock).unwrap();
    let link = elsewhere.path().join("home");
    std::os::unix::fs::symlink(phone.folder.path(), &link).unwrap();
    set(phone.folder.path(), 0o777);
    drop(phone.try_open_at(&link).await.unwrap());
    assert_eq!(mode(phone.folder.path()), 0o755);
}
