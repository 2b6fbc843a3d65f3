//! The roadside credential: an SD-CWT (draft-ietf-spice-sd-cwt) with one redacted claim, the
//! portrait (profile, section 1).

mod size;
mod wire;

pub use size::{LicensePart, Measure, measure};

use crate::cbor::{self, CborReader, CborWriter, MapOrder};
use crate::cose::{self, Profile, SD_CLAIMS, Sign1, Typ};
use crate::discreet::debug_name_alone;
use crate::key::{Algorithm, KeyId, Signer, VerifyingKey};
use crate::license::License;
use crate::text::{self, check_field};
use crate::time::UnixTime;
use crate::trust::{Purpose, TrustList};
use crate::{Error, Field};
use sha2::{Digest as _, Sha256};

/// A credential without disclosures is at most this long, so that every token fits a QR.
pub const MAX_BYTES: usize = 672;

/// `application/sd-cwt`; its unprotected header may disclose the portrait.
const PROFILE: Profile = Profile {
    unprotected: &[SD_CLAIMS],
    ..Profile::dl1(Field::Credential, Typ::Number(293))
};
const PORTRAIT: i64 = 9;

/// Where the license's status is: entry `idx` of the list `uri`.
#[derive(Clone, PartialEq, Eq)]
pub struct StatusRef {
    /// The license's index in its list.
    pub idx: u8,
    /// The list; 1 to 64 bytes, compared as text.
    pub uri: String,
}

debug_name_alone!(StatusRef);

/// The claims of a credential. Personal data: no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct CredentialClaims {
    /// The issuer's name in the trust list; at most 128 bytes.
    pub iss: String,
    /// 16 random bytes, new for each credential. The caller must draw them.
    pub sub: [u8; 16],
    /// After this the credential is refused in every mode.
    pub exp: UnixTime,
    /// When it was signed.
    pub iat: UnixTime,
    /// The phone's key (`cnf`, RFC 8747).
    pub holder_key: VerifyingKey,
    /// The license that it states. Personal data.
    pub license: License,
    /// Where its status is published.
    pub status: StatusRef,
}

/// A portrait with the salt that hides it; the credential has its digest. Personal data: its
/// `Debug` is its name alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Portrait {
    disclosure: Vec<u8>,
    jpeg: core::ops::Range<usize>,
}

impl Portrait {
    /// Salts a JPEG with 16 random bytes.
    #[must_use]
    pub fn new(salt: [u8; 16], jpeg: &[u8]) -> Self {
        let mut writer = CborWriter::with_capacity(jpeg.len() + 32);
        writer.array(3).bytes(&salt).bytes(jpeg).int(PORTRAIT);
        let disclosure = writer.into_bytes();
        // One byte, the key 9, follows the picture.
        let end = disclosure.len() - 1;
        let jpeg = end - jpeg.len()..end;
        Self { disclosure, jpeg }
    }

    /// Reads a disclosure: `[salt, JPEG, 9]`.
    ///
    /// # Errors
    /// [`Error::Cbor`] or [`Error::Layout`].
    pub fn parse(disclosure: &[u8]) -> Result<Self, Error> {
        cbor::check(disclosure, MapOrder::Sorted)?;
        let mut reader = CborReader::new(disclosure, Field::Portrait);
        reader.array_of(3)?;
        reader.bytes_of::<16>()?;
        let jpeg = reader.bytes()?.len();
        if reader.int()? != PORTRAIT {
            return Err(reader.layout());
        }
        let end = disclosure.len() - 1;
        Ok(Self {
            disclosure: disclosure.to_vec(),
            jpeg: end - jpeg..end,
        })
    }

    /// The picture's bytes. They were not checked to be a JPEG: the caller must decode them with
    /// care.
    #[must_use]
    pub fn jpeg(&self) -> &[u8] {
        self.disclosure.get(self.jpeg.clone()).unwrap_or_default()
    }

    /// The encoded disclosure, as it is hashed and sent.
    #[must_use]
    pub fn disclosure(&self) -> &[u8] {
        &self.disclosure
    }

