//! The functions behind the fuzzing targets.
#![allow(clippy::unwrap_used, clippy::expect_used)]

pub mod targets;
