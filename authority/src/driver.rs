//! `driver.json`: a license as a clerk writes it down, and as `verify --json` shows it.
//!
//! Reading names the field that is wrong and what to write instead. Text is brought into Unicode's
//! NFC form first: keyboards for Bengali or Hindi produce other forms of the same letters.

use serde_json::{Map, Value, json};
use unicode_normalization::UnicodeNormalization;
use vidimus_credential::text::{
    MAX_CATEGORY, MAX_LICENSE_NUMBER, MAX_NAME, MAX_RESTRICTION, check_text,
};
use vidimus_credential::{BirthDate, Category, Country, Day, License, LicenseFields, UtcOffset};

use crate::distinct::Distinct;

/// The most categories of a license.
const MAX_CATEGORIES: usize = 24;
/// The most restrictions of a category.
const MAX_RESTRICTIONS: usize = 8;

const FIELDS: [&str; 8] = [
    "family_name",
    "given_names",
    "birth_date",
    "license_number",
    "issue_date",
    "expiry_date",
    "issuing_country",
    "categories",
];
const CATEGORY_FIELDS: [&str; 4] = ["code", "from", "until", "restrictions"];

/// Which field of `driver.json` is wrong, and how. Never holds a field's content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("driver.json: {}{problem}", place(.field))]
pub struct DriverError {
    /// The field's name, as `categories[0].from`; empty for the whole file.
    pub field: String,
    /// What is wrong with it, and what to do.
    pub problem: DriverProblem,
}

/// What can be wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DriverProblem {
    /// The file is not JSON in UTF-8.
    #[error(
        "is not JSON (line {line}, column {column}): check commas, quotes and that it is saved as UTF-8"
    )]
    NotJson {
        /// Line of the fault, from 1.
        line: usize,
        /// Column of the fault, from 1.
        column: usize,
    },
    /// A field stands there twice.
    #[error("has a field twice (line {line}, column {column}): leave one of them")]
    Twice {
        /// Line of the second one, from 1.
        line: usize,
        /// Column of the second one, from 1.
        column: usize,
    },
    /// Another JSON type is needed.
    #[error("must be {0}")]
    Type(&'static str),
    /// The field is not there.
    #[error("is missing: add it")]
    Missing,
    /// The field is none of the format's.
    #[error("is not a field of this file: remove it, or check its spelling")]
    NotAField,
    /// Not a date of the profile.
    #[error("must be a date between 1800 and 2199 written as \"1991-02-28\"")]
    Date,
    /// The text is empty where it may not be.
    #[error("must not be empty")]
    Empty,
    /// Both names are empty.
    #[error("and `given_names` must not both be empty: write the whole name in one of them")]
    NoName,
    /// The text is too long.
    #[error("is {length} bytes long in UTF-8, and {max} is the most: shorten it")]
    TooLong {
        /// The length that was found.
        length: usize,
        /// The longest that is allowed.
        max: usize,
    },
    /// The text has a character that the profile refuses.
    #[error(
        "has a character that is not allowed (a control, a line break, a direction mark, or one that Unicode 16 does not have): type it again"
    )]
    Characters,
    /// Not a country code.
    #[error("must be a two-letter country code in capitals, such as \"DE\"")]
    Country,
    /// Too few or too many members.
    #[error("must have {min} to {max} members")]
    Count {
        /// The fewest.
        min: usize,
        /// The most.
        max: usize,
    },
    /// A date lies before the one that it cannot lie before.
    #[error("must not be before `{0}`")]
    Before(&'static str),
    /// The whole breaks another rule of the wire profile.
    #[error("breaks the token profile ({0})")]
    Profile(vidimus_credential::Error),
}

fn place(field: &str) -> String {
    if field.is_empty() {
        "the file ".to_owned()
    } else {
        format!("`{field}` ")
    }
}

fn fault<T>(field: &str, problem: DriverProblem) -> Result<T, DriverError> {
    Err(DriverError {
        field: field.to_owned(),
        problem,
    })
}

