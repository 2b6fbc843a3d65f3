//! The fields of one JSON object, each read into its type or named with its fault.

use std::cell::RefCell;

use serde_json::{Map, Value};
use vidimus_credential::text::check_text;
use vidimus_credential::{BirthDate, Country, Day, UtcOffset};

use super::text::{self, Kind};
use super::{Desk, FormError, FormFault, TextNote, dates, fault};

/// How a file is read: at the desk, or back from the register.
pub(super) struct Reading<'a> {
    /// `None` where a license is read back: nothing is changed then, and the desk's rules are not
    /// asked.
    pub(super) desk: Option<&'a Desk>,
    pub(super) notes: RefCell<Vec<TextNote>>,
}

/// One JSON object, and the place of its fields in the file.
pub(super) struct Fields<'a> {
    pub(super) reading: &'a Reading<'a>,
    /// What comes before a field's name, as `categories[0].`.
    pub(super) prefix: &'a str,
    pub(super) map: &'a Map<String, Value>,
}

impl Fields<'_> {
    pub(super) fn name(&self, field: &str) -> String {
        format!("{}{field}", self.prefix)
    }

    fn value(&self, field: &str) -> Result<&Value, FormError> {
        self.map
            .get(field)
            .map_or_else(|| fault(&self.name(field), FormFault::Missing), Ok)
    }

    /// The value, or `None` where it is null or not there.
    fn given(&self, field: &str) -> Option<&Value> {
        self.map.get(field).filter(|value| !value.is_null())
    }

    pub(super) fn text(
        &self,
        field: &str,
        max: usize,
        may_be_empty: bool,
    ) -> Result<String, FormError> {
        let (name, value) = (self.name(field), self.value(field)?);
        self.text_of(&name, value, Kind::Name, max, may_be_empty)
    }

    /// A text that others type: everything in it can be seen.
    pub(super) fn number(&self, field: &str, max: usize) -> Result<String, FormError> {
        let (name, value) = (self.name(field), self.value(field)?);
        self.text_of(&name, value, Kind::Number, max, false)
    }

    fn text_of(
        &self,
        name: &str,
        value: &Value,
        kind: Kind,
        max: usize,
        may_be_empty: bool,
    ) -> Result<String, FormError> {
        let Value::String(typed) = value else {
            return fault(name, FormFault::Type("text in quotes"));
        };
        let Some(_) = self.reading.desk else {
            return match check_text(typed, max, may_be_empty) {
                Ok(()) => Ok(typed.clone()),
                Err(error) => fault(name, FormFault::Profile(error)),
            };
        };
        let note = |kind| {
            let field = name.to_owned();
            self.reading
                .notes
                .borrow_mut()
                .push(TextNote { field, kind });
        };
        let text = text::clean(typed, kind, max, may_be_empty, note);
        let text = text.or_else(|wrong| fault(name, wrong))?;
        match check_text(&text, max, may_be_empty) {
            Ok(()) => Ok(text),
            Err(error) => fault(name, FormFault::Profile(error)),
        }
    }

    /// Texts in an array that may be left out.
    pub(super) fn texts(
        &self,
        field: &str,
        most: usize,
        max: usize,
    ) -> Result<Vec<String>, FormError> {
        if self.given(field).is_none() {
            return Ok(Vec::new());
        }
        let texts = self.array(field, 1, most)?.iter().enumerate();
        texts
            .map(|(index, value)| {
                let name = self.name(&format!("{field}[{index}]"));
                self.text_of(&name, value, Kind::Name, max, false)
            })
            .collect()
    }

    pub(super) fn date(&self, field: &str) -> Result<Day, FormError> {
        let name = self.name(field);
        match self.value(field)?.as_str() {
            Some(text) => dates::day(text).or_else(|wrong| fault(&name, wrong)),
            None => fault(&name, dates::DateFault::Form),
        }
    }

    /// A date, or null: the field must be there, so that no one leaves an end out by mistake.
    pub(super) fn optional_date(&self, field: &str) -> Result<Option<Day>, FormError> {
        match self.value(field)? {
            Value::Null => Ok(None),
            _ => match self.date(field) {
                Err(error) => fault(&error.field, error.fault.of_an_end()),
                day => day.map(Some),
            },
        }
    }

    pub(super) fn birth_date(&self, field: &str) -> Result<BirthDate, FormError> {
        let name = self.name(field);
        match self.value(field)?.as_str() {
            Some(text) => dates::birth(text).or_else(|wrong| fault(&name, wrong)),
            None => fault(&name, dates::DateFault::BirthForm),
        }
    }

    /// The file's own offset, or the seat's.
    pub(super) fn utc_offset(&self, field: &str) -> Result<UtcOffset, FormError> {
        let Some(value) = self.given(field) else {
            let seat = self.reading.desk.map(|desk| desk.utc_offset);
            return Ok(seat.unwrap_or_default());
        };
        let offset = value.as_str().map(UtcOffset::parse);
        match offset {
            Some(Ok(offset)) => Ok(offset),
            _ => fault(&self.name(field), FormFault::Offset),
        }
    }

    pub(super) fn country(&self, field: &str) -> Result<Country, FormError> {
        let country = self
            .value(field)?
            .as_str()
            .and_then(|text| Country::parse(text).ok());
        country.map_or_else(|| fault(&self.name(field), FormFault::Country), Ok)
    }

    pub(super) fn array(&self, field: &str, min: usize, max: usize) -> Result<&[Value], FormError> {
        match self.value(field)? {
            Value::Array(list) if (min..=max).contains(&list.len()) => Ok(list),
            Value::Array(_) => fault(&self.name(field), FormFault::Count { min, max }),
            _ => fault(&self.name(field), FormFault::Type("an array [...]")),
        }
    }
}
