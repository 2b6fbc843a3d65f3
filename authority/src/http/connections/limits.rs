//! The limits, and how many connections a limit of open files allows.

use std::time::Duration;

/// More connections at a time than this are not held, however many files may be open.
const MOST_PLACES: usize = 4_096;
/// Fewer make no server.
const LEAST_PLACES: usize = 16;
/// Requests that are answered at a time. Each may open a file; further ones wait for their turn.
const TURNS: usize = 64;
/// Descriptors that no connection gets: the database, keys, the signer's files, the log, what is
/// being refused, and some to spare.
const KEPT: usize = 160;
/// Connections to the office at a time.
const OFFICE_PLACES: usize = 128;
/// Descriptors that are kept for the office's listener, where there is one.
pub(super) const OFFICE: u64 = 160;
/// The largest body that the public routes take, in bytes.
const BODY: usize = 32 * 1024;
/// The largest body that the office takes: two pictures as text, and what is said of a driver.
pub(in crate::http) const OFFICE_BODY: usize = 512 * 1024;
/// What a full house needs.
pub(super) const WANTED: u64 = 4_096 + 64 + 160;

/// What connections and requests may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limits {
    /// Connections at a time.
    pub(super) places: usize,
    /// Of these, for one address.
    pub(super) share: usize,
    /// Of these, for one address where a proxy may be.
    pub(super) near_share: usize,
    /// Requests that are answered at a time.
    pub(super) turns: usize,
    /// The largest body of a request, in bytes.
    pub(super) body: usize,
    /// A request waits no longer for its turn.
    pub(super) turn_time: Duration,
    /// A request's head takes no longer than this, and an idle connection is closed after it.
    pub(super) head_time: Duration,
    /// A request's body takes no longer than this.
    pub(super) body_time: Duration,
    /// A peer that takes nothing of an answer for so long is given up.
    pub(super) write_time: Duration,
    /// After this a connection ends with the request that it is at.
    pub(super) connection_time: Duration,
    /// What is under way when the server stops, or when a connection's time is over, may take so
    /// long.
    pub(super) grace: Duration,
    /// What one address may send to one route that changes something.
    pub(super) posts: Rate,
    /// What one address may fetch of one route.
    pub(super) gets: Rate,
}

/// So many at once, and then one each `every`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rate {
    pub(super) burst: u32,
    pub(super) every: Duration,
}

impl Limits {
    /// The limits of a process that may have so many files open.
    pub(super) fn of(descriptors: u64) -> Self {
        let descriptors = usize::try_from(descriptors).unwrap_or(usize::MAX);
        let places = descriptors
            .saturating_sub(TURNS + KEPT)
            .clamp(LEAST_PLACES, MOST_PLACES);
        if places == LEAST_PLACES && descriptors > 0 {
            tracing::warn!(
                descriptors,
                "too few files may be open: raise the limit (ulimit -n)"
            );
        }
        Self {
            places,
            // An address may be an office or a whole provider's customers, so not too few.
            share: places / 8,
            near_share: places / 4 * 3,
            turns: TURNS,
            body: BODY,
            turn_time: Duration::from_secs(5),
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(10),
            write_time: Duration::from_secs(30),
            connection_time: Duration::from_secs(1_800),
            grace: Duration::from_secs(10),
            posts: Rate {
                burst: 100,
                every: Duration::from_millis(100),
            },
            gets: Rate {
                burst: 500,
                every: Duration::from_millis(20),
            },
        }
    }

    /// Those of the office: a known house, in which one address may take half of the places.
    pub(super) fn of_office() -> Self {
        Self {
            places: OFFICE_PLACES,
            share: OFFICE_PLACES / 2,
            near_share: OFFICE_PLACES / 4 * 3,
            turns: OFFICE_PLACES / 4,
            body: OFFICE_BODY,
            ..Self::of(0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_leave_descriptors_for_the_signer_and_shares_leave_places_for_others() {
        for descriptors in [256, 1_024, 4_096, 20_000, u64::MAX] {
            let limits = Limits::of(descriptors);
            let taken = u64::try_from(limits.places + limits.turns + KEPT).unwrap();
            assert!(taken <= descriptors, "{descriptors}");
            assert!(limits.share * 8 <= limits.places && limits.share >= 2);
            // A proxy's address and one other can never fill the house.
            assert!(limits.near_share + limits.share < limits.places);
        }
        let few = Limits::of(1_024);
        assert_eq!((few.places, few.share, few.near_share), (800, 100, 600));
        assert_eq!(Limits::of(0).places, LEAST_PLACES);
        assert_eq!(Limits::of(WANTED).places, MOST_PLACES);
    }
}
