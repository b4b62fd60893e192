//! Steps that need somebody at a time when nobody is on duty.

use crate::decision::{LaunchAction, LaunchTime, Step};
use crate::language::problem::quoted;
use crate::language::source::Place;
use crate::language::written::OneOrMany;
use crate::names::PersonId;
use crate::scenario::lint::Linter;
use crate::scenario::plays::written::{StepKeys, WrittenStep};
use crate::units::Time;

impl Linter<'_> {
    /// Plays may open at any moment; launch steps are due at theirs.
    pub fn duty(&mut self) {
        let plays = self.document.plays.iter().flat_map(|plays| &plays.0);
        for ((_, written), play) in plays.zip(&self.plan.playbook.plays) {
            let written = written.iter().flat_map(|play| play.steps.iter().flatten());
            for (WrittenStep(keys), step) in written.zip(&play.steps) {
                let Some((who, people)) = self.needed(step) else { continue };
                let gaps = self.gaps(&people);
                let Some((from, to)) = gaps.first().copied() else { continue };
                let message = match gaps.len() {
                    1 => format!("nobody in {who} is on duty {}", self.stretch(from, to)),
                    n => format!(
                        "nobody in {who} is on duty {}, and {} more times",
                        self.stretch(from, to),
                        n - 1
                    ),
                };
                let hint = "the play stalls until the first comes on duty: add somebody, or hours";
                self.warning(target(keys), message, hint);
            }
        }
        self.launch_duty();
    }

    fn launch_duty(&mut self) {
        let written = self.document.launch.iter().flatten();
        for (written, step) in written.zip(&self.plan.playbook.launch) {
            let (Some(LaunchTime::At(at)), LaunchAction::Change { by: Some(by), .. }) =
                (step.at, &step.action)
            else {
                continue;
            };
            let roster = &self.plan.playbook.roster;
            let people = &roster.escalation(*by).people;
            let named = people.iter().any(|person| !roster.people[person.index()].unnamed);
            if !named || people.iter().any(|person| roster.on_duty(*person, at)) {
                continue;
            }
            let (who, step) = (quoted(&self.names().escalations[by.index()]), quoted(&step.label));
            let clock = self.plan.calendar.clock(at);
            let message = format!("nobody in {who} is on duty at {clock}, when {step} is due");
            let place = written.by.as_ref().map_or(written.place, |by| by.place);
            self.warning(place, message, "the step stalls: add somebody, hours, or move it");
        }
    }

    /// Whom a step waits for.
    pub fn needed(&self, step: &Step) -> Option<(String, Vec<PersonId>)> {
        let roster = &self.plan.playbook.roster;
        let (who, people) = match step {
            Step::Page(escalation) => (
                quoted(&self.names().escalations[escalation.index()]),
                roster.escalation(*escalation).people.clone(),
            ),
            Step::Ask(ask) if ask.asks_nobody() => return None,
            Step::Ask(ask) => {
                let people: Vec<PersonId> = ask.people.iter().map(|(person, _)| *person).collect();
                let names =
                    people.iter().map(|person| quoted(&self.names().people[person.index()]));
                let who = match ask.role {
                    Some(role) => quoted(&self.names().roles[role.index()]),
                    None => names.collect::<Vec<_>>().join(", "),
                };
                (who, people)
            }
            _ => return None,
        };
        // That nobody is named is a finding of its own.
        let named = |person: &PersonId| !roster.people[person.index()].unnamed;
        people.iter().any(named).then_some((who, people))
    }

    /// When none of these people is on duty.
    fn gaps(&self, people: &[PersonId]) -> Vec<(Time, Time)> {
        let roster = &self.plan.playbook.roster;
        let people = people.iter().map(|person| &roster.people[person.index()]);
        let mut duty: Vec<(Time, Time)> =
            people.filter(|p| !p.unnamed).flat_map(|p| p.on_duty.iter().copied()).collect();
        duty.sort_unstable();
        let end = Time::ZERO + self.plan.lasts;
        let (mut covered, mut gaps) = (Time::ZERO, Vec::new());
        for (from, to) in duty {
            if from > covered {
                gaps.push((covered, from.min(end)));
            }
            covered = covered.max(to);
        }
        if covered < end {
            gaps.push((covered, end));
        }
        gaps
    }

    fn stretch(&self, from: Time, to: Time) -> String {
        let end = Time::ZERO + self.plan.lasts;
        match (from == Time::ZERO, to == end) {
            (true, true) => "at any time of the run".to_string(),
            (true, false) => format!("until {}", self.plan.calendar.clock(to)),
            (false, true) => format!("from {} on", self.plan.calendar.clock(from)),
            (false, false) => {
                let (from, to) = (self.plan.calendar.clock(from), self.plan.calendar.clock(to));
                format!("from {from} to {to}")
            }
        }
    }
}

/// Where a step names whom it needs.
fn target(keys: &StepKeys) -> Place {
    let asked = keys.ask.as_ref().and_then(|OneOrMany(asked)| asked.first());
    let named = keys.page.as_ref().or(asked);
    named.map_or(keys.place, |named| named.place)
}
