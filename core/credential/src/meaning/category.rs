//! What a category lets one drive, and what a restriction code asks for: keys of the table of
//! texts.
//!
//! A code means something only together with the country that issued the license: class A is all
//! motorcycles in the European Union, a heavy truck in the United States, and nothing by itself in
//! China. A wrong meaning is worse than none, so other countries than those here have none.

use crate::license::Country;

/// The countries whose licenses have the categories and codes of Directive 2006/126/EC: the
/// European Union, Iceland, Liechtenstein, Norway, Switzerland and the United Kingdom. `ZZ` is the
/// country of the examples.
const HARMONIZED: &str = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO \
                          SE SI SK IS LI NO CH GB ZZ";

/// Those of them in which T is a tractor. In Lithuania it is a trolleybus.
const TRACTORS: &str = "CZ DE EE FI HU NO PL SK ZZ";

/// The key of the words for what a category of a country lets one drive, such as `category.eu.b`.
/// None where this version does not know.
#[must_use]
pub fn category_word(country: Country, code: &str) -> Option<&'static str> {
    if country.as_str() == "CN" {
        chinese(code)
    } else if is_of(country, HARMONIZED) {
        harmonized(country, code)
    } else {
        None
    }
}

/// The key of the words for a restriction code of a country, such as `restriction.01.06`. A
/// sub-code without separate words has those of its group, and what follows a code, as the date
/// after 95, is not looked at. None where this version does not know.
#[must_use]
pub fn restriction_word(country: Country, code: &str) -> Option<&'static str> {
    if !is_of(country, HARMONIZED) {
        return None;
    }
    let (group, rest) = two_digits(code)?;
    let sub = rest.strip_prefix('.').and_then(two_digits);
    match sub {
        Some((sub, _)) => sub_code(group, sub),
        None => self::group(group),
    }
}

/// Two digits and what follows them, which is no third one: `101` is a code of one country.
fn two_digits(code: &str) -> Option<(&str, &str)> {
    let (digits, rest) = code.split_at_checked(2)?;
    let are_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    (are_digits && !rest.starts_with(|next: char| next.is_ascii_digit())).then_some((digits, rest))
}

fn is_of(country: Country, list: &str) -> bool {
    list.split(' ').any(|one| one == country.as_str())
}

fn harmonized(country: Country, code: &str) -> Option<&'static str> {
    Some(match code {
        "AM" => "category.eu.am",
        "A1" => "category.eu.a1",
        "A2" => "category.eu.a2",
        "A" => "category.eu.a",
        "B1" => "category.eu.b1",
        "B" => "category.eu.b",
        "BE" | "B+E" => "category.eu.be",
        "C1" => "category.eu.c1",
        "C1E" | "C1+E" => "category.eu.c1e",
        "C" => "category.eu.c",
        "CE" | "C+E" => "category.eu.ce",
        "D1" => "category.eu.d1",
        "D1E" | "D1+E" => "category.eu.d1e",
        "D" => "category.eu.d",
        "DE" | "D+E" => "category.eu.de",
        "T" if is_of(country, TRACTORS) => "category.eu.t",
        _ => return None,
    })
}

/// Annex 1 of Order 162 of the Ministry of Public Security, in force since 2022.
fn chinese(code: &str) -> Option<&'static str> {
    Some(match code {
        "A1" => "category.cn.a1",
        "A2" => "category.cn.a2",
        "A3" => "category.cn.a3",
        "B1" => "category.cn.b1",
        "B2" => "category.cn.b2",
        "C1" => "category.cn.c1",
        "C2" => "category.cn.c2",
        "C3" => "category.cn.c3",
        "C4" => "category.cn.c4",
        "C5" => "category.cn.c5",
        "C6" => "category.cn.c6",
        "D" => "category.cn.d",
        "E" => "category.cn.e",
        "F" => "category.cn.f",
        "M" => "category.cn.m",
        "N" => "category.cn.n",
        "P" => "category.cn.p",
        _ => return None,
    })
}

/// A sub-code; that of its group where it has no separate words.
fn sub_code(group: &str, sub: &str) -> Option<&'static str> {
    Some(match (group, sub) {
        ("01", "01") => "restriction.01.01",
        ("01", "02") => "restriction.01.02",
        ("01", "05") => "restriction.01.05",
        ("01", "06") => "restriction.01.06",
        ("01", "07") => "restriction.01.07",
        ("03", "01") => "restriction.03.01",
        ("03", "02") => "restriction.03.02",
        ("10", "02") => "restriction.10.02",
        ("79", "01") => "restriction.79.01",
        ("79", "02") => "restriction.79.02",
        ("79", "03") => "restriction.79.03",
        ("79", "04") => "restriction.79.04",
        ("79", "05") => "restriction.79.05",
        ("79", "06") => "restriction.79.06",
        // Some of these allow more, and some less.
        ("79", _) => return None,
        _ => return self::group(group),
    })
}

