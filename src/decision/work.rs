//! Work that takes its time: a report, a call, a message that somebody has to write first. Some of
//! it is done side by side.

use super::dispatcher::Dispatcher;
use super::incident::OpenIncident;
use super::run::{NextAction, Track};
use super::{AskId, Order, Output, Question, Step, Tell, WorkStep};
use crate::names::PersonId;
use crate::units::Time;

impl OpenIncident {
    /// All lists of work begin, each with its first part.
    pub fn begin_work(
        &mut self,
        at: Time,
        lists: &[Vec<WorkStep>],
        dispatcher: &mut Dispatcher<'_>,
    ) {
        self.run().doing = NextAction::Work(vec![Track::default(); lists.len()]);
        self.go_on_with_work(at, dispatcher);
    }

    /// Whoever is there takes up what nobody is doing. Where nobody can do anything at all, the
    /// play stalls, until somebody comes on duty.
    pub fn go_on_with_work(&mut self, at: Time, dispatcher: &mut Dispatcher<'_>) {
        let Some(Step::Work(lists)) = self.step(dispatcher) else { return };
        let mut lacking = None;
        for (number, list) in lists.iter().enumerate() {
            let NextAction::Work(tracks) = &self.run().doing else { return };
            let track = tracks[number];
            let Some(work) = list.get(track.done).filter(|_| track.ask.is_none()) else {
                continue;
            };
            match self.worker(at, work, dispatcher) {
                Some(person) => {
                    let what = work.what.clone();
                    let question = Question::Work { what, takes: work.takes };
                    let ask = dispatcher.ask(person, None, question, None, self.ask_context());
                    self.track(number).ask = Some(ask);
                }
                None => lacking = Some(work.what.clone()),
            }
        }
        let NextAction::Work(tracks) = &self.run().doing else { return };
        let busy = tracks.iter().any(|track| track.ask.is_some());
        let done = tracks.iter().zip(lists).all(|(track, list)| track.done == list.len());
        match (done, busy, lacking) {
            (true, ..) => self.run().done(),
            (false, false, Some(what)) if self.run().stalled.is_none() => {
                self.stall(at, format!("nobody is there to {what}"), dispatcher);
            }
            (false, true, _) => self.run().stalled = None,
            _ => {}
        }
    }

    /// Who does it: somebody of those named who is on duty, or the responder.
    fn worker(&self, at: Time, work: &WorkStep, dispatcher: &Dispatcher<'_>) -> Option<PersonId> {
        match work.by {
            Some(audience) => dispatcher.present(at, audience).first().copied(),
            None => self.responder.map(|(person, _)| person),
        }
    }

    fn track(&mut self, number: usize) -> &mut Track {
        match &mut self.run().doing {
            NextAction::Work(tracks) => &mut tracks[number],
            doing => unreachable!("work has tracks: {doing:?}"),
        }
    }

    /// A part of the work is done: what follows it is said, and the next part begins.
    pub fn work_done(&mut self, at: Time, ask: AskId, dispatcher: &mut Dispatcher<'_>) {
        let Some(Step::Work(lists)) = self.step(dispatcher) else { return };
        let NextAction::Work(tracks) = &mut self.run().doing else { return };
        let own = |track: &Track| track.ask == Some(ask);
        let Some(number) = tracks.iter().position(own) else { return };
        let work = &lists[number][tracks[number].done];
        tracks[number] = Track { done: tracks[number].done + 1, ask: None };
        if let Some(tell) = &work.then {
            let tell = Tell { done: true, ..self.message(at, tell, dispatcher) };
            dispatcher.say(Output::Order(Order::Tell(tell)));
        }
        self.go_on_with_work(at, dispatcher);
    }
}
