//! What an older register takes over from the lists that were published after it.
//!
//! A place of a published list reads the worst of three: what is decided about the driver, what
//! became of the device, and whether the content is out of date. The register's decisions of that
//! time may be lost, and have to be found again from what the places read. Where that leaves two
//! answers, the stricter one is taken: no one who was refused is accepted by it.

use vidimus_credential::UnixTime;

use super::signing_time::LEAD;
use super::standing::{Decision, Standing, worst};

/// An earlier reconciliation. How new the lists were that it used is known by the head beside them
/// alone, so newer ones may be found later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gap {
    /// Up to which change it knew what was decided, by the heads beside the lists.
    pub(crate) known: u64,
    pub(crate) at: UnixTime,
    /// New places were given from this list on; before it are those of the lost register.
    pub(crate) lists_from: u32,
    /// To which change the register came by it: all that it has published since is of this one or
    /// later. 0 where that was not noted.
    pub(crate) reached: u64,
    /// How far the lost register had come by everything that was found then; 0 where that was not
    /// noted.
    pub(crate) of: u64,
    /// The date of each list that it used, or that the register knew itself; in Unix seconds.
    pub(crate) lists: Vec<i64>,
}

impl Gap {
    /// Whether published files with such a head are of the register that was lost. What was
    /// published since is of the register that went on, and says no more than that one knows.
    pub(crate) fn is_filled_by(&self, change: u64, written: UnixTime) -> bool {
        change < self.reached || (change > self.known && written < self.at)
    }

    /// Whether a list of the lost register says more than the one that was used.
    pub(crate) fn lacks(&self, list: u32, iat: i64) -> bool {
        let used = usize::try_from(list)
            .ok()
            .and_then(|list| self.lists.get(list));
        list < self.lists_from && iat > used.copied().unwrap_or(0)
    }

    /// The lists that it used, or should have.
    pub(crate) fn needed(&self) -> impl Iterator<Item = u32> {
        let dates = (0..self.lists_from).zip(&self.lists);
        dates.filter(|(_, iat)| **iat > 0).map(|(list, _)| list)
    }

    /// Whether something that was decided may be lost still.
    pub(crate) fn is_open(&self) -> bool {
        self.known < self.of
    }

    /// From now on this list is known.
    pub(crate) fn take(&mut self, list: u32, iat: i64) {
        let Ok(list) = usize::try_from(list) else {
            return;
        };
        if self.lists.len() <= list {
            self.lists.resize(list.saturating_add(1), 0);
        }
        if let Some(used) = self.lists.get_mut(list) {
            *used = iat.max(*used);
        }
    }
}

/// A value that no one gave a meaning: readers show Unknown, and never accept.
pub(crate) const UNEXPLAINED: u8 = 0x04;
/// A place that nothing explains is published so for this long, in seconds: no credential lives
/// longer than 30 days, and no status of it longer than 7 more.
pub(crate) const UNEXPLAINED_FOR: u64 = 37 * 86_400;

/// A list may have been signed this many seconds before its date, and by a timer that is that late.
const EARLY: i64 = 10;

/// What the present place of a device reads in a published list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) state: Standing,
    /// The list's `iat`, in Unix seconds.
    pub(crate) at: i64,
}

/// The reading that says most of the driver. A decision about a driver is signed into the present
/// places of all devices at once, so the driver's standing is no worse than the best of them.
pub(crate) fn of_driver(readings: impl IntoIterator<Item = Reading>) -> Option<Reading> {
    readings.into_iter().min_by_key(|reading| reading.state)
}

/// What is to be decided anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finding {
    /// The register's decisions say what was published.
    Known,
    /// Something was decided after the copy of the register was made.
    Decided(Standing),
    /// What is worse than this was lifted after the copy was made.
    Lifted(Standing),
}

/// Compares what the register has decided with what was published.
pub(crate) fn judge(decisions: &[Decision], published: Reading) -> Finding {
    // A list was signed from a few seconds before its date to some minutes after it: what the
    // register says at either end is known.
    let lead = i64::try_from(LEAD).unwrap_or(0);
    let ends = [
        published.at.saturating_sub(EARLY),
        published.at.saturating_add(lead),
    ];
    let [one, other] = ends.map(|at| worst(decisions, at));
    let state = driver_state(published.state);
    if state > one.max(other) {
        return Finding::Decided(state);
    }
    let least = one.min(other);
    if state < least && !least.is_final() {
        return Finding::Lifted(state);
    }
    Finding::Known
}

/// What a reading says of the driver, where it is the best that there is.
const fn driver_state(read: Standing) -> Standing {
    match read {
        // It is about the content, not the driver.
        Standing::UpdateWaiting => Standing::Valid,
        // Either the driver has another license, or content or device was replaced. The second one
        // ends when a clerk has looked, so what is not final stands for both.
        Standing::Superseded => Standing::Suspended,
        read => read,
    }
}

/// What a place itself keeps besides its driver's standing.
pub(crate) fn own_state(read: Standing, driver: Standing) -> Option<Standing> {
    (read.is_final() && read > driver).then_some(read)
}

