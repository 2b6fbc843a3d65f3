//! Removes what mail programs, web pages and people put around an offer, where that cannot damage
//! the offer.

use zeroize::Zeroizing;

/// Pairs that are put around a link or a text. Neither a link nor a JSON document begins with one
/// of them.
const PAIRS: [(&str, &str); 14] = [
    ("&lt;", "&gt;"),
    ("&quot;", "&quot;"),
    ("<", ">"),
    ("(", ")"),
    ("\"", "\""),
    ("'", "'"),
    ("`", "`"),
    ("\u{201c}", "\u{201d}"),
    ("\u{201e}", "\u{201c}"),
    ("\u{2018}", "\u{2019}"),
    ("\u{ab}", "\u{bb}"),
    ("\u{bb}", "\u{ab}"),
    ("\u{300c}", "\u{300d}"),
    ("\u{300e}", "\u{300f}"),
];

/// The escapes in a web page's source, and the characters that they stand for.
const ESCAPED: [(&str, &str); 5] = [
    ("&amp;", "&"),
    ("&#38;", "&"),
    ("&#x26;", "&"),
    ("&#61;", "="),
    ("&#x3D;", "="),
];

/// The parameters of an offer's link.
const NAMES: [&str; 2] = ["credential_offer=", "credential_offer_uri="];

/// Characters that end a link in a text: a link has no blank, no angle bracket and no quote.
const ENDS: &str = "<>\"`\u{201c}\u{201d}\u{201e}\u{2018}\u{2019}\u{ab}\u{bb}\u{300c}\u{300d}\u{300e}\u{300f}\u{3001}\u{3002}\u{ff01}\u{ff09}\u{ff0c}\u{ff1b}";

/// Characters at the end of a link that may belong to the sentence around it.
const SENTENCE: [char; 10] = ['.', ',', ';', ':', '!', '?', ')', ']', '}', '\''];

/// The shortest wrapped line, in characters. A shorter line is a whole one: the next line does not
/// continue it.
const SHORTEST_WRAPPED: usize = 40;

/// The most by which lines of one wrapped text differ in length, in characters. The last line may
/// be shorter.
const RAGGED: usize = 8;

/// The offer alone, in one line, without blanks, invisible marks and the text around it. Where that
/// is unclear, all readings, the likeliest first; at least one.
pub(super) fn offers_of(text: &str) -> Vec<Zeroizing<String>> {
    let text = without_wrapping(text);
    if text.starts_with('{') {
        // A JSON string has no line break, so each one was added later or has no meaning.
        return vec![Zeroizing::new(text.replace(['\r', '\n'], ""))];
    }
    let mut readings = Vec::new();
    for line in unwrapped(text) {
        let link = link_in(&line);
        let bare = Zeroizing::new(link.trim_end_matches(SENTENCE).to_owned());
        for reading in [link, bare] {
            if !readings.contains(&reading) {
                readings.push(reading);
            }
        }
    }
    readings
}

/// Three readings of a wrapped link: all lines that may belong to it, joined; only those of one
/// length, joined; the first line alone. The first line is one that names an offer, or else one
/// that looks like a link.
fn unwrapped(text: &str) -> [Zeroizing<String>; 3] {
    // Mail programs put `>` before each quoted line.
    let quoted = |c: char| c == '>' || is_unseen(c);
    let lines = || {
        text.lines()
            .map(|line| line.trim_start_matches(quoted).trim_end_matches(is_unseen))
    };
    let named = lines().position(names_an_offer);
    let start = named.or_else(|| lines().position(|line| line.contains("://")));
    let mut lines = lines().skip(start.unwrap_or(0));
    let first = Zeroizing::new(lines.next().unwrap_or_default().to_owned());
    let (mut joined, mut even) = (first.clone(), first.clone());
    let width = first.chars().count();
    let (mut before, mut is_even) = (width, true);
    for line in lines {
        let length = line.chars().count();
        let begins_anew = names_an_offer(line) && names_an_offer(&joined);
        // A link has no blanks: an empty line or one of several words ends it. So does a line that
        // was not wrapped.
        let is_part =
            before >= SHORTEST_WRAPPED && length > 0 && !line.contains(char::is_whitespace);
        if !is_part || begins_anew {
            break;
        }
        is_even &= width.saturating_sub(before) <= RAGGED && length <= width.saturating_add(RAGGED);
        if is_even {
            even.push_str(line);
        }
        before = length;
        joined.push_str(line);
    }
    [joined, even, first]
}

