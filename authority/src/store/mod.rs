//! The database's connection, its migrations, and the conversions at its border.

pub(crate) mod blobs;
pub(crate) mod cases;
pub(crate) mod clock;
pub(crate) mod decisions;
pub(crate) mod devices;
pub(crate) mod documents;
pub(crate) mod events;
pub(crate) mod grants;
pub(crate) mod indexes;
pub(crate) mod issuances;
pub(crate) mod keys;
pub(crate) mod licenses;
pub(crate) mod lists;
pub(crate) mod nonces;
pub(crate) mod offers;
pub(crate) mod readers;
pub(crate) mod repair;
pub(crate) mod settings;
pub(crate) mod slots;

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

pub(crate) use rusqlite::Transaction;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use vidimus_credential::UnixTime;

use crate::error::{Error, StorageFault, damaged};

/// Nothing was deployed with the schemas before this one: their homes are refused, unharmed.
const FIRST: usize = 2;
/// The first script makes the schema [`FIRST`]; each further one brings it to the next version.
const MIGRATIONS: [&str; 1] = [include_str!("migrations/0002.sql")];
/// How long a call waits for another process's transaction.
const BUSY: Duration = Duration::from_secs(15);

/// One process's connection. Every change is one immediate transaction, so that several processes
/// on one home never act on what another is about to change.
pub(crate) struct Store {
    connection: Mutex<Connection>,
}

impl Store {
    /// Opens a database file that exists, and brings its schema up to date.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        // What is deleted (spent tokens' digests) does not linger in free pages.
        connection.pragma_update(None, "secure_delete", true)?;
        migrate(&mut connection)?;
        Ok(Self {
            connection: Mutex::new(connection),
        })
    }

    /// Runs one immediate transaction; an error undoes it.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        // A panic elsewhere rolled its transaction back, so the connection is good.
        let mut connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = work(&transaction)?;
        transaction.commit()?;
        Ok(value)
    }

    /// Brings what is committed into the main database file, so that a copy of that file alone has
    /// it. Waits for others' transactions; where they take too long, the next call does it.
    pub(crate) fn checkpoint(&self) -> Result<(), Error> {
        let connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        Ok(connection.query_row("PRAGMA wal_checkpoint(FULL)", [], |_| Ok(()))?)
    }

    /// Reads one consistent state.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction()?;
        work(&transaction)
    }
}

/// Brings what is committed into the main database file, as far as nobody is in the way. A command
/// whose answer depends on it has called [`Store::checkpoint`] before.
impl Drop for Store {
    fn drop(&mut self) {
        let connection = self
            .connection
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        let _ = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    }
}

fn migrate(connection: &mut Connection) -> Result<(), Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let version = usize::try_from(version).map_err(damaged)?;
    let newest = FIRST + MIGRATIONS.len() - 1;
    let done = match version {
        0 => 0,
        version if version < FIRST => return Err(Error::EarlierSchema),
        version if version > newest => return Err(Error::NewerSchema),
        version => version - FIRST + 1,
    };
    if done == MIGRATIONS.len() {
        return Ok(());
    }
    for script in MIGRATIONS.iter().skip(done) {
        transaction.execute_batch(script)?;
    }
    let newest = i64::try_from(newest).map_err(damaged)?;
    transaction.pragma_update(None, "user_version", newest)?;
    transaction.commit()?;
    Ok(())
}

/// A time as SQLite's integer.
pub(crate) fn to_sql(time: UnixTime) -> i64 {
    // UnixTime ends with the year 9999, far below i64's bound.
    i64::try_from(time.seconds()).unwrap_or(i64::MAX)
}

/// A time from SQLite's integer.
pub(crate) fn from_sql(seconds: i64) -> Result<UnixTime, Error> {
    let seconds = u64::try_from(seconds).map_err(damaged)?;
    UnixTime::new(seconds).map_err(damaged)
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let fault = match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => return Self::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StorageFault::Damaged,
            Some(ErrorCode::DiskFull) => StorageFault::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                StorageFault::ReadOnly
            }
            Some(ErrorCode::SystemIoFailure) => StorageFault::Io,
            _ => StorageFault::Other,
        };
        Self::Storage(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_or_an_earlier_schema_is_refused_unharmed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite");
        std::fs::write(&path, b"").unwrap();
        drop(Store::open(&path).unwrap());
        for (other, error) in [(99, Error::NewerSchema), (1, Error::EarlierSchema)] {
            Connection::open(&path)
                .unwrap()
                .pragma_update(None, "user_version", other)
                .unwrap();
            assert_eq!(Store::open(&path).err(), Some(error));
            let version: i64 = Connection::open(&path)
                .unwrap()
                .pragma_query_value(None, "user_version", |row| row.get(0))
                .unwrap();
            assert_eq!(version, other);
        }
    }

    #[test]
    fn a_file_that_is_no_database_is_told_as_damage() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite");
        std::fs::write(&path, [b'x'; 4096]).unwrap();
        assert!(matches!(
            Store::open(&path).err(),
            Some(Error::Storage(StorageFault::Damaged))
        ));
    }
}
