//! The sealed manifest: all rows with their versions, and the activity log's head.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::Table;
use super::seal::SealTag;
use crate::vault::codec::{RowReader, RowWriter};

const LAYOUT: u64 = 1;

/// The content of the vault at one commit. A row counts only as the manifest lists it.
#[derive(Clone, Default)]
pub(super) struct Manifest {
    /// Number of commits since the vault was made. It is the manifest's version, and that of the
    /// rows written with it.
    pub(super) writes: i64,
    /// Number of anchored commits since the vault was made; the device's anchor mirrors it.
    pub(super) epoch: u64,
    /// Rows of an epoch below this one were written before a rollback.
    pub(super) distrust_below: u64,
    /// The newest entry of the activity log.
    pub(super) log: LogHead,
    rows: BTreeMap<Table, BTreeMap<String, Entry>>,
}

/// The newest entry of the activity log.
#[derive(Clone, Copy, Default)]
pub(super) struct LogHead {
    /// Its sequence number; 0 while the log is empty.
    pub(super) sequence: i64,
    /// Its hash, which includes all entries before it.
    pub(super) hash: [u8; 32],
}

/// A row in the manifest.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub(super) row: i64,
    pub(super) version: i64,
    pub(super) epoch: u64,
    pub(super) tag: SealTag,
}

impl Manifest {
    /// The manifest of a new vault.
    pub(super) fn first(epoch: u64) -> Self {
        Self {
            writes: 1,
            epoch,
            ..Self::default()
        }
    }

    pub(super) fn entry(&self, table: Table, id: &str) -> Option<Entry> {
        self.rows.get(&table)?.get(id).copied()
    }

    pub(super) fn put(&mut self, table: Table, id: &str, entry: Entry) {
        self.rows
            .entry(table)
            .or_default()
            .insert(id.to_owned(), entry);
    }

    pub(super) fn remove(&mut self, table: Table, id: &str) -> Option<Entry> {
        self.rows.get_mut(&table)?.remove(id)
    }

    pub(super) fn ids(&self, table: Table) -> Vec<String> {
        self.rows
            .get(&table)
            .map(|rows| rows.keys().cloned().collect())
            .unwrap_or_default()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (Table, &str, Entry)> {
        self.rows
            .iter()
            .flat_map(|(table, rows)| rows.iter().map(|(id, entry)| (*table, id.as_str(), *entry)))
    }

    pub(super) fn encode(&self) -> Zeroizing<Vec<u8>> {
        let count = self.all().count();
        let names: usize = self.all().map(|(_, id, _)| id.len()).sum();
        let mut writer = RowWriter::array(6, 96 + names + count * 56);
        writer
            .number(LAYOUT)
            .number(self.epoch)
            .number(self.distrust_below)
            .number(self.log.sequence.unsigned_abs())
            .bytes(&self.log.hash)
            .nested(u64::try_from(count).unwrap_or(u64::MAX));
        for (table, id, entry) in self.all() {
            writer
                .nested(6)
                .number(u64::from(table.number()))
                .text(id)
                .number(entry.row.unsigned_abs())
                .number(entry.version.unsigned_abs())
                .number(entry.epoch)
                .bytes(&entry.tag);
        }
        writer.finish()
    }

    /// Decodes a manifest. `writes` is not in the bytes: it is the version that the seal was bound
    /// to.
    pub(super) fn decode(bytes: &[u8], writes: i64) -> Option<Self> {
        let mut reader = RowReader::array(bytes, 6)?;
        if reader.number()? != LAYOUT {
            return None;
        }
        let mut manifest = Self {
            writes,
            epoch: reader.number()?,
            distrust_below: reader.number()?,
            log: LogHead {
                sequence: signed(&mut reader)?,
                hash: reader.fixed()?,
            },
            rows: BTreeMap::new(),
        };
        for _ in 0..reader.nested()? {
            if reader.nested()? != 6 {
                return None;
            }
            let table = Table::from_number(u8::try_from(reader.number()?).ok()?)?;
            let id = reader.text()?;
            let entry = Entry {
                row: signed(&mut reader)?,
                version: signed(&mut reader)?,
                epoch: reader.number()?,
                tag: reader.fixed()?,
            };
            manifest.put(table, id, entry);
        }
        reader.end()?;
        Some(manifest)
    }
}

fn signed(reader: &mut RowReader<'_>) -> Option<i64> {
    i64::try_from(reader.number()?).ok()
}

#[cfg(test)]
mod tests {
    use super::{Entry, LogHead, Manifest};
    use crate::vault::Table;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_manifest_survives_its_bytes_and_no_part_of_them_is_one(
            rows in proptest::collection::btree_map((0..Table::ALL.len(), ".{0,40}"), any::<(u32, u32, u64, [u8; 16])>(), 0..12),
            epoch in any::<u64>(), distrust_below in any::<u64>(), sequence in 0..i64::MAX, hash in any::<[u8; 32]>(),
        ) {
            let mut manifest = Manifest { writes: 7, epoch, distrust_below, log: LogHead { sequence, hash }, ..Manifest::default() };
            for ((table, id), (row, version, epoch, tag)) in rows {
                manifest.put(Table::ALL[table], &id, Entry { row: row.into(), version: version.into(), epoch, tag });
            }
            let bytes = manifest.encode();
            let again = Manifest::decode(&bytes, 7).unwrap();
            prop_assert_eq!(again.encode(), bytes.clone());
            prop_assert_eq!(again.all().count(), manifest.all().count());
            for length in 0..bytes.len() {
                prop_assert!(Manifest::decode(&bytes[..length], 7).is_none());
            }
        }

        #[test]
        fn no_bytes_make_reading_a_manifest_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            Manifest::decode(&bytes, 1);
        }
    }
}
