//! The records of a reader's book that a wallet does not have. Trust lists, times and schedules are
//! common to both.

use vidimus_credential::bundle::UnverifiedBundle;
use vidimus_credential::key::VerifyingKey;
use vidimus_credential::time::UnixTime;
use vidimus_credential::verify::{Remembered, Seen};
use zeroize::Zeroizing;

use super::log::CheckEntry;
use crate::error::{Damage, Error};
use crate::vault::codec::{RowReader, RowWriter};
use crate::vault::{Record, Table};

/// An authority whose licenses are checked, by the id of its root key.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct AuthorityRecord {
    pub(super) root: VerifyingKey,
    pub(super) address: String,
    /// The addresses of its bundles.
    pub(super) bundles: Vec<String>,
}

impl Record for AuthorityRecord {
    const TABLE: Table = Table::Authority;

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut writer = RowWriter::array(3, 256);
        writer.bytes(&self.root.to_cose_key()).text(&self.address);
        writer.nested(length(self.bundles.len()));
        for address in &self.bundles {
            writer.text(address);
        }
        writer.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Error> {
        whole::<Self>(bytes, 3, |reader| {
            Some(Self {
                root: VerifyingKey::from_cose_key(reader.bytes()?).ok()?,
                address: reader.text()?.to_owned(),
                bundles: many(reader, |reader| reader.text().map(str::to_owned))?,
            })
        })
    }
}

/// The newest bundle of an address, verified before it was stored.
pub(super) struct BundleRecord {
    pub(super) bytes: Vec<u8>,
    /// Its size in memory in bytes, so that sizes can be added up without inflating bundles.
    pub(super) inflated: u64,
}

impl BundleRecord {
    /// When the bundle was signed; `None` where it cannot be read.
    pub(super) fn signed(&self) -> Option<UnixTime> {
        let bundle = UnverifiedBundle::parse(&self.bytes).ok()?;
        Some(bundle.issued_at())
    }
}

impl Record for BundleRecord {
    const TABLE: Table = Table::Bundle;

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut writer = RowWriter::array(2, self.bytes.len() + 32);
        writer.number(self.inflated).bytes(&self.bytes);
        writer.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Error> {
        whole::<Self>(bytes, 2, |reader| {
            Some(Self {
                inflated: reader.number()?,
                bytes: reader.bytes()?.to_vec(),
            })
        })
    }
}

/// The tokens that were seen and have not expired yet.
pub(super) struct SeenRecord(pub(super) Remembered);

impl Record for SeenRecord {
    const TABLE: Table = Table::Seen;

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        let Remembered { tokens, forgotten } = &self.0;
        let mut writer = RowWriter::array(2, tokens.len() * 48 + 32);
        writer.optional(*forgotten, |writer, time| {
            writer.number(time.seconds());
        });
        writer.nested(length(tokens.len()));
        for seen in tokens {
            writer
                .nested(2)
                .bytes(&seen.token)
                .number(seen.until.seconds());
        }
        writer.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Error> {
        whole::<Self>(bytes, 2, |reader| {
            let forgotten = reader.optional(time)?;
            let tokens = many(reader, |reader| {
                (reader.nested()? == 2).then_some(())?;
                Some(Seen {
                    token: reader.fixed()?,
                    until: time(reader)?,
                })
            })?;
            Some(Self(Remembered { tokens, forgotten }))
        })
    }
}

/// A page of the log of checks, oldest first. It is personal data where it holds license numbers.
#[derive(Default)]
pub(super) struct CheckPage(pub(super) Vec<CheckEntry>);

impl Record for CheckPage {
    const TABLE: Table = Table::Check;

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut writer = RowWriter::array(1, self.0.len() * 96 + 16);
        writer.nested(length(self.0.len()));
        for entry in &self.0 {
            entry.write(&mut writer);
        }
        writer.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Error> {
        whole::<Self>(bytes, 1, |reader| many(reader, CheckEntry::read).map(Self))
    }
}

