//! A tick of a rule: the value in its window, and what that value means.

use crate::decision::{Baseline, Clause, Condition, EffectiveThreshold, Measure, Rule, Threshold};
use crate::measure::Latencies;
use crate::telemetry::ScopeReading;
use crate::units::{Span, Time, nearest_rank};
use std::collections::VecDeque;

/// What a tick means for the state machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TickVerdict {
    Breach,
    /// Neither a breach nor good enough to resolve.
    Between,
    Ok,
    /// Too few requests to judge.
    Low,
    /// The newest reading is missing.
    Missing,
}

impl TickVerdict {
    /// How far it is on the way to a breach, or may be.
    pub fn weight(self) -> u8 {
        match self {
            TickVerdict::Ok => 0,
            TickVerdict::Between => 1,
            TickVerdict::Low => 2,
            TickVerdict::Breach => 3,
            TickVerdict::Missing => 4,
        }
    }

    /// Whether the window said something about the site.
    pub fn is_judged(self) -> bool {
        matches!(self, TickVerdict::Breach | TickVerdict::Between | TickVerdict::Ok)
    }
}

/// What was seen at the end of a reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tick {
    pub verdict: TickVerdict,
    /// In the unit of the measure; `None` where nothing can be measured.
    pub value: Option<f64>,
    /// What the value is compared with; `None`: another condition decided, of another unit.
    pub line: Option<EffectiveThreshold>,
    /// Requests in the window.
    pub n: u64,
}

/// A condition with its line drawn.
#[derive(Debug, Clone, Copy)]
struct Drawn {
    condition: Condition,
    line: EffectiveThreshold,
    /// For quantiles: the time that they are longer than, or not.
    limit: Span,
}

impl Drawn {
    fn new(
        condition: Condition,
        measure: Measure,
        baseline: &Baseline,
        window: (Time, Time),
    ) -> Drawn {
        let line = condition.threshold.line(measure, baseline, window);
        Drawn { condition, line, limit: condition.limit(measure, baseline) }
    }
}

/// What one reading adds to a window.
#[derive(Debug, Clone)]
struct Sample {
    from: Time,
    length: Span,
    n: u64,
    /// Bad or slow ones, as the measure asks; for a quantile, those beyond the limit of a breach.
    hits: u64,
    /// The same for what is ok: where response times are compared, its limit can be another one.
    hits_ok: u64,
    /// Kept only where a quantile is measured.
    latency: Latencies,
    /// What a measure that is as it is was at the end.
    gauge: Option<f64>,
}

/// The last readings of one scope, as far back as a condition looks.
#[derive(Debug, Clone)]
pub(super) struct ReadingWindow<'a> {
    clause: Clause,
    baseline: &'a Baseline,
    breach: Drawn,
    resolve: Option<Drawn>,
    /// For a share of slow requests: the limit of what is ok, where it is another one.
    resolve_limit: Option<Span>,
    samples: VecDeque<Sample>,
}

impl<'a> ReadingWindow<'a> {
    /// An empty window.
    pub fn new(clause: Clause, baseline: &'a Baseline) -> Self {
        let start = (Time::ZERO, Time::ZERO + clause.window);
        let drawn = |condition| Drawn::new(condition, clause.measure, baseline, start);
        let breach = drawn(clause.breach);
        let (resolve, resolve_limit, samples) = (None, None, VecDeque::new());
        ReadingWindow { clause, baseline, breach, resolve, resolve_limit, samples }
    }

    /// The same with a condition of its own for what is ok.
    pub fn resolved_by(self, rule: &Rule) -> Self {
        let start = (Time::ZERO, Time::ZERO + self.clause.window);
        let drawn = |ok| Drawn::new(ok, self.clause.measure, self.baseline, start);
        ReadingWindow {
            resolve: rule.resolve.map(drawn),
            resolve_limit: rule.resolve_limit,
            ..self
        }
    }

    /// Moves the window on to `to` and judges it; `None`: the reading did not come.
    pub fn observe(&mut self, from: Time, to: Time, scope: Option<&ScopeReading>) -> Tick {
        while self.samples.front().is_some_and(|old| old.from + self.clause.window < to) {
            self.samples.pop_front();
        }
        if let Some(scope) = scope {
            self.samples.push_back(self.sample(from, to, scope));
        }
        self.draw(to);
        let n = match self.clause.measure.is_about_backlog() {
            true => self.samples.back().map_or(0, |newest| newest.n),
            false => self.sum(|sample| sample.n),
        };
        let value = self.value(n);
        let verdict = match value {
            _ if scope.is_none() => TickVerdict::Missing,
            Some(value) if n >= self.clause.min_requests => self.verdict(value, n),
            _ => TickVerdict::Low,
        };
        Tick { verdict, value, line: Some(self.breach.line), n }
    }

    /// Draws the lines again that follow the hours of the week.
    fn draw(&mut self, to: Time) {
        if self.clause.measure != Measure::Requests {
            return;
        }
        let window = (Time(to.0.saturating_sub(self.clause.window.0)), to);
        let (measure, baseline) = (self.clause.measure, self.baseline);
        for drawn in [Some(&mut self.breach), self.resolve.as_mut()].into_iter().flatten() {
            if matches!(drawn.condition.threshold, Threshold::Baseline { .. }) {
                *drawn = Drawn::new(drawn.condition, measure, baseline, window);
            }
        }
    }

