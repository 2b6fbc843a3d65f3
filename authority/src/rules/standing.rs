//! What a driver's license is worth now: the worst of the decisions that are in force, and what may
//! be decided next.

use vidimus_credential::license::License;
use vidimus_credential::meaning::{self, Grounds, Statement};
use vidimus_credential::{LicenseStatus, UnixTime};

use crate::error::Error;

/// What an index of a status list can read, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// The holder may drive.
    Valid,
    /// The holder may drive, and a newer credential waits to be fetched.
    UpdateWaiting,
    /// A violation or accident waits to be handled; the holder may drive.
    Unresolved,
    /// A renewal or review is overdue.
    Lapsed,
    /// The limit of demerit points is reached.
    PointsLimit,
    /// Withdrawn for a time.
    Suspended,
    /// Another credential or device has taken this one's place.
    Superseded,
    Revoked,
}

impl Standing {
    const ALL: [Self; 8] = [
        Self::Valid,
        Self::UpdateWaiting,
        Self::Unresolved,
        Self::Lapsed,
        Self::PointsLimit,
        Self::Suspended,
        Self::Superseded,
        Self::Revoked,
    ];

    /// The value in a status list (profile, section 2).
    pub(crate) const fn value(self) -> u8 {
        match self {
            Self::Valid => 0x00,
            Self::Revoked => 0x01,
            Self::Suspended => 0x02,
            Self::Lapsed => 0x03,
            Self::PointsLimit => 0x0c,
            Self::Unresolved => 0x0d,
            Self::Superseded => 0x0e,
            Self::UpdateWaiting => 0x0f,
        }
    }

    /// The reverse of [`value`](Self::value); `None` for a value that has no meaning.
    pub(crate) fn from_value(value: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.value() == value)
    }

    /// A state that a clerk may decide. `UpdateWaiting` follows from an edit, and `Unknown` is what
    /// a reader concludes.
    pub(crate) fn decidable(status: LicenseStatus) -> Option<Self> {
        status
            .value()
            .and_then(Self::from_value)
            .filter(|state| *state != Self::UpdateWaiting)
    }

    /// The state as readers know it.
    pub(crate) const fn status(self) -> LicenseStatus {
        LicenseStatus::from_value(self.value())
    }

    /// Whether nothing better can follow, ever.
    pub(crate) const fn is_final(self) -> bool {
        matches!(self, Self::Revoked | Self::Superseded)
    }
}

/// One decision about a driver's license. Times are Unix seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) state: Standing,
    /// From when on it holds.
    pub(crate) begins: i64,
    /// When it ends by itself. For a revocation, which never ends: before when no new license may
    /// be given under this number.
    pub(crate) ends: Option<i64>,
    /// When another decision ended it.
    pub(crate) lifted: Option<i64>,
}

impl Decision {
    /// Whether it holds at `now`.
    pub(crate) fn is_in_force(&self, now: i64) -> bool {
        self.begins <= now && self.end().is_none_or(|end| now < end)
    }

    /// From which moment on it is looked at by someone whose clock says `now`: not from before
    /// what was settled of it. A request reads its clock, and then waits for the command that
    /// decides; and clocks are set back. `next` is what [`next_change`](Self::next_change) said
    /// when it was looked at last.
    pub(crate) fn moment(&self, next: Option<i64>, now: i64) -> i64 {
        let settled = match next {
            Some(next) if next == self.begins => return now,
            Some(_) => self.begins,
            None => self.end().unwrap_or(self.begins).max(self.begins),
        };
        now.max(settled)
    }

