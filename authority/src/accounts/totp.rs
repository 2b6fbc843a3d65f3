//! One-time codes (RFC 6238): six digits, 30 seconds, SHA-1, which every authenticator app knows.

use totp_rs::{Algorithm, Builder, Secret, Totp};
use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

/// Bytes of a secret: 160 bits, as RFC 4226 recommends.
pub(crate) const SECRET: usize = 20;

/// The digits of what was typed: blanks and dashes are left out, digits of every script are those
/// of ASCII.
pub(crate) fn plain(typed: &str) -> Zeroizing<String> {
    let typed: String = typed.chars().take(64).collect();
    Zeroizing::new(crate::rules::number::key(&typed))
}

/// The time step that this code belongs to: the present one, the one before or the one after.
/// `None` for any other code.
pub(crate) fn step_of(secret: &[u8], code: &str, now: UnixTime) -> Option<i64> {
    let step = totp(secret, "", "")?.check(code, now.seconds())?;
    i64::try_from(step).ok()
}

/// What an authenticator app reads of a secret.
pub(crate) struct Enrollment {
    /// The secret in Base32, in groups of four.
    pub(crate) text: Zeroizing<String>,
    /// The `otpauth:` link.
    pub(crate) link: Zeroizing<String>,
}

/// What an app shall read. `None` where a name cannot be put into a link.
pub(crate) fn enrollment(secret: &[u8], authority: &str, account: &str) -> Option<Enrollment> {
    // A colon would end the name (Google's key URI format).
    let named = |text: &str| text.replace(':', " ");
    let totp = totp(secret, &named(authority), &named(account))?;
    let base32 = Zeroizing::new(totp.secret().to_base32());
    let mut text = Zeroizing::new(String::with_capacity(base32.len() * 5 / 4 + 1));
    for (place, character) in base32.chars().enumerate() {
        if place > 0 && place % 4 == 0 {
            text.push(' ');
        }
        text.push(character);
    }
    Some(Enrollment {
        text,
        link: Zeroizing::new(totp.to_url().ok()?),
    })
}

fn totp(secret: &[u8], authority: &str, account: &str) -> Option<Totp> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(Secret::new(secret.into()))
        .with_issuer(Some(authority))
        .with_account_name(account)
        .build()
        .ok()
}

/// The one-time code that an authenticator app shows at this moment for a key, as the pages for
/// signing in show it: in Base32, with blanks or without. `None` for any other text.
///
/// For demonstrations and tests alone: who can compute the code needs no app, and has both factors
/// in one place.
#[must_use]
pub fn one_time_code(key: &str, now: UnixTime) -> Option<String> {
    let key: Zeroizing<String> = key
        .chars()
        .filter(|character| !character.is_whitespace())
        .map(|character| character.to_ascii_uppercase())
        .collect::<String>()
        .into();
    let secret = Secret::try_from_base32(key.as_str()).ok()?;
    let code = totp(secret.as_bytes(), "", "")?.generate(now.seconds());
    Some(code.to_string())
}

/// The code of a moment, as an authenticator app shows it.
#[cfg(test)]
pub(crate) fn code_at(secret: &[u8], now: UnixTime) -> String {
    totp(secret, "", "")
        .unwrap()
        .generate(now.seconds())
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> UnixTime {
        UnixTime::new(seconds).unwrap()
    }

    #[test]
    fn the_codes_of_the_rfc_are_read_with_a_step_beside_them() {
        // RFC 6238, appendix B, in six digits.
        let secret = b"12345678901234567890";
        for (time, code) in [(59, "287082"), (1_111_111_109, "081804")] {
            let step = i64::try_from(time / 30).unwrap();
            for now in [time, time - 30, time + 30] {
                assert_eq!(step_of(secret, code, at(now)), Some(step), "{now}");
            }
            assert_eq!(step_of(secret, code, at(time + 60)), None);
        }
        for wrong in ["", "28708", "2870822", "28708a"] {
            assert_eq!(step_of(secret, wrong, at(59)), None);
        }
        assert_eq!(plain(" ٢٨٧-٠٨٢ ").as_str(), "287082");
    }

    #[test]
    fn an_app_reads_the_secret_by_link_and_by_hand() {
        let made = enrollment(&[7; SECRET], "Amt: Nord", "ZZ-1").unwrap();
        assert!(made.link.starts_with("otpauth://totp/Amt"));
        let joined = made.text.replace(' ', "");
        assert!(made.link.contains(&format!("secret={joined}")));
        assert!(made.text.split(' ').all(|group| group.len() == 4));
    }
}
