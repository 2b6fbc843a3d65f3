//! Credential offers as wallets read them: by value and by reference.

use serde_json::{Value, json};
use url::form_urlencoded;
use vidimus_credential::UnixTime;

use crate::issuer::IssuerUrl;
use crate::portrait::PortraitNote;
use crate::register::MadeOffer;
use crate::secret::OfferSecrets;

/// How long an offer can be redeemed, in seconds: 15 minutes, while the driver is at the counter.
pub const OFFER_LIFE: u64 = 900;
/// The one credential configuration that this issuer offers.
pub(crate) const CONFIGURATION: &str = "dl";
/// OpenID4VCI 1.0, section 3.5.
pub(crate) const PRE_AUTHORIZED: &str = "urn:ietf:params:oauth:grant-type:pre-authorized_code";

/// An offer as `license add` and `license offer` print it.
pub struct AddedLicense {
    /// The license's id, which commands take as well as its number.
    pub license_id: String,
    /// `openid-credential-offer://` with the offer in it. Anyone who has it and the `tx_code` can
    /// enroll.
    pub offer: String,
    /// The same with a URL where the offer is fetched: shorter, so its QR is coarser.
    pub offer_by_reference: String,
    /// Six digits, to be told to the driver apart from the offer.
    pub tx_code: String,
    /// When the offer ends.
    pub expires: UnixTime,
    /// What was done to the portrait that came with it, for the clerk to know.
    pub portrait_notes: Vec<PortraitNote>,
}

impl AddedLicense {
    /// An offer that was just made, in the forms that wallets take.
    pub(crate) fn new(issuer: &IssuerUrl, made: &MadeOffer) -> Self {
        let by_value = document(issuer, &made.secrets.code).to_string();
        let by_reference = issuer.join(&format!("/offers/{}", *made.secrets.reference));
        Self {
            license_id: made.license.clone(),
            offer: uri("credential_offer", &by_value),
            offer_by_reference: uri("credential_offer_uri", &by_reference),
            tx_code: (*made.secrets.tx_code).clone(),
            expires: made.expires,
            portrait_notes: Vec::new(),
        }
    }
}

/// Builds the URI. A space must not become `+`: some wallets decode URIs, not forms.
fn uri(parameter: &str, value: &str) -> String {
    let encoded: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
    format!(
        "openid-credential-offer://?{parameter}={}",
        encoded.replace('+', "%20")
    )
}

/// The credential offer (OpenID4VCI 1.0, section 4.1.1). No `%` in it: some wallets decode twice.
pub(crate) fn document(issuer: &IssuerUrl, code: &str) -> Value {
    json!({
        "credential_issuer": issuer.as_str(),
        "credential_configuration_ids": [CONFIGURATION],
        "grants": { PRE_AUTHORIZED: {
            "pre-authorized_code": code,
            "tx_code": {
                "input_mode": "numeric",
                "length": OfferSecrets::TX_CODE_LENGTH,
                "description": "The code from the licensing authority",
            },
        } },
    })
}
