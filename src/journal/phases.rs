//! How the time of an incident was spent: one word for every moment.

use super::{AttemptEntry, Event, Header, Incident, Story};
use crate::decision::{AttemptOutcome, Named, Phase, PhaseSpan};
use crate::telemetry::NamedCause;
use crate::units::Time;

impl Story {
    /// What was under way in an incident from moment to moment, from the cause taking effect to
    /// the all clear, or as far as the run went. Each span begins where the one before it ends.
    /// Once users are well again it is `clear`, whatever is still under way.
    pub fn phases(&self, incident: &Incident<'_>) -> Vec<PhaseSpan<Named>> {
        let recorded = self.entries().iter().filter_map(|entry| match &entry.event {
            Event::Phase(span) if span.incident == incident.number => Some(span.clone()),
            _ => None,
        });
        let mut spans: Vec<PhaseSpan<Named>> = recorded.collect();
        for (opened, clear) in self.waves().remove(&incident.number).unwrap_or_default() {
            let Some(clear) = clear else { continue };
            if let Some(Some(restored)) = self.restored_by(incident.number, clear) {
                spans = cleared(spans, restored.max(opened), clear);
            }
        }
        let told = spans.first().map_or(incident.last().ended_at, |first| first.from);
        let began = incident.first().start.started_at;
        if began < told {
            spans.insert(0, detect(incident.number, began, told));
        }
        spans
    }

    /// When users were well again with the end of an attempt, as far as it is counted whom the
    /// causes harm, else when the rules were seen to be well; and when all clear was known. The
    /// first is `None` where rules were well and users were not. `None` of an attempt that did not
    /// end so.
    pub fn recovered_with(
        &self,
        header: &Header,
        incident: &Incident<'_>,
        attempt: &AttemptEntry,
    ) -> Option<(Option<Time>, Option<Time>)> {
        if attempt.outcome != AttemptOutcome::Recovered {
            return None;
        }
        let waves = self.waves().remove(&incident.number).unwrap_or_default();
        let clear = waves.iter().filter_map(|(_, clear)| *clear);
        let clear = clear.filter(|clear| *clear >= attempt.ended_at).min();
        let restored = if incident.last().number == attempt.number {
            let recovery = self.recovery(header, incident);
            recovery.map(|after| incident.first().start.started_at + after)
        } else {
            let counted = clear.and_then(|clear| self.restored_by(incident.number, clear));
            counted.unwrap_or(Some(attempt.ended_at))
        };
        Some((restored, clear))
    }

    /// The end of the last request that is charged to the causes of an incident, of those that had
    /// ended by an all clear; `Some(None)` where a maintenance page stood, `None` where nobody has
    /// counted.
    fn restored_by(&self, incident: u32, clear: Time) -> Option<Option<Time>> {
        let about: Vec<NamedCause> = self
            .entries()
            .iter()
            .filter_map(|entry| match &entry.event {
                Event::Cause(told) if told.incident == incident => Some(told.cause.root()),
                _ => None,
            })
            .collect();
        let mut last = None;
        for entry in self.entries() {
            let Event::Charges(charges) = &entry.event else { continue };
            let own = charges.times.iter().filter(|(cause, ..)| about.contains(&cause.root()));
            last = own.map(|(_, _, end)| *end).filter(|end| *end <= clear).chain(last).max();
        }
        Some(match self.page_at(last?) {
            Some((_, taken_back)) => taken_back.filter(|back| *back <= clear),
            None => last,
        })
    }
}

/// The same spans, with everything within these moments told as `clear`.
fn cleared(spans: Vec<PhaseSpan<Named>>, from: Time, until: Time) -> Vec<PhaseSpan<Named>> {
    let mut told: Vec<PhaseSpan<Named>> = Vec::new();
    for mut span in spans {
        if span.until > from && span.from < until {
            if span.from < from {
                told.push(PhaseSpan { until: from, ..span.clone() });
            }
            span = PhaseSpan { from: span.from.max(from), phase: Phase::Clear, ..span };
        }
        let before = told.last_mut().filter(|last| last.until == span.from);
        let both = |last: &&mut PhaseSpan<Named>| {
            (last.phase, last.attempt) == (Phase::Clear, span.attempt) && span.phase == Phase::Clear
        };
        match before.filter(both) {
            Some(last) => last.until = span.until,
            None => told.push(span),
        }
    }
    told
}

/// The time for which the cause was in effect and nobody had been told.
fn detect(incident: u32, from: Time, until: Time) -> PhaseSpan<Named> {
    let phase = Phase::Detect;
    PhaseSpan { incident, attempt: 1, play: None, change: None, phase, from, until }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(phase: Phase, from: u64, until: u64) -> PhaseSpan<Named> {
        let (from, until) = (Time(from), Time(until));
        PhaseSpan { incident: 1, attempt: 1, play: None, change: None, phase, from, until }
    }

    fn words(spans: &[PhaseSpan<Named>]) -> Vec<(&'static str, u64, u64)> {
        spans.iter().map(|s| (s.phase.word(), s.from.0, s.until.0)).collect()
    }

    #[test]
    fn whatever_is_under_way_after_users_are_well_is_clear() {
        let spans = [
            span(Phase::Acknowledge, 10, 20),
            span(Phase::Deploy, 20, 50),
            span(Phase::Confirm, 50, 60),
            span(Phase::Clear, 60, 80),
            span(Phase::Stalled, 80, 90),
        ];
        let expected = [("acknowledge", 10, 20), ("deploy", 20, 30), ("clear", 30, 80)];
        let expected = [&expected[..], &[("stalled", 80, 90)]].concat();
        assert_eq!(words(&cleared(spans.to_vec(), Time(30), Time(60))), expected);
        let at_once = cleared(spans[..3].to_vec(), Time(10), Time(60));
        assert_eq!(words(&at_once), [("clear", 10, 60)]);
        let later = cleared(spans[..3].to_vec(), Time(60), Time(60));
        assert_eq!(words(&later), words(&spans[..3]));
    }
}
