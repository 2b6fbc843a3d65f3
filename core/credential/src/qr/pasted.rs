//! Texts that people pass on: typed into a terminal, wrapped by a mail program, or copied with
//! characters around them.

use super::base45;
use crate::Error;

/// Reads the Base45 after `prefix` from a text that may have been wrapped, and parses its bytes:
/// the first reading that `parse` accepts counts.
///
/// The blank (U+0020) is a character of Base45, and no other white space is. So
/// - white space that is no blank (line breaks, tabs, characters of no width) is dropped
///   everywhere;
/// - blanks at the ends are dropped: no Base45 ends in one, for its last digit is at most 32, and
///   the blank is 36;
/// - a blank inside is kept at first. A blank beside a dropped character may come from the
///   wrapping. So where the text cannot be parsed, it is read again in three ways: without these
///   blanks; with one blank for each run of dropped characters; and with one blank for each dropped
///   character. A program that wraps at blanks puts a line break in place of one, and some write
///   no-break spaces.
///
/// # Errors
/// Those of the first reading: [`Error::WrongPrefix`], [`Error::TooLong`] over `longest`
/// characters, [`Error::Base45`], and those of `parse`.
pub(crate) fn read_text<T>(
    text: &str,
    prefix: &str,
    longest: usize,
    parse: impl Fn(&[u8]) -> Result<T, Error>,
) -> Result<T, Error> {
    let read = |text: &str| {
        let text = text.trim_matches(' ');
        let encoded = text.strip_prefix(prefix).ok_or(Error::WrongPrefix)?;
        if text.len() > longest {
            return Err(Error::too_long(longest));
        }
        parse(&base45::decode(encoded)?)
    };
    // One look at the bytes is enough for what a camera reads.
    if text.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
        return read(text);
    }
    let rejoined = |glue: &str| {
        let lines = text.split(is_layout).map(|line| line.trim_matches(' '));
        lines
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join(glue)
    };
    read(&text.replace(is_layout, "")).or_else(|error| {
        let each = text.replace("\r\n", "\n").replace(is_layout, " ");
        let others = [rejoined(""), rejoined(" "), each];
        let mut readings = others.iter().map(|text| read(text));
        readings.find_map(Result::ok).ok_or(error)
    })
}

/// White space that is no blank, and the characters of no width that programs put into texts and
/// around them: marks for line breaks, for the direction of writing, and for the beginning of a
/// file.
fn is_layout(character: char) -> bool {
    let has_no_width = matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}'
    );
    character != ' ' && (character.is_whitespace() || has_no_width)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::qr::encode_text;

    /// As strict as the parsers of the profile: every byte counts.
    fn read(text: &str, bytes: &[u8]) -> Result<(), Error> {
        let parse = |read: &[u8]| match read == bytes {
            true => Ok(()),
            false => Err(Error::Layout(crate::Field::Token)),
        };
        read_text(text, "DL1:", 65_536, parse)
    }

    #[test]
    fn two_line_breaks_are_two_blanks_where_one_says_nothing() {
        // 36 + 36 * 45 + 1 * 2025: the bytes whose Base45 is two blanks and a `1`.
        let bytes = [0x0e, 0x61];
        let text = encode_text("DL1:", &bytes);
        assert_eq!(text, "DL1:  1");
        assert_eq!(read("DL1:\n\n1", &bytes), Ok(()));
        assert_eq!(read("DL1:\r\n\r\n1", &bytes), Ok(()));
    }

    /// Lines of `width` characters.
    fn wrapped(text: &str, width: usize, between: &str) -> String {
        let lines: Vec<_> = text
            .as_bytes()
            .chunks(width)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect();
        lines.join(between)
    }

    #[test]
    fn what_terminals_and_editors_add_at_the_ends_is_dropped() {
        let text = encode_text("DL1:", b"what was signed");
        for (before, after) in [
            ("", "\n"),
            ("", "\r\n"),
            ("", "\n\n"),
            ("", "\r"),
            ("  ", "  "),
            ("\n\t ", " \t\n"),
            ("\u{feff}", ""),
            ("\u{a0}", "\u{2028}"),
            // What a program of a right-to-left language puts around foreign text.
            ("\u{2068}", "\u{2069}"),
            ("\u{202a}", "\u{202c}"),
            ("\u{200e}", "\u{200e}"),
        ] {
            let pasted = format!("{before}{text}{after}");
            assert_eq!(read(&pasted, b"what was signed"), Ok(()), "{pasted:?}");
        }
    }

    #[test]
    fn other_characters_stay_and_are_refused() {
        let text = encode_text("DL1:", b"what was signed");
        assert_eq!(read(&format!("x{text}"), b""), Err(Error::WrongPrefix));
        assert!(read(&format!("{text}."), b"what was signed").is_err());
        assert_eq!(read(&format!("{text}\0"), b""), Err(Error::Base45));
        assert_eq!(read("", b""), Err(Error::WrongPrefix));
        assert_eq!(read(" \n ", b""), Err(Error::WrongPrefix));
    }

    #[test]
    fn the_limit_is_that_of_the_text_without_its_layout() {
        let text = format!("DL1:{}\n", "0".repeat(6));
        let parse = |_: &[u8]| Ok(());
        assert_eq!(read_text(&text, "DL1:", 10, parse), Ok(()));
        assert_eq!(read_text(&text, "DL1:", 9, parse), Err(Error::too_long(9)));
    }

    proptest! {
        #[test]
        fn no_base45_ends_in_a_blank(bytes in proptest::collection::vec(any::<u8>(), 1..60)) {
            prop_assert!(!encode_text("DL1:", &bytes).ends_with(' '));
        }

        /// Blanks of the Base45 stand at the ends of many of these lines.
        #[test]
        fn a_text_is_read_however_it_was_wrapped(
            bytes in proptest::collection::vec(any::<u8>(), 1..400),
            width in 4_usize..90,
            between in prop_oneof![
                Just("\n"), Just("\r\n"), Just("\n\t"), Just("\u{85}"), Just("\u{2029}"),
                Just("\u{ad}"), Just("\u{200d}"), Just("\u{2060}"),
            ],
        ) {
            let text = encode_text("DL1:", &bytes);
            prop_assert_eq!(read(&wrapped(&text, width, between), &bytes), Ok(()));
        }

        #[test]
        fn blanks_that_the_wrapping_added_are_dropped(
            bytes in proptest::collection::vec(any::<u8>(), 1..400),
            width in 4_usize..90,
            between in prop_oneof![Just("\n  "), Just(" \n"), Just(" \r\n    ")],
        ) {
            let text = encode_text("DL1:", &bytes);
            // A line that really begins or ends in a blank cannot be told from a wrapped one.
            let own = text.as_bytes().chunks(width).any(|line| {
                line.first() == Some(&b' ') || line.last() == Some(&b' ')
            });
            prop_assume!(!own);
            prop_assert_eq!(read(&wrapped(&text, width, between), &bytes), Ok(()));
        }

        #[test]
        fn a_line_break_in_place_of_a_blank_is_that_blank(
            bytes in proptest::collection::vec(any::<u8>(), 1..400),
        ) {
            let text = encode_text("DL1:", &bytes);
            for line_break in ["\n", "\r\n", "\u{a0}"] {
                prop_assert_eq!(read(&text.replace(' ', line_break), &bytes), Ok(()));
            }
        }
    }
}
