//! Days on which nobody acts, kept as far as the candidates look at them.

use crate::decision::{Baseline, Measure, MonitorInput, Rule};
use crate::gameday::{Gameday, Trial};
use crate::measure::Limits;
use crate::names::{FaultId, Names, Scope};
use crate::scenario::{self, Plan};
use crate::telemetry::{Reading, ScopeReading};
use crate::units::{Span, Time};
use indexmap::IndexSet;

/// What of a reading is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadingSelection {
    /// The scopes that candidates look at.
    pub scopes: Vec<Scope>,
    /// Their positions in a reading.
    positions: Vec<usize>,
    /// The limits that candidates count slow requests by; `None`: whole histograms are needed.
    limits: Option<Vec<Span>>,
    /// The response times that any candidate turns on, counted exactly.
    exact: Vec<Span>,
    /// Whether any candidate looks at good answers alone.
    good: bool,
}

impl ReadingSelection {
    /// What these rules look at.
    pub fn for_rules<'r>(
        rules: impl Iterator<Item = &'r Rule>,
        names: &Names,
        baseline: &Baseline,
    ) -> ReadingSelection {
        let (mut scopes, mut limits) = (Vec::new(), Some(Vec::new()));
        let (mut exact, mut good) = (Vec::new(), false);
        for rule in rules {
            exact.extend(rule.limits(baseline));
            good |= rule.looks_at_good_answers();
            for scope in rule.scopes(names) {
                if !scopes.contains(&scope) {
                    scopes.push(scope);
                }
            }
            match (rule.measure, &mut limits) {
                (Measure::SlowerThan(limit), Some(limits)) => {
                    limits.extend([limit].into_iter().chain(rule.resolve_limit));
                }
                (Measure::Latency(_), _) => limits = None,
                _ => {}
            }
        }
        if let Some(limits) = &mut limits {
            limits.sort();
            limits.dedup();
        }
        let positions = scopes.iter().map(|scope| names.scope_index(*scope)).collect();
        ReadingSelection { scopes, positions, limits, exact, good }
    }

    /// The response times that candidates turn on, in order.
    pub fn limits(&self) -> Limits {
        Limits::new(self.exact.clone()).with_good_apart(self.good)
    }

    /// Whether any candidate looks at response times.
    pub fn looks_at_latency(&self) -> bool {
        self.limits.as_ref().is_none_or(|limits| !limits.is_empty())
    }

    /// What of a reading is kept; `None`: it did not come.
    fn of_reading(&self, reading: &Reading) -> Option<Vec<ScopeReading>> {
        let scope = |position: &usize| {
            let whole = &reading.scopes[*position];
            let latency = match &self.limits {
                Some(limits) => whole.latency.reduced_to(limits),
                None => whole.latency.clone(),
            };
            let good = whole.good.as_ref().map(|good| match &self.limits {
                Some(limits) => good.reduced_to(limits),
                None => good.clone(),
            });
            let ScopeReading { ok, failed, rejected, abandoned, planned, errors, .. } = *whole;
            let reports = whole.reports.clone();
            ScopeReading {
                ok,
                failed,
                rejected,
                abandoned,
                planned,
                reports,
                latency,
                errors,
                good,
                backlog: whole.backlog,
            }
        };
        (!reading.missing).then(|| self.positions.iter().map(scope).collect())
    }
}

/// One interval of a day.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DayReading {
    pub from: Time,
    pub to: Time,
    /// When its reading was known.
    pub known: Time,
    /// In the order of [`ReadingSelection::scopes`]; `None`: the reading did not come.
    pub scopes: Option<Vec<ScopeReading>>,
    /// What users had lost by the time that the reading was known.
    pub lost: Span,
}

/// A fault of a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Onset {
    /// Its beginning.
    pub from: Time,
    /// Its end, or that of the day.
    pub to: Time,
    /// What users had lost by then.
    lost: Span,
}

/// A day on which nobody acts.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptDay {
    pub(super) kept: Vec<DayReading>,
    /// The first stretch of the fault that this day is about.
    pub onset: Option<Onset>,
    /// How long it was watched.
    pub watched: Span,
}

impl KeptDay {
    /// An empty day, for readings that come from a log.
    pub fn empty() -> KeptDay {
        KeptDay { kept: Vec::new(), onset: None, watched: Span::ZERO }
    }

    /// Takes in a reading that was known at this moment.
    pub fn add(&mut self, wanted: &ReadingSelection, known: Time, reading: &Reading, lost: Span) {
        let scopes = wanted.of_reading(reading);
        self.watched += reading.to - reading.from;
        self.kept.push(DayReading { from: reading.from, to: reading.to, known, scopes, lost });
    }

    /// From the end of a reading until it is known.
    pub(super) fn delay(&self) -> Span {
        self.kept.first().map_or(Span::ZERO, |kept| kept.known.since(kept.to))
    }

    /// What users had lost at a moment.
    pub(super) fn lost_at(&self, time: Time) -> Span {
        let before = self.kept.partition_point(|kept| kept.known <= time);
        before.checked_sub(1).map_or(Span::ZERO, |last| self.kept[last].lost)
    }

    /// Plays one trial of a plan of [`quiet_plan`] or [`troubled_plan`]; `None` if it was stopped.
    pub fn play(
        plan: &Plan,
        trial: Trial,
        wanted: &ReadingSelection,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Option<KeptDay> {
        let header = scenario::header(plan, trial.number, trial.seed);
        let gameday = Gameday::new(plan, &header, trial).without_readings().recording();
        let mut gameday = gameday.with_limits(wanted.limits()).stopped_by(stop);
        let mut day = KeptDay::empty();
        while gameday.step().is_some() {
            let inputs = gameday.drain_inputs();
            let lost = gameday.lost();
            for (known, input) in inputs {
                if let MonitorInput::Reading(reading) = input {
                    day.add(wanted, known, &reading, lost);
                }
            }
        }
        if gameday.is_stopped() {
            return None;
        }
        let story = gameday.finish().story;
        let end = Time::ZERO + plan.lasts;
        day.onset = story.faults().first().map(|fault| Onset {
            from: fault.from,
            to: fault.to.unwrap_or(end).min(end),
            lost: day.lost_at(fault.from),
        });
        Some(day)
    }
}

impl Onset {
    #[cfg(test)]
    pub(super) fn new(from: Time, to: Time, lost: Span) -> Onset {
        Onset { from, to, lost }
    }

    /// What users had lost when it began.
    pub(super) fn lost_before(&self) -> Span {
        self.lost
    }
}

/// The same plan with nothing broken and nobody to act on alerts. The launch goes on as planned.
pub fn quiet_plan(plan: &Plan) -> Plan {
    let mut quiet = plan.clone();
    quiet.playbook.plays.clear();
    quiet.playbook.rules.clear();
    quiet.names.plays = IndexSet::new();
    quiet.names.rules = IndexSet::new();
    quiet.expect.clear();
    quiet.tune.clear();
    quiet.faults.clear();
    quiet.names.faults = IndexSet::new();
    for freeze in &mut quiet.playbook.changes.freezes {
        freeze.except.clear();
    }
    quiet
}

/// The same plan with nobody to act and this fault alone; `None` if it does not hit the site.
pub fn troubled_plan(plan: &Plan, fault: FaultId) -> Option<Plan> {
    let only = &plan.faults[fault.index()];
    if !only.kind.hits_site() {
        return None;
    }
    let name = plan.names.faults[fault.index()].clone();
    let mut troubled = quiet_plan(plan);
    troubled.faults = vec![only.clone()];
    troubled.names.faults = IndexSet::from([name]);
    Some(troubled)
}
