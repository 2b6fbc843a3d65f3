//! Accounts of drivers: how passphrases are hashed and one-time codes are made.

pub(crate) mod hasher;
pub(crate) mod totp;
