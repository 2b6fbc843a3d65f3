//! The SQLite file: its schema and its statements. It stores sealed bytes and does not open them.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::faults::{damaged, fault, may_pass};
use super::opening::why;
use crate::error::{Error, StorageError};

/// Applied in order; each raises `user_version` by one in its own transaction.
const MIGRATIONS: [&str; 3] = [
    include_str!("migrations/0001_sealed_rows.sql"),
    include_str!("migrations/0002_next_license.sql"),
    include_str!("migrations/0003_credentials.sql"),
];

/// "VDML": distinguishes a vault from other SQLite files.
const APPLICATION_ID: i32 = 0x5644_4d4c;

/// The row number of the manifest.
pub(super) const MANIFEST_ROW: i64 = 0;

const BUSY_LIMIT: Duration = Duration::from_secs(5);

/// Pages after which the write-ahead log is copied into the file, so that opening after a crash,
/// which reads the rest of the log, stays fast.
const CHECKPOINT_PAGES: u32 = 256;

pub(super) const OPEN_TO_WRITE: OpenFlags =
    OpenFlags::SQLITE_OPEN_READ_WRITE.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// One connection to the vault's file, or to a copy of it in memory.
pub(super) struct Database {
    connection: Connection,
    /// The file; `None` for a copy in memory.
    file: Option<PathBuf>,
}

/// The unsealed values, which the key store needs to unwrap the data key.
pub(super) struct Header {
    pub(super) vault_id: [u8; 16],
    pub(super) wrapped_key: Vec<u8>,
}

