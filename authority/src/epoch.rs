//! How far the register has come, so that an older copy of it is noticed.
//!
//! Each transaction that changes the register raises its *epoch* by one. What is committed is
//! written beside the keys (`keys/epoch`) and published (`public/head`), and each line of
//! `issued.log` states it too. None of these files is ever ahead of the database that it was
//! written from: not after a kill and not after a loss of power, for a commit reaches the disk
//! before the file is written. A file that is behind does no harm. So a database that is behind one
//! of them is an older copy, or has lost what was written last: it would make revoked licenses
//! valid again, and give their places to other drivers. Nothing is served or changed with it before
//! `reconcile`.

use std::path::Path;

use serde_json::{Value, json};
use vidimus_credential::{KeyId, UnixTime};

use crate::error::Error;
use crate::home::{Durability, Home, read_published, write_atomic};
use crate::issued_log;
use crate::secret::hex;
use crate::store::settings::Settings;
use crate::store::{self, Store, Transaction, lists};

/// Longer than any head.
const MAX_HEAD: usize = 1_024;
/// No register comes this far: a greater number is a damaged one.
const MAX_EPOCH: u64 = 1 << 60;
/// Nor does one come this much further than a copy of it: a thousand changes a second for 34 years.
const MAX_FURTHER: u64 = 1 << 40;

/// What a file beside the database says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    /// The kid of the root key, as hexadecimal digits: whose register this is.
    pub(crate) root: String,
    pub(crate) epoch: u64,
    /// Up to which change something was published, as far as is known: `epoch`, but in what
    /// `restore` writes, which counts issued.log and the backup too.
    pub(crate) published: u64,
    /// How far the register has come, as far as is known: `epoch`, but in what `restore` writes,
    /// which names a later change so that the backup is refused.
    pub(crate) known: u64,
    /// How many status lists there are: places in them may be taken.
    pub(crate) lists: u32,
    /// The wall clock when this was written.
    pub(crate) written: UnixTime,
}

impl Head {
    /// What is true of the register, before this transaction's own changes.
    pub(crate) fn of(transaction: &Transaction<'_>, now: UnixTime) -> Result<Self, Error> {
        let epoch = store::epoch::read(transaction)?;
        Ok(Self {
            root: hex(Settings::read(transaction)?.root.as_bytes()),
            epoch,
            published: epoch,
            known: epoch,
            lists: lists::count(transaction)?,
            written: now,
        })
    }

    /// Reads the form that [`to_bytes`](Self::to_bytes) writes; `None` for anything else.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > MAX_HEAD {
            return None;
        }
        let value: Value = serde_json::from_slice(bytes).ok()?;
        let number = |name: &str| value.get(name)?.as_u64();
        let epoch = number("epoch").filter(|epoch| *epoch < MAX_EPOCH)?;
        Some(Self {
            root: value.get("root")?.as_str()?.to_owned(),
            epoch,
            published: number("published").map_or(epoch, |published| published.min(epoch)),
            known: number("known").map_or(epoch, |known| known.min(epoch)),
            lists: u32::try_from(number("lists")?).ok()?,
            written: UnixTime::new(number("written")?).ok()?,
        })
    }

    /// One line of JSON.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut value = json!({
            "root": self.root,
            "epoch": self.epoch,
            "lists": self.lists,
            "written": self.written.seconds(),
        });
        for (name, number) in [("published", self.published), ("known", self.known)] {
            if number != self.epoch
                && let Some(map) = value.as_object_mut()
            {
                map.insert(name.to_owned(), number.into());
            }
        }
        format!("{value}\n").into_bytes()
    }

    /// Reads a head; `None` where there is none, or an empty file as some file systems leave it
    /// after a loss of power.
    ///
    /// # Errors
    /// [`Error::HeadFile`] where it is something else, and why it cannot be read.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>, Error> {
        match read_published(path)?.filter(|bytes| !bytes.is_empty()) {
            None => Ok(None),
            Some(bytes) => Self::parse(&bytes).map(Some).ok_or(Error::HeadFile),
        }
    }

    /// Whether a register that had come to `epoch` can have come this far since. Where not, the
    /// head is damaged or false: following it would leave the register no room to go on.
    pub(crate) fn is_plausible(&self, epoch: u64) -> bool {
        self.epoch < epoch.saturating_add(MAX_FURTHER)
    }

    /// Writes it beside the keys.
    pub(crate) fn keep(&self, home: &Home, durability: Durability) -> Result<(), Error> {
        write_atomic(&home.epoch(), &self.to_bytes(), 0o600, durability)
            .map_err(Error::io("write into the folder `keys`"))
    }
}

