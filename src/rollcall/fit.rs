//! From calls to chances and times.

use super::CallRecord;
use crate::measure::estimate::{self, Estimate};
use crate::names::{quoted_for_yaml, visible};
use crate::units::{Span, Spread};
use std::fmt::Write;

/// With fewer answers nothing is fitted. A choice: in a roll call, people are called a few times
/// each. Of three the p99 is rough: nothing is added for how few they are.
pub const LEAST: usize = 3;

/// The 99 % quantile of the standard normal distribution.
const Z99: f64 = 2.326_347_874_040_841;

/// What a roll call says of one channel, or of one person on it.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelFit {
    /// The channel.
    pub channel: String,
    /// `None`: everybody.
    pub person: Option<String>,
    /// The chance of an answer, out of this many calls.
    pub answers: Estimate,
    /// How long an answer takes: a log-normal through the mean and the deviation of the logarithms.
    pub after: Spread,
    /// How many answers that rests on.
    pub answered: usize,
}

/// A channel of which too little is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfitted {
    /// The channel.
    pub channel: String,
    /// This many were called.
    pub called: usize,
    /// And this many answered.
    pub answered: usize,
}

/// What comes of a roll call.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RollCall {
    /// In the order of the record: each channel, then the people on it who answered often enough.
    pub fitted: Vec<ChannelFit>,
    /// Channels with too few answers.
    pub unfitted: Vec<Unfitted>,
}

/// Fits every channel, and everybody on it, who gave at least [`LEAST`] answers.
pub fn fit(calls: &[CallRecord]) -> RollCall {
    let mut roll_call = RollCall::default();
    for channel in distinct(calls.iter().map(|call| call.channel.as_str())) {
        let on: Vec<&CallRecord> = calls.iter().filter(|call| call.channel == channel).collect();
        let Some(everybody) = fitted(channel, None, &on) else {
            let answered = on.iter().filter(|call| call.after.is_some()).count();
            let channel = channel.to_string();
            roll_call.unfitted.push(Unfitted { channel, called: on.len(), answered });
            continue;
        };
        roll_call.fitted.push(everybody);
        let people = distinct(on.iter().map(|call| call.person.as_str()));
        if people.len() > 1 {
            let calls_to =
                |person: &str| on.iter().copied().filter(|c| c.person == person).collect();
            let own = people.iter().filter_map(|person| {
                let calls: Vec<&CallRecord> = calls_to(person);
                fitted(channel, Some(person), &calls)
            });
            roll_call.fitted.extend(own);
        }
    }
    roll_call
}

/// Each word once, in the order of its first.
fn distinct<'a>(words: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    for word in words {
        if !found.contains(&word) {
            found.push(word);
        }
    }
    found
}

fn fitted(channel: &str, person: Option<&str>, calls: &[&CallRecord]) -> Option<ChannelFit> {
    // An answer in no time at all is one that nobody timed.
    let least = Span::from_secs(1).seconds();
    let times = calls.iter().filter_map(|call| call.after);
    let logs: Vec<f64> = times.map(|after| libm::log(after.seconds().max(least))).collect();
    if logs.len() < LEAST {
        return None;
    }
    let answers = estimate::share(logs.len() as u64, calls.len() as u64)?;
    let mean = logs.iter().sum::<f64>() / logs.len() as f64;
    let squares: f64 = logs.iter().map(|log| (log - mean) * (log - mean)).sum();
    let deviation = (squares / (logs.len() - 1) as f64).sqrt();
    let seconds = |log: f64| Span::from_secs(libm::exp(log).round().max(1.0) as u64);
    let (median, p99) = (seconds(mean), seconds(mean + Z99 * deviation));
    let after = if p99 > median { Spread::Tail { median, p99 } } else { Spread::Fixed(median) };
    let (channel, person) = (channel.to_string(), person.map(String::from));
    Some(ChannelFit { channel, person, answers, after, answered: logs.len() })
}

/// A part to include: `channels:` and what people have of their own. `source` says where it is
/// from. The lines are put together here, since each carries a comment that says how its figures
/// are known, and the serializer of YAML drops comments on maps.
pub fn yaml(roll_call: &RollCall, source: &str) -> String {
    let mut text = format!(
        "# Measured in a roll call, not assumed: {}.\n\
         # Put this file last under `include:`. What the scenario itself says of a channel wins\n\
         # over it, so leave that out there.\n",
        one_line(source)
    );
    let (everybody, own): (Vec<&ChannelFit>, Vec<&ChannelFit>) =
        roll_call.fitted.iter().partition(|fitted| fitted.person.is_none());
    if !everybody.is_empty() {
        text += "channels:\n";
    }
    for fitted in everybody {
        text += &format!("  {}: {}\n", key(&fitted.channel), figures(fitted));
    }
    if !own.is_empty() {
        text += "people:\n";
    }
    for person in distinct(own.iter().filter_map(|fitted| fitted.person.as_deref())) {
        let _ = write!(text, "  {}:\n    channels:\n", key(person));
        for fitted in own.iter().filter(|fitted| fitted.person.as_deref() == Some(person)) {
            text += &format!("      {}: {}\n", key(&fitted.channel), figures(fitted));
        }
    }
    for Unfitted { channel, called, answered } in &roll_call.unfitted {
        text += &format!(
            "# {}: {answered} of {called} answered, fewer than the {LEAST} needed: \
             the assumption stays.\n",
            one_line(channel)
        );
    }
    text
}

