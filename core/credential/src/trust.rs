//! The trust list: which key may sign in which name, for which purpose and how long (profile,
//! section 6).

mod wire;

pub use wire::build;

use crate::key::{Algorithm, KeyId, VerifyingKey};
use crate::license::Country;
use crate::text::{self, check_field};
use crate::time::UnixTime;
use crate::{Error, Field};

/// A list is at most this long: 1 MiB.
pub const MAX_BYTES: usize = 1 << 20;

/// A list that is older than this may lack a valid key: 7 days, in seconds.
pub const OLD_S: u64 = 7 * 24 * 3600;

/// Past its `exp` by more than this a list names no key any more: 30 days, in seconds.
pub const GRACE_S: u64 = 30 * 24 * 3600;

/// What a key may sign.
///
/// It is not `#[non_exhaustive]`: a new purpose changes the wire format and what a key may do, so
/// every match must decide about it. A list may have purposes that this version does not know; it
/// skips those.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Purpose {
    /// It signs roadside credentials.
    Credential,
    /// It signs status tokens and bundles.
    Status,
    /// It signs a reader's challenges.
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
    /// What it may sign: at least one purpose, none twice.
    pub purposes: Vec<Purpose>,
    /// A signature from before this does not count.
    pub not_before: UnixTime,
    /// After this no signature of the key counts.
    pub expires: UnixTime,
    /// The `iss` or `reader` it may speak for; at most 128 bytes, 64 for a reader.
    pub name: String,
    /// The country it may speak for.
    pub country: Country,
    /// The name for people; at most 64 bytes.
    pub display_name: String,
    /// The last second at which the key may have signed; none where it may still sign. An issuer
    /// writes the greatest `iat` that the key has signed. With one before
    /// [`not_before`](Self::not_before) no signature of the key counts.
    pub signed_until: Option<UnixTime>,
}

impl TrustEntry {
    /// Whether the key's time has not ended at `now`, give or take `skew_s` seconds.
    #[must_use]
    pub fn is_in_force(&self, now: UnixTime, skew_s: u64) -> bool {
        !self.expires.is_over(now, skew_s)
    }

    /// Whether the key may have signed an object of this time. Where the entry's own times are out
    /// of order, it may have signed nothing.
    fn may_have_signed_at(&self, signed_at: UnixTime) -> bool {
        let retired = self.signed_until.is_some_and(|last| signed_at > last);
        self.not_before <= signed_at && !retired && self.not_before <= self.expires
    }

    fn check(&self) -> Result<(), Error> {
        check_name(&self.name, &self.purposes)?;
        check_field(
            Field::DisplayName,
            &self.display_name,
            text::MAX_DISPLAY_NAME,
            false,
        )?;
        let for_reader_alone = self.purposes == [Purpose::Reader];
        if self.key.algorithm() == Algorithm::Esp256 && !for_reader_alone {
            return Err(Error::Key);
        }
        Ok(())
    }
}

fn check_name(name: &str, purposes: &[Purpose]) -> Result<(), Error> {
    let (field, max_bytes) = if purposes.contains(&Purpose::Reader) {
        (Field::Reader, text::MAX_READER)
    } else {
        (Field::Issuer, text::MAX_ISS)
    };
    check_field(field, name, max_bytes, false)
}

/// A trust list whose root signature was verified.
///
/// The caller must still ask whether it is current ([`has_ended`](Self::has_ended),
/// [`names_no_key`](Self::names_no_key)) and must not replace a list by one that
/// [is older](Self::is_newer_than).
#[derive(Clone)]
pub struct TrustList {
    issuer: String,
    serial: u64,
    issued_at: UnixTime,
    expires: UnixTime,
    /// In the order of their `kid`s, for lookup.
    entries: Vec<(KeyId, TrustEntry)>,
    bytes: Vec<u8>,
}

impl TrustList {
    /// The name of the authority that publishes the list.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The list's number; 0 where none is written. Its authority raises it only to take back times
    /// that an earlier list stated.
    #[must_use]
    pub const fn serial(&self) -> u64 {
        self.serial
    }

    /// When it was signed.
    #[must_use]
    pub const fn issued_at(&self) -> UnixTime {
        self.issued_at
    }

    /// After this a verdict by the list is at best Caution; 30 days later the list names no key any
    /// more.
    #[must_use]
    pub const fn expires(&self) -> UnixTime {
        self.expires
    }

    /// Whether it is so old that it may lack a valid key. No skew is added to an age.
    #[must_use]
    pub fn is_old(&self, now: UnixTime) -> bool {
        self.issued_at.is_over(now, OLD_S)
    }

