//! Folders of files that are made anew and seldom differ.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// An error of the file system as a line for a person.
pub(crate) trait At<T> {
    /// Puts the path before the error.
    ///
    /// # Errors
    /// The error that it was called on, as a line.
    fn at(self, path: impl AsRef<Path>) -> Result<T, String>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, path: impl AsRef<Path>) -> Result<T, String> {
        self.map_err(|error| format!("{}: {error}", path.as_ref().display()))
    }
}

/// Makes `to` hold what `from` holds and nothing else. A file that is the same already keeps its
/// date, so that no compiler looks at it again.
pub(crate) fn mirror(from: &Path, to: &Path) -> io::Result<()> {
    let wanted: BTreeSet<PathBuf> = below(from)?.into_iter().collect();
    for file in below(to)? {
        if !wanted.contains(&file) {
            fs::remove_file(to.join(file))?;
        }
    }
    for file in wanted {
        write(&to.join(&file), &fs::read(from.join(&file))?)?;
    }
    Ok(())
}

/// Writes a file, with its folders, where it does not hold these bytes already.
pub(crate) fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::read(file).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, bytes)
}

/// All files below a folder, by their paths in it. A folder that is not there has none.
pub(crate) fn below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(next) = open.pop() {
        let entries = match fs::read_dir(folder.join(&next)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            let path = next.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                open.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirrored_folder_loses_what_the_other_has_not_and_keeps_the_date_of_what_is_equal() {
        let place = std::env::temp_dir().join(format!("vidimus-xtask-{}", std::process::id()));
        let (from, to) = (place.join("from"), place.join("to"));
        write(&from.join("org/vidimus/a.kt"), b"same").unwrap();
        write(&from.join("b.kt"), b"new").unwrap();
        write(&to.join("org/vidimus/a.kt"), b"same").unwrap();
        write(&to.join("old.kt"), b"old").unwrap();
        let date = |file: &str| fs::metadata(to.join(file)).unwrap().modified().unwrap();
        let before = date("org/vidimus/a.kt");

        mirror(&from, &to).unwrap();

        assert_eq!(below(&to).unwrap(), below(&from).unwrap());
        assert_eq!(fs::read(to.join("b.kt")).unwrap(), b"new");
        assert_eq!(date("org/vidimus/a.kt"), before);
        fs::remove_dir_all(place).unwrap();
    }
}
