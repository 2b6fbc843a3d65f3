//! The open book: the authorities that it trusts, how old what they signed is, and when they are
//! asked again.

use std::time::Duration;

use vidimus_credential::meaning::Tone;
use vidimus_wallet::ports::Reading;

use super::event::{Authority, Fetched};
use crate::time::to_next_minute;
use crate::trouble::{Failure, Trouble, refresh_trouble_of};

/// Until this age, what an authority signed is as new as it can be without a network for a day.
pub(super) const NEW: Duration = Duration::from_secs(24 * 3_600);

/// Until this age, a reader works without a network.
pub(super) const GOOD: Duration = Duration::from_secs(30 * 24 * 3_600);

/// A book that is open. Times are those of the boot clock.
pub(super) struct OpenBook {
    authorities: Vec<Authority>,
    /// When they were read.
    read_at: Duration,
    /// What the last refresh could not do.
    pub(super) trouble: Option<Trouble>,
    /// When a refresh is due; none before the app was seen.
    due: Option<Duration>,
    /// The refresh that is under way.
    pub(super) refreshing: Option<u64>,
    /// Whether the officer waits for it.
    pub(super) is_awaited: bool,
}

/// An authority, with the age that its lists have by now.
pub(super) struct Trusted<'b> {
    pub(super) name: &'b str,
    pub(super) list: Option<Duration>,
    pub(super) statuses: Option<Duration>,
    pub(super) trust: Trust,
}

/// How far an authority's data can be trusted, the later the worse.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trust {
    /// All of it is less than a day old.
    New,
    /// A part is more than a day old, or there are no statuses.
    Old,
    /// A part is more than 30 days old, or the list has ended.
    TooOld,
    /// There is no list, so that every license is refused.
    Missing,
}

impl Trust {
    pub(super) const fn tone(self) -> Tone {
        match self {
            Self::New => Tone::Good,
            Self::Old => Tone::Caution,
            Self::TooOld | Self::Missing => Tone::Bad,
        }
    }
}

impl OpenBook {
    pub(super) fn new(authorities: Vec<Authority>, now: Reading) -> Self {
        Self {
            authorities,
            read_at: now.boot,
            trouble: None,
            due: None,
            refreshing: None,
            is_awaited: false,
        }
    }

    /// Takes over what was read just now.
    pub(super) fn take(&mut self, authorities: Vec<Authority>, now: Reading) {
        self.authorities = authorities;
        self.read_at = now.boot;
    }

    /// Takes over what a refresh did.
    pub(super) fn fetched(&mut self, fetched: &Fetched, now: Reading) {
        self.due = Some(now.boot.saturating_add(fetched.next_in));
        let mut failures = fetched.failures.iter();
        self.trouble = failures.find_map(|error| refresh_trouble_of(Failure::Wallet(*error), true));
    }

    /// A refresh failed as a whole: it is tried again later.
    pub(super) fn put_off(&mut self, trouble: Trouble, now: Reading) {
        const PAUSE: Duration = Duration::from_secs(60);
        self.due = Some(now.boot.saturating_add(PAUSE));
        self.trouble = Some(trouble);
    }

    /// Makes a refresh due: the app came to the screen.
    pub(super) const fn wake(&mut self, now: Reading) {
        self.due = Some(now.boot);
    }

    pub(super) fn is_due(&self, now: Reading) -> bool {
        self.refreshing.is_none() && self.due.is_some_and(|due| due <= now.boot)
    }

    /// The authorities, each with the age that its lists have by now.
    pub(super) fn trusted(&self, now: Reading) -> Vec<Trusted<'_>> {
        let ago = self.ago(now);
        let trusted = self.authorities.iter().map(|authority| {
            let list = authority.list;
            let list_age = list.map(|list| list.age.saturating_add(ago));
            let statuses = authority.statuses.map(|age| age.saturating_add(ago));
            let oldest = list_age.max(statuses).unwrap_or_default();
            let has_ended = list.is_some_and(|list| list.good_for <= ago);
            let trust = if list.is_none() {
                Trust::Missing
            } else if has_ended || oldest > GOOD {
                Trust::TooOld
            } else if statuses.is_none() || oldest > NEW {
                Trust::Old
            } else {
                Trust::New
            };
            Trusted {
                name: &authority.name,
                list: list_age,
                statuses,
                trust,
            }
        });
        trusted.collect()
    }

    /// Whether a license of any authority can be checked.
    pub(super) fn may_check(&self) -> bool {
        let mut authorities = self.authorities.iter();
        authorities.any(|authority| authority.list.is_some())
    }

    /// After how long an age changes, where they are shown, or a refresh is due.
    pub(super) fn changes_in(&self, now: Reading, are_ages_shown: bool) -> Option<Duration> {
        let ago = self.ago(now);
        let authorities = self.authorities.iter().filter(|_| are_ages_shown);
        let ages = authorities.flat_map(|authority| {
            let list = authority.list.map(|list| list.age);
            let ages = list.into_iter().chain(authority.statuses);
            let turns = ages.flat_map(move |age| {
                let age = age.saturating_add(ago);
                let grows = [NEW, GOOD].into_iter().filter_map(move |limit| {
                    // One moment past the limit.
                    limit.saturating_add(HAIR).checked_sub(age)
                });
                grows.chain([to_next_minute(age)])
            });
            let end = authority
                .list
                .and_then(|list| list.good_for.checked_sub(ago));
            turns.chain(end).filter(|left| !left.is_zero())
        });
        let due = self.due.filter(|_| self.refreshing.is_none());
        let due = due.map(|due| due.saturating_sub(now.boot));
        ages.chain(due).min()
    }

    fn ago(&self, now: Reading) -> Duration {
        now.boot.saturating_sub(self.read_at)
    }
}

const HAIR: Duration = Duration::from_nanos(1);
