//! Rules: the sentence, what it looks at, how long a breach must last.

use crate::decision::{Compare, Condition, Hold, Measure, Rule, Threshold, written_limit};
use crate::journal::Severity;
use crate::language::problem::quoted;
use crate::language::written::Placed;
use crate::names::{Dimension, RuleId, Scope};
use crate::scenario::document::Document;
use crate::scenario::plan::TuneRow;
use crate::scenario::resolver::Desk;
use crate::scenario::rules::expression::{Expression, expression};
use crate::scenario::rules::sentence::{Parameter, Sentence};
use crate::scenario::rules::written::{Rule as WrittenRule, Where};
use crate::units::Span;

/// Whether it is known what is normal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Normal {
    /// The scenario says nothing of it.
    Missing,
    /// It says `"?"`: rules that are multiples of it cannot fire.
    Open,
    Known,
}

impl Desk<'_> {
    /// The alerting rules, in file order.
    pub fn rules(&mut self, document: &Document, every: Span, baseline: bool) -> Vec<Rule> {
        let written = document.baseline.as_ref();
        let rate = written.and_then(|written| written.error_rate.as_ref());
        let unmeasured = rate.is_some_and(|rate| rate.value.0.is_none())
            && written.is_some_and(|written| written.from.is_none());
        let baseline = match (baseline, unmeasured) {
            (_, true) => Normal::Open,
            (true, _) => Normal::Known,
            (false, _) => Normal::Missing,
        };
        let rules = document.rules.iter().flatten();
        rules.filter_map(|rule| self.rule(rule, every, baseline)).collect()
    }

    fn rule(&mut self, rule: &WrittenRule, every: Span, baseline: Normal) -> Option<Rule> {
        let expr = rule.expr.as_ref()?;
        let sentence = self.sentence(expr)?;
        let breach = sentence.condition.map(|breach| self.floor(breach, rule));
        let multiple =
            |condition: &Condition| matches!(condition.threshold, Threshold::Baseline { .. });
        if breach.as_ref().is_some_and(multiple) && baseline == Normal::Missing {
            let hint = "add `baseline: {error_rate: 0.013%}`";
            self.error(expr.place, "a multiple of the baseline needs a baseline", hint);
        }
        let resolve = rule.resolve.as_ref().and_then(|resolve| {
            self.resolve_condition(resolve, &sentence, breach.as_ref(), baseline)
        });
        let resolve_limit = match (&rule.resolve, &resolve) {
            (Some(written), Some(_)) => self.resolve_limit(written, &sentence),
            _ => None,
        };
        self.breach_direction(expr, &sentence);
        let undecided = rule.lasts.as_ref().is_some_and(|lasts| lasts.value.0.is_none());
        let unmeasured = breach.as_ref().is_some_and(multiple) && baseline == Normal::Open;
        let blank = sentence.condition.is_none() || sentence.lasts == Some(None);
        let open = blank || undecided || unmeasured;
        if open {
            let name = rule.alert.as_ref().map_or("", |alert| &alert.value);
            let text = format!("rule {name} is not filled in: {}", expr.value);
            self.finding("unfilled", Severity::High, text, expr.place);
        }
        let by = rule.by.map(|by| by.value);
        let scope = rule.scope.as_ref().map_or(Some(Scope::Site), |scope| self.scope(scope));
        if let (Some(by), Some(_)) = (&rule.by, &rule.scope) {
            self.error(by.place, "a rule has `by` or `where`, not both", "write two rules");
        }
        let least = if sentence.measure == Measure::Requests { 0 } else { 20 };
        Some(Rule {
            text: expr.value.clone(),
            measure: sentence.measure,
            breach: breach.filter(|_| !open),
            resolve,
            resolve_limit,
            scope: scope?,
            by,
            window: self.window(rule, every),
            hold: self.hold(rule, &sentence, every),
            keep_firing_for: rule.keep_firing_for.unwrap_or(Span::MINUTE),
            no_data_for: rule.no_data_for.unwrap_or(Span::MINUTE * 3),
            min_requests: rule.min_requests.unwrap_or(least),
            severity: rule.severity.clone(),
        })
    }

    /// The response time of a resolve condition that was accepted, if it is another one.
    fn resolve_limit(&self, resolve: &Placed<String>, rule: &Expression) -> Option<Span> {
        match expression(&resolve.value).ok()?.measure {
            Measure::SlowerThan(limit) if rule.measure != Measure::SlowerThan(limit) => Some(limit),
            _ => None,
        }
    }

    fn sentence(&mut self, text: &Placed<String>) -> Option<Expression> {
        let read = expression(&text.value);
        read.map_err(|complaint| self.problems.push(complaint.at(text.place))).ok()
    }

    /// The breach with its floor.
    fn floor(&mut self, breach: Condition, rule: &WrittenRule) -> Condition {
        let Some(floor) = &rule.floor else { return breach };
        match breach.threshold {
            Threshold::Baseline { multiple, .. } => {
                let floor = Some(floor.value.0);
                Condition { threshold: Threshold::Baseline { multiple, floor }, ..breach }
            }
            Threshold::Fixed(_) => {
                let hint = "leave it out, or write `error_rate > 3x baseline`";
                self.error(floor.place, "only a multiple of the baseline has a floor", hint);
                breach
            }
        }
    }

    /// True means breach: a share of fast requests is the wrong way round.
    fn breach_direction(&mut self, expr: &Placed<String>, sentence: &Expression) {
        let compare = sentence.condition.map(|condition| condition.compare);
        if matches!(sentence.measure, Measure::SlowerThan(_)) && compare == Some(Compare::AtMost) {
            let hint = "write latency > 3s for 10% of traffic";
            self.error(expr.place, "this is a breach while the requests are fast", hint);
        }
    }

    fn resolve_condition(
        &mut self,
        resolve: &Placed<String>,
        rule: &Expression,
        breach: Option<&Condition>,
        baseline: Normal,
    ) -> Option<Condition> {
        let sentence = self.sentence(resolve)?;
        if std::mem::discriminant(&sentence.measure) != std::mem::discriminant(&rule.measure)
            || (breach.is_some() && !same_but_for_the_limit_itself(sentence.measure, rule.measure))
        {
            let message = "`resolve` must measure the same as `expr`";
            self.error(resolve.place, message, "");
            return None;
        }
        if sentence.lasts.is_some() {
            let hint = "write `keep_firing_for: 5m` beside it";
            self.error(resolve.place, "`resolve` has no time of its own", hint);
        }
        let Some(ok) = sentence.condition else {
            let text = format!("a resolve condition is not filled in: {}", resolve.value);
            self.finding("unfilled", Severity::Medium, text, resolve.place);
            return None;
        };
        if matches!(ok.threshold, Threshold::Baseline { .. }) && baseline == Normal::Missing {
            let hint = "add `baseline: {error_rate: 0.013%}`";
            self.error(resolve.place, "a multiple of the baseline needs a baseline", hint);
        }
        let breach = breach?;
        let rises = |compare| matches!(compare, Compare::Above | Compare::AtLeast);
        if rises(ok.compare) == rises(breach.compare) {
            let message = "`resolve` says what is ok, this points the same way as the breach";
            self.error(resolve.place, message, "turn the comparison round");
        } else if let (Threshold::Fixed(ok), Threshold::Fixed(line)) =
            (ok.threshold, breach.threshold)
            && (if rises(breach.compare) { ok > line } else { ok < line })
        {
            self.error(resolve.place, "some values would be a breach and ok at once", "");
        }
        Some(ok)
    }

    fn scope(&mut self, scope: &Where) -> Option<Scope> {
        let names = self.names;
        if scope.written.len() > 1 {
            self.error(scope.place, "a rule looks at one thing, `where` has several", "");
            return None;
        }
        if let Some(tier) = &scope.tier {
            return self.find(&names.tiers, tier, "tier").map(Scope::Tier);
        }
        if let Some(endpoint) = &scope.endpoint {
            return self.find(&names.endpoints, endpoint, "endpoint").map(Scope::Endpoint);
        }
        let values = [&scope.browser, &scope.login, &scope.account, &scope.tool];
        for (dimension, value) in Dimension::ALL.into_iter().zip(values) {
            if let Some(value) = value {
                let categories = &names.categories[dimension as usize];
                let found: usize = self.find(categories, value, dimension.word())?;
                return Some(Scope::Segment(dimension, found as u8));
            }
        }
        Some(Scope::Site)
    }

    fn window(&mut self, rule: &WrittenRule, every: Span) -> Span {
        let Some(window) = &rule.window else {
            // An interval longer than a minute is its own window.
            return Span(Span::MINUTE.0.div_ceil(every.0) * every.0);
        };
        self.positive(window, "window");
        self.at_most(window, Span::from_secs(86_400), "a window is at most a day");
        if window.value.0 % every.0 != 0 {
            let message = format!("the window is not a multiple of the interval of {every}");
            self.error(window.place, message, &format!("readings come every {every}"));
        }
        window.value
    }

    fn hold(&mut self, rule: &WrittenRule, sentence: &Expression, every: Span) -> Hold {
        if let (Some(_), Some(lasts)) = (sentence.lasts, &rule.lasts) {
            let message = "the time is here and in `expr`";
            self.error(lasts.place, message, "say it once");
        }
        let place = rule.lasts.as_ref().map(|lasts| lasts.place);
        let place = place.or(rule.expr.as_ref().map(|expr| expr.place)).unwrap_or(rule.place);
        let hold = match (&rule.lasts, sentence.lasts) {
            (Some(lasts), _) => lasts.value.0.unwrap_or(Hold::For(Span::ZERO)),
            (None, Some(lasts)) => Hold::For(lasts.unwrap_or(Span::ZERO)),
            (None, None) => Hold::For(Span::ZERO),
        };
        if let Hold::For(span) = hold
            && span > Span::ZERO
            && span < every
        {
            let text = quoted(&span.to_string());
            let message = format!("{text} is shorter than a reading's interval of {every}");
            self.error(place, message, &format!("write 0s, or {every} and more"));
        }
        hold
    }
}

