//! Every rule as one sentence.

use crate::decision::{Compare, Condition, Hold, Measure, Rule, Threshold, Trigger};
use crate::names::RuleId;
use crate::scenario::explain::listed;
use crate::scenario::plan::Plan;
use crate::scenario::sense::noise::{Noise, noise};
use crate::scenario::sense::scope_words;
use crate::scenario::sense::words::{chance_per_hour, share};
use crate::units::{Span, product, rest_of_one};
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
    let opens = plays.filter(|(play, _)| play.when.contains(&Trigger::Fires(id)));
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
            format!("{compare} {} of the requests {who} take longer than {limit}", share(level))
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
    let baseline = plan.playbook.baseline.error_rate.unwrap_or_default().0;
    match threshold {
        Threshold::Fixed(level) => (level, String::new()),
        Threshold::Baseline { multiple, floor } => {
            let times = product(multiple, baseline);
            match floor {
                Some(floor) if floor > times => {
                    (floor, format!(" (the floor; {multiple}x baseline is {})", share(times)))
                }
                _ => (times, format!(" ({multiple}x the baseline of {})", share(baseline))),
            }
        }
    }
}

/// At most two decimals, none of them superfluous.
pub fn short(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}
