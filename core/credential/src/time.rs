//! Times and dates of the profile. No code here reads a clock: the caller gives `now`.
//!
//! A time is in seconds since 1970-01-01T00:00:00Z (RFC 8392 `NumericDate`, integers alone), a date
//! in days since 1970-01-01. Both are bounded, so no sum or difference of two can overflow an
//! `i64`. A date of a license is a day of the place that issued it: [`UtcOffset`] says when that
//! day begins there.

use crate::{Error, Field};
use core::fmt;

const SECONDS_A_DAY: i64 = 86_400;

/// In summer time a place's midnight comes an hour before that of its standard time, so the first
/// day of anything begins an hour earlier.
const SUMMER_TIME_S: i64 = 3_600;

/// Seconds by which two clocks may differ, unless a reader's policy says otherwise.
pub const SKEW_S: u64 = 30;

/// A moment in seconds since 1970 UTC, from 0 to the end of the year 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(u64);

impl UnixTime {
    /// The last moment that a time may be: 9999-12-31T23:59:59Z.
    pub const MAX: Self = Self(253_402_300_799);
    /// The first moment that a time may be: 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);

    /// The moment `seconds` after 1970 UTC.
    ///
    /// # Errors
    /// [`Error::OutOfBounds`] past the year 9999.
    pub const fn new(seconds: u64) -> Result<Self, Error> {
        if seconds > Self::MAX.0 {
            return Err(Error::OutOfBounds(Field::Time));
        }
        Ok(Self(seconds))
    }

    /// Seconds since 1970 UTC.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        self.0
    }

    /// This moment and `seconds` more, at most the end of 9999.
    #[must_use]
    pub fn saturating_add(self, seconds: u64) -> Self {
        Self(self.0.saturating_add(seconds).min(Self::MAX.0))
    }

    /// `seconds` before this moment, at least 1970.
    #[must_use]
    pub const fn saturating_sub(self, seconds: u64) -> Self {
        Self(self.0.saturating_sub(seconds))
    }

    /// Whether something that lasts until the end of this second is over at `now`, by a clock that
    /// may be `skew_s` seconds fast.
    #[must_use]
    pub fn is_over(self, now: Self, skew_s: u64) -> bool {
        now > self.saturating_add(skew_s)
    }

    /// Seconds from `earlier` to this moment; negative where it is the later one.
    #[must_use]
    pub fn signed_since(self, earlier: Self) -> i64 {
        self.signed() - earlier.signed()
    }

    /// The UTC day of this moment; past 2199 the last day that the profile knows.
    #[must_use]
    pub fn day(self) -> Day {
        self.day_at(UtcOffset::UTC)
    }

    /// The day of this moment at a place; past 2199 the last day that the profile knows.
    #[must_use]
    pub fn day_at(self, offset: UtcOffset) -> Day {
        let days = (self.signed() + offset.seconds()).div_euclid(SECONDS_A_DAY);
        Day(i32::try_from(days).unwrap_or(Day::MAX.0).min(Day::MAX.0))
    }

    /// The moment so many seconds after 1970, or the nearer of [`EPOCH`](Self::EPOCH) and
    /// [`MAX`](Self::MAX).
    pub(crate) fn clamped(seconds: i64) -> Self {
        Self(u64::try_from(seconds).unwrap_or(0).min(Self::MAX.0))
    }

    /// As RFC 3339 text in UTC: `2026-11-22T18:33:44Z`.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        let (days, rest) = (self.signed() / SECONDS_A_DAY, self.signed() % SECONDS_A_DAY);
        let (year, month, day) = civil(days);
        let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }

    pub(crate) fn signed(self) -> i64 {
        // Bounded by MAX, which an i64 holds.
        i64::try_from(self.0).unwrap_or(i64::MAX)
    }
}

