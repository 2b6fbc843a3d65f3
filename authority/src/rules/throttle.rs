//! How often somebody may try to sign in: so many at once, and then evenly.
//!
//! What is slowed is a number before browsers that it is not known in, one known browser, or an
//! address. Each is counted apart, so that others' tries never slow a known browser.

use vidimus_credential::UnixTime;

/// So many tries at once, and then one each `every` seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace {
    pub(crate) burst: u64,
    pub(crate) every: u64,
}

/// Tries with one number from browsers in which it has not been used: five, and then 288 a day.
pub(crate) const NUMBER: Pace = Pace {
    burst: 5,
    every: 300,
};
/// Tries in a browser in which the driver has signed in before.
pub(crate) const BROWSER: Pace = Pace {
    burst: 10,
    every: 60,
};
/// Tries from one address, with all numbers together. An office or a provider's customers may
/// share one.
pub(crate) const ADDRESS: Pace = Pace {
    burst: 30,
    every: 20,
};

/// Counts one try. `next`: when the count is even again. Gives the new `next`, or for how many
/// seconds to wait.
pub(crate) fn take(next: UnixTime, now: UnixTime, pace: Pace) -> Result<UnixTime, u64> {
    let ahead = pace.every.saturating_mul(pace.burst);
    // A count by a clock that was ahead slows no one for longer than a full one.
    let even = next.min(now.saturating_add(ahead)).max(now);
    let then = even.saturating_add(pace.every);
    let most = now.saturating_add(ahead);
    if then > most {
        return Err(then.seconds().saturating_sub(most.seconds()));
    }
    Ok(then)
}

/// Takes one try back, which was right.
pub(crate) const fn give_back(next: UnixTime, pace: Pace) -> UnixTime {
    next.saturating_sub(pace.every)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> UnixTime {
        UnixTime::new(seconds).unwrap()
    }

    #[test]
    fn a_burst_is_taken_and_then_one_at_a_time() {
        let mut next = at(0);
        for _ in 0..5 {
            next = take(next, at(10_000), NUMBER).unwrap();
        }
        assert_eq!(take(next, at(10_000), NUMBER), Err(300));
        assert_eq!(take(next, at(10_299), NUMBER), Err(1));
        next = take(next, at(10_300), NUMBER).unwrap();
        assert_eq!(take(next, at(10_300), NUMBER), Err(300));
        let again = give_back(next, NUMBER);
        assert!(take(again, at(10_300), NUMBER).is_ok(), "a right one");
    }

    #[test]
    fn a_clock_that_was_a_year_ahead_slows_nobody_for_longer_than_a_full_count() {
        let next = at(40_000_000);
        assert_eq!(take(next, at(10_000), NUMBER), Err(300));
        assert!(take(at(10_000 + 1_500), at(10_300), NUMBER).is_ok());
    }
}
