//! What an open vault keeps in memory: its connection, and what it has read by it so far.

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
    /// Which file that was when it was opened: a name may come to name another, or none.
    place: Option<Place>,
    /// `None` where it was given up and could not be opened anew yet.
    pub(super) database: Option<Database>,
    pub(super) sealer: Sealer,
    /// The newest manifest that this process has seen.
    pub(super) manifest: Manifest,
    /// No manifest with a lower epoch is current: the anchor, or what was seen since.
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

    /// Begins a transaction with its first step, which keeps it. Where the disk fails, it begins once more: nothing was
    /// done yet.
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
                // It was waited for already.
                open(self.database.as_ref())?.wait_for_nobody()?;
                let done = step(open(self.database.as_ref())?, &self.sealer);
                open(self.database.as_ref())?.wait_for_others()?;
                done
            }
            Err(Error::Storage(StorageError::Io) | Error::VaultDamaged { .. }) => {
                step(open(self.database.as_ref())?, &self.sealer)
            }
            done => done,
        }
    }

    /// Opens the file anew where another is in its place: what is written to one that was deleted or moved is lost.
    ///
    /// # Errors
    /// [`Error::VaultDamaged`] where none is there any more, and those of opening it.
    pub(super) fn stay_in_place(&mut self) -> Result<(), Error> {
        if self.place.is_some() && traces::place_of(&self.file) != self.place {
            // Where that fails, what was open can still be read.
            self.database = Some(self.opened()?);
            self.place = traces::place_of(&self.file);
        }
        Ok(())
    }

    /// Closes a connection that failed over a lock. One that the system did not take back SQLite holds and waits for
    /// itself; a new connection holds none. It is opened when it is needed: two at the same time would share the lock.
    pub(super) fn give_up(&mut self, error: Error) {
        if matches!(
            error,
            Error::Storage(StorageError::Busy | StorageError::Lock)
        ) {
            self.database = None;
        }
    }

    /// What a write failed with, once it is taken back. In the middle of it nothing can be read a second time, and damage
    /// that is not seen again was a disk that failed.
    pub(super) fn seen_again(&self, error: Error) -> Error {
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

    /// As when it was opened first: SQLite takes an empty file for a new one.
    fn opened(&self) -> Result<Database, Error> {
        let opened = if traces::is_there(&self.file)? {
            Database::open(&self.file)?
        } else {
            None
        };
        opened.ok_or(Error::VaultDamaged { what: Damage::File })
    }
}

/// The open file.
///
/// # Errors
/// [`StorageError::CannotOpen`] between a connection that was given up and the next one.
pub(super) fn open(database: Option<&Database>) -> Result<&Database, Error> {
    database.ok_or(Error::Storage(StorageError::CannotOpen))
}
