//! Writes the journal's entries as things happen, and counts what was sent while each incident
//! lasted.

use super::alert_attribution::NotifiedCause;
use super::plan_wording::PlanWording;
use crate::decision::{AlertEvent, Attempt, MonitorInput};
use crate::fault::{Edge, FaultKind};
use crate::journal::CauseEntry;
use crate::journal::{Attribution, Entry, Event, Evidence, Expectation, Header, ScopeRow, Story};
use crate::journal::{IncidentRequests, check_expectations};
use crate::names::{ChangeId, IncidentId, NamedScope, TierId};
use crate::scenario::{Plan, what_it_does};
use crate::site::SiteTotals;
use crate::telemetry::{Cause, Charges, Reading, ScopeReading};
use crate::units::{Span, Time};

/// What is left of a gameday when it is over.
#[derive(Debug)]
pub struct Finished {
    /// Everything but the readings.
    pub story: Story,
    /// The entries that [`super::Gameday::drain`] had not handed out yet.
    pub entries: Vec<Entry>,
    /// What [`super::Gameday::drain_inputs`] had not handed out yet.
    pub inputs: Vec<(Time, MonitorInput)>,
}

/// The entries that nobody has fetched yet, and the story so far.
#[derive(Clone)]
pub(super) struct Ledger<'p> {
    header: &'p Header,
    pub words: PlanWording<'p>,
    seq: u64,
    /// Readings are counted, and nothing but the story is kept.
    story_only: bool,
    entries: Vec<Entry>,
    story: Story,
    /// What each incident began with, and when that took effect, in order of opening.
    onsets: Vec<Option<(Cause, Time)>>,
    /// When somebody was seen to do something for an incident, and whether it was an answer.
    measured: Vec<(u32, Time, bool)>,
}

impl<'p> Ledger<'p> {
    pub(super) fn new(header: &'p Header, words: PlanWording<'p>) -> Self {
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

    pub(super) fn finish(self, inputs: Vec<(Time, MonitorInput)>) -> Finished {
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
            let unseen = |index: &usize| reading.gaps.scopes.contains(index);
            let row = |index: &usize| match unseen(index) {
                true => ScopeRow { unseen: true, ..ScopeRow::default() },
                false => row(&reading.scopes[*index], limit),
            };
            reported.iter().map(row).collect()
        };
        let Reading { from, to, missing, .. } = *reading;
        self.write(now, Event::Reading { from, to, missing, scopes });
    }

    /// A move of a rule, with what it is put down to and when that took effect.
    pub(super) fn alert(&mut self, now: Time, event: &AlertEvent, cause: Option<(Cause, Time)>) {
        let names = self.words.names();
        let attribution = Attribution {
            cause: cause.map(|(cause, _)| cause.named(names)),
            cause_at: cause.map(|(_, began)| began),
        };
        let entry = event.named(names, attribution);
        self.write(now, Event::Alert(entry));
    }

    /// People have been told of a cause by a rule that fires for it.
    pub(super) fn note_notified(&mut self, now: Time, told: NotifiedCause, began: Time) {
        let names = self.words.names();
        let entry = CauseEntry {
            incident: told.incident.number(),
            cause: told.cause.named(names),
            began,
            alert: self.words.rule(told.rule),
            scope: names.named_scope(told.scope),
        };
        self.write(now, Event::Cause(entry));
    }

    /// People have seen a cause for which no rule has fired.
    pub(super) fn told_by_hand(
        &mut self,
        now: Time,
        incident: IncidentId,
        cause: Cause,
        began: Time,
    ) {
        let (incident, alert) = (incident.number(), "by hand".to_string());
        let (cause, scope) = (cause.named(self.words.names()), NamedScope::site());
        let entry = CauseEntry { incident, cause, began, alert, scope };
        self.write(now, Event::Cause(entry));
    }

    /// What a change that has taken effect does to the site, unless it does nothing by itself.
    pub(super) fn effect(&mut self, now: Time, plan: &Plan, change: ChangeId) {
        let row = &plan.playbook.changes.changes[change.index()];
        let ends: Vec<String> = row.ends.iter().map(|ended| self.words.change(*ended)).collect();
        let eases = relieved_tiers(plan, change);
        if row.maintenance || !ends.is_empty() || !eases.is_empty() {
            let (change, page) = (self.words.change(change), row.maintenance);
            self.write(now, Event::Effect { change, page, ends, eases });
        }
    }

    /// Records what an interval is charged to, unless nothing is.
    pub(super) fn charges(&mut self, now: Time, charges: &Charges) {
        if !charges.rows.is_empty() {
            let named = charges.named(self.words.names(), self.words.reported());
            self.write(now, Event::Charges(Box::new(named)));
        }
    }

