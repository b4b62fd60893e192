//! Writes the journal's entries as things happen.

use super::words::Words;
use crate::decision::{AlertEvent, AlertState, Attempt, Input};
use crate::fault::{Edge, Schedule};
use crate::journal::AttemptEntry;
use crate::journal::check_expectations;
use crate::journal::{AlertEntry, Entry, Event, Evidence, Expectation, Header, ScopeRow, Story};
use crate::names::{FaultId, IncidentId};
use crate::scenario::{Plan, what_it_does};
use crate::telemetry::{Reading, ScopeReading};
use crate::units::{Span, Time};

/// What is left of a gameday when it is over.
#[derive(Debug)]
pub struct Finished {
    /// Everything but the readings.
    pub story: Story,
    /// The entries that [`super::Gameday::drain`] had not handed out yet.
    pub entries: Vec<Entry>,
    /// What [`super::Gameday::drain_inputs`] had not handed out yet.
    pub inputs: Vec<(Time, Input)>,
}

/// The entries that nobody has fetched yet, and the story so far.
pub(super) struct Ledger<'p> {
    header: &'p Header,
    pub words: Words<'p>,
    seq: u64,
    /// Readings are counted, and nothing but the story is kept.
    story_only: bool,
    entries: Vec<Entry>,
    story: Story,
    /// The fault that each incident began with, and when, in order of opening.
    onsets: Vec<Option<(FaultId, Time)>>,
    /// When somebody was seen to do something for an incident, and whether it was an answer.
    measured: Vec<(u32, Time, bool)>,
}

impl<'p> Ledger<'p> {
    pub(super) fn new(header: &'p Header, words: Words<'p>) -> Self {
        let story = Story::default();
        let (entries, onsets, measured) = (Vec::new(), Vec::new(), Vec::new());
        Ledger { header, words, seq: 0, story_only: false, entries, story, onsets, measured }
    }

    pub(super) fn leave_out_readings(&mut self) {
        self.story_only = true;
        self.entries.clear();
    }

    pub(super) fn write(&mut self, at: Time, event: Event) {
        match &event {
            Event::Answer {
                incident: Some(incident),
                late: false,
                evidence: Evidence::Measured,
                ..
            } => self.measured.push((*incident, at, true)),
            Event::Change { incident: Some(incident), evidence: Evidence::Measured, .. } => {
                self.measured.push((*incident, at, false));
            }
            _ => {}
        }
        self.seq += 1;
        let entry = Entry { seq: self.seq, at, event };
        self.story.add(&entry);
        if !self.story_only {
            self.entries.push(entry);
        }
    }

    pub(super) fn drain(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.entries)
    }

    pub(super) fn story(&self) -> &Story {
        &self.story
    }

    pub(super) fn finish(self, inputs: Vec<(Time, Input)>) -> Finished {
        Finished { story: self.story, entries: self.entries, inputs }
    }

    pub(super) fn expectations(&mut self, now: Time, expect: &[Expectation]) {
        for entry in check_expectations(expect, self.header, &self.story) {
            self.write(now, Event::Expect(entry));
        }
    }

    pub(super) fn fault(&mut self, now: Time, plan: &Plan, edge: Edge) {
        let fault = plan.names.faults[edge.fault.index()].clone();
        let kind = &plan.faults[edge.fault.index()].kind;
        let (site, text) = (kind.hits_site(), what_it_does(kind, &plan.names));
        let event = Event::Fault { fault, begins: edge.begins, site, text };
        self.write(now, event);
    }

    pub(super) fn reading(&mut self, now: Time, reading: &Reading) {
        if self.story_only {
            self.seq += 1;
            return;
        }
        let limit = self.header.slow_limit;
        let reported = self.words.reported();
        let scopes = if reading.missing {
            Vec::new()
        } else {
            reported.iter().map(|index| row(&reading.scopes[*index], limit)).collect()
        };
        let Reading { from, to, missing, .. } = *reading;
        self.write(now, Event::Reading { from, to, missing, scopes });
    }

    pub(super) fn alert(&mut self, now: Time, event: &AlertEvent, schedule: &Schedule) {
        let window = self.words.window(event.rule);
        let before = event.held + window;
        let from = Time(event.at.0.saturating_sub(before.0));
        let faults = match event.state {
            AlertState::NoData | AlertState::DataBack => schedule.blinding(from, event.at),
            _ => self.words.behind(schedule.of_site(from, event.at), event.scope),
        };
        let (scope_kind, scope) = self.words.scope(event.scope);
        let entry = AlertEntry {
            alert: self.words.rule(event.rule),
            scope_kind,
            scope,
            state: event.state,
            tick: event.at,
            value: event.value,
            threshold: event.threshold,
            bound_by: event.bound_by,
            baseline: event.baseline,
            n: event.n,
            held: event.held,
            incident: event.incident.map(IncidentId::number),
            fault_at: faults.first().map(|(_, began)| *began),
            faults: faults.iter().map(|(fault, _)| self.words.fault(*fault)).collect(),
        };
        self.write(now, Event::Alert(entry));
    }

    /// Notes where an incident began, at the tick of its first firing rule: with the earliest site
    /// fault active then that hits what the rule looks at, if there is one. A fault with which an
    /// earlier incident began is taken only if there is no other.
    pub(super) fn onset_of(
        &mut self,
        incident: IncidentId,
        event: &AlertEvent,
        schedule: &Schedule,
    ) {
        if incident.index() == self.onsets.len() {
            let faults = schedule.of_site(event.at, event.at);
            let faults = self.words.behind(faults, event.scope);
            let new = |fault: &&(FaultId, Time)| !self.onsets.contains(&Some(**fault));
            let onset = faults.iter().find(new).or(faults.first());
            self.onsets.push(onset.copied());
        }
    }

    /// The fault with which an incident began; no name where none is known.
    pub(super) fn cause_of(&self, incident: Option<IncidentId>) -> String {
        let onset = incident.and_then(|incident| self.onsets.get(incident.index()).copied());
        onset.flatten().map(|(fault, _)| self.words.fault(fault)).unwrap_or_default()
    }

    /// When somebody was seen to answer for an incident, or else to move a change on.
    fn seen(&self, incident: u32, answers: bool) -> Vec<Time> {
        let of_incident =
            self.measured.iter().filter(|(of, _, answer)| (*of, *answer) == (incident, answers));
        of_incident.map(|(_, at, _)| *at).collect()
    }

    pub(super) fn attempt(&mut self, now: Time, attempt: &Attempt) {
        let onset = self.onsets.get(attempt.incident.index()).copied().flatten();
        let began = onset.map_or(attempt.pending_at, |(_, began)| began);
        let mut entry = AttemptEntry::of(attempt.named(self.words.names()), began);
        entry.fault = onset.map(|(fault, _)| self.words.fault(fault));
        entry.measured =
            entry.measured_by(&self.seen(entry.incident, true), &self.seen(entry.incident, false));
        self.write(now, Event::Attempt(Box::new(entry)));
    }
}

fn row(scope: &ScopeReading, limit: Span) -> ScopeRow {
    let millis = |quantile| {
        scope.latency.quantile(quantile).map(|span| (span.seconds() * 1e6).round() / 1e3)
    };
    ScopeRow {
        ok: scope.ok,
        failed: scope.failed,
        rejected: scope.rejected,
        abandoned: scope.abandoned,
        planned: scope.planned,
        slow: scope.latency.slower_than(limit),
        p50: millis(0.5),
        p90: millis(0.9),
        p95: millis(0.95),
        p99: millis(0.99),
    }
}
