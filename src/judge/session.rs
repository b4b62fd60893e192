//! A judge: takes readings, and gives what the monitor says.

use super::Subject;
use super::by_plan::PlannedActors;
use super::judgement::{Acting, Judgement};
use super::recording::{Recording, RecordingError};
use crate::decision::{ImprovisedAct, Monitor, MonitorInput, Order, Output, Reply, Ticks};
use crate::names::{ChangeId, PersonId};
use crate::telemetry::{Reading, ReadingGaps, ScopeReading};
use crate::units::{Span, Time};
use std::io::BufRead;

/// How long the plan goes on after the last reading. A choice: longer than changes and asks that
/// are still open then should take.
const AFTERWARDS: Span = Span::from_secs(12 * 3600);

/// The judgement of readings, one after the other. Time never goes backwards.
#[derive(Debug)]
pub struct Judge<'s> {
    subject: &'s Subject,
    monitor: Monitor<'s>,
    /// `None`: what was recorded is replayed.
    by_plan: Option<PlannedActors<'s>>,
    outputs: Vec<(Time, Output)>,
    /// Readings taken in, and how many of them were missing.
    readings: (u64, u64),
    /// The beginning of the first reading and the end of the last.
    seen: Option<(Time, Time)>,
    over: bool,
}

impl<'s> Judge<'s> {
    /// A judge that has seen nothing yet.
    pub fn new(subject: &'s Subject, acting: Acting) -> Self {
        let mut judge = Judge {
            subject,
            monitor: Monitor::new(&subject.playbook, &subject.names),
            by_plan: (acting == Acting::ByPlan).then(|| PlannedActors::new(subject)),
            outputs: Vec::new(),
            readings: (0, 0),
            seen: None,
            over: false,
        };
        judge.settle(Time::ZERO);
        judge
    }

