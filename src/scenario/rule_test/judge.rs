//! Shows the monitor what a test says is seen, and looks at the state of its rules.

use crate::decision::{AlertEvent, AlertState, Monitor, Output};
use crate::names::{RuleId, Scope};
use crate::scenario::plan::Plan;
use crate::telemetry::{Reading, ScopeReading};
use crate::units::{Span, Time};

/// What came of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestOutcome {
    pub name: String,
    pub checks: usize,
    /// The line of each failed check in the file, and what was wrong.
    pub failures: Vec<(u32, String)>,
}

/// Judges one test with the code that judges a launch day.
pub fn judge(plan: &Plan, interval: Span, test: &RuleTest) -> TestOutcome {
    let mut monitor = Monitor::new(&plan.playbook, &plan.names);
    let mut history = RuleHistory { plan, events: Vec::new() };
    let mut failures = Vec::new();
    let mut checks = test.checks.iter().peekable();
    let mut from = Time::ZERO;
    for scopes in &test.readings {
        while let Some(check) = checks.next_if(|check| check.at < from + interval) {
            failures.extend(history.check(check));
        }
        let to = from + interval;
        let reading = match scopes {
            Some(scopes) => Reading::new(from, to, scopes.clone()),
            None => Reading::missing(from, to),
        };
        monitor.observe(to, &reading);
        while let Some(output) = monitor.next_output() {
            if let Output::Alert(event) = output {
                history.events.push(event);
            }
        }
        from = to;
    }
    for check in checks {
        failures.extend(history.check(check));
    }
    failures.sort();
    TestOutcome { name: test.name.clone(), checks: test.checks.len(), failures }
}

/// What the rules have done so far.
struct RuleHistory<'p> {
    plan: &'p Plan,
    events: Vec<AlertEvent>,
}

impl RuleHistory<'_> {
    /// The failure of a check.
    fn check(&self, check: &StateCheck) -> Option<(u32, String)> {
        let (state, blind) = self.state(check.rule, check.scope);
        let right = match check.state {
            ExpectedState::NoData => blind,
            expected => state == expected,
        };
        if right {
            return None;
        }
        let shown =
            if blind { format!("{} and no_data", state.word()) } else { state.word().into() };
        let name = &self.plan.names.rules[check.rule.index()];
        let at = check.at.since(Time::ZERO);
        let mut text = format!("{name} is {shown} at {at}, expected {}", check.state.word());
        let moves: Vec<String> =
            self.alerts(check.rule, check.scope).map(|event| self.move_text(event)).collect();
        match moves.is_empty() {
            true => text += "; it has not moved",
            false => text += &format!("; it went {}", moves.join(", ")),
        }
        Some((check.line, text))
    }

    fn alerts(&self, rule: RuleId, scope: Option<Scope>) -> impl Iterator<Item = &AlertEvent> {
        let events = self.events.iter().filter(move |event| event.rule == rule);
        events.filter(move |event| scope.is_none_or(|scope| scope == event.scope))
    }

    /// The strongest state on any of the scopes, and whether any of them has no data.
    fn state(&self, rule: RuleId, scope: Option<Scope>) -> (ExpectedState, bool) {
        let mut scopes: Vec<Scope> = self.alerts(rule, scope).map(|event| event.scope).collect();
        scopes.dedup();
        let states = scopes.iter().map(|scope| {
            let (mut state, mut blind) = (ExpectedState::Inactive, false);
            for event in self.alerts(rule, Some(*scope)) {
                match event.state {
                    AlertState::Pending => state = ExpectedState::Pending,
                    AlertState::Firing => state = ExpectedState::Firing,
                    AlertState::Cleared | AlertState::Resolved => state = ExpectedState::Inactive,
                    AlertState::NoData => blind = true,
                    AlertState::DataBack => blind = false,
                }
            }
            (state, blind)
        });
        states.fold((ExpectedState::Inactive, false), |(a, b), (state, blind)| {
            (a.max(state), b || blind)
        })
    }

    /// One move: `pending at 50s (12%)`.
    fn move_text(&self, event: &AlertEvent) -> String {
        let word = match event.state {
            AlertState::Pending => "pending",
            AlertState::Firing => "firing",
            AlertState::Cleared => "cleared",
            AlertState::Resolved => "resolved",
            AlertState::NoData => "no_data",
            AlertState::DataBack => "data back",
        };
        let at = event.at.since(Time::ZERO);
        match self.plan.playbook.rules[event.rule.index()].by {
            None => format!("{word} at {at}"),
            Some(_) => format!("{word} at {at} ({})", self.plan.names.scope(event.scope).1),
        }
    }
}

/// One test, ready to be judged.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::scenario) struct RuleTest {
    pub name: String,
    /// One per interval; `None` is a reading that does not come.
    pub readings: Vec<Option<Vec<ScopeReading>>>,
    /// In the order of their times.
    pub checks: Vec<StateCheck>,
}

/// The state that a rule must be in.
#[derive(Debug, Clone, PartialEq)]
pub struct StateCheck {
    /// Its line in the file.
    pub line: u32,
    pub at: Time,
    pub rule: RuleId,
    /// `None`: the strongest state on any scope.
    pub scope: Option<Scope>,
    pub state: ExpectedState,
}

/// The state of a rule; the later, the stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::scenario) enum ExpectedState {
    Inactive,
    Pending,
    Firing,
    /// Readings have been missing for long; it may be firing all the same.
    NoData,
}

impl ExpectedState {
    /// As files of tests spell it.
    pub fn word(self) -> &'static str {
        match self {
            ExpectedState::Inactive => "inactive",
            ExpectedState::Pending => "pending",
            ExpectedState::Firing => "firing",
            ExpectedState::NoData => "no_data",
        }
    }
}
