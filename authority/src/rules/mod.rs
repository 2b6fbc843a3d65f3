//! The authority's rules, as plain functions on plain values: what may follow what, and what then
//! holds. Nothing here reads a clock, a database or a file, so each engine of the register shares
//! them.

pub(crate) mod account_steps;
pub(crate) mod clients;
pub(crate) mod clock;
pub(crate) mod devices;
pub(crate) mod edit;
pub(crate) mod issue;
pub(crate) mod number;
pub(crate) mod offers;
pub(crate) mod passphrase;
pub(crate) mod reader;
pub(crate) mod reconcile;
pub(crate) mod restored_keys;
pub(crate) mod retention;
pub(crate) mod rotation;
pub(crate) mod short_code;
pub(crate) mod sign_in;
pub(crate) mod signing_time;
pub(crate) mod slots;
pub(crate) mod standing;
pub(crate) mod succession;
pub(crate) mod throttle;
pub(crate) mod token_pairs;
