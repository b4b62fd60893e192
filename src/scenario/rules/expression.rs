//! The team's own sentences about thresholds: `error_rate > 3x baseline for 2m`.
//!
//! Parsed by hand for the sake of the messages: each names the word that is wrong, and what to
//! write instead.

use crate::decision::{Compare, Condition, Measure, Threshold};
use crate::language::problem::{nearest, quoted};
use crate::language::value::number::Number;
use crate::language::value::time::duration;
use crate::language::word::{ValueError, Word};
use crate::units::{Rate, Ratio, Span, hundredths, rest_of_one};

/// A sentence, understood.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expression {
    pub measure: Measure,
    /// `None`: a number is still `?`.
    pub condition: Option<Condition>,
    /// The sentence says how long; `None` inside: `for ?`.
    pub lasts: Option<Option<Span>>,
}

const MEASURES: [&str; 4] = ["error_rate", "given_up", "latency", "requests"];
const EXAMPLE: &str = "for example error_rate > 5%, error_rate > 3x baseline, latency p95 > 2s, \
                       latency > 3s for 10% of traffic, requests < 1/m";

/// Reads a sentence.
pub fn expression(text: &str) -> Result<Expression, ValueError> {
    let spaced = ["<", ">", "="]
        .iter()
        .fold(text.to_string(), |text, sign| text.replace(sign, &format!(" {sign} ")));
    let spaced = spaced.replace(">  =", ">=").replace("<  =", "<=");
    let mut words = Words { all: spaced.split_whitespace().collect(), next: 0 };
    let measure = words.next().ok_or_else(|| ValueError::new("a rule is empty", EXAMPLE))?;
    let expression = match measure {
        "error_rate" => error_rate(&mut words),
        "given_up" => given_up(&mut words),
        "requests" => requests(&mut words),
        "latency" => latency(&mut words),
        _ => {
            let message = format!("{} is not something a rule can measure", quoted(measure));
            let near = meant(measure).or_else(|| nearest(measure, MEASURES).map(str::to_string));
            let near = near.map(|near| format!("did you mean `{near}`?"));
            Err(ValueError { message, hint: near.or(Some(EXAMPLE.to_string())) })
        }
    }?;
    match words.next() {
        None => Ok(expression),
        Some(word) => {
            Err(ValueError::new(format!("{} is not understood here", quoted(word)), EXAMPLE))
        }
    }
}

/// What other tools call the measures.
fn meant(word: &str) -> Option<String> {
    let percentile = word.strip_prefix('p').is_some_and(|rest| rest.parse::<f64>().is_ok());
    match word.to_lowercase().as_str() {
        "errors" | "error" | "5xx" | "failures" | "availability" => Some("error_rate > 5%".into()),
        "abandoned" | "timeouts" | "499" => Some("given_up > 5%".into()),
        "response_time" | "duration" => Some("latency p95 > 2s".into()),
        "rps" | "rate" | "traffic" | "throughput" => Some("requests < 1/m".into()),
        _ => percentile.then(|| format!("latency {word} > 2s")),
    }
}

struct Words<'a> {
    all: Vec<&'a str>,
    next: usize,
}

impl<'a> Words<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let word = self.all.get(self.next).copied();
        self.next += usize::from(word.is_some());
        word
    }

    fn peek(&self) -> Option<&'a str> {
        self.all.get(self.next).copied()
    }

    /// Takes these words if they come next.
    fn take(&mut self, words: &[&str]) -> bool {
        let found = self.all[self.next..].starts_with(words);
        self.next += if found { words.len() } else { 0 };
        found
    }

    fn compare(&mut self) -> Result<Compare, ValueError> {
        match self.next() {
            Some(">") => Ok(Compare::Above),
            Some(">=") => Ok(Compare::AtLeast),
            Some("<") => Ok(Compare::Below),
            Some("<=") => Ok(Compare::AtMost),
            Some(word) => {
                let message = format!("expected a comparison, this is {}", quoted(word));
                Err(ValueError::new(message, "write one of > >= < <="))
            }
            None => Err(ValueError::new("a comparison is missing", EXAMPLE)),
        }
    }

    /// The number after a comparison; `None` for `?`.
    fn amount<T>(
        &mut self,
        read: impl FnOnce(&str) -> Result<T, ValueError>,
    ) -> Result<Option<T>, ValueError> {
        match self.next() {
            Some("?") => Ok(None),
            Some(word) => read(word).map(Some),
            None => Err(ValueError::new("a number is missing", EXAMPLE)),
        }
    }

    /// `for 2m`, or nothing.
    fn time(&mut self) -> Result<Option<Option<Span>>, ValueError> {
        if self.take(&["for"]) { self.amount(duration).map(Some) } else { Ok(None) }
    }
}

