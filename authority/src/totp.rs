//! One-time codes by time (RFC 6238): six digits, SHA-1, a step of 30 seconds, as every app for
//! them reads.
//!
//! Pure: the caller keeps the secret, and the step of the last code that it took. A code is good
//! once, and so is every one before it.

use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

use crate::error::Error;

/// How many bytes a secret has (RFC 4226, section 4).
pub(crate) const SECRET: usize = 20;

/// The step of the code that was typed, where it is the present one, the one before or the next,
/// and later than `last`. Blanks in it do not count.
pub(crate) fn step_of(secret: &[u8], code: &str, now: u64, last: u64) -> Option<u64> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let step = of(secret, "", "").ok()?.check(&digits, now)?;
    (step > last).then_some(step)
}

/// The address that an app for codes takes, which is a QR on the page.
///
/// # Errors
/// [`Error::Random`] where the secret is too short for a code.
pub(crate) fn address(
    secret: &[u8],
    issuer: &str,
    account: &str,
) -> Result<Zeroizing<String>, Error> {
    let totp = of(secret, &plain(issuer), &plain(account))?;
    totp.to_url().map(Zeroizing::new).map_err(|_| Error::Random)
}

/// The secret as one types it into an app: base32 (RFC 4648, section 6), in groups of four.
pub(crate) fn typed(secret: &[u8]) -> Zeroizing<String> {
    let text = Zeroizing::new(Secret::from(secret.to_vec()).to_base32());
    let mut groups = Zeroizing::new(String::new());
    for (place, c) in text.chars().enumerate() {
        if place > 0 && place % 4 == 0 {
            groups.push(' ');
        }
        groups.push(c);
    }
    groups
}

/// A colon parts issuer and account in such an address.
fn plain(name: &str) -> String {
    name.replace(':', " ")
}

fn of(secret: &[u8], issuer: &str, account: &str) -> Result<Totp, Error> {
    let issuer = Some(issuer).filter(|issuer| !issuer.is_empty());
    Builder::new()
        .with_secret(secret.to_vec())
        .with_issuer(issuer)
        .with_account_name(account)
        .build()
        .map_err(|_| Error::Random)
}

/// The code of a moment.
#[cfg(test)]
pub(crate) fn code(secret: &[u8], now: u64) -> String {
    of(secret, "", "").unwrap().generate(now).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_rfc_and_each_is_taken_once() {
        // RFC 6238, appendix B: 94287082 at 59 and 07081804 at 1111111109, of which six digits.
        assert_eq!(code(KEY, 59), "287082");
        assert_eq!(code(KEY, 1_111_111_109), "081804");
        assert_eq!(step_of(KEY, "287082", 59, 0), Some(1));
        assert_eq!(step_of(KEY, "287 082", 89, 0), Some(1), "a step late");
        assert_eq!(step_of(KEY, "287082", 120, 0), None, "too late");
        assert_eq!(step_of(KEY, "287082", 59, 1), None, "a second time");
        for wrong in ["287083", "28708", "2870822", "", "abcdef"] {
            assert_eq!(step_of(KEY, wrong, 59, 0), None, "{wrong}");
        }
    }

    #[test]
    fn the_address_and_the_typed_secret_are_what_apps_read() {
        let address = address(KEY, "ZZ: Office", "a.okonkwo").unwrap();
        assert!(address.starts_with("otpauth://totp/"), "{}", &*address);
        assert!(address.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
        assert_eq!(&*typed(KEY), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }
}
