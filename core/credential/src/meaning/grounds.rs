//! The facts that decide how a license stands, now and later.

use super::{Ageing, Standing, Statement};
use crate::license::License;
use crate::time::{SKEW_S, UnixTime};

/// The facts that decide how a license stands.
///
/// Days are those of the authority's seat ([`UtcOffset`](crate::UtcOffset)); a clock may be off by
/// 30 seconds.
#[derive(Clone, Copy)]
pub struct Grounds<'l> {
    /// The license, with its days and those of its categories.
    pub license: &'l License,
    /// When its credential ends.
    pub credential_ends: UnixTime,
    /// The authority's last statement; `None` without a usable status.
    pub status: Option<Statement>,
}

/// All that is true of a license at one moment, the worst first; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standings {
    worst: Standing,
    others: Vec<Standing>,
}

/// How a license stands from some moment on, unless a newer status or credential comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The first second of the span.
    pub from: UnixTime,
    /// How it stands then, until the next span begins.
    pub standings: Standings,
}

impl Grounds<'_> {
    /// How it stands at `now`.
    #[must_use]
    pub fn standings(&self, now: UnixTime) -> Standings {
        let license = self.license;
        let aged = self.status.map(|status| Ageing::default().age(status, now));
        let mut found =
            vec![aged.map_or(Standing::Unknown, |aged| Standing::of_status(aged.state))];
        let mut add = |standing, is_so| {
            if is_so {
                found.push(standing);
            }
        };
        add(
            Standing::StatusStale,
            aged.is_some_and(|aged| aged.is_stale()),
        );
        add(
            Standing::CredentialExpired,
            self.credential_ends.is_over(now, SKEW_S),
        );
        let offset = license.utc_offset();
        let in_force = |row: &crate::Category| row.is_in_force(now, offset, SKEW_S);
        add(
            Standing::NoCategory,
            !license.categories().iter().any(in_force),
        );
        add(
            Standing::LicenseNotYetValid,
            !license.has_begun(now, SKEW_S),
        );
        add(Standing::LicenseExpired, license.is_over(now, SKEW_S));
        Standings::of(found)
    }

    /// How it stands now, and how it will stand from each later moment at which that changes,
    /// unless a newer status or credential comes. The first span is of `now`; there is always one.
    #[must_use]
    pub fn outlook(&self, now: UnixTime) -> Vec<Span> {
        let mut changes = self.changes();
        changes.retain(|change| *change > now);
        changes.sort_unstable();
        let first = Span {
            from: now,
            standings: self.standings(now),
        };
        changes.into_iter().fold(vec![first], |mut spans, from| {
            let standings = self.standings(from);
            if spans.last().is_none_or(|last| last.standings != standings) {
                spans.push(Span { from, standings });
            }
            spans
        })
    }

    /// Every moment at which a standing may change. Some of them change nothing.
    fn changes(&self) -> Vec<UnixTime> {
        let license = self.license;
        let offset = license.utc_offset();
        let rows = license.categories().iter();
        let days = rows.flat_map(|row| [(row.from(), row.until())]);
        let days = days.chain([(Some(license.issue_date()), license.expiry_date())]);
        let days = days.flat_map(|(first, last)| {
            let begun = first.map(|day| day.begun_from(offset, SKEW_S));
            let over = last.map(|day| day.over_from(offset, SKEW_S));
            [begun, over]
        });
        let days = days.flatten().map(UnixTime::clamped);
        let credential = self
            .credential_ends
            .saturating_add(SKEW_S)
            .saturating_add(1);
        let statement = self.status.map(|status| Ageing::default().changes(status));
        days.chain([credential])
            .chain(statement.into_iter().flatten())
            .collect()
    }
}

impl Standings {
    /// The standings of a license of which nothing can be read.
    pub const UNKNOWN: Self = Self {
        worst: Standing::Unknown,
        others: Vec::new(),
    };

    fn of(mut found: Vec<Standing>) -> Self {
        found.sort_unstable_by(|one, other| other.cmp(one));
        let mut found = found.into_iter();
        Self {
            worst: found.next().unwrap_or(Standing::Unknown),
            others: found.collect(),
        }
    }

    /// The standing to show: the worst of all that are true.
    #[must_use]
    pub const fn worst(&self) -> Standing {
        self.worst
    }

    /// All standings that are true, the worst first.
    pub fn iter(&self) -> impl Iterator<Item = Standing> {
        [self.worst].into_iter().chain(self.others.iter().copied())
    }
}