fn error_rate(words: &mut Words) -> Result<Expression, ValueError> {
    let compare = words.compare()?;
    let multiple = words.peek().and_then(|word| word.strip_suffix(['x', '×']));
    let threshold = if let Some(multiple) = multiple {
        words.next();
        if !words.take(&["baseline"]) {
            let message = format!("{multiple}x of what?");
            return Err(ValueError::new(message, format!("write {multiple}x baseline")));
        }
        match multiple {
            "?" => None,
            _ => Some(Threshold::Baseline { multiple: Number::parse(multiple)?.0, floor: None }),
        }
    } else {
        words.amount(Ratio::parse)?.map(|ratio| Threshold::Fixed(ratio.0))
    };
    let condition = threshold.map(|threshold| Condition { compare, threshold });
    Ok(Expression { measure: Measure::ErrorRate, condition, lasts: words.time()? })
}

fn given_up(words: &mut Words) -> Result<Expression, ValueError> {
    let compare = words.compare()?;
    if words.peek().is_some_and(|word| word.ends_with(['x', '×'])) {
        let message = "there is no baseline of requests that are given up";
        return Err(ValueError::new(message, "write a share: given_up > 5%"));
    }
    let share = words.amount(Ratio::parse)?;
    let condition = share.map(|share| Condition { compare, threshold: Threshold::Fixed(share.0) });
    Ok(Expression { measure: Measure::GivenUp, condition, lasts: words.time()? })
}

fn requests(words: &mut Words) -> Result<Expression, ValueError> {
    let compare = words.compare()?;
    let rate = words.amount(Rate::parse)?;
    let condition = rate.map(|rate| Condition { compare, threshold: Threshold::Fixed(rate.0) });
    Ok(Expression { measure: Measure::Requests, condition, lasts: words.time()? })
}

fn latency(words: &mut Words) -> Result<Expression, ValueError> {
    if let Some(digits) = words.peek().and_then(|word| word.strip_prefix('p')) {
        words.next();
        let percent = Number::parse(digits)?.0;
        if percent <= 0.0 || percent >= 100.0 {
            return Err(ValueError::new(format!("there is no p{percent}"), "p50, p95, p99, p99.9"));
        }
        let compare = words.compare()?;
        let limit = words.amount(duration)?;
        let condition =
            limit.map(|limit| Condition { compare, threshold: Threshold::Fixed(limit.seconds()) });
        let measure = Measure::Latency(hundredths(digits).unwrap_or(percent / 100.0));
        return Ok(Expression { measure, condition, lasts: words.time()? });
    }
    let compare = words.compare()?;
    let limit = words.amount(time_limit)?;
    let (mut lasts, mut share) = (None, None);
    while words.take(&["for"]) {
        let word = words.next().ok_or_else(|| ValueError::new("for how long?", EXAMPLE))?;
        if words.take(&["of", "traffic"]) {
            share = Some(if word == "?" { None } else { Some(Ratio::parse(word)?) });
        } else {
            lasts = Some(if word == "?" { None } else { Some(duration(word)?) });
        }
    }
    let Some(share) = share else {
        let message = "a latency rule must say for how many of the requests";
        let hint = "write latency > 3s for 10% of traffic, or latency p95 > 3s";
        return Err(ValueError::new(message, hint));
    };
    let condition = limit.and(share).map(|share| share_slower(compare, share));
    let limit = limit.unwrap_or(Span::ZERO);
    let measure = Measure::SlowerThan(match compare {
        Compare::Above | Compare::AtMost => limit,
        // What takes exactly as long counts as slow too: at least three seconds is longer than the
        // last nanosecond before.
        Compare::AtLeast | Compare::Below => Span(limit.0.saturating_sub(1)),
    });
    Ok(Expression { measure, condition, lasts })
}

/// A time that requests may take.
fn time_limit(text: &str) -> Result<Span, ValueError> {
    if text.ends_with('%') {
        let message = format!("{} is a share of the requests, not a time", quoted(text));
        return Err(ValueError::new(message, "write latency > 3s for 10% of traffic"));
    }
    duration(text)
}

/// `latency > 3s for 10% of traffic`: more than 10 % are slower. `latency <= 3s for 98% of
/// traffic`: at most 2 % are.
fn share_slower(compare: Compare, share: Ratio) -> Condition {
    match compare {
        Compare::Above | Compare::AtLeast => {
            Condition { compare: Compare::Above, threshold: Threshold::Fixed(share.0) }
        }
        Compare::Below | Compare::AtMost => Condition {
            compare: Compare::AtMost,
            threshold: Threshold::Fixed(rest_of_one(share.0)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Span = Span::MINUTE;

    fn understood(text: &str) -> (Measure, Option<Condition>, Option<Option<Span>>) {
        let e = expression(text).unwrap_or_else(|complaint| panic!("{text}: {complaint:?}"));
        (e.measure, e.condition, e.lasts)
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
        ] {
            assert_eq!(expression(text).expect_err(text).message, message, "{text}");
        }
    }
}