pub(super) fn length(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

pub(super) fn time(reader: &mut RowReader<'_>) -> Option<UnixTime> {
    UnixTime::new(reader.number()?).ok()
}

/// Reads an array of values. It reserves no memory by the length that the bytes claim.
pub(super) fn many<T>(
    reader: &mut RowReader<'_>,
    mut read: impl FnMut(&mut RowReader<'_>) -> Option<T>,
) -> Option<Vec<T>> {
    let mut values = Vec::new();
    for _ in 0..reader.nested()? {
        values.push(read(reader)?);
    }
    Some(values)
}

/// Reads one array of `fields` values and nothing behind it.
fn whole<R: Record>(
    bytes: &[u8],
    fields: u64,
    read: impl FnOnce(&mut RowReader<'_>) -> Option<R>,
) -> Result<R, Error> {
    let record = RowReader::array(bytes, fields).and_then(|mut reader| {
        let record = read(&mut reader)?;
        reader.end()?;
        Some(record)
    });
    record.ok_or(Error::VaultDamaged {
        what: Damage::Row(R::TABLE),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use vidimus_credential::{Outcome, Reason};

    fn time() -> impl Strategy<Value = UnixTime> {
        (0..=UnixTime::MAX.seconds()).prop_map(|seconds| UnixTime::new(seconds).unwrap())
    }

    fn entry() -> impl Strategy<Value = CheckEntry> {
        let outcomes = vec![Outcome::Accept, Outcome::Caution, Outcome::Refuse];
        let reasons = proptest::sample::subsequence(Reason::ALL.to_vec(), 0..5);
        let number = proptest::option::of(".{1,32}");
        (time(), proptest::sample::select(outcomes), reasons, number).prop_map(
            |(at, outcome, reasons, number)| CheckEntry {
                at,
                outcome,
                reasons,
                number,
            },
        )
    }

    /// Decodes what a record encodes, and checks that no shorter part of the bytes is a record.
    fn survives<R: Record>(record: &R) -> Result<R, TestCaseError> {
        let bytes = record.encode();
        for length in 0..bytes.len() {
            prop_assert!(R::decode(&bytes[..length]).is_err());
        }
        let again = R::decode(&bytes);
        prop_assert!(again.is_ok());
        Ok(again.unwrap())
    }

    proptest! {
        #[test]
        fn tokens_survive_their_bytes(
            tokens in proptest::collection::vec((any::<[u8; 32]>(), time()), 0..6), forgotten in proptest::option::of(time()),
        ) {
            let tokens = tokens.into_iter().map(|(token, until)| Seen { token, until }).collect();
            let record = SeenRecord(Remembered { tokens, forgotten });
            prop_assert_eq!(survives(&record)?.0, record.0);
        }

        #[test]
        fn a_page_survives_its_bytes(entries in proptest::collection::vec(entry(), 0..4)) {
            let page = CheckPage(entries);
            prop_assert!(survives(&page)?.0 == page.0);
        }

        #[test]
        fn addresses_and_bundles_survive_their_bytes(
            address in ".{0,40}", bundles in proptest::collection::vec(".{0,40}", 0..4),
            bytes in proptest::collection::vec(any::<u8>(), 0..80), inflated in any::<u64>(),
        ) {
            let root = crate::testing::key("root");
            let root = vidimus_credential::Signer::verifying_key(&root).clone();
            let record = AuthorityRecord { root, address, bundles };
            prop_assert!(survives(&record)? == record);
            let record = BundleRecord { bytes, inflated };
            let again = survives(&record)?;
            prop_assert_eq!((again.bytes, again.inflated), (record.bytes, inflated));
        }

        #[test]
        fn no_bytes_make_reading_a_record_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = AuthorityRecord::decode(&bytes);
            let _ = BundleRecord::decode(&bytes);
            let _ = SeenRecord::decode(&bytes);
            let _ = CheckPage::decode(&bytes);
        }
    }
}
