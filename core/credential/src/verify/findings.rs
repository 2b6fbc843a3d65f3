//! The findings of the checks so far, and the verdict that follows from them.

use super::{Outcome, Reason, TokenInfo, Verdict};
use crate::presentation::PresentationClaims;
use crate::sd_cwt::Credential;
use crate::status::StatusReport;
use crate::time::UnixTime;

/// Collects reasons, each with the outcome it leads to.
pub(super) struct Findings {
    now: UnixTime,
    reasons: Vec<(Reason, Option<Outcome>)>,
    token: Option<TokenInfo>,
    credential: Option<Credential>,
    status: StatusReport,
    clock_difference_s: Option<i64>,
    offer_challenge: bool,
}

impl Findings {
    pub(super) const fn new(now: UnixTime) -> Self {
        Self {
            now,
            reasons: Vec::new(),
            token: None,
            credential: None,
            status: StatusReport::NONE,
            clock_difference_s: None,
            offer_challenge: false,
        }
    }

    /// A reason with the outcome that it has by itself.
    pub(super) fn add(&mut self, reason: Reason) {
        self.reasons.push((reason, reason.outcome()));
    }

    /// A reason that does not change the outcome.
    pub(super) fn note(&mut self, reason: Reason) {
        self.reasons.push((reason, None));
    }

    pub(super) fn read(&mut self, claims: &PresentationClaims) {
        let challenged = claims.cnonce.is_some();
        self.token = Some(TokenInfo {
            iat: claims.iat,
            exp: claims.exp,
            challenged,
        });
    }

    pub(super) fn authentic(&mut self, credential: Credential) {
        self.credential = Some(credential);
    }

    pub(super) const fn status(&mut self, status: StatusReport) {
        self.status = status;
    }

    /// The token's times do not fit the clock. Where no one asked for it, a challenge would tell
    /// why.
    pub(super) const fn clock_difference(&mut self, seconds: i64, offer_challenge: bool) {
        self.clock_difference_s = Some(seconds);
        self.offer_challenge = offer_challenge;
    }

    pub(super) fn is_refused(&self) -> bool {
        self.outcome() == Outcome::Refuse
    }

    /// The verdict where nothing more can be checked.
    pub(super) fn refused(mut self, reason: Reason) -> Verdict {
        self.add(reason);
        self.verdict()
    }

    pub(super) fn verdict(mut self) -> Verdict {
        let outcome = self.outcome();
        // First the reasons of the verdict's outcome, in the order of the checks, then the rest.
        self.reasons
            .sort_by_key(|(reason, class)| (*class != Some(outcome), *reason));
        self.reasons.dedup_by_key(|(reason, _)| *reason);
        let portrait_digest = self.credential.as_ref().map(|it| *it.portrait_digest());
        let (license, portrait, display_name) = match self.credential {
            None => (None, None, None),
            Some(credential) => {
                let portrait = credential.portrait().cloned();
                let display_name = credential.display_name().to_owned();
                (
                    Some(credential.into_claims().license),
                    portrait,
                    Some(display_name),
                )
            }
        };
        Verdict {
            outcome,
            reasons: self.reasons.into_iter().map(|(reason, _)| reason).collect(),
            license,
            age_s: self.status.age_s(self.now),
            status: self.status,
            token: self.token,
            portrait,
            portrait_digest,
            display_name,
            clock_difference_s: self.clock_difference_s,
            offer_challenge: self.offer_challenge,
        }
    }

    fn outcome(&self) -> Outcome {
        self.reasons
            .iter()
            .filter_map(|(_, class)| *class)
            .max()
            .unwrap_or(Outcome::Accept)
    }
}
