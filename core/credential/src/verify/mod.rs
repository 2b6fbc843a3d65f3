//! The verifier: from a text to a verdict, with nothing but the reader's trust list, clock and memory
//! (profile, sections 3, 8 and 9).

mod bundles;
mod findings;
mod judge;
mod replay;
mod sources;

pub use crate::meaning::{Outcome, Reason};
pub use replay::{Remembered, Seen};

use crate::Error;
use crate::challenge::Asked;
use crate::key::VerifyingKey;
use crate::license::License;
use crate::meaning::{Ageing, FRESH_S, STALE_S};
use crate::presentation::{LIFE_S, UnverifiedToken};
use crate::sd_cwt::Portrait;
use crate::status::StatusReport;
use crate::time::{SKEW_S, UnixTime};
use crate::trust::TrustList;
use bundles::Bundles;
use findings::Findings;
use judge::Judge;
use replay::ReplayMemory;

/// What a reader is willing to take. The default is the profile's.
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
    /// Tokens that are remembered at once, so that one seen twice is noticed: 4,096.
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
    /// How a status ages for this reader.
    pub(crate) const fn ageing(&self) -> Ageing {
        Ageing {
            fresh_s: self.fresh_s,
            stale_s: self.stale_s,
            skew_s: self.skew_s,
        }
    }
}

/// What a reader asks beside the token itself.
#[derive(Default)]
pub struct Question<'q> {
    /// The challenge that the token must answer. It is marked as answered, or an attempt is spent; a token that
    /// comes too late does neither.
    pub challenge: Option<&'q mut Asked>,
    /// Seconds by the clock that [`Asked::at`] was given, which should be one that nobody can set; none: `now`,
    /// in Unix seconds. Only a challenge asks for it.
    pub clock_s: Option<u64>,
    /// A status token that the reader fetched itself.
    pub online: Option<&'q [u8]>,
    /// A category that the holder must hold now.
    pub category: Option<&'q str>,
    /// A time that has passed as far as the reader knows: where `now` is before it, a clock is in doubt.
    pub passed: Option<UnixTime>,
}

/// The times of a token that could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenInfo {
    /// The token's beginning.
    pub iat: UnixTime,
    /// The token's end.
    pub exp: UnixTime,
    /// Whether it answers a challenge.
    pub challenged: bool,
}

/// Where the status of a license is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusPlace {
    /// The issuer, whose word the place is.
    pub issuer: String,
    /// The list's `uri`: an address, and its name.
    pub uri: String,
}

/// What a reader may believe of a token.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Accept, Caution or Refuse.
    pub outcome: Outcome,
    /// Why: the reasons of the outcome's own class first, in the order of the checks, then the rest.
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
    /// SHA-256 of the portrait's disclosure, once the authority's signature holds: by it a face that came
    /// another way joins this verdict ([`FaceCollector`](crate::face::FaceCollector)).
    pub portrait_digest: Option<[u8; 32]>,
    /// The authority's name for people, from the trust list.
    pub display_name: Option<String>,
    /// Seconds by which the token's `iat` is ahead of the reader's clock (negative: behind), where the
    /// token's times do not fit it.
    pub clock_difference_s: Option<i64>,
    /// Whether a challenge would tell an honest driver with a wrong clock from a forwarded picture.
    pub offer_challenge: bool,
}

/// Checks presentation tokens offline. One a reader: it remembers what it has seen.
pub struct Verifier {
    root: VerifyingKey,
    policy: Policy,
    trust: Option<TrustList>,
    bundles: Bundles,
    seen: ReplayMemory,
}

impl Verifier {
    /// A verifier that trusts what `root` signs. Without a trust list it refuses everything.
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

    /// Takes a trust list, unless a newer one is held: one of a higher serial, or of the same and a later `iat`.
    /// One that is refused changes nothing.
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

    /// Takes a bundle; set the trust list first. It takes the place of the one of the same issuer and prefix;
    /// one that is older than that, by a key that the trust list vouches for, is refused. A bundle that is
    /// refused changes nothing; where no other is held, every verdict says that it could not be used.
    ///
    /// # Errors
    /// [`Error::OlderThanHeld`], [`Error::UnknownKey`] without a trust list, [`Error::TooManyBundles`] for more
    /// than 64, or for more than 256 MiB inflated together, and those of [`Bundle::verify`](crate::bundle::Bundle::verify).
    pub fn set_bundle(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.bundles.take(bytes, self.trust.as_ref())
    }

    /// Forgets every bundle, so that there is room for others.
    pub fn forget_bundles(&mut self) {
        self.bundles.forget();
    }

    /// What it remembers of tokens, to be kept over a restart.
    #[must_use]
    pub fn remembered(&self) -> Remembered {
        self.seen.remembered()
    }

    /// Remembers what a verifier before it did, beside what it remembers itself.
    pub fn remember(&mut self, remembered: &Remembered) {
        self.seen.take(remembered);
    }

    /// Whether its trust list names the key of a token's license; whether that key signed it is not looked at.
    #[must_use]
    pub fn knows_key_of(&self, text: &str) -> bool {
        let Ok(token) = UnverifiedToken::from_text(text) else {
            return false;
        };
        let trust = self.trust.as_ref();
        trust.is_some_and(|trust| trust.find(token.credential.kid()).is_some())
    }

    /// Where the issuer of a token's license publishes its current status, for a reader that has a network.
    /// The trust list vouches for the issuer; nothing else of the token is judged.
    ///
    /// # Errors
    /// Those of [`UnverifiedToken::from_text`], and why the trust list does not vouch for the license;
    /// [`Error::UnknownKey`] without a trust list.
    pub fn status_place(&self, text: &str) -> Result<StatusPlace, Error> {
        let trust = self.trust.as_ref().ok_or(Error::UnknownKey)?;
        let token = UnverifiedToken::from_text(text)?;
        let claims = token.credential.authenticate(trust)?.into_claims();
        Ok(StatusPlace {
            issuer: claims.iss,
            uri: claims.status.uri,
        })
    }

    /// Checks a token in one-way mode.
    pub fn check(&mut self, text: &str, now: UnixTime) -> Verdict {
        self.check_with(text, Question::default(), now)
    }

    /// Checks a token as the answer to a question. It never panics, whatever the text.
    pub fn check_with(&mut self, text: &str, question: Question<'_>, now: UnixTime) -> Verdict {
        let mut findings = Findings::new(now);
        if self.bundles.is_unusable() {
            findings.beside(Reason::BundleUnusable);
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
