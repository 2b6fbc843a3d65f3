//! The SQLite file: opening, migrations, statements, and what its faults mean. Seals are opaque here.

use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{
    Connection, ErrorCode, OpenFlags, OptionalExtension, Transaction, TransactionBehavior,
};

use crate::error::{Damage, Error, StorageError};

/// Applied in order; each raises `user_version` by one in its own transaction.
const MIGRATIONS: [&str; 2] = [
    include_str!("migrations/0001_sealed_rows.sql"),
    include_str!("migrations/0002_next_license.sql"),
];

/// "VDML": tells a vault from any other SQLite file.
const APPLICATION_ID: i32 = 0x5644_4d4c;

/// The manifest's place among the sealed rows.
pub(super) const MANIFEST_ROW: i64 = 0;

const BUSY_LIMIT: Duration = Duration::from_secs(5);

/// The WAL is folded into the file after this many pages, so that an opening after a kill, which reads
/// what is left of it, stays short.
const CHECKPOINT_PAGES: u32 = 256;

const OPEN_TO_WRITE: OpenFlags =
    OpenFlags::SQLITE_OPEN_READ_WRITE.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// One connection to the vault's file.
pub(super) struct Database(Connection);

/// Who else may use the file while it is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sharing {
    Others,
    Nobody,
}

/// What stands in the clear, for the device's key store.
pub(super) struct Header {
    pub(super) vault_id: [u8; 16],
    pub(super) wrapped_key: Vec<u8>,
}

impl Database {
    /// Opens the file of an existing vault and migrates an older schema.
    pub(super) fn open(file: &Path) -> Result<Self, Error> {
        if !file.try_exists().map_err(|_| StorageError::CannotOpen)? {
            return Err(Error::NoWallet);
        }
        match Self::open_here(file, Sharing::Others) {
            Err(Error::Storage(_)) if is_on_a_read_only_disk(file) => Self::open_unchanging(file),
            // On a disk without room for the index that processes share, one alone keeps it in memory: a license must
            // be shown on a full phone, too.
            Err(Error::Storage(
                StorageError::Full | StorageError::Io | StorageError::CannotOpen,
            )) => Self::open_here(file, Sharing::Nobody),
            opened => opened,
        }
    }

    fn open_here(file: &Path, sharing: Sharing) -> Result<Self, Error> {
        let database = Self::connect(file, OPEN_TO_WRITE)?;
        if sharing == Sharing::Nobody {
            database
                .0
                .execute_batch("PRAGMA locking_mode = EXCLUSIVE")
                .map_err(fault)?;
        }
        match database.schema_version()? {
            None => Err(Error::NoWallet),
            Some(_) => {
                database.use_wal()?;
                database.migrate()?;
                Ok(database)
            }
        }
    }

