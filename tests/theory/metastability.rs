//! One server at 93 %, visitors who wait four seconds, and a spike: does it ever come back?

use crate::site::build::{Built, at, exponential, retries, site, tier};
use sim::traffic::{ClientRetries, CurvePoint};
use sim::units::{Rate, Ratio};

const SEEDS: u64 = 24;
const NORMAL: f64 = 9.3;
const SPIKE_AT: f64 = 60.0;
const SPIKE_LASTS: f64 = 5.0;

/// Minutes watched after the spike.
const WATCHED: usize = 15;

fn server(seed: u64, retries: Option<ClientRetries>, spike: bool) -> Built {
    let mut built = Built { seed, ..site(NORMAL, vec![tier(1, 1, exponential(0.1))]) };
    built.plan.tiers[0].queue = 100;
    built.traffic.retries = retries;
    if spike {
        let end = SPIKE_AT + SPIKE_LASTS;
        for (seconds, rate) in [(SPIKE_AT, NORMAL), (SPIKE_AT, 30.0), (end, 30.0), (end, NORMAL)] {
            built.traffic.curve.points.push(CurvePoint { at: at(seconds), rate: Rate(rate) });
        }
    }
    built.patience(4.0)
}

/// Served in each minute after the spike, as a share of the normal rate.
fn minutes(built: &Built) -> Vec<f64> {
    let mut site = built.run(SPIKE_AT + SPIKE_LASTS);
    let mut before = site.totals().requests.ok;
    let minute = |minute: usize| {
        site.run_until(at(SPIKE_AT + SPIKE_LASTS + 60.0 * (minute + 1) as f64));
        let ok = site.totals().requests.ok;
        let served = ok - before;
        before = ok;
        served as f64 / 60.0 / NORMAL
    };
    (0..WATCHED).map(minute).collect()
}

fn at_once(budget: Option<Ratio>) -> ClientRetries {
    ClientRetries { after: crate::site::build::span(0.0), jitter: Ratio(0.0), ..retries(3, budget) }
}

/// A wait drawn uniformly from nothing to two minutes.
fn far_apart() -> ClientRetries {
    let after = crate::site::build::span(60.0);
    ClientRetries { after, growth: 1.0, jitter: Ratio(1.0), ..retries(3, None) }
}

/// The minutes of every seed under a policy.
fn runs(policy: Option<ClientRetries>, spike: bool) -> Vec<Vec<f64>> {
    (1..=SEEDS).map(|seed| minutes(&server(seed, policy, spike))).collect()
}

/// How many seeds have a minute that reaches 90 % of normal.
fn recovered(runs: &[Vec<f64>]) -> usize {
    runs.iter().filter(|minutes| minutes.iter().any(|served| *served >= 0.9)).count()
}

/// How many seeds serve at least half of what is normal in a minute, counted from 1.
fn up(runs: &[Vec<f64>], minute: usize) -> usize {
    runs.iter().filter(|minutes| minutes[minute - 1] >= 0.5).count()
}

#[test]
fn three_retries_keep_the_site_down_whether_at_once_or_far_apart() {
    for (what, policy) in [("at once", at_once(None)), ("far apart", far_apart())] {
        for (seed, minutes) in (1..).zip(runs(Some(policy), true)) {
            // What still waited when the spike ended may be served in the first minute.
            let after = &minutes[1..];
            let goodput = after.iter().sum::<f64>() / after.len() as f64;
            assert!(goodput < 0.01, "{what}, seed {seed}: {minutes:?}");
        }
        // The open arrivals would bring some of them down in time without any spike: of those
        // that the spike brought down, many were still up a little later without it.
        let control = runs(Some(policy), false);
        let (soon, late) = (up(&control, 2), up(&control, WATCHED));
        assert!(soon * 2 >= SEEDS as usize, "{what}: only {soon} up without a spike");
        assert!(late < soon, "{what}: {soon} up without a spike, and later {late}");
    }
}

#[test]
fn without_retries_or_with_a_budget_it_comes_back() {
    let budget = at_once(Some(Ratio(0.02)));
    for (what, policy) in [("no retries", None), ("a budget of 2 %", Some(budget))] {
        let spiked = runs(policy, true);
        let back = recovered(&spiked);
        assert!(back * 10 >= SEEDS as usize * 9, "{what}: {back} of {SEEDS} came back");
        let down = spiked.iter().filter(|minutes| minutes[0] < 0.5).count();
        assert!(down * 10 >= SEEDS as usize * 9, "{what}: the spike brought {down} down");
        // At 93 % there are relapses, with and without a spike.
        let relapse = |minutes: &&Vec<f64>| {
            let first = minutes.iter().position(|served| *served >= 0.9);
            first.is_some_and(|first| minutes[first..].iter().any(|served| *served < 0.75))
        };
        assert!(spiked.iter().any(|minutes| relapse(&minutes)), "{what}: no relapse");
        let control = recovered(&runs(policy, false));
        assert_eq!(control, SEEDS as usize, "{what}: without a spike");
    }
}
