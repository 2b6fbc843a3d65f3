//! A process that is killed while it writes to its vault: by another at any instant, and by the
//! system at a chosen byte of a file. What a power cut does is not tried here: after a kill the
//! system still has what was written.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tempfile::TempDir;

use super::processes::open_on_disk;
use super::{License, copy_folder, entry, file_in, log};
use crate::ports::{Random, SystemRandom};
use crate::vault::{Health, Vault, Weight};

const FOLDER_VARIABLE: &str = "VIDIMUS_TEST_KILLED_FOLDER";
const LIMIT_VARIABLE: &str = "VIDIMUS_TEST_KILLED_LIMIT";

/// Licenses that are written in turn, each write replacing one of them, so that there is something
/// to lose.
const LICENSES: u64 = 12;

const LICENSE_BYTES: usize = 3_000;

fn content(number: u64) -> License {
    let mut bytes = vec![u8::try_from(number % 251).unwrap(); LICENSE_BYTES];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    License(bytes)
}

/// One write: a license, the count of all writes, and a line in the activity log.
pub(super) async fn write(vault: &Vault, number: u64) -> Result<(), crate::Error> {
    let change = vault.write(Weight::Anchored, move |tx| {
        tx.put(&format!("license-{}", number % LICENSES), &content(number))?;
        tx.put("count", &License(number.to_be_bytes().to_vec()))?;
        tx.log(&entry(number))
    });
    change.await
}

/// The number of the last write that is in the vault, after a look at everything that must be
/// there.
pub(super) fn examined(vault: &Vault) -> u64 {
    assert_eq!(vault.examine().unwrap(), Health::default());
    let count: License = vault.get("count").unwrap().unwrap();
    let count = u64::from_be_bytes(count.0.try_into().unwrap());
    for number in count.saturating_sub(LICENSES - 1).max(1)..=count {
        let held: Option<License> = vault
            .get(&format!("license-{}", number % LICENSES))
            .unwrap();
        assert!(
            held == Some(content(number)),
            "license of write {number} of {count}"
        );
    }
    let activity = vault.read(|view| view.activity(usize::MAX)).unwrap();
    assert!(activity.intact);
    let times: Vec<u64> = activity
        .entries
        .iter()
        .map(|entry| entry.at.seconds())
        .collect();
    assert!(
        times.into_iter().eq((1..=count).rev()),
        "a line of the log is lost or doubled"
    );
    count
}

/// A vault on the disk that holds each license once, closed.
pub(super) async fn filled() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let vault = open_on_disk(folder.path(), true).await;
    fill(&vault).await;
    drop(vault);
    assert!(
        !write_ahead_log(folder.path()).exists(),
        "closed, with all in one file"
    );
    folder
}

async fn fill(vault: &Vault) {
    for number in 1..=LICENSES {
        write(vault, number).await.unwrap();
    }
}

/// A copy of such a folder, with the keys of the key store as private as they must be.
pub(super) fn copied(folder: &Path) -> TempDir {
    use std::os::unix::fs::PermissionsExt;
    let copy = tempfile::tempdir().unwrap();
    copy_folder(folder, copy.path());
    let private = std::fs::Permissions::from_mode(0o700);
    std::fs::set_permissions(copy.path().join("keys"), private).unwrap();
    copy
}

fn write_ahead_log(folder: &Path) -> PathBuf {
    file_in(folder).with_extension("sqlite-wal")
}

/// Starts the writing half of these tests. Where there is a limit, the system kills it at the first
/// write behind that byte of any file.
fn start(folder: &Path, limit: Option<u64>) -> std::process::Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([
            "--exact",
            "vault::tests::killed::writes_until_killed",
            "--ignored",
        ])
        .env(FOLDER_VARIABLE, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    if let Some(limit) = limit {
        command.env(LIMIT_VARIABLE, limit.to_string());
    }
    command.spawn().unwrap()
}

#[tokio::test]
#[ignore = "the other half of the tests below, which start it"]
async fn writes_until_killed() {
    let Some(folder) = std::env::var_os(FOLDER_VARIABLE) else {
        return;
    };
    let vault = open_on_disk(Path::new(&folder), false).await;
    let mut number = examined(&vault);
    if let Some(limit) = std::env::var_os(LIMIT_VARIABLE) {
        let limit = limit.to_str().unwrap().parse().unwrap();
        limit_files(Some(limit));
    }
    loop {
        // Past the test's harness, which would keep it until the end.
        writeln!(std::io::stdout(), "done {number}").unwrap();
        number += 1;
        write(&vault, number).await.unwrap();
    }
}

