//! A disk that fails: at any byte of a write, because it became read-only, or because no file can
//! be opened.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::file_in;
use super::killed::{examined, filled, limit_files, write};
use super::processes::open_on_disk;
use crate::error::{Error, StorageError};
use crate::testing::ReadOnlyDisk;
use crate::vault::Vault;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

const FOLDER_VARIABLE: &str = "VIDIMUS_TEST_FAILING_FOLDER";

/// Runs one of the halves below in a separate process with separate limits. A write behind the
/// limit then fails instead of ending it.
fn in_a_process(name: &str, folder: &Path) {
    let ended = Command::new("sh")
        .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args([
            "--exact",
            &format!("vault::tests::failing_disk::{name}"),
            "--ignored",
        ])
        .env(FOLDER_VARIABLE, folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said}");
}

fn folder() -> Option<PathBuf> {
    std::env::var_os(FOLDER_VARIABLE).map(PathBuf::from)
}

#[tokio::test]
async fn a_disk_that_fails_at_any_byte_of_a_write_says_so_and_loses_nothing() {
    in_a_process("fails_at_any_byte", filled().await.path());
}

#[tokio::test]
#[ignore = "the other half of the test above, which starts it"]
async fn fails_at_any_byte() {
    let Some(folder) = folder() else {
        return;
    };
    let vault = open_on_disk(&folder, false).await;
    let mut count = examined(&vault);
    let log = file_in(&folder).with_extension("sqlite-wal");
    // Each write is cut a little later than the last one, until one fits.
    for step in 0.. {
        let length = log.metadata().unwrap().len();
        limit_files(Some(length + step * 997));
        let tried = write(&vault, count + 1).await;
        if tried.is_ok() {
            assert!(step > 10, "a write is some pages long");
            break;
        }
        assert_eq!(
            tried,
            Err(Error::Storage(StorageError::FileTooLarge)),
            "step {step}"
        );
        assert_eq!(examined(&vault), count, "by the handle that met the fault");
        limit_files(None);
        let other = open_on_disk(&folder, false).await;
        assert_eq!(examined(&other), count, "by another");
        count += 1;
        write(&vault, count).await.unwrap();
        assert_eq!(examined(&vault), count);
    }
    assert_eq!(examined(&vault), count + 1);
}

#[tokio::test]
async fn a_process_that_can_open_no_file_says_so_and_loses_nothing() {
    let folder = filled().await;
    in_a_process("can_open_no_file", folder.path());
    examined(&open_on_disk(folder.path(), false).await);
}

#[tokio::test]
#[ignore = "the other half of the test above, which starts it"]
async fn can_open_no_file() {
    let Some(folder) = folder() else {
        return;
    };
    let few = Rlimit {
        current: Some(3),
        ..getrlimit(Resource::Nofile)
    };
    setrlimit(Resource::Nofile, few).unwrap();
    let file = crate::vault::database::Database::open(&file_in(&folder)).err();
    assert_eq!(file, Some(Error::Storage(StorageError::TooManyFiles)));
}

#[tokio::test]
async fn a_vault_opens_on_a_read_only_disk_and_a_write_to_it_says_so() {
    let folder = filled().await;
    let count = examined(&open_on_disk(folder.path(), false).await);
    let Some(mut disk) = ReadOnlyDisk::holding(folder.path()) else {
        return;
    };
    refuses_a_write(&open_on_disk(disk.content(), false).await).await;
    writes_again(&mut disk, count).await;
}

#[tokio::test]
async fn what_a_killed_process_left_opens_on_a_read_only_disk() {
    let folder = filled().await;
    let vault = open_on_disk(folder.path(), false).await;
    write(&vault, examined(&vault) + 1).await.unwrap();
    let count = examined(&vault);
    for index_is_left in [true, false] {
        let Some(mut disk) = ReadOnlyDisk::holding(folder.path()) else {
            return;
        };
        if !index_is_left {
            assert!(disk.set_writable(true));
            std::fs::remove_file(file_in(disk.content()).with_extension("sqlite-shm")).unwrap();
            assert!(disk.set_writable(false));
        }
        let opened = open_on_disk(disk.content(), false).await;
        assert_eq!(examined(&opened), count, "index is left: {index_is_left}");
        refuses_a_write(&opened).await;
        drop(opened);
        writes_again(&mut disk, count).await;
    }
}

async fn refuses_a_write(vault: &Vault) {
    let count = examined(vault);
    let failed = write(vault, count + 1).await;
    assert_eq!(failed, Err(Error::Storage(StorageError::ReadOnly)));
    assert_eq!(examined(vault), count);
}

/// Nothing was lost, and it goes on where it was, once the disk takes something again.
async fn writes_again(disk: &mut ReadOnlyDisk, count: u64) {
    assert!(disk.set_writable(true));
    let vault = open_on_disk(disk.content(), false).await;
    assert_eq!(examined(&vault), count);
    write(&vault, count + 1).await.unwrap();
    assert_eq!(examined(&vault), count + 1);
}
