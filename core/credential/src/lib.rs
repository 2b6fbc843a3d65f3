//! Placeholder essay, written below.

pub mod bundle;
pub mod cbor;
pub mod challenge;
mod cose;
pub mod error;
pub mod key;
pub mod license;
pub mod presentation;
pub mod qr;
pub mod sd_cwt;
pub mod status;
pub mod status_list;
pub mod text;
pub mod time;
pub mod trust;
mod zlib;

pub use error::Error;
pub use key::{Algorithm, KeyId, Signer, SigningKey, VerifyingKey};
pub use license::{Category, Country, License, LicenseFields};
pub use status::{LicenseStatus, StatusReport, StatusSource};
pub use time::{Day, UnixTime};
