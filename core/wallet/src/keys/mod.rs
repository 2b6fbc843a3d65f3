//! The desktop's key store, in files, and holder keys in the device or in the vault. Phones bring
//! their own key stores.

mod file;
mod holder;

pub use file::FileKeyStore;
pub use holder::HolderKey;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::ports::{DataKey, KeyStoreError, Random};

const NONCE: usize = 24;
const PURPOSE: &[u8] = b"vidimus wrapped data key 1";

/// Wraps a data key in software. A phone's hardware has its own method.
pub(crate) fn wrap(
    key: &DataKey,
    data_key: &[u8; 32],
    random: &dyn Random,
) -> Result<Vec<u8>, KeyStoreError> {
    let mut nonce = [0; NONCE];
    random
        .fill(&mut nonce)
        .map_err(|_| KeyStoreError::Unavailable)?;
    let payload = Payload {
        msg: data_key,
        aad: PURPOSE,
    };
    let sealed = XChaCha20Poly1305::new(key.expose_secret().into())
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| KeyStoreError::Refused)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

pub(crate) fn unwrap(key: &DataKey, wrapped: &[u8]) -> Result<DataKey, KeyStoreError> {
    let (nonce, sealed) = wrapped
        .split_first_chunk::<NONCE>()
        .ok_or(KeyStoreError::Refused)?;
    let payload = Payload {
        msg: sealed,
        aad: PURPOSE,
    };
    let plain = XChaCha20Poly1305::new(key.expose_secret().into())
        .decrypt(&XNonce::from(*nonce), payload)
        .map(Zeroizing::new)
        .map_err(|_| KeyStoreError::Refused)?;
    DataKey::from_slice(&plain).ok_or(KeyStoreError::Refused)
}

/// Whether every store accepts this as a name: 1 to 64 characters of `[a-z0-9-]`.
#[must_use]
pub fn is_name(id: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=64).contains(&id.len()) && id.bytes().all(legal)
}

/// Refuses what [is no name](is_name).
pub(crate) fn check_name(id: &str) -> Result<(), KeyStoreError> {
    if is_name(id) {
        Ok(())
    } else {
        Err(KeyStoreError::Refused)
    }
}
