//! The date of birth as a register has it: a day, or a month or a year alone (profile, section 1).

use crate::discreet::debug_name_alone;
use crate::time::Day;
use crate::{Error, Field};
use core::fmt;

/// A year of the Gregorian calendar, 1800 to 2199.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Year(u16);

impl Year {
    /// The first year of the profile's dates.
    pub const MIN: Self = Self(1800);
    /// The last year of the profile's dates.
    pub const MAX: Self = Self(2199);

    /// This year.
    ///
    /// # Errors
    /// [`Error::OutOfBounds`] before 1800 or after 2199.
    pub fn new(year: i64) -> Result<Self, Error> {
        let year = Self(u16::try_from(year).map_err(|_| Error::OutOfBounds(Field::Year))?);
        if year < Self::MIN || year > Self::MAX {
            return Err(Error::OutOfBounds(Field::Year));
        }
        Ok(year)
    }

    /// The number of the year.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

debug_name_alone!(Year);

/// A month of a year, 1800-01 to 2199-12.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct YearMonth {
    year: Year,
    month: u8,
}

debug_name_alone!(YearMonth);

impl YearMonth {
    /// The month 1 to 12 of a year.
    ///
    /// # Errors
    /// [`Error::OutOfBounds`] for another month.
    pub fn new(year: Year, month: i64) -> Result<Self, Error> {
        match u8::try_from(month) {
            Ok(month @ 1..=12) => Ok(Self { year, month }),
            _ => Err(Error::OutOfBounds(Field::Month)),
        }
    }

    /// The year that the month is in.
    #[must_use]
    pub const fn year(self) -> Year {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }
}

/// When a person was born, as exactly as the register knows. Personal data: its `Debug` is its name
/// alone. Closed: the register has a day, a month or a year.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum BirthDate {
    /// The day is known.
    Day(Day),
    /// The year and the month are known.
    YearMonth(YearMonth),
    /// The year alone is known.
    Year(Year),
}

impl BirthDate {
    /// Reads `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, and nothing else. A part that is not known is left
    /// out, never written as zeros.
    ///
    /// # Errors
    /// [`Error::OutOfBounds`] for another form, no such day, or outside 1800 to 2199.
    pub fn parse_iso(text: &str) -> Result<Self, Error> {
        Self::read(text).map_err(|_| Error::OutOfBounds(Field::BirthDate))
    }

    fn read(text: &str) -> Result<Self, Error> {
        let number = |part: &str, digits: usize| {
            Some(part)
                .filter(|part| part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()))
                .and_then(|part| part.parse::<i64>().ok())
                .ok_or(Error::OutOfBounds(Field::BirthDate))
        };
        match text.split_once('-') {
            None => Year::new(number(text, 4)?).map(Self::Year),
            Some((year, month)) if !month.contains('-') => {
                let year = Year::new(number(year, 4)?)?;
                YearMonth::new(year, number(month, 2)?).map(Self::YearMonth)
            }
            Some(_) => Day::parse_iso(text).map(Self::Day),
        }
    }

    /// The first day that it can mean.
    #[must_use]
    pub fn first_day(self) -> Day {
        match self {
            Self::Day(day) => day,
            Self::YearMonth(month) => day_of(month.year, month.month, 1),
            Self::Year(year) => day_of(year, 1, 1),
        }
    }

    /// The last day that it can mean.
    #[must_use]
    pub fn last_day(self) -> Day {
        match self {
            Self::Day(day) => day,
            Self::YearMonth(month) => (28..=31)
                .rev()
                .find_map(|day| Day::from_ymd(month.year.0.into(), month.month, day).ok())
                .unwrap_or(Day::MAX),
            Self::Year(year) => day_of(year, 12, 31),
        }
    }

    /// The whole years that this person has surely lived on `day`, counted from the last day that
    /// the date can mean; 0 before it. One born on 29 February is a year older on 1 March of a
    /// common year.
    #[must_use]
    pub fn age_on(self, day: Day) -> u16 {
        let (born, month, of_month) = self.last_day().ymd();
        let (year, now_month, now_of_month) = day.ymd();
        let not_yet = (now_month, now_of_month) < (month, of_month);
        u16::try_from(year - born - i32::from(not_yet)).unwrap_or(0)
    }
}

/// A day of a year that is in bounds.
fn day_of(year: Year, month: u8, day: u8) -> Day {
    Day::from_ymd(year.0.into(), month, day).unwrap_or(Day::MAX)
}

impl From<Day> for BirthDate {
    fn from(day: Day) -> Self {
        Self::Day(day)
    }
}

impl fmt::Display for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::YearMonth(month) => write!(f, "{:04}-{:02}", month.year.0, month.month),
            Self::Year(year) => write!(f, "{:04}", year.0),
        }
    }
}

debug_name_alone!(BirthDate);

#[cfg(test)]
mod tests {
    use super::*;

    fn born(text: &str) -> BirthDate {
        BirthDate::parse_iso(text).unwrap()
    }

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    #[test]
    fn each_form_is_written_as_it_is_read() {
        for text in [
            "1991-02-28",
            "1991-02",
            "1991",
            "1800",
            "2199-12",
            "2199-12-31",
        ] {
            assert_eq!(born(text).to_string(), text);
        }
        for text in [
            "",
            "0",
            "91",
            "1799",
            "2200",
            "1991-",
            "1991-0",
            "1991-00",
            "1991-13",
            "1991-00-00",
            "1991-02-00",
            "1991-02-30",
            "1991-2",
            "-1991",
            "1991-02-28-",
            "1991/02",
            "+991",
            "1991 ",
        ] {
            assert_eq!(
                BirthDate::parse_iso(text),
                Err(Error::OutOfBounds(Field::BirthDate)),
                "{text}"
            );
        }
    }

    #[test]
    fn it_spans_the_days_that_it_can_mean() {
        for (text, first, last) in [
            ("1991-02-28", "1991-02-28", "1991-02-28"),
            ("1991-02", "1991-02-01", "1991-02-28"),
            ("1992-02", "1992-02-01", "1992-02-29"),
            ("1992-04", "1992-04-01", "1992-04-30"),
            ("2199-12", "2199-12-01", "2199-12-31"),
            ("1800", "1800-01-01", "1800-12-31"),
        ] {
            assert_eq!(born(text).first_day(), day(first), "{text}");
            assert_eq!(born(text).last_day(), day(last), "{text}");
        }
    }

    #[test]
    fn an_age_is_reached_on_the_last_possible_birthday() {
        for (text, on, age) in [
            ("1991-02-28", "2009-02-27", 17),
            ("1991-02-28", "2009-02-28", 18),
            ("1992-02-29", "2010-02-28", 17),
            ("1992-02-29", "2010-03-01", 18),
            ("1991-02", "2009-02-27", 17),
            ("1991-02", "2009-02-28", 18),
            ("1991", "2009-12-30", 17),
            ("1991", "2009-12-31", 18),
            ("1991", "1991-06-01", 0),
            ("1991", "1990-06-01", 0),
        ] {
            assert_eq!(born(text).age_on(day(on)), age, "{text} on {on}");
        }
    }

    #[test]
    fn its_debug_shows_nothing_of_it() {
        assert_eq!(format!("{:?}", born("1991-02-28")), "BirthDate(..)");
    }
}
