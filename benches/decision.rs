//! The judgement: readings per second with fifty rules by segment, against a loop written by hand
//! that keeps the same windows and compares, and tells nobody.

mod bound;

use bound::{Side, heading, launch, print};
use sim::decision::Monitor;
use sim::kernel::DrawKey;
use sim::names::{Dimension, Scope};
use sim::scenario::Plan;
use sim::site::Site;
use sim::telemetry::Reading;
use sim::units::{Span, Time};
use std::hint::black_box;

const RULES: usize = 50;
const READINGS: u64 = 180;
/// Passes over the readings per round: a single pass is too short to be timed reliably.
const TIMES: u64 = 100;
const INTERVAL: Span = Span::from_secs(10);
const WINDOW: usize = 6;
const SLOW: Span = Span::from_secs(3);

/// The dimension of a rule, by its number.
fn dimension(rule: usize) -> Dimension {
    Dimension::ALL[rule % 4]
}

/// The shipped scenario with fifty rules instead of its own: errors and latency by turns.
fn plan() -> Plan {
    let rule = |number: usize| {
        let by = dimension(number).word();
        let expr = match number % 2 {
            0 => format!("error_rate > {}%", 5 + number),
            _ => format!("latency > 3s for {}% of traffic", 5 + number),
        };
        format!("  - {{alert: Rule{number}, expr: {expr}, by: {by}, for: 2m}}\n")
    };
    let text = include_str!("../scenarios/proxy-outage.yaml");
    let rules: String = (0..RULES).map(rule).collect();
    let plays = "plays: {rollback: {when: [Rule0]}}";
    launch::with_text(&format!("{text}\nrules:\n{rules}\n{plays}\n"), &[])
}

/// Half an hour of the site at 2,000 requests per second, nothing broken.
fn readings(plan: &Plan) -> Vec<Reading> {
    let busy = launch::at_rate(2_000.0, "3h");
    let mut site = Site::new(&busy.site, &busy.traffic, &plan.names, DrawKey::new(1, 0, "site"));
    let reading = |n: u64| {
        let (from, to) = (Time::ZERO + INTERVAL * n, Time::ZERO + INTERVAL * (n + 1));
        site.run_until(to);
        site.scrape(from, to)
    };
    (0..READINGS).map(reading).collect()
}

fn monitor(plan: &Plan, readings: &[Reading]) -> u64 {
    let mut monitor = Monitor::new(&plan.playbook, &plan.names);
    for reading in readings {
        monitor.observe(reading.to, reading);
        while let Some(output) = monitor.next_output() {
            black_box(&output);
        }
    }
    readings.len() as u64
}

/// The counts that a rule needs of one scope in one interval.
#[derive(Clone, Copy, Default)]
struct Counts {
    hit: u64,
    total: u64,
}

/// What one rule remembers of one category.
#[derive(Clone, Copy, Default)]
struct Row {
    window: [Counts; WINDOW],
    sum: Counts,
    held: u32,
}

fn by_hand(plan: &Plan, readings: &[Reading]) -> u64 {
    let scopes = |rule: usize| {
        let dimension = dimension(rule);
        let values = plan.names.categories[dimension as usize].len();
        let first = plan.names.scope_index(Scope::Segment(dimension, 0));
        first..first + values
    };
    let mut rows: Vec<Vec<Row>> =
        (0..RULES).map(|rule| vec![Row::default(); scopes(rule).len()]).collect();
    let mut breaches = 0u64;
    for (number, reading) in readings.iter().enumerate() {
        for (rule, rows) in rows.iter_mut().enumerate() {
            for (scope, row) in reading.scopes[scopes(rule)].iter().zip(rows) {
                let hit = if rule % 2 == 0 { scope.bad() } else { scope.latency.slower_than(SLOW) };
                let new = Counts { hit, total: scope.total() };
                let old = std::mem::replace(&mut row.window[number % WINDOW], new);
                row.sum.hit = row.sum.hit + new.hit - old.hit;
                row.sum.total = row.sum.total + new.total - old.total;
                let breach = row.sum.hit * 100 > row.sum.total * (5 + rule as u64);
                row.held = if breach { row.held + 1 } else { 0 };
                breaches += u64::from(row.held >= 12);
            }
        }
    }
    black_box(breaches);
    readings.len() as u64
}

fn main() {
    let plan = plan();
    let readings = readings(&plan);
    heading("fifty rules by segment, windows of a minute", "reading");
    print(&mut [
        Side::new("by hand, windows only", || {
            (0..TIMES).map(|_| by_hand(&plan, black_box(&readings))).sum()
        }),
        Side::new("monitor", || (0..TIMES).map(|_| monitor(&plan, black_box(&readings))).sum()),
    ]);
}
