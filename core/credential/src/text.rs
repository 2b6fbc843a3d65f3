//! Which texts the profile takes, and how long they may be (profile, "Common rules").

use crate::Error;
use unicode_normalization::is_nfc;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// Bytes of a family name or of given names.
pub const MAX_NAME: usize = 64;
/// Bytes of a license number.
pub const MAX_LICENSE_NUMBER: usize = 32;
/// Bytes of a category code.
pub const MAX_CATEGORY: usize = 8;
/// Bytes of a restriction code.
pub const MAX_RESTRICTION: usize = 16;
/// Bytes of an `iss`.
pub const MAX_ISS: usize = 128;
/// Bytes of a status list's `uri` and of a bundle's prefix.
pub const MAX_URI: usize = 64;
/// Bytes of a `reader` or `aud`.
pub const MAX_READER: usize = 64;
/// Bytes of a display name.
pub const MAX_DISPLAY_NAME: usize = 64;

/// Checks a text: NFC by Unicode 16, no control, line or paragraph separator, bidirectional override
/// or isolate, byte order mark, unassigned character or noncharacter; at most `max_bytes` of UTF-8.
///
/// # Errors
/// [`Error::Text`].
pub fn check_text(text: &str, max_bytes: usize, may_be_empty: bool) -> Result<(), Error> {
    if text.len() > max_bytes || (text.is_empty() && !may_be_empty) {
        return Err(Error::Text);
    }
    // Printable ASCII is its own normal form; most texts end here.
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return Ok(());
    }
    if text.chars().any(is_refused) || !is_nfc(text) {
        return Err(Error::Text);
    }
    Ok(())
}

/// Whether a text shows anything: a letter, number, punctuation or symbol. Blanks, accents without a
/// base, what fonts leave out (Default_Ignorable) and the empty Braille cell show nothing.
#[must_use]
pub fn is_visible(text: &str) -> bool {
    text.chars().any(|c| {
        let empty = matches!(
            c,
            '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}'
        );
        !empty
            && matches!(
                c.general_category_group(),
                GeneralCategoryGroup::Letter
                    | GeneralCategoryGroup::Number
                    | GeneralCategoryGroup::Punctuation
                    | GeneralCategoryGroup::Symbol
            )
    })
}

fn is_refused(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        || matches!(
            c.general_category(),
            GeneralCategory::Control | GeneralCategory::Unassigned
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_the_scripts_of_the_world_are_taken() {
        for name in [
            "María José",
            "محمد بن سلمان",
            "শেখ হাসিনা",
            "欧阳娜娜",
            "நா",
            "👩‍👩‍👧",
            "میخواهم\u{200c}",
            "\u{e000}",
        ] {
            assert_eq!(check_text(name, MAX_NAME, false), Ok(()), "{name}");
        }
    }

    #[test]
    fn what_could_mislead_an_eye_or_a_comparison_is_refused() {
        for text in [
            "a\u{0}",
            "a\n",
            "\u{7f}",
            "\u{85}",
            "\u{2028}",
            "\u{2029}",
            "\u{202e}abc",
            "\u{2066}",
            "\u{2069}",
            "\u{feff}a",
            "e\u{301}",
            "\u{fffe}",
            "\u{1ffff}",
            "\u{378}",
            "\u{212b}",
            "\u{10ffff}",
        ] {
            assert_eq!(
                check_text(text, MAX_NAME, false),
                Err(Error::Text),
                "{text:?}"
            );
        }
        assert_eq!(check_text("", 8, false), Err(Error::Text));
        assert_eq!(check_text("", 8, true), Ok(()));
        assert_eq!(check_text("123456789", 8, true), Err(Error::Text));
    }

    #[test]
    fn a_name_of_nothing_visible_is_told_from_one_that_shows_something() {
        for text in ["Patrol 7", "巡", "٣", "…", "👮", "\u{200b}x"] {
            assert!(is_visible(text), "{text:?}");
        }
        for text in [
            "",
            " ",
            "\u{200b}",
            "\u{3164}",
            "\u{2800}",
            "\u{301}",
            "\u{a0}\u{2003}",
            "\u{ffa0}",
            "\u{115f}",
            "\u{1160}",
            "\u{e000}",
            "\u{ad}",
            "\u{fe0f}",
        ] {
            assert!(!is_visible(text), "{text:?}");
        }
    }

    #[test]
    fn the_tables_are_those_of_unicode_16() {
        assert_eq!(unicode_normalization::UNICODE_VERSION, (16, 0, 0));
        assert_eq!(unicode_properties::UNICODE_VERSION, (16, 0, 0));
        // Assigned by Unicode 16, and by Unicode 17.
        assert_eq!(check_text("\u{105c0}", MAX_NAME, false), Ok(()));
        assert_eq!(check_text("\u{11db0}", MAX_NAME, false), Err(Error::Text));
    }
}
