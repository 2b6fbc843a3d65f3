//! What a wallet is made with, and the time that it keeps.

use vidimus_wallet::timekeeper;

use crate::units::Instant;

/// A new wallet's place and whom it trusts.
#[derive(uniffi::Record)]
pub struct WalletConfig {
    /// The folder for the vault; made where it is missing. Keep it out of backups.
    pub directory: String,
    /// The public root key that signs the authority's trust list: a COSE_Key, as the authority
    /// publishes it.
    pub root_key: Vec<u8>,
    /// The authority's address: `https`, or `http` on this machine; without query, fragment or
    /// endpoint behind it.
    pub authority: String,
    /// The certificates, in DER, that may vouch for the authority's server; empty: all public ones.
    pub pinned_certificates: Vec<Vec<u8>>,
}

/// The best known time.
#[derive(uniffi::Record)]
pub struct TimeEstimate {
    /// The time that the wallet reckons with.
    pub now: Instant,
    /// Whether something signed and recent confirms it.
    pub sure: bool,
    /// Whether the device's clock was set back.
    pub set_back: bool,
}

impl From<timekeeper::Estimate> for TimeEstimate {
    fn from(estimate: timekeeper::Estimate) -> Self {
        Self {
            now: estimate.now.into(),
            sure: estimate.sureness == timekeeper::Sureness::Sure,
            set_back: estimate.set_back,
        }
    }
}
