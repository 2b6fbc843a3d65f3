//! The vault's requirements, by the rows of the threat model.

#[cfg(unix)]
mod failing_disk;
mod flips;
#[cfg(unix)]
mod full_disk;
mod gone;
#[cfg(unix)]
mod killed;
mod log;
#[cfg(unix)]
mod privacy;
mod processes;
#[cfg(unix)]
mod refused;
mod rollback;
mod schema;
mod sets;
mod tamper;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;
use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

use super::{FILE, FOLDER, Record, Table, Vault, Weight};
use crate::error::Error;
use crate::ports::SystemRandom;
use crate::testing::MemoryKeyStore;
use crate::vault::activity_log::{ActivityEntry, Event};

/// A record of any bytes, in place of a license.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct License(pub(super) Vec<u8>);

/// A record of any bytes, in place of a status token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Status(pub(super) Vec<u8>);

macro_rules! record {
    ($name:ident, $table:expr) => {
        impl Record for $name {
            const TABLE: Table = $table;
            fn encode(&self) -> Zeroizing<Vec<u8>> {
                Zeroizing::new(self.0.clone())
            }
            fn decode(bytes: &[u8]) -> Result<Self, Error> {
                Ok(Self(bytes.to_vec()))
            }
        }
    };
}
record!(License, Table::License);
record!(Status, Table::Status);

/// A phone: its folder and its key store.
pub(super) struct Phone {
    pub(super) folder: TempDir,
    pub(super) keys: MemoryKeyStore,
}

impl Phone {
    pub(super) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            keys: MemoryKeyStore::new(None, Arc::new(SystemRandom)),
        }
    }

    pub(super) async fn create(&self) -> Vault {
        Vault::create(
            self.folder.path(),
            Arc::new(self.keys.clone()),
            Arc::new(SystemRandom),
        )
        .await
        .unwrap()
    }

    pub(super) async fn try_open(&self) -> Result<Vault, Error> {
        self.try_open_at(self.folder.path()).await
    }

    pub(super) async fn try_open_at(&self, folder: &Path) -> Result<Vault, Error> {
        Vault::open(folder, Arc::new(self.keys.clone()), Arc::new(SystemRandom)).await
    }

    pub(super) async fn open(&self) -> Vault {
        self.try_open().await.unwrap()
    }

    pub(super) fn file(&self) -> PathBuf {
        file_in(self.folder.path())
    }

    /// The file as an attacker with SQLite sees it. Closed again, it is one whole file without a
    /// WAL.
    pub(super) fn attack(&self, sql: &str) {
        let connection = rusqlite::Connection::open(self.file()).unwrap();
        connection.execute_batch(sql).unwrap();
    }
}

pub(super) fn file_in(folder: &Path) -> PathBuf {
    folder.join(FOLDER).join(FILE)
}

pub(super) async fn put<R: Record + Send + 'static>(vault: &Vault, id: &str, record: R) {
    let id = id.to_owned();
    vault
        .write(Weight::Anchored, move |tx| tx.put(&id, &record))
        .await
        .unwrap();
}

pub(super) fn license(text: &str) -> License {
    License(text.as_bytes().to_vec())
}

pub(super) fn status(text: &str) -> Status {
    Status(text.as_bytes().to_vec())
}

pub(super) fn entry(at: u64) -> ActivityEntry {
    ActivityEntry {
        at: UnixTime::new(at).unwrap(),
        license: "license-1".to_owned(),
        event: Event::Enrolled,
    }
}

pub(super) async fn log(vault: &Vault, at: u64) {
    vault
        .write(Weight::Light, move |tx| tx.log(&entry(at)))
        .await
        .unwrap();
}

/// Copies every file of a folder, as a backup does.
pub(super) fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        if file.file_type().unwrap().is_dir() {
            copy_folder(&file.path(), &to.join(file.file_name()));
        } else {
            std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    }
}
