//! The queue of photos and papers: quick by keyboard, one after another.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::super::Office;
use super::super::api::{accept_review, jpeg, preview, refuse_review};
use super::super::problem::Problem;
use super::frame::{self, Frame, page as answer, to};
use super::rows::{LicenseLine, Words, reason_words};
use super::session::{Posted, Session};
use super::{call, number};
use crate::authority::Authority;
use crate::clock::Moment;
use crate::error::Error;
use crate::office::Call;
use crate::portrait::{self, Crop};
use crate::register::{ReviewKind, ReviewReason};

/// Reviews of a page.
const PAGE: u32 = 100;

/// A review in the queue.
struct Line {
    id: i64,
    since: String,
    kind: &'static str,
    name: String,
}

#[derive(Template)]
#[template(path = "office/reviews.html")]
struct ListPage {
    frame: Frame,
    rows: Vec<Line>,
}

/// `GET /reviews`
pub(super) async fn list(
    State(office): State<Office>,
    session: Session,
) -> Result<Response, Response> {
    let rows = call(
        &office,
        &session,
        Call::ListReviews,
        "/",
        |authority, now| {
            let words = Words::read(authority)?;
            let waiting = authority.reviews_waiting(None, PAGE)?;
            waiting
                .iter()
                .map(|review| {
                    let found = authority.find_license(&review.license, now)?;
                    Ok(Line {
                        id: review.id,
                        since: words.when(review.made),
                        kind: review.kind.name(),
                        name: LicenseLine::of(&found.row, now.wall()).name,
                    })
                })
                .collect::<Result<Vec<_>, Error>>()
        },
    )
    .await?;
    let frame = Frame::of(&office, &session, "/reviews", "Photos and papers");
    Ok(answer(&ListPage { frame, rows }))
}

/// The part of a picture that a page shows, and whether it is the whole.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub(in super::super) struct Cut {
    of: Option<Roadside>,
    left: Option<u32>,
    top: Option<u32>,
    width: Option<u32>,
    height: Option<u32>,
}

/// Asks for the roadside picture.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Roadside {
    Roadside,
}

impl Cut {
    fn crop(self) -> Option<Crop> {
        Some(Crop {
            left: self.left?,
            top: self.top?,
            width: self.width?,
            height: self.height?,
        })
    }
}

fn query_of(crop: Crop) -> String {
    format!(
        "left={}&top={}&width={}&height={}",
        crop.left, crop.top, crop.width, crop.height
    )
}

/// The largest part 3 wide by 4 high in the middle of a picture.
fn middle(width: u32, height: u32) -> Crop {
    let wide = width.min(height / 4 * 3).max(1);
    let high = height.min(wide / 3 * 4).max(1);
    Crop {
        left: (width - wide) / 2,
        top: (height - high) / 2,
        width: wide,
        height: high,
    }
}

/// A part that is moved or made larger or smaller, and stays in the picture.
fn nudged(crop: Crop, (right, down, zoom): (i64, i64, i64), (width, height): (u32, u32)) -> Crop {
    let side = |part: u32| i64::from(part);
    // A tenth of the part at a time, so that few steps are needed.
    let wide = (side(crop.width) * (100 - 12 * zoom) / 100).clamp(30, side(width));
    let wide = wide.min(side(height) * 3 / 4).max(1);
    let high = (wide * 4 / 3).clamp(1, side(height));
    let middle_x = side(crop.left) + side(crop.width) / 2 + right * side(crop.width) / 12;
    let middle_y = side(crop.top) + side(crop.height) / 2 + down * side(crop.height) / 12;
    let place = |middle: i64, part: i64, whole: u32| {
        let begin = (middle - part / 2).clamp(0, side(whole) - part);
        u32::try_from(begin).unwrap_or(0)
    };
    Crop {
        left: place(middle_x, wide, width),
        top: place(middle_y, high, height),
        width: u32::try_from(wide).unwrap_or(1),
        height: u32::try_from(high).unwrap_or(1),
    }
}

/// The ways in which a cut is changed: name, access key, and how.
const NUDGES: [(&str, &str, (i64, i64, i64)); 6] = [
    ("Closer", "c", (0, 0, 1)),
    ("Wider", "w", (0, 0, -1)),
    ("Left", "h", (-1, 0, 0)),
    ("Right", "l", (1, 0, 0)),
    ("Up", "k", (0, -1, 0)),
    ("Down", "j", (0, 1, 0)),
];

#[derive(Template)]
#[template(path = "office/review.html")]
struct ReviewPage {
    frame: Frame,
    id: i64,
    license: String,
    row: LicenseLine,
    since: String,
    photo: bool,
    width: u32,
    height: u32,
    crop: Crop,
    /// Whether the cut was chosen by hand.
    cut: bool,
    crop_query: String,
    nudges: Vec<(&'static str, &'static str, String)>,
    reasons: Vec<(&'static str, &'static str)>,
    next: Option<i64>,
}

/// What a page knows of a review.
struct Looked {
    license: String,
    row: LicenseLine,
    since: String,
    kind: ReviewKind,
    size: (u32, u32),
    next: Option<i64>,
}

fn look(authority: &Authority, id: i64, now: Moment) -> Result<Looked, Error> {
    let words = Words::read(authority)?;
    let review = authority.review(id)?;
    let found = authority.find_license(&review.license, now)?;
    let size = match review.kind {
        ReviewKind::Photo => portrait::size_of(&authority.review_picture(id)?)?,
        ReviewKind::Papers => (3, 4),
    };
    let next = authority.reviews_waiting(Some(id), 1)?;
    Ok(Looked {
        row: LicenseLine::of(&found.row, now.wall()),
        license: review.license,
        since: words.when(review.made),
        kind: review.kind,
        size,
        next: next.first().map(|review| review.id),
    })
}

