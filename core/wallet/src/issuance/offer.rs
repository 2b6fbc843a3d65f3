//! The credential offer from a QR or a link of the authority (OpenID4VCI 1.0, section 4).
//!
//! The content is checked strictly; its form is read leniently. Accepted are any scheme, `+` for a
//! space, `&amp;` for an ampersand, an offer that was percent-encoded twice, wrapped, or put in
//! brackets or quotes, and the member names of drafts 11 to 13.

use serde::Deserialize;
use url::form_urlencoded;
use zeroize::Zeroizing;

use super::pasted;
use crate::error::{Error, OfferFault, Unsupported};
use crate::network::address;
use crate::network::json;

/// Longest offer text or document that is read, in bytes.
pub(crate) const MAX_OFFER: usize = 64 * 1024;

/// Longest issuer's address, in bytes.
const MAX_ISSUER: usize = 512;

/// A scanned or typed offer: the offer itself, or the address to fetch it from.
pub(crate) enum OfferText {
    /// The parameter `credential_offer`: the document.
    Value(CredentialOffer),
    /// `credential_offer_uri`: the address that answers with the document.
    Reference(String),
    /// A bare web address. It may be that of an offer where it is at the wallet's own authority.
    Address(String),
}

/// An offer with a pre-authorized code.
pub(crate) struct CredentialOffer {
    /// The issuer's identifier, exactly as offered.
    pub(crate) issuer: String,
    /// The issuer's ids of the offered credential configurations; never empty.
    pub(crate) configuration_ids: Vec<String>,
    /// The pre-authorized code. A secret until it is spent.
    pub(crate) code: Zeroizing<String>,
    /// The form of the transaction code, if the issuer asks for one.
    pub(crate) tx_code: Option<TxCode>,
    /// Which of the issuer's authorization servers knows the code.
    pub(crate) authorization_server: Option<String>,
}

/// The form of the transaction code that the issuer sent by another channel (mail, message,
/// letter).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TxCode {
    /// Whether it has digits alone.
    pub numeric: bool,
    /// Its number of characters, if the issuer said.
    pub length: Option<u32>,
    /// The issuer's words to the driver, at most 300 characters, only where the offer came from its
    /// server. Show it as the issuer's text, not as the app's.
    pub description: Option<String>,
}

