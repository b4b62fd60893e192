//! One condition of a sentence about thresholds: `latency p95 of good answers > 2s over 5m`.
//!
//! Parsed by hand for the sake of the messages: each names the word that is wrong, and what to
//! write instead.

use crate::decision::{Compare, Condition, Measure, Threshold};
use crate::language::problem::{nearest, quoted};
use crate::language::value::number::Number;
use crate::language::value::time::duration;
use crate::language::word::{ScalarValue, ValueError};
use crate::units::{Rate, Ratio, Span, hundredths, rest_of_one};

/// One condition of a sentence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConditionText {
    pub measure: Measure,
    /// Of good answers alone.
    pub good: bool,
    /// `None`: a number is still `?`.
    pub condition: Option<Condition>,
    /// `over 1h`: its own window.
    pub over: Option<Span>,
}

const MEASURES: [&str; 8] = [
    "backlog",
    "backlog_age",
    "error_rate",
    "errors",
    "given_up",
    "latency",
    "reports",
    "requests",
];
/// What conditions look like.
pub const EXAMPLE: &str = "for example error_rate > 5%, error_rate > 3x baseline, \
                           latency p95 > 2s, latency > 3s for 10% of traffic, requests < 1/m";
/// One condition, and how long the sentence holds it.
pub fn condition(words: &[&str]) -> Result<(ConditionText, Option<Option<Span>>), ValueError> {
    let mut words = Tokens { all: words.to_vec(), next: 0 };
    let Some(measure) = words.next() else {
        return Err(ValueError::new("a condition is missing", EXAMPLE));
    };
    let (measure, good, condition) = match measure {
        "error_rate" => share(&mut words, Measure::ErrorRate),
        "given_up" => share(&mut words, Measure::GivenUp),
        "requests" => rate(&mut words, Measure::Requests),
        "errors" => rate(&mut words, Measure::Errors),
        // `where` says whose they are.
        "reports" => rate(&mut words, Measure::Reports(0)),
        "backlog" => gauge(&mut words, Measure::Backlog, number_of_requests),
        "backlog_age" => gauge(&mut words, Measure::BacklogAge, age),
        "latency" if words.peek().is_some_and(|word| word.starts_with('p')) => {
            percentile(&mut words)
        }
        "latency" => return latency(&mut words),
        _ => {
            let message = format!("{} is not something a rule can measure", quoted(measure));
            let near = meant(measure).or_else(|| nearest(measure, MEASURES).map(str::to_string));
            let near = near.map(|near| format!("did you mean `{near}`?"));
            Err(ValueError { message, hint: near.or(Some(EXAMPLE.to_string())) })
        }
    }?;
    let (mut part, mut lasts) = (ConditionText { measure, good, condition, over: None }, None);
    loop {
        if words.take(&["for"]) {
            lasts = Some(words.amount(duration)?);
        } else if !words.also(&mut part)? {
            break;
        }
    }
    words.end()?;
    Ok((part, lasts))
}

/// What other tools call the measures.
fn meant(word: &str) -> Option<String> {
    let percentile = word.strip_prefix('p').is_some_and(|rest| rest.parse::<f64>().is_ok());
    match word.to_lowercase().as_str() {
        "errors" | "error" | "5xx" | "failures" | "availability" => Some("error_rate > 5%".into()),
        "abandoned" | "timeouts" | "499" => Some("given_up > 5%".into()),
        "response_time" | "duration" => Some("latency p95 > 2s".into()),
        "queue" | "lag" | "queue_length" | "pending" => Some("backlog > 10000".into()),
        "rps" | "rate" | "traffic" | "throughput" => Some("requests < 1/m".into()),
        _ => percentile.then(|| format!("latency {word} > 2s")),
    }
}

struct Tokens<'a> {
    all: Vec<&'a str>,
    next: usize,
}

impl<'a> Tokens<'a> {
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

