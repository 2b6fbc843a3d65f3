//! The checks of one token, in the order of section 8. Every check that is still meaningful is
//! made, so that a verdict names everything that is wrong and not only the first.

use super::bundles::Bundles;
use super::replay::ReplayMemory;
use super::sources::Offered;
use super::{Findings, Policy, Question, Reason, Verdict};
use crate::Error;
use crate::challenge::Asked;
use crate::presentation::{ANYONE, Envelope, PresentationClaims, UnverifiedToken};
use crate::sd_cwt::{Credential, CredentialClaims};
use crate::time::UnixTime;
use crate::trust::TrustList;

/// What a token is checked against.
pub(super) struct Judge<'v> {
    pub(super) policy: &'v Policy,
    pub(super) trust: &'v TrustList,
    pub(super) bundles: &'v Bundles,
    pub(super) now: UnixTime,
}

impl Judge<'_> {
    pub(super) fn judge(
        &self,
        token: UnverifiedToken,
        question: Question<'_>,
        seen: &mut ReplayMemory,
        mut findings: Findings,
    ) -> Verdict {
        let UnverifiedToken {
            envelope,
            credential,
        } = token;
        let credential = match credential.authenticate(self.trust) {
            Ok(credential) => credential,
            Err(error) => {
                if error == Error::UnknownKey && self.trust.is_old(self.now) {
                    findings.note(Reason::TrustListOld);
                }
                return findings.refused(reason_of(error));
            }
        };
        let said = envelope.claims();
        let claims = credential.claims();
        if self.is_over(credential.key_expires()) {
            findings.add(Reason::KeyNotInForce);
        }
        let staple = said.staple.as_deref().map(|bytes| self.open(bytes, claims));
        let online = question.online.map(|bytes| self.open(bytes, claims));

        let bound = self.check_binding(&envelope, &credential, &mut findings);
        self.check_signed_times(said, claims, staple.as_ref(), &mut findings);
        match question.challenge {
            None => self.check_one_way(said, &mut findings),
            Some(asked) => {
                let clock_s = question.clock_s.unwrap_or(self.now.seconds());
                self.check_challenged(said, asked, clock_s, bound, &mut findings);
            }
        }
        // Noted only when its holder has signed it and its times hold: no other token could be
        // accepted.
        if bound && !findings.is_refused() {
            let until = said.exp.saturating_add(self.policy.skew_s);
            let until = until.min(self.now.saturating_add(self.policy.longest_s()));
            if seen.saw(envelope.fingerprint(), until, self.now) {
                findings.add(Reason::Replayed);
            }
        }
        self.check_license_dates(claims, question.category, &mut findings);
        self.check_clock_and_trust_list(claims, question.passed, &mut findings);
        self.choose_status(claims, staple.as_ref(), online.as_ref(), &mut findings);
        findings.authentic(credential);
        findings.verdict()
    }

    /// Whether something that lasts until `end` is over by the reader's clock.
    pub(super) fn is_over(&self, end: UnixTime) -> bool {
        end.is_over(self.now, self.policy.skew_s)
    }

    /// Whether the reader's clock has not reached this time.
    fn is_ahead(&self, time: UnixTime) -> bool {
        time > self.now.saturating_add(self.policy.skew_s)
    }

    /// Whether the phone that signed is the one that the authority named.
    fn check_binding(
        &self,
        envelope: &Envelope,
        credential: &Credential,
        findings: &mut Findings,
    ) -> bool {
        let holder_key = &credential.claims().holder_key;
        if !envelope.names_algorithm_of(holder_key) {
            findings.add(Reason::BadSignature);
        }
        let bound = envelope.verify(holder_key).is_ok();
        if !bound {
            findings.add(Reason::NotBoundToDevice);
        }
        if credential.has_foreign_disclosure() {
            findings.add(Reason::DisclosureMismatch);
        }
        bound
    }

    /// Compares signed times with one another, without skew.
    fn check_signed_times(
        &self,
        said: &PresentationClaims,
        claims: &CredentialClaims,
        staple: Option<&Offered>,
        findings: &mut Findings,
    ) {
        if self.is_over(claims.exp) {
            findings.add(Reason::CredentialExpired);
        }
        let before_staple = match staple {
            Some(Offered::Good(token)) => said.iat < token.issued_at(),
            _ => false,
        };
        let contradicts = said.exp <= said.iat
            || claims.exp <= claims.iat
            || said.iat < claims.iat
            || said.exp > claims.exp
            || before_staple;
        if contradicts {
            findings.add(Reason::TimesInconsistent);
        }
        if said.exp.seconds().saturating_sub(said.iat.seconds()) > self.policy.max_life_s {
            findings.add(Reason::LifeTooLong);
        }
    }

    fn check_one_way(&self, said: &PresentationClaims, findings: &mut Findings) {
        if let Some(reason) = self.clock_reason(said) {
            findings.add(reason);
            findings.clock_difference(said.iat.signed_since(self.now), true);
        }
        if said.cnonce.is_some() {
            findings.add(Reason::WrongChallenge);
        } else if said.aud != ANYONE {
            findings.add(Reason::WrongReader);
        }
    }

    /// The right `cnonce` makes an answer fresh, also where the clocks disagree.
    fn check_challenged(
        &self,
        said: &PresentationClaims,
        asked: &mut Asked,
        clock_s: u64,
        bound: bool,
        findings: &mut Findings,
    ) {
        let too_late = asked.is_past(clock_s);
        let right_nonce = said.cnonce.as_deref() == Some(asked.cnonce());
        let right_reader = said.aud == asked.reader();
        if !right_nonce || too_late {
            findings.add(Reason::WrongChallenge);
        }
        if !right_reader {
            findings.add(Reason::WrongReader);
        }
        if right_nonce && right_reader && bound && !too_late {
            if asked.is_answered() {
                findings.add(Reason::Replayed);
            } else if asked.is_over() {
                findings.add(Reason::WrongChallenge);
            }
            if self.clock_reason(said).is_some() {
                findings.add(Reason::ClockInDoubt);
                findings.clock_difference(said.iat.signed_since(self.now), false);
            }
            asked.answer();
        } else {
            // A late answer is not a guess, so it costs no attempt.
            if !too_late {
                asked.spend();
            }
            if let Some(reason) = self.clock_reason(said) {
                findings.add(reason);
            }
        }
    }

    /// How the token's times do not fit the reader's clock.
    fn clock_reason(&self, said: &PresentationClaims) -> Option<Reason> {
        if self.is_ahead(said.iat) {
            return Some(Reason::NotYetValid);
        }
        self.is_over(said.exp).then_some(Reason::Expired)
    }

    fn check_license_dates(
        &self,
        claims: &CredentialClaims,
        category: Option<&str>,
        findings: &mut Findings,
    ) {
        let (license, skew) = (&claims.license, self.policy.skew_s);
        if license.is_over(self.now, skew) {
            findings.add(Reason::LicenseExpired);
        }
        if !license.has_begun(self.now, skew) {
            findings.add(Reason::LicenseNotYetValid);
        }
        if category.is_some_and(|code| !license.holds(code, self.now, skew)) {
            findings.add(Reason::CategoryNotHeld);
        }
    }

    fn check_clock_and_trust_list(
        &self,
        claims: &CredentialClaims,
        passed: Option<UnixTime>,
        findings: &mut Findings,
    ) {
        if let Some(passed) = passed {
            self.note_future(passed, findings);
        }
        self.note_future(claims.iat, findings);
        self.note_future(self.trust.issued_at(), findings);
        if self.trust.has_ended(self.now, self.policy.skew_s) {
            findings.add(Reason::TrustListExpired);
        }
    }

    /// Where this clock has not reached an `iat` that an authority signed, or a time that has
    /// passed, the clock is behind.
    pub(super) fn note_future(&self, issued_at: UnixTime, findings: &mut Findings) {
        if self.is_ahead(issued_at) {
            findings.add(Reason::ClockInDoubt);
        }
    }
}

const fn reason_of(error: Error) -> Reason {
    match error {
        Error::UnknownKey => Reason::UnknownKey,
        Error::WrongKeyPurpose => Reason::WrongKeyPurpose,
        Error::WrongIssuer => Reason::WrongIssuer,
        Error::KeyNotInForce => Reason::KeyNotInForce,
        Error::BadSignature => Reason::BadSignature,
        // Each is named, so that a new error does not become malformed without a decision.
        Error::WrongPrefix
        | Error::Base45
        | Error::Cbor
        | Error::Layout(_)
        | Error::Text(_)
        | Error::OutOfBounds(_)
        | Error::Key
        | Error::TooLong { .. }
        | Error::Inflate { .. }
        | Error::DisclosureMismatch
        | Error::TimesInconsistent
        | Error::IndexOutOfRange
        | Error::OtherList
        | Error::OlderThanHeld
        | Error::TooManyBundles
        | Error::ReservedReader
        | Error::ChallengeNotRecent
        | Error::Signer => Reason::Malformed,
    }
}
