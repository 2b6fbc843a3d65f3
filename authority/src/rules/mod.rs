//! What may follow what, as plain functions on plain values: no database, no files, no clock.

pub(crate) mod clock;
pub(crate) mod dating;
pub(crate) mod rotation;
