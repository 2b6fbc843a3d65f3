//! How a license stands. The rules are the core's; the languages only look up its words.

use vidimus_credential::UnixTime;
use vidimus_credential::meaning;

use super::macros::mirror;
use crate::error::WalletError;
use crate::runtime::guard;
use crate::units::Duration;

mirror! {
    /// How good or bad something is. Show it by word, shape and color, never by color alone.
    Tone = meaning::Tone {
        /// All is well, as far as this wallet or reader knows.
        Good,
        /// A person must look at it.
        Caution,
        /// Not to be used.
        Bad,
        /// Nothing is known. Neither good nor bad.
        Unknown,
    }
}

mirror! {
    /// How a license stands. The later is the worse.
    StandingKind = meaning::Standing {
        /// The holder may drive.
        Valid,
        /// The holder may drive; a new version of the license waits to be fetched.
        UpdateWaiting,
        /// The holder may drive; a violation or an accident waits to be handled.
        Unresolved,
        /// The status is more than 24 hours old: a reader asks a person to weigh it.
        StatusStale,
        /// Nothing is known, or what was known is too old. Neither good nor bad.
        Unknown,
        /// The wallet must fetch a newer version before the license is accepted again.
        CredentialExpired,
        /// No category is within its days.
        NoCategory,
        /// The license's first day has not begun.
        LicenseNotYetValid,
        /// The license's last day is over.
        LicenseExpired,
        /// A newer license took its place.
        Superseded,
        /// A renewal, a medical or another review is overdue.
        Lapsed,
        /// The limit of penalty points is reached.
        PointsLimit,
        /// Taken away for a time.
        Suspended,
        /// Taken away for good.
        Revoked,
    } else Unknown
}

/// How a license stands, and how to say so.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct LicenseStanding {
    /// Which standing it is.
    pub kind: StandingKind,
    /// How good or bad it is.
    pub tone: Tone,
    /// The key of its words in the project's table of texts, such as `state.valid`.
    pub word_key: String,
}

impl From<meaning::Standing> for LicenseStanding {
    fn from(standing: meaning::Standing) -> Self {
        Self {
            kind: standing.into(),
            tone: standing.tone().into(),
            word_key: standing.word().to_owned(),
        }
    }
}

/// A standing by its kind: for previews, and for lists of all that there are.
#[uniffi::export]
pub fn standing_of(kind: StandingKind) -> Result<LicenseStanding, WalletError> {
    guard(|| {
        let mut all = meaning::Standing::ALL.into_iter();
        let standing = all.find(|standing| StandingKind::from(*standing) == kind);
        standing
            .map(LicenseStanding::from)
            .ok_or(WalletError::Internal)
    })
}

/// How a license will stand from a later time on, if no newer status is fetched.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StandingSpan {
    /// How long after the license was read this begins.
    pub after: Duration,
    /// All that is true of it then, the worst first; never empty. The first is what to show.
    pub standings: Vec<LicenseStanding>,
}

impl StandingSpan {
    /// A span of a license that was read at `now`.
    pub(crate) fn new(span: &meaning::Span, now: UnixTime) -> Self {
        let after = span.from.seconds().saturating_sub(now.seconds());
        Self {
            after: Duration::of_seconds(after),
            standings: span.standings.iter().map(LicenseStanding::from).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use vidimus_credential::meaning::{Grounds, Statement};
    use vidimus_credential::{
        Category, Country, Day, License, LicenseFields, LicenseStatus, StatusReport, UtcOffset,
    };
    use vidimus_wallet::LicenseId;

    use super::*;
    use crate::types::HeldLicense;

    #[test]
    fn a_license_crosses_with_how_it_stands_now_and_later() {
        let day = |text| Day::parse_iso(text).unwrap();
        let license = License::new(LicenseFields {
            family_name: "A".to_owned(),
            given_names: String::new(),
            birth_date: day("1991-02-28").into(),
            license_number: "1".to_owned(),
            categories: vec![Category::new("B".to_owned(), None, None, Vec::new()).unwrap()],
            issue_date: day("2020-06-01"),
            expiry_date: Some(day("2026-11-18")),
            issuing_country: Country::parse("ZZ").unwrap(),
            utc_offset: UtcOffset::UTC,
        })
        .unwrap();
        let read_at = |now: UnixTime| {
            let grounds = Grounds {
                license: &license,
                credential_ends: UnixTime::MAX,
                status: Some(Statement {
                    state: LicenseStatus::Valid,
                    issued_at: now,
                    expires: UnixTime::MAX,
                }),
            };
            let held = vidimus_wallet::HeldLicense {
                id: LicenseId::new("one"),
                license: Some(license.clone()),
                portrait: None,
                status: StatusReport::NONE,
                outlook: grounds.outlook(now),
                issued_at: None,
                expires: None,
                problem: None,
            };
            HeldLicense::new(&held, now)
        };
        let end = license.end().unwrap();
        let hour_before = read_at(end.saturating_sub(3600));
        assert_eq!(hour_before.standing.tone, Tone::Good);
        let later: Vec<_> = hour_before
            .outlook
            .iter()
            .map(|span| (span.after, span.standings[0].kind))
            .take(2)
            .collect();
        // The clock skew of 30 s is part of it.
        let expected = [
            (Duration(0), StandingKind::Valid),
            (Duration(3_631_000), StandingKind::LicenseExpired),
        ];
        assert_eq!(later, expected);
        let after = read_at(end.saturating_add(3600)).standing;
        let expired = LicenseStanding {
            kind: StandingKind::LicenseExpired,
            tone: Tone::Bad,
            word_key: "trouble.license_expired.title".to_owned(),
        };
        assert_eq!(after, expired);
    }
}