    /// `over 1h` or `of good answers`, which may stand behind any condition.
    fn also(&mut self, part: &mut ConditionText) -> Result<bool, ValueError> {
        if self.take(&["over"]) {
            let Some(word) = self.next() else {
                return Err(ValueError::new("over how long?", "write over 5m"));
            };
            part.over = Some(duration(word)?);
            return Ok(true);
        }
        if !self.take(&["of", "good", "answers"]) {
            return Ok(false);
        }
        if !part.measure.is_about_times() {
            let message = "only response times are those of good answers";
            return Err(ValueError::new(message, "write latency p95 of good answers > 2s"));
        }
        part.good = true;
        Ok(true)
    }

    /// Nothing more may come.
    fn end(&mut self) -> Result<(), ValueError> {
        let Some(word) = self.next() else { return Ok(()) };
        Err(ValueError::new(format!("{} is not understood here", quoted(word)), EXAMPLE))
    }

    /// `3x baseline` or `50% of baseline`: the multiple, `None` inside for `?`.
    fn multiple(&mut self) -> Result<Option<Option<f64>>, ValueError> {
        let Some(word) = self.peek() else { return Ok(None) };
        if let Some(multiple) = word.strip_suffix(['x', '×']) {
            self.next();
            if !self.take(&["baseline"]) {
                let message = format!("{multiple}x of what?");
                return Err(ValueError::new(message, format!("write {multiple}x baseline")));
            }
            return match multiple {
                "?" => Ok(Some(None)),
                _ => Ok(Some(Some(Number::parse(multiple)?.0))),
            };
        }
        let all = &self.all[self.next..];
        let of_baseline = all.get(1) == Some(&"of") && all.get(2) == Some(&"baseline");
        let (Some(percent), true) = (word.strip_suffix('%'), of_baseline) else { return Ok(None) };
        self.next += 3;
        match percent {
            "?" => Ok(Some(None)),
            _ => {
                let share = Number::parse(percent)?.0 / 100.0;
                Ok(Some(Some(hundredths(percent).unwrap_or(share))))
            }
        }
    }

    /// What a value is compared with: a number of its own, or a multiple of the baseline.
    fn threshold(
        &mut self,
        read: impl FnOnce(&str) -> Result<f64, ValueError>,
    ) -> Result<Option<Threshold>, ValueError> {
        Ok(match self.multiple()? {
            Some(multiple) => {
                multiple.map(|multiple| Threshold::Baseline { multiple, floor: None })
            }
            None => self.amount(read)?.map(Threshold::Fixed),
        })
    }
}

type Read = Result<(Measure, bool, Option<Condition>), ValueError>;

/// A share of the requests.
fn share(words: &mut Tokens, measure: Measure) -> Read {
    let compare = words.compare()?;
    let threshold = words.threshold(|word| Ratio::parse(word).map(|ratio| ratio.0))?;
    if let (Measure::GivenUp, Some(Threshold::Baseline { .. })) = (measure, threshold) {
        let message = "there is no baseline of requests that are given up";
        return Err(ValueError::new(message, "write a share: given_up > 5%"));
    }
    Ok((measure, false, threshold.map(|threshold| Condition { compare, threshold })))
}

/// A number a second, or a minute.
fn rate(words: &mut Tokens, measure: Measure) -> Read {
    let compare = words.compare()?;
    let threshold = words.threshold(|word| {
        Rate::parse(word).map(|rate| rate.0).map_err(|complaint| match word.ends_with('%') {
            true if measure == Measure::Errors => {
                let message = format!("{} is a share, not a number of errors", quoted(word));
                ValueError::new(message, format!("write error_rate > {word}, or errors > 10/m"))
            }
            true if matches!(measure, Measure::Reports(_)) => {
                let message = format!("{} is a share, not a number of reports", quoted(word));
                ValueError::new(message, "write reports > 5/h")
            }
            true => {
                let message = format!("{} of what?", quoted(word));
                ValueError::new(message, format!("write requests < {word} of baseline"))
            }
            false => complaint,
        })
    })?;
    if let (Measure::Errors, Some(Threshold::Baseline { .. })) = (measure, threshold) {
        let message = "the baseline knows the share of errors, not their number";
        return Err(ValueError::new(message, "write error_rate > 3x baseline"));
    }
    if let (Measure::Reports(_), Some(Threshold::Baseline { .. })) = (measure, threshold) {
        let message = "there is no baseline of the reports of users";
        return Err(ValueError::new(message, "write a number: reports > 5/h"));
    }
    Ok((measure, false, threshold.map(|threshold| Condition { compare, threshold })))
}

