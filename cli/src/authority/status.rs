//! `vidimus authority status`: one decision about who may drive.

use serde_json::json;
use vidimus_authority::{Authority, Decision, Moment};
use vidimus_credential::{LicenseStatus, UnixTime};

use super::failure;
use super::register::{DecisionView, Place, Told, time};
use crate::args::{SetArguments, When};
use crate::failure::Outcome;
use crate::output::{self, plain};
use crate::runtime;

/// Runs `vidimus authority status set`.
pub(super) fn set(place: &Place, asked: SetArguments, json: bool) -> Outcome {
    let register = place.open()?;
    let has_day = |when: Option<When>| when.is_some_and(When::is_day);
    let east = match has_day(asked.from) || has_day(asked.until) {
        true => register.seat(&asked.license)?,
        false => 0,
    };
    let event = match asked.event {
        Some(event) => event,
        None => Authority::new_event().map_err(|error| failure(&error))?,
    };
    let decision = Decision {
        event: event.clone(),
        license: asked.license.clone(),
        state: asked.state,
        reason: asked.reason,
        from: asked.from.map(|when| when.at(east)),
        until: asked.until.map(|when| when.at(east)),
        lifts: asked.lifts,
    };
    let (decided, all, now) = match register.decide(&decision)? {
        Told::Decided { decided, all, now } => (decided, all, now),
        Told::Proposed(proposal) => return super::proposal::proposed(&proposal, json),
    };
    let (id, lists) = (plain(&decided.license_id), signed(decided.lists_signed));
    if json {
        return output::json(&json!({
            "license_id": decided.license_id,
            "status": decided.status,
            "decided": asked.state.name(),
            "event": event,
            "repeated": decided.repeated,
            "lifted_nothing": decided.lifted_nothing,
            "lists_signed": decided.lists_signed,
        }));
    }
    let status = LicenseStatus::from_name(&decided.status).unwrap_or(LicenseStatus::Unknown);
    if decided.repeated {
        return output::line(&format!(
            "Repeated: nothing changed. The event {event} was decided before with the same content; \
             {id} is {} now; {lists}.",
            name(status)
        ));
    }
    let told = DecisionReport {
        decision: &decision,
        status,
        lifted_nothing: decided.lifted_nothing,
        now,
    };
    output::line(&format!(
        "{id} {}{}{}; {lists}. Event {event}.",
        told.words(),
        without_end(&all, &decision),
        to_come(&all, &decision, now)
    ))
}

/// The time by which the register dates what is decided. Says so where the clock is in doubt, for
/// what would change then is not signed, and where ends of terms wait.
pub(super) fn believed(authority: &Authority, now: Moment) -> Outcome<Moment> {
    let clock = authority.clock(now).map_err(|error| failure(&error))?;
    if let Some(words) = super::clock::waits(&clock).filter(|_| clock.ends_waiting > 0) {
        output::note(&format!("vidimus: {words}"));
    }
    let Some(words) = super::clock::doubt(&clock) else {
        return Ok(now);
    };
    output::note(&format!("vidimus: {words}"));
    let expected = clock.expected.unwrap_or(clock.clock);
    Ok(Moment::from(clock.clock.min(expected)))
}

pub(super) fn signed(lists: usize) -> String {
    match lists {
        0 => "no status list changes by it now".to_owned(),
        1 => "the status list is signed".to_owned(),
        lists => format!("{lists} status lists are signed"),
    }
}

fn name(state: LicenseStatus) -> String {
    state.name().replace('_', " ")
}

/// What was decided, and what counts now.
struct DecisionReport<'a> {
    decision: &'a Decision,
    status: LicenseStatus,
    lifted_nothing: bool,
    now: UnixTime,
}

