//! The status bundle: an authority's micro-lists laid end to end, for readers without a network
//! (profile, section 7).

use crate::cbor::{CborReader, CborWriter, MapKey};
use crate::cose::{self, Profile, Sign1, Typ};
use crate::key::{KeyId, Signer, VerifyingKey};
use crate::sd_cwt::StatusRef;
use crate::status::LicenseStatus;
use crate::status_list::{Bits, LIST_LENGTH, check_signer, pack, unpack};
use crate::text::{self, check_field};
use crate::time::UnixTime;
use crate::trust::{Purpose, TrustEntry, TrustList};
use crate::{Error, Field, zlib};

/// A bundle inflates to at most 256 MiB.
pub const MAX_INFLATED: u64 = 256 << 20;

const PROFILE: Profile = Profile::dl1(Field::Bundle, Typ::Text("application/dl1-bundle+cwt"));
const CLAIM_BUNDLE: i64 = -70_030;

/// A bundle that is laid out well. Its signature was not verified, and it was not inflated: only
/// [`authenticate`](Self::authenticate) makes it one that may be believed.
pub struct UnverifiedBundle<'b> {
    signed: Sign1<'b>,
    kid: KeyId,
    issuer: &'b str,
    issued_at: UnixTime,
    expires: UnixTime,
    content: Content<'b>,
    inflated: usize,
}

impl<'b> UnverifiedBundle<'b> {
    /// Reads a bundle.
    ///
    /// # Errors
    /// [`Error::Cbor`], [`Error::Layout`], [`Error::Text`], [`Error::TimesInconsistent`] where
    /// `exp <= iat`, [`Error::OutOfBounds`] where its count is of more than 256 MiB.
    pub fn parse(bytes: &'b [u8]) -> Result<Self, Error> {
        let signed = Sign1::parse(bytes, &PROFILE)?;
        let kid = signed.kid()?;
        let (mut iss, mut exp, mut iat, mut content) = (None, None, None, None);
        CborReader::new(signed.payload, Field::Bundle).map(|key, reader| {
            match key {
                MapKey::Int(1) => iss = Some(reader.text()?),
                MapKey::Int(4) => exp = Some(UnixTime::new(reader.uint()?)?),
                MapKey::Int(6) => iat = Some(UnixTime::new(reader.uint()?)?),
                MapKey::Int(CLAIM_BUNDLE) => content = Some(Content::read(reader)?),
                _ => return Err(Error::Layout(Field::Bundle)),
            }
            Ok(())
        })?;
        let (Some(issuer), Some(expires), Some(issued_at), Some(content)) =
            (iss, exp, iat, content)
        else {
            return Err(Error::Layout(Field::Bundle));
        };
        check_field(Field::Issuer, issuer, text::MAX_ISS, false)?;
        if expires <= issued_at {
            return Err(Error::TimesInconsistent);
        }
        let inflated = usize::try_from(content.inflated_length()?)
            .map_err(|_| Error::OutOfBounds(Field::BundleCount))?;
        Ok(Self {
            signed,
            kid,
            issuer,
            issued_at,
            expires,
            content,
            inflated,
        })
    }

    /// The issuer whose licenses it says that it covers.
    #[must_use]
    pub const fn issuer(&self) -> &str {
        self.issuer
    }

    /// The prefix of the lists that it says that it holds: a list's `uri` up to its number.
    #[must_use]
    pub const fn prefix(&self) -> &str {
        self.content.prefix
    }

    /// The key that is said to have signed it.
    #[must_use]
    pub const fn kid(&self) -> KeyId {
        self.kid
    }

    /// When it says that it was signed.
    #[must_use]
    pub const fn issued_at(&self) -> UnixTime {
        self.issued_at
    }

    /// When it says that it ends: after this only the states that are final count.
    #[must_use]
    pub const fn expires(&self) -> UnixTime {
        self.expires
    }

    /// Bytes that it takes once inflated.
    #[must_use]
    pub const fn inflated_length(&self) -> usize {
        self.inflated
    }

