//! A device's key store in memory, for tests.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use vidimus_credential::{Algorithm, Signer, SigningKey, VerifyingKey};
use zeroize::Zeroizing;

use crate::keys::{check_name, unwrap, wrap};
use crate::ports::{DataKey, KeyStore, KeyStoreError, Random};

/// One device's keys in memory, gone with the last clone. Only for tests: it protects nothing.
///
/// A test can choose its hardware and its faults: a locked device, an invalidated key, an anchor
/// that does not rise.
#[derive(Clone)]
pub struct MemoryKeyStore(Arc<Device>);

struct Device {
    random: Arc<dyn Random>,
    hardware: Option<Algorithm>,
    state: Mutex<State>,
    /// Stores of other vaults, by their names.
    named: Mutex<HashMap<String, MemoryKeyStore>>,
}

#[derive(Default)]
struct State {
    wrapping: Option<DataKey>,
    holder_keys: HashMap<String, SigningKey>,
    anchor: Option<u64>,
    fault: Option<KeyStoreError>,
    anchor_fault: Option<KeyStoreError>,
    unwrap_fault: Option<KeyStoreError>,
    sign_fault: Option<KeyStoreError>,
}

impl MemoryKeyStore {
    /// A device with hardware for holder keys of one algorithm, or without hardware.
    pub fn new(hardware: Option<Algorithm>, random: Arc<dyn Random>) -> Self {
        Self(Arc::new(Device {
            random,
            hardware,
            state: Mutex::default(),
            named: Mutex::default(),
        }))
    }

    /// From now on every call fails with this error (`Locked`, `Invalidated`, …), or works again
    /// with `None`.
    pub fn set_fault(&self, fault: Option<KeyStoreError>) {
        self.lock().fault = fault;
    }

    /// From now on raising the anchor fails with this error, as after a crash between commit and
    /// raise, or works again.
    pub fn set_anchor_fault(&self, fault: Option<KeyStoreError>) {
        self.lock().anchor_fault = fault;
    }

    /// From now on unwrapping fails with this error, or works again.
    #[cfg(test)]
    pub(crate) fn set_unwrap_fault(&self, fault: Option<KeyStoreError>) {
        self.lock().unwrap_fault = fault;
    }

    /// From now on signing fails with this error, as on a phone that is locked, or works again.
    #[cfg(test)]
    pub(crate) fn set_sign_fault(&self, fault: Option<KeyStoreError>) {
        self.lock().sign_fault = fault;
    }

    /// Another device with the same keys, whose anchor was never raised.
    #[cfg(test)]
    pub(crate) fn without_anchor(&self) -> Self {
        let other = self.fork();
        other.lock().anchor = None;
        other
    }

    /// Another device with a copy of the keys and the anchor.
    #[cfg(test)]
    pub(crate) fn fork(&self) -> Self {
        let state = self.lock();
        let copied = |key: &DataKey| DataKey::from_slice(key.expose_secret());
        let key = |key: &SigningKey| {
            let algorithm = key.verifying_key().algorithm();
            SigningKey::from_secret(algorithm, &key.expose_secret()).unwrap()
        };
        let holder_keys = state.holder_keys.iter();
        let forked = State {
            wrapping: state.wrapping.as_ref().and_then(copied),
            holder_keys: holder_keys.map(|(id, it)| (id.clone(), key(it))).collect(),
            anchor: state.anchor,
            fault: state.fault,
            anchor_fault: state.anchor_fault,
            unwrap_fault: state.unwrap_fault,
            sign_fault: state.sign_fault,
        };
        Self(Arc::new(Device {
            random: Arc::clone(&self.0.random),
            hardware: self.0.hardware,
            state: Mutex::new(forked),
            named: Mutex::default(),
        }))
    }

