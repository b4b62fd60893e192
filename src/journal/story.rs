//! All of a journal but its readings: what reports are made from.

use super::{AlertEntry, Entry, Event, ExpectEntry, Totals};
use crate::change::ChangeStage;
use crate::decision::{AttemptOutcome, JudgedRow};
use crate::journal::AttemptEntry;
use crate::units::{Span, Time};
use std::collections::BTreeMap;

/// The entries that are not readings, in order. Its size depends on what happened, not on how long
/// the run was.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Story {
    entries: Vec<Entry>,
}

impl Story {
    /// Keeps everything of a journal but its readings, up to the first error.
    pub fn collect<E>(entries: impl IntoIterator<Item = Result<Entry, E>>) -> Result<Story, E> {
        let mut story = Story::default();
        for entry in entries {
            story.add(&entry?);
        }
        Ok(story)
    }

    /// Keeps this entry unless it is a reading.
    pub fn add(&mut self, entry: &Entry) {
        if !matches!(entry.event, Event::Reading { .. }) {
            self.entries.push(entry.clone());
        }
    }

    /// Changes rows of the go/no-go list, for what is known beside the run.
    pub fn change_criteria(&mut self, change: impl Fn(&mut JudgedRow)) {
        for entry in &mut self.entries {
            if let Event::Criterion(criterion) = &mut entry.event {
                change(criterion);
            }
        }
    }

    /// The entries kept.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The last moment that anything is known of.
    pub fn last(&self) -> Time {
        self.entries.last().map_or(Time::ZERO, |entry| entry.at)
    }

    /// Every move of a rule, with the moment when it was delivered.
    pub fn alerts(&self) -> impl Iterator<Item = (Time, &AlertEntry)> {
        self.entries.iter().filter_map(|entry| match &entry.event {
            Event::Alert(alert) => Some((entry.at, alert)),
            _ => None,
        })
    }

    /// Every attempt, in the order in which they ended.
    pub fn attempts(&self) -> impl Iterator<Item = &AttemptEntry> {
        self.entries.iter().filter_map(|entry| match &entry.event {
            Event::Attempt(attempt) => Some(attempt.as_ref()),
            _ => None,
        })
    }

    /// The incidents with their attempts, in the order in which they were opened.
    pub fn incidents(&self) -> Vec<Incident<'_>> {
        let mut attempts: BTreeMap<u32, Vec<&AttemptEntry>> = BTreeMap::new();
        for attempt in self.attempts() {
            attempts.entry(attempt.incident).or_default().push(attempt);
        }
        attempts.into_iter().map(|(number, attempts)| Incident { number, attempts }).collect()
    }

    /// The faults that began, in the order in which they did.
    pub fn faults(&self) -> Vec<FaultSpan<'_>> {
        let mut faults: Vec<FaultSpan> = Vec::new();
        // What a change ends is written right after the change has come into effect.
        let mut live: Option<(Time, &str)> = None;
        for entry in &self.entries {
            let Event::Fault { fault, begins, site, text } = &entry.event else {
                live = match &entry.event {
                    Event::Change { change, stage: ChangeStage::Live, .. } => {
                        Some((entry.at, change))
                    }
                    _ => None,
                };
                continue;
            };
            if *begins {
                let (site, from) = (*site, entry.at);
                faults.push(FaultSpan { fault, text, site, from, to: None, by: None });
            } else {
                let same = |span: &&mut FaultSpan| span.fault == fault && span.to.is_none();
                if let Some(span) = faults.iter_mut().find(same) {
                    span.to = Some(entry.at);
                    span.by = live.filter(|(at, _)| *at == entry.at).map(|(_, change)| change);
                }
            }
        }
        faults
    }

    /// What the scenario expected, checked; empty before the run is over.
    pub fn expectations(&self) -> impl Iterator<Item = &ExpectEntry> {
        self.entries.iter().filter_map(|entry| match &entry.event {
            Event::Expect(expectation) => Some(expectation),
            _ => None,
        })
    }

    /// The sums of the run; `None` if the journal has no last line.
    pub fn totals(&self) -> Option<&Totals> {
        self.entries.iter().rev().find_map(|entry| match &entry.event {
            Event::End(totals) => Some(totals.as_ref()),
            _ => None,
        })
    }
}

/// An incident: its attempts, first to last.
#[derive(Debug, Clone, PartialEq)]
pub struct Incident<'a> {
    /// As the journal counts them.
    pub number: u32,
    /// At least one.
    pub attempts: Vec<&'a AttemptEntry>,
}

impl<'a> Incident<'a> {
    /// The attempt that began at the onset.
    pub fn first(&self) -> &'a AttemptEntry {
        self.attempts[0]
    }

    /// The last attempt, which gave the incident its outcome.
    pub fn last(&self) -> &'a AttemptEntry {
        self.attempts[self.attempts.len() - 1]
    }

    /// From onset to the end of the last attempt.
    pub fn total(&self) -> Span {
        self.last().ended_at.since(self.first().start.started_at)
    }

    /// From onset to the alert's delivery; `None` if no alert was delivered.
    pub fn detected(&self) -> Option<Span> {
        let alerted = self.attempts.iter().find_map(|attempt| attempt.reached.alerted_at)?;
        Some(alerted.since(self.first().start.started_at))
    }

    /// From onset to recovery.
    pub fn recovered(&self) -> Option<Span> {
        let mut attempts = self.attempts.iter().rev();
        let last = attempts.find(|attempt| attempt.outcome == AttemptOutcome::Recovered)?;
        Some(last.ended_at.since(self.first().start.started_at))
    }

    /// From onset to the first maintenance page.
    pub fn contained(&self) -> Option<Span> {
        let mut attempts = self.attempts.iter();
        let first = attempts.find(|attempt| attempt.outcome == AttemptOutcome::Contained)?;
        Some(first.ended_at.since(self.first().start.started_at))
    }

    /// Whether one of its attempts was made by this play.
    pub fn played(&self, play: &str) -> bool {
        self.attempts.iter().any(|attempt| attempt.play.as_deref() == Some(play))
    }
}

/// A fault from its start to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FaultSpan<'a> {
    /// Its name.
    pub fault: &'a str,
    /// What it does, in words.
    pub text: &'a str,
    /// It hits the site, not only people, telemetry or pipelines.
    pub site: bool,
    /// Its start.
    pub from: Time,
    /// Its end; `None` if it outlasted the run.
    pub to: Option<Time>,
    /// The change that ended it; `None` if it ended on its own.
    pub by: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn readings_are_not_kept() {
        let (_, entries) = fixture::proxy_outage();
        let story = fixture::story(&entries);
        let readings = entries.iter().filter(|e| matches!(e.event, Event::Reading { .. })).count();
        assert!(readings > 0);
        assert_eq!(story.entries().len() + readings, entries.len());
    }

    #[test]
    fn faults_have_their_ends() {
        let (_, entries) = fixture::proxy_outage();
        let story = fixture::story(&entries);
        let faults = story.faults();
        let names: Vec<_> = faults.iter().map(|f| (f.fault, f.site, f.to.is_some())).collect();
        let expected = [
            ("outage-reverse-proxy", true, true),
            ("unreachable-james", false, true),
            ("slow-evss", true, true),
        ];
        assert_eq!(names, expected);
    }
}
