//! The values that cross: mirrors of the core's, with the types of each language for times and
//! numbers.
//!
//! Nothing here has `Debug` that holds personal data.

mod activity;
mod config;
mod held;
mod license;
mod macros;
mod offer;
mod presentation;
mod qr;
mod question;
mod refresh;
mod standing;
mod status;
mod units;
mod verdict;

pub use activity::{Activity, ActivityEntry, ActivityEvent, Audience, ShownStatus};
pub use config::{TimeEstimate, WalletConfig};
pub use held::{Damage, Health, HeldLicense, Overview};
pub use license::{BirthDate, Category, License};
pub(crate) use macros::discreet;
pub use offer::{IssuerStanding, OfferDetails, TxCode};
pub use presentation::{Frame, ReaderRequestDetails};
pub use qr::QrSymbol;
pub use question::{Challenge, Question, VerifierPolicy};
pub use refresh::{
    RefreshChange, RefreshFailure, RefreshReport, RefreshScope, RefreshSubject,
    longest_refresh_pause,
};
pub use standing::{LicenseStanding, StandingKind, StandingSpan, Tone, standing_of};
pub use status::{LicenseStatus, StatusReport, StatusSource};
pub use units::{Count, Duration, Instant, LocalDate, UtcOffset};
pub use verdict::{FaceProgress, Findings, Reason, TokenTimes, Verdict};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_personal_prints_as_its_name_alone() {
        let audience = Audience::Reader {
            name: "A hotel".to_owned(),
            proven: true,
        };
        assert_eq!(audience.to_string(), "Audience(\u{2026})");
        let born = BirthDate::Year { year: 1991 };
        assert_eq!(born.to_string(), "BirthDate(\u{2026})");
    }
}
