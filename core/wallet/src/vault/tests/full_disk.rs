//! A disk without a byte left. Mounting one takes the rights of root: without them nothing is tested, save where `CI` is
//! set, where that is a failure.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::{License, Phone};
use crate::vault::Weight;

/// A disk of 256 KiB, in memory.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=256k", "tmpfs"]);
        if runs(mount.arg(folder.path())) {
            return Some(Self(folder));
        }
        assert!(
            std::env::var_os("CI").is_none(),
            "no small disk can be mounted"
        );
        None
    }

    fn fill(&self) {
        let mut filling = File::create(self.0.path().join("filling")).unwrap();
        while filling.write_all(&[0; 4096]).is_ok() {}
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        runs(Command::new("umount").arg(self.0.path()));
    }
}

fn runs(command: &mut Command) -> bool {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

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
    let folder = disk.0.path().join("wallet");
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
    std::fs::remove_file(disk.0.path().join("filling")).unwrap();
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
