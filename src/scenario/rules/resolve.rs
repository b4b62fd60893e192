//! Rules: the sentence, what it looks at, how long a breach must last.

use crate::decision::{
    Clause, Compare, Condition, Hold, JoinedCondition, Measure, Rule, Threshold, written_limit,
};
use crate::journal::{FindingKind, OpenPoint, Severity};
use crate::language::problem::quoted;
use crate::language::wording::Wording;
use crate::language::written::{OneOrMany, Placed};
use crate::names::{Dimension, RuleId, Scope};
use crate::scenario::document::Document;
use crate::scenario::plan::TuneRow;
use crate::scenario::resolver::Resolver;
use crate::scenario::rules::condition::ConditionText;
use crate::scenario::rules::expression::{Expression, expression};
use crate::scenario::rules::normal::Normal;
use crate::scenario::rules::sentence::{Parameter, Sentence, untunable};
use crate::scenario::rules::written::{Where, WrittenRule};
use crate::units::{Span, Time};

/// The longest window.
const LONGEST: Span = Span::from_secs(86_400);
/// Whether something is known at all does not depend on the hour.
const START: (Time, Time) = (Time::ZERO, Time::ZERO);

impl Resolver<'_> {
    /// The alerting rules, in file order.
    pub fn rules(&mut self, document: &Document, every: Span, normal: &Normal) -> Vec<Rule> {
        let rules = document.rules.iter().flatten();
        let mut rules: Vec<Rule> =
            rules.filter_map(|rule| self.rule(rule, document, every, normal)).collect();
        rules.extend(self.noticed_rules(document));
        rules
    }

    /// One rule.
    pub fn rule(
        &mut self,
        rule: &WrittenRule,
        document: &Document,
        every: Span,
        normal: &Normal,
    ) -> Option<Rule> {
        let expr = rule.expr.as_ref()?;
        let mut sentence = self.sentence(expr)?;
        let source = rule.scope.as_ref().and_then(|scope| scope.source.as_ref());
        self.reported(&mut sentence, source, expr, document)?;
        let breach = self.floor(sentence.first.condition, rule, &sentence);
        let resolve = rule.resolve.as_ref().and_then(|resolve| {
            self.resolve_condition(resolve, &sentence, breach.as_ref(), normal)
        });
        let resolve_limit = match (&rule.resolve, &resolve) {
            (Some(written), Some(_)) => self.resolve_limit(written, &sentence),
            _ => None,
        };
        self.breach_direction(expr, &sentence);
        self.of_backlog(&sentence, rule, document)?;
        let scope = rule.scope.as_ref().map_or(Some(Scope::Site), |scope| self.scope(scope));
        if let (Some(by), Some(_)) = (&rule.by, &rule.scope) {
            self.error(by.place, "a rule has `by` or `where`, not both", "write two rules");
        }
        let usual = self.window(rule.window.as_ref(), every);
        let active = rule.hours.as_ref().map(|OneOrMany(hours)| self.on_duty(hours, document));
        let read = Rule {
            text: expr.value.clone(),
            measure: sentence.first.measure,
            good: sentence.first.good,
            breach,
            resolve,
            resolve_limit,
            scope: scope?,
            by: rule.by.map(|by| by.value),
            window: self.own_window(&sentence.first, usual, expr, every),
            hold: self.hold(rule, &sentence, every),
            keep_firing_for: rule.keep_firing_for.unwrap_or(Span::MINUTE),
            no_data_for: rule.no_data_for.unwrap_or(Span::MINUTE * 3),
            min_requests: least(&sentence.first, rule),
            severity: rule.severity.clone(),
            joined: self.joined(&sentence, rule, usual, expr, every),
            active,
            probe: rule.probe.as_ref().map(|probe| probe.value),
        };
        self.probed(&read, rule, document);
        self.knows_normal(&read, expr.place, normal);
        let undecided = rule.lasts.as_ref().is_some_and(|lasts| lasts.value.0.is_none());
        let unmeasured = normal.is_unmeasured(&read);
        if !(sentence.is_open() || undecided || unmeasured) {
            return Some(read);
        }
        let rule = rule.alert.as_ref().map_or(String::new(), |alert| alert.value.clone());
        let point = OpenPoint::OpenRule { rule, text: expr.value.clone() };
        self.finding(FindingKind::Unfilled, Severity::High, point, expr.place);
        Some(Rule { breach: None, joined: Vec::new(), ..read })
    }

    /// The conditions after the first.
    fn joined(
        &mut self,
        sentence: &Expression,
        rule: &WrittenRule,
        usual: Span,
        expr: &Placed<String>,
        every: Span,
    ) -> Vec<JoinedCondition> {
        let mut joined = Vec::new();
        for (by, part) in &sentence.further {
            let Some(breach) = self.floor(part.condition, rule, sentence) else { continue };
            let clause = Clause {
                measure: part.measure,
                good: part.good,
                breach,
                window: self.own_window(part, usual, expr, every),
                min_requests: least(part, rule),
            };
            joined.push(JoinedCondition { by: *by, clause });
        }
        joined
    }

    /// The response time of a resolve condition that was accepted, if it is another one.
    fn resolve_limit(&self, resolve: &Placed<String>, rule: &Expression) -> Option<Span> {
        match expression(&resolve.value).ok()?.first.measure {
            Measure::SlowerThan(limit) if rule.first.measure != Measure::SlowerThan(limit) => {
                Some(limit)
            }
            _ => None,
        }
    }

    fn sentence(&mut self, text: &Placed<String>) -> Option<Expression> {
        let read = expression(&text.value);
        read.map_err(|complaint| self.problems.push(complaint.at(text.place))).ok()
    }

    /// A breach with the rule's floor, if it is a multiple of the error rate.
    fn floor(
        &mut self,
        breach: Option<Condition>,
        rule: &WrittenRule,
        sentence: &Expression,
    ) -> Option<Condition> {
        let Some(floor) = &rule.floor else { return breach };
        let multiple = |part: &ConditionText| match part.condition {
            Some(condition) => {
                part.measure == Measure::ErrorRate
                    && matches!(condition.threshold, Threshold::Baseline { .. })
            }
            // A number that is still open may become one.
            None => true,
        };
        if !sentence.parts().any(multiple) {
            if breach == sentence.first.condition {
                let hint = "leave it out, or write `error_rate > 3x baseline`";
                let message = "only a multiple of the baseline's error rate has a floor";
                self.error(floor.place, message, hint);
            }
            return breach;
        }
        let own = sentence.parts().find(|part| part.condition == breach);
        match breach?.threshold {
            Threshold::Baseline { multiple, .. }
                if own.is_some_and(|own| own.measure == Measure::ErrorRate) =>
            {
                let floor = Some(floor.value.0);
                let threshold = Threshold::Baseline { multiple, floor };
                breach.map(|breach| Condition { threshold, ..breach })
            }
            _ => breach,
        }
    }

    /// True means breach: a share of fast requests is the wrong way round.
    fn breach_direction(&mut self, expr: &Placed<String>, sentence: &Expression) {
        let backwards = |part: &ConditionText| {
            let compare = part.condition.map(|condition| condition.compare);
            matches!(part.measure, Measure::SlowerThan(_)) && compare == Some(Compare::AtMost)
        };
        if sentence.parts().any(backwards) {
            let hint = "write latency > 3s for 10% of traffic";
            self.error(expr.place, "this is a breach while the requests are fast", hint);
        }
    }

    fn resolve_condition(
        &mut self,
        resolve: &Placed<String>,
        rule: &Expression,
        breach: Option<&Condition>,
        normal: &Normal,
    ) -> Option<Condition> {
        let mut sentence = self.sentence(resolve)?;
        if !rule.further.is_empty() || !sentence.further.is_empty() {
            let message = "a rule of several conditions has no `resolve`";
            let hint = "it resolves when they no longer hold, after `keep_firing_for`";
            self.error(resolve.place, message, hint);
            return None;
        }
        if let (Measure::Reports(_), Measure::Reports(_)) =
            (sentence.first.measure, rule.first.measure)
        {
            // Of the same source: `where` is said once.
            sentence.first.measure = rule.first.measure;
        }
        let (ok, own) = (&sentence.first, &rule.first);
        if std::mem::discriminant(&ok.measure) != std::mem::discriminant(&own.measure)
            || (breach.is_some()
                && (ok.good != own.good || !same_but_for_the_limit_itself(ok.measure, own.measure)))
        {
            let message = "`resolve` must measure the same as `expr`";
            self.error(resolve.place, message, "");
            return None;
        }
        if sentence.lasts.is_some() {
            let hint = "write `keep_firing_for: 5m` beside it";
            self.error(resolve.place, "`resolve` has no time of its own", hint);
        }
        if sentence.first.over.is_some_and(|over| Some(over) != rule.first.over) {
            let message = "`resolve` looks over the same window as `expr`";
            self.error(resolve.place, message, "leave `over` out");
        }
        let Some(ok) = sentence.first.condition else {
            let says = "a resolve condition is not filled in";
            let open = Wording::listed(says, resolve.value.clone());
            self.finding(FindingKind::Unfilled, Severity::Medium, open, resolve.place);
            return None;
        };
        let multiple = matches!(ok.threshold, Threshold::Baseline { .. });
        if multiple && normal.baseline.normal(rule.first.measure, START).is_none() && !normal.wrong
        {
            let hint = "add it to `baseline`, or write a number";
            self.error(resolve.place, "`resolve` needs a baseline that says what is normal", hint);
        }
        let breach = breach?;
        let rises = |compare| matches!(compare, Compare::Above | Compare::AtLeast);
        if rises(ok.compare) == rises(breach.compare) {
            let message = "`resolve` says what is ok, this points the same way as the breach";
            self.error(resolve.place, message, "reverse the comparison");
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

    /// The window of a rule, for conditions without one of their own.
    fn window(&mut self, window: Option<&Placed<Span>>, every: Span) -> Span {
        let Some(window) = window else {
            // An interval longer than a minute is its own window.
            return Span(Span::MINUTE.0.div_ceil(every.0) * every.0);
        };
        self.positive(window, "window");
        self.at_most(window, LONGEST, "a window is at most a day");
        self.whole_readings(window, every);
        window.value
    }

    fn whole_readings(&mut self, window: &Placed<Span>, every: Span) {
        if !window.value.0.is_multiple_of(every.0) {
            let message = format!("the window is not a multiple of the interval of {every}");
            self.error(window.place, message, &format!("readings come every {every}"));
        }
    }

    /// The window of a condition: `over 5m`, or that of the rule.
    fn own_window(
        &mut self,
        part: &ConditionText,
        usual: Span,
        expr: &Placed<String>,
        every: Span,
    ) -> Span {
        let Some(value) = part.over else { return usual };
        if value == Span::ZERO || value > LONGEST {
            let message = format!("a window of {value} is not between a reading and a day");
            self.error(expr.place, message, "write over 5m");
            return usual;
        }
        self.whole_readings(&Placed { value, place: expr.place }, every);
        value
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

/// With fewer requests than this in its window a condition does not judge.
fn least(part: &ConditionText, rule: &WrittenRule) -> u64 {
    let counts = matches!(part.measure, Measure::Requests | Measure::Errors | Measure::Reports(_))
        || part.measure.is_about_backlog();
    let usual = match (counts, &rule.probe) {
        (true, _) => 0,
        (false, Some(_)) => 1,
        (false, None) => 20,
    };
    rule.min_requests.unwrap_or(usual)
}

impl Resolver<'_> {
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
            let sentence = text.and_then(|text| Sentence::parse(&text.value));
            if let Some(why) = text.and_then(|text| untunable(&text.value)) {
                let message = format!("the numbers of {} cannot be tried", quoted(&name.value));
                self.error(name.place, message, why);
                continue;
            }
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
