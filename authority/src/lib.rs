//! A licensing authority: registers drivers, issues their licenses by OpenID4VCI 1.0, and publishes
//! who may drive now.
//!
//! ```text
//!   clerk ── init, license add, status set, rotate-keys ──┐
//!                                                         v
//!   wallet ── offer, token, nonce, credential ──>  home folder: SQLite, keys, signed files
//!   wallet, reader ── trust list, status lists, bundle ──>^
//! ```
//!
//! Everything is in one folder, the *home*. Commands and server are separate processes that
//! meet in the home's database; a command that changes a status signs the list again before it
//! returns, and the server hands out the new file with the next request.
//!
//! Three kinds of keys, all Ed25519: the *root* signs the trust list, which names the others; the
//! *credential key* signs licenses; the *status key* signs status lists and bundles. Of the latter
//! two the next ones are announced before they sign, retired ones are named for what they signed,
//! and those in wrong hands are dropped ([`Authority::rotate_keys`]). In an authority with more
//! than a demonstration to protect, the root would be in a safe and the other two in a hardware
//! module; here all are files that only their owner may read.
//!
//! Nothing is signed by a clock that contradicts the last signature ([`Moment`],
//! [`Authority::accept_clock`], [`Authority::repair_clock`]), and all that is signed is dated 150
//! seconds before it.
//!
//! What outlasts a lost database: `issued.log`, the published files, and how far the register had
//! come. An older copy of it is noticed ([`Error::OldRegister`]), and [`Authority::reconcile`]
//! brings it up to what was published.
//!
//! What is short-lived and for how long: an offer 15 minutes ([`OFFER_LIFE`]), an access token 10
//! minutes, a nonce 5 minutes, a refresh token 90 days from its issue, a credential 30 days
//! ([`CREDENTIAL_LIFE`]), a status token 7 days, signed again before an hour has passed, a trust
//! list 30 days ([`TRUST_LIFE`]), signed again each day.
//!
//! ```
//! use vidimus_authority::{Authority, InitOptions, application_form, init};
//! use vidimus_credential::{LicenseStatus, UnixTime};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let home = folder.path();
//! # let now = UnixTime::new(1_800_000_000)?;
//! let issuer = Some("https://license.example".to_owned());
//! init(home, InitOptions { issuer, ..InitOptions::default() }, now)?;
//! let authority = Authority::open(home)?;
//! assert_eq!(authority.issuer()?.as_deref(), Some("https://license.example"));
//! assert!(authority.licenses(None, 10, now)?.is_empty());
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod accounts;
pub mod application_form;
mod authority;
mod backup;
mod characters;
mod clock;
mod dpop;
mod epoch;
mod error;
mod evidence;
mod home;
mod http;
mod issue;
mod issued_log;
mod issuer;
mod key_use;
mod keys;
mod nonces;
mod offers;
mod office;
mod oidc;
pub mod portrait;
mod proof;
mod publish;
mod reconcile;
mod register;
mod rules;
mod secret;
mod store;
mod unique_keys;

pub use accounts::totp::one_time_code;
pub use authority::{
    AddOptions, Authority, ClockState, Forgotten, InitOptions, MAX_PAGE, NewEntry, NewToken,
    Reader, SetUpCode, init,
};
pub use backup::{BackupMade, Restored, restore};
pub use clock::{Boot, BootId, Moment};
pub use error::{Error, StorageFault};
pub use evidence::Reconciled;
pub use http::{
    Clock, OfficeListener, ServeOptions, TlsFiles, serve, serve_with, serve_with_clock,
    served_in_plain,
};
pub use issuer::{IssuerFault, MAX_ISSUER};
pub use key_use::{CREDENTIAL_LIFE, KeyUse, STATUS_LIFE};
pub use keys::{Rotated, Rotation};
pub use offers::{AddedLicense, OFFER_LIFE};
pub use office::{AuditFault, Checked, OfficeFault, Role, Roles, check_audit};
pub use oidc::OidcOptions;
pub use portrait::{Crop, MAX_PORTRAIT, PortraitFault};
pub use publish::{STATUS_TTL, TRUST_LIFE, sign_list};
pub use reconcile::ReconcileOptions;
pub use register::office::{Closed, EventRow, ProposalRow, TokenRow, UserRow};
pub use register::{
    ClientApp, Decided, Decision, DecisionRow, DeviceEnd, DeviceRow, Edited, EndReason, Ended,
    Found, LicenseEnd, LicenseRow, LicenseStage, MadeLetter, OfferKind, Review, ReviewKind,
    ReviewReason, ReviewState, ToForget,
};
pub use rules::retention::Retention;
pub use rules::standing::{advice, can_decide, standing_of};

#[cfg(test)]
mod tests;
