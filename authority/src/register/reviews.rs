//! Reviews: a clerk looks at a license's photo or papers before a phone gets the license.

use std::fmt;

use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

use super::{Access, Due, Step};
use crate::clock::Moment;
use crate::error::Error;

/// What a clerk looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReviewKind {
    /// The driver's photo, as it was handed in.
    Photo,
    /// The papers that the driver has to hand in.
    Papers,
}

impl ReviewKind {
    /// All kinds, in the order in which help lists them.
    pub const ALL: [Self; 2] = [Self::Photo, Self::Papers];

    /// The word for it in the database and at the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Papers => "papers",
        }
    }

    /// The kind of this [`name`](Self::name).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Why a review is refused, for the driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReviewReason {
    /// The face is not clear in the photo.
    PhotoUnclear,
    /// The photo is too old.
    PhotoNotRecent,
    /// The photo is of somebody else.
    PhotoOtherPerson,
    /// Papers that the driver has to hand in are missing.
    PapersMissing,
    /// Something else, which the clerk's words say.
    Other,
}

impl ReviewReason {
    /// All reasons, in the order in which help lists them.
    pub const ALL: [Self; 5] = [
        Self::PhotoUnclear,
        Self::PhotoNotRecent,
        Self::PhotoOtherPerson,
        Self::PapersMissing,
        Self::Other,
    ];

    /// The word for it on the wire, in the database and at the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PhotoUnclear => "photo_unclear",
            Self::PhotoNotRecent => "photo_not_recent",
            Self::PhotoOtherPerson => "photo_other_person",
            Self::PapersMissing => "papers_missing",
            Self::Other => "other",
        }
    }

    /// The reason of this [`name`](Self::name).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// How far a review has come.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReviewState {
    /// A clerk has to look.
    Waiting,
    /// Accepted: the license is given.
    Accepted,
    /// Refused: the license is not given before another review is accepted.
    Refused {
        /// Why, as a code.
        reason: ReviewReason,
        /// The clerk's own words, for the driver. Personal data.
        words: Option<String>,
    },
    /// Another review took its place, or the license ended.
    Closed,
}

impl ReviewState {
    /// The word for it in the database.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Accepted => "accepted",
            Self::Refused { .. } => "refused",
            Self::Closed => "closed",
        }
    }
}

impl fmt::Debug for ReviewState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A review of one license.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// What commands call it.
    pub id: i64,
    /// The id of the license's row.
    pub license: String,
    /// What the clerk looks at.
    pub kind: ReviewKind,
    /// When it was asked for.
    pub made: UnixTime,
    /// How far it has come.
    pub state: ReviewState,
    /// Who decided it, once it is decided.
    pub by: Option<String>,
    /// When it was decided.
    pub decided: Option<UnixTime>,
}

/// A license that is not given to a phone, for a review waits or was refused.
pub(crate) struct Held {
    /// What the wallet asks by again.
    pub(crate) transaction_id: Zeroizing<String>,
    /// Why it was refused, and the clerk's words; `None` while it waits.
    pub(crate) refused: Option<(ReviewReason, Option<String>)>,
}

/// The use cases of reviews. Each method is one transaction.
pub(crate) trait Reviews {
    /// At most `limit` reviews that wait, the oldest first, after the one of this id.
    fn reviews_waiting(&self, after: Option<i64>, limit: u32) -> Result<Vec<Review>, Error>;

    /// The reviews of a license, by its number or id, the oldest first.
    fn reviews_of(&self, license: &str) -> Result<Vec<Review>, Error>;

    /// The review of this id.
    fn review(&self, id: i64) -> Result<Review, Error>;

    /// The picture that was handed in, while the review waits or is refused.
    fn review_picture(&self, id: i64) -> Result<Vec<u8>, Error>;

    /// Accepts a review that waits. `roadside`: another roadside portrait, cut out of the picture
    /// by hand. Accepting it again changes nothing.
    fn accept(
        &self,
        id: i64,
        by: &str,
        roadside: Option<&[u8]>,
        now: UnixTime,
    ) -> Result<(Review, Due), Error>;

    /// Refuses a review that waits. Refusing it again in the same words changes nothing.
    fn refuse(
        &self,
        id: i64,
        reason: ReviewReason,
        words: Option<&str>,
        by: &str,
        now: UnixTime,
    ) -> Result<Review, Error>;

    /// Answers a wallet that asks again for a license that was held.
    fn issue_deferred(
        &self,
        access: Access<'_>,
        transaction_id: &str,
        now: Moment,
    ) -> Result<Step, Error>;
}
