//! Licenses, their phones, and what happened to them.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;
use vidimus_credential::License;

use super::super::Office;
use super::super::caller::Caller;
use super::super::problem::Problem;
use super::{
    AddLicense, Body, EditLicense, EditedView, End, EndedView, EventPage, EventView, LetterView,
    LicenseDetail, LicensePage, LicenseView, MakeOffer, Nothing, OfferView, answer, jpeg, ok,
};
use crate::application_form;
use crate::authority::{AddOptions, Authority, MAX_PAGE};
use crate::clock::Moment;
use crate::error::Error;
use crate::office::Call;
use crate::register::office::Office as _;
use crate::register::{DeviceEnd, EndReason, OfferKind, ReviewKind};

/// Which licenses are looked for.
#[derive(Deserialize)]
pub(in super::super) struct Find {
    license: Option<String>,
    after: Option<String>,
    limit: Option<u32>,
}

/// `GET /v1/licenses`
pub(super) async fn find(
    State(office): State<Office>,
    Caller(user): Caller,
    Query(find): Query<Find>,
) -> Result<Response, Problem> {
    let page = office
        .call(
            &user,
            Call::FindLicenses,
            move |authority, now| match &find.license {
                Some(license) => one(authority, license, now),
                None => page(authority, find.after.as_deref(), find.limit, now),
            },
        )
        .await?;
    ok(&page)
}

/// The license of this number or id, or none.
fn one(authority: &Authority, license: &str, now: Moment) -> Result<LicensePage, Error> {
    let licenses = match authority.find_license(license, now) {
        Ok(found) => vec![LicenseView::of(&found.row, now.wall())],
        Err(Error::UnknownLicense) => Vec::new(),
        Err(error) => return Err(error),
    };
    Ok(LicensePage {
        licenses,
        next: None,
    })
}

fn page(
    authority: &Authority,
    after: Option<&str>,
    limit: Option<u32>,
    now: Moment,
) -> Result<LicensePage, Error> {
    let limit = limit.unwrap_or(50).clamp(1, MAX_PAGE - 1);
    let mut rows = authority.licenses(after, limit + 1, now)?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| row.id.clone());
    let licenses = rows.iter().map(|row| LicenseView::of(row, now.wall()));
    Ok(LicensePage {
        licenses: licenses.collect(),
        next,
    })
}

/// `GET /v1/licenses/{license}`
pub(super) async fn get(
    State(office): State<Office>,
    Caller(user): Caller,
    Path(license): Path<String>,
) -> Result<Response, Problem> {
    let detail = office
        .call(&user, Call::GetLicense, move |authority, now| {
            let found = authority.find_license(&license, now)?;
            let reviews = authority.reviews_of(&found.row.id)?;
            Ok(LicenseDetail::of(&found, &reviews, now.wall()))
        })
        .await?;
    ok(&detail)
}

/// Which part of a list.
#[derive(Deserialize)]
pub(in super::super) struct Part {
    pub(super) after: Option<i64>,
    pub(super) limit: Option<u32>,
}

/// `GET /v1/licenses/{license}/events`
pub(super) async fn events(
    State(office): State<Office>,
    Caller(user): Caller,
    Path(license): Path<String>,
    Query(part): Query<Part>,
) -> Result<Response, Problem> {
    let limit = part.limit.unwrap_or(100).clamp(1, MAX_PAGE);
    let mut events = office
        .call(&user, Call::LicenseEvents, move |authority, _| {
            let after = part.after.unwrap_or(0);
            authority.register().events(&license, after, limit + 1)
        })
        .await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = events.len() > limit;
    events.truncate(limit);
    ok(&EventPage {
        next: events.last().filter(|_| more).map(|event| event.id),
        events: events.iter().map(EventView::of).collect(),
    })
}

/// Which picture is asked for.
#[derive(Deserialize)]
pub(in super::super) struct Of {
    pub(in super::super) of: Option<String>,
}

impl Of {
    /// Whether the roadside picture is asked for, and not the one that was submitted.
    pub(super) fn is_roadside(&self) -> Result<bool, Problem> {
        match self.of.as_deref() {
            None | Some("submitted") => Ok(false),
            Some("roadside") => Ok(true),
            Some(_) => Err(Problem::request("`of` is submitted or roadside")),
        }
    }
}

/// `GET /v1/licenses/{license}/picture`
pub(super) async fn picture(
    State(office): State<Office>,
    Caller(user): Caller,
    Path(license): Path<String>,
    Query(of): Query<Of>,
) -> Result<Response, Problem> {
    let roadside = of.is_roadside()?;
    let picture = office
        .call(&user, Call::LicensePicture, move |authority, _| {
            authority.register().picture(&license, roadside)
        })
        .await?;
    Ok(jpeg(picture))
}

/// `POST /v1/licenses`
pub(super) async fn add(
    State(office): State<Office>,
    Caller(user): Caller,
    Body(asked): Body<AddLicense>,
) -> Result<Response, Problem> {
    office.allow(&user, Call::AddLicense).await?;
    let portrait = from_base64(&asked.portrait)?;
    let review = review_of(asked.review.as_deref())?;
    let offer = office
        .call(&user, Call::AddLicense, move |authority, now| {
            let (license, mut notes) = read_file(authority, &asked.license, now)?;
            let options = AddOptions {
                after_revocation: asked.after_revocation.as_deref(),
                review,
            };
            let added = authority.add_license_with(&license, &portrait, options, now)?;
            notes.extend(added.portrait_notes.iter().map(ToString::to_string));
            Ok(OfferView::of(&added, notes))
        })
        .await?;
    answer(StatusCode::CREATED, &offer)
}

