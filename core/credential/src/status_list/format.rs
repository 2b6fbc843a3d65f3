//! The format of a Token Status List in CWT form (draft-ietf-oauth-status-list, sections 4 and 5).
//!
//! How long a list may be, who may sign it and what a value means is not decided here: that is the
//! policy of the profile that uses it.

use crate::cbor::{CborReader, CborWriter, MapKey};
use crate::time::UnixTime;
use crate::{Error, Field, zlib};

const CLAIM_STATUS_LIST: i64 = 65_533;
const CLAIM_TTL: i64 = 65_534;

/// How many bits an entry takes. The list is closed: the draft has these four.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bits {
    /// 1 bit: Valid or Revoked.
    One,
    /// 2 bits, values 0 to 3.
    Two,
    /// 4 bits, what the profile writes.
    Four,
    /// 8 bits, values 0 to 255.
    Eight,
}

impl Bits {
    /// The number that a token writes.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Four => 4,
            Self::Eight => 8,
        }
    }

    /// The width of this number.
    ///
    /// # Errors
    /// [`Error::OutOfBounds`] for another than 1, 2, 4 and 8.
    pub const fn from_number(number: u64) -> Result<Self, Error> {
        match number {
            1 => Ok(Self::One),
            2 => Ok(Self::Two),
            4 => Ok(Self::Four),
            8 => Ok(Self::Eight),
            _ => Err(Error::OutOfBounds(Field::Bits)),
        }
    }

    const fn log2(self) -> u32 {
        match self {
            Self::One => 0,
            Self::Two => 1,
            Self::Four => 2,
            Self::Eight => 3,
        }
    }

    const fn mask(self) -> u8 {
        0xff >> (8 - self.number())
    }
}

/// Packs values, one per entry, the first in the least significant bits.
///
/// # Errors
/// [`Error::OutOfBounds`] for a value that does not fit `bits`.
pub fn pack(values: &[u8], bits: Bits) -> Result<Vec<u8>, Error> {
    let per_byte = 8 >> bits.log2();
    if values.iter().any(|value| *value > bits.mask()) {
        return Err(Error::OutOfBounds(Field::StatusValue));
    }
    let pack_byte = |values: &[u8]| {
        values.iter().rev().fold(0_u8, |byte, value| {
            byte.checked_shl(bits.number().into()).unwrap_or(0) | value
        })
    };
    Ok(values.chunks(per_byte).map(pack_byte).collect())
}

/// The value at `index` of a packed list; none beyond its end.
#[must_use]
pub fn unpack(list: &[u8], bits: Bits, index: usize) -> Option<u8> {
    let per_byte = 8_usize >> bits.log2();
    let byte = list.get(index / per_byte)?;
    let shift = u32::try_from(index % per_byte).ok()? << bits.log2();
    Some(byte >> shift & bits.mask())
}

/// A packed list: its bits an entry, and the entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StatusList {
    pub(super) bits: Bits,
    pub(super) entries: Vec<u8>,
}

impl StatusList {
    /// The value at `index`; none beyond the end.
    pub(super) fn value(&self, index: usize) -> Option<u8> {
        unpack(&self.entries, self.bits, index)
    }
}

/// The claims of a status list token. What the format leaves to its user is optional here.
pub(super) struct Claims<'b> {
    /// Which list this is (`sub`).
    pub(super) uri: &'b str,
    pub(super) issued_at: UnixTime,
    pub(super) expires: Option<UnixTime>,
    /// After how many seconds a newer list may be asked for.
    pub(super) ttl: Option<u64>,
    pub(super) bits: Bits,
    /// The list as a zlib stream.
    pub(super) compressed: &'b [u8],
}

impl<'b> Claims<'b> {
    /// Reads the claims of a payload that was checked as CBOR. Other claims are refused.
    pub(super) fn read(payload: &'b [u8], object: Field) -> Result<Self, Error> {
        let (mut uri, mut exp, mut iat, mut list, mut ttl) = (None, None, None, None, None);
        let mut reader = CborReader::new(payload, object);
        reader.map(|key, reader| {
            match key {
                MapKey::Int(2) => uri = Some(reader.text()?),
                MapKey::Int(4) => exp = Some(UnixTime::new(reader.uint()?)?),
                MapKey::Int(6) => iat = Some(UnixTime::new(reader.uint()?)?),
                MapKey::Int(CLAIM_STATUS_LIST) => list = Some(read_list(reader)?),
                MapKey::Int(CLAIM_TTL) => ttl = Some(reader.uint()?),
                _ => return Err(reader.layout()),
            }
            Ok(())
        })?;
        let (Some(uri), Some(issued_at), Some((bits, compressed))) = (uri, iat, list) else {
            return Err(reader.layout());
        };
        Ok(Self {
            uri,
            issued_at,
            expires: exp,
            ttl,
            bits,
            compressed,
        })
    }

