//! The open wallet: what was read from it, and when the authority is asked again.

use std::time::Duration;

use vidimus_credential::meaning::Standing;
use vidimus_wallet::ports::Reading;

use crate::event::{ApplicationStage, Held, Missed, Opened, Overview, Scope};
use crate::time::to_next_minute;
use crate::trouble::{Failure, Trouble, refresh_trouble_of, trouble_of_standing};

/// A wallet that is open. Times are those of the boot clock.
pub(super) struct OpenWallet {
    pub(super) authority: String,
    pub(super) overview: Overview,
    /// When that was read.
    read_at: Duration,
    /// The license in front.
    front: Option<String>,
    /// What the last refresh could not do.
    failures: Vec<Missed>,
    /// The last failure that has no separate page.
    fault: Option<Failure>,
    pub(super) schedule: RefreshSchedule,
}

/// When the authority is asked.
pub(super) struct RefreshSchedule {
    /// When it is due; none while the app is not on the screen.
    pub(super) due: Option<Duration>,
    pub(super) scope: Scope,
    /// When something is due by the last refresh, also while the app is not on the screen.
    pub(super) next: Option<Duration>,
    /// The refresh that is under way.
    pub(super) running: Option<(u64, Scope)>,
}

impl RefreshSchedule {
    /// The app is on the screen: what is due is refreshed at once.
    pub(super) fn begin(&mut self, now: Reading) {
        self.due = Some(now.boot);
        self.scope = Scope::Opened;
    }

    /// The app is not on the screen any more. Gives the refresh to stop.
    pub(super) fn stop(&mut self) -> Option<u64> {
        self.due = None;
        self.running.take().map(|(id, _)| id)
    }
}

impl OpenWallet {
    pub(super) fn new(opened: Opened, now: Reading) -> Self {
        let mut open = Self {
            authority: opened.authority,
            overview: Overview::default(),
            read_at: now.boot,
            front: None,
            failures: Vec::new(),
            fault: None,
            schedule: RefreshSchedule {
                due: None,
                scope: Scope::Opened,
                next: None,
                running: None,
            },
        };
        open.take(opened.overview, now);
        open
    }

    /// Takes over what was read just now. The license in front stays there when others come and go.
    pub(super) fn take(&mut self, overview: Overview, now: Reading) {
        self.overview = overview;
        self.read_at = now.boot;
        let front = self.front().map(|held| held.id.clone());
        self.front = front;
    }

    pub(super) fn has_licenses(&self) -> bool {
        !self.overview.licenses.is_empty()
    }

    /// The license in front.
    pub(super) fn front(&self) -> Option<&Held> {
        let licenses = &self.overview.licenses;
        licenses.get(self.front_index())
    }

    /// Its index; the first where the one that was in front is gone.
    pub(super) fn front_index(&self) -> usize {
        let mut licenses = self.overview.licenses.iter();
        let found = licenses.position(|held| Some(&held.id) == self.front.as_ref());
        found.unwrap_or(0)
    }

    /// Brings a license to the front, now or as soon as it was read.
    pub(super) fn bring(&mut self, license: &str) {
        self.front = Some(license.to_owned());
    }

    /// The license in front, where it may be shown. A damaged one may not. A suspended one may: the
    /// officer's phone refuses it.
    pub(super) fn shown(&self) -> Option<&Held> {
        self.front().filter(|held| may_show(held))
    }

    /// Whether any license can be shown.
    pub(super) fn may_show_any(&self) -> bool {
        self.overview.licenses.iter().any(may_show)
    }

    pub(super) fn holds(&self, license: &str) -> bool {
        self.overview.licenses.iter().any(|held| held.id == license)
    }

    /// How long ago it was read.
    pub(super) fn ago(&self, now: Reading) -> Duration {
        now.boot.saturating_sub(self.read_at)
    }

    /// Notes a failure that has no separate page. The next refresh forgets it.
    pub(super) fn note(&mut self, failure: Failure) {
        self.fault = Some(failure);
    }

    /// Takes over the failures of a refresh.
    pub(super) fn learn(&mut self, requests: u32, failures: Vec<Missed>) {
        self.fault = None;
        // A refresh without a request and without a failure says nothing new.
        if requests > 0 || !failures.is_empty() {
            self.failures = failures;
        }
    }

