//! The vault's files are their owner's alone. What an older version or somebody else left open to others is set right, or
//! the vault is not opened.

use std::path::Path;

use crate::error::{Error, StorageError};

/// Sets the modes right: nobody but the owner writes to the wallet's folder, or sees the vault's folder and its files.
///
/// # Errors
/// [`StorageError::OpenToOthers`] where others may write and this user may not change that. A disk that is read-only
/// for all is left as it is.
#[cfg(unix)]
pub(super) fn ensure(directory: &Path, file: &Path) -> Result<(), Error> {
    // A folder that all may write to and where each keeps what is his, as `/tmp`, is not ours to change.
    const STICKY: u32 = 0o1000;
    const OTHERS_WRITE: u32 = 0o022;
    const OTHERS: u32 = 0o077;
    if mode_of(directory)?.is_some_and(|mode| mode & STICKY == 0) {
        take_from_others(directory, OTHERS_WRITE)?;
    }
    let folder = file.parent().unwrap_or(directory);
    take_from_others(folder, OTHERS)?;
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
fn mode_of(path: &Path) -> Result<Option<u32>, Error> {
    use std::os::unix::fs::PermissionsExt;
    match std::fs::metadata(path) {
        Ok(found) => Ok(Some(found.permissions().mode())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StorageError::of(&error).into()),
    }
}

/// Takes these rights away, where there are any.
#[cfg(unix)]
fn take_from_others(path: &Path, rights: u32) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    const OTHERS_WRITE: u32 = 0o022;
    let Some(mode) = mode_of(path)?.filter(|mode| mode & rights != 0) else {
        return Ok(());
    };
    let private = std::fs::Permissions::from_mode(mode & 0o7777 & !rights);
    match std::fs::set_permissions(path, private) {
        Err(error) => match StorageError::of(&error) {
            StorageError::ReadOnly => Ok(()),
            // What others may only read is sealed.
            _ if mode & OTHERS_WRITE == 0 => Ok(()),
            _ => Err(StorageError::OpenToOthers.into()),
        },
        Ok(()) => Ok(()),
    }
}
