//! Random secrets, and the digests under which the database knows them.
//!
//! The database holds no secret that a bearer could use: who reads it can neither redeem an offer
//! nor renew a license. A digest's label keeps one kind of secret from being taken for another.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::error::Error;

/// What a secret is for.
#[derive(Clone, Copy)]
pub(crate) enum Label {
    /// The random part of an offer's URL.
    OfferReference,
    /// From an offer's reference to its pre-authorized code.
    OfferCode,
    Code,
    /// A transaction code, together with its pre-authorized code.
    TxCode,
    Access,
    Refresh,
    Notification,
    /// The address of a pushed request.
    Request,
    /// A code that the driver's browser carries.
    AuthorizationCode,
    /// The transaction id of a credential that waits.
    Deferral,
    /// The cookie of a sign-in.
    SignIn,
    /// The cookie of a browser in which a driver has signed in.
    Browser,
    /// The state of a login at an OpenID provider.
    OidcState,
    /// A bearer token of a user of the office.
    OfficeToken,
    /// The cookie of a browser that is signed in at the office.
    OfficeSession,
    /// The code with which a user sets up their sign-in.
    SetUpCode,
    /// The cookie of a browser that sets up a user's sign-in.
    SetUp,
    /// What wrong sign-ins are counted by.
    OfficeTries,
    /// What a form of the office's pages carries, from its cookie.
    OfficeForm,
}

impl Label {
    const fn name(self) -> &'static [u8] {
        match self {
            Self::OfferReference => b"vidimus offer reference",
            Self::OfferCode => b"vidimus offer code",
            Self::Code => b"vidimus pre-authorized code",
            Self::TxCode => b"vidimus tx code",
            Self::Access => b"vidimus access token",
            Self::Refresh => b"vidimus refresh token",
            Self::Notification => b"vidimus notification id",
            Self::Request => b"vidimus request uri",
            Self::AuthorizationCode => b"vidimus authorization code",
            Self::Deferral => b"vidimus transaction id",
            Self::SignIn => b"vidimus sign-in",
            Self::Browser => b"vidimus known browser",
            Self::OidcState => b"vidimus openid state",
            Self::OfficeToken => b"vidimus office token",
            Self::OfficeSession => b"vidimus office session",
            Self::SetUpCode => b"vidimus office set-up code",
            Self::SetUp => b"vidimus office set-up",
            Self::OfficeTries => b"vidimus office tries",
            Self::OfficeForm => b"vidimus office form",
        }
    }
}

/// SHA-256 over the label and the parts, each closed by a zero byte, which none of them contains.
pub(crate) fn digest(label: Label, parts: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(label.name());
    for part in parts {
        hash.update([0]);
        hash.update(part);
    }
    hash.finalize().into()
}

/// Random bytes of the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Error::Random)?;
    Ok(bytes)
}

/// Bytes as base64url without padding (RFC 4648, section 5).
pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The reverse of [`base64url`]; `None` for anything else.
pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

/// What a token is derived for.
#[derive(Clone, Copy)]
pub(crate) enum Derived {
    /// A refresh token, from the code or refresh token that it was given for.
    Refresh,
    /// An access token, from the refresh token beside it.
    Access,
    /// A notification id, from its issuance.
    Notification,
    /// The form in which a license number is stored to be found by, from how it is compared.
    Number,
    /// A code, from the digest of its request's address.
    AuthorizationCode,
    /// A transaction id, from the salt of what waits.
    Deferral,
    /// The hash of a letter's code, from the code and its license.
    Letter,
    /// What a form carries against forgery, from the cookie that it came with.
    Form,
    /// The cookie of a sign-in after a proof, from the one before and the proof.
    Session,
    /// Under which tries are counted, from what is slowed.
    Tries,
    /// The name of a known browser's cookie, from the license.
    BrowserName,
}

impl Derived {
    const fn name(self) -> &'static [u8] {
        match self {
            Self::Refresh => b"vidimus derived refresh token",
            Self::Access => b"vidimus derived access token",
            Self::Notification => b"vidimus derived notification id",
            Self::Number => b"vidimus derived license number",
            Self::AuthorizationCode => b"vidimus derived authorization code",
            Self::Deferral => b"vidimus derived transaction id",
            Self::Letter => b"vidimus derived letter code",
            Self::Form => b"vidimus derived form token",
            Self::Session => b"vidimus derived sign-in",
            Self::Tries => b"vidimus derived count of tries",
            Self::BrowserName => b"vidimus derived browser name",
        }
    }
}

