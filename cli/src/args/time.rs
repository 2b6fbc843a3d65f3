//! Moments as people write them: a day, a day with its time, or seconds since 1970.

use vidimus_credential::{Day, UnixTime};

/// A moment, or a day whose beginning is meant, at the authority's seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// A second of UTC.
    Moment(UnixTime),
    /// The beginning of this day.
    Day(Day),
}

impl When {
    /// Reads `2027-03-01`, `2027-03-01T12:00:00Z`, `2027-03-01T12:00:00+08:00`, or seconds since
    /// 1970.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        Self::read(text).ok_or_else(|| {
            "a time is written as 2027-03-01, 2027-03-01T12:00:00Z or 2027-03-01T12:00:00+08:00"
                .to_owned()
        })
    }

    fn read(text: &str) -> Option<Self> {
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return UnixTime::new(text.parse().ok()?).ok().map(Self::Moment);
        }
        let Some((day, time)) = text.split_once(['T', 't', ' ']) else {
            return Day::parse_iso(text).ok().map(Self::Day);
        };
        let day = Day::parse_iso(day).ok()?;
        let (clock, offset) = split_offset(time)?;
        let mut parts = clock.split(':').map(number);
        let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
        if parts.next().is_some() || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let begin = i64::from(day.days()) * 86_400;
        let seconds = begin + hour * 3_600 + minute * 60 + second - offset * 60;
        let seconds = u64::try_from(seconds).ok()?;
        UnixTime::new(seconds).ok().map(Self::Moment)
    }

    /// Whether it says no time of day, so that the seat counts.
    pub(crate) const fn is_day(self) -> bool {
        matches!(self, Self::Day(_))
    }

    /// The moment, where a day begins this many minutes before it begins in UTC.
    pub(crate) fn at(self, minutes_east: i64) -> UnixTime {
        match self {
            Self::Moment(moment) => moment,
            Self::Day(day) => {
                let seconds = i64::from(day.days()) * 86_400 - minutes_east * 60;
                let seconds = u64::try_from(seconds).unwrap_or(0);
                UnixTime::new(seconds).unwrap_or(UnixTime::MAX)
            }
        }
    }
}

/// The time of day, and its minutes east of UTC.
fn split_offset(time: &str) -> Option<(&str, i64)> {
    if let Some(clock) = time.strip_suffix(['Z', 'z']) {
        return Some((clock, 0));
    }
    let at = time.rfind(['+', '-'])?;
    let (clock, offset) = (time.get(..at)?, time.get(at..)?);
    let (sign, digits) = match offset.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, offset.strip_prefix('+')?),
    };
    let (hours, minutes) = digits.split_once(':')?;
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours <= 14 && minutes <= 59).then_some((clock, sign * (hours * 60 + minutes)))
}

/// A number of two digits.
fn number(text: &str) -> Option<i64> {
    (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> u64 {
        When::parse(text).unwrap().at(0).seconds()
    }

    #[test]
    fn a_moment_is_read_in_the_forms_that_people_and_programs_write() {
        let noon = 1_803_902_400;
        assert_eq!(seconds("2027-03-01T12:00:00Z"), noon);
        assert_eq!(seconds("2027-03-01 20:00:00+08:00"), noon);
        assert_eq!(seconds("2027-03-01T08:30:00-03:30"), noon);
        assert_eq!(seconds("1803902400"), noon);
        assert_eq!(
            UnixTime::new(noon).unwrap().to_rfc3339(),
            "2027-03-01T12:00:00Z"
        );
    }

    #[test]
    fn a_day_begins_where_the_authority_is() {
        let day = When::parse("2027-03-01").unwrap();
        assert_eq!(day.at(0).to_rfc3339(), "2027-03-01T00:00:00Z");
        assert_eq!(day.at(480).to_rfc3339(), "2027-02-28T16:00:00Z");
        assert_eq!(day.at(-180).to_rfc3339(), "2027-03-01T03:00:00Z");
    }

    #[test]
    fn what_is_no_time_is_refused_with_how_one_is_written() {
        for wrong in [
            "",
            "soon",
            "2027-02-29",
            "2027-03-01T24:00:00Z",
            "2027-03-01T12:00:00",
            "2027-03-01T12:00Z",
            "2027-03-01T12:00:00+8:00",
            "1-3-2027",
            "253402300800",
        ] {
            assert!(
                When::parse(wrong).unwrap_err().contains("2027-03-01"),
                "{wrong}"
            );
        }
    }
}
