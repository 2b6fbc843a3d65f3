//! The presentation token: an SD-KBT (draft-ietf-spice-sd-cwt) that the phone signs for half a
//! minute (profile, section 3).
//!
//! A phone's hardware may need seconds to sign, so a token is made in two steps: a [`Draft`] gives
//! the bytes to be signed, and [`Draft::finish`] takes the signature.

use crate::cbor::{CborReader, CborWriter, MapKey};
use crate::cose::{self, ALG, KCWT, Profile, Sign1, TYP, Typ};
use crate::key::{Algorithm, Signer, VerifyingKey};
use crate::qr::{self, TOKEN_PREFIX};
use crate::sd_cwt::UnverifiedCredential;
use crate::text::{self, check_field};
use crate::time::UnixTime;
use crate::{Error, Field};
use sha2::{Digest as _, Sha256};

/// `aud` of a token that anyone may read.
pub const ANYONE: &str = "dl1:any";
/// `aud` of an answer to the 8 digits that an officer read out.
pub const CODE: &str = "dl1:code";
/// Seconds that a wallet lets a token live.
pub const LIFE_S: u64 = 30;

/// `application/kb+cwt`; its protected header has the credential and no `kid`.
const PROFILE: Profile = Profile {
    protected: &[ALG, KCWT, TYP],
    ..Profile::dl1(Field::Token, Typ::Number(294))
};
const CLAIM_CNONCE: i64 = 39;
const CLAIM_STAPLE: i64 = -70_010;

/// The claims of a presentation token.
#[derive(Clone, PartialEq, Eq)]
pub struct PresentationClaims {
    /// [`ANYONE`], or the reader who asked; at most 64 bytes.
    pub aud: String,
    /// When the token expires. A reader refuses it after this time.
    pub exp: UnixTime,
    /// When the token was signed. A reader refuses it before this time.
    pub iat: UnixTime,
    /// The challenge that is answered: 8 ASCII digits where `aud` is [`CODE`], else 16 bytes.
    pub cnonce: Option<Vec<u8>>,
    /// The status token that is stapled in.
    pub staple: Option<Vec<u8>>,
}

impl PresentationClaims {
    fn check(&self) -> Result<(), Error> {
        check_field(Field::Reader, &self.aud, text::MAX_READER, false)?;
        let Some(cnonce) = &self.cnonce else {
            return Ok(());
        };
        let good = if self.aud == CODE {
            is_code(cnonce)
        } else {
            cnonce.len() == 16
        };
        if good {
            Ok(())
        } else {
            Err(Error::OutOfBounds(Field::Nonce))
        }
    }
}

/// Whether these are the 8 ASCII digits of a code.
pub(crate) fn is_code(cnonce: &[u8]) -> bool {
    cnonce.len() == 8 && cnonce.iter().all(u8::is_ascii_digit)
}

/// A token that is not signed yet.
///
/// The caller must have it signed by the key that the credential names, must show it at once, and
/// must not show it after its end.
pub struct Draft {
    protected: Vec<u8>,
    payload: Vec<u8>,
    to_be_signed: Vec<u8>,
}

impl Draft {
    /// A token around a credential without disclosures, to be signed by a holder key of
    /// `algorithm`.
    ///
    /// # Errors
    /// [`Error::Text`] or [`Error::OutOfBounds`] for claims outside the profile.
    pub fn new(
        credential: &[u8],
        algorithm: Algorithm,
        claims: &PresentationClaims,
    ) -> Result<Self, Error> {
        claims.check()?;
        let protected = cose::protected_with_credential(algorithm, credential, &PROFILE);
        let staple = claims.staple.as_deref();
        let mut writer = CborWriter::with_capacity(128 + staple.map_or(0, <[u8]>::len));
        let optional = [claims.cnonce.is_some(), staple.is_some()];
        writer.map(3 + optional.into_iter().map(u64::from).sum::<u64>());
        writer
            .int(3)
            .text(&claims.aud)
            .int(4)
            .uint(claims.exp.seconds());
        writer.int(6).uint(claims.iat.seconds());
        if let Some(cnonce) = &claims.cnonce {
            writer.int(CLAIM_CNONCE).bytes(cnonce);
        }
        if let Some(staple) = staple {
            writer.int(CLAIM_STAPLE).bytes(staple);
        }
        let payload = writer.into_bytes();
        let to_be_signed = cose::to_be_signed(&protected, &payload);
        Ok(Self {
            protected,
            payload,
            to_be_signed,
        })
    }

