//! Exports that only tests call. They are in the flavor `contract`, which never ships.
#![allow(clippy::panic, reason = "a test asks for it")]

use std::sync::Arc;

use vidimus_wallet::ports::SystemRandom;
use vidimus_wallet::testing::{MemoryKeyStore, contract};

use crate::error::WalletError;
use crate::key_store::CoreKeys;
use crate::ports::{CoreKeyStore, DeviceKeys, HolderAlgorithm};
use crate::probe;
use crate::runtime::{guard, run};
use crate::types::{Challenge, Count, Instant};
use crate::verifier::{Verifier, boot_clock_s};

/// Runs the contract suite on two key stores that hold nothing yet: one as this device, one as
/// another. A promise that is not kept is an internal fault, and its place in the suite is written
/// to standard error.
#[uniffi::export]
pub async fn check_key_store_contract(
    device: Arc<dyn CoreKeyStore>,
    stranger: Arc<dyn CoreKeyStore>,
) -> Result<(), WalletError> {
    run(async move {
        let device = DeviceKeys::ask_first(device).await?;
        let stranger = DeviceKeys::ask_first(stranger).await?;
        contract::check(&device, &stranger).await;
        Ok(())
    })
    .await
}

/// A key store that forgets, with holder keys as if in hardware where a kind is given.
#[uniffi::export]
pub fn memory_key_store(
    hardware: Option<HolderAlgorithm>,
) -> Result<Arc<dyn CoreKeyStore>, WalletError> {
    let hardware = hardware.map(Into::into);
    let keys = MemoryKeyStore::new(hardware, Arc::new(SystemRandom));
    Ok(Arc::new(CoreKeys(Arc::new(keys))))
}

/// Panics inside of a call, with this text.
#[uniffi::export]
pub fn provoke_panic(secret: String) -> Result<(), WalletError> {
    guard(|| panic!("{secret}"))
}

/// Panics inside of an asynchronous call, with this text.
#[uniffi::export]
pub async fn provoke_async_panic(secret: String) -> Result<(), WalletError> {
    run(async move { panic!("{secret}") }).await
}

/// How many objects of this library are alive.
#[uniffi::export]
pub fn live_objects() -> Result<Count, WalletError> {
    Ok(Count(probe::alive()))
}

#[uniffi::export]
impl Verifier {
    /// A challenge as if it had been made with this nonce, so many seconds ago: 16 bytes for a
    /// reader's QR, 8 digits without a reader.
    pub fn ask_with(
        &self,
        reader: Option<String>,
        cnonce: Vec<u8>,
        now: Instant,
        asked_ago_s: Count,
    ) -> Result<Challenge, WalletError> {
        guard(|| {
            let invalid = WalletError::InvalidArgument;
            let ago = u64::try_from(asked_ago_s.0).map_err(|_| invalid)?;
            let asked_at_s = boot_clock_s().checked_sub(ago).ok_or(invalid)?;
            match reader {
                Some(reader) => {
                    let cnonce = cnonce.as_slice().try_into().map_err(|_| invalid)?;
                    self.add_qr(&reader, cnonce, now.try_into()?, asked_at_s)
                }
                None => {
                    let digits = String::from_utf8(cnonce).map_err(|_| invalid)?;
                    self.add_digits(&digits, asked_at_s)
                }
            }
        })
    }
}