/// How far the clocks of a place are ahead of UTC in its standard time: -12:00 to +14:00, in
/// minutes.
///
/// ```
/// use vidimus_credential::UtcOffset;
/// let shanghai = UtcOffset::parse("+08:00")?;
/// assert_eq!(shanghai.minutes(), 480);
/// assert_eq!(shanghai.to_string(), "+08:00");
/// # Ok::<(), vidimus_credential::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct UtcOffset(i16);

impl UtcOffset {
    /// The offset of UTC itself: 0 minutes.
    pub const UTC: Self = Self(0);
    /// The furthest west: 12 hours behind UTC.
    pub const MIN: Self = Self(-720);
    /// The furthest east: 14 hours ahead of UTC.
    pub const MAX: Self = Self(840);

    /// So many minutes east of UTC.
    ///
    /// # Errors
    /// [`Error::OutOfBounds`] outside -720 to 840.
    pub fn new(minutes: i64) -> Result<Self, Error> {
        let offset =
            Self(i16::try_from(minutes).map_err(|_| Error::OutOfBounds(Field::UtcOffset))?);
        if offset < Self::MIN || offset > Self::MAX {
            return Err(Error::OutOfBounds(Field::UtcOffset));
        }
        Ok(offset)
    }

    /// Reads `+08:00` or `-03:30`, and nothing else; `+00:00` and `-00:00` are UTC.
    ///
    /// # Errors
    /// [`Error::OutOfBounds`] for another form, over 59 minutes, or outside -12:00 to +14:00.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let &[sign, h1, h2, b':', m1, m2] = text.as_bytes() else {
            return Err(Error::OutOfBounds(Field::UtcOffset));
        };
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Ok(i64::from(byte - b'0')),
            _ => Err(Error::OutOfBounds(Field::UtcOffset)),
        };
        let hours = digit(h1)? * 10 + digit(h2)?;
        let minutes = digit(m1)? * 10 + digit(m2)?;
        match sign {
            _ if minutes > 59 => Err(Error::OutOfBounds(Field::UtcOffset)),
            b'+' => Self::new(hours * 60 + minutes),
            b'-' => Self::new(-(hours * 60 + minutes)),
            _ => Err(Error::OutOfBounds(Field::UtcOffset)),
        }
    }

    /// Minutes east of UTC; negative west of it.
    #[must_use]
    pub const fn minutes(self) -> i16 {
        self.0
    }

    fn seconds(self) -> i64 {
        i64::from(self.0) * 60
    }
}

impl fmt::Display for UtcOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { '-' } else { '+' };
        let minutes = self.0.unsigned_abs();
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

/// A calendar day, 1800-01-01 to 2199-12-31 (days since 1970-01-01). It lasts to 24:00 of its
/// place, inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

impl Day {
    /// The first day of the profile: 1800-01-01.
    pub const MIN: Self = Self(-62_091);
    /// The last day of the profile: 2199-12-31.
    pub const MAX: Self = Self(84_005);

    /// The day `days` after 1970-01-01.
    ///
    /// # Errors
    /// [`Error::OutOfBounds`] before 1800 or after 2199.
    pub fn new(days: i64) -> Result<Self, Error> {
        let day = Self(i32::try_from(days).map_err(|_| Error::OutOfBounds(Field::Day))?);
        if day < Self::MIN || day > Self::MAX {
            return Err(Error::OutOfBounds(Field::Day));
        }
        Ok(day)
    }

