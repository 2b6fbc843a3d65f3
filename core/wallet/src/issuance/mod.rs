//! How a license comes into the wallet: the client side of OpenID4VCI 1.0.
//!
//! ```text
//!  offer ──> issuer metadata ──> authorization server metadata ──> token ──┐ stored before it is used
//!                                                                          v
//!  license stored <── verified against the trust list <── credential <── nonce, key proof
//! ```
//!
//! The enrollment and its key are stored before the code is first sent, tokens before they are used, and a license only
//! after it was verified. So a wallet that dies anywhere on this way, or whose requests or answers are lost, goes on with
//! the same offer and the same key, and ends with one license. Only a refusal of the server that leaves nothing to go on
//! from ends it. A renewal takes the same way, with a refresh token in place of the code.

mod acknowledge;
mod credential;
mod enroll;
mod enrollment;
mod jose;
mod metadata;
mod notice;
mod offer;
mod pasted;
mod readiness;
mod reading;
mod redeem;
mod refusal;
mod reserve;
mod session;
mod standing;
#[cfg(test)]
mod tests;
mod token;

pub use offer::TxCode;
pub use refusal::Refusal;
pub use standing::Standing;

pub(crate) use acknowledge::acknowledge;
pub(crate) use enroll::{enroll, renew};
pub(crate) use enrollment::Enrollment;
pub(crate) use reading::read_offer;

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use self::metadata::{Configuration, IssuerMetadata};
use crate::error::Error;

/// For a member that some servers write as `null` where they mean to leave it out.
fn absent_if_null<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// An offer of a license that was read and that this wallet can take up. Holds a code: no `Debug`.
pub struct Offer {
    /// The issuer's identifier, exactly as offered.
    issuer: String,
    /// Which of the issuer's authorization servers knows the code.
    authorization_server: Option<String>,
    /// The code; `None` where the offer's address answers no more, and what it began is in the vault.
    code: Option<Zeroizing<String>>,
    tx_code: Option<TxCode>,
    /// By what an enrollment of this offer is known again.
    digest: [u8; 32],
    /// The same for the address that it was read from.
    reference: Option<[u8; 32]>,
    /// Who vouches for the issuer, when the offer was read.
    standing: Standing,
    metadata: IssuerMetadata,
    configuration: Configuration,
}

impl Offer {
    /// The issuer's address, as it calls itself. Show it: it is the one name that was checked.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.metadata.issuer
    }

    /// What the issuer calls itself to people, at most 64 bytes; its own word, proven by nobody yet.
    #[must_use]
    pub fn display_name(&self) -> Option<&str> {
        self.metadata.display_name.as_deref()
    }

    /// Who vouches for the issuer. Say it beside its address.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// The transaction code that must be given to take it up; `None` where there is none, where it was given before, and
    /// where nobody vouches for the issuer: such a one is given no code, and so none may be asked for.
    #[must_use]
    pub fn tx_code(&self) -> Option<&TxCode> {
        let is_vouched_for = self.standing != Standing::Unknown;
        self.tx_code.as_ref().filter(|_| is_vouched_for)
    }

    /// Whether it can be taken up: not where the issuer asks for a transaction code and nobody vouches for it.
    ///
    /// # Errors
    /// [`Error::IssuerUnknown`].
    pub fn check_issuer(&self) -> Result<(), Error> {
        if self.tx_code.is_some() && self.standing == Standing::Unknown {
            Err(Error::IssuerUnknown)
        } else {
            Ok(())
        }
    }

    /// The code to send: what was given, where one is asked for. A wrong one costs one of few tries,
    /// so what cannot be right is not sent.
    fn code_to_send<'c>(&self, given: Option<&'c str>) -> Result<Option<&'c str>, Error> {
        self.check_issuer()?;
        let Some(expected) = &self.tx_code else {
            return Ok(None);
        };
        let given = given.map(str::trim).filter(|code| !code.is_empty());
        let given = given.ok_or(Error::TxCodeRequired)?;
        let length = u32::try_from(given.chars().count()).unwrap_or(u32::MAX);
        let fits = expected.length.is_none_or(|expected| expected == length);
        let digits = !expected.numeric || given.chars().all(|c| c.is_ascii_digit());
        if fits && digits {
            Ok(Some(given))
        } else {
            Err(Error::TxCodeMalformed)
        }
    }
}
