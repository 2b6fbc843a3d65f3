//! Only the owner may access the vault's files. Wider rights from an older version or another
//! program are removed, or the vault is not opened.

#[cfg(unix)]
use std::fs::{Metadata, Permissions};
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::error::{Error, StorageError};
#[cfg(unix)]
use crate::{error::twice, vault::mark};

#[cfg(unix)]
const OTHERS_WRITE: u32 = 0o022;
#[cfg(unix)]
const OTHERS: u32 = 0o077;

/// The file of the network lock in a wallet's folder. The lock itself is in `network`; the name is
/// here because the file must be private too.
pub(crate) fn network_lock_in(directory: &Path) -> PathBuf {
    directory.join("network.lock")
}

/// Makes a folder that only its owner may use; an existing one is not changed.
pub(super) fn make_folder(folder: &Path) -> Result<(), Error> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|error| StorageError::of(&error).into())
}

/// Corrects the modes: only the owner may write to the wallet's folder, and only the owner may read
/// the vault's folder and the files of both.
///
/// # Errors
/// [`StorageError::OpenToOthers`] where others may write and this user may not change that, or
/// where the target is only linked from here. On a read-only disk nothing is changed.
#[cfg(unix)]
pub(super) fn ensure(directory: &Path, file: &Path) -> Result<(), Error> {
    // A folder with the sticky bit, such as `/tmp`, is shared on purpose and is not changed.
    const STICKY: u32 = 0o1000;
    let home = found(directory)?;
    if home.is_some_and(|home| home.permissions().mode() & STICKY == 0) {
        // A link that the caller named is followed.
        let itself = twice(|| std::fs::canonicalize(directory));
        let itself = itself.map_err(|error| StorageError::of(&error))?;
        take_from_others(&itself, OTHERS_WRITE)?;
    }
    // A user who can open the network lock could hold it for ever.
    for own in [mark::file_in(directory), network_lock_in(directory)] {
        take_from_others(&own, OTHERS)?;
    }
    take_from_others(file.parent().unwrap_or(directory), OTHERS)?;
    for end in ["", "-wal", "-shm", "-journal"] {
        let mut name = file.as_os_str().to_owned();
        name.push(end);
        take_from_others(Path::new(&name), OTHERS)?;
    }
    Ok(())
}

/// On other systems a folder inherits its rights from the user's profile.
#[cfg(not(unix))]
pub(super) fn ensure(_directory: &Path, _file: &Path) -> Result<(), Error> {
    Ok(())
}

#[cfg(unix)]
fn found(path: &Path) -> Result<Option<Metadata>, Error> {
    match twice(|| std::fs::metadata(path)) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StorageError::of(&error).into()),
    }
}

/// Removes these rights from others, where they have them.
#[cfg(unix)]
fn take_from_others(path: &Path, rights: u32) -> Result<(), Error> {
    let Some(mode) = found(path)?.map(|found| found.permissions().mode()) else {
        return Ok(());
    };
    if mode & rights == 0 {
        return Ok(());
    }
    let taken = if twice(|| std::fs::symlink_metadata(path)).is_ok_and(|it| it.is_symlink()) {
        // Others who could write here may have made a link to any file, so its target must not be
        // changed.
        Err(StorageError::OpenToOthers)
    } else {
        let private = Permissions::from_mode(mode & 0o7777 & !rights);
        twice(|| std::fs::set_permissions(path, private.clone()))
            .map_err(|error| StorageError::of(&error))
    };
    match taken {
        Ok(()) | Err(StorageError::ReadOnly) => Ok(()),
        // Reading gives others only sealed bytes.
        Err(_) if mode & OTHERS_WRITE == 0 => Ok(()),
        Err(_) => Err(StorageError::OpenToOthers.into()),
    }
}
