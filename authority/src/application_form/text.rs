//! Text as a register has it (profile, section "Text as the register has it").
//!
//! Readers are lenient; the desk is strict, because what is signed is shown on screens that no one
//! here chose. Nothing is changed without a [`TextNote`] for the clerk.

use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_properties::emoji::EmojiStatus;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup};
use unicode_properties::{UnicodeEmoji as _, UnicodeGeneralCategory as _};
use vidimus_credential::text::check_text;

use super::{FormFault, TextChange};
use crate::characters::{
    is_blank, is_common_mark, is_default_ignorable, is_empty_shape, is_joiner, is_mark,
    is_variation_selector,
};

/// More marks than this on one base are no writing of any language.
const MAX_MARKS: usize = 8;

/// Why a character is refused. It is named with its code point, and nothing else of the text is
/// told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CharacterFault {
    /// A control, or a line or paragraph break.
    #[error("a control character or line break: delete it")]
    Control,
    /// Changes or marks the direction of writing.
    #[error("an invisible direction mark: delete it, the letters have their direction themselves")]
    Direction,
    /// The character shows nothing, so two texts that look the same would differ.
    #[error("an invisible character: delete it")]
    Invisible,
    /// A joiner or variation selector without a character that it could change.
    #[error("an invisible character that belongs behind a letter: delete it")]
    Loose,
    /// A mark in a number that makes no letter with what comes before it.
    #[error("a mark that makes no letter with the character before it: delete it")]
    Mark,
    /// Private use: each font shows another picture, or none.
    #[error(
        "of private use, and shows as an empty box elsewhere: type the character that Unicode has for it"
    )]
    Private,
    /// Stands for a character that was lost.
    #[error("what an earlier conversion put for a character that it lost: type that one again")]
    Lost,
    /// Not in the tables of Unicode 16.
    #[error(
        "not in Unicode 16, which this program knows: write the name in another lawful way, or use a newer program"
    )]
    Unassigned,
    /// An emoji, which no register has in a name or number.
    #[error("an emoji, and no part of a name or number: delete it")]
    Emoji,
}

/// What a text is, which decides the characters that it may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, or a code.
    Name,
    /// A number: a person who types it from a screen must find it, so nothing in it is invisible.
    Number,
}

/// Whether a text is as the desk would sign it, with nothing to change.
pub(crate) fn is_clean(text: &str, max: usize) -> bool {
    let mut changed = false;
    let clean = clean(text, Kind::Name, max, false, |_| changed = true);
    !changed && clean.is_ok()
}

/// Brings one text into the form in which it is signed, or says why it cannot be.
///
/// Ends are trimmed, CJK compatibility ideographs become their standardized variation sequence, and
/// everything is composed (NFC). `max` is in bytes of UTF-8.
pub(super) fn clean(
    typed: &str,
    kind: Kind,
    max: usize,
    may_be_empty: bool,
    mut note: impl FnMut(TextChange),
) -> Result<String, FormFault> {
    let trimmed = typed.trim();
    if trimmed.is_empty() && !typed.is_empty() {
        return Err(FormFault::Blank);
    }
    if trimmed.is_empty() {
        return if may_be_empty {
            Ok(String::new())
        } else {
            Err(FormFault::Empty)
        };
    }
    // Normalizing grows a text at most threefold; what is far too long is not worth the work.
    if trimmed.len() > max * 4 {
        return Err(FormFault::TooLong {
            length: trimmed.len(),
            max,
        });
    }
    if trimmed.len() != typed.len() {
        note(TextChange::Trimmed);
    }
    let text = compose(trimmed, kind, &mut note);
    if text.chars().all(is_unseen) {
        return Err(FormFault::Blank);
    }
    characters(&text, kind)?;
    if !text.chars().any(is_visible) {
        return Err(FormFault::Blank);
    }
    if text.len() > max {
        return Err(FormFault::TooLong {
            length: text.len(),
            max,
        });
    }
    Ok(text)
}

/// Whether a text that is kept as it was typed (a reason, the name of an office) keeps to these
/// rules. `max` is in bytes of UTF-8.
pub(crate) fn is_legible(text: &str, max: usize) -> bool {
    check_text(text, max, false).is_ok()
        && characters(text, Kind::Name).is_ok()
        && text.chars().any(is_visible)
}

/// NFC, but CJK compatibility ideographs of a name keep their shape; each change is noted.
fn compose(text: &str, kind: Kind, note: &mut impl FnMut(TextChange)) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut told: Vec<char> = Vec::new();
    for c in text.chars() {
        let alone: String = match kind {
            Kind::Name => std::iter::once(c).cjk_compat_variants().nfc().collect(),
            Kind::Number => std::iter::once(c).nfc().collect(),
        };
        if !told.contains(&c) && !alone.chars().eq([c]) {
            told.push(c);
            note(TextChange::Replaced {
                typed: c,
                written: alone.clone(),
            });
        }
        replaced.push_str(&alone);
    }
    if is_nfc(&replaced) {
        return replaced;
    }
    note(TextChange::Composed);
    replaced.nfc().collect()
}

