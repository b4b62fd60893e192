//! When enough has been played: a group-sequential procedure.
//!
//! A sample that stops as soon as its interval is narrow has stopped because it varied little by
//! chance: looking often, it would be caught out. So looks are planned before anything is played,
//! few, each after half as much again, and they are paid for (see [`super::spending`]): what must
//! be narrow at a look is not the 95 % interval but the wider one that the look may spend. What is
//! printed in the end is the 95 % interval, which then holds what it says: see the coverage after
//! stopping early in `tests/coverage.rs`.

use super::estimate::{Confidence, Precision};
use super::spending;

/// Trials between two looks are a multiple of this, so that where a campaign ends does not depend
/// on the number of threads.
pub const BATCH: u64 = 64;

/// Looks at a sample that grows until every figure is known well enough.
#[derive(Debug, Clone)]
pub struct Stopping {
    precision: f64,
    /// How many values there are at each look, and the interval that it may have.
    looks: Vec<(u64, Confidence)>,
    /// How many of the looks are over.
    over: usize,
}

impl Stopping {
    /// Until every figure is within this share, or there are `most` values.
    pub fn new(precision: f64, most: u64) -> Stopping {
        let sizes = sizes(most);
        let looks = spending::looks(&sizes);
        Stopping { precision, looks: sizes.into_iter().zip(looks).collect(), over: 0 }
    }

    /// How many values there are at the next look; `None` after the last one.
    pub fn next(&self) -> Option<u64> {
        self.looks.get(self.over).map(|(size, _)| *size)
    }

    /// The interval that the next look may have, or the last one had.
    pub fn confidence(&self) -> Confidence {
        let last = self.looks.len().saturating_sub(1);
        self.looks.get(self.over.min(last)).map_or(Confidence::USUAL, |(_, level)| *level)
    }

    /// Looks at all figures, which know their precision by [`Stopping::confidence`]: whether to
    /// stop. What has no value yet is waited for; what does not vary holds nothing up, as long as
    /// something else does.
    pub fn should_stop(&mut self, figures: impl Iterator<Item = Precision>) -> bool {
        self.over += 1;
        let mut judged = false;
        let mut well = true;
        for figure in figures {
            match figure {
                Precision::Within(half) => {
                    judged = true;
                    well &= half <= self.precision;
                }
                Precision::TooFew | Precision::NothingMeasured => well = false,
                Precision::CannotJudge => {}
            }
        }
        well && judged
    }
}

/// The sizes of the sample at the planned looks, up to `most`.
fn sizes(most: u64) -> Vec<u64> {
    let mut sizes = Vec::new();
    let mut size = 0u64;
    while size < most {
        size = size.saturating_add((size / 2).max(1)).div_ceil(BATCH).saturating_mul(BATCH);
        // A last look that adds less than a quarter would cost what it is not worth.
        if size.saturating_add(size / 4) >= most {
            size = most;
        }
        sizes.push(size);
    }
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_few_and_whole_batches_apart() {
        assert_eq!(sizes(1_000), [64, 128, 192, 320, 512, 768, 1_000]);
        assert_eq!(sizes(900), [64, 128, 192, 320, 512, 900]);
        assert_eq!((sizes(0), sizes(1), sizes(70)), (vec![], vec![1], vec![70]));
        assert!(sizes(u64::MAX).len() < 110);
        for most in 1..3_000 {
            let sizes = sizes(most);
            assert!(sizes.windows(2).all(|pair| pair[0] < pair[1]), "{most}: {sizes:?}");
            assert_eq!(sizes.last(), Some(&most));
        }
    }

    #[test]
    fn a_look_is_paid_for() {
        let one = Stopping::new(0.1, 64);
        assert!((one.confidence().level() - 0.95).abs() < 1e-6, "a single look costs nothing");
        let mut many = Stopping::new(0.1, 10_000);
        let mut seen = 0;
        while many.next().is_some() {
            let level = many.confidence().level();
            assert!((0.98..0.999).contains(&level), "look {seen}: {level}");
            assert!(!many.should_stop([Precision::TooFew].into_iter()));
            seen += 1;
        }
        assert_eq!(seen, 12);
    }

    #[test]
    fn what_has_no_value_is_waited_for() {
        use Precision::*;
        let stops =
            |figures: &[Precision]| Stopping::new(0.1, 1_000).should_stop(figures.iter().copied());
        assert!(stops(&[Within(0.05), CannotJudge]));
        assert!(stops(&[Within(0.05), Within(0.1)]));
        assert!(!stops(&[Within(0.05), Within(0.11)]));
        assert!(!stops(&[Within(0.05), TooFew]));
        assert!(!stops(&[Within(0.05), NothingMeasured]));
        assert!(!stops(&[CannotJudge]), "nothing that varies is not precise");
        assert!(!stops(&[]));
    }
}
