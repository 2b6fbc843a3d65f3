//! Requests to servers: which addresses are allowed, one budget for all requests of a call, the
//! meaning of a status, when to ask again, and the lock that lets only one process use the network.

pub(crate) mod address;
pub(crate) mod answer;
pub(crate) mod json;
pub(crate) mod lock;
pub(crate) mod requests;
pub(crate) mod schedule;
#[cfg(feature = "http")]
pub mod transport;
