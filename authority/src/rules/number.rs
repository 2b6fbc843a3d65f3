//! When two license numbers are one.

use unicode_normalization::UnicodeNormalization as _;

/// What is left out of a comparison besides blanks: hyphens, dashes and dots, ASCII and others.
const SEPARATORS: [char; 15] = [
    '-', '\u{ad}', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}',
    '\u{2212}', '\u{fe63}', '\u{ff0d}', '.', '\u{b7}', '\u{2024}', '\u{ff0e}',
];

/// The form under which a license number is compared: NFC, upper case, without blanks, hyphens and
/// dots. A number of nothing else keeps them, so that the form is never empty.
pub(crate) fn key(number: &str) -> String {
    // Upper case of a letter may be several that NFC joins again.
    let upper: String = number.nfc().collect::<String>().to_uppercase();
    let upper: String = upper.nfc().collect();
    let plain: String = upper
        .chars()
        .filter(|letter| !letter.is_whitespace() && !SEPARATORS.contains(letter))
        .collect();
    if plain.is_empty() { upper } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_without_case_blanks_hyphens_and_dots() {
        let one = key("ZZ-1029.384 756");
        for same in [
            "zz1029384756",
            " ZZ 1029 384 756 ",
            "zz\u{2011}1029\u{2013}384\u{a0}756",
            "ZZ.1029.384-756",
        ] {
            assert_eq!(key(same), one, "{same}");
        }
        for other in ["ZZ-1029384757", "ZZ/1029384756", "Z-1029384756"] {
            assert_ne!(key(other), one, "{other}");
        }
    }

    #[test]
    fn letters_of_every_script_compare_in_one_form() {
        assert_eq!(key("e\u{301}-1"), key("\u{c9}1"));
        assert_eq!(key("\u{df}1"), key("SS1"));
        assert_eq!(key("粤A.1"), key("粤a1"));
        assert_eq!(key("ক\u{9be}-1"), key("ক\u{9be}1"));
    }

    #[test]
    fn a_number_of_hyphens_alone_is_still_a_number() {
        assert_eq!(key("---"), "---");
        assert_ne!(key("---"), key("--"));
    }
}
