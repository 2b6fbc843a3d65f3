//! Photos and papers that a clerk looks at.

use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::super::Office;
use super::super::caller::Caller;
use super::super::problem::Problem;
use super::licenses::{Of, Part, number};
use super::{Accept, Body, Refuse, ReviewPage, ReviewView, jpeg, ok};
use crate::authority::{Authority, MAX_PAGE};
use crate::clock::Moment;
use crate::error::Error;
use crate::office::{By, Call, OfficeFault};
use crate::portrait::{Crop, roadside, roadside_of};
use crate::register::office::Office as _;
use crate::register::{Review, ReviewReason};

/// `GET /v1/reviews`
pub(super) async fn list(
    State(office): State<Office>,
    Caller(user): Caller,
    Query(part): Query<Part>,
) -> Result<Response, Problem> {
    let limit = part.limit.unwrap_or(50).clamp(1, MAX_PAGE - 1);
    let mut rows = office
        .call(&user, Call::ListReviews, move |authority, _| {
            authority.reviews_waiting(part.after, limit + 1)
        })
        .await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    ok(&ReviewPage {
        next: rows.last().filter(|_| more).map(|row| row.id),
        reviews: rows.iter().map(ReviewView::of).collect(),
    })
}

/// `GET /v1/reviews/{review}/picture`
pub(super) async fn picture(
    State(office): State<Office>,
    Caller(user): Caller,
    Path(review): Path<String>,
    Query(of): Query<Of>,
) -> Result<Response, Problem> {
    office.allow(&user, Call::ReviewPicture).await?;
    let (id, as_roadside) = (number(&review)?, of.is_roadside()?);
    let picture = office
        .call(&user, Call::ReviewPicture, move |authority, _| {
            let picture = authority.review_picture(id)?;
            match as_roadside {
                true => preview(&picture, None),
                false => Ok(picture),
            }
        })
        .await?;
    Ok(jpeg(picture))
}

/// The roadside picture that would come of a part of a picture.
pub(in super::super) fn preview(picture: &[u8], crop: Option<Crop>) -> Result<Vec<u8>, Error> {
    let made = match crop {
        Some(part) => roadside_of(picture, part)?,
        None => roadside(picture)?,
    };
    Ok(made.jpeg)
}

/// `POST /v1/reviews/{review}/accept`
pub(super) async fn accept(
    State(office): State<Office>,
    Caller(user): Caller,
    Path(review): Path<String>,
    Body(asked): Body<Accept>,
) -> Result<Response, Problem> {
    office.allow(&user, Call::AcceptReview).await?;
    let id = number(&review)?;
    let crop = asked.crop.map(|part| Crop {
        left: part.left,
        top: part.top,
        width: part.width,
        height: part.height,
    });
    let review = office
        .call(&user, Call::AcceptReview, move |authority, now| {
            accept_review(authority, id, crop, now)
        })
        .await?;
    ok(&ReviewView::of(&review))
}

/// Accepts a review, unless its photo or its license is the user's own work.
pub(in super::super) fn accept_review(
    authority: &Authority,
    id: i64,
    crop: Option<Crop>,
    now: Moment,
) -> Result<Review, Error> {
    let license = authority.review(id)?.license;
    if authority.register().is_own_edit(&license)? {
        return Err(OfficeFault::OwnEdit.into());
    }
    authority.accept_review(id, &author(authority), crop, now)
}

/// Whom the register names for a review.
fn author(authority: &Authority) -> String {
    let by: By = authority.store.by();
    by.to_string()
}

/// `POST /v1/reviews/{review}/refuse`
pub(super) async fn refuse(
    State(office): State<Office>,
    Caller(user): Caller,
    Path(review): Path<String>,
    Body(asked): Body<Refuse>,
) -> Result<Response, Problem> {
    office.allow(&user, Call::RefuseReview).await?;
    let id = number(&review)?;
    let reason = ReviewReason::from_name(&asked.reason).ok_or(Problem::request(
        "`reason` is photo_unclear, photo_not_recent, photo_other_person, papers_missing or other",
    ))?;
    let review = office
        .call(&user, Call::RefuseReview, move |authority, now| {
            refuse_review(authority, id, reason, asked.words.as_deref(), now)
        })
        .await?;
    ok(&ReviewView::of(&review))
}

/// Refuses a review, with the reason that the driver reads.
pub(in super::super) fn refuse_review(
    authority: &Authority,
    id: i64,
    reason: ReviewReason,
    words: Option<&str>,
    now: Moment,
) -> Result<Review, Error> {
    let words = words.map(str::trim).filter(|words| !words.is_empty());
    authority.refuse_review(id, reason, words, &author(authority), now)
}
