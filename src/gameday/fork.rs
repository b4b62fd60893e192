//! Runs forked from a gameday in progress: the same state, and other random draws from now on.

use super::Gameday;
use super::seats::OpenAsk;
use crate::decision::{ImprovisedAct, Question, Reply, Step};
use crate::journal::Story;
use crate::names::{ChangeId, PersonId};
use crate::units::{Span, Time};

/// What is done now, or later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intervention {
    /// Whoever is asked for a yes gives it.
    Yes,
    /// A change is made, whatever the plan says.
    Make(ChangeId),
}

impl<'p> Gameday<'p> {
    /// The same gameday with other draws from now on, by number. What was drawn before and is
    /// under way (an answer on its way, a deploy, when faults begin) stays as it is; everything
    /// that is drawn later is different. This gameday is unchanged.
    pub fn fork(&self, draws: u64) -> Gameday<'p> {
        let mut fork = self.clone();
        fork.site.fork(draws);
        fork.humans.fork(draws);
        fork.pipelines.fork(draws);
        fork.notices.fork(draws);
        fork.messages.fork(draws);
        fork.reports.fork(draws);
        fork
    }

    /// Plays on to the end from this moment, up to which it was played: after `wait` the deed is
    /// done. Until then nobody says yes or no who is asked in the running play; everybody else does
    /// what the plan says, those in the room too. `None` if it was stopped before.
    pub fn played_on(mut self, at: Time, wait: Span, deed: Intervention) -> Option<Story> {
        let held = self.deciders();
        for person in self.seats.taken.clone() {
            if !held.contains(&person) {
                self.leave_seat(at, person);
            }
        }
        for person in &held {
            if !self.seats.is_taken(*person) {
                self.take_seat(*person);
            }
        }
        let end = Time::ZERO + self.lasts();
        let then = (at + wait).min(end);
        self.run_to(then);
        if self.is_stopped() {
            return None;
        }
        match deed {
            _ if then == end => {}
            Intervention::Yes => self.says_yes(then),
            Intervention::Make(change) if self.is_under_way(change) => {}
            Intervention::Make(change) => {
                self.improvise(then, ImprovisedAct::Change { change, by: None })
            }
        }
        for person in held {
            self.leave_seat(then, person);
        }
        while self.step().is_some() {}
        (!self.is_stopped()).then(|| self.finish().story)
    }

    /// Who is asked for a yes in the play that runs in the newest open incident.
    fn deciders(&self) -> Vec<PersonId> {
        let play = self.newest_open().and_then(|(_, play, _)| play);
        let steps = play.map_or(&[][..], |play| &self.plan.playbook.plays[play.index()].steps);
        let mut people: Vec<PersonId> = Vec::new();
        for step in steps {
            if let Step::Ask(ask) = step {
                people.extend(ask.people.iter().map(|(person, _)| *person));
            }
        }
        let open = self.seats.open.iter().filter(|open| is_decision(&open.ask.question));
        people.extend(open.map(|open| open.ask.person));
        people.sort_unstable();
        people.dedup();
        people
    }

    fn says_yes(&mut self, at: Time) {
        if let Some(ask) = self.decision().map(|open| open.ask.id) {
            self.reply(at, ask, Reply::Yes, None);
        }
    }

    /// The newest yes that somebody in the room is asked for.
    pub fn decision(&self) -> Option<&OpenAsk> {
        let mut open = self.seats.open.iter().rev();
        open.find(|open| is_decision(&open.ask.question) && self.monitor.awaits(open.ask.id))
    }

    /// When a change that is ordered at a moment is everywhere at the earliest, by the table: once
    /// its pipeline is free and no freeze stops it; no freeze stops what people improvise.
    pub fn earliest_back(&self, change: ChangeId, deed: Intervention, at: Time) -> Time {
        let table = &self.plan.playbook.changes;
        let own = &table.changes[change.index()];
        let mut start = at;
        for busy in self.deploying() {
            let other = &table.changes[busy.change.index()];
            if busy.change != change && other.pipeline.is_some() && other.pipeline == own.pipeline {
                start = start.max(busy.started_at + other.takes.paper_max());
            }
        }
        if deed == Intervention::Yes {
            let play = self.newest_open().and_then(|(_, play, _)| play);
            start = table.unfrozen(change, play, start);
        }
        start + own.least()
    }

    /// Users affected so far, in whichever way.
    pub fn affected(&self) -> u64 {
        self.site.totals().affected.total()
    }
}

fn is_decision(question: &Question) -> bool {
    matches!(question, Question::Decide { .. })
}
