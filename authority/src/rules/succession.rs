//! What counts against a number when another license is added under it.

use std::cmp::Reverse;

use super::standing::{Decision, Standing};

/// When a row of a number was added and ended, in the order of events: clocks are set back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowDates {
    pub(crate) added: Option<i64>,
    pub(crate) ended: Option<i64>,
}

/// Whether no row of the number was added after this one ended, so that nothing has taken over what
/// stood against it. Rows lived side by side when numbers were compared less strictly.
pub(crate) fn is_last(row: RowDates, all: &[RowDates]) -> bool {
    let Some(ended) = row.ended else {
        return true;
    };
    !all.iter()
        .any(|other| other.added.is_some_and(|added| added > ended))
}

/// A revocation that holds, or is still to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Revocation<'a> {
    pub(crate) event: &'a str,
    /// Before when no new license is given; `None`: never.
    pub(crate) until: Option<i64>,
    pub(crate) in_force: bool,
}

/// What an `--after-revocation` means for a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Term {
    /// Every revocation's term is over.
    Over,
    /// One has a term that is not.
    Until(i64),
    /// One has no term.
    ForGood,
    /// None has the event that was named.
    OtherEvent,
}

/// The revocations that stand against a row, the strictest first: without a term before the
/// longest. With each decision comes when it begins or ends next, as it is stored.
pub(crate) fn revocations<'a>(
    made: impl Iterator<Item = (&'a str, &'a Decision, Option<i64>)>,
    now: i64,
) -> Vec<Revocation<'a>> {
    let mut found: Vec<_> = made
        .map(|(event, decision, next)| (event, decision, decision.moment(next, now)))
        .filter(|(_, decision, at)| decision.state == Standing::Revoked && counts(decision, *at))
        .map(|(event, decision, at)| Revocation {
            event,
            until: decision.ends,
            in_force: decision.is_in_force(at),
        })
        .collect();
    found.sort_by_key(|revocation| Reverse(revocation.until.unwrap_or(i64::MAX)));
    found
}

