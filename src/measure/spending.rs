//! What looking at a sample while it grows costs: error spent look by look, as Lan and DeMets do.
//!
//! Whoever looks often at a 95 % interval is caught out by one of the looks in far more than 5 % of
//! all samples. So the 5 % are shared out among the planned looks, and each look has an interval
//! that is as much wider as its share is smaller: together they hold the truth with 95 %. The
//! bounds are those of a normal score whose increments are independent (P. Armitage, C. McPherson
//! and B. Rowe, "Repeated significance tests on accumulating data", 1969), with the spending of
//! K. Lan and D. DeMets ("Discrete sequential boundaries for clinical trials", 1983).

use super::estimate::Confidence;
use statrs::function::erf::erfc;

/// Points of the grid that the density of a score is kept on; odd, as Simpson's rule wants them.
const POINTS: usize = 201;

/// The confidence of each look at a sample that has these sizes when it is looked at, in ascending
/// order, so that all looks together err as often as one interval of 95 %.
///
/// The error is spent as Pocock's bounds spend it, by the number of the look: looks lie further and
/// further apart, and by the number of values nearly all of it would be kept for the last ones.
pub fn looks(sizes: &[u64]) -> Vec<Confidence> {
    let whole = 2.0 * Confidence::USUAL.tail();
    let planned = sizes.len() as f64;
    let spent = |look: usize| {
        let e = std::f64::consts::E;
        whole * libm::log(1.0 + (e - 1.0) * look as f64 / planned)
    };
    let mut score = Score::default();
    let each = sizes.iter().enumerate().map(|(look, size)| {
        let share = spent(look + 1) - spent(look);
        Confidence::of_errors(score.next_bound(*size as f64, share))
    });
    each.collect()
}

/// The sum of a growing sample of standard normal values, as long as no look has stopped it.
#[derive(Debug, Default)]
struct Score {
    /// How many values.
    n: f64,
    /// The last bound: the score lies between this and its opposite.
    bound: f64,
    /// The density at the points of the grid; none before the first look.
    density: Vec<f64>,
}

impl Score {
    /// The bound in standard errors that a score of `n` values passes, having passed none before,
    /// with this chance.
    fn next_bound(&mut self, n: f64, share: f64) -> f64 {
        let root = n.sqrt();
        // The chance falls with the bound; 40 halvings are more than the digits of a chance.
        let (mut low, mut high) = (0.0, 40.0);
        for _ in 0..40 {
            let middle = (low + high) / 2.0;
            if self.passes(n, middle * root) > share { low = middle } else { high = middle }
        }
        let bound = high * root;
        let density = grid(bound).map(|to| self.density_at(n, to)).collect();
        *self = Score { n, bound, density };
        high
    }

    /// The chance to lie beyond a bound when there are `n` values.
    fn passes(&self, n: f64, bound: f64) -> f64 {
        let beyond = |from: f64, spread: f64| {
            let tail = |off: f64| erfc(off / spread / std::f64::consts::SQRT_2) / 2.0;
            tail(bound - from) + tail(bound + from)
        };
        if self.density.is_empty() {
            return beyond(0.0, n.sqrt());
        }
        let spread = (n - self.n).sqrt();
        self.integral(|from| beyond(from, spread))
    }

    /// The density of lying at `to` when there are `n` values.
    fn density_at(&self, n: f64, to: f64) -> f64 {
        let normal = |off: f64, spread: f64| {
            let z = off / spread;
            libm::exp(-z * z / 2.0) / (spread * (2.0 * std::f64::consts::PI).sqrt())
        };
        if self.density.is_empty() {
            return normal(to, n.sqrt());
        }
        let spread = (n - self.n).sqrt();
        self.integral(|from| normal(to - from, spread))
    }

    /// Simpson's rule over the grid.
    fn integral(&self, of: impl Fn(f64) -> f64) -> f64 {
        let last = POINTS - 1;
        let terms = grid(self.bound).zip(&self.density).enumerate().map(|(at, (from, density))| {
            let weight = if at == 0 || at == last { 1.0 } else { 2.0 + 2.0 * (at % 2) as f64 };
            weight * density * of(from)
        });
        terms.sum::<f64>() * (2.0 * self.bound / last as f64) / 3.0
    }
}

/// The points between a bound and its opposite.
fn grid(bound: f64) -> impl Iterator<Item = f64> {
    let step = 2.0 * bound / (POINTS - 1) as f64;
    (0..POINTS).map(move |at| at as f64 * step - bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(sizes: &[u64]) -> Vec<f64> {
        looks(sizes).into_iter().map(|look| look.errors()).collect()
    }

    #[test]
    fn a_single_look_costs_nothing() {
        assert!((bounds(&[64])[0] - 1.959_964).abs() < 1e-5);
    }

    #[test]
    fn the_bounds_are_those_of_the_tables() {
        // Five looks a fifth apart, spending of Pocock's type: as the tables of Lan and DeMets and
        // the packages `gsDesign` and `ldbounds` have them.
        let expected = [2.437_95, 2.426_77, 2.410_14, 2.396_58, 2.385_91];
        let found = bounds(&[20, 40, 60, 80, 100]);
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 0.002, "{found} is not {expected}");
        }
    }

    #[test]
    fn all_looks_together_spend_what_one_would() {
        // A score without drift, looked at as `--precision` does: 5 % of them pass a bound.
        let sizes = [64, 128, 192, 320, 512, 768, 1_152, 1_728];
        let mut score = Score::default();
        let mut passed = 0.0;
        for (size, look) in sizes.iter().zip(looks(&sizes)) {
            let n = *size as f64;
            let bound = look.errors() * n.sqrt();
            passed += score.passes(n, bound);
            let density = grid(bound).map(|to| score.density_at(n, to)).collect();
            score = Score { n, bound, density };
        }
        assert!((passed - 0.05).abs() < 1e-5, "{passed}");
        // And what is left is what lies within all of them.
        assert!((score.integral(|_| 1.0) - 0.95).abs() < 1e-4);
    }
}
