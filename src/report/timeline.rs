//! `timeline.csv`: what happened, in order, without the readings.

use super::context::{Cell, ReportContext};
use super::sheet::{ColumnDoc, Rows};
use crate::journal::{Entry, Event, Evidence, MessageEntry, MessageStage};
use crate::units::Time;

#[rustfmt::skip]
pub(crate) const COLUMNS: [ColumnDoc; 16] = [
    ("seq", "number", "number of the line in the journal"),
    ("at", "time", "when it became known"),
    ("local", "local time", "the same as spreadsheets read it"),
    ("t_s", "s", "time since the start of the scenario"),
    ("lane", "", "faults, alerts, incidents, plays, people, changes, scaling, launch, room or run"),
    ("kind", "", "what happened in the lane: begins, firing, ask, deployed, …"),
    ("incident", "number", "number of the incident that it belongs to"),
    ("actor", "", "fault, rule, tier or person that did it"),
    ("role", "", "role of the person, or audience that was told"),
    ("recipient", "", "who was asked or told; the pipeline of a change"),
    ("channel", "", "by which channel"),
    ("text", "", "in words"),
    ("planned_at", "time", "when it was planned"),
    ("planned_local", "local time", "the same"),
    ("late_s", "s", "how much later than planned"),
    ("evidence", "", "simulated or measured"),
];

pub(crate) fn rows(context: &ReportContext) -> Rows {
    context
        .story
        .entries()
        .iter()
        .filter_map(|entry| Some(row(context, entry, line(entry)?)))
        .collect()
}

/// The cells that differ from event to event.
#[derive(Default)]
struct TimelineLine {
    lane: &'static str,
    kind: String,
    incident: Option<u32>,
    actor: Option<String>,
    role: Option<String>,
    recipient: Option<String>,
    channel: Option<String>,
    text: String,
    planned_at: Option<Time>,
    evidence: Option<Evidence>,
}

fn row(context: &ReportContext, entry: &Entry, line: TimelineLine) -> Vec<Cell> {
    let late = line.planned_at.map(|planned| entry.at.since(planned));
    vec![
        Cell::from(entry.seq),
        context.moment(entry.at),
        context.local(entry.at),
        Cell::seconds(entry.at.since(Time::ZERO)),
        Cell::from(line.lane),
        Cell::from(line.kind),
        Cell::from(line.incident),
        Cell::from(line.actor),
        Cell::from(line.role),
        Cell::from(line.recipient),
        Cell::from(line.channel),
        Cell::from(line.text),
        context.moment(line.planned_at),
        Cell::from(line.planned_at.map(|planned| context.local(planned))),
        Cell::seconds(late),
        Cell::from(line.evidence.unwrap_or(context.evidence()).word()),
    ]
}

/// What an event says in the timeline; `None` for those that have a table of their own.
fn line(entry: &Entry) -> Option<TimelineLine> {
    Some(match entry.event.clone() {
        Event::Fault { fault, begins, text, .. } => TimelineLine {
            lane: "faults",
            kind: if begins { "begins" } else { "ends" }.to_string(),
            actor: Some(fault),
            text,
            ..TimelineLine::default()
        },
        Event::Alert(alert) => TimelineLine {
            lane: "alerts",
            kind: alert.state.to_string(),
            incident: alert.incident,
            text: alert.scope.to_string(),
            actor: Some(alert.rule),
            ..TimelineLine::default()
        },
        Event::Incident { incident, state, rule, since } => TimelineLine {
            lane: "incidents",
            kind: state.to_string(),
            incident: Some(incident),
            actor: rule,
            text: since.map_or(String::new(), |since| format!("{} earlier", entry.at.since(since))),
            ..TimelineLine::default()
        },
        Event::Play { incident, play, step, actor, channel, text } => {
            let text = play.map_or(text.clone(), |play| joined(&play, &text));
            TimelineLine {
                lane: "plays",
                kind: step.to_string(),
                incident,
                actor,
                channel,
                text,
                ..TimelineLine::default()
            }
        }
        Event::Change { change, stage, by, incident, pipeline, text, evidence, .. } => {
            TimelineLine {
                lane: "changes",
                kind: stage.to_string(),
                incident,
                actor: by,
                recipient: pipeline,
                text: joined(&change, &text),
                evidence: Some(evidence).filter(|evidence| !evidence.is_simulated()),
                ..TimelineLine::default()
            }
        }
        Event::Launch { step, state, planned_at, text } => TimelineLine {
            lane: "launch",
            kind: state.to_string(),
            text: joined(&step, &text),
            planned_at,
            ..TimelineLine::default()
        },
        Event::Ask { .. } | Event::Answer { .. } | Event::Tell { .. } | Event::Message(_) => {
            people(&entry.event)
        }
        other => return short(other),
    })
}