    /// The store of another vault on this device, with separate faults.
    pub fn of_book(&self, name: &str) -> Option<Self> {
        check_name(name).ok()?;
        let mut named = self.0.named.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || Self::new(self.0.hardware, Arc::clone(&self.0.random));
        Some(named.entry(name.to_owned()).or_insert_with(fresh).clone())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The device's state, or the error that a test has set.
    fn working(&self) -> Result<MutexGuard<'_, State>, KeyStoreError> {
        let state = self.lock();
        match state.fault {
            Some(fault) => Err(fault),
            None => Ok(state),
        }
    }
}

#[async_trait]
impl KeyStore for MemoryKeyStore {
    async fn wrap(&self, data_key: &[u8; 32]) -> Result<Vec<u8>, KeyStoreError> {
        let mut state = self.working()?;
        if state.wrapping.is_none() {
            let key = DataKey::generate(&*self.0.random).map_err(|_| KeyStoreError::Unavailable)?;
            state.wrapping = Some(key);
        }
        let key = state.wrapping.as_ref().ok_or(KeyStoreError::NotFound)?;
        wrap(key, data_key, &*self.0.random)
    }

    async fn unwrap(&self, wrapped: &[u8]) -> Result<DataKey, KeyStoreError> {
        let state = self.working()?;
        if let Some(fault) = state.unwrap_fault {
            return Err(fault);
        }
        unwrap(
            state.wrapping.as_ref().ok_or(KeyStoreError::NotFound)?,
            wrapped,
        )
    }

    fn holder_algorithm(&self) -> Option<Algorithm> {
        self.0.hardware
    }

    async fn create_holder_key(&self, id: &str) -> Result<VerifyingKey, KeyStoreError> {
        let algorithm = self.0.hardware.ok_or(KeyStoreError::Unavailable)?;
        check_name(id)?;
        let mut state = self.working()?;
        if state.holder_keys.contains_key(id) {
            return Err(KeyStoreError::Refused);
        }
        let mut secret = Zeroizing::new([0; 32]);
        self.0
            .random
            .fill(secret.as_mut_slice())
            .map_err(|_| KeyStoreError::Unavailable)?;
        let key =
            SigningKey::from_secret(algorithm, &secret).map_err(|_| KeyStoreError::Refused)?;
        let public = key.verifying_key().clone();
        state.holder_keys.insert(id.to_owned(), key);
        Ok(public)
    }

    async fn sign(&self, id: &str, message: &[u8]) -> Result<[u8; 64], KeyStoreError> {
        let state = self.working()?;
        if let Some(fault) = state.sign_fault {
            return Err(fault);
        }
        state
            .holder_keys
            .get(id)
            .ok_or(KeyStoreError::NotFound)?
            .sign(message)
            .map_err(|_| KeyStoreError::Refused)
    }

    async fn delete_holder_key(&self, id: &str) -> Result<(), KeyStoreError> {
        self.working()?.holder_keys.remove(id);
        Ok(())
    }

    async fn read_anchor(&self) -> Result<Option<u64>, KeyStoreError> {
        Ok(self.working()?.anchor)
    }

    async fn raise_anchor(&self, epoch: u64) -> Result<(), KeyStoreError> {
        let mut state = self.working()?;
        if let Some(fault) = state.anchor_fault {
            return Err(fault);
        }
        state.anchor = state.anchor.max(Some(epoch));
        Ok(())
    }

    fn named(&self, name: &str) -> Option<Arc<dyn KeyStore>> {
        Some(Arc::new(self.of_book(name)?))
    }
}

#[cfg(test)]
mod tests {
    use super::MemoryKeyStore;
    use crate::ports::SystemRandom;
    use crate::testing::contract;
    use std::sync::Arc;
    use vidimus_credential::Algorithm;

    #[tokio::test]
    async fn the_double_passes_the_contract_with_every_kind_of_hardware() {
        for hardware in [None, Some(Algorithm::Esp256), Some(Algorithm::Ed25519)] {
            let random = Arc::new(SystemRandom);
            let device = MemoryKeyStore::new(hardware, random.clone());
            let stranger = MemoryKeyStore::new(hardware, random);
            contract::check(&device, &stranger).await;
        }
    }
}
