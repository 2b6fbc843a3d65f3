//! `driver.json`: a license as a clerk writes it down, and as `verify --json` shows it.
//!
//! [`from_clerk`] reads what a clerk brings: it names the field that is wrong and what to write
//! instead, and tells what it changed in the texts. [`to_json`] writes a license in the same form,
//! and [`parse`] reads that back.

mod categories;
mod dates;
mod fields;
mod size;
mod text;

use std::cell::RefCell;

use serde_json::{Value, json};
use vidimus_credential::text::{MAX_LICENSE_NUMBER, MAX_NAME};
use vidimus_credential::{License, LicenseFields, UnixTime, UtcOffset};

pub use dates::DateFault;
use fields::{Fields, Reading};
pub use size::too_much;
pub use text::CharacterFault;
pub(crate) use text::{is_clean, is_legible};

use crate::unique_keys::{self, Kind, Shape};

const SHAPE: Shape = Shape {
    fields: &[
        "family_name",
        "given_names",
        "birth_date",
        "license_number",
        "issue_date",
        "expiry_date",
        "issuing_country",
        "utc_offset",
        "categories",
    ],
    rows: "categories",
    row_fields: &["code", "from", "until", "restrictions"],
};

/// Which field of `driver.json` is wrong, and how. Of a field's content it never holds more than
/// one character.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("driver.json: {}{fault}", place(.field))]
pub struct FormError {
    /// The field's name, as `categories[0].from`; empty for the whole file.
    pub field: String,
    /// What is wrong with it, and what to do.
    pub fault: FormFault,
}

/// What can be wrong with a field. Lines and columns count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormFault {
    /// The file is empty.
    #[error("is empty: write one license into it, as {{\"family_name\": ...}}")]
    Nothing,
    /// The file is UTF-16.
    #[error("is saved as UTF-16: save it as UTF-8")]
    Utf16,
    /// The file is in another encoding than UTF-8.
    #[error(
        "is not saved as UTF-8 (byte {byte:02X} in line {line}, column {column}): save it as UTF-8"
    )]
    NotUtf8 {
        /// Line of the first wrong byte.
        line: usize,
        /// Column of the first wrong byte, in characters.
        column: usize,
        /// The first byte that is not UTF-8.
        byte: u8,
    },
    /// The file is not JSON.
    #[error("is not JSON (line {line}, column {column}): check commas and quotes there")]
    NotJson {
        /// Line of the fault.
        line: usize,
        /// Column of the fault.
        column: usize,
    },
    /// A text has one of the two `\u` escapes of a character, and not the other.
    #[error(
        "has half of a character written as \\u (line {line}, column {column}): write both halves, or the character itself"
    )]
    HalfCharacter {
        /// Line of the fault.
        line: usize,
        /// Column of the fault.
        column: usize,
    },
    /// A field is there twice.
    #[error("is there twice (line {line}, column {column}): leave one of them")]
    Twice {
        /// Line of the second one.
        line: usize,
        /// Column of the second one.
        column: usize,
    },
    /// The field is none of the format's.
    #[error(
        "is not a field of this file (line {line}, column {column}): remove it, or check its spelling"
    )]
    NotAField {
        /// Line of its name.
        line: usize,
        /// Column of its name.
        column: usize,
    },
    /// Another JSON type is needed.
    #[error("must be {0}")]
    Type(&'static str),
    /// The field is not there.
    #[error("is missing: add it")]
    Missing,
    /// The text is not a date as this file writes them.
    #[error(transparent)]
    Date(#[from] DateFault),
    /// A birth after today.
    #[error("is after today: check the year")]
    Future,
    /// A date lies before the one that it cannot lie before.
    #[error("must not be before `{0}`")]
    Before(&'static str),
    /// Not an offset from UTC.
    #[error(
        "must be the standard time of the seat as \"+08:00\" or \"-03:30\", from -12:00 to +14:00"
    )]
    Offset,
    /// The text is empty where it may not be.
    #[error("must not be empty")]
    Empty,
    /// The text has only what cannot be seen.
    #[error(
        "has nothing that can be seen: write it with letters or numbers, or leave a name that there is none of as \"\""
    )]
    Blank,
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
    /// The text has a character that is not signed.
    #[error("has U+{:04X}, which is {fault}", u32::from(*.c))]
    Character {
        /// The character that is refused; it is the only content that an error holds.
        c: char,
        /// Why it is not signed.
        fault: CharacterFault,
    },
    /// The text has more marks on one letter than any language writes.
    #[error("has more than {max} marks on one letter: leave those that belong there")]
    Marks {
        /// The most that are taken.
        max: usize,
    },
    /// Not a country code.
    #[error("must be a two-letter country code in capitals, such as \"DE\"")]
    Country,
    /// Too few or too many members.
    #[error("must have {min} to {max} members")]
    Count {
        /// The smallest number of members that is allowed.
        min: usize,
        /// The largest number of members that is allowed.
        max: usize,
    },
    /// The same code is in an earlier row, and both are in force on some day.
    #[error(
        "overlaps `categories[{other}]`: give the two rows of this code dates that do not meet, or leave one"
    )]
    Overlap {
        /// Index of the earlier row, from 0.
        other: usize,
    },
    /// The license does not fit the code that is shown at the roadside.
    #[error(
        "must become shorter: the license is {excess} bytes too long for a code that every reader can scan (family_name takes {family_name} bytes, given_names {given_names}, license_number {license_number}, categories {categories})"
    )]
    TooMuch {
        /// How many bytes have to go.
        excess: usize,
        /// Bytes of the family name.
        family_name: usize,
        /// Bytes of the given names.
        given_names: usize,
        /// Bytes of the license number.
        license_number: usize,
        /// Bytes of the categories with dates and restrictions.
        categories: usize,
    },
    /// The whole breaks another rule of the wire profile.
    #[error("breaks the token profile ({0})")]
    Profile(vidimus_credential::Error),
}

