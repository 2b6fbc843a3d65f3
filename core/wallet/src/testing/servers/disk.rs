//! Disks that cannot be written: read-only ones and full ones.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A copy of a folder on a disk in memory that is mounted read-only. A user who may not mount gets
/// folders without the right to write. Root without the right to mount tests nothing here; where
/// `CI` is set, that is a failure.
pub(crate) struct ReadOnlyDisk {
    folder: TempDir,
    content: PathBuf,
    is_mounted: bool,
}

impl ReadOnlyDisk {
    pub(crate) fn holding(content: &Path) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut disk = Self {
            is_mounted: mount(&["-t", "tmpfs", "-o", "size=16m", "tmpfs"], folder.path()),
            content: folder.path().join("phone"),
            folder,
        };
        copy(content, &disk.content);
        disk.set_writable(false).then_some(disk)
    }

    pub(crate) fn content(&self) -> &Path {
        &self.content
    }

    /// Whether the disk is read-only for all users; otherwise only this user cannot write.
    pub(crate) fn is_mounted(&self) -> bool {
        self.is_mounted
    }

    /// Makes the disk writable or read-only; returns whether that was possible.
    pub(crate) fn set_writable(&mut self, writable: bool) -> bool {
        if self.is_mounted {
            let mode = if writable { "remount,rw" } else { "remount,ro" };
            assert!(mount(&["-o", mode], self.folder.path()));
            return true;
        }
        private(&self.content, writable);
        let probe = self.content.join("probe");
        let as_meant = File::create(&probe).is_ok() == writable;
        let _ = std::fs::remove_file(probe);
        assert!(
            as_meant || std::env::var_os("CI").is_none(),
            "no disk can be made read-only"
        );
        as_meant
    }
}

impl Drop for ReadOnlyDisk {
    fn drop(&mut self) {
        if self.is_mounted {
            let status = Command::new("umount").arg(self.folder.path()).status();
            assert!(status.is_ok_and(|status| status.success()) || std::thread::panicking());
        } else {
            private(&self.content, true);
        }
    }
}

fn mount(how: &[&str], folder: &Path) -> bool {
    let mut command = Command::new("mount");
    command.args(how).arg(folder);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// A whole folder, with the modes of its files and folders.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        let target = to.join(file.file_name());
        if file.file_type().unwrap().is_dir() {
            copy(&file.path(), &target);
        } else {
            std::fs::copy(file.path(), target).unwrap();
        }
    }
    std::fs::set_permissions(to, from.metadata().unwrap().permissions()).unwrap();
}

/// Makes a folder and all below it their owner's alone, with the right to write or without it.
fn private(folder: &Path, writable: bool) {
    use std::os::unix::fs::PermissionsExt;
    let set = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            private(&path, writable);
        } else {
            set(&path, if writable { 0o600 } else { 0o400 });
        }
    }
    set(folder, if writable { 0o700 } else { 0o500 });
}

/// A disk of 256 KiB in memory. Mounting one needs the rights of root. Without them nothing is
/// tested; where `CI` is set, that is a failure.
pub(crate) struct SmallDisk(TempDir);

impl SmallDisk {
    pub(crate) fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        if mount(&["-t", "tmpfs", "-o", "size=256k", "tmpfs"], folder.path()) {
            return Some(Self(folder));
        }
        assert!(
            std::env::var_os("CI").is_none(),
            "no small disk can be mounted"
        );
        None
    }

    pub(crate) fn folder(&self) -> &Path {
        self.0.path()
    }

    /// Fills all the space that is left.
    pub(crate) fn fill(&self) {
        let mut filling = File::create(self.filling()).unwrap();
        while filling.write_all(&[0; 4096]).is_ok() {}
    }

    /// Frees the space that [`fill`](Self::fill) took.
    pub(crate) fn empty(&self) {
        std::fs::remove_file(self.filling()).unwrap();
    }

    fn filling(&self) -> PathBuf {
        self.0.path().join("filling")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}