/// What is published for a place that neither the register nor `issued.log` explains: what is final
/// stays, and of everything else no one knows what it means.
pub(crate) fn unexplained(read: u8) -> u8 {
    match Standing::from_value(read) {
        Some(state) if state.is_final() => read,
        _ => UNEXPLAINED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::standing::decision;
    use Standing::{Lapsed, Revoked, Superseded, Suspended, Unresolved, UpdateWaiting, Valid};

    fn judged(decisions: &[Decision], state: Standing) -> Finding {
        judge(decisions, Reading { state, at: 1_000 })
    }

    #[test]
    fn a_gap_is_filled_by_the_lost_register_and_never_by_the_one_that_went_on() {
        let at = |seconds| UnixTime::new(seconds).unwrap();
        let mut gap = Gap {
            known: 144,
            at: at(1_000),
            lists_from: 2,
            reached: 151,
            of: 150,
            lists: vec![500],
        };
        // By any clock.
        assert!(gap.is_filled_by(144, at(900)));
        assert!(gap.is_filled_by(150, at(2_000)));
        // It came further than anything knew then.
        assert!(gap.is_filled_by(151, at(999)));
        for written in [1_000, 1_001] {
            assert!(
                !gap.is_filled_by(151, at(written)),
                "of the register that went on"
            );
        }
        let old = Gap {
            reached: 0,
            ..gap.clone()
        };
        assert!(old.is_filled_by(145, at(999)));
        assert!(!old.is_filled_by(144, at(999)) && !old.is_filled_by(145, at(1_000)));
        assert!(!gap.lacks(0, 500) && gap.lacks(0, 501));
        assert!(gap.lacks(1, 1), "it had none");
        assert!(!gap.lacks(2, 900), "a list of the register that went on");
        gap.take(1, 700);
        gap.take(1, 600);
        assert!(!gap.lacks(1, 700) && gap.lacks(1, 701));
    }

    #[test]
    fn the_best_reading_of_several_devices_is_the_drivers() {
        let read = |states: &[Standing]| {
            of_driver(states.iter().map(|state| Reading {
                state: *state,
                at: 1,
            }))
            .map(|reading| reading.state)
        };
        assert_eq!(read(&[]), None);
        assert_eq!(read(&[Revoked, Valid]), Some(Valid), "one phone was lost");
        assert_eq!(read(&[Revoked, Revoked]), Some(Revoked));
        assert_eq!(read(&[Superseded, Suspended]), Some(Suspended));
    }

    #[test]
    fn what_was_decided_after_the_copy_is_found() {
        for state in [Suspended, Lapsed, Unresolved, Revoked] {
            assert_eq!(judged(&[], state), Finding::Decided(state));
        }
        let held = [decision(Unresolved, 0, None)];
        assert_eq!(judged(&held, Suspended), Finding::Decided(Suspended));
        assert_eq!(judged(&held, Unresolved), Finding::Known);
        assert_eq!(judged(&[], Valid), Finding::Known);
        assert_eq!(judged(&[], UpdateWaiting), Finding::Known);
        assert_eq!(judged(&[], Superseded), Finding::Decided(Suspended));
    }

    #[test]
    fn what_was_lifted_after_the_copy_is_found_and_what_is_final_stays() {
        let held = [decision(Suspended, 0, None)];
        assert_eq!(judged(&held, Valid), Finding::Lifted(Valid));
        assert_eq!(judged(&held, Unresolved), Finding::Lifted(Unresolved));
        let revoked = [decision(Revoked, 0, None)];
        assert_eq!(judged(&revoked, Valid), Finding::Known);
        assert_eq!(judged(&revoked, Suspended), Finding::Known);
    }

    #[test]
    fn terms_that_the_register_knows_are_no_news_around_the_moment_of_signing() {
        // It begins or ends between the list's date and its signing, or after both.
        for (edge, before) in [(990, true), (991, false), (1_150, false), (1_151, false)] {
            let known = |found| if before { found } else { Finding::Known };
            let begins = [decision(Suspended, edge, None)];
            assert_eq!(judged(&begins, Valid), known(Finding::Lifted(Valid)));
            let ends = [decision(Suspended, 0, Some(edge))];
            assert_eq!(
                judged(&ends, Suspended),
                known(Finding::Decided(Suspended)),
                "{edge}"
            );
        }
    }

    #[test]
    fn a_place_keeps_what_is_final_and_worse_than_its_driver() {
        assert_eq!(own_state(Revoked, Valid), Some(Revoked));
        assert_eq!(own_state(Superseded, Suspended), Some(Superseded));
        assert_eq!(own_state(Superseded, Revoked), None);
        assert_eq!(own_state(Suspended, Valid), None);
        assert_eq!(own_state(UpdateWaiting, Valid), None);
    }

    #[test]
    fn what_nothing_explains_is_unknown_and_never_accepted() {
        for value in 1..=15 {
            let published = unexplained(value);
            let expected = if matches!(value, 0x01 | 0x0e) {
                value
            } else {
                0x04
            };
            assert_eq!(published, expected);
            let status = vidimus_credential::LicenseStatus::from_value(published);
            assert!(!matches!(status.name(), "valid" | "update_waiting"));
        }
    }
}