/// A bearer token of 256 bits that only who has both the secret and `from` can make, and make
/// again: HMAC-SHA256 over the use, `from` and a number.
pub(crate) fn derive(
    secret: &[u8; 32],
    what: Derived,
    from: &str,
    number: u32,
) -> Result<Zeroizing<String>, Error> {
    // HMAC takes a key of any length; the error cannot come.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).map_err(|_| Error::Random)?;
    mac.update(what.name());
    mac.update(&[0]);
    mac.update(from.as_bytes());
    mac.update(&[0]);
    mac.update(&number.to_be_bytes());
    let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(mac.finalize().into_bytes().into());
    Ok(Zeroizing::new(base64url(&*bytes)))
}

/// The bytes of hexadecimal digits in either case; `None` for anything else.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    base16ct::mixed::decode_vec(text).ok()
}

/// The secrets of one offer. The code follows from the reference, so that the offer can be handed
/// out by reference although the database knows neither.
pub(crate) struct OfferSecrets {
    pub(crate) reference: Zeroizing<String>,
    pub(crate) code: Zeroizing<String>,
    pub(crate) tx_code: Zeroizing<String>,
}

impl OfferSecrets {
    /// How many digits a transaction code has.
    pub(crate) const TX_CODE_LENGTH: usize = 6;

    /// Draws new secrets from the operating system.
    pub(crate) fn new() -> Result<Self, Error> {
        let reference = Zeroizing::new(base64url(&random::<16>()?));
        let code = Self::code_of(&reference);
        Ok(Self {
            reference,
            code,
            tx_code: Zeroizing::new(digits()?),
        })
    }

    /// The pre-authorized code that belongs to a reference.
    pub(crate) fn code_of(reference: &str) -> Zeroizing<String> {
        let [half @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] =
            digest(Label::OfferCode, &[reference]);
        Zeroizing::new(base64url(&half))
    }
}

/// Six decimal digits, each value as likely as any other.
fn digits() -> Result<String, Error> {
    const RANGE: u32 = 1_000_000;
    loop {
        let draw = u32::from_be_bytes(random()?);
        // What lies above the last whole multiple of the range would favour the low codes.
        if draw < u32::MAX - u32::MAX % RANGE {
            return Ok(format!(
                "{:0width$}",
                draw % RANGE,
                width = OfferSecrets::TX_CODE_LENGTH
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_follows_from_the_reference_and_reveals_nothing_of_it() {
        let secrets = OfferSecrets::new().unwrap();
        assert_eq!(OfferSecrets::code_of(&secrets.reference), secrets.code);
        assert_ne!(secrets.reference, secrets.code);
        assert_eq!(
            (
                secrets.code.len(),
                secrets.reference.len(),
                secrets.tx_code.len()
            ),
            (22, 22, 6)
        );
        assert!(secrets.tx_code.bytes().all(|byte| byte.is_ascii_digit()));
    }

    #[test]
    fn a_token_can_be_made_again_from_the_same_and_from_nothing_else() {
        let token = derive(&[1; 32], Derived::Access, "refresh", 0).unwrap();
        assert_eq!(token.len(), 43);
        assert_eq!(
            derive(&[1; 32], Derived::Access, "refresh", 0),
            Ok(token.clone())
        );
        for other in [
            derive(&[2; 32], Derived::Access, "refresh", 0),
            derive(&[1; 32], Derived::Refresh, "refresh", 0),
            derive(&[1; 32], Derived::Access, "refresi", 0),
            derive(&[1; 32], Derived::Access, "refresh", 1),
        ] {
            assert_ne!(other, Ok(token.clone()));
        }
    }

    #[test]
    fn hexadecimal_digits_are_read_in_either_case_and_nothing_else_is() {
        assert_eq!(unhex("00fFA5"), Some(vec![0, 255, 165]));
        assert_eq!(unhex(&hex(&[0, 255, 165])), Some(vec![0, 255, 165]));
        for wrong in ["0", "0g", "+1", "é", "0x12"] {
            assert_eq!(unhex(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn one_kind_of_secret_is_never_taken_for_another() {
        assert_ne!(
            digest(Label::Access, &["a"]),
            digest(Label::Refresh, &["a"])
        );
        assert_ne!(
            digest(Label::TxCode, &["ab", "c"]),
            digest(Label::TxCode, &["a", "bc"])
        );
    }
}
