//! Visits along a curve are a Poisson process whose rate is the curve.

use crate::site::build::{Built, at, fixed, site, tier};
use sim::traffic::{Curve, CurvePoint};
use sim::units::Rate;

const MINUTES: usize = 60;
const SEEDS: u64 = 20;

/// A ramp, a jump, a fall to almost nothing, and a day profile that changes within a minute.
fn curve() -> Curve {
    let corners = [(0.0, 1.0), (1_200.0, 4.0), (1_530.0, 4.0), (1_530.0, 9.0), (2_400.0, 0.5)];
    let point = |(seconds, rate): (f64, f64)| CurvePoint { at: at(seconds), rate: Rate(rate) };
    Curve {
        points: corners.map(point).to_vec(),
        profile: vec![(at(0.0), 1.0), (at(750.0), 1.8), (at(2_850.0), 2.4)],
    }
}

/// Visits expected in a minute: the midpoint rule over pieces of a twentieth of a second.
fn expected(curve: &Curve, minute: usize) -> f64 {
    let piece = |n: usize| minute as f64 * 60.0 + (n as f64 + 0.5) / 20.0;
    (0..1_200).map(|n| curve.rate(at(piece(n))).0 / 20.0).sum()
}

/// Visits begun in each minute.
fn counts(seed: u64) -> Vec<f64> {
    let mut built = Built { seed, ..site(1.0, vec![tier(1, 100, fixed(0.001))]) };
    built.traffic.curve = curve();
    let mut site = built.start();
    let mut before = 0;
    let count = |minute| {
        site.run_until(at(60.0 * (minute + 1) as f64));
        let visits = site.totals().visits;
        let count = visits - before;
        before = visits;
        count as f64
    };
    (0..MINUTES).map(count).collect()
}

#[test]
fn counts_per_minute_follow_the_curve_with_the_spread_of_poisson() {
    let means: Vec<f64> = (0..MINUTES).map(|minute| expected(&curve(), minute)).collect();
    let runs: Vec<Vec<f64>> = (1..=SEEDS).map(counts).collect();

    let of_minute = |minute: usize| {
        let (sum, mean) = (runs.iter().map(|run| run[minute]).sum::<f64>(), means[minute]);
        (sum - mean * SEEDS as f64).powi(2) / (mean * SEEDS as f64)
    };
    let fit: f64 = (0..MINUTES).map(of_minute).sum();
    // 99.9 % quantile of χ² with 60 degrees of freedom.
    assert!(fit < 99.607, "the curve: χ² of {fit} over {MINUTES} minutes");

    let deviation = |(count, mean): (&f64, &f64)| (count - mean) / mean.sqrt();
    let deviations = |run: &Vec<f64>| run.iter().zip(&means).map(deviation).collect::<Vec<_>>();
    let deviations: Vec<Vec<f64>> = runs.iter().map(deviations).collect();
    let cells = (MINUTES as u64 * SEEDS) as f64;
    let spread: f64 = deviations.iter().flatten().map(|z| z * z).sum();
    // χ² with so many degrees of freedom is all but normal; 3.29 standard deviations are 99.9 %.
    let off = (spread - cells) / (2.0 * cells).sqrt();
    assert!(off.abs() < 3.29, "dispersion {} at {off} standard deviations", spread / cells);

    let neighbours = |run: &Vec<f64>| run.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>();
    let together: f64 = deviations.iter().map(neighbours).sum();
    let off = together / ((MINUTES as f64 - 1.0) * SEEDS as f64).sqrt();
    assert!(off.abs() < 3.29, "one minute tells of the next: {off} standard deviations");
}