impl OfferText {
    /// Reads an offer as scanned or pasted: a link of any scheme with `credential_offer` or
    /// `credential_offer_uri`, the bare document, or a web address. Where it is unclear which part
    /// of a text is the link, all readings are returned, the likeliest first. There is at least
    /// one.
    ///
    /// # Errors
    /// [`Error::OfferMalformed`], or [`Error::OfferUnsupported`] where it has no pre-authorized
    /// code.
    pub(crate) fn parse(text: &str) -> Result<Vec<Self>, Error> {
        if text.len() > MAX_OFFER {
            return Err(OfferFault::TooLong { at_most: MAX_OFFER }.into());
        }
        let mut readings = Vec::new();
        let mut failed = None;
        for text in pasted::offers_of(text) {
            match Self::parse_one(&text) {
                Ok(offer) => readings.push(offer),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        match failed {
            Some(error) if readings.is_empty() => Err(error),
            _ => Ok(readings),
        }
    }

    /// The address to fetch, where it is an offer by reference.
    pub(crate) fn address(&self) -> Option<&str> {
        match self {
            Self::Value(_) => None,
            Self::Reference(url) | Self::Address(url) => Some(url),
        }
    }

    fn parse_one(text: &str) -> Result<Self, Error> {
        if text.starts_with('{') {
            return CredentialOffer::parse(text.as_bytes()).map(Self::Value);
        }
        let (_, query) = text.split_once('?').unwrap_or_default();
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
                return Err(OfferFault::Parameter.into());
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
            (None, None) if address::parse(text).is_ok() => Ok(Self::Address(text.to_owned())),
            (Some(_), Some(_)) => Err(OfferFault::Parameter.into()),
            (None, None) => Err(OfferFault::Text.into()),
        }
    }
}

/// Undoes a second percent-encoding, which some issuers' offer pages apply.
fn decoded_again(text: &str) -> Zeroizing<String> {
    let once = form_urlencoded::parse(text.as_bytes())
        .next()
        .map(|(name, _)| name.into_owned());
    Zeroizing::new(once.unwrap_or_default())
}

/// Whether an issuer's address can be shown unchanged: it must be visible ASCII. Parsers ignore
/// line breaks, and marks of direction make a page show text backwards.
fn can_be_shown(issuer: &str) -> bool {
    let visible = |byte: u8| byte.is_ascii_graphic() && byte != b'\\';
    (1..=MAX_ISSUER).contains(&issuer.len()) && issuer.bytes().all(visible)
}

impl CredentialOffer {
    /// Reads the offer document.
    ///
    /// # Errors
    /// Those of [`OfferText::parse`].
    pub(crate) fn parse(document: &[u8]) -> Result<Self, Error> {
        let wire: WireOffer = json::read(document).ok_or(OfferFault::Document)?;
        let ids = if wire.credential_configuration_ids.is_empty() {
            wire.credentials
        } else {
            wire.credential_configuration_ids
        };
        let configuration_ids: Vec<String> = ids
            .into_iter()
            .filter_map(|id| id.as_str().map(str::to_owned))
            .collect();
        if configuration_ids.is_empty() {
            return Err(OfferFault::Configurations.into());
        }
        if !can_be_shown(&wire.credential_issuer) {
            return Err(OfferFault::Issuer.into());
        }
        let grant = wire
            .grants
            .and_then(|grants| grants.pre_authorized)
            .ok_or(Unsupported::Grant)?;
        let code = Zeroizing::new(grant.code);
        if code.is_empty() {
            return Err(OfferFault::Code.into());
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

impl CredentialOffer {
    /// The same offer without its words to the driver: anyone who sends a link could put words
    /// beside the name of a genuine issuer.
    pub(crate) fn without_words(mut self) -> Self {
        if let Some(code) = &mut self.tx_code {
            code.description = None;
        }
        self
    }
}

#[derive(Deserialize)]
struct WireOffer {
    credential_issuer: String,
    #[serde(default, deserialize_with = "super::absent_if_null")]
    credential_configuration_ids: Vec<serde_json::Value>,
    /// Draft 11's name of `credential_configuration_ids`.
    #[serde(default, deserialize_with = "super::absent_if_null")]
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
    /// Where this member is present, even empty, a code is required.
    tx_code: Option<WireTxCode>,
    /// Draft 12's name of `tx_code`, a flag.
    #[serde(default, deserialize_with = "super::absent_if_null")]
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<CredentialOffer, Error> {
        match OfferText::parse(text)?.remove(0) {
            OfferText::Value(offer) => Ok(offer),
            OfferText::Reference(_) | OfferText::Address(_) => panic!("{text}"),
        }
    }

    fn document(grant: &str) -> String {
        format!(
            r#"{{"credential_issuer":"https://a.example/xy","credential_configuration_ids":["dl"],
            "grants":{{"urn:ietf:params:oauth:grant-type:pre-authorized_code":{grant}}}}}"#
        )
    }

    fn encoded(text: &str) -> String {
        form_urlencoded::byte_serialize(text.as_bytes()).collect()
    }

    #[test]
    fn an_offer_is_read_however_it_was_wrapped() {
        let plain = document(r#"{"pre-authorized_code":"a+b c"}"#);
        let form = encoded(&plain);
        assert!(form.contains('+'), "spaces are written as plus");
        let percent = form.replace('+', "%20");
        for text in [
            plain.clone(),
            format!("openid-credential-offer://?credential_offer={form}"),
            format!("openid-credential-offer://?credential_offer={percent}"),
            format!("haip-vci://x?other=1&credential_offer={percent}#fragment"),
            format!("  https://wallet.example/add?credential_offer={form}\n"),
            format!("https://wallet.example/add?source=mail&amp;credential_offer={form}"),
            format!("https://wallet.example/add?source=mail&#38;credential_offer={form}"),
            format!("<openid-credential-offer://?credential_offer={form}>"),
            format!("\u{feff}{plain}"),
            format!("\u{201c}{plain}\u{201d}"),
            format!(
                "openid-credential-offer://?credential_offer={}",
                encoded(&percent)
            ),
        ] {
            let offer = read(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(offer.issuer, "https://a.example/xy");
            assert_eq!(offer.code.as_str(), "a+b c");
            assert_eq!(offer.configuration_ids, ["dl"]);
            assert!(offer.tx_code.is_none());
        }
    }

    #[test]
    fn a_transaction_code_that_is_present_and_empty_is_asked_for() {
        let empty = read(&document(r#"{"pre-authorized_code":"c","tx_code":{}}"#)).unwrap();
        let expected = TxCode {
            numeric: true,
            length: None,
            description: None,
        };
        assert_eq!(empty.tx_code, Some(expected.clone()));
        let drafts = read(&document(
            r#"{"pre-authorized_code":"c","user_pin_required":true}"#,
        ))
        .unwrap();
        assert_eq!(drafts.tx_code, Some(expected));
        let text = r#"{"pre-authorized_code":"c","tx_code":{"input_mode":"text","length":4,"description":"by\nmail"}}"#;
        let told = read(&document(text)).unwrap().tx_code.unwrap();
        assert_eq!(
            (told.numeric, told.length, told.description.as_deref()),
            (false, Some(4), Some("bymail"))
        );
    }

    #[test]
    fn malformed_and_unsupported_offers_have_different_errors() {
        let malformed = [
            "",
            "hello",
            "openid-credential-offer://?",
            "openid-credential-offer://?credential_offer=%7B",
            "openid-credential-offer://?credential_offer=%7B%7D&credential_offer=%7B%7D",
            "openid-credential-offer://?credential_offer=%7B%7D&credential_offer_uri=https://a",
            r#"{"credential_issuer":"https://a.example","credential_configuration_ids":[],"grants":{}}"#,
            "{}",
        ];
        for text in malformed {
            assert!(
                matches!(read(text).err(), Some(Error::OfferMalformed(_))),
                "{text}"
            );
        }
        assert_eq!(
            read(&document(r#"{"pre-authorized_code":""}"#)).err(),
            Some(OfferFault::Code.into())
        );
        let without =
            r#"{"credential_issuer":"https://a.example","credential_configuration_ids":["dl"]}"#;
        assert_eq!(read(without).err(), Some(Unsupported::Grant.into()));
    }

    /// Parsers ignore characters that a page shows: the first line could show the name of the
    /// driver's own authority alone.
    #[test]
    fn an_issuer_whose_address_would_be_shown_as_another_is_no_issuer() {
        let named = |issuer: &str| {
            let offer = serde_json::json!({
                "credential_issuer": issuer,
                "credential_configuration_ids": ["dl"],
                "grants": { "urn:ietf:params:oauth:grant-type:pre-authorized_code":
                    { "pre-authorized_code": "c" } },
            });
            CredentialOffer::parse(offer.to_string().as_bytes()).err()
        };
        assert_eq!(named("https://a.example:8443/x/~y?z"), None);
        for bad in [
            "https://a.example\n\n\n.evil.example",
            "https://a.example\t.evil.example",
            " https://a.example",
            "https://evil.example/\u{202e}elpmaxe.a",
            "https://evil.example/\u{200b}",
            "https://evil.example\\@a.example",
            &format!("https://evil.example/{}", "x".repeat(600)),
        ] {
            assert_eq!(named(bad), Some(OfferFault::Issuer.into()), "{bad:?}");
        }
    }

    #[test]
    fn a_reference_is_told_from_a_value() {
        for text in [
            "https%3A%2F%2Fa.example%2Fo%2F1",
            "https://a.example/o/1",
            "https%253A%252F%252Fa.example%252Fo%252F1",
        ] {
            let text = format!("openid-credential-offer://?credential_offer_uri={text}");
            match OfferText::parse(&text).unwrap().remove(0) {
                OfferText::Reference(url) => assert_eq!(url, "https://a.example/o/1"),
                _ => panic!("{text}"),
            }
        }
    }

    #[test]
    fn a_web_address_alone_is_told_from_an_offer() {
        for text in [
            "https://a.example/offers/1",
            "<https://a.example/offers/1>",
            "https://a.example/offers/1\n\nYour code comes by mail.",
        ] {
            match OfferText::parse(text).unwrap().remove(0) {
                OfferText::Address(url) => assert_eq!(url, "https://a.example/offers/1"),
                _ => panic!("{text}"),
            }
        }
        for none in [
            "http://a.example/offers/1",
            "mailto:a@a.example",
            "a.example/offers/1",
        ] {
            let read = OfferText::parse(none).err();
            assert_eq!(read, Some(OfferFault::Text.into()));
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,300}", query in ".{0,100}") {
            let _ = OfferText::parse(&text);
            let _ = OfferText::parse(&format!("x://?credential_offer={query}"));
            let _ = CredentialOffer::parse(text.as_bytes());
        }
    }
}
