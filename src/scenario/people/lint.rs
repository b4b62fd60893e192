//! Gaps of the launch plan about people: tentative names, no deputy, too many roles, two places.

use crate::decision::{AskStep, LaunchAction, Step};
use crate::journal::{Duty, FindingKind, OpenPoint, Severity, UsedLadder};
use crate::language::problem::quoted;
use crate::language::wording::Wording;
use crate::language::written::Placed;
use crate::names::{EscalationId, PersonId, RoleId};
use crate::scenario::lint::Linter;
use crate::scenario::people::reach::{contacts, reach};
use crate::scenario::phrases::share;
use crate::scenario::plays::written::WrittenStep;
use crate::units::Time;

/// A question that nobody answers this often needs somebody else. A choice: one person on a channel
/// that is answered 85 % of the time is a finding, on one with 90 % not.
const OFTEN_SILENT: f64 = 1.0 / 7.0;

impl Linter<'_> {
    /// Looks over the roster and what the plan asks of it.
    pub fn people(&mut self) {
        for index in 0..self.plan.playbook.roster.people.len() {
            let person = PersonId::from(index);
            if self.plan.playbook.roster.people[index].unnamed {
                continue;
            }
            self.tentative(person);
            self.too_many_roles(person);
            self.places(person);
        }
        self.deputies();
        self.silent_askings();
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
        let (shown, says) = (quoted(&name.value), "is a tentative name");
        let wording = match needed.is_empty() {
            true => Wording::beginning(shown, says, "tentative names"),
            false => format!("{shown} {says}: {}", needed.join(", ")).into(),
        };
        let hint = "ask, then take the question mark out, or write \"?\" for nobody";
        self.finding(FindingKind::Tentative, Severity::Medium, wording, (name.place, hint));
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
        let asks = move |step: &Step| match step {
            Step::Ask(ask) => ask.role == Some(role) && !ask.asks_nobody(),
            _ => false,
        };
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
            let plays: Vec<String> = self.asking(role).cloned().collect();
            let [holder] = self.named_holders(role)[..] else { continue };
            if plays.is_empty() {
                continue;
            }
            let Placed { value: holder, place } = self.written(holder).clone();
            let role = self.names().roles[index].clone();
            let hint = format!(
                "give {} to a second person too, who is asked while the first is busy or off duty",
                quoted(&role)
            );
            let point = OpenPoint::NoDeputy { holder, role, plays };
            self.finding(FindingKind::Deputy, Severity::High, point, (place, hint));
        }
    }

    /// Questions that often nobody answers, by the formula of `explain`.
    fn silent_askings(&mut self) {
        let plays = self.document.plays.iter().flat_map(|plays| &plays.0);
        for ((name, written), play) in plays.zip(&self.plan.playbook.plays) {
            let written = written.iter().flat_map(|play| play.steps.iter().flatten());
            for (WrittenStep(keys), step) in written.zip(&play.steps) {
                let Step::Ask(ask) = step else { continue };
                let silence = self.silence(ask);
                // That nobody is named or on duty is a finding of its own.
                let answered = ask.silent.is_some() || ask.asks_nobody();
                if answered || !(OFTEN_SILENT..1.0 - 1e-9).contains(&silence) {
                    continue;
                }
                let by: Vec<&str> =
                    ask.by.iter().map(|by| self.names().channels[by.index()].as_str()).collect();
                let nobody = match ask.role {
                    Some(role) => format!("no {}", quoted(&self.names().roles[role.index()])),
                    None => "none of those who are asked".to_string(),
                };
                let text = format!(
                    "{} of the time {nobody} answers by {}, and {} stalls",
                    share(silence),
                    by.join(" or "),
                    quoted(&name.value)
                );
                let hint = "name a second person, another channel, or what is done then: `silent: \
                            next`";
                self.finding(FindingKind::Silence, Severity::High, text, (keys.place, hint));
            }
        }
    }

    /// The chance that nobody answers, at the moment of the run at which it is greatest while
    /// somebody is on duty.
    fn silence(&self, ask: &AskStep) -> f64 {
        let people = &self.plan.playbook.roster.people;
        let hours = ask.people.iter().flat_map(|(person, _)| &people[person.index()].on_duty);
        let mut moments: Vec<Time> = hours.flat_map(|(from, to)| [*from, *to]).collect();
        moments.sort_unstable();
        moments.dedup();
        let chance = |at: Time| {
            let contacts = contacts(self.plan, ask, at);
            (!contacts.is_empty()).then(|| reach(&contacts, ask.within).silent)
        };
        moments.into_iter().filter_map(chance).fold(0.0, f64::max)
    }

    /// One person who approves, merges and commands.
    fn too_many_roles(&mut self, person: PersonId) {
        let roles = &self.plan.playbook.roster.people[person.index()].roles;
        let word = |role: &RoleId| self.names().roles[role.index()].as_str();
        let approves = roles.iter().find(|role| self.asking(**role).next().is_some());
        let merges = self.launch_ladders().into_iter().find(|by| self.leads(person, *by));
        let commands = roles.iter().find(|role| word(role).contains("command"));
        let paged = self.paged_ladders().into_iter().find(|by| self.leads(person, *by));
        let mut does = Vec::new();
        does.extend(approves.map(|role| Duty::Approves { role: word(role).to_string() }));
        let ladder = |by: EscalationId| self.names().escalations[by.index()].clone();
        does.extend(merges.map(|by| Duty::MakesChanges { ladder: ladder(by) }));
        match (commands, paged) {
            (Some(role), _) => does.push(Duty::Commands { role: word(role).to_string() }),
            (None, Some(by)) => does.push(Duty::Responds { ladder: ladder(by) }),
            (None, None) => {}
        }
        if does.len() < 2 || (does.len() == 2 && approves.is_none() && commands.is_none()) {
            return;
        }
        let severity = if does.len() == 3 { Severity::High } else { Severity::Medium };
        let Placed { value: person, place } = self.written(person).clone();
        let hint = "whoever approves or commands should not also be hands-on";
        let point = OpenPoint::OnePerson { person, does };
        self.finding(FindingKind::OnePerson, severity, point, (place, hint));
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
        let ladder = |escalation: &EscalationId| UsedLadder {
            name: self.names().escalations[escalation.index()].clone(),
            by_launch: launch.contains(escalation),
            by_plays: paged.contains(escalation),
        };
        let ladders: Vec<UsedLadder> = used.iter().map(ladder).collect();
        let Placed { value: person, place } = self.written(person).clone();
        let hint = "put somebody else first on one of them: people do one thing at a time";
        let point = OpenPoint::TwoPlaces { person, ladders };
        self.finding(FindingKind::TwoPlaces, Severity::Medium, point, (place, hint));
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
