//! The way of a backup back into a home.

use std::fs::{self, DirBuilder, File, Permissions};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use vidimus_credential::{KeyId, UnixTime, VerifyingKey};

use super::{Contents, DATABASE, private};
use crate::clock::Moment;
use crate::epoch::Head;
use crate::error::{Error, StorageFault};
use crate::home::{Durability, Home, exists, read_published, write_atomic};
use crate::issued_log;
use crate::secret::{hex, random};
use crate::store::Store;

/// A backup that was put back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// How far the register of the backup had come.
    pub epoch: u64,
    /// How far the register had come before it was lost, by the files in the home; `None` where
    /// nothing tells.
    pub known: Option<u64>,
    /// The name in the home under which the database that was there is kept.
    pub set_aside: Option<String>,
    /// How many private keys were put back.
    pub keys: usize,
    /// How many private keys the register needs and the home lacks.
    pub keys_missing: usize,
    /// Whether the root's is one of them: then `reconcile` can do nothing before it is back.
    pub root_missing: bool,
    /// Whether the home has an `issued.log`. Without it no one knows to whom credentials were
    /// issued after the backup.
    pub has_issued_log: bool,
    /// Whether published lists are in the home. Without them no one knows what was decided after
    /// the backup.
    pub has_published: bool,
}

/// Puts a backup back into a home that no other process uses. The database that is there is set
/// aside under another name; keys and `root.cose` are put back where they are missing. `issued` is
/// the `issued.log` of the lost home, where it was saved elsewhere. Afterwards run
/// [`Authority::reconcile`](crate::Authority::reconcile): until then nothing is served.
///
/// # Errors
/// [`Error::NoBackup`], [`Error::DamagedBackup`], [`Error::ForeignBackup`],
/// [`Error::IssuedLogExists`], [`Error::InUse`], [`Error::NewerSchema`], with which the home is as
/// it was; or why files cannot be written. It can be run again then.
pub fn restore(
    home: &Path,
    from: &Path,
    issued: Option<&Path>,
    now: impl Into<Moment>,
) -> Result<Restored, Error> {
    let now = now.into().wall();
    if !exists(&from.join(DATABASE))? {
        return Err(Error::NoBackup);
    }
    let home = Home::new(home);
    home.create()?;
    let _guard = home.take_alone()?;
    home.remove_temporary()?;
    if issued.is_some() && exists(&home.issued_log())? {
        return Err(Error::IssuedLogExists);
    }
    let restored = put_back(&home, from, issued, now);
    // What is half done is of no use. The first error is the one to tell.
    let tidied = home.remove_temporary();
    let restored = restored?;
    tidied.map(|()| restored)
}

