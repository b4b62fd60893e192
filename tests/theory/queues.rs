//! One tier as a queue: Erlang, Pollaczek and Khinchine.

use super::replications::{Window, replicate, tier_agrees};
use crate::site::build::{exponential, fixed, site, span, tier};
use sim::measure::erlang;
use sim::site::Balance;
use sim::units::Spread;

/// M/M/c at utilisation `rho` with a mean service time of 1 s: about so many requests in all.
fn erlangs(servers: u32, rho: f64, requests: f64) {
    let load = f64::from(servers) * rho;
    let built = site(load, vec![tier(1, servers, exponential(1.0))]);
    let runs = replicate(&built, requests / 20.0 / load);
    let time = 1.0 + erlang::wait(servers.into(), load);
    tier_agrees(&format!("time in M/M/{servers} at {rho}"), &runs, 0, Window::time, time);
    let number = |window: &Window| window.number;
    tier_agrees(&format!("number in M/M/{servers} at {rho}"), &runs, 0, number, load * time);
}

#[test]
fn one_server_at_half() {
    erlangs(1, 0.5, 800e3);
}

#[test]
fn one_server_at_seven_tenths() {
    erlangs(1, 0.7, 2e6);
}

#[test]
fn one_server_at_eight_tenths() {
    erlangs(1, 0.8, 5e6);
}

#[test]
fn several_servers() {
    erlangs(2, 0.7, 1.6e6);
    erlangs(3, 0.6, 900e3);
    erlangs(8, 0.8, 1.8e6);
    erlangs(16, 0.7, 600e3);
}

/// M/M/c/K with a mean service time of 1 s: what is lost, and how long the others are there.
fn bounded(servers: u32, room: u32, load: f64, requests: f64) {
    let mut built = site(load, vec![tier(1, servers, exponential(1.0))]);
    built.plan.tiers[0].queue = room;
    let runs = replicate(&built, requests / 20.0 / load);
    let what = format!("M/M/{servers} with room for {room} at load {load}");
    let known = erlang::bounded(servers.into(), room.into(), load);
    let share = |window: &Window| window.refused / (window.refused + window.arrivals);
    tier_agrees(&format!("lost in {what}"), &runs, 0, share, known.refused);
    let time = 1.0 + known.wait;
    tier_agrees(&format!("time in {what}"), &runs, 0, Window::time, time);
}

#[test]
fn a_bounded_queue_loses_what_the_formula_says() {
    bounded(3, 2, 3.0, 800e3);
    bounded(1, 4, 0.8, 1.6e6);
}

#[test]
fn without_a_queue_it_is_erlangs_loss_formula() {
    bounded(8, 0, 6.0, 1.5e6);
    // Erlang's loss does not depend on how services are spread, only on their mean.
    let mut built = site(6.0, vec![tier(1, 8, fixed(1.0))]);
    built.plan.tiers[0].queue = 0;
    let share = |window: &Window| window.refused / (window.refused + window.arrivals);
    let runs = replicate(&built, 1.5e6 / 20.0 / 6.0);
    tier_agrees("lost in M/D/8 without room", &runs, 0, share, erlang::erlang_b(8, 6.0));
}

/// M/G/1 at utilisation 0.7; the variation is that of the spread.
fn one_server(what: &str, takes: Spread, variation: f64, requests: f64) {
    let mean = takes.mean().seconds();
    let built = site(0.7 / mean, vec![tier(1, 1, takes)]);
    let runs = replicate(&built, requests / 20.0 * mean / 0.7);
    let wait = mean * erlang::wait_at_one_server(0.7, variation);
    let waited = |window: &Window| window.time() - mean;
    tier_agrees(&format!("wait in M/G/1, {what}"), &runs, 0, waited, wait);
}

#[test]
fn fixed_service_times() {
    one_server("fixed", fixed(1.0), 0.0, 1.6e6);
}

#[test]
fn uniform_service_times() {
    // (b - a)² / 12 over the square of the mean.
    let (low, high) = (0.2f64, 1.8f64);
    let between = Spread::Between(span(low), span(high));
    one_server("uniform", between, (high - low).powi(2) / 12.0, 1.8e6);
    one_server("below", Spread::Below(span(1.0)), 0.25 / 12.0 / 0.75 / 0.75, 1.6e6);
}

#[test]
fn log_normal_service_times() {
    let variation = |sigma: f64| (sigma * sigma).exp() - 1.0;
    one_server("about", Spread::About(span(1.0)), variation(Spread::ABOUT_SIGMA), 1.6e6);
    // The log of a 99 % quantile lies 2.326… σ above that of the median.
    let sigma = 6.0f64.ln() / 2.326_347_874;
    let tail = Spread::Tail { median: span(0.5), p99: span(3.0) };
    one_server("with a tail", tail, variation(sigma), 4e6);
}

#[test]
fn a_queue_serves_in_order_of_arrival() {
    // Then the time in M/M/1 is exponential; any other order has a longer tail.
    let mut site = site(0.7, vec![tier(1, 1, exponential(1.0))]).run(300_000.0 / 0.7);
    let reading = site.scrape(sim::units::Time::ZERO, site.now());
    for quantile in [0.5f64, 0.9, 0.99] {
        let expected = -(1.0 - quantile).ln();
        let seen = reading.scopes[0].latency.quantile(quantile).expect("somebody came");
        let ratio = seen.seconds() * (1.0 - 0.7) / expected;
        assert!((ratio - 1.0).abs() < 0.05, "{quantile}: {ratio}");
    }
}

#[test]
fn the_least_busy_instance_waits_less_than_taking_turns_and_more_than_one_queue() {
    let mut built = site(6.4, vec![tier(8, 1, exponential(1.0))]);
    let time = |runs: Vec<Vec<Window>>| {
        let times = runs.iter().map(|windows| windows[0].time());
        times.sum::<f64>() / runs.len() as f64
    };
    let turns = time(replicate(&built, 3_000.0));
    built.plan.tiers[0].balance = Balance::LeastBusy;
    let least_busy = time(replicate(&built, 3_000.0));
    assert!(least_busy < 0.7 * turns, "{least_busy} and {turns}");
    assert!(least_busy > 1.0 + erlang::wait(8, 6.4), "{least_busy}");
}