    /// What was recorded at this moment. Where the plan acts, only readings and the end count. An
    /// error if it names what the plan does not have.
    pub fn take(&mut self, at: Time, input: &MonitorInput) -> Result<(), &'static str> {
        match input {
            MonitorInput::Reading(reading) => self.observe(at, reading),
            MonitorInput::End => self.finish(at),
            _ if self.by_plan.is_some() => {}
            other if !self.knows(other) => {
                return Err(
                    "it names a change, a person or a play that the scenario does not have",
                );
            }
            other => {
                self.monitor.take(at, other);
                self.settle(at);
            }
        }
        Ok(())
    }

    /// Whether the scenario has what is named; a recording may come from anybody.
    fn knows(&self, input: &MonitorInput) -> bool {
        let names = &self.subject.names;
        let change = |change: &ChangeId| change.index() < names.changes.len();
        let person = |person: &PersonId| person.index() < names.people.len();
        match input {
            MonitorInput::Answer { reply: Reply::Choice(it) | Reply::Instead(it), .. } => {
                change(it)
            }
            MonitorInput::Answer { reply: Reply::Refer(who), .. } => person(who),
            MonitorInput::Change { change: it, .. } => change(it),
            MonitorInput::ByHand(ImprovisedAct::Change { change: it, by }) => {
                change(it) && by.as_ref().is_none_or(person)
            }
            MonitorInput::ByHand(ImprovisedAct::Assign(who)) => person(who),
            MonitorInput::ByHand(ImprovisedAct::Open(play)) => play.index() < names.plays.len(),
            _ => true,
        }
    }

    /// Everything that was recorded, up to the first error, and then the end in any case.
    pub fn take_all<R: BufRead>(
        &mut self,
        recording: &mut Recording<R>,
        positions: &[Option<usize>],
    ) -> Result<(), RecordingError> {
        let mut reached = Time::ZERO;
        let mut failed = None;
        while failed.is_none()
            && let Some(next) = recording.next()
        {
            let taken = next.and_then(|(at, input)| {
                reached = at;
                let input = placed(input, positions, self.by_plan.is_none());
                self.take(at, &input).map_err(|problem| recording.corrupt(problem))
            });
            failed = taken.err();
        }
        self.finish(reached);
        failed.map_or(Ok(()), Err)
    }

    /// A reading became known.
    pub fn observe(&mut self, at: Time, reading: &Reading) {
        self.run_until(at);
        self.readings.0 += 1;
        self.readings.1 += u64::from(reading.missing);
        let from = self.seen.map_or(reading.from, |(from, _)| from);
        self.seen = Some((from, reading.to));
        self.monitor.observe(at, reading);
        self.settle(at);
    }

    /// Lets everything happen that is due before this moment.
    pub fn run_until(&mut self, at: Time) {
        loop {
            let Some(by_plan) = &mut self.by_plan else { return };
            let (due, wake) = (by_plan.next_at(), self.monitor.wake_at());
            let next = due.into_iter().chain(wake).min();
            let Some(now) = next.filter(|next| *next < at) else { return };
            if due == Some(now) {
                by_plan.act(now, &mut self.monitor);
            } else {
                self.monitor.wake(now);
            }
            self.settle(now);
        }
    }

    /// No further reading will come. What the plan has begun it goes on with for half a day, so
    /// that a log may end before the change is live. Calling it again changes nothing.
    pub fn finish(&mut self, at: Time) {
        if self.over {
            return;
        }
        let at = if self.by_plan.is_some() { at + AFTERWARDS } else { at };
        self.run_until(at);
        self.over = true;
        self.monitor.finish(at);
        self.settle(at);
    }

    /// What it judges by.
    pub fn subject(&self) -> &'s Subject {
        self.subject
    }

    /// Everything that the monitor has said so far, and when.
    pub fn outputs(&self) -> &[(Time, Output)] {
        &self.outputs
    }

    /// How every rule has fared.
    pub fn ticks(&self) -> impl Iterator<Item = Ticks> + '_ {
        self.monitor.ticks()
    }

    /// What it comes to.
    pub fn judgement(&self) -> Judgement {
        let acting = if self.by_plan.is_some() { Acting::ByPlan } else { Acting::Recorded };
        let ticks: Vec<Ticks> = self.ticks().collect();
        Judgement::new(self.subject, acting, &self.outputs, ticks, self.seen, self.readings)
    }

    fn settle(&mut self, now: Time) {
        loop {
            let mut any = false;
            while let Some(output) = self.monitor.next_output() {
                any = true;
                if let (Some(by_plan), Output::Order(order), false) =
                    (&mut self.by_plan, &output, self.over)
                {
                    match order {
                        Order::Ask(ask) => by_plan.ask(now, ask),
                        Order::Start { change, incident, .. } => by_plan.order(*change, *incident),
                        Order::Tell(_) => {}
                    }
                }
                self.outputs.push((now, output));
            }
            if let (Some(by_plan), false) = (&mut self.by_plan, self.over) {
                any |= by_plan.settle(now, &mut self.monitor);
            }
            if !any {
                return;
            }
        }
    }
}

/// A reading with its scopes in the order of the plan; one that was not recorded is empty, and no
/// rule looks at it. Which rule is which is known only where the recording is of this very plan.
fn placed(input: MonitorInput, positions: &[Option<usize>], same: bool) -> MonitorInput {
    let in_order = |positions: &[Option<usize>]| {
        positions.iter().enumerate().all(|(index, position)| *position == Some(index))
    };
    match input {
        MonitorInput::Reading(reading) if !(reading.missing || same && in_order(positions)) => {
            let scope = |position: &Option<usize>| match position {
                Some(position) => reading.scopes[*position].clone(),
                None => ScopeReading::default(),
            };
            let scopes = positions.iter().map(scope).collect();
            let place = |old: usize| positions.iter().position(|position| *position == Some(old));
            let unseen = reading.gaps.scopes.iter().filter_map(|old| place(*old)).collect();
            let gaps = ReadingGaps { scopes: unseen, rules: Vec::new() };
            MonitorInput::Reading(Reading { scopes, gaps, ..reading })
        }
        input => input,
    }
}
