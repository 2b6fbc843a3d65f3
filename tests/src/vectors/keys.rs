//! Keys made of labels, so that another implementation can make them again.

use super::cbor::{FALSE, Map, TRUE, bytes, int};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use vidimus_credential::{Algorithm, Signer as _, SigningKey};

/// A key that signs vectors.
#[derive(Clone)]
pub struct Key {
    /// What it is made of.
    pub label: &'static str,
    /// Ed25519, or ECDSA on P-256.
    pub algorithm: Algorithm,
    signing: Arc<SigningKey>,
}

impl Key {
    /// The Ed25519 key of a label.
    pub fn ed25519(label: &'static str) -> Self {
        Self::of(label, Algorithm::Ed25519, secret(label))
    }

    /// The P-256 key of a label: the first of secret, SHA-256(secret), SHA-256(SHA-256(secret)) and
    /// so on that is a scalar of the curve.
    pub fn p256(label: &'static str) -> Self {
        let mut scalar = secret(label);
        while SigningKey::from_secret(Algorithm::Esp256, &scalar).is_err() {
            scalar = Sha256::digest(scalar).into();
        }
        Self::of(label, Algorithm::Esp256, scalar)
    }

    fn of(label: &'static str, algorithm: Algorithm, secret: [u8; 32]) -> Self {
        let signing = Arc::new(SigningKey::from_secret(algorithm, &secret).unwrap());
        Self {
            label,
            algorithm,
            signing,
        }
    }

    /// Signs deterministically (RFC 8032, or RFC 6979 with SHA-256).
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.signing.sign(message).unwrap()
    }

    /// The secret, which is no secret here.
    pub fn secret(&self) -> [u8; 32] {
        *self.signing.expose_secret()
    }

    /// The COSE_Key as a map, to be broken or not.
    pub fn cose_map(&self) -> Map {
        let (x, y) = self.signing.verifying_key().coordinates();
        let key = Map::default().at(-2, bytes(&x));
        match y {
            None => key.at(1, int(1)).at(-1, int(6)),
            Some(y) => {
                let sign = if y[31] % 2 == 1 { TRUE } else { FALSE };
                key.at(1, int(2)).at(-1, int(1)).at(-3, vec![sign])
            }
        }
    }

    /// The deterministic COSE_Key of its public half.
    pub fn cose_key(&self) -> Vec<u8> {
        self.cose_map().encode()
    }

    /// The first 8 bytes of SHA-256 over the COSE_Key.
    pub fn kid(&self) -> Vec<u8> {
        Sha256::digest(self.cose_key())[..8].to_vec()
    }
}

/// SHA-256("vidimus test key: " || label).
pub fn secret(label: &str) -> [u8; 32] {
    Sha256::digest(format!("vidimus test key: {label}")).into()
}

/// Bytes that look random, of a label: salts, subjects, nonces.
pub fn filler<const N: usize>(label: &str) -> [u8; N] {
    Sha256::digest(format!("vidimus test bytes: {label}"))[..N]
        .try_into()
        .unwrap()
}