/// Reads `driver.json`.
///
/// # Errors
/// The first field that is wrong, with what to do about it.
pub fn parse(json: &[u8]) -> Result<License, DriverError> {
    // Editors of one large system begin UTF-8 files with a byte order mark.
    let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
    let value: Value = match serde_json::from_slice::<Distinct>(json)
        .and_then(|Distinct| serde_json::from_slice(json))
    {
        Ok(value) => value,
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            let problem = match error.classify() {
                serde_json::error::Category::Data => DriverProblem::Twice { line, column },
                _ => DriverProblem::NotJson { line, column },
            };
            return fault("", problem);
        }
    };
    let Value::Object(file) = &value else {
        return fault("", DriverProblem::Type("one JSON object"));
    };
    let file = Fields {
        prefix: "",
        map: file,
    };
    file.only(&FIELDS)?;
    let fields = LicenseFields {
        family_name: file.text("family_name", MAX_NAME, true)?,
        given_names: file.text("given_names", MAX_NAME, true)?,
        birth_date: BirthDate::Day(file.date("birth_date")?),
        license_number: file.text("license_number", MAX_LICENSE_NUMBER, false)?,
        issue_date: file.date("issue_date")?,
        expiry_date: Some(file.date("expiry_date")?),
        issuing_country: file.country("issuing_country")?,
        categories: categories(&file)?,
        utc_offset: UtcOffset::UTC,
    };
    if fields.family_name.is_empty() && fields.given_names.is_empty() {
        return fault("family_name", DriverProblem::NoName);
    }
    if fields.issue_date < fields.birth_date.first_day() {
        return fault("issue_date", DriverProblem::Before("birth_date"));
    }
    if fields
        .expiry_date
        .is_some_and(|expiry| expiry < fields.issue_date)
    {
        return fault("expiry_date", DriverProblem::Before("issue_date"));
    }
    License::new(fields).map_err(|error| DriverError {
        field: String::new(),
        problem: DriverProblem::Profile(error),
    })
}

/// Writes a license with the keys of `driver.json`; [`parse`] reads it back.
#[must_use]
pub fn to_json(license: &License) -> Value {
    let categories: Vec<Value> = license
        .codes()
        .map(|(code, category)| category_to_json(code, category))
        .collect();
    let mut value = json!({
        "family_name": license.family_name(),
        "given_names": license.given_names(),
        "birth_date": license.birth_date().to_string(),
        "license_number": license.license_number(),
        "issue_date": license.issue_date().to_string(),
        "expiry_date": license.expiry_date().map(|day| day.to_string()),
        "issuing_country": license.issuing_country().as_str(),
        "categories": categories,
    });
    if let (Value::Object(map), true) = (&mut value, license.utc_offset() != UtcOffset::UTC) {
        let offset = license.utc_offset().to_string();
        map.insert("utc_offset".to_owned(), Value::String(offset));
    }
    value
}

fn category_to_json(code: &str, category: &Category) -> Value {
    let date = |day: Option<Day>| day.map(|day| day.to_string());
    let mut value =
        json!({ "code": code, "from": date(category.from()), "until": date(category.until()) });
    if let (Value::Object(map), false) = (&mut value, category.restrictions().is_empty()) {
        map.insert("restrictions".to_owned(), json!(category.restrictions()));
    }
    value
}

fn categories(file: &Fields<'_>) -> Result<Vec<Category>, DriverError> {
    let list = file.array("categories", 1, MAX_CATEGORIES)?;
    list.iter()
        .enumerate()
        .map(|(index, value)| category(&format!("categories[{index}]"), value))
        .collect()
}

fn category(name: &str, value: &Value) -> Result<Category, DriverError> {
    let Value::Object(map) = value else {
        return fault(
            name,
            DriverProblem::Type(
                "an object such as {\"code\": \"B\", \"from\": null, \"until\": null}",
            ),
        );
    };
    let prefix = format!("{name}.");
    let fields = Fields {
        prefix: &prefix,
        map,
    };
    fields.only(&CATEGORY_FIELDS)?;
    let code = fields.text("code", MAX_CATEGORY, false)?;
    let from = fields.optional_date("from")?;
    let until = fields.optional_date("until")?;
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        return fault(&fields.name("until"), DriverProblem::Before("from"));
    }
    let mut restrictions = Vec::new();
    if fields
        .map
        .get("restrictions")
        .is_some_and(|value| !value.is_null())
    {
        for (index, value) in fields
            .array("restrictions", 1, MAX_RESTRICTIONS)?
            .iter()
            .enumerate()
        {
            let name = fields.name(&format!("restrictions[{index}]"));
            restrictions.push(text(&name, value, MAX_RESTRICTION, false)?);
        }
    }
    Category::new(code, from, until, restrictions).map_err(|error| DriverError {
        field: name.to_owned(),
        problem: DriverProblem::Profile(error),
    })
}

/// One JSON object, and the place of its fields in the file.
struct Fields<'a> {
    prefix: &'a str,
    map: &'a Map<String, Value>,
}

