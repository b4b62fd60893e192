//! Words and figures of a judgement, the same in every form.

use crate::decision::{AlertState, Hold, Measure, Rule};
use crate::judge::{ResponseByPlan, Subject};
use crate::names::{RuleId, Scope};
use crate::report::context::significant;
use crate::units::{Span, Time, grouped};

/// A value in the unit of its measure: `3.2%`, `4.1s`, `0.5/s`.
pub(in crate::report) fn amount(measure: Measure, value: f64) -> String {
    match measure {
        Measure::ErrorRate | Measure::GivenUp | Measure::SlowerThan(_) => {
            format!("{}%", significant(value * 100.0, 3))
        }
        Measure::Latency(_) | Measure::BacklogAge => Span::from_seconds(value).to_string(),
        Measure::Reports(_) => format!("{}/h", significant(value * 3_600.0, 3)),
        Measure::Noticed => String::new(),
        Measure::Backlog => grouped(value as u64),
        Measure::Requests | Measure::Errors => format!("{}/s", significant(value, 3)),
    }
}

/// How far beyond its threshold a value is: `+220%`.
pub(super) fn beyond(margin: Option<f64>) -> String {
    margin.map_or(String::new(), |margin| {
        let sign = if margin > 0.0 { "+" } else { "" };
        format!(" ({sign}{}%)", significant(margin, 3))
    })
}

/// How long a breach must last.
pub(super) fn hold(rule: &Rule) -> String {
    match rule.hold {
        Hold::For(span) => span.to_string(),
        Hold::Of { n, of } => format!("{n} of {of} readings"),
    }
}

/// A rule and, where it is not the whole site, what of it.
pub(super) fn name(subject: &Subject, rule: RuleId, scope: Scope) -> String {
    let rule = &subject.names.rules[rule.index()];
    match scope {
        Scope::Site => rule.clone(),
        _ => format!("{rule} ({})", scope_words(subject, scope)),
    }
}

/// `site`, `tier evss`, `browser ie11`.
pub(super) fn scope_words(subject: &Subject, scope: Scope) -> String {
    let (kind, name) = subject.names.scope(scope);
    kind.with(name)
}

/// The word of a state.
pub(super) fn state(state: AlertState) -> &'static str {
    match state {
        AlertState::Pending => "pending",
        AlertState::Firing => "firing",
        AlertState::Cleared => "cleared",
        AlertState::Resolved => "resolved",
        AlertState::NoData => "no data",
        AlertState::DataBack => "data back",
    }
}

/// A moment as the wall clock shows it, with its date where the readings cover more than a day.
pub(super) fn clock(subject: &Subject, days: bool, time: Time) -> String {
    if days { subject.calendar.local(time) } else { subject.calendar.clock(time) }
}

/// `18:42`, for sentences.
pub(super) fn minute(subject: &Subject, days: bool, time: Time) -> String {
    let text = clock(subject, days, time);
    text[..text.len() - 3].to_string()
}

/// What would have been done about an incident, in a sentence or two.
pub(super) fn sentence(
    subject: &Subject,
    response: &ResponseByPlan,
    recorded: bool,
    days: bool,
) -> String {
    let at = |time: Time| minute(subject, days, time);
    let rule = &subject.names.rules[response.rule.index()];
    let known = format!("{rule} is known at {}", at(response.opened_at));
    let Some(play) = response.play else { return format!("{known} and opens no play.") };
    let play = &subject.names.plays[play.index()];
    let attempt = response.attempt.as_ref();
    let change = attempt.and_then(|attempt| attempt.change);
    let made = change.map(|change| &subject.names.changes[change.index()]);
    let (would, be) = if recorded { ("", "was") } else { ("would have been ", "would have been") };
    let mut text = format!("{known} and opens {play}");
    match (attempt, made) {
        (Some(attempt), Some(made))
            if attempt.reached.deploying_at.or(attempt.reached.ordered_at).is_some() =>
        {
            let started =
                attempt.reached.deploying_at.or(attempt.reached.ordered_at).expect("just seen");
            let begun = if recorded { "was begun" } else { "begun" };
            text += &format!(": {made} {would}{begun} at {}", at(started));
            text += &match (attempt.reached.live_at, response.over_at) {
                (Some(live), _) => format!(", live at {}.", at(live)),
                (None, Some(_)) => ", and not live yet when it is over.".to_string(),
                (None, None) => format!(", and not live by {}.", at(attempt.ended_at)),
            };
        }
        _ => {
            text += &match (&response.stalled, response.over_at) {
                (Some(why), _) => format!(", which stalls: {why}."),
                (None, Some(_)) => format!(", and it is over before anything {be} done."),
                (None, None) => format!(", and the readings end before anything {be} done."),
            };
        }
    }
    let live = attempt.and_then(|attempt| attempt.reached.live_at);
    if let (Some(over), false) = (response.over_at, recorded) {
        text += &match live {
            Some(live) if live < over => {
                format!(" In the log it is over at {}, {} later.", at(over), over.since(live))
            }
            _ => format!(" In the log it is over by itself at {}.", at(over)),
        };
    }
    text
}
