//! Getting a license: the client side of OpenID4VCI 1.0.
//!
//! ```text
//!  offer ──> issuer metadata ──> authorization server metadata ──> token ──┐ stored before use
//!                                                                          v
//!  license stored <── verified against the trust list <── credential <── nonce, key proof
//! ```
//!
//! The enrollment and its key are stored before the code is first sent, tokens before they are
//! used, and a license only after it was verified. So after a crash or a lost answer at any step,
//! the wallet continues with the same offer and the same key, and ends with one license. Only a
//! refusal that leaves neither code nor tokens ends an enrollment. A renewal takes the same steps,
//! with a refresh token in place of the code.
//!
//! An application takes them with the code of a sign-in. Where the issuer answers that the license
//! comes later, the transaction is stored, and each refresh that is due asks for it.

mod acknowledge;
mod application;
mod credential;
mod enroll;
mod enrollment;
mod going_on;
mod jose;
mod metadata;
mod notice;
mod oauth_error;
mod offer;
mod pasted;
mod progress;
mod readiness;
mod reading;
mod redeem;
mod reserve;
mod session;
mod sign_in;
mod standing;
#[cfg(test)]
mod tests;
mod token;

pub use crate::error::OAuthError;
pub use application::ReviewReason;
pub use offer::TxCode;
pub use sign_in::{SignIn, SignInClient};
pub use standing::IssuerStanding;

pub(crate) use acknowledge::acknowledge;
pub(crate) use enroll::{enroll, renew};
pub(crate) use enrollment::Enrollment;
pub(crate) use going_on::{Outcome, go_on, go_on_with_all};
pub(crate) use reading::read_offer;
pub(crate) use sign_in::{abandon, apply, take_answer};

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use self::metadata::{Configuration, IssuerMetadata};
use crate::error::Error;

/// Reads a member that some servers write as `null` in place of leaving it out.
fn absent_if_null<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// An offer of a license that this wallet supports. It holds a secret code and has no `Debug`. Show
/// [`issuer`](Self::issuer) and [`standing`](Self::standing) to the driver before redeeming it.
pub struct Offer {
    /// The issuer's identifier, exactly as offered.
    issuer: String,
    /// Which of the issuer's authorization servers knows the code.
    authorization_server: Option<String>,
    /// The code. `None` for an offer that this wallet has begun to redeem and whose address no
    /// longer answers: its enrollment has a license or tokens.
    code: Option<Zeroizing<String>>,
    tx_code: Option<TxCode>,
    /// Hash of issuer and code, which recognizes an enrollment by this offer.
    digest: [u8; 32],
    /// Hash of the address that the offer was read from.
    reference: Option<[u8; 32]>,
    /// Who vouched for the issuer when the offer was read.
    standing: IssuerStanding,
    metadata: IssuerMetadata,
    configuration: Configuration,
}

impl Offer {
    /// The issuer's address. Show it to the driver: it is the only name that was checked.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.metadata.issuer
    }

    /// The issuer's display name, at most 64 bytes. It is not proven: never show it without the
    /// address.
    #[must_use]
    pub fn display_name(&self) -> Option<&str> {
        self.metadata.display_name.as_deref()
    }

    /// Who vouches for the issuer. Show it beside the address.
    #[must_use]
    pub fn standing(&self) -> IssuerStanding {
        self.standing
    }

    /// The form of the transaction code that [`enroll`](crate::Wallet::enroll) needs. `None` where
    /// the offer has none, where it was given before, and where no one vouches for the issuer: do
    /// not ask the driver for a code then.
    #[must_use]
    pub fn tx_code(&self) -> Option<&TxCode> {
        let is_vouched_for = self.standing != IssuerStanding::Unknown;
        self.tx_code.as_ref().filter(|_| is_vouched_for)
    }

    /// Checks that the offer may be redeemed: an issuer that asks for a transaction code must be
    /// vouched for.
    ///
    /// # Errors
    /// [`Error::IssuerUnknown`].
    pub fn check_issuer(&self) -> Result<(), Error> {
        if self.tx_code.is_some() && self.standing == IssuerStanding::Unknown {
            Err(Error::IssuerUnknown)
        } else {
            Ok(())
        }
    }

    /// The transaction code to send, where the offer asks for one. A wrong code costs one of few
    /// tries, so one of the wrong form is not sent.
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