    /// What is wrong with the license in front or with the wallet, the worst first, each once.
    pub(super) fn troubles(&self, now: Reading, has_lock: bool) -> Vec<Trouble> {
        let Some(held) = self.front() else {
            let fault = self.fault;
            let trouble = fault.and_then(|fault| refresh_trouble_of(fault, has_lock));
            return trouble.into_iter().collect();
        };
        let missed = self.failures.iter().filter(|missed| {
            let license = missed.license.as_ref();
            license.is_none_or(|license| *license == held.id)
        });
        let failed = missed.map(|missed| missed.failure).chain(self.fault);
        let mut found: Vec<Trouble> = failed
            .filter_map(|failure| refresh_trouble_of(failure, has_lock))
            .collect();
        let standings = standings(held, self.ago(now)).iter();
        found.extend(standings.filter_map(|standing| trouble_of_standing(*standing)));
        let overview = &self.overview;
        for (is_so, trouble) in [
            (held.damaged || overview.damaged, Trouble::Damaged),
            (overview.rolled_back, Trouble::RolledBack),
            (overview.clock_set_back, Trouble::ClockSetBack),
        ] {
            if is_so {
                found.push(trouble);
            }
        }
        // In the order of the screen, each once.
        let all = Trouble::ALL.into_iter();
        all.filter(|trouble| found.contains(trouble)).collect()
    }

    /// Whether the last refresh could not ask about an application.
    pub(super) fn has_missed(&self, application: &str) -> bool {
        let mut failures = self.failures.iter();
        failures.any(|missed| missed.license.as_deref() == Some(application))
    }

    /// After how long an age, a standing or a refresh changes something.
    pub(super) fn changes_in(&self, now: Reading) -> Option<Duration> {
        let ago = self.ago(now);
        let licenses = &self.overview.licenses;
        let ages = licenses.iter().filter_map(|held| {
            let age = held.age?.saturating_add(ago);
            Some(to_next_minute(age))
        });
        let turns = licenses.iter().flat_map(|held| &held.outlook);
        let turns = turns.filter_map(|span| span.after.checked_sub(ago));
        let sign_ins = self.overview.applications.iter();
        let sign_ins = sign_ins.filter_map(|applied| match applied.stage {
            ApplicationStage::SigningIn { left, .. } => left.checked_sub(ago),
            _ => None,
        });
        let turns = turns.chain(sign_ins);
        let turns = turns.filter(|left| !left.is_zero());
        let due = self
            .schedule
            .due
            .filter(|_| self.schedule.running.is_none());
        let due = due.map(|due| due.saturating_sub(now.boot));
        ages.chain(turns).chain(due).min()
    }
}

pub(super) fn may_show(held: &Held) -> bool {
    held.holder.is_some() && !held.damaged
}

/// All that is true of a license so long after it was read, the worst first; never empty.
pub(super) fn standings(held: &Held, ago: Duration) -> &[Standing] {
    let spans = held.outlook.iter().filter(|span| span.after <= ago);
    let found = spans.max_by_key(|span| span.after);
    let standings = found.map(|span| span.standings.as_slice());
    standings
        .filter(|standings| !standings.is_empty())
        .unwrap_or(&[Standing::Unknown])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Outlook;

    fn held(outlook: Vec<(u64, Vec<Standing>)>) -> Held {
        let outlook = outlook.into_iter().map(|(after, standings)| Outlook {
            after: Duration::from_secs(after),
            standings,
        });
        Held {
            id: "one".to_owned(),
            holder: None,
            outlook: outlook.collect(),
            as_of: None,
            age: None,
            portrait: None,
            damaged: false,
        }
    }

    #[test]
    fn the_last_span_that_has_begun_counts_and_without_one_nothing_is_known() {
        let license = held(vec![
            (0, vec![Standing::Valid]),
            (50, vec![Standing::StatusStale, Standing::Valid]),
            (90, vec![Standing::LicenseExpired]),
        ]);
        for (ago, worst) in [
            (0, Standing::Valid),
            (49, Standing::Valid),
            (50, Standing::StatusStale),
            (89, Standing::StatusStale),
            (90, Standing::LicenseExpired),
            (9_000, Standing::LicenseExpired),
        ] {
            assert_eq!(
                standings(&license, Duration::from_secs(ago))[0],
                worst,
                "{ago}"
            );
        }
        for nothing in [
            held(vec![]),
            held(vec![(0, vec![])]),
            held(vec![(5, vec![Standing::Valid])]),
        ] {
            assert_eq!(standings(&nothing, Duration::ZERO), [Standing::Unknown]);
        }
    }
}
