//! Sealing of rows: XChaCha20-Poly1305, bound to the row's place.

use chacha20poly1305::{AeadInOut, KeyInit, Tag, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::{Table, TableSet};
use crate::error::Error;
use crate::ports::{DataKey, Random};

const NONCE: usize = 24;
const TAG: usize = 16;

/// The authentication tag of a sealed row. The manifest keeps it, so that even a genuine seal of
/// the same place and version, from before a rollback, is not accepted for the row.
pub(super) type SealTag = [u8; TAG];

/// The place of a sealed value. A value that is moved to another place no longer opens.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// The manifest; its version counts the vault's writes.
    Manifest { version: i64 },
    /// A row of one of the wallet's tables.
    Row {
        table: Table,
        row: i64,
        version: i64,
    },
    /// An entry of the activity log. Entries are never rewritten.
    Activity { sequence: i64 },
}

/// The data key and the vault that it belongs to.
pub(super) struct Sealer {
    set: &'static TableSet,
    vault_id: [u8; 16],
    key: DataKey,
}

impl Sealer {
    pub(super) fn new(set: &'static TableSet, vault_id: [u8; 16], key: DataKey) -> Self {
        Self { set, vault_id, key }
    }

    /// The tables of the vault.
    pub(super) const fn set(&self) -> &'static TableSet {
        self.set
    }

    /// Seals a value for its place. Returns nonce, ciphertext and tag in one, and the tag alone.
    pub(super) fn seal(
        &self,
        place: Place,
        plain: &[u8],
        random: &dyn Random,
    ) -> Result<(Vec<u8>, SealTag), Error> {
        let mut nonce = [0; NONCE];
        random.fill(&mut nonce)?;
        let mut sealed = Vec::with_capacity(NONCE + plain.len() + TAG);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let body = sealed.get_mut(NONCE..).unwrap_or_default();
        let tag: SealTag = self
            .cipher()
            .encrypt_inout_detached(&XNonce::from(nonce), &self.associated(place), body.into())
            // Only a value of over 256 GiB fails here.
            .map_err(|_| Error::Storage(crate::error::StorageError::Full))?
            .into();
        sealed.extend_from_slice(&tag);
        Ok((sealed, tag))
    }

    /// Opens a sealed value; `None` where it was not sealed for this place by this key.
    pub(super) fn open(&self, place: Place, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE>()?;
        let (body, tag) = rest.split_last_chunk::<TAG>()?;
        let mut plain = Zeroizing::new(body.to_vec());
        self.cipher()
            .decrypt_inout_detached(
                &XNonce::from(*nonce),
                &self.associated(place),
                plain.as_mut_slice().into(),
                &Tag::from(*tag),
            )
            .ok()?;
        Some(plain)
    }

    /// The tag of a sealed value, without opening it.
    pub(super) fn tag(sealed: &[u8]) -> Option<SealTag> {
        sealed.last_chunk::<TAG>().copied()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.key.expose_secret().into())
    }

    /// The associated data: vault id, table, row id and row version, in fixed lengths, so that no
    /// two places give the same bytes.
    fn associated(&self, place: Place) -> [u8; 33] {
        let (table, row, version) = match place {
            Place::Manifest { version } => (self.set.manifest(), 0, version),
            Place::Row {
                table,
                row,
                version,
            } => (table.number(), row, version),
            Place::Activity { sequence } => (u8::MAX, sequence, 0),
        };
        let mut bytes = [0; 33];
        let parts = self
            .vault_id
            .into_iter()
            .chain([table])
            .chain(row.to_be_bytes())
            .chain(version.to_be_bytes());
        for (target, byte) in bytes.iter_mut().zip(parts) {
            *target = byte;
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Sealer};
    use crate::ports::DataKey;
    use crate::testing::TestRandom;
    use crate::vault::{Table, TableSet};
    use proptest::prelude::*;

    fn sealer(vault: u8, key: u8) -> Sealer {
        Sealer::new(
            TableSet::DRIVER,
            [vault; 16],
            DataKey::from_slice(&[key; 32]).unwrap(),
        )
    }

    fn place() -> impl Strategy<Value = Place> {
        let table = proptest::sample::select(Table::ALL.to_vec());
        prop_oneof![
            (0..4_i64).prop_map(|version| Place::Manifest { version }),
            (table, 0..4_i64, 0..4_i64).prop_map(|(table, row, version)| Place::Row {
                table,
                row,
                version
            }),
            (0..4_i64).prop_map(|sequence| Place::Activity { sequence }),
        ]
    }

    fn same(one: Place, other: Place) -> bool {
        let known = sealer(1, 1);
        known.associated(one) == known.associated(other)
    }

    proptest! {
        #[test]
        fn a_sealed_value_opens_at_its_own_place_and_nowhere_else(
            plain in proptest::collection::vec(any::<u8>(), 0..300), at in place(), other in place(), seed in any::<u64>(),
        ) {
            let random = TestRandom::seeded(seed);
            let (sealed, tag) = sealer(1, 1).seal(at, &plain, &random).unwrap();
            prop_assert_eq!(sealed.len(), plain.len() + 40);
            prop_assert_eq!(Sealer::tag(&sealed), Some(tag));
            prop_assert_eq!(sealer(1, 1).open(at, &sealed).unwrap().to_vec(), plain.clone());
            prop_assert_eq!(sealer(1, 1).open(other, &sealed).is_some(), same(at, other));
            prop_assert!(sealer(2, 1).open(at, &sealed).is_none(), "another vault");
            prop_assert!(sealer(1, 2).open(at, &sealed).is_none(), "another key");
            let (again, _) = sealer(1, 1).seal(at, &plain, &random).unwrap();
            prop_assert!(again != sealed, "no nonce is used twice");
        }

        #[test]
        fn a_seal_with_any_bit_changed_or_any_length_cut_does_not_open(
            plain in proptest::collection::vec(any::<u8>(), 0..80), at in place(),
        ) {
            let (sealed, _) = sealer(1, 1).seal(at, &plain, &TestRandom::seeded(1)).unwrap();
            for bit in 0..sealed.len() * 8 {
                let mut changed = sealed.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                prop_assert!(sealer(1, 1).open(at, &changed).is_none());
            }
            for length in 0..sealed.len() {
                prop_assert!(sealer(1, 1).open(at, &sealed[..length]).is_none());
            }
        }
    }
}