impl FormFault {
    /// The same of a date that may be left open: a year far away is how other registers say that.
    fn of_an_end(self) -> Self {
        match self {
            Self::Date(DateFault::Year(year)) if year > 2199 => Self::Date(DateFault::NoEnd(year)),
            other => other,
        }
    }
}

fn place(field: &str) -> String {
    if field.is_empty() {
        "the file ".to_owned()
    } else {
        format!("`{field}` ")
    }
}

fn fault<T>(field: &str, wrong: impl Into<FormFault>) -> Result<T, FormError> {
    Err(FormError {
        field: field.to_owned(),
        fault: wrong.into(),
    })
}

/// What the desk knows when a clerk brings a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Desk {
    /// The offset of the authority's seat, for files that do not say their own.
    pub utc_offset: UtcOffset,
    /// The time of the desk's clock.
    pub now: UnixTime,
}

/// A license as it will be signed, and what the clerk must be told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// The license; rows of equal dates and restrictions are one row.
    pub license: License,
    /// Each change of a text, in the order of the fields.
    pub notes: Vec<TextNote>,
}

/// One change of a text that a clerk must be told, for a signed name must be the lawful one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}`: {kind}")]
pub struct TextNote {
    /// The field's name, as `categories[0].code`.
    pub field: String,
    /// What was changed in the field's text.
    pub kind: TextChange,
}

/// What was changed in a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextChange {
    /// Blanks at the ends were left out.
    #[error("blanks at its ends were left out")]
    Trimmed,
    /// A character has another, equal code in Unicode, which is what is signed.
    #[error(
        "{} is signed as {}, which Unicode calls the same: compare how it looks",
        points(std::slice::from_ref(.typed)),
        points(&.written.chars().collect::<Vec<_>>())
    )]
    Replaced {
        /// The character as the clerk typed it.
        typed: char,
        /// The equal text that is signed instead.
        written: String,
    },
    /// Letters and their marks were joined into single characters.
    #[error("letters and their marks were joined (Unicode's form NFC); it looks the same")]
    Composed,
}

fn points(text: &[char]) -> String {
    let points = text.iter().map(|c| format!("U+{:04X}", u32::from(*c)));
    points.collect::<Vec<_>>().join(" ")
}

/// Reads the `driver.json` that a clerk brings (profile, sections "Dates", "Text" and "License").
///
/// What is only equal in Unicode's eyes is brought into the form that is signed, and noted; nothing
/// else is changed. The caller must still see that the license fits ([`too_much`]) and has not
/// ended, and show the notes.
///
/// # Errors
/// The first field that is wrong, with what to do about it.
pub fn from_clerk(json: &[u8], desk: &Desk) -> Result<Application, FormError> {
    read(json, Some(desk))
}