impl Database {
    /// Makes the file, or completes an interrupted creation. The schema and `fill` are one
    /// transaction.
    pub(super) fn create(
        file: &Path,
        header: &Header,
        fill: impl FnOnce(&Self) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        make_private_file(file)?;
        let database = Self::connect(file, file, OPEN_TO_WRITE, None)?;
        // Checked first, so that another program's file is not changed.
        if database.schema_version()?.is_some() {
            return Err(Error::AlreadyExists);
        }
        database.use_wal()?;
        let transaction = database.begin_writing()?;
        if database.schema_version()?.is_some() {
            return Err(Error::AlreadyExists);
        }
        database
            .connection
            .pragma_update(None, "application_id", APPLICATION_ID)
            .map_err(fault)?;
        database.apply(0)?;
        database
            .connection
            .execute(
                "INSERT INTO header (only, vault_id, wrapped_key) VALUES (1, ?1, ?2)",
                (&header.vault_id, &header.wrapped_key),
            )
            .map_err(fault)?;
        fill(&database)?;
        transaction.commit()?;
        // From now on the file itself is a vault, even if its write-ahead log is lost.
        database
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))
            .map_err(fault)?;
        database.trust()?;
        Ok(database)
    }

    /// Connects to a file by its name for SQLite, with another VFS where one is given.
    pub(super) fn connect(
        name: &Path,
        file: &Path,
        flags: OpenFlags,
        way: Option<&str>,
    ) -> Result<Self, Error> {
        let connection = match way {
            Some(way) => Connection::open_with_flags_and_vfs(name, flags, way),
            None => Connection::open_with_flags(name, flags),
        };
        Self::guarded(connection.map_err(fault)?, Some(file.to_owned()))
    }

    /// Configures a connection: it waits for locks, and does not execute what a tampered schema
    /// asks for.
    pub(super) fn guarded(connection: Connection, file: Option<PathBuf>) -> Result<Self, Error> {
        connection.busy_timeout(BUSY_LIMIT).map_err(fault)?;
        for (option, on) in [
            // A tampered schema must not call functions or write to other tables.
            (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
            (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
            (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
            (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
            // Until the vault is known to be sound, closing changes neither the file nor its
            // write-ahead log.
            (DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true),
        ] {
            connection.set_db_config(option, on).map_err(fault)?;
        }
        Ok(Self { connection, file })
    }

    /// Call it once the vault was found to be sound: from then on closing copies the write-ahead
    /// log into the file.
    pub(super) fn trust(&self) -> Result<(), Error> {
        self.connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)
            .map(|_| ())
            .map_err(fault)
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Keeps the index of the write-ahead log in memory, which needs no file but locks out other
    /// processes.
    pub(super) fn exclusive(&self) -> Result<(), Error> {
        self.connection
            .execute_batch("PRAGMA locking_mode = EXCLUSIVE")
            .map_err(fault)
    }

    pub(super) fn is_read_only(&self) -> Result<bool, Error> {
        self.connection.is_readonly("main").map_err(fault)
    }

    pub(super) fn refuse_writes(&self) -> Result<(), Error> {
        self.connection
            .execute_batch("PRAGMA query_only = ON")
            .map_err(fault)
    }

    /// Turns the write-ahead log on. Call it only after the schema was found to be known: a newer
    /// one must not be changed.
    pub(super) fn use_wal(&self) -> Result<(), Error> {
        self.connection
            .execute_batch(&format!(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; \
                 PRAGMA cell_size_check = ON; PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES};"
            ))
            .map_err(fault)
    }

    /// The schema's version; `None` for an empty file, which an interrupted creation leaves behind.
    pub(super) fn schema_version(&self) -> Result<Option<usize>, Error> {
        let number = |pragma| {
            self.attempt(|connection| connection.query_row(pragma, (), |row| row.get::<_, i32>(0)))
        };
        let version = number("PRAGMA user_version")?;
        let application = number("PRAGMA application_id")?;
        if version == 0 && application == 0 {
            let objects: i64 = self.attempt(|connection| {
                connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))
            })?;
            if objects == 0 {
                return Ok(None);
            }
        }
        if application != APPLICATION_ID {
            return Err(damaged());
        }
        match usize::try_from(version) {
            Ok(version) if version > MIGRATIONS.len() => Err(Error::NewerSchema),
            Ok(version) if version > 0 => Ok(Some(version)),
            _ => Err(damaged()),
        }
    }

    pub(super) fn is_up_to_date(&self) -> Result<bool, Error> {
        Ok(self.schema_version()? == Some(MIGRATIONS.len()))
    }

    pub(super) fn migrate(&self) -> Result<(), Error> {
        if self.is_up_to_date()? {
            return Ok(());
        }
        let transaction = self.begin_writing()?;
        // Another process may have migrated already: ask again under the lock.
        self.apply(self.schema_version()?.unwrap_or(0))?;
        transaction.commit()
    }

    /// Applies the migrations after `version`, inside the caller's transaction.
    fn apply(&self, version: usize) -> Result<(), Error> {
        for (index, migration) in MIGRATIONS.iter().enumerate().skip(version) {
            self.connection.execute_batch(migration).map_err(fault)?;
            self.connection
                .pragma_update(
                    None,
                    "user_version",
                    i64::try_from(index + 1).unwrap_or(i64::MAX),
                )
                .map_err(fault)?;
        }
        Ok(())
    }

    /// Begins to read: one snapshot until the guard is dropped.
    pub(super) fn begin_reading(&self) -> Result<OpenTransaction<'_>, Error> {
        self.attempt(|connection| connection.execute_batch("BEGIN"))?;
        Ok(self.open_transaction())
    }

    /// Begins to write: takes the write lock across processes. Dropping the guard without `commit`
    /// rolls back.
    pub(super) fn begin_writing(&self) -> Result<OpenTransaction<'_>, Error> {
        self.attempt(|connection| connection.execute_batch("BEGIN IMMEDIATE"))?;
        Ok(self.open_transaction())
    }

    /// The guard of a transaction that [`OpenTransaction::keep`] left open.
    pub(super) fn open_transaction(&self) -> OpenTransaction<'_> {
        OpenTransaction(&self.connection)
    }

    /// Makes a lock that another connection holds an error at once.
    pub(super) fn do_not_wait(&self) -> Result<(), Error> {
        self.connection.busy_timeout(Duration::ZERO).map_err(fault)
    }

    /// Waits again for locks of other connections, up to 5 s.
    pub(super) fn wait_for_locks(&self) -> Result<(), Error> {
        self.connection.busy_timeout(BUSY_LIMIT).map_err(fault)
    }

    /// Drops cached pages, so that they are read from the disk again.
    pub(super) fn drop_cache(&self) {
        // It only releases memory and does not fail.
        let _ = self.connection.release_memory();
    }

    /// Does `work`, and once more after a failure that may pass, since one failed read is not
    /// damage. It is not repeated in a transaction that SQLite has rolled back.
    fn attempt<T>(
        &self,
        mut work: impl FnMut(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        let inside = !self.connection.is_autocommit();
        let first = match work(&self.connection) {
            Err(error) if may_pass(&error) => error,
            done => return done.map_err(|error| self.why(error)),
        };
        if inside && self.connection.is_autocommit() {
            return Err(self.why(first));
        }
        self.drop_cache();
        work(&self.connection).map_err(|error| self.why(error))
    }

    /// Reads the whole file and checks its structure.
    pub(super) fn is_sound(&self) -> bool {
        self.drop_cache();
        let looked = self
            .connection
            .query_row("PRAGMA quick_check(1)", (), |row| row.get::<_, String>(0));
        looked.is_ok_and(|said| said == "ok")
    }

    fn why(&self, error: rusqlite::Error) -> Error {
        let error = fault(error);
        match &self.file {
            Some(file) => why(file, error),
            None => error,
        }
    }

    #[cfg(test)]
    pub(super) fn pragma(&self, name: &str) -> String {
        use rusqlite::types::Value;
        let value = self
            .connection
            .query_row(&format!("PRAGMA {name}"), (), |row| row.get(0));
        match value.unwrap() {
            Value::Text(text) => text,
            Value::Integer(number) => number.to_string(),
            other => format!("{other:?}"),
        }
    }

    pub(super) fn header(&self) -> Result<Header, Error> {
        self.attempt(|connection| {
            connection.query_row("SELECT vault_id, wrapped_key FROM header", (), |row| {
                Ok(Header {
                    vault_id: row.get(0)?,
                    wrapped_key: row.get(1)?,
                })
            })
        })
    }

    /// The version of a row.
    pub(super) fn version(&self, row: i64) -> Result<Option<i64>, Error> {
        self.attempt(|connection| {
            connection
                .prepare_cached("SELECT version FROM sealed_row WHERE row = ?1")?
                .query_row([row], |found| found.get(0))
                .optional()
        })
    }

    /// Calls `read` with a row's version and sealed bytes, where the row exists.
    pub(super) fn row<T>(
        &self,
        row: i64,
        mut read: impl FnMut(i64, &[u8]) -> T,
    ) -> Result<Option<T>, Error> {
        self.attempt(|connection| {
            connection
                .prepare_cached("SELECT version, sealed FROM sealed_row WHERE row = ?1")?
                .query_row([row], |found| {
                    Ok(read(found.get(0)?, found.get_ref(1)?.as_blob()?))
                })
                .optional()
        })
    }

    /// All row numbers with their versions, including the manifest's.
    pub(super) fn rows(&self) -> Result<Vec<(i64, i64)>, Error> {
        self.attempt(|connection| {
            connection
                .prepare_cached("SELECT row, version FROM sealed_row")?
                .query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })
    }

    /// The highest row number in use, including foreign rows.
    pub(super) fn last_row(&self) -> Result<i64, Error> {
        self.attempt(|connection| {
            connection
                .prepare_cached("SELECT coalesce(max(row), 0) FROM sealed_row")?
                .query_row((), |row| row.get(0))
        })
    }

    pub(super) fn put_row(&self, row: i64, version: i64, sealed: &[u8]) -> Result<(), Error> {
        self.attempt(|connection| {
            connection
                .prepare_cached(
                    "INSERT INTO sealed_row (row, version, sealed) VALUES (?1, ?2, ?3) \
                     ON CONFLICT (row) DO UPDATE SET version = excluded.version, sealed = excluded.sealed",
                )?
                .execute((row, version, sealed))
                .map(|_| ())
        })
    }

    pub(super) fn delete_row(&self, row: i64) -> Result<(), Error> {
        self.attempt(|connection| {
            connection
                .prepare_cached("DELETE FROM sealed_row WHERE row = ?1")?
                .execute([row])
                .map(|_| ())
        })
    }

    /// The activity log's highest sequence number; 0 while it is empty.
    pub(super) fn last_activity(&self) -> Result<i64, Error> {
        self.attempt(|connection| {
            connection
                .prepare_cached("SELECT coalesce(max(sequence), 0) FROM activity")?
                .query_row((), |row| row.get(0))
        })
    }

    pub(super) fn activity<T>(
        &self,
        sequence: i64,
        mut read: impl FnMut(&[u8]) -> T,
    ) -> Result<Option<T>, Error> {
        self.attempt(|connection| {
            connection
                .prepare_cached("SELECT sealed FROM activity WHERE sequence = ?1")?
                .query_row([sequence], |row| Ok(read(row.get_ref(0)?.as_blob()?)))
                .optional()
        })
    }

    pub(super) fn append_activity(&self, sequence: i64, sealed: &[u8]) -> Result<(), Error> {
        self.attempt(|connection| {
            connection
                .prepare_cached("INSERT INTO activity (sequence, sealed) VALUES (?1, ?2)")?
                .execute((sequence, sealed))
                .map(|_| ())
        })
    }
}

/// An open transaction. Dropping it without a commit rolls back.
pub(super) struct OpenTransaction<'d>(&'d Connection);

impl OpenTransaction<'_> {
    /// Leaves the transaction open for another guard.
    pub(super) fn keep(self) {
        std::mem::forget(self);
    }

    pub(super) fn commit(self) -> Result<(), Error> {
        self.0.execute_batch("COMMIT").map_err(fault)
    }
}

impl Drop for OpenTransaction<'_> {
    fn drop(&mut self) {
        // SQLite may have ended the transaction itself.
        if !self.0.is_autocommit() {
            let _ = self.0.execute_batch("ROLLBACK");
        }
    }
}

/// Makes the file readable by its owner only; SQLite gives its companion files the same mode.
fn make_private_file(file: &Path) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(file)
        .map(|_| ())
        .map_err(|error| StorageError::of(&error).into())
}