/// No file may grow behind this byte from now on, or all may again. A kill leaves no picture of the
/// memory behind.
pub(super) fn limit_files(bytes: Option<u64>) {
    for (what, bytes) in [(Resource::Core, Some(0)), (Resource::Fsize, bytes)] {
        let limits = Rlimit {
            current: bytes,
            ..getrlimit(what)
        };
        setrlimit(what, limits).unwrap();
    }
}

/// The number of a line by which the writing half acknowledges a write.
fn acknowledged(line: &str) -> Option<u64> {
    line.strip_prefix("done ")?.parse().ok()
}

fn random_below(bound: u64) -> u64 {
    let mut bytes = [0; 8];
    SystemRandom.fill(&mut bytes).unwrap();
    u64::from_be_bytes(bytes) % bound
}

/// Opens what a kill left behind: all that was acknowledged is there, and of the write that was
/// under way all or nothing.
async fn survived(folder: &Path, acknowledged: u64) -> u64 {
    let vault = open_on_disk(folder, false).await;
    let count = examined(&vault);
    assert!(
        count == acknowledged || count == acknowledged + 1,
        "{acknowledged} writes were acknowledged, {count} are there"
    );
    write(&vault, count + 1).await.unwrap();
    examined(&vault)
}

#[tokio::test]
async fn a_process_killed_at_any_instant_loses_nothing_that_it_acknowledged() {
    let folder = filled().await;
    let mut count = LICENSES;
    for round in 0..20 {
        let mut writer = start(folder.path(), None);
        let mut lines = BufReader::new(writer.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok);
        let mut last = count;
        if round % 4 == 0 {
            // Also while it starts, opens, and looks at what there is.
            std::thread::sleep(Duration::from_millis(random_below(60)));
        } else {
            last = lines.find_map(|line| acknowledged(&line)).unwrap();
            std::thread::sleep(Duration::from_micros(random_below(30_000)));
        }
        writer.kill().unwrap();
        writer.wait().unwrap();
        last = lines
            .filter_map(|line| acknowledged(&line))
            .last()
            .unwrap_or(last);
        count = survived(folder.path(), last).await;
    }
}

#[tokio::test]
async fn a_process_killed_at_any_byte_of_its_write_ahead_log_loses_nothing() {
    let sound = filled().await;
    // Its header has 32 bytes; a page takes 24 bytes and its 4096.
    let pages = [0, 1, 2, 5, 6, 7, 11].map(|page| 32 + page * 4120);
    let limits = [0, 16, 32]
        .into_iter()
        .chain(pages.into_iter().flat_map(|page| [page + 24, page + 2000]));
    for limit in limits {
        let folder = copied(sound.path());
        let last = killed_by_the_system(folder.path(), limit);
        assert!(write_ahead_log(folder.path()).metadata().unwrap().len() <= limit);
        survived(folder.path(), last).await;
    }
}

#[tokio::test]
async fn a_process_killed_while_the_write_ahead_log_is_folded_in_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let vault = open_on_disk(folder.path(), true).await;
    // The file is longer than the log ever gets, so that the file's end is behind the log's.
    let filling = vault.write(Weight::Anchored, |tx| {
        (0..80).try_for_each(|part| tx.put(&format!("filling-{part}"), &License(vec![7; 16_000])))
    });
    filling.await.unwrap();
    fill(&vault).await;
    drop(vault);
    let limit = file_in(folder.path()).metadata().unwrap().len() - 8 * 4096;
    let last = killed_by_the_system(folder.path(), limit);
    let log = write_ahead_log(folder.path()).metadata().unwrap().len();
    assert!(
        log < limit,
        "it was killed at a page of the file itself: {log}"
    );
    survived(folder.path(), last).await;
}

/// The last write that was acknowledged before the system ended the process.
fn killed_by_the_system(folder: &Path, limit: u64) -> u64 {
    use std::os::unix::process::ExitStatusExt;
    let ended = start(folder, Some(limit)).wait_with_output().unwrap();
    let expected = rustix::process::Signal::XFSZ.as_raw();
    assert_eq!(ended.status.signal(), Some(expected), "at byte {limit}");
    let text = String::from_utf8(ended.stdout).unwrap();
    text.lines().filter_map(acknowledged).next_back().unwrap()
}

#[tokio::test]
async fn what_was_only_logged_is_there_after_a_kill_too() {
    let folder = filled().await;
    let vault = open_on_disk(folder.path(), false).await;
    log(&vault, LICENSES + 1).await;
    // What a kill at this moment would leave.
    let copy = copied(folder.path());
    drop(vault);
    let vault = open_on_disk(copy.path(), false).await;
    let activity = vault.read(|view| view.activity(1)).unwrap();
    assert_eq!(activity.entries[0].at.seconds(), LICENSES + 1);
}
