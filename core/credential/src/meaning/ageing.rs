//! How a statement of a status ages (profile, sections 2 and 8).

use super::{Reason, Standing};
use crate::status::{LicenseStatus, StatusReport, StatusSource};
use crate::time::{SKEW_S, UnixTime};

/// A status is fresh up to this age: 24 hours, in seconds.
pub const FRESH_S: u64 = 24 * 3600;

/// A status is stale up to this age, and too old past it: 7 days, in seconds.
pub const STALE_S: u64 = 7 * 24 * 3600;

/// What an authority said of one license in a status list that was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    /// The state as it was signed.
    pub state: LicenseStatus,
    /// When it was signed.
    pub issued_at: UnixTime,
    /// Until when it may be used.
    pub expires: UnixTime,
}

/// The bounds by which a statement ages. The default is the profile's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ageing {
    /// A statement is fresh up to this age in seconds.
    pub fresh_s: u64,
    /// A statement is stale up to this age in seconds, and too old past it.
    pub stale_s: u64,
    /// Seconds by which the clock may be ahead when a statement ends. Ages know no skew.
    pub skew_s: u64,
}

impl Default for Ageing {
    fn default() -> Self {
        Self {
            fresh_s: FRESH_S,
            stale_s: STALE_S,
            skew_s: SKEW_S,
        }
    }
}

/// How far a statement still counts. Closed: there are three ages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Freshness {
    /// The state counts as it was signed.
    Fresh,
    /// It still counts, and a person should know how old it is.
    Stale,
    /// Only Revoked and Superseded still count.
    TooOld,
}

/// A statement at some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aged {
    /// The state after ageing.
    pub state: LicenseStatus,
    /// How far the statement still counts.
    pub freshness: Freshness,
}

impl Ageing {
    /// The state and the freshness of a statement at `now`. One that was signed in the future has
    /// age 0.
    #[must_use]
    pub fn age(&self, statement: Statement, now: UnixTime) -> Aged {
        let age_s = now.seconds().saturating_sub(statement.issued_at.seconds());
        let has_ended = statement.expires.is_over(now, self.skew_s);
        let freshness = if has_ended || age_s > self.stale_s {
            Freshness::TooOld
        } else if age_s > self.fresh_s {
            Freshness::Stale
        } else {
            Freshness::Fresh
        };
        let state = match freshness {
            Freshness::TooOld => statement.state.when_too_old(),
            Freshness::Fresh | Freshness::Stale => statement.state,
        };
        Aged { state, freshness }
    }

    /// The moments at which the aged statement may change.
    pub(super) fn changes(&self, statement: Statement) -> [UnixTime; 3] {
        let after = |time: UnixTime, seconds: u64| time.saturating_add(seconds).saturating_add(1);
        [
            after(statement.issued_at, self.fresh_s),
            after(statement.issued_at, self.stale_s),
            after(statement.expires, self.skew_s),
        ]
    }
}

impl Statement {
    /// The report that a reader or a wallet gives of this statement at `now`.
    #[must_use]
    pub fn report(self, ageing: &Ageing, source: StatusSource, now: UnixTime) -> StatusReport {
        StatusReport {
            state: ageing.age(self, now).state,
            as_of: Some(self.issued_at),
            source,
        }
    }
}

impl Aged {
    /// The reason that a reader gives for it; `None` for a fresh state that lets its holder drive.
    /// Where the state itself has a reason, its age has none.
    #[must_use]
    pub const fn reason(self) -> Option<Reason> {
        match (Standing::of_status(self.state), self.freshness) {
            (Standing::Valid | Standing::UpdateWaiting, Freshness::Stale) => {
                Some(Reason::StatusStale)
            }
            (standing, _) => standing.reason(),
        }
    }

    /// Whether it is stale and its state is one that ages: Revoked and Superseded do not.
    pub(super) fn is_stale(self) -> bool {
        self.freshness == Freshness::Stale && self.state.when_too_old() != self.state
    }
}
