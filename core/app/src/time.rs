//! Spans of time on a screen.

use std::time::Duration;

use vidimus_wallet::ports::Reading;

pub(crate) const SECOND: Duration = Duration::from_secs(1);
pub(crate) const MINUTE: Duration = Duration::from_secs(60);

/// The time that is left until a moment of the boot clock.
pub(crate) fn left(until: Duration, now: Reading) -> Duration {
    until.saturating_sub(now.boot)
}

/// After how long a span that is left is one of whole seconds.
pub(crate) fn to_whole(left: Duration) -> Duration {
    let whole = Duration::from_secs(left.as_secs());
    let part = left.saturating_sub(whole);
    if part.is_zero() {
        left.min(SECOND)
    } else {
        part
    }
}

/// Whole seconds; a part of one counts as one.
pub(crate) fn whole(span: Duration) -> u32 {
    let part = u64::from(span.subsec_nanos() > 0);
    u32::try_from(span.as_secs().saturating_add(part)).unwrap_or(u32::MAX)
}

/// An age in whole minutes, as it is shown.
pub(crate) fn minutes(age: Duration) -> u32 {
    u32::try_from(age.as_secs() / MINUTE.as_secs()).unwrap_or(u32::MAX)
}

/// After how long an age has one more whole minute.
pub(crate) fn to_next_minute(age: Duration) -> Duration {
    let whole = Duration::from_secs(age.as_secs() / MINUTE.as_secs() * MINUTE.as_secs());
    MINUTE.saturating_sub(age.saturating_sub(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_in_whole_minutes() {
        for (seconds, told) in [
            (0, 0),
            (59, 0),
            (60, 1),
            (119, 1),
            (3_600, 60),
            (u64::MAX, u32::MAX),
        ] {
            assert_eq!(minutes(Duration::from_secs(seconds)), told);
        }
    }
}
