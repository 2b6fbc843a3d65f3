//! Reading what a person names on the command line, never more than a command can use, and writing
//! files that appear whole or not at all.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use crate::failure::{Failure, Outcome};

/// Reads a whole file of at most `limit` bytes; one more byte is kept where there is one, so that
/// the code that judges the bytes sees that they are too many.
pub(crate) fn read_up_to(path: &Path, limit: u64) -> Outcome<Vec<u8>> {
    let file = File::open(path).map_err(|error| Failure::unreadable(path, &error))?;
    read_all(file, limit).map_err(|error| Failure::unreadable(path, &error))
}

/// The same from standard input.
pub(crate) fn read_standard_input(limit: u64) -> Outcome<Vec<u8>> {
    read_all(io::stdin().lock(), limit)
        .map_err(|error| Failure::bad_input(format!("cannot read standard input: {error}")))
}

/// Writes a file through a sibling, so that a viewer never sees half a picture. Only its owner may
/// read it. What is there and no plain file (a pipe, a device) is written to and stays.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Outcome {
    if std::fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        return std::fs::write(path, bytes).map_err(|error| Failure::unwritable(path, &error));
    }
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let written = tempfile::NamedTempFile::new_in(folder).and_then(|mut file| {
        file.write_all(bytes)?;
        file.persist(path).map_err(|error| error.error)
    });
    match written {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::unwritable(path, &error)),
    }
}

/// Refuses a file that is there, where a command would not replace it.
pub(crate) fn refuse_existing(path: &Path) -> Outcome {
    if path.symlink_metadata().is_ok() {
        return Err(Failure::not_done(format!(
            "{} is there already, and is not replaced; give another name",
            path.display()
        )));
    }
    Ok(())
}

/// Writes a file that is not there yet. Only its owner may read it.
pub(crate) fn create(path: &Path, bytes: &[u8]) -> Outcome {
    refuse_existing(path)?;
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let written = tempfile::NamedTempFile::new_in(folder).and_then(|mut file| {
        file.write_all(bytes)?;
        file.persist_noclobber(path).map_err(|error| error.error)
    });
    match written {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::unwritable(path, &error)),
    }
}

fn read_all(reader: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_over_the_limit_is_seen_and_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long");
        std::fs::write(&path, [7; 100]).unwrap();
        assert_eq!(read_up_to(&path, 10).unwrap().len(), 11);
        assert_eq!(read_up_to(&path, 100).unwrap().len(), 100);
    }

    #[test]
    fn a_file_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("qr.png");
        replace(&path, b"first").unwrap();
        replace(&path, b"second").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"second");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(
            replace(&folder.path().join("no/where.png"), b"")
                .unwrap_err()
                .code(),
            1
        );
    }
}
