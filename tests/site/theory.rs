//! Queueing theory on the real site.

use crate::build::{Built, at, exponential, fixed, retries, site, span, tier};
use sim::names::TierId;
use sim::site::Site;
use sim::traffic::{ClientRetries, CurvePoint};
use sim::units::{Rate, Ratio, Time};

/// The chance to wait in M/M/c: Erlang C from the stable recurrence of Erlang B.
fn erlang_c(servers: u32, load: f64) -> f64 {
    let blocked = (1..=servers).fold(1.0, |b, k| load * b / (f64::from(k) + load * b));
    let servers = f64::from(servers);
    servers * blocked / (servers - load * (1.0 - blocked))
}

/// Mean time in the first tier of those who have left it, in seconds.
fn mean_time(site: &Site) -> f64 {
    let totals = site.tier_totals(TierId(0));
    totals.request_seconds / totals.departures as f64
}

/// One instance with `servers` threads of mean service time 1 s, at utilisation `rho`.
fn queue(servers: u32, rho: f64) -> Built {
    site(f64::from(servers) * rho, vec![tier(1, servers, exponential(1.0))])
}

#[test]
fn mean_time_in_a_queue_is_erlangs() {
    // The variance of the mean of n times in M/M/1 with service 1 is about
    // r (2 + 5r - 4r² + r³) / (1 - r)⁴ / n at utilisation r: at 0.7 and n = 200,000 its root is
    // 1.2 % of the mean of 3.33, less at the others. Four of those are allowed.
    for (servers, rho) in [(1, 0.5), (1, 0.7), (3, 0.7), (8, 0.8)] {
        let rate = f64::from(servers) * rho;
        let site = queue(servers, rho).run(200_000.0 / rate);
        let wait = erlang_c(servers, rate) / (f64::from(servers) - rate);
        let ratio = mean_time(&site) / (1.0 + wait);
        assert!((ratio - 1.0).abs() < 0.05, "M/M/{servers} at {rho}: {ratio}");
    }
}

#[test]
fn a_fixed_service_time_halves_the_wait() {
    let site = site(0.7, vec![tier(1, 1, fixed(1.0))]).run(200_000.0 / 0.7);
    let wait = 0.7 / (2.0 * (1.0 - 0.7));
    let ratio = (mean_time(&site) - 1.0) / wait;
    assert!((ratio - 1.0).abs() < 0.05, "M/D/1: {ratio}");
}

#[test]
fn a_bounded_queue_loses_what_the_formula_says() {
    let (servers, room, load) = (3u32, 2u32, 3.0f64);
    let mut built = queue(servers, load / f64::from(servers));
    built.plan.tiers[0].queue = room;
    let site = built.run(100_000.0);
    // Birth-death chain: weight(k) = load^k / (1 · 2 · … · min(k, servers) · …).
    let mut weights = vec![1.0];
    for k in 1..=servers + room {
        weights.push(weights[k as usize - 1] * load / f64::from(k.min(servers)));
    }
    let lost = weights[weights.len() - 1] / weights.iter().sum::<f64>();
    let totals = site.totals();
    let seen = totals.rejected as f64 / totals.generated as f64;
    // 300,000 calls; losses come in bursts, so allow some ten binomial standard deviations.
    assert!((seen - lost).abs() < 0.006, "{seen} instead of {lost}");
    assert_eq!(totals.rejected, site.tier_totals(TierId(0)).refused);
}

#[test]
fn littles_law_holds_exactly_where_everybody_is_counted() {
    let built = site(5.0, vec![tier(2, 2, exponential(0.5)), tier(1, 4, exponential(0.3))]);
    let mut site = built.quiet_after(2_000.0).run(3_000.0);
    let reading = site.scrape(Time::ZERO, site.now());
    for number in 0..2 {
        let totals = site.tier_totals(TierId(number));
        assert_eq!(totals.arrivals, totals.departures);
        let calls = &reading.scopes[1 + usize::from(number)];
        let times: f64 = calls.latency.iter().map(|(t, n)| t.seconds() * f64::from(n)).sum();
        // The histogram knows its values to 0.4 %.
        let ratio = totals.request_seconds / times;
        assert!((ratio - 1.0).abs() < 0.004, "tier {number}: {ratio}");
    }
}

#[test]
fn the_least_busy_instance_waits_less_than_taking_turns() {
    let mut built = site(6.4, vec![tier(8, 1, exponential(1.0))]);
    let turns = mean_time(&built.run(10_000.0));
    built.plan.tiers[0].balance = sim::site::Balance::LeastBusy;
    let least_busy = mean_time(&built.run(10_000.0));
    assert!(least_busy < 0.7 * turns, "{least_busy} and {turns}");
}

/// One server at 93 % with a queue of 100, visitors who wait four seconds, and a spike to 30/s
/// for five seconds: the share of visits in the next 15 minutes that get what they came for.
fn served_after_a_spike(seed: u64, budget: Option<Ratio>) -> f64 {
    let mut built = Built { seed, ..site(9.3, vec![tier(1, 1, exponential(0.1))]) }.patience(4.0);
    built.plan.tiers[0].queue = 100;
    let now = ClientRetries { after: span(0.0), jitter: Ratio(0.0), ..retries(3, budget) };
    built.traffic.retries = Some(now);
    for (seconds, rate) in [(60.0, 9.3), (60.0, 30.0), (65.0, 30.0), (65.0, 9.3)] {
        built.traffic.curve.points.push(CurvePoint { at: at(seconds), rate: Rate(rate) });
    }
    let mut site = built.run(120.0);
    let before = site.totals();
    site.run_until(at(120.0 + 900.0));
    let after = site.totals();
    (after.ok - before.ok) as f64 / (after.visits - before.visits) as f64
}

#[test]
fn retries_keep_a_site_down_after_its_spike_and_a_budget_lets_it_up() {
    for seed in 0..5 {
        let unlimited = served_after_a_spike(seed, None);
        assert!(unlimited < 0.05, "seed {seed}: {unlimited}");
        let limited = served_after_a_spike(seed, Some(Ratio(0.02)));
        assert!(limited > 0.3, "seed {seed}: {limited}");
    }
}

#[test]
fn a_queue_serves_in_order_of_arrival() {
    // Then the time in M/M/1 is exponential; any other order has a longer tail.
    let mut site = queue(1, 0.7).run(200_000.0 / 0.7);
    let reading = site.scrape(Time::ZERO, site.now());
    for quantile in [0.5f64, 0.9, 0.99] {
        let expected = -(1.0 - quantile).ln();
        let seen = reading.scopes[0].latency.quantile(quantile).expect("somebody came");
        let ratio = seen.seconds() * (1.0 - 0.7) / expected;
        assert!((ratio - 1.0).abs() < 0.08, "{quantile}: {ratio}");
    }
}
