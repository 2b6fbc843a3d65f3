//! Status tokens: Token Status Lists in CWT form (draft-ietf-oauth-status-list), 256 licenses to a list
//! (profile, section 2).

use crate::cbor::{CborReader, CborWriter, MapKey, MapOrder};
use crate::cose::{self, Sign1, Typ};
use crate::key::{Algorithm, KeyId, Signer};
use crate::status::LicenseStatus;
use crate::text::{self, check_text};
use crate::time::UnixTime;
use crate::trust::{Purpose, TrustList};
use crate::{Error, zlib};

/// An inflated list is at most this long.
pub const MAX_INFLATED: usize = 65_536;
/// Licenses in one list.
pub const LIST_LENGTH: usize = 256;

const TYP: Typ<'static> = Typ::Text("application/statuslist+cwt");
const CLAIM_STATUS_LIST: i64 = 65_533;
const CLAIM_TTL: i64 = 65_534;

/// How many bits an entry takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bits {
    /// 1 bit: Valid or Revoked.
    One,
    /// 2 bits.
    Two,
    /// 4 bits, what the profile writes.
    Four,
    /// 8 bits.
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
            _ => Err(Error::OutOfBounds),
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

/// Packs values, one a license, least significant bits first.
///
/// # Errors
/// [`Error::OutOfBounds`] for a value that does not fit `bits`.
pub fn pack(values: &[u8], bits: Bits) -> Result<Vec<u8>, Error> {
    let per_byte = 8 >> bits.log2();
    if values.iter().any(|value| *value > bits.mask()) {
        return Err(Error::OutOfBounds);
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

/// A status token that is laid out well, and nothing more.
pub struct UnverifiedStatusToken<'b> {
    signed: Sign1<'b>,
    kid: KeyId,
    uri: &'b str,
    issued_at: UnixTime,
    expires: UnixTime,
    ttl: u64,
    bits: Bits,
    compressed: &'b [u8],
}

impl<'b> UnverifiedStatusToken<'b> {
    /// Reads a status token, its map keys in any order.
    ///
    /// # Errors
    /// [`Error::Cbor`], [`Error::Layout`], [`Error::Text`], [`Error::OutOfBounds`], and
    /// [`Error::TimesInconsistent`] where `exp <= iat`.
    pub fn parse(bytes: &'b [u8]) -> Result<Self, Error> {
        let signed = Sign1::parse(bytes, TYP, MapOrder::Any)?.without_disclosures()?;
        let kid = signed.kid()?;
        let (mut uri, mut exp, mut iat, mut list, mut ttl) = (None, None, None, None, None);
        CborReader::new(signed.payload).map(|key, reader| {
            match key {
                MapKey::Int(2) => uri = Some(reader.text()?),
                MapKey::Int(4) => exp = Some(UnixTime::new(reader.uint()?)?),
                MapKey::Int(6) => iat = Some(UnixTime::new(reader.uint()?)?),
                MapKey::Int(CLAIM_STATUS_LIST) => list = Some(read_list(reader)?),
                MapKey::Int(CLAIM_TTL) => ttl = Some(reader.uint()?),
                _ => return Err(Error::Layout),
            }
            Ok(())
        })?;
        let (Some(uri), Some(expires), Some(issued_at), Some((bits, compressed)), Some(ttl)) =
            (uri, exp, iat, list, ttl)
        else {
            return Err(Error::Layout);
        };
        check_text(uri, text::MAX_URI, false)?;
        if expires <= issued_at {
            return Err(Error::TimesInconsistent);
        }
        Ok(Self {
            signed,
            kid,
            uri,
            issued_at,
            expires,
            ttl,
            bits,
            compressed,
        })
    }

    /// The key that is said to have signed it.
    #[must_use]
    pub const fn kid(&self) -> KeyId {
        self.kid
    }

    /// When it says that it was signed; not yet anyone's word.
    #[must_use]
    pub const fn issued_at(&self) -> UnixTime {
        self.issued_at
    }

    /// Verifies it by a status key that speaks for `iss`, and inflates its list.
    ///
    /// # Errors
    /// [`Error::UnknownKey`], [`Error::WrongKeyPurpose`], [`Error::WrongIssuer`],
    /// [`Error::KeyNotInForce`] where it was signed before the key's time, [`Error::BadSignature`],
    /// [`Error::Inflate`].
    pub fn authenticate(self, trust: &TrustList, iss: &str) -> Result<StatusToken, Error> {
        let entry = trust.key_for(self.kid, Purpose::Status, iss, self.issued_at)?;
        self.signed.verify(&entry.key)?;
        Ok(StatusToken {
            uri: self.uri.to_owned(),
            issued_at: self.issued_at,
            expires: self.expires,
            ttl: self.ttl,
            bits: self.bits,
            list: zlib::inflate(self.compressed, MAX_INFLATED)?,
            key_expires: entry.expires,
        })
    }
}

fn read_list<'b>(reader: &mut CborReader<'b>) -> Result<(Bits, &'b [u8]), Error> {
    let (mut bits, mut list) = (None, None);
    reader.map(|key, reader| {
        match key {
            MapKey::Text("bits") => bits = Some(Bits::from_number(reader.uint()?)?),
            MapKey::Text("lst") => list = Some(reader.bytes()?),
            // Not used, whatever its value.
            MapKey::Text("aggregation_uri") => drop(reader.span()?),
            _ => return Err(Error::Layout),
        }
        Ok(())
    })?;
    bits.zip(list).ok_or(Error::Layout)
}