/// As it is at the end of a reading.
fn gauge(words: &mut Tokens, measure: Measure, read: fn(&str) -> Result<f64, ValueError>) -> Read {
    let compare = words.compare()?;
    let threshold = words.threshold(read)?;
    if let Some(Threshold::Baseline { .. }) = threshold {
        let message = "there is no baseline of a backlog";
        let hint = "write a number: backlog > 10000, or a time: backlog_age > 10m";
        return Err(ValueError::new(message, hint));
    }
    Ok((measure, false, threshold.map(|threshold| Condition { compare, threshold })))
}

/// `10000`, or as people write it: `10,000`.
fn number_of_requests(text: &str) -> Result<f64, ValueError> {
    let groups: Vec<&str> = text.split(',').collect();
    let grouped = groups.len() > 1 && groups[1..].iter().all(|group| group.len() == 3);
    let plain = if grouped { groups.concat() } else { text.to_string() };
    Number::parse(&plain).map(|number| number.0).map_err(|complaint| match duration(text) {
        Ok(_) => {
            let message = format!("{} is a time, not a number of requests", quoted(text));
            ValueError::new(message, format!("write backlog_age > {text}"))
        }
        Err(_) => complaint,
    })
}

fn age(text: &str) -> Result<f64, ValueError> {
    duration(text).map(Span::seconds)
}

/// `p95 > 2s`, `p95 of good answers > 2s`, `p95 > 2x baseline`.
fn percentile(words: &mut Tokens) -> Read {
    let word = words.next().unwrap_or_default();
    let digits = word.trim_start_matches('p');
    let percent = Number::parse(digits)?.0;
    if percent <= 0.0 || percent >= 100.0 {
        return Err(ValueError::new(format!("there is no p{percent}"), "p50, p95, p99, p99.9"));
    }
    let good = words.take(&["of", "good", "answers"]);
    let compare = words.compare()?;
    let threshold = words.threshold(|word| duration(word).map(Span::seconds))?;
    let measure = Measure::Latency(hundredths(digits).unwrap_or(percent / 100.0));
    Ok((measure, good, threshold.map(|threshold| Condition { compare, threshold })))
}

/// `> 3s for 10% of traffic`, and how long it is held.
fn latency(words: &mut Tokens) -> Result<(ConditionText, Option<Option<Span>>), ValueError> {
    let mut good = words.take(&["of", "good", "answers"]);
    let compare = words.compare()?;
    if words.peek().is_some_and(|word| word.ends_with(['x', '×'])) {
        let message = "the baseline knows percentiles of the response times";
        return Err(ValueError::new(message, "write latency p95 > 2x baseline"));
    }
    let limit = words.amount(time_limit)?;
    let longer_than = limit.unwrap_or(Span::ZERO);
    let measure = Measure::SlowerThan(match compare {
        Compare::Above | Compare::AtMost => longer_than,
        // What takes exactly as long counts as slow too: at least three seconds is longer than the
        // last nanosecond before.
        Compare::AtLeast | Compare::Below => Span(longer_than.0.saturating_sub(1)),
    });
    let mut part = ConditionText { measure, good: false, condition: None, over: None };
    let (mut lasts, mut share) = (None, None);
    loop {
        if words.take(&["for"]) {
            let word = words.next().ok_or_else(|| ValueError::new("for how long?", EXAMPLE))?;
            let of_good = words.take(&["of", "good", "answers"]);
            if of_good || words.take(&["of", "traffic"]) {
                good |= of_good;
                share = Some(if word == "?" { None } else { Some(Ratio::parse(word)?) });
            } else {
                lasts = Some(if word == "?" { None } else { Some(duration(word)?) });
            }
        } else if !words.also(&mut part)? {
            break;
        }
    }
    words.end()?;
    let Some(share) = share else {
        let message = "a latency rule must say for how many of the requests";
        let hint = "write latency > 3s for 10% of traffic, or latency p95 > 3s";
        return Err(ValueError::new(message, hint));
    };
    part.condition = limit.and(share).map(|share| share_slower(compare, share));
    part.good |= good;
    Ok((part, lasts))
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
