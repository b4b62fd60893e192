//! The numbers of a rule's sentence one by one: which of them are open, and the sentence with other
//! numbers in their place.

use crate::decision::{Hold, Measure, Rule, Threshold};
use crate::scenario::rules::expression::{expression, spaced};
use crate::units::Span;
use serde::{Deserialize, Serialize};

/// A number of a rule that can be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Parameter {
    /// `latency > LIMIT for 10% of traffic`.
    Limit,
    /// `latency > 3s for SHARE of traffic`.
    Share,
    /// `error_rate > VALUE`, `error_rate > VALUEx baseline`, `latency p95 > VALUE`.
    Value,
    /// `for: FOR`, or `for FOR` in the sentence.
    For,
}

impl Parameter {
    /// All of them, in the order in which they are tried.
    pub const ALL: [Parameter; 4] =
        [Parameter::Limit, Parameter::Share, Parameter::Value, Parameter::For];

    /// The word in files and flags.
    pub fn word(self) -> &'static str {
        match self {
            Parameter::Limit => "limit",
            Parameter::Share => "share",
            Parameter::Value => "value",
            Parameter::For => "for",
        }
    }
}

/// A rule's sentence, and where its numbers stand in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    words: Vec<String>,
    places: Vec<(Parameter, usize)>,
}

impl Sentence {
    /// The sentence of a rule; `None` if it is not understood.
    pub fn parse(text: &str) -> Option<Sentence> {
        // Which number of several conditions a value is for, nobody could say.
        expression(text).ok().filter(|read| read.further.is_empty())?;
        let words: Vec<String> = spaced(text).split_whitespace().map(str::to_string).collect();
        let quantile = words[0] == "latency" && words[1].starts_with('p');
        let compares = |word: &String| word.starts_with(['<', '>']);
        let first = words.iter().position(compares)? + 1;
        let limit = words[0] == "latency" && !quantile;
        let mut places = vec![(if limit { Parameter::Limit } else { Parameter::Value }, first)];
        for (at, word) in words.iter().enumerate().skip(first).filter(|(_, word)| *word == "for") {
            let of_traffic = words.get(at + 2).is_some_and(|word| word == "of");
            places.push((if of_traffic { Parameter::Share } else { Parameter::For }, at + 1));
            debug_assert_eq!(word, "for");
        }
        Some(Sentence { words, places })
    }

    /// The number that is there: `3s`, `10%`, `?`; without the `x` of a multiple.
    pub fn number(&self, parameter: Parameter) -> Option<&str> {
        let (_, place) = self.places.iter().find(|(other, _)| *other == parameter)?;
        Some(self.words[*place].trim_end_matches(['x', '×']))
    }

    /// How it compares with what is normal; `None`: it does not.
    pub fn of_baseline(&self) -> Option<BaselineForm> {
        let at = self.words.iter().position(|word| word.starts_with("baseline"))?;
        let percent =
            matches!(&self.words[..at], [.., number, of] if number.ends_with('%') && of == "of");
        Some(if percent { BaselineForm::Percent } else { BaselineForm::Multiple })
    }

    /// The numbers that are still `?`.
    pub fn open(&self) -> Vec<Parameter> {
        let open = |parameter: &Parameter| self.number(*parameter) == Some("?");
        Parameter::ALL.into_iter().filter(open).collect()
    }

    /// The same with another number there; unchanged where the sentence has no such number.
    pub fn with(&self, parameter: Parameter, number: &str) -> Sentence {
        let mut sentence = self.clone();
        for (_, place) in self.places.iter().filter(|(other, _)| *other == parameter) {
            let word = &mut sentence.words[*place];
            let multiple = word.len() > 1 && word.ends_with(['x', '×']) || *word == "?x";
            *word = if multiple { format!("{number}x") } else { number.to_string() };
        }
        sentence
    }

    /// As a rule writes it.
    pub fn text(&self) -> String {
        self.words.join(" ")
    }
}

/// How a sentence compares with what is normal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BaselineForm {
    /// `300% of baseline`.
    Percent,
    /// `10x baseline`.
    Multiple,
}

/// Why the numbers of a sentence cannot be tried one against the other, if they cannot.
pub fn untunable(text: &str) -> Option<&'static str> {
    let read = expression(text).ok()?;
    if !read.further.is_empty() {
        return Some("it has several conditions: tune each in a rule of its own, then join them");
    }
    let hourly = read.first.condition.is_some_and(|condition| {
        matches!(condition.threshold, Threshold::Baseline { .. })
            && read.first.measure == Measure::Requests
    });
    hourly.then_some("its threshold moves with the hours of the week: try shares by `--set`")
}

/// A rule that is filled in, with another sentence and another time to hold; everything else, its
/// floor among it, stays. The error says what is wrong with the sentence.
pub fn reworded(rule: &Rule, sentence: &Sentence, holds: Option<Span>) -> Result<Rule, String> {
    let text = sentence.text();
    let read = expression(&text).map_err(|complaint| match complaint.hint {
        Some(hint) => format!("{text}: {} ({hint})", complaint.message),
        None => format!("{text}: {}", complaint.message),
    })?;
    let Some(mut breach) = read.first.condition else {
        return Err(format!("{text}: a number is still open"));
    };
    let before = rule.breach.map(|breach| breach.threshold);
    if let (Threshold::Baseline { floor, .. }, Some(Threshold::Baseline { floor: own, .. })) =
        (&mut breach.threshold, before)
    {
        *floor = own;
    }
    let hold = match (holds, read.lasts) {
        (Some(span), _) | (None, Some(Some(span))) => Hold::For(span),
        (None, _) => rule.hold,
    };
    let (measure, good) = (read.first.measure, read.first.good);
    Ok(Rule { text, measure, good, breach: Some(breach), hold, ..rule.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_and_replaced() {
        let launch = Sentence::parse("latency > ? for ? for ? of traffic").expect("a sentence");
        assert_eq!(launch.open(), [Parameter::Limit, Parameter::Share, Parameter::For]);
        let filled = launch
            .with(Parameter::Limit, "3s")
            .with(Parameter::Share, "10%")
            .with(Parameter::For, "60s");
        assert_eq!(filled.text(), "latency > 3s for 60s for 10% of traffic");
        assert_eq!(filled.number(Parameter::Share), Some("10%"));
        assert!(filled.open().is_empty());
        for (text, parameter, number, replaced) in [
            ("error_rate>5%", Parameter::Value, "2%", "error_rate > 2%"),
            (
                "error_rate >= ?x baseline for 2m",
                Parameter::Value,
                "4",
                "error_rate >= 4x baseline for 2m",
            ),
            ("error_rate > 3x baseline", Parameter::Value, "5", "error_rate > 5x baseline"),
            ("latency p95 > 2s for ?", Parameter::For, "30s", "latency p95 > 2s for 30s"),
            ("latency p95 > ?", Parameter::Value, "800ms", "latency p95 > 800ms"),
            ("requests < 1/m", Parameter::Value, "2/m", "requests < 2/m"),
            ("requests < 1/m", Parameter::Share, "2%", "requests < 1/m"),
        ] {
            let sentence = Sentence::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(sentence.with(parameter, number).text(), replaced, "{text}");
        }
        assert_eq!(Sentence::parse("latency is bad"), None);
    }
}
