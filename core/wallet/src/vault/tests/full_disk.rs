//! A disk without a byte left.

use std::path::Path;

use super::{License, Phone};
use crate::testing::SmallDisk;
use crate::vault::Weight;

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let count = |entry: std::fs::DirEntry| {
        if entry.path().is_dir() {
            files(&entry.path())
        } else {
            1
        }
    };
    entries.map(count).sum()
}

#[tokio::test]
async fn a_sound_vault_opens_on_a_disk_that_is_completely_full() {
    let Some(disk) = SmallDisk::mount() else {
        return;
    };
    let phone = Phone::new();
    let vault = phone.create().await;
    let license = || License(b"may drive".to_vec());
    let written = vault.write(Weight::Anchored, move |tx| tx.put("one", &license()));
    written.await.unwrap();
    drop(vault);
    assert_eq!(
        files(phone.folder.path()),
        2,
        "closed, with all in one file beside its mark"
    );
    let folder = disk.folder().join("wallet");
    copy(phone.folder.path(), &folder);
    disk.fill();
    let vault = phone.try_open_at(&folder).await.unwrap();
    assert_eq!(vault.get::<License>("one").unwrap(), Some(license()));
    // Nothing new can be kept, and nothing old is lost by trying.
    let more = vault.write(Weight::Light, |tx| tx.put("two", &License(vec![7; 60_000])));
    assert!(more.await.is_err());
    assert_eq!(vault.get::<License>("one").unwrap(), Some(license()));
    drop(vault);
    // Another may use the file as ever once there is room.
    disk.empty();
    let (one, other) = (
        phone.try_open_at(&folder).await.unwrap(),
        phone.try_open_at(&folder).await,
    );
    assert_eq!(
        other.unwrap().get::<License>("one").unwrap(),
        Some(license())
    );
    drop(one);
}