/// Whether a new license may be given after the revocation of the named event. All that stand
/// against the number count, those to come as well: the strictest decides.
pub(crate) fn term(revocations: &[Revocation<'_>], named: &str, now: i64) -> Term {
    if !revocations
        .iter()
        .any(|revocation| revocation.event == named)
    {
        return Term::OtherEvent;
    }
    let ends = |revocation: &Revocation<'_>| revocation.until;
    match revocations.first().map(ends) {
        None => Term::OtherEvent,
        Some(None) => Term::ForGood,
        Some(Some(until)) if now < until => Term::Until(until),
        Some(Some(_)) => Term::Over,
    }
}

/// What a license takes over of a decision about the row that had its number before: all that holds
/// or is still to begin, with its term and with a lift that is to come. So does a term whose end
/// waits for a clock that has moved. `next`: when the decision begins or ends next, as it is
/// stored. A revocation that holds is not taken over, for its term must be over; nor is Superseded,
/// after which a driver is registered anew.
pub(crate) fn inherited(decision: &Decision, next: Option<i64>, now: i64) -> Option<Decision> {
    let in_force = decision.is_in_force(decision.moment(next, now));
    let passes = match decision.state {
        Standing::Valid | Standing::UpdateWaiting | Standing::Superseded => false,
        Standing::Revoked => !in_force,
        Standing::Unresolved | Standing::Lapsed | Standing::PointsLimit | Standing::Suspended => {
            true
        }
    };
    (passes && (in_force || next.is_some())).then(|| decision.clone())
}

/// Whether a decision about a row that ended still counts against its number: a new license is
/// refused for it, or takes it over. `next`: when it begins or ends next, as it is stored.
pub(crate) fn stands(decision: &Decision, next: Option<i64>, now: i64) -> bool {
    let at = decision.moment(next, now);
    let is_revoked = decision.state == Standing::Revoked && counts(decision, at);
    is_revoked || inherited(decision, next, now).is_some()
}

/// Whether a decision holds at `now`, or is still to begin.
fn counts(decision: &Decision, now: i64) -> bool {
    decision.is_in_force(now) || decision.next_change(now) == Some(decision.begins)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::standing::decision;

    /// In the form in which they would be stored if they were looked at now.
    fn stored<'a>(
        made: impl IntoIterator<Item = (&'a str, &'a Decision)>,
        now: i64,
    ) -> Vec<Revocation<'a>> {
        let made = made.into_iter();
        let all = made.map(|(event, decision)| (event, decision, decision.next_change(now)));
        revocations(all, now)
    }

    #[test]
    fn a_row_is_the_last_where_none_was_added_after_its_end() {
        let life = |added: i64, ended: i64| RowDates {
            added: Some(added),
            ended: Some(ended),
        };
        // One after the other, and two side by side.
        let all = [life(1, 3), life(4, 8), life(5, 9)];
        let last: Vec<bool> = all.iter().map(|row| is_last(*row, &all)).collect();
        assert_eq!(last, [false, true, true]);
        let unknown = RowDates {
            added: None,
            ended: None,
        };
        assert!(is_last(unknown, &all));
    }

    #[test]
    fn the_strictest_revocation_counts_whichever_was_made_first_or_is_named() {
        let mild = decision(Standing::Revoked, 10, Some(100));
        let long = decision(Standing::Revoked, 20, Some(200));
        let forever = decision(Standing::Revoked, 30, None);
        let both = [("mild", &mild), ("long", &long)];
        for order in [both, [both[1], both[0]]] {
            let stands = stored(order, 150);
            assert_eq!(stands[0].event, "long");
            for named in ["mild", "long"] {
                assert_eq!(term(&stands, named, 150), Term::Until(200));
                assert_eq!(term(&stands, named, 200), Term::Over);
            }
            assert_eq!(term(&stands, "other", 200), Term::OtherEvent);
        }
        let all = [("mild", &mild), ("forever", &forever), ("long", &long)];
        let stands = stored(all, 1_000);
        assert_eq!(term(&stands, "mild", 1_000), Term::ForGood);
    }

    #[test]
    fn a_revocation_that_is_to_come_counts_and_one_that_was_withdrawn_does_not() {
        let mild = decision(Standing::Revoked, 10, Some(100));
        let coming = decision(Standing::Revoked, 300, Some(400));
        let both = [("mild", &mild), ("coming", &coming)];
        let stands = stored(both, 200);
        assert_eq!(term(&stands, "mild", 200), Term::Until(400));
        assert!(stands[1].in_force && !stands[0].in_force);
        // It began a moment after the clock was read.
        let begun = revocations([("mild", &mild, None)].into_iter(), 9);
        assert!(begun[0].in_force);
        let withdrawn = Decision {
            lifted: Some(150),
            ..coming
        };
        let both = [("mild", &mild), ("coming", &withdrawn)];
        let stands = stored(both, 200);
        assert_eq!(term(&stands, "mild", 200), Term::Over);
    }

    #[test]
    fn a_revocation_stands_whatever_its_term_and_anything_else_while_it_would_be_taken_over() {
        use Standing::{Revoked, Superseded, Suspended, Valid};
        for (decision, expected) in [
            (decision(Revoked, 10, None), true),
            (decision(Revoked, 10, Some(20)), true),
            (decision(Revoked, 60, Some(70)), true),
            (decision(Suspended, 10, Some(100)), true),
            (decision(Suspended, 60, Some(100)), true),
            (decision(Suspended, 10, Some(50)), false),
            (decision(Superseded, 10, None), false),
            (decision(Valid, 60, None), false),
        ] {
            let next = decision.next_change(50);
            assert_eq!(stands(&decision, next, 50), expected, "{decision:?}");
        }
        let withdrawn = Decision {
            lifted: Some(40),
            ..decision(Revoked, 60, None)
        };
        assert!(!stands(&withdrawn, None, 50));
    }

    #[test]
    fn what_holds_or_is_to_begin_is_taken_over_with_the_lift_that_is_to_come() {
        use Standing::{Revoked, Superseded, Suspended, Valid};
        let taken = |decision: &Decision| inherited(decision, decision.next_change(50), 50);
        let whole = |decision: Decision| {
            assert_eq!(taken(&decision), Some(decision.clone()));
        };
        whole(decision(Suspended, 10, Some(100)));
        whole(decision(Suspended, 60, None));
        whole(decision(Revoked, 60, Some(100)));
        whole(Decision {
            lifted: Some(70),
            ..decision(Suspended, 10, None)
        });
        for past in [
            decision(Suspended, 10, Some(50)),
            decision(Revoked, 10, Some(20)),
            decision(Superseded, 60, None),
            decision(Valid, 60, None),
            Decision {
                lifted: Some(50),
                ..decision(Suspended, 10, None)
            },
            Decision {
                lifted: Some(40),
                ..decision(Revoked, 60, None)
            },
        ] {
            assert_eq!(taken(&past), None, "{past:?}");
        }
        // Its end has come by the clock, and is not settled.
        let waits = decision(Suspended, 10, Some(40));
        assert_eq!(inherited(&waits, Some(40), 50), Some(waits.clone()));
    }
}
