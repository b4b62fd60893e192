//! The state of every incident by what was typed, in the ids of the plan; who is asked, by which
//! channel, since when, and who is next.

use crate::change::ChangeStage;
use crate::decision::{AttemptOutcome, Phase, Step};
use crate::journal::{Event, IncidentState, PlayStep, Story};
use crate::names::{ChangeId, ChannelId, PersonId, PlayId};
use crate::scenario::Plan;
use crate::units::{Span, Time};

/// Everything that is open.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Situation {
    /// In the order of opening.
    pub incidents: Vec<NightIncident>,
    /// Who was asked and has not answered, in order.
    pub open_asks: Vec<NightAsk>,
    /// Every move of a change, in order.
    pub changes: Vec<(Time, ChangeId, ChangeStage)>,
    /// Every word to somebody: when, in which incident, to whom.
    pub told: Vec<(Time, Option<u32>, String)>,
    /// Every yes and no of a decider: when, and in which incident.
    pub answers: Vec<(Time, Option<u32>)>,
}

/// Somebody who was asked.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NightAsk {
    pub person: PersonId,
    pub channel: Option<ChannelId>,
    pub at: Time,
    pub incident: Option<u32>,
}

/// An incident.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NightIncident {
    pub number: u32,
    pub cause: String,
    /// When somebody noticed.
    pub since: Time,
    /// When it was over.
    pub over: Option<Time>,
    /// The play that runs, and since when.
    pub play: Option<PlayId>,
    pub play_since: Time,
    /// What is under way, and since when.
    pub phase: Option<Phase>,
    pub phase_since: Time,
    pub responder: Option<PersonId>,
    pub acknowledged: bool,
    pub declared: bool,
    /// The change of the attempt that is going on, whether the decider said yes to it, and since
    /// when it is being deployed, was done, and is in effect.
    pub change: Option<ChangeId>,
    pub decided: bool,
    pub deploying: Option<Time>,
    pub deployed: Option<Time>,
    pub live: Option<Time>,
    /// Every ask of it, answered or not, in order.
    pub asks: Vec<NightAsk>,
    /// Work of its plays that is done, and since when.
    pub worked: Vec<(Time, String)>,
}

impl NightIncident {
    /// The change that is being made.
    pub(super) fn under_way(&self) -> Option<(ChangeId, Time)> {
        let going = self.deploying.filter(|_| self.live.is_none())?;
        Some((self.change?, going))
    }
}

impl Situation {
    /// The open incident of this number, or the last one that is open.
    pub(super) fn incident(&self, number: Option<u32>) -> Option<&NightIncident> {
        let mut open = self.incidents.iter().filter(|incident| incident.over.is_none());
        match number {
            Some(number) => open.find(|incident| incident.number == number),
            None => open.next_back(),
        }
    }

    /// Its state by the journal of what was typed.
    pub(super) fn from_story(story: &Story, plan: &Plan) -> Situation {
        let mut situation = Situation::default();
        let mut asks: Vec<(u32, NightAsk)> = Vec::new();
        for entry in story.entries() {
            situation.add(entry.at, &entry.event, &mut asks, plan);
        }
        situation.open_asks = asks.into_iter().map(|(_, ask)| ask).collect();
        for incident in story.incidents() {
            let number = incident.number;
            let Some(own) = situation.incidents.iter_mut().find(|own| own.number == number) else {
                continue;
            };
            own.acknowledged =
                incident.attempts.iter().any(|one| one.reached.acknowledged_at.is_some());
            own.declared = incident.attempts.iter().any(|one| one.reached.declared_at.is_some());
            let responder = incident.attempts.iter().rev().find_map(|one| one.responder.as_ref());
            own.responder = responder.and_then(|name| person(plan, name));
            let last = incident.last();
            if last.outcome == AttemptOutcome::Open && own.over.is_none() {
                own.change = last.change.as_ref().and_then(|name| change(plan, name));
                own.decided = last.reached.decided_at.is_some();
                (own.deploying, own.deployed) =
                    (last.reached.deploying_at, last.reached.deployed_at);
                own.live = last.reached.live_at;
            }
            if let Some(span) = story.phases(&incident).last()
                && own.over.is_none()
            {
                (own.phase, own.phase_since) = (Some(span.phase), span.from);
            }
        }
        situation
    }

