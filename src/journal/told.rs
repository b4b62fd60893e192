//! Whether people were told in time: the verdict on first messages, updates and messages that no
//! play sends.

use super::{AudienceTimeline, Header, Story, Verdict, between};
use crate::units::Span;

/// What an audience was told of every incident.
pub(super) fn informed(story: &Story, header: &Header, whom: &str) -> Vec<AudienceTimeline> {
    story.incidents().iter().map(|incident| story.informed(header, incident, whom)).collect()
}

/// The worst of what is said of each incident.
pub(super) fn every_incident(
    all: &[AudienceTimeline],
    judge: impl Fn(&AudienceTimeline) -> (Verdict, String),
) -> (Verdict, String) {
    let judged: Vec<(Verdict, String)> = all.iter().map(&judge).collect();
    let with = |verdict: Verdict| judged.iter().position(|(of, _)| *of == verdict);
    let worst = with(Verdict::Missed).or(with(Verdict::NotJudged)).or(with(Verdict::Met));
    let Some(worst) = worst else {
        return (Verdict::NotJudged, "no play was opened that it applies to".to_string());
    };
    let (verdict, said) = judged[worst].clone();
    match all.len() {
        1 => (verdict, said),
        _ => (verdict, format!("incident {}: {said}", all[worst].incident)),
    }
}

/// Whether the first word came in time, and before a change where that is wanted.
pub(super) fn first_word(
    one: &AudienceTimeline,
    within: Option<Span>,
    before_change: bool,
) -> (Verdict, String) {
    let first = one.first();
    let late = within.is_some_and(|within| one.in_time(within) == Some(false));
    let after = before_change && one.before_change() == Some(false);
    let told = match first {
        Some(first) => {
            let order = match one.before_change().filter(|_| before_change) {
                Some(true) => ", before the change",
                Some(false) => ", after the change began",
                None => "",
            };
            format!("told after {}{order}", between(one.from, one.from + first))
        }
        None if late || after || one.over => "not told".to_string(),
        None => "not told, and the run ended before it was due".to_string(),
    };
    match (late || after, first, one.over) {
        (true, ..) => (Verdict::Missed, told),
        (false, Some(_), _) => (Verdict::Met, told),
        (false, None, true) => (Verdict::Met, "all was clear before it was due".to_string()),
        (false, None, false) => (Verdict::NotJudged, told),
    }
}

/// Whether every update that was due has come.
pub(super) fn updates(one: &AudienceTimeline, every: Span) -> (Verdict, String) {
    match one.updates(every) {
        None => (Verdict::Missed, "never told".to_string()),
        Some((due, 0)) => (Verdict::Met, format!("{due} due, none missed")),
        Some((due, missed)) => (Verdict::Missed, format!("{missed} of {due} missed")),
    }
}

/// Whether somebody was told of a message in time, and when.
pub(super) fn told_of_message(number: u32, told: &str, story: &Story) -> (Verdict, String) {
    let messages = story.messages();
    let Some(message) = messages.iter().find(|message| message.sent.message == number) else {
        return (Verdict::NotJudged, "the message did not come".to_string());
    };
    let open = message.sent.due.is_some_and(|due| due > story.last());
    match (message.in_time(), message.time_to_tell(), message.read) {
        (Some(true), Some(took), _) => (Verdict::Met, format!("{told} told after {took}")),
        (_, Some(took), _) => (Verdict::Missed, format!("{told} told after {took}")),
        (_, None, _) if open => (Verdict::NotJudged, "the run ended before it was due".to_string()),
        (_, None, Some(_)) => (Verdict::Missed, format!("{told} not told")),
        (_, None, None) => (Verdict::Missed, format!("nobody took it, {told} not told")),
    }
}
