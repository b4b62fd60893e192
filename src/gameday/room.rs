//! What people in the room do with a gameday: answer, make changes by hand, let time pass.

use super::seats::{OngoingDeploy, OpenAsk, Seats};
use super::simulated_people::DrawnAnswer;
use super::{Control, Event, Gameday};
use crate::decision::{Ask, AskId, ImprovisedAct, MonitorInput, Question, Reply, UpcomingEvent};
use crate::journal::{Evidence, RoomKind};
use crate::names::{ChangeId, IncidentId, PersonId, PlayId};
use crate::units::Time;

impl Gameday<'_> {
    /// Makes it a rehearsal in which these people answer for themselves; the others stay
    /// simulated. To be called before the first step. Nobody's draws depend on it.
    pub fn with_seats(mut self, people: &[PersonId]) -> Self {
        self.seats = Seats { taken: people.to_vec(), rehearsal: true, ..Seats::default() };
        self
    }

    /// The people who answer in person.
    pub fn seats(&self) -> &[PersonId] {
        &self.seats.taken
    }

    /// From now on this person answers in person, including what they were asked before.
    pub fn take_seat(&mut self, person: PersonId) {
        let monitor = &self.monitor;
        self.seats.take(person, |ask| monitor.awaits(ask));
        self.humans.takes_a_seat(person);
    }

    /// From now on this person is simulated, and thinks about open questions as if they had just
    /// heard it. A decision that they have put off stays put off.
    pub fn leave_seat(&mut self, at: Time, person: PersonId) {
        for OpenAsk { ask, asked_at, put_off } in self.seats.leave(person) {
            if self.monitor.awaits(ask.id) && put_off.is_none() {
                self.seats.note_simulated_ask(asked_at, &ask);
                self.draw_an_answer(at, asked_at, ask);
            }
        }
        self.leave_messages(at, person);
        self.tell_on_behalf(at, person);
        self.settle(at);
    }

    /// Draws the answer of somebody who was asked before and thinks about it from now on.
    pub(super) fn draw_an_answer(&mut self, now: Time, asked_at: Time, ask: Ask) {
        let reachable = !self.conditions.unreachable[ask.person.index()];
        let cause = self.ledger.cause_of(ask.incident);
        if let Some((at, answer)) = self.humans.ask(now, asked_at, ask, reachable, &cause) {
            self.agenda_enter(at, Control::Answer(answer));
        }
    }

    /// People do something of their own accord.
    pub fn improvise(&mut self, at: Time, what: ImprovisedAct) {
        self.inform(at, MonitorInput::ByHand(what));
        self.settle(at);
    }

    /// The newest incident that is open, the play that is running in it and who responds.
    pub fn newest_open(&self) -> Option<(IncidentId, Option<PlayId>, Option<PersonId>)> {
        self.monitor.newest_open()
    }

    /// Of the newest incident that is open: whether people opened it by hand, and whether rules of
    /// it are firing.
    pub fn newest_by_hand(&self) -> Option<(bool, bool)> {
        self.monitor.newest_by_hand()
    }

    /// What the plays that are running do next, unless somebody is quicker.
    pub fn upcoming(&self) -> Vec<(Time, UpcomingEvent)> {
        self.monitor.upcoming()
    }

    /// Whether a change has been ordered, and is not in effect yet.
    pub fn is_under_way(&self, change: ChangeId) -> bool {
        self.monitor.is_under_way(change)
    }

    /// Changes whose effect lasts, in the order in which they went live.
    pub fn in_effect(&self) -> &[ChangeId] {
        &self.in_effect
    }

    /// Plays on up to a moment, everything that happens at it included, at most to the end.
    pub fn run_to(&mut self, at: Time) {
        let at = at.min(Time::ZERO + self.lasts());
        while self.next_at() <= at && self.step().is_some() {}
        if self.site.now() < at {
            self.run_site(at);
        }
    }

    /// What people in the room were asked and have not answered, oldest first.
    pub fn open_asks(&self) -> &[OpenAsk] {
        &self.seats.open
    }

    /// Whether something waits for the answer to this ask; an answer to any other is late.
    pub fn awaits(&self, ask: AskId) -> bool {
        self.monitor.awaits(ask)
    }

    /// Whether the scenario says that this person answers nobody now.
    pub fn is_unreachable(&self, person: PersonId) -> bool {
        self.conditions.unreachable[person.index()]
    }

    /// A person in the room answers, and may say what more is wanted; says whether something
    /// waited for it, `None` if the ask is not open or is not one that can be answered so.
    ///
    /// The gameday must have been played up to this moment with [`Gameday::run_to`]; so for every
    /// other input.
    pub fn reply(
        &mut self,
        at: Time,
        ask: AskId,
        reply: Reply,
        wants: Option<String>,
    ) -> Option<bool> {
        let position = self.seats.open.iter().position(|open| open.ask.id == ask)?;
        let fits = match (&self.seats.open[position].ask.question, reply) {
            (Question::Diagnose { among, .. }, Reply::Choice(change)) => {
                among.iter().any(|(candidate, _)| *candidate == change)
            }
            (Question::Diagnose { .. }, _) | (_, Reply::Choice(_)) => false,
            (Question::Decide { .. }, _) => true,
            (_, reply) => matches!(reply, Reply::Yes | Reply::No),
        };
        if !fits {
            return None;
        }
        let OpenAsk { ask, asked_at, .. } = self.seats.open.remove(position);
        let awaited = self.monitor.awaits(ask.id);
        let answer = DrawnAnswer { ask: ask.clone(), asked_at, reply, wants };
        self.answer_given(at, &answer, Evidence::Measured);
        if let Reply::NotYet(wait) | Reply::YesAfter(wait) = reply
            && self.monitor.awaits(ask.id)
        {
            let put_off = Some((at + wait, reply));
            self.seats.open.insert(position, OpenAsk { ask, asked_at, put_off });
        }
        self.settle(at);
        Some(awaited)
    }

    /// What is being deployed.
    pub fn deploying(&self) -> Vec<OngoingDeploy> {
        let deploy = |(run, what): (usize, &super::pipelines::ChangeRun)| {
            let started_at = what.started_at.expect("it has started");
            let (change, by_hand) = (what.change, !what.is_left_to_the_table());
            OngoingDeploy { change, started_at, due_at: started_at + what.takes, by_hand, run }
        };
        self.pipelines.deploying().map(deploy).collect()
    }

    /// Somebody in the room makes this change from now on.
    pub fn take_in_hand(&mut self, deploy: OngoingDeploy) {
        self.pipelines.take_in_hand(deploy.run);
    }

    /// Somebody in the room says that this deploy is over.
    pub fn end_deploy(&mut self, at: Time, deploy: OngoingDeploy, failed: bool) {
        self.pipelines.end_by_hand(deploy.run);
        self.deployed(at, deploy.run, failed);
        self.settle(at);
    }

    /// Writes down what was entered in the room.
    pub fn enter(&mut self, at: Time, kind: RoomKind, text: String) {
        self.enter_for(at, kind, text, None);
    }

    /// The same of what somebody else has asked for.
    pub fn enter_for(&mut self, at: Time, kind: RoomKind, text: String, whom: Option<String>) {
        self.ledger.write(at, Event::Room { kind, text, whom });
    }
}