/// Writes how far the register has come into both files, in the transaction that has signed
/// something. It waits for no disk: a loss of power may bring an older one back, which does no
/// harm.
pub(crate) fn publish(
    home: &Home,
    transaction: &Transaction<'_>,
    now: UnixTime,
) -> Result<(), Error> {
    let head = Head::of(transaction, now)?;
    // The lists are published already. In this order the one beside the keys is not ahead of them.
    Home::publish(&home.head(), &head.to_bytes())?;
    head.keep(home, Durability::Derived)
}

/// Writes both files where they do not say how far the register has come. `durability` is that of
/// the one beside the keys.
pub(crate) fn note(
    home: &Home,
    store: &Store,
    durability: Durability,
    now: UnixTime,
) -> Result<(), Error> {
    // A write transaction, although it changes nothing: so no older head is put over a newer one.
    store.write(|transaction| {
        if !Settings::exist(transaction)? {
            return Ok(());
        }
        let head = Head::of(transaction, now)?;
        let said = |path: &Path| match Head::read(path) {
            Err(Error::HeadFile) => Ok(None),
            said => said,
        };
        let says =
            |path: &Path, head: &Head| Ok(said(path)?.is_some_and(|said| said.same_as(head)));
        let published = match says(&home.head(), &head) {
            Ok(true) => Ok(()),
            Ok(false) => Home::publish(&home.head(), &head.to_bytes()),
            Err(error) => Err(error),
        };
        // Where nothing can be published, the one beside the keys says so, and how far the register
        // is.
        let kept = match &published {
            Ok(()) => head,
            Err(_) => Head {
                published: said(&home.epoch())?.map_or(0, |said| said.published),
                ..head
            },
        };
        if !says(&home.epoch(), &kept)? {
            kept.keep(home, durability)?;
        }
        published
    })
}

impl Head {
    fn same_as(&self, other: &Self) -> bool {
        (&self.root, self.epoch, self.published, self.lists)
            == (&other.root, other.epoch, other.published, other.lists)
    }
}

/// Refuses a database that is older than the files beside it, or that belongs to another
/// authority.
///
/// # Errors
/// [`Error::OldRegister`], [`Error::ForeignRegister`], [`Error::HeadFile`], or why a file cannot be
/// read.
pub(crate) fn check(home: &Home, store: &Store) -> Result<(), Error> {
    // In this order: a change between the two reads makes the database newer, never a file.
    let heads = [Head::read(&home.epoch())?, Head::read(&home.head())?];
    let issued = issued_log::tail(&home.issued_log())?;
    let (root, epoch) = store.read(|transaction| {
        Ok((
            Settings::read(transaction)?.root,
            store::epoch::read(transaction)?,
        ))
    })?;
    check_root(home, root)?;
    let root = hex(root.as_bytes());
    let roots = heads.iter().flatten().map(|head| &head.root);
    if roots.chain(&issued.root).any(|other| *other != root) {
        return Err(Error::ForeignRegister);
    }
    let epochs = heads.iter().flatten().map(|head| head.epoch);
    let known = epochs.chain(issued.epoch).max().unwrap_or(0);
    if epoch < known {
        return Err(Error::OldRegister { epoch, known });
    }
    Ok(())
}

/// Compares the database's root with the public key that readers pin.
fn check_root(home: &Home, root: KeyId) -> Result<(), Error> {
    use vidimus_credential::VerifyingKey;
    let Some(bytes) = read_published(&home.root_key())? else {
        return Ok(());
    };
    match VerifyingKey::from_cose_key(&bytes) {
        Ok(key) if key.kid() == root => Ok(()),
        _ => Err(Error::ForeignRegister),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> Head {
        Head {
            root: "0011223344556677".to_owned(),
            epoch: 12,
            published: 12,
            known: 12,
            lists: 3,
            written: UnixTime::new(1_800_000_000).unwrap(),
        }
    }

    #[test]
    fn a_head_survives_its_file() {
        let restored = Head {
            published: 7,
            known: 11,
            ..head()
        };
        for head in [head(), restored] {
            assert_eq!(Head::parse(&head.to_bytes()), Some(head));
        }
    }

    #[test]
    fn what_is_no_head_is_told_from_one_that_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("head");
        assert_eq!(Head::read(&path), Ok(None));
        std::fs::write(&path, b"").unwrap();
        assert_eq!(Head::read(&path), Ok(None));
        for wrong in [
            "{}",
            "12",
            r#"{"root":"00","epoch":-1,"lists":0,"written":1}"#,
            r#"{"root":"00","epoch":1152921504606846976,"lists":0,"written":1}"#,
            r#"{"root":"00","epoch":1,"lists":4294967296,"written":1}"#,
        ] {
            std::fs::write(&path, wrong).unwrap();
            assert_eq!(Head::read(&path), Err(Error::HeadFile), "{wrong}");
        }
        // A folder: reading fails, and that is all that is known.
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        assert!(matches!(Head::read(&path), Err(Error::Io { .. })));
    }
}
