//! The state of an open vault in memory: its connection, and the newest manifest that it has read.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::PathBuf;

use super::database::Database;
use super::manifest::Manifest;
use super::seal::Sealer;
use super::traces::{self, Place};
use super::transaction::Spot;
use crate::error::{Damage, Error, StorageError};

pub(super) struct State {
    file: PathBuf,
    /// The identity of the opened file, to find out later whether its name still belongs to it.
    place: Option<Place>,
    /// `None` where the connection was closed after a failure and is not open again yet.
    pub(super) database: Option<Database>,
    pub(super) sealer: Sealer,
    /// The newest manifest that this process has seen.
    pub(super) manifest: Manifest,
    /// The lowest epoch that a current manifest can have: the anchor's, or a newer one that was
    /// seen.
    pub(super) floor: u64,
    pub(super) found: RefCell<BTreeSet<Spot>>,
}

impl State {
    pub(super) fn new(
        file: PathBuf,
        (database, sealer, manifest): (Database, Sealer, Manifest),
        floor: u64,
    ) -> Self {
        Self {
            place: traces::place_of(&file),
            file,
            database: Some(database),
            sealer,
            manifest,
            floor,
            found: RefCell::default(),
        }
    }

    /// Begins a transaction and does its first step. Where the disk fails, it begins once more,
    /// since nothing was written yet.
    ///
    /// # Errors
    /// Those of the step, and of opening the file anew.
    pub(super) fn begin<T>(
        &mut self,
        step: impl Fn(&Database, &Sealer) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.open_anew()?;
        match step(open(self.database.as_ref())?, &self.sealer) {
            Err(error @ Error::Storage(StorageError::Busy | StorageError::Lock)) => {
                self.give_up(error);
                self.open_anew()?;
                // The lock was waited for already.
                open(self.database.as_ref())?.do_not_wait()?;
                let done = step(open(self.database.as_ref())?, &self.sealer);
                open(self.database.as_ref())?.wait_for_locks()?;
                done
            }
            Err(Error::Storage(StorageError::Io) | Error::VaultDamaged { .. }) => {
                step(open(self.database.as_ref())?, &self.sealer)
            }
            done => done,
        }
    }

    /// Opens the file again where another one has its name: writes to a deleted or moved file would
    /// be lost.
    ///
    /// # Errors
    /// [`Error::VaultDamaged`] where the file is gone, and those of opening it.
    pub(super) fn follow_file_name(&mut self) -> Result<(), Error> {
        if self.place.is_some() && traces::place_of(&self.file) != self.place {
            // Where that fails, the open file can still be read.
            self.database = Some(self.opened()?);
            self.place = traces::place_of(&self.file);
        }
        Ok(())
    }

    /// Closes a connection whose lock failed. SQLite may still hold a lock that the system did not
    /// release, and would wait for itself; a new connection holds none. It is opened when it is
    /// needed, since two connections at once would share the lock.
    pub(super) fn give_up(&mut self, error: Error) {
        if matches!(
            error,
            Error::Storage(StorageError::Busy | StorageError::Lock)
        ) {
            self.database = None;
        }
    }

    /// The error to report for a failed write, after its rollback. It checks damage again, which is
    /// not possible inside the write. Where the file is sound now, the disk had failed.
    pub(super) fn recheck_damage(&self, error: Error) -> Error {
        let is_sound = || self.database.as_ref().is_some_and(Database::is_sound);
        match error {
            Error::VaultDamaged { what: Damage::File } if is_sound() => StorageError::Io.into(),
            error => error,
        }
    }

    fn open_anew(&mut self) -> Result<(), Error> {
        if self.database.is_none() {
            self.database = Some(self.opened()?);
        }
        Ok(())
    }

    /// Opens the file as an existing vault: SQLite would accept an empty file as a new database.
    fn opened(&self) -> Result<Database, Error> {
        let opened = if traces::is_there(&self.file)? {
            Database::open(&self.file)?
        } else {
            None
        };
        opened.ok_or(Error::VaultDamaged { what: Damage::File })
    }
}

/// The open database.
///
/// # Errors
/// [`StorageError::CannotOpen`] where the connection was closed and could not be opened again.
pub(super) fn open(database: Option<&Database>) -> Result<&Database, Error> {
    database.ok_or(Error::Storage(StorageError::CannotOpen))
}
