//! A small CBOR writer and reader for the vault's rows. Each record is one array.
//!
//! Writing goes to memory and cannot fail, so the encoder's results are dropped.

use minicbor::{Decoder, Encoder};
use zeroize::Zeroizing;

/// Writes the bytes of one record into memory that is wiped.
pub(crate) struct RowWriter(Encoder<Zeroing>);

/// A buffer that is wiped when it is dropped, even after a partial write.
struct Zeroing(Zeroizing<Vec<u8>>);

impl minicbor::encode::Write for Zeroing {
    type Error = std::convert::Infallible;

    fn write_all(&mut self, bytes: &[u8]) -> Result<(), Self::Error> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }
}

impl RowWriter {
    /// Begins an array of `fields` values, and reserves `capacity` bytes.
    pub(crate) fn array(fields: u64, capacity: usize) -> Self {
        let mut writer = Self(Encoder::new(Zeroing(Zeroizing::new(Vec::with_capacity(
            capacity,
        )))));
        writer.nested(fields);
        writer
    }

    /// Begins a nested array.
    pub(crate) fn nested(&mut self, fields: u64) -> &mut Self {
        let _ = self.0.array(fields);
        self
    }

    pub(crate) fn number(&mut self, value: u64) -> &mut Self {
        let _ = self.0.u64(value);
        self
    }

    pub(crate) fn text(&mut self, value: &str) -> &mut Self {
        let _ = self.0.str(value);
        self
    }

    pub(crate) fn bytes(&mut self, value: &[u8]) -> &mut Self {
        let _ = self.0.bytes(value);
        self
    }

    pub(crate) fn flag(&mut self, value: bool) -> &mut Self {
        let _ = self.0.bool(value);
        self
    }

    /// Writes a value with `write`, or null for `None`.
    pub(crate) fn optional<T>(
        &mut self,
        value: Option<T>,
        write: impl FnOnce(&mut Self, T),
    ) -> &mut Self {
        match value {
            Some(value) => write(self, value),
            None => {
                let _ = self.0.null();
            }
        }
        self
    }

    /// An array with `write` called for each item.
    pub(crate) fn list<T>(
        &mut self,
        items: &[T],
        mut write: impl FnMut(&mut Self, &T),
    ) -> &mut Self {
        self.nested(u64::try_from(items.len()).unwrap_or(u64::MAX));
        for item in items {
            write(self, item);
        }
        self
    }

    pub(crate) fn finish(self) -> Zeroizing<Vec<u8>> {
        self.0.into_writer().0
    }
}

/// Reads one record; each method gives `None` where the bytes are not what it expects.
pub(crate) struct RowReader<'a>(Decoder<'a>);

impl<'a> RowReader<'a> {
    /// Begins to read an array of exactly `fields` values.
    pub(crate) fn array(bytes: &'a [u8], fields: u64) -> Option<Self> {
        let mut reader = Self(Decoder::new(bytes));
        (reader.nested()? == fields).then_some(reader)
    }

    /// The length of a nested array.
    pub(crate) fn nested(&mut self) -> Option<u64> {
        self.0.array().ok().flatten()
    }

    pub(crate) fn number(&mut self) -> Option<u64> {
        self.0.u64().ok()
    }

    pub(crate) fn text(&mut self) -> Option<&'a str> {
        self.0.str().ok()
    }

    pub(crate) fn bytes(&mut self) -> Option<&'a [u8]> {
        self.0.bytes().ok()
    }

    pub(crate) fn fixed<const LENGTH: usize>(&mut self) -> Option<[u8; LENGTH]> {
        self.bytes()?.try_into().ok()
    }

    pub(crate) fn flag(&mut self) -> Option<bool> {
        self.0.bool().ok()
    }

    /// Reads a value with `read`, or null as `Some(None)`.
    pub(crate) fn optional<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<Option<T>> {
        if self.0.datatype().ok()? == minicbor::data::Type::Null {
            self.0.null().ok()?;
            return Some(None);
        }
        read(self).map(Some)
    }

    /// An array, each item by `read`; `None` where one item is not readable.
    pub(crate) fn list<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let length = self.nested()?;
        // Each item takes at least a byte: a length beyond what is left is refused before memory is
        // taken for it.
        let left = self.0.input().len().saturating_sub(self.0.position());
        (usize::try_from(length).ok()? <= left).then_some(())?;
        (0..length).map(|_| read(self)).collect()
    }

    /// Expects the end of the bytes.
    pub(crate) fn end(self) -> Option<()> {
        (self.0.position() == self.0.input().len()).then_some(())
    }
}
