//! Simulated people: whether, when and what they answer. One person does one thing at a time.

use super::draws::Draws;
use crate::decision::{self, Actor, Ask, Reply, answer_of};
use crate::kernel::DrawKey;
use crate::names::{ChangeId, ChannelId, PersonId};
use crate::scenario::Plan;
use crate::units::{Ratio, Span, Spread, Time};

/// An ask with the answer that was drawn for it.
#[derive(Debug, Clone)]
pub(super) struct DrawnAnswer {
    pub ask: Ask,
    pub asked_at: Time,
    pub reply: Reply,
    /// What else somebody in the room wants to know.
    pub wants: Option<String>,
}

/// Everybody whose seat is simulated.
#[derive(Clone)]
pub(super) struct SimulatedPeople<'p> {
    plan: &'p Plan,
    key: DrawKey,
    /// How often each person was asked on each channel, and (last) directly.
    asked: Vec<Vec<u64>>,
    /// Every ask that will be answered, by the number that its event carries.
    answers: Vec<DrawnAnswer>,
    /// Who was asked to decide about which cause, by the number of the asking.
    askings: Vec<(PersonId, String, u32)>,
    /// Answers of people who were busy when they would have come, oldest first.
    deferred: Vec<usize>,
    /// Answers of people who have taken a seat since.
    void: Vec<bool>,
    draws: Draws,
}

impl<'p> SimulatedPeople<'p> {
    /// Switches to other random draws from now on.
    pub(super) fn fork(&mut self, draws: u64) {
        self.key = self.key.forked(draws);
    }

    pub(super) fn new(plan: &'p Plan, key: DrawKey) -> Self {
        let channels = plan.names.channels.len() + 1;
        let asked = vec![vec![0; channels]; plan.names.people.len()];
        SimulatedPeople {
            plan,
            key,
            asked,
            answers: Vec::new(),
            askings: Vec::new(),
            deferred: Vec::new(),
            void: Vec::new(),
            draws: Draws::default(),
        }
    }

    /// What was drawn so far.
    pub(super) fn draws(&self) -> &Draws {
        &self.draws
    }

    /// Draws what becomes of an ask: the moment and the number of its answer, `None` for silence.
    /// The draw belongs to (person, channel, nth ask), so nothing else can shift it. `cause` is the
    /// fault that the incident is about.
    pub(super) fn ask(
        &mut self,
        now: Time,
        asked_at: Time,
        ask: Ask,
        reachable: bool,
        cause: &str,
    ) -> Option<(Time, usize)> {
        let person = ask.person.index();
        let channels = self.plan.names.channels.len();
        let slot = ask.channel.map_or(channels, |channel| channel.index());
        let nth = self.asked[person][slot];
        self.asked[person][slot] += 1;
        let own = self.key.named(&self.plan.names.people[person]);
        let word = ask.channel.map_or("", |channel| &self.plan.names.channels[channel.index()]);
        let key = own.named(word).child(nth);
        self.draws.takes(&ask);
        let mut drawn = Drawn { humans: self, own, key, ask: &ask, reachable, cause };
        let (after, reply) = decision::answer(&ask, &mut drawn)?;
        self.answers.push(DrawnAnswer { ask, asked_at, reply, wants: None });
        Some((now + after, self.answers.len() - 1))
    }

    /// How many times this person was asked before to decide about this cause.
    fn nth_asking(&mut self, person: PersonId, cause: &str, asking: u32) -> u64 {
        let mut nth = 0;
        for (whom, about, number) in &self.askings {
            if (*whom, about.as_str()) == (person, cause) {
                if *number == asking {
                    return nth;
                }
                nth += 1;
            }
        }
        self.askings.push((person, cause.to_string(), asking));
        nth
    }

    pub(super) fn answer(&self, number: usize) -> &DrawnAnswer {
        &self.answers[number]
    }

    /// The person has other work: the answer waits.
    pub(super) fn defer(&mut self, number: usize) {
        self.deferred.push(number);
    }

    /// The person answers in person from now on: nothing that was drawn for them counts any more.
    pub(super) fn takes_a_seat(&mut self, person: PersonId) {
        self.void.resize(self.answers.len(), false);
        for (void, answer) in self.void.iter_mut().zip(&self.answers) {
            *void |= answer.ask.person == person;
        }
        let void = &self.void;
        self.deferred.retain(|number| !void[*number]);
    }

    /// Whether a drawn answer does not count any more.
    pub(super) fn is_discarded(&self, number: usize) -> bool {
        self.void.get(number).copied().unwrap_or(false)
    }

    /// Takes the first waiting answer of somebody who is free now.
    pub(super) fn freed(&mut self, free: impl Fn(&Ask) -> bool) -> Option<usize> {
        let ready = |number: &usize| free(&self.answers[*number].ask);
        let position = self.deferred.iter().position(ready)?;
        Some(self.deferred.remove(position))
    }
}

/// Somebody to whom everything happens as it is drawn for one ask.
struct Drawn<'h, 'p> {
    humans: &'h mut SimulatedPeople<'p>,
    /// The key of the person, and of this ask.
    own: DrawKey,
    key: DrawKey,
    ask: &'h Ask,
    reachable: bool,
    cause: &'h str,
}

impl Actor for Drawn<'_, '_> {
    fn takes(&mut self, takes: Spread) -> Span {
        self.key.child(0).spread(takes)
    }

    fn answers(&mut self, person: PersonId, by: ChannelId) -> Option<Span> {
        if !self.reachable {
            return None;
        }
        let channel = self.humans.plan.playbook.roster.channel(person, by);
        self.humans.draws.answers(person, by, self.key.child(1).unit());
        self.key.child(1).chance(channel.answers).then(|| self.key.child(2).spread(channel.after))
    }

    fn chooses(&mut self, among: &[(ChangeId, Ratio)]) -> ChangeId {
        let weights: Vec<f64> = among.iter().map(|(_, Ratio(share))| *share).collect();
        among[self.key.child(3).category(&weights)].0
    }

    /// What a person decides does not depend on the channel by which the question came, nor on
    /// which incident it belongs to: only on the cause, and on how often it was asked.
    fn decides(&mut self, agrees: Ratio, others: &[(Reply, Ratio)], asking: u32) -> Reply {
        let nth = self.humans.nth_asking(self.ask.person, self.cause, asking);
        let mind = self.own.named("agrees").named(self.cause).child(nth);
        let reply = answer_of(mind.unit(), self.ask.person, agrees, others);
        self.humans.draws.agrees(self.ask, agrees, mind.unit(), reply);
        reply
    }
}
