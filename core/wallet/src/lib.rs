//! The wallet of an electronic driver's license: it keeps the license, keeps its status fresh, and
//! shows it as a QR that renews itself.
//!
//! A copy of a phone's files must give no secret away, its clock may be wrong, and it often has no
//! network. So a [`Wallet`] is built around what it can know. Everything that it holds was signed
//! by the licensing authority and verified by one pinned root key before it was stored. Everything
//! that it stores is sealed under a key that the phone's hardware protects. What it does not know,
//! the state of a license or the time, it calls unknown, with the age of its last knowledge.
//!
//! ```text
//!             the authority's servers                       a reader's camera
//!         offer, token │ ▲ status, trust list                      ▲
//!           credential ▼ │ renewal                                 │ a QR, every 10 s
//!                  ┌──────────┐   ┌─────────┐                 ┌─────────┐
//!                  │ issuance │   │ refresh │                 │ present │
//!                  └────┬─────┘   └────┬────┘                 └────┬────┘
//!                       └──────────────┼───────────────────────────┘
//!                            ┌─────────┴─────────┐
//!                            │ vault, timekeeper │   sealed rows in SQLite, the best known time
//!                            └─────────┬─────────┘
//!                                    ports          keys, network, clocks, randomness of a phone
//! ```
//!
//! [`issuance`] gets a license, [`refresh`] keeps its status fresh, [`present`] shows it; they use
//! the vault and not each other. [`reader`] is for checking licenses, with its own vault and
//! without a wallet. What differs between phones is a trait in [`ports`]: the keys behind
//! [`ports::KeyStore`], and the network behind [`ports::HttpTransport`], for which [`transport`] is
//! the default. There is no global state and no thread that the caller did not start. The caller
//! runs the futures in a tokio runtime with time enabled.
//!
//! A phone may kill an app at any moment. Each costly step is committed before the next one begins:
//! tokens before they are used, a license once it is verified, the point where a refresh stopped.
//! So any call may be dropped, cancelled by a [`CancelToken`], or killed with its process, and be
//! made again. Several processes may open one wallet; only one at a time uses the network.
//!
//! Errors are one list ([`Error`]) without personal data, which may be shown and logged. Types that
//! hold personal data or secrets have no `Debug`.
//!
//! # From an offer to a QR
//!
//! ```no_run
//! use std::sync::Arc;
//! use std::time::Duration;
//!
//! use vidimus_credential::key::VerifyingKey;
//! use vidimus_wallet::keys::FileKeyStore;
//! use vidimus_wallet::ports::{SystemClock, SystemRandom};
//! use vidimus_wallet::refresh::Refresh;
//! use vidimus_wallet::transport::{NetworkTransport, Roots};
//! use vidimus_wallet::{CancelToken, Config, Ports, Wallet};
//!
//! # use std::error::Error;
//! # async fn show(root: &[u8], offer: &str, tx_code: &str) -> Result<(), Box<dyn Error>> {
//! let random = Arc::new(SystemRandom);
//! let ports = Ports {
//!     transport: Arc::new(NetworkTransport::new(Roots::Public)?),
//!     keys: Arc::new(FileKeyStore::open("keys".as_ref(), random.clone())?),
//!     clock: Arc::new(SystemClock::new()),
//!     random,
//! };
//! let wallet = Wallet::create(Config {
//!     directory: "wallet".into(),
//!     root: VerifyingKey::from_cose_key(root)?,
//!     authority: "https://licenses.example".to_owned(),
//!     ports,
//! })
//! .await?;
//!
//! // The authority's letter or website shows the offer as a QR; the code came by another channel.
//! let cancel = CancelToken::new();
//! let offer = wallet.read_offer(offer).await?;
//! let license = wallet.enroll(&offer, Some(tx_code), &cancel).await?;
//!
//! // Each time that the phone's scheduler allows.
//! let report = wallet.refresh(Refresh::Due, Duration::from_secs(25), &cancel).await?;
//! println!("call again in {} s", report.next_in.as_secs());
//!
//! // At the roadside, with or without a network.
//! let mut presentation = wallet.present(&license)?;
//! let frame = presentation.frame(wallet.reading()).await?;
//! println!("{}, a QR of {} modules", frame.standing.word(), frame.symbol.size());
//! presentation.end().await?;
//! # Ok(())
//! # }
//! ```

mod applications;
mod boxed;
pub mod cancel;
mod config;
mod context;
pub mod error;
mod format;
pub mod issuance;
pub mod keys;
mod licenses;
mod network;
#[cfg(test)]
mod nothing_lost;
pub mod ports;
pub mod present;
pub mod reader;
pub mod refresh;
mod succession;
mod table;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod timekeeper;
mod told;
mod trust_store;
#[cfg_attr(
    not(feature = "testing"),
    allow(
        unreachable_pub,
        reason = "what is public in it is for `testing` alone"
    )
)]
mod vault;
mod wallet;

pub use applications::{Application, ApplicationState, Applied};
pub use boxed::Boxed;
pub use cancel::CancelToken;
pub use config::{Config, Ports};
pub use error::Error;
pub use format::CredentialFormat;
pub use issuance::{Offer, ReviewReason, SignIn, SignInClient};
pub use licenses::{HeldLicense, LicenseId};
#[cfg(feature = "http")]
pub use network::transport;
pub use table::Table;
pub use vault::{Health, activity_log};
pub use wallet::Wallet;
