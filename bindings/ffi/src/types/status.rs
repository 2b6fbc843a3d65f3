//! What the authority says about a license, and how old that is.

use vidimus_credential::status;

use super::macros::mirror;
use crate::units::{Duration, Instant};

mirror! {
    /// Whether the holder may drive, by the authority.
    LicenseStatus = status::LicenseStatus {
        /// The holder may drive.
        Valid,
        /// Taken away for good.
        Revoked,
        /// Taken away for a time.
        Suspended,
        /// A renewal, a medical or another review is overdue.
        Lapsed,
        /// As many penalty points as the law allows: the holder may not drive.
        PointsLimit,
        /// Valid, with a violation or an accident still to be handled.
        Unresolved,
        /// A newer license took its place.
        Superseded,
        /// The holder may drive, as with valid; a new version of the license waits to be fetched.
        UpdateWaiting,
        /// Nothing is known, or what was known is too old. Neither good nor bad.
        Unknown,
    } else Unknown
}

mirror! {
    /// Where a status comes from.
    StatusSource = status::StatusSource {
        /// From the presentation itself.
        Staple,
        /// From the list that the reader loaded before.
        Bundle,
        /// Just fetched from the authority.
        Online,
        /// From nowhere: there is none.
        None,
    } else None
}

/// A status and how old it is.
#[derive(uniffi::Record)]
pub struct StatusReport {
    /// Whether the holder may drive, by the authority.
    pub state: LicenseStatus,
    /// When the authority signed it; none without a source.
    pub as_of: Option<Instant>,
    /// Where it comes from.
    pub source: StatusSource,
    /// How old it is by the best known time; none without a source.
    pub age: Option<Duration>,
}

impl StatusReport {
    pub(crate) fn new(report: status::StatusReport, age_s: Option<u64>) -> Self {
        Self {
            state: report.state.into(),
            as_of: report.as_of.map(Instant::from),
            source: report.source.into(),
            age: age_s.map(Duration::of_seconds),
        }
    }
}
