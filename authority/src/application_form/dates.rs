//! Dates as people write them, each fault with its own words.

use vidimus_credential::{BirthDate, Day};

/// Why a text is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DateFault {
    /// Another form than the file's.
    #[error("must be a date written as \"1991-02-28\": year, month, day")]
    Form,
    /// Another form than a birth date's three.
    #[error(
        "must be a date written as \"1991-02-28\", or as \"1991-02\" or \"1991\" where only that is known"
    )]
    BirthForm,
    /// A month or day 00.
    #[error("has 00 in it, and no month or day has this number: write the real one")]
    Zero,
    /// A birth date's month or day 00.
    #[error(
        "has 00 in it: where the day or month is not known, leave it out (\"1991-02\" or \"1991\")"
    )]
    BirthZero,
    /// Before 1800 or after 2199.
    #[error("has the year {0}, and only 1800 to 2199 can be signed: check it")]
    Year(u16),
    /// A year after 2199 where a date may be left open.
    #[error("has the year {0}, and 2199 is the last: write null where there is no end")]
    NoEnd(u16),
    /// A month over 12.
    #[error("has the month {0}, and there are 12: write year, month, day")]
    Month(u8),
    /// A day that the month does not have.
    #[error("has the day {day}, and this month has {last}: check it")]
    Day {
        /// The number in the place of the day.
        day: u8,
        /// The last day of that month.
        last: u8,
    },
    /// 29 February of a common year.
    #[error("is 29 February of {0}, which is no leap year: check the year, or write 28 February")]
    LeapDay(u16),
}

/// Reads a day that is written as `YYYY-MM-DD`.
pub(super) fn day(text: &str) -> Result<Day, DateFault> {
    match parts(text).as_deref() {
        Some([year, month, day]) => whole(*year, *month, *day, DateFault::Zero),
        _ => Err(DateFault::Form),
    }
}

/// Reads `YYYY-MM-DD`, `YYYY-MM` or `YYYY`.
pub(super) fn birth(text: &str) -> Result<BirthDate, DateFault> {
    let parts = parts(text).ok_or(DateFault::BirthForm)?;
    match *parts.as_slice() {
        [year, month, day] => whole(year, month, day, DateFault::BirthZero).map(BirthDate::Day),
        [year, month] => {
            // The first of the month is a day of it wherever the month is one.
            whole(year, month, 1, DateFault::BirthZero)?;
            BirthDate::parse_iso(text).map_err(|_| DateFault::BirthForm)
        }
        [year] => {
            whole(year, 1, 1, DateFault::BirthZero)?;
            BirthDate::parse_iso(text).map_err(|_| DateFault::BirthForm)
        }
        _ => Err(DateFault::BirthForm),
    }
}

/// One to three numbers of 4, 2 and 2 digits; `None` for any other form.
fn parts(text: &str) -> Option<Vec<u16>> {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths = [4, 2, 2].iter().copied();
    if parts.len() > 3
        || !parts
            .iter()
            .map(|part| part.len())
            .eq(lengths.take(parts.len()))
    {
        return None;
    }
    parts
        .into_iter()
        .map(|part| {
            part.bytes()
                .all(|byte| byte.is_ascii_digit())
                .then(|| part.parse().ok())?
        })
        .collect()
}

fn whole(year: u16, month: u16, day: u16, zero: DateFault) -> Result<Day, DateFault> {
    let small = |number: u16| u8::try_from(number).unwrap_or(u8::MAX);
    let (month, day) = (small(month), small(day));
    if month == 0 || day == 0 {
        return Err(zero);
    }
    if !(1800..=2199).contains(&year) {
        return Err(DateFault::Year(year));
    }
    if month > 12 {
        return Err(DateFault::Month(month));
    }
    let of = |day| Day::from_ymd(year.into(), month, day).ok();
    match (of(day), month, day) {
        (Some(day), _, _) => Ok(day),
        (None, 2, 29) => Err(DateFault::LeapDay(year)),
        _ => {
            let last = (28..=31).rev().find(|last| of(*last).is_some());
            Err(DateFault::Day {
                day,
                last: last.unwrap_or(28),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_one_form_and_each_fault_its_own_words() {
        for good in ["1800-01-01", "1899-12-31", "2024-02-29", "2199-12-31"] {
            assert_eq!(day(good).map(|day| day.to_string()).as_deref(), Ok(good));
        }
        for (text, fault) in [
            ("", DateFault::Form),
            ("1991", DateFault::Form),
            ("1991-02", DateFault::Form),
            ("28.02.1991", DateFault::Form),
            ("1991/02/28", DateFault::Form),
            ("1991-2-28", DateFault::Form),
            ("1991-02-28T00:00:00Z", DateFault::Form),
            ("1991-02-28-01", DateFault::Form),
            ("-991-02-28", DateFault::Form),
            ("+991-02-28", DateFault::Form),
            ("１９９１-02-28", DateFault::Form),
            ("28-02-1991", DateFault::Form),
            ("1956-00-00", DateFault::Zero),
            ("1956-07-00", DateFault::Zero),
            ("1799-12-31", DateFault::Year(1799)),
            ("2200-01-01", DateFault::Year(2200)),
            ("9999-12-31", DateFault::Year(9999)),
            ("1991-13-01", DateFault::Month(13)),
            ("1991-28-02", DateFault::Month(28)),
            ("1991-02-30", DateFault::Day { day: 30, last: 28 }),
            ("2024-02-30", DateFault::Day { day: 30, last: 29 }),
            ("1991-04-31", DateFault::Day { day: 31, last: 30 }),
            ("1991-01-99", DateFault::Day { day: 99, last: 31 }),
            ("2034-02-29", DateFault::LeapDay(2034)),
            ("1900-02-29", DateFault::LeapDay(1900)),
        ] {
            assert_eq!(day(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn a_birth_date_may_leave_out_what_is_not_known() {
        for good in ["1956-07-12", "1956-07", "1956", "1800", "2199-12"] {
            let read = birth(good).map(|date| date.to_string());
            assert_eq!(read.as_deref(), Ok(good));
        }
        for (text, fault) in [
            ("1956-00-00", DateFault::BirthZero),
            ("1956-00", DateFault::BirthZero),
            ("1956-07-00", DateFault::BirthZero),
            ("1956-7", DateFault::BirthForm),
            ("56", DateFault::BirthForm),
            ("28.02.1991", DateFault::BirthForm),
            ("1991-02-28T00:00:00Z", DateFault::BirthForm),
            ("1799", DateFault::Year(1799)),
            ("0000", DateFault::Year(0)),
            ("1956-13", DateFault::Month(13)),
            ("1957-02-29", DateFault::LeapDay(1957)),
        ] {
            assert_eq!(birth(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn no_two_faults_have_the_same_words() {
        let faults = [
            DateFault::Form,
            DateFault::BirthForm,
            DateFault::Zero,
            DateFault::BirthZero,
            DateFault::Year(1799),
            DateFault::NoEnd(9999),
            DateFault::Month(13),
            DateFault::Day { day: 31, last: 30 },
            DateFault::LeapDay(2034),
        ];
        let words: std::collections::BTreeSet<_> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(words.len(), faults.len());
        assert!(DateFault::BirthZero.to_string().contains("\"1991\""));
    }
}
