//! `issued.log`: a line for each credential that leaves the authority, on the disk before the
//! answer.
//!
//! It is outside of the database and of backups. Where the database is lost and an older copy is
//! put back, it says which places of the status lists are taken, and by which license.
//!
//! ```text
//! vidimus issued 1 <kid of the root>
//! <epoch> <list> <idx> <license> <device> <exp> <check>
//! ```
//!
//! `check` is the beginning of the line's SHA-256, so that a line that was cut by a death, or that
//! was damaged later, is not read as another one. A line may be there twice. It holds no
//! personal data.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{FileExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};
use vidimus_credential::{KeyId, UnixTime};

use crate::error::Error;
use crate::home::{Durability, write_atomic};
use crate::secret::hex;

/// Begins the first line.
const TITLE: &str = "vidimus issued 1 ";
/// Longer than any line.
const MAX_LINE: u64 = 256;

/// A credential that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The register's epoch with which it was committed.
    pub(crate) epoch: u64,
    pub(crate) list: u32,
    pub(crate) idx: u8,
    pub(crate) license: String,
    pub(crate) device: i64,
    pub(crate) exp: UnixTime,
}

impl Entry {
    fn to_line(&self) -> String {
        let Self {
            epoch,
            list,
            idx,
            license,
            device,
            exp,
        } = self;
        let text = format!("{epoch} {list} {idx} {license} {device} {}", exp.seconds());
        let check = check(&text);
        format!("{text} {check}\n")
    }

    fn parse(line: &str) -> Option<Self> {
        let (text, found) = line.rsplit_once(' ')?;
        if check(text) != found {
            return None;
        }
        let mut words = text.split(' ');
        let entry = Self {
            epoch: words.next()?.parse().ok()?,
            list: words.next()?.parse().ok()?,
            idx: words.next()?.parse().ok()?,
            license: words.next()?.to_owned(),
            device: words.next()?.parse().ok()?,
            exp: UnixTime::new(words.next()?.parse().ok()?).ok()?,
        };
        words.next().is_none().then_some(entry)
    }
}

/// The first eight digits of a line's SHA-256.
fn check(text: &str) -> String {
    let digest = Sha256::digest(text);
    hex(digest.get(..4).unwrap_or_default())
}

/// The log of one process.
pub(crate) struct IssuedLog {
    path: PathBuf,
    root: KeyId,
    writer: Mutex<Writer>,
    /// How many of this process's lines have reached the disk.
    synced: Mutex<u64>,
}

#[derive(Default)]
struct Writer {
    file: Option<File>,
    written: u64,
}

impl IssuedLog {
    pub(crate) fn new(path: PathBuf, root: KeyId) -> Self {
        Self {
            path,
            root,
            writer: Mutex::default(),
            synced: Mutex::new(0),
        }
    }

    /// Appends a line, which has reached the disk when this returns. Callers that come at once
    /// share one wait for the disk.
    pub(crate) fn append(&self, entry: &Entry) -> Result<(), Error> {
        let failed = |error| Error::io("write issued.log")(error);
        let mine = {
            let mut writer = self.writer();
            let moved = match &writer.file {
                Some(file) => !is_at(file, &self.path).map_err(failed)?,
                None => true,
            };
            if moved {
                if let Some(file) = writer.file.take() {
                    // Its last lines are needed where it is now.
                    file.sync_data().map_err(failed)?;
                }
                create(&self.path, self.root)?;
                writer.file = Some(open(&self.path).map_err(failed)?);
            }
            let Some(file) = writer.file.as_mut() else {
                return Err(failed(ErrorKind::NotFound.into()));
            };
            write_line(file, &entry.to_line()).map_err(failed)?;
            writer.written += 1;
            writer.written
        };
        let mut synced = self.synced.lock().unwrap_or_else(PoisonError::into_inner);
        if *synced >= mine {
            return Ok(());
        }
        let (upto, file) = {
            let writer = self.writer();
            let file = writer.file.as_ref().map(File::try_clone).transpose();
            (writer.written, file.map_err(failed)?)
        };
        if let Some(file) = file {
            file.sync_data().map_err(failed)?;
        }
        *synced = upto;
        Ok(())
    }

