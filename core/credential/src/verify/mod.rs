//! The verifier: from a text to a verdict, by the reader's trust list, clock and memory alone
//! (profile, sections 3, 8 and 9).

mod bundles;
mod faces;
mod findings;
mod judge;
mod look;
mod replay;
mod sources;

pub use crate::meaning::{Outcome, Reason};
pub use look::{
    Candidate, Glance, HasVerdict, Look, MAX_LOOKS, MAX_TEXTS, Moment, Sight, UNSEEN_MS,
    is_vouched_for,
};
pub use replay::{Remembered, Seen};

use crate::Error;
use crate::challenge::Asked;
use crate::discreet::debug_name_alone;
use crate::key::VerifyingKey;
use crate::license::License;
use crate::meaning::{Ageing, FRESH_S, STALE_S};
use crate::presentation::{LIFE_S, UnverifiedToken};
use crate::sd_cwt::Portrait;
use crate::status::StatusReport;
use crate::time::{SKEW_S, UnixTime};
use crate::trust::TrustList;
use bundles::Bundles;
use core::fmt;
use findings::Findings;
use judge::Judge;
use replay::ReplayMemory;

/// The bounds of a reader. The default is the profile's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Seconds by which a clock may be off: 30.
    pub skew_s: u64,
    /// The longest life of a presentation token in seconds: 30.
    pub max_life_s: u64,
    /// A status is fresh up to this age in seconds: 24 hours.
    pub fresh_s: u64,
    /// A status is stale up to this age in seconds, and too old past it: 7 days.
    pub stale_s: u64,
    /// How many tokens are remembered at once, so that one seen twice is noticed: 4,096.
    pub replay_capacity: usize,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            skew_s: SKEW_S,
            max_life_s: LIFE_S,
            fresh_s: FRESH_S,
            stale_s: STALE_S,
            replay_capacity: 4096,
        }
    }
}

impl Policy {
    /// The longest time for which a token can be accepted, in seconds.
    pub(crate) const fn longest_s(&self) -> u64 {
        self.max_life_s
            .saturating_add(self.skew_s.saturating_mul(2))
    }

    /// How a status ages for this reader.
    pub(crate) const fn ageing(&self) -> Ageing {
        Ageing {
            fresh_s: self.fresh_s,
            stale_s: self.stale_s,
            skew_s: self.skew_s,
        }
    }
}

/// What a reader asks of a token.
#[derive(Default)]
pub struct Question<'q> {
    /// The challenge that the token must answer. It is marked as answered, or an attempt is spent;
    /// a token that comes too late does neither.
    pub challenge: Option<&'q mut Asked>,
    /// Seconds by the clock that [`Asked::at`] was given, which should be one that no one can set;
    /// none: `now`, in Unix seconds. Only a challenge needs it.
    pub clock_s: Option<u64>,
    /// A status token that the reader fetched itself, from the
    /// [`status_place`](Verifier::status_place).
    pub online: Option<&'q [u8]>,
    /// A category that the holder must hold now.
    pub category: Option<&'q str>,
    /// A time that the reader knows has passed: where `now` is before it, the clock is in doubt.
    pub passed: Option<UnixTime>,
}

/// The times of a token that could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenInfo {
    /// The token's beginning, as it says.
    pub iat: UnixTime,
    /// The token's end, as it says.
    pub exp: UnixTime,
    /// Whether it answers a challenge.
    pub challenged: bool,
}

/// Where the status of a license is published.
#[derive(Clone, PartialEq, Eq)]
pub struct StatusPlace {
    /// The issuer, who says that the status is there.
    pub issuer: String,
    /// The list's `uri`, which is its address and its name.
    pub uri: String,
}

debug_name_alone!(StatusPlace);

/// What a reader may believe of a token. Personal data: its `Debug` has the outcome and the reasons
/// alone.
///
/// The caller must obey [`outcome`](Self::outcome): a license is in a refused verdict too. It must
/// still compare the face with the person.
#[derive(Clone)]
pub struct Verdict {
    /// Accept, Caution or Refuse.
    pub outcome: Outcome,
    /// The reasons: those that lead to the outcome first, in the order of the checks, then the
    /// rest.
    pub reasons: Vec<Reason>,
    /// The license, once the authority's signature holds. Personal data.
    pub license: Option<License>,
    /// State, source and time of the status that counted.
    pub status: StatusReport,
    /// Age of the status in seconds, at least 0; none without a source.
    pub age_s: Option<u64>,
    /// The token's times, once it was read.
    pub token: Option<TokenInfo>,
    /// The portrait, where the token carried it and it matches its digest. Personal data.
    pub portrait: Option<Portrait>,
    /// SHA-256 of the portrait's disclosure, once the authority's signature holds. By it a face
    /// that came by other QRs is joined to this verdict
    /// ([`FaceCollector`](crate::face::FaceCollector)).
    pub portrait_digest: Option<[u8; 32]>,
    /// The authority's name for people, from the trust list.
    pub display_name: Option<String>,
    /// Seconds by which the token's `iat` is ahead of the reader's clock (negative: behind), where
    /// the token's times do not fit it.
    pub clock_difference_s: Option<i64>,
    /// Whether a challenge would tell an honest driver whose clock is wrong from a forwarded
    /// picture.
    pub offer_challenge: bool,
}

/// The outcome and the reasons: nothing of the license, and no digest by which it could be found
/// again.
impl fmt::Debug for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verdict")
            .field("outcome", &self.outcome)
            .field("reasons", &self.reasons)
            .finish_non_exhaustive()
    }
}