    /// Opens a file that nobody can change, without the companions that SQLite cannot make there. A write to it fails.
    ///
    /// A write-ahead log that was left behind would be passed over, and with it the newest commits: then the file stays
    /// closed.
    fn open_unchanging(file: &Path) -> Result<Self, Error> {
        let mut log = file.as_os_str().to_owned();
        log.push("-wal");
        if std::fs::metadata(log).is_ok_and(|log| log.len() > 0) {
            return Err(StorageError::ReadOnly.into());
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_URI;
        let database = Self::connect(Path::new(&unchanging_uri(file)), flags)?;
        match database.schema_version()? {
            None => Err(Error::NoWallet),
            Some(_) => {
                database.migrate()?;
                Ok(database)
            }
        }
    }

    /// Makes the file, or goes on where a creation was cut short. The schema and `fill` are one transaction.
    pub(super) fn create(
        file: &Path,
        header: &Header,
        fill: impl FnOnce(&Self) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        make_private_file(file)?;
        let database = Self::connect(file, OPEN_TO_WRITE)?;
        database.use_wal()?;
        let transaction = database.begin_writing()?;
        if database.schema_version()?.is_some() {
            return Err(Error::AlreadyExists);
        }
        database
            .0
            .pragma_update(None, "application_id", APPLICATION_ID)
            .map_err(fault)?;
        database.apply(0)?;
        database
            .0
            .execute(
                "INSERT INTO header (only, vault_id, wrapped_key) VALUES (1, ?1, ?2)",
                (&header.vault_id, &header.wrapped_key),
            )
            .map_err(fault)?;
        fill(&database)?;
        transaction.commit().map_err(fault)?;
        // From now on the file itself says that it is a vault, whatever befalls the WAL.
        database
            .0
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))
            .map_err(fault)?;
        Ok(database)
    }

    fn connect(file: &Path, flags: OpenFlags) -> Result<Self, Error> {
        let connection = Connection::open_with_flags(file, flags).map_err(fault)?;
        connection.busy_timeout(BUSY_LIMIT).map_err(fault)?;
        // A tampered schema may not call functions or write where it should not.
        for (option, on) in [
            (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
            (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
            (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
            (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        ] {
            connection.set_db_config(option, on).map_err(fault)?;
        }
        Ok(Self(connection))
    }

    /// Only after the schema was found to be one of ours: a newer one is left as it is.
    fn use_wal(&self) -> Result<(), Error> {
        self.0
            .execute_batch(&format!(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; \
                 PRAGMA cell_size_check = ON; PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES};"
            ))
            .map_err(fault)
    }

    /// `None` for an empty file, which a creation that was cut short leaves behind.
    fn schema_version(&self) -> Result<Option<usize>, Error> {
        let number = |pragma| {
            self.0
                .query_row(pragma, (), |row| row.get::<_, i32>(0))
                .map_err(fault)
        };
        let version = number("PRAGMA user_version")?;
        let application = number("PRAGMA application_id")?;
        if version == 0 && application == 0 {
            let objects: i64 = self
                .0
                .query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))
                .map_err(fault)?;
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

    fn migrate(&self) -> Result<(), Error> {
        if self.schema_version()? == Some(MIGRATIONS.len()) {
            return Ok(());
        }
        let transaction = self.begin_writing()?;
        // Another process may have been faster: ask again under the lock.
        self.apply(self.schema_version()?.unwrap_or(0))?;
        transaction.commit().map_err(fault)
    }

    /// Applies what is behind `version`, inside the caller's transaction.
    fn apply(&self, version: usize) -> Result<(), Error> {
        for (index, migration) in MIGRATIONS.iter().enumerate().skip(version) {
            self.0.execute_batch(migration).map_err(fault)?;
            self.0
                .pragma_update(
                    None,
                    "user_version",
                    i64::try_from(index + 1).unwrap_or(i64::MAX),
                )
                .map_err(fault)?;
        }
        Ok(())
    }

    /// A snapshot that does not move until the guard is dropped.
    pub(super) fn begin_reading(&self) -> Result<Transaction<'_>, Error> {
        Transaction::new_unchecked(&self.0, TransactionBehavior::Deferred).map_err(fault)
    }

    /// The write lock, across processes; dropping the guard without `commit` takes all back.
    pub(super) fn begin_writing(&self) -> Result<Transaction<'_>, Error> {
        Transaction::new_unchecked(&self.0, TransactionBehavior::Immediate).map_err(fault)
    }

    pub(super) fn commit(transaction: Transaction<'_>) -> Result<(), Error> {
        transaction.commit().map_err(fault)
    }

    #[cfg(test)]
    pub(super) fn pragma(&self, name: &str) -> String {
        use rusqlite::types::Value;
        let value = self
            .0
            .query_row(&format!("PRAGMA {name}"), (), |row| row.get(0));
        match value.unwrap() {
            Value::Text(text) => text,
            Value::Integer(number) => number.to_string(),
            other => format!("{other:?}"),
        }
    }

    pub(super) fn header(&self) -> Result<Header, Error> {
        self.0
            .query_row("SELECT vault_id, wrapped_key FROM header", (), |row| {
                Ok(Header {
                    vault_id: row.get(0)?,
                    wrapped_key: row.get(1)?,
                })
            })
            .map_err(fault)
    }

    /// The version of a row, without its content.
    pub(super) fn version(&self, row: i64) -> Result<Option<i64>, Error> {
        self.0
            .prepare_cached("SELECT version FROM sealed_row WHERE row = ?1")
            .and_then(|mut statement| statement.query_row([row], |found| found.get(0)).optional())
            .map_err(fault)
    }

    /// Hands a row's version and seal to `read`, where there is such a row.
    pub(super) fn row<T>(
        &self,
        row: i64,
        read: impl FnOnce(i64, &[u8]) -> T,
    ) -> Result<Option<T>, Error> {
        self.0
            .prepare_cached("SELECT version, sealed FROM sealed_row WHERE row = ?1")
            .and_then(|mut statement| {
                statement
                    .query_row([row], |found| {
                        Ok(read(found.get(0)?, found.get_ref(1)?.as_blob()?))
                    })
                    .optional()
            })
            .map_err(fault)
    }

    /// All row numbers with their versions, the manifest's own among them.
    pub(super) fn rows(&self) -> Result<Vec<(i64, i64)>, Error> {
        self.0
            .prepare_cached("SELECT row, version FROM sealed_row")
            .and_then(|mut statement| {
                statement
                    .query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?
                    .collect()
            })
            .map_err(fault)
    }

    /// The highest row number in use, also by rows that are not ours.
    pub(super) fn last_row(&self) -> Result<i64, Error> {
        self.0
            .prepare_cached("SELECT coalesce(max(row), 0) FROM sealed_row")
            .and_then(|mut statement| statement.query_row((), |row| row.get(0)))
            .map_err(fault)
    }

    pub(super) fn put_row(&self, row: i64, version: i64, sealed: &[u8]) -> Result<(), Error> {
        self.0
            .prepare_cached(
                "INSERT INTO sealed_row (row, version, sealed) VALUES (?1, ?2, ?3) \
                 ON CONFLICT (row) DO UPDATE SET version = excluded.version, sealed = excluded.sealed",
            )
            .and_then(|mut statement| statement.execute((row, version, sealed)))
            .map(|_| ())
            .map_err(fault)
    }

    pub(super) fn delete_row(&self, row: i64) -> Result<(), Error> {
        self.0
            .prepare_cached("DELETE FROM sealed_row WHERE row = ?1")
            .and_then(|mut statement| statement.execute([row]))
            .map(|_| ())
            .map_err(fault)
    }

    /// The activity log's highest sequence number; 0 while it is empty.
    pub(super) fn last_activity(&self) -> Result<i64, Error> {
        self.0
            .prepare_cached("SELECT coalesce(max(sequence), 0) FROM activity")
            .and_then(|mut statement| statement.query_row((), |row| row.get(0)))
            .map_err(fault)
    }

    pub(super) fn activity<T>(
        &self,
        sequence: i64,
        read: impl FnOnce(&[u8]) -> T,
    ) -> Result<Option<T>, Error> {
        self.0
            .prepare_cached("SELECT sealed FROM activity WHERE sequence = ?1")
            .and_then(|mut statement| {
                statement
                    .query_row([sequence], |row| Ok(read(row.get_ref(0)?.as_blob()?)))
                    .optional()
            })
            .map_err(fault)
    }

    pub(super) fn append_activity(&self, sequence: i64, sealed: &[u8]) -> Result<(), Error> {
        self.0
            .prepare_cached("INSERT INTO activity (sequence, sealed) VALUES (?1, ?2)")
            .and_then(|mut statement| statement.execute((sequence, sealed)))
            .map(|_| ())
            .map_err(fault)
    }
}

