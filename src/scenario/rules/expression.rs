//! The team's own sentences about thresholds: `error_rate > 3x baseline for 2m`, and several of
//! them joined by `and` and `or`.
//!
//! Read by hand, so that a sentence that is wrong is answered with how to write it, not with what a
//! grammar expected.

use crate::decision::Join;
use crate::language::problem::quoted;
use crate::language::word::ValueError;
use crate::scenario::rules::condition::{ConditionText, EXAMPLE, condition};
use crate::units::Span;

/// A sentence, understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    pub first: ConditionText,
    /// Further conditions; `and` binds closer than `or`.
    pub further: Vec<(Join, ConditionText)>,
    /// The sentence says how long; `None` inside: `for ?`.
    pub lasts: Option<Option<Span>>,
}

impl Expression {
    /// All its conditions.
    pub fn parts(&self) -> impl Iterator<Item = &ConditionText> {
        [&self.first].into_iter().chain(self.further.iter().map(|(_, part)| part))
    }

    /// A number is still `?`.
    pub fn is_open(&self) -> bool {
        self.lasts == Some(None) || self.parts().any(|part| part.condition.is_none())
    }
}

/// More conditions than this are more than anybody can reason about.
const MOST: usize = 16;

/// Reads a sentence.
pub fn expression(text: &str) -> Result<Expression, ValueError> {
    let spaced = spaced(text);
    let all: Vec<&str> = spaced.split_whitespace().collect();
    if all.is_empty() {
        return Err(ValueError::new("a rule is empty", EXAMPLE));
    }
    other_language(&all)?;
    let mut further: Vec<(Join, ConditionText)> = Vec::new();
    let (mut first, mut lasts, mut by) = (None, None, Join::And);
    let mut rest = &all[..];
    loop {
        let end = rest.iter().position(|word| matches!(*word, "and" | "or"));
        let (part, held) = condition(&rest[..end.unwrap_or(rest.len())])?;
        match first {
            None => first = Some(part),
            Some(_) => further.push((by, part)),
        }
        if further.len() >= MOST {
            let message = format!("a rule has at most {MOST} conditions");
            return Err(ValueError::new(message, "write several rules"));
        }
        let Some(at) = end else {
            lasts = held.or(lasts);
            break;
        };
        if held.is_some() {
            let message = "a condition has no `for` of its own: the rule as a whole is held";
            return Err(ValueError::new(message, "write it once: `for: 2m` beside `expr`"));
        }
        by = if rest[at] == "or" { Join::Or } else { Join::And };
        rest = &rest[at + 1..];
        if rest.is_empty() {
            let message = format!("a condition is missing after {}", quoted(all[all.len() - 1]));
            return Err(ValueError::new(message, EXAMPLE));
        }
    }
    Ok(Expression { first: first.expect("there are words"), further, lasts })
}

/// The words of a sentence with spaces around its comparisons.
pub(super) fn spaced(text: &str) -> String {
    let spaced = ["<", ">", "="]
        .iter()
        .fold(text.to_string(), |text, sign| text.replace(sign, &format!(" {sign} ")));
    spaced.replace(">  =", ">=").replace("<  =", "<=")
}