    /// Notes what an incident began with, once its first rule fires.
    pub(super) fn onset_of(&mut self, incident: IncidentId, cause: Option<(Cause, Time)>) {
        if incident.index() == self.onsets.len() {
            self.onsets.push(cause);
        }
    }

    /// The name of what an incident began with; none where it is not known.
    pub(super) fn cause_of(&self, incident: Option<IncidentId>) -> String {
        let onset = incident.and_then(|incident| self.onsets.get(incident.index()).copied());
        onset.flatten().map(|(cause, _)| cause.named(self.words.names()).name()).unwrap_or_default()
    }

    /// When somebody was seen to answer for an incident, or else to move a change on.
    fn seen(&self, incident: u32, answers: bool) -> Vec<Time> {
        let of_incident =
            self.measured.iter().filter(|(of, _, answer)| (*of, *answer) == (incident, answers));
        of_incident.map(|(_, at, _)| *at).collect()
    }

    pub(super) fn attempt(&mut self, now: Time, attempt: &Attempt) {
        let onset = self.onsets.get(attempt.incident.index()).copied().flatten();
        let began = onset.map_or(attempt.start.pending_at, |(_, began)| began);
        let fault = onset.map(|(cause, _)| cause.named(self.words.names()).name());
        let mut entry = attempt.named(self.words.names()).started(began, fault);
        entry.measured =
            entry.measured_by(&self.seen(entry.incident, true), &self.seen(entry.incident, false));
        self.write(now, Event::Attempt(Box::new(entry)));
    }
}

/// The tiers to which a change gives room, or from which it takes load: those that it adds to or
/// leads around, those whose fault it ends, and all that wait for them; all of them, if it holds
/// visitors back.
fn relieved_tiers(plan: &Plan, change: ChangeId) -> Vec<String> {
    let row = &plan.playbook.changes.changes[change.index()];
    let ends_surge = plan.faults.iter().any(|fault| {
        fault.end.until.contains(&change) && matches!(fault.kind, FaultKind::Surge { .. })
    });
    let paths = || plan.site.endpoints.iter().map(|endpoint| &endpoint.path[..]);
    let eased = |tier: TierId| {
        let added = |path: &[TierId]| {
            let at = path.iter().position(|own| *own == tier);
            at.is_some_and(|at| path[at..].iter().any(|own| row.add.iter().any(|(t, _)| t == own)))
        };
        let led_around = row
            .routes
            .iter()
            .any(|route| plan.site.endpoints[route.endpoint.index()].path.contains(&tier));
        ends_surge || row.admits.is_some() || led_around || paths().any(added)
    };
    let tiers = plan.names.tiers.iter().enumerate();
    tiers.filter(|(index, _)| eased((*index).into())).map(|(_, name)| name.clone()).collect()
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
        backlog: scope.backlog.map(|backlog| backlog.waiting),
        backlog_age: scope.backlog.map(|backlog| (backlog.age.seconds() * 1e3).round() / 1e3),
        unseen: false,
    }
}

/// The sums of the site at some moments, in order of time.
#[derive(Clone, Default)]
pub(super) struct TotalsSnapshots(Vec<(Time, SiteTotals)>);

impl TotalsSnapshots {
    /// Notes the sums at a moment at which something may begin or end.
    pub fn note(&mut self, at: Time, totals: SiteTotals) {
        self.0.push((at, totals));
    }

    /// What was sent while each incident lasted: from its cause, as far as that moment was noted,
    /// to the end of its last attempt or the end of the run.
    pub fn incidents(&self, story: &Story, end: SiteTotals) -> Vec<IncidentRequests> {
        let count_for = |incident: crate::journal::Incident| {
            let (from, to) = (incident.first().start.started_at, incident.last().ended_at);
            let before = self.0.iter().rev().find(|(at, _)| *at <= from);
            let before = before.map_or(SiteTotals::default(), |(_, totals)| *totals);
            let after = self.0.iter().find(|(at, _)| *at >= to);
            let after = after.map_or(end, |(_, totals)| *totals);
            let count = |of: fn(&SiteTotals) -> u64| of(&after).saturating_sub(of(&before));
            IncidentRequests {
                incident: incident.number,
                requests: count(|totals| totals.requests.generated - totals.requests.planned),
                bad: count(|totals| {
                    totals.requests.failed + totals.requests.rejected + totals.requests.abandoned
                }),
                page: count(|totals| totals.requests.planned),
            }
        };
        story.incidents().into_iter().map(count_for).collect()
    }
}
