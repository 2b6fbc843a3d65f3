//! Which `iat` the next signature of an object gets.
//!
//! All that is signed is dated [`LEAD`] seconds before the authority's clock, so that a clock which
//! is two minutes ahead dates nothing in a reader's future. One object's `iat` only rises: two
//! signatures of it never share one. A burst of signatures of one object therefore moves its `iat`
//! towards the clock and past it, and [`MAX_AHEAD`] seconds ahead it has to wait.

use vidimus_credential::UnixTime;

/// Signed times lie this many seconds before the clock.
pub(crate) const LEAD: u64 = 150;
/// A signed time runs ahead of the clock by at most this many seconds; readers allow 30.
pub(crate) const MAX_AHEAD: u64 = 5;

/// The time that a signature made at `now` states, before what it has to follow is looked at.
pub(crate) fn dated(now: UnixTime) -> UnixTime {
    now.saturating_sub(LEAD)
}

/// The `iat` of the next signature: [`LEAD`] before the clock, not before the key's time, and later
/// than `after`, the last `iat` that this object may have had.
pub(crate) fn next(now: UnixTime, not_before: UnixTime, after: UnixTime) -> UnixTime {
    dated(now).max(not_before).max(after.saturating_add(1))
}

/// How many seconds the clock has to move on before this `iat` may be signed.
pub(crate) fn wait(iat: UnixTime, now: UnixTime) -> u64 {
    iat.seconds()
        .saturating_sub(now.saturating_add(MAX_AHEAD).seconds())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000;

    fn at(seconds: u64) -> UnixTime {
        UnixTime::new(seconds).unwrap()
    }

    fn seconds_of(not_before: u64, after: u64) -> u64 {
        next(at(NOW), at(not_before), at(after)).seconds()
    }

    #[test]
    fn a_first_signature_is_dated_before_the_clock() {
        assert_eq!(seconds_of(0, 0), NOW - LEAD);
        assert_eq!(next(at(3), UnixTime::EPOCH, UnixTime::EPOCH).seconds(), 1);
    }

    #[test]
    fn no_signature_is_older_than_its_key_or_as_old_as_the_last_one() {
        assert_eq!(seconds_of(NOW - 100, 0), NOW - 100);
        assert_eq!(seconds_of(NOW - 100, NOW - 100), NOW - 99);
        assert_eq!(seconds_of(NOW - 100, NOW - 99), NOW - 98);
        assert_eq!(seconds_of(0, NOW - LEAD), NOW - LEAD + 1);
        assert_eq!(seconds_of(0, NOW - LEAD - 1), NOW - LEAD);
    }

    #[test]
    fn a_burst_runs_up_to_five_seconds_ahead_and_then_waits() {
        let mut last = UnixTime::EPOCH;
        let mut signed = 0;
        loop {
            let iat = next(at(NOW), UnixTime::EPOCH, last);
            if wait(iat, at(NOW)) > 0 {
                break;
            }
            assert!(iat > last);
            (last, signed) = (iat, signed + 1);
        }
        assert_eq!(signed, LEAD + MAX_AHEAD + 1);
        assert_eq!(last, at(NOW + MAX_AHEAD));
        let following = next(at(NOW), UnixTime::EPOCH, last);
        assert_eq!(wait(following, at(NOW)), 1);
        assert_eq!(wait(following, at(NOW + 1)), 0);
    }
}