impl Fields<'_> {
    fn name(&self, field: &str) -> String {
        format!("{}{field}", self.prefix)
    }

    fn only(&self, known: &[&str]) -> Result<(), DriverError> {
        let Some(stranger) = self.map.keys().find(|key| !known.contains(&key.as_str())) else {
            return Ok(());
        };
        // A key is shown where it looks like one; anything longer could be a person's data in the wrong place.
        let plain = stranger.len() <= 32
            && stranger
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        fault(
            &self.name(if plain { stranger } else { "?" }),
            DriverProblem::NotAField,
        )
    }

    fn value(&self, field: &str) -> Result<&Value, DriverError> {
        self.map
            .get(field)
            .map_or_else(|| fault(&self.name(field), DriverProblem::Missing), Ok)
    }

    fn text(&self, field: &str, max: usize, may_be_empty: bool) -> Result<String, DriverError> {
        text(&self.name(field), self.value(field)?, max, may_be_empty)
    }

    fn date(&self, field: &str) -> Result<Day, DriverError> {
        date(&self.name(field), self.value(field)?)
    }

    fn optional_date(&self, field: &str) -> Result<Option<Day>, DriverError> {
        match self.value(field)? {
            Value::Null => Ok(None),
            value => date(&self.name(field), value).map(Some),
        }
    }

    fn country(&self, field: &str) -> Result<Country, DriverError> {
        let country = self
            .value(field)?
            .as_str()
            .and_then(|text| Country::parse(text).ok());
        country.map_or_else(|| fault(&self.name(field), DriverProblem::Country), Ok)
    }

    fn array(&self, field: &str, min: usize, max: usize) -> Result<&[Value], DriverError> {
        match self.value(field)? {
            Value::Array(list) if (min..=max).contains(&list.len()) => Ok(list),
            Value::Array(_) => fault(&self.name(field), DriverProblem::Count { min, max }),
            _ => fault(&self.name(field), DriverProblem::Type("an array [...]")),
        }
    }
}

fn text(name: &str, value: &Value, max: usize, may_be_empty: bool) -> Result<String, DriverError> {
    let Value::String(text) = value else {
        return fault(name, DriverProblem::Type("text in quotes"));
    };
    // Normalizing grows a text at most threefold; what is far too long is not worth the work.
    if text.len() > max * 4 {
        return fault(
            name,
            DriverProblem::TooLong {
                length: text.len(),
                max,
            },
        );
    }
    let text: String = text.nfc().collect();
    if text.is_empty() && !may_be_empty {
        return fault(name, DriverProblem::Empty);
    }
    if text.len() > max {
        return fault(
            name,
            DriverProblem::TooLong {
                length: text.len(),
                max,
            },
        );
    }
    match check_text(&text, max, may_be_empty) {
        Ok(()) => Ok(text),
        Err(_) => fault(name, DriverProblem::Characters),
    }
}

