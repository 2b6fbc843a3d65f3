//! The desktop's key store: files that only their owner may read. **Not for phones.**

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use vidimus_credential::{Algorithm, VerifyingKey};
use zeroize::Zeroizing;

use super::{check_name, unwrap, wrap};
use crate::error::{StorageError, twice};
use crate::ports::{DataKey, KeyStore, KeyStoreError, Random};

const WRAPPING_KEY: &str = "wrapping.key";
const ANCHOR: &str = "anchor";
const LOCK: &str = "lock";

/// Keys in files of mode 0600 in a folder of mode 0700, for the command line and for development.
///
/// **Not for phones.** The keys are not bound to hardware: anyone who can read the files can open
/// the vault, and restoring them together with the vault defeats the anchor. Keep the folder apart
/// from the vault's, and out of its backup. The store makes no holder keys: the vault seals an
/// Ed25519 key instead.
pub struct FileKeyStore {
    folder: PathBuf,
    random: Arc<dyn Random>,
    /// The prefix of its file names; empty for the driver's wallet.
    prefix: String,
}

impl FileKeyStore {
    /// Opens the store in a folder. The folder is made where it does not exist.
    ///
    /// # Errors
    /// [`KeyStoreError::Refused`] where others may read the folder or a file in it: the keys are no
    /// longer secret. [`KeyStoreError::Storage`] where the folder cannot be made or read.
    pub fn open(folder: &Path, random: Arc<dyn Random>) -> Result<Self, KeyStoreError> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        twice(|| builder.create(folder)).map_err(|error| match io(&error) {
            KeyStoreError::NotFound => StorageError::CannotOpen.into(),
            error => error,
        })?;
        let store = Self {
            folder: folder.to_owned(),
            random,
            prefix: String::new(),
        };
        check_private(&twice(|| fs::metadata(folder)).map_err(|error| io(&error))?)?;
        for name in [WRAPPING_KEY, ANCHOR] {
            match twice(|| fs::metadata(folder.join(name))) {
                Ok(file) => check_private(&file)?,
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(io(&error)),
            }
        }
        Ok(store)
    }

    fn wrapping_key(&self) -> Result<DataKey, KeyStoreError> {
        let mut bytes = Zeroizing::new([0; 33]);
        let length = self.read(WRAPPING_KEY, bytes.as_mut_slice())?;
        let key = bytes.get(..length).and_then(DataKey::from_slice);
        key.ok_or(KeyStoreError::Invalidated)
    }

    /// Reads a small file and returns its length. A file that is too long fills the buffer.
    fn read(&self, name: &str, buffer: &mut [u8]) -> Result<usize, KeyStoreError> {
        let (length, metadata) = twice(|| {
            let mut file = File::open(self.path(name))?;
            let mut length = 0;
            while let Some(rest) = buffer.get_mut(length..).filter(|rest| !rest.is_empty()) {
                match file.read(rest)? {
                    0 => break,
                    read => length += read,
                }
            }
            Ok((length, file.metadata()?))
        })
        .map_err(|error| io(&error))?;
        check_private(&metadata)?;
        Ok(length)
    }

    /// Replaces a file as a whole: after a crash either the old or the new content is there.
    fn replace(&self, name: &str, content: &[u8]) -> Result<(), KeyStoreError> {
        let temporary = self.path(&format!("{name}.new"));
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        twice(|| {
            let mut file = options.open(&temporary)?;
            file.write_all(content)?;
            file.sync_all()?;
            fs::rename(&temporary, self.path(name))?;
            sync_folder(&self.folder)
        })
        .map_err(|error| io(&error))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{}{name}", self.prefix))
    }

    /// Takes the lock for replacing a file; other processes and handles wait. Dropping it releases
    /// the lock.
    fn lock(&self) -> Result<File, KeyStoreError> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = twice(|| options.open(self.folder.join(LOCK))).map_err(|error| io(&error))?;
        twice(|| file.lock()).map_err(|error| match StorageError::of(&error) {
            // Any other reason why a lock failed.
            StorageError::Io | StorageError::Permission => StorageError::Lock.into(),
            error => KeyStoreError::from(error),
        })?;
        Ok(file)
    }

    fn anchor(&self) -> Result<Option<u64>, KeyStoreError> {
        let mut text = [0; 24];
        let length = match self.read(ANCHOR, &mut text) {
            Err(KeyStoreError::NotFound) => return Ok(None),
            length => length?,
        };
        text.get(..length)
            .and_then(|text| std::str::from_utf8(text).ok())
            .and_then(|text| text.trim_end().parse().ok())
            .map(Some)
            // The file was read and is not a number: the disk works, and trying again cannot help.
            .ok_or(KeyStoreError::Invalidated)
    }
}

