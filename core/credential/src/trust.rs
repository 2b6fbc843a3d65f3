//! The trust list: which key speaks for which name, for which purpose and how long (profile, section 6).

use crate::Error;
use crate::cbor::{Key, MapOrder, Reader, Writer};
use crate::cose::{self, Sign1, Typ};
use crate::key::{Algorithm, KeyId, Signer, VerifyingKey};
use crate::license::Country;
use crate::text::{self, check_text};
use crate::time::UnixTime;

/// A list is at most 1 MiB.
pub const MAX_BYTES: usize = 1 << 20;

const TYP: Typ<'static> = Typ::Text("application/dl1-trust+cwt");
const CLAIM_ENTRIES: i64 = -70_020;

/// What a key may sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Purpose {
    /// Roadside credentials.
    Credential,
    /// Status tokens and bundles.
    Status,
    /// A reader's challenges.
    Reader,
}

impl Purpose {
    const fn number(self) -> u64 {
        match self {
            Self::Credential => 1,
            Self::Status => 2,
            Self::Reader => 3,
        }
    }

    const fn from_number(number: u64) -> Option<Self> {
        match number {
            1 => Some(Self::Credential),
            2 => Some(Self::Status),
            3 => Some(Self::Reader),
            _ => None,
        }
    }
}

/// One key, and what it may do.
#[derive(Clone, PartialEq, Eq)]
pub struct TrustEntry {
    /// The key. Ed25519 unless it is a reader's alone.
    pub key: VerifyingKey,
    /// What it may sign; at least one, none twice.
    pub purposes: Vec<Purpose>,
    /// Nothing signed before this counts.
    pub not_before: UnixTime,
    /// Nothing counts once this has passed.
    pub expires: UnixTime,
    /// The `iss` or `reader` it may speak for; at most 128 bytes, 64 for a reader.
    pub name: String,
    /// The country it may speak for.
    pub country: Country,
    /// What a person is shown; at most 64 bytes.
    pub display_name: String,
}

impl TrustEntry {
    /// Whether the key's time has not ended at `now`, give or take `skew_s` seconds.
    #[must_use]
    pub fn is_in_force(&self, now: UnixTime, skew_s: u64) -> bool {
        now <= self.expires.saturating_add(skew_s)
    }

    fn check(&self) -> Result<(), Error> {
        check_name(&self.name, &self.purposes)?;
        check_text(&self.display_name, text::MAX_DISPLAY_NAME, false)?;
        let for_reader_alone = self.purposes == [Purpose::Reader];
        if self.key.algorithm() == Algorithm::Esp256 && !for_reader_alone {
            return Err(Error::Key);
        }
        Ok(())
    }
}

fn check_name(name: &str, purposes: &[Purpose]) -> Result<(), Error> {
    let reader = purposes.contains(&Purpose::Reader);
    check_text(
        name,
        if reader {
            text::MAX_READER
        } else {
            text::MAX_ISS
        },
        false,
    )
}

/// A trust list whose root signature holds. Whether it is still current is asked of [`expires`](Self::expires).
#[derive(Clone)]
pub struct TrustList {
    issuer: String,
    issued_at: UnixTime,
    expires: UnixTime,
    /// In the order of their `kid`s, for lookup.
    entries: Vec<(KeyId, TrustEntry)>,
    bytes: Vec<u8>,
}

impl TrustList {
    /// Reads a list and verifies it by the pinned root. One malformed entry refuses the whole list.
    ///
    /// # Errors
    /// [`Error::TooLong`] over 1 MiB; [`Error::Cbor`], [`Error::Layout`], [`Error::Text`],
    /// [`Error::OutOfBounds`] or [`Error::Key`] for what does not hold to section 6, a root that is not
    /// Ed25519 too;
    /// [`Error::UnknownKey`] where another root signed it; [`Error::BadSignature`].
    pub fn verify(bytes: &[u8], root: &VerifyingKey) -> Result<Self, Error> {
        if bytes.len() > MAX_BYTES {
            return Err(Error::TooLong);
        }
        let signed = Sign1::parse(bytes, TYP, MapOrder::Sorted)?.without_disclosures()?;
        if signed.kid()? != root.kid() {
            return Err(Error::UnknownKey);
        }
        if root.algorithm() != Algorithm::Ed25519 {
            return Err(Error::Key);
        }
        signed.verify(root)?;
        let (mut iss, mut exp, mut iat, mut entries) = (None, None, None, None);
        Reader::new(signed.payload).map(|key, reader| {
            match key {
                Key::Int(1) => iss = Some(reader.text()?),
                Key::Int(4) => exp = Some(UnixTime::new(reader.uint()?)?),
                Key::Int(6) => iat = Some(UnixTime::new(reader.uint()?)?),
                Key::Int(CLAIM_ENTRIES) => entries = Some(read_entries(reader)?),
                _ => return Err(Error::Layout),
            }
            Ok(())
        })?;
        let (Some(iss), Some(expires), Some(issued_at), Some(entries)) = (iss, exp, iat, entries)
        else {
            return Err(Error::Layout);
        };
        check_text(iss, text::MAX_ISS, false)?;
        Ok(Self {
            issuer: iss.to_owned(),
            issued_at,
            expires,
            entries,
            bytes: bytes.to_vec(),
        })
    }

