//! The database's connection, its migrations, and the conversions at its border.

pub(crate) mod accounts;
pub(crate) mod audit;
pub(crate) mod blobs;
pub(crate) mod clients;
pub(crate) mod clock;
pub(crate) mod codes;
mod copy;
pub(crate) mod decisions;
pub(crate) mod deferrals;
pub(crate) mod devices;
pub(crate) mod documents;
pub(crate) mod epoch;
pub(crate) mod events;
pub(crate) mod forgotten;
pub(crate) mod grants;
pub(crate) mod indexes;
pub(crate) mod issuances;
pub(crate) mod keys;
pub(crate) mod known_browsers;
pub(crate) mod letters;
pub(crate) mod licenses;
pub(crate) mod lists;
pub(crate) mod nonces;
pub(crate) mod offers;
pub(crate) mod office_sessions;
pub(crate) mod oidc;
pub(crate) mod proposals;
pub(crate) mod readers;
pub(crate) mod reconcile;
pub(crate) mod repair;
pub(crate) mod requests;
pub(crate) mod reviews;
pub(crate) mod settings;
pub(crate) mod sign_ins;
pub(crate) mod slots;
pub(crate) mod tries;
pub(crate) mod unexplained;
pub(crate) mod use_cases;
pub(crate) mod users;
pub(crate) mod vacuum;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub(crate) use rusqlite::Transaction;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use vidimus_credential::UnixTime;

use crate::error::{Error, StorageFault, damaged};
use crate::office::By;

/// Nothing was deployed with the schemas before this one: their homes are refused, unharmed.
const FIRST: usize = 2;
/// The first script makes the schema [`FIRST`]; each further one brings it to the next version.
const MIGRATIONS: [&str; 5] = [
    include_str!("migrations/0002.sql"),
    include_str!("migrations/0003.sql"),
    include_str!("migrations/0004.sql"),
    include_str!("migrations/0005.sql"),
    include_str!("migrations/0006.sql"),
];
/// How long a call waits for another process's transaction.
const BUSY: Duration = Duration::from_secs(15);
/// How long a command waits for those who read, before it leaves its change in the write-ahead log.
const READ_FOR_LONG: Duration = Duration::from_secs(2);
/// Under which a command says what it was not asked for, and what its caller should know all the
/// same.
pub(crate) const TOLD: &str = "vidimus_authority::told";

/// One process's connection. Every change is one immediate transaction, so that several processes
/// on one home never act on what another is about to change.
///
/// Clones share the connection. Each one writes in somebody's name ([`Store::acting`]), which is
/// noted with the events of its transactions.
#[derive(Clone)]
pub(crate) struct Store {
    shared: Arc<Connected>,
    by: By,
}

struct Connected {
    connection: Mutex<Connection>,
    /// The greatest epoch that this process has seen: the database never goes back behind it.
    seen: AtomicU64,
}

impl Connected {
    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic elsewhere rolled its transaction back, so the connection is good.
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Makes the tables of a new authority in a database file that exists, or opens those that
    /// there are.
    pub(crate) fn create(path: &Path) -> Result<Self, Error> {
        Self::open_with(path, true)
    }

