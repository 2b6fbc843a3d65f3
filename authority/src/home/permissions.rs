//! Closes a home that an older version, or someone else, left open to others.

use std::fs::{self, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::Home;
use crate::error::Error;

/// What others may do to a file or folder.
const WRITE: u32 = 0o022;
const ANYTHING: u32 = 0o077;
/// Of a folder where each may delete what is his own, as `/tmp`.
const STICKY: u32 = 0o1000;

impl Home {
    /// Takes away what others may do to what is secret, and that they may write to the home. A home
    /// that others may read stays so: it may be a folder that the caller shares with them.
    ///
    /// # Errors
    /// [`Error::Io`] where others may write and this user may not change that.
    pub(crate) fn protect(&self) -> Result<(), Error> {
        if mode(&self.root)?.is_some_and(|mode| mode & STICKY == 0) {
            take(&self.root, WRITE)?;
        }
        take(&self.keys(), ANYTHING)?;
        let database = self.database();
        for end in ["", "-wal", "-shm", "-journal"] {
            let mut name = database.as_os_str().to_owned();
            name.push(end);
            take(Path::new(&name), ANYTHING)?;
        }
        take(&self.issued_log(), ANYTHING)?;
        take(&self.epoch(), ANYTHING)?;
        for key in self.key_files()? {
            take(&key, ANYTHING)?;
        }
        Ok(())
    }
}

fn mode(path: &Path) -> Result<Option<u32>, Error> {
    match fs::metadata(path) {
        Ok(found) => Ok(Some(found.permissions().mode())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("look at the modes in the home folder")(error)),
    }
}

fn take(path: &Path, rights: u32) -> Result<(), Error> {
    let Some(mode) = mode(path)?.filter(|mode| mode & rights != 0) else {
        return Ok(());
    };
    match fs::set_permissions(path, Permissions::from_mode(mode & 0o7777 & !rights)) {
        // No one can write on such a disk.
        Err(error) if error.kind() == ErrorKind::ReadOnlyFilesystem => Ok(()),
        set => set.map_err(Error::io(
            "take away what others may do to the home folder: its owner may, with chmod -R go-w",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modes(path: &Path) -> u32 {
        mode(path).unwrap().unwrap() & 0o7777
    }

    fn set(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_home_that_all_may_write_to_is_set_right() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        home.create().unwrap();
        home.create_database_file().unwrap();
        let kid = {
            use vidimus_credential::Signer as _;
            home.create_key().unwrap().verifying_key().kid()
        };
        set(folder.path(), 0o777);
        set(&home.keys(), 0o777);
        for file in [home.database(), home.key(kid)] {
            set(&file, 0o666);
        }
        home.protect().unwrap();
        assert_eq!((modes(folder.path()), modes(&home.keys())), (0o755, 0o700));
        for file in [home.database(), home.key(kid)] {
            assert_eq!(modes(&file), 0o600);
        }
        set(folder.path(), 0o1777);
        home.protect().unwrap();
        assert_eq!(modes(folder.path()), 0o1777);
    }
}
