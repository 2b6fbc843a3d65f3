//! Whose book a vault is: a driver's wallet or a reader's book. Both are sealed, opened and judged by the same code; what
//! differs stands here.

use std::path::Path;
use std::sync::Arc;

use super::{Table, Vault};
use crate::error::Error;
use crate::ports::{KeyStore, Random};

/// The tables of one kind of vault. A vault of one kind does not open as the other, whatever its file is called: the
/// manifest's seal is bound to the kind.
pub struct TableSet {
    /// What the manifest's seal has in place of a table's number.
    manifest: u8,
    tables: &'static [Table],
    /// Where the authority's statuses stand, which an older copy of the vault makes doubtful.
    statuses: Table,
}

impl TableSet {
    /// A driver's wallet.
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
        ],
        statuses: Table::Status,
    };

    /// A reader's book.
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
    /// As [`create_of`](Self::create_of).
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
    /// As [`open_of`](Self::open_of).
    pub async fn open(
        directory: &Path,
        keys: Arc<dyn KeyStore>,
        random: Arc<dyn Random>,
    ) -> Result<Self, Error> {
        Self::open_of(TableSet::DRIVER, directory, keys, random).await
    }
}