/// Refuses characters that have no place in a name, and invisible ones without their base.
fn characters(text: &str, kind: Kind) -> Result<(), FormFault> {
    let mut marks = 0;
    let mut before = None;
    for c in text.chars() {
        let fault = fault_of(c).or_else(|| match kind {
            Kind::Name => None,
            Kind::Number => fault_in_number(c),
        });
        if let Some(fault) = fault {
            return Err(FormFault::Character { c, fault });
        }
        let behind = match before {
            Some(before) if is_variation_selector(c) => takes_selector(before),
            Some(before) if is_joiner(c) => !is_joiner(before) && !is_blank(before),
            None if is_variation_selector(c) || is_joiner(c) => false,
            _ => true,
        };
        if !behind {
            let fault = CharacterFault::Loose;
            return Err(FormFault::Character { c, fault });
        }
        if is_mark(c) && !is_variation_selector(c) {
            marks += 1;
        } else if !is_joiner(c) && !is_variation_selector(c) {
            marks = 0;
        }
        if marks > MAX_MARKS {
            return Err(FormFault::Marks { max: MAX_MARKS });
        }
        before = Some(c);
    }
    Ok(())
}

fn fault_of(c: char) -> Option<CharacterFault> {
    use GeneralCategory as G;
    if c.is_ascii_graphic() || c == ' ' {
        return None;
    }
    let category = c.general_category();
    Some(match (c, category) {
        ('\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}', _)
        | ('\u{2066}'..='\u{2069}', _) => CharacterFault::Direction,
        ('\u{fffc}' | '\u{fffd}', _) => CharacterFault::Lost,
        // Emoji presentation (Unicode, UTS #51): the same letter as a picture.
        ('\u{fe0f}', _) => CharacterFault::Emoji,
        ('\u{fff9}'..='\u{fffb}', _) => CharacterFault::Invisible,
        (_, G::Control | G::LineSeparator | G::ParagraphSeparator) => CharacterFault::Control,
        (_, G::PrivateUse) => CharacterFault::Private,
        _ if is_joiner(c) || is_variation_selector(c) => return None,
        _ if is_default_ignorable(c) => CharacterFault::Invisible,
        (_, G::Unassigned | G::Surrogate) => CharacterFault::Unassigned,
        _ if is_emoji(c) => CharacterFault::Emoji,
        _ => return None,
    })
}

/// What a name may need, and a number never does.
fn fault_in_number(c: char) -> Option<CharacterFault> {
    if is_joiner(c) || is_variation_selector(c) || is_empty_shape(c) {
        Some(CharacterFault::Invisible)
    } else if is_common_mark(c) {
        Some(CharacterFault::Mark)
    } else {
        None
    }
}

/// A letter, number, punctuation or symbol that leaves ink.
fn is_visible(c: char) -> bool {
    use GeneralCategoryGroup as Group;
    let group = c.general_category_group();
    matches!(
        group,
        Group::Letter | Group::Number | Group::Punctuation | Group::Symbol
    ) && !is_default_ignorable(c)
        && !is_empty_shape(c)
}

/// What shows nothing where it is alone. Unlike a private or unassigned character, which is
/// named.
fn is_unseen(c: char) -> bool {
    is_blank(c) || is_mark(c) || is_default_ignorable(c) || is_empty_shape(c)
}

/// A variation selector comes directly behind a base or a spacing mark (Unicode 16, section 23.4).
fn takes_selector(before: char) -> bool {
    is_visible(before) || before.general_category() == GeneralCategory::SpacingMark
}

/// Whether phones draw it as a picture (UTS #51, property `Emoji_Presentation`).
fn is_emoji(c: char) -> bool {
    matches!(
        c.emoji_status(),
        EmojiStatus::EmojiPresentation
            | EmojiStatus::EmojiPresentationAndModifierBase
            | EmojiStatus::EmojiPresentationAndEmojiComponent
            | EmojiStatus::EmojiPresentationAndModifierAndEmojiComponent
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_taken_is_what_readers_take() {
        // Every seventh of the ideographs and what is above them: they are all alike.
        let all = (char::MIN..'\u{3400}').chain(('\u{3400}'..=char::MAX).step_by(7));
        for c in all
            .chain('\u{f900}'..'\u{10000}')
            .chain('\u{2f800}'..'\u{2fa20}')
        {
            let text = format!("a{c}");
            if let Ok(taken) = clean(&text, Kind::Name, 64, false, |_| {}) {
                let checked = check_text(&taken, 64, false);
                assert_eq!(checked, Ok(()), "{:X}", u32::from(c));
                let again = clean(&taken, Kind::Name, 64, false, |_| panic!("a second note"));
                assert_eq!(again, Ok(taken));
            }
        }
    }
}
