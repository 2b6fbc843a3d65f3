//! The wallet of an electronic driver's license.

pub mod activity_log;
mod address;
pub mod cancel;
mod codec;
pub mod error;
mod exchange;
pub mod issuance;
pub mod keys;
mod licenses;
mod parts;
pub mod ports;
pub mod present;
pub mod records;
pub mod refresh;
mod schedule;
#[cfg(test)]
mod testing;
pub mod timekeeper;
#[cfg(feature = "http")]
pub mod transport;
mod trust_store;
mod turn;
pub mod vault;
mod wallet;

pub use cancel::CancelToken;
pub use error::Error;
pub use issuance::Offer;
pub use licenses::{HeldLicense, LicenseId};
pub use parts::{Config, Ports};
pub use wallet::Wallet;
