//! Keys: Ed25519 (RFC 8032) and P-256, as COSE_Keys (RFC 9052, section 7) and as signers.
//!
//! Authorities sign with Ed25519; a phone's holder key, or a reader's, is Ed25519 or P-256.
//! A [`VerifyingKey`] that exists is on its curve, canonical and not of small order.

use crate::cbor::{self, CborReader, CborWriter, MapKey};
use crate::{Error, Field, all_variants};
use core::fmt;
use ed25519_dalek::Signer as _;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

const KTY_OKP: i64 = 1;
const KTY_EC2: i64 = 2;
const CRV_P256: i64 = 1;
const CRV_ED25519: i64 = 6;

/// A fully specified signature algorithm (RFC 9864).
///
/// It is not `#[non_exhaustive]`: a crate that makes keys or names algorithms must decide about
/// each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// Ed25519, number -19 of COSE, signatures of 64 bytes.
    Ed25519,
    /// ECDSA on P-256 with SHA-256, COSE -9, signatures as 64 bytes r||s.
    Esp256,
}

all_variants! {
    /// Every algorithm of the profile.
    Algorithm {
        Ed25519,
        Esp256,
    }
}

impl Algorithm {
    /// The number in a COSE header.
    #[must_use]
    pub const fn cose_id(self) -> i64 {
        match self {
            Self::Ed25519 => -19,
            Self::Esp256 => -9,
        }
    }
}

/// `kid`: the first 8 bytes of SHA-256 over the deterministic COSE_Key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 8]);

impl KeyId {
    /// A `kid` as it was read.
    #[must_use]
    pub const fn new(bytes: [u8; 8]) -> Self {
        Self(bytes)
    }

    /// The 8 bytes, as a header has them.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

/// A public key that may be used to verify: on its curve, canonical and not of small order.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyingKey(Inner);

#[derive(Clone, PartialEq, Eq)]
enum Inner {
    Ed25519(ed25519_dalek::VerifyingKey),
    /// SEC1 uncompressed, which is what `ring` verifies with; on the curve.
    P256([u8; 65]),
}

impl VerifyingKey {
    /// An Ed25519 key from its 32 bytes (RFC 8032, section 5.1.5).
    ///
    /// # Errors
    /// [`Error::Key`] where A is not canonical, not on the curve, or of small order.
    pub fn from_ed25519(bytes: &[u8; 32]) -> Result<Self, Error> {
        // dalek decompresses a y of p or more as y - p, and `verify_strict` does not check A's
        // encoding, so this does. x = 0 with its sign set is of small order and refused below.
        if !is_reduced(bytes) {
            return Err(Error::Key);
        }
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| Error::Key)?;
        if key.is_weak() {
            return Err(Error::Key);
        }
        Ok(Self(Inner::Ed25519(key)))
    }

    /// A P-256 key from its SEC1 point, compressed (33 bytes) or not (65).
    ///
    /// # Errors
    /// [`Error::Key`] where it is not a point of the curve.
    pub fn from_p256_sec1(bytes: &[u8]) -> Result<Self, Error> {
        if !matches!(
            (bytes.first(), bytes.len()),
            (Some(2 | 3), 33) | (Some(4), 65)
        ) {
            return Err(Error::Key);
        }
        let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(bytes).map_err(|_| Error::Key)?;
        let point = key.to_sec1_point(false);
        let uncompressed = point.as_bytes().try_into().map_err(|_| Error::Key)?;
        Ok(Self(Inner::P256(uncompressed)))
    }

    /// Reads a deterministic COSE_Key of exactly kty, crv, x and, for P-256, y as a sign.
    ///
    /// # Errors
    /// [`Error::Cbor`], [`Error::Layout`], or [`Error::Key`] for a key that is not good.
    pub fn from_cose_key(bytes: &[u8]) -> Result<Self, Error> {
        cbor::check(bytes, cbor::MapOrder::Sorted)?;
        let mut reader = CborReader::new(bytes, Field::Key);
        Self::read(&mut reader)
    }