    /// The day of this year, month (1 to 12) and day of the month (from 1), Gregorian.
    ///
    /// # Errors
    /// [`Error::OutOfBounds`] where there is no such day, or not in 1800 to 2199.
    pub fn from_ymd(year: i32, month: u8, day: u8) -> Result<Self, Error> {
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return Err(Error::OutOfBounds(Field::Day));
        }
        let days = days_from_civil(i64::from(year), i64::from(month), i64::from(day));
        // 31 April becomes 1 May: a date that does not come back was no day.
        if civil(days) != (i64::from(year), i64::from(month), i64::from(day)) {
            return Err(Error::OutOfBounds(Field::Day));
        }
        Self::new(days)
    }

    /// Reads `YYYY-MM-DD`, and nothing else.
    ///
    /// # Errors
    /// [`Error::OutOfBounds`] for another form or no such day.
    pub fn parse_iso(text: &str) -> Result<Self, Error> {
        let mut parts = text.split('-');
        let mut number = |digits: usize| {
            parts
                .next()
                .filter(|part| part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()))
                .and_then(|part| part.parse::<u16>().ok())
                .ok_or(Error::OutOfBounds(Field::Day))
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        if parts.next().is_some() {
            return Err(Error::OutOfBounds(Field::Day));
        }
        let small = |n: u16| u8::try_from(n).map_err(|_| Error::OutOfBounds(Field::Day));
        Self::from_ymd(i32::from(year), small(month)?, small(day)?)
    }

    /// Days since 1970-01-01; negative before.
    #[must_use]
    pub const fn days(self) -> i32 {
        self.0
    }

    /// Year, month (1 to 12), day of the month (from 1).
    #[must_use]
    pub fn ymd(self) -> (i32, u8, u8) {
        let (year, month, day) = civil(i64::from(self.0));
        // Day::MIN and Day::MAX bound all three.
        (
            i32::try_from(year).unwrap_or(i32::MAX),
            u8::try_from(month).unwrap_or(u8::MAX),
            u8::try_from(day).unwrap_or(u8::MAX),
        )
    }

    /// 00:00 UTC of this day, in seconds since 1970 (negative before).
    #[must_use]
    pub fn start(self) -> i64 {
        i64::from(self.0) * SECONDS_A_DAY
    }

    /// 24:00 UTC of this day, in seconds since 1970: the last moment that belongs to it.
    #[must_use]
    pub fn end(self) -> i64 {
        self.start() + SECONDS_A_DAY
    }

    /// 00:00 of this day at a place in its standard time, in seconds since 1970 (negative before).
    #[must_use]
    pub fn start_at(self, offset: UtcOffset) -> i64 {
        self.start() - offset.seconds()
    }

    /// 24:00 of this day at a place in its standard time: the last moment that belongs to it.
    #[must_use]
    pub fn end_at(self, offset: UtcOffset) -> i64 {
        self.end() - offset.seconds()
    }

    /// Whether the day has begun at a place by `now`, which may be `skew_s` seconds slow.
    ///
    /// It begins an hour before midnight, because no one says whether the place has summer time
    /// now.
    #[must_use]
    pub fn has_begun(self, now: UnixTime, offset: UtcOffset, skew_s: u64) -> bool {
        now.signed() >= self.begun_from(offset, skew_s)
    }

    /// Whether the day is over at a place by `now`, which may be `skew_s` seconds fast. In summer
    /// time this is an hour late.
    #[must_use]
    pub fn is_over(self, now: UnixTime, offset: UtcOffset, skew_s: u64) -> bool {
        now.signed() >= self.over_from(offset, skew_s)
    }

    /// The first second, since 1970, at which it [has begun](Self::has_begun).
    pub(crate) fn begun_from(self, offset: UtcOffset, skew_s: u64) -> i64 {
        (self.start_at(offset) - SUMMER_TIME_S).saturating_sub(signed(skew_s))
    }

    /// The first second, since 1970, at which it [is over](Self::is_over).
    pub(crate) fn over_from(self, offset: UtcOffset, skew_s: u64) -> i64 {
        (self.end_at(offset) + 1).saturating_add(signed(skew_s))
    }
}

