//! The two kinds of vault: a driver's wallet and a reader's book. The same code seals, opens and
//! checks both; their differences are here.

use std::path::Path;
use std::sync::Arc;

use super::{Table, Vault};
use crate::error::Error;
use crate::ports::{KeyStore, Random};

/// The tables of one kind of vault. A vault of one kind does not open as the other, since the
/// manifest's seal is bound to the kind.
pub struct TableSet {
    /// The number that stands for the manifest in its seal.
    manifest: u8,
    tables: &'static [Table],
    /// The table of statuses, which a rollback makes doubtful.
    statuses: Table,
}

impl TableSet {
    /// The tables of a driver's wallet.
    pub const DRIVER: &'static Self = &Self {
        manifest: 0,
        tables: &[
            Table::License,
            Table::Portrait,
            Table::HolderKey,
            Table::Enrollment,
            Table::Status,
            Table::TrustList,
            Table::Refresh,
            Table::Settings,
            Table::Time,
            Table::NextLicense,
            Table::Told,
        ],
        statuses: Table::Status,
    };

    /// The tables of a reader's book.
    pub const READER: &'static Self = &Self {
        manifest: 254,
        tables: &[
            Table::Authority,
            Table::TrustList,
            Table::Bundle,
            Table::Refresh,
            Table::Time,
            Table::Seen,
            Table::Check,
        ],
        statuses: Table::Bundle,
    };

    pub(super) const fn manifest(&self) -> u8 {
        self.manifest
    }

    pub(super) const fn statuses(&self) -> Table {
        self.statuses
    }

    pub(super) fn has(&self, table: Table) -> bool {
        self.tables.contains(&table)
    }
}

impl Vault {
    /// Makes the vault of a driver's wallet.
    ///
    /// # Errors
    /// Those of [`create_of`](Self::create_of).
    pub async fn create(
        directory: &Path,
        keys: Arc<dyn KeyStore>,
        random: Arc<dyn Random>,
    ) -> Result<Self, Error> {
        Self::create_of(TableSet::DRIVER, directory, keys, random).await
    }

    /// Opens the vault of a driver's wallet.
    ///
    /// # Errors
    /// Those of [`open_of`](Self::open_of).
    pub async fn open(
        directory: &Path,
        keys: Arc<dyn KeyStore>,
        random: Arc<dyn Random>,
    ) -> Result<Self, Error> {
        Self::open_of(TableSet::DRIVER, directory, keys, random).await
    }
}