    fn writer(&self) -> std::sync::MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes an empty log where there is none.
pub(crate) fn create(path: &Path, root: KeyId) -> Result<(), Error> {
    if crate::home::exists(path)? {
        return Ok(());
    }
    let title = format!("{TITLE}{}\n", hex(root.as_bytes()));
    write_atomic(path, title.as_bytes(), 0o600, Durability::Synced)
        .map_err(Error::io("write issued.log"))
}

/// Whether this open file is still the one of this name: an operator may have moved it.
fn is_at(file: &File, path: &Path) -> std::io::Result<bool> {
    let there = match std::fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        there => there?,
    };
    let open = file.metadata()?;
    Ok((open.dev(), open.ino()) == (there.dev(), there.ino()))
}

fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new()
        .read(true)
        .append(true)
        .mode(0o600)
        .open(path)
}

/// Writes a line in one piece, on its own line: one that a death has cut is closed first.
fn write_line(file: &mut File, line: &str) -> std::io::Result<()> {
    let length = file.metadata()?.len();
    let mut last = [b'\n'];
    if length > 0 {
        file.read_exact_at(&mut last, length - 1)?;
    }
    if last == *b"\n" {
        file.write_all(line.as_bytes())
    } else {
        file.write_all(format!("\n{line}").as_bytes())
    }
}

/// What is known of a log without reading all of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tail {
    /// The root that it names.
    pub(crate) root: Option<String>,
    /// The greatest epoch in its last lines.
    pub(crate) epoch: Option<u64>,
}

/// Reads the first and the last lines; nothing where there is no log.
pub(crate) fn tail(path: &Path) -> Result<Tail, Error> {
    let failed = |error| Error::io("read issued.log")(error);
    let mut file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Tail::default()),
        opened => opened.map_err(failed)?,
    };
    let mut first = String::new();
    BufReader::new((&file).take(MAX_LINE))
        .read_line(&mut first)
        .map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    let from = length.saturating_sub(16 * MAX_LINE);
    file.seek(SeekFrom::Start(from)).map_err(failed)?;
    let mut last = Vec::new();
    file.read_to_end(&mut last).map_err(failed)?;
    let text = String::from_utf8_lossy(&last);
    Ok(Tail {
        root: root_of(&first),
        epoch: text
            .lines()
            .filter_map(Entry::parse)
            .map(|entry| entry.epoch)
            .max(),
    })
}

fn root_of(first: &str) -> Option<String> {
    first.trim_end().strip_prefix(TITLE).map(str::to_owned)
}

/// What reading a whole log came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Read {
    /// The root that it names.
    pub(crate) root: Option<String>,
    /// Lines that are damaged, the last one apart.
    pub(crate) damaged: usize,
}