/// Only its owner may read the file; SQLite gives its companions the same mode.
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

/// Whether the system mounted the disk so that nobody can write, as Linux does after a fault of it.
fn is_on_a_read_only_disk(file: &Path) -> bool {
    let opened = OpenOptions::new().append(true).open(file);
    opened.is_err_and(|error| error.kind() == std::io::ErrorKind::ReadOnlyFilesystem)
}

/// The file's name for SQLite, with the promise that its content does not change while it is open.
fn unchanging_uri(file: &Path) -> String {
    let mut uri = "file:".to_owned();
    for byte in file.as_os_str().as_encoded_bytes() {
        match char::from(*byte) {
            plain if plain.is_ascii_alphanumeric() || "/-._".contains(plain) => uri.push(plain),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri + "?immutable=1"
}

/// What a fault of SQLite means. A schema that does not know our tables was tampered with.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that `map_err` hands over"
)]
fn fault(error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StorageError::Full.into(),
        Some(ErrorCode::ReadOnly) => StorageError::ReadOnly.into(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StorageError::Busy.into(),
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            StorageError::CannotOpen.into()
        }
        Some(
            ErrorCode::SystemIoFailure
            | ErrorCode::OutOfMemory
            | ErrorCode::FileLockingProtocolFailed,
        ) => StorageError::Io.into(),
        _ => damaged(),
    }
}

fn damaged() -> Error {
    Error::VaultDamaged { what: Damage::File }
}
