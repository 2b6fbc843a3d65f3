//! How long the personal data of a license that has ended is kept.

use vidimus_credential::UnixTime;

use crate::error::Error;

/// A day, in seconds.
const DAY: i64 = 86_400;
/// The longest term, in days: a hundred years.
const MAX_DAYS: u16 = 36_500;
/// Without another setting, in days: a year. In it a license that ended by mistake can be looked
/// up, and an objection to its end be answered.
const DAYS: u16 = 365;
/// A shorter term deletes nothing in the first hour, in seconds.
const SLIP: u64 = 3_600;
/// After how many seconds, at the latest, it is looked again whether anything counts against the
/// number of a license whose data is deleted: 30 days.
const LOOK_AGAIN: i64 = 30 * DAY;

/// How long the personal data of a driver's license is kept after the license has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention(Option<u16>);

impl Retention {
    /// It is never deleted.
    pub const FOREVER: Self = Self(None);

    /// It is deleted this many days after the end: 1 to 36,500.
    ///
    /// # Errors
    /// [`Error::RetentionDays`]. 0 is refused as well, for it could be read as "at once" and as
    /// "never".
    pub fn of_days(days: u16) -> Result<Self, Error> {
        if (1..=MAX_DAYS).contains(&days) {
            Ok(Self(Some(days)))
        } else {
            Err(Error::RetentionDays { days })
        }
    }

    /// After how many days it is deleted; `None`: never.
    #[must_use]
    pub const fn days(self) -> Option<u16> {
        self.0
    }

    /// The data of licenses that ended at this time or before may be deleted at `now`; `None`: of
    /// none.
    pub(crate) fn ended_until(self, now: i64) -> Option<i64> {
        Some(now.saturating_sub(i64::from(self.0?) * DAY))
    }
}

/// From when on data is deleted where this retention follows another one at `now`: after an hour
/// where it is shorter, so that a slip can be taken back.
pub(crate) fn effective_from(former: Retention, next: Retention, now: UnixTime) -> UnixTime {
    match (former.0, next.0) {
        (_, None) => UnixTime::EPOCH,
        (Some(former), Some(next)) if former <= next => UnixTime::EPOCH,
        _ => now.saturating_add(SLIP),
    }
}

/// 365 days, where the register has no setting.
impl Default for Retention {
    fn default() -> Self {
        Self(Some(DAYS))
    }
}

/// When to look again whether anything still counts against a number: when what counts changes
/// next, and within 30 days, for another row of the number may have taken it over.
pub(crate) fn look_again(now: i64, changes: impl IntoIterator<Item = i64>) -> i64 {
    changes
        .into_iter()
        .fold(now.saturating_add(LOOK_AGAIN), i64::min)
}

/// The time that is noted as the end of a license. A clock that is behind the last signature is
/// wrong, and the end by it would lie so far back that the data is deleted at once.
pub(crate) fn ended_at(now: UnixTime, last_signed: Option<UnixTime>) -> UnixTime {
    last_signed.map_or(now, |signed| now.max(signed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_has_1_to_36500_days_and_forever_deletes_nothing() {
        for days in [0, 36_501, u16::MAX] {
            assert_eq!(
                Retention::of_days(days),
                Err(Error::RetentionDays { days }),
                "{days}"
            );
        }
        for days in [1, 36_500] {
            let term = Retention::of_days(days).unwrap();
            assert_eq!(term.days(), Some(days));
            let now = 4_000_000_000;
            assert_eq!(term.ended_until(now), Some(now - i64::from(days) * 86_400));
        }
        assert_eq!(Retention::FOREVER.ended_until(i64::MAX), None);
        assert_eq!(Retention::default().days(), Some(365));
    }

    #[test]
    fn a_shorter_term_waits_for_an_hour() {
        let now = UnixTime::new(1_000).unwrap();
        let [short, long] = [30, 365].map(|days| Retention::of_days(days).unwrap());
        let forever = Retention::FOREVER;
        for (former, next) in [(long, short), (forever, long), (forever, short)] {
            assert_eq!(effective_from(former, next, now).seconds(), 4_600);
        }
        for (former, next) in [
            (long, long),
            (short, long),
            (short, forever),
            (forever, forever),
        ] {
            assert_eq!(effective_from(former, next, now), UnixTime::EPOCH);
        }
    }

    #[test]
    fn a_number_is_looked_at_again_when_something_ends_and_within_a_month() {
        assert_eq!(look_again(100, []), 100 + 30 * 86_400);
        assert_eq!(look_again(100, [500, 300, i64::MAX]), 300);
    }

    #[test]
    fn an_end_lies_never_before_the_last_signature() {
        let at = |seconds| UnixTime::new(seconds).unwrap();
        assert_eq!(ended_at(at(100), None), at(100));
        assert_eq!(ended_at(at(100), Some(at(90))), at(100));
        assert_eq!(ended_at(at(100), Some(at(5_000))), at(5_000));
    }
}