    /// Verifies it by a status key that may sign for its issuer, and inflates it.
    ///
    /// # Errors
    /// [`Error::UnknownKey`], [`Error::WrongKeyPurpose`], [`Error::WrongIssuer`],
    /// [`Error::KeyNotInForce`] where it was signed before the key's time or after the key was
    /// retired, [`Error::BadSignature`]; [`Error::Inflate`] where the inflated length is not
    /// exactly that of its count.
    pub fn authenticate(self, trust: &TrustList) -> Result<Bundle, Error> {
        let entry = trust.key_for(self.kid, Purpose::Status, self.issuer, self.issued_at)?;
        self.signed.verify(&entry.key)?;
        let list = zlib::inflate(self.content.compressed, self.inflated)?;
        if list.len() != self.inflated {
            let at_most = u32::try_from(self.inflated).unwrap_or(u32::MAX);
            return Err(Error::Inflate { at_most });
        }
        Ok(Bundle {
            issuer: self.issuer.to_owned(),
            issued_at: self.issued_at,
            expires: self.expires,
            prefix: self.content.prefix.to_owned(),
            bits: self.content.bits,
            count: self.content.count,
            list,
            kid: self.kid,
            key: entry.key.clone(),
        })
    }
}

/// A bundle that a status key of its issuer signed.
#[derive(Clone)]
pub struct Bundle {
    issuer: String,
    issued_at: UnixTime,
    expires: UnixTime,
    prefix: String,
    bits: Bits,
    count: u64,
    list: Vec<u8>,
    kid: KeyId,
    key: VerifyingKey,
}

impl Bundle {
    /// Reads a bundle and verifies it by the trust list. The caller must ask at each use whether
    /// its key is still in force ([`is_in_force`](Self::is_in_force)).
    ///
    /// # Errors
    /// Those of [`UnverifiedBundle::parse`] and [`UnverifiedBundle::authenticate`].
    pub fn verify(bytes: &[u8], trust: &TrustList) -> Result<Self, Error> {
        UnverifiedBundle::parse(bytes)?.authenticate(trust)
    }

    /// The issuer whose licenses it covers.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// When it was signed.
    #[must_use]
    pub const fn issued_at(&self) -> UnixTime {
        self.issued_at
    }

    /// After this only the states that are final count.
    #[must_use]
    pub const fn expires(&self) -> UnixTime {
        self.expires
    }

    /// The prefix of the lists that it holds: a list's `uri` up to its number.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Bytes that it takes in memory.
    #[must_use]
    pub const fn inflated_length(&self) -> usize {
        self.list.len()
    }

    /// Whether `trust` names the key that signed it, for its issuer and its `iat`. No clock is
    /// asked.
    #[must_use]
    pub fn is_vouched_for(&self, trust: &TrustList) -> bool {
        self.entry_in(trust).is_some()
    }

    /// Whether `trust` names its key, and the key's time has not ended.
    #[must_use]
    pub fn is_in_force(&self, trust: &TrustList, now: UnixTime, skew_s: u64) -> bool {
        self.entry_in(trust)
            .is_some_and(|entry| entry.is_in_force(now, skew_s))
    }

    fn entry_in<'t>(&self, trust: &'t TrustList) -> Option<&'t TrustEntry> {
        trust
            .key_for(self.kid, Purpose::Status, &self.issuer, self.issued_at)
            .ok()
            .filter(|entry| entry.key == self.key)
    }

    /// The state of a license of `iss`, not aged; none where the bundle does not cover it.
    #[must_use]
    pub fn status(&self, iss: &str, status: &StatusRef) -> Option<LicenseStatus> {
        let (prefix, number) = split_uri(&status.uri)?;
        if iss != self.issuer || prefix != self.prefix {
            return None;
        }
        let length = u64::try_from(LIST_LENGTH).ok()?;
        let entry = number.checked_mul(length)?.checked_add(status.idx.into())?;
        if entry >= self.count {
            return None;
        }
        let value = unpack(&self.list, self.bits, usize::try_from(entry).ok()?)?;
        Some(LicenseStatus::from_value(value))
    }
}

/// Splits a list's `uri` into the prefix of its bundle and its number, which is all the digits at
/// its end; none where they are no canonical decimal.
pub(crate) fn split_uri(uri: &str) -> Option<(&str, u64)> {
    let prefix = uri.trim_end_matches(|character: char| character.is_ascii_digit());
    let number = canonical_decimal(uri.strip_prefix(prefix)?)?;
    Some((prefix, number))
}

/// A number without sign, space or leading zero.
fn canonical_decimal(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || (text.len() > 1 && text.starts_with('0')) {
        return None;
    }
    text.parse().ok()
}

