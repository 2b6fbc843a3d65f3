//! When a key may begin to sign, and how it ends.

use vidimus_credential::{UnixTime, trust};

use super::signing_time::dated;

/// A key that was announced this many seconds ago is known to each reader whose list is not old.
pub(crate) const ANNOUNCE: u64 = trust::OLD_S;

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

/// When the next key may take over: [`ANNOUNCE`] after the first list that named it; `None` where
/// no list did yet.
pub(crate) fn ready_at(announced: UnixTime) -> Option<UnixTime> {
    (announced > UnixTime::EPOCH).then(|| announced.saturating_add(ANNOUNCE))
}

/// How the keys of one use stand, to tell whether a rotation of them was published.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keys {
    /// When the first list that names the next key was made; the epoch where none was.
    pub(crate) next_announced: UnixTime,
    /// The same of the key that signs.
    pub(crate) current_announced: UnixTime,
    /// Whether the key that signs has signed anything.
    pub(crate) current_signed: bool,
    /// Whether there is a retired key.
    pub(crate) has_retired: bool,
    /// Whether there is a retired or dropped key.
    pub(crate) has_ended: bool,
}

impl Keys {
    /// Whether a key ended, and no list names the next one that was made then: the rotation was
    /// stored, and its list was not published.
    pub(crate) fn await_their_list(&self) -> bool {
        self.has_ended && self.next_announced == UnixTime::EPOCH
    }

    /// Whether all that was in wrong hands is dropped already, and only the list of it is not
    /// published. `next_is_safe` says that the key that was next may sign.
    pub(crate) fn are_dropped(&self, next_is_safe: bool) -> bool {
        self.await_their_list()
            && !self.has_retired
            && !self.current_signed
            && (next_is_safe || self.current_announced == UnixTime::EPOCH)
    }
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

/// The latest time that counts of what was signed by a wrong clock, where that is repaired at
/// `now`: the second before anything that is signed from now on. So nothing that was signed by the
/// wrong clock is newer than what follows it.
pub(crate) fn last_good(now: UnixTime) -> UnixTime {
    dated(now).saturating_sub(1)
}

/// Ends a key that may have signed by a wrong clock: what it dated after [`last_good`] never
/// counts.
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
        let first = crate::rules::signing_time::next(at(NOW), UnixTime::EPOCH, UnixTime::EPOCH);
        assert!(first > last_good(at(NOW)));
    }

    #[test]
    fn the_next_key_is_ready_a_week_after_it_was_announced() {
        assert_eq!(ready_at(at(NOW)), Some(at(NOW + 604_800)));
        assert_eq!(ready_at(UnixTime::EPOCH), None, "no list names it");
    }

    #[test]
    fn a_rotation_whose_list_is_not_published_is_told_from_one_that_is() {
        let rotated = Keys {
            next_announced: UnixTime::EPOCH,
            current_announced: at(NOW),
            current_signed: false,
            has_retired: true,
            has_ended: true,
        };
        assert!(rotated.await_their_list());
        assert!(!rotated.are_dropped(true), "a retired key still counts");
        let new = Keys {
            has_retired: false,
            has_ended: false,
            ..rotated
        };
        assert!(!new.await_their_list(), "an authority that never rotated");
        let published = Keys {
            next_announced: at(NOW),
            ..rotated
        };
        assert!(!published.await_their_list());
        let dropped = Keys {
            has_retired: false,
            ..rotated
        };
        assert!(dropped.are_dropped(true));
        assert!(!dropped.are_dropped(false), "the key that was next signs");
        let anew = Keys {
            current_announced: UnixTime::EPOCH,
            ..dropped
        };
        assert!(anew.are_dropped(false));
        assert!(
            !Keys {
                current_signed: true,
                ..anew
            }
            .are_dropped(false)
        );
    }
}