    /// When it ends: by itself, or by what lifted it. What is final has an end only where it was
    /// lifted before it began.
    fn end(&self) -> Option<i64> {
        let is_final = self.state.is_final();
        let ends = self.ends.filter(|_| !is_final);
        let lifted = self.lifted.filter(|at| !is_final || *at <= self.begins);
        match (ends, lifted) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        }
    }

    /// What becomes of it when another decision lifts it at `at`; `None` where that changes
    /// nothing. Without a name, what is in force then is lifted. By its name, so is what has not
    /// begun by `now`: it is withdrawn. What is final can be withdrawn and not lifted. An end never
    /// moves to a later time.
    pub(crate) fn lift(&self, at: i64, named: bool, now: i64) -> Option<Self> {
        let over = self.end().is_some_and(|end| end <= at);
        let withdrawn = named && now < self.begins && at <= self.begins;
        let lifted = self.begins <= at && !self.state.is_final();
        (self.state != Standing::Valid && !over && (withdrawn || lifted)).then(|| Self {
            lifted: Some(at),
            ..self.clone()
        })
    }

    /// The next moment after `now` at which it begins or ends.
    pub(crate) fn next_change(&self, now: i64) -> Option<i64> {
        let end = self.end();
        if end.is_some_and(|end| end <= self.begins) {
            return None;
        }
        if self.begins > now {
            return Some(self.begins);
        }
        end.filter(|end| *end > now)
    }
}

/// The worst of what is in force at `now`.
pub(crate) fn worst<'a>(decisions: impl IntoIterator<Item = &'a Decision>, now: i64) -> Standing {
    decisions
        .into_iter()
        .filter(|decision| decision.is_in_force(now))
        .map(|decision| decision.state)
        .max()
        .unwrap_or(Standing::Valid)
}

/// The standing of an index: the driver's, the device's own, and whether the content is out of
/// date.
pub(crate) fn of_index(driver: Standing, own: Option<Standing>, out_of_date: bool) -> Standing {
    let waiting = if out_of_date {
        Standing::UpdateWaiting
    } else {
        Standing::Valid
    };
    driver.max(own.unwrap_or(Standing::Valid)).max(waiting)
}

/// Whether a decision may be made about a license that has `present`.
///
/// # Errors
/// [`Error::Revoked`] and [`Error::Superseded`]: what is final stays. The same can be decided once
/// more, with another term, of which the strictest counts; and Revoked can follow Superseded.
pub(crate) fn may_follow(present: Standing, next: Standing) -> Result<(), Error> {
    match present {
        Standing::Revoked if next != Standing::Revoked => Err(Error::Revoked),
        Standing::Superseded if !next.is_final() => Err(Error::Superseded),
        _ => Ok(()),
    }
}

/// Whether `valid` may be decided: `by_then` is in force at its time, it `lifts` something, and
/// `left` is in force afterwards.
///
/// # Errors
/// [`Error::FinalByThen`]: it would not lift that. [`Error::LiftsNothing`]: it would say what
/// is not so.
pub(crate) fn check_valid(by_then: Standing, lifts: bool, left: Standing) -> Result<(), Error> {
    if by_then.is_final() {
        return Err(Error::FinalByThen);
    }
    if !lifts && left != Standing::Valid {
        return Err(Error::LiftsNothing);
    }
    Ok(())
}

/// Whether a decision's times make sense together.
///
/// # Errors
/// [`Error::UntilPassed`], [`Error::UntilBeforeFrom`], or [`Error::NoUntil`] for a state that
/// takes no end.
pub(crate) fn check_times(
    state: Standing,
    from: i64,
    until: Option<i64>,
    now: i64,
) -> Result<(), Error> {
    let Some(until) = until else { return Ok(()) };
    if matches!(state, Standing::Valid | Standing::Superseded) {
        return Err(Error::NoUntil);
    }
    if until <= now {
        return Err(Error::UntilPassed);
    }
    if until <= from {
        return Err(Error::UntilBeforeFrom);
    }
    Ok(())
}

/// Whether an authority decides this state. Readers conclude `Unknown`, and `UpdateWaiting` follows
/// from an edit.
#[must_use]
pub fn can_decide(state: LicenseStatus) -> bool {
    Standing::decidable(state).is_some()
}

/// How a license stands at `now`: the worst of its state in the register and of its days, by the
/// rule that wallets and readers have. Of its credentials it says nothing.
#[must_use]
pub fn standing_of(license: &License, state: LicenseStatus, now: UnixTime) -> meaning::Standing {
    let far = now.saturating_add(24 * 3600);
    let grounds = Grounds {
        license,
        credential_ends: far,
        status: Some(Statement {
            state,
            issued_at: now,
            expires: far,
        }),
    };
    grounds.standings(now).worst()
}

