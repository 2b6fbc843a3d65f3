//! Pictures, by their digest: a license's row names them and does not hold them.

use rusqlite::{OptionalExtension as _, Transaction, params};
use sha2::{Digest as _, Sha256};

use crate::error::{Error, damaged};

/// SHA-256 of the bytes.
pub(crate) type BlobDigest = [u8; 32];

/// Stores bytes; the same ones are stored once.
pub(crate) fn put(transaction: &Transaction<'_>, bytes: &[u8]) -> Result<BlobDigest, Error> {
    let digest: BlobDigest = Sha256::digest(bytes).into();
    transaction
        .prepare_cached("INSERT INTO blobs (digest, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING")?
        .execute(params![digest, bytes])?;
    Ok(digest)
}

/// The bytes of a digest that a row names.
pub(crate) fn get(transaction: &Transaction<'_>, digest: &BlobDigest) -> Result<Vec<u8>, Error> {
    transaction
        .prepare_cached("SELECT bytes FROM blobs WHERE digest = ?")?
        .query_row([digest], |row| row.get(0))
        .optional()?
        .ok_or_else(|| damaged(()))
}

/// Deletes the bytes, unless a license or a review names them.
pub(crate) fn forget(transaction: &Transaction<'_>, digest: &BlobDigest) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "DELETE FROM blobs WHERE digest = ?1
                AND NOT EXISTS (SELECT 1 FROM licenses WHERE portrait = ?1)
                AND NOT EXISTS (SELECT 1 FROM licenses WHERE submitted = ?1)
                AND NOT EXISTS (SELECT 1 FROM reviews WHERE roadside = ?1)
                AND NOT EXISTS (SELECT 1 FROM reviews WHERE submitted = ?1)",
        )?
        .execute([digest])?;
    Ok(())
}
