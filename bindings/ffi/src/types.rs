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
mod reader;
mod refresh;
mod standing;
mod status;
mod verdict;

pub use crate::units::{Count, Duration, Instant, LocalDate, UtcOffset};
pub use activity::{Activity, ActivityEntry, ActivityEvent, Audience, ShownStatus};
pub use config::{TimeEstimate, WalletConfig};
pub use held::{Damage, Health, HeldLicense, Overview};
pub use license::{BirthDate, Category, License};
pub(crate) use macros::{discreet, mirror};
pub use offer::{IssuerStanding, OfferDetails, TxCode};
pub use presentation::{Frame, ReaderRequestDetails};
pub use qr::QrSymbol;
pub use question::{Challenge, Question, VerifierPolicy};
pub use reader::{
    CheckEntry, CheckLog, CheckOutcome, Checked, HeldAuthority, HeldBundle, ReaderConfig,
    ReaderFailure, ReaderReport, ReaderStatus, ReaderSubject, ReaderTrouble, Sight, StatusBundle,
    TrustedAuthority,
};
pub use refresh::{
    RefreshChange, RefreshFailure, RefreshReport, RefreshScope, RefreshSubject,
    longest_refresh_pause,
};
pub use standing::{LicenseStanding, StandingKind, StandingSpan, Tone, standing_of};
pub use status::{LicenseStatus, StatusReport, StatusSource};
pub use verdict::{FaceProgress, Findings, Reason, TokenTimes, Verdict};

#[cfg(test)]
mod tests {
    use std::marker::PhantomData;

    use super::*;
    use crate::ports::{DataKeySlot, HttpHeader, HttpRequest, HttpResponse};

    /// Whether a type has `Debug`: the constant of the type itself hides that of the trait.
    struct Printing<T>(PhantomData<T>);

    impl<T: std::fmt::Debug> Printing<T> {
        const HAS_DEBUG: bool = true;
    }

    trait Silent {
        const HAS_DEBUG: bool = false;
    }

    impl<T> Silent for Printing<T> {}

    /// The names of the types that have `Debug`.
    macro_rules! with_debug {
        ($($name:ty)+) => {
            [$((stringify!($name), Printing::<$name>::HAS_DEBUG)),+]
                .into_iter()
                .filter_map(|(name, has_debug)| has_debug.then_some(name))
                .collect::<Vec<&str>>()
        };
    }

    macro_rules! assert_prints_its_name {
        ($($name:ty)+) => {$({
            fn has_display<T: std::fmt::Display>() {}
            has_display::<$name>();
        })+};
    }

    #[test]
    fn what_is_personal_prints_as_its_name_alone() {
        let audience = Audience::Reader {
            name: "A hotel".to_owned(),
            proven: true,
        };
        assert_eq!(audience.to_string(), "Audience(\u{2026})");
        let born = BirthDate::Year { year: 1991 };
        assert_eq!(born.to_string(), "BirthDate(\u{2026})");
        let header = HttpHeader {
            name: "authorization".to_owned(),
            value: "Bearer secret".to_owned(),
        };
        assert_eq!(header.to_string(), "HttpHeader(\u{2026})");
        // What has this Display prints so in both languages.
        assert_prints_its_name!(License BirthDate Category Audience Frame);
        assert_prints_its_name!(HttpHeader HttpRequest HttpResponse ReaderConfig CheckEntry);
        assert_prints_its_name!(crate::sign_in::SignIn crate::sign_in::Application);
        #[cfg(feature = "app")]
        assert_prints_its_name!(crate::app::DriverSetup crate::officer::OfficerSetup);
    }

    #[test]
    fn no_type_with_personal_data_or_a_secret_has_debug() {
        assert_eq!(with_debug!(Count License), ["Count"], "the probe sees it");
        let values = with_debug!(
            License BirthDate Category HeldLicense Overview Activity ActivityEntry ActivityEvent
            ShownStatus Audience Frame QrSymbol Findings Verdict ReaderRequestDetails OfferDetails
            TxCode Challenge Question WalletConfig RefreshReport HttpHeader HttpRequest HttpResponse
            ReaderConfig TrustedAuthority ReaderStatus HeldAuthority HeldBundle StatusBundle Checked
            crate::sign_in::SignIn crate::sign_in::Application crate::sign_in::Applied
            Sight CheckLog CheckEntry ReaderReport ReaderFailure ReaderSubject
        );
        assert_eq!(values, [""; 0]);
        let objects = with_debug!(
            DataKeySlot crate::wallet::Wallet crate::presentation::Presentation
            crate::offer::Offer crate::reader_request::ReaderRequest
            crate::verifier::Verifier crate::key_store::FileKeyStore
            crate::reader::ReaderBook crate::reader::Look crate::reader::FaceCollector
        );
        assert_eq!(objects, [""; 0]);
        #[cfg(feature = "app")]
        assert_eq!(
            with_debug!(
                crate::app::DriverSetup crate::app::DriverApp
                crate::officer::OfficerSetup crate::officer::OfficerApp
            ),
            [""; 0]
        );
    }
}
