//! Keyed draws: what a draw gives depends on whose draw it is, never on how many came before it.

use crate::units::{Ratio, Span, Spread};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{SeedableRng, TryRng};
use rand_distr::{Distribution, Exp1, StandardNormal};
use siphasher::sip::SipHasher24;
use std::convert::Infallible;
use std::hash::Hasher;

/// The identity of a draw, or of somebody who draws. Equal keys draw equal values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DrawKey(u64);

impl DrawKey {
    /// The root of one trial's draws, for one purpose: SipHash-2-4 of seed, trial and purpose.
    pub fn new(seed: u64, trial: u64, purpose: &str) -> DrawKey {
        let mut hasher = SipHasher24::new_with_keys(seed, trial);
        hasher.write(purpose.as_bytes());
        DrawKey(hasher.finish())
    }

    /// The key of a part of this one, by number: one SplitMix64 step.
    #[inline]
    pub fn child(self, number: u64) -> DrawKey {
        // The constants are those of SplitMix64 (Steele, Lea and Flood, 2014): each bit of a number
        // changes half of the bits of the key, so that neighbours draw independently.
        let mut z = self.0 ^ number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        DrawKey(z ^ (z >> 31))
    }

    /// The key of a part of this one, by name.
    pub fn named(self, name: &str) -> DrawKey {
        let mut hasher = SipHasher24::new_with_keys(self.0, 0);
        hasher.write(name.as_bytes());
        DrawKey(hasher.finish())
    }

    /// The same key with other draws, by number: for forks of what draws.
    pub fn forked(self, luck: u64) -> DrawKey {
        self.named("fork").child(luck)
    }

    /// The key as a number, to hand on as part of another key.
    pub fn bits(self) -> u64 {
        self.0
    }

    /// A generator for draws that need more than one number.
    #[inline]
    pub fn generator(self) -> Xoshiro256PlusPlus {
        Xoshiro256PlusPlus::seed_from_u64(self.0)
    }

    /// Uniform in `[0, 1)`, 53 bits.
    #[inline]
    pub fn unit(self) -> f64 {
        // As many bits as an f64 holds; with 64, rounding could give a 1.
        (self.child(0).0 >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// True with this chance.
    #[inline]
    pub fn chance(self, chance: Ratio) -> bool {
        self.unit() < chance.0
    }

    /// Exponential with mean 1.
    #[inline(always)]
    pub fn exponential(self) -> f64 {
        Exp1.sample(&mut LazyGenerator::new(self))
    }

    /// Normal with mean 0 and variance 1.
    #[inline]
    fn normal(self) -> f64 {
        StandardNormal.sample(&mut LazyGenerator::new(self))
    }

    /// A duration from its spread.
    pub fn spread(self, spread: Spread) -> Span {
        self.prepared(&PreparedSpread::from(spread))
    }

    /// The same from a spread that is drawn from often.
    #[inline(always)]
    pub fn prepared(self, spread: &PreparedSpread) -> Span {
        match *spread {
            PreparedSpread::Fixed(span) => span,
            PreparedSpread::Exponential { mean } => Span::from_seconds(mean * self.exponential()),
            PreparedSpread::LogNormal { median, sigma } => {
                Span::from_seconds(median * libm::exp(sigma * self.normal()))
            }
            PreparedSpread::Below(most) => Span::from_seconds(most * (0.5 + self.unit() / 2.0)),
            PreparedSpread::Between { low, width } => low + Span::from_seconds(width * self.unit()),
            PreparedSpread::Mixed(spread) => self.mixed(spread),
        }
    }

    #[inline(never)]
    fn mixed(self, spread: Spread) -> Span {
        match spread {
            // Which part is a draw of its own, so that each part draws as it would alone.
            Spread::Mixed(mixture) => self.spread(mixture.part_at(self.child(u64::MAX - 1).unit())),
            other => self.spread(other),
        }
    }

    /// The position of a category drawn by weight; weights sum to 1.
    #[inline]
    pub fn category(self, weights: &[f64]) -> usize {
        if weights.first().is_some_and(|first| *first >= 1.0) {
            return 0;
        }
        let mut left = self.unit();
        for (position, weight) in weights.iter().enumerate() {
            if left < *weight {
                return position;
            }
            left -= weight;
        }
        // Rounding can leave a sliver above the last weight.
        weights.iter().rposition(|weight| *weight > 0.0).unwrap_or(0)
    }
}

/// A spread laid out for drawing again and again: what is the same in every draw is worked out
/// once. Draws are the same to the last bit.
#[derive(Debug, Clone, Copy)]
pub enum PreparedSpread {
    /// Always this long.
    Fixed(Span),
    /// Exponential with this mean, in seconds.
    Exponential {
        /// In seconds.
        mean: f64,
    },
    /// Log-normal.
    LogNormal {
        /// In seconds.
        median: f64,
        /// σ of the log.
        sigma: f64,
    },
    /// Between half of these seconds and all of them.
    Below(f64),
    /// Uniform.
    Between {
        /// The least.
        low: Span,
        /// By how many seconds the most is longer.
        width: f64,
    },
    /// One of several.
    Mixed(Spread),
}

impl From<Spread> for PreparedSpread {
    fn from(spread: Spread) -> PreparedSpread {
        match spread {
            Spread::Fixed(span) => PreparedSpread::Fixed(span),
            Spread::Exponential(mean) => PreparedSpread::Exponential { mean: mean.seconds() },
            Spread::Below(most) => PreparedSpread::Below(most.seconds()),
            Spread::Between(low, high) => {
                PreparedSpread::Between { low, width: (high - low).seconds() }
            }
            Spread::About(_) | Spread::Tail { .. } => {
                let (median, sigma) = spread.log_normal().expect("both kinds are log-normal");
                PreparedSpread::LogNormal { median: median.seconds(), sigma }
            }
            Spread::Mixed(_) => PreparedSpread::Mixed(spread),
        }
    }
}

/// A key's generator, of which hardly ever more than the first number is wanted: that depends on
/// half of its state, and the other half is worked out when a second number is asked for.
struct LazyGenerator {
    key: DrawKey,
    begun: bool,
    further: Option<Xoshiro256PlusPlus>,
}

impl LazyGenerator {
    #[inline]
    fn new(key: DrawKey) -> LazyGenerator {
        LazyGenerator { key, begun: false, further: None }
    }

    #[cold]
    #[inline(never)]
    fn another(&mut self) -> u64 {
        let further = self.further.get_or_insert_with(|| {
            let mut generator = self.key.generator();
            let Ok(_first) = generator.try_next_u64();
            generator
        });
        let Ok(next) = further.try_next_u64();
        next
    }
}

impl TryRng for LazyGenerator {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|number| (number >> 32) as u32)
    }

