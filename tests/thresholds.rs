//! Thresholds are exact: every comparison of every measure against whole numbers.

use crate::support;

use proptest::prelude::*;
use sim::decision::{Rule, RuleEvaluator};
use sim::measure::{Latencies, Limits};
use sim::scenario::Plan;
use sim::telemetry::ScopeReading;
use sim::units::{Span, Time};

const OPERATORS: [&str; 4] = [">", ">=", "<", "<="];
/// Shares as they are written, and as fractions.
const SHARES: [(&str, u128, u128); 6] = [
    ("0.7%", 7, 1_000),
    ("1%", 1, 100),
    ("1.1%", 11, 1_000),
    ("10%", 1, 10),
    ("33.3%", 333, 1_000),
    ("55%", 55, 100),
];
const LIMITS: [(&str, u64); 3] =
    [("2s", 2_000_000_000), ("1999ms", 1_999_000_000), ("3010ms", 3_010_000_000)];
/// Quantiles in thousandths.
const QUANTILES: [(&str, u128); 4] = [("p50", 500), ("p55", 550), ("p99", 990), ("p99.9", 999)];
const RATES: [(&str, u128); 3] = [("60/m", 60), ("0.7/m", 0), ("150/m", 150)];

/// What a rule says, in whole numbers.
#[derive(Debug, Clone, Copy)]
enum Meaning {
    Errors(u128, u128),
    GivenUp(u128, u128),
    Slow(u64, u128, u128),
    Quantile(u128, u64),
    /// Requests, and the minutes in which there are so many.
    Requests(u128, u128),
}

/// Every rule that can be written with these numbers.
fn rules() -> Vec<(String, &'static str, Meaning)> {
    let mut rules = Vec::new();
    for operator in OPERATORS {
        for (share, above, below) in SHARES {
            rules.push((
                format!("error_rate {operator} {share}"),
                operator,
                Meaning::Errors(above, below),
            ));
            rules.push((
                format!("given_up {operator} {share}"),
                operator,
                Meaning::GivenUp(above, below),
            ));
            // A share of quick requests is a way to say what is ok, not what is a breach.
            for (limit, nanos) in LIMITS.into_iter().filter(|_| operator.starts_with('>')) {
                let text = format!("latency {operator} {limit} for {share} of traffic");
                rules.push((text, operator, Meaning::Slow(nanos, above, below)));
            }
        }
        for (quantile, thousandths) in QUANTILES {
            for (limit, nanos) in LIMITS {
                let text = format!("latency {quantile} {operator} {limit}");
                rules.push((text, operator, Meaning::Quantile(thousandths, nanos)));
            }
        }
        for (rate, whole) in RATES {
            let (n, minutes) = if whole == 0 { (7, 10) } else { (whole, 1) };
            let text = format!("requests {operator} {rate}");
            rules.push((text, operator, Meaning::Requests(n, minutes)));
        }
    }
    rules
}

fn plan_with(rules: &[String]) -> Plan {
    let mut text = String::from(
        "scenario: thresholds
starts: 2026-01-01T00:00 UTC
lasts: 2h
traffic:
  visits: [{at: 0m, rate: 1/s}]
  tools: {browse: {requests: 2, think: 5s, use: {page: 100%}}}
site:
  tiers: {web: {threads: 16, takes: 20ms}}
  endpoints: {page: web}
telemetry: {every: 10s, delay: 0s}
baseline: {error_rate: 1%}
rules:
",
    );
    for (number, rule) in rules.iter().enumerate() {
        text +=
            &format!("  - {{alert: R{number}, {rule}, window: 10s, for: 0s, min_requests: 1}}\n");
    }
    support::plan(&text, &[])
}

/// What happened in ten seconds.
#[derive(Debug, Clone)]
struct Seen {
    ok: u64,
    failed: u64,
    given_up: u64,
    /// Times of all of them, and how many took so long.
    times: Vec<(Span, u32)>,
}

fn seen() -> impl Strategy<Value = Seen> {
    let near = prop::sample::select(LIMITS.map(|(_, nanos)| nanos).to_vec());
    let time = (near, -2i64..=2, 0u32..400)
        .prop_map(|(limit, off, n)| (Span(limit.saturating_add_signed(off)), n));
    let times = prop::collection::vec(time, 1..5);
    // Numbers that hit the shares, among others.
    let share = prop::sample::select(vec![0u64, 7, 10, 11, 100, 333, 550]);
    (times, share, 0u64..3).prop_map(|(mut times, hits, off)| {
        let slow: u64 = times.iter().map(|(_, n)| u64::from(*n)).sum();
        times.push((Span::from_millis(3), 1_000u64.saturating_sub(slow).max(1) as u32));
        let n: u64 = times.iter().map(|(_, n)| u64::from(*n)).sum();
        let hits = (hits + off).min(n / 2);
        Seen { ok: n - 2 * hits, failed: hits, given_up: hits, times }
    })
}

impl Seen {
    fn n(&self) -> u128 {
        u128::from(self.ok + self.failed + self.given_up)
    }

