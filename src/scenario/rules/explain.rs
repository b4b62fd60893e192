//! Every rule as one sentence.

use crate::decision::{Clause, Compare, Hold, Measure, Rule, Threshold, written_limit};
use crate::explanation::RuleExplanation;
use crate::language::written::OneOrMany;
use crate::names::RuleId;
use crate::scenario::document::Document;
use crate::scenario::input_subject::rule_path;
use crate::scenario::inputs::{InputTable, optional};
use crate::scenario::phrases::{chance_per_hour, listed, scope_words, share, short};
use crate::scenario::plan::Plan;
use crate::scenario::rules::noise::{Noise, noise};
use crate::units::{Span, Time, grouped, product, rest_of_one};

/// All rules, in file order.
pub fn rules(plan: &Plan) -> Vec<RuleExplanation> {
    let rules = plan.playbook.rules.iter().zip(&plan.names.rules).enumerate();
    let told = |(index, (rule, alert)): (usize, (&Rule, &String))| {
        let noise = noise(plan, rule);
        RuleExplanation {
            alert: alert.clone(),
            sentence: sentence(plan, RuleId::from(index), rule),
            false_alarm: noise.map(|noise| alarm(plan, &noise)),
            false_alarm_per_hour: noise.map(|noise| noise.per_hour),
        }
    };
    rules.map(told).collect()
}

fn alarm(plan: &Plan, noise: &Noise) -> String {
    let chance = chance_per_hour(noise.per_hour);
    if noise.per_hour <= 1e-6 {
        return chance;
    }
    let how = if noise.tried { "about" } else { "at most" };
    format!("{how} {chance}, worst at {}", plan.calendar.clock(noise.at))
}

fn sentence(plan: &Plan, id: RuleId, rule: &Rule) -> String {
    if rule.measure == Measure::Noticed {
        return format!(
            "Is told when it is {}, after the times of the faults. {}",
            rule.text,
            opens(plan, id)
        );
    }
    if rule.breach.is_none() {
        return format!("Is not filled in yet ({}): it is never judged.", rule.text);
    }
    let (fires, least_of) = match rule.probe {
        Some(every) => (format!("Sends a probe every {every}, and fires"), "answered probes"),
        None => ("Fires".to_string(), "requests"),
    };
    let who = match rule.by {
        Some(dimension) => format!("of any one {}", dimension.word()),
        None => format!("of {}", scope_words(&plan.names, rule.scope)),
    };
    let what = conditions(plan, rule, &who);
    let held = match rule.hold {
        Hold::For(Span::ZERO) => String::new(),
        Hold::For(span) => format!(", for {span}"),
        Hold::Of { n, of } => format!(", in {n} of {of} readings"),
    };
    let mut text = format!("{fires} when {what}{held}. ");
    let least = rule.clauses().map(|clause| clause.min_requests).max().unwrap_or(0);
    if least > u64::from(rule.probe.is_some()) {
        text += &format!("Needs {least} {least_of} to judge. ");
    }
    if let Some(active) = &rule.active {
        text += &format!("Active only {}. ", times(plan, active));
    }
    text += &match rule.resolve {
        Some(ok) => {
            let first = Clause { breach: ok, ..rule.clauses().next().expect("it has a breach") };
            let ok = condition(plan, &first, &who);
            format!("Resolves after {} of: {ok}. ", rule.keep_firing_for)
        }
        None => format!("Resolves after {} without a breach. ", rule.keep_firing_for),
    };
    text + &opens(plan, id)
}

/// The plays that a rule opens.
fn opens(plan: &Plan, id: RuleId) -> String {
    let plays = plan.playbook.plays.iter().zip(&plan.names.plays);
    let opens = plays.filter(|(play, _)| play.is_opened_by(id));
    let opens: Vec<String> = opens.map(|(_, name)| name.clone()).collect();
    match opens.is_empty() {
        true => "Opens no play.".to_string(),
        false => format!("Opens {}.", listed(&opens, "and")),
    }
}

/// All conditions of a rule, each with the window that it looks back over.
fn conditions(plan: &Plan, rule: &Rule, who: &str) -> String {
    let one = |clause: &Clause| {
        let condition = condition(plan, clause, who);
        match clause.measure.is_about_backlog() {
            true => condition,
            false => format!("{condition} over the last {}", clause.window),
        }
    };
    let all = |clauses: Vec<Clause>| clauses.iter().map(one).collect::<Vec<_>>().join(" and ");
    rule.alternatives().into_iter().map(all).collect::<Vec<_>>().join(", or ")
}

/// Stretches of the run, the first few of them.
fn times(plan: &Plan, active: &[(Time, Time)]) -> String {
    // A choice: three mornings show the pattern of weeks.
    const SHOWN: usize = 3;
    let clock = |time: &Time| plan.calendar.clock(*time);
    let shown = active.iter().take(SHOWN);
    let mut shown: Vec<String> =
        shown.map(|(from, to)| format!("from {} to {}", clock(from), clock(to))).collect();
    match active.len() {
        0 => return "outside this run".to_string(),
        n if n > SHOWN => shown.push(format!("{} times more", n - SHOWN)),
        _ => {}
    }
    listed(&shown, "and")
}

