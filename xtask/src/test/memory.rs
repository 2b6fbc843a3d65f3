//! A folder in memory for what tests write: they write small files by the thousand and wait for the
//! disk each time, and none of them asks whether a file outlives a loss of power. On a slow disk
//! that is most of their time.

use crate::shell::{output, program};
use std::fs;
use std::path::{Path, PathBuf};

/// Where Linux has a file system in memory.
const SHARED: &str = "/dev/shm";

/// What the folders' names begin with; the number of the process follows.
const PREFIX: &str = "vidimus-tests-";

/// Free bytes below which the disk is used: the longest tests hold some hundred megabytes at a
/// time.
const ENOUGH: u64 = 4_000_000_000;

/// A folder that is removed when this is dropped, in memory if there is room, else where the system
/// has such folders.
pub(crate) struct Temporary {
    folder: Option<PathBuf>,
}

impl Temporary {
    pub(crate) fn make() -> Self {
        remove_what_was_left();
        let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
        let size = ["--output=avail", "--block-size=1", SHARED];
        let free = output(program("df").args(size)).and_then(|said| free_bytes(&said));
        let fits = can_run_programs(&mounts) && free >= Some(ENOUGH);
        let folder = Path::new(SHARED).join(format!("{PREFIX}{}", std::process::id()));
        let folder = (fits && fs::create_dir_all(&folder).is_ok()).then_some(folder);
        Self { folder }
    }

    /// What programs are told, where it is not the system's own.
    pub(crate) fn variables(&self) -> Option<(&'static str, &Path)> {
        self.folder.as_deref().map(|folder| ("TMPDIR", folder))
    }

    /// What Maven tells the tests' Java, which does not look at `TMPDIR`.
    pub(crate) fn for_maven(&self) -> Option<String> {
        let folder = self.folder.as_deref()?;
        Some(format!("-Dvidimus.temporary={}", folder.display()))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

/// Removes the folders of runs that were broken off.
fn remove_what_was_left() {
    for entry in fs::read_dir(SHARED).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let process = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
        let ended = process.is_some_and(|process| {
            process.parse::<u32>().is_ok() && !Path::new("/proc").join(process).exists()
        });
        if ended {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Whether it is there, and libraries that a test has put there can be loaded.
fn can_run_programs(mounts: &str) -> bool {
    mounts.lines().any(|line| {
        let mut fields = line.split(' ').skip(1);
        fields.next() == Some(SHARED)
            && fields.next() == Some("tmpfs")
            && fields
                .next()
                .is_some_and(|options| !options.split(',').any(|option| option == "noexec"))
    })
}

/// The number below the heading of `df --output=avail`.
fn free_bytes(said: &str) -> Option<u64> {
    said.lines().nth(1)?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_used_where_programs_may_run_in_it() {
        let mount =
            |options: &str| format!("proc /proc proc rw 0 0\ntmpfs /dev/shm tmpfs {options} 0 0\n");
        assert!(can_run_programs(&mount("rw,nosuid,nodev")));
        assert!(!can_run_programs(&mount(
            "rw,nosuid,nodev,noexec,size=65536k"
        )));
        assert!(!can_run_programs("proc /proc proc rw 0 0\n"));
        assert_eq!(
            free_bytes("      Avail\n12616466432\n"),
            Some(12_616_466_432)
        );
        assert_eq!(free_bytes("df: no such folder"), None);
    }

    #[test]
    fn the_folder_goes_with_what_stands_for_it() {
        let temporary = Temporary::make();
        let Some((name, folder)) = temporary.variables() else {
            // A machine without such memory: nothing is made.
            return assert_eq!(temporary.for_maven(), None);
        };
        let folder = folder.to_owned();
        assert_eq!(name, "TMPDIR");
        assert!(folder.is_dir());
        drop(temporary);
        assert!(!folder.exists());
    }
}