/// A status token that its authority signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusToken {
    uri: String,
    issued_at: UnixTime,
    expires: UnixTime,
    ttl: u64,
    bits: Bits,
    list: Vec<u8>,
    key_expires: UnixTime,
}

impl StatusToken {
    /// Which list this is (`sub`); it must equal the credential's `uri`.
    #[must_use]
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// When it was signed.
    #[must_use]
    pub const fn issued_at(&self) -> UnixTime {
        self.issued_at
    }

    /// Past this only what is final counts.
    #[must_use]
    pub const fn expires(&self) -> UnixTime {
        self.expires
    }

    /// Seconds after which a newer one may be asked for.
    #[must_use]
    pub const fn ttl(&self) -> u64 {
        self.ttl
    }

    /// When the time of the key that signed it ends.
    #[must_use]
    pub const fn key_expires(&self) -> UnixTime {
        self.key_expires
    }

    /// The raw value at `index`.
    ///
    /// # Errors
    /// [`Error::IndexOutOfRange`] beyond the list: never Valid.
    pub fn raw_value(&self, index: usize) -> Result<u8, Error> {
        unpack(&self.list, self.bits, index).ok_or(Error::IndexOutOfRange)
    }

    /// The state at `idx`, not aged.
    ///
    /// # Errors
    /// [`Error::IndexOutOfRange`] beyond the list: never Valid.
    pub fn status(&self, idx: u8) -> Result<LicenseStatus, Error> {
        self.raw_value(idx.into()).map(LicenseStatus::from_value)
    }
}

/// Signs a list of raw values, one a license.
///
/// # Errors
/// [`Error::Text`] for a `uri` outside the profile, [`Error::OutOfBounds`] for a value that does not fit
/// `bits`, [`Error::TooLong`] for a list over 64 KiB, [`Error::TimesInconsistent`], [`Error::Key`] for a
/// signer that is not Ed25519, [`Error::Signer`].
pub fn issue(
    uri: &str,
    values: &[u8],
    bits: Bits,
    iat: UnixTime,
    exp: UnixTime,
    ttl: u64,
    signer: &dyn Signer,
) -> Result<Vec<u8>, Error> {
    check_text(uri, text::MAX_URI, false)?;
    check_signer(iat, exp, signer)?;
    let list = pack(values, bits)?;
    if list.len() > MAX_INFLATED {
        return Err(Error::TooLong);
    }
    let compressed = zlib::deflate(&list)?;
    let mut writer = CborWriter::with_capacity(compressed.len() + uri.len() + 64);
    writer
        .map(5)
        .int(2)
        .text(uri)
        .int(4)
        .uint(exp.seconds())
        .int(6)
        .uint(iat.seconds());
    writer
        .int(CLAIM_STATUS_LIST)
        .map(2)
        .text("lst")
        .bytes(&compressed);
    writer
        .text("bits")
        .uint(bits.number().into())
        .int(CLAIM_TTL)
        .uint(ttl);
    cose::sign(TYP, None, &writer.into_bytes(), signer)
}

/// What an authority's status objects have in common: order of times, and an Ed25519 key.
pub(crate) fn check_signer(iat: UnixTime, exp: UnixTime, signer: &dyn Signer) -> Result<(), Error> {
    if exp <= iat {
        return Err(Error::TimesInconsistent);
    }
    if signer.verifying_key().algorithm() != Algorithm::Ed25519 {
        return Err(Error::Key);
    }
    Ok(())
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
        assert_eq!(pack(&[4], Bits::Two), Err(Error::OutOfBounds));
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