    /// Whether it is past its `exp`: a verdict by it is at best Caution.
    #[must_use]
    pub fn has_ended(&self, now: UnixTime, skew_s: u64) -> bool {
        self.expires.is_over(now, skew_s)
    }

    /// Whether it is so far past its `exp` that it names no key any more.
    #[must_use]
    pub fn names_no_key(&self, now: UnixTime, skew_s: u64) -> bool {
        self.expires.is_over(now, GRACE_S.saturating_add(skew_s))
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

    /// Whether this list still accepts a signature of this key and time, for the purpose and the
    /// name that it gives the key. A signature that was verified by an earlier list counts only as
    /// long as this holds.
    #[must_use]
    pub fn stands_by(&self, kid: KeyId, signed_at: UnixTime) -> bool {
        self.find(kid).is_some_and(|entry| {
            let purpose = entry.purposes.first();
            purpose
                .is_some_and(|purpose| self.key_for(kid, *purpose, &entry.name, signed_at).is_ok())
        })
    }

    /// Whether this list replaces `held`: by a higher serial, or by an equal serial and a later
    /// `iat`. Where neither list is newer than the other, either may be kept.
    #[must_use]
    pub fn is_newer_than(&self, held: &Self) -> bool {
        (self.serial, self.issued_at) > (held.serial, held.issued_at)
    }

    /// The entry of this `kid`, where it may have signed for `purpose` and `name` at the time
    /// `signed_at`. Both times are signed, so no skew is added. The caller must still verify the
    /// signature, and ask [`TrustEntry::is_in_force`] by a clock.
    ///
    /// # Errors
    /// [`Error::UnknownKey`], [`Error::WrongKeyPurpose`], [`Error::WrongIssuer`];
    /// [`Error::KeyNotInForce`] where `signed_at` is before the key's `nbf` or after its
    /// `signed_until`.
    pub fn key_for(
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
        if !entry.may_have_signed_at(signed_at) {
            return Err(Error::KeyNotInForce);
        }
        Ok(entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> UnixTime {
        UnixTime::new(seconds).unwrap()
    }

    fn list(serial: u64, issued_at: u64, entries: Vec<(KeyId, TrustEntry)>) -> TrustList {
        TrustList {
            issuer: String::new(),
            serial,
            issued_at: at(issued_at),
            expires: UnixTime::MAX,
            entries,
            bytes: Vec::new(),
        }
    }

    #[test]
    fn lists_are_ordered_by_serial_and_then_by_iat() {
        let in_order = [(0, 5), (0, 9), (1, 0), (1, 7), (u64::MAX, 0)];
        for (older, (serial, iat)) in in_order.into_iter().enumerate() {
            let this = list(serial, iat, Vec::new());
            for (other, (serial, iat)) in in_order.into_iter().enumerate() {
                let that = list(serial, iat, Vec::new());
                assert_eq!(this.is_newer_than(&that), older > other);
            }
        }
    }

    #[test]
    fn a_key_signs_from_its_first_second_to_the_last_before_it_was_retired() {
        let secret = crate::SigningKey::from_secret(Algorithm::Ed25519, &[1; 32]).unwrap();
        let key = crate::Signer::verifying_key(&secret);
        let kid = key.kid();
        let signs = |from, until: Option<u64>, expires, signed_at| {
            let entry = TrustEntry {
                key: key.clone(),
                purposes: vec![Purpose::Status],
                not_before: at(from),
                expires: at(expires),
                name: "a".to_owned(),
                country: Country::parse("ZZ").unwrap(),
                display_name: "A".to_owned(),
                signed_until: until.map(at),
            };
            let list = list(0, 0, vec![(kid, entry)]);
            list.key_for(kid, Purpose::Status, "a", at(signed_at))
                .map(drop)
        };
        let never = Err(Error::KeyNotInForce);
        for (from, until, signed_at, result) in [
            (10, None, 9, never),
            (10, None, 10, Ok(())),
            (10, None, 1_000, Ok(())),
            (10, Some(20), 20, Ok(())),
            (10, Some(20), 21, never),
            (10, Some(10), 10, Ok(())),
            (10, Some(9), 9, never),
            (10, Some(9), 10, never),
        ] {
            assert_eq!(
                signs(from, until, 100, signed_at),
                result,
                "{from} {until:?} {signed_at}"
            );
        }
        assert_eq!(signs(10, Some(20), 9, 10), never, "times out of order");
    }
}
