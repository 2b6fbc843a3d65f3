//! A reader's challenge, and the reader's proven name.

use vidimus_credential::UnixTime;
use vidimus_credential::challenge::{Challenge, MAX_AGE_S, Proof};
use vidimus_credential::trust::TrustList;

use super::timekeeper;
use crate::error::Error;
use crate::ports::Reading;
use crate::timekeeper::{Estimate, Sureness};
use crate::trust_store;
use crate::vault::Vault;
use crate::vault::activity_log::Audience;

/// A challenge that was read. Show the driver who asks, and whether that is proven, before
/// answering.
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
    /// [`Error::Credential`] for any other text, for a reader whose name begins with `dl1:`, and
    /// for a signed challenge that is over 60 s old by a sure clock or by a later signature, which
    /// means that someone recorded it.
    pub fn read(vault: &Vault, text: &str, reading: Reading) -> Result<Self, Error> {
        let text = text.trim();
        let challenge = if text.bytes().all(|byte| byte.is_ascii_digit()) {
            Challenge::from_digits(text)?
        } else {
            Challenge::parse(text)?
        };
        // Without a usable trust list no reader is proven; the driver may answer all the same.
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

    /// Whether the reader asks for the driver's face beside the token. Ask the driver, and show it
    /// only where the driver agrees.
    pub const fn wants_face(&self) -> bool {
        self.challenge.wants_face()
    }

    /// The reader, as the activity log names it.
    pub(super) fn audience(&self) -> Audience {
        Audience::Reader {
            name: self.reader().to_owned(),
            proven: self.proven_name().is_some(),
        }
    }

    /// The nonce that the answer repeats, so that the reader recognizes its challenge.
    pub(super) fn cnonce(&self) -> &[u8] {
        self.challenge.cnonce()
    }

    /// When the challenge was read; its end is counted from then.
    pub(super) const fn read_at(&self) -> Reading {
        self.read_at
    }

    /// The reader's name by the trust list; `None` where it is not proven. Show the name that the
    /// reader gives as unproven then.
    pub fn proven_name(&self) -> Option<&str> {
        match &self.proof {
            Proof::Proven { display_name } => Some(display_name),
            Proof::Unproven => None,
        }
    }
}

/// Whether the reader is proven. An unsure clock must not refuse an honest reader, and a recording
/// must not count as proven: a challenge that is over 60 s old by such a clock is answered as one
/// of an unknown reader.
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
