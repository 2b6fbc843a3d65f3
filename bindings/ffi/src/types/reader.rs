//! What a reader's book holds, and what its camera sees.

use vidimus_credential::UnixTime;
use vidimus_credential::bundle::UnverifiedBundle;
use vidimus_credential::{face, verify};
use vidimus_wallet::error::StorageError;
use vidimus_wallet::reader as core;

use super::held::Health;
use super::macros::mirror;
use super::verdict::{FaceProgress, Reason, Verdict};
use crate::error::WalletError;
use crate::units::{Count, Duration, Instant};

/// A reader's book: where it is, and what it keeps of a check.
#[derive(uniffi::Record)]
#[uniffi::export(Display)]
pub struct ReaderConfig {
    /// The folder of the book; made where it is missing. It may be that of a wallet.
    pub directory: String,
    /// Whether the log keeps the number of a license: for an officer, who must account for a
    /// check. Anyone else's log has nothing personal.
    pub keeps_numbers: bool,
    /// The 32 secret bytes of the reader's Ed25519 key, which signs its questions and its log; none
    /// where it has no key.
    pub reader_key: Option<Vec<u8>>,
    /// The certificates, in DER, that may vouch for servers; empty: all public ones. They are for
    /// the built-in transport.
    pub pinned_certificates: Vec<Vec<u8>>,
}

super::macros::discreet!(ReaderConfig);

/// An authority that a reader trusts.
#[derive(uniffi::Record)]
pub struct TrustedAuthority {
    /// The public key that signs its trust list: a COSE_Key, which must have come over a trusted
    /// channel.
    pub root_key: Vec<u8>,
    /// The address at which the authority publishes its lists.
    pub address: String,
    /// The addresses of its bundles of statuses; empty for its first one.
    pub bundles: Vec<String>,
}

/// What a reader knows, and how old that is.
#[derive(uniffi::Record)]
pub struct ReaderStatus {
    /// Whom the reader trusts.
    pub authorities: Vec<HeldAuthority>,
    /// The ids of the authorities whose place in the book is damaged: add them again.
    pub damaged_authorities: Vec<String>,
    /// Whether there is a trust list, without which everything is refused.
    pub may_check: bool,
    /// The state of the book.
    pub health: Health,
}

/// An authority in a reader's book, and the age of what it signed.
#[derive(uniffi::Record)]
pub struct HeldAuthority {
    /// Its name in this book: the id of its root key, in hexadecimal digits.
    pub id: String,
    /// The address at which it publishes its lists.
    pub address: String,
    /// When its trust list was signed; none before the first.
    pub list_signed: Option<Instant>,
    /// How old the list is by the reader's best time.
    pub list_age: Option<Duration>,
    /// When the list ends. For 30 days after that a verdict is at best a caution.
    pub list_expires: Option<Instant>,
    /// Its bundles of statuses.
    pub bundles: Vec<HeldBundle>,
}

/// A bundle of statuses in a reader's book.
#[derive(uniffi::Record)]
pub struct HeldBundle {
    /// The address that it comes from.
    pub address: String,
    /// When the one that is held was signed; none where none is.
    pub signed: Option<Instant>,
    /// How old it is by the reader's best time.
    pub age: Option<Duration>,
}

impl HeldAuthority {
    pub(crate) fn new(held: core::HeldAuthority, now: UnixTime) -> Self {
        let age =
            |signed: UnixTime| Duration::of_seconds(now.seconds().saturating_sub(signed.seconds()));
        let bundles = held.bundles.into_iter();
        Self {
            id: held.id.as_str().to_owned(),
            address: held.address,
            list_signed: held.list_signed.map(Instant::from),
            list_age: held.list_signed.map(age),
            list_expires: held.list_expires.map(Instant::from),
            bundles: bundles
                .map(|(address, signed)| HeldBundle {
                    address,
                    signed: signed.map(Instant::from),
                    age: signed.map(age),
                })
                .collect(),
        }
    }
}

/// A bundle of statuses that a verifier has taken.
#[derive(uniffi::Record)]
pub struct StatusBundle {
    /// The issuer whose licenses it covers.
    pub issuer: String,
    /// The address of its status lists, without their numbers.
    pub lists: String,
    /// When it was signed.
    pub signed: Instant,
    /// When it ends: after this only the states that are final count.
    pub expires: Instant,
}

