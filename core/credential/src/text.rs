//! Which texts the profile accepts, and how long they may be (profile, "Common rules").

use crate::{Error, Field};
use std::borrow::Cow;
use unicode_normalization::is_nfc;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// Bytes of a family name or of given names.
pub const MAX_NAME: usize = 128;
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

/// Checks a text as a reader does: at most `max_bytes` of UTF-8 in NFC, without controls, line or
/// paragraph separators, bidirectional overrides or isolates, byte order marks, noncharacters, or
/// unassigned code points that are reserved to be invisible.
///
/// Other unassigned code points are accepted, because an issuer may have later tables than this
/// reader; [`shown`] makes them visible. NFC is checked by the tables of Unicode 16, in which such
/// a code point composes with nothing. A text that is NFC by later tables passes: Unicode never
/// changes the decomposition of a code point that it has assigned.
///
/// An issuer must check more: a name that it signs should have something to see ([`is_visible`]).
///
/// # Errors
/// [`Error::Text`].
pub fn check_text(text: &str, max_bytes: usize, may_be_empty: bool) -> Result<(), Error> {
    if text.len() > max_bytes || (text.is_empty() && !may_be_empty) {
        return Err(Error::Text(Field::Text));
    }
    // Printable ASCII is its own normal form; most texts end here.
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return Ok(());
    }
    if text.chars().any(is_refused) || !is_nfc(text) {
        return Err(Error::Text(Field::Text));
    }
    Ok(())
}

/// [`check_text`] for a field of the profile, which the error names.
///
/// # Errors
/// [`Error::Text`].
pub(crate) fn check_field(
    field: Field,
    text: &str,
    max_bytes: usize,
    may_be_empty: bool,
) -> Result<(), Error> {
    check_text(text, max_bytes, may_be_empty).map_err(|_| Error::Text(field))
}

/// Whether a text shows anything: a letter, number, punctuation or symbol. Blanks, accents without
/// a base, what fonts leave out (Default_Ignorable) and the empty Braille cell show nothing.
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
    match c {
        '\u{2028}'
        | '\u{2029}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => true,
        '\u{fdd0}'..='\u{fdef}' => true,
        _ if u32::from(c) & 0xfffe == 0xfffe => true,
        // Unicode reserves these for code points that are not seen (Default_Ignorable_Code_Point).
        '\u{2065}' | '\u{fff0}'..='\u{fff8}' | '\u{e0000}'..='\u{e0fff}' => is_unassigned(c),
        _ => c.general_category() == GeneralCategory::Control,
    }
}

fn is_unassigned(c: char) -> bool {
    c.general_category() == GeneralCategory::Unassigned
}

/// A text for a screen: an unassigned or a private-use code point, for which a font has an empty
/// box or nothing, is written as `[U+323B0]`.
///
/// The caller must only show it, and never compare, sign or store it.
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    let has_no_shape = |c: char| {
        let category = c.general_category();
        !c.is_ascii()
            && matches!(
                category,
                GeneralCategory::Unassigned | GeneralCategory::PrivateUse
            )
    };
    if !text.contains(has_no_shape) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if has_no_shape(c) {
            shown.push_str(&format!("[U+{:04X}]", u32::from(c)));
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
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
            "\u{fdd0}",
            "\u{2065}",
            "\u{fff0}",
            "\u{e0000}",
            "\u{e0fff}",
            "\u{212b}",
            "\u{fa19}",
            "\u{10ffff}",
        ] {
            assert_eq!(
                check_text(text, MAX_NAME, false),
                Err(Error::Text(Field::Text)),
                "{text:?}"
            );
        }
        assert_eq!(check_text("", 8, false), Err(Error::Text(Field::Text)));
        assert_eq!(check_text("", 8, true), Ok(()));
        assert_eq!(
            check_text("123456789", 8, true),
            Err(Error::Text(Field::Text))
        );
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
        assert!(!is_unassigned('\u{105c0}') && is_unassigned('\u{11db0}'));
    }

    #[test]
    fn what_later_tables_assign_is_taken_and_shown_by_its_number() {
        for (text, words) in [
            ("\u{378}", "[U+0378]"),
            ("王\u{323b0}明", "王[U+323B0]明"),
            ("\u{11db0}\u{11db1}", "[U+11DB0][U+11DB1]"),
            ("\u{e863}\u{f0000}", "[U+E863][U+F0000]"),
        ] {
            assert_eq!(check_text(text, MAX_NAME, false), Ok(()), "{words}");
            assert_eq!(shown(text), words);
        }
        for text in [
            "",
            "Zoë",
            "神\u{fe00}",
            "辻\u{e0100}",
            "👩\u{200d}⚕\u{fe0f}",
        ] {
            assert_eq!(check_text(text, MAX_NAME, true), Ok(()), "{text}");
            assert!(matches!(shown(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn an_unassigned_code_point_stands_between_what_would_compose() {
        // NFC by any later tables, with any class that they may give to U+0378 and others like it.
        for text in ["e\u{378}\u{301}", "é\u{378}", "\u{378}\u{301}"] {
            assert_eq!(check_text(text, MAX_NAME, false), Ok(()), "{text:?}");
        }
        for text in [
            "e\u{301}\u{378}",
            "\u{378}e\u{301}",
            "e\u{301}\u{323}\u{378}",
        ] {
            assert_eq!(
                check_text(text, MAX_NAME, false),
                Err(Error::Text(Field::Text)),
                "{text:?}"
            );
        }
    }
}
