//! Writing the database file anew, without what was deleted.
//!
//! `secure_delete` overwrites a row that is deleted. Where rows were moved between pages before, a
//! copy of it can be left in the room between them, and the write-ahead log holds pages as they
//! were: only a file that is written anew has none of it.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::error::Error;

/// A database of this size at most is written anew in memory, in bytes: 256 MiB. A larger one goes
/// through a file without a name in the folder for temporary files (`SQLITE_TMPDIR`).
pub(crate) const SMALL: u64 = 256 * 1024 * 1024;
/// How long it waits for others. After that a later call tries again.
const WAIT: Duration = Duration::from_secs(2);

/// Writes a database file anew, and empties its write-ahead log. Others go on reading, and wait
/// with what they write. Returns whether it is done: not where someone reads an earlier state for
/// long.
///
/// # Errors
/// [`Error::Busy`] where someone writes for long, or why it cannot be written.
pub(crate) fn rewrite(path: &Path, size: u64) -> Result<bool, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(WAIT)?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "secure_delete", true)?;
    if size <= SMALL {
        connection.pragma_update(None, "temp_store", "memory")?;
    }
    connection.execute_batch("VACUUM")?;
    let busy: i64 =
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(busy == 0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use rusqlite::params;

    use super::*;

    /// Rows of changing length, so that they are moved between pages.
    const ROWS: u64 = 3_000;

    /// A draw that is the same each time.
    struct Draw(u64);

    impl Draw {
        fn below(&mut self, bound: u64) -> u64 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % bound
        }

        fn text(&mut self, row: u64, most: u64) -> String {
            let length = usize::try_from(300 + self.below(most)).unwrap();
            format!("Name{row:04}{}", "x".repeat(length))
        }
    }

    /// Which names are in the file.
    fn names(path: &Path) -> BTreeSet<u64> {
        let bytes = fs::read(path).unwrap();
        let places = bytes
            .windows(8)
            .filter(|window| window.starts_with(b"Name"));
        places
            .filter_map(|window| std::str::from_utf8(&window[4..]).ok()?.parse().ok())
            .collect()
    }

    #[test]
    fn copies_that_an_overwriting_deletion_leaves_are_gone_once_the_file_is_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite");
        let database = Connection::open(&path).unwrap();
        database
            .execute_batch(
                "PRAGMA journal_mode = wal; PRAGMA secure_delete = on;
                 CREATE TABLE t (id TEXT PRIMARY KEY, text TEXT) STRICT; BEGIN;",
            )
            .unwrap();
        let mut draw = Draw(1);
        for row in 0..ROWS {
            let insert = "INSERT INTO t VALUES (?, ?)";
            let text = draw.text(row, 400);
            database
                .execute(insert, params![format!("x{row}"), text])
                .unwrap();
        }
        for row in 0..ROWS {
            if draw.below(5) < 2 {
                let update = "UPDATE t SET text = ? WHERE id = ?";
                let text = draw.text(row, 600);
                database
                    .execute(update, params![text, format!("x{row}")])
                    .unwrap();
            }
        }
        database.execute_batch("COMMIT; BEGIN").unwrap();
        let gone: BTreeSet<u64> = (0..ROWS).filter(|_| draw.below(3) == 0).collect();
        for row in &gone {
            let delete = "UPDATE t SET text = NULL WHERE id = ?";
            database.execute(delete, [format!("x{row}")]).unwrap();
        }
        database.execute_batch("COMMIT").unwrap();
        let truncate = "PRAGMA wal_checkpoint(TRUNCATE)";
        database.query_row(truncate, [], |_| Ok(())).unwrap();
        assert!(!names(&path).is_disjoint(&gone), "the case is no case");

        assert_eq!(rewrite(&path, 0), Ok(true));
        let kept: BTreeSet<u64> = (0..ROWS).filter(|row| !gone.contains(row)).collect();
        assert_eq!(names(&path), kept);
        assert_eq!(
            fs::metadata(path.with_extension("sqlite-wal"))
                .unwrap()
                .len(),
            0
        );
    }
}