impl From<UnverifiedBundle<'_>> for StatusBundle {
    fn from(bundle: UnverifiedBundle<'_>) -> Self {
        Self {
            issuer: bundle.issuer().to_owned(),
            lists: bundle.prefix().to_owned(),
            signed: bundle.issued_at().into(),
            expires: bundle.expires().into(),
        }
    }
}

/// A verdict of a book, with what is wrong with the reader itself. Personal data.
#[derive(uniffi::Record)]
pub struct Checked {
    /// What the reader may believe.
    pub verdict: Verdict,
    /// The time by which it was judged: the reader's best one.
    pub at: Instant,
    /// What to show beside the verdict; empty where the reader is sound.
    pub troubles: Vec<ReaderTrouble>,
}

impl From<core::Checked> for Checked {
    fn from(checked: core::Checked) -> Self {
        Self {
            at: checked.at.into(),
            troubles: checked.troubles.into_iter().map(Into::into).collect(),
            verdict: checked.verdict.into(),
        }
    }
}

/// What is wrong with a reader itself. It does not prevent a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ReaderTrouble {
    /// The book cannot be read. The verdict is by what was read before.
    NotRead,
    /// The book cannot be written, and only this process remembers the check. It writes it with a
    /// later one: do not end the app before.
    NotKept,
    /// The same, because no space is left.
    DiskFull,
    /// What was seen before the app started is lost: a code of the last two minutes could be
    /// accepted twice.
    SeenLost,
    /// The device shows a time that has certainly passed. Have its date set.
    ClockSetBack,
}

impl From<core::Trouble> for ReaderTrouble {
    fn from(trouble: core::Trouble) -> Self {
        match trouble {
            core::Trouble::NotKept(core::ReaderError::Storage(StorageError::Full)) => {
                Self::DiskFull
            }
            core::Trouble::NotKept(_) => Self::NotKept,
            core::Trouble::SeenLost => Self::SeenLost,
            core::Trouble::ClockSetBack => Self::ClockSetBack,
            // Also one that this version does not know.
            _ => Self::NotRead,
        }
    }
}

/// What a picture of the camera showed. Personal data.
// Generated Kotlin does not find the types of `units` in an enum.
#[derive(uniffi::Enum)]
#[expect(
    clippy::large_enum_variant,
    reason = "a picture gives one or two, and they cross at once"
)]
pub enum Sight {
    /// A verdict: show it in place of any other.
    Verdict {
        /// What the reader thinks of the license now.
        checked: Checked,
        /// For how many seconds this license has been before the camera.
        seen_for_s: i64,
        /// Whether it is news, to be told by sound or touch. No look accepts twice.
        announce: bool,
    },
    /// The license on the screen is still before the camera, and its verdict stands.
    Same {
        /// For how many seconds it has been there.
        seen_for_s: i64,
    },
    /// More was read of the face of the license on the screen.
    Face {
        /// How much of it was read.
        progress: FaceProgress,
    },
    /// The face of the license on the screen is whole. The authority signed this very picture:
    /// compare it with the person, and heed the verdict.
    Portrait {
        /// The picture, a JPEG.
        jpeg: Vec<u8>,
    },
    /// Two licenses are in one picture, and none was judged. Take the last verdict off the screen:
    /// it is not known whose it is.
    TwoLicenses,
    /// The phone does not show the answer to the challenge yet. Nothing was judged, and no attempt
    /// was spent.
    NotAnAnswer,
    /// A code was read that is none of a license.
    OtherCode,
}

impl From<core::Sight> for Sight {
    fn from(sight: core::Sight) -> Self {
        match sight {
            core::Sight::Verdict {
                verdict,
                first_seen_s,
                announce,
            } => Self::Verdict {
                checked: (*verdict).into(),
                seen_for_s: seconds(first_seen_s),
                announce,
            },
            core::Sight::Same { first_seen_s } => Self::Same {
                seen_for_s: seconds(first_seen_s),
            },
            core::Sight::Face(progress) => Self::Face {
                progress: progress.into(),
            },
            core::Sight::Portrait(portrait) => Self::Portrait {
                jpeg: portrait.jpeg().to_vec(),
            },
            core::Sight::TwoLicenses => Self::TwoLicenses,
            core::Sight::NotAnAnswer => Self::NotAnAnswer,
            // Also what this version does not know: nothing that a verdict is about.
            _ => Self::OtherCode,
        }
    }
}

