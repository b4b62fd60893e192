//! What a plan itself suggests that could be agreed on beforehand, each as changes of its text.

use super::inputs::{asked, step_path};
use crate::decision::{AskStep, Instead, Step};
use crate::names::{ChangeId, ChannelId, EscalationId, PersonId, RoleId};
use crate::scenario::Plan;
use crate::units::Span;

/// Something to agree on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Suggestion {
    /// Suggestions of one kind about one step are other ways of doing the same.
    pub kind: (SuggestionKind, usize),
    /// What to do: `plan what follows a refusal in rollback: try the next change`.
    pub words: String,
    /// The changes, as `--set` takes them.
    pub sets: Vec<(String, String)>,
    /// The play in which it acts only after somebody has said no.
    pub after_no: Option<usize>,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SuggestionKind {
    AfterNo,
    AfterSilence,
    Deputy,
    Approval,
    Channel,
    Change,
    Ladder,
    Otherwise,
}

/// Everything that a plan suggests, in the order of its plays.
pub(super) fn suggestions(plan: &Plan) -> Vec<Suggestion> {
    let mut found = SuggestionCollector { plan, all: Vec::new() };
    for (play, steps) in plan.playbook.plays.iter().map(|play| &play.steps).enumerate() {
        for (number, step) in steps.iter().enumerate() {
            match step {
                Step::Ask(ask) if ask.asks_nobody() => {}
                Step::Ask(ask) => found.ask(play, number, ask),
                Step::Diagnose { among, .. } => found.fastest(play, number, among),
                Step::Page(ladder) => found.ladder(*ladder),
                Step::Declare(_)
                | Step::Tell(_)
                | Step::Change(_)
                | Step::Work(_)
                | Step::Confirm(_) => {}
            }
        }
        found.otherwise(play);
    }
    found.best_channel_first();
    found.all
}

struct SuggestionCollector<'p> {
    plan: &'p Plan,
    all: Vec<Suggestion>,
}

/// How long to wait before everybody is asked again.
const AGAIN: &str = "hold 5m";

