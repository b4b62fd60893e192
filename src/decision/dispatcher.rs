//! The dispatcher: what all incidents and launch steps share. Outgoing messages, the numbers of
//! asks, who is busy with what, freezes, and the changes under way.

use super::effects::{ChangeEffects, Work};
use super::{Ask, AskId, Audience, ChangeEnd, Order, Output, PlayEvent, Playbook, Question, Tell};
use crate::change::Freeze;
use crate::names::{ChangeId, ChannelId, IncidentId, Names, PersonId, PlayId, StepId};
use crate::units::Time;
use std::collections::VecDeque;

/// On whose behalf something is asked, told or changed.
#[derive(Debug, Clone, Copy)]
pub(super) struct AskContext {
    pub work: Work,
    pub play: Option<PlayId>,
}

impl AskContext {
    /// The incident, unless it is a launch step.
    pub fn incident(self) -> Option<IncidentId> {
        match self.work {
            Work::Incident(incident) => Some(incident),
            Work::Launch(_) | Work::ByHand => None,
        }
    }

    fn step(self) -> Option<StepId> {
        match self.work {
            Work::Incident(_) | Work::ByHand => None,
            Work::Launch(step) => Some(step),
        }
    }
}

/// A change that has been ordered and has not ended.
#[derive(Debug, Clone)]
struct RunningChange {
    change: ChangeId,
    /// The last stage that has ended.
    stage: Option<ChangeEnd>,
    /// Whose change it is, and who attends to it; later ones have joined.
    for_whom: Vec<(Work, Option<PersonId>)>,
}

/// What all incidents and launch steps share.
#[derive(Debug, Clone)]
pub(super) struct Dispatcher<'a> {
    pub playbook: &'a Playbook,
    pub names: &'a Names,
    pub effects: ChangeEffects<'a>,
    outputs: VecDeque<Output>,
    asks: u32,
    askings: u32,
    engaged: Vec<(Work, PersonId)>,
    jobs: Vec<RunningChange>,
}

impl<'a> Dispatcher<'a> {
    /// An empty desk.
    pub fn new(playbook: &'a Playbook, names: &'a Names) -> Self {
        Dispatcher {
            playbook,
            names,
            effects: ChangeEffects::new(playbook),
            outputs: VecDeque::new(),
            asks: 0,
            askings: 0,
            engaged: Vec::new(),
            jobs: Vec::new(),
        }
    }

    /// The next thing to say, oldest first.
    pub fn next_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Queues an output.
    pub fn say(&mut self, output: Output) {
        self.outputs.push_back(output);
    }

    /// Records an event of a play.
    pub fn note(&mut self, event: PlayEvent) {
        self.say(Output::Play(event));
    }

    /// Asks one person one thing.
    pub fn ask(
        &mut self,
        person: PersonId,
        channel: Option<ChannelId>,
        question: Question,
        until: Option<Time>,
        matter: AskContext,
    ) -> AskId {
        let id = AskId(self.asks);
        self.asks += 1;
        let (incident, step) = (matter.incident(), matter.step());
        let ask = Ask { id, person, channel, question, incident, play: matter.play, step, until };
        self.say(Output::Order(Order::Ask(ask)));
        id
    }

    /// The number of the next asking for a decision.
    pub fn next_asking(&mut self) -> u32 {
        self.askings += 1;
        self.askings - 1
    }

    /// Tells everybody of an audience who is on duty, but not the one who tells.
    pub fn tell(
        &mut self,
        at: Time,
        from: Option<PersonId>,
        audience: Audience,
        text: String,
        incident: Option<IncidentId>,
    ) {
        let tell = self.message(at, from, audience, text, incident);
        self.say(Output::Order(Order::Tell(tell)));
    }

    /// What is told to everybody of an audience who is on duty, but not to the one who tells.
    pub fn message(
        &self,
        at: Time,
        from: Option<PersonId>,
        audience: Audience,
        text: String,
        incident: Option<IncidentId>,
    ) -> Tell {
        let mut to = self.present(at, audience);
        to.retain(|person| Some(*person) != from);
        Tell { from, audience, to, text, incident, done: false }
    }

