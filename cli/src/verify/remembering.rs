//! `--replay-memory`: the tokens that were seen, kept between two runs.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use vidimus_credential::verify::Remembered;

use crate::failure::{Failure, Outcome};
use crate::files;
use crate::report::Note;

/// A memory of 4,096 tokens, and a byte to see that a file is longer.
const MAX_MEMORY: u64 = 11 + 4_096 * 40;

/// The file of the tokens that were seen.
pub(super) struct SavedMemory {
    path: PathBuf,
}

impl SavedMemory {
    /// Reads the file. One that is missing is empty, and so is a broken one, which is said.
    pub(super) fn open(path: &Path) -> Outcome<(Self, Remembered, Option<Note>)> {
        let memory = Self {
            path: path.to_owned(),
        };
        match path.metadata() {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok((memory, Remembered::default(), None));
            }
            Err(error) => return Err(Failure::unreadable(path, &error)),
            Ok(_) => {}
        }
        let bytes = files::read_up_to(path, MAX_MEMORY)?;
        Ok(match Remembered::from_bytes(&bytes) {
            Ok(remembered) => (memory, remembered, None),
            Err(_) => (memory, Remembered::default(), Some(broken(path))),
        })
    }

    /// Writes the file anew.
    pub(super) fn save(&self, remembered: &Remembered) -> Outcome {
        files::replace(&self.path, &remembered.to_bytes())
    }
}

fn broken(path: &Path) -> Note {
    Note {
        about: "replay_memory",
        problem: "damaged",
        say: format!(
            "{} is damaged, or it is another file; it begins anew, and a token of the last two minutes could be taken twice",
            path.display()
        ),
        explains: None,
    }
}
