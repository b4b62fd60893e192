//! Where the time of an incident went: one word for every moment.

use super::{Event, Incident, Story};
use crate::decision::{Named, Phase, PhaseSpan};
use crate::units::Time;

impl Story {
    /// What was under way in an incident from moment to moment, from the cause taking effect to
    /// the all clear, or as far as the run went. Each span begins where the one before it ends.
    pub fn phases(&self, incident: &Incident<'_>) -> Vec<PhaseSpan<Named>> {
        let own = |entry: &&super::Entry| match &entry.event {
            Event::Phase(span) => span.incident == incident.number,
            _ => false,
        };
        let recorded = self.entries().iter().filter(own).filter_map(|entry| match &entry.event {
            Event::Phase(span) => Some(span.clone()),
            _ => None,
        });
        let mut spans: Vec<PhaseSpan<Named>> = recorded.collect();
        let told = spans.first().map_or(incident.last().ended_at, |first| first.from);
        let began = incident.first().started_at;
        if began < told {
            spans.insert(0, detect(incident.number, began, told));
        }
        spans
    }
}

/// The time for which the cause was in effect and nobody had been told.
fn detect(incident: u32, from: Time, until: Time) -> PhaseSpan<Named> {
    let phase = Phase::Detect;
    PhaseSpan { incident, attempt: 1, play: None, change: None, phase, from, until }
}
