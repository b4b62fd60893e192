//! Which parts of the launch plan this scenario exercises, by its faults alone, without a run.

use crate::decision::{Audience, Instead, LaunchAction, Measure, Play, Rule, Step, Trigger};
use crate::fault::{Fault, FaultKind, FaultStart, OutageMode};
use crate::journal::{FindingKind, Severity};
use crate::language::problem::{PlanPart, quoted};
use crate::language::wording::Wording;
use crate::language::written::{Entries, OneOrMany, Placed};
use crate::names::{ChangeId, PersonId, PlayId, RoleId};
use crate::scenario::header::names_change;
use crate::scenario::lint::Linter;
use crate::scenario::people::written::WrittenPerson;
use crate::scenario::rules::noise::noise;
use crate::units::Time;

impl Linter<'_> {
    /// Records every change, rule, play and role that nothing here needs.
    pub fn exercise(&mut self) {
        let rules: Vec<bool> = (0..self.names().rules.len()).map(|rule| self.trips(rule)).collect();
        let plays = self.opened(&rules);
        let roles = self.needed_roles(&plays);
        let document = self.document;
        let changes = document.changes.iter().flat_map(Entries::names);
        for (index, name) in changes.enumerate() {
            if !names_change(self.plan, ChangeId::from(index)) {
                let says = "nothing in this scenario uses the change";
                self.unexercised("change", ends_with(says, &name.value), name);
            }
        }
        for (rule, exercised) in document.rules.iter().flatten().zip(&rules) {
            if let (Some(name), false) = (&rule.alert, *exercised) {
                let says = "no fault of this scenario can trip rule";
                self.unexercised("rule", ends_with(says, &name.value), name);
            }
        }
        let written = document.plays.iter().flat_map(Entries::names);
        for (index, name) in written.enumerate().filter(|(index, _)| !plays[*index]) {
            if let Some(why) = self.why_not_opened(index, &plays) {
                self.unexercised("play", why, name);
            }
        }
        let mut seen = Vec::new();
        for role in document.people.iter().flat_map(named_roles) {
            let Some(index) = self.names().roles.get_index_of(&role.value) else { continue };
            if !roles.contains(&RoleId::from(index)) && !seen.contains(&index) {
                seen.push(index);
                let says = "nothing in this scenario needs the role";
                self.unexercised("role", ends_with(says, &role.value), role);
            }
        }
    }

    fn unexercised(&mut self, kind: &'static str, why: Wording, name: &Placed<String>) {
        let part = PlanPart { kind, name: name.value.clone() };
        let hint = "rehearse it in another scenario, and check both together: sim check A B";
        let found = (FindingKind::Unused, Severity::Low);
        self.finding_of(Some(part), found, why.into(), (name.place, hint.to_string()));
    }

    /// Whether some fault, or the traffic itself, may make a rule fire.
    fn trips(&self, index: usize) -> bool {
        let rule = &self.plan.playbook.rules[index];
        let expect = self.document.expect.as_ref();
        let alerts = expect.and_then(|expect| expect.alerts.as_ref());
        let expected = alerts.is_some_and(|OneOrMany(alerts)| {
            alerts.iter().any(|alert| alert.value == self.names().rules[index])
        });
        expected
            || self.plan.faults.iter().any(|fault| self.fault_trips(fault, rule))
            || noise(self.plan, rule).is_some_and(|noise| noise.per_hour >= 0.5)
    }

    fn fault_trips(&self, fault: &Fault, rule: &Rule) -> bool {
        if let FaultStart::At(at) = fault.start
            && at >= Time::ZERO + self.plan.lasts
        {
            return false;
        }
        let any = |wanted: fn(Measure) -> bool| rule.clauses().any(|one| wanted(one.measure));
        let given_up = any(|measure| measure == Measure::GivenUp);
        let errors = any(|measure| matches!(measure, Measure::ErrorRate | Measure::Errors));
        let latency = any(Measure::is_about_times);
        if any(|measure| matches!(measure, Measure::Reports(_))) {
            return fault.kind.hits_site();
        }
        if any(Measure::is_about_backlog) {
            let (site, traffic) = (&self.plan.site, &self.plan.traffic);
            return fault.kind.reaches(rule.scope, site, traffic);
        }
        let fits = match &fault.kind {
            FaultKind::Outage { mode: OutageMode::Refuse, .. }
            | FaultKind::Failing { .. }
            | FaultKind::BadRelease { .. } => errors,
            FaultKind::Surge { .. } => true,
            kind if !kind.hits_site() => false,
            _ => errors || latency || given_up,
        };
        if rule.measure == Measure::Noticed {
            let rules = &self.plan.playbook.rules;
            return fault.notices.iter().any(|notice| rules[notice.rule.index()] == *rule);
        }
        let fits = fits && rule.breach.is_some() && fault.seen_as.is_told();
        fits && rule
            .scopes(&self.plan.names)
            .into_iter()
            .any(|scope| fault.kind.reaches(scope, &self.plan.site, &self.plan.traffic))
    }

    /// The plays that may open, given the rules that may fire.
    fn opened(&self, rules: &[bool]) -> Vec<bool> {
        let plays = &self.plan.playbook.plays;
        let expect = self.document.expect.as_ref();
        let named = expect.and_then(|expect| expect.play.as_ref());
        let contained = expect.is_some_and(|expect| expect.contained.is_some());
        let expected = |(play, name): (&Play, &String)| {
            let page = self
                .changes_of(play)
                .into_iter()
                .any(|change| self.plan.playbook.changes.changes[change.index()].maintenance);
            named.is_some_and(|named| named.value == *name) || (contained && page)
        };
        let mut opened: Vec<bool> = plays.iter().zip(&self.names().plays).map(expected).collect();
        for _ in 0..plays.len() + 1 {
            for index in 0..plays.len() {
                let id = PlayId::from(index);
                let triggered = plays[index].when.iter().any(|when| match *when {
                    Trigger::Fires(rule) => rules[rule.index()],
                    Trigger::Lasts { change, .. } => self.made_by(change, &opened),
                    Trigger::Failed(play) => opened[play.index()] && self.may_fail(play.index()),
                    Trigger::Stalled(play) | Trigger::Refused(play) => opened[play.index()],
                });
                let follows = (0..plays.len()).any(|before| {
                    let otherwise = plays[before].otherwise == Some(id);
                    let instead = plays[before].steps.iter().any(|step| goes_to(step, id));
                    opened[before] && (instead || (otherwise && self.may_fail(before)))
                });
                opened[index] = opened[index] || triggered || follows;
            }
        }
        opened
    }

    /// Why a play is not exercised; `None` where the play that leads to it is not either, which
    /// is told of that one.
    fn why_not_opened(&self, index: usize, opened: &[bool]) -> Option<Wording> {
        let (plays, id) = (&self.plan.playbook.plays, PlayId::from(index));
        let name = |play: usize| quoted(&self.names().plays[play]);
        let leads = |before: &usize| {
            let play = &plays[*before];
            play.otherwise == Some(id) || play.steps.iter().any(|step| goes_to(step, id))
        };
        let before: Vec<usize> = (0..plays.len()).filter(leads).collect();
        if before.is_empty() || !plays[index].when.is_empty() {
            let says = "nothing in this scenario leads to play";
            return Some(ends_with(says, &self.names().plays[index]));
        }
        let before = before.into_iter().find(|before| opened[*before])?;
        let (play, from) = (name(index), name(before));
        let why = match plays[before].verify {
            Some(_) => {
                format!("{play} only follows {from}, whose changes help in this scenario")
            }
            None => format!(
                "{play} only follows {from}, which has no `confirm`: whether its change helps \
                 is never asked"
            ),
        };
        Some(why.into())
    }

    fn changes_of(&self, play: &Play) -> Vec<ChangeId> {
        play.steps.iter().flat_map(Step::changes).collect()
    }

    fn made_by(&self, change: ChangeId, opened: &[bool]) -> bool {
        let plays = self.plan.playbook.plays.iter().zip(opened).filter(|(_, opened)| **opened);
        let launched = self.plan.playbook.launch.iter().any(|step| {
            let made = matches!(step.action, LaunchAction::Change { change: c, .. } if c == change);
            made && step.at.is_some()
        });
        launched || plays.into_iter().any(|(play, _)| self.changes_of(play).contains(&change))
    }

    /// A change of this play does not end some fault of the site, or may fail by itself; or who is
    /// asked may not say yes, and the next thing is tried.
    fn may_fail(&self, play: usize) -> bool {
        let play = &self.plan.playbook.plays[play];
        let table = &self.plan.playbook.changes.changes;
        let lasting = |fault: &&Fault| {
            let people =
                matches!(fault.kind, FaultKind::Unreachable { .. } | FaultKind::Blocked { .. });
            fault.end.after.is_none() && !people
        };
        let lasting: Vec<&Fault> = self.plan.faults.iter().filter(lasting).collect();
        let asked_on = play
            .steps
            .iter()
            .any(|step| matches!(step, Step::Ask(ask) if ask.leads_to(Instead::Next)));
        let frozen = |change: &ChangeId| {
            let freezes = &self.plan.playbook.changes.freezes;
            freezes
                .iter()
                .any(|freeze| freeze.changes.is_empty() || freeze.changes.contains(change))
        };
        asked_on
            || self.changes_of(play).into_iter().any(|change| {
                let in_vain = lasting.iter().any(|fault| !fault.end.until.contains(&change));
                let fails = table[change.index()].fails.0 > 0.0 || frozen(&change);
                fails || (play.verify.is_some() && in_vain)
            })
    }

    /// Roles that open plays, launch steps and freezes need.
    fn needed_roles(&self, opened: &[bool]) -> Vec<RoleId> {
        let playbook = &self.plan.playbook;
        let roster = &playbook.roster;
        let roles_of = |person: PersonId| roster.people[person.index()].roles.clone();
        let heard = |audience: &Audience| match audience {
            Audience::Role(role) => vec![*role],
            Audience::Person(person) => roles_of(*person),
            Audience::Everyone => Vec::new(),
        };
        let walked =
            |people: &[PersonId]| people.iter().flat_map(|p| roles_of(*p)).collect::<Vec<_>>();
        let mut roles: Vec<RoleId> = Vec::new();
        let plays = playbook.plays.iter().zip(opened).filter(|(_, opened)| **opened);
        for step in plays.flat_map(|(play, _)| &play.steps) {
            match step {
                Step::Page(ladder) => roles.extend(walked(&roster.escalation(*ladder).people)),
                Step::Ask(ask) => match ask.role {
                    Some(role) => roles.push(role),
                    None => {
                        roles.extend(ask.people.iter().flat_map(|(person, _)| roles_of(*person)))
                    }
                },
                Step::Work(lists) => {
                    let by = lists.iter().flatten().filter_map(|work| work.by.as_ref());
                    roles.extend(by.flat_map(heard));
                }
                _ => {}
            }
            for tell in step.tells() {
                roles.extend(tell.from.iter().chain([&tell.to]).flat_map(heard));
            }
        }
        for step in playbook.launch.iter().filter(|step| step.at.is_some()) {
            match &step.action {
                LaunchAction::Change { by: Some(ladder), .. } => {
                    roles.extend(walked(&roster.escalation(*ladder).people));
                }
                LaunchAction::Change { by: None, .. } => {}
                LaunchAction::Tell { to, from, .. } => {
                    roles.extend(from.iter().chain([to]).flat_map(heard));
                }
            }
        }
        roles.extend(playbook.changes.freezes.iter().filter_map(|freeze| freeze.tell));
        // Who is polled at the go/no-go is needed there.
        let poll = self.document.decision.iter().flat_map(|decision| &decision.poll);
        let polled = poll.flat_map(Entries::names);
        let polled = polled.filter_map(|who| self.names().roles.get_index_of(&who.value));
        roles.extend(polled.map(RoleId::from));
        roles
    }
}

/// What is said of one of several, before its name.
fn ends_with(says: &str, name: &str) -> Wording {
    Wording::ending(says, &format!("{says}s"), quoted(name))
}

/// Whether a step goes to a play where nobody says yes.
fn goes_to(step: &Step, play: PlayId) -> bool {
    matches!(step, Step::Ask(ask) if ask.leads_to(Instead::Play(play)))
}

/// Roles where people hold them.
fn named_roles(people: &Entries<WrittenPerson>) -> Vec<&Placed<String>> {
    let named = people.0.iter().filter_map(|(_, person)| match person {
        Some(WrittenPerson::Named(named)) => Some(named),
        _ => None,
    });
    named.flat_map(|named| named.role.iter().chain(named.roles.iter().flatten())).collect()
}
