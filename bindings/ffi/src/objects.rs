//! The small objects: a way to cancel, the desktop's key store, and what was read and is handed back.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use vidimus_wallet::keys;
use vidimus_wallet::ports::{self as device, SystemRandom};
use vidimus_wallet::present;

use crate::error::{DeviceError, WalletError};
use crate::ports::{CoreKeyStore, DataKeySlot, HolderAlgorithm};
use crate::runtime::guard;
use crate::types::{OfferDetails, ReaderRequestDetails};

/// A way to stop calls that are under way, from any thread.
#[derive(uniffi::Object)]
pub struct CancelToken {
    pub(crate) core: vidimus_wallet::CancelToken,
    _counted: Counted,
}

#[uniffi::export]
impl CancelToken {
    /// A token that nobody has cancelled.
    #[uniffi::constructor]
    pub fn new() -> Result<Arc<Self>, WalletError> {
        Ok(Arc::new(Self {
            core: vidimus_wallet::CancelToken::new(),
            _counted: Counted::new(),
        }))
    }

    /// Stops the calls that were given this token, as soon as they can. It is final.
    pub fn cancel(&self) -> Result<(), WalletError> {
        guard(|| {
            self.core.cancel();
            Ok(())
        })
    }
}

/// An offer that was read, until it is taken up.
#[derive(uniffi::Object)]
pub struct Offer {
    pub(crate) core: vidimus_wallet::Offer,
    _counted: Counted,
}

#[uniffi::export]
impl Offer {
    /// What the offer says of itself.
    pub fn details(&self) -> Result<OfferDetails, WalletError> {
        guard(|| Ok(OfferDetails::from(&self.core)))
    }
}

impl From<vidimus_wallet::Offer> for Offer {
    fn from(core: vidimus_wallet::Offer) -> Self {
        Self {
            core,
            _counted: Counted::new(),
        }
    }
}

/// A reader's challenge that was read, until it is answered.
#[derive(uniffi::Object)]
pub struct ReaderRequest {
    pub(crate) core: present::ReaderRequest,
    _counted: Counted,
}

#[uniffi::export]
impl ReaderRequest {
    /// Who asks, and whether that is proven.
    pub fn details(&self) -> Result<ReaderRequestDetails, WalletError> {
        guard(|| Ok(ReaderRequestDetails::from(&self.core)))
    }
}

impl From<present::ReaderRequest> for ReaderRequest {
    fn from(core: present::ReaderRequest) -> Self {
        Self {
            core,
            _counted: Counted::new(),
        }
    }
}

/// Keys in files that only their owner can read: for a desktop, which has no better place. Not for phones.
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

    /// The same as a key store that a wallet takes: no key of it crosses between the languages.
    pub fn key_store(&self) -> Result<Arc<dyn CoreKeyStore>, WalletError> {
        guard(|| {
            let keys: Arc<dyn CoreKeyStore> = Arc::new(CoreKeys(Arc::clone(&self.core)));
            Ok(keys)
        })
    }
}

/// A key store of the core, for where an app's own is expected.
pub(crate) struct CoreKeys<K>(pub(crate) Arc<K>);

#[async_trait]
impl<K: device::KeyStore> CoreKeyStore for CoreKeys<K> {
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
}

/// Stands in each object, so that tests can see whether the other language let go of them all.
pub(crate) struct Counted(());

#[cfg(not(feature = "contract"))]
impl Counted {
    pub(crate) const fn new() -> Self {
        Self(())
    }
}

#[cfg(feature = "contract")]
impl Counted {
    pub(crate) fn new() -> Self {
        crate::suite::ALIVE.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Self(())
    }
}

#[cfg(feature = "contract")]
impl Drop for Counted {
    fn drop(&mut self) {
        crate::suite::ALIVE.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
    }
}
