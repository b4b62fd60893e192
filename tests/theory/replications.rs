//! Independent replications, and the interval that their mean lies in.

use crate::site::build::{Built, at};
use sim::names::TierId;
use sim::site::Site;

/// How many replications an estimate is made of; they have the seeds from 1 on.
pub const REPLICATIONS: u64 = 20;

/// 99.95 % quantile of Student's t with 19 degrees of freedom.
const T: f64 = 3.883_406;

/// The widest half of an interval that counts as an answer, as a share of the value.
const WIDEST: f64 = 0.02;

/// What a tier did from one moment to another.
pub struct Window {
    pub seconds: f64,
    pub arrivals: f64,
    pub refused: f64,
    /// Mean number of requests in the tier.
    pub number: f64,
}

impl Window {
    /// Mean time in the tier by Little's law, in seconds.
    pub fn time(&self) -> f64 {
        self.number * self.seconds / self.arrivals
    }
}

/// The windows of each tier after a tenth of the time, one list per replication.
pub fn replicate(built: &Built, seconds: f64) -> Vec<Vec<Window>> {
    let tiers = built.plan.tiers.len();
    let totals = |site: &Site| -> Vec<_> {
        (0..tiers).map(|tier| site.tier_totals(TierId::from(tier))).collect()
    };
    let windows = |seed| {
        let mut site = Built { seed, ..built.clone() }.start();
        site.run_until(at(seconds / 10.0));
        let before = totals(&site);
        site.run_until(at(seconds));
        site.check_conservation();
        let seconds = seconds * 0.9;
        let pairs = before.into_iter().zip(totals(&site));
        let window = |(before, after): (sim::site::TierTotals, sim::site::TierTotals)| Window {
            seconds,
            arrivals: (after.arrivals - before.arrivals) as f64,
            refused: (after.refused - before.refused) as f64,
            number: (after.request_seconds - before.request_seconds) / seconds,
        };
        pairs.map(window).collect()
    };
    (1..=REPLICATIONS).map(windows).collect()
}

/// Mean and half-width of the 99.9 % interval of replications.
pub fn interval(values: &[f64]) -> (f64, f64) {
    assert_eq!(values.len() as u64, REPLICATIONS);
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, T * (variance / n).sqrt())
}

/// Panics unless replications agree with a known value, and say enough to disagree.
pub fn agree(what: &str, values: &[f64], known: f64) {
    let (mean, half) = interval(values);
    let seen = format!("{what}: {mean:.5} ± {half:.5}, known {known:.5}");
    println!("{seen} (half-width {:.2} %)", 100.0 * half / known);
    assert!((mean - known).abs() <= half, "{seen}");
    assert!(half < WIDEST * known, "{seen}: too wide to tell");
}

/// As [`agree`], for one figure of one tier.
pub fn tier_agrees(
    what: &str,
    runs: &[Vec<Window>],
    tier: usize,
    figure: impl Fn(&Window) -> f64,
    known: f64,
) {
    let values: Vec<f64> = runs.iter().map(|windows| figure(&windows[tier])).collect();
    agree(what, &values, known);
}
