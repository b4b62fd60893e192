//! The course of an incident: what was under way from its cause to the all clear, and for how long.

use super::{AttemptEntry, Incident, Interval, Story};
use crate::decision::{Named, Phase, PhaseSpan};
use crate::units::{Span, Time};

/// What was under way in an incident. Its spans follow each other without gap or overlap, so that
/// they add up to the whole.
#[derive(Debug, Clone, PartialEq)]
pub struct PhaseTimeline {
    spans: Vec<PhaseSpan<Named>>,
}

impl Story {
    /// The course of one of its incidents.
    pub fn phase_timeline(&self, incident: &Incident<'_>) -> PhaseTimeline {
        let mut spans = self.phases(incident);
        spans.retain(|span| span.from < span.until);
        // An attempt that only accounts for the time since the last one is written down at its end:
        // what was under way in it still carries the number of the one before.
        let recorded: Vec<u32> = spans.iter().map(|span| span.attempt.max(1)).collect();
        for span in &mut spans {
            let own = span.attempt.max(1);
            let later = |attempt: &&&AttemptEntry| {
                let began = attempt.start.started_at <= span.from;
                attempt.number > own && began && !recorded.contains(&attempt.number)
            };
            let late = incident.attempts.iter().rev().find(later);
            span.attempt = late.map_or(own, |attempt| attempt.number);
        }
        PhaseTimeline { spans }
    }
}

impl PhaseTimeline {
    /// What was under way, first to last.
    pub fn spans(&self) -> &[PhaseSpan<Named>] {
        &self.spans
    }

    /// What was under way during one attempt, until the next one began.
    pub fn of_attempt(&self, number: u32) -> impl Iterator<Item = &PhaseSpan<Named>> + Clone {
        self.spans.iter().filter(move |span| span.attempt.max(1) == number)
    }

    /// From the cause to the all clear, or as far as the run went.
    pub fn total(&self) -> Span {
        let ends = self.spans.first().zip(self.spans.last());
        ends.map_or(Span::ZERO, |(first, last)| last.until.since(first.from))
    }

    /// The same as people read it: what is printed of its parts adds up to it.
    pub fn printed_total(&self) -> Span {
        let ends = self.spans.first().zip(self.spans.last());
        ends.map_or(Span::ZERO, |(first, last)| between(first.from, last.until))
    }

    /// The time for which one thing was under way; `None` if it never was.
    pub fn spent(&self, phase: Phase) -> Option<Span> {
        spent(self.spans.iter(), phase)
    }

    /// What was under way for longest, and for how long, as people read it; that all was clear only
    /// if there was nothing else.
    pub fn longest(&self) -> Option<(Phase, Span)> {
        let sums =
            Phase::ALL.into_iter().rev().filter_map(|phase| Some((phase, self.spent(phase)?)));
        let (phase, _) = sums.max_by_key(|(phase, sum)| (*phase != Phase::Clear, *sum))?;
        let spans = self.spans.iter().filter(|span| span.phase == phase);
        Some((phase, spans.fold(Span::ZERO, |sum, span| sum + printed(span))))
    }
}

/// The sum of the spans of a phase; `None` if there is none.
pub fn spent<'a>(spans: impl Iterator<Item = &'a PhaseSpan<Named>>, phase: Phase) -> Option<Span> {
    let lengths = spans.filter(|span| span.phase == phase).map(PhaseSpan::length);
    lengths.reduce(|sum, length| sum + length)
}

/// How long something took, as people read it: from the second that its start is printed as to that
/// of its end, so that what is printed adds up. What takes under a second keeps its length.
pub fn between(from: Time, until: Time) -> Span {
    match until.full_second().since(from.full_second()) {
        Span::ZERO => until.since(from),
        printed => printed,
    }
}

/// How long a span took, as people read it.
pub fn printed(span: &PhaseSpan<Named>) -> Span {
    between(span.from, span.until)
}

impl AttemptEntry {
    /// Whether somebody was seen to bring the end of this phase about.
    pub fn is_measured(&self, phase: Phase) -> bool {
        let intervals: &[Interval] = match phase {
            Phase::Detect => &[Interval::Detect],
            Phase::Acknowledge => &[Interval::Acknowledge],
            Phase::Declare => &[Interval::Declare],
            Phase::Diagnose => &[Interval::Diagnose],
            Phase::Reach | Phase::Decide => &[Interval::Decide],
            Phase::Queue => &[Interval::Queue],
            Phase::Deploy => &[Interval::Deploy],
            Phase::Rollout => &[Interval::Propagate],
            Phase::Confirm => &[Interval::Recover, Interval::Verify],
            Phase::Work | Phase::Hold | Phase::Stalled | Phase::Clear => &[Interval::Wait],
        };
        intervals.iter().any(|interval| self.measured.contains(interval))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn every_moment_of_an_incident_carries_one_word() {
        let (_, entries) = fixture::proxy_outage();
        let story = fixture::story(&entries);
        let incidents = story.incidents();
        let course = story.phase_timeline(&incidents[0]);
        let spans = course.spans();
        assert!(spans.windows(2).all(|pair| pair[0].until == pair[1].from), "{spans:?}");
        let sum = Phase::ALL.iter().filter_map(|phase| course.spent(*phase));
        assert_eq!(sum.fold(Span::ZERO, |sum, span| sum + span), course.total());
        assert_eq!(course.longest(), Some((Phase::Diagnose, Span::from_secs(480))));
        let printed = spans.iter().map(printed).fold(Span::ZERO, |sum, span| sum + span);
        assert_eq!(printed, course.total());
        assert_eq!(course.of_attempt(1).count(), spans.len());
    }

    #[test]
    fn a_word_that_was_never_said_took_no_time() {
        let (_, entries) = fixture::proxy_outage();
        let story = fixture::story(&entries);
        let incidents = story.incidents();
        assert_eq!(story.phase_timeline(&incidents[0]).spent(Phase::Stalled), None);
    }
}