/// Reads back what [`to_json`] wrote: the same license, by the rules that readers go by.
///
/// A clerk's own file goes through [`from_clerk`], which is stricter.
///
/// # Errors
/// The first field that is wrong, with what to do about it.
pub fn parse(json: &[u8]) -> Result<License, FormError> {
    read(json, None).map(|entry| entry.license)
}

fn read(json: &[u8], desk: Option<&Desk>) -> Result<Application, FormError> {
    let value = value(json)?;
    let Value::Object(map) = &value else {
        return fault("", FormFault::Type("one JSON object"));
    };
    let reading = Reading {
        desk,
        notes: RefCell::new(Vec::new()),
    };
    let file = Fields {
        reading: &reading,
        prefix: "",
        map,
    };
    let utc_offset = file.utc_offset("utc_offset")?;
    let fields = LicenseFields {
        family_name: file.text("family_name", MAX_NAME, true)?,
        given_names: file.text("given_names", MAX_NAME, true)?,
        birth_date: file.birth_date("birth_date")?,
        license_number: file.number("license_number", MAX_LICENSE_NUMBER)?,
        issue_date: file.date("issue_date")?,
        expiry_date: file.optional_date("expiry_date")?,
        issuing_country: file.country("issuing_country")?,
        categories: categories::read(&file)?,
        utc_offset,
    };
    if fields.family_name.is_empty() && fields.given_names.is_empty() {
        return fault("family_name", FormFault::NoName);
    }
    let birth = fields.birth_date.first_day();
    if desk.is_some_and(|desk| birth > desk.now.day_at(utc_offset)) {
        return fault("birth_date", FormFault::Future);
    }
    if fields.issue_date < birth {
        return fault("issue_date", FormFault::Before("birth_date"));
    }
    if fields
        .expiry_date
        .is_some_and(|expiry| expiry < fields.issue_date)
    {
        return fault("expiry_date", FormFault::Before("issue_date"));
    }
    let license = License::new(fields).map_err(|error| FormError {
        field: String::new(),
        fault: FormFault::Profile(error),
    })?;
    Ok(Application {
        license,
        notes: reading.notes.into_inner(),
    })
}

/// The file as JSON, with its place where it is none.
fn value(json: &[u8]) -> Result<Value, FormError> {
    let whole_file = |wrong| fault("", wrong);
    // Editors of one large system begin UTF-8 files with a byte order mark.
    let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
    if json.starts_with(b"\xff\xfe") || json.starts_with(b"\xfe\xff") || json.contains(&0) {
        return whole_file(FormFault::Utf16);
    }
    let text = match std::str::from_utf8(json) {
        Ok(text) => text,
        Err(error) => {
            let (good, bad) = json.split_at(error.valid_up_to());
            let good = String::from_utf8_lossy(good);
            let last_line = good.rsplit('\n').next().unwrap_or_default();
            return whole_file(FormFault::NotUtf8 {
                line: good.matches('\n').count() + 1,
                column: last_line.chars().count() + 1,
                byte: bad.first().copied().unwrap_or_default(),
            });
        }
    };
    if text.trim().is_empty() {
        return whole_file(FormFault::Nothing);
    }
    unique_keys::read(text, SHAPE).or_else(|found| {
        let (line, column) = (found.line, found.column);
        match found.kind {
            Kind::Syntax => whole_file(FormFault::NotJson { line, column }),
            Kind::HalfCharacter => whole_file(FormFault::HalfCharacter { line, column }),
            Kind::Twice(field) => fault(&field, FormFault::Twice { line, column }),
            Kind::Stranger(field) => fault(&field, FormFault::NotAField { line, column }),
        }
    })
}

/// Writes a license with the keys of `driver.json`, one code a row; [`parse`] reads it back.
///
/// `expiry_date` is null where the license has no end, and `utc_offset` is there only where it
/// is not UTC.
#[must_use]
pub fn to_json(license: &License) -> Value {
    let mut file = json!({
        "family_name": license.family_name(),
        "given_names": license.given_names(),
        "birth_date": license.birth_date().to_string(),
        "license_number": license.license_number(),
        "issue_date": license.issue_date().to_string(),
        "expiry_date": license.expiry_date().map(|day| day.to_string()),
        "issuing_country": license.issuing_country().as_str(),
        "categories": categories::to_json(license),
    });
    if let (Value::Object(map), offset) = (&mut file, license.utc_offset())
        && offset != UtcOffset::UTC
    {
        map.insert("utc_offset".to_owned(), json!(offset.to_string()));
    }
    file
}

#[cfg(test)]
mod tests;