fn names_an_offer(text: &str) -> bool {
    NAMES.iter().any(|name| text.contains(name))
}

/// The link in a line: one with an offer in it, or else the first. Invisible marks are removed.
fn link_in(line: &str) -> Zeroizing<String> {
    let mut link = Zeroizing::new(without_wrapping(line).to_owned());
    // Some issuers write the offer into a link without encoding it, with quotes and blanks.
    if !link.contains("credential_offer={") {
        let parts = || {
            link.split(|c: char| c.is_whitespace() || ENDS.contains(c))
                .filter(|part| !part.is_empty())
        };
        let named = parts().find(|part| names_an_offer(part));
        let found = named.or_else(|| parts().next()).unwrap_or(&link);
        link = Zeroizing::new(found.replace(is_unseen, ""));
    }
    // In a web page's source the ampersands between a link's parameters are escaped.
    for (escaped, plain) in ESCAPED {
        link = Zeroizing::new(link.replace(escaped, plain));
    }
    link
}

/// Removes pairs and blanks around a text, as often as there are any.
fn without_wrapping(text: &str) -> &str {
    let mut text = text.trim_matches(is_unseen);
    loop {
        let inside = PAIRS.iter().find_map(|(open, close)| {
            let inside = text.strip_prefix(open)?.strip_suffix(close)?;
            Some(inside.trim_matches(is_unseen))
        });
        match inside {
            Some(inside) => text = inside,
            None => return text,
        }
    }
}

