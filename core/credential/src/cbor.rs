//! Strict deterministic CBOR (RFC 8949, section 4.2.1), on minicbor.
//!
//! [`check`] walks a whole object once and refuses anything that is not deterministic. Only then
//! may a [`CborReader`] read it. A length is never believed beyond the input, so nothing is
//! allocated for bytes that are not there.

use crate::{Error, Field};
use core::cmp::Ordering;
use core::convert::Infallible;
use minicbor::data::{Tag, Type};
use minicbor::{Decoder, Encoder, encode};

/// How deep arrays, maps and tags may be nested, counted from the start of a byte string.
pub const MAX_DEPTH: usize = 16;

/// The order that a map's keys must have. Closed: a parser asks for one or the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapOrder {
    /// Bytewise, as in all objects of the profile but status tokens.
    Sorted,
    /// Any, because a status token may come from another implementation. No key may come twice.
    Any,
}

/// Checks that `bytes` are exactly one deterministic CBOR item without floating point numbers.
///
/// # Errors
/// [`Error::Cbor`].
pub fn check(bytes: &[u8], order: MapOrder) -> Result<(), Error> {
    let mut walk = Walk {
        bytes,
        at: 0,
        order,
    };
    walk.item(0)?;
    if walk.at == bytes.len() {
        Ok(())
    } else {
        Err(Error::Cbor)
    }
}

struct Walk<'b> {
    bytes: &'b [u8],
    at: usize,
    order: MapOrder,
}

impl<'b> Walk<'b> {
    fn item(&mut self, depth: usize) -> Result<(), Error> {
        let (major, argument) = self.head()?;
        match major {
            0 | 1 | 7 => Ok(()),
            2 => self.take(argument).map(drop),
            3 => core::str::from_utf8(self.take(argument)?)
                .map(drop)
                .map_err(|_| Error::Cbor),
            _ if depth >= MAX_DEPTH => Err(Error::Cbor),
            4 => (0..self.count(argument)?).try_for_each(|_| self.item(depth + 1)),
            5 => self.entries(self.count(argument)?, depth + 1),
            _ => self.item(depth + 1),
        }
    }

    fn entries(&mut self, count: usize, depth: usize) -> Result<(), Error> {
        let mut previous: &[u8] = &[];
        let mut keys = Vec::new();
        for _ in 0..count {
            let start = self.at;
            self.item(depth)?;
            let key = self.bytes.get(start..self.at).ok_or(Error::Cbor)?;
            match self.order {
                MapOrder::Sorted if previous.cmp(key) != Ordering::Less => return Err(Error::Cbor),
                MapOrder::Sorted => previous = key,
                // Only keys that were read are kept, so a large count alone allocates nothing.
                MapOrder::Any => keys.push(key),
            }
            self.item(depth)?;
        }
        keys.sort_unstable();
        let twice = keys.windows(2).any(|pair| matches!(pair, [a, b] if a == b));
        if twice { Err(Error::Cbor) } else { Ok(()) }
    }

    /// Major type and argument, in their shortest form.
    fn head(&mut self) -> Result<(u8, u64), Error> {
        let initial = self.byte()?;
        let (major, info) = (initial >> 5, initial & 0x1f);
        let argument = match info {
            0..=23 => u64::from(info),
            24 => {
                let value = self.byte()?;
                let least = if major == 7 { 32 } else { 24 };
                if value < least {
                    return Err(Error::Cbor);
                }
                u64::from(value)
            }
            // 16, 32 and 64 bits of major type 7 are floating point numbers.
            _ if major == 7 => return Err(Error::Cbor),
            25 => self.number::<2>(0xff)?,
            26 => self.number::<4>(0xffff)?,
            27 => self.number::<8>(0xffff_ffff)?,
            // 28 to 30 are reserved, 31 is an indefinite length.
            _ => return Err(Error::Cbor),
        };
        Ok((major, argument))
    }

    fn number<const N: usize>(&mut self, too_small: u64) -> Result<u64, Error> {
        let mut value = 0;
        for _ in 0..N {
            value = value << 8 | u64::from(self.byte()?);
        }
        if value > too_small {
            Ok(value)
        } else {
            Err(Error::Cbor)
        }
    }

    fn byte(&mut self) -> Result<u8, Error> {
        let byte = self.bytes.get(self.at).copied().ok_or(Error::Cbor)?;
        self.at += 1;
        Ok(byte)
    }

    fn take(&mut self, length: u64) -> Result<&'b [u8], Error> {
        let length = usize::try_from(length).map_err(|_| Error::Cbor)?;
        let end = self.at.checked_add(length).ok_or(Error::Cbor)?;
        let taken = self.bytes.get(self.at..end).ok_or(Error::Cbor)?;
        self.at = end;
        Ok(taken)
    }

    /// A count of items, each of which takes at least one byte of the rest.
    fn count(&self, count: u64) -> Result<usize, Error> {
        let count = usize::try_from(count).map_err(|_| Error::Cbor)?;
        if count > self.bytes.len() - self.at {
            Err(Error::Cbor)
        } else {
            Ok(count)
        }
    }
}