/// The codes of Annex I of the directive as it is since 2015, and 05, 30 and 51, which stand on
/// older licenses.
fn group(code: &str) -> Option<&'static str> {
    Some(match code {
        "01" => "restriction.01",
        "02" => "restriction.02",
        "03" => "restriction.03",
        "05" => "restriction.05",
        "10" => "restriction.10",
        "15" => "restriction.15",
        "20" => "restriction.20",
        "25" => "restriction.25",
        "30" => "restriction.30",
        "31" => "restriction.31",
        "32" => "restriction.32",
        "33" => "restriction.33",
        "35" => "restriction.35",
        "40" => "restriction.40",
        "42" => "restriction.42",
        "43" => "restriction.43",
        "44" => "restriction.44",
        "45" => "restriction.45",
        "46" => "restriction.46",
        "47" => "restriction.47",
        "50" => "restriction.50",
        "51" => "restriction.51",
        "61" => "restriction.61",
        "62" => "restriction.62",
        "63" => "restriction.63",
        "64" => "restriction.64",
        "65" => "restriction.65",
        "66" => "restriction.66",
        "67" => "restriction.67",
        "68" => "restriction.68",
        "69" => "restriction.69",
        "70" => "restriction.70",
        "71" => "restriction.71",
        "73" => "restriction.73",
        "78" => "restriction.78",
        "79" => "restriction.79",
        "80" => "restriction.80",
        "81" => "restriction.81",
        "95" => "restriction.95",
        "96" => "restriction.96",
        "97" => "restriction.97",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn of(country: &str) -> Country {
        Country::parse(country).unwrap()
    }

    fn codes() -> impl Iterator<Item = String> {
        let letters = (b'A'..=b'Z').map(|letter| char::from(letter).to_string());
        letters.flat_map(|letter| {
            [
                "", "1", "2", "3", "4", "5", "6", "E", "M", "1E", "+E", "1+E",
            ]
            .map(|end| format!("{letter}{end}"))
        })
    }

    #[test]
    fn every_meaning_has_words_in_the_table_and_every_word_there_is_a_meaning() {
        let table = include_str!("../../../../texts/texts.tsv");
        let keys = table.lines().filter_map(|line| line.split('\t').next());
        let wanted: BTreeSet<&str> = keys
            .filter(|key| key.starts_with("category.") || key.starts_with("restriction."))
            .collect();
        let categories = ["DE", "CN"]
            .map(of)
            .into_iter()
            .flat_map(|country| codes().filter_map(move |code| category_word(country, &code)));
        let numbers = (0..100).flat_map(|group| {
            let subs = (0..100).map(move |sub| format!("{group:02}.{sub:02}"));
            subs.chain([format!("{group:02}")])
        });
        let restrictions = numbers.filter_map(|code| restriction_word(of("DE"), &code));
        let found: BTreeSet<&str> = categories.chain(restrictions).collect();
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_class_means_what_it_means_in_the_country_that_issued_it() {
        assert_eq!(category_word(of("DE"), "A"), Some("category.eu.a"));
        assert_eq!(category_word(of("DE"), "B+E"), Some("category.eu.be"));
        assert_eq!(category_word(of("ZZ"), "C1E"), Some("category.eu.c1e"));
        assert_eq!(category_word(of("CN"), "C1"), Some("category.cn.c1"));
        assert_eq!(category_word(of("CN"), "A"), None);
        for country in ["US", "BD", "EG", "TR"] {
            assert!(codes().all(|code| category_word(of(country), &code).is_none()));
            assert_eq!(restriction_word(of(country), "01"), None);
        }
        assert_eq!(category_word(of("DE"), "T"), Some("category.eu.t"));
        assert_eq!(category_word(of("LT"), "T"), None, "a trolleybus there");
        assert_eq!(restriction_word(of("CN"), "01"), None);
        assert_eq!(category_word(of("DE"), "b"), None);
    }

    #[test]
    fn a_sub_code_is_told_by_its_group_and_what_follows_a_code_is_not_read() {
        let word = |code| restriction_word(of("FR"), code);
        assert_eq!(word("01.06"), Some("restriction.01.06"));
        assert_eq!(word("01.03"), Some("restriction.01"));
        assert_eq!(word("20.07(120N)"), Some("restriction.20"));
        assert_eq!(word("95.01.08.2028"), Some("restriction.95"));
        assert_eq!(word("64(80 km/h)"), Some("restriction.64"));
        assert_eq!(word("70.123456.NL"), Some("restriction.70"));
        assert_eq!(word("79(L≤3)"), Some("restriction.79"));
        assert_eq!(word("79.06"), Some("restriction.79.06"));
        assert_eq!(word("79.07"), None, "it may allow more");
        for other in ["101", "1", "", "0l", "é1", "98", "72", "B"] {
            assert_eq!(word(other), None, "{other}");
        }
    }
}
