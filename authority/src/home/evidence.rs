//! What stands in a home beside its database: whether there was a register, who uses the home now, and
//! what a process that died has left.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::Home;
use crate::error::Error;

/// Held while a process uses a home. The operating system gives it back when the process ends, however
/// it ends.
pub(crate) struct Guard {
    _file: File,
}

impl Home {
    /// What the register has issued, one line each; outside of database and backup.
    pub(crate) fn issued_log(&self) -> PathBuf {
        self.root.join("issued.log")
    }

    /// The register's epoch, beside the keys.
    pub(crate) fn epoch(&self) -> PathBuf {
        self.keys().join("epoch")
    }

    /// The register's epoch as it is published.
    pub(crate) fn head(&self) -> PathBuf {
        self.root.join("public/head")
    }

    /// Stands while `init` has not come to its end.
    fn unfinished(&self) -> PathBuf {
        self.keys().join("unfinished")
    }

    /// Says that this process uses the home, beside others.
    ///
    /// # Errors
    /// [`Error::InUse`] while a backup is put back.
    pub(crate) fn share(&self) -> Result<Guard, Error> {
        self.guard(File::try_lock_shared)
    }

    /// Says that this process alone uses the home.
    ///
    /// # Errors
    /// [`Error::InUse`] where another process does.
    pub(crate) fn take_alone(&self) -> Result<Guard, Error> {
        self.guard(File::try_lock)
    }

    fn guard(&self, lock: impl Fn(&File) -> Result<(), TryLockError>) -> Result<Guard, Error> {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(self.root.join("authority.lock"))
            .map_err(Error::io("open authority.lock in the home folder"))?;
        match lock(&file) {
            Ok(()) => Ok(Guard { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::InUse),
            Err(TryLockError::Error(error)) => {
                Err(Error::io("lock authority.lock in the home folder")(error))
            }
        }
    }

    /// Whether anything but a database says that an authority has worked here.
    ///
    /// # Errors
    /// Why the folders cannot be read: then nobody knows.
    pub(crate) fn was_used(&self) -> Result<bool, Error> {
        let files = [
            self.epoch(),
            self.head(),
            self.trust_list(),
            self.issued_log(),
        ];
        for file in files {
            if exists(&file)? {
                return Ok(true);
            }
        }
        Ok(!self.key_files()?.is_empty())
    }

    /// The files in the folder of the keys that hold a secret.
    pub(crate) fn key_files(&self) -> Result<Vec<PathBuf>, Error> {
        let files = entries(&self.keys())?;
        Ok(files
            .into_iter()
            .filter(|path| path.extension().is_some_and(|ending| ending == "key"))
            .collect())
    }

    /// Whether an `init` was cut off: what it has left may be written over.
    pub(crate) fn is_unfinished(&self) -> Result<bool, Error> {
        exists(&self.unfinished())
    }

    /// Says that an `init` is under way.
    pub(crate) fn begin(&self) -> Result<(), Error> {
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(self.unfinished())
            .map(drop)
            .map_err(Error::io("write into the folder `keys`"))
    }

    /// Says that `init` has come to its end.
    pub(crate) fn finish(&self) -> Result<(), Error> {
        remove(&self.unfinished())
    }

    /// Removes what writers that died have left behind. To be called while no other process writes: in
    /// a write transaction, in which alone this program makes such files, or alone in the home.
    pub(crate) fn sweep(&self) -> Result<(), Error> {
        let lists = self.root.join("public/s");
        let mut folders = vec![
            self.root.clone(),
            self.keys(),
            self.root.join("public"),
            lists.clone(),
        ];
        folders.extend(entries(&lists)?.into_iter().filter(|path| path.is_dir()));
        for folder in folders {
            for path in entries(&folder)? {
                if path.extension().is_some_and(|ending| ending == "tmp") {
                    if path.is_dir() {
                        fs::remove_dir_all(&path).map_err(Error::io("remove a temporary folder"))?;
                    } else {
                        remove(&path)?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Whether a file is there; where that cannot be told, the error.
pub(crate) fn exists(path: &Path) -> Result<bool, Error> {
    path.try_exists()
        .map_err(Error::io("look into the home folder"))
}

/// What a folder holds; nothing where there is no such folder.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let read = || -> std::io::Result<Vec<PathBuf>> {
        fs::read_dir(folder)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect()
    };
    match read() {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        read => read.map_err(Error::io("list the home folder")),
    }
}

/// Removes a file, which may be gone already.
fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(Error::io("remove a temporary file")(error))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home() -> (tempfile::TempDir, Home) {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        home.create().unwrap();
        (folder, home)
    }

    #[test]
    fn several_use_a_home_and_one_alone_waits_until_they_are_gone() {
        let (_folder, home) = home();
        let (one, other) = (home.share().unwrap(), home.share().unwrap());
        assert_eq!(home.take_alone().err(), Some(Error::InUse));
        drop((one, other));
        let alone = home.take_alone().unwrap();
        assert_eq!(home.share().err(), Some(Error::InUse));
        drop(alone);
        assert!(home.share().is_ok());
    }

    #[test]
    fn each_trace_of_an_authority_is_noticed() {
        for trace in [
            "keys/epoch",
            "keys/0011223344556677.key",
            "public/head",
            "public/trust",
            "issued.log",
        ] {
            let (folder, home) = home();
            assert!(!home.was_used().unwrap());
            fs::write(folder.path().join(trace), b"x").unwrap();
            assert!(home.was_used().unwrap(), "{trace}");
        }
    }

    #[test]
    fn temporary_files_are_swept_and_everything_else_stays() {
        let (folder, home) = home();
        let at = |name: &str| folder.path().join(name);
        let left = [
            "root.ab.tmp",
            "keys/12.ab.tmp",
            "public/trust.ab.tmp",
            "public/s/0/7.ab.tmp",
        ];
        let kept = ["root.cose", "keys/12.key", "public/trust", "public/s/0/7"];
        for name in left.iter().chain(&kept) {
            fs::write(at(name), b"x").unwrap();
        }
        fs::create_dir(at("restore.ab.tmp")).unwrap();
        fs::write(at("restore.ab.tmp/authority.sqlite"), b"x").unwrap();
        home.sweep().unwrap();
        for name in left.iter().chain(&["restore.ab.tmp"]) {
            assert!(!at(name).exists(), "{name}");
        }
        for name in kept {
            assert!(at(name).exists(), "{name}");
        }
    }

    #[test]
    fn a_home_that_cannot_be_read_is_an_error_and_not_an_unused_one() {
        let folder = tempfile::tempdir().unwrap();
        // A file where the folder should be.
        fs::write(folder.path().join("keys"), b"x").unwrap();
        let home = Home::new(folder.path());
        assert!(matches!(home.was_used(), Err(Error::Io { .. })));
    }
}