/// A map's key, of the kinds that the profile uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MapKey<'b> {
    Int(i64),
    Text(&'b str),
    Simple(u8),
}

/// Reads an object. The caller must have passed its bytes through [`check`]; so every error here is
/// one of layout, with the name of the object.
pub(crate) struct CborReader<'b> {
    decoder: Decoder<'b>,
    object: Field,
}

impl<'b> CborReader<'b> {
    /// A reader at the first byte; `object` is what its errors say that it reads.
    pub(crate) fn new(bytes: &'b [u8], object: Field) -> Self {
        Self {
            decoder: Decoder::new(bytes),
            object,
        }
    }

    /// The error for an object that is not laid out as the profile says.
    pub(crate) const fn layout(&self) -> Error {
        Error::Layout(self.object)
    }

    /// The number of items of the array that comes next.
    pub(crate) fn array(&mut self) -> Result<u64, Error> {
        let count = self.decoder.array();
        self.checked(count)?.ok_or(self.layout())
    }

    pub(crate) fn array_of(&mut self, count: u64) -> Result<(), Error> {
        if self.array()? == count {
            Ok(())
        } else {
            Err(self.layout())
        }
    }

    /// Reads a map: `entry` is given each key and must read its value.
    pub(crate) fn map(
        &mut self,
        mut entry: impl FnMut(MapKey<'b>, &mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let count = self.decoder.map();
        for _ in 0..self.checked(count)?.ok_or(self.layout())? {
            let key = match self.next_type() {
                Some(Type::String) => MapKey::Text(self.text()?),
                Some(Type::Simple) => {
                    let simple = self.decoder.simple();
                    MapKey::Simple(self.checked(simple)?)
                }
                _ => MapKey::Int(self.int()?),
            };
            entry(key, self)?;
        }
        Ok(())
    }

    pub(crate) fn tag(&mut self, tag: u64) -> Result<(), Error> {
        let found = self.decoder.tag();
        if self.checked(found)? == Tag::new(tag) {
            Ok(())
        } else {
            Err(self.layout())
        }
    }

    pub(crate) fn uint(&mut self) -> Result<u64, Error> {
        let value = self.decoder.u64();
        self.checked(value)
    }

    pub(crate) fn int(&mut self) -> Result<i64, Error> {
        let value = self.decoder.i64();
        self.checked(value)
    }

    pub(crate) fn bool(&mut self) -> Result<bool, Error> {
        let value = self.decoder.bool();
        self.checked(value)
    }

    pub(crate) fn bytes(&mut self) -> Result<&'b [u8], Error> {
        let value = self.decoder.bytes();
        self.checked(value)
    }

    pub(crate) fn bytes_of<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        self.bytes()?.try_into().map_err(|_| self.layout())
    }

    pub(crate) fn text(&mut self) -> Result<&'b str, Error> {
        let value = self.decoder.str();
        self.checked(value)
    }

    /// Whether a map comes next.
    pub(crate) fn is_map(&self) -> bool {
        self.next_type() == Some(Type::Map)
    }

    /// Whether an array comes next.
    pub(crate) fn is_array(&self) -> bool {
        self.next_type() == Some(Type::Array)
    }

    fn next_type(&self) -> Option<Type> {
        self.decoder.datatype().ok()
    }

    /// `null`, or what `value` reads.
    pub(crate) fn nullable<T>(
        &mut self,
        value: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        if self.next_type() == Some(Type::Null) {
            let null = self.decoder.null();
            self.checked(null)?;
            return Ok(None);
        }
        value(self).map(Some)
    }

    /// Passes over one item and gives its bytes.
    pub(crate) fn span(&mut self) -> Result<&'b [u8], Error> {
        let start = self.decoder.position();
        let skipped = self.decoder.skip();
        self.checked(skipped)?;
        let span = self.decoder.input().get(start..self.decoder.position());
        span.ok_or(self.layout())
    }

    fn checked<T>(&self, result: Result<T, minicbor::decode::Error>) -> Result<T, Error> {
        result.map_err(|_| self.layout())
    }
}

/// Writes CBOR in its shortest form. The caller writes map keys in bytewise order.
pub(crate) struct CborWriter(Encoder<Vec<u8>>);

