//! The install mark: a small file in the wallet's folder, which says that a vault was completed
//! there. It is removed with the app, and stays when only the vault's file is lost, so the two
//! cases can be distinguished. It is neither secret nor protected: anyone with access to the folder
//! could write it.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use crate::error::{StorageError, twice};

const FILE: &str = "wallet.mark";

/// The file of the mark in a wallet's folder.
pub(super) fn file_in(directory: &Path) -> PathBuf {
    directory.join(FILE)
}

/// The content of the mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// There is no mark: no vault was completed here, or only by a version without marks.
    None,
    /// A vault was completed here, the first on this device.
    First,
    /// A vault was completed here, and the device remembered an earlier one.
    Again,
    /// The vault was set aside.
    SetAside,
}

impl Mark {
    /// Whether this folder must have a vault.
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
                // Unknown content still shows that there was a mark.
                _ => Self::First,
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::None),
            Err(error) if error.kind() == ErrorKind::InvalidData => Ok(Self::First),
            Err(error) => Err(StorageError::of(&error)),
        }
    }

    /// Replaces the mark as a whole: after a crash either the old or the new one is there.
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
            // A new file's name is safe only once its folder is synced.
            #[cfg(unix)]
            File::open(directory)?.sync_all()?;
            Ok(())
        };
        write().map_err(|error: std::io::Error| StorageError::of(&error))
    }
}
