//! How a trust list is read and written (profile, section 6).

use super::{MAX_BYTES, Purpose, TrustEntry, TrustList, check_name};
use crate::cbor::{CborReader, CborWriter, MapKey};
use crate::cose::{self, Profile, Sign1, Typ};
use crate::key::{Algorithm, KeyId, Signer, VerifyingKey};
use crate::license::Country;
use crate::text::{self, check_field};
use crate::time::UnixTime;
use crate::{Error, Field};

const PROFILE: Profile = Profile::dl1(Field::TrustList, Typ::Text("application/dl1-trust+cwt"));
const CLAIM_ENTRIES: i64 = -70_020;
/// Reserved for the successors of a root. Its value is skipped.
const CLAIM_SUCCESSORS: i64 = -70_021;
const CLAIM_SERIAL: i64 = -70_022;
/// Keys of claims and entries that later versions may use: this one skips them.
const FIRST_LATER: i64 = 32;
const LAST_LATER: i64 = 255;

impl TrustList {
    /// Reads a list and verifies it by the pinned root. One malformed entry makes it refuse the
    /// whole list.
    ///
    /// # Errors
    /// [`Error::TooLong`] over 1 MiB; [`Error::Cbor`], [`Error::Layout`], [`Error::Text`],
    /// [`Error::OutOfBounds`] or [`Error::Key`] for what does not hold to section 6, a root that is
    /// not Ed25519 too; [`Error::UnknownKey`] where another root signed it;
    /// [`Error::BadSignature`].
    pub fn verify(bytes: &[u8], root: &VerifyingKey) -> Result<Self, Error> {
        if bytes.len() > MAX_BYTES {
            return Err(Error::too_long(MAX_BYTES));
        }
        let signed = Sign1::parse(bytes, &PROFILE)?;
        if signed.kid()? != root.kid() {
            return Err(Error::UnknownKey);
        }
        if root.algorithm() != Algorithm::Ed25519 {
            return Err(Error::Key);
        }
        signed.verify(root)?;
        let (mut iss, mut exp, mut iat) = (None, None, None);
        let (mut entries, mut serial) = (None, 0);
        CborReader::new(signed.payload, Field::TrustList).map(|key, reader| {
            match key {
                MapKey::Int(1) => iss = Some(reader.text()?),
                MapKey::Int(4) => exp = Some(UnixTime::new(reader.uint()?)?),
                MapKey::Int(6) => iat = Some(UnixTime::new(reader.uint()?)?),
                MapKey::Int(CLAIM_ENTRIES) => entries = Some(read_entries(reader)?),
                MapKey::Int(CLAIM_SERIAL) => serial = read_serial(reader)?,
                MapKey::Int(FIRST_LATER..=LAST_LATER | CLAIM_SUCCESSORS) => drop(reader.span()?),
                _ => return Err(Error::Layout(Field::TrustList)),
            }
            Ok(())
        })?;
        let (Some(iss), Some(expires), Some(issued_at), Some(entries)) = (iss, exp, iat, entries)
        else {
            return Err(Error::Layout(Field::TrustList));
        };
        check_field(Field::Issuer, iss, text::MAX_ISS, false)?;
        Ok(Self {
            issuer: iss.to_owned(),
            serial,
            issued_at,
            expires,
            entries,
            bytes: bytes.to_vec(),
        })
    }
}

/// A serial of 0 is not written: one list has one encoding.
fn read_serial(reader: &mut CborReader<'_>) -> Result<u64, Error> {
    match reader.uint()? {
        0 => Err(Error::Layout(Field::TrustList)),
        serial => Ok(serial),
    }
}

fn read_entries(reader: &mut CborReader<'_>) -> Result<Vec<(KeyId, TrustEntry)>, Error> {
    let mut entries = Vec::new();
    for _ in 0..reader.array()? {
        if let Some(entry) = read_entry(reader)? {
            entries.push((entry.key.kid(), entry));
        }
    }
    entries.sort_unstable_by_key(|(kid, _)| *kid);
    if entries
        .windows(2)
        .any(|pair| matches!(pair, [(a, _), (b, _)] if a == b))
    {
        return Err(Error::Key);
    }
    Ok(entries)
}

