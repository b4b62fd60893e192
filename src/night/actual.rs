//! How long the night took, as a scenario states it of a past incident.

use super::scribe::Scribe;
use crate::decision::{Named, Phase, PhaseSpan};
use crate::journal::{Actual, Incident, IncidentPart};
use crate::units::{Span, Time};

/// The parts of an incident that was over, as far as what was typed tells them.
pub fn actual(scribe: &Scribe, number: u32) -> Option<Actual> {
    let story = scribe.story();
    let incidents = story.incidents();
    let incident = incidents.iter().find(|incident| incident.number == number)?;
    let own = scribe.situation.incidents.iter().find(|own| own.number == number)?;
    let over = own.over?;
    let course = story.phase_timeline(incident);
    let helped = helped(incident);
    let parts = IncidentPart::ALL.iter().filter_map(|part| {
        let took = part_of(*part, course.spans(), helped, over)?;
        Some((*part, took.full_seconds()))
    });
    let parts: Vec<(IncidentPart, Span)> = parts.filter(|(_, took)| *took > Span::ZERO).collect();
    let day = scribe.calendar.at(own.since).strftime("%Y-%m-%d");
    let source = format!("what was typed on the night of {day}");
    let actual = Actual { parts, source };
    (!actual.parts.is_empty() && actual.contradiction().is_none()).then_some(actual)
}

/// When the change that helped was in effect: the last one.
fn helped(incident: &Incident) -> Option<Time> {
    incident.last().reached.live_at
}

fn part_of(
    part: IncidentPart,
    spans: &[PhaseSpan<Named>],
    helped: Option<Time>,
    over: Time,
) -> Option<Span> {
    let sum = |phases: &[Phase]| {
        let in_phases = spans.iter().filter(|span| phases.contains(&span.phase));
        let took: Vec<Span> = in_phases.map(PhaseSpan::length).collect();
        (!took.is_empty()).then(|| took.into_iter().fold(Span::ZERO, |sum, one| sum + one))
    };
    // When people began to do what is reckoned until the change that helped.
    let after = |before: &[Phase]| {
        let first = spans.iter().find(|span| !before.contains(&span.phase))?;
        helped.filter(|helped| *helped > first.from).map(|helped| helped.since(first.from))
    };
    match part {
        // What was typed does not say when it began, only when somebody noticed.
        IncidentPart::Detect | IncidentPart::Total => None,
        IncidentPart::Respond => after(&[Phase::Detect]),
        IncidentPart::Repair => after(&[Phase::Detect, Phase::Acknowledge, Phase::Declare]),
        IncidentPart::Recover => helped.map(|helped| over.since(helped)),
        _ => sum(part.phases()),
    }
}

/// The block for a scenario, the longest incident in force and the others as comments; `None` if
/// no incident was over.
pub fn actual_text(scribe: &Scribe) -> Option<String> {
    let incidents = &scribe.situation.incidents;
    let mut over: Vec<(u32, Span, Actual)> = incidents
        .iter()
        .filter_map(|own| {
            Some((own.number, own.over?.since(own.since), actual(scribe, own.number)?))
        })
        .collect();
    over.sort_by_key(|(number, length, _)| (std::cmp::Reverse(*length), *number));
    let (first, others) = over.split_first()?;
    let mut text = String::from(
        "# Made by `sim night`: what it really took, by what was typed. Put it into the scenario.\n\
         # It is counted from when somebody noticed; when it began is not known.\n",
    );
    text += &format!("# Incident {}\n{}\n", first.0, line(&first.2));
    for (number, _, actual) in others {
        text += &format!("# Incident {number}\n# {}\n", line(actual));
    }
    Some(text)
}

fn line(actual: &Actual) -> String {
    let parts: Vec<String> =
        actual.parts.iter().map(|(part, took)| format!("{part}: {took}, ")).collect();
    format!("actual: {{{}source: {}}}", parts.concat(), actual.source)
}