#[async_trait]
impl KeyStore for FileKeyStore {
    async fn wrap(&self, data_key: &[u8; 32]) -> Result<Vec<u8>, KeyStoreError> {
        let lock = self.lock()?;
        let key = match self.wrapping_key() {
            Err(KeyStoreError::NotFound) => {
                let key =
                    DataKey::generate(&*self.random).map_err(|_| KeyStoreError::Unavailable)?;
                self.replace(WRAPPING_KEY, key.expose_secret())?;
                key
            }
            key => key?,
        };
        drop(lock);
        wrap(&key, data_key, &*self.random)
    }

    async fn unwrap(&self, wrapped: &[u8]) -> Result<DataKey, KeyStoreError> {
        unwrap(&self.wrapping_key()?, wrapped)
    }

    fn holder_algorithm(&self) -> Option<Algorithm> {
        None
    }

    async fn create_holder_key(&self, _id: &str) -> Result<VerifyingKey, KeyStoreError> {
        Err(KeyStoreError::Unavailable)
    }

    async fn sign(&self, _id: &str, _message: &[u8]) -> Result<[u8; 64], KeyStoreError> {
        Err(KeyStoreError::NotFound)
    }

    async fn delete_holder_key(&self, _id: &str) -> Result<(), KeyStoreError> {
        Ok(())
    }

    async fn read_anchor(&self) -> Result<Option<u64>, KeyStoreError> {
        self.anchor()
    }

    async fn raise_anchor(&self, epoch: u64) -> Result<(), KeyStoreError> {
        let _lock = self.lock()?;
        if self.anchor()? < Some(epoch) {
            self.replace(ANCHOR, format!("{epoch}\n").as_bytes())?;
        }
        Ok(())
    }

    async fn set_damaged_anchor_aside(&self) -> Result<(), KeyStoreError> {
        let _lock = self.lock()?;
        if !matches!(self.anchor(), Err(KeyStoreError::Invalidated)) {
            return Ok(());
        }
        let aside = (1_u32..)
            .map(|number| self.path(&format!("{ANCHOR}.damaged-{number}")))
            .find(|path| !path.exists())
            .ok_or(KeyStoreError::Io)?;
        twice(|| {
            fs::rename(self.path(ANCHOR), &aside)?;
            sync_folder(&self.folder)
        })
        .map_err(|error| io(&error))
    }

    fn named(&self, name: &str) -> Option<Arc<dyn KeyStore>> {
        check_name(name).ok()?;
        Some(Arc::new(Self {
            folder: self.folder.clone(),
            random: Arc::clone(&self.random),
            prefix: format!("{}{name}.", self.prefix),
        }))
    }
}

fn io(error: &std::io::Error) -> KeyStoreError {
    match error.kind() {
        ErrorKind::NotFound => KeyStoreError::NotFound,
        _ => StorageError::of(error).into(),
    }
}

#[cfg(unix)]
fn check_private(metadata: &fs::Metadata) -> Result<(), KeyStoreError> {
    use std::os::unix::fs::PermissionsExt;
    if metadata.permissions().mode() & 0o077 == 0 {
        Ok(())
    } else {
        Err(KeyStoreError::Refused)
    }
}

/// On other systems the folder inherits its rights from the user's profile.
#[cfg(not(unix))]
fn check_private(_metadata: &fs::Metadata) -> Result<(), KeyStoreError> {
    Ok(())
}

