//! Passphrases, kept as argon2id (RFC 9106): of drivers with an account, and of the office's users.
//!
//! Pure: the salt is an argument, and where the hash is kept is the caller's concern. A check takes
//! about 20 ms of a processor, so callers limit the tries first.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use crate::error::Error;

/// The fewest characters of a passphrase.
pub(crate) const LEAST: usize = 12;
/// The most bytes of one.
pub(crate) const MOST: usize = 256;
/// How many bytes of salt a hash takes.
pub(crate) const SALT: usize = 16;

/// What OWASP asks for at least: 19 MiB, two passes, one lane.
const PARAMS: (u32, u32, u32) = (19 * 1024, 2, 1);

/// A hash that no passphrase has, of the same cost: for a name that no one has, so that an answer
/// takes as long as for one that someone has.
const NO_ONE: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why a new passphrase is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PassphraseFault {
    /// It has fewer than [`LEAST`] characters.
    TooShort,
    /// It has more than [`MOST`] bytes.
    TooLong,
    /// It is one character again and again, or a row of neighbors such as 123456789012.
    TooPlain,
}

/// Whether a new passphrase may be taken. Length is what counts (NIST SP 800-63B, 3.1.1.2): no
/// classes of characters are asked for.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn check(passphrase: &str) -> Result<(), PassphraseFault> {
    let normal = normal(passphrase);
    if normal.len() > MOST {
        return Err(PassphraseFault::TooLong);
    }
    let characters: Vec<u32> = normal.chars().map(u32::from).collect();
    if characters.len() < LEAST {
        return Err(PassphraseFault::TooShort);
    }
    let steps = characters.windows(2).filter_map(|pair| match pair {
        [one, next] => Some(i64::from(*next) - i64::from(*one)),
        _ => None,
    });
    // 9 is followed by 0 in a row of digits.
    let plain = steps.filter(|step| matches!(step, -1..=1 | -9 | 9)).count();
    if plain + 3 >= characters.len() {
        return Err(PassphraseFault::TooPlain);
    }
    Ok(())
}

/// The hash to keep, as a PHC string.
///
/// # Errors
/// [`Error::Random`] where the parameters are not taken, which cannot be.
pub(crate) fn hash(passphrase: &str, salt: &[u8; SALT]) -> Result<String, Error> {
    let hashed: PasswordHash = hasher()?
        .hash_password_with_salt(normal(passphrase).as_bytes(), salt)
        .map_err(|_| Error::Random)?;
    Ok(hashed.to_string())
}

/// Whether the passphrase has this hash. With `None` it takes as long, and says no.
pub(crate) fn is_right(passphrase: &str, kept: Option<&str>) -> bool {
    let is_right = passphrase.len() <= MOST
        && PasswordHash::new(kept.unwrap_or(NO_ONE)).is_ok_and(|kept| {
            Argon2::default()
                .verify_password(normal(passphrase).as_bytes(), &kept)
                .is_ok()
        });
    is_right && kept.is_some()
}

fn hasher() -> Result<Argon2<'static>, Error> {
    let (memory, passes, lanes) = PARAMS;
    let params = Params::new(memory, passes, lanes, None).map_err(|_| Error::Random)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// What looks the same is the same (RFC 8265, section 4.2.2): NFC.
fn normal(passphrase: &str) -> Zeroizing<String> {
    Zeroizing::new(passphrase.nfc().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_passphrase_is_known_again_and_no_other() {
        let kept = hash("correct horse battery", &[7; SALT]).unwrap();
        assert!(
            kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{kept}"
        );
        assert!(is_right("correct horse battery", Some(&kept)));
        for wrong in ["correct horse batterx", "", "correct horse battery "] {
            assert!(!is_right(wrong, Some(&kept)), "{wrong}");
        }
        assert!(!is_right("correct horse battery", None));
        assert!(!is_right("anything at all", Some("not a hash")));
        // Another keyboard composes in another way.
        let kept = hash("Zu\u{308}rcher Gerste", &[7; SALT]).unwrap();
        assert!(is_right("Z\u{fc}rcher Gerste", Some(&kept)));
        // The hash of no one costs the same, so it has to be one.
        assert!(PasswordHash::new(NO_ONE).is_ok());
    }

    #[test]
    fn a_new_passphrase_is_long_and_not_one_key_again_and_again() {
        for (text, fault) in [
            ("elevenchars", PassphraseFault::TooShort),
            ("", PassphraseFault::TooShort),
            ("aaaaaaaaaaaaaaaa", PassphraseFault::TooPlain),
            ("123456789012", PassphraseFault::TooPlain),
            ("abcdefghijklmno", PassphraseFault::TooPlain),
        ] {
            assert_eq!(check(text), Err(fault), "{text}");
        }
        let long = "long enough ".repeat(30);
        assert_eq!(check(&long), Err(PassphraseFault::TooLong));
        for good in ["correct horse battery", "Gerste am Bach", "密碼密碼一二三四五六七八"]
        {
            assert_eq!(check(good), Ok(()), "{good}");
        }
    }
}
