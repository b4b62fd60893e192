//! Thresholds: what a rule sees in its window, and the state machine that it moves.

mod machine;
mod tick;
#[cfg(test)]
mod vectors;

use super::{AlertEvent, AlertState, Baseline, Playbook, Rule};
use crate::names::{Names, RuleId, Scope};
use crate::telemetry::{Reading, ScopeReading};
use crate::units::{Span, Time};
use machine::Machine;
use tick::Window;

/// One rule on one scope.
#[derive(Debug)]
pub(super) struct Watch<'a> {
    rule: RuleId,
    scope: Scope,
    /// The scope's position in a reading.
    position: usize,
    window: Window<'a>,
    machine: Machine,
}

impl<'a> Watch<'a> {
    /// Everything to watch: rules in file order, with `by` one per category. A rule that is not
    /// filled in yet is not watched.
    pub fn all(playbook: &'a Playbook, names: &Names) -> Vec<Watch<'a>> {
        let mut watches = Vec::new();
        for (index, rule) in playbook.rules.iter().enumerate() {
            let Some(breach) = rule.breach else { continue };
            let scopes = match rule.by {
                None => vec![rule.scope],
                Some(dimension) => {
                    let categories = names.categories[dimension as usize].len();
                    (0..categories).map(|i| Scope::Segment(dimension, i as u8)).collect()
                }
            };
            watches.extend(scopes.into_iter().map(|scope| Watch {
                rule: index.into(),
                scope,
                position: names.scope_index(scope),
                window: Window::new(rule, breach, playbook.baseline),
                machine: Machine::new(rule),
            }));
        }
        watches
    }

    /// Takes a reading in; gives what it moved, in order, without the incident.
    pub fn observe(&mut self, reading: &Reading) -> Vec<Moved> {
        let scope = (!reading.missing).then(|| &reading.scopes[self.position]);
        let tick = self.window.observe(reading.from, reading.to, scope);
        let moves = self.machine.tick(reading.to, tick.verdict);
        let event = |step: machine::Move| {
            let blind = step.state == AlertState::NoData;
            let alert = AlertEvent {
                at: reading.to,
                rule: self.rule,
                scope: self.scope,
                state: step.state,
                value: tick.value.filter(|_| !blind),
                threshold: Some(tick.line.threshold).filter(|_| !blind),
                bound_by: tick.line.bound_by,
                baseline: tick.line.baseline,
                n: tick.n,
                held: step.held,
                incident: None,
            };
            Moved { alert, since: step.since }
        };
        moves.into_iter().map(event).collect()
    }
}

/// How often a rule fires on one scope over these readings, which follow each other without a gap.
pub fn firings(
    rule: &Rule,
    baseline: Baseline,
    every: Span,
    readings: impl Iterator<Item = ScopeReading>,
) -> u64 {
    let Some(breach) = rule.breach else { return 0 };
    let mut window = Window::new(rule, breach, baseline);
    let mut machine = Machine::new(rule);
    let (mut from, mut fired) = (Time::ZERO, 0);
    for reading in readings {
        let to = from + every;
        let tick = window.observe(from, to, Some(&reading));
        let moves = machine.tick(to, tick.verdict);
        fired += moves.iter().filter(|step| step.state == AlertState::Firing).count() as u64;
        from = to;
    }
    fired
}

/// A state machine moved.
#[derive(Debug)]
pub(super) struct Moved {
    pub alert: AlertEvent,
    /// When the breach began (pending, firing, cleared), or the ok that resolved it.
    pub since: Time,
}
