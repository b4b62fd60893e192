//! Thresholds: what a rule sees in its window, and the state machine that it moves.

mod conditions;
mod machine;
mod tick;
#[cfg(test)]
mod vectors;

use super::{AlertEvent, AlertState, Baseline, BoundBy, Closest, Playbook, Rule, Ticks};
use crate::names::{Names, RuleId, Scope};
use crate::telemetry::{Reading, ScopeReading};
use crate::units::{Span, Time};
use conditions::RuleConditions;
use machine::Machine;

/// One rule on one scope.
#[derive(Debug, Clone)]
pub(super) struct RuleWatch<'a> {
    rule: RuleId,
    scope: Scope,
    /// The scope's position in a reading.
    position: usize,
    conditions: RuleConditions<'a>,
    machine: Machine,
    ticks: Ticks,
}

impl<'a> RuleWatch<'a> {
    /// Everything to watch: rules in file order, with `by` one per category. A rule that is not
    /// filled in yet is not watched.
    pub fn all(playbook: &'a Playbook, names: &Names) -> Vec<RuleWatch<'a>> {
        let mut watches = Vec::new();
        for (index, rule) in playbook.rules.iter().enumerate() {
            watches.extend(rule.scopes(names).into_iter().filter_map(|scope| {
                Some(RuleWatch {
                    rule: index.into(),
                    scope,
                    position: names.scope_index(scope),
                    conditions: RuleConditions::new(rule, &playbook.baseline)?,
                    machine: Machine::new(rule),
                    ticks: Ticks {
                        rule: index.into(),
                        scope,
                        readings: 0,
                        judged: 0,
                        closest: None,
                    },
                })
            }));
        }
        watches
    }

    /// Whether it is this rule on this scope.
    pub fn is(&self, rule: RuleId, scope: Scope) -> bool {
        (self.rule, self.scope) == (rule, scope)
    }

    /// Takes a reading in; gives what it moved, in order, without the incident.
    pub fn observe(&mut self, reading: &Reading) -> Vec<RuleMove> {
        let scope = reading.seen_by(self.rule, self.position);
        let tick = self.conditions.observe(reading.from, reading.to, scope);
        self.count(reading.to, &tick);
        let moves = self.machine.tick(reading.to, reading.to - reading.from, tick.verdict);
        let event = |step: machine::Move| {
            let blind = step.state == AlertState::NoData;
            let alert = AlertEvent {
                at: reading.to,
                rule: self.rule,
                scope: self.scope,
                state: step.state,
                value: tick.value.filter(|_| !blind),
                threshold: tick.line.map(|line| line.threshold).filter(|_| !blind),
                bound_by: tick.line.map_or(BoundBy::Fixed, |line| line.bound_by),
                baseline: tick.line.and_then(|line| line.baseline),
                n: tick.n,
                held: step.held,
                incident: None,
                attribution: (),
            };
            RuleMove { alert, since: step.since }
        };
        moves.into_iter().map(event).collect()
    }

    /// How it has fared so far.
    pub fn ticks(&self) -> Ticks {
        self.ticks.clone()
    }

    fn count(&mut self, at: Time, tick: &tick::Tick) {
        self.ticks.readings += 1;
        if !self.conditions.counts(tick, at) {
            return;
        }
        self.ticks.judged += 1;
        let (Some(value), Some(line)) = (tick.value, tick.line) else { return };
        let here = (value, line.threshold);
        let closer = self.ticks.closest.is_none_or(|closest| {
            self.conditions.closer_to_breach(here, (closest.value, closest.threshold))
        });
        if closer {
            self.ticks.closest = Some(Closest { tick: at, value, threshold: line.threshold });
        }
    }
}

/// How often a rule fires on one scope over these readings, which follow each other without a gap.
pub fn firings(
    rule: &Rule,
    baseline: &Baseline,
    every: Span,
    readings: impl Iterator<Item = ScopeReading>,
) -> u64 {
    let mut drill = RuleEvaluator::new(rule, baseline);
    let (mut from, mut fired) = (Time::ZERO, 0);
    for reading in readings {
        let to = from + every;
        fired += u64::from(drill.observe(from, to, Some(&reading)).fires);
        from = to;
    }
    fired
}

/// A rule on one scope by itself, without anything that follows from it: for trying rules out.
#[derive(Debug, Clone)]
pub struct RuleEvaluator<'r> {
    judged: Option<(RuleConditions<'r>, Machine)>,
}

/// What a reading meant to a rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RuleEvaluation {
    /// It fired at the end of this reading.
    pub fires: bool,
    /// It is firing after this reading, since then or longer.
    pub firing: bool,
    /// The value and what it was compared with, if there were enough requests to judge.
    pub value: Option<(f64, f64)>,
}

impl<'r> RuleEvaluator<'r> {
    /// A rule at rest. One that is not filled in never fires.
    pub fn new(rule: &'r Rule, baseline: &'r Baseline) -> RuleEvaluator<'r> {
        let conditions = RuleConditions::new(rule, baseline);
        RuleEvaluator { judged: conditions.map(|conditions| (conditions, Machine::new(rule))) }
    }

    /// Takes in what was seen in `[from, to)`; `None`: the reading did not come.
    pub fn observe(
        &mut self,
        from: Time,
        to: Time,
        scope: Option<&ScopeReading>,
    ) -> RuleEvaluation {
        let Some((conditions, machine)) = &mut self.judged else {
            return RuleEvaluation { fires: false, firing: false, value: None };
        };
        let tick = conditions.observe(from, to, scope);
        let moves = machine.tick(to, to - from, tick.verdict);
        let fires = moves.iter().any(|step| step.state == AlertState::Firing);
        let value = tick.value.filter(|_| conditions.counts(&tick, to));
        let value = value.zip(tick.line).map(|(value, line)| (value, line.threshold));
        RuleEvaluation { fires, firing: machine.is_firing(), value }
    }
}

/// A state machine moved.
#[derive(Debug)]
pub(super) struct RuleMove {
    pub alert: AlertEvent,
    /// When the breach began (pending, firing, cleared), or the ok that resolved it.
    pub since: Time,
}