/// A driver's file, by the rules of the desk, and what was changed in it.
pub(in super::super) fn read_file(
    authority: &Authority,
    file: &Value,
    now: Moment,
) -> Result<(License, Vec<String>), Error> {
    let desk = authority.desk(now)?;
    let form = application_form::from_clerk(file.to_string().as_bytes(), &desk)?;
    let notes = form.notes.iter().map(ToString::to_string).collect();
    Ok((form.license, notes))
}

fn from_base64(text: &str) -> Result<Vec<u8>, Problem> {
    STANDARD
        .decode(text)
        .map_err(|_| Problem::request("a picture or key is written in base64, with its padding"))
}

pub(in super::super) fn review_of(name: Option<&str>) -> Result<Option<ReviewKind>, Problem> {
    name.map(|name| {
        ReviewKind::from_name(name).ok_or(Problem::request("`review` is photo or papers"))
    })
    .transpose()
}

/// `PATCH /v1/licenses/{license}`
pub(super) async fn edit(
    State(office): State<Office>,
    Caller(user): Caller,
    Path(license): Path<String>,
    Body(asked): Body<EditLicense>,
) -> Result<Response, Problem> {
    office.allow(&user, Call::EditLicense).await?;
    let portrait = asked.portrait.as_deref().map(from_base64).transpose()?;
    let review = review_of(asked.review.as_deref())?;
    let edited = office
        .call(&user, Call::EditLicense, move |authority, now| {
            let read = asked.license.as_ref();
            let read = read
                .map(|file| read_file(authority, file, now))
                .transpose()?;
            let (file, mut notes) = read.unzip();
            let edited = authority.edit_license_for_review(
                &license,
                file.as_ref(),
                portrait.as_deref(),
                review,
                now,
            )?;
            let pictures = edited.portrait_notes.iter().map(ToString::to_string);
            notes.get_or_insert_default().extend(pictures);
            Ok(EditedView {
                license_id: edited.license_id,
                changed: edited.changed,
                takes_away: edited.takes_away,
                devices: edited.devices,
                review: edited.review,
                notes: notes.unwrap_or_default(),
            })
        })
        .await?;
    ok(&edited)
}

/// `POST /v1/licenses/{license}/offers`
pub(super) async fn offer(
    State(office): State<Office>,
    Caller(user): Caller,
    Path(license): Path<String>,
    Body(asked): Body<MakeOffer>,
) -> Result<Response, Problem> {
    office.allow(&user, Call::OfferLicense).await?;
    let kind = match (asked.replace, asked.beside, asked.device) {
        (true, false, device) => OfferKind::Replace(device),
        (false, true, None) => OfferKind::Beside,
        (false, false, None) => OfferKind::First,
        _ => {
            return Err(Problem::request(
                "`replace` and `beside` exclude each other, and `device` goes with `replace`",
            ));
        }
    };
    let offer = office
        .call(&user, Call::OfferLicense, move |authority, now| {
            let made = authority.offer(&license, kind, now)?;
            Ok(OfferView::of(&made, Vec::new()))
        })
        .await?;
    answer(StatusCode::CREATED, &offer)
}

/// `POST /v1/licenses/{license}/letters`
pub(super) async fn letter(
    State(office): State<Office>,
    Caller(user): Caller,
    Path(license): Path<String>,
    Body(Nothing {}): Body<Nothing>,
) -> Result<Response, Problem> {
    let letter: LetterView = office
        .call(&user, Call::SendLetter, move |authority, now| {
            make_letter(authority, &license, now)
        })
        .await?;
    answer(StatusCode::CREATED, &letter)
}

/// Makes a letter's code for a driver.
fn make_letter(authority: &Authority, license: &str, now: Moment) -> Result<LetterView, Error> {
    let made = authority.make_letter(license, now)?;
    Ok(LetterView {
        license_id: made.license_id,
        code: (*made.code).clone(),
        expires: made.expires.seconds(),
        replaced: made.replaced,
        renews: made.renews,
    })
}

/// `POST /v1/licenses/{license}/end`
pub(super) async fn end(
    State(office): State<Office>,
    Caller(user): Caller,
    Path(license): Path<String>,
    Body(asked): Body<End>,
) -> Result<Response, Problem> {
    office.allow(&user, Call::EndLicense).await?;
    let reason = EndReason::from_name(&asked.reason).ok_or(Problem::request(
        "`reason` is death, surrendered, moved or mistake",
    ))?;
    let ended = office
        .call(&user, Call::EndLicense, move |authority, now| {
            authority.end_license(&license, reason, now)
        })
        .await?;
    ok(&EndedView::of(&ended))
}

/// `POST /v1/devices/{device}/end`
pub(super) async fn end_device(
    State(office): State<Office>,
    Caller(user): Caller,
    Path(device): Path<String>,
    Body(asked): Body<End>,
) -> Result<Response, Problem> {
    office.allow(&user, Call::EndDevice).await?;
    let reason = DeviceEnd::from_name(&asked.reason)
        .ok_or(Problem::request("`reason` is lost, stolen or replaced"))?;
    let device = number(&device)?;
    let ended = office
        .call(&user, Call::EndDevice, move |authority, now| {
            authority.end_device(device, reason, now)
        })
        .await?;
    ok(&EndedView::of(&ended))
}

/// A number in a path.
pub(super) fn number(text: &str) -> Result<i64, Problem> {
    text.parse()
        .map_err(|_| Problem::request("the last part of this address is a number"))
}