    /// What it measures.
    pub fn measure(&self) -> Measure {
        self.clause.measure
    }

    /// Whether one value is further on the way to a breach than another, each beside its threshold.
    pub fn closer_to_breach(&self, one: (f64, f64), than: (f64, f64)) -> bool {
        let (one, than) = if one.1 == than.1 {
            (one.0, than.0)
        } else {
            (one.0 / one.1.max(f64::MIN_POSITIVE), than.0 / than.1.max(f64::MIN_POSITIVE))
        };
        if self.breach.condition.holds_above() { one > than } else { one < than }
    }

    fn sample(&self, from: Time, to: Time, scope: &ScopeReading) -> Sample {
        let times = match (self.clause.good, &scope.good) {
            (true, Some(good)) => good,
            _ => &scope.latency,
        };
        let (n, hits) = match self.clause.measure {
            Measure::ErrorRate | Measure::Errors => (scope.total(), scope.bad()),
            Measure::GivenUp => (scope.total(), scope.abandoned),
            // What was refused at once has no response time, as in percentiles.
            Measure::SlowerThan(limit) => (times.count(), times.slower_than(limit)),
            Measure::Latency(_) => (times.count(), times.slower_than(self.breach.limit)),
            Measure::Requests => (scope.total() + scope.planned, 0),
            Measure::Reports(source) => {
                (scope.reports.get(usize::from(source)).copied().unwrap_or(0), 0)
            }
            Measure::Backlog | Measure::BacklogAge => {
                (scope.backlog.map_or(0, |backlog| backlog.waiting), 0)
            }
            // Is never watched: people tell it.
            Measure::Noticed => (0, 0),
        };
        let limit_ok = match self.clause.measure {
            Measure::Latency(_) => self.resolve.map(|ok| ok.limit),
            _ => self.resolve_limit,
        };
        let hits_ok = limit_ok.map_or(hits, |limit| times.slower_than(limit));
        let latency = match self.clause.measure {
            Measure::Latency(_) => times.clone(),
            _ => Latencies::default(),
        };
        let gauge = scope.backlog.and_then(|backlog| match self.clause.measure {
            Measure::Backlog => Some(backlog.waiting as f64),
            Measure::BacklogAge => Some(backlog.age.seconds()),
            _ => None,
        });
        Sample { from, length: to - from, n, hits, hits_ok, latency, gauge }
    }

    fn sum(&self, of: impl Fn(&Sample) -> u64) -> u64 {
        self.samples.iter().map(of).sum()
    }

    /// The measure over the readings that came; what did not come adds neither requests nor time.
    fn value(&self, n: u64) -> Option<f64> {
        match self.clause.measure {
            Measure::ErrorRate | Measure::GivenUp | Measure::SlowerThan(_) => {
                (n > 0).then(|| self.share(n, |sample| sample.hits))
            }
            Measure::Latency(quantile) => {
                let mut all = Latencies::default();
                self.samples.iter().for_each(|sample| all.add(&sample.latency));
                let longer = self.longer(quantile, n, self.sum(|sample| sample.hits));
                all.quantile_beside(quantile, self.breach.limit, longer).map(Span::seconds)
            }
            Measure::Noticed => None,
            Measure::Backlog | Measure::BacklogAge => self.samples.back()?.gauge,
            Measure::Requests | Measure::Errors | Measure::Reports(_) => {
                let counted = match self.clause.measure {
                    Measure::Errors => self.sum(|sample| sample.hits),
                    _ => n,
                };
                let covered = self.sum(|sample| sample.length.0);
                // One division, so that six in ten seconds are 0.6 a second to the bit.
                (covered > 0).then(|| counted as f64 * 1e9 / covered as f64)
            }
        }
    }

    /// Whether the quantile is a longer time than a limit that this many of `n` are beyond: then
    /// its rank is one of theirs. So a rule about a quantile says what its share sentence says.
    fn longer(&self, quantile: f64, n: u64, beyond: u64) -> bool {
        beyond > n - nearest_rank(quantile, n).min(n)
    }

    fn share(&self, n: u64, hits: impl Fn(&Sample) -> u64) -> f64 {
        self.sum(hits) as f64 / n as f64
    }

    fn verdict(&self, value: f64, n: u64) -> TickVerdict {
        let met = |drawn: Drawn, hits: fn(&Sample) -> u64| {
            let value = match self.clause.measure {
                Measure::Latency(quantile) => {
                    return self.longer(quantile, n, self.sum(hits))
                        == drawn.condition.holds_above();
                }
                Measure::SlowerThan(_) => self.share(n, hits),
                _ => value,
            };
            drawn.condition.compare.holds(value, drawn.line.threshold)
        };
        if met(self.breach, |sample| sample.hits) {
            TickVerdict::Breach
        } else if self.resolve.is_none_or(|ok| met(ok, |sample| sample.hits_ok)) {
            TickVerdict::Ok
        } else {
            TickVerdict::Between
        }
    }
}
