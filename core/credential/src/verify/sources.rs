//! Which status counts (profile, section 8): of staple, bundle and online list the newest `iat`; on
//! equal ones the worse after ageing, then staple before bundle before online.

use super::judge::Judge;
use super::{Findings, Reason};
use crate::Error;
use crate::bundle::Bundle;
use crate::meaning::Statement;
use crate::sd_cwt::CredentialClaims;
use crate::status::{LicenseStatus, StatusReport, StatusSource};
use crate::status_list::{StatusToken, UnverifiedStatusToken};
use crate::time::UnixTime;
use core::cmp::Reverse;

/// The state of the license by one source, aged.
struct Candidate {
    report: StatusReport,
    issued_at: UnixTime,
    reason: Option<Reason>,
}

/// A staple or online list that the reader was given.
pub(super) enum Offered {
    Good(StatusToken),
    Unusable,
}

impl Judge<'_> {
    /// Reads a staple or online list. It is good where its authority signed it by a key in force,
    /// it is of this license's list, and it is not older than the credential.
    pub(super) fn open(&self, bytes: &[u8], claims: &CredentialClaims) -> Offered {
        let usable = |bytes| -> Result<StatusToken, Error> {
            let token = UnverifiedStatusToken::parse(bytes)?;
            let token = token.authenticate(self.trust, &claims.iss)?;
            if token.uri() != claims.status.uri {
                return Err(Error::OtherList);
            }
            // Before that, the index may have been another license's.
            if token.issued_at() < claims.iat {
                return Err(Error::TimesInconsistent);
            }
            if self.is_over(token.key_expires()) {
                return Err(Error::KeyNotInForce);
            }
            token.status(claims.status.idx)?;
            Ok(token)
        };
        usable(bytes).map_or(Offered::Unusable, Offered::Good)
    }

    /// Chooses the source that counts, and reports its state.
    pub(super) fn choose_status(
        &self,
        claims: &CredentialClaims,
        staple: Option<&Offered>,
        online: Option<&Offered>,
        findings: &mut Findings,
    ) {
        let offered = [
            (StatusSource::Staple, staple),
            (StatusSource::Online, online),
        ];
        let unusable = offered
            .iter()
            .any(|(_, offer)| matches!(offer, Some(Offered::Unusable)));
        let mut candidates = Vec::with_capacity(3);
        for (source, offer) in offered {
            if let Some(Offered::Good(token)) = offer
                && let Ok(state) = token.status(claims.status.idx)
            {
                let (iat, exp) = (token.issued_at(), token.expires());
                candidates.push(self.aged(state, iat, exp, source));
                self.note_future(iat, findings);
            }
        }
        candidates.extend(self.of_bundle(claims, findings));
        // Compared from the best: newest, then worst, then in the order of the sources.
        candidates.sort_by_key(|candidate| {
            let weight = candidate.reason.and_then(Reason::outcome);
            (
                Reverse(candidate.issued_at),
                Reverse(weight),
                rank(candidate.report.source),
            )
        });
        match candidates.first() {
            Some(counts) => {
                findings.status(counts.report);
                if let Some(reason) = counts.reason {
                    findings.add(reason);
                }
                if unusable {
                    findings.note(Reason::StatusUnusable);
                }
            }
            None if unusable => findings.add(Reason::StatusUnusable),
            None => findings.add(Reason::StatusMissing),
        }
    }

    fn of_bundle(&self, claims: &CredentialClaims, findings: &mut Findings) -> Option<Candidate> {
        let held = self.bundles.held();
        if held.is_empty() {
            return None;
        }
        let in_force =
            |bundle: &Bundle| bundle.is_in_force(self.trust, self.now, self.policy.skew_s);
        let bundle = self.bundles.find(&claims.iss, &claims.status.uri);
        let usable = bundle.map_or_else(|| held.iter().any(in_force), in_force);
        if !usable {
            findings.note(Reason::BundleUnusable);
            return None;
        }
        // As with a staple: before the credential was signed, the index may have been another
        // license's.
        let bundle = bundle.filter(|bundle| bundle.issued_at() >= claims.iat);
        let state = bundle.and_then(|bundle| bundle.status(&claims.iss, &claims.status));
        let Some((bundle, state)) = bundle.zip(state) else {
            findings.note(Reason::BundleIgnored);
            return None;
        };
        self.note_future(bundle.issued_at(), findings);
        Some(self.aged(
            state,
            bundle.issued_at(),
            bundle.expires(),
            StatusSource::Bundle,
        ))
    }

    fn aged(
        &self,
        state: LicenseStatus,
        issued_at: UnixTime,
        expires: UnixTime,
        source: StatusSource,
    ) -> Candidate {
        let statement = Statement {
            state,
            issued_at,
            expires,
        };
        let ageing = self.policy.ageing();
        let reason = ageing.age(statement, self.now).reason();
        let report = statement.report(&ageing, source, self.now);
        Candidate {
            report,
            issued_at,
            reason,
        }
    }
}

const fn rank(source: StatusSource) -> u8 {
    match source {
        StatusSource::Staple => 0,
        StatusSource::Bundle => 1,
        StatusSource::Online => 2,
        StatusSource::None => 3,
    }
}
