//! The trait of what a vault stores.

use zeroize::Zeroizing;

use crate::error::Error;
use crate::table::Table;

/// A value that a vault can store.
pub trait Record: Sized {
    /// The table that holds it.
    const TABLE: Table;

    /// The record's bytes. A record with secrets must reserve enough space first, since a vector
    /// that grows leaves copies in memory.
    fn encode(&self) -> Zeroizing<Vec<u8>>;

    /// Reads what [`encode`](Self::encode) wrote.
    ///
    /// # Errors
    /// [`Error::VaultDamaged`] for any other bytes.
    fn decode(bytes: &[u8]) -> Result<Self, Error>;
}