    pub(crate) fn read(reader: &mut CborReader<'_>) -> Result<Self, Error> {
        let (mut kty, mut crv, mut x, mut y) = (None, None, None, None);
        reader.map(|key, reader| {
            match key {
                MapKey::Int(1) => kty = Some(reader.int()?),
                MapKey::Int(-1) => crv = Some(reader.int()?),
                MapKey::Int(-2) => x = Some(reader.bytes_of::<32>()?),
                MapKey::Int(-3) => y = Some(reader.bool()?),
                _ => return Err(reader.layout()),
            }
            Ok(())
        })?;
        match (kty, crv, x, y) {
            (Some(KTY_OKP), Some(CRV_ED25519), Some(x), None) => Self::from_ed25519(&x),
            (Some(KTY_EC2), Some(CRV_P256), Some(x), Some(y)) => {
                let mut point = [0; 33];
                let (sign, rest) = point.split_at_mut(1);
                sign.fill(2 + u8::from(y));
                rest.copy_from_slice(&x);
                Self::from_p256_sec1(&point)
            }
            _ => Err(Error::Layout(Field::Key)),
        }
    }

    /// The deterministic COSE_Key, as [`from_cose_key`](Self::from_cose_key) reads it.
    #[must_use]
    pub fn to_cose_key(&self) -> Vec<u8> {
        let mut writer = CborWriter::with_capacity(48);
        self.write(&mut writer);
        writer.into_bytes()
    }

    pub(crate) fn write(&self, writer: &mut CborWriter) {
        let (x, y) = self.coordinates();
        match y {
            None => {
                writer
                    .map(3)
                    .int(1)
                    .int(KTY_OKP)
                    .int(-1)
                    .int(CRV_ED25519)
                    .int(-2)
                    .bytes(&x);
            }
            Some(y) => {
                let odd = y.last().is_some_and(|byte| byte & 1 == 1);
                writer
                    .map(4)
                    .int(1)
                    .int(KTY_EC2)
                    .int(-1)
                    .int(CRV_P256)
                    .int(-2)
                    .bytes(&x);
                writer.int(-3).bool(odd);
            }
        }
    }

    /// Which algorithm this key verifies.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        match self.0 {
            Inner::Ed25519(_) => Algorithm::Ed25519,
            Inner::P256(_) => Algorithm::Esp256,
        }
    }

    /// The `kid` by which a trust list and a header name this key.
    #[must_use]
    pub fn kid(&self) -> KeyId {
        let digest = Sha256::digest(self.to_cose_key());
        KeyId(digest.first_chunk().copied().unwrap_or_default())
    }

    /// `x`, and `y` for P-256, as a JWK writes them (RFC 7518 section 6.2, RFC 8037 section 2).
    #[must_use]
    pub fn coordinates(&self) -> ([u8; 32], Option<[u8; 32]>) {
        match &self.0 {
            Inner::Ed25519(key) => (key.to_bytes(), None),
            Inner::P256(point) => {
                let [_, xy @ ..] = point;
                let (x, y) = xy.split_at(32);
                (
                    x.try_into().unwrap_or_default(),
                    Some(y.try_into().unwrap_or_default()),
                )
            }
        }
    }

    /// Verifies a signature: Ed25519 strictly (canonical s and R, no small order), ESP256 as r||s
    /// with both in 1..n-1.
    ///
    /// # Errors
    /// [`Error::BadSignature`].
    pub fn verify(&self, message: &[u8], signature: &[u8; 64]) -> Result<(), Error> {
        match &self.0 {
            Inner::Ed25519(key) => key
                .verify_strict(message, &ed25519_dalek::Signature::from_bytes(signature))
                .map_err(|_| Error::BadSignature),
            Inner::P256(point) => verify_p256(point, message, signature),
        }
    }
}

/// `ring` checks a P-256 signature some four times faster than portable Rust (ADR 0003).
#[cfg(all(feature = "ring", not(target_family = "wasm")))]
fn verify_p256(point: &[u8; 65], message: &[u8], signature: &[u8; 64]) -> Result<(), Error> {
    ring::signature::UnparsedPublicKey::new(&ring::signature::ECDSA_P256_SHA256_FIXED, point)
        .verify(message, signature)
        .map_err(|_| Error::BadSignature)
}