    /// Who publishes the list.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// When it was signed.
    #[must_use]
    pub const fn issued_at(&self) -> UnixTime {
        self.issued_at
    }

    /// Past this the list still names keys, but a verdict is at best Caution.
    #[must_use]
    pub const fn expires(&self) -> UnixTime {
        self.expires
    }

    /// The entries, in the order of their `kid`s.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = &TrustEntry> {
        self.entries.iter().map(|(_, entry)| entry)
    }

    /// The signed bytes, as they came.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The entry of this `kid`.
    #[must_use]
    pub fn find(&self, kid: KeyId) -> Option<&TrustEntry> {
        let index = self
            .entries
            .binary_search_by_key(&kid, |(kid, _)| *kid)
            .ok()?;
        self.entries.get(index).map(|(_, entry)| entry)
    }

    /// The entry of this `kid`, where it may sign for `purpose` and `name` something of the time `signed_at`.
    pub(crate) fn key_for(
        &self,
        kid: KeyId,
        purpose: Purpose,
        name: &str,
        signed_at: UnixTime,
    ) -> Result<&TrustEntry, Error> {
        let entry = self.find(kid).ok_or(Error::UnknownKey)?;
        if !entry.purposes.contains(&purpose) {
            return Err(Error::WrongKeyPurpose);
        }
        if entry.name != name {
            return Err(Error::WrongIssuer);
        }
        // Times out of order make a key that is never good, also where skew would bridge them.
        if signed_at < entry.not_before || entry.expires < entry.not_before {
            return Err(Error::KeyNotInForce);
        }
        Ok(entry)
    }
}

fn read_entries(reader: &mut Reader<'_>) -> Result<Vec<(KeyId, TrustEntry)>, Error> {
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
fn read_entry(reader: &mut Reader<'_>) -> Result<Option<TrustEntry>, Error> {
    let (mut key, mut purposes, mut name) = (None, None, None);
    let (mut not_before, mut expires, mut country, mut display) = (None, None, None, None);
    reader.map(|label, reader| {
        match label {
            Key::Int(1) if reader.is_map() => key = Some(reader.span()?),
            Key::Int(2) => purposes = Some(read_purposes(reader)?),
            Key::Int(3) => not_before = Some(UnixTime::new(reader.uint()?)?),
            Key::Int(4) => expires = Some(UnixTime::new(reader.uint()?)?),
            Key::Int(5) => name = Some(reader.text()?),
            Key::Int(6) => country = Some(Country::parse(reader.text()?)?),
            Key::Int(7) => display = Some(reader.text()?),
            _ => return Err(Error::Layout),
        }
        Ok(())
    })?;
    let (Some(key), Some(purposes), Some(not_before), Some(expires)) =
        (key, purposes, not_before, expires)
    else {
        return Err(Error::Layout);
    };
    let (Some(name), Some(country), Some(display)) = (name, country, display) else {
        return Err(Error::Layout);
    };
    if purposes.is_empty() {
        check_name(name, &[])?;
        check_text(display, text::MAX_DISPLAY_NAME, false)?;
        return Ok(None);
    }
    let entry = TrustEntry {
        key: VerifyingKey::read(&mut Reader::new(key))?,
        purposes,
        not_before,
        expires,
        name: name.to_owned(),
        country,
        display_name: display.to_owned(),
    };
    entry.check()?;
    Ok(Some(entry))
}

/// The known purposes; a number named twice, known or not, is a fault.
fn read_purposes(reader: &mut Reader<'_>) -> Result<Vec<Purpose>, Error> {
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
        Err(Error::Layout)
    } else {
        Ok(known)
    }
}

/// Signs a trust list of `entries` by the root.
///
/// # Errors
/// What [`TrustList::verify`] would refuse, before it is signed; [`Error::Signer`].
pub fn build(
    iss: &str,
    iat: UnixTime,
    exp: UnixTime,
    entries: &[TrustEntry],
    root: &dyn Signer,
) -> Result<Vec<u8>, Error> {
    if root.verifying_key().algorithm() != Algorithm::Ed25519 {
        return Err(Error::Key);
    }
    let mut writer = Writer::with_capacity(256 * (entries.len() + 1));
    writer
        .map(4)
        .int(1)
        .text(iss)
        .int(4)
        .uint(exp.seconds())
        .int(6)
        .uint(iat.seconds());
    writer.int(CLAIM_ENTRIES).array(entries.len());
    for entry in entries {
        writer.map(7).int(1);
        entry.key.write(&mut writer);
        writer.int(2).array(entry.purposes.len());
        for purpose in &entry.purposes {
            writer.uint(purpose.number());
        }
        writer
            .int(3)
            .uint(entry.not_before.seconds())
            .int(4)
            .uint(entry.expires.seconds());
        writer
            .int(5)
            .text(&entry.name)
            .int(6)
            .text(entry.country.as_str());
        writer.int(7).text(&entry.display_name);
    }
    let bytes = cose::sign(TYP, None, &writer.into_bytes(), root)?;
    TrustList::verify(&bytes, root.verifying_key())?;
    Ok(bytes)
}
