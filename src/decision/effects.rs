//! Which changes are in effect, since when, and which plays open because an effect has lasted.

use super::playbook::{Playbook, Trigger};
use crate::names::{ChangeId, IncidentId, PlayId, StepId};
use crate::units::{Span, Time};

/// What somebody is busy with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    Incident(IncidentId),
    Launch(StepId),
    /// A change that people make outside of any incident.
    ByHand,
}

/// The effects of changes that are live and have not been taken back by a later change.
#[derive(Debug, Clone)]
pub(super) struct ChangeEffects<'a> {
    playbook: &'a Playbook,
    /// Per change: live since, and who made it so.
    live: Vec<Option<(Time, Work)>>,
    lasting: Vec<EffectTrigger>,
}

/// A play that opens when an effect has lasted.
#[derive(Debug, Clone)]
struct EffectTrigger {
    play: PlayId,
    change: ChangeId,
    time: Span,
    even_running: bool,
    /// It has opened for the present effect.
    done: bool,
}

/// An effect has lasted as long as a play waits for.
#[derive(Debug)]
pub(super) struct TriggeredPlay {
    pub play: PlayId,
    pub change: ChangeId,
    pub time: Span,
    pub even_running: bool,
    pub made_by: Work,
}

impl<'a> ChangeEffects<'a> {
    /// Nothing has been changed yet.
    pub fn new(playbook: &'a Playbook) -> Self {
        let plays = playbook.plays.iter().enumerate();
        let triggers = plays.flat_map(|(i, play)| play.when.iter().map(move |when| (i, when)));
        let lasting = triggers.filter_map(|(play, when)| match *when {
            Trigger::Lasts { change, time, even_running } => {
                Some(EffectTrigger { play: play.into(), change, time, even_running, done: false })
            }
            Trigger::Fires(_) | Trigger::Failed(_) | Trigger::Stalled(_) | Trigger::Refused(_) => {
                None
            }
        });
        let live = vec![None; playbook.changes.changes.len()];
        ChangeEffects { playbook, live, lasting: lasting.collect() }
    }

    /// A change is live: it takes back what it ends, and has its own effect unless it has it
    /// already.
    pub fn live(&mut self, at: Time, change: ChangeId, made_by: Work) {
        for ended in &self.playbook.changes.changes[change.index()].ends {
            self.live[ended.index()] = None;
        }
        if self.live[change.index()].is_none() {
            self.live[change.index()] = Some((at, made_by));
            let again = self.lasting.iter_mut().filter(|lasting| lasting.change == change);
            again.for_each(|lasting| lasting.done = false);
        }
    }

    /// Whether a change is still in effect.
    pub fn is_in_effect(&self, change: ChangeId) -> bool {
        self.live[change.index()].is_some()
    }

    /// When the next play opens because an effect has lasted.
    pub fn wake_at(&self) -> Option<Time> {
        let waiting = self.lasting.iter().filter(|lasting| !lasting.done);
        waiting.filter_map(|lasting| self.due(lasting)).min()
    }

    /// Whether a play opens once an effect has lasted that this work has made.
    pub fn is_awaited(&self, made_by: Work) -> bool {
        let waits = |lasting: &EffectTrigger| {
            let live = self.live[lasting.change.index()];
            !lasting.done && live.is_some_and(|(_, maker)| maker == made_by)
        };
        self.lasting.iter().any(waits)
    }

    /// The next play that is due, in file order.
    pub fn next_lasted(&mut self, at: Time) -> Option<TriggeredPlay> {
        let due =
            |lasting: &EffectTrigger| !lasting.done && self.due(lasting).is_some_and(|t| t <= at);
        let index = self.lasting.iter().position(due)?;
        let EffectTrigger { play, change, time, even_running, .. } = self.lasting[index];
        self.lasting[index].done = true;
        let (_, made_by) = self.live[change.index()].expect("what is due is in effect");
        Some(TriggeredPlay { play, change, time, even_running, made_by })
    }

    fn due(&self, lasting: &EffectTrigger) -> Option<Time> {
        self.live[lasting.change.index()].map(|(since, _)| since + lasting.time)
    }
}