/// Whether a character is invisible: blanks, a byte order mark, marks of zero width or of
/// direction.
fn is_unseen(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fa.example%2Foffers%2F0123456789abcdef";

    /// The likeliest reading of a pasted text.
    fn offer_of(text: &str) -> Zeroizing<String> {
        offers_of(text).remove(0)
    }

    fn wrapped(text: &str, width: usize, end: &str) -> String {
        let lines: Vec<&str> = text
            .as_bytes()
            .chunks(width)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect();
        lines.join(end)
    }

    #[test]
    fn text_around_a_link_is_removed() {
        for around in [
            format!("  {LINK}\r\n"),
            format!("\u{feff}{LINK}"),
            format!("\u{200b}{LINK}\u{200e}"),
            format!("<{LINK}>"),
            format!("&lt;{LINK}&gt;"),
            format!("\"{LINK}\""),
            format!("'{LINK}'"),
            format!("\u{201c}{LINK}\u{201d}"),
            format!("\u{201e}{LINK}\u{201c}"),
            format!("\u{ab} {LINK} \u{bb}"),
            format!("\u{300c}{LINK}\u{300d}"),
            format!("`{LINK}`"),
            format!("(<{LINK}>)"),
        ] {
            assert_eq!(*offer_of(&around), LINK, "{around}");
        }
        assert_eq!(*offer_of("<"), "<", "one alone is left");
        for escaped in ["&amp;", "&#38;", "&#x26;"] {
            assert_eq!(*offer_of(&format!("x://?a=b{escaped}c=d")), "x://?a=b&c=d");
        }
        assert_eq!(*offer_of("x://?a&#x3D;b"), "x://?a=b");
    }

    #[test]
    fn a_wrapped_link_is_one_line_again_and_what_follows_it_is_no_part_of_it() {
        for width in [40, 60, 76, 78] {
            for end in ["\n", "\r\n", "\n  ", " \n\t"] {
                assert_eq!(*offer_of(&wrapped(LINK, width, end)), LINK);
                let quoted = format!("<{}>", wrapped(LINK, width, end));
                assert_eq!(*offer_of(&quoted), LINK, "{quoted:?}");
            }
        }
        for after in ["\n\nbye", "\nThe code comes by mail.", "\n \nRegards"] {
            assert_eq!(*offer_of(&format!("{LINK}{after}")), LINK);
            let short = format!("x://?credential_offer_uri=https://a{after}");
            assert_eq!(*offer_of(&short), "x://?credential_offer_uri=https://a");
        }
        assert_eq!(
            *offer_of("x://?credential_offer_uri=https://a\nbye"),
            "x://?credential_offer_uri=https://a"
        );
    }

    #[test]
    fn a_link_is_found_in_what_was_copied_along_with_it() {
        for around in [
            format!("Your license: {LINK} and the code comes by mail."),
            format!("Ready? Then open <{LINK}>."),
            format!("<a href=\"{LINK}\">Add</a>"),
            format!("> {LINK}"),
            format!("See https://a.example/help or {LINK}"),
            format!("\u{8bf7}\u{6253}\u{5f00} {LINK}\u{3002}\u{8c22}\u{8c22}"),
            LINK.replace("%2F", "\u{200b}%2F\u{ad}"),
            LINK.replace("offers", "\u{feff}offers"),
            format!("{LINK}\n{LINK}"),
            format!("Dear driver,\n\n{LINK}\n\nThe code comes by mail."),
            format!("Help is at https://a.example/help.\n{LINK}"),
        ] {
            assert_eq!(*offer_of(&around), LINK, "{around}");
        }
        let whole = format!("> {}", wrapped(LINK, 60, "\n> "));
        assert_eq!(*offer_of(&whole), LINK);
        // Some issuers have the name in their addresses, too.
        let named = LINK.replace("offers", "credential_offer");
        for width in [60, 76] {
            assert_eq!(*offer_of(&wrapped(&named, width, "\n")), named);
        }
        let raw = r#"x://?credential_offer={"credential_issuer": "https://a.example"}"#;
        assert_eq!(*offer_of(raw), raw);
    }

    /// Some programs break a link only after punctuation.
    #[test]
    fn a_link_whose_lines_are_not_of_one_length_is_whole_again() {
        let long = format!("{LINK}0123456789abcdef0123456789abcdef&tail=0123456789");
        for at in [[74, 118], [60, 132], [48, 120]] {
            let (one, rest) = long.split_at(at[0]);
            let (two, three) = rest.split_at(at[1] - at[0]);
            let text = format!("{one}\n{two}\n{three}\n");
            assert_eq!(*offer_of(&text), long, "{at:?}");
        }
    }

    #[test]
    fn what_may_be_part_of_a_link_or_of_the_text_after_it_is_read_both_ways() {
        for after in [
            ".",
            ")",
            ",",
            "?)",
            "\nRegards",
            "\nRegards,\nThe authority",
        ] {
            let readings = offers_of(&format!("{LINK}{after}"));
            assert!(
                readings.iter().any(|reading| **reading == *LINK),
                "{after:?}"
            );
        }
        let ends = format!("{}\nRegards", wrapped(LINK, 60, "\n"));
        assert!(offers_of(&ends).iter().any(|reading| **reading == *LINK));
        assert_eq!(offers_of(LINK).len(), 1);
        // The last line of a wrapped text is shorter than the others.
        let ends = format!("{}\nRegards", wrapped(LINK, 76, "\n"));
        assert_eq!(*offer_of(&ends), LINK);
    }

    #[test]
    fn a_wrapped_document_is_whole_again() {
        let document = r#"{"credential_issuer": "https://a.example", "grants": {}}"#;
        for width in [7, 20, 40] {
            assert_eq!(*offer_of(&wrapped(document, width, "\n")), document);
        }
    }
}
