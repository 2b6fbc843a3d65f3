//! Reviews: what clerks look at before a phone gets a license.

use super::Authority;
use super::licenses::MAX_PAGE;
use crate::clock::Moment;
use crate::error::Error;
use crate::portrait::{Crop, roadside_of};
use crate::register::{Review, ReviewReason, ReviewState, Reviews as _};

impl Authority {
    /// At most `limit` and [`MAX_PAGE`] reviews that wait, the oldest first, after the one of this
    /// id.
    ///
    /// # Errors
    /// Why the database cannot be read.
    pub fn reviews_waiting(&self, after: Option<i64>, limit: u32) -> Result<Vec<Review>, Error> {
        self.register().reviews_waiting(after, limit.min(MAX_PAGE))
    }

    /// The reviews of a license, by its number or id, the oldest first.
    ///
    /// # Errors
    /// [`Error::UnknownLicense`], or why the database cannot be read.
    pub fn reviews_of(&self, license: &str) -> Result<Vec<Review>, Error> {
        self.register().reviews_of(license)
    }

    /// One review.
    ///
    /// # Errors
    /// [`Error::UnknownReview`], or why the database cannot be read.
    pub fn review(&self, id: i64) -> Result<Review, Error> {
        self.register().review(id)
    }

    /// The picture that was handed in for a review, a JPEG, while it waits or is refused. Personal
    /// data.
    ///
    /// # Errors
    /// [`Error::UnknownReview`], also where its picture is gone or it is about papers, or why the
    /// database cannot be read.
    pub fn review_picture(&self, id: i64) -> Result<Vec<u8>, Error> {
        self.register().review_picture(id)
    }

    /// Accepts a review that waits: its picture, or the part of it that was chosen, is the
    /// license's from now on, and phones get the license. Accepting it again changes nothing.
    ///
    /// # Errors
    /// [`Error::UnknownReview`], [`Error::ReviewOver`], [`Error::Office`], [`Error::Portrait`];
    /// [`Error::ClockInDoubt`] and [`Error::SigningWaits`]: it is stored, and will be signed later.
    pub fn accept_review(
        &self,
        id: i64,
        by: &str,
        crop: Option<Crop>,
        now: impl Into<Moment>,
    ) -> Result<Review, Error> {
        let now = now.into();
        // A review's picture never changes: another picture is another review.
        let roadside = match crop {
            Some(part) if self.review(id)?.state == ReviewState::Waiting => {
                Some(roadside_of(&self.review_picture(id)?, part)?.jpeg)
            }
            Some(_) | None => None,
        };
        let register = self.register();
        let (review, due) = register.accept(id, by, roadside.as_deref(), self.believed(now)?)?;
        self.settle(&due, now)?;
        Ok(review)
    }

    /// Refuses a review that waits. The driver is told why, and in these words (256 bytes at most).
    /// Refusing it again in the same words changes nothing.
    ///
    /// # Errors
    /// [`Error::UnknownReview`], [`Error::ReviewOver`], [`Error::Office`], [`Error::Reason`], or
    /// why it cannot be stored.
    pub fn refuse_review(
        &self,
        id: i64,
        reason: ReviewReason,
        words: Option<&str>,
        by: &str,
        now: impl Into<Moment>,
    ) -> Result<Review, Error> {
        let now = now.into();
        let believed = self.believed(now)?;
        let review = self.register().refuse(id, reason, words, by, believed)?;
        self.settle(&[], now)?;
        Ok(review)
    }
}