    /// Opens a database file that exists, and brings its schema up to date.
    ///
    /// # Errors
    /// [`Error::NotInitialised`] where it holds nothing, which it goes on doing;
    /// [`Error::NewerSchema`], [`Error::EarlierSchema`], or why it cannot be used.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        Self::open_with(path, false)
    }

    fn open_with(path: &Path, new: bool) -> Result<Self, Error> {
        match Self::connect(path, new, Sharing::Others) {
            // On a disk without room for the index that processes share, one alone keeps it in
            // memory: a register on a full disk can be read.
            Err(
                error @ Error::Storage(StorageFault::Full | StorageFault::Io | StorageFault::Open),
            ) => Self::connect(path, new, Sharing::NoOne).map_err(|_| error),
            opened => opened,
        }
    }

    fn connect(path: &Path, new: bool, sharing: Sharing) -> Result<Self, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags)?;
        connection.busy_handler(Some(wait_for_others()))?;
        if sharing == Sharing::NoOne {
            connection.pragma_update(None, "locking_mode", "exclusive")?;
        }
        if !new && version(&connection)? == 0 {
            return Err(Error::NotInitialised);
        }
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        // What is deleted (spent tokens' digests) does not linger in free pages.
        connection.pragma_update(None, "secure_delete", true)?;
        migrate(&mut connection)?;
        if settings::lack_number_secret(&connection)? || licenses::has_old_keys(&connection)? {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            settings::make_number_secret(&transaction)?;
            licenses::renew_keys(&transaction)?;
            transaction.commit()?;
        }
        Ok(Self::of(connection))
    }

    fn of(connection: Connection) -> Self {
        Self {
            shared: Arc::new(Connected {
                connection: Mutex::new(connection),
                seen: AtomicU64::new(0),
            }),
            by: By::Machine,
        }
    }

    /// The same database, in the name of somebody else. What a user of the office writes is refused
    /// once they are disabled or have lost the role for it, in the transaction that would write it.
    pub(crate) fn acting(&self, by: By) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            by,
        }
    }

    /// In whose name it writes.
    pub(crate) const fn by(&self) -> By {
        self.by
    }

    /// Runs one immediate transaction; an error undoes it. Where it changes anything, the
    /// register's epoch rises with it.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut connection = self.shared.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let begun = epoch::read(&transaction)?;
        let known = self.shared.seen.load(Ordering::Relaxed);
        if begun < known {
            return Err(Error::OldRegister {
                epoch: begun,
                known,
            });
        }
        if let By::User { id, needs } = self.by {
            users::check(&transaction, id, needs)?;
        }
        let changes = transaction.total_changes();
        let last = match self.by {
            By::Machine => None,
            By::Server | By::User { .. } => Some(events::last(&transaction)?),
        };
        let value = work(&transaction)?;
        if transaction.total_changes() != changes {
            if let Some(last) = last {
                events::name_author(&transaction, last, self.by)?;
            }
            epoch::raise(&transaction)?;
        }
        let reached = epoch::read(&transaction)?;
        transaction.commit()?;
        self.shared.seen.fetch_max(reached, Ordering::Relaxed);
        Ok(value)
    }

    /// Runs one immediate transaction that adds to the audit: what the register says is not changed
    /// by it, and so its epoch stays.
    pub(crate) fn write_audit<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut connection = self.shared.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = work(&transaction)?;
        transaction.commit()?;
        Ok(value)
    }

    /// Brings what is committed into the main database file, so that a copy of that file alone has
    /// it. Waits a moment for those who still read an earlier state. Where they take longer, that
    /// is logged and nothing else: what is committed is safe, and the next call brings it over.
    ///
    /// # Errors
    /// Why the database cannot be used.
    pub(crate) fn checkpoint(&self) -> Result<(), Error> {
        if !self.checkpoint_within(READ_FOR_LONG)? {
            tracing::error!(
                target: TOLD,
                "what was done is stored, and not in authority.sqlite yet: another process reads the database for long, so the change is in authority.sqlite-wal alone. Nothing is lost, and `serve` or the next command brings it over; until then a copy of authority.sqlite alone lacks it"
            );
        }
        Ok(())
    }

    /// A passive checkpoint brings over what no one in the way reads, and holds no one up. So it is
    /// repeated until everything is over that was in the log at the beginning. (A full one would
    /// keep every writer waiting as long as one reader takes, and says no less often that it was
    /// not done.) Returns whether it is over.
    fn checkpoint_within(&self, limit: Duration) -> Result<bool, Error> {
        let begun = Instant::now();
        let mut needed = None;
        let mut pause = Duration::from_millis(1);
        loop {
            // Not held while waiting: other threads of this process go on.
            let (busy, log, over): (i64, i64, i64) =
                self.shared
                    .lock()
                    .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
                        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                    })?;
            // With another checkpoint under way nothing may be told: -1.
            if log >= 0 {
                let needed = *needed.get_or_insert(log);
                // A log that is shorter was begun anew, and that is done when all of it is over.
                if over >= needed || log < needed {
                    return Ok(true);
                }
            }
            if begun.elapsed() >= limit {
                tracing::debug!(busy, log, over, "the write-ahead log stays");
                return Ok(false);
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(50));
        }
    }

    /// Reads one consistent state.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut connection = self.shared.lock();
        let transaction = connection.transaction()?;
        work(&transaction)
    }
}

/// Whether other processes may use the database while it is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sharing {
    Others,
    NoOne,
}

/// How a call waits for another process's transaction: it looks again after a few milliseconds.
/// SQLite's own way is to wait for up to a tenth of a second each time, and meanwhile others come
/// first.
fn wait_for_others() -> impl FnMut(i32) -> bool + Send + 'static {
    let mut begun = Instant::now();
    move |turn| {
        if turn == 0 {
            begun = Instant::now();
        }
        let more = begun.elapsed() < BUSY;
        if more {
            let turn = u64::try_from(turn).unwrap_or(0);
            std::thread::sleep(Duration::from_millis(1 + turn % 4));
        }
        more
    }
}

/// The schema's version; 0 in a file that holds nothing.
fn version(connection: &Connection) -> Result<usize, Error> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    usize::try_from(version).map_err(damaged)
}

/// Brings what is committed into the main database file, as far as no one is in the way. A command
/// whose answer depends on it has called [`Store::checkpoint`] before.
impl Drop for Connected {
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
    let version = version(&transaction)?;
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
            // SQLite makes room in a file that processes share, and there is none.
            Some(ErrorCode::SystemIoFailure)
                if error
                    .sqlite_error()
                    .is_some_and(|of| of.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE) =>
            {
                StorageFault::Full
            }
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => StorageFault::ReadOnly,
            Some(ErrorCode::CannotOpen) => StorageFault::Open,
            Some(ErrorCode::SystemIoFailure) => StorageFault::Io,
            _ => StorageFault::Other {
                code: error.sqlite_error().map_or(-1, |of| of.extended_code),
            },
        };
        Self::Storage(fault)
    }
}

