//! What may be a passphrase.

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::number;

/// The fewest characters of a passphrase. A code from the driver's phone is asked for besides.
pub(crate) const MIN: usize = 10;
/// The most bytes of a passphrase.
const MAX: usize = 512;

/// Why a text is not taken as a new passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weak {
    /// Fewer than [`MIN`] characters.
    Short,
    /// A few characters again and again, a row of the keyboard, or the license's number.
    Simple,
}

/// The form in which a passphrase is hashed (RFC 8265, section 4.2): NFC, and every kind of blank
/// as the plain one. `None` where it is too long to be any.
pub(crate) fn prepare(text: &str) -> Option<Zeroizing<String>> {
    if text.len() > MAX {
        return None;
    }
    let blank = |c: char| if c.is_whitespace() { ' ' } else { c };
    Some(Zeroizing::new(text.chars().map(blank).nfc().collect()))
}

/// Whether a prepared text may be the passphrase for this license number.
pub(crate) fn check(prepared: &str, license_number: &str) -> Result<(), Weak> {
    let characters: Vec<char> = prepared.chars().collect();
    if characters.len() < MIN {
        return Err(Weak::Short);
    }
    let mut distinct = characters.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let plain = number::key(prepared);
    let typed_number = number::key(license_number);
    // A number of a few characters is in many a good passphrase.
    let holds_number = plain == typed_number
        || (typed_number.chars().count() > 5 && plain.contains(&typed_number));
    if distinct.len() < 5 || is_row(&characters) || holds_number {
        return Err(Weak::Simple);
    }
    Ok(())
}

/// Whether most characters are the ones next to their neighbor: 1234567890, abcdefghij.
fn is_row(characters: &[char]) -> bool {
    let steps = characters.iter().zip(characters.iter().skip(1));
    let near = steps.filter(|(one, next)| u32::from(**one).abs_diff(u32::from(**next)) <= 1);
    near.count() * 4 >= characters.len() * 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(text: &str) -> Result<(), Weak> {
        check(&prepare(text).unwrap(), "ZZ-1029384756")
    }

    #[test]
    fn ten_characters_of_any_script_are_a_passphrase_and_simple_ones_are_not() {
        for good in [
            "correct horse",
            "一匹马站在雨里不说话",
            "blau99 Fenster",
            "شمس فوق النهر",
        ] {
            assert_eq!(judge(good), Ok(()), "{good}");
        }
        assert_eq!(judge("nine char"), Err(Weak::Short));
        for simple in [
            "aaaaaaaaaaaa",
            "abababababab",
            "1234567890",
            "abcdefghijkl",
            "ZZ 1029384756",
            "zz1029384756!",
        ] {
            assert_eq!(judge(simple), Err(Weak::Simple), "{simple}");
        }
        assert!(prepare(&"x".repeat(513)).is_none());
    }

    #[test]
    fn one_passphrase_typed_on_two_keyboards_is_one() {
        assert_eq!(prepare("cafe\u{301}\u{a0}noir"), prepare("caf\u{e9} noir"));
    }
}
