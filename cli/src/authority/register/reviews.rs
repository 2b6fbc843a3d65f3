//! Photos and papers that a clerk looks at.

use serde::Deserialize;
use serde_json::{Value, json};
use vidimus_authority::{Crop, ReviewReason};

use super::Register;
use super::client::{Call, Client};
use super::views::ReviewView;
use crate::authority::failure;
use crate::failure::Outcome;
use crate::runtime;

/// Reviews of one page.
const PAGE: u32 = 100;

#[derive(Deserialize)]
struct ReviewPage {
    reviews: Vec<ReviewView>,
}

impl Register {
    /// Reviews that wait, the oldest first: a page.
    pub(crate) fn reviews_waiting(&self, after: Option<i64>) -> Outcome<Vec<ReviewView>> {
        match self {
            Self::Local(authority) => {
                let reviews = authority.reviews_waiting(after, PAGE);
                let reviews = reviews.map_err(|error| failure(&error))?;
                Ok(reviews.iter().map(ReviewView::of).collect())
            }
            Self::Remote(office) => {
                let mut query = vec![("limit", PAGE.to_string())];
                query.extend(after.map(|after| ("after", after.to_string())));
                let page: ReviewPage = office.ask(&Call::get(&["reviews"]).asking(&query))?;
                Ok(page.reviews)
            }
        }
    }

    /// All reviews of a license.
    pub(crate) fn reviews_of(&self, license: &str) -> Outcome<Vec<ReviewView>> {
        match self {
            Self::Local(authority) => {
                let reviews = authority.reviews_of(license);
                let reviews = reviews.map_err(|error| failure(&error))?;
                Ok(reviews.iter().map(ReviewView::of).collect())
            }
            Self::Remote(_) => Ok(self.find(license)?.reviews),
        }
    }

    /// The picture that was submitted.
    pub(crate) fn review_picture(&self, review: i64) -> Outcome<Vec<u8>> {
        match self {
            Self::Local(authority) => authority
                .review_picture(review)
                .map_err(|error| failure(&error)),
            Self::Remote(office) => {
                let review = review.to_string();
                office.bytes(&Call::get(&["reviews", &review, "picture"]))
            }
        }
    }

    /// Accepts a review. An office names its user, and not `by`.
    pub(crate) fn accept(&self, review: i64, by: &str, crop: Option<Crop>) -> Outcome<ReviewView> {
        match self {
            Self::Local(authority) => {
                let accepted = authority.accept_review(review, by, crop, runtime::moment());
                let accepted = accepted.map_err(|error| failure(&error))?;
                Ok(ReviewView::of(&accepted))
            }
            Self::Remote(office) => {
                let crop = crop.map(|part| {
                    json!({
                        "left": part.left,
                        "top": part.top,
                        "width": part.width,
                        "height": part.height,
                    })
                });
                close(office, review, "accept", json!({ "crop": crop }))
            }
        }
    }

    /// Refuses a review, with what the driver is told.
    pub(crate) fn refuse(
        &self,
        review: i64,
        reason: ReviewReason,
        words: Option<&str>,
        by: &str,
    ) -> Outcome<ReviewView> {
        match self {
            Self::Local(authority) => {
                let now = runtime::moment();
                let refused = authority.refuse_review(review, reason, words, by, now);
                let refused = refused.map_err(|error| failure(&error))?;
                Ok(ReviewView::of(&refused))
            }
            Self::Remote(office) => {
                let body = json!({ "reason": reason.name(), "words": words });
                close(office, review, "refuse", body)
            }
        }
    }
}

fn close(office: &Client, review: i64, way: &str, body: Value) -> Outcome<ReviewView> {
    let review = review.to_string();
    let path = ["reviews", &review, way];
    let again = "give it again, and nothing is done twice".to_owned();
    office.ask(&Call::post(&path, body).or_again(again))
}
