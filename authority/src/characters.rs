//! Characters that show nothing, and marks: by the tables of Unicode 16.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// A mark on a letter, or behind it.
pub(crate) fn is_mark(c: char) -> bool {
    c.general_category_group() == GeneralCategoryGroup::Mark
}

/// A mark that belongs to no script, or one around a letter. In a number it means something only
/// where it makes one character with its letter.
pub(crate) fn is_common_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
        || c.general_category() == GeneralCategory::EnclosingMark
}

/// A blank, or a line or paragraph separator.
pub(crate) fn is_blank(c: char) -> bool {
    c.general_category_group() == GeneralCategoryGroup::Separator
}

/// Drawn, and empty all the same: the Braille pattern of no dots, and a note without a head.
pub(crate) const fn is_empty_shape(c: char) -> bool {
    matches!(c, '\u{2800}' | '\u{1d159}')
}

/// Zero width joiner and non-joiner: Persian, Sinhala and Malayalam names need them.
pub(crate) const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Unicode 16, property `Variation_Selector`.
pub(crate) const fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Unicode 16, property `Default_Ignorable_Code_Point`.
pub(crate) const fn is_default_ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_of_one_version_of_unicode() {
        assert_eq!(unicode_properties::UNICODE_VERSION, (16, 0, 0));
        assert_eq!(unicode_normalization::UNICODE_VERSION, (16, 0, 0));
    }

    #[test]
    fn the_table_of_what_is_ignorable_has_as_many_as_unicode_says() {
        let ignorable = (char::MIN..=char::MAX).filter(|c| is_default_ignorable(*c));
        // DerivedCoreProperties.txt of Unicode 16: "Total code points: 4174".
        assert_eq!(ignorable.count(), 4174);
        // DerivedAge and PropList: 260 variation selectors.
        let selectors = (char::MIN..=char::MAX).filter(|c| is_variation_selector(*c));
        assert_eq!(selectors.count(), 260);
    }
}
