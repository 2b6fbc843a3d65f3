//! What an app gives a wallet: where it is kept, whom it believes, and the ports of the device.

use std::path::PathBuf;
use std::sync::Arc;

use vidimus_credential::key::VerifyingKey;

use crate::ports::{Clock, HttpTransport, KeyStore, Random};

/// Everything that a new wallet needs.
pub struct Config {
    /// The folder for the vault; made where it is missing.
    pub directory: PathBuf,
    /// The root key that signs the authority's trust list: the one thing that is believed from the start.
    pub root: VerifyingKey,
    /// The licensing authority's address: https, or http on loopback.
    pub authority: String,
    /// The ways to the device.
    pub ports: Ports,
}

/// What the device gives to a wallet.
#[derive(Clone)]
pub struct Ports {
    /// The network.
    pub transport: Arc<dyn HttpTransport>,
    /// The protected keys.
    pub keys: Arc<dyn KeyStore>,
    /// The clocks.
    pub clock: Arc<dyn Clock>,
    /// The source of randomness.
    pub random: Arc<dyn Random>,
}