    /// SHA-256 over the encoded disclosure: its Redacted Claim Hash (draft-ietf-spice-sd-cwt).
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        digest(&self.disclosure)
    }
}

debug_name_alone!(Portrait);

fn digest(disclosure: &[u8]) -> [u8; 32] {
    Sha256::digest(disclosure).into()
}

/// Signs a credential, its portrait disclosed in the unprotected header.
///
/// Categories are written in the rows that the license has;
/// [`Category::group`](crate::Category::group) makes them few. [`measure`] says beforehand how long
/// the credential will be.
///
/// # Errors
/// [`Error::Text`] or [`Error::OutOfBounds`] for claims outside the profile,
/// [`Error::TimesInconsistent`] where `exp <= iat`, [`Error::TooLong`] over 672 bytes,
/// [`Error::Key`] for a signer that is not Ed25519, [`Error::Signer`].
pub fn issue(
    claims: &CredentialClaims,
    portrait: &Portrait,
    signer: &dyn Signer,
) -> Result<Vec<u8>, Error> {
    if signer.verifying_key().algorithm() != Algorithm::Ed25519 {
        return Err(Error::Key);
    }
    if claims.exp <= claims.iat {
        return Err(Error::TimesInconsistent);
    }
    check_field(Field::Issuer, &claims.iss, text::MAX_ISS, false)?;
    check_field(Field::StatusUri, &claims.status.uri, text::MAX_URI, false)?;
    let payload = wire::write_claims(claims, &portrait.digest());
    let bytes = cose::sign(&PROFILE, Some(portrait.disclosure()), &payload, signer)?;
    UnverifiedCredential::parse(&bytes)?;
    Ok(bytes)
}

/// A credential that is laid out well. Its signature was not verified: only
/// [`authenticate`](Self::authenticate) makes it one that may be believed.
pub struct UnverifiedCredential {
    kid: KeyId,
    claims: CredentialClaims,
    portrait_digest: [u8; 32],
    portrait: Option<Portrait>,
    mismatch: bool,
    header_alg: i64,
    protected: Vec<u8>,
    payload: Vec<u8>,
    signature: [u8; 64],
}

impl UnverifiedCredential {
    /// Reads a credential, with or without its portrait.
    ///
    /// # Errors
    /// [`Error::Cbor`], [`Error::Layout`], [`Error::Text`], [`Error::OutOfBounds`], [`Error::Key`];
    /// [`Error::TooLong`] over 672 bytes without disclosures. A disclosure that matches no digest
    /// is reported by [`authenticate`](Self::authenticate).
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let signed = Sign1::parse(bytes, &PROFILE)?;
        if bytes.len() - signed.unprotected_length + 1 > MAX_BYTES {
            return Err(Error::too_long(MAX_BYTES));
        }
        let kid = signed.kid()?;
        let (claims, portrait_digest) = wire::read_claims(signed.payload)?;
        let (portrait, mismatch) = match signed.unprotected.item(SD_CLAIMS) {
            None => (None, false),
            Some(disclosures) => match read_disclosure(disclosures, &portrait_digest) {
                Ok(portrait) => (Some(portrait), false),
                Err(Error::DisclosureMismatch) => (None, true),
                Err(error) => return Err(error),
            },
        };
        Ok(Self {
            kid,
            claims,
            portrait_digest,
            portrait,
            mismatch,
            header_alg: signed.alg,
            protected: signed.protected_bytes.to_vec(),
            payload: signed.payload.to_vec(),
            signature: signed.signature,
        })
    }

    /// The key that is said to have signed it.
    #[must_use]
    pub const fn kid(&self) -> KeyId {
        self.kid
    }

    /// The claims. No one vouches for them before they are authenticated.
    #[must_use]
    pub const fn claims(&self) -> &CredentialClaims {
        &self.claims
    }

    /// The digest that the portrait's disclosure must have, under the same reserve.
    #[must_use]
    pub const fn portrait_digest(&self) -> &[u8; 32] {
        &self.portrait_digest
    }

    /// SHA-256 over the protected header and the payload: without the signature and the portrait.
    pub(crate) fn fingerprint(&self) -> [u8; 32] {
        Sha256::digest(cose::to_be_signed(&self.protected, &self.payload)).into()
    }

    /// Finds its key in the trust list and verifies it. No clock is asked: the caller must compare
    /// [`Credential::key_expires`] and [`CredentialClaims::exp`] with its own.
    ///
    /// # Errors
    /// [`Error::UnknownKey`], [`Error::WrongKeyPurpose`], [`Error::WrongIssuer`] (also for another
    /// country), [`Error::KeyNotInForce`] where it was signed before the key's time,
    /// [`Error::BadSignature`].
    pub fn authenticate(self, trust: &TrustList) -> Result<Credential, Error> {
        let entry = trust.key_for(
            self.kid,
            Purpose::Credential,
            &self.claims.iss,
            self.claims.iat,
        )?;
        if entry.country != self.claims.license.issuing_country() {
            return Err(Error::WrongIssuer);
        }
        if self.header_alg != entry.key.algorithm().cose_id() {
            return Err(Error::BadSignature);
        }
        entry.key.verify(
            &cose::to_be_signed(&self.protected, &self.payload),
            &self.signature,
        )?;
        Ok(Credential {
            bytes: cose::assemble(&self.protected, None, &self.payload, &self.signature),
            claims: self.claims,
            portrait_digest: self.portrait_digest,
            portrait: self.portrait,
            mismatch: self.mismatch,
            key_expires: entry.expires,
            display_name: entry.display_name.clone(),
        })
    }
}

