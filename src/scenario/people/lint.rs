//! Gaps of the launch plan about people: tentative names, no deputy, too many hats, two places.

use crate::decision::{AskStep, LaunchAction, Step};
use crate::fault::FaultKind;
use crate::journal::Severity;
use crate::language::problem::{Problem, quoted};
use crate::language::written::Placed;
use crate::names::{EscalationId, PersonId, RoleId};
use crate::scenario::lint::Sense;
use crate::scenario::people::reach::reach;

/// An ask that fails more often than this needs a deputy.
const OFTEN_SILENT: f64 = 1.0 / 7.0;

impl Sense<'_> {
    /// Looks over the roster and what the plan asks of it.
    pub fn people(&mut self) {
        for index in 0..self.plan.playbook.roster.people.len() {
            let person = PersonId::from(index);
            if self.plan.playbook.roster.people[index].unnamed {
                continue;
            }
            self.tentative(person);
            self.hats(person);
            self.places(person);
        }
        self.deputies();
        self.second_holders();
    }

    fn written(&self, person: PersonId) -> &Placed<String> {
        let people = self.document.people.as_ref().expect("the plan has people");
        &people.0[person.index()].0
    }

    /// `jennifer-lee?`
    fn tentative(&mut self, person: PersonId) {
        let name = self.written(person).clone();
        if !name.value.trim_end().ends_with('?') {
            return;
        }
        let needed = self.needs(person);
        let text = match needed.is_empty() {
            true => format!("{} is a tentative name", quoted(&name.value)),
            false => format!("{} is a tentative name: {}", quoted(&name.value), needed.join(", ")),
        };
        let hint = "ask, then take the question mark out, or write \"?\" for nobody";
        let problem = Problem::finding(name.place, text).hint(hint);
        self.finding("tentative", Severity::Medium, problem);
    }

    /// What the plan needs a person for.
    fn needs(&self, person: PersonId) -> Vec<String> {
        let roster = &self.plan.playbook.roster;
        let mut needs = Vec::new();
        for (escalation, name) in roster.escalations.iter().zip(&self.names().escalations) {
            if let Some(at) = escalation.people.iter().position(|tried| *tried == person) {
                needs.push(format!("{} on escalation {}", place(at), quoted(name)));
            }
        }
        for role in &roster.people[person.index()].roles {
            let alone = self.named_holders(*role).len() == 1;
            let name = quoted(&self.names().roles[role.index()]);
            if alone && self.asking(*role).next().is_some() {
                needs.push(format!("the only {name}"));
            }
        }
        needs
    }

    /// Plays that ask a role for a yes.
    fn asking(&self, role: RoleId) -> impl Iterator<Item = &String> {
        let asks = move |step: &Step| matches!(step, Step::Ask(ask) if ask.role == role);
        let plays = self.plan.playbook.plays.iter().zip(&self.names().plays);
        plays.filter(move |(play, _)| play.steps.iter().any(asks)).map(|(_, name)| name)
    }

    fn named_holders(&self, role: RoleId) -> Vec<PersonId> {
        let roster = &self.plan.playbook.roster;
        roster.holders(role).filter(|person| !roster.people[person.index()].unnamed).collect()
    }

    /// One person on whose yes everything waits.
    fn deputies(&mut self) {
        for index in 0..self.names().roles.len() {
            let role = RoleId::from(index);
            let plays: Vec<String> = self.asking(role).map(|name| quoted(name)).collect();
            let [holder] = self.named_holders(role)[..] else { continue };
            if plays.is_empty() {
                continue;
            }
            let name = self.written(holder).clone();
            let role = quoted(&self.names().roles[index]);
            let text = format!(
                "{} is the only {role}, without a deputy: {} {} without an answer",
                quoted(&name.value),
                plays.join(" and "),
                if plays.len() == 1 { "stalls" } else { "stall" },
            );
            let hint = format!(
                "give {role} to a second person too, who is asked while the first is busy or off \
                 duty"
            );
            let problem = Problem::finding(name.place, text).hint(hint);
            self.finding("deputy", Severity::High, problem);
        }
    }

    /// A role means its first holder who is on duty and free: somebody who is there and does not
    /// answer has no deputy in the second.
    fn second_holders(&mut self) {
        let plays = self.plan.playbook.plays.iter().flat_map(|play| &play.steps);
        let asks: Vec<&AskStep> = plays
            .filter_map(|step| match step {
                Step::Ask(ask) => Some(ask),
                _ => None,
            })
            .collect();
        for (at, ask) in asks.iter().enumerate() {
            let [first, second, ..] = self.named_holders(ask.role)[..] else { continue };
            let told = asks[..at].iter().any(|other| other.role == ask.role);
            if told || !self.both_on_duty(first, second) || !self.may_be_silent(first, ask) {
                continue;
            }
            let role = quoted(&self.names().roles[ask.role.index()]);
            let (name, other) = (self.written(first).clone(), self.written(second).clone());
            let (first, second) = (quoted(&name.value), quoted(&other.value));
            let text = format!(
                "{role} means {first}, its first holder who is on duty and free: if {first} does \
                 not answer, {second} is not asked"
            );
            let hint = "rehearse it with `unreachable:`; agree before the day when the second \
                        decides, and write that as their `hours`";
            let problem = Problem::finding(name.place, text).hint(hint);
            self.finding("deputy", Severity::Medium, problem);
        }
    }

    fn both_on_duty(&self, first: PersonId, second: PersonId) -> bool {
        let people = &self.plan.playbook.roster.people;
        let (first, second) = (&people[first.index()].on_duty, &people[second.index()].on_duty);
        first.iter().any(|a| second.iter().any(|b| a.0 < b.1 && b.0 < a.1))
    }

    /// Somebody whom a fault silences, or whose channels let one ask in seven go unanswered.
    fn may_be_silent(&self, person: PersonId, ask: &AskStep) -> bool {
        let silenced = FaultKind::Unreachable { person };
        let roster = &self.plan.playbook.roster;
        let contacts: Vec<_> = ask.by.iter().map(|by| roster.channel(person, *by)).collect();
        self.plan.faults.iter().any(|fault| fault.kind == silenced)
            || reach(&contacts, ask.each).silent > OFTEN_SILENT
    }

    /// One person who approves, merges and commands.
    fn hats(&mut self, person: PersonId) {
        let roles = &self.plan.playbook.roster.people[person.index()].roles;
        let word = |role: &RoleId| self.names().roles[role.index()].as_str();
        let approves = roles.iter().find(|role| self.asking(**role).next().is_some());
        let merges = self.launch_ladders().into_iter().find(|by| self.leads(person, *by));
        let commands = roles.iter().find(|role| word(role).contains("command"));
        let paged = self.paged_ladders().into_iter().find(|by| self.leads(person, *by));
        let mut hats = Vec::new();
        hats.extend(approves.map(|role| format!("approves (as {})", quoted(word(role)))));
        let ladder = |by: EscalationId| quoted(&self.names().escalations[by.index()]);
        hats.extend(
            merges.map(|by| format!("makes the launch's changes (first on {})", ladder(by))),
        );
        match (commands, paged) {
            (Some(role), _) => hats.push(format!("commands (as {})", quoted(word(role)))),
            (None, Some(by)) => hats.push(format!("responds (first on {})", ladder(by))),
            (None, None) => {}
        }
        if hats.len() < 2 || (hats.len() == 2 && approves.is_none() && commands.is_none()) {
            return;
        }
        let severity = if hats.len() == 3 { Severity::High } else { Severity::Medium };
        let name = self.written(person).clone();
        let text = format!("{} {}", quoted(&name.value), listed(&hats));
        let hint = "who approves or commands should not also have both hands on the keyboard";
        let problem = Problem::finding(name.place, text).hint(hint);
        self.finding("one-person", severity, problem);
    }

    /// First on two ladders, which may be walked at the same time.
    fn places(&mut self, person: PersonId) {
        let (launch, paged) = (self.launch_ladders(), self.paged_ladders());
        let mut used: Vec<EscalationId> = launch.iter().chain(&paged).copied().collect();
        used.sort_unstable();
        used.dedup();
        used.retain(|escalation| self.leads(person, *escalation));
        if used.len() < 2 {
            return;
        }
        let what = |escalation: &EscalationId| {
            let name = quoted(&self.names().escalations[escalation.index()]);
            match (launch.contains(escalation), paged.contains(escalation)) {
                (true, false) => format!("{name} (launch steps)"),
                (false, true) => format!("{name} (plays)"),
                _ => name,
            }
        };
        let ladders: Vec<String> = used.iter().map(what).collect();
        let name = self.written(person).clone();
        let text = format!(
            "{} is needed in two places: first on {}",
            quoted(&name.value),
            listed(&ladders)
        );
        let hint = "put somebody else first on one of them: people do one thing at a time";
        let problem = Problem::finding(name.place, text).hint(hint);
        self.finding("two-places", Severity::Medium, problem);
    }

    fn leads(&self, person: PersonId, escalation: EscalationId) -> bool {
        self.plan.playbook.roster.escalation(escalation).people.first() == Some(&person)
    }

    fn launch_ladders(&self) -> Vec<EscalationId> {
        let steps = self.plan.playbook.launch.iter();
        let by = steps.filter_map(|step| match step.action {
            LaunchAction::Change { by, .. } => by,
            LaunchAction::Tell { .. } => None,
        });
        by.collect()
    }

    fn paged_ladders(&self) -> Vec<EscalationId> {
        let steps = self.plan.playbook.plays.iter().flat_map(|play| &play.steps);
        let paged = steps.filter_map(|step| match step {
            Step::Page(escalation) => Some(*escalation),
            _ => None,
        });
        paged.collect()
    }
}

fn place(position: usize) -> String {
    match position {
        0 => "first".to_string(),
        1 => "second".to_string(),
        2 => "third".to_string(),
        n => format!("number {}", n + 1),
    }
}

/// `a`, `a and b`, `a, b and c`.
fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