fn seconds(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

impl From<face::Progress> for FaceProgress {
    fn from(progress: face::Progress) -> Self {
        Self {
            read: Count::of(progress.read),
            count: Count::of(progress.count),
        }
    }
}

mirror! {
    /// What came of a check.
    CheckOutcome = verify::Outcome {
        /// The license was accepted.
        Accept,
        /// The license was in doubt.
        Caution,
        /// The license was refused.
        Refuse,
    }
}

/// The checks that a reader has made.
#[derive(uniffi::Record)]
pub struct CheckLog {
    /// The checks, the newest first. Personal data where they have numbers.
    pub entries: Vec<CheckEntry>,
    /// False where entries were changed or are missing.
    pub intact: bool,
}

/// One check of a license.
#[derive(uniffi::Record)]
#[uniffi::export(Display)]
pub struct CheckEntry {
    /// When it was, by the reader's best time.
    pub at: Instant,
    /// What came of it.
    pub outcome: CheckOutcome,
    /// Why the verdict was what it was.
    pub reasons: Vec<Reason>,
    /// The number of the license: in an officer's log alone, and only where the authority's
    /// signature holds.
    pub number: Option<String>,
}

super::macros::discreet!(CheckEntry);

impl From<core::CheckLog> for CheckLog {
    fn from(log: core::CheckLog) -> Self {
        let entries = log.entries.into_iter().map(|entry| CheckEntry {
            at: entry.at.into(),
            outcome: entry.outcome.into(),
            reasons: entry.reasons.into_iter().map(Reason::from).collect(),
            number: entry.number,
        });
        Self {
            entries: entries.collect(),
            intact: log.intact,
        }
    }
}

/// What a refresh of a reader's book did.
#[derive(uniffi::Record)]
pub struct ReaderReport {
    /// What is new, in order of arrival.
    pub changes: Vec<ReaderSubject>,
    /// What could not be fetched. The next refresh that finds it due tries again.
    pub failures: Vec<ReaderFailure>,
    /// How many HTTP requests were sent.
    pub requests: Count,
    /// After how long to call again; at least a second.
    pub next_in: Duration,
}

/// Something that a reader could not fetch.
#[derive(uniffi::Record)]
pub struct ReaderFailure {
    /// What was asked for.
    pub subject: ReaderSubject,
    /// Why it could not be fetched.
    pub error: WalletError,
}

/// What a refresh of a reader's book asks for.
#[derive(uniffi::Enum)]
pub enum ReaderSubject {
    /// The trust list of an authority.
    TrustList {
        /// The id of the authority in the book.
        authority: String,
    },
    /// A bundle of an authority.
    Bundle {
        /// The id of the authority in the book.
        authority: String,
        /// The address of the bundle.
        address: String,
    },
}

impl From<core::Report> for ReaderReport {
    fn from(report: core::Report) -> Self {
        let failures = report.failures.into_iter().map(|failure| ReaderFailure {
            subject: failure.subject.into(),
            error: failure.error.into(),
        });
        Self {
            changes: report.changed.into_iter().map(|it| it.0.into()).collect(),
            failures: failures.collect(),
            requests: Count(i32::try_from(report.requests).unwrap_or(i32::MAX)),
            next_in: report.next_in.into(),
        }
    }
}

impl From<core::Subject> for ReaderSubject {
    fn from(subject: core::Subject) -> Self {
        match subject {
            core::Subject::Bundle(authority, address) => Self::Bundle {
                authority: authority.as_str().to_owned(),
                address,
            },
            core::Subject::TrustList(authority) => Self::TrustList {
                authority: authority.as_str().to_owned(),
            },
            // What this version does not know belongs to no authority.
            _ => Self::TrustList {
                authority: String::new(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_trouble_of_today_crosses_as_itself() {
        let crossed = core::Trouble::ALL.map(ReaderTrouble::from);
        assert_eq!(
            crossed,
            [
                ReaderTrouble::NotRead,
                ReaderTrouble::DiskFull,
                ReaderTrouble::SeenLost,
                ReaderTrouble::ClockSetBack,
            ]
        );
        let busy = core::ReaderError::Storage(StorageError::Busy);
        let crossed = ReaderTrouble::from(core::Trouble::NotKept(busy));
        assert_eq!(crossed, ReaderTrouble::NotKept);
    }
}
