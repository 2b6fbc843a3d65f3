//! When two license numbers, or two readers' names, are one.

use unicode_normalization::UnicodeNormalization as _;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

use crate::characters::{is_common_mark, is_default_ignorable, is_empty_shape};

/// What looks like a dash or a dot, besides what Unicode calls dashes and connectors.
const SEPARATORS: [char; 22] = [
    // Minus signs, strokes and lines.
    '\u{2d7}',
    '\u{2043}',
    '\u{2212}',
    '\u{23af}',
    '\u{2500}',
    '\u{2501}',
    '\u{2796}',
    // Full stops and dots at half the height.
    '.',
    '\u{b7}',
    '\u{387}',
    '\u{6d4}',
    '\u{2022}',
    '\u{2027}',
    '\u{2219}',
    '\u{22c5}',
    '\u{25e6}',
    '\u{2e30}',
    '\u{2e31}',
    '\u{2e33}',
    '\u{3002}',
    '\u{30fb}',
    '\u{10101}',
];
/// Behind a kana it is the mark of a long vowel, and elsewhere what Japanese keyboards give for a
/// dash.
const LONG_VOWEL: char = '\u{30fc}';
/// Rounds after which every text stays as it is; two are enough for what is known.
const ROUNDS: usize = 8;

/// The form under which a license number or a reader's name is compared, so that what looks the
/// same is the same: compatibility forms as their plain ones (NFKC), upper case, digits of every
/// script as 0 to 9, Greek and Cyrillic capitals with a Latin twin as that; without blanks, dashes,
/// connectors, dots, what is invisible, and marks that make no letter. A text of nothing else keeps
/// them, so that the form is never empty.
pub(crate) fn key(text: &str) -> String {
    let mut form = text.to_owned();
    for _ in 0..ROUNDS {
        // What is left out can let a letter and its mark meet.
        let next = plain(&form);
        if next == form {
            break;
        }
        form = next;
    }
    if form.is_empty() {
        text.nfkc().collect::<String>().to_uppercase()
    } else {
        form
    }
}

fn plain(text: &str) -> String {
    let seen: String = text.nfkd().filter(|c| !is_default_ignorable(*c)).collect();
    // By way of lower case, for a few capitals have no other form than their small letter's.
    let upper = seen.to_lowercase().to_uppercase();
    let mut before = None;
    let plain = upper.nfkd().filter(|c| {
        let stays = match *c {
            LONG_VOWEL => before.is_some_and(is_kana),
            c => !is_separator(c),
        };
        if stays {
            before = Some(*c);
        }
        stays
    });
    let joined = plain.map(twin).nfc().filter(|c| !is_common_mark(*c));
    joined.collect()
}

/// A letter of Hiragana or Katakana, or a mark on one.
const fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}')
}

/// What is left out of a comparison.
fn is_separator(c: char) -> bool {
    use GeneralCategory as G;
    c.is_whitespace()
        || is_empty_shape(c)
        || is_default_ignorable(c)
        || SEPARATORS.contains(&c)
        || matches!(
            c.general_category(),
            G::DashPunctuation
                | G::ConnectorPunctuation
                | G::SpaceSeparator
                | G::LineSeparator
                | G::ParagraphSeparator
                | G::Format
        )
}

/// The one of several characters that look alike which represents all of them.
fn twin(c: char) -> char {
    match c {
        // Greek capitals.
        '\u{391}' => 'A',
        '\u{392}' => 'B',
        '\u{395}' => 'E',
        '\u{396}' => 'Z',
        '\u{397}' => 'H',
        '\u{399}' => 'I',
        '\u{37f}' => 'J',
        '\u{39a}' => 'K',
        '\u{39c}' => 'M',
        '\u{39d}' => 'N',
        '\u{39f}' => 'O',
        '\u{3a1}' => 'P',
        '\u{3a4}' => 'T',
        '\u{3a5}' => 'Y',
        '\u{3a7}' => 'X',
        // Cyrillic capitals.
        '\u{410}' => 'A',
        '\u{412}' => 'B',
        '\u{421}' => 'C',
        '\u{415}' => 'E',
        '\u{50c}' => 'G',
        '\u{41d}' => 'H',
        '\u{406}' | '\u{4c0}' => 'I',
        '\u{408}' => 'J',
        '\u{41a}' => 'K',
        '\u{41c}' => 'M',
        '\u{41e}' => 'O',
        '\u{420}' => 'P',
        '\u{51a}' => 'Q',
        '\u{405}' => 'S',
        '\u{422}' => 'T',
        '\u{51c}' => 'W',
        '\u{425}' => 'X',
        '\u{423}' | '\u{4ae}' => 'Y',
        // Strokes and colons.
        '\u{2044}' | '\u{2215}' | '\u{2571}' | '\u{29f8}' => '/',
        '\u{2d0}' | '\u{589}' | '\u{5c3}' | '\u{2236}' | '\u{a789}' => ':',
        _ => decimal(c).unwrap_or(c),
    }
}

