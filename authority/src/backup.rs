//! A backup in a folder, and its way back.
//!
//! ```text
//! DIR/                  0700
//!   authority.sqlite    0600: the register, in one file
//!   root.cose           the root's public key
//!   keys/<kid>.key      0600: the root's key and those that sign; not with `--without-keys`
//! ```
//!
//! `issued.log` and the epoch are no part of it: they say what came after the backup, and stay in
//! the home. A backup that is put back is older than what was published, and nothing is served with
//! it before `reconcile`. Nothing in the home is deleted.

mod restore;

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use vidimus_credential::KeyId;

use crate::error::Error;
use crate::home::{Durability, Home, read_published, write_atomic};
use crate::key_use::KeyUse;
use crate::secret::hex;
use crate::store::keys::{self, Role};
use crate::store::settings::Settings;
use crate::store::{Store, audit, epoch, lists};

pub use restore::{Restored, restore};

/// The database's file in a home and in a backup.
const DATABASE: &str = "authority.sqlite";
/// The copy of the database from which that of the backup is written anew.
const PLAIN: &str = "authority.sqlite.plain";
/// How often a backup begins anew because keys were rotated meanwhile.
const TRIES: usize = 3;

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupMade {
    /// How far the register had come.
    pub epoch: u64,
    /// How many private keys are in it.
    pub keys: usize,
}

/// What a copy of the register says of itself.
struct Contents {
    root: KeyId,
    epoch: u64,
    lists: u32,
    /// The keys whose secrets it needs.
    keys: Vec<KeyId>,
}

impl Contents {
    fn of(store: &Store) -> Result<Self, Error> {
        store.read(|transaction| {
            let root = Settings::read(transaction)?.root;
            let mut keys = vec![root];
            for use_ in KeyUse::ALL {
                for role in [Role::Current, Role::Next] {
                    let key = keys::of_role(transaction, use_, role)?;
                    keys.extend(key.map(|key| key.kid));
                }
            }
            keys.extend(audit::key(transaction)?.map(|key| key.kid()));
            Ok(Self {
                root,
                epoch: epoch::read(transaction)?,
                lists: lists::count(transaction)?,
                keys,
            })
        })
    }
}

/// Makes a backup of a home's register in a folder that is empty or not there yet.
pub(crate) fn make(
    home: &Home,
    store: &Store,
    folder: &Path,
    with_keys: bool,
) -> Result<BackupMade, Error> {
    prepare(folder)?;
    let made = fill(home, store, folder, with_keys);
    if made.is_err() {
        // What is half done is no backup. The first error is the one to tell.
        for name in [DATABASE, "authority.sqlite.tmp", "root.cose"] {
            let _ = fs::remove_file(folder.join(name));
        }
        remove_plain(folder);
        let _ = fs::remove_dir_all(folder.join("keys"));
    }
    made
}

fn prepare(folder: &Path) -> Result<(), Error> {
    let made = Error::io("make the folder of the backup");
    match fs::read_dir(folder) {
        Ok(mut entries) => {
            if entries.next().is_some() {
                return Err(Error::BackupFolder);
            }
        }
        Err(error) if error.kind() == ErrorKind::NotFound => DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(made)?,
        Err(error) => return Err(made(error)),
    }
    fs::set_permissions(folder, Permissions::from_mode(0o700))
        .map_err(Error::io("protect the folder of the backup"))
}

fn fill(home: &Home, store: &Store, folder: &Path, with_keys: bool) -> Result<BackupMade, Error> {
    let failed = |error| Error::io("write into the folder of the backup")(error);
    let copy = folder.join("authority.sqlite.tmp");
    let keys = folder.join("keys");
    let mut tries = 0;
    let contents = loop {
        tries += 1;
        let _ = fs::remove_file(&copy);
        private(&copy).map_err(failed)?;
        remove_plain(folder);
        private(&folder.join(PLAIN)).map_err(failed)?;
        store.copy_to(&copy, &folder.join(PLAIN))?;
        remove_plain(folder);
        let copied = Store::open_copy(&copy)?;
        copied.verify()?;
        let contents = Contents::of(&copied)?;
        if !with_keys {
            break contents;
        }
        match copy_keys(home, &contents.keys, &keys) {
            // A rotation removed one after the copy was made, so the copy is an old one.
            Err(Error::KeyFile) if tries < TRIES => {
                fs::remove_dir_all(&keys).map_err(failed)?;
            }
            copied => break copied.map(|()| contents)?,
        }
    };
    if let Some(root) = read_published(&home.root_key())? {
        write_atomic(&folder.join("root.cose"), &root, 0o644, Durability::Synced)
            .map_err(failed)?;
    }
    File::open(&copy)
        .and_then(|file| file.sync_all())
        .and_then(|()| fs::rename(&copy, folder.join(DATABASE)))
        .and_then(|()| File::open(folder)?.sync_all())
        .map_err(failed)?;
    Ok(BackupMade {
        epoch: contents.epoch,
        keys: if with_keys { contents.keys.len() } else { 0 },
    })
}

/// Removes the plain copy, and what SQLite makes beside it.
fn remove_plain(folder: &Path) {
    for end in ["", "-wal", "-shm", "-journal"] {
        let _ = fs::remove_file(folder.join(format!("{PLAIN}{end}")));
    }
}

/// Makes an empty file that its owner alone may read.
fn private(path: &Path) -> std::io::Result<()> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map(drop)
}

fn copy_keys(home: &Home, kids: &[KeyId], folder: &Path) -> Result<(), Error> {
    let failed = |error| Error::io("write into the folder of the backup")(error);
    DirBuilder::new()
        .mode(0o700)
        .create(folder)
        .map_err(failed)?;
    for kid in kids {
        let secret = home.read_key(*kid)?.expose_secret();
        let name = format!("{}.key", hex(kid.as_bytes()));
        write_atomic(&folder.join(name), &*secret, 0o600, Durability::Synced).map_err(failed)?;
    }
    Ok(())
}