impl CborWriter {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self(Encoder::new(Vec::with_capacity(bytes)))
    }

    pub(crate) fn map(&mut self, entries: u64) -> &mut Self {
        self.put(|encoder| encoder.map(entries).map(drop))
    }

    pub(crate) fn array(&mut self, items: usize) -> &mut Self {
        self.put(|encoder| encoder.array(length(items)).map(drop))
    }

    pub(crate) fn tag(&mut self, tag: u64) -> &mut Self {
        self.put(|encoder| encoder.tag(Tag::new(tag)).map(drop))
    }

    pub(crate) fn int(&mut self, value: i64) -> &mut Self {
        self.put(|encoder| encoder.i64(value).map(drop))
    }

    pub(crate) fn uint(&mut self, value: u64) -> &mut Self {
        self.put(|encoder| encoder.u64(value).map(drop))
    }

    pub(crate) fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.put(|encoder| encoder.bytes(value).map(drop))
    }

    pub(crate) fn text(&mut self, value: &str) -> &mut Self {
        self.put(|encoder| encoder.str(value).map(drop))
    }

    pub(crate) fn bool(&mut self, value: bool) -> &mut Self {
        self.put(|encoder| encoder.bool(value).map(drop))
    }

    pub(crate) fn null(&mut self) -> &mut Self {
        self.put(|encoder| encoder.null().map(drop))
    }

    pub(crate) fn simple(&mut self, value: u8) -> &mut Self {
        self.put(|encoder| encoder.simple(value).map(drop))
    }

    /// An item that is encoded already.
    pub(crate) fn encoded(&mut self, item: &[u8]) -> &mut Self {
        self.0.writer_mut().extend_from_slice(item);
        self
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0.into_writer()
    }

    fn put(
        &mut self,
        write: impl FnOnce(&mut Encoder<Vec<u8>>) -> Result<(), encode::Error<Infallible>>,
    ) -> &mut Self {
        // A `Vec` takes every write: its error type has no value.
        let written = write(&mut self.0);
        debug_assert!(written.is_ok());
        self
    }
}

fn length(items: usize) -> u64 {
    u64::try_from(items).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hex(text: &str) -> Vec<u8> {
        base16ct::lower::decode_vec(text).unwrap()
    }

    #[test]
    fn deterministic_items_pass() {
        for item in [
            "00",
            "17",
            "1818",
            "3903e7",
            "40",
            "6161",
            "80",
            "a0",
            "f4",
            "f6",
            "f83b",
            "c6a10102",
            "a20102 2003",
            "1b0000000100000000",
        ] {
            let item = hex(&item.replace(' ', ""));
            assert_eq!(check(&item, MapOrder::Sorted), Ok(()), "{item:02x?}");
        }
    }

    #[test]
    fn indefinite_lengths_long_integers_duplicates_disorder_floats_and_trailing_bytes_are_refused()
    {
        for item in [
            "",
            "1817",
            "190017",
            "1900ff",
            "1a0000ffff",
            "1b00000000ffffffff",
            "5f4100ff",
            "9f00ff",
            "bf0001ff",
            "7f6161ff",
            "a201020103",
            "a220030102",
            "a2616101010 2",
            "f90000",
            "fa00000000",
            "fb0000000000000000",
            "f818",
            "f81f",
            "ff",
            "0000",
            "61ff",
            "1c",
            "5818",
            "9b7fffffffffffffff",
            "bbffffffffffffffff",
            "5bffffffffffffffff",
            "82",
            "a1",
            "c6",
            "18",
        ] {
            let bytes = hex(&item.replace(' ', ""));
            assert_eq!(check(&bytes, MapOrder::Sorted), Err(Error::Cbor), "{item}");
        }
        assert_eq!(check(&hex("a220030102"), MapOrder::Any), Ok(()));
        assert_eq!(check(&hex("a220032002"), MapOrder::Any), Err(Error::Cbor));
    }

    #[test]
    fn a_map_in_any_order_may_be_long_and_names_no_key_twice() {
        let mut map = hex("b818");
        for key in (0..24).rev() {
            map.extend([key, 0]);
        }
        assert_eq!(check(&map, MapOrder::Any), Ok(()));
        assert_eq!(check(&map, MapOrder::Sorted), Err(Error::Cbor));
        map[2] = 0;
        assert_eq!(check(&map, MapOrder::Any), Err(Error::Cbor));
    }

    #[test]
    fn depth_16_is_read_and_17_is_not() {
        for (head, tail) in [("81", "00"), ("c6", "00"), ("a100", "00")] {
            let nested = |n: usize| hex(&(head.repeat(n) + tail));
            assert_eq!(check(&nested(16), MapOrder::Sorted), Ok(()));
            assert_eq!(check(&nested(17), MapOrder::Sorted), Err(Error::Cbor));
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic_and_what_passes_is_what_minicbor_reads(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            if check(&bytes, MapOrder::Any).is_ok() {
                let mut decoder = Decoder::new(&bytes);
                decoder.skip().unwrap();
                prop_assert_eq!(decoder.position(), bytes.len());
            }
        }

        #[test]
        fn what_is_written_passes(values in proptest::collection::vec(any::<i64>(), 0..40), text in ".*") {
            let mut writer = CborWriter::with_capacity(0);
            writer.array(values.len() + 1).text(&text);
            for value in &values {
                writer.int(*value);
            }
            prop_assert_eq!(check(&writer.into_bytes(), MapOrder::Sorted), Ok(()));
        }
    }
}