/// Checks presentation tokens offline.
///
/// The caller must keep one for each reader, because it remembers which tokens it has seen; must
/// keep [`remembered`](Self::remembered) over a restart; and must give it a newer trust list each
/// day.
pub struct Verifier {
    root: VerifyingKey,
    policy: Policy,
    trust: Option<TrustList>,
    bundles: Bundles,
    seen: ReplayMemory,
}

impl Verifier {
    /// A verifier that trusts what `root` signs. The caller must set a trust list: without one it
    /// refuses every token.
    #[must_use]
    pub fn new(root: VerifyingKey, policy: Policy) -> Self {
        let seen = ReplayMemory::new(policy.replay_capacity);
        Self {
            root,
            policy,
            trust: None,
            bundles: Bundles::new(),
            seen,
        }
    }

    /// Takes a trust list, unless a newer one is held: one of a higher serial, or of the same
    /// serial and a later `iat`. A list that is refused changes nothing.
    ///
    /// # Errors
    /// [`Error::OlderThanHeld`], and those of [`TrustList::verify`].
    pub fn set_trust_list(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let list = TrustList::verify(bytes, &self.root)?;
        if self
            .trust
            .as_ref()
            .is_some_and(|held| held.is_newer_than(&list))
        {
            return Err(Error::OlderThanHeld);
        }
        self.trust = Some(list);
        Ok(())
    }

    /// The trust list that is held.
    #[must_use]
    pub const fn trust_list(&self) -> Option<&TrustList> {
        self.trust.as_ref()
    }

    /// Takes a bundle. The caller must set the trust list first. It replaces the one of the same
    /// issuer and prefix, unless that one is newer and the trust list still names its key. A bundle
    /// that is refused changes nothing; where no other is held, every verdict says that it could
    /// not be used.
    ///
    /// # Errors
    /// [`Error::OlderThanHeld`], [`Error::UnknownKey`] without a trust list,
    /// [`Error::TooManyBundles`] for more than 64, or for more than 256 MiB inflated together, and
    /// those of [`Bundle::verify`](crate::bundle::Bundle::verify).
    pub fn set_bundle(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.bundles.take(bytes, self.trust.as_ref())
    }

    /// Forgets every bundle, to make room for others.
    pub fn forget_bundles(&mut self) {
        self.bundles.forget();
    }

    /// The tokens that it remembers. The caller must keep them over a restart: otherwise a token is
    /// accepted a second time.
    #[must_use]
    pub fn remembered(&self) -> Remembered {
        self.seen.remembered()
    }

    /// Adds the tokens that an earlier verifier remembered. The caller must do so before the first
    /// check.
    pub fn remember(&mut self, remembered: &Remembered) {
        self.seen.take(remembered);
    }

    /// Whether its trust list names the key of a token's license. The signature is not verified.
    #[must_use]
    pub fn knows_key_of(&self, text: &str) -> bool {
        let Ok(token) = UnverifiedToken::from_text(text) else {
            return false;
        };
        let trust = self.trust.as_ref();
        trust.is_some_and(|trust| trust.find(token.credential.kid()).is_some())
    }

    /// Where the issuer of a token's license publishes its current status, for a reader that has a
    /// network. The issuer's signature is verified; the rest of the token is not judged.
    ///
    /// # Errors
    /// Those of [`UnverifiedToken::from_text`] and
    /// [`authenticate`](crate::sd_cwt::UnverifiedCredential::authenticate); [`Error::UnknownKey`]
    /// without a trust list.
    pub fn status_place(&self, text: &str) -> Result<StatusPlace, Error> {
        let trust = self.trust.as_ref().ok_or(Error::UnknownKey)?;
        let token = UnverifiedToken::from_text(text)?;
        let claims = token.credential.authenticate(trust)?.into_claims();
        Ok(StatusPlace {
            issuer: claims.iss,
            uri: claims.status.uri,
        })
    }

    /// Checks a token that no one asked for, as a QR that is shown to anyone.
    ///
    /// `now` is the reader's clock; the caller must set it as well as it can, because a token lives
    /// for 30 seconds. The caller must obey the verdict's outcome and compare the face with the
    /// person.
    pub fn check(&mut self, text: &str, now: UnixTime) -> Verdict {
        self.check_with(text, Question::default(), now)
    }

    /// Checks a token by a question: as the answer to a challenge, for a category, or with a status
    /// that the reader fetched. It panics for no text.
    pub fn check_with(&mut self, text: &str, question: Question<'_>, now: UnixTime) -> Verdict {
        let mut findings = Findings::new(now);
        if self.bundles.is_unusable() {
            findings.note(Reason::BundleUnusable);
        }
        let token = match UnverifiedToken::from_text(text) {
            Ok(token) => token,
            Err(Error::WrongPrefix) => return findings.refused(Reason::NotAToken),
            Err(_) => return findings.refused(Reason::Malformed),
        };
        findings.read(token.envelope.claims());
        let Some(trust) = &self.trust else {
            return findings.refused(Reason::TrustListUnusable);
        };
        if trust.names_no_key(now, self.policy.skew_s) {
            findings.add(Reason::TrustListExpired);
            return findings.refused(Reason::TrustListUnusable);
        }
        let judge = Judge {
            policy: &self.policy,
            trust,
            bundles: &self.bundles,
            now,
        };
        judge.judge(token, question, &mut self.seen, findings)
    }
}