/// Seconds as a signed number; more than an `i64` holds become its largest.
fn signed(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil(i64::from(self.0));
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// Days since 1970-01-01 of a Gregorian date, counted in years that begin in March so that the leap
/// day comes last.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The inverse of [`days_from_civil`].
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = (shifted_month + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_four_centuries_survives_text_and_numbers() {
        for days in Day::MIN.0..=Day::MAX.0 {
            let day = Day::new(i64::from(days)).unwrap();
            assert_eq!(Day::parse_iso(&day.to_string()).unwrap(), day);
            let (year, month, of_month) = day.ymd();
            assert_eq!(Day::from_ymd(year, month, of_month).unwrap(), day);
        }
        assert_eq!(Day::MIN.to_string(), "1800-01-01");
        assert_eq!(Day::MAX.to_string(), "2199-12-31");
        assert!(Day::new(i64::from(Day::MAX.0) + 1).is_err());
        assert!(Day::new(i64::from(Day::MIN.0) - 1).is_err());
    }

    #[test]
    fn no_such_day_is_refused() {
        for text in [
            "2023-02-29",
            "2023-04-31",
            "2023-13-01",
            "2023-00-10",
            "2023-01-00",
            "23-01-01",
        ] {
            assert_eq!(
                Day::parse_iso(text),
                Err(Error::OutOfBounds(Field::Day)),
                "{text}"
            );
        }
        for text in [
            "2023-1-01",
            "2023-01-01 ",
            "+023-01-01",
            "2023-01-01-",
            "",
            "2023/01/01",
        ] {
            assert_eq!(
                Day::parse_iso(text),
                Err(Error::OutOfBounds(Field::Day)),
                "{text}"
            );
        }
        assert!(Day::parse_iso("2024-02-29").is_ok());
    }

    fn at(seconds: i64) -> UnixTime {
        UnixTime::new(u64::try_from(seconds).unwrap()).unwrap()
    }

    #[test]
    fn a_day_lasts_to_midnight_of_its_place_inclusive_and_skew_is_added() {
        let day = Day::from_ymd(2026, 11, 22).unwrap();
        for (offset, moved) in [("+00:00", 0), ("+13:45", -49_500), ("-12:00", 43_200)] {
            let offset = UtcOffset::parse(offset).unwrap();
            let midnight = at(day.end() + moved);
            assert!(!day.is_over(midnight, offset, 0));
            assert!(day.is_over(midnight.saturating_add(1), offset, 0));
            assert!(!day.is_over(midnight.saturating_add(30), offset, 30));
            assert!(day.is_over(midnight.saturating_add(31), offset, 30));
            let start = at(day.start() + moved - 3_600);
            assert!(day.has_begun(start, offset, 0));
            assert!(!day.has_begun(start.saturating_sub(1), offset, 0));
            assert!(day.has_begun(start.saturating_sub(30), offset, 30));
            assert!(!day.has_begun(start.saturating_sub(31), offset, 30));
            assert_eq!(at(day.start() + moved).day_at(offset), day);
            assert_eq!(at(day.end() + moved - 1).day_at(offset), day);
            assert_ne!(midnight.day_at(offset), day);
        }
    }

    #[test]
    fn an_offset_is_written_and_read_in_one_form() {
        for minutes in -720..=840 {
            let offset = UtcOffset::new(minutes).unwrap();
            assert_eq!(UtcOffset::parse(&offset.to_string()), Ok(offset));
        }
        assert_eq!(UtcOffset::parse("-00:00"), Ok(UtcOffset::UTC));
        for minutes in [-721, 841, i64::MIN, i64::MAX] {
            assert_eq!(
                UtcOffset::new(minutes),
                Err(Error::OutOfBounds(Field::UtcOffset))
            );
        }
        for text in [
            "",
            "Z",
            "+8:00",
            "08:00",
            "+0800",
            "+08:60",
            "+14:01",
            "-12:01",
            "+08:00 ",
            "\u{2212}03:00",
        ] {
            assert_eq!(
                UtcOffset::parse(text),
                Err(Error::OutOfBounds(Field::UtcOffset)),
                "{text}"
            );
        }
    }

    #[test]
    fn rfc_3339_text_is_that_of_the_moment() {
        assert_eq!(
            UnixTime::new(1_795_372_424).unwrap().to_rfc3339(),
            "2026-11-22T18:33:44Z"
        );
        assert_eq!(UnixTime::MAX.to_rfc3339(), "9999-12-31T23:59:59Z");
        assert!(UnixTime::new(UnixTime::MAX.seconds() + 1).is_err());
    }
}
