//! The credential offer: what a QR or a link from the authority says (OpenID4VCI 1.0, section 4).
//!
//! Strict in what it takes over, lenient in how it was written: any scheme, `+` for a space, an
//! offer that was percent-encoded twice, and the names that drafts 11 to 13 used.

use serde::Deserialize;
use url::form_urlencoded;
use zeroize::Zeroizing;

use crate::error::Error;

/// Longest offer text or document that is read, in bytes.
pub(crate) const MAX_OFFER: usize = 64 * 1024;

/// What a scanned or typed offer is: the offer itself, or where to fetch it.
pub(crate) enum OfferText {
    /// `credential_offer`: the document.
    Value(CredentialOffer),
    /// `credential_offer_uri`: the address that answers with the document.
    Reference(String),
}

/// An offer that this wallet can take up: it holds a pre-authorized code.
pub(crate) struct CredentialOffer {
    /// The issuer's identifier, exactly as offered.
    pub(crate) issuer: String,
    /// What is offered, by the issuer's names for it; never empty.
    pub(crate) configuration_ids: Vec<String>,
    /// The pre-authorized code. A secret until it is spent.
    pub(crate) code: Zeroizing<String>,
    /// The second factor that the issuer sent by another way, if it asks for one.
    pub(crate) tx_code: Option<TxCode>,
    /// Which of the issuer's authorization servers knows the code.
    pub(crate) authorization_server: Option<String>,
}

/// How the transaction code looks that the issuer sent by another way (mail, message, letter).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TxCode {
    /// Digits alone; otherwise any characters.
    pub numeric: bool,
    /// How many characters, if the issuer said.
    pub length: Option<u32>,
    /// The issuer's own words to the driver, at most 300 characters; text from outside.
    pub description: Option<String>,
}

impl OfferText {
    /// Reads an offer as scanned: a link of any scheme with `credential_offer` or
    /// `credential_offer_uri`, or the bare document.
    ///
    /// # Errors
    /// [`Error::OfferMalformed`], or [`Error::OfferUnsupported`] where it has no pre-authorized code.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        if text.len() > MAX_OFFER {
            return Err(Error::OfferMalformed);
        }
        if text.starts_with('{') {
            return CredentialOffer::parse(text.as_bytes()).map(Self::Value);
        }
        let (_, query) = text.split_once('?').ok_or(Error::OfferMalformed)?;
        let query = query.split('#').next().unwrap_or_default();
        let mut value = None;
        let mut reference = None;
        for (name, content) in form_urlencoded::parse(query.as_bytes()) {
            let slot = match name.as_ref() {
                "credential_offer" => &mut value,
                "credential_offer_uri" => &mut reference,
                _ => continue,
            };
            if slot.replace(Zeroizing::new(content.into_owned())).is_some() {
                return Err(Error::OfferMalformed);
            }
        }
        match (value, reference) {
            (Some(document), None) => {
                let document = if document.trim_start().starts_with('{') {
                    document
                } else {
                    decoded_again(&document)
                };
                CredentialOffer::parse(document.as_bytes()).map(Self::Value)
            }
            (None, Some(address)) => Ok(Self::Reference(
                if address.contains("://") {
                    address
                } else {
                    decoded_again(&address)
                }
                .to_string(),
            )),
            _ => Err(Error::OfferMalformed),
        }
    }
}

/// Undoes a second percent-encoding, a habit of some issuers' offer pages.
fn decoded_again(text: &str) -> Zeroizing<String> {
    let once = form_urlencoded::parse(text.as_bytes())
        .next()
        .map(|(name, _)| name.into_owned());
    Zeroizing::new(once.unwrap_or_default())
}

impl CredentialOffer {
    /// Reads the offer document.
    ///
    /// # Errors
    /// As [`OfferText::parse`].
    pub(crate) fn parse(document: &[u8]) -> Result<Self, Error> {
        let wire: WireOffer =
            serde_json::from_slice(document).map_err(|_| Error::OfferMalformed)?;
        let ids = if wire.credential_configuration_ids.is_empty() {
            wire.credentials
        } else {
            wire.credential_configuration_ids
        };
        let configuration_ids: Vec<String> = ids
            .into_iter()
            .filter_map(|id| id.as_str().map(str::to_owned))
            .collect();
        if configuration_ids.is_empty() || wire.credential_issuer.is_empty() {
            return Err(Error::OfferMalformed);
        }
        let grant = wire
            .grants
            .and_then(|grants| grants.pre_authorized)
            .ok_or(Error::OfferUnsupported)?;
        let code = Zeroizing::new(grant.code);
        if code.is_empty() {
            return Err(Error::OfferMalformed);
        }
        let drafts_pin = grant.user_pin_required.then_some(TxCode {
            numeric: true,
            length: None,
            description: None,
        });
        Ok(Self {
            issuer: wire.credential_issuer,
            configuration_ids,
            code,
            tx_code: grant.tx_code.map(WireTxCode::read).or(drafts_pin),
            authorization_server: grant.authorization_server,
        })
    }
}

#[derive(Deserialize)]
struct WireOffer {
    credential_issuer: String,
    #[serde(default)]
    credential_configuration_ids: Vec<serde_json::Value>,
    /// Draft 11's name.
    #[serde(default)]
    credentials: Vec<serde_json::Value>,
    grants: Option<WireGrants>,
}

#[derive(Deserialize)]
struct WireGrants {
    #[serde(rename = "urn:ietf:params:oauth:grant-type:pre-authorized_code")]
    pre_authorized: Option<WireGrant>,
}

#[derive(Deserialize)]
struct WireGrant {
    #[serde(rename = "pre-authorized_code")]
    code: String,
    /// Present, even empty, means required.
    tx_code: Option<WireTxCode>,
    /// Draft 12's name.
    #[serde(default)]
    user_pin_required: bool,
    authorization_server: Option<String>,
}

#[derive(Deserialize)]
struct WireTxCode {
    input_mode: Option<String>,
    length: Option<u32>,
    description: Option<String>,
}

impl WireTxCode {
    fn read(self) -> TxCode {
        TxCode {
            numeric: self.input_mode.as_deref().unwrap_or("numeric") == "numeric",
            length: self.length,
            description: self
                .description
                .map(|text| text.chars().filter(|c| !c.is_control()).take(300).collect()),
        }
    }
}
