//! Several tiers as a network of queues: Jackson and Little.

use super::replications::{Window, replicate, tier_agrees};
use crate::site::build::{Built, call, exponential, site, tier};
use sim::measure::erlang;
use sim::names::{EndpointId, TierId};
use sim::site::Endpoint;
use sim::units::{Span, Spread, Time};

/// Threads, share of the requests, and utilisation of each of four tiers.
const FOUR: [(u32, f64, f64); 4] = [(2, 0.4, 0.6), (1, 0.3, 0.5), (3, 0.2, 0.65), (1, 0.1, 0.4)];

/// Requests per visit on average; they come at once after one another.
const REQUESTS: f64 = 4.0;

/// Visits go from tier to tier at random: an open Jackson network with feedback.
fn wandering() -> Built {
    let rate = 1.0;
    let tiers = FOUR.map(|(threads, share, rho)| {
        tier(1, threads, exponential(f64::from(threads) * rho / (rate * REQUESTS * share)))
    });
    let mut built = site(rate, tiers.to_vec());
    built.plan.endpoints = (0..4).map(|tier| Endpoint { path: vec![TierId(tier)] }).collect();
    built.plan.calls = vec![vec![call(1e6); 4]; 4];
    built.names.endpoints = (0..4).map(|number| format!("endpoint-{number}")).collect();
    let tool = &mut built.traffic.tools[0];
    tool.requests = REQUESTS;
    tool.think = Spread::Fixed(Span::ZERO);
    tool.uses = (0..4).map(|n| (EndpointId(n), FOUR[usize::from(n)].1)).collect();
    built
}

#[test]
fn four_tiers_that_visits_wander_between_are_queues_of_their_own() {
    let runs = replicate(&wandering(), 70_000.0);
    for (number, (threads, share, rho)) in FOUR.into_iter().enumerate() {
        let load = f64::from(threads) * rho;
        let known = load + load * erlang::wait(threads.into(), load);
        let what = format!("number in tier {number} of a Jackson network");
        tier_agrees(&what, &runs, number, |window| window.number, known);
        let rate = |window: &Window| window.arrivals / window.seconds;
        let what = format!("requests per second to tier {number}");
        tier_agrees(&what, &runs, number, rate, REQUESTS * share);
    }
}

#[test]
fn four_tiers_in_tandem_hold_their_threads_for_all_that_follow() {
    // With threads to spare the first three only delay what comes; the last is M/M/2 (Burke).
    let own = [0.1, 0.2, 0.3];
    let mut tiers: Vec<_> = own.iter().map(|own| tier(1, 1_000, exponential(*own))).collect();
    tiers.push(tier(1, 2, exponential(1.0)));
    let load = 1.4;
    let runs = replicate(&site(load, tiers), 45_000.0);
    let mut time = 1.0 + erlang::wait(2, load);
    tier_agrees("time in the last of a tandem", &runs, 3, Window::time, time);
    for number in (0..3).rev() {
        time += own[number];
        let what = format!("time in tier {number} of a tandem");
        tier_agrees(&what, &runs, number, Window::time, time);
    }
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
