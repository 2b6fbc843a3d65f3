//! Key stores of the core, as the foreign trait that a wallet takes.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use vidimus_wallet::keys;
use vidimus_wallet::ports::{self as device, SystemRandom};

use crate::error::{DeviceError, WalletError};
use crate::ports::{CoreKeyStore, DataKeySlot, HolderAlgorithm};
use crate::probe::Counted;
use crate::runtime::guard;

/// Keys in files that only their owner can read: for a desktop, which has no better place. Not for
/// phones.
#[derive(uniffi::Object)]
pub struct FileKeyStore {
    core: Arc<keys::FileKeyStore>,
    _counted: Counted,
}

#[uniffi::export]
impl FileKeyStore {
    /// Opens the key store of a folder, which is made where it is missing.
    #[uniffi::constructor]
    pub fn new(directory: String) -> Result<Arc<Self>, WalletError> {
        guard(|| {
            let random = Arc::new(SystemRandom);
            let core = keys::FileKeyStore::open(Path::new(&directory), random)
                .map_err(vidimus_wallet::Error::from)?;
            Ok(Arc::new(Self {
                core: Arc::new(core),
                _counted: Counted::new(),
            }))
        })
    }

    /// This store as one that a wallet takes. No key of it crosses between the languages.
    pub fn key_store(&self) -> Result<Arc<dyn CoreKeyStore>, WalletError> {
        guard(|| {
            let keys: Arc<dyn CoreKeyStore> = Arc::new(CoreKeys(Arc::clone(&self.core)));
            Ok(keys)
        })
    }
}

/// Shows a key store of the core as the foreign trait.
pub(crate) struct CoreKeys<K: ?Sized>(pub(crate) Arc<K>);

#[async_trait]
impl<K: device::KeyStore + ?Sized + 'static> CoreKeyStore for CoreKeys<K> {
    async fn wrap(&self, data_key: Arc<DataKeySlot>) -> Result<Vec<u8>, DeviceError> {
        let data_key = data_key.take().ok_or(DeviceError::Refused)?;
        Ok(self.0.wrap(data_key.expose_secret()).await?)
    }

    async fn unwrap(&self, wrapped: Vec<u8>, into: Arc<DataKeySlot>) -> Result<(), DeviceError> {
        let key = self.0.unwrap(&wrapped).await?;
        into.put(key.expose_secret())
            .map_err(|_| DeviceError::Failed)
    }

    async fn holder_algorithm(&self) -> Result<Option<HolderAlgorithm>, DeviceError> {
        Ok(self.0.holder_algorithm().map(HolderAlgorithm::from))
    }

    async fn create_holder_key(&self, name: String) -> Result<Vec<u8>, DeviceError> {
        let key = self.0.create_holder_key(&name).await?;
        Ok(match key.coordinates() {
            (x, None) => x.to_vec(),
            (x, Some(y)) => [&[4], x.as_slice(), &y].concat(),
        })
    }

    async fn sign(&self, name: String, message: Vec<u8>) -> Result<Vec<u8>, DeviceError> {
        Ok(self.0.sign(&name, &message).await?.to_vec())
    }

    async fn delete_holder_key(&self, name: String) -> Result<(), DeviceError> {
        Ok(self.0.delete_holder_key(&name).await?)
    }

    async fn read_anchor(&self) -> Result<Option<i64>, DeviceError> {
        let anchor = self.0.read_anchor().await?;
        anchor
            .map(|epoch| i64::try_from(epoch).map_err(|_| DeviceError::Failed))
            .transpose()
    }

    async fn raise_anchor(&self, epoch: i64) -> Result<(), DeviceError> {
        let epoch = u64::try_from(epoch).map_err(|_| DeviceError::Refused)?;
        Ok(self.0.raise_anchor(epoch).await?)
    }

    async fn set_damaged_anchor_aside(&self) -> Result<(), DeviceError> {
        Ok(self.0.set_damaged_anchor_aside().await?)
    }

    fn named(&self, name: String) -> Result<Arc<dyn CoreKeyStore>, DeviceError> {
        let named = self.0.named(&name).ok_or(DeviceError::Refused)?;
        Ok(Arc::new(CoreKeys(named)))
    }
}
