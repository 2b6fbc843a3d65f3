//! `vidimus authority proposal`: what is final waits for a second chief.

use super::in_order;
use super::register::{Place, ProposalView, time};
use crate::args::ProposalAction;
use crate::failure::Outcome;
use crate::output::{self, plain};

/// Runs `authority proposal list|approve|refuse`.
pub(super) fn run(place: &Place, action: &ProposalAction, json: bool) -> Outcome {
    match action {
        ProposalAction::List { all } => list(&place.open()?.proposals(*all)?, json),
        ProposalAction::Approve { proposal } => {
            closed(&place.open()?.close(*proposal, true)?, json)
        }
        ProposalAction::Refuse { proposal } => {
            closed(&place.open()?.close(*proposal, false)?, json)
        }
    }
}

/// Says that a decision waits.
pub(super) fn proposed(proposal: &ProposalView, json: bool) -> Outcome {
    if json {
        return output::json(&in_order(proposal)?);
    }
    output::line(&format!(
        "Proposal {}: {} is to be {}, which is final, so it waits for another chief. Nothing has \
         changed yet. There: vidimus authority proposal approve {}",
        proposal.proposal_id,
        plain(&proposal.license_id),
        state(proposal),
        proposal.proposal_id
    ))
}

fn closed(proposal: &ProposalView, json: bool) -> Outcome {
    if json {
        return output::json(&in_order(proposal)?);
    }
    let (id, license) = (proposal.proposal_id, plain(&proposal.license_id));
    let state = state(proposal);
    output::line(&match proposal.outcome.as_deref() {
        Some("approved") => {
            let when = match proposal.from {
                Some(from) => format!("from {} on", time(from)),
                None => "from now on".to_owned(),
            };
            format!("Proposal {id} is approved: {license} is {state} {when}.")
        }
        Some("withdrawn") => {
            format!("Proposal {id} is withdrawn: nothing has changed for {license}.")
        }
        _ => format!("Proposal {id} is refused: nothing has changed for {license}."),
    })
}

fn list(proposals: &[ProposalView], json: bool) -> Outcome {
    if json {
        return output::json(&in_order(proposals)?);
    }
    if proposals.is_empty() {
        return output::line("No proposal waits.");
    }
    let lines: Vec<_> = proposals.iter().map(words).collect();
    output::line(&lines.join("\n"))
}

fn words(proposal: &ProposalView) -> String {
    let mut words = format!(
        "{}  {}  {}",
        proposal.proposal_id,
        plain(&proposal.license_id),
        state(proposal)
    );
    if let Some(from) = proposal.from {
        words.push_str(&format!(" from {}", time(from)));
    }
    if let Some(until) = proposal.until {
        words.push_str(&format!(" until {}", time(until)));
    }
    if let Some(reason) = &proposal.reason {
        words.push_str(&format!(", {}", plain(reason)));
    }
    words.push_str(&format!(
        "; proposed {} by u{}",
        time(proposal.made),
        proposal.by
    ));
    if let (Some(outcome), Some(at), Some(by)) =
        (&proposal.outcome, proposal.closed_at, proposal.closed_by)
    {
        words.push_str(&format!("; {} {} by u{by}", plain(outcome), time(at)));
    }
    words
}

fn state(proposal: &ProposalView) -> String {
    plain(&proposal.state).replace('_', " ")
}
