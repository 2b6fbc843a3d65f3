//! Search, a license with its timeline, and what is done to it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use vidimus_credential::{LicenseStatus, UnixTime};

use super::super::Office;
use super::super::api::{self, call_of};
use super::super::problem::Problem;
use super::frame::{self, Frame, page as answer, qr, to};
use super::rows::{DecisionLine, DeviceLine, EventLine, LicenseLine, ReviewLine, Words};
use super::session::{Posted, Session};
use super::{call, may, number};
use crate::authority::Authority;
use crate::error::Error;
use crate::offers::AddedLicense;
use crate::office::Call;
use crate::register::office::Office as _;
use crate::register::{Decision, DeviceEnd, EndReason, OfferKind};
use crate::rules::standing::advice;

/// Licenses of a page.
const PAGE: u32 = 50;
/// Events of a timeline.
const EVENTS: u32 = 500;

#[derive(Template)]
#[template(path = "office/search.html")]
struct SearchPage {
    frame: Frame,
    q: String,
    rows: Vec<LicenseLine>,
    next: Option<String>,
}

/// What is searched for.
#[derive(Deserialize)]
pub(in super::super) struct Search {
    q: Option<String>,
    after: Option<String>,
}

/// `GET /`
pub(super) async fn search(
    State(office): State<Office>,
    session: Session,
    Query(asked): Query<Search>,
) -> Result<Response, Response> {
    let q = asked.q.unwrap_or_default().trim().to_owned();
    let wanted = q.clone();
    let (rows, next) = call(
        &office,
        &session,
        Call::FindLicenses,
        "/sign-in",
        move |authority, now| {
            if !wanted.is_empty() {
                let found = match authority.find_license(&wanted, now) {
                    Ok(found) => vec![LicenseLine::of(&found.row, now.wall())],
                    Err(Error::UnknownLicense) => Vec::new(),
                    Err(error) => return Err(error),
                };
                return Ok((found, None));
            }
            let mut rows = authority.licenses(asked.after.as_deref(), PAGE + 1, now)?;
            let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
            let more = rows.len() > page;
            rows.truncate(page);
            let next = rows.last().filter(|_| more).map(|row| row.id.clone());
            let rows = rows.iter().map(|row| LicenseLine::of(row, now.wall()));
            Ok((rows.collect(), next))
        },
    )
    .await?;
    // One that is found is shown at once.
    if let ([only], false) = (&*rows, q.is_empty()) {
        return Ok(to(&format!("/licenses/{}", only.id)));
    }
    let frame = Frame::of(&office, &session, "/", "Search");
    Ok(answer(&SearchPage {
        frame,
        q,
        rows,
        next,
    }))
}

/// What the user of the page may do.
struct May {
    edit: bool,
    offer: bool,
    letter: bool,
    end: bool,
    end_device: bool,
    review: bool,
    unresolved: bool,
    suspend: bool,
    lift: bool,
    revoke: bool,
}

impl May {
    fn of(session: &Session, ended: bool) -> Self {
        let may = |call| !ended && may(session, call);
        Self {
            edit: may(Call::EditLicense),
            offer: may(Call::OfferLicense),
            letter: may(Call::SendLetter),
            end: may(Call::EndLicense),
            end_device: may(Call::EndDevice),
            review: may(Call::AcceptReview),
            unresolved: may(Call::DecideUnresolved),
            suspend: may(Call::DecideSuspension),
            lift: may(Call::Lift),
            revoke: may(Call::ProposeRevocation),
        }
    }

    const fn decides(&self) -> bool {
        self.unresolved || self.suspend || self.lift
    }

    const fn any_action(&self) -> bool {
        self.decides() || self.offer || self.letter || self.end || self.revoke
    }

    /// The states that a form offers.
    fn states(&self) -> Vec<(&'static str, &'static str)> {
        let mut states = Vec::new();
        if self.unresolved {
            states.push((
                "unresolved",
                "Unresolved: something waits; the driver may drive",
            ));
        }
        if self.suspend {
            states.push(("suspended", "Suspended"));
            states.push(("points_limit", "The limit of points is reached"));
            states.push(("lapsed", "Lapsed: a renewal or review is overdue"));
        }
        if self.lift {
            states.push(("valid", "Valid: lift what is in force"));
        }
        states
    }
}

