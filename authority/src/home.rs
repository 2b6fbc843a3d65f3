//! The folder of an authority: where each file is, who may read it, and how it is written.
//!
//! ```text
//! HOME/                     0700 where this program made it
//!   root.cose               the root's public COSE_Key: what readers and wallets pin
//!   audit.cose              the public COSE_Key that exports of the audit are checked by
//!   authority.sqlite        0600: licenses, status, offers, grants
//!   authority.lock          0600: empty; held by each process that uses the home
//!   issued.log              0600: a line for each credential; never in a backup
//!   keys/                   0700
//!     <kid>.key             0600: 32 secret bytes of an Ed25519 key
//!     epoch                 0600: how far the register has come; never in a backup
//!     unfinished            is there while `init` is not finished
//!   public/                 what anyone may fetch, laid out like the URLs
//!     head                  how far the register has come
//!     trust                 the trust list
//!     s/<pack>/<n>          the status token of list n of a pack of 4,096
//!     s/<pack>/bundle       the pack's status bundle
//! ```

mod permissions;
mod traces;

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use vidimus_credential::{Algorithm, KeyId, SigningKey};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::issuer::PACK;
use crate::secret::{hex, random};

pub(crate) use traces::{Guard, exists};

/// How the name of a half-written file ends.
const TEMPORARY: &str = "tmp";

/// Whether a written file must have reached the disk before the call returns.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// Keys: losing one is losing every license that it signed.
    Synced,
    /// Signed objects: a start signs them all again, and a nation has millions.
    Derived,
}

/// Paths under one authority's folder.
#[derive(Clone)]
pub(crate) struct Home {
    root: PathBuf,
}

impl Home {
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// Makes the folders. An existing home keeps its mode, unless it is empty: it may be a folder
    /// that the caller shares with others, and what is secret is in its own folder.
    pub(crate) fn create(&self) -> Result<(), Error> {
        let made = Error::io("make the home folder");
        let empty = match fs::read_dir(&self.root) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                DirBuilder::new()
                    .recursive(true)
                    .mode(0o700)
                    .create(&self.root)
                    .map_err(made)?;
                false
            }
            Err(error) => return Err(made(error)),
        };
        if empty {
            fs::set_permissions(&self.root, fs::Permissions::from_mode(0o700))
                .map_err(Error::io("protect the home folder"))?;
        }
        let keys = self.keys();
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&keys)
            .map_err(Error::io("make the folder `keys`"))?;
        fs::set_permissions(&keys, fs::Permissions::from_mode(0o700))
            .map_err(Error::io("protect the folder `keys`"))?;
        DirBuilder::new()
            .recursive(true)
            .mode(0o755)
            .create(self.root.join("public/s/0"))
            .map_err(Error::io("make the folder `public`"))
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.root
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.root.join("authority.sqlite")
    }

    /// The root's public key.
    pub(crate) fn root_key(&self) -> PathBuf {
        self.root.join("root.cose")
    }

    /// The public key that exports of the audit are checked by.
    pub(crate) fn audit_key(&self) -> PathBuf {
        self.root.join("audit.cose")
    }

    pub(crate) fn keys(&self) -> PathBuf {
        self.root.join("keys")
    }

    pub(crate) fn key(&self, kid: KeyId) -> PathBuf {
        self.keys().join(format!("{}.key", hex(kid.as_bytes())))
    }

    pub(crate) fn trust_list(&self) -> PathBuf {
        self.root.join("public/trust")
    }

    fn pack(&self, pack: u32) -> PathBuf {
        self.root.join("public/s").join(pack.to_string())
    }

    pub(crate) fn bundle(&self, pack: u32) -> PathBuf {
        self.pack(pack).join("bundle")
    }

    pub(crate) fn status_list(&self, number: u32) -> PathBuf {
        self.pack(number / PACK).join((number % PACK).to_string())
    }

    /// Writes the root's public key.
    pub(crate) fn write_root(&self, cose_key: &[u8]) -> Result<(), Error> {
        write_atomic(&self.root_key(), cose_key, 0o644, Durability::Synced)
            .map_err(Error::io("write root.cose"))
    }

    /// Writes a signed object, so that a reader sees the old one or the new one and nothing
    /// between.
    pub(crate) fn publish(path: &Path, bytes: &[u8]) -> Result<(), Error> {
        let write = || write_atomic(path, bytes, 0o644, Durability::Derived);
        let written = match (write(), path.parent()) {
            // The first list of a pack.
            (Err(error), Some(folder)) if error.kind() == ErrorKind::NotFound => DirBuilder::new()
                .recursive(true)
                .mode(0o755)
                .create(folder)
                .and_then(|()| write()),
            (written, _) => written,
        };
        written.map_err(Error::io("write into the folder `public`"))
    }

    /// Draws an Ed25519 key and stores it.
    pub(crate) fn create_key(&self) -> Result<SigningKey, Error> {
        use vidimus_credential::Signer as _;
        let secret = Zeroizing::new(random::<32>()?);
        let key = SigningKey::from_secret(Algorithm::Ed25519, &secret).map_err(Error::Signing)?;
        let path = self.key(key.verifying_key().kid());
        write_atomic(&path, &*secret, 0o600, Durability::Synced)
            .map_err(Error::io("write into the folder `keys`"))?;
        Ok(key)
    }

    /// Reads a stored key and sees that it is the one asked for.
    pub(crate) fn read_key(&self, kid: KeyId) -> Result<SigningKey, Error> {
        use vidimus_credential::Signer as _;
        let mut secret = Zeroizing::new([0; 32]);
        File::open(self.key(kid))
            .and_then(|mut file| file.read_exact(&mut *secret))
            .map_err(|error| match error.kind() {
                ErrorKind::NotFound | ErrorKind::UnexpectedEof => Error::KeyFile,
                // A read that failed says nothing of the file.
                _ => Error::io("read a private key")(error),
            })?;
        let key =
            SigningKey::from_secret(Algorithm::Ed25519, &secret).map_err(|_| Error::KeyFile)?;
        if key.verifying_key().kid() == kid {
            Ok(key)
        } else {
            Err(Error::KeyFile)
        }
    }

    /// Removes a key that will never sign again.
    pub(crate) fn remove_key(&self, kid: KeyId) -> Result<(), Error> {
        match fs::remove_file(self.key(kid)) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(Error::io("remove a retired key")(error))
            }
            _ => Ok(()),
        }
    }

    /// Removes temporary files that a process left which died while it wrote. To be called while
    /// no one else can write.
    pub(crate) fn remove_temporary(&self) -> Result<(), Error> {
        let tidied = Error::io("remove a temporary file");
        let remove = || {
            remove_temporary_in(&self.root)?;
            remove_temporary_in(&self.keys())?;
            remove_temporary_in(&self.root.join("public"))?;
            let packs = self.root.join("public/s");
            remove_temporary_in(&packs)?;
            for pack in entries(&packs)? {
                if pack.is_dir() {
                    remove_temporary_in(&pack)?;
                }
            }
            Ok(())
        };
        remove().map_err(tidied)
    }

    /// Makes the database's file with its mode; SQLite gives its side files the same.
    pub(crate) fn create_database_file(&self) -> Result<(), Error> {
        match OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(self.database())
        {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                Err(Error::io("make the database")(error))
            }
            _ => Ok(()),
        }
    }
}