    /// Those of an audience who are on duty.
    pub fn present(&self, at: Time, audience: Audience) -> Vec<PersonId> {
        let roster = &self.playbook.roster;
        let mut people: Vec<PersonId> = match audience {
            Audience::Role(role) => roster.holders(role).collect(),
            Audience::Person(person) => vec![person],
            Audience::Everyone => (0..roster.people.len()).map(PersonId::from).collect(),
        };
        people.retain(|person| roster.on_duty(*person, at));
        people
    }

    /// Makes these the only ones engaged in this work, besides those who attend to its changes.
    pub fn engage(&mut self, work: Work, person: Option<PersonId>) {
        self.engaged.retain(|(other, _)| *other != work);
        self.engaged.extend(person.map(|person| (work, person)));
    }

    /// Everything that this person is busy with.
    pub fn busy(&self, person: PersonId) -> impl Iterator<Item = Work> + '_ {
        let engaged = self.engaged.iter().map(|(work, who)| (*work, Some(*who)));
        let attending = self.jobs.iter().flat_map(|job| job.for_whom.iter().copied());
        let all = engaged.chain(attending);
        all.filter(move |(_, who)| *who == Some(person)).map(|(work, _)| work)
    }

    /// Whether a freeze stops this change now. If so it is noted, and told to whom the freeze
    /// names.
    pub fn stopped_by_freeze(&mut self, at: Time, change: ChangeId, matter: AskContext) -> bool {
        let freezes = &self.playbook.changes.freezes;
        let stops = |freeze: &Freeze| freeze.stops(change, matter.play, at);
        let Some(freeze) = freezes.iter().position(stops) else { return false };
        let (incident, play) = (matter.incident(), matter.play);
        self.note(PlayEvent::Frozen { incident, play, change, freeze });
        if let Some(role) = freezes[freeze].tell {
            let text = format!("{} is stopped: there is a freeze", self.change(change));
            self.tell(at, None, Audience::Role(role), text, incident);
        }
        true
    }

    /// Orders a change, or joins it where it is under way already: then the stage is given that
    /// it has reached.
    pub fn start(
        &mut self,
        change: ChangeId,
        by: Option<PersonId>,
        matter: AskContext,
    ) -> Option<ChangeEnd> {
        let whom = (matter.work, by);
        if let Some(job) = self.jobs.iter_mut().find(|job| job.change == change) {
            job.for_whom.push(whom);
            return job.stage;
        }
        self.jobs.push(RunningChange { change, stage: None, for_whom: vec![whom] });
        let (incident, play, step) = (matter.incident(), matter.play, matter.step());
        self.say(Output::Order(Order::Start { change, by, incident, play, step }));
        None
    }

    /// Whether a change has been ordered and has not ended.
    pub fn is_under_way(&self, change: ChangeId) -> bool {
        self.jobs.iter().any(|job| job.change == change)
    }

    /// A stage of a change has ended; a change that is not under way is none of ours.
    pub fn change_ended(&mut self, at: Time, change: ChangeId, end: ChangeEnd) {
        let Some(index) = self.jobs.iter().position(|job| job.change == change) else { return };
        match end {
            ChangeEnd::Queue | ChangeEnd::Deploy => self.jobs[index].stage = Some(end),
            ChangeEnd::Failed => drop(self.jobs.remove(index)),
            ChangeEnd::Propagate => {
                let job = self.jobs.remove(index);
                self.effects.live(at, change, job.for_whom[0].0);
            }
        }
    }

    /// The word of a change.
    pub fn change(&self, change: ChangeId) -> &'a str {
        &self.names.changes[change.index()]
    }

    /// The word of a play.
    pub fn play(&self, play: PlayId) -> &'a str {
        &self.names.plays[play.index()]
    }
}
