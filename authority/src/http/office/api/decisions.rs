//! Decisions, and four eyes for what is final.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use vidimus_credential::{LicenseStatus, UnixTime};

use super::super::Office;
use super::super::caller::Caller;
use super::super::problem::Problem;
use super::licenses::number;
use super::{Body, Decide, DecidedView, Nothing, ProposalPage, ProposalView, answer, ok};
use crate::authority::Authority;
use crate::office::Call;
use crate::register::Decision;
use crate::register::office::Office as _;
use crate::rules::standing::can_decide;

/// Proposals of one page.
const PAGE: u32 = 200;

/// Which call the decision for a state is.
pub(in super::super) fn call_of(state: LicenseStatus) -> Option<Call> {
    match state {
        LicenseStatus::Unresolved => Some(Call::DecideUnresolved),
        LicenseStatus::Valid => Some(Call::Lift),
        LicenseStatus::Revoked | LicenseStatus::Superseded => Some(Call::ProposeRevocation),
        state if can_decide(state) => Some(Call::DecideSuspension),
        _ => None,
    }
}

/// `POST /v1/licenses/{license}/decisions`
pub(super) async fn decide(
    State(office): State<Office>,
    Caller(user): Caller,
    Path(license): Path<String>,
    Body(asked): Body<Decide>,
) -> Result<Response, Problem> {
    let state = LicenseStatus::from_name(&asked.state);
    let (state, call) = state
        .and_then(|state| Some((state, call_of(state)?)))
        .ok_or(Problem::request(
            "`state` is unresolved, suspended, points_limit, lapsed, valid, revoked or superseded",
        ))?;
    let event = match asked.event {
        Some(event) => event,
        None => Authority::new_event()?,
    };
    let time = |seconds: Option<u64>| {
        let read = seconds.map(UnixTime::new).transpose();
        read.map_err(|_| Problem::request("a time is in seconds since 1970"))
    };
    let decision = Decision {
        event,
        license,
        state,
        reason: asked.reason,
        from: time(asked.from)?,
        until: time(asked.until)?,
        lifts: asked.lifts,
    };
    if call == Call::ProposeRevocation {
        let proposal = office
            .call(&user, call, move |authority, now| {
                authority.propose(&decision, now)
            })
            .await?;
        return answer(StatusCode::ACCEPTED, &ProposalView::of(&proposal));
    }
    let by = format!("u{}", user.id);
    let decided = office
        .call(&user, call, move |authority, now| {
            let decided = authority.decide(std::slice::from_ref(&decision), &by, now)?;
            let found = authority.find_license(&decision.license, now)?;
            Ok(DecidedView {
                license_id: found.row.id,
                status: found.row.status.name().to_owned(),
                event: decision.event,
                repeated: decided.repeated > 0,
                lifted_nothing: decided.lifted_nothing > 0,
                lists_signed: decided.lists,
            })
        })
        .await?;
    ok(&decided)
}

/// Which proposals are asked for.
#[derive(Deserialize)]
pub(in super::super) struct Which {
    /// Also those that are closed.
    all: Option<bool>,
}

/// `GET /v1/proposals`
pub(super) async fn proposals(
    State(office): State<Office>,
    Caller(user): Caller,
    Query(which): Query<Which>,
) -> Result<Response, Problem> {
    let waiting = !which.all.unwrap_or(false);
    let rows = office
        .call(&user, Call::ListProposals, move |authority, _| {
            authority.register().proposals(waiting, PAGE)
        })
        .await?;
    ok(&ProposalPage {
        proposals: rows.iter().map(ProposalView::of).collect(),
    })
}

/// `POST /v1/proposals/{proposal}/approve`
pub(super) async fn approve(
    State(office): State<Office>,
    Caller(user): Caller,
    Path(proposal): Path<String>,
    Body(Nothing {}): Body<Nothing>,
) -> Result<Response, Problem> {
    office.allow(&user, Call::ApproveProposal).await?;
    let id = number(&proposal)?;
    let (proposal, _) = office
        .call(&user, Call::ApproveProposal, move |authority, now| {
            authority.approve(id, now)
        })
        .await?;
    ok(&ProposalView::of(&proposal))
}

/// `POST /v1/proposals/{proposal}/refuse`
pub(super) async fn refuse(
    State(office): State<Office>,
    Caller(user): Caller,
    Path(proposal): Path<String>,
    Body(Nothing {}): Body<Nothing>,
) -> Result<Response, Problem> {
    office.allow(&user, Call::RefuseProposal).await?;
    let id = number(&proposal)?;
    let proposal = office
        .call(&user, Call::RefuseProposal, move |authority, now| {
            authority.refuse_proposal(id, now)
        })
        .await?;
    ok(&ProposalView::of(&proposal))
}
