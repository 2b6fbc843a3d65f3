//! What an app gives a new wallet: its folder, its root key, its authority, and the device's ports.

use std::path::PathBuf;
use std::sync::Arc;

use vidimus_credential::key::VerifyingKey;

use crate::ports::{Clock, HttpTransport, KeyStore, Random};

/// Everything that a new wallet needs.
pub struct Config {
    /// The folder for the vault; made where it does not exist. It must be private to the app.
    pub directory: PathBuf,
    /// The root key that signs the authority's trust list. All trust rests on it: compile it into
    /// the app.
    pub root: VerifyingKey,
    /// The licensing authority's address: https, or http on loopback.
    pub authority: String,
    /// The device's network, keys, clocks and randomness.
    pub ports: Ports,
}

/// The device's network, keys, clocks and randomness. Clones share them.
#[derive(Clone)]
pub struct Ports {
    /// Sends the wallet's HTTP requests.
    pub transport: Arc<dyn HttpTransport>,
    /// The phone's protected keys and its anchor.
    pub keys: Arc<dyn KeyStore>,
    /// The wall clock and the boot clock.
    pub clock: Arc<dyn Clock>,
    /// The source of randomness; a cryptographic one.
    pub random: Arc<dyn Random>,
}
