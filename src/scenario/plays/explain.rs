//! Every play as a numbered list, the paper's minutes beside the simulated ones.

use crate::decision::{AskStep, ChangeChoice, Instead, Play, Step, TellStep, Trigger, WorkStep};
use crate::explanation::{PlayExplanation, StepExplanation};
use crate::fault::FaultKind;
use crate::names::{ChangeId, ChannelId, EscalationId, PersonId};
use crate::people::Channel;
use crate::scenario::people::reach::{Reach, contacts, reach};
use crate::scenario::phrases::{listed, share};
use crate::scenario::plan::Plan;
use crate::scenario::plays::{answers::answer_list, approved::in_words, openings::confirmed};
use crate::units::{Span, Time};

/// All plays, in file order, with the people who are on duty at a moment.
pub fn plays(plan: &Plan, at: Time) -> Vec<PlayExplanation> {
    let plays = plan.playbook.plays.iter().zip(&plan.names.plays).enumerate();
    plays
        .map(|(index, (play, name))| Narrator { plan, at, play, index }.explained_play(name))
        .collect()
}

struct Narrator<'a> {
    plan: &'a Plan,
    at: Time,
    play: &'a Play,
    index: usize,
}

impl Narrator<'_> {
    fn explained_play(&self, name: &str) -> PlayExplanation {
        let steps: Vec<StepExplanation> =
            self.play.steps.iter().map(|step| self.step(step)).collect();
        let simulated_s: f64 = steps.iter().filter_map(|step| step.simulated_s).sum();
        let papers: Vec<String> = steps.iter().filter_map(|step| step.paper.clone()).collect();
        PlayExplanation {
            play: name.to_string(),
            opens: self.opens(),
            steps,
            then: self.then(),
            paper: (!papers.is_empty()).then(|| papers.join(" + ")),
            simulated: minutes(simulated_s),
            simulated_s: tenths(simulated_s),
        }
    }

    fn opens(&self) -> String {
        let names = &self.plan.names;
        let mut when: Vec<String> = Vec::new();
        for trigger in &self.play.when {
            when.push(match trigger {
                Trigger::Fires(rule) => format!("{} fires", names.rules[rule.index()]),
                Trigger::Lasts { change, time, even_running } => {
                    let even = if *even_running { ", even while another play runs" } else { "" };
                    format!("{} has lasted {time}{even}", names.changes[change.index()])
                }
                Trigger::Failed(play) => format!("{} has failed", names.plays[play.index()]),
                Trigger::Stalled(play) => format!("{} has stalled", names.plays[play.index()]),
                Trigger::Refused(play) => format!("{} was refused", names.plays[play.index()]),
            });
        }
        let others = self.plan.playbook.plays.iter().zip(&names.plays);
        let before = others.filter(|(play, _)| play.otherwise == Some(self.index.into()));
        when.extend(before.map(|(_, name)| format!("{name} has nothing left to try")));
        match when.is_empty() {
            true => "Nothing opens it.".to_string(),
            false => format!("Opens when {}.", listed(&when, "or")),
        }
    }

    fn then(&self) -> String {
        let verify = match self.play.verify {
            Some(verify) => {
                format!("It has worked if every rule resolves within {verify} of its change")
            }
            None => "It has done its work when its last change is in effect".to_string(),
        };
        match self.play.otherwise {
            Some(play) => format!("{verify}; otherwise {}.", self.plan.names.plays[play.index()]),
            None => format!("{verify}."),
        }
    }

    fn step(&self, step: &Step) -> StepExplanation {
        match step {
            Step::Page(escalation) => self.page(*escalation),
            Step::Declare(takes) => {
                let text =
                    format!("the responder says that it is an incident ({})", takes.in_words());
                plain(text, Some(takes.mean().seconds()))
            }
            Step::Diagnose { takes, again, among } => {
                let name = |change: &ChangeId| &self.plan.names.changes[change.index()];
                let among: Vec<String> = among
                    .iter()
                    .map(|(change, weight)| format!("{} ({})", name(change), share(weight.0)))
                    .collect();
                let (among, words) = (listed(&among, "or"), takes.in_words());
                let mut text = format!("the responder chooses {among} ({words})");
                text += &again
                    .map(|again| format!(", {} the next time", again.in_words()))
                    .unwrap_or_default();
                plain(text, Some(takes.mean().seconds()))
            }
            Step::Ask(ask) => self.ask(ask),
            Step::Tell(tell) => plain(self.tell(tell), None),
            Step::Change(chosen) => self.change(*chosen),
            Step::Confirm(within) => plain(confirmed(self.plan, *within), None),
            Step::Work(lists) => {
                let mean = |list: &Vec<WorkStep>| {
                    list.iter().map(|work| work.takes.mean().seconds()).sum::<f64>()
                };
                let longest = lists.iter().map(mean).fold(0.0, f64::max);
                plain(self.work(lists), Some(longest))
            }
        }
    }

    fn page(&self, escalation: EscalationId) -> StepExplanation {
        let roster = &self.plan.playbook.roster;
        let ladder = roster.escalation(escalation);
        let reach = |gone: &[PersonId]| {
            let people = ladder.people.iter().filter(|person| !gone.contains(person));
            let on_duty = people.filter(|person| roster.on_duty(**person, self.at));
            let contact =
                |person: &PersonId, by: &ChannelId| (roster.channel(*person, *by), ladder.each);
            let round: Vec<(Channel, Span)> =
                on_duty.flat_map(|person| ladder.by.iter().map(|by| contact(person, by))).collect();
            reach(&round.repeat(ladder.rounds as usize), None)
        };
        let rounds = match ladder.rounds {
            1 => String::new(),
            rounds => format!(", {rounds} rounds"),
        };
        let text = format!(
            "page {}: {} by {}, {} each{rounds}",
            self.plan.names.escalations[escalation.index()],
            listed(&self.people(&ladder.people), "then"),
            self.channels(&ladder.by),
            ladder.each
        );
        let told = reached(text, reach(&[]), None);
        self.with_unreachable(told, &ladder.people, reach, None)
    }

    fn ask(&self, ask: &AskStep) -> StepExplanation {
        let (roster, names) = (&self.plan.playbook.roster, &self.plan.names);
        let people: Vec<PersonId> = ask.people.iter().map(|(person, _)| *person).collect();
        let on_duty = people.iter().any(|person| roster.on_duty(*person, self.at));
        let who = match (ask.role, on_duty) {
            (Some(role), true) => {
                let people = listed(&self.people(&people), "then");
                format!("{} ({people})", names.roles[role.index()])
            }
            (Some(role), false) => format!("{} (nobody on duty)", names.roles[role.index()]),
            (None, _) => listed(&self.people(&people), "then"),
        };
        let after = || self.instead(ask.refused);
        let agrees = match (ask.agrees.0 < 1.0, &ask.others[..]) {
            (false, _) => String::new(),
            (true, []) => format!("; {} agree, after a no {}", share(ask.agrees.0), after()),
            _ => format!("; answers: {}; after a no {}", answer_list(ask, names), after()),
        };
        let by = self.channels(&ask.by);
        let mut times: Vec<String> = ask.people.iter().map(|(_, each)| each.to_string()).collect();
        times.dedup();
        let mut text = format!("ask {who} for approval by {by}, {} each", listed(&times, "then"));
        if ask.rounds > 1 {
            text += &format!(", {} rounds", ask.rounds);
        }
        text += &ask.within.map(|within| format!(", {within} in all")).unwrap_or_default();
        text += &ask.takes.map(|takes| format!(", then {takes} to decide")).unwrap_or_default();
        let silence = ask.silent.map(|silent| self.instead(silent));
        let silence = silence.as_deref();
        let reach = |gone: &[PersonId]| {
            let mut left = ask.clone();
            left.people.retain(|(person, _)| !gone.contains(person));
            reach(&contacts(self.plan, &left, self.at), ask.within)
        };
        let approved = ask.approved.as_ref().map(|one| in_words(one, &self.plan.names));
        if let (Some(approved), true) = (&approved, ask.asks_nobody()) {
            return plain(format!("nobody is asked for approval: {approved}"), Some(0.0));
        }
        let approved = approved.map(|approved| format!("; {approved}")).unwrap_or_default();
        let told = reached(text + &agrees + &approved, reach(&[]), silence);
        let mut told = self.with_unreachable(told, &people, reach, silence);
        if let (Some(takes), Some(seconds)) = (ask.takes, told.simulated_s) {
            let seconds = seconds + takes.mean().seconds();
            (told.simulated, told.simulated_s) = (Some(minutes(seconds)), Some(tenths(seconds)));
        }
        told
    }

    /// The same step, with how often nobody answers while the scenario keeps some of these people
    /// from answering anybody. `reach` is told who is left out.
    fn with_unreachable(
        &self,
        mut told: StepExplanation,
        people: &[PersonId],
        reach: impl Fn(&[PersonId]) -> Reach,
        silence: Option<&str>,
    ) -> StepExplanation {
        let faults = self.plan.faults.iter().filter_map(|fault| match fault.kind {
            FaultKind::Unreachable { person } if people.contains(&person) => Some(person),
            _ => None,
        });
        let mut gone: Vec<PersonId> = faults.collect();
        gone.sort_unstable();
        gone.dedup();
        let silent = reach(&gone).silent;
        if gone.is_empty() || silent < 0.001 {
            return told;
        }
        let names: Vec<String> =
            gone.iter().map(|person| self.plan.names.people[person.index()].clone()).collect();
        let (names, often) = (listed(&names, "and"), share(silent));
        told.caution = Some(match told.caution {
            Some(caution) => format!("{caution}; {often} while {names} cannot be reached"),
            None => {
                let silence = silence.unwrap_or(STALLS);
                format!(
                    "{often} of the time nobody answers while {names} cannot be reached, and \
                     {silence}"
                )
            }
        });
        told
    }

    /// What is done without a yes.
    fn instead(&self, instead: Instead) -> String {
        match instead {
            Instead::Stop => "the play ends".to_string(),
            Instead::Next => "the next is tried".to_string(),
            Instead::Hold(time) => format!("everybody is asked again {time} later"),
            Instead::Play(play) => format!("{} opens", self.plan.names.plays[play.index()]),
        }
    }

    fn work(&self, lists: &[Vec<WorkStep>]) -> String {
        let part = |work: &WorkStep| {
            let by =
                work.by.as_ref().map_or("the responder".into(), |by| by.name(&self.plan.names));
            let text = match &work.then {
                Some(tell) => self.tell(tell),
                None => format!("{by}: {}", work.what),
            };
            match work.takes.mean() {
                Span::ZERO => text,
                _ => format!("{text} ({})", work.takes.in_words()),
            }
        };
        let lists: Vec<String> = lists
            .iter()
            .map(|list| list.iter().map(part).collect::<Vec<_>>().join(", then "))
            .collect();
        match &lists[..] {
            [one] => one.clone(),
            several => format!("in parallel: {}", several.join("; ")),
        }
    }

    fn tell(&self, tell: &TellStep) -> String {
        let to = tell.to.name(&self.plan.names);
        let mut text = match &tell.from {
            Some(from) => format!("{} tells {to}", from.name(&self.plan.names)),
            None => format!("tell {to}"),
        };
        text += &tell.every.map(|every| format!(" every {every}")).unwrap_or_default();
        text + &tell.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default()
    }

    fn change(&self, chosen: ChangeChoice) -> StepExplanation {
        let (table, names) = (&self.plan.playbook.changes.changes, &self.plan.names.changes);
        let among: Vec<(ChangeId, f64)> = match chosen {
            ChangeChoice::This(change) => vec![(change, 1.0)],
            ChangeChoice::ByDiagnosis => {
                let diagnosis = self.play.steps.iter().find_map(|step| match step {
                    Step::Diagnose { among, .. } => Some(among),
                    _ => None,
                });
                diagnosis.into_iter().flatten().map(|(change, share)| (*change, share.0)).collect()
            }
        };
        let mean = |change: ChangeId| {
            let change = &table[change.index()];
            let propagate = change.propagate.map_or(0.0, |spread| spread.mean().seconds());
            change.takes.mean().seconds() + propagate
        };
        let simulated = among.iter().map(|(change, share)| share * mean(*change)).sum::<f64>();
        let mut papers: Vec<String> = Vec::new();
        for (change, _) in &among {
            let paper = table[change.index()].paper.clone();
            papers.extend((!papers.contains(&paper)).then_some(paper));
        }
        let cautions: Vec<String> = among.iter().filter_map(|(c, _)| self.caution(*c)).collect();
        let text = match chosen {
            ChangeChoice::This(change) => format!("make {}", names[change.index()]),
            ChangeChoice::ByDiagnosis => "make the change that was chosen".to_string(),
        };
        StepExplanation {
            text,
            paper: Some(listed(&papers, "or")),
            simulated: Some(minutes(simulated)),
            simulated_s: Some(tenths(simulated)),
            caution: (!cautions.is_empty()).then(|| cautions.join("; ")),
        }
    }

    /// What may keep a change from helping.
    fn caution(&self, change: ChangeId) -> Option<String> {
        let row = &self.plan.playbook.changes.changes[change.index()];
        let name = &self.plan.names.changes[change.index()];
        let play = Some(self.index.into());
        let freezes = &self.plan.playbook.changes.freezes;
        let frozen = freezes.iter().find(|freeze| freeze.stops(change, play, self.at));
        if let Some(freeze) = frozen {
            return Some(format!("{name} is frozen until {}", self.plan.calendar.clock(freeze.to)));
        }
        (row.fails.0 > 0.0).then(|| format!("{name} fails {} of the time", share(row.fails.0)))
    }

    fn people(&self, people: &[PersonId]) -> Vec<String> {
        let roster = &self.plan.playbook.roster;
        let told = |person: &PersonId| {
            let name = &self.plan.names.people[person.index()];
            match (roster.people[person.index()].unnamed, roster.on_duty(*person, self.at)) {
                (true, _) => format!("{name} (nobody)"),
                (false, true) => name.clone(),
                (false, false) => format!("{name} (off duty)"),
            }
        };
        people.iter().map(told).collect()
    }

    fn channels(&self, by: &[ChannelId]) -> String {
        let names = by.iter().map(|channel| self.plan.names.channels[channel.index()].clone());
        listed(&names.collect::<Vec<_>>(), "then")
    }
}

