//! The endpoints for wallets (OpenID4VCI 1.0), a file each.

pub(super) mod credential;
pub(super) mod deferred;
pub(super) mod metadata;
pub(super) mod nonce;
pub(super) mod notification;
pub(super) mod offers;
pub(super) mod par;
pub(super) mod token;