    /// The list, which may take at most `max_bytes`.
    pub(super) fn inflate(&self, max_bytes: usize) -> Result<StatusList, Error> {
        Ok(StatusList {
            bits: self.bits,
            entries: zlib::inflate(self.compressed, max_bytes)?,
        })
    }

    /// The payload, its map keys in bytewise order.
    pub(super) fn write(&self) -> Vec<u8> {
        let mut writer = CborWriter::with_capacity(self.compressed.len() + self.uri.len() + 64);
        let optional = [self.expires.is_some(), self.ttl.is_some()];
        writer.map(3 + optional.into_iter().map(u64::from).sum::<u64>());
        writer.int(2).text(self.uri);
        if let Some(expires) = self.expires {
            writer.int(4).uint(expires.seconds());
        }
        writer.int(6).uint(self.issued_at.seconds());
        writer.int(CLAIM_STATUS_LIST).map(2);
        writer.text("lst").bytes(self.compressed);
        writer.text("bits").uint(self.bits.number().into());
        if let Some(ttl) = self.ttl {
            writer.int(CLAIM_TTL).uint(ttl);
        }
        writer.into_bytes()
    }
}

fn read_list<'b>(reader: &mut CborReader<'b>) -> Result<(Bits, &'b [u8]), Error> {
    let (mut bits, mut list) = (None, None);
    reader.map(|key, reader| {
        match key {
            MapKey::Text("bits") => bits = Some(Bits::from_number(reader.uint()?)?),
            MapKey::Text("lst") => list = Some(reader.bytes()?),
            // It names other lists, which nothing here reads.
            MapKey::Text("aggregation_uri") => drop(reader.span()?),
            _ => return Err(reader.layout()),
        }
        Ok(())
    })?;
    bits.zip(list).ok_or(reader.layout())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_drafts_one_and_two_bit_lists_read_as_it_says() {
        let one = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1];
        assert_eq!(pack(&one, Bits::One).unwrap(), [0xb9, 0xa3]);
        let two = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3];
        assert_eq!(pack(&two, Bits::Two).unwrap(), [0xc9, 0x44, 0xf9]);
        for (index, value) in one.into_iter().enumerate() {
            assert_eq!(unpack(&[0xb9, 0xa3], Bits::One, index), Some(value));
        }
        for (index, value) in two.into_iter().enumerate() {
            assert_eq!(unpack(&[0xc9, 0x44, 0xf9], Bits::Two, index), Some(value));
        }
        assert_eq!(unpack(&[0xc9, 0x44, 0xf9], Bits::Two, 12), None);
        assert_eq!(
            pack(&[4], Bits::Two),
            Err(Error::OutOfBounds(Field::StatusValue))
        );
    }

    #[test]
    fn a_list_without_an_end_and_a_ttl_is_read_by_the_format() {
        let compressed = zlib::deflate(&[0b01]).unwrap();
        let claims = Claims {
            uri: "https://other.example/list",
            issued_at: UnixTime::EPOCH,
            expires: None,
            ttl: None,
            bits: Bits::One,
            compressed: &compressed,
        };
        let payload = claims.write();
        crate::cbor::check(&payload, crate::cbor::MapOrder::Sorted).unwrap();
        let read = Claims::read(&payload, Field::StatusToken).unwrap();
        assert!(read.expires.is_none() && read.ttl.is_none());
        let list = read.inflate(1).unwrap();
        assert_eq!(
            [0, 1, 8].map(|index| list.value(index)),
            [Some(1), Some(0), None]
        );
    }

    proptest! {
        #[test]
        fn what_is_packed_unpacks(values in proptest::collection::vec(any::<u8>(), 0..600), log in 0_u32..4) {
            let bits = Bits::from_number(1 << log).unwrap();
            let values: Vec<u8> = values.into_iter().map(|value| value & bits.mask()).collect();
            let list = pack(&values, bits).unwrap();
            for (index, value) in values.iter().enumerate() {
                prop_assert_eq!(unpack(&list, bits, index), Some(*value));
            }
            prop_assert_eq!(unpack(&list, bits, list.len() * 8 / usize::from(bits.number())), None);
        }
    }
}
