//! Chance that is the same everywhere.

/// A generator whose numbers hang on its seed alone (xorshift64*).
#[derive(Clone, Debug)]
pub struct Luck(u64);

impl Luck {
    /// A generator for a seed; two that are close to each other give unlike numbers.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        // SplitMix64, which maps no other number to the one that xorshift cannot leave.
        let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Self((mixed ^ (mixed >> 31)).max(1))
    }

    /// From 0 to below 1.
    pub fn part(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let bits = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11;
        bits as f64 / (1_u64 << 53) as f64
    }

    /// From `low` to below `high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.part()
    }

    /// About the normal distribution's, with deviation 1: four uniform ones added up.
    pub fn normal(&mut self) -> f32 {
        let sum: f64 = (0..4).map(|_| self.part()).sum();
        ((sum - 2.0) * 3.0_f64.sqrt()) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_one_sequence_and_neighbors_give_others() {
        let first = |seed| Luck::new(seed).part();
        assert_eq!(first(7).to_bits(), first(7).to_bits());
        assert!((first(7) - first(8)).abs() > 1e-6);
    }

    #[test]
    fn the_normal_numbers_have_mean_0_and_deviation_1() {
        let mut luck = Luck::new(1);
        let all: Vec<f32> = (0..20_000).map(|_| luck.normal()).collect();
        let mean = all.iter().sum::<f32>() / 20_000.0;
        let spread = all.iter().map(|one| one * one).sum::<f32>() / 20_000.0;
        assert!(
            mean.abs() < 0.03 && (spread - 1.0).abs() < 0.03,
            "{mean} {spread}"
        );
    }
}
