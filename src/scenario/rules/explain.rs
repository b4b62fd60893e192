//! Every rule as one sentence.

use crate::decision::{BoundBy, Compare, Condition, Hold, Measure, Rule, Threshold, written_limit};
use crate::names::RuleId;
use crate::scenario::document::Document;
use crate::scenario::inputs::{Table, optional};
use crate::scenario::phrases::{chance_per_hour, listed, scope_words, share, short};
use crate::scenario::plan::Plan;
use crate::scenario::rules::noise::{Noise, noise};
use crate::units::{Span, rest_of_one};
use serde::Serialize;

/// A rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleTold {
    pub alert: String,
    pub sentence: String,
    /// How often it fires although nothing is wrong; `None` if it is not filled in.
    pub false_alarm: Option<String>,
    /// The same as a number: at most this chance per hour.
    pub false_alarm_per_hour: Option<f64>,
}

/// All rules, in file order.
pub fn rules(plan: &Plan) -> Vec<RuleTold> {
    let rules = plan.playbook.rules.iter().zip(&plan.names.rules).enumerate();
    let told = |(index, (rule, alert)): (usize, (&Rule, &String))| {
        let noise = noise(plan, rule);
        RuleTold {
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
    let Some(breach) = rule.breach else {
        return format!("Is not filled in yet ({}): it is never judged.", rule.text);
    };
    let who = match rule.by {
        Some(dimension) => format!("of any one {}", dimension.word()),
        None => format!("of {}", scope_words(&plan.names, rule.scope)),
    };
    let what = condition(plan, rule.measure, breach, &who);
    let held = match rule.hold {
        Hold::For(Span::ZERO) => String::new(),
        Hold::For(span) => format!(", for {span}"),
        Hold::Of { n, of } => format!(", in {n} of {of} readings"),
    };
    let mut text = format!("Fires when {what} over the last {}{held}. ", rule.window);
    if rule.min_requests > 0 {
        text += &format!("Needs {} requests to judge. ", rule.min_requests);
    }
    text += &match rule.resolve {
        Some(ok) => {
            let ok = condition(plan, rule.measure, ok, &who);
            format!("Resolves after {} of: {ok}. ", rule.keep_firing_for)
        }
        None => format!("Resolves after {} without. ", rule.keep_firing_for),
    };
    let plays = plan.playbook.plays.iter().zip(&plan.names.plays);
    let opens = plays.filter(|(play, _)| play.is_opened_by(id));
    let opens: Vec<String> = opens.map(|(_, name)| name.clone()).collect();
    text += &match opens.is_empty() {
        true => "Opens no play.".to_string(),
        false => format!("Opens {}.", listed(&opens, "and")),
    };
    text
}

fn condition(plan: &Plan, measure: Measure, condition: Condition, who: &str) -> String {
    let compare = match condition.compare {
        Compare::Above => "more than",
        Compare::AtLeast => "at least",
        Compare::Below => "less than",
        Compare::AtMost => "at most",
    };
    let (level, why) = level(plan, condition.threshold);
    match measure {
        Measure::ErrorRate => {
            format!("{compare} {} of the requests {who} fail{why}", share(level))
        }
        Measure::GivenUp => {
            format!("{compare} {} of the requests {who} are given up", share(level))
        }
        Measure::SlowerThan(limit) => {
            let (at_least, limit) = written_limit(limit);
            let longer = if at_least { "at least" } else { "longer than" };
            format!("{compare} {} of the requests {who} take {longer} {limit}", share(level))
        }
        Measure::Latency(quantile) => {
            let limit = Span::from_seconds(level);
            format!("{} of the requests {who} take {compare} {limit}", share(rest_of_one(quantile)))
        }
        Measure::Requests => {
            format!("the requests {who} are {compare} {} a minute", short(level * 60.0))
        }
    }
}

/// The level, and which of multiple and floor it comes from.
fn level(plan: &Plan, threshold: Threshold) -> (f64, String) {
    let line = threshold.line(plan.playbook.baseline);
    let why = match (threshold, line.bound_by) {
        (Threshold::Baseline { multiple, .. }, BoundBy::Floor) => {
            let times = share(line.multiple.unwrap_or_default());
            format!(" (the floor; {multiple}x baseline is {times})")
        }
        (Threshold::Baseline { multiple, .. }, _) => {
            format!(" ({multiple}x the baseline of {})", share(line.baseline.unwrap_or_default()))
        }
        (Threshold::Fixed(_), _) => String::new(),
    };
    (line.threshold, why)
}

impl Table<'_> {
    /// The inputs of the rules and of the monitoring.
    pub fn rules(&mut self, document: &Document, plan: &Plan) {
        let rules = document.rules.iter().flatten().zip(&plan.playbook.rules);
        for (index, (keys, rule)) in rules.enumerate() {
            let written = &keys.written;
            self.at(format!("rules.{index}"));
            self.row(written, "alert", &plan.names.rules[index]);
            self.row(written, "expr", &rule.text);
            let said = if written.iter().any(|key| key.value == "for") { "for" } else { "expr" };
            let hold = match rule.hold {
                Hold::For(span) => span.to_string(),
                Hold::Of { n, of } => format!("{n} of {of}"),
            };
            let place = written.iter().find(|key| key.value == said).map(|key| key.place);
            let place = place.filter(|_| said == "for" || rule.hold != Hold::For(Span::ZERO));
            self.place(format!("rules.{index}.for"), hold, place);
            self.row(written, "window", rule.window);
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