impl SuggestionCollector<'_> {
    fn add(&mut self, kind: (SuggestionKind, usize), words: String, sets: Vec<(String, String)>) {
        self.all.push(Suggestion { kind, words, sets, after_no: None });
    }

    /// A yes that somebody has to give.
    fn ask(&mut self, play: usize, number: usize, ask: &AskStep) {
        let plan = self.plan;
        let (path, name) = (step_path(plan, play, number), &plan.names.plays[play]);
        if ask.refuses().0 > 0.0 && ask.refused == Instead::Stop {
            for (value, words) in self.instead(play) {
                let words = format!("plan what follows a refusal in {name}: {words}");
                let sets = vec![(format!("{path}.refused"), value)];
                self.add((SuggestionKind::AfterNo, play), words, sets);
                self.all.last_mut().expect("just added").after_no = Some(play);
            }
        }
        if matches!(ask.silent, None | Some(Instead::Stop)) {
            for (value, words) in self.instead(play) {
                let words = format!("plan what follows no answer in {name}: {words}");
                let sets = vec![(format!("{path}.silent"), value)];
                self.add((SuggestionKind::AfterSilence, play), words, sets);
            }
        }
        let who = match ask.role {
            Some(role) => vec![plan.names.roles[role.index()].clone()],
            None => self.people(ask.people.iter().map(|(person, _)| *person)),
        };
        if let Some((first, _)) = ask.people.first() {
            let words = format!("get approval from {} for {name} in advance", asked(plan, ask));
            let first = plan.names.people[first.index()].clone();
            self.add(
                (SuggestionKind::Approval, play),
                words,
                vec![(format!("{path}.approved"), first)],
            );
        }
        self.deputies(play, &path, ask, &who);
    }

    /// What could be done instead of what nobody said yes to.
    fn instead(&self, play: usize) -> Vec<(String, String)> {
        let plan = self.plan;
        let own = &plan.playbook.plays[play];
        let diagnoses = own.steps.iter().any(|step| matches!(step, Step::Diagnose { .. }));
        let mut ways = Vec::new();
        if diagnoses || own.otherwise.is_some() {
            ways.push(("next".to_string(), "try the next change".to_string()));
        }
        ways.push((AGAIN.to_string(), "ask again after 5m".to_string()));
        let plays = plan.playbook.plays.iter().zip(&plan.names.plays).enumerate();
        for (_, (other, name)) in plays.filter(|(other, _)| *other != play) {
            let acts = other.steps.iter().any(|step| matches!(step, Step::Change(_)));
            let asks = other.steps.iter().any(|step| matches!(step, Step::Ask(_)));
            if acts && !asks {
                ways.push((name.clone(), format!("go to {name}")));
            }
        }
        ways
    }

    /// Somebody else who is asked where nobody has answered.
    fn deputies(&mut self, play: usize, path: &str, ask: &AskStep, who: &[String]) {
        let plan = self.plan;
        let asked_now: Vec<PersonId> = ask.people.iter().map(|(person, _)| *person).collect();
        for person in self.others(&asked_now, &self.on_call(play)) {
            let name = &plan.names.people[person.index()];
            let all = format!("[{}, {name}]", who.join(", "));
            let mut sets = vec![(format!("{path}.ask"), all)];
            // Whoever comes after must not take the time of whoever came before.
            if let Some(within) = ask.within.or((ask.role.is_some()).then(|| ask.tried_within())) {
                let each = within / asked_now.len().max(1) as u64;
                sets.push((format!("{path}.within"), (within + each).to_string()));
            }
            let role = self.role_of(person);
            let words = format!("name a deputy for {}: {role}", asked(plan, ask));
            self.add((SuggestionKind::Deputy, play), words, sets);
        }
    }

    /// Whom a play pages, the last on its ladders first.
    fn on_call(&self, play: usize) -> Vec<PersonId> {
        let roster = &self.plan.playbook.roster;
        let ladders = self.plan.playbook.plays[play].steps.iter().filter_map(|step| match step {
            Step::Page(ladder) => Some(roster.escalation(*ladder)),
            _ => None,
        });
        ladders.flat_map(|ladder| ladder.people.iter().rev().copied()).collect()
    }

    /// The first few people with a name who could do what these do now, one of each role; those of
    /// `rather` first.
    fn others(&self, these: &[PersonId], rather: &[PersonId]) -> Vec<PersonId> {
        let people = &self.plan.playbook.roster.people;
        let all = rather.iter().copied().chain((0..people.len()).map(PersonId::from));
        let (mut roles, mut others) = (Vec::new(), Vec::new());
        for id in all.filter(|id| !these.contains(id)) {
            let person = &people[id.index()];
            let there = !person.unnamed && !person.on_duty.is_empty();
            if there && !roles.contains(&&person.roles) && others.len() < MOST_OTHERS {
                roles.push(&person.roles);
                others.push(id);
            }
        }
        others
    }

    fn role(&self, person: PersonId) -> Option<RoleId> {
        self.plan.playbook.roster.people[person.index()].roles.first().copied()
    }

    /// Who it is, by role and never by name.
    fn role_of(&self, person: PersonId) -> String {
        self.role(person).map_or("somebody else".to_string(), |role| {
            format!("the {}", self.plan.names.roles[role.index()])
        })
    }

    fn people(&self, people: impl Iterator<Item = PersonId>) -> Vec<String> {
        people.map(|person| self.plan.names.people[person.index()].clone()).collect()
    }

    /// The change that takes least time is tried before the others.
    fn fastest(&mut self, play: usize, number: usize, among: &[(ChangeId, crate::units::Ratio)]) {
        let plan = self.plan;
        let takes = |change: ChangeId| {
            let row = &plan.playbook.changes.changes[change.index()];
            row.takes.mean() + row.propagate.map_or(Span::ZERO, |spread| spread.mean())
        };
        let Some((fastest, share)) = among.iter().min_by_key(|(change, _)| takes(*change)) else {
            return;
        };
        if share.0 >= 1.0 {
            return;
        }
        let name = |change: &ChangeId| &plan.names.changes[change.index()];
        let shares: Vec<String> = among
            .iter()
            .map(|(change, _)| {
                format!("{}: {}", name(change), if change == fastest { "100%" } else { "0%" })
            })
            .collect();
        let words = format!("try {} first, it takes {}", name(fastest), takes(*fastest));
        let path = format!("plays.{}.steps.{number}.among", plan.names.plays[play]);
        self.add(
            (SuggestionKind::Change, play),
            words,
            vec![(path, format!("{{{}}}", shares.join(", ")))],
        );
    }

    /// One more person who can be paged.
    fn ladder(&mut self, id: EscalationId) {
        let plan = self.plan;
        let ladder = plan.playbook.roster.escalation(id);
        let name = &plan.names.escalations[id.index()];
        if self.all.iter().any(|one| one.kind == (SuggestionKind::Ladder, id.index())) {
            return;
        }
        let path = format!("escalation.{name}.try");
        let same: Vec<PersonId> = (0..plan.playbook.roster.people.len())
            .map(PersonId::from)
            .filter(|person| {
                ladder.people.iter().any(|other| self.role(*person) == self.role(*other))
            })
            .collect();
        for person in self.others(&ladder.people, &same) {
            let mut all = self.people(ladder.people.iter().copied());
            all.push(plan.names.people[person.index()].clone());
            let words = format!("page one more person in {name}: {}", self.role_of(person));
            let sets = vec![(path.clone(), format!("[{}]", all.join(", ")))];
            self.add((SuggestionKind::Ladder, id.index()), words, sets);
        }
    }

    /// A play that follows when nothing is left to try.
    fn otherwise(&mut self, play: usize) {
        let plan = self.plan;
        let own = &plan.playbook.plays[play];
        if own.otherwise.is_some() || own.when.is_empty() {
            return;
        }
        let name = &plan.names.plays[play];
        for (other, (theirs, next)) in plan.playbook.plays.iter().zip(&plan.names.plays).enumerate()
        {
            let acts = theirs.steps.iter().any(|step| matches!(step, Step::Change(_)));
            if other != play && acts && theirs.otherwise.is_none() {
                let words =
                    format!("plan what follows when {name} has nothing left to try: go to {next}");
                let sets = vec![(format!("plays.{name}.otherwise"), next.clone())];
                self.add((SuggestionKind::Otherwise, play), words, sets);
            }
        }
    }

    /// The channel on which most people answer is tried first, wherever it is not first already.
    fn best_channel_first(&mut self) {
        let plan = self.plan;
        let roster = &plan.playbook.roster;
        let chance = |at: &usize| roster.channels[*at].answers.0;
        let soon = |at: &usize| std::cmp::Reverse(roster.channels[*at].after.mean());
        let best = (0..roster.channels.len())
            .max_by(|a, b| chance(a).total_cmp(&chance(b)).then(soon(a).cmp(&soon(b))));
        let Some(best) = best.map(ChannelId::from) else { return };
        let name = |channel: &ChannelId| plan.names.channels[channel.index()].clone();
        let first = |by: &[ChannelId]| {
            let others = by.iter().filter(|channel| **channel != best).map(name);
            let all: Vec<String> = std::iter::once(name(&best)).chain(others).collect();
            format!("[{}]", all.join(", "))
        };
        let mut sets = Vec::new();
        let mut ladders: Vec<EscalationId> = Vec::new();
        for (play, own) in plan.playbook.plays.iter().enumerate() {
            for (number, step) in own.steps.iter().enumerate() {
                match step {
                    Step::Ask(ask) if ask.by.first() != Some(&best) && !ask.asks_nobody() => {
                        let path = step_path(plan, play, number);
                        sets.push((format!("{path}.by"), first(&ask.by)));
                    }
                    Step::Page(ladder) if !ladders.contains(ladder) => ladders.push(*ladder),
                    _ => {}
                }
            }
        }
        for id in ladders {
            let by = &roster.escalation(id).by;
            if by.first() != Some(&best) {
                let path = format!("escalation.{}.by", plan.names.escalations[id.index()]);
                sets.push((path, first(by)));
            }
        }
        if !sets.is_empty() {
            self.add(
                (SuggestionKind::Channel, 0),
                format!("try {} first, everywhere", name(&best)),
                sets,
            );
        }
    }
}

/// The most people that are tried as deputies or on a ladder. A choice: each of another role, and
/// each one more is one more plan to play.
const MOST_OTHERS: usize = 3;
