//! The wallet and the verifier for Kotlin and Swift.
//!
//! Only this crate and `core/app`, which derives its values, know UniFFI. The objects here wrap the
//! core and delegate in a line or two; `types` mirrors the core's values, `error` its errors, and
//! `ports` wraps the traits that a phone implements.
//!
//! A call from Kotlin takes these steps: `Wallet.refresh` in Kotlin, the generated
//! `CoreWallet.refresh`, `wallet::Wallet::refresh` here, the core on a thread of `runtime`, and the
//! result back through `types` or `error`. Four rules hold for every call:
//!
//! - every exported function returns a `Result`, and a panic becomes
//!   [`error::WalletError::Internal`] without its text: in Swift a panic elsewhere ends the app;
//! - no text of a foreign exception comes in, and no free text goes out;
//! - no foreign call is waited for without a time limit. None is made under a lock, except that a
//!   frame is signed under its presentation's lock: an end or a cancellation stops that frame,
//!   which frees the lock;
//! - memory is wiped when it is freed, since keys cross in buffers that other code frees.
//!
//! Doc comments of exported items are shown in KDoc and DocC, so they name nothing of Rust.

#![expect(
    clippy::needless_pass_by_value,
    reason = "what crosses arrives owned; a borrowed slice would be a ByteBuffer in Kotlin"
)]

#[cfg(feature = "app")]
pub mod app;
pub mod cancel_token;
pub mod error;
#[cfg(feature = "contract")]
pub mod for_tests;
pub mod key_store;
#[cfg(feature = "app")]
pub mod notices;
pub mod offer;
#[cfg(feature = "app")]
pub mod officer;
pub mod ports;
pub mod presentation;
mod probe;
pub mod reader;
pub mod reader_request;
mod runtime;
pub mod sign_in;
pub mod types;
pub mod units;
pub mod verifier;
pub mod wallet;

/// Wipes what it frees: a data key crosses in buffers that other code frees.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

uniffi::setup_scaffolding!();