/// The work of [`restore`], alone in a home whose temporary files are removed afterwards.
fn put_back(
    home: &Home,
    from: &Path,
    issued: Option<&Path>,
    now: UnixTime,
) -> Result<Restored, Error> {
    let work = home
        .folder()
        .join(format!("restore.{}.tmp", hex(&random::<8>()?)));
    let failed = |error| Error::io("write into the home folder")(error);
    DirBuilder::new()
        .mode(0o700)
        .create(&work)
        .map_err(failed)?;
    let copy = work.join(DATABASE);
    let contents = take_copy(from, &copy)?;
    check_root(home, from, contents.root)?;

    let root = hex(contents.root.as_bytes());
    let known = known_heads(home, &root, contents.epoch)?;
    // From here on the home refuses to serve, even if what follows fails.
    let head = Head {
        root,
        epoch: known
            .iter()
            .map(|head| head.epoch)
            .fold(contents.epoch + 1, u64::max),
        published: known.iter().map(|head| head.published).max().unwrap_or(0),
        known: known
            .iter()
            .map(|head| head.known)
            .fold(contents.epoch, u64::max),
        lists: known
            .iter()
            .map(|head| head.lists)
            .fold(contents.lists, u32::max),
        written: now,
    };
    head.keep(home, Durability::Synced)?;
    if let Some(issued) = issued {
        let bytes = fs::read(issued).map_err(Error::io("read issued.log"))?;
        write_atomic(&home.issued_log(), &bytes, 0o600, Durability::Synced).map_err(failed)?;
    }
    let keys = put_keys_back(home, from)?;
    let set_aside = set_aside(home, now).map_err(failed)?;
    fs::rename(&copy, home.database())
        .and_then(|()| File::open(home.folder())?.sync_all())
        .map_err(failed)?;
    home.finish()?;
    let (mut keys_missing, mut root_missing) = (0, false);
    for kid in &contents.keys {
        match home.read_key(*kid) {
            Ok(_) => {}
            Err(Error::KeyFile) => {
                keys_missing += 1;
                root_missing |= *kid == contents.root;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(Restored {
        epoch: contents.epoch,
        known: known.iter().map(|head| head.epoch).max(),
        set_aside,
        keys,
        keys_missing,
        root_missing,
        has_issued_log: exists(&home.issued_log())?,
        has_published: exists(&home.trust_list())?,
    })
}

/// Copies the backup's database beside its later place, and sees that it is sound. A copy of a home
/// in which a process was killed has a write-ahead log, whose content goes into the database.
fn take_copy(from: &Path, copy: &Path) -> Result<Contents, Error> {
    let failed = |error| Error::io("copy the backup's database")(error);
    for ending in ["", "-wal"] {
        let (source, target) = (beside(&from.join(DATABASE), ending), beside(copy, ending));
        if ending.is_empty() || exists(&source)? {
            private(&target).map_err(failed)?;
            fs::copy(&source, &target).map_err(failed)?;
            fs::set_permissions(&target, Permissions::from_mode(0o600)).map_err(failed)?;
        }
    }
    let told = |error| match error {
        Error::NotInitialised => Error::NoBackup,
        Error::Storage(StorageFault::Damaged) => Error::DamagedBackup,
        error => error,
    };
    let store = Store::open(copy).map_err(told)?;
    store.verify().map_err(told)?;
    let contents = Contents::of(&store).map_err(told)?;
    // The last connection brings the write-ahead log into the file.
    drop(store);
    if exists(&beside(copy, "-wal"))? {
        return Err(Error::DamagedBackup);
    }
    File::open(copy)
        .and_then(|file| file.sync_all())
        .map_err(failed)?;
    Ok(contents)
}

/// Sees that the backup is of the authority that the home is, or was, of.
fn check_root(home: &Home, from: &Path, root: KeyId) -> Result<(), Error> {
    let own = match read_published(&home.root_key())? {
        Some(own) => own,
        None => match read_published(&from.join("root.cose"))? {
            None => return Ok(()),
            Some(bytes) => bytes,
        },
    };
    match VerifyingKey::from_cose_key(&own) {
        Ok(key) if key.kid() == root => Ok(()),
        _ => Err(Error::ForeignBackup),
    }
}

/// What the home's files say of the register that it had. A damaged one says nothing.
fn known_heads(home: &Home, root: &str, epoch: u64) -> Result<Vec<Head>, Error> {
    let mut known = Vec::new();
    for path in [home.epoch(), home.head()] {
        match Head::read(&path) {
            Ok(head) => known.extend(head.filter(|head| head.is_plausible(epoch))),
            Err(Error::HeadFile) => {}
            Err(error) => return Err(error),
        }
    }
    let issued = issued_log::tail(&home.issued_log())?;
    let mut roots = known.iter().map(|head| &head.root).chain(&issued.root);
    if roots.any(|other| other != root) {
        return Err(Error::ForeignBackup);
    }
    known.extend(issued.epoch.map(|epoch| Head {
        root: root.to_owned(),
        epoch,
        published: 0,
        known: epoch,
        lists: 0,
        written: UnixTime::EPOCH,
    }));
    Ok(known)
}

/// Renames the database that is there, with its side files; returns its new name.
fn set_aside(home: &Home, now: UnixTime) -> std::io::Result<Option<String>> {
    let database = home.database();
    let there = |ending: &str| beside(&database, ending).try_exists();
    if !(there("")? || there("-wal")? || there("-shm")?) {
        return Ok(None);
    }
    let date: String = now
        .to_rfc3339()
        .chars()
        .filter(|letter| !matches!(letter, '-' | ':'))
        .collect();
    let mut name = format!("{DATABASE}.before-{date}");
    let mut turn = 1;
    while home.folder().join(&name).try_exists()? {
        turn += 1;
        name = format!("{DATABASE}.before-{date}-{turn}");
    }
    // The side files last: a database without them is noticed, and they beside another one may not
    // be.
    for ending in ["", "-wal", "-shm"] {
        if there(ending)? {
            let target = beside(&home.folder().join(&name), ending);
            fs::rename(beside(&database, ending), target)?;
        }
    }
    Ok(Some(name))
}

/// Copies keys and `root.cose` that the home lacks; returns how many keys.
fn put_keys_back(home: &Home, from: &Path) -> Result<usize, Error> {
    let failed = |error| Error::io("write into the folder `keys`")(error);
    if let Some(root) = read_published(&from.join("root.cose"))?
        && !exists(&home.root_key())?
    {
        home.write_root(&root)?;
    }
    let mut put_back = 0;
    for source in Home::new(from).key_files()? {
        let Some(name) = source.file_name() else {
            continue;
        };
        let target = home.keys().join(name);
        if exists(&target)? {
            continue;
        }
        let secret = zeroize::Zeroizing::new(
            fs::read(&source).map_err(Error::io("read a key of the backup"))?,
        );
        write_atomic(&target, &secret, 0o600, Durability::Synced).map_err(failed)?;
        put_back += 1;
    }
    Ok(put_back)
}

/// A file of the same name with an ending.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
