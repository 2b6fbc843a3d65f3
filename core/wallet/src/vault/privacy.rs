//! The vault's files are their owner's alone. What an older version or somebody else left open to others is set right, or
//! the vault is not opened.

#[cfg(unix)]
use std::fs::{Metadata, Permissions};
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::error::{Error, StorageError};
#[cfg(unix)]
use crate::{error::twice, network::lock, vault::mark};

#[cfg(unix)]
const OTHERS_WRITE: u32 = 0o022;
#[cfg(unix)]
const OTHERS: u32 = 0o077;

/// Makes a folder that is its owner's alone; one that is there stays as it is.
pub(super) fn make_folder(folder: &Path) -> Result<(), Error> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|error| StorageError::of(&error).into())
}

/// Sets the modes right: nobody but the owner writes to the wallet's folder, or sees the vault's folder and the files of
/// both.
///
/// # Errors
/// [`StorageError::OpenToOthers`] where others may write and this user may not change that, or what they may write to is
/// elsewhere, and only a link here. A disk that is read-only for all is left as it is.
#[cfg(unix)]
pub(super) fn ensure(directory: &Path, file: &Path) -> Result<(), Error> {
    // A folder that all may write to and where each keeps what is his, as `/tmp`, is not ours to change.
    const STICKY: u32 = 0o1000;
    let home = found(directory)?;
    if home.is_some_and(|home| home.permissions().mode() & STICKY == 0) {
        // A link that its holder named is followed.
        let itself = twice(|| std::fs::canonicalize(directory));
        let itself = itself.map_err(|error| StorageError::of(&error))?;
        take_from_others(&itself, OTHERS_WRITE)?;
    }
    // Whoever may open the network's lock may hold it for ever.
    for own in [mark::file_in(directory), lock::file_in(directory)] {
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

/// Elsewhere a folder inherits its owner's rights from the profile that it stands in.
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

/// Takes these rights away, where there are any.
#[cfg(unix)]
fn take_from_others(path: &Path, rights: u32) -> Result<(), Error> {
    let Some(mode) = found(path)?.map(|found| found.permissions().mode()) else {
        return Ok(());
    };
    if mode & rights == 0 {
        return Ok(());
    }
    let taken = if twice(|| std::fs::symlink_metadata(path)).is_ok_and(|it| it.is_symlink()) {
        // Where others wrote they may have put a link to anything. What it names is not ours to change.
        Err(StorageError::OpenToOthers)
    } else {
        let private = Permissions::from_mode(mode & 0o7777 & !rights);
        twice(|| std::fs::set_permissions(path, private.clone()))
            .map_err(|error| StorageError::of(&error))
    };
    match taken {
        Ok(()) | Err(StorageError::ReadOnly) => Ok(()),
        // What others may only read is sealed.
        Err(_) if mode & OTHERS_WRITE == 0 => Ok(()),
        Err(_) => Err(StorageError::OpenToOthers.into()),
    }
}
