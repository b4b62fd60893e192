//! How often intervals hold the truth: samples of known distributions, fed to the estimators.
//!
//! The seed is fixed, so that the test says the same every time; `SIM_COVERAGE_SEED` gives another
//! one, and `SIM_COVERAGE_SAMPLES` more samples, which tell more than another seed does. The
//! figures are printed: `cargo test --test all coverage:: -- --nocapture`.

use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};
use rand_distr::{Distribution, Exp1, LogNormal, Normal, Poisson};
use sim::measure::Stopping;
use sim::measure::estimate::{
    Estimate, Estimator, EventRate, Mean, PairedDifference, Precision, Proportion, Quantile,
};

/// What is promised of continuous values: 95 %, give or take 1.5 %, three standard deviations of
/// 2,000 samples.
const LEAST: f64 = 0.935;
const MOST: f64 = 0.965;

/// The default of `--max-trials`.
const MOST_VALUES: u64 = 10_000;

type Random = Xoshiro256PlusPlus;

/// A distribution: its name, how a value is drawn, and its mean.
type Known = (&'static str, fn(&mut Random) -> f64, f64);

/// Log-normal with sigma 0.5, like times to answer.
fn long_tail(random: &mut Random) -> f64 {
    LogNormal::new(0.0, 0.5).expect("a spread").sample(random)
}

/// Log-normal with sigma 1, as skewed as losses are.
fn longer_tail(random: &mut Random) -> f64 {
    LogNormal::new(0.0, 1.0).expect("a spread").sample(random)
}

fn known() -> [Known; 6] {
    [
        ("normal", |random| Normal::new(5.0, 1.0).expect("a spread").sample(random), 5.0),
        ("uniform", |random| random.random::<f64>(), 0.5),
        ("exponential", |random| Exp1.sample(random), 1.0),
        ("log-normal", long_tail, 0.125f64.exp()),
        ("log-normal, sigma 1", longer_tail, 0.5f64.exp()),
        ("0 or exponential", zero_or_exponential, 0.3),
    ]
}

/// Seven days of ten pass without harm.
fn zero_or_exponential(random: &mut Random) -> f64 {
    if random.random::<f64>() < 0.3 { Exp1.sample(random) } else { 0.0 }
}

fn random(stream: u64) -> Random {
    let seed = std::env::var("SIM_COVERAGE_SEED").ok().and_then(|seed| seed.parse().ok());
    Random::seed_from_u64(seed.unwrap_or(95u64).wrapping_mul(1_000_003).wrapping_add(stream))
}

fn samples() -> usize {
    let samples = std::env::var("SIM_COVERAGE_SAMPLES").ok().and_then(|n| n.parse().ok());
    samples.unwrap_or(2_000)
}

fn holds(found: Estimate, truth: f64) -> bool {
    let low = found.low.is_none_or(|low| low <= truth);
    low && found.high.is_none_or(|high| truth <= high)
}

/// The share of samples whose interval holds the truth, printed.
fn coverage(what: &str, truth: f64, mut sample: impl FnMut() -> Estimate) -> f64 {
    let held = (0..samples()).filter(|_| holds(sample(), truth)).count();
    let share = held as f64 / samples() as f64;
    println!("{:5.1} %  {what}", share * 100.0);
    share
}

fn continuous(what: &str, share: f64) {
    assert!((LEAST..=MOST).contains(&share), "{what}: {share}");
}

#[test]
fn means_and_differences_hold_what_they_promise() {
    for (stream, (name, draw, truth)) in known().into_iter().enumerate() {
        for n in [64, 200, 1_000] {
            let mut random = random(stream as u64 * 10 + n);
            let what = format!("{} of {n} {name}", Mean::NAME);
            let share = coverage(&what, truth, || {
                let values: Vec<f64> = (0..n).map(|_| draw(&mut random)).collect();
                Mean(&values).estimate().expect("values")
            });
            continuous(&what, share);
        }
        let mut random = random(stream as u64 + 500);
        let what = format!("{} of 100 {name}", PairedDifference::NAME);
        let share = coverage(&what, 0.25, || {
            // What the pairs share is ten times as large as what is different.
            let pair = |random: &mut Random| {
                let shared = 10.0 * draw(random);
                (shared, shared + draw(random) - truth + 0.25)
            };
            PairedDifference::from_pairs((0..100).map(|_| pair(&mut random)))
                .estimate()
                .expect("pairs")
        });
        continuous(&what, share);
    }
}

#[test]
fn shares_rates_and_quantiles_hold_at_least_what_they_promise() {
    for (stream, chance) in [0.02, 0.1, 0.3, 0.5, 0.9].into_iter().enumerate() {
        let mut random = random(1_000 + stream as u64);
        let what = format!("{} of 300 trials, chance {chance}", Proportion::NAME);
        let share = coverage(&what, chance, || {
            let hits = (0..300).filter(|_| random.random::<f64>() < chance).count();
            Proportion { hits: hits as u64, trials: 300 }.estimate().expect("trials")
        });
        // Counts come in steps, and Wilson's interval holds 95 % on average over chances.
        assert!((0.925..=0.985).contains(&share), "{what}: {share}");
    }
    for (stream, mean) in [0.5, 3.0, 20.0, 200.0].into_iter().enumerate() {
        let mut random = random(2_000 + stream as u64);
        let what = format!("{} of {mean} expected events", EventRate::NAME);
        let share = coverage(&what, mean, || {
            let events = Poisson::new(mean).expect("a mean").sample(&mut random) as u64;
            EventRate { events, exposure: 1.0 }.estimate().expect("exposure")
        });
        assert!(share >= LEAST, "{what}: {share}");
    }
    for (stream, quantile) in [0.5, 0.9, 0.95].into_iter().enumerate() {
        let mut random = random(3_000 + stream as u64);
        let truth = -f64::ln(1.0 - quantile);
        let what = format!("{} {quantile} of 400 exponential", Quantile::NAME);
        let share = coverage(&what, truth, || {
            let mut values: Vec<f64> = (0..400).map(|_| Exp1.sample(&mut random)).collect();
            values.sort_by(f64::total_cmp);
            Quantile { sorted: &values, quantile }.estimate().expect("values")
        });
        assert!((LEAST..=0.98).contains(&share), "{what}: {share}");
    }
}

#[test]
fn intervals_hold_after_stopping_early() {
    for (stream, (name, draw, truth)) in known().into_iter().enumerate() {
        // What is mostly 0, or as skewed as sigma 1, takes thousands of values to be within 10 %.
        let rare = name.contains("0 or") || name.contains("sigma 1");
        for precision in if rare { &[0.2][..] } else { &[0.1, 0.2] } {
            let precision = *precision;
            let mut random = random(4_000 + stream as u64 * 10 + (precision * 20.0) as u64);
            let mut played = 0;
            let what = format!("{name}, played until within {precision}");
            // The looks are planned before anything is drawn: they are the same in every sample.
            let planned = Stopping::new(precision, MOST_VALUES);
            let share = coverage(&what, truth, || {
                let mut values: Vec<f64> = Vec::new();
                let mut stopping = planned.clone();
                while let Some(size) = stopping.next() {
                    let more = size as usize - values.len();
                    values.extend((0..more).map(|_| draw(&mut random)));
                    let known = Mean(&values).precision_at(stopping.confidence());
                    if stopping.should_stop([known].into_iter()) {
                        assert!(matches!(known, Precision::Within(half) if half <= precision));
                        break;
                    }
                }
                played += values.len();
                Mean(&values).estimate().expect("values")
            });
            println!("         after {} values on average", played / samples());
            continuous(&what, share);
        }
    }
}