    fn add(&mut self, at: Time, event: &Event, asks: &mut Vec<(u32, NightAsk)>, plan: &Plan) {
        match event {
            Event::Incident { incident, state: IncidentState::Opened, rule, .. } => {
                self.incidents.push(opened(*incident, at, rule.clone().unwrap_or_default()));
            }
            Event::Incident { incident, state: IncidentState::Recovered, .. } => {
                self.of_number(*incident, |own| {
                    (own.over, own.phase, own.change) = (Some(at), None, None);
                });
                asks.retain(|(_, ask)| ask.incident != Some(*incident));
            }
            Event::Play { incident: Some(number), play, step: PlayStep::Opened, .. } => {
                let play = play.as_ref().and_then(|name| index(&plan.names.plays, name));
                self.of_number(*number, |own| (own.play, own.play_since) = (play, at));
            }
            Event::Play { incident: Some(number), play: None, .. } => {
                self.of_number(*number, |own| own.play = None);
            }
            Event::Play { incident, step: PlayStep::Decided | PlayStep::Refused, .. } => {
                self.answers.push((at, *incident));
            }
            Event::Ask { ask, incident, person: name, channel, .. } => {
                let Some(person) = person(plan, name) else { return };
                let channel = channel.as_ref().and_then(|name| index(&plan.names.channels, name));
                let asked = NightAsk { person, channel, at, incident: *incident };
                if let Some(number) = incident {
                    self.of_number(*number, |own| own.asks.push(asked.clone()));
                }
                asks.push((*ask, asked));
            }
            Event::Answer { ask, .. } => asks.retain(|(open, _)| open != ask),
            Event::Change { change: name, stage, .. } => {
                self.changes.extend(change(plan, name).map(|id| (at, id, *stage)));
            }
            Event::Tell { incident, audience, .. } => {
                self.told.push((at, *incident, audience.clone()));
            }
            _ => {}
        }
    }

    fn of_number(&mut self, number: u32, act: impl FnOnce(&mut NightIncident)) {
        self.incidents.iter_mut().find(|own| own.number == number).map(act).unwrap_or_default();
    }
}

fn opened(number: u32, at: Time, cause: String) -> NightIncident {
    NightIncident {
        number,
        cause,
        since: at,
        over: None,
        play: None,
        play_since: at,
        phase: Some(Phase::Acknowledge),
        phase_since: at,
        responder: None,
        acknowledged: false,
        declared: false,
        change: None,
        decided: false,
        deploying: None,
        deployed: None,
        live: None,
        asks: Vec::new(),
        worked: Vec::new(),
    }
}

fn index<I: From<usize>>(names: &indexmap::IndexSet<String>, name: &str) -> Option<I> {
    names.get_index_of(name).map(I::from)
}

fn person(plan: &Plan, name: &str) -> Option<PersonId> {
    index(&plan.names.people, name)
}

fn change(plan: &Plan, name: &str) -> Option<ChangeId> {
    index(&plan.names.changes, name)
}

/// How far the asking along a chain has come.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LadderProgress {
    /// Who was asked last, and for how long one is tried.
    pub last: Option<(NightAsk, Option<Span>)>,
    /// Who is next, of those who are on duty: `None` if nobody is left.
    pub next: Option<(PersonId, ChannelId)>,
}

/// Who is asked in a step, in order: whom, by what, for how long.
type Contacts = Vec<(PersonId, ChannelId, Span)>;

/// How far the chain of a step has come; `None`: nobody is asked in it.
pub(super) fn chain(
    plan: &Plan,
    incident: &NightIncident,
    step: &Step,
    now: Time,
) -> Option<LadderProgress> {
    let contacts = contacts(plan, step)?;
    let of_step = |ask: &&NightAsk| {
        ask.at >= incident.play_since && contacts.iter().any(|(who, ..)| *who == ask.person)
    };
    let (mut next, mut last) = (0, None);
    for ask in incident.asks.iter().filter(of_step) {
        let fits = |(who, by, _): &(PersonId, ChannelId, Span)| {
            *who == ask.person && ask.channel.is_none_or(|channel| channel == *by)
        };
        let found = contacts[next..].iter().position(fits).map(|skipped| next + skipped);
        next = found.map_or(next, |position| position + 1);
        last = Some((ask.clone(), found.map(|position| contacts[position].2)));
    }
    let roster = &plan.playbook.roster;
    let next = contacts[next..].iter().find(|(who, ..)| roster.on_duty(*who, now));
    Some(LadderProgress { last, next: next.map(|(who, by, _)| (*who, *by)) })
}

fn contacts(plan: &Plan, step: &Step) -> Option<Contacts> {
    let (people, by, rounds) = match step {
        Step::Page(escalation) => {
            let ladder = plan.playbook.roster.escalation(*escalation);
            let people: Vec<(PersonId, Span)> =
                ladder.people.iter().map(|person| (*person, ladder.each)).collect();
            (people, &ladder.by, ladder.rounds)
        }
        Step::Ask(ask) => (ask.people.clone(), &ask.by, ask.rounds),
        _ => return None,
    };
    let mut contacts = Vec::new();
    for _ in 0..rounds.min(100) {
        for (person, each) in &people {
            contacts.extend(by.iter().map(|channel| (*person, *channel, *each)));
        }
    }
    Some(contacts)
}
