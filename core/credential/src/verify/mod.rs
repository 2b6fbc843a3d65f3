//! The verifier: from a text to a verdict, with nothing but the reader's trust list, clock and memory
//! (profile, sections 3, 8 and 9).

mod findings;
mod judge;
mod reason;
mod replay;
mod sources;

pub use reason::{Outcome, Reason};

use crate::Error;
use crate::bundle::Bundle;
use crate::challenge::Asked;
use crate::key::VerifyingKey;
use crate::license::License;
use crate::presentation::UnverifiedToken;
use crate::qr::{self, TOKEN_PREFIX, base45};
use crate::sd_cwt::Portrait;
use crate::status::StatusReport;
use crate::time::{SKEW_S, UnixTime};
use crate::trust::TrustList;
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
            max_life_s: 30,
            fresh_s: 24 * 3600,
            stale_s: 7 * 24 * 3600,
            replay_capacity: 4096,
        }
    }
}

/// What a reader asks beside the token itself.
#[derive(Default)]
pub struct Question<'q> {
    /// The challenge that the token must answer. It is marked as answered, or an attempt is spent.
    pub challenge: Option<&'q mut Asked>,
    /// A status token that the reader fetched itself.
    pub online: Option<&'q [u8]>,
    /// A category that the holder must hold now.
    pub category: Option<&'q str>,
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

/// What a verifier holds of a bundle.
enum Preloaded {
    None,
    Good(Box<Bundle>),
    Unusable,
}

/// Checks presentation tokens offline. One a reader: it remembers what it has seen.
pub struct Verifier {
    root: VerifyingKey,
    policy: Policy,
    trust: Option<TrustList>,
    preloaded: Preloaded,
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
            preloaded: Preloaded::None,
            seen,
        }
    }

    /// Takes a trust list, unless a newer one is held. One that is refused changes nothing.
    ///
    /// # Errors
    /// [`Error::OlderThanHeld`], and those of [`TrustList::verify`].
    pub fn set_trust_list(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let list = TrustList::verify(bytes, &self.root)?;
        if self
            .trust
            .as_ref()
            .is_some_and(|held| list.issued_at() < held.issued_at())
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

    /// Takes a bundle; set the trust list first. An older one than the one held is refused and changes
    /// nothing. One that cannot be used stands in for none, and every verdict says so.
    ///
    /// # Errors
    /// [`Error::OlderThanHeld`], [`Error::UnknownKey`] without a trust list, and those of [`Bundle::verify`].
    pub fn set_bundle(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let verified = match &self.trust {
            Some(trust) => Bundle::verify(bytes, trust),
            None => Err(Error::UnknownKey),
        };
        match (verified, &self.preloaded) {
            (Ok(bundle), Preloaded::Good(held))
                if held.issuer() == bundle.issuer() && bundle.issued_at() < held.issued_at() =>
            {
                Err(Error::OlderThanHeld)
            }
            (Ok(bundle), _) => {
                self.preloaded = Preloaded::Good(Box::new(bundle));
                Ok(())
            }
            // A good one is not given up for a bad one.
            (Err(error), Preloaded::Good(_)) => Err(error),
            (Err(error), _) => {
                self.preloaded = Preloaded::Unusable;
                Err(error)
            }
        }
    }

    /// Checks a token in one-way mode.
    pub fn check(&mut self, text: &str, now: UnixTime) -> Verdict {
        self.check_with(text, Question::default(), now)
    }

    /// Checks a token as the answer to a question. It never panics, whatever the text.
    pub fn check_with(&mut self, text: &str, question: Question<'_>, now: UnixTime) -> Verdict {
        let mut findings = Findings::new(now);
        if matches!(self.preloaded, Preloaded::Unusable) {
            findings.beside(Reason::BundleUnusable);
        }
        let token = match read(text) {
            Ok(token) => token,
            Err(Error::WrongPrefix) => return findings.refused(Reason::NotAToken),
            Err(_) => return findings.refused(Reason::Malformed),
        };
        findings.read(token.envelope.claims());
        let Some(trust) = &self.trust else {
            return findings.refused(Reason::TrustListUnusable);
        };
        let bundle = match &self.preloaded {
            Preloaded::Good(bundle) => Some(&**bundle),
            _ => None,
        };
        let judge = Judge {
            policy: &self.policy,
            trust,
            bundle,
            now,
        };
        judge.judge(token, question, &mut self.seen, findings)
    }
}

/// Text and layout.
fn read(text: &str) -> Result<UnverifiedToken, Error> {
    let text = qr::without_line_ending(text);
    let encoded = text.strip_prefix(TOKEN_PREFIX).ok_or(Error::WrongPrefix)?;
    if text.len() > qr::MAX_TEXT {
        return Err(Error::TooLong);
    }
    UnverifiedToken::parse(&base45::decode(encoded)?)
}