/// A credential that its authority signed. Personal data: no `Debug`.
#[derive(Clone)]
pub struct Credential {
    bytes: Vec<u8>,
    claims: CredentialClaims,
    portrait_digest: [u8; 32],
    portrait: Option<Portrait>,
    mismatch: bool,
    key_expires: UnixTime,
    display_name: String,
}

impl Credential {
    /// The claims that the authority signed.
    #[must_use]
    pub const fn claims(&self) -> &CredentialClaims {
        &self.claims
    }

    /// The claims, without the rest.
    #[must_use]
    pub fn into_claims(self) -> CredentialClaims {
        self.claims
    }

    /// The signed object without disclosures, as a presentation token carries it.
    #[must_use]
    pub fn bytes_without_disclosure(&self) -> &[u8] {
        &self.bytes
    }

    /// SHA-256 of the portrait's disclosure: a face that came by any channel must hash to it.
    #[must_use]
    pub const fn portrait_digest(&self) -> &[u8; 32] {
        &self.portrait_digest
    }

    /// The portrait, where it was disclosed and matches its digest.
    #[must_use]
    pub const fn portrait(&self) -> Option<&Portrait> {
        self.portrait.as_ref()
    }

    /// Whether a disclosure came that matches no digest. A reader refuses it.
    #[must_use]
    pub const fn has_foreign_disclosure(&self) -> bool {
        self.mismatch
    }

    /// When the time of the key that signed it ends.
    #[must_use]
    pub const fn key_expires(&self) -> UnixTime {
        self.key_expires
    }

    /// The authority's name for people, from the trust list.
    #[must_use]
    pub fn display_name(&self) -> &str {
        &self.display_name
    }
}

fn read_disclosure(disclosures: &[u8], expected: &[u8; 32]) -> Result<Portrait, Error> {
    let mut reader = CborReader::new(disclosures, Field::Portrait);
    let count = reader.array()?;
    let mut portrait = None;
    for _ in 0..count {
        let disclosure = reader.bytes()?;
        if digest(disclosure) != *expected {
            return Err(Error::DisclosureMismatch);
        }
        portrait = Some(Portrait::parse(disclosure)?);
    }
    // Exactly one: none, or the same one twice, is no layout of the profile.
    if count == 1 {
        portrait.ok_or(reader.layout())
    } else {
        Err(reader.layout())
    }
}
