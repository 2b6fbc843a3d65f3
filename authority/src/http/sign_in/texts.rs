//! The words of the pages, in a table: a row for each text, a column for each language.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::language::Language;

const TABLE: &str = include_str!("../../../texts/pages.tsv");

static TEXTS: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let rows = TABLE.lines().skip(1).map(|line| {
        let mut cells = line.split('\t');
        (cells.next().unwrap_or_default(), cells.collect())
    });
    rows.collect()
});

/// A text. That the table has each key that is asked for, a test proves.
pub(super) fn text(language: Language, key: &str) -> &'static str {
    let row = TEXTS.get(key);
    row.and_then(|row| row.get(language.column()).copied())
        .unwrap_or_default()
}

/// A text with its places `{0}`, `{1}` filled. What is filled in is not looked through again.
pub(super) fn filled(text: &str, values: &[&str]) -> String {
    let mut filled = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let place = after.split_once('}');
        let value = place.and_then(|(place, _)| values.get(place.parse::<usize>().ok()?));
        match (value, place) {
            (Some(value), Some((_, after))) => {
                filled.push_str(value);
                rest = after;
            }
            _ => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn places(text: &str) -> BTreeSet<&str> {
        let parts = text.split('{').skip(1);
        parts.map(|part| part.split_once('}').unwrap().0).collect()
    }

    #[test]
    fn each_row_has_five_languages_with_the_same_places_and_none_is_there_twice() {
        let mut head = TABLE.lines().next().unwrap().split('\t');
        assert_eq!(head.next(), Some("key"));
        let tags = Language::ALL.map(Language::tag);
        assert_eq!(head.collect::<Vec<_>>(), tags);
        assert_eq!(TEXTS.len(), TABLE.lines().count() - 1, "a key stands twice");
        for (key, row) in TEXTS.iter() {
            assert_eq!(row.len(), 5, "{key}");
            for text in row {
                assert!(!text.trim().is_empty(), "{key}");
                assert_eq!(places(text), places(row[0]), "{key}");
            }
        }
    }

    #[test]
    fn templates_and_code_name_only_texts_that_are_there_and_each_is_named() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/");
        let mut sources = String::new();
        for folder in ["templates/sign_in", "src/http/sign_in"] {
            for file in std::fs::read_dir(format!("{root}{folder}")).unwrap() {
                let path = file.unwrap().path();
                if path.is_file() {
                    sources.push_str(&std::fs::read_to_string(path).unwrap());
                }
            }
        }
        for call in ["t(\"", "t1(\"", "t2(\""] {
            for part in sources.split(&format!("frame.{call}")).skip(1) {
                let key = part.split('"').next().unwrap();
                assert!(TEXTS.contains_key(key), "{key}");
            }
        }
        for key in TEXTS.keys() {
            let named = sources.contains(&format!("\"{key}\""));
            assert!(named || key.starts_with("fault."), "{key} is not used");
        }
        for fault in crate::rules::account_steps::FormFault::all_for_tests() {
            let key = format!("fault.{}", fault.name());
            assert!(TEXTS.contains_key(key.as_str()), "{key}");
        }
    }

    #[test]
    fn what_is_filled_in_is_not_filled_again() {
        assert_eq!(filled("a {0} b {1}", &["{1}", "x"]), "a {1} b x");
        assert_eq!(filled("{ {9} {0", &["x"]), "{ {9} {0");
    }
}
