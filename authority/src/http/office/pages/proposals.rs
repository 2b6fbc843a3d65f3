//! Four eyes on pages: what is final is proposed by one chief and approved by another.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use vidimus_credential::LicenseStatus;

use super::super::Office;
use super::super::problem::Problem;
use super::frame::{self, Frame, page as answer, page_with, to, words_of};
use super::rows::{LicenseLine, Words};
use super::session::{Posted, Session};
use super::sign_in::confirm;
use super::{call, may, number};
use crate::authority::Authority;
use crate::clock::Moment;
use crate::error::Error;
use crate::office::{Call, OfficeFault};
use crate::register::Decision;
use crate::register::office::{Office as _, ProposalRow};

/// Proposals of a page.
const PAGE: u32 = 200;

/// A proposal in a list.
struct Line {
    id: i64,
    made: String,
    what: String,
    name: String,
    by: String,
    outcome: String,
}

impl Line {
    fn of(authority: &Authority, row: &ProposalRow, now: Moment) -> Result<Self, Error> {
        let words = Words::read(authority)?;
        let found = authority.find_license(&row.license, now)?;
        let outcome = row.closed.as_ref().map(|closed| {
            let (at, by) = (words.when(closed.at), words.user(closed.by));
            format!("{} {at} by {by}", closed.outcome)
        });
        Ok(Self {
            id: row.id,
            made: words.when(row.made),
            what: row.state.name().to_owned(),
            name: LicenseLine::of(&found.row, now.wall()).name,
            by: words.user(row.by),
            outcome: outcome.unwrap_or_else(|| "waits".to_owned()),
        })
    }
}

#[derive(Template)]
#[template(path = "office/proposals.html")]
struct ListPage {
    frame: Frame,
    rows: Vec<Line>,
}

/// `GET /proposals`
pub(super) async fn list(
    State(office): State<Office>,
    session: Session,
) -> Result<Response, Response> {
    let rows = call(
        &office,
        &session,
        Call::ListProposals,
        "/",
        |authority, now| {
            let rows = authority.register().proposals(false, PAGE)?;
            rows.iter()
                .map(|row| Line::of(authority, row, now))
                .collect::<Result<Vec<_>, _>>()
        },
    )
    .await?;
    let frame = Frame::of(&office, &session, "/proposals", "Approvals");
    Ok(answer(&ListPage { frame, rows }))
}

#[derive(Template)]
#[template(path = "office/proposal.html")]
struct ProposalPage {
    frame: Frame,
    row: Line,
    license: String,
    reason: String,
    from: String,
    until: String,
    open: bool,
    may: bool,
    own: bool,
    by_certificate: bool,
}

/// What a page knows of a proposal.
struct Looked {
    line: Line,
    row: ProposalRow,
    from: String,
    until: String,
}

fn look(authority: &Authority, id: i64, now: Moment) -> Result<Looked, Error> {
    let words = Words::read(authority)?;
    let rows = authority.register().proposals(false, u32::MAX)?;
    let row = rows.into_iter().find(|row| row.id == id);
    let row = row.ok_or(OfficeFault::UnknownProposal)?;
    let or =
        |time: Option<_>, none: &str| time.map_or_else(|| none.to_owned(), |time| words.when(time));
    Ok(Looked {
        line: Line::of(authority, &row, now)?,
        from: or(row.from, "the approval"),
        until: or(row.until, "never: no new license is given"),
        row,
    })
}

async fn show(
    office: &Office,
    session: &Session,
    id: i64,
    fault: Option<Problem>,
) -> Result<Response, Response> {
    let looked = call(
        office,
        session,
        Call::ListProposals,
        "/proposals",
        move |authority, now| look(authority, id, now),
    )
    .await?;
    let frame = Frame::of(office, session, "/proposals", "Approve, or refuse");
    let page = ProposalPage {
        frame: frame.with_fault(fault.as_ref().map(words_of)),
        license: looked.row.license,
        reason: looked.row.reason.unwrap_or_default(),
        from: looked.from,
        until: looked.until,
        open: looked.row.closed.is_none(),
        may: may(session, Call::ApproveProposal),
        own: looked.row.by == session.row.user.id,
        by_certificate: session.by_certificate,
        row: looked.line,
    };
    let status = fault.map_or(StatusCode::OK, |fault| fault.status);
    Ok(page_with(status, &page))
}

/// `GET /proposals/{proposal}`
pub(super) async fn page(
    State(office): State<Office>,
    session: Session,
    Path(proposal): Path<String>,
) -> Result<Response, Response> {
    let id = number(&office, &session, &proposal)?;
    show(&office, &session, id, None).await
}