fn plain(text: String, simulated: Option<f64>) -> StepExplanation {
    let (simulated, simulated_s) = (simulated.map(minutes), simulated.map(tenths));
    StepExplanation { text, paper: None, simulated, simulated_s, caution: None }
}

/// What follows where nobody answers and the plan says nothing of it.
const STALLS: &str = "the play stalls";

/// `silence` is what follows if nobody answers; `None`: [`STALLS`].
fn reached(text: String, reach: Reach, silence: Option<&str>) -> StepExplanation {
    let seconds = reach.mean.map(Span::seconds);
    let caution = match (reach.mean, silence) {
        (None, None) => Some(format!("nobody can be reached: {STALLS} here")),
        (None, Some(silence)) => Some(format!("nobody can be reached: {silence}")),
        (Some(_), _) if reach.silent >= 0.001 => {
            let silence = silence.unwrap_or(STALLS);
            Some(format!("{} of the time nobody answers, and {silence}", share(reach.silent)))
        }
        (Some(_), _) => None,
    };
    let (simulated, simulated_s) = (seconds.map(minutes), seconds.map(tenths));
    StepExplanation { text, paper: None, simulated, simulated_s, caution }
}

/// Whole seconds below two minutes, else whole half minutes: the formula knows no more.
fn minutes(seconds: f64) -> String {
    let step = if seconds < 120.0 { 1.0 } else { 30.0 };
    Span::from_seconds(libm::round(seconds / step) * step).to_string()
}

fn tenths(seconds: f64) -> f64 {
    libm::round(seconds * 10.0) / 10.0
}