/// The ASCII digit of a decimal digit of any script. Unicode keeps the ten of a script together,
/// zero first, and no two scripts' tens side by side but in whole tens.
fn decimal(c: char) -> Option<char> {
    let is_digit = |c: char| c.general_category() == GeneralCategory::DecimalNumber;
    if !is_digit(c) {
        return None;
    }
    let code = u32::from(c);
    let before = (1..=code).map(|back| char::from_u32(code - back));
    let before = before.take_while(|c| c.is_some_and(is_digit)).count() % 10;
    char::from_digit(u32::try_from(before).ok()?, 10)
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
    fn what_looks_like_a_number_compares_as_it() {
        assert_eq!(key("ZZ-70"), "ZZ70");
        for same in [
            // Invisible.
            "ZZ-70\u{200d}",
            "Z\u{200c}Z-70",
            "ZZ-7\u{fe00}0",
            "ZZ-70\u{e0100}",
            "ZZ\u{200b}70",
            "\u{2060}ZZ70\u{ad}",
            "ZZ\u{34f}70",
            "ZZ\u{3164}70",
            "ZZ\u{2800}70",
            // Wide, small, raised, in circles and of mathematics.
            "ＺＺ－７０",
            "ｚｚ７０",
            "ZZ⁷⁰",
            "ZZ₇₀",
            "ZZ⑦⓪",
            "𝐙𝐙-𝟕𝟎",
            // Digits of other scripts.
            "ZZ-٧٠",
            "ZZ-۷۰",
            "ZZ-७०",
            "ZZ-๗๐",
            "ZZ-\u{1e957}\u{1e950}",
            // Dashes, connectors, dots.
            "ZZ_70",
            "ZZ\u{2043}70",
            "ZZ\u{30fb}70",
            "ZZ\u{ff65}70",
            "ZZ\u{2212}70",
            "ZZ\u{203f}70",
            "ZZ\u{2022}70",
            "ZZ\u{3002}70",
            "ZZ\u{2500}70",
            "ZZ\u{30fc}70",
            // Marks that make no letter.
            "ZZ-70\u{301}",
            "ZZ-7\u{20dd}0",
            "Z\u{332}Z-70",
            // Letters of other scripts with the same shape.
            "\u{396}\u{396}-70",
            "\u{3b6}Z-70",
        ] {
            assert_eq!(key(same), "ZZ70", "{same:?}");
        }
        assert_eq!(key("АВЕКМНОРСТХ"), key("ABEKMHOPCTX"));
        assert_eq!(key("ZZ\u{2215}70"), key("ZZ/70"));
        for other in ["\u{179}Z-70", "ZZ-7O", "ZZ*70", "ZZ'70", "ZZ/70"] {
            assert_ne!(key(other), "ZZ70", "{other}");
        }
    }

    #[test]
    fn letters_of_every_script_compare_in_one_form() {
        assert_eq!(key("e\u{301}-1"), key("\u{c9}1"));
        assert_eq!(key("e\u{200d}\u{301}-1"), key("\u{c9}1"));
        assert_ne!(key("\u{c9}1"), key("E1"));
        assert_eq!(key("\u{df}1"), key("SS1"));
        assert_eq!(key("\u{1e9e}1"), key("SS1"));
        assert_eq!(key("粤A.1"), key("粤a1"));
        assert_eq!(key("ক\u{9be}-1"), key("ক\u{9be}1"));
        assert_ne!(key("ক\u{9be}-1"), key("ক-1"));
        assert_ne!(key("\u{419}1"), key("\u{418}1"));
    }

    #[test]
    fn what_is_a_letter_is_no_dash_and_no_dot() {
        assert_ne!(key("パトカ"), key("パトカー"));
        assert_ne!(key("ﾊﾟﾄｶ"), key("パトカー"));
        assert_eq!(key("ﾊﾟﾄｶｰ"), key("パト・カー"));
        assert_ne!(key("ガ1"), key("ガー1"));
        assert_eq!(key("ZZーー70"), "ZZ70");
        assert_ne!(key("\u{140a}\u{1427}"), key("\u{140a}"));
        assert_ne!(key("\u{a4d0}\u{a4f8}"), key("\u{a4d0}"));
    }

    #[test]
    fn a_number_of_hyphens_alone_is_still_a_number() {
        assert_eq!(key("---"), "---");
        assert_ne!(key("---"), key("--"));
    }

    #[test]
    fn a_form_is_its_own_form() {
        // Every seventh of the ideographs and what is above them: they are all alike.
        let all = (char::MIN..'\u{3400}').chain(('\u{3400}'..=char::MAX).step_by(7));
        for c in all.chain('\u{f900}'..'\u{10000}') {
            let form = key(&format!("a{c}\u{301}1"));
            assert_eq!(key(&form), form, "{:X}", u32::from(c));
        }
    }

    #[test]
    fn digits_of_every_script_stand_in_tens() {
        let mut run = 0;
        for c in char::MIN..=char::MAX {
            if c.general_category() == GeneralCategory::DecimalNumber {
                assert_eq!(decimal(c), char::from_digit(run % 10, 10));
                run += 1;
            } else {
                assert_eq!((run % 10, decimal(c)), (0, None), "{:X}", u32::from(c));
                run = 0;
            }
        }
    }
}