/// Without the feature `ring`, and for WebAssembly, for which `ring` needs a C compiler.
#[cfg(not(all(feature = "ring", not(target_family = "wasm"))))]
fn verify_p256(point: &[u8; 65], message: &[u8], signature: &[u8; 64]) -> Result<(), Error> {
    use p256::ecdsa::signature::Verifier as _;
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| Error::Key)?;
    let signature =
        p256::ecdsa::Signature::from_slice(signature).map_err(|_| Error::BadSignature)?;
    key.verify(message, &signature)
        .map_err(|_| Error::BadSignature)
}

/// Whether y, the low 255 bits, is below p = 2^255 - 19 (RFC 8032, section 5.1.3, step 1).
fn is_reduced(bytes: &[u8; 32]) -> bool {
    let [first, middle @ .., last] = bytes;
    !(last & 0x7f == 0x7f && middle.iter().all(|byte| *byte == 0xff) && *first >= 0xed)
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({:?})", self.algorithm())
    }
}

/// A key that signs at once. For a phone's hardware, which answers later, the caller takes the
/// bytes of a [`Draft`](crate::presentation::Draft) and gives it the signature.
pub trait Signer: Send + Sync {
    /// The public key of the pair.
    fn verifying_key(&self) -> &VerifyingKey;

    /// Signs a message; ESP256 gives r||s.
    ///
    /// # Errors
    /// [`Error::Signer`] where the key cannot be used.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], Error>;
}

/// A secret key in memory: boxed so that moves leave no copy, and wiped when it is dropped. It has
/// neither `Debug` nor `Clone`.
///
/// The caller must wipe the secret bytes that it made the key from, and must not keep what
/// [`expose_secret`](Self::expose_secret) gives in another form.
pub struct SigningKey {
    secret: Box<Secret>,
    public: VerifyingKey,
}

enum Secret {
    Ed25519(ed25519_dalek::SigningKey),
    P256(p256::ecdsa::SigningKey),
}

impl SigningKey {
    /// The key of 32 secret bytes: the seed of an Ed25519 key, or the scalar of a P-256 one
    /// (big-endian).
    ///
    /// # Errors
    /// [`Error::Key`] where a scalar is not in 1..n-1.
    pub fn from_secret(algorithm: Algorithm, secret: &[u8; 32]) -> Result<Self, Error> {
        match algorithm {
            Algorithm::Ed25519 => {
                let secret = Box::new(Secret::Ed25519(ed25519_dalek::SigningKey::from_bytes(
                    secret,
                )));
                let Secret::Ed25519(key) = &*secret else {
                    return Err(Error::Key);
                };
                let public = VerifyingKey(Inner::Ed25519(key.verifying_key()));
                Ok(Self { secret, public })
            }
            Algorithm::Esp256 => {
                let key = p256::ecdsa::SigningKey::from_slice(secret).map_err(|_| Error::Key)?;
                let public = VerifyingKey::from_p256_sec1(
                    key.verifying_key().to_sec1_point(false).as_bytes(),
                )?;
                Ok(Self {
                    secret: Box::new(Secret::P256(key)),
                    public,
                })
            }
        }
    }

    /// The 32 secret bytes, for a caller that seals them. They are wiped when the value is dropped;
    /// the caller must wipe each copy of them.
    #[must_use]
    pub fn expose_secret(&self) -> Zeroizing<[u8; 32]> {
        match &*self.secret {
            Secret::Ed25519(key) => Zeroizing::new(key.to_bytes()),
            Secret::P256(key) => Zeroizing::new(key.to_bytes().into()),
        }
    }
}