/// Events of few words.
fn short(event: Event) -> Option<TimelineLine> {
    let measured = matches!(event, Event::Room { .. }).then_some(Evidence::Measured);
    let (lane, kind, actor, text) = match event {
        Event::Scaling { tier, activity, text, .. } => {
            ("scaling", activity.to_string(), Some(tier), text)
        }
        Event::Freeze { text } => ("changes", "freeze".to_string(), None, text),
        Event::Room { kind, text, .. } => ("room", kind.to_string(), None, text),
        Event::End(totals) if totals.interrupted => {
            ("run", "interrupted".into(), None, String::new())
        }
        Event::End(_) => ("run", "end".to_string(), None, String::new()),
        _ => return None,
    };
    Some(TimelineLine { lane, kind, actor, text, evidence: measured, ..TimelineLine::default() })
}

/// What people say to each other.
fn people(event: &Event) -> TimelineLine {
    match event.clone() {
        Event::Ask { incident, person, role, channel, question, .. } => TimelineLine {
            lane: "people",
            kind: "ask".to_string(),
            incident,
            recipient: Some(person),
            role: Some(role),
            channel,
            text: question,
            ..TimelineLine::default()
        },
        Event::Answer {
            incident, person, role, channel, question, reply, late, evidence, ..
        } => TimelineLine {
            lane: "people",
            kind: if late { "late-answer" } else { "answer" }.to_string(),
            incident,
            actor: Some(person),
            role: Some(role),
            channel,
            text: format!("{question}: {reply}"),
            evidence: Some(evidence),
            ..TimelineLine::default()
        },
        Event::Tell { incident, from, audience, to, text, evidence } => TimelineLine {
            lane: "people",
            kind: "tell".to_string(),
            incident,
            actor: from,
            role: Some(audience),
            recipient: Some(to.join(", ")),
            text,
            evidence: Some(evidence).filter(|evidence| !evidence.is_simulated()),
            ..TimelineLine::default()
        },
        Event::Message(message) => of_message(*message),
        _ => TimelineLine::default(),
    }
}

/// A message comes, is read, is passed on.
fn of_message(message: MessageEntry) -> TimelineLine {
    let whom = |people: &[String]| Some(people.join(", ")).filter(|people| !people.is_empty());
    let (kind, actor, role, recipient) = match message.stage {
        MessageStage::Sent => ("message", message.from, Some(message.audience), whom(&message.to)),
        MessageStage::Read => ("message-read", message.by, Some(message.audience), None),
        MessageStage::Told => ("message-told", message.by, message.must_tell, message.person),
    };
    TimelineLine {
        lane: "people",
        kind: kind.to_string(),
        incident: message.incident,
        actor,
        role,
        recipient,
        channel: message.channel,
        text: format!("message {}: {}", message.message, message.text),
        evidence: Some(message.evidence).filter(|evidence| !evidence.is_simulated()),
        ..TimelineLine::default()
    }
}

fn joined(what: &str, text: &str) -> String {
    if text.is_empty() { what.to_string() } else { format!("{what}: {text}") }
}

#[cfg(test)]
mod tests {
    use super::super::fixture_table;

    #[test]
    fn in_order_and_in_words() {
        let table = fixture_table("timeline.csv");
        let times: Vec<f64> = table.iter().map(|row| row["t_s"].parse().expect("t_s")).collect();
        assert!(times.is_sorted());
        let fault = &table[0];
        let words = ["at", "local", "t_s", "lane", "kind", "text"].map(|c| fault[c].as_str());
        let expected = [
            "2018-11-07T18:05:00-05:00",
            "2018-11-07 18:05:00",
            "3900",
            "faults",
            "begins",
            "half of reverse-proxy refuses",
        ];
        assert_eq!(words, expected);
        let kinds: Vec<&str> = table.iter().map(|row| row["kind"].as_str()).collect();
        assert!(kinds.contains(&"late-answer") && kinds.contains(&"tell"));
        assert_eq!(table.last().expect("rows")["kind"], "end");
    }
}
