//! The wire profile `DL1` of an electronic driver's license: what an authority signs, what a phone
//! shows, and what a reader may believe of it. This crate does no I/O, reads no clock and draws no
//! random number: time and randomness are arguments, and everything it gives back is a value.
//!
//! ```text
//!  authority                     phone                          reader
//!  ---------                     -----                          ------
//!  trust list  (root key) ------------------------------------> which keys speak for whom
//!  credential  (credential key) -> presentation token --- QR --> Verifier::check -> Verdict
//!  status token (status key) ----> stapled into it               state, and how old it is
//! ```
//!
//! - An authority signs a [credential](sd_cwt) for each phone and, every hour, a [status
//!   list](status_list) for each 256 licenses. Its root signs the [trust list](trust), which names
//!   the keys.
//! - The phone signs a [presentation token](presentation) that lives for half a minute, puts the
//!   newest status token inside, and shows it as a [QR](qr). It may answer a
//!   [challenge](challenge).
//! - A reader [verifies](verify) the text without a network, perhaps with a [bundle](bundle) of
//!   status lists, and gets a verdict: Accept, Caution or Refuse, why, and as of when.
//! - Where the driver agrees, the phone also shows its [face](face) as a few more QRs, and the
//!   reader joins the picture to the verdict, whose license has the picture's digest.
//!
//! [`meaning`] says what all this means to a person, once for phones, readers and the command line.
//!
//! A type that exists is valid: [`License`], [`VerifyingKey`](key::VerifyingKey) or
//! [`TrustList`](trust::TrustList) can only be made by what checks them. What was read and not yet
//! verified has a separate type (`Unverified...`).
//!
//! ```
//! use vidimus_credential::presentation::{ANYONE, Draft, PresentationClaims};
//! use vidimus_credential::sd_cwt::{
//!     self, CredentialClaims, Portrait, StatusRef, UnverifiedCredential,
//! };
//! use vidimus_credential::status_list::{self, Bits};
//! use vidimus_credential::trust::{self, Purpose, TrustEntry, TrustList};
//! use vidimus_credential::{
//!     Algorithm, BirthDate, Category, Country, Day, License, LicenseFields, Outcome, Policy,
//!     Signer as _, SigningKey, UnixTime, UtcOffset, Verifier, qr,
//! };
//!
//! # fn main() -> Result<(), vidimus_credential::Error> {
//! let now = UnixTime::new(1_795_000_000)?;
//! let key = |secret| SigningKey::from_secret(Algorithm::Ed25519, &[secret; 32]);
//! let (root, credential_key, status_key, phone) = (key(1)?, key(2)?, key(3)?, key(4)?);
//!
//! // The authority: a trust list, a credential, a status.
//! let entry = |key: &SigningKey, purpose| -> Result<TrustEntry, vidimus_credential::Error> {
//!     Ok(TrustEntry {
//!         key: key.verifying_key().clone(),
//!         purposes: vec![purpose],
//!         not_before: now,
//!         expires: now.saturating_add(86_400),
//!         name: "https://dl.example".to_owned(),
//!         country: Country::parse("ZZ")?,
//!         display_name: "Licensing Authority".to_owned(),
//!         signed_until: None,
//!     })
//! };
//! let entries = [
//!     entry(&credential_key, Purpose::Credential)?,
//!     entry(&status_key, Purpose::Status)?,
//! ];
//! let end = now.saturating_add(86_400);
//! let trust_list = trust::build("https://dl.example", now, end, 0, &entries, &root)?;
//! let license = License::new(LicenseFields {
//!     family_name: "欧阳".to_owned(),
//!     given_names: "娜娜".to_owned(),
//!     birth_date: BirthDate::parse_iso("1991-02-28")?,
//!     license_number: "ZZ-100200300".to_owned(),
//!     categories: vec![Category::new("B".to_owned(), None, None, Vec::new())?],
//!     issue_date: Day::parse_iso("2020-06-01")?,
//!     expiry_date: Some(Day::parse_iso("2035-05-31")?),
//!     issuing_country: Country::parse("ZZ")?,
//!     utc_offset: UtcOffset::parse("+02:00")?,
//! })?;
//! let status = StatusRef { idx: 17, uri: "https://dl.example/status/0".to_owned() };
//! let claims = CredentialClaims {
//!     iss: "https://dl.example".to_owned(),
//!     sub: [9; 16],
//!     exp: end,
//!     iat: now,
//!     holder_key: phone.verifying_key().clone(),
//!     license,
//!     status,
//! };
//! let issued = sd_cwt::issue(&claims, &Portrait::new([8; 16], b"a JPEG"), &credential_key)?;
//! let week = now.saturating_add(7 * 86_400);
//! let uri = &claims.status.uri;
//! let staple = status_list::issue(uri, &[0; 256], Bits::Four, now, week, 3600, &status_key)?;
//!
//! // The phone: believes the credential only after it was verified, then presents it.
//! let trust = TrustList::verify(&trust_list, root.verifying_key())?;
//! let credential = UnverifiedCredential::parse(&issued)?.authenticate(&trust)?;
//! let said = PresentationClaims {
//!     aud: ANYONE.to_owned(),
//!     exp: now.saturating_add(30),
//!     iat: now,
//!     cnonce: None,
//!     staple: Some(staple),
//! };
//! let draft = Draft::new(credential.bytes_without_disclosure(), Algorithm::Ed25519, &said)?;
//! let text = qr::token_text(&draft.sign(&phone)?);
//!
//! // The reader: needs nothing but the root's public key and the trust list.
//! let mut verifier = Verifier::new(root.verifying_key().clone(), Policy::default());
//! verifier.set_trust_list(&trust_list)?;
//! let verdict = verifier.check(&text, now);
//! assert_eq!(verdict.outcome, Outcome::Accept);
//! assert_eq!(verdict.age_s, Some(0));
//! # Ok(())
//! # }
//! ```
//!
//! The bytes are those of `docs/token-profile.md`; each module names its section.
#![forbid(unsafe_code)]

pub mod birth_date;
pub mod bundle;
pub mod cbor;
pub mod challenge;
mod cose;
mod discreet;
pub mod error;
pub mod face;
pub mod key;
pub mod license;
pub mod meaning;
pub mod presentation;
pub mod qr;
pub mod sd_cwt;
pub mod status;
pub mod status_list;
pub mod text;
pub mod time;
pub mod trust;
mod variants;
pub mod verify;
mod zlib;

pub use birth_date::BirthDate;
pub use error::{Error, Field};
pub use key::{Algorithm, KeyId, Signer, SigningKey, VerifyingKey};
pub use license::{Category, Country, License, LicenseFields};
pub use meaning::{Standing, Tone};
pub use status::{LicenseStatus, StatusReport, StatusSource};
pub use time::{Day, UnixTime, UtcOffset};
pub use verify::{Outcome, Policy, Question, Reason, Verdict, Verifier};