impl Signer for SigningKey {
    fn verifying_key(&self) -> &VerifyingKey {
        &self.public
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], Error> {
        match &*self.secret {
            Secret::Ed25519(key) => Ok(key.sign(message).to_bytes()),
            Secret::P256(key) => {
                let signature: p256::ecdsa::Signature =
                    key.try_sign(message).map_err(|_| Error::Signer)?;
                Ok(signature.to_bytes().into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(algorithm: Algorithm, byte: u8) -> SigningKey {
        SigningKey::from_secret(algorithm, &[byte; 32]).unwrap()
    }

    #[test]
    fn both_algorithms_sign_and_verify_and_refuse_every_flipped_bit_of_a_signature() {
        for algorithm in [Algorithm::Ed25519, Algorithm::Esp256] {
            let key = key(algorithm, 7);
            let signature = key.sign(b"message").unwrap();
            key.verifying_key().verify(b"message", &signature).unwrap();
            assert!(key.verifying_key().verify(b"massage", &signature).is_err());
            for bit in 0..512 {
                let mut flipped = signature;
                flipped[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(
                    key.verifying_key().verify(b"message", &flipped),
                    Err(Error::BadSignature)
                );
            }
            assert_eq!(*key.expose_secret(), [7; 32]);
        }
    }

    #[test]
    fn a_cose_key_survives_bytes_and_its_kid_is_of_them() {
        for algorithm in [Algorithm::Ed25519, Algorithm::Esp256] {
            for byte in 1..20 {
                let key = key(algorithm, byte).verifying_key().clone();
                let bytes = key.to_cose_key();
                assert!(VerifyingKey::from_cose_key(&bytes).unwrap() == key);
                assert_eq!(key.kid().as_bytes()[..], Sha256::digest(&bytes)[..8]);
            }
        }
    }

    #[test]
    fn encodings_that_dalek_takes_but_are_not_canonical_or_of_small_order_are_refused() {
        // y = p - 1 .. 2^255 - 1, with and without the sign of x: what compresses to other bytes.
        for low in 0xec..=0xff_u8 {
            for sign in [0, 0x80] {
                let mut bytes = [0xff; 32];
                bytes[0] = low;
                bytes[31] = 0x7f | sign;
                let canonical = ed25519_dalek::VerifyingKey::from_bytes(&bytes)
                    .map(|key| key.to_edwards().compress().to_bytes() == bytes);
                if low >= 0xed {
                    assert!(!canonical.unwrap_or(false));
                }
                assert_eq!(VerifyingKey::from_ed25519(&bytes).unwrap_err(), Error::Key);
            }
        }
        let mut identity = [0; 32];
        identity[0] = 1;
        assert_eq!(
            VerifyingKey::from_ed25519(&identity).unwrap_err(),
            Error::Key
        );
        assert_eq!(
            VerifyingKey::from_ed25519(&[0; 32]).unwrap_err(),
            Error::Key
        );
    }

    #[test]
    fn a_point_off_the_curve_the_identity_and_hybrid_forms_are_refused() {
        assert!(VerifyingKey::from_p256_sec1(&[0]).is_err());
        let good = key(Algorithm::Esp256, 3).verifying_key().clone();
        let Inner::P256(mut point) = good.0 else {
            panic!()
        };
        point[64] ^= 1;
        assert!(VerifyingKey::from_p256_sec1(&point).is_err());
        point[64] ^= 1;
        point[0] = 6 | (point[64] & 1);
        assert!(VerifyingKey::from_p256_sec1(&point).is_err());
    }

    #[test]
    fn a_high_s_is_legal_and_the_portable_verifier_agrees() {
        use p256::ecdsa::signature::Verifier as _;
        let key = key(Algorithm::Esp256, 9);
        let signature = p256::ecdsa::Signature::from_slice(&key.sign(b"m").unwrap()).unwrap();
        let (r, s) = signature.split_scalars();
        for s in [*s, -*s] {
            let turned = p256::ecdsa::Signature::from_scalars(*r, s).unwrap();
            key.verifying_key()
                .verify(b"m", &turned.to_bytes().into())
                .unwrap();
            let Inner::P256(point) = key.verifying_key().0 else {
                panic!()
            };
            p256::ecdsa::VerifyingKey::from_sec1_bytes(&point)
                .unwrap()
                .verify(b"m", &turned)
                .unwrap();
        }
    }
}
