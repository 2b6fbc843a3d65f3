//! A reader's challenge, and who asks.

use vidimus_credential::UnixTime;
use vidimus_credential::challenge::{Challenge, MAX_AGE_S, Proof};
use vidimus_credential::trust::TrustList;

use super::timekeeper;
use crate::error::Error;
use crate::ports::Reading;
use crate::timekeeper::{Estimate, Sureness};
use crate::trust_store;
use crate::vault::Vault;

/// A challenge and who asks.
#[derive(Clone)]
pub struct ReaderRequest {
    challenge: Challenge,
    proof: Proof,
    read_at: Reading,
}

impl ReaderRequest {
    /// Reads the text of a challenge QR (`DLQ1:`) or the 8 digits that an officer reads out.
    ///
    /// # Errors
    /// [`Error::Credential`] for anything else, for a reader who calls itself `dl1:…`, and for a signed challenge
    /// that is over 60 s old by a sure clock, or by what was signed since: someone recorded it.
    pub fn read(vault: &Vault, text: &str, reading: Reading) -> Result<Self, Error> {
        let text = text.trim();
        let challenge = if text.bytes().all(|byte| byte.is_ascii_digit()) {
            Challenge::from_digits(text)?
        } else {
            Challenge::parse(text)?
        };
        // Without a usable trust list nobody is proven; the driver may answer all the same.
        let (trust, estimate) = vault.read(|view| {
            let estimate = timekeeper(view).best(reading);
            Ok((trust_store::held_in(view), estimate))
        })?;
        let proof = match trust {
            Some(trust) => prove(&challenge, &trust, &estimate)?,
            None => Proof::Unproven,
        };
        Ok(Self {
            challenge,
            proof,
            read_at: reading,
        })
    }

    /// The name that the reader gives itself; `dl1:code` for digits.
    pub fn reader(&self) -> &str {
        self.challenge.reader()
    }

    /// What the answer repeats, so that the reader knows its own question.
    pub(super) fn cnonce(&self) -> &[u8] {
        self.challenge.cnonce()
    }

    /// When it was read, by which its end is counted.
    pub(super) const fn read_at(&self) -> Reading {
        self.read_at
    }

    /// The reader's name by the trust list; `None` where nothing proves who asks.
    pub fn proven_name(&self) -> Option<&str> {
        match &self.proof {
            Proof::Proven { display_name } => Some(display_name),
            Proof::Unproven => None,
        }
    }
}

/// Who asks, as far as that is proven. A clock that is not sure must not refuse an honest reader, nor may a recording
/// be called proven: what is over 60 s old by such a clock is answered as somebody unknown.
fn prove(challenge: &Challenge, trust: &TrustList, estimate: &Estimate) -> Result<Proof, Error> {
    if estimate.sureness == Sureness::Sure {
        return Ok(challenge.prove(trust, Some(estimate.now))?);
    }
    let is_over = |now: UnixTime| {
        challenge
            .issued_at()
            .is_some_and(|issued_at| now > issued_at.saturating_add(MAX_AGE_S))
    };
    if is_over(estimate.proven) {
        return Ok(challenge.prove(trust, Some(estimate.proven))?);
    }
    let proof = challenge.prove(trust, None)?;
    Ok(if is_over(estimate.now) {
        Proof::Unproven
    } else {
        proof
    })
}
