//! Which names a reader may have.

use vidimus_credential::text::{MAX_READER, check_text};

use super::number::key;
use crate::application_form::is_clean;
use crate::characters::{is_joiner, is_variation_selector};
use crate::error::Error;

/// Names of this form are the profile's own, in the form in which names are compared.
const RESERVED: &str = "DL1:";

/// Whether a reader may have this name: text as the desk would sign it, unchanged, with nothing in
/// it that a driver cannot see.
///
/// # Errors
/// [`Error::ReaderName`].
pub(crate) fn check_name(name: &str) -> Result<(), Error> {
    let as_signed = check_text(name, MAX_READER, false).is_ok() && is_clean(name, MAX_READER);
    if !as_signed || hides(name) || key(name).starts_with(RESERVED) {
        return Err(Error::ReaderName);
    }
    Ok(())
}

/// Whether a joiner or variation selector is beside a letter that it cannot change: of Latin,
/// Greek, Cyrillic, Armenian or Hebrew, or an ASCII digit or sign.
fn hides(name: &str) -> bool {
    let has_one_shape =
        |c: &char| *c < '\u{600}' || ('\u{1e00}'..'\u{2000}').contains(c) || is_joiner(*c);
    let letters: Vec<char> = name.chars().collect();
    letters.iter().enumerate().any(|(place, c)| {
        let unseen = is_joiner(*c) || is_variation_selector(*c);
        let before = place.checked_sub(1).and_then(|place| letters.get(place));
        let after = letters.get(place + 1).filter(|_| is_joiner(*c));
        unseen && (before.is_none_or(has_one_shape) || after.is_some_and(has_one_shape))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_shows_all_that_stands_in_it() {
        for name in [
            "Police",
            "Patrol 7",
            "巡邏",
            "Polícia",
            "\u{dc1}\u{dca}\u{200d}\u{dbb}\u{dd3} \u{dbd}\u{d82}\u{d9a}\u{dcf}",
            "پلیس نیروهای\u{200c}ما",
        ] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
        for name in [
            "",
            " Police",
            "Police ",
            "\u{a0}Police",
            "Po\u{200d}lice",
            "По\u{200d}лиция",
            "Pol\u{200b}ice",
            "Po\u{ad}lice",
            "Police\u{fe00}",
            "Police\u{200c}",
            "\u{200d}Police",
            "Police 🚓",
            "\u{3164}",
            "\u{2800} ",
            "\u{202e}eciloP",
        ] {
            assert_eq!(check_name(name), Err(Error::ReaderName), "{name:?}");
        }
    }

    #[test]
    fn the_profiles_own_names_are_nobodys_in_whatever_case() {
        for name in ["dl1:x", "DL1:x", "Dl1: x", "ＤＬ１：x", "dl1\u{a789}x"] {
            assert_eq!(check_name(name), Err(Error::ReaderName), "{name}");
        }
        assert_eq!(check_name("dl10 road"), Ok(()));
    }
}