/// `GET /reviews/{review}`
pub(super) async fn page(
    State(office): State<Office>,
    session: Session,
    Path(review): Path<String>,
    Query(cut): Query<Cut>,
) -> Result<Response, Response> {
    let id = number(&office, &session, &review)?;
    let looked = call(
        &office,
        &session,
        Call::ListReviews,
        "/reviews",
        move |authority, now| look(authority, id, now),
    )
    .await?;
    let chosen = cut.crop();
    let (width, height) = looked.size;
    let crop = chosen.unwrap_or_else(|| middle(width, height));
    let nudges = NUDGES
        .into_iter()
        .map(|(name, key, change)| (name, key, query_of(nudged(crop, change, looked.size))));
    let mut nudges: Vec<_> = nudges.collect();
    if chosen.is_some() {
        nudges.push(("The program's own cut", "o", String::new()));
    }
    let photo = looked.kind == ReviewKind::Photo;
    let title = match photo {
        true => "Look at a photo",
        false => "Look at papers",
    };
    let of_papers =
        |reason: &ReviewReason| matches!(reason, ReviewReason::PapersMissing | ReviewReason::Other);
    let reasons = ReviewReason::ALL
        .into_iter()
        .filter(|reason| of_papers(reason) || photo)
        .map(|reason| (reason.name(), reason_words(reason)));
    Ok(answer(&ReviewPage {
        frame: Frame::of(&office, &session, "/reviews", title),
        id,
        license: looked.license,
        row: looked.row,
        since: looked.since,
        photo,
        width,
        height,
        crop,
        cut: chosen.is_some(),
        crop_query: chosen.map_or_else(String::new, |crop| format!("&{}", query_of(crop))),
        nudges,
        reasons: reasons.collect(),
        next: looked.next,
    }))
}

/// `GET /reviews/{review}/picture`
pub(super) async fn picture(
    State(office): State<Office>,
    session: Session,
    Path(review): Path<String>,
    Query(cut): Query<Cut>,
) -> Result<Response, Response> {
    let id = number(&office, &session, &review)?;
    let picture = call(
        &office,
        &session,
        Call::ReviewPicture,
        "/reviews",
        move |authority, _| {
            let picture = authority.review_picture(id)?;
            match cut.of {
                Some(Roadside::Roadside) => preview(&picture, cut.crop()),
                None => Ok(picture),
            }
        },
    )
    .await?;
    Ok(jpeg(picture))
}

/// To the next review that waits, or to the list.
fn to_next(next: Option<i64>) -> Response {
    match next {
        Some(next) => to(&format!("/reviews/{next}")),
        None => to("/reviews"),
    }
}

fn next_of(authority: &Authority, id: i64) -> Result<Option<i64>, Error> {
    let next = authority.reviews_waiting(Some(id), 1)?;
    Ok(next.first().map(|review| review.id))
}

/// `POST /reviews/{review}/accept`
pub(super) async fn accept(
    State(office): State<Office>,
    Path(review): Path<String>,
    asked: Posted,
) -> Result<Response, Response> {
    let (session, fields) = (asked.session, asked.fields);
    let id = number(&office, &session, &review)?;
    let cut = Cut {
        of: None,
        left: fields.number("left"),
        top: fields.number("top"),
        width: fields.number("width"),
        height: fields.number("height"),
    };
    let back = format!("/reviews/{id}");
    let next = call(
        &office,
        &session,
        Call::AcceptReview,
        &back,
        move |authority, now| {
            accept_review(authority, id, cut.crop(), now)?;
            next_of(authority, id)
        },
    )
    .await?;
    Ok(to_next(next))
}

/// `POST /reviews/{review}/refuse`
pub(super) async fn refuse(
    State(office): State<Office>,
    Path(review): Path<String>,
    asked: Posted,
) -> Result<Response, Response> {
    let (session, fields) = (asked.session, asked.fields);
    let id = number(&office, &session, &review)?;
    let back = format!("/reviews/{id}");
    let reason = ReviewReason::from_name(fields.text("reason"));
    let reason = reason.ok_or_else(|| {
        let problem = Problem::request("choose why it is refused: the driver reads it");
        frame::problem(&office, Some(&session), &problem, &back)
    })?;
    let next = call(
        &office,
        &session,
        Call::RefuseReview,
        &back,
        move |authority, now| {
            refuse_review(authority, id, reason, Some(fields.text("words")), now)?;
            next_of(authority, id)
        },
    )
    .await?;
    Ok(to_next(next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_stays_in_the_picture_and_three_wide_by_four_high() {
        for (width, height) in [(600, 800), (1200, 700), (300, 2000), (90, 120)] {
            let mut crop = middle(width, height);
            for change in NUDGES.iter().map(|(_, _, change)| *change).cycle().take(60) {
                crop = nudged(crop, change, (width, height));
                assert!(crop.left + crop.width <= width, "{crop:?}");
                assert!(crop.top + crop.height <= height, "{crop:?}");
                let ratio = f64::from(crop.width) / f64::from(crop.height);
                assert!((ratio - 0.75).abs() < 0.03, "{crop:?}");
            }
        }
        let crop = middle(600, 800);
        let closer = nudged(crop, (0, 0, 1), (600, 800));
        assert!(closer.width < crop.width);
        assert_eq!(nudged(crop, (-1, 0, 0), (600, 800)).left, 0);
    }
}
