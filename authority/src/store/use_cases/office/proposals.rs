//! Four eyes: one chief proposes what is final, another one approves it.

use rusqlite::Transaction;
use vidimus_credential::UnixTime;

use super::super::decide;
use super::asking;
use crate::error::Error;
use crate::office::{By, OfficeFault};
use crate::register::office::ProposalRow;
use crate::register::{Decided, Decision, Due};
use crate::rules::standing::{Standing, check_times, may_follow};
use crate::store::events::{self, Event};
use crate::store::indexes::{standing, unsigned};
use crate::store::{licenses, proposals, to_sql};

/// Proposes a decision. Repeated under the same event it is the same proposal.
pub(super) fn propose(
    transaction: &Transaction<'_>,
    by: By,
    asked: &Decision,
    now: UnixTime,
) -> Result<ProposalRow, Error> {
    let by = asking(by)?;
    decide::check_words(asked)?;
    let state = Standing::decidable(asked.state)
        .filter(|state| state.is_final())
        .ok_or(OfficeFault::NotFinal)?;
    if asked.reason.is_none() {
        return Err(OfficeFault::ReasonMissing.into());
    }
    let license = licenses::find(transaction, &asked.license)?;
    if let Some(made) = proposals::of_event(transaction, &asked.event)? {
        let same = made.license == license.id
            && made.state == asked.state
            && made.reason == asked.reason
            && (made.from, made.until, made.by) == (asked.from, asked.until, by);
        return match same {
            true => Ok(made),
            false => Err(Error::EventReused {
                event: asked.event.clone(),
            }),
        };
    }
    // What could not be decided is said now, and not to the one who approves.
    license.live().ok_or(Error::RowEnded)?;
    let begins = asked.from.map_or(to_sql(now), to_sql);
    check_times(state, begins, asked.until.map(to_sql), to_sql(now))?;
    may_follow(standing(transaction, &license, now)?, state)?;
    if let Some(id) = proposals::waiting_of(transaction, &license.id)? {
        return Err(OfficeFault::ProposalWaits { id }.into());
    }
    let new = proposals::New {
        event: &asked.event,
        license: &license.id,
        state,
        reason: asked.reason.as_deref(),
        from: asked.from,
        until: asked.until,
        by,
    };
    let id = proposals::insert(transaction, &new, now)?;
    note(
        transaction,
        &license.id,
        "proposed",
        &format!("p{id} {}", asked.state.name()),
        now,
    )?;
    find(transaction, id)
}

/// Approves a proposal: the decision is made in this transaction, in the name of both.
pub(super) fn approve(
    transaction: &Transaction<'_>,
    by: By,
    id: i64,
    now: UnixTime,
) -> Result<(ProposalRow, Decided, Due), Error> {
    let user = asking(by)?;
    let proposal = find(transaction, id)?;
    if let Some(closed) = &proposal.closed {
        if closed.outcome == "approved" && closed.by == user {
            let due = unsigned(transaction, &proposal.license)?;
            return Ok((proposal, Decided::default(), due));
        }
        return Err(over(&closed.outcome));
    }
    if proposal.by == user {
        return Err(OfficeFault::OwnProposal.into());
    }
    if events::was_edited_by(transaction, &proposal.license, by)? {
        return Err(OfficeFault::OwnEdit.into());
    }
    let decision = Decision {
        event: proposals::event_of(transaction, id)?,
        license: proposal.license.clone(),
        state: proposal.state,
        reason: proposal.reason.clone(),
        // What was to begin meanwhile begins now.
        from: proposal.from.filter(|from| *from > now),
        until: proposal.until,
        lifts: None,
    };
    let both = format!("u{}+u{user}", proposal.by);
    let (decided, due) = decide::decide(transaction, &[decision], &both, now)?;
    proposals::close(transaction, id, "approved", user, now)?;
    note(
        transaction,
        &proposal.license,
        "approved",
        &format!("p{id}"),
        now,
    )?;
    Ok((find(transaction, id)?, decided, due))
}

/// Refuses a proposal; who proposed it withdraws it so.
pub(super) fn refuse(
    transaction: &Transaction<'_>,
    by: By,
    id: i64,
    now: UnixTime,
) -> Result<ProposalRow, Error> {
    let user = asking(by)?;
    let proposal = find(transaction, id)?;
    let outcome = match proposal.by == user {
        true => "withdrawn",
        false => "refused",
    };
    match &proposal.closed {
        Some(closed) if closed.by == user && closed.outcome == outcome => return Ok(proposal),
        Some(closed) => return Err(over(&closed.outcome)),
        None => {}
    }
    proposals::close(transaction, id, outcome, user, now)?;
    let kind = match outcome {
        "withdrawn" => "proposal_withdrawn",
        _ => "proposal_refused",
    };
    note(transaction, &proposal.license, kind, &format!("p{id}"), now)?;
    find(transaction, id)
}

fn find(transaction: &Transaction<'_>, id: i64) -> Result<ProposalRow, Error> {
    proposals::by_id(transaction, id)?.ok_or_else(|| OfficeFault::UnknownProposal.into())
}

fn over(outcome: &str) -> Error {
    OfficeFault::ProposalClosed {
        outcome: outcome.to_owned(),
    }
    .into()
}

fn note(
    transaction: &Transaction<'_>,
    license: &str,
    kind: &'static str,
    detail: &str,
    now: UnixTime,
) -> Result<(), Error> {
    Event {
        detail: Some(detail),
        ..Event::of(license, kind)
    }
    .append(transaction, now)
}