/// The database of a home, beside the authority's own connection.
#[cfg(test)]
pub(crate) fn test_database(home: &Path) -> Connection {
    let mut database = Connection::open(home.join("authority.sqlite")).unwrap();
    database.busy_handler(Some(wait_for_others())).unwrap();
    database
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reader_keeps_out_of_the_main_file_is_waited_for_and_told_where_it_takes_too_long() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite");
        std::fs::write(&path, b"").unwrap();
        let store = Store::create(&path).unwrap();
        let insert = || {
            store
                .write(|transaction| {
                    Ok(transaction.execute("INSERT INTO events (at, kind) VALUES (1, 'x')", [])?)
                })
                .unwrap();
        };
        // As many as a copy of the main file alone holds.
        let copied = || {
            let copy = folder.path().join("copy");
            std::fs::copy(&path, &copy).unwrap();
            let copied = Connection::open(&copy).unwrap();
            let count: i64 = copied
                .query_row("SELECT count(*) FROM events", [], |row| row.get(0))
                .unwrap();
            count
        };
        insert();
        store.checkpoint().unwrap();
        assert_eq!(copied(), 1);
        let other = Connection::open(&path).unwrap();
        let read = |sql: &str| other.execute_batch(sql).unwrap();
        read("BEGIN; SELECT count(*) FROM events;");
        insert();
        let short = Duration::from_millis(50);
        assert_eq!(store.checkpoint_within(short), Ok(false));
        assert_eq!(copied(), 1);
        // No one is held up meanwhile.
        insert();
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| store.checkpoint());
            std::thread::sleep(short);
            read("COMMIT;");
            assert_eq!(waits.join().unwrap(), Ok(()));
        });
        assert_eq!(copied(), 3);
        // Who is about to write is not in the way.
        insert();
        read("BEGIN IMMEDIATE;");
        store.checkpoint().unwrap();
        assert_eq!(copied(), 4);
    }

    #[test]
    fn a_copy_is_one_state_without_what_was_deleted_however_much_is_written_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, b"").unwrap();
            path
        };
        let path = file("a.sqlite");
        let store = Store::create(&path).unwrap();
        let add = |store: &Store, kind: &str| {
            store
                .write(|transaction| {
                    for _ in 0..2 {
                        transaction
                            .execute("INSERT INTO events (at, kind) VALUES (1, ?)", [kind])?;
                    }
                    Ok(())
                })
                .unwrap();
        };
        // Four steps of a copy.
        add(&store, &"x".repeat(8 * 1024 * 1024));
        add(&store, "a secret of yesterday");
        let delete = "PRAGMA secure_delete = off; DELETE FROM events WHERE kind LIKE 'a secret%'";
        Connection::open(&path)
            .unwrap()
            .execute_batch(delete)
            .unwrap();
        let (copy, plain) = (file("copy"), file("plain"));
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let other = Store::open(&path).unwrap();
                while !done.load(Ordering::Relaxed) {
                    add(&other, "y");
                }
            });
            let copied = store.copy_to(&copy, &plain);
            done.store(true, Ordering::Relaxed);
            copied.unwrap();
        });
        let bytes = std::fs::read(&copy).unwrap();
        assert!(!bytes.windows(8).any(|window| window == b"a secret"));
        let copied = Store::open_copy(&copy).unwrap();
        copied.verify().unwrap();
        let count: i64 = copied
            .read(|transaction| {
                Ok(transaction.query_row("SELECT count(*) FROM events", [], |row| row.get(0))?)
            })
            .unwrap();
        assert_eq!(count % 2, 0, "a half of what was written at once");
    }

    #[test]
    fn a_newer_or_an_earlier_schema_is_refused_unharmed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite");
        std::fs::write(&path, b"").unwrap();
        assert_eq!(Store::open(&path).err(), Some(Error::NotInitialised));
        assert_eq!(std::fs::read(&path).unwrap(), b"", "nothing was made of it");
        drop(Store::create(&path).unwrap());
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

    #[test]
    fn a_failed_read_or_a_file_that_cannot_be_opened_is_not_called_damage() {
        let fault = |code| {
            Error::from(rusqlite::Error::SqliteFailure(
                rusqlite::ffi::Error::new(code),
                None,
            ))
        };
        for (code, told) in [
            (rusqlite::ffi::SQLITE_IOERR_READ, StorageFault::Io),
            (rusqlite::ffi::SQLITE_IOERR_SHORT_READ, StorageFault::Io),
            (rusqlite::ffi::SQLITE_IOERR_SHMSIZE, StorageFault::Full),
            (rusqlite::ffi::SQLITE_FULL, StorageFault::Full),
            (rusqlite::ffi::SQLITE_CANTOPEN, StorageFault::Open),
            (rusqlite::ffi::SQLITE_CORRUPT, StorageFault::Damaged),
            (rusqlite::ffi::SQLITE_NOTADB, StorageFault::Damaged),
        ] {
            assert_eq!(fault(code), Error::Storage(told), "{code}");
        }
    }
}