fn condition(plan: &Plan, clause: &Clause, who: &str) -> String {
    let compare = match clause.breach.compare {
        Compare::Above => "more than",
        Compare::AtLeast => "at least",
        Compare::Below => "less than",
        Compare::AtMost => "at most",
    };
    let (level, why) = level(plan, clause);
    let what = if clause.good { "good answers" } else { "requests" };
    match clause.measure {
        Measure::ErrorRate => {
            format!("{compare} {} of the requests {who} fail{why}", share(level))
        }
        Measure::GivenUp => {
            format!("{compare} {} of the requests {who} are given up", share(level))
        }
        Measure::SlowerThan(limit) => {
            let (at_least, limit) = written_limit(limit);
            let longer = if at_least { "at least" } else { "longer than" };
            format!("{compare} {} of the {what} {who} take {longer} {limit}", share(level))
        }
        Measure::Latency(quantile) => {
            let (limit, rest) = (Span::from_seconds(level), share(rest_of_one(quantile)));
            format!("{rest} of the {what} {who} take {compare} {limit}{why}")
        }
        Measure::Reports(source) => {
            let source = &plan.reports[usize::from(source)].name;
            format!(
                "the reports of users to {source} are {compare} {} an hour",
                short(level * 3_600.0)
            )
        }
        Measure::Backlog => {
            format!("{compare} {} requests {who} are waiting", grouped(level as u64))
        }
        Measure::BacklogAge => {
            let waited = Span::from_seconds(level);
            format!("the oldest request {who} that is waiting has waited {compare} {waited}")
        }
        Measure::Noticed => "people notice it".to_string(),
        Measure::Requests => {
            format!("the requests {who} are {compare} {} a minute{why}", short(level * 60.0))
        }
        Measure::Errors => {
            format!("{compare} {} requests {who} fail a minute", short(level * 60.0))
        }
    }
}

/// The level at the start, and which of multiple and floor it comes from.
fn level(plan: &Plan, clause: &Clause) -> (f64, String) {
    let (multiple, floor) = match clause.breach.threshold {
        Threshold::Fixed(level) => return (level, String::new()),
        Threshold::Baseline { multiple, floor } => (multiple, floor),
    };
    let start = (Time::ZERO, Time::ZERO);
    let normal = plan.playbook.baseline.normal(clause.measure, start).unwrap_or_default();
    let times = product(multiple, normal);
    match clause.measure {
        Measure::ErrorRate => match floor {
            Some(floor) if floor > times => {
                (floor, format!(" (the floor; {multiple}x baseline is {})", share(times)))
            }
            _ => (times, format!(" ({multiple}x the baseline of {})", share(normal))),
        },
        Measure::Requests => {
            let part = share(multiple);
            (times, format!(" at the start ({part} of what is normal at each hour of the week)"))
        }
        _ => (times, format!(" ({multiple}x the baseline of {})", Span::from_seconds(normal))),
    }
}

impl InputTable<'_> {
    /// The inputs of the rules and of the monitoring.
    pub fn rules(&mut self, document: &Document, plan: &Plan) {
        let rules = document.rules.iter().flatten().zip(&plan.playbook.rules);
        for (index, (keys, rule)) in rules.enumerate() {
            let written = &keys.written;
            self.at(rule_path(index));
            self.row(written, "alert", &plan.names.rules[index]);
            self.row(written, "expr", &rule.text);
            let said = if written.iter().any(|key| key.value == "for") { "for" } else { "expr" };
            let hold = match rule.hold {
                Hold::For(span) => span.to_string(),
                Hold::Of { n, of } => format!("{n} of {of}"),
            };
            let place = written.iter().find(|key| key.value == said).map(|key| key.place);
            let place = place.filter(|_| said == "for" || rule.hold != Hold::For(Span::ZERO));
            self.place(format!("{}.for", rule_path(index)), hold, place);
            if let Some(OneOrMany(hours)) = &keys.hours {
                let names: Vec<String> = hours.iter().map(|name| name.value.clone()).collect();
                self.row(written, "hours", listed(&names, "and"));
            }
            self.row(written, "window", rule.window);
            if let Some(every) = rule.probe {
                self.row(written, "probe", every);
            }
            self.row(written, "min_requests", rule.min_requests);
            self.row(written, "keep_firing_for", rule.keep_firing_for);
            self.row(written, "no_data_for", rule.no_data_for);
            self.row(
                written,
                "resolve",
                keys.resolve.as_ref().map_or("not a breach", |r| &r.value),
            );
            self.row(written, "severity", optional(rule.severity.clone()));
        }
    }
}