/// `POST /proposals/{proposal}/approve`
pub(super) async fn approve(
    State(office): State<Office>,
    Path(proposal): Path<String>,
    asked: Posted,
) -> Result<Response, Response> {
    let session = asked.session;
    let id = number(&office, &session, &proposal)?;
    let user = &session.row.user;
    if let Err(problem) = office.allow(user, Call::ApproveProposal).await {
        return Err(frame::problem(
            &office,
            Some(&session),
            &problem,
            "/proposals",
        ));
    }
    if let Err(problem) = confirm(&office, &session, &asked.place, &asked.fields).await {
        return show(&office, &session, id, Some(problem)).await;
    }
    let done = office
        .call(user, Call::ApproveProposal, move |authority, now| {
            authority.approve(id, now)
        })
        .await;
    match done {
        Ok((proposal, _)) => Ok(to(&format!("/licenses/{}", proposal.license))),
        Err(problem) => show(&office, &session, id, Some(problem)).await,
    }
}

/// `POST /proposals/{proposal}/refuse`
pub(super) async fn refuse(
    State(office): State<Office>,
    Path(proposal): Path<String>,
    asked: Posted,
) -> Result<Response, Response> {
    let session = asked.session;
    let id = number(&office, &session, &proposal)?;
    let back = format!("/proposals/{id}");
    call(
        &office,
        &session,
        Call::RefuseProposal,
        &back,
        move |authority, now| authority.refuse_proposal(id, now),
    )
    .await?;
    Ok(to("/proposals"))
}

#[derive(Template)]
#[template(path = "office/revoke.html")]
struct RevokePage {
    frame: Frame,
    id: String,
    row: LicenseLine,
    event: String,
    reason: String,
    from: String,
    until: String,
    by_certificate: bool,
}

/// What was typed into the form.
#[derive(Default)]
struct Typed {
    event: String,
    reason: String,
    from: String,
    until: String,
}

async fn revoke_form(
    office: &Office,
    session: &Session,
    license: String,
    typed: Typed,
    fault: Option<Problem>,
) -> Result<Response, Response> {
    let (row, event) = call(
        office,
        session,
        Call::ProposeRevocation,
        "/",
        move |authority, now| {
            let found = authority.find_license(&license, now)?;
            Ok((
                LicenseLine::of(&found.row, now.wall()),
                Authority::new_event()?,
            ))
        },
    )
    .await?;
    let frame = Frame::of(office, session, "", "Propose to revoke a license");
    let page = RevokePage {
        frame: frame.with_fault(fault.as_ref().map(words_of)),
        id: row.id.clone(),
        row,
        event: Some(typed.event)
            .filter(|typed| !typed.is_empty())
            .unwrap_or(event),
        reason: typed.reason,
        from: typed.from,
        until: typed.until,
        by_certificate: session.by_certificate,
    };
    let status = fault.map_or(StatusCode::OK, |fault| fault.status);
    Ok(page_with(status, &page))
}

/// `GET /licenses/{license}/revoke`
pub(super) async fn revoke_page(
    State(office): State<Office>,
    session: Session,
    Path(license): Path<String>,
) -> Result<Response, Response> {
    revoke_form(&office, &session, license, Typed::default(), None).await
}

/// `POST /licenses/{license}/revoke`
pub(super) async fn revoke(
    State(office): State<Office>,
    Path(license): Path<String>,
    asked: Posted,
) -> Result<Response, Response> {
    let session = asked.session;
    let text = |name: &str| asked.fields.text(name).to_owned();
    let typed = Typed {
        event: text("event"),
        reason: text("reason"),
        from: text("from"),
        until: text("until"),
    };
    let user = &session.row.user;
    if let Err(problem) = office.allow(user, Call::ProposeRevocation).await {
        return Err(frame::problem(&office, Some(&session), &problem, "/"));
    }
    if let Err(problem) = confirm(&office, &session, &asked.place, &asked.fields).await {
        return revoke_form(&office, &session, license, typed, Some(problem)).await;
    }
    let event = match &*typed.event {
        "" => Authority::new_event(),
        event => Ok(event.to_owned()),
    };
    let event = match event {
        Ok(event) => event,
        Err(error) => {
            return revoke_form(&office, &session, license, typed, Some(error.into())).await;
        }
    };
    let mut decision = Decision {
        event,
        license: license.clone(),
        state: LicenseStatus::Revoked,
        reason: Some(typed.reason.clone()).filter(|reason| !reason.is_empty()),
        from: None,
        until: None,
        lifts: None,
    };
    let (from, until) = (typed.from.clone(), typed.until.clone());
    let done = office
        .call(user, Call::ProposeRevocation, move |authority, now| {
            let words = Words::read(authority)?;
            decision.from = words.day(&from).filter(|from| *from > now.wall());
            decision.until = words.day(&until);
            authority.propose(&decision, now)
        })
        .await;
    match done {
        Ok(proposal) => Ok(to(&format!("/proposals/{}", proposal.id))),
        Err(problem) => revoke_form(&office, &session, license, typed, Some(problem)).await,
    }
}
