//! Times, lengths of time, days and numbers, which each language has its own types for.

use std::time::Duration as StdDuration;

use vidimus_credential::{Day, UnixTime};

/// A number of the other language is outside what the core takes, such as a time before 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfBounds;

/// A point in time, in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instant(pub i64);
uniffi::custom_newtype!(Instant, i64);

/// A length of time, in whole milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duration(pub i64);
uniffi::custom_newtype!(Duration, i64);

/// A day of the Gregorian calendar, without a time zone.
pub struct LocalDate(pub String);
uniffi::custom_newtype!(LocalDate, String);

/// How far the clocks of a place are ahead of universal time in its standard time, in whole
/// minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UtcOffset(pub i32);
uniffi::custom_newtype!(UtcOffset, i32);

/// A count, as each language has its usual integer for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count(pub i32);
uniffi::custom_newtype!(Count, i32);

impl From<UnixTime> for Instant {
    fn from(time: UnixTime) -> Self {
        Self(i64::try_from(time.seconds()).unwrap_or(i64::MAX))
    }
}

impl TryFrom<Instant> for UnixTime {
    type Error = OutOfBounds;

    fn try_from(instant: Instant) -> Result<Self, Self::Error> {
        u64::try_from(instant.0)
            .ok()
            .and_then(|seconds| Self::new(seconds).ok())
            .ok_or(OutOfBounds)
    }
}

impl Duration {
    pub(crate) fn of_seconds(seconds: u64) -> Self {
        Self::from(StdDuration::from_secs(seconds))
    }

    /// Whole seconds, as the core counts.
    pub(crate) fn seconds(self) -> Result<u64, OutOfBounds> {
        StdDuration::try_from(self).map(|duration| duration.as_secs())
    }
}

impl From<StdDuration> for Duration {
    fn from(duration: StdDuration) -> Self {
        Self(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))
    }
}

impl TryFrom<Duration> for StdDuration {
    type Error = OutOfBounds;

    fn try_from(duration: Duration) -> Result<Self, Self::Error> {
        u64::try_from(duration.0)
            .map(Self::from_millis)
            .map_err(|_| OutOfBounds)
    }
}

impl From<Day> for LocalDate {
    fn from(day: Day) -> Self {
        Self(day.to_string())
    }
}

impl Count {
    /// A count of what is bounded far below; one that does not fit becomes the largest.
    pub(crate) fn of(number: usize) -> Self {
        Self(i32::try_from(number).unwrap_or(i32::MAX))
    }

    pub(crate) fn to_usize(self) -> Result<usize, OutOfBounds> {
        usize::try_from(self.0).map_err(|_| OutOfBounds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_before_1970_and_negative_lengths_are_no_arguments() {
        assert!(UnixTime::try_from(Instant(-1)).is_err());
        assert!(UnixTime::try_from(Instant(i64::MAX)).is_err());
        assert!(StdDuration::try_from(Duration(-1)).is_err());
        assert_eq!(Duration::of_seconds(86_400).seconds(), Ok(86_400));
    }
}