/// `{answers: 75%, after: {median: 50s, p99: 4m}}` and what it rests on.
fn figures(fitted: &ChannelFit) -> String {
    let percent = |share: f64| format!("{:.0}%", share * 100.0);
    let compact = Span::compact;
    let after = match fitted.after {
        Spread::Tail { median, p99 } => {
            format!("{{median: {}, p99: {}}}", compact(median), compact(p99))
        }
        other => compact(other.mean()),
    };
    let Estimate { n, value, low, high } = fitted.answers;
    let interval = low.zip(high).map_or(String::new(), |(low, high)| {
        format!(", 95% interval {} to {}", percent(low), percent(high))
    });
    let source = format!("measured in a roll call: {} of {n} answered", fitted.answered);
    format!("{{answers: {}, after: {after}}}  # [c] {source}{interval}", percent(value))
}

/// A key of YAML, in quotes where it must be.
fn key(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let word = name.chars().all(plain) && name.starts_with(|c: char| c.is_ascii_alphabetic());
    let boolean = ["yes", "no", "on", "off", "true", "false", "null", "y", "n"];
    if word && !boolean.contains(&name.to_lowercase().as_str()) {
        return name.to_string();
    }
    quoted_for_yaml(name)
}

/// Nothing that ends a comment or cannot be seen in it.
fn one_line(text: &str) -> String {
    visible(&text.replace(|c: char| c.is_control() || c == '\u{2028}' || c == '\u{2029}', " "))
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(channel: &str, person: &str, seconds: Option<f64>) -> CallRecord {
        CallRecord {
            channel: channel.into(),
            person: person.into(),
            asked: String::new(),
            answered: String::new(),
            after: seconds.map(Span::from_seconds),
        }
    }

    #[test]
    fn a_log_normal_goes_through_what_was_measured() {
        // Logarithms of 1, 2 and 3: their mean is 2, their deviation 1.
        let times = [1.0f64, 2.0, 3.0].map(f64::exp);
        let mut calls: Vec<CallRecord> =
            times.iter().map(|seconds| call("slack", "james", Some(*seconds))).collect();
        calls.push(call("slack", "james", None));
        let found = &fit(&calls).fitted[0];
        assert_eq!((found.answers.value, found.answers.n, found.answered), (0.75, 4, 3));
        let (median, p99) = ((2.0f64).exp().round(), (2.0 + Z99).exp().round());
        let expected = Spread::Tail {
            median: Span::from_secs(median as u64),
            p99: Span::from_secs(p99 as u64),
        };
        assert_eq!(found.after, expected);
    }

    #[test]
    fn two_answers_tell_nothing() {
        let calls = [
            call("phone", "ed", Some(10.0)),
            call("phone", "ed", Some(20.0)),
            call("phone", "wyatt", None),
        ];
        let found = fit(&calls);
        assert_eq!(found.fitted, []);
        let unfitted = Unfitted { channel: "phone".into(), called: 3, answered: 2 };
        assert_eq!(found.unfitted, [unfitted]);
        assert!(yaml(&found, "a test").contains("2 of 3 answered, fewer than the 3"));
    }

    #[test]
    fn only_who_answered_often_enough_has_figures_of_their_own() {
        let mut calls: Vec<CallRecord> =
            (1..=4).map(|n| call("slack", "james", Some(f64::from(n)))).collect();
        calls.extend((1..=2).map(|n| call("slack", "wyatt", Some(f64::from(n)))));
        let found = fit(&calls);
        let whose: Vec<_> = found.fitted.iter().map(|f| f.person.as_deref()).collect();
        assert_eq!(whose, [None, Some("james")]);
    }

    #[test]
    fn names_cannot_break_out_of_the_yaml() {
        let calls: Vec<CallRecord> =
            (1..=3).map(|n| call("a: b\n- c", "no", Some(f64::from(n)))).collect();
        let text = yaml(&fit(&calls), "x\nfaults: []");
        assert!(text.contains(r#"  "a: b\n- c": {answers: 100%"#), "{text}");
        assert!(!text.contains("\nfaults"), "{text}");
        let calls: Vec<CallRecord> =
            (1..=3).map(|n| call("a\u{202e}b\u{3164}", "no", Some(f64::from(n)))).collect();
        let text = yaml(&fit(&calls), "x\u{202e}");
        assert!(text.contains(r#"  "a\u202eb\u3164": {answers"#), "{text}");
        assert!(!text.contains('\u{202e}'), "{text}");
    }
}