#[derive(Template)]
#[template(path = "office/license.html")]
struct LicensePage {
    frame: Frame,
    id: String,
    row: LicenseLine,
    pictures: bool,
    what_to_do: String,
    facts: Vec<(&'static str, String)>,
    may: May,
    states: Vec<(&'static str, &'static str)>,
    proposal: Option<i64>,
    reviews: Vec<ReviewLine>,
    offer_until: Option<String>,
    live: Vec<DeviceLine>,
    devices: Vec<DeviceLine>,
    decisions: Vec<DecisionLine>,
    events: Vec<EventLine>,
}

/// What a page knows of a license.
struct Shown {
    id: String,
    row: LicenseLine,
    ended: bool,
    forgotten: bool,
    what_to_do: String,
    facts: Vec<(&'static str, String)>,
    proposal: Option<i64>,
    reviews: Vec<ReviewLine>,
    offer_until: Option<String>,
    devices: Vec<DeviceLine>,
    decisions: Vec<DecisionLine>,
    events: Vec<EventLine>,
}

fn shown(authority: &Authority, of: &str, now: UnixTime) -> Result<Shown, Error> {
    let words = Words::read(authority)?;
    let found = authority.find_license(of, now)?;
    let id = found.row.id.clone();
    let mut facts = Vec::new();
    if let Some(license) = found.row.license() {
        facts.push(("First day", license.issue_date().to_string()));
        let last = license.expiry_date().map(|day| day.to_string());
        facts.push(("Last day", last.unwrap_or_else(|| "without end".to_owned())));
        let codes: Vec<_> = license
            .codes()
            .map(|(code, row)| {
                let until = row.until().map(|until| format!(" until {until}"));
                let restrictions = row.restrictions().iter().map(ToString::to_string);
                let restrictions = restrictions.collect::<Vec<_>>().join(", ");
                let restrictions = match restrictions.is_empty() {
                    true => String::new(),
                    false => format!(" [{restrictions}]"),
                };
                format!("{code}{}{restrictions}", until.unwrap_or_default())
            })
            .collect();
        facts.push(("Categories", codes.join(" · ")));
    }
    facts.push(("Registered", words.when(found.row.added_at)));
    if let Some(end) = found.row.end() {
        facts.push(("Ended", format!("{} ({})", words.when(end.at), end.reason)));
    }
    let events = authority.register().events(&id, 0, EVENTS)?;
    let waiting = authority.register().proposals(true, 1_000)?;
    let reviews = authority.reviews_of(&id)?;
    Ok(Shown {
        row: LicenseLine::of(&found.row, now),
        ended: found.row.end().is_some(),
        forgotten: found.row.license().is_none(),
        what_to_do: match found.row.end() {
            Some(_) => "This license has ended.".to_owned(),
            None => advice(api::standing(&found.row, now)).to_owned(),
        },
        facts,
        proposal: waiting
            .iter()
            .find(|proposal| proposal.license == id)
            .map(|proposal| proposal.id),
        reviews: reviews
            .last()
            .and_then(|review| ReviewLine::of(review, &words))
            .into_iter()
            .collect(),
        offer_until: found.offer_until.map(|until| words.when(until)),
        devices: found
            .devices
            .iter()
            .map(|device| DeviceLine::of(device, &words))
            .collect(),
        decisions: found
            .decisions
            .iter()
            .map(|decision| DecisionLine::of(decision, &words))
            .collect(),
        // The latest first, as one looks at it.
        events: events
            .iter()
            .rev()
            .map(|event| EventLine::of(event, &words))
            .collect(),
        id,
    })
}

/// `GET /licenses/{license}`
pub(super) async fn page(
    State(office): State<Office>,
    session: Session,
    Path(license): Path<String>,
) -> Result<Response, Response> {
    let shown = call(
        &office,
        &session,
        Call::GetLicense,
        "/",
        move |authority, now| shown(authority, &license, now.wall()),
    )
    .await?;
    let may_do = May::of(&session, shown.ended);
    let live = shown.devices.iter().filter(|device| device.live);
    let live = live.map(|device| DeviceLine {
        words: device.words.clone(),
        since: device.since.clone(),
        ..*device
    });
    let title = shown.row.name.clone();
    Ok(answer(&LicensePage {
        frame: Frame::of(&office, &session, "", &title),
        live: live.collect(),
        pictures: !shown.forgotten && may(&session, Call::LicensePicture),
        states: may_do.states(),
        may: may_do,
        id: shown.id,
        row: shown.row,
        what_to_do: shown.what_to_do,
        facts: shown.facts,
        proposal: shown
            .proposal
            .filter(|_| may(&session, Call::ListProposals)),
        reviews: shown.reviews,
        offer_until: shown.offer_until,
        devices: shown.devices,
        decisions: shown.decisions,
        events: shown.events,
    }))
}

/// `GET /licenses/{license}/picture`
pub(super) async fn picture(
    State(office): State<Office>,
    session: Session,
    Path(license): Path<String>,
    Query(of): Query<api::Of>,
) -> Result<Response, Response> {
    let roadside = of.of.as_deref() == Some("roadside");
    let picture = call(
        &office,
        &session,
        Call::LicensePicture,
        "/",
        move |authority, _| authority.register().picture(&license, roadside),
    )
    .await?;
    Ok(api::jpeg(picture))
}

#[derive(Template)]
#[template(path = "office/offer.html")]
struct OfferPage {
    frame: Frame,
    id: String,
    notes: Vec<String>,
    until: String,
    qr: String,
    offer: String,
    code: String,
}

/// The page that shows an offer once.
pub(super) fn offer_page(
    office: &Office,
    session: &Session,
    made: &AddedLicense,
    (notes, until): (Vec<String>, String),
) -> Response {
    let offer = made.offer_by_reference.clone();
    answer(&OfferPage {
        frame: Frame::of(office, session, "", "An offer for the driver's phone"),
        id: made.license_id.clone(),
        notes,
        until,
        qr: qr(&offer),
        offer,
        code: made.tx_code.clone(),
    })
}

/// `POST /licenses/{license}/offer`
pub(super) async fn offer(
    State(office): State<Office>,
    Path(license): Path<String>,
    asked: Posted,
) -> Result<Response, Response> {
    let session = asked.session;
    let kind = match asked.fields.text("kind") {
        "first" => OfferKind::First,
        "beside" => OfferKind::Beside,
        device => OfferKind::Replace(device.parse().ok()),
    };
    let back = format!("/licenses/{license}");
    let (made, until) = call(
        &office,
        &session,
        Call::OfferLicense,
        &back,
        move |authority, now| {
            let words = Words::read(authority)?;
            let made = authority.offer(&license, kind, now)?;
            let until = words.when(made.expires);
            Ok((made, until))
        },
    )
    .await?;
    Ok(offer_page(&office, &session, &made, (Vec::new(), until)))
}

#[derive(Template)]
#[template(path = "office/letter.html")]
struct LetterPage {
    frame: Frame,
    id: String,
    code: String,
    until: String,
}

/// `POST /licenses/{license}/letter`
pub(super) async fn letter(
    State(office): State<Office>,
    Path(license): Path<String>,
    asked: Posted,
) -> Result<Response, Response> {
    let session = asked.session;
    let back = format!("/licenses/{license}");
    let (id, code, until) = call(
        &office,
        &session,
        Call::SendLetter,
        &back,
        move |authority, now| {
            let words = Words::read(authority)?;
            let made = authority.make_letter(&license, now)?;
            let until = words.when(made.expires);
            Ok((made.license_id, (*made.code).clone(), until))
        },
    )
    .await?;
    Ok(answer(&LetterPage {
        frame: Frame::of(&office, &session, "", "Your account"),
        id,
        code,
        until,
    }))
}

/// `POST /licenses/{license}/decide`
pub(super) async fn decide(
    State(office): State<Office>,
    Path(license): Path<String>,
    asked: Posted,
) -> Result<Response, Response> {
    let (session, fields) = (asked.session, asked.fields);
    let back = format!("/licenses/{license}");
    let refused = |problem: &Problem| frame::problem(&office, Some(&session), problem, &back);
    let state = LicenseStatus::from_name(fields.text("state"));
    let known = state.and_then(|state| Some((state, call_of(state)?)));
    let known = known.filter(|(_, call)| *call != Call::ProposeRevocation);
    let (state, of) = known.ok_or_else(|| refused(&Problem::request("choose what to decide")))?;
    let event = Authority::new_event().map_err(|error| refused(&error.into()))?;
    let some = |name: &str| Some(fields.text(name).to_owned()).filter(|text| !text.is_empty());
    let (from, until) = (some("from"), some("until"));
    let mut decision = Decision {
        event,
        license,
        state,
        reason: some("reason"),
        from: None,
        until: None,
        lifts: some("lifts").filter(|_| state == LicenseStatus::Valid),
    };
    let by = format!("u{}", session.row.user.id);
    call(&office, &session, of, &back, move |authority, now| {
        let words = Words::read(authority)?;
        // A day of today is from now on: it has begun.
        let from = from.and_then(|from| words.day(&from));
        decision.from = from.filter(|from| *from > now.wall());
        decision.until = until.and_then(|until| words.day(&until));
        authority.decide(&[decision], &by, now)
    })
    .await?;
    Ok(to(&back))
}

/// `POST /licenses/{license}/end`
pub(super) async fn end(
    State(office): State<Office>,
    Path(license): Path<String>,
    asked: Posted,
) -> Result<Response, Response> {
    let session = asked.session;
    let back = format!("/licenses/{license}");
    let reason = EndReason::from_name(asked.fields.text("reason"));
    let reason = reason.ok_or_else(|| {
        let problem = Problem::request("choose why the license ends");
        frame::problem(&office, Some(&session), &problem, &back)
    })?;
    call(
        &office,
        &session,
        Call::EndLicense,
        &back,
        move |authority, now| authority.end_license(&license, reason, now),
    )
    .await?;
    Ok(to(&back))
}

/// `POST /devices/{device}/end`
pub(super) async fn end_device(
    State(office): State<Office>,
    Path(device): Path<String>,
    asked: Posted,
) -> Result<Response, Response> {
    let session = asked.session;
    let device = number(&office, &session, &device)?;
    let license: String = asked
        .fields
        .text("license")
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let back = format!("/licenses/{license}");
    let reason = DeviceEnd::from_name(asked.fields.text("reason"));
    let reason = reason.ok_or_else(|| {
        let problem = Problem::request("choose why the phone ends");
        frame::problem(&office, Some(&session), &problem, &back)
    })?;
    call(
        &office,
        &session,
        Call::EndDevice,
        &back,
        move |authority, now| authority.end_device(device, reason, now),
    )
    .await?;
    Ok(to(&back))
}