/// A rename is durable only once its folder is synced.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{FileKeyStore, KeyStore, KeyStoreError};
    use crate::ports::SystemRandom;
    use crate::testing::contract;
    use std::path::Path;
    use std::sync::Arc;

    fn open(folder: &Path) -> FileKeyStore {
        FileKeyStore::open(folder, Arc::new(SystemRandom)).unwrap()
    }

    #[tokio::test]
    async fn the_desktop_store_passes_the_contract() {
        let folder = tempfile::tempdir().unwrap();
        let device = open(&folder.path().join("device"));
        let stranger = open(&folder.path().join("stranger"));
        contract::check(&device, &stranger).await;
    }

    #[tokio::test]
    async fn what_one_process_wrote_the_next_one_reads() {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        let wrapped = open(&keys).wrap(&[3; 32]).await.unwrap();
        open(&keys).raise_anchor(7).await.unwrap();
        let later = open(&keys);
        assert_eq!(
            later.unwrap(&wrapped).await.ok().unwrap().expose_secret(),
            &[3; 32]
        );
        assert_eq!(later.read_anchor().await, Ok(Some(7)));
    }

    #[tokio::test]
    async fn a_number_that_is_damaged_is_no_failure_of_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        let store = open(&keys);
        store.raise_anchor(7).await.unwrap();
        for damaged in ["", "seven", "7\0\0\0", "123456789012345678901234"] {
            std::fs::write(keys.join("anchor"), damaged).unwrap();
            let invalidated = KeyStoreError::Invalidated;
            assert_eq!(store.read_anchor().await, Err(invalidated), "{damaged:?}");
            assert_eq!(store.raise_anchor(8).await, Err(invalidated), "{damaged:?}");
        }
    }

    #[tokio::test]
    async fn a_damaged_number_goes_aside_and_a_good_one_stays() {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        let store = open(&keys);
        store.raise_anchor(7).await.unwrap();
        store.set_damaged_anchor_aside().await.unwrap();
        assert_eq!(store.read_anchor().await, Ok(Some(7)));
        for number in 1..=2 {
            store.raise_anchor(7).await.unwrap();
            std::fs::write(keys.join("anchor"), "seven").unwrap();
            store.set_damaged_anchor_aside().await.unwrap();
            assert_eq!(store.read_anchor().await, Ok(None));
            let kept = std::fs::read(keys.join(format!("anchor.damaged-{number}"))).unwrap();
            assert_eq!(kept, b"seven", "nothing is deleted");
        }
        assert_eq!(store.raise_anchor(8).await, Ok(()));
    }

    #[tokio::test]
    async fn two_processes_raise_one_anchor_and_it_never_sinks() {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        let mut threads = Vec::new();
        for offset in 0..4 {
            let store = open(&keys);
            threads.push(std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .build()
                    .unwrap();
                for step in 0..25 {
                    runtime
                        .block_on(store.raise_anchor(step * 4 + offset))
                        .unwrap();
                }
            }));
        }
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(open(&keys).read_anchor().await, Ok(Some(99)));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn its_files_are_its_owners_alone_and_others_are_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        let store = open(&keys);
        let wrapped = store.wrap(&[3; 32]).await.unwrap();
        store.raise_anchor(1).await.unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&keys), 0o700);
        for file in std::fs::read_dir(&keys).unwrap() {
            assert_eq!(mode(&file.unwrap().path()), 0o600);
        }
        let loose = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(keys.join("wrapping.key"), loose).unwrap();
        assert_eq!(
            store.unwrap(&wrapped).await.err(),
            Some(KeyStoreError::Refused)
        );
        let reopened = || FileKeyStore::open(&keys, Arc::new(SystemRandom)).err();
        assert_eq!(reopened(), Some(KeyStoreError::Refused));
        let tight = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(keys.join("wrapping.key"), tight).unwrap();
        assert_eq!(reopened(), None);
        std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(reopened(), Some(KeyStoreError::Refused));
    }
}
