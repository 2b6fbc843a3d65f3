//! When a key may begin to sign, and how it ends.

use vidimus_credential::UnixTime;

use super::dating::dated;

/// A key that was announced this many seconds ago is known to readers with a list of a week ago.
pub(crate) const ANNOUNCE: u64 = 7 * 86_400;

/// What becomes of a key that signs no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It stays in the trust list for what it signed.
    Retired {
        /// The last second at which it signed.
        signed_until: UnixTime,
        /// The end of the last object that it signed.
        expires: UnixTime,
    },
    /// Nothing that it signed counts: it leaves the trust list.
    Dropped,
}

/// When the next key may take over: [`ANNOUNCE`] after the first list that named it.
pub(crate) fn ready_at(announced: UnixTime) -> UnixTime {
    announced.saturating_add(ANNOUNCE)
}

/// Ends a key that was honest. One that never signed leaves nothing behind.
pub(crate) fn retire(not_before: UnixTime, last_iat: UnixTime, life: u64) -> End {
    if last_iat < not_before {
        return End::Dropped;
    }
    End::Retired {
        signed_until: last_iat,
        expires: last_iat.saturating_add(life),
    }
}

/// The latest time that counts of what was signed by a wrong clock, where that is repaired at `now`: the
/// second before anything that is signed from now on. So nothing that was signed by the wrong clock is
/// newer than what follows it.
pub(crate) fn last_good(now: UnixTime) -> UnixTime {
    dated(now).saturating_sub(1)
}

/// Ends a key that may have signed by a wrong clock: what it dated after [`last_good`] never counts.
pub(crate) fn retire_repaired(
    not_before: UnixTime,
    last_iat: UnixTime,
    life: u64,
    now: UnixTime,
) -> End {
    retire(not_before, last_iat.min(last_good(now)), life)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000;
    const LIFE: u64 = 30 * 86_400;

    fn at(seconds: u64) -> UnixTime {
        UnixTime::new(seconds).unwrap()
    }

    fn retired(signed_until: u64) -> End {
        End::Retired {
            signed_until: at(signed_until),
            expires: at(signed_until + LIFE),
        }
    }

    #[test]
    fn a_key_ends_with_the_last_object_that_it_signed() {
        assert_eq!(retire(at(NOW - 10), at(NOW), LIFE), retired(NOW));
        assert_eq!(retire(at(NOW), at(NOW), LIFE), retired(NOW));
    }

    #[test]
    fn a_key_that_never_signed_is_dropped() {
        assert_eq!(retire(at(NOW), UnixTime::EPOCH, LIFE), End::Dropped);
    }

    #[test]
    fn a_repair_takes_back_what_lies_ahead_of_the_clock_and_nothing_else() {
        let year = 365 * 86_400;
        let end = |not_before, last| retire_repaired(at(not_before), at(last), LIFE, at(NOW));
        assert_eq!(end(NOW - 1_000, NOW + year), retired(NOW - 151));
        assert_eq!(end(NOW - 1_000, NOW - 500), retired(NOW - 500));
        assert_eq!(end(NOW + year, NOW + year), End::Dropped);
    }

    #[test]
    fn whatever_is_signed_after_a_repair_is_later_than_what_counts_of_before() {
        let first = crate::rules::dating::next(at(NOW), UnixTime::EPOCH, UnixTime::EPOCH);
        assert!(first > last_good(at(NOW)));
    }

    #[test]
    fn the_next_key_is_ready_a_week_after_it_was_announced() {
        assert_eq!(ready_at(at(NOW)), at(NOW + 604_800));
    }
}