struct Content<'b> {
    prefix: &'b str,
    bits: Bits,
    count: u64,
    compressed: &'b [u8],
}

impl<'b> Content<'b> {
    fn read(reader: &mut CborReader<'b>) -> Result<Self, Error> {
        let (mut prefix, mut bits, mut count, mut compressed) = (None, None, None, None);
        reader.map(|key, reader| {
            match key {
                MapKey::Int(1) => prefix = Some(reader.text()?),
                MapKey::Int(2) => bits = Some(Bits::from_number(reader.uint()?)?),
                MapKey::Int(3) => count = Some(reader.uint()?),
                MapKey::Int(4) => compressed = Some(reader.bytes()?),
                _ => return Err(Error::Layout(Field::Bundle)),
            }
            Ok(())
        })?;
        let (Some(prefix), Some(bits), Some(count), Some(compressed)) =
            (prefix, bits, count, compressed)
        else {
            return Err(Error::Layout(Field::Bundle));
        };
        check_field(Field::BundlePrefix, prefix, text::MAX_URI, false)?;
        Ok(Self {
            prefix,
            bits,
            count,
            compressed,
        })
    }

    /// ceil(count * bits / 8), at most 256 MiB.
    fn inflated_length(&self) -> Result<u64, Error> {
        let bits = self
            .count
            .checked_mul(self.bits.number().into())
            .ok_or(Error::OutOfBounds(Field::BundleCount))?;
        let length = bits.div_ceil(8);
        if length > MAX_INFLATED {
            Err(Error::OutOfBounds(Field::BundleCount))
        } else {
            Ok(length)
        }
    }
}

/// Signs a bundle of raw values: list `n` of `prefix` takes the 256 values from `n * 256`.
///
/// # Errors
/// [`Error::Text`], also for a prefix that ends in a digit: no reader could tell it from a list's
/// number; [`Error::OutOfBounds`] for a value that does not fit `bits`, [`Error::TooLong`],
/// [`Error::TimesInconsistent`], [`Error::Key`] for a signer that is not Ed25519,
/// [`Error::Signer`].
pub fn issue(
    iss: &str,
    prefix: &str,
    values: &[u8],
    bits: Bits,
    iat: UnixTime,
    exp: UnixTime,
    signer: &dyn Signer,
) -> Result<Vec<u8>, Error> {
    check_field(Field::Issuer, iss, text::MAX_ISS, false)?;
    check_field(Field::BundlePrefix, prefix, text::MAX_URI, false)?;
    if prefix.ends_with(|character: char| character.is_ascii_digit()) {
        return Err(Error::Text(Field::BundlePrefix));
    }
    check_signer(iat, exp, signer)?;
    let list = pack(values, bits)?;
    let count = u64::try_from(values.len()).map_err(|_| too_long())?;
    if u64::try_from(list.len()).map_err(|_| too_long())? > MAX_INFLATED {
        return Err(too_long());
    }
    let compressed = zlib::deflate(&list)?;
    let mut writer = CborWriter::with_capacity(compressed.len() + 256);
    writer
        .map(4)
        .int(1)
        .text(iss)
        .int(4)
        .uint(exp.seconds())
        .int(6)
        .uint(iat.seconds());
    writer
        .int(CLAIM_BUNDLE)
        .map(4)
        .int(1)
        .text(prefix)
        .int(2)
        .uint(bits.number().into());
    writer.int(3).uint(count).int(4).bytes(&compressed);
    cose::sign(&PROFILE, None, &writer.into_bytes(), signer)
}

fn too_long() -> Error {
    Error::too_long(usize::try_from(MAX_INFLATED).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::split_uri;

    #[test]
    fn a_lists_number_is_all_the_digits_at_the_end_of_its_uri() {
        let pack = "https://dl.example/s/3/";
        assert_eq!(split_uri("https://dl.example/s/3/17"), Some((pack, 17)));
        assert_eq!(split_uri("https://dl.example/s/3/0"), Some((pack, 0)));
        assert_eq!(split_uri("42"), Some(("", 42)));
        for none in [
            "",
            pack,
            "https://dl.example/s/3/017",
            "a18446744073709551616",
        ] {
            assert_eq!(split_uri(none), None, "{none}");
        }
    }
}
