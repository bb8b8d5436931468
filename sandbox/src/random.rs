//! Seeded randomness: SplitMix64, which is small and good enough for ids and the probabilities of fault
//! rules. Not for secrets.

use crate::store::{LoadErrors, Persist, Saver};
use serde_json::Value;

/// A sequence of numbers determined by its seed.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Persist for Random {
    fn save(&self, to: &mut Saver) {
        self.0.save(to);
    }

    fn load(from: Value, errors: &mut LoadErrors) -> Self {
        Self(u64::load(from, errors))
    }
}

impl Random {
    /// `stream` separates two users of one seed, so that a draw by one never affects the other.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        Self(seed ^ stream.wrapping_mul(0xd1b5_4a32_d192_ed03))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// In 0 ≤ x < 1.
    pub(crate) fn unit(&mut self) -> f64 {
        // A double holds 53 bits exactly.
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// An opaque id: `prefix` and `length` characters of base 36.
    pub(crate) fn id(&mut self, prefix: &str, length: usize) -> String {
        let mut out = String::with_capacity(prefix.len() + length);
        out.push_str(prefix);
        for _ in 0..length {
            let digit = u32::try_from(self.next() % 36).unwrap_or(0);
            out.push(char::from_digit(digit, 36).unwrap_or('0'));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_stream_and_another_stream_differs() {
        let draw = |seed, stream| Random::new(seed, stream).id("cm", 23);
        assert_eq!(draw(7, 1), draw(7, 1));
        assert_ne!(draw(7, 1), draw(8, 1));
        assert_ne!(draw(7, 1), draw(7, 2));
    }

    #[test]
    fn units_stay_in_range_and_spread() {
        let mut random = Random::new(1, 0);
        let draws: Vec<f64> = (0..10_000).map(|_| random.unit()).collect();
        assert!(draws.iter().all(|x| (0.0..1.0).contains(x)));
        let mean = draws.iter().sum::<f64>() / 10_000.0;
        assert!((0.48..0.52).contains(&mean), "{mean}");
    }
}
