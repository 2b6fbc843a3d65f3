//! The wallet of an electronic driver's license.

pub mod activity_log;
mod codec;
pub mod error;
pub mod keys;
pub mod ports;
pub mod present;
pub mod records;
pub mod timekeeper;
pub mod vault;

pub use error::Error;