    /// The bytes that the holder key signs.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        &self.to_be_signed
    }

    /// The token, with its signature (ESP256: r||s).
    #[must_use]
    pub fn finish(self, signature: &[u8; 64]) -> Vec<u8> {
        cose::assemble(&self.protected, None, &self.payload, signature)
    }

    /// The token, signed by a key that answers at once.
    ///
    /// # Errors
    /// [`Error::Signer`].
    pub fn sign(self, signer: &dyn Signer) -> Result<Vec<u8>, Error> {
        let signature = signer.sign(&self.to_be_signed)?;
        Ok(self.finish(&signature))
    }
}

/// A token whose layout is right, and so is that of the credential inside. No signature was
/// verified.
pub struct UnverifiedToken {
    /// The phone's part: its claims and its signature.
    pub envelope: Envelope,
    /// The credential inside, not authenticated.
    pub credential: UnverifiedCredential,
}

/// The phone's part of a token: its claims, and the signature over them and the credential.
pub struct Envelope {
    claims: PresentationClaims,
    alg: i64,
    to_be_signed: Vec<u8>,
    signature: [u8; 64],
}

impl UnverifiedToken {
    /// Reads a token from the text of its QR (`DL1:`). White space that wrapping or pasting added
    /// is dropped (profile, section 4).
    ///
    /// # Errors
    /// [`Error::WrongPrefix`] for any other text, [`Error::TooLong`], [`Error::Base45`], and those
    /// of [`parse`](Self::parse).
    pub fn from_text(text: &str) -> Result<Self, Error> {
        qr::read_text(text, TOKEN_PREFIX, qr::MAX_TEXT, Self::parse)
    }

    /// Reads a token. Its staple is not read: an error in it is no error of the token.
    ///
    /// # Errors
    /// [`Error::Cbor`], [`Error::Layout`], [`Error::Text`], [`Error::OutOfBounds`], [`Error::Key`],
    /// [`Error::TooLong`]; [`Error::DisclosureMismatch`] is reported later, by the credential.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let signed = Sign1::parse(bytes, &PROFILE)?;
        let credential = signed.protected.item(KCWT);
        let credential = credential.ok_or(Error::Layout(Field::Token))?;
        let envelope = Envelope {
            claims: read_claims(signed.payload)?,
            alg: signed.alg,
            to_be_signed: cose::to_be_signed(signed.protected_bytes, signed.payload),
            signature: signed.signature,
        };
        Ok(Self {
            envelope,
            credential: UnverifiedCredential::parse(credential)?,
        })
    }
}

impl Envelope {
    /// The claims. No one vouches for them before [`verify`](Self::verify).
    #[must_use]
    pub const fn claims(&self) -> &PresentationClaims {
        &self.claims
    }

    /// Whether the header names the algorithm of `holder_key`.
    #[must_use]
    pub fn names_algorithm_of(&self, holder_key: &VerifyingKey) -> bool {
        self.alg == holder_key.algorithm().cose_id()
    }

    /// SHA-256 over the protected header and the payload. No other token has the same. The
    /// signature is left out, because with ECDSA the signer can make many for the same token.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        Sha256::digest(&self.to_be_signed).into()
    }

    /// Verifies that the credential's holder key signed it.
    ///
    /// # Errors
    /// [`Error::BadSignature`], also where the header names another algorithm.
    pub fn verify(&self, holder_key: &VerifyingKey) -> Result<(), Error> {
        if !self.names_algorithm_of(holder_key) {
            return Err(Error::BadSignature);
        }
        holder_key.verify(&self.to_be_signed, &self.signature)
    }
}

fn read_claims(payload: &[u8]) -> Result<PresentationClaims, Error> {
    let (mut aud, mut exp, mut iat, mut cnonce, mut staple) = (None, None, None, None, None);
    CborReader::new(payload, Field::Token).map(|key, reader| {
        match key {
            MapKey::Int(3) => aud = Some(reader.text()?),
            MapKey::Int(4) => exp = Some(UnixTime::new(reader.uint()?)?),
            MapKey::Int(6) => iat = Some(UnixTime::new(reader.uint()?)?),
            MapKey::Int(CLAIM_CNONCE) => cnonce = Some(reader.bytes()?.to_vec()),
            MapKey::Int(CLAIM_STAPLE) => staple = Some(reader.bytes()?.to_vec()),
            _ => return Err(Error::Layout(Field::Token)),
        }
        Ok(())
    })?;
    let (Some(aud), Some(exp), Some(iat)) = (aud, exp, iat) else {
        return Err(Error::Layout(Field::Token));
    };
    let claims = PresentationClaims {
        aud: aud.to_owned(),
        exp,
        iat,
        cnonce,
        staple,
    };
    claims.check()?;
    Ok(claims)
}
