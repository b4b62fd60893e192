//! Alerting rules, resolved: what they measure, and what counts as a breach.

use super::baseline::Baseline;
use super::measure::Measure;
use crate::names::{Dimension, Names, Scope, worded};
use crate::units::{Span, Time, product};
use serde::{Deserialize, Serialize};

/// An alerting rule. Its first condition is in the rule itself, further ones in `joined`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// The expression as the team wrote it.
    pub text: String,
    pub measure: Measure,
    /// Only good answers are looked at.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub good: bool,
    /// What counts as a breach. `None`: the team has not filled it in yet (`?`); never judged.
    pub breach: Option<Condition>,
    /// What counts as ok; `None`: everything that is not a breach.
    pub resolve: Option<Condition>,
    /// For a share of slow requests: the response time that `resolve` compares with, where it is
    /// not that of the breach (`> 3s` is a breach, `< 3s` is ok).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolve_limit: Option<Span>,
    /// What it looks at; with `by`, the site's segments of that dimension one by one.
    pub scope: Scope,
    pub by: Option<Dimension>,
    /// A multiple of the telemetry interval.
    pub window: Span,
    pub hold: Hold,
    pub keep_firing_for: Span,
    pub no_data_for: Span,
    /// With fewer requests in the window it does not judge.
    pub min_requests: u64,
    pub severity: Option<String>,
    /// Further conditions, in the order in which they are written; `and` binds closer than `or`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joined: Vec<JoinedCondition>,
    /// When it is active, sorted and disjoint; `None`: always. At other times it is as if nothing
    /// were wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<Vec<(Time, Time)>>,
    /// It judges by requests of its own instead of those of visitors, one each such time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probe: Option<Span>,
}

/// A further condition of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct JoinedCondition {
    pub by: Join,
    pub clause: Clause,
}

/// How a condition is joined to the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Join {
    And,
    Or,
}

/// One condition, over a window of its own.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Clause {
    pub measure: Measure,
    /// Only good answers are looked at.
    pub good: bool,
    pub breach: Condition,
    pub window: Span,
    pub min_requests: u64,
}

/// A comparison with a threshold, in the unit of the measure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    pub compare: Compare,
    pub threshold: Threshold,
}

/// How the value compares with the threshold when the condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compare {
    Above,
    AtLeast,
    Below,
    AtMost,
}

/// Where the line is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Threshold {
    Fixed(f64),
    /// `max(multiple × baseline, floor)`.
    Baseline {
        multiple: f64,
        floor: Option<f64>,
    },
}

/// How long a breach must last before the rule fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hold {
    For(Span),
    /// This many of the last `of` judged ticks.
    Of {
        n: u32,
        of: u32,
    },
}

impl Clause {
    /// The response time that it compares with, as it was written.
    pub fn latency_limit(&self, baseline: &Baseline) -> Option<Span> {
        match self.measure {
            Measure::SlowerThan(limit) => Some(written_limit(limit).1),
            Measure::Latency(_) => {
                let level = self.breach.threshold.level(self.measure, baseline, ALWAYS);
                Some(Span::from_seconds(level))
            }
            _ => None,
        }
    }
}

impl Rule {
    /// What somebody notices without any monitoring: told like a rule that fires, and never judged.
    pub fn noticed_by(source: &str) -> Rule {
        Rule::new(format!("noticed by {source}"), Measure::Noticed)
    }

    /// A rule about the whole site that is not filled in yet, with neither window nor hold: what a
    /// rule says beyond that is set beside it.
    pub fn new(text: impl Into<String>, measure: Measure) -> Rule {
        Rule {
            text: text.into(),
            measure,
            good: false,
            breach: None,
            resolve: None,
            resolve_limit: None,
            scope: Scope::Site,
            by: None,
            window: Span::ZERO,
            hold: Hold::For(Span::ZERO),
            keep_firing_for: Span::ZERO,
            no_data_for: Span::ZERO,
            min_requests: 0,
            severity: None,
            joined: Vec::new(),
            active: None,
            probe: None,
        }
    }

    /// Whether the team has not filled it in yet.
    pub fn is_open(&self) -> bool {
        self.breach.is_none() && self.measure != Measure::Noticed
    }

    /// What it looks at, one by one: its scope, or with `by` the segments of that dimension.
    pub fn scopes(&self, names: &Names) -> Vec<Scope> {
        let Some(dimension) = self.by else { return vec![self.scope] };
        let categories = names.categories[dimension as usize].len();
        (0..categories).map(|value| Scope::Segment(dimension, value as u8)).collect()
    }

    /// Whether some condition is about response times.
    pub fn measures_latency(&self) -> bool {
        self.clauses().any(|clause| clause.measure.is_about_times())
    }

    /// All its conditions, in the order in which they are written; none if it is not filled in.
    pub fn clauses(&self) -> impl Iterator<Item = Clause> {
        let (measure, good) = (self.measure, self.good);
        let (window, min_requests) = (self.window, self.min_requests);
        let first =
            self.breach.map(|breach| Clause { measure, good, breach, window, min_requests });
        let further = self.joined.iter().map(|joined| joined.clause);
        first.into_iter().chain(further.filter(move |_| first.is_some()))
    }

