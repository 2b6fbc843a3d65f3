//! The words of a screen: keys of the table of texts, and the values for their places.
//!
//! The shells have the texts in their languages. This crate has none.

/// A text of the table, with the values for its places `{0}`, `{1}` and so on. It may hold a name:
/// no `Debug`.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct Words {
    /// The key in the table of texts, such as `offer.title`.
    pub key: String,
    /// What goes into its places, in their order.
    pub values: Vec<Value>,
}

impl Words {
    /// A text without places.
    #[must_use]
    pub fn of(key: &str) -> Self {
        Self::with(key, Vec::new())
    }

    /// A text and what goes into its places.
    #[must_use]
    pub fn with(key: &str, values: Vec<Value>) -> Self {
        Self {
            key: key.to_owned(),
            values,
        }
    }
}

/// A value that the shell writes in its language. It may be personal: no `Debug`.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// A text that is not translated: a name, an address.
    Text {
        /// The text to show.
        text: String,
    },
    /// A text of the table, without places.
    Word {
        /// The key in the table of texts.
        key: String,
    },
    /// A number by itself.
    Number {
        /// The number to write.
        number: u32,
    },
    /// A number with its noun, in the plural form that the language has for it.
    Count {
        /// The key of the plural, such as `seconds`.
        key: String,
        /// The number to write.
        number: u32,
    },
    /// A day of the calendar.
    Day {
        /// The day to write.
        day: CalendarDay,
    },
    /// A month of a year.
    Month {
        /// The year of the Gregorian calendar.
        year: u16,
        /// The month, 1 to 12.
        month: u8,
    },
    /// A year of the calendar.
    Year {
        /// The year of the Gregorian calendar.
        year: u16,
    },
    /// A moment, in the zone of the phone's clock.
    Moment {
        /// Seconds since 1970, in UTC.
        seconds: u64,
    },
    /// The time of day of a moment, to the second, in the zone of the phone's clock.
    Clock {
        /// Seconds since 1970, in UTC.
        seconds: u64,
    },
    /// The day of a moment, in the zone of the phone's clock: a heading over what happened then.
    DayOf {
        /// Seconds since 1970, in UTC.
        seconds: u64,
    },
    /// How long ago something was.
    Age {
        /// The age in whole minutes.
        minutes: u32,
    },
    /// How old a status is, far from what it belongs to: `license.confirmed` with its age, or
    /// `license.never`.
    Confirmed {
        /// Whole minutes; none where no status came.
        minutes: Option<u32>,
    },
    /// What is left of a span, as `4:09`.
    Countdown {
        /// The rest in whole seconds.
        seconds: u32,
    },
    /// Several texts in a row, not translated.
    Several {
        /// The texts to show, in order.
        items: Vec<String>,
    },
}

impl Value {
    pub(crate) fn text(text: &str) -> Self {
        Self::Text {
            text: text.to_owned(),
        }
    }

    pub(crate) fn word(key: &str) -> Self {
        Self::Word {
            key: key.to_owned(),
        }
    }
}

/// A day of the calendar, as a license has it printed: in no time zone.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CalendarDay {
    /// The year of the Gregorian calendar.
    pub year: i32,
    /// The month, 1 to 12.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
}

impl From<vidimus_credential::Day> for CalendarDay {
    fn from(day: vidimus_credential::Day) -> Self {
        let (year, month, day) = day.ymd();
        Self { year, month, day }
    }
}