/// What the driver is to do about a standing, in words for driver and clerk.
#[must_use]
pub const fn advice(standing: meaning::Standing) -> &'static str {
    match standing {
        meaning::Standing::Valid => "The driver may drive.",
        meaning::Standing::Unresolved => {
            "The driver may drive, and is to answer the authority about the open case."
        }
        meaning::Standing::NoCategory => {
            "The driver may not drive: no category of the license is in force today."
        }
        meaning::Standing::LicenseNotYetValid => {
            "The driver may not drive before the license's first day."
        }
        meaning::Standing::LicenseExpired => {
            "The license's last day is over: the driver may not drive until it is renewed."
        }
        meaning::Standing::Lapsed => {
            "The driver may not drive until the overdue renewal or review is done."
        }
        meaning::Standing::PointsLimit => {
            "The driver may not drive until the authority has decided about the points."
        }
        meaning::Standing::Suspended => {
            "The driver may not drive until the suspension ends; the license then returns by itself."
        }
        meaning::Standing::Revoked => {
            "The driver may not drive. A new license can be asked for once the revocation's term is over."
        }
        meaning::Standing::Superseded => {
            "Another license has taken this one's place: use that one."
        }
        _ => "The wallet fetches the newer license by itself.",
    }
}

/// A decision that nothing has lifted, for the tests of the rules.
#[cfg(test)]
pub(crate) const fn decision(state: Standing, begins: i64, ends: Option<i64>) -> Decision {
    Decision {
        state,
        begins,
        ends,
        lifted: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_of_what_is_in_force_counts() {
        // In the order of the register's page, the worst first.
        let order = [0x01, 0x0e, 0x02, 0x0c, 0x03, 0x0d, 0x0f, 0x00].map(|value| {
            Standing::from_value(value).expect("each value of the page has a standing")
        });
        assert!(order.is_sorted_by(|a, b| a > b));
        for (at, better) in order.iter().enumerate() {
            for worse in &order[..at] {
                let both = [decision(*better, 0, None), decision(*worse, 0, None)];
                assert_eq!(worst(&both, 10), *worse);
            }
        }
        assert_eq!(worst(&[], 10), Standing::Valid);
    }

    #[test]
    fn at_the_desk_the_days_count_beside_the_decisions() {
        use vidimus_credential::license::{Country, LicenseFields};
        use vidimus_credential::{BirthDate, Category, UtcOffset, time::Day};

        let day = |text: &str| Day::parse_iso(text).unwrap();
        let codes = vec!["B".to_owned()];
        let until = Some(day("2026-06-30"));
        let license = License::new(LicenseFields {
            family_name: "Okonkwo".to_owned(),
            given_names: "Adaeze".to_owned(),
            birth_date: BirthDate::parse_iso("1991-02-28").unwrap(),
            license_number: "ZZ-1".to_owned(),
            categories: vec![Category::of_codes(codes, None, until, Vec::new()).unwrap()],
            issue_date: day("2020-01-01"),
            expiry_date: Some(day("2026-12-31")),
            issuing_country: Country::parse("ZZ").unwrap(),
            utc_offset: UtcOffset::parse("+00:00").unwrap(),
        })
        .unwrap();
        // The first second of each of these days, two minutes on: a clock may be off by half of
        // one.
        let [first, summer, autumn, new_year] =
            [1_577_836_920, 1_780_272_120, 1_790_812_920, 1_798_761_720]
                .map(|seconds| UnixTime::new(seconds).unwrap());
        for (now, state, standing, may) in [
            (first, LicenseStatus::Valid, "valid", true),
            (summer, LicenseStatus::Unresolved, "unresolved", true),
            (autumn, LicenseStatus::Valid, "no_category", false),
            (new_year, LicenseStatus::Valid, "license_expired", false),
            (new_year, LicenseStatus::Suspended, "suspended", false),
        ] {
            let found = standing_of(&license, state, now);
            assert_eq!(found.name(), standing);
            assert_eq!(
                advice(found).starts_with("The driver may drive"),
                may,
                "{standing}"
            );
        }
    }

    #[test]
    fn a_decision_holds_from_its_begin_up_to_its_end() {
        let suspended = decision(Standing::Suspended, 100, Some(200));
        for (now, standing) in [
            (99, Standing::Valid),
            (100, Standing::Suspended),
            (199, Standing::Suspended),
            (200, Standing::Valid),
        ] {
            assert_eq!(worst(std::slice::from_ref(&suspended), now), standing);
        }
        assert_eq!(suspended.next_change(50), Some(100));
        assert_eq!(suspended.next_change(100), Some(200));
        assert_eq!(suspended.next_change(200), None);
        let lifted = Decision {
            lifted: Some(150),
            ..suspended
        };
        assert_eq!(
            worst(std::slice::from_ref(&lifted), 149),
            Standing::Suspended
        );
        assert_eq!(worst(std::slice::from_ref(&lifted), 150), Standing::Valid);
        assert_eq!(lifted.next_change(120), Some(150));
        assert_eq!(lifted.next_change(150), None);
        let before_it_began = Decision {
            lifted: Some(90),
            ..decision(Standing::Revoked, 100, None)
        };
        assert_eq!(
            worst(std::slice::from_ref(&before_it_began), 100),
            Standing::Valid
        );
        assert_eq!(before_it_began.next_change(95), None);
    }

    #[test]
    fn a_revocation_does_not_end_with_the_term_before_which_no_new_license_is_given() {
        let revoked = decision(Standing::Revoked, 100, Some(200));
        assert_eq!(
            worst(std::slice::from_ref(&revoked), 10_000),
            Standing::Revoked
        );
        assert_eq!(revoked.next_change(150), None);
        assert_eq!(worst(std::slice::from_ref(&revoked), 99), Standing::Valid);
    }

    #[test]
    fn what_was_settled_is_so_for_a_clock_that_was_read_before() {
        let counts = |decision: &Decision, next: Option<i64>, now: i64| {
            decision.is_in_force(decision.moment(next, now))
        };
        let suspended = decision(Standing::Suspended, 100, Some(200));
        // It is to begin, has begun, and has ended.
        assert!(!counts(&suspended, Some(100), 99) && counts(&suspended, Some(100), 100));
        assert!(counts(&suspended, Some(200), 90) && counts(&suspended, Some(200), 199));
        assert!(!counts(&suspended, Some(200), 200));
        for now in [90, 199, 200] {
            assert!(!counts(&suspended, None, now), "{now}");
        }
        for (lifted, next) in [(150, None), (50, None)] {
            let lifted = Decision {
                lifted: Some(lifted),
                ..suspended.clone()
            };
            for now in [40, 120, 160] {
                assert!(!counts(&lifted, next, now), "{now}");
            }
        }
        let revoked = decision(Standing::Revoked, 100, Some(200));
        assert!(counts(&revoked, None, 90) && counts(&revoked, None, 300));
    }

    #[test]
    fn what_is_final_stays() {
        for next in Standing::ALL {
            let revoked = may_follow(Standing::Revoked, next);
            assert_eq!(revoked.is_ok(), next == Standing::Revoked);
            let superseded = may_follow(Standing::Superseded, next);
            assert_eq!(superseded.is_ok(), next.is_final());
            assert_eq!(may_follow(Standing::Suspended, next), Ok(()));
        }
    }

    #[test]
    fn what_is_final_is_lifted_only_before_it_begins_and_is_in_force_whatever_a_row_says() {
        for state in [Standing::Revoked, Standing::Superseded] {
            let pending = decision(state, 100, None);
            let withdrawn = pending.lift(100, true, 50).unwrap();
            assert_eq!(worst([&withdrawn], 1_000), Standing::Valid);
            assert_eq!(withdrawn.next_change(50), None);
            // After its begin; and before it, by no name.
            assert_eq!(pending.lift(101, true, 50), None);
            assert_eq!(pending.lift(120, true, 110), None);
            assert_eq!(pending.lift(90, true, 110), None);
            assert_eq!(pending.lift(90, false, 50), None);
            let lifted = Decision {
                lifted: Some(101),
                ..pending
            };
            assert_eq!(worst([&lifted], 1_000), state);
            assert_eq!(lifted.next_change(50), Some(100));
            assert_eq!(lifted.next_change(100), None);
        }
    }

    #[test]
    fn valid_is_refused_where_the_license_would_not_be_valid_by_it() {
        use Standing::{Revoked, Superseded, Suspended, Valid};
        assert_eq!(check_valid(Suspended, true, Valid), Ok(()));
        assert_eq!(check_valid(Valid, false, Valid), Ok(()));
        // What began later than its time goes on; the caller is told.
        assert_eq!(check_valid(Suspended, true, Suspended), Ok(()));
        let nothing = check_valid(Valid, false, Suspended);
        assert_eq!(nothing, Err(Error::LiftsNothing));
        for by_then in [Revoked, Superseded] {
            let refused = check_valid(by_then, true, by_then);
            assert_eq!(refused, Err(Error::FinalByThen));
        }
    }

    #[test]
    fn what_was_lifted_or_withdrawn_is_never_lifted_at_a_later_time() {
        let suspended = decision(Standing::Suspended, 100, Some(200));
        let at = |lifted: Option<Decision>| lifted.and_then(|lifted| lifted.lifted);
        let withdrawn = suspended.lift(50, true, 50).unwrap();
        assert_eq!(withdrawn.lift(150, true, 60), None);
        assert_eq!(withdrawn.lift(150, false, 60), None);
        let lifted = suspended.lift(150, false, 110).unwrap();
        for named in [true, false] {
            assert_eq!(lifted.lift(150, named, 110), None);
            assert_eq!(lifted.lift(160, named, 110), None);
            assert_eq!(at(lifted.lift(120, named, 110)), Some(120));
            // Its own end comes first.
            assert_eq!(suspended.lift(200, named, 110), None);
        }
        // What has begun is not lifted before its begin, and what has not is lifted by its name
        // alone.
        assert_eq!(suspended.lift(99, true, 110), None);
        assert_eq!(suspended.lift(60, false, 50), None);
        assert_eq!(decision(Standing::Valid, 1, None).lift(5, false, 5), None);
    }

    #[test]
    fn times_that_contradict_each_other_are_refused() {
        let state = Standing::Suspended;
        assert_eq!(check_times(state, 100, Some(200), 50), Ok(()));
        assert_eq!(check_times(state, 100, None, 500), Ok(()));
        assert_eq!(
            check_times(state, 200, Some(200), 50),
            Err(Error::UntilBeforeFrom)
        );
        // What has passed is told first, before `from` is looked at.
        for from in [100, 200, 300] {
            let passed = check_times(state, from, Some(200), 200);
            assert_eq!(passed, Err(Error::UntilPassed));
        }
        assert_eq!(
            check_times(Standing::Valid, 1, Some(2), 0),
            Err(Error::NoUntil)
        );
        assert_eq!(
            check_times(Standing::Superseded, 1, Some(2), 0),
            Err(Error::NoUntil)
        );
        assert_eq!(check_times(Standing::Revoked, 1, Some(2), 0), Ok(()));
    }

    #[test]
    fn an_index_reads_the_worst_of_driver_device_and_content() {
        use Standing::{Revoked, Superseded, Suspended, UpdateWaiting, Valid};
        assert_eq!(of_index(Valid, None, false), Valid);
        assert_eq!(of_index(Valid, None, true), UpdateWaiting);
        assert_eq!(of_index(Suspended, None, true), Suspended);
        assert_eq!(of_index(Suspended, Some(Superseded), true), Superseded);
        assert_eq!(of_index(Revoked, Some(Superseded), false), Revoked);
    }

    #[test]
    fn a_clerk_decides_every_state_but_those_that_follow_by_themselves() {
        for status in LicenseStatus::ALL {
            let state = Standing::decidable(status);
            assert_eq!(
                state.is_some(),
                !matches!(status.name(), "unknown" | "update_waiting"),
                "{}",
                status.name()
            );
            assert!(state.is_none_or(|state| state.status() == status));
        }
    }
}
