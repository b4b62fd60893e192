//! `messages.csv`: messages from people who are in no play, when each was read, and when the person
//! who had to be told of it was told.

use super::context::{Cell, ReportContext};
use super::sheet::{ColumnDoc, Rows};
use crate::journal::{Evidence, MessageTimeline, between};
use crate::units::{Span, Time};

#[rustfmt::skip]
pub(crate) const COLUMNS: [ColumnDoc; 20] = [
    ("message", "number", "number of the message; those of the room come after the scenario's"),
    ("incident", "number", "the incident that was open when it came; blank if none was"),
    ("from", "", "who it is from, in the scenario's words"),
    ("for", "", "the role or the person that it is for"),
    ("people", "", "those of them who were on duty; blank if nobody was"),
    ("channel", "", "by which channel it came; blank: face to face"),
    ("text", "", "what it says"),
    ("sent_at", "time", "when it came"),
    ("sent_local", "local time", "the same as spreadsheets read it"),
    ("read_at", "time", "when the first of them read or heard it; blank if nobody did"),
    ("read_local", "local time", "the same"),
    ("read_by", "", "who that was"),
    ("to_be_told", "", "the role or the person that had to be told of it"),
    ("due_s", "s", "time limit after it came; blank if there was none"),
    ("told_at", "time", "when they were told; blank if they were not"),
    ("told_local", "local time", "the same"),
    ("told_by", "", "who told them; blank if that is not known"),
    ("told_s", "s", "from the message until they were told"),
    ("in_time", "", "yes or no; blank where there was no limit"),
    ("evidence", "", "of the latest of these moments: simulated or measured"),
];

pub(crate) fn rows(context: &ReportContext) -> Rows {
    context.story.messages().iter().map(|message| row(context, message)).collect()
}

fn row(context: &ReportContext, message: &MessageTimeline) -> Vec<Cell> {
    let sent = message.sent;
    let moment =
        |at: Option<Time>| [context.moment(at), Cell::from(at.map(|at| context.local(at)))];
    let mut row = vec![
        Cell::from(sent.message),
        Cell::from(sent.incident),
        Cell::from(&sent.from),
        Cell::from(&sent.audience),
        Cell::from(sent.to.join(", ")),
        Cell::from(&sent.channel),
        Cell::from(&sent.text),
    ];
    row.extend(moment(Some(message.at)));
    row.extend(moment(message.read.map(|(at, _)| at)));
    row.push(Cell::from(message.read.and_then(|(_, read)| read.by.clone())));
    row.push(Cell::from(&sent.must_tell));
    row.push(Cell::seconds(sent.due.map(|due| due.since(message.at))));
    row.extend(moment(message.told.map(|(at, _)| at)));
    row.push(Cell::from(message.told.and_then(|(_, told)| told.by.clone())));
    row.push(Cell::seconds(message.time_to_tell()));
    let yes = |yes: bool| if yes { "yes" } else { "no" };
    row.push(Cell::from(message.in_time().map(yes)));
    row.push(Cell::from(evidence(message).word()));
    row
}

/// What the latest moment of a message rests on.
fn evidence(message: &MessageTimeline) -> Evidence {
    let latest = message.told.or(message.read).map_or(message.sent, |(_, entry)| entry);
    latest.evidence
}

/// `17:12:00, help desk to comms by phone`.
pub(super) fn origin_of(context: &ReportContext, message: &MessageTimeline) -> String {
    let by = message.sent.channel.as_deref().map(|by| format!(" by {by}")).unwrap_or_default();
    format!("{}, {} to {}{by}", context.clock(message.at), message.voice(), message.sent.audience)
}

/// `rachael took it after 2m`, or why nobody did.
pub(super) fn read(message: &MessageTimeline) -> String {
    match message.read {
        Some((at, read)) => {
            let who = read.by.as_deref().unwrap_or("somebody");
            let measured = read.evidence.mark();
            match after(message.at, at) {
                None => format!("{who} heard it at once{measured}"),
                Some(after) => format!("{who} took it after {after}{measured}"),
            }
        }
        None if message.sent.to.is_empty() => "nobody was on duty".to_string(),
        None => "nobody took it".to_string(),
    }
}

/// `decider told after 6m, in time`; `None` where nobody had to be told.
pub(super) fn outcome_text(message: &MessageTimeline) -> Option<String> {
    let who = message.sent.must_tell.as_deref()?;
    let limit = message.sent.due.map(|due| due.since(message.at));
    Some(match (message.told, limit) {
        (None, Some(limit)) => format!("{who} not told (within {limit})"),
        (None, None) => format!("{who} not told"),
        (Some((at, told)), limit) => {
            let measured = told.evidence.mark();
            let after = match after(message.at, at) {
                None => "at once".to_string(),
                Some(after) => format!("after {after}"),
            };
            let judged = match (message.in_time(), limit) {
                (Some(true), Some(limit)) => format!(" (within {limit})"),
                (_, Some(limit)) => format!(", too late (within {limit})"),
                (_, None) => String::new(),
            };
            format!("{who} told {after}{measured}{judged}")
        }
    })
}

/// A time as it is told; `None`: less than a second.
fn after(from: Time, to: Time) -> Option<Span> {
    (to.since(from) >= Span::SECOND).then(|| between(from, to))
}
