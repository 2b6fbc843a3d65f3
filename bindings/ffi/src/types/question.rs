//! What a reader asks, and what it is willing to take.

use vidimus_credential::verify as core;

use super::qr::QrSymbol;
use crate::error::WalletError;
use crate::units::{Count, Duration};

/// What a reader shows or reads out, so that the answer is surely live.
#[derive(uniffi::Record)]
pub struct Challenge {
    /// Its name in the verifier that made it.
    pub id: String,
    /// The text of its QR, or the 8 digits to read out.
    pub text: String,
    /// Its QR; none for digits.
    pub symbol: Option<QrSymbol>,
}

/// What a reader asks beside the presentation itself.
#[derive(uniffi::Record)]
pub struct Question {
    /// The id of the challenge that must be answered.
    pub challenge: Option<String>,
    /// A status list that the reader fetched from the authority.
    pub online_status: Option<Vec<u8>>,
    /// The code of a category that the holder must hold today.
    pub category: Option<String>,
}

/// What a reader is willing to take.
#[derive(uniffi::Record)]
pub struct VerifierPolicy {
    /// How far a clock may be off. The profile says 30 s.
    pub clock_skew: Duration,
    /// How long a presentation may live. The profile says 30 s.
    pub longest_life: Duration,
    /// Up to what age a status is fresh. The profile says 24 hours.
    pub fresh: Duration,
    /// Up to what age a status is stale, and past it unknown. The profile says 7 days.
    pub stale: Duration,
    /// How many presentations are remembered, so that one seen twice is noticed. 4,096 by default.
    pub replay_capacity: Count,
}

impl From<core::Policy> for VerifierPolicy {
    fn from(policy: core::Policy) -> Self {
        Self {
            clock_skew: Duration::of_seconds(policy.skew_s),
            longest_life: Duration::of_seconds(policy.max_life_s),
            fresh: Duration::of_seconds(policy.fresh_s),
            stale: Duration::of_seconds(policy.stale_s),
            replay_capacity: Count::of(policy.replay_capacity),
        }
    }
}

impl TryFrom<VerifierPolicy> for core::Policy {
    type Error = WalletError;

    fn try_from(policy: VerifierPolicy) -> Result<Self, WalletError> {
        Ok(Self {
            skew_s: policy.clock_skew.seconds()?,
            max_life_s: policy.longest_life.seconds()?,
            fresh_s: policy.fresh.seconds()?,
            stale_s: policy.stale.seconds()?,
            replay_capacity: policy.replay_capacity.to_usize()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_policy_crosses_and_comes_back() {
        let policy = core::Policy::default();
        assert_eq!(VerifierPolicy::from(policy).try_into(), Ok(policy));
    }
}