fn date(name: &str, value: &Value) -> Result<Day, DriverError> {
    let day = value.as_str().and_then(|text| Day::parse_iso(text).ok());
    day.map_or_else(|| fault(name, DriverProblem::Date), Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Value {
        json!({
            "family_name": "Okonkwo-Łęcka", "given_names": "Adaeze 愛", "birth_date": "1991-02-28",
            "license_number": "ZZ-1029384756", "issue_date": "2024-05-01", "expiry_date": "2034-04-30",
            "issuing_country": "ZZ",
            "categories": [
                { "code": "B", "from": "2010-03-01", "until": null, "restrictions": ["01.06", "78"] },
                { "code": "A1", "from": null, "until": "2034-04-30" }
            ]
        })
    }

    fn error_of(value: &Value) -> DriverError {
        parse(value.to_string().as_bytes()).err().unwrap()
    }

    fn with(pointer: &str, value: Value) -> Value {
        let mut file = example();
        *file.pointer_mut(pointer).unwrap() = value;
        file
    }

    #[test]
    fn a_license_survives_the_round_trip_through_json() {
        let license = parse(example().to_string().as_bytes()).ok().unwrap();
        assert_eq!(to_json(&license), example());
        assert!(parse(format!("\u{feff}{}", example()).as_bytes()).is_ok());
    }

    #[test]
    fn letters_typed_in_another_unicode_form_are_brought_into_nfc() {
        for (typed, nfc) in [
            ("e\u{301}", "\u{e9}"),
            (
                "\u{9ac}\u{9dc}\u{9c1}\u{9df}\u{9be}",
                "\u{9ac}\u{9a1}\u{9bc}\u{9c1}\u{9af}\u{9bc}\u{9be}",
            ),
        ] {
            let license = parse(with("/family_name", json!(typed)).to_string().as_bytes())
                .ok()
                .unwrap();
            assert_eq!(license.family_name(), nfc);
        }
    }

    #[test]
    fn every_script_of_a_name_is_taken() {
        for name in [
            "محمد بن سلمان",
            "אברהם",
            "王小明",
            "กิตติพงษ์",
            "Ἀλέξανδρος",
            "Đặng Thị Hồng",
            "ክፍሌ",
            "さくら",
            "किशोर",
            "நாராயணன்",
            "‌می‌خواهم",
        ] {
            assert!(
                parse(with("/family_name", json!(name)).to_string().as_bytes()).is_ok(),
                "{name}"
            );
        }
    }

    #[test]
    fn a_missing_field_is_named() {
        for field in FIELDS {
            let mut file = example();
            file.as_object_mut().unwrap().remove(field);
            assert_eq!(
                error_of(&file),
                DriverError {
                    field: field.to_owned(),
                    problem: DriverProblem::Missing
                }
            );
        }
        let mut file = example();
        file["categories"][1]
            .as_object_mut()
            .unwrap()
            .remove("until");
        assert_eq!(error_of(&file).field, "categories[1].until");
    }

    #[test]
    fn a_field_that_stands_twice_is_refused_wherever_it_stands() {
        let file = example().to_string();
        for (once, twice) in [
            (r#""family_name":"#, r#""family_name":"A","family_name":"#),
            (
                r#""family_name":"#,
                r#""\u0066amily_name":"A","family_name":"#,
            ),
            (r#""code":"B""#, r#""code":"B","code":"C""#),
        ] {
            let error = parse(file.replacen(once, twice, 1).as_bytes())
                .err()
                .unwrap();
            assert!(
                matches!(error.problem, DriverProblem::Twice { line: 1, .. }),
                "{error}"
            );
        }
    }

    #[test]
    fn a_wrong_field_is_named_with_its_problem() {
        let cases = [
            (
                "/family_name",
                json!(7),
                "family_name",
                DriverProblem::Type("text in quotes"),
            ),
            (
                "/family_name",
                json!("a".repeat(65)),
                "family_name",
                DriverProblem::TooLong {
                    length: 65,
                    max: 64,
                },
            ),
            (
                "/family_name",
                json!("a\nb"),
                "family_name",
                DriverProblem::Characters,
            ),
            (
                "/family_name",
                json!("a\u{202e}b"),
                "family_name",
                DriverProblem::Characters,
            ),
            (
                "/license_number",
                json!(""),
                "license_number",
                DriverProblem::Empty,
            ),
            (
                "/birth_date",
                json!("1991-02-29"),
                "birth_date",
                DriverProblem::Date,
            ),
            (
                "/birth_date",
                json!("28.02.1991"),
                "birth_date",
                DriverProblem::Date,
            ),
            (
                "/birth_date",
                json!("2024-05-02"),
                "issue_date",
                DriverProblem::Before("birth_date"),
            ),
            (
                "/expiry_date",
                json!("2024-04-30"),
                "expiry_date",
                DriverProblem::Before("issue_date"),
            ),
            (
                "/issuing_country",
                json!("zz"),
                "issuing_country",
                DriverProblem::Country,
            ),
            (
                "/categories",
                json!([]),
                "categories",
                DriverProblem::Count { min: 1, max: 24 },
            ),
            (
                "/categories",
                json!({}),
                "categories",
                DriverProblem::Type("an array [...]"),
            ),
            (
                "/categories/0/code",
                json!("ABCDEFGHI"),
                "categories[0].code",
                DriverProblem::TooLong { length: 9, max: 8 },
            ),
            (
                "/categories/0/until",
                json!("2010-02-28"),
                "categories[0].until",
                DriverProblem::Before("from"),
            ),
            (
                "/categories/0/restrictions",
                json!([]),
                "categories[0].restrictions",
                DriverProblem::Count { min: 1, max: 8 },
            ),
            (
                "/categories/0/restrictions/1",
                json!(""),
                "categories[0].restrictions[1]",
                DriverProblem::Empty,
            ),
        ];
        for (pointer, value, field, problem) in cases {
            assert_eq!(
                error_of(&with(pointer, value)),
                DriverError {
                    field: field.to_owned(),
                    problem
                }
            );
        }
    }

    #[test]
    fn one_of_the_names_may_be_empty_but_not_both() {
        let mut file = with("/given_names", json!(""));
        assert!(parse(file.to_string().as_bytes()).is_ok());
        file["family_name"] = json!("");
        assert_eq!(error_of(&file).problem, DriverProblem::NoName);
    }

    #[test]
    fn a_stranger_among_the_fields_is_named_only_where_it_looks_like_a_field() {
        let mut file = example();
        file["surname"] = json!("x");
        assert_eq!(
            error_of(&file),
            DriverError {
                field: "surname".to_owned(),
                problem: DriverProblem::NotAField
            }
        );
        let mut file = example();
        file["categories"][0]["Adaeze 愛"] = json!("x");
        assert_eq!(error_of(&file).field, "categories[0].?");
    }

    #[test]
    fn what_is_no_json_object_is_refused_with_the_place() {
        assert_eq!(
            parse(b"{\n \"a\": }").err().unwrap().problem,
            DriverProblem::NotJson { line: 2, column: 7 }
        );
        assert!(matches!(
            parse(b"[]").err().unwrap().problem,
            DriverProblem::Type(_)
        ));
        assert!(matches!(
            parse(b"\xff").err().unwrap().problem,
            DriverProblem::NotJson { .. }
        ));
    }
}
