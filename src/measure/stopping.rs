//! When enough has been played: a group-sequential procedure.
//!
//! A sample that stops as soon as its interval is narrow has stopped because it varied little by
//! chance: looking often, it would be caught out. So looks are few, each after half as much again;
//! and one look is not believed: the interval must be narrow at two looks in a row, and the second
//! one rests for a third on values that had no part in the decision. That is what the looks cost,
//! about half as many trials again, and it keeps the interval what it says: see the coverage after
//! stopping early in `tests/coverage.rs`.

use super::estimate::Precision;

/// Trials between two looks are a multiple of this, so that where a campaign ends does not depend
/// on the number of threads.
pub const BATCH: u64 = 64;

/// Looks at a sample that grows until every figure is known well enough.
#[derive(Debug, Clone, Copy)]
pub struct Stopping {
    precision: f64,
    /// All was well at the last look.
    once: bool,
}

impl Stopping {
    /// Until every figure is within this share.
    pub fn new(precision: f64) -> Stopping {
        Stopping { precision, once: false }
    }

    /// How many values there are at the next look, after this many.
    pub fn next(&self, n: u64) -> u64 {
        (n + (n / 2).max(1)).div_ceil(BATCH) * BATCH
    }

    /// Looks at all figures: whether to stop. What cannot be judged holds nothing up, as long as
    /// something can be.
    pub fn look(&mut self, figures: impl Iterator<Item = Precision>) -> bool {
        let mut judged = false;
        let mut well = true;
        for figure in figures {
            match figure {
                Precision::Within(half) => {
                    judged = true;
                    well &= half <= self.precision;
                }
                Precision::TooFew => well = false,
                Precision::CannotJudge => {}
            }
        }
        let well = well && judged;
        std::mem::replace(&mut self.once, well) && well
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_few_and_whole_batches_apart() {
        let stopping = Stopping::new(0.1);
        let mut looks = vec![stopping.next(0)];
        for _ in 0..6 {
            looks.push(stopping.next(*looks.last().expect("one")));
        }
        assert_eq!(looks, [64, 128, 192, 320, 512, 768, 1_152]);
    }

    #[test]
    fn one_look_is_not_believed() {
        use Precision::*;
        let mut stopping = Stopping::new(0.1);
        let mut look = |figures: &[Precision]| stopping.look(figures.iter().copied());
        assert!(!look(&[Within(0.05), CannotJudge]));
        assert!(!look(&[Within(0.05), TooFew]), "a figure that had no value before");
        assert!(!look(&[Within(0.05), Within(0.1)]));
        assert!(look(&[Within(0.05), Within(0.1)]));
        assert!(!look(&[Within(0.05), Within(0.11)]));
        assert!(!look(&[CannotJudge]));
        assert!(!look(&[CannotJudge]), "nothing measured is not precise");
    }
}