    /// The response times that its conditions turn on, so that requests beyond them are counted
    /// exactly.
    pub fn limits(&self, baseline: &Baseline) -> Vec<Span> {
        let resolve = self.resolve.map(|ok| ok.limit(self.measure, baseline));
        let resolve = resolve.filter(|_| matches!(self.measure, Measure::Latency(_)));
        let unfilled = match (self.measure, self.breach) {
            (Measure::SlowerThan(limit), None) => Some(limit),
            _ => None,
        };
        let clauses = self.clauses().filter_map(|clause| match clause.measure {
            Measure::SlowerThan(limit) => Some(limit),
            Measure::Latency(_) => Some(clause.breach.limit(clause.measure, baseline)),
            _ => None,
        });
        clauses.chain(resolve).chain(unfilled).chain(self.resolve_limit).collect()
    }

    /// The response times that it compares with.
    pub fn latency_limits(&self, baseline: &Baseline) -> Vec<Span> {
        self.clauses().filter_map(|clause| clause.latency_limit(baseline)).collect()
    }

    /// Whether some condition looks at good answers alone.
    pub fn looks_at_good_answers(&self) -> bool {
        self.clauses().any(|clause| clause.good)
    }

    /// Any of these, each of which is all of its conditions.
    pub fn alternatives(&self) -> Vec<Vec<Clause>> {
        let mut alternatives = vec![Vec::new()];
        let joins = [Join::And].into_iter().chain(self.joined.iter().map(|joined| joined.by));
        for (by, clause) in joins.zip(self.clauses()) {
            if by == Join::Or {
                alternatives.push(Vec::new());
            }
            alternatives.last_mut().expect("the first is there").push(clause);
        }
        alternatives
    }

    /// The rule with this condition alone.
    pub fn with_only(&self, clause: &Clause) -> Rule {
        Rule {
            measure: clause.measure,
            good: clause.good,
            breach: Some(clause.breach),
            window: clause.window,
            min_requests: clause.min_requests,
            joined: Vec::new(),
            ..self.clone()
        }
    }

    /// The longest of its windows.
    pub fn longest_window(&self) -> Span {
        let further = self.joined.iter().map(|joined| joined.clause.window);
        further.fold(self.window, Span::max)
    }
}

/// A limit that a time must be longer than, as it was written: whether the limit itself counts, and
/// the limit. Times are whole nanoseconds, so one that is longer than the last nanosecond before
/// three seconds is at least three seconds.
pub fn written_limit(longer_than: Span) -> (bool, Span) {
    let next = Span(longer_than.0.saturating_add(1));
    let at_least = longer_than.0 > 0 && next.0.is_multiple_of(1_000);
    (at_least, if at_least { next } else { longer_than })
}

/// What is normal for response times does not change with the hour.
const ALWAYS: (Time, Time) = (Time::ZERO, Time::ZERO);

impl Condition {
    /// For a condition on a quantile: the quantile is a longer time than this, or it is not.
    pub fn limit(&self, measure: Measure, baseline: &Baseline) -> Span {
        let limit = Span::from_seconds(self.threshold.level(measure, baseline, ALWAYS));
        match self.compare {
            Compare::Above | Compare::AtMost => limit,
            // At least two seconds is longer than the last nanosecond before.
            Compare::AtLeast | Compare::Below => Span(limit.0.saturating_sub(1)),
        }
    }

    /// Whether it holds while the value lies high, not low.
    pub fn holds_above(&self) -> bool {
        matches!(self.compare, Compare::Above | Compare::AtLeast)
    }
}

worded! {
    /// Which part of the threshold decided.
    pub enum BoundBy {
        Fixed = "fixed",
        Multiple = "multiple",
        Floor = "floor",
    }
}

/// A threshold at a moment: `max(multiple × baseline, floor)`, or fixed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EffectiveThreshold {
    /// In the unit of the measure.
    pub threshold: f64,
    pub bound_by: BoundBy,
    /// What is normal, if the threshold depends on it.
    pub baseline: Option<f64>,
    /// The multiple of what is normal, whether or not the floor lies above it.
    pub multiple: Option<f64>,
}

impl Threshold {
    /// Where the line is drawn for a window, and why there.
    pub fn line(
        self,
        measure: Measure,
        baseline: &Baseline,
        window: (Time, Time),
    ) -> EffectiveThreshold {
        let (multiple, floor) = match self {
            Threshold::Fixed(threshold) => {
                let bound_by = BoundBy::Fixed;
                return EffectiveThreshold { threshold, bound_by, baseline: None, multiple: None };
            }
            Threshold::Baseline { multiple, floor } => (multiple, floor),
        };
        let normal = baseline.normal(measure, window).unwrap_or_default();
        let times = product(multiple, normal);
        let (threshold, bound_by) = match floor {
            Some(floor) if floor > times => (floor, BoundBy::Floor),
            _ => (times, BoundBy::Multiple),
        };
        EffectiveThreshold { threshold, bound_by, baseline: Some(normal), multiple: Some(times) }
    }

    /// Where the line is drawn for a window, in the unit of the measure.
    pub fn level(self, measure: Measure, baseline: &Baseline, window: (Time, Time)) -> f64 {
        self.line(measure, baseline, window).threshold
    }
}

impl Compare {
    /// Whether the comparison holds between a value and a threshold.
    pub fn holds(self, value: f64, threshold: f64) -> bool {
        match self {
            Compare::Above => value > threshold,
            Compare::AtLeast => value >= threshold,
            Compare::Below => value < threshold,
            Compare::AtMost => value <= threshold,
        }
    }
}