/// Reads a published file; `None` where there is none.
pub(crate) fn read_published(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("read a file of the home folder")(error)),
    }
}

/// Removes the temporary files of one folder.
fn remove_temporary_in(folder: &Path) -> std::io::Result<()> {
    for path in entries(folder)? {
        if path.extension().is_some_and(|kind| kind == TEMPORARY) {
            if path.is_dir() {
                fs::remove_dir_all(path)?;
            } else {
                fs::remove_file(path)?;
            }
        }
    }
    Ok(())
}

/// What is in a folder; nothing where there is none.
fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Writes beside the target and renames over it.
pub(crate) fn write_atomic(
    path: &Path,
    bytes: &[u8],
    mode: u32,
    durability: Durability,
) -> std::io::Result<()> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|_| ErrorKind::Other)?;
    let temporary = path.with_extension(format!("{}.{TEMPORARY}", hex(&random)));
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(&temporary)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            if durability == Durability::Synced {
                file.sync_all()
            } else {
                Ok(())
            }
        });
    let renamed = written.and_then(|()| fs::rename(&temporary, path));
    if renamed.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&temporary);
    }
    renamed?;
    match path.parent() {
        Some(folder) if durability == Durability::Synced => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vidimus_credential::Signer as _;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn key_files_are_readable_by_their_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(&folder.path().join("deep/home"));
        home.create().unwrap();
        home.create_database_file().unwrap();
        let kid = home.create_key().unwrap().verifying_key().kid();
        assert_eq!((mode(&home.root), mode(&home.keys())), (0o700, 0o700));
        assert_eq!(
            (mode(&home.key(kid)), mode(&home.database())),
            (0o600, 0o600)
        );
        assert_eq!(
            fs::read_dir(home.keys()).unwrap().count(),
            1,
            "no temporary file is left"
        );
    }

    #[test]
    fn a_shared_folder_keeps_its_mode_and_an_empty_one_is_protected() {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let home = Home::new(folder.path());
        home.create().unwrap();
        assert_eq!(mode(folder.path()), 0o700);
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        home.create().unwrap();
        assert_eq!(mode(folder.path()), 0o755);
    }

    #[test]
    fn what_a_dead_process_left_half_written_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        home.create().unwrap();
        let kid = home.create_key().unwrap().verifying_key().kid();
        Home::publish(&home.status_list(5_000), b"list").unwrap();
        let left = [
            "root.0.tmp",
            "keys/1.tmp",
            "public/trust.2.tmp",
            "public/s/0/7.3.tmp",
            "public/s/1/bundle.4.tmp",
        ];
        for path in left {
            fs::write(folder.path().join(path), b"x").unwrap();
        }
        fs::create_dir(folder.path().join("restore.5.tmp")).unwrap();
        fs::write(folder.path().join("restore.5.tmp/file"), b"x").unwrap();
        home.remove_temporary().unwrap();
        for path in left.into_iter().chain(["restore.5.tmp"]) {
            assert!(!folder.path().join(path).exists(), "{path}");
        }
        assert!(home.read_key(kid).is_ok());
        assert_eq!(fs::read(home.status_list(5_000)).unwrap(), b"list");
        assert!(folder.path().join("public/s/1/904").exists());
    }

    #[test]
    fn a_key_file_that_is_missing_short_or_swapped_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        home.create().unwrap();
        let first = home.create_key().unwrap().verifying_key().kid();
        let second = home.create_key().unwrap().verifying_key().kid();
        assert!(home.read_key(first).is_ok());
        fs::copy(home.key(first), home.key(second)).unwrap();
        assert_eq!(home.read_key(second).err(), Some(Error::KeyFile));
        fs::write(home.key(first), [1; 31]).unwrap();
        assert_eq!(home.read_key(first).err(), Some(Error::KeyFile));
        home.remove_key(first).unwrap();
        home.remove_key(first).unwrap();
        assert_eq!(home.read_key(first).err(), Some(Error::KeyFile));
        // It is there and cannot be read: no one is told to put a backup over it.
        fs::create_dir(home.key(first)).unwrap();
        assert!(matches!(home.read_key(first), Err(Error::Io { .. })));
    }
}
