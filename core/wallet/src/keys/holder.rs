//! The holder key of a license: in the device's hardware, or sealed in the vault.

use vidimus_credential::{Algorithm, Signer, SigningKey, VerifyingKey};
use zeroize::Zeroizing;

use crate::error::{Damage, Error};
use crate::ports::{KeyStore, Random};
use crate::vault::codec::{RowReader, RowWriter};
use crate::vault::{Record, Table};

/// The key that a credential is bound to. A key in memory is wiped when dropped; the type has
/// neither `Debug` nor `Clone`.
pub struct HolderKey {
    public: VerifyingKey,
    secret: Secret,
}

/// Signed to see whether a key can be used. It is the beginning of nothing that anyone verifies:
/// neither of a COSE structure nor of a JWT.
const PROBE: &[u8] = b"vidimus: is this key usable";

enum Secret {
    /// The device holds the key under this name; it cannot be exported.
    Device(String),
    /// The key itself, which the vault seals.
    Sealed(SigningKey),
}

impl HolderKey {
    /// Makes a key: in the device where its hardware has this algorithm, or else one for the vault
    /// to seal. The caller must store it in the vault before a credential is requested for it.
    ///
    /// `id` is 1 to 64 characters of `[a-z0-9-]` and new.
    ///
    /// # Errors
    /// [`Error::KeyStore`] or [`Error::NoRandomness`].
    pub async fn create(
        id: &str,
        algorithm: Algorithm,
        keys: &dyn KeyStore,
        random: &dyn Random,
    ) -> Result<Self, Error> {
        if keys.holder_algorithm() == Some(algorithm) {
            return Ok(Self {
                public: keys.create_holder_key(id).await?,
                secret: Secret::Device(id.to_owned()),
            });
        }
        let mut secret = Zeroizing::new([0; 32]);
        // One in 2^32 random values is not below the order of P-256: then another is drawn.
        for _ in 0..4 {
            random.fill(secret.as_mut_slice())?;
            if let Ok(key) = SigningKey::from_secret(algorithm, &secret) {
                return Ok(Self::sealed(key));
            }
        }
        Err(Error::NoRandomness)
    }

    /// The public half, which the credential names.
    pub const fn verifying_key(&self) -> &VerifyingKey {
        &self.public
    }

    /// Signs a message: 64 bytes, `r||s` for P-256.
    ///
    /// # Errors
    /// [`Error::KeyStore`] where the device does not sign, [`Error::KeyInvalidated`] where it
    /// destroyed the key.
    pub async fn sign(&self, keys: &dyn KeyStore, message: &[u8]) -> Result<[u8; 64], Error> {
        match &self.secret {
            Secret::Device(id) => Ok(keys.sign(id, message).await?),
            Secret::Sealed(key) => Ok(key.sign(message)?),
        }
    }

    /// Whether the device signs with the key now: a phone that is locked may not. It is asked
    /// before a renewal, which would otherwise spend requests in vain each time.
    ///
    /// # Errors
    /// Those of [`sign`](Self::sign).
    pub async fn require_usable(&self, keys: &dyn KeyStore) -> Result<(), Error> {
        match &self.secret {
            Secret::Device(id) => Ok(keys.sign(id, PROBE).await.map(drop)?),
            Secret::Sealed(_) => Ok(()),
        }
    }

    /// Deletes a key in the device. A sealed key is deleted with its row, which the caller must
    /// delete.
    ///
    /// # Errors
    /// [`Error::KeyStore`].
    pub async fn delete(&self, keys: &dyn KeyStore) -> Result<(), Error> {
        match &self.secret {
            Secret::Device(id) => Ok(keys.delete_holder_key(id).await?),
            Secret::Sealed(_) => Ok(()),
        }
    }

    fn sealed(key: SigningKey) -> Self {
        Self {
            public: key.verifying_key().clone(),
            secret: Secret::Sealed(key),
        }
    }
}

const DEVICE: u64 = 1;
const SEALED_ED25519: u64 = 2;
const SEALED_P256: u64 = 3;

impl Record for HolderKey {
    const TABLE: Table = Table::HolderKey;

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut writer = RowWriter::array(3, 160);
        match &self.secret {
            Secret::Device(id) => {
                writer
                    .number(DEVICE)
                    .text(id)
                    .bytes(&self.public.to_cose_key());
            }
            Secret::Sealed(key) => {
                let kind = match self.public.algorithm() {
                    Algorithm::Ed25519 => SEALED_ED25519,
                    Algorithm::Esp256 => SEALED_P256,
                };
                writer
                    .number(kind)
                    .text("")
                    .bytes(key.expose_secret().as_slice());
            }
        }
        writer.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Error> {
        read(bytes).ok_or(Error::VaultDamaged {
            what: Damage::Row(Self::TABLE),
        })
    }
}

fn read(bytes: &[u8]) -> Option<HolderKey> {
    let mut reader = RowReader::array(bytes, 3)?;
    let kind = reader.number()?;
    let id = reader.text()?;
    let key = reader.bytes()?;
    reader.end()?;
    let algorithm = match kind {
        DEVICE => {
            return Some(HolderKey {
                public: VerifyingKey::from_cose_key(key).ok()?,
                secret: Secret::Device(id.to_owned()),
            });
        }
        SEALED_ED25519 => Algorithm::Ed25519,
        SEALED_P256 => Algorithm::Esp256,
        _ => return None,
    };
    let key = SigningKey::from_secret(algorithm, key.try_into().ok()?).ok()?;
    Some(HolderKey::sealed(key))
}

#[cfg(test)]
mod tests {
    use super::{HolderKey, Record};
    use crate::ports::SystemRandom;
    use crate::testing::MemoryKeyStore;
    use std::sync::Arc;
    use vidimus_credential::Algorithm;

    #[tokio::test]
    async fn a_key_of_every_kind_signs_as_itself_before_and_after_it_was_sealed() {
        let random = Arc::new(SystemRandom);
        for hardware in [None, Some(Algorithm::Esp256)] {
            let keys = MemoryKeyStore::new(hardware, random.clone());
            for algorithm in [Algorithm::Ed25519, Algorithm::Esp256] {
                let id = format!("key-{}", algorithm.cose_id().abs());
                let key = HolderKey::create(&id, algorithm, &keys, &*random)
                    .await
                    .unwrap();
                assert_eq!(key.verifying_key().algorithm(), algorithm);
                let encoded = key.encode();
                let again = HolderKey::decode(&encoded).unwrap();
                assert!(again.verifying_key() == key.verifying_key());
                let signature = again.sign(&keys, b"message").await.unwrap();
                key.verifying_key().verify(b"message", &signature).unwrap();
                for length in 0..encoded.len() {
                    assert!(HolderKey::decode(&encoded[..length]).is_err());
                }
            }
        }
    }
}
