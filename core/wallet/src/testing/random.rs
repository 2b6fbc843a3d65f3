//! Randomness that repeats itself.

use std::sync::{Mutex, PoisonError};

use crate::ports::{NoRandomness, Random};

/// Repeatable bytes for tests: SplitMix64 from a seed. Never use it for a key that protects
/// anything.
pub struct TestRandom(Mutex<u64>);

impl TestRandom {
    /// A generator; the same seed gives the same bytes.
    pub fn seeded(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Random for TestRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in bytes.chunks_mut(8) {
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut word = *state;
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            word ^= word >> 31;
            for (target, byte) in chunk.iter_mut().zip(word.to_le_bytes()) {
                *target = byte;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::TestRandom;
    use crate::ports::Random;

    #[test]
    fn a_seeded_source_repeats_itself_and_another_seed_does_not() {
        let draw = |seed| {
            let mut bytes = [0; 20];
            TestRandom::seeded(seed).fill(&mut bytes).unwrap();
            bytes
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
