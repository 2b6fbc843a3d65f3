//! What an offer says about its issuer and its code.

use vidimus_wallet::issuance;

use crate::units::Count;

/// The issuer of an offer, who vouches for it, and the code that it asks for.
#[derive(uniffi::Record)]
pub struct OfferDetails {
    /// The issuer's address, as the offer names it.
    pub issuer: String,
    /// What the issuer calls itself: nothing proves it yet.
    pub display_name: Option<String>,
    /// Who vouches for the issuer. Say it beside its address.
    pub standing: IssuerStanding,
    /// The code that must be typed in to take it up; none where there is none, and where no one
    /// vouches for the issuer.
    pub tx_code: Option<TxCode>,
}

/// Who vouches for an issuer's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum IssuerStanding {
    /// It is the authority that this wallet was made for.
    Authority,
    /// The trust list of this wallet's authority names it.
    Listed,
    /// No one vouches for it. It is given no code.
    Unknown,
}

impl From<issuance::IssuerStanding> for IssuerStanding {
    fn from(standing: issuance::IssuerStanding) -> Self {
        match standing {
            issuance::IssuerStanding::Authority => Self::Authority,
            issuance::IssuerStanding::Listed => Self::Listed,
            // A kind that a later core adds is none that this layer can vouch for.
            _ => Self::Unknown,
        }
    }
}

/// What a transaction code looks like.
#[derive(uniffi::Record)]
pub struct TxCode {
    /// Whether it has digits alone: show a keypad of digits then.
    pub numeric: bool,
    /// How many characters, where the issuer says so.
    pub length: Option<Count>,
    /// Where the code is to be found, in the issuer's words; none where the offer did not come from
    /// its server.
    pub description: Option<String>,
}

impl From<&vidimus_wallet::Offer> for OfferDetails {
    fn from(offer: &vidimus_wallet::Offer) -> Self {
        Self {
            issuer: offer.issuer().to_owned(),
            display_name: offer.display_name().map(str::to_owned),
            standing: offer.standing().into(),
            tx_code: offer.tx_code().map(TxCode::from),
        }
    }
}

impl From<&issuance::TxCode> for TxCode {
    fn from(code: &issuance::TxCode) -> Self {
        Self {
            numeric: code.numeric,
            length: code
                .length
                .and_then(|length| i32::try_from(length).ok())
                .map(Count),
            description: code.description.clone(),
        }
    }
}
