//! What would be wrong on a screen, found in the table.

use super::languages::LANGUAGES;
use super::names::{camel, is_key};
use super::table::{CATEGORIES, Row, Table};
use std::collections::BTreeMap;

/// Forms that may stand for one number alone, and then may say it in a word.
const OF_ONE_NUMBER: [&str; 3] = ["zero", "one", "two"];
/// Where the form `one` stands for 0 too, so that it must say which.
const ONE_IS_TWO_NUMBERS: &str = "bn";

/// Every fault, with the key of its row.
pub(crate) fn faults(table: &Table) -> Vec<String> {
    let mut faults = Vec::new();
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for row in &table.rows {
        let key = &row.key;
        if !is_key(key) {
            faults.push(format!("{key}: is no key"));
        }
        match names.insert(camel(key), key) {
            Some(other) if other == key => faults.push(format!("{key}: stands twice")),
            Some(other) => faults.push(format!("{key}: is called like {other} in code")),
            None => {}
        }
        for (tag, text) in row.cells() {
            faults.extend(of_text(text).map(|fault| format!("{key}: {tag} {fault}")));
            let wide = width(text);
            if let Some(max) = row.max.filter(|max| wide > *max) {
                faults.push(format!(
                    "{key}: {tag} is {wide} wide, and has room for {max}"
                ));
            }
            faults.extend(
                of_placeholders(row, tag, text).map(|fault| format!("{key}: {tag} {fault}")),
            );
        }
    }
    for group in table.plurals() {
        for form in missing(table, group) {
            faults.push(format!("{group}: the form {form} is missing"));
        }
    }
    faults
}

/// What is wrong with a text by itself.
fn of_text(text: &str) -> Option<&'static str> {
    if text.trim().is_empty() {
        Some("is empty")
    } else if text != text.trim() {
        Some("begins or ends with a space")
    } else if text.contains("...") {
        Some("has three dots in place of …")
    } else if text.contains(char::is_control) {
        Some("has a control character")
    } else {
        None
    }
}

/// How many columns of a terminal a text would take: two for a Chinese character, none for a mark
/// over or under another letter. The room on a screen goes by the same.
fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

const fn columns(letter: char) -> usize {
    match letter {
        '\u{300}'..='\u{36f}'
        | '\u{64b}'..='\u{65f}'
        | '\u{670}'
        | '\u{981}'
        | '\u{9bc}'
        | '\u{9c1}'..='\u{9c4}'
        | '\u{9cd}'
        | '\u{200c}'..='\u{200d}' => 0,
        '\u{2e80}'.. => 2,
        _ => 1,
    }
}

/// What is wrong with the places of a text that an app fills.
fn of_placeholders(row: &Row, tag: &str, text: &str) -> Option<String> {
    let Some(has) = placeholders(text) else {
        return Some("has a brace that is not of {0} to {9}".to_owned());
    };
    let Some((_, form)) = row.plural() else {
        let [english, ..] = &row.texts;
        let wanted = placeholders(english)?;
        if LANGUAGES.first().is_some_and(|first| first.tag == tag) {
            let mut once = has.clone();
            once.dedup();
            return (once != has).then(|| "has a placeholder twice".to_owned());
        }
        return (has != wanted).then(|| "has other placeholders than the English text".to_owned());
    };
    let may_be_a_word =
        OF_ONE_NUMBER.contains(&form) && !(form == "one" && tag == ONE_IS_TWO_NUMBERS);
    match has.as_slice() {
        ['0'] => None,
        [] if may_be_a_word => None,
        _ => Some("must have {0} once, and no other placeholder".to_owned()),
    }
}

/// The digits in the braces of a text, sorted; none where a brace is of something else.
fn placeholders(text: &str) -> Option<Vec<char>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (inside, behind) = after.split_once('}')?;
        let mut letters = inside.chars();
        match (letters.next(), letters.next()) {
            (Some(digit), None) if digit.is_ascii_digit() && !before.contains('}') => {
                found.push(digit);
            }
            _ => return None,
        }
        rest = behind;
    }
    found.sort_unstable();
    (!rest.contains('}')).then_some(found)
}

