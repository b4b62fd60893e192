//! What the facilitator is told, a line for everything that happens.

use crate::change::ChangeStage;
use crate::decision::AlertState;
use crate::journal::{Entry, Event, MessageEntry, MessageStage, RoomKind};
use crate::names::ScopeKind;
use crate::report::for_terminal;
use crate::units::Calendar;

/// No line is longer, in columns.
const WIDTH: usize = 240;

/// One line about an entry; `None` for those that only reports need.
pub(super) fn line(entry: &Entry, calendar: &Calendar) -> Option<String> {
    let (lane, text) = event_text(&entry.event)?;
    let text = for_terminal(&text, WIDTH);
    Some(format!("{}  {lane:<9} {text}", calendar.clock(entry.at)))
}

/// Whether it says what only the controller may know: what is broken, and what the plan does.
pub(super) fn is_spoiler(event: &Event) -> bool {
    matches!(
        event,
        Event::Fault { .. }
            | Event::Play { .. }
            | Event::Ask { .. }
            | Event::Room { kind: RoomKind::Due, .. }
    )
}

fn event_text(event: &Event) -> Option<(&'static str, String)> {
    Some(match event {
        Event::Fault { fault, begins, text, .. } => {
            let turn = if *begins { "begins" } else { "ends" };
            ("fault", format!("{fault} {turn}: {text}"))
        }
        Event::Alert(alert) => {
            let state = match alert.state {
                AlertState::Pending => "is pending",
                AlertState::Firing => "FIRES",
                AlertState::Cleared => "has cleared",
                AlertState::Resolved => "has resolved",
                AlertState::NoData => "has no data",
                AlertState::DataBack => "has data again",
            };
            let scope = match alert.scope.kind {
                ScopeKind::Site => String::new(),
                _ => format!(" ({})", alert.scope),
            };
            ("alert", format!("{}{scope} {state}", alert.rule))
        }
        Event::Incident { incident, state, rule, .. } => {
            let rule = rule.as_deref().map(|rule| format!(": {rule}")).unwrap_or_default();
            ("incident", format!("incident {incident} {state}{rule}"))
        }
        Event::Play { play, step, actor, text, .. } => {
            let who = actor.as_deref().map(|actor| format!("{actor} ")).unwrap_or_default();
            let play = play.as_deref().map(|play| format!("{play} ")).unwrap_or_default();
            ("play", format!("{play}{step}: {who}{text}"))
        }
        Event::Ask { person, channel, question, .. } => {
            let by = channel.as_deref().map(|by| format!(" by {by}")).unwrap_or_default();
            ("asks", format!("{person}{by}: {question}"))
        }
        Event::Answer { person, channel, reply, question, late, evidence, .. } => {
            let by = channel.as_deref().map(|by| format!(" by {by}")).unwrap_or_default();
            let late = if *late { ", too late to count" } else { "" };
            ("answer", format!("{person}{by}: {reply} ({question}), {evidence}{late}"))
        }
        Event::Tell { from, audience, text, .. } => {
            let from = from.as_deref().unwrap_or("sim");
            ("tells", format!("{from} to {audience}: {text}"))
        }
        Event::Message(message) => ("message", of_message(message)),
        Event::Change { text, stage, .. } if *stage != ChangeStage::Ordered => {
            ("change", text.clone())
        }
        Event::Launch { step, text, .. } => ("launch", format!("{step}: {text}")),
        Event::Freeze { text } => ("freeze", text.clone()),
        Event::Room { kind, text, .. } => ("room", format!("{kind}: {text}")),
        _ => return None,
    })
}

/// A message comes, is read, is passed on.
fn of_message(message: &MessageEntry) -> String {
    let by = message.channel.as_deref().map(|by| format!(" by {by}")).unwrap_or_default();
    let who = |name: &Option<String>| name.clone().unwrap_or_else(|| "somebody".to_string());
    let number = message.message;
    match message.stage {
        MessageStage::Sent => {
            let nobody = if message.to.is_empty() { " (nobody is on duty)" } else { "" };
            let (from, to) = (who(&message.from), &message.audience);
            format!("{number}, {from} to {to}{nobody}{by}: {}", message.text)
        }
        MessageStage::Read => format!("{} has read message {number}", who(&message.by)),
        MessageStage::Told => {
            let told = message.person.as_ref().or(message.must_tell.as_ref());
            let told = told.map_or("somebody", String::as_str);
            format!("{} has told {told} of message {number}{by}", who(&message.by))
        }
    }
}