    fn reading(&self, limits: &Limits) -> ScopeReading {
        let latency = Latencies::counted(&self.times, limits);
        ScopeReading {
            ok: self.ok,
            failed: self.failed,
            abandoned: self.given_up,
            latency,
            ..ScopeReading::default()
        }
    }

    fn taking(&self, which: impl Fn(u64) -> bool) -> u128 {
        let those = self.times.iter().filter(|(time, _)| which(time.0));
        those.map(|(_, n)| u128::from(*n)).sum()
    }

    /// The value of this rank from 1, in nanoseconds.
    fn ranked(&self, rank: u128) -> u64 {
        let mut sorted = self.times.clone();
        sorted.sort();
        let mut before = 0;
        for (time, n) in sorted {
            before += u128::from(n);
            if before >= rank {
                return time.0;
            }
        }
        unreachable!("a rank beyond all")
    }
}

fn compared<T: PartialOrd>(operator: &str, value: T, with: T) -> bool {
    match operator {
        ">" => value > with,
        ">=" => value >= with,
        "<" => value < with,
        _ => value <= with,
    }
}

/// Whether it is a breach, without a single rounding.
fn oracle(seen: &Seen, operator: &str, meaning: Meaning) -> bool {
    let n = seen.n();
    let share = |hits: u128, above: u128, below: u128| compared(operator, hits * below, above * n);
    match meaning {
        Meaning::Errors(above, below) => share(u128::from(seen.failed), above, below),
        Meaning::GivenUp(above, below) => share(u128::from(seen.given_up), above, below),
        Meaning::Slow(limit, above, below) => {
            // `>= 3s for 10%`: more than a tenth take three seconds or longer.
            let slow = seen.taking(|time| compared(operator, time, limit));
            slow * below > above * n
        }
        Meaning::Quantile(thousandths, limit) => {
            let rank = (thousandths * n).div_ceil(1_000).max(1);
            compared(operator, seen.ranked(rank), limit)
        }
        // In ten seconds, a sixth of a minute.
        Meaning::Requests(all, minutes) => compared(operator, n * 6 * minutes, all),
    }
}

fn at(seconds: u64) -> Time {
    Time::ZERO + Span::from_secs(seconds)
}

#[test]
fn every_comparison_is_that_of_whole_numbers() {
    let rules = rules();
    let written: Vec<String> = rules.iter().map(|(text, ..)| format!("expr: \"{text}\"")).collect();
    let plan = plan_with(&written);
    let limits = Limits::new(plan.limits());
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(64));
    let judged = runner.run(&seen(), |seen| {
        let reading = seen.reading(&limits);
        for (rule, (text, operator, meaning)) in plan.playbook.rules.iter().zip(&rules) {
            let breach = fires(rule, &plan, &reading);
            prop_assert_eq!(breach, oracle(&seen, operator, *meaning), "{}", text);
        }
        Ok(())
    });
    if let Err(wrong) = judged {
        panic!("{wrong}\n{runner}");
    }
}

fn fires(rule: &Rule, plan: &Plan, reading: &ScopeReading) -> bool {
    RuleEvaluator::new(rule, &plan.playbook.baseline).observe(at(0), at(10), Some(reading)).fires
}

#[test]
fn what_is_ok_has_a_limit_of_its_own() {
    let slow = "expr: latency > 3s for 10% of traffic, keep_firing_for: 0s";
    let plan = plan_with(&[
        format!("{slow}, resolve: latency < 3s for 95% of traffic"),
        format!("{slow}, resolve: latency <= 3s for 95% of traffic"),
    ]);
    let limits = Limits::new(plan.limits());
    let seen = |time: u64, n: u32| {
        let times = vec![(Span::from_millis(3), 100 - n), (Span(time), n)];
        Seen { ok: 100, failed: 0, given_up: 0, times }.reading(&limits)
    };
    let still = |rule: usize, time: u64, n: u32| {
        let mut drill = RuleEvaluator::new(&plan.playbook.rules[rule], &plan.playbook.baseline);
        assert!(drill.observe(at(0), at(10), Some(&seen(3_000_000_001, 11))).fires);
        drill.observe(at(10), at(20), Some(&seen(time, n))).firing
    };
    // Six in a hundred take three seconds to the nanosecond: that is not less than three seconds.
    assert!(still(0, 3_000_000_000, 6) && !still(1, 3_000_000_000, 6));
    assert!(!still(0, 2_999_999_999, 6) && still(1, 3_000_000_001, 6));
    assert!(!still(0, 3_000_000_000, 5) && !still(1, 3_000_000_001, 5));
}

#[test]
fn a_limit_that_counts_is_said() {
    let plan = plan_with(&[
        "expr: latency >= 2s for 1% of traffic".to_string(),
        "expr: latency > 2s for 1% of traffic".to_string(),
    ]);
    let limits = |rule: usize| plan.playbook.rules[rule].latency_limits(&plan.playbook.baseline);
    assert_eq!(limits(0), limits(1));
    assert_eq!(plan.slow_limit(), Span::from_secs(2));
}
