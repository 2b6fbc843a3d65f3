//! Talking to servers: which addresses may be asked, requests under one budget, what an answer says before its body is
//! read, when to ask again, and the lock that lets one process at a time use the network.

pub(crate) mod address;
pub(crate) mod answer;
pub(crate) mod json;
pub(crate) mod lock;
pub(crate) mod requests;
pub(crate) mod schedule;
#[cfg(feature = "http")]
pub mod transport;
