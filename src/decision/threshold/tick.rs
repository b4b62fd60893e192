//! A tick of a rule: the value in its window, and what that value means.

use crate::decision::{Baseline, BoundBy, Compare, Condition, Measure, Rule, Threshold};
use crate::measure::Latencies;
use crate::telemetry::ScopeReading;
use crate::units::{Span, Time};
use std::collections::VecDeque;

/// What a tick means for the state machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Breach,
    /// Neither a breach nor good enough to resolve.
    Between,
    Ok,
    /// Too few requests to judge.
    Low,
    /// The newest reading is missing.
    Missing,
}

impl Verdict {
    /// Whether the window said something about the site.
    pub fn is_judged(self) -> bool {
        matches!(self, Verdict::Breach | Verdict::Between | Verdict::Ok)
    }
}

/// What was seen at the end of a reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tick {
    pub verdict: Verdict,
    /// In the unit of the measure; `None` where nothing can be measured.
    pub value: Option<f64>,
    pub line: Line,
    /// Requests in the window.
    pub n: u64,
}

/// A threshold as it stands: `max(multiple × baseline, floor)`, or fixed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    pub threshold: f64,
    pub bound_by: BoundBy,
    pub baseline: Option<f64>,
}

impl Line {
    fn of(threshold: Threshold, baseline: Baseline) -> Line {
        match threshold {
            Threshold::Fixed(threshold) => {
                Line { threshold, bound_by: BoundBy::Fixed, baseline: None }
            }
            Threshold::Baseline { multiple, floor } => {
                let normal = baseline.error_rate.expect("a checked scenario has its baseline").0;
                let (threshold, bound_by) = match floor {
                    Some(floor) if floor > multiple * normal => (floor, BoundBy::Floor),
                    _ => (multiple * normal, BoundBy::Multiple),
                };
                Line { threshold, bound_by, baseline: Some(normal) }
            }
        }
    }
}

fn holds(compare: Compare, value: f64, threshold: f64) -> bool {
    match compare {
        Compare::Above => value > threshold,
        Compare::AtLeast => value >= threshold,
        Compare::Below => value < threshold,
        Compare::AtMost => value <= threshold,
    }
}

/// What one reading adds to a window.
#[derive(Debug)]
struct Sample {
    from: Time,
    length: Span,
    n: u64,
    /// Bad or slow ones, as the measure asks.
    hits: u64,
    /// Kept only where a quantile is measured.
    latency: Latencies,
}

/// The last readings of one scope, as far back as the rule looks.
#[derive(Debug)]
pub(super) struct Window<'a> {
    rule: &'a Rule,
    breach: (Compare, Line),
    resolve: Option<(Compare, Line)>,
    samples: VecDeque<Sample>,
}

impl<'a> Window<'a> {
    /// An empty window.
    pub fn new(rule: &'a Rule, breach: Condition, baseline: Baseline) -> Self {
        let line = |c: Condition| (c.compare, Line::of(c.threshold, baseline));
        let resolve = rule.resolve.map(line);
        Window { rule, breach: line(breach), resolve, samples: VecDeque::new() }
    }

    /// Moves the window on to `to` and judges it; `None`: the reading did not come.
    pub fn observe(&mut self, from: Time, to: Time, scope: Option<&ScopeReading>) -> Tick {
        while self.samples.front().is_some_and(|old| old.from + self.rule.window < to) {
            self.samples.pop_front();
        }
        if let Some(scope) = scope {
            self.samples.push_back(self.sample(from, to, scope));
        }
        let n = self.samples.iter().map(|sample| sample.n).sum();
        let value = self.value(n);
        let verdict = match value {
            _ if scope.is_none() => Verdict::Missing,
            Some(value) if n >= self.rule.min_requests => self.verdict(value),
            _ => Verdict::Low,
        };
        Tick { verdict, value, line: self.breach.1, n }
    }

    /// Whether one value is further on the way to a breach than another.
    pub fn worse(&self, value: f64, than: f64) -> bool {
        match self.breach.0 {
            Compare::Above | Compare::AtLeast => value > than,
            Compare::Below | Compare::AtMost => value < than,
        }
    }

    fn sample(&self, from: Time, to: Time, scope: &ScopeReading) -> Sample {
        let (n, hits) = match self.rule.measure {
            Measure::ErrorRate => (scope.total(), scope.bad()),
            Measure::GivenUp => (scope.total(), scope.abandoned),
            // What was refused at once has no response time, as in percentiles.
            Measure::SlowerThan(limit) => (scope.latency.count(), scope.latency.slower_than(limit)),
            Measure::Latency(_) => (scope.latency.count(), 0),
            Measure::Requests => (scope.total() + scope.planned, 0),
        };
        let latency = match self.rule.measure {
            Measure::Latency(_) => scope.latency.clone(),
            _ => Latencies::default(),
        };
        Sample { from, length: to - from, n, hits, latency }
    }

    /// The measure over the readings that came; what did not come adds neither requests nor time.
    fn value(&self, n: u64) -> Option<f64> {
        match self.rule.measure {
            Measure::ErrorRate | Measure::GivenUp | Measure::SlowerThan(_) => {
                let hits: u64 = self.samples.iter().map(|sample| sample.hits).sum();
                (n > 0).then(|| hits as f64 / n as f64)
            }
            Measure::Latency(quantile) => {
                let mut all = Latencies::default();
                self.samples.iter().for_each(|sample| all.add(&sample.latency));
                all.quantile(quantile).map(Span::seconds)
            }
            Measure::Requests => {
                let covered: u64 = self.samples.iter().map(|sample| sample.length.0).sum();
                (covered > 0).then(|| n as f64 / Span(covered).seconds())
            }
        }
    }

    fn verdict(&self, value: f64) -> Verdict {
        let met = |(compare, line): (Compare, Line)| holds(compare, value, line.threshold);
        if met(self.breach) {
            Verdict::Breach
        } else if self.resolve.is_none_or(met) {
            Verdict::Ok
        } else {
            Verdict::Between
        }
    }
}
