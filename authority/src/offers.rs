//! Credential offers: made for a license, handed out by value and by reference, redeemed once.

use rusqlite::{OptionalExtension as _, Transaction, params};
use serde_json::{Value, json};
use subtle::ConstantTimeEq as _;
use url::form_urlencoded;
use vidimus_credential::UnixTime;

use crate::error::Error;
use crate::grants::{self, Pair, TokenFault};
use crate::issuer::IssuerUrl;
use crate::secret::{Label, OfferSecrets, digest};
use crate::store::{from_sql, to_sql};

/// How long an offer can be redeemed, in seconds: 15 minutes, while the driver is at the counter.
pub const OFFER_LIFE: u64 = 900;
/// Wrong transaction codes that end an offer.
const MAX_WRONG: i64 = 5;
/// The one credential configuration that this issuer offers.
pub(crate) const CONFIGURATION: &str = "dl";
/// OpenID4VCI 1.0, section 3.5.
pub(crate) const PRE_AUTHORIZED: &str = "urn:ietf:params:oauth:grant-type:pre-authorized_code";

/// An offer as `license add` prints it.
pub struct AddedLicense {
    /// The license's id, for `status set`.
    pub license_id: String,
    /// `openid-credential-offer://` with the offer in it. Whoever has it and the `tx_code` enrolls.
    pub offer: String,
    /// The same with a URL where the offer is fetched: shorter, so its QR is coarser.
    pub offer_by_reference: String,
    /// Six digits, to be told to the driver apart from the offer.
    pub tx_code: String,
    /// When the offer ends.
    pub expires: UnixTime,
}

/// Makes an offer for a license that is in the register.
pub(crate) fn create(
    transaction: &Transaction<'_>,
    issuer: &IssuerUrl,
    license_id: String,
    now: UnixTime,
) -> Result<AddedLicense, Error> {
    let secrets = OfferSecrets::new()?;
    let expires = now.saturating_add(OFFER_LIFE);
    transaction.execute(
        "INSERT INTO offers (code, reference, license, tx_code, expires) VALUES (?, ?, ?, ?, ?)",
        params![
            digest(Label::Code, &[&secrets.code]),
            digest(Label::OfferReference, &[&secrets.reference]),
            license_id,
            digest(Label::TxCode, &[&secrets.code, &secrets.tx_code]),
            to_sql(expires)
        ],
    )?;
    let by_value = document(issuer, &secrets.code).to_string();
    let by_reference = issuer.join(&format!("/offers/{}", *secrets.reference));
    Ok(AddedLicense {
        license_id,
        offer: uri("credential_offer", &by_value),
        offer_by_reference: uri("credential_offer_uri", &by_reference),
        tx_code: (*secrets.tx_code).clone(),
        expires,
    })
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
fn document(issuer: &IssuerUrl, code: &str) -> Value {
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

/// The offer behind a reference, while it can still be redeemed.
pub(crate) fn by_reference(
    transaction: &Transaction<'_>,
    issuer: &IssuerUrl,
    reference: &str,
    now: UnixTime,
) -> Result<Option<Value>, Error> {
    let query = "SELECT expires FROM offers WHERE reference = ? AND spent = 0 AND wrong < ?";
    let key = digest(Label::OfferReference, &[reference]);
    let expires: Option<i64> = transaction
        .query_row(query, params![key, MAX_WRONG], |row| row.get(0))
        .optional()?;
    match expires {
        Some(expires) if now <= from_sql(expires)? => {
            Ok(Some(document(issuer, &OfferSecrets::code_of(reference))))
        }
        _ => Ok(None),
    }
}

/// Redeems a pre-authorized code for a first pair of tokens.
pub(crate) fn redeem(
    transaction: &Transaction<'_>,
    code: &str,
    tx_code: Option<&str>,
    now: UnixTime,
) -> Result<Result<Pair, TokenFault>, Error> {
    const GONE: TokenFault =
        TokenFault::Grant("the pre-authorized code is unknown, used or expired");
    let key = digest(Label::Code, &[code]);
    let query =
        "SELECT license, tx_code, expires FROM offers WHERE code = ? AND spent = 0 AND wrong < ?";
    let row: Option<(String, [u8; 32], i64)> = transaction
        .query_row(query, params![key, MAX_WRONG], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let Some((license, expected, expires)) = row else {
        return Ok(Err(GONE));
    };
    if now > from_sql(expires)? {
        return Ok(Err(GONE));
    }
    let Some(tx_code) = tx_code else {
        return Ok(Err(TokenFault::Request("tx_code is missing")));
    };
    if !bool::from(digest(Label::TxCode, &[code, tx_code]).ct_eq(&expected)) {
        transaction.execute("UPDATE offers SET wrong = wrong + 1 WHERE code = ?", [key])?;
        return Ok(Err(TokenFault::Grant("the tx_code is wrong")));
    }
    transaction.execute("UPDATE offers SET spent = 1 WHERE code = ?", [key])?;
    grants::create(transaction, &license, now).map(Ok)
}

/// Forgets offers that have ended.
pub(crate) fn purge(transaction: &Transaction<'_>, now: UnixTime) -> Result<(), Error> {
    transaction.execute("DELETE FROM offers WHERE expires < ?", [to_sql(now)])?;
    Ok(())
}