impl DecisionReport<'_> {
    fn words(&self) -> String {
        let decision = self.decision;
        let valid = LicenseStatus::Valid;
        let from = match decision.from {
            Some(from) => format!("from {} on", from.to_rfc3339()),
            None => "from now on".to_owned(),
        };
        let is_to_come = decision.from.is_some_and(|from| from > self.now);
        let status = name(self.status);
        if let Some(lifts) = &decision.lifts {
            return format!("has the decision {lifts} lifted {from}; now it is {status}");
        }
        if decision.state == valid && self.lifted_nothing && !is_to_come && self.status != valid {
            return format!(
                "has nothing that could be lifted: it is {status} by a term whose end waits"
            );
        }
        if decision.state == valid && self.lifted_nothing && !is_to_come {
            return "was valid already: nothing was lifted".to_owned();
        }
        if decision.state == valid && self.status != valid && !is_to_come {
            return format!(
                "has what was in force lifted {from}; now it is {status}, by what began later"
            );
        }
        let mut words = format!("is {} {from}", name(decision.state));
        match (decision.until, decision.state) {
            (Some(until), LicenseStatus::Revoked) => words.push_str(&format!(
                ", and no new license may be given before {}",
                until.to_rfc3339()
            )),
            (None, LicenseStatus::Revoked) => words.push_str(", for good"),
            (Some(until), _) => words.push_str(&format!(", until {}", until.to_rfc3339())),
            (None, _) => {}
        }
        if self.lifted_nothing {
            words.push_str(", as it would be without this decision");
        }
        match (self.status == decision.state, is_to_come) {
            (true, _) => {}
            (false, true) => words.push_str(&format!("; now it is {status}")),
            (false, false) => {
                words.push_str(&format!("; now it is {status}, by what else is in force"))
            }
        }
        words
    }
}

/// The revocation without a term beside which the term of another one means nothing.
fn without_end(all: &[DecisionView], decision: &Decision) -> String {
    if decision.state != LicenseStatus::Revoked || decision.until.is_none() {
        return String::new();
    }
    let revoked = LicenseStatus::Revoked.name();
    let mut others = all
        .iter()
        .filter(|made| made.state == revoked && made.until.is_none() && made.lifted_at.is_none());
    others.next().map_or_else(String::new, |made| {
        format!(
            "; but the revocation of event {} has no term, so none is given ever",
            plain(&made.event)
        )
    })
}

/// What `valid` leaves, for it has not begun.
fn to_come(all: &[DecisionView], decision: &Decision, now: UnixTime) -> String {
    if decision.state != LicenseStatus::Valid {
        return String::new();
    }
    let from = decision.from.unwrap_or(now).max(now).seconds();
    let later = all.iter().filter(|made| {
        made.from > from
            && made.state != LicenseStatus::Valid.name()
            && made.lifted_at.is_none_or(|lifted| lifted > made.from)
    });
    later
        .map(|made| {
            format!(
                "; {} from {} on stays in force (event {})",
                plain(&made.state).replace('_', " "),
                time(made.from),
                plain(&made.event)
            )
        })
        .collect()
}

/// Minutes east of UTC of the authority's seat, by which days are meant.
pub(super) fn seat(authority: &Authority) -> Outcome<i64> {
    let desk = authority
        .desk(runtime::moment())
        .map_err(|error| failure(&error))?;
    Ok(i64::from(desk.utc_offset.minutes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_says_what_counts_where_that_is_not_what_was_decided() {
        use LicenseStatus::{Lapsed, Revoked, Suspended, Valid};
        let now = UnixTime::new(1_700_000_000).unwrap();
        let later = UnixTime::new(1_800_000_000).ok();
        let told = |decision: &Decision, status, lifted_nothing| {
            DecisionReport {
                decision,
                status,
                lifted_nothing,
                now,
            }
            .words()
        };
        let decided = |state, from, until| Decision {
            event: "e".to_owned(),
            license: "l".to_owned(),
            state,
            reason: None,
            from,
            until,
            lifts: None,
        };
        let suspended = decided(Suspended, None, None);
        assert_eq!(
            told(&suspended, Suspended, false),
            "is suspended from now on"
        );
        let lapsed = decided(Lapsed, None, later);
        assert_eq!(
            told(&lapsed, Suspended, false),
            "is lapsed from now on, until 2027-01-15T08:00:00Z; now it is suspended, by what else is in force"
        );
        let revoked = decided(Revoked, later, None);
        assert_eq!(
            told(&revoked, Valid, false),
            "is revoked from 2027-01-15T08:00:00Z on, for good; now it is valid"
        );
        let valid = decided(Valid, None, None);
        assert_eq!(told(&valid, Valid, false), "is valid from now on");
        assert_eq!(
            told(&valid, Valid, true),
            "was valid already: nothing was lifted"
        );
        let early = decided(Valid, UnixTime::new(1_600_000_000).ok(), None);
        let words = told(&early, Suspended, false);
        assert!(words.ends_with("now it is suspended, by what began later"));
        let one = Decision {
            lifts: Some("court-1".to_owned()),
            ..valid
        };
        assert_eq!(
            told(&one, Suspended, false),
            "has the decision court-1 lifted from now on; now it is suspended"
        );
    }
}