/// An entry; none where it has no purpose that this version knows.
fn read_entry(reader: &mut CborReader<'_>) -> Result<Option<TrustEntry>, Error> {
    let (mut key, mut purposes, mut name) = (None, None, None);
    let (mut not_before, mut expires, mut signed_until) = (None, None, None);
    let (mut country, mut display) = (None, None);
    reader.map(|label, reader| {
        match label {
            MapKey::Int(1) if reader.is_map() => key = Some(reader.span()?),
            MapKey::Int(2) => purposes = Some(read_purposes(reader)?),
            MapKey::Int(3) => not_before = Some(UnixTime::new(reader.uint()?)?),
            MapKey::Int(4) => expires = Some(UnixTime::new(reader.uint()?)?),
            MapKey::Int(5) => name = Some(reader.text()?),
            MapKey::Int(6) => country = Some(Country::parse(reader.text()?)?),
            MapKey::Int(7) => display = Some(reader.text()?),
            MapKey::Int(8) => signed_until = Some(UnixTime::new(reader.uint()?)?),
            MapKey::Int(FIRST_LATER..=LAST_LATER) => drop(reader.span()?),
            _ => return Err(Error::Layout(Field::TrustList)),
        }
        Ok(())
    })?;
    let (Some(key), Some(purposes), Some(not_before), Some(expires)) =
        (key, purposes, not_before, expires)
    else {
        return Err(Error::Layout(Field::TrustList));
    };
    let (Some(name), Some(country), Some(display)) = (name, country, display) else {
        return Err(Error::Layout(Field::TrustList));
    };
    if purposes.is_empty() {
        check_name(name, &[])?;
        check_field(Field::DisplayName, display, text::MAX_DISPLAY_NAME, false)?;
        return Ok(None);
    }
    let entry = TrustEntry {
        key: VerifyingKey::read(&mut CborReader::new(key, Field::Key))?,
        purposes,
        not_before,
        expires,
        name: name.to_owned(),
        country,
        display_name: display.to_owned(),
        signed_until,
    };
    entry.check()?;
    Ok(Some(entry))
}

/// The known purposes; a number named twice, known or not, is a fault.
fn read_purposes(reader: &mut CborReader<'_>) -> Result<Vec<Purpose>, Error> {
    let count = reader.array()?;
    let mut numbers = Vec::new();
    for _ in 0..count {
        numbers.push(reader.uint()?);
    }
    let known = numbers
        .iter()
        .filter_map(|number| Purpose::from_number(*number))
        .collect();
    numbers.sort_unstable();
    let twice = numbers
        .windows(2)
        .any(|pair| matches!(pair, [a, b] if a == b));
    if numbers.is_empty() || twice {
        Err(Error::Layout(Field::TrustList))
    } else {
        Ok(known)
    }
}

/// Signs a trust list of `entries` by the root. `serial` is 0 for an authority that has never reset
/// its readers. The caller must raise it above that of every earlier list where this list must
/// replace one with a later `iat`.
///
/// # Errors
/// Those of [`TrustList::verify`], because the list is read back; [`Error::Signer`].
pub fn build(
    iss: &str,
    iat: UnixTime,
    exp: UnixTime,
    serial: u64,
    entries: &[TrustEntry],
    root: &dyn Signer,
) -> Result<Vec<u8>, Error> {
    if root.verifying_key().algorithm() != Algorithm::Ed25519 {
        return Err(Error::Key);
    }
    let mut writer = CborWriter::with_capacity(256 * (entries.len() + 1));
    writer
        .map(if serial == 0 { 4 } else { 5 })
        .int(1)
        .text(iss)
        .int(4)
        .uint(exp.seconds())
        .int(6)
        .uint(iat.seconds());
    writer.int(CLAIM_ENTRIES).array(entries.len());
    for entry in entries {
        write_entry(&mut writer, entry);
    }
    if serial != 0 {
        writer.int(CLAIM_SERIAL).uint(serial);
    }
    let bytes = cose::sign(&PROFILE, None, &writer.into_bytes(), root)?;
    TrustList::verify(&bytes, root.verifying_key())?;
    Ok(bytes)
}

fn write_entry(writer: &mut CborWriter, entry: &TrustEntry) {
    writer
        .map(if entry.signed_until.is_some() { 8 } else { 7 })
        .int(1);
    entry.key.write(writer);
    writer.int(2).array(entry.purposes.len());
    for purpose in &entry.purposes {
        writer.uint(purpose.number());
    }
    writer
        .int(3)
        .uint(entry.not_before.seconds())
        .int(4)
        .uint(entry.expires.seconds())
        .int(5)
        .text(&entry.name)
        .int(6)
        .text(entry.country.as_str())
        .int(7)
        .text(&entry.display_name);
    if let Some(last) = entry.signed_until {
        writer.int(8).uint(last.seconds());
    }
}
