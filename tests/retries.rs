//! Retries under partial failure: each attempt has random draws of its own.

use crate::support;

const HALF_FAIL: &str = "
scenario: Half of the calls fail
starts: 2018-11-07T17:00 America/New_York
lasts: 60m
seed: 3
traffic:
  visits: [{at: 0m, rate: 5/s}]
  tools: {ask: {requests: 1, think: 1s, use: {page: 100%}}}
site:
  tiers:
    web: {instances: 2, threads: 500, takes: 1ms}
    db: {instances: 2, threads: 500, takes: 1ms}
  endpoints: {page: web > db}
  calls: {web: {timeout: 5s, retries: {at_most: 1, backoff: 10ms}}}
faults:
  - {at: 0m, failing: db, errors: 50%}
";

/// The share of requests that fail although they were retried this many times.
fn left(at_most: &str) -> f64 {
    let run = support::run(HALF_FAIL, &[("site.calls.web.retries.at_most", at_most)]);
    let totals = run.story.totals().expect("it is over");
    assert!(totals.site.requests.generated > 15_000, "{totals:?}");
    (totals.site.requests.failed + totals.site.requests.rejected) as f64
        / totals.site.requests.generated as f64
}

#[test]
fn failures_left_after_retries_are_a_power_of_those_before() {
    // 18,000 requests: three standard deviations are 1.0 % of a quarter, 0.6 % of a sixteenth.
    for (at_most, share) in [("1", 0.25), ("2", 0.125), ("3", 0.0625)] {
        let found = left(at_most);
        assert!((found - share).abs() < 0.01, "{at_most} retries leave {found}, not {share}");
    }
}

#[test]
fn a_visitor_who_retries_has_other_draws() {
    // Each attempt fails half the time, and no tier retries.
    let sets = [
        ("site.calls.web.retries.at_most", "0"),
        ("traffic.retries", "{at_most: 1, after: 1s, growth: 1, jitter: 50%}"),
    ];
    let run = support::run(HALF_FAIL, &sets);
    let totals = run.story.totals().expect("it is over").site;
    // Half of the visits succeed at the first attempt, and half of the rest at the second.
    let done = totals.requests.ok as f64 / totals.visits as f64;
    assert!(totals.visits > 15_000 && (done - 0.75).abs() < 0.01, "{done}");
}
