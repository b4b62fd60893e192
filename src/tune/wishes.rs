//! The values to try: flags, the scenario's `tune:`, and numbers that are open.

use super::grid::{Candidate, Grid, default_points};
use crate::names::RuleId;
use crate::scenario::{self, Parameter, Plan, Sentence};

/// Why nothing can be tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untried {
    /// What is wrong.
    pub message: String,
    /// What to do instead; empty if the message says it.
    pub hint: String,
    /// Nothing is wrong with what was asked: there is just nothing to tune.
    pub nothing: bool,
}

fn refuse(message: &str, hint: &str) -> Untried {
    Untried { message: message.to_string(), hint: hint.to_string(), nothing: false }
}

/// What is tried: what --try says, else what the scenario's `tune:` says, else every number that
/// is still open. Each of `tries` is `RULE.NUMBER` and its values as written; an error says what is
/// wrong with them.
pub fn grids(tries: &[(String, String)], plan: &Plan) -> Result<Vec<Grid>, Untried> {
    let mut grids: Vec<Grid> = Vec::new();
    let mut add = |rule: RuleId, parameter: Parameter, points: Vec<String>| {
        let at = grids.iter().position(|grid| grid.rule == rule).unwrap_or_else(|| {
            grids.push(Grid { rule, points: Vec::new() });
            grids.len() - 1
        });
        let known = &mut grids[at].points;
        known.retain(|(other, _)| *other != parameter);
        known.push((parameter, points));
        known.sort_by_key(|(parameter, _)| *parameter);
    };
    for row in &plan.tune {
        add(row.rule, row.parameter, row.points.clone());
    }
    for (index, rule) in plan.playbook.rules.iter().enumerate() {
        let Some(sentence) = Sentence::parse(&rule.text) else { continue };
        let id = RuleId::from(index);
        for parameter in sentence.open() {
            let listed = plan.tune.iter().any(|row| (row.rule, row.parameter) == (id, parameter));
            match default_points(rule, &sentence, parameter) {
                _ if listed => {}
                Some(points) => add(id, parameter, points),
                None => {
                    let name = &plan.names.rules[index];
                    let named = format!("{name}.{}", parameter.word());
                    if !tries.iter().any(|(key, _)| *key == named) {
                        let message = format!("nothing says which values of {named} to try");
                        return Err(refuse(&message, &format!("write --try {named}=1/m..60/m")));
                    }
                }
            }
        }
    }
    for (key, values) in tries {
        let (rule, parameter) = tried(key, plan)?;
        let points = scenario::points(values)
            .map_err(|problem| refuse(&format!("--try {key}={values}: {problem}"), ""))?;
        add(rule, parameter, points);
    }
    for grid in &grids {
        let (rule, name) =
            (&plan.playbook.rules[grid.rule.index()], &plan.names.rules[grid.rule.index()]);
        if let Some(why) = scenario::untunable(&rule.text) {
            return Err(refuse(&format!("the numbers of {name} cannot be tried"), why));
        }
    }
    if grids.is_empty() {
        let hint = "name some: --try RULE.share=1%..20%, or write `?` for a number in a rule";
        let message = "no rule has a number that is open";
        return Err(Untried { nothing: true, ..refuse(message, hint) });
    }
    Ok(grids)
}

/// `SlowPages.share`: a rule and which of its numbers.
fn tried(key: &str, plan: &Plan) -> Result<(RuleId, Parameter), Untried> {
    let numbers = "limit, share, value or for";
    let Some((name, word)) = key.rsplit_once('.') else {
        let hint = format!("write RULE.NUMBER, with one of {numbers}");
        return Err(refuse(&format!("--try {key} names no number of a rule"), &hint));
    };
    let Some(rule) = plan.names.rules.get_index_of(name) else {
        let names: Vec<&str> = plan.names.rules.iter().map(String::as_str).collect();
        let hint = format!("the rules are {}", names.join(", "));
        return Err(refuse(&format!("--try {key}: there is no rule {name}"), &hint));
    };
    let Some(parameter) = Parameter::ALL.into_iter().find(|parameter| parameter.word() == word)
    else {
        let hint = format!("write one of {numbers}");
        return Err(refuse(&format!("--try {key}: a rule has no number {word}"), &hint));
    };
    Ok((rule.into(), parameter))
}

/// The changes of a scenario that put the first of the values in every place that is open: a rule
/// with a number open has no condition yet, and any value will do to have one.
pub fn filled_in(plan: &Plan, grids: &[Grid]) -> Vec<(String, String)> {
    let mut sets = Vec::new();
    for grid in grids {
        let text = &plan.playbook.rules[grid.rule.index()].text;
        let Some(mut sentence) = Sentence::parse(text) else { continue };
        for (parameter, points) in &grid.points {
            sentence = match points.first() {
                Some(first) if sentence.number(*parameter) == Some("?") => {
                    sentence.with(*parameter, first)
                }
                _ => sentence,
            };
        }
        if sentence.text() != *text
            && Sentence::parse(text).is_some_and(|old| !old.open().is_empty())
        {
            let name = &plan.names.rules[grid.rule.index()];
            sets.push((format!("rules.{name}.expr"), sentence.text()));
        }
    }
    sets
}

/// Every combination of the values to be tried, rule by rule, as rules of the plan that was filled
/// in. An error says which value no rule can have.
pub fn candidates(
    filled: &Plan,
    written: &Plan,
    grids: &[Grid],
) -> Result<Vec<Vec<Candidate>>, Untried> {
    let values = |grid: &Grid| {
        let rule = &written.playbook.rules[grid.rule.index()];
        let sentence = Sentence::parse(&rule.text).expect("a checked scenario has its sentences");
        let hint = "see sim tune --help for how values are written";
        grid.candidates(filled, &sentence).map_err(|error| refuse(&error.to_string(), hint))
    };
    grids.iter().map(values).collect()
}
