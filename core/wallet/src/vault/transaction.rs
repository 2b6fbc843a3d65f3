//! Reading one snapshot, and writing in one transaction.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use zeroize::Zeroizing;

use super::database::{Database, MANIFEST_ROW};
use super::manifest::{Entry, Manifest};
use super::seal::{Place, Sealer};
use super::{Health, Record, Table, chain};
use crate::error::{Damage, Error};
use crate::ports::Random;
use crate::vault::activity_log::{Activity, ActivityEntry, Event};

/// One snapshot of the vault, for reading.
pub struct View<'a> {
    pub(super) database: &'a Database,
    pub(super) sealer: &'a Sealer,
    pub(super) manifest: Cow<'a, Manifest>,
    pub(super) floor: u64,
    pub(super) found: &'a RefCell<BTreeSet<Spot>>,
}

/// Where damage was found. It has the row's id, so that a repaired row is removed from the list.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spot {
    Row(Table, String),
    UnknownRow,
    ActivityLog,
}

impl View<'_> {
    /// Reads one value.
    ///
    /// # Errors
    /// [`Error::VaultDamaged`] where the row is not the last one that was written.
    pub fn get<R: Record>(&self, id: &str) -> Result<Option<R>, Error> {
        let Some(entry) = self.manifest.entry(R::TABLE, id) else {
            return Ok(None);
        };
        match self
            .plain(R::TABLE, entry)?
            .and_then(|plain| R::decode(&plain).ok())
        {
            Some(record) => Ok(Some(record)),
            None => {
                self.note(Spot::Row(R::TABLE, id.to_owned()));
                Err(Error::VaultDamaged {
                    what: Damage::Row(R::TABLE),
                })
            }
        }
    }

    /// Reads a whole table in the order of the ids. A damaged row is an error in the list.
    pub fn list<R: Record>(&self) -> Vec<(String, Result<R, Error>)> {
        self.ids(R::TABLE)
            .into_iter()
            .filter_map(|id| {
                let record = self.get(&id).transpose()?;
                Some((id, record))
            })
            .collect()
    }

    /// The ids of a table, in order. They come from the manifest, so a row that was deleted from
    /// the file is in the list.
    pub fn ids(&self, table: Table) -> Vec<String> {
        self.manifest.ids(table)
    }

    /// Whether a value was written after the last rollback; false where it does not exist.
    pub fn is_current(&self, table: Table, id: &str) -> bool {
        self.manifest.epoch >= self.floor
            && self
                .manifest
                .entry(table, id)
                .is_some_and(|entry| entry.epoch >= self.manifest.distrust_below)
    }

    /// A number that changes with each write of this value; `None` where it does not exist.
    pub fn version(&self, table: Table, id: &str) -> Option<i64> {
        self.manifest.entry(table, id).map(|entry| entry.version)
    }

    /// The newest `limit` entries of the activity log, newest first, as far as the chain is intact.
    ///
    /// # Errors
    /// [`Error::Storage`] where the disk fails. Damage is not an error: the result says so.
    pub fn activity(&self, limit: usize) -> Result<Activity, Error> {
        let activity = chain::read(self, limit)?;
        if !activity.intact {
            self.note(Spot::ActivityLog);
        }
        Ok(activity)
    }

    pub(super) fn health(&self) -> Result<Health, Error> {
        let set = self.sealer.set();
        let distrusted = self
            .ids(set.statuses())
            .iter()
            .any(|id| !self.is_current(set.statuses(), id));
        // An older copy without any license: a refresh cannot repair it, so it stays rolled back.
        let is_bare = set.has(Table::License)
            && self.manifest.distrust_below > 0
            && self.ids(Table::License).is_empty()
            && !self.was_emptied()?;
        let damaged: BTreeSet<Damage> = self.found.borrow().iter().map(Spot::damage).collect();
        Ok(Health {
            rolled_back: self.manifest.epoch < self.floor || distrusted || is_bare,
            damaged: damaged.into_iter().collect(),
        })
    }

    /// Whether the newest log entry says that the holder removed a license.
    fn was_emptied(&self) -> Result<bool, Error> {
        let newest = chain::read(self, 1)?.entries;
        Ok(newest
            .first()
            .is_some_and(|entry| entry.event == Event::Removed))
    }

    /// Compares the rows with the manifest without opening any, and checks the end of the log.
    pub(super) fn compare_with_manifest(&self) -> Result<(), Error> {
        let mut present: BTreeMap<i64, i64> = self.database.rows()?.into_iter().collect();
        present.remove(&MANIFEST_ROW);
        for (table, id, entry) in self.manifest.all() {
            if present.remove(&entry.row) != Some(entry.version) {
                self.note(Spot::Row(table, id.to_owned()));
            }
        }
        if !present.is_empty() {
            self.note(Spot::UnknownRow);
        }
        if !chain::ends_at_head(self)? {
            self.note(Spot::ActivityLog);
        }
        Ok(())
    }

    /// Reads everything. Only data that was read and is wrong is damage; an unreadable disk is an
    /// error.
    pub(super) fn examine(&self) -> Result<(), Error> {
        for looked in [
            self.compare_with_manifest(),
            self.activity(usize::MAX).map(|_| ()),
        ] {
            match looked {
                Err(Error::VaultDamaged { .. }) => self.note(Spot::ActivityLog),
                looked => looked?,
            }
        }
        for (table, id, entry) in self.manifest.all() {
            if self.plain(table, entry)?.is_none() {
                self.note(Spot::Row(table, id.to_owned()));
            }
        }
        Ok(())
    }

    /// The opened bytes of a row; `None` where two reads show that it is not the last one that was
    /// written.
    fn plain(&self, table: Table, entry: Entry) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        let read = || {
            let opened = self.database.row(entry.row, |version, sealed| {
                self.open(table, entry, version, sealed)
            });
            match opened {
                Ok(plain) => Ok(plain.flatten()),
                // A page of this row is broken; other rows may be intact.
                Err(Error::VaultDamaged { .. }) => Ok(None),
                Err(error) => Err(error),
            }
        };
        if let Some(plain) = read()? {
            return Ok(Some(plain));
        }
        self.database.drop_cache();
        read()
    }

    fn open(
        &self,
        table: Table,
        entry: Entry,
        version: i64,
        sealed: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        if version != entry.version || Sealer::tag(sealed) != Some(entry.tag) {
            return None;
        }
        let row = entry.row;
        self.sealer.open(
            Place::Row {
                table,
                row,
                version,
            },
            sealed,
        )
    }

    fn note(&self, spot: Spot) {
        let what = spot.damage();
        if self.found.borrow_mut().insert(spot) {
            tracing::warn!(%what, "the vault is damaged");
        }
    }
}

