//! The characters of a typed text that may belong to a code.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// How many digits an officer reads out.
pub(super) const ANSWER: u32 = 8;

/// The longest code that is accepted, in characters, where the issuer names no length.
const LONGEST: u32 = 64;

/// The digits alone, as 0 to 9 and at most `limit`: a keyboard may have Arabic or Bengali ones.
pub(super) fn digits(typed: &str, limit: u32) -> String {
    let digits = typed.chars().filter_map(digit);
    digits.take(to_usize(limit)).collect()
}

/// The characters that may belong to such a transaction code.
pub(super) fn code(typed: &str, numeric: bool, length: Option<u32>) -> String {
    let limit = length.unwrap_or(LONGEST);
    if numeric {
        return digits(typed, limit);
    }
    let printed = typed
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control());
    let plain = printed.map(|c| digit(c).unwrap_or(c));
    plain.take(to_usize(limit)).collect()
}

/// A decimal digit of any script as one of 0 to 9. Unicode has the ten of each script in a row,
/// from zero.
fn digit(c: char) -> Option<char> {
    let is_digit = |c: char| c.general_category() == GeneralCategory::DecimalNumber;
    if !is_digit(c) {
        return None;
    }
    let before = (0..u32::from(c)).rev().map_while(char::from_u32);
    let smaller = u32::try_from(before.take_while(|c| is_digit(*c)).count()).ok()?;
    char::from_digit(smaller % 10, 10)
}

fn to_usize(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::{code, digit, digits};

    #[test]
    fn digits_of_any_script_are_taken_and_no_more_than_there_may_be() {
        for (typed, kept) in [
            ("493536", "493536"),
            (" 49-35 36 ", "493536"),
            ("٤٩٣٥٣٦", "493536"),
            ("۴۹۳۵۳۶", "493536"),
            ("৪৯৩৫৩৬", "493536"),
            ("4935367", "493536"),
            ("4a9", "49"),
            ("12-34a²½", "1234"),
            ("𝟎𝟏𝟠", "018"),
            ("", ""),
        ] {
            assert_eq!(digits(typed, 6), kept, "{typed}");
        }
        assert_eq!(digits("১২৩٤ ٥٦-78 9", 8), "12345678");
    }

    #[test]
    fn a_code_of_letters_takes_what_can_be_printed() {
        assert_eq!(code(" aB ٣-é\u{0}\n", false, None), "aB3-é");
        assert_eq!(code(&"x".repeat(1_000), false, None).len(), 64);
        assert_eq!(code("abcdef", false, Some(4)), "abcd");
        assert_eq!(code("a1b2", true, Some(4)), "12");
    }

    #[test]
    fn every_digit_of_unicode_has_its_place_in_a_row_of_ten() {
        let (mut count, mut nines) = (0, 0);
        for c in '\0'..=char::MAX {
            if let Some(digit) = digit(c) {
                count += 1;
                nines += u32::from(digit == '9');
            }
        }
        assert!(count > 600 && count == nines * 10, "{count} {nines}");
    }
}
