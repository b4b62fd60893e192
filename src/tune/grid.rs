//! The candidates of a rule: every combination of the values to be tried.

use crate::decision::{Measure, Rule};
use crate::names::RuleId;
use crate::scenario::{BaselineForm, Parameter, Plan, Sentence, reworded};
use crate::units::Span;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The most candidates of a rule that are tried. A choice: three ranges have 216, two of the
/// longest lists 2,500; every day that is kept is judged with each of them.
const MOST: usize = 5_000;

/// A rule with one set of numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The numbers that were varied, as they stand in the sentence.
    pub numbers: Vec<(Parameter, String)>,
    /// The rule with them.
    pub rule: Rule,
    /// `for:` beside the sentence, where it is not part of it.
    pub beside: Option<Span>,
}

impl Candidate {
    /// The rule's sentence with its time: `latency > 3s for 10% of traffic, for 60s`.
    pub fn words(&self) -> String {
        match self.beside {
            Some(span) => format!("{}, for {span}", self.rule.text),
            None => self.rule.text.clone(),
        }
    }

    /// What `--set` must be given to use it.
    pub fn sets(&self, alert: &str) -> Vec<(String, String)> {
        let mut sets = vec![(format!("rules.{alert}.expr"), self.rule.text.clone())];
        sets.extend(self.beside.map(|span| (format!("rules.{alert}.for"), short(span))));
        sets
    }
}

fn short(span: Span) -> String {
    match span.0 % 1_000_000_000 {
        0 => format!("{}s", span.0 / 1_000_000_000),
        _ => format!("{}ms", span.0 / 1_000_000),
    }
}

/// What is tried for one rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// The rule.
    pub rule: RuleId,
    /// Values by number.
    pub points: Vec<(Parameter, Vec<String>)>,
}

/// Why there is nothing to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GridError {
    /// The rule has no such number.
    NoSuchNumber { alert: String, parameter: Parameter },
    /// A value does not fit into the sentence.
    BadValue { alert: String, problem: String },
    /// Too many combinations.
    TooMany { alert: String, count: usize },
    /// A number is open and no values are known for it.
    NoValues { alert: String, parameter: Parameter },
}

impl fmt::Display for GridError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GridError::NoSuchNumber { alert, parameter } => {
                write!(f, "rule {alert} has no {} to try", parameter.word())
            }
            GridError::BadValue { alert, problem } => write!(f, "rule {alert}: {problem}"),
            GridError::TooMany { alert, count } => {
                write!(f, "rule {alert}: {count} combinations are too many, at most {MOST}")
            }
            GridError::NoValues { alert, parameter } => {
                write!(
                    f,
                    "rule {alert}: nothing says which values of its {} to try",
                    parameter.word()
                )
            }
        }
    }
}

impl std::error::Error for GridError {}

/// What is tried for a number where nobody has said so; `None`: that depends on the site too much.
pub fn default_points(
    rule: &Rule,
    sentence: &Sentence,
    parameter: Parameter,
) -> Option<Vec<String>> {
    let of_baseline = sentence.of_baseline();
    let percent = of_baseline == Some(BaselineForm::Percent);
    let multiple = of_baseline == Some(BaselineForm::Multiple);
    let words: &[&str] = match (parameter, rule.measure) {
        (Parameter::Limit, _) => &["500ms", "1s", "2s", "3s", "5s", "8s"],
        (Parameter::Share, _) => &["1%", "2%", "5%", "10%", "20%", "30%"],
        (Parameter::For, _) => &["0s", "30s", "60s", "120s", "180s", "300s"],
        (Parameter::Value, _) if percent => &["150%", "200%", "300%", "500%", "1000%"],
        (Parameter::Value, Measure::ErrorRate) if multiple => &["2", "3", "5", "10", "30", "100"],
        (Parameter::Value, Measure::ErrorRate | Measure::GivenUp) => {
            &["0.5%", "1%", "2%", "3%", "5%", "10%"]
        }
        (Parameter::Value, Measure::Latency(_)) if multiple => &["1.5", "2", "3", "5", "10"],
        (Parameter::Value, Measure::Latency(_)) => &["500ms", "1s", "2s", "3s", "5s", "8s"],
        (Parameter::Value, _) => return None,
    };
    Some(words.iter().map(|word| word.to_string()).collect())
}

impl Grid {
    /// Every combination. `plan` has the rule filled in, `sentence` is the team's own, and a time
    /// to hold is a whole number of readings.
    pub fn candidates(
        &self,
        plan: &Plan,
        sentence: &Sentence,
    ) -> Result<Vec<Candidate>, GridError> {
        let alert = || plan.names.rules[self.rule.index()].clone();
        let rule = &plan.playbook.rules[self.rule.index()];
        let count = self.points.iter().map(|(_, points)| points.len()).product();
        if count > MOST {
            return Err(GridError::TooMany { alert: alert(), count });
        }
        let mut rows: Vec<Vec<(Parameter, String)>> = vec![Vec::new()];
        for (parameter, points) in &self.points {
            if *parameter != Parameter::For && sentence.number(*parameter).is_none() {
                return Err(GridError::NoSuchNumber { alert: alert(), parameter: *parameter });
            }
            let longer = |row: &Vec<(Parameter, String)>| {
                let with = |point: &String| [&row[..], &[(*parameter, point.clone())]].concat();
                points.iter().map(with).collect::<Vec<_>>()
            };
            rows = rows.iter().flat_map(longer).collect();
        }
        let every = plan.telemetry.every;
        let candidate = |numbers| candidate(rule, sentence, numbers, every);
        let candidates: Result<Vec<Candidate>, String> = rows.into_iter().map(candidate).collect();
        let mut candidates =
            candidates.map_err(|problem| GridError::BadValue { alert: alert(), problem })?;
        let mut seen: Vec<Vec<(Parameter, String)>> = Vec::new();
        candidates.retain(|candidate| {
            let new = !seen.contains(&candidate.numbers);
            if new {
                seen.push(candidate.numbers.clone());
            }
            new
        });
        Ok(candidates)
    }
}

fn candidate(
    rule: &Rule,
    sentence: &Sentence,
    mut numbers: Vec<(Parameter, String)>,
    every: Span,
) -> Result<Candidate, String> {
    let mut sentence = sentence.clone();
    let mut beside = None;
    for (parameter, number) in &mut numbers {
        if *parameter != Parameter::For {
            sentence = sentence.with(*parameter, number);
            continue;
        }
        let span = span(number).ok_or_else(|| format!("{number} is not a duration"))?;
        let span = Span(span.0.div_ceil(every.0) * every.0);
        *number = short(span);
        match sentence.number(Parameter::For) {
            Some(_) => sentence = sentence.with(Parameter::For, number),
            None => beside = Some(span),
        }
    }
    let rule = reworded(rule, &sentence, beside)?;
    Ok(Candidate { numbers, rule, beside })
}

/// A time as [`crate::scenario::points`] writes it.
fn span(text: &str) -> Option<Span> {
    if let Some(millis) = text.strip_suffix("ms") {
        return millis.parse().ok().map(|millis: f64| Span::from_seconds(millis / 1e3));
    }
    text.strip_suffix('s')?.parse().ok().map(Span::from_seconds)
}
