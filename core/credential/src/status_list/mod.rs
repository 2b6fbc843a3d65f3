//! Status tokens: Token Status Lists in CWT form (draft-ietf-oauth-status-list), 256 licenses to a
//! list (profile, section 2).
//!
//! The file `format` reads and writes the list; another profile may use it too. Here is the policy
//! of DL1: what a list's values mean, how long it may be, which claims it must have and which keys
//! may sign it.

mod format;

pub use format::{Bits, pack, unpack};

use self::format::{Claims, StatusList};
use crate::cbor::MapOrder;
use crate::cose::{self, Profile, Sign1, Typ};
use crate::key::{Algorithm, KeyId, Signer};
use crate::status::LicenseStatus;
use crate::text::{self, check_field};
use crate::time::UnixTime;
use crate::trust::{Purpose, TrustList};
use crate::{Error, Field, zlib};

/// An inflated list is at most this long, in bytes.
pub const MAX_INFLATED: usize = 65_536;
/// Licenses in one list.
pub const LIST_LENGTH: usize = 256;

/// A status token may come from another implementation, so its map keys may be in any order.
const PROFILE: Profile = Profile {
    order: MapOrder::Any,
    ..Profile::dl1(Field::StatusToken, Typ::Text("application/statuslist+cwt"))
};

/// A status token that is laid out well. Its signature was not verified: only
/// [`authenticate`](Self::authenticate) makes it one that may be believed.
pub struct UnverifiedStatusToken<'b> {
    signed: Sign1<'b>,
    kid: KeyId,
    claims: Claims<'b>,
    expires: UnixTime,
    ttl: u64,
}

impl<'b> UnverifiedStatusToken<'b> {
    /// Reads a status token, its map keys in any order. It must have an end and a `ttl`.
    ///
    /// # Errors
    /// [`Error::Cbor`], [`Error::Layout`], [`Error::Text`], [`Error::OutOfBounds`], and
    /// [`Error::TimesInconsistent`] where `exp <= iat`.
    pub fn parse(bytes: &'b [u8]) -> Result<Self, Error> {
        let signed = Sign1::parse(bytes, &PROFILE)?;
        let kid = signed.kid()?;
        let claims = Claims::read(signed.payload, PROFILE.object)?;
        let (Some(expires), Some(ttl)) = (claims.expires, claims.ttl) else {
            return Err(Error::Layout(PROFILE.object));
        };
        check_field(Field::StatusUri, claims.uri, text::MAX_URI, false)?;
        if expires <= claims.issued_at {
            return Err(Error::TimesInconsistent);
        }
        Ok(Self {
            signed,
            kid,
            claims,
            expires,
            ttl,
        })
    }

    /// The key that is said to have signed it.
    #[must_use]
    pub const fn kid(&self) -> KeyId {
        self.kid
    }

    /// When it says that it was signed. No one vouches for that before it is authenticated.
    #[must_use]
    pub const fn issued_at(&self) -> UnixTime {
        self.claims.issued_at
    }

    /// Verifies it by a status key that may sign for `iss`, and inflates its list.
    ///
    /// The caller must still compare [`uri`](StatusToken::uri) with the credential's, and
    /// [`key_expires`](StatusToken::key_expires) with a clock.
    ///
    /// # Errors
    /// [`Error::UnknownKey`], [`Error::WrongKeyPurpose`], [`Error::WrongIssuer`],
    /// [`Error::KeyNotInForce`] where it was signed before the key's time, [`Error::BadSignature`],
    /// [`Error::Inflate`].
    pub fn authenticate(self, trust: &TrustList, iss: &str) -> Result<StatusToken, Error> {
        let claims = &self.claims;
        let entry = trust.key_for(self.kid, Purpose::Status, iss, claims.issued_at)?;
        self.signed.verify(&entry.key)?;
        Ok(StatusToken {
            uri: claims.uri.to_owned(),
            issued_at: claims.issued_at,
            expires: self.expires,
            ttl: self.ttl,
            list: claims.inflate(MAX_INFLATED)?,
            key_expires: entry.expires,
        })
    }
}

/// A status token that its authority signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusToken {
    uri: String,
    issued_at: UnixTime,
    expires: UnixTime,
    ttl: u64,
    list: StatusList,
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

    /// Past this only the states that are final count.
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
        self.list.value(index).ok_or(Error::IndexOutOfRange)
    }

    /// The state at `idx`, not aged: [`Ageing`](crate::meaning::Ageing) says what is left of it
    /// later.
    ///
    /// # Errors
    /// [`Error::IndexOutOfRange`] beyond the list: never Valid.
    pub fn status(&self, idx: u8) -> Result<LicenseStatus, Error> {
        self.raw_value(idx.into()).map(LicenseStatus::from_value)
    }
}

/// Signs a list of raw values, one for each license.
///
/// # Errors
/// [`Error::Text`] for a `uri` outside the profile, [`Error::OutOfBounds`] for a value that does
/// not fit `bits`, [`Error::TooLong`] for a list over 64 KiB, [`Error::TimesInconsistent`],
/// [`Error::Key`] for a signer that is not Ed25519, [`Error::Signer`].
pub fn issue(
    uri: &str,
    values: &[u8],
    bits: Bits,
    iat: UnixTime,
    exp: UnixTime,
    ttl: u64,
    signer: &dyn Signer,
) -> Result<Vec<u8>, Error> {
    check_field(Field::StatusUri, uri, text::MAX_URI, false)?;
    check_signer(iat, exp, signer)?;
    let list = pack(values, bits)?;
    if list.len() > MAX_INFLATED {
        return Err(Error::too_long(MAX_INFLATED));
    }
    let claims = Claims {
        uri,
        issued_at: iat,
        expires: Some(exp),
        ttl: Some(ttl),
        bits,
        compressed: &zlib::deflate(&list)?,
    };
    cose::sign(&PROFILE, None, &claims.write(), signer)
}

/// What an authority's status objects have in common: `iat` before `exp`, and an Ed25519 key.
pub(crate) fn check_signer(iat: UnixTime, exp: UnixTime, signer: &dyn Signer) -> Result<(), Error> {
    if exp <= iat {
        return Err(Error::TimesInconsistent);
    }
    if signer.verifying_key().algorithm() != Algorithm::Ed25519 {
        return Err(Error::Key);
    }
    Ok(())
}