/// Reads all entries in the order in which they were written. A last line without an end was cut by
/// a death, before its answer left: it is skipped.
pub(crate) fn read(path: &Path, mut each: impl FnMut(Entry)) -> Result<Option<Read>, Error> {
    let failed = |error| Error::io("read issued.log")(error);
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(failed)?,
    };
    let mut lines = BufReader::new(file);
    let mut read = Read::default();
    let mut line = Vec::new();
    let mut begun = false;
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line).map_err(failed)? == 0 {
            return Ok(Some(read));
        }
        let whole = line.last() == Some(&b'\n');
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end();
        if !std::mem::replace(&mut begun, true) && text.starts_with(TITLE) {
            read.root = root_of(text);
            continue;
        }
        match Entry::parse(text) {
            Some(entry) => each(entry),
            None if text.is_empty() || !whole => {}
            None => read.damaged += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: KeyId = KeyId::new([7; 8]);

    fn entry(epoch: u64, idx: u8) -> Entry {
        Entry {
            epoch,
            list: 70_000,
            idx,
            license: "00112233aabbccdd".to_owned(),
            device: 12,
            exp: UnixTime::new(1_802_592_000).unwrap(),
        }
    }

    fn all(path: &Path) -> (Vec<Entry>, Read) {
        let mut entries = Vec::new();
        let read = read(path, |entry| entries.push(entry)).unwrap().unwrap();
        (entries, read)
    }

    #[test]
    fn lines_come_back_in_their_order_and_the_first_one_names_the_root() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("issued.log");
        assert_eq!(tail(&path), Ok(Tail::default()));
        assert_eq!(read(&path, |_| {}), Ok(None));
        let log = IssuedLog::new(path.clone(), ROOT);
        log.append(&entry(5, 1)).unwrap();
        log.append(&entry(9, 2)).unwrap();
        // Another process goes on.
        IssuedLog::new(path.clone(), ROOT)
            .append(&entry(12, 3))
            .unwrap();
        let (entries, read) = all(&path);
        assert_eq!(entries, [entry(5, 1), entry(9, 2), entry(12, 3)]);
        let root = Some("0707070707070707".to_owned());
        assert_eq!(
            read,
            Read {
                root: root.clone(),
                damaged: 0
            }
        );
        assert_eq!(
            tail(&path),
            Ok(Tail {
                root,
                epoch: Some(12)
            })
        );
    }

    #[test]
    fn a_log_that_was_cut_anywhere_keeps_its_whole_lines_and_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("issued.log");
        let log = IssuedLog::new(path.clone(), ROOT);
        for idx in 0..3 {
            log.append(&entry(u64::from(idx) + 1, idx)).unwrap();
        }
        drop(log);
        let whole = std::fs::read(&path).unwrap();
        let title = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        for end in title..whole.len() {
            std::fs::write(&path, &whole[..end]).unwrap();
            let kept = whole[..end].iter().filter(|byte| **byte == b'\n').count() - 1;
            let (entries, read) = all(&path);
            // A line that lacks its line feed alone is whole too.
            let full = whole[end] == b'\n';
            assert_eq!(entries.len(), kept + usize::from(full), "{end}");
            assert_eq!(read.damaged, 0, "{end}");
            IssuedLog::new(path.clone(), ROOT)
                .append(&entry(50, 200))
                .unwrap();
            let (entries, _) = all(&path);
            assert_eq!(entries.last(), Some(&entry(50, 200)), "{end}");
            assert_eq!(tail(&path).unwrap().epoch, Some(50), "{end}");
        }
    }

    #[test]
    fn a_log_that_is_moved_away_under_a_running_process_is_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("issued.log");
        let log = IssuedLog::new(path.clone(), ROOT);
        log.append(&entry(5, 1)).unwrap();
        let moved = folder.path().join("moved");
        std::fs::rename(&path, &moved).unwrap();
        log.append(&entry(9, 2)).unwrap();
        assert_eq!(all(&moved).0, [entry(5, 1)]);
        assert_eq!(all(&path).0, [entry(9, 2)]);
        assert!(tail(&path).unwrap().root.is_some());
        // Another file under its name, or none.
        std::fs::rename(&moved, &path).unwrap();
        log.append(&entry(12, 3)).unwrap();
        assert_eq!(all(&path).0, [entry(5, 1), entry(12, 3)]);
        std::fs::remove_file(&path).unwrap();
        log.append(&entry(15, 4)).unwrap();
        assert_eq!(all(&path).0, [entry(15, 4)]);
    }

    #[test]
    fn no_single_bit_flip_makes_another_line_of_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("issued.log");
        IssuedLog::new(path.clone(), ROOT)
            .append(&entry(5, 1))
            .unwrap();
        let whole = std::fs::read(&path).unwrap();
        let title = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        for at in title..whole.len() {
            for bit in 0..8 {
                let mut flipped = whole.clone();
                flipped[at] ^= 1 << bit;
                std::fs::write(&path, &flipped).unwrap();
                let (entries, _) = all(&path);
                assert!(
                    entries.iter().all(|found| *found == entry(5, 1)),
                    "{at} {bit}"
                );
            }
        }
    }

    #[test]
    fn appends_of_many_threads_are_all_on_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("issued.log");
        let log = IssuedLog::new(path.clone(), ROOT);
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let log = &log;
                scope.spawn(move || {
                    for turn in 0..10 {
                        log.append(&entry(turn, thread)).unwrap();
                    }
                });
            }
        });
        assert_eq!(all(&path).0.len(), 80);
    }
}
