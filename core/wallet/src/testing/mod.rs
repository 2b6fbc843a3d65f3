//! In-memory devices for tests and benches, behind the feature `testing`. No production code calls
//! them.
//!
//! [`MemoryKeyStore`], [`TestClock`] and [`TestRandom`] are a device in memory. Every
//! implementation of [`KeyStore`](crate::ports::KeyStore) must pass the suite [`contract::check`].
//! The vault and its records are private to the crate; [`vault`] and [`records`] export them to its
//! tests and benches.

mod clock;
pub mod contract;
mod memory_keys;

mod random;
#[cfg(test)]
mod servers;

pub use clock::TestClock;
pub use memory_keys::MemoryKeyStore;
pub use random::TestRandom;

#[cfg(test)]
pub(crate) use servers::{
    Authority, Browser, Certificate, Listed, NOW, Offered, Phone, Register, Reply, Request, Review,
    Server, TLS_ROOT, TlsFront, credential_reply, form_of, jwt, key, proof, proven_key, time,
    trust_entry,
};
#[cfg(all(test, unix))]
pub(crate) use servers::{ReadOnlyDisk, SmallDisk};

/// The vault, for tests and benches that look into it.
pub mod vault {
    pub use crate::vault::{Health, Record, Table, Tx, Vault, View, Weight};
}

/// The records that a vault keeps, for tests and benches that write or read them.
pub mod records {
    pub use crate::vault::records::{
        CredentialRecord, LicenseRecord, ONLY, PortraitRecord, Settings, StatusRecord,
        TrustListRecord,
    };
}
