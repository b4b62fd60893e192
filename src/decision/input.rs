//! What the monitor is told, as a value: the inputs of one monitor can be replayed to
//! another.

use super::{AskId, ChangeEnd, ImprovisedAct, Monitor, Reply};
use crate::names::{ChangeId, RuleId, Scope};
use crate::telemetry::Reading;
use crate::units::Time;

/// One call of a [`Monitor`].
#[derive(Debug, Clone, PartialEq)]
pub enum MonitorInput {
    /// A reading became known: [`Monitor::observe`].
    Reading(Reading),
    /// What rules are attributed to, by a number for each cause: [`Monitor::causes`].
    Causes(Vec<(RuleId, Scope, u32)>),
    /// Somebody answered: [`Monitor::answered`].
    Answer { ask: AskId, reply: Reply },
    /// A stage of a change ended: [`Monitor::change_ended`].
    Change { change: ChangeId, end: ChangeEnd },
    /// People notice something by themselves, or see that it is gone: [`Monitor::noticed`].
    Noticed { rule: RuleId, there: bool },
    /// People do something of their own accord: [`Monitor::improvise`].
    ByHand(ImprovisedAct),
    /// Something has come due: [`Monitor::wake`].
    Wake,
    /// It is over: [`Monitor::finish`].
    End,
}

impl Monitor<'_> {
    /// Takes in what is said at this moment. False only for an answer that nothing waits for any
    /// more.
    pub fn take(&mut self, at: Time, input: &MonitorInput) -> bool {
        match input {
            MonitorInput::Reading(reading) => self.observe(at, reading),
            MonitorInput::Causes(causes) => self.causes(causes),
            MonitorInput::Answer { ask, reply } => return self.answered(at, *ask, *reply),
            MonitorInput::Change { change, end } => self.change_ended(at, *change, *end),
            MonitorInput::Noticed { rule, there } => self.noticed(at, *rule, *there),
            MonitorInput::ByHand(what) => self.improvise(at, *what),
            MonitorInput::Wake => self.wake(at),
            MonitorInput::End => self.finish(at),
        }
        true
    }
}
