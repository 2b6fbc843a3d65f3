//! What a check of a presentation found.

use vidimus_credential::verify as core;

use super::license::License;
use super::macros::mirror;
use super::status::StatusReport;
use crate::units::{Count, Duration, Instant};

mirror! {
    /// Why a verdict is what it is, in the order of the checks.
    Reason = core::Reason {
        /// The text is no presentation.
        NotAToken,
        /// The text cannot be read.
        Malformed,
        /// There is no usable trust list.
        TrustListUnusable,
        /// The authority's key is not in the trust list.
        UnknownKey,
        /// The key is not for this purpose.
        WrongKeyPurpose,
        /// The key does not speak for this authority or country.
        WrongIssuer,
        /// The key is outside its time.
        KeyNotInForce,
        /// An authority's signature is wrong.
        BadSignature,
        /// It is not signed by the phone that the license was issued to.
        NotBoundToDevice,
        /// A disclosed part is not what the authority signed.
        DisclosureMismatch,
        /// The credential is past its end.
        CredentialExpired,
        /// The presentation is past its end.
        Expired,
        /// The presentation begins in the future.
        NotYetValid,
        /// The presentation lives longer than the reader allows.
        LifeTooLong,
        /// Two signed times cannot both be true.
        TimesInconsistent,
        /// It answers another challenge, or none, or one that was not asked.
        WrongChallenge,
        /// It is for another reader.
        WrongReader,
        /// It was seen here before.
        Replayed,
        /// The license is past its last day.
        LicenseExpired,
        /// The license's first day has not begun.
        LicenseNotYetValid,
        /// The category that was asked for is missing, or outside its dates.
        CategoryNotHeld,
        /// The phone's clock or the reader's is wrong.
        ClockInDoubt,
        /// The trust list is past its end.
        TrustListExpired,
        /// The trust list is more than a week old and does not name the authority's key: a newer
        /// one may.
        TrustListOld,
        /// The license is revoked.
        Revoked,
        /// The license is suspended.
        Suspended,
        /// A renewal, a medical or another review is overdue.
        Lapsed,
        /// The holder has reached the points limit.
        PointsLimit,
        /// A newer license took this one's place.
        Superseded,
        /// The status is good, but a day to a week old.
        StatusStale,
        /// The status is too old, or one that this reader does not know.
        StatusUnknown,
        /// A violation or an accident waits to be handled.
        Unresolved,
        /// A status was there and could not be used.
        StatusUnusable,
        /// No status was there.
        StatusMissing,
        /// The loaded status list does not speak for this license.
        BundleIgnored,
        /// The loaded status list cannot be used.
        BundleUnusable,
    } else Malformed
}

/// What a reader may believe.
#[derive(uniffi::Enum)]
pub enum Verdict {
    /// Genuine, bound to this phone, fresh, and the holder may drive.
    Accept {
        /// The license, as the authority signed it.
        license: License,
        /// What else was found.
        findings: Findings,
    },
    /// Genuine, but something is in doubt that a person must weigh.
    Caution {
        /// The license, as the authority signed it.
        license: License,
        /// What was found, the reasons for doubt first.
        findings: Findings,
    },
    /// Refused: do not accept the license.
    Refuse {
        /// The license, where the authority's signature holds.
        license: Option<License>,
        /// What was found, the reasons for the refusal first.
        findings: Findings,
    },
}

/// What a check found.
#[derive(uniffi::Record)]
pub struct Findings {
    /// Why: first those that make the verdict, in the order of the checks, then the rest.
    pub reasons: Vec<Reason>,
    /// The status that counted.
    pub status: StatusReport,
    /// The presentation's times, where it could be read.
    pub token: Option<TokenTimes>,
    /// The portrait, a JPEG, where it was shown and is what the authority signed. A QR carries
    /// none.
    pub portrait: Option<Vec<u8>>,
    /// The digest by which the frames of a face are matched to this verdict; none before the
    /// authority's signature holds.
    pub portrait_digest: Option<Vec<u8>>,
    /// The authority's name for people, by the trust list.
    pub authority_name: Option<String>,
    /// How far the phone's clock is ahead of the reader's, where that matters; negative where it is
    /// behind.
    pub clock_difference: Option<Duration>,
    /// Whether a challenge would tell an honest driver with a wrong clock from a forwarded picture.
    pub offer_challenge: bool,
}

/// How many frames of a face were read so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct FaceProgress {
    /// How many different frames were read.
    pub read: Count,
    /// How many frames the face has.
    pub count: Count,
}

/// A presentation's own times.
#[derive(uniffi::Record)]
pub struct TokenTimes {
    /// When it was signed.
    pub issued_at: Instant,
    /// When it says that it expires; a reader may allow less.
    pub expires_at: Instant,
    /// Whether it answers a challenge.
    pub challenged: bool,
}

impl From<core::Verdict> for Verdict {
    fn from(verdict: core::Verdict) -> Self {
        let license = verdict.license.as_ref().map(License::from);
        let findings = Findings {
            reasons: verdict.reasons.into_iter().map(Reason::from).collect(),
            status: StatusReport::new(verdict.status, verdict.age_s),
            token: verdict.token.map(|token| TokenTimes {
                issued_at: token.iat.into(),
                expires_at: token.exp.into(),
                challenged: token.challenged,
            }),
            portrait: verdict.portrait.map(|portrait| portrait.jpeg().to_vec()),
            portrait_digest: verdict.portrait_digest.map(|digest| digest.to_vec()),
            authority_name: verdict.display_name,
            clock_difference: verdict
                .clock_difference_s
                .map(|seconds| Duration(seconds.saturating_mul(1000))),
            offer_challenge: verdict.offer_challenge,
        };
        // Nothing but a refusal is said of a license that is not authentic.
        match (verdict.outcome, license) {
            (core::Outcome::Accept, Some(license)) => Self::Accept { license, findings },
            (core::Outcome::Caution, Some(license)) => Self::Caution { license, findings },
            (_, license) => Self::Refuse { license, findings },
        }
    }
}
