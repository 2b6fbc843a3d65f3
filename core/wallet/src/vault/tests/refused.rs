//! Folders and files that the system refuses to this user, who owns them. Root is refused nothing,
//! so these tests run their halves without its right to pass over modes.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use super::file_in;
use super::killed::{examined, filled, write};
use super::processes::{keys_on_disk, open_on_disk};
use crate::error::{Error, StorageError};
use crate::keys::FileKeyStore;
use crate::ports::{KeyStoreError, SystemRandom};
use crate::vault::Vault;

const FOLDER_VARIABLE: &str = "VIDIMUS_TEST_REFUSED_FOLDER";
const COUNT_VARIABLE: &str = "VIDIMUS_TEST_REFUSED_COUNT";

fn set(path: &Path, mode: u32) {
    std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// Runs one of the halves below in a process that modes are for. `false` where there is no way to
/// make one.
fn refused(name: &str, folder: &Path, count: u64) -> bool {
    let half = format!("vault::tests::refused::{name}");
    let program = std::env::current_exe().unwrap();
    let is_root = rustix::process::geteuid().is_root();
    let mut command = if is_root {
        let rights = "-dac_override,-dac_read_search";
        let mut command = Command::new("setpriv");
        command.args(["--bounding-set", rights, "--inh-caps", rights]);
        command.arg(program);
        command
    } else {
        Command::new(program)
    };
    command
        .args(["--exact", &half, "--ignored"])
        .env(FOLDER_VARIABLE, folder)
        .env(COUNT_VARIABLE, count.to_string());
    let ended = match command.output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            assert!(std::env::var_os("CI").is_none(), "there is no setpriv");
            return false;
        }
        ended => ended.unwrap(),
    };
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
    true
}

fn folder() -> Option<PathBuf> {
    std::env::var_os(FOLDER_VARIABLE).map(PathBuf::from)
}

#[tokio::test]
async fn a_folder_that_may_not_be_written_shows_what_it_holds_with_and_without_a_log() {
    let folder = filled().await;
    let vault = open_on_disk(folder.path(), false).await;
    let file = file_in(folder.path());
    let (log, index) = (
        file.with_extension("sqlite-wal"),
        file.with_extension("sqlite-shm"),
    );
    let mut count = examined(&vault);
    for left in ["file", "log", "log and index"] {
        let copy = super::killed::copied(folder.path());
        if left != "file" {
            count += 1;
            write(&vault, count).await.unwrap();
            let copied = file_in(copy.path());
            std::fs::copy(&log, copied.with_extension("sqlite-wal")).unwrap();
            std::fs::copy(&index, copied.with_extension("sqlite-shm")).unwrap();
            if left == "log" {
                std::fs::remove_file(copied.with_extension("sqlite-shm")).unwrap();
            }
        } else {
            for companion in ["sqlite-wal", "sqlite-shm"] {
                std::fs::remove_file(file_in(copy.path()).with_extension(companion)).ok();
            }
        }
        let inside = file_in(copy.path()).parent().unwrap().to_owned();
        for entry in std::fs::read_dir(&inside).unwrap() {
            set(&entry.unwrap().path(), 0o400);
        }
        set(&inside, 0o500);
        set(copy.path(), 0o500);
        let before = std::fs::read(file_in(copy.path())).unwrap();
        let went = refused("shows_what_it_holds", copy.path(), count);
        assert_eq!(std::fs::read(file_in(copy.path())).unwrap(), before);
        set(copy.path(), 0o700);
        set(&inside, 0o700);
        if went && left != "file" {
            assert!(file_in(copy.path()).with_extension("sqlite-wal").exists());
        }
    }
}

#[tokio::test]
#[ignore = "the other half of the test above, which starts it"]
async fn shows_what_it_holds() {
    let Some(folder) = folder() else {
        return;
    };
    let count: u64 = std::env::var(COUNT_VARIABLE).unwrap().parse().unwrap();
    let vault = open_on_disk(&folder, false).await;
    assert_eq!(examined(&vault), count);
    let kept = write(&vault, count + 1).await;
    assert_eq!(kept, Err(Error::Storage(StorageError::ReadOnly)));
    assert_eq!(examined(&vault), count);
}

#[tokio::test]
async fn a_folder_that_may_not_be_entered_is_no_folder_without_a_wallet() {
    let folder = filled().await;
    refused("may_not_be_entered", folder.path(), 0);
    examined(&open_on_disk(folder.path(), false).await);
}

#[tokio::test]
#[ignore = "the other half of the test above, which starts it"]
async fn may_not_be_entered() {
    let Some(folder) = folder() else {
        return;
    };
    let file = file_in(&folder);
    let inside = file.parent().unwrap();
    let refused = Some(Error::Storage(StorageError::Permission));
    let keys = keys_on_disk(&folder);
    for (path, mode) in [(file.as_path(), 0o000), (inside, 0o000), (inside, 0o600)] {
        let before = std::fs::metadata(path).unwrap().permissions().mode();
        set(path, mode);
        let opened = Vault::open(&folder, keys.clone(), Arc::new(SystemRandom)).await;
        set(path, before);
        assert_eq!(opened.err(), refused, "{} at {mode:o}", path.display());
    }
    let key_folder = folder.join("keys");
    set(&key_folder, 0o000);
    let opened = FileKeyStore::open(&key_folder, Arc::new(SystemRandom)).err();
    set(&key_folder, 0o700);
    assert_eq!(
        opened,
        Some(KeyStoreError::Storage(StorageError::Permission))
    );
}
