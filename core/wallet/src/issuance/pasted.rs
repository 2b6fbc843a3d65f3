//! What mail programs, web pages and people put around an offer on its way: taken off where nothing of the offer can be
//! lost by it.

use zeroize::Zeroizing;

/// Pairs that are put around a link or a text. Neither a link nor a JSON document begins with one of them.
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

/// A line shorter than this was not wrapped: what follows it is no part of it. In characters.
const SHORTEST_WRAPPED: usize = 40;

/// The offer alone: without blanks and marks that nobody sees, without brackets and quotes around it, and in one line.
pub(super) fn offer_of(text: &str) -> Zeroizing<String> {
    let text = peeled(text);
    if text.starts_with('{') {
        // JSON holds no line break inside a text, so each was put there on the way, or stands where it means nothing.
        return Zeroizing::new(text.replace(['\r', '\n'], ""));
    }
    let mut lines = text.lines().map(str::trim);
    let mut joined = Zeroizing::new(lines.next().unwrap_or_default().to_owned());
    let mut before = joined.chars().count();
    for line in lines {
        // A link has no blanks: an empty line and one of several words end it.
        if line.is_empty() || line.contains(char::is_whitespace) || before < SHORTEST_WRAPPED {
            break;
        }
        before = line.chars().count();
        joined.push_str(line);
    }
    let mut whole = Zeroizing::new(peeled(&joined).to_owned());
    // A link's own ampersands stand between its parameters; those of a web page's source are written so.
    for escaped in ["&amp;", "&#38;", "&#x26;"] {
        whole = Zeroizing::new(whole.replace(escaped, "&"));
    }
    whole
}

/// Takes off what stands around a text, as often as something does.
fn peeled(text: &str) -> &str {
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

/// Blanks, a byte order mark, and marks of width nothing or direction.
fn is_unseen(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fa.example%2Foffers%2F0123456789abcdef";

    fn wrapped(text: &str, width: usize, end: &str) -> String {
        let lines: Vec<&str> = text
            .as_bytes()
            .chunks(width)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect();
        lines.join(end)
    }

    #[test]
    fn what_stands_around_a_link_is_taken_off() {
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
    fn a_wrapped_document_is_whole_again() {
        let document = r#"{"credential_issuer": "https://a.example", "grants": {}}"#;
        for width in [7, 20, 40] {
            assert_eq!(*offer_of(&wrapped(document, width, "\n")), document);
        }
    }
}