impl Desk<'_> {
    /// The values to try, rule by rule.
    pub fn tune(&mut self, document: &Document) -> Vec<TuneRow> {
        let mut rows = Vec::new();
        let names = self.names;
        for (name, tune) in document.tune.iter().flat_map(|tune| &tune.0) {
            let Some(rule) = self.find::<RuleId>(&names.rules, name, "rule") else { continue };
            let Some(tune) = tune else { continue };
            let texts = document.rules.iter().flatten();
            let text = texts
                .filter(|rule| rule.alert.as_ref().is_some_and(|alert| alert.value == name.value))
                .find_map(|rule| rule.expr.as_ref());
            let sentence = text.and_then(|text| Sentence::of(&text.value));
            let points = [&tune.limit, &tune.share, &tune.value, &tune.lasts];
            for (parameter, points) in Parameter::ALL.into_iter().zip(points) {
                let Some(points) = points else { continue };
                let has = sentence.as_ref().is_some_and(|s| s.number(parameter).is_some());
                if !has && parameter != Parameter::For && sentence.is_some() {
                    let message =
                        format!("{} has no {} to try", quoted(&name.value), parameter.word());
                    self.error(points.place, message, "its `expr` has no such number");
                }
                rows.push(TuneRow { rule, parameter, points: points.value.0.clone() });
            }
        }
        rows
    }
}

/// Whether two measures are the same, but that one counts what takes exactly as long as its limit
/// and the other does not.
fn same_but_for_the_limit_itself(one: Measure, other: Measure) -> bool {
    match (one, other) {
        (Measure::SlowerThan(one), Measure::SlowerThan(other)) => {
            written_limit(one).1 == written_limit(other).1
        }
        _ => one == other,
    }
}
