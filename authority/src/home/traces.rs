//! What is in a home beside its database: whether there was a register, and who uses the home now.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::{Home, entries};
use crate::error::Error;

/// For how long it is tried to have a home.
const PATIENCE: Duration = Duration::from_secs(2);

/// Held while a process uses a home. The operating system gives it back when the process ends,
/// however it ends.
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

    /// Is there while `init` is not finished.
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
        let begun = Instant::now();
        loop {
            match lock(&file) {
                Ok(()) => return Ok(Guard { _file: file }),
                // A process that has just been told to stop still has to finish its work.
                Err(TryLockError::WouldBlock) if begun.elapsed() < PATIENCE => {
                    thread::sleep(Duration::from_millis(10));
                }
                Err(TryLockError::WouldBlock) => return Err(Error::InUse),
                Err(TryLockError::Error(error)) => {
                    return Err(Error::io("lock authority.lock in the home folder")(error));
                }
            }
        }
    }

    /// Whether anything but a database says that an authority has worked here.
    ///
    /// # Errors
    /// Why the folders cannot be read: then no one knows.
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
        let files = entries(&self.keys()).map_err(Error::io("list the folder `keys`"))?;
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

    /// Notes that `init` is finished.
    pub(crate) fn finish(&self) -> Result<(), Error> {
        remove(&self.unfinished())
    }
}

/// Whether a file is there; where that cannot be told, the error.
pub(crate) fn exists(path: &Path) -> Result<bool, Error> {
    path.try_exists()
        .map_err(Error::io("look into the home folder"))
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
    fn a_home_that_cannot_be_read_is_an_error_and_not_an_unused_one() {
        let folder = tempfile::tempdir().unwrap();
        // A file where the folder should be.
        fs::write(folder.path().join("keys"), b"x").unwrap();
        let home = Home::new(folder.path());
        assert!(matches!(home.was_used(), Err(Error::Io { .. })));
    }
}
