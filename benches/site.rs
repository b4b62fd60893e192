//! Requests and events per second of the site, telemetry on.

#[allow(dead_code)]
#[path = "../tests/site/build.rs"]
mod build;

use build::{Built, exponential, site, span, tier};
use sim::names::{EndpointId, TierId};
use sim::site::{Call, Endpoint, Health};
use sim::traffic::Tool;
use sim::units::{Ratio, Span, Spread, Time};
use std::time::Instant;

/// One instance with eight threads at 80 %.
fn eight_threads() -> Built {
    site(800.0, vec![tier(1, 8, exponential(0.008))])
}

/// Four tiers of eight instances with eight threads, one after the other.
fn tandem() -> Built {
    let tiers = [0.0005, 0.001, 0.002, 0.004];
    site(1_000.0, tiers.map(|own| tier(4, 8, exponential(own))).to_vec()).patience(30.0)
}

/// The tiers and journeys of a launch, at so many requests per second.
fn launch(requests: f64) -> Built {
    let millis = |millis| Spread::Fixed(Span::from_millis(millis));
    let tail = |median, p99| Spread::Tail {
        median: Span::from_millis(median),
        p99: Span::from_millis(p99),
    };
    let scale = |n: u32| (f64::from(n) * (requests / 15.0).max(1.0)).ceil() as u32;
    let mut built = site(
        requests / 7.85,
        vec![
            tier(scale(6), 400, millis(2)),
            tier(scale(3), 2_000, Spread::About(Span::from_millis(12))),
            tier(scale(8), 16, Spread::About(Span::from_millis(60))),
            tier(scale(2), 400, millis(2)),
            tier(scale(1), 60, tail(400, 3_000)),
            tier(scale(1), 60, tail(300, 2_000)),
        ],
    );
    let path = |tiers: &[u16]| Endpoint { path: tiers.iter().map(|t| TierId(*t)).collect() };
    built.plan.endpoints = vec![path(&[0, 1]), path(&[0, 2, 3, 5]), path(&[0, 2, 3, 4])];
    for (word, set) in [("facilities", true), ("claims", true), ("second", false), ("third", false)]
    {
        let names = &mut built.names;
        let list = if set { &mut names.endpoints } else { &mut names.categories[3] };
        list.insert(word.to_string());
    }
    let call = Call { timeout: span(15.0), retries: None, breaker: None };
    built.plan.calls = vec![vec![call; 6]; 3];
    built.plan.tiers[2].health =
        Some(Health { every: span(10.0), timeout: span(2.0), fails: 3, replace: span(180.0) });
    let tool = |requests: f64, think: f64, uses: &[(u16, f64)], login_required| Tool {
        requests,
        think: exponential(think),
        uses: uses.iter().map(|(endpoint, share)| (EndpointId(*endpoint), *share)).collect(),
        login_required,
    };
    built.traffic.tools = vec![
        tool(7.0, 25.0, &[(0, 1.0)], false),
        tool(10.0, 15.0, &[(0, 0.5), (1, 0.5)], false),
        tool(9.0, 20.0, &[(0, 0.6), (2, 0.4)], true),
    ];
    built.traffic.mixes.tool.0 = vec![0.63, 0.22, 0.15];
    built.traffic.retries = Some(build::retries(2, Some(Ratio(0.1))));
    built.patience(30.0)
}

/// Runs until about so many requests have been made, with a reading every ten seconds.
fn measure(name: &str, built: &Built, requests: u64) {
    let mut site = built.start();
    let start = Instant::now();
    let mut seen = 0;
    while site.totals().generated < requests {
        let (from, to) = (site.now(), site.now() + Span::from_secs(10));
        site.run_until(to);
        seen += site.scrape(from, to).scopes[0].total();
    }
    let seconds = start.elapsed().as_secs_f64();
    let totals = site.totals();
    assert!(seen > 0 && site.now() > Time::ZERO);
    let per_second = |n: u64| n as f64 / seconds / 1e6;
    println!(
        "{name:<28} {:>8.2} M requests/s {:>8.2} M events/s {:>6.1} % ok",
        per_second(totals.generated),
        per_second(totals.events),
        100.0 * totals.ok as f64 / seen as f64,
    );
}

fn main() {
    measure("M/M/8", &eight_threads(), 2_000_000);
    measure("four tiers in tandem", &tandem(), 1_000_000);
    for requests in [20.0, 2_000.0, 20_000.0] {
        measure(&format!("launch at {requests} requests/s"), &launch(requests), 1_000_000);
    }
}
