//! The only source of randomness: seeded from outside, so that a run can be repeated byte for byte.

use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng};

/// A cryptographically strong generator; transaction ids rest on it (RFC 8489 §5: unpredictable, 96 bits).
#[derive(Clone, Debug)]
pub struct Rng(ChaCha12Rng);

impl Rng {
    /// A generator whose values follow from these 32 bytes alone.
    pub fn new(seed: [u8; 32]) -> Self {
        Self(ChaCha12Rng::from_seed(seed))
    }

    /// A generator for worlds and tests that number their runs. Not for secrets: the seed has 64 bits.
    pub fn numbered(seed: u64) -> Self {
        Self(ChaCha12Rng::seed_from_u64(seed))
    }

    /// An independent generator for a child; no two children draw the same values.
    #[must_use]
    pub fn fork(&mut self) -> Self {
        Self::new(self.bytes())
    }

    /// The next `N` bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// A number that is evenly distributed from 0 to `bound - 1`; 0 where `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        // The bias of the multiply-shift is below 2⁻³² for every bound used here, all of them below 2³².
        let wide = u128::from(self.0.next_u64()) * u128::from(bound);
        (wide >> 64) as u64
    }

    /// True with this probability, from 0.0 to 1.0.
    pub fn chance(&mut self, chance: f64) -> bool {
        const STEPS: u64 = 1 << 53;
        (self.below(STEPS) as f64) < chance * STEPS as f64
    }
}

#[cfg(test)]
mod tests {
    use super::Rng;

    #[test]
    fn the_same_seed_draws_the_same() {
        assert_eq!(Rng::numbered(7).bytes::<32>(), Rng::numbered(7).bytes::<32>());
    }

    #[test]
    fn forks_draw_differently_from_each_other_and_from_their_parent() {
        let mut rng = Rng::numbered(7);
        let (mut a, mut b) = (rng.fork(), rng.fork());
        let draws = [rng.bytes::<16>(), a.bytes(), b.bytes()];
        assert!(draws[0] != draws[1] && draws[1] != draws[2] && draws[0] != draws[2]);
    }

    #[test]
    fn a_chance_of_nothing_never_comes_and_a_certainty_always_does() {
        let mut rng = Rng::numbered(1);
        assert!((0..1000).all(|_| !rng.chance(0.0) && rng.chance(1.0) && rng.below(3) < 3));
    }
}