impl Spot {
    const fn damage(&self) -> Damage {
        match self {
            Self::Row(table, _) => Damage::Row(*table),
            Self::UnknownRow => Damage::UnknownRow,
            Self::ActivityLog => Damage::ActivityLog,
        }
    }
}

/// One write: everything that [`View`] offers, and changes that are committed together.
pub struct Tx<'a> {
    view: View<'a>,
    random: &'a dyn Random,
    changed: bool,
}

impl<'a> Deref for Tx<'a> {
    type Target = View<'a>;

    fn deref(&self) -> &View<'a> {
        &self.view
    }
}

impl<'a> Tx<'a> {
    /// Begins a write. The manifest in `view` must already have the new version and epoch.
    pub(super) fn new(view: View<'a>, random: &'a dyn Random) -> Self {
        Self {
            view,
            random,
            changed: false,
        }
    }

    /// Writes a value under an id, new or in place of an old one. This also repairs a damaged row.
    ///
    /// # Errors
    /// [`Error::Storage`] where the disk fails; [`Error::VaultDamaged`] for a record whose table
    /// this vault does not have.
    pub fn put<R: Record>(&mut self, id: &str, record: &R) -> Result<(), Error> {
        if !self.view.sealer.set().has(R::TABLE) {
            return Err(Error::VaultDamaged {
                what: Damage::Row(R::TABLE),
            });
        }
        let row = match self.view.manifest.entry(R::TABLE, id) {
            Some(entry) => entry.row,
            None => self.free_row()?,
        };
        let (version, epoch) = (self.view.manifest.writes, self.view.manifest.epoch);
        let place = Place::Row {
            table: R::TABLE,
            row,
            version,
        };
        let (sealed, tag) = self
            .view
            .sealer
            .seal(place, &record.encode(), self.random)?;
        self.view.database.put_row(row, version, &sealed)?;
        let entry = Entry {
            row,
            version,
            epoch,
            tag,
        };
        self.view.manifest.to_mut().put(R::TABLE, id, entry);
        self.mended(R::TABLE, id);
        Ok(())
    }

    /// Deletes a value. Succeeds where it does not exist.
    ///
    /// # Errors
    /// [`Error::Storage`] where the disk refuses.
    pub fn delete<R: Record>(&mut self, id: &str) -> Result<(), Error> {
        if let Some(entry) = self.view.manifest.to_mut().remove(R::TABLE, id) {
            self.view.database.delete_row(entry.row)?;
            self.mended(R::TABLE, id);
        }
        Ok(())
    }

    /// Appends to the activity log.
    ///
    /// # Errors
    /// [`Error::Storage`] where the disk refuses.
    pub fn log(&mut self, entry: &ActivityEntry) -> Result<(), Error> {
        let head = chain::append(&self.view, entry, self.random)?;
        self.view.manifest.to_mut().log = head;
        self.changed = true;
        Ok(())
    }

    /// Writes only a new epoch, so that a rollback to before it will be detected.
    pub fn confirm(&mut self) {
        self.changed = true;
    }

    /// The manifest to store; `None` where nothing changed.
    pub(super) fn into_changed(self) -> Option<Manifest> {
        self.changed.then(|| self.view.manifest.into_owned())
    }

    fn mended(&mut self, table: Table, id: &str) {
        self.changed = true;
        self.view
            .found
            .borrow_mut()
            .remove(&Spot::Row(table, id.to_owned()));
    }

    /// A row number above all in the file and in the manifest, so that foreign rows are not
    /// overwritten.
    fn free_row(&self) -> Result<i64, Error> {
        let known = self
            .view
            .manifest
            .all()
            .map(|(_, _, entry)| entry.row)
            .max();
        self.view
            .database
            .last_row()?
            .max(known.unwrap_or(MANIFEST_ROW))
            .checked_add(1)
            .ok_or(Error::VaultDamaged {
                what: Damage::UnknownRow,
            })
    }
}