/// Conditions joined as other tools join them.
fn other_language(words: &[&str]) -> Result<(), ValueError> {
    let joined = |word: &str| match word {
        "&&" | "&" | "AND" | "And" => Some("and"),
        "||" | "|" | "OR" | "Or" => Some("or"),
        _ => None,
    };
    for word in words {
        if let Some(plain) = joined(word) {
            let message = format!("{} is not understood here", quoted(word));
            return Err(ValueError::new(message, format!("write {plain}")));
        }
        if matches!(*word, "not" | "unless" | "NOT") {
            let message = format!("{} is not understood here", quoted(word));
            return Err(ValueError::new(message, "reverse the comparison"));
        }
        if word.contains(['(', ')', '[', ']']) {
            let message = format!("there are no brackets here: {}", quoted(word));
            let hint = "`and` binds closer than `or`: write the alternatives one after the \
                        other; a window is `over 5m`";
            return Err(ValueError::new(message, hint));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::{Compare, Condition, Measure, Threshold};

    const MINUTE: Span = Span::MINUTE;

    fn understood(text: &str) -> (Measure, Option<Condition>, Option<Option<Span>>) {
        let e = expression(text).unwrap_or_else(|complaint| panic!("{text}: {complaint:?}"));
        (e.first.measure, e.first.condition, e.lasts)
    }

    fn fixed(compare: Compare, value: f64) -> Option<Condition> {
        Some(Condition { compare, threshold: Threshold::Fixed(value) })
    }

    #[test]
    fn sentences_of_the_launch_plan() {
        use Measure::*;
        let above = |value| fixed(Compare::Above, value);
        let slow = SlowerThan(Span::from_secs(3));
        assert_eq!(understood("error_rate > 5%"), (ErrorRate, above(0.05), None));
        assert_eq!(understood("error_rate>=5%").1, fixed(Compare::AtLeast, 0.05));
        assert_eq!(understood("latency > 3s for 10% of traffic"), (slow, above(0.1), None));
        assert_eq!(
            understood("latency > 3s for 60s for 10% of traffic"),
            (slow, above(0.1), Some(Some(MINUTE)))
        );
        assert_eq!(understood("latency p95 > 2s"), (Latency(0.95), above(2.0), None));
        assert_eq!(understood("requests < 60/m"), (Requests, fixed(Compare::Below, 1.0), None));
        let multiple = Threshold::Baseline { multiple: 3.0, floor: None };
        assert_eq!(
            understood("error_rate > 3x baseline for 1m"),
            (
                ErrorRate,
                Some(Condition { compare: Compare::Above, threshold: multiple }),
                Some(Some(MINUTE))
            )
        );
    }

    #[test]
    fn sentences_that_are_not_filled_in() {
        assert_eq!(understood("latency > ? for ? for ? of traffic").1, None);
        assert_eq!(understood("latency > 3s for ? of traffic").1, None);
        assert_eq!(understood("error_rate > ?x baseline").1, None);
        assert_eq!(understood("error_rate > ?").1, None);
        assert_eq!(understood("error_rate > 5% for ?").2, Some(None));
    }

    #[test]
    fn sentences_that_are_not_understood() {
        for (text, message) in [
            ("", "a rule is empty"),
            ("error_rat > 5%", "`error_rat` is not something a rule can measure"),
            ("error_rate 5%", "expected a comparison, this is `5%`"),
            ("error_rate >", "a number is missing"),
            ("error_rate > 5", "`5` is not a percentage"),
            ("error_rate > 3x", "3x of what?"),
            ("error_rate > 5% of traffic", "`of` is not understood here"),
            ("latency > 3s", "a latency rule must say for how many of the requests"),
            ("latency p100 > 3s", "there is no p100"),
            ("latency > 3 for 10% of traffic", "`3` is not a duration"),
            ("requests < 1", "`1` is not a rate"),
            ("requests < 50%", "`50%` of what?"),
            ("errors > 5%", "`5%` is a share, not a number of errors"),
            ("latency > 2x baseline", "the baseline knows percentiles of the response times"),
            ("error_rate > 5% && latency p95 > 2s", "`&&` is not understood here"),
            ("(error_rate > 5%)", "there are no brackets here: `(error_rate`"),
            ("error_rate > 5% and", "a condition is missing after `and`"),
            ("and error_rate > 5%", "a condition is missing"),
            (
                "error_rate > 5% for 2m and errors > 5/m",
                "a condition has no `for` of its own: the rule as a whole is held",
            ),
            ("error_rate > 5% over", "over how long?"),
            ("requests < 1/m of good answers", "only response times are those of good answers"),
        ] {
            assert_eq!(expression(text).expect_err(text).message, message, "{text}");
        }
    }

    #[test]
    fn conditions_are_joined_and_have_windows_of_their_own() {
        let text =
            "error_rate > 1.44% over 1h and error_rate > 1.44% over 5m or given_up > 5% for 2m";
        let read = expression(text).expect("understood");
        let joins: Vec<Join> = read.further.iter().map(|(by, _)| *by).collect();
        let windows: Vec<Option<Span>> = read.parts().map(|part| part.over).collect();
        assert_eq!(joins, [Join::And, Join::Or]);
        assert_eq!(windows, [Some(MINUTE * 60), Some(MINUTE * 5), None]);
        assert_eq!(read.lasts, Some(Some(MINUTE * 2)));
        assert!(!read.is_open());
        assert!(expression("error_rate > ? or given_up > 5%").expect("understood").is_open());
    }

    #[test]
    fn multiples_of_the_baseline() {
        let multiple = |text: &str| match understood(text).1.expect("filled in").threshold {
            Threshold::Baseline { multiple, .. } => multiple,
            Threshold::Fixed(_) => panic!("{text}"),
        };
        assert_eq!(multiple("requests < 50% of baseline"), 0.5);
        assert_eq!(multiple("requests < 0.5x baseline"), 0.5);
        assert_eq!(multiple("latency p95 > 2x baseline"), 2.0);
        assert_eq!(multiple("error_rate > 300% of baseline"), 3.0);
    }

    #[test]
    fn good_answers_alone() {
        for text in [
            "latency p95 of good answers > 2s",
            "latency p95 > 2s of good answers over 5m",
            "latency > 2s for 5% of good answers",
            "latency of good answers > 2s for 5% of traffic",
        ] {
            assert!(expression(text).unwrap_or_else(|e| panic!("{text}: {e:?}")).first.good);
        }
        assert!(!expression("latency p95 > 2s").expect("understood").first.good);
    }
}