/// The forms that a plural lacks.
fn missing(table: &Table, group: &str) -> Vec<&'static str> {
    let there: Vec<&str> = table
        .forms(group)
        .iter()
        .filter_map(|row| row.plural())
        .map(|(_, form)| form)
        .collect();
    CATEGORIES
        .into_iter()
        .filter(|form| !there.contains(form))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rows: &[&str]) -> Vec<String> {
        let head = "key\ten\tzh\tar\tbn\tes\tmax\tcontext".to_owned();
        let lines: Vec<String> = std::iter::once(head)
            .chain(rows.iter().map(|row| row.replace('|', "\t")))
            .collect();
        let (table, mut all) = Table::read(&lines.join("\n"));
        all.extend(faults(&table));
        all
    }

    #[test]
    fn a_good_row_has_no_fault() {
        assert!(found(&["a.b|{0} of {1}|{1} {0}|{0} {1}|{0} {1}|{0} {1}"]).is_empty());
    }

    #[test]
    fn keys_and_their_names_stand_once() {
        let row = |key: &str| format!("{key}|x|x|x|x|x");
        assert_eq!(found(&[&row("a.b"), &row("a.b")]), ["a.b: stands twice"]);
        assert_eq!(
            found(&[&row("a.b"), &row("a_b")]),
            ["a_b: is called like a.b in code"]
        );
        assert_eq!(found(&[&row("A b")]), ["A b: is no key"]);
    }

    #[test]
    fn a_text_is_neither_empty_nor_padded_nor_dotted() {
        assert_eq!(found(&["a|x||x|x|x"]), ["a: zh is empty"]);
        assert_eq!(
            found(&["a|x|x|x |x|x"]),
            ["a: ar begins or ends with a space"]
        );
        assert_eq!(
            found(&["a|x|x|x|x...|x"]),
            ["a: bn has three dots in place of …"]
        );
        assert!(found(&["a|x|x|x|x…|x"]).is_empty());
        assert_eq!(
            found(&["a|x|x|x|x|x\u{7}x"]),
            ["a: es has a control character"]
        );
    }

    #[test]
    fn a_text_that_is_wider_than_its_room_is_a_fault() {
        assert!(found(&["a|Four|四个|كُلّ|কী|Dos|4|A button."]).is_empty());
        assert_eq!(
            found(&["a|Fiver|四个字|x|x|x|4|A button."]),
            [
                "a: en is 5 wide, and has room for 4",
                "a: zh is 6 wide, and has room for 4"
            ]
        );
    }

    #[test]
    fn every_language_has_the_placeholders_of_english_each_once() {
        let other = "has other placeholders than the English text";
        assert_eq!(found(&["a|{0}|x|{0}|{0}|{0}"]), [format!("a: zh {other}")]);
        assert_eq!(
            found(&["a|{0}|{0}|{0} {0}|{0}|{0}"]),
            [format!("a: ar {other}")]
        );
        assert_eq!(found(&["a|x|x|x|{1}|x"]), [format!("a: bn {other}")]);
        assert_eq!(
            found(&["a|x|x|x|x|{x}"]),
            ["a: es has a brace that is not of {0} to {9}"]
        );
        assert_eq!(
            found(&["a|x|x|x}|x|x"]),
            ["a: ar has a brace that is not of {0} to {9}"]
        );
        assert!(
            found(&["a|{0} {0}|{0} {0}|{0} {0}|{0} {0}|{0} {0}"])
                .contains(&"a: en has a placeholder twice".to_owned())
        );
    }

    #[test]
    fn plurals_have_six_forms_that_say_the_number_where_it_is_not_plain() {
        let form =
            |form: &str, ar: &str, bn: &str| format!("day.{form}|{{0}} d|{{0}}|{ar}|{bn}|{{0}}");
        let mut rows: Vec<String> = CATEGORIES
            .iter()
            .map(|name| form(name, "{0}", "{0}"))
            .collect();
        let all = |rows: &[String]| found(&rows.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(all(&rows).is_empty());
        rows[1] = form("one", "a day", "{0}");
        assert!(all(&rows).is_empty());
        rows[1] = form("one", "a day", "a day");
        let wanted = "must have {0} once, and no other placeholder";
        assert_eq!(all(&rows), [format!("day.one: bn {wanted}")]);
        rows[1] = form("one", "{0}", "{0}");
        rows[5] = form("other", "days", "{0}");
        assert_eq!(all(&rows), [format!("day.other: ar {wanted}")]);
        rows.pop();
        assert_eq!(all(&rows), ["day: the form other is missing"]);
    }
}