    #[inline(always)]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(self.another());
        }
        // The generator is dropped: what the first number does not need of it is never worked out.
        self.key.generator().try_next_u64()
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let Ok(next) = self.try_next_u64();
            chunk.copy_from_slice(&next.to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// These bits must never change: every journal of every run depends on them.
    #[test]
    fn golden_values() {
        let key = DrawKey::new(20_181_107, 0, "visits").child(7);
        let about = key.spread(Spread::About(Span::MINUTE)).0;
        let bits = (key.0, key.unit().to_bits(), key.exponential().to_bits(), about);
        assert_eq!(bits, GOLDEN);
    }

    const GOLDEN: (u64, u64, u64, u64) =
        (17008378521887622210, 4602943695643120414, 4612321051359347933, 87655696617);

    #[test]
    fn a_first_number_and_its_followers_are_those_of_the_generator() {
        for key in (0..3_000).map(|n| DrawKey::new(1, 2, "test").child(n)) {
            let (mut first, mut generator) = (LazyGenerator::new(key), key.generator());
            (0..3).for_each(|_| assert_eq!(first.try_next_u64(), generator.try_next_u64()));
            // The rare draws that take more than one number are among them.
            let exponential: f64 = Exp1.sample(&mut key.generator());
            assert_eq!(key.exponential().to_bits(), exponential.to_bits());
            let normal: f64 = StandardNormal.sample(&mut key.generator());
            assert_eq!(key.normal().to_bits(), normal.to_bits());
        }
    }

    #[test]
    fn draws_have_their_means() {
        let root = DrawKey::new(1, 2, "test");
        let n = 100_000;
        let mean = |draw: &dyn Fn(DrawKey) -> f64| {
            (0..n).map(|i| draw(root.child(i))).sum::<f64>() / n as f64
        };
        assert!((mean(&|k| k.unit()) - 0.5).abs() < 0.005);
        assert!((mean(&|k| k.exponential()) - 1.0).abs() < 0.02);
        for spread in [
            Spread::Below(Span::MINUTE),
            Spread::Between(Span::SECOND, Span::MINUTE),
            Spread::About(Span::MINUTE),
            Spread::Tail { median: Span::SECOND, p99: Span::SECOND * 5 },
        ] {
            let ratio = mean(&|k| k.spread(spread).seconds()) / spread.mean().seconds();
            assert!((ratio - 1.0).abs() < 0.02, "{spread}: {ratio}");
        }
    }

    #[test]
    fn categories_follow_their_weights() {
        let root = DrawKey::new(3, 0, "mix");
        let mut counts = [0u32; 3];
        (0..10_000).for_each(|i| counts[root.child(i).category(&[0.2, 0.0, 0.8])] += 1);
        assert_eq!(counts[1], 0);
        assert!(counts[0].abs_diff(2_000) < 150, "{counts:?}");
    }
}
