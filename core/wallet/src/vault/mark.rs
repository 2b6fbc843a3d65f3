//! The install mark: a small file in the wallet's folder, beside the vault's own, that says that a vault was finished
//! there. It goes when the app is removed, and stays when the vault's file is lost: so the two can be told apart.
//! It is no secret and guards nothing against somebody who writes it himself.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use crate::error::{StorageError, twice};

const FILE: &str = "wallet.mark";

/// Where the mark of a wallet's folder is.
pub(super) fn file_in(directory: &Path) -> PathBuf {
    directory.join(FILE)
}

/// What the mark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// There is none: no vault was finished here, or by a version that set none.
    None,
    /// A vault was finished here, the first on this device.
    First,
    /// A vault was finished here, where the device remembered an earlier one.
    Again,
    /// Its holder has set the vault aside.
    SetAside,
}

impl Mark {
    /// Whether a vault must be here.
    pub(super) const fn is_installed(self) -> bool {
        matches!(self, Self::First | Self::Again)
    }

    pub(super) fn read(directory: &Path) -> Result<Self, StorageError> {
        let mut text = String::new();
        let read = twice(|| {
            text.clear();
            File::open(file_in(directory))?
                .take(16)
                .read_to_string(&mut text)
        });
        match read {
            Ok(_) => Ok(match text.trim_end() {
                "again" => Self::Again,
                "set aside" => Self::SetAside,
                // Whatever was written here by somebody else: there was a mark.
                _ => Self::First,
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::None),
            Err(error) if error.kind() == ErrorKind::InvalidData => Ok(Self::First),
            Err(error) => Err(StorageError::of(&error)),
        }
    }

    /// Writes the mark, as a whole: after a death at any instant the old one or the new one is there.
    pub(super) fn write(self, directory: &Path) -> Result<(), StorageError> {
        let words = match self {
            Self::None => return Ok(()),
            Self::First => "first\n",
            Self::Again => "again\n",
            Self::SetAside => "set aside\n",
        };
        let fresh = directory.join(format!("{FILE}.new"));
        let write = || {
            let mut options = OpenOptions::new();
            options.write(true).create(true).truncate(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(&fresh)?;
            file.write_all(words.as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&fresh, file_in(directory))?;
            // The name of a file is in its folder, which is synced by itself.
            #[cfg(unix)]
            File::open(directory)?.sync_all()?;
            Ok(())
        };
        write().map_err(|error: std::io::Error| StorageError::of(&error))
    }
}
