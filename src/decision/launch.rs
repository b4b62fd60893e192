//! The launch sequence: planned steps, each at its time or after another one.

use super::dispatcher::{AskContext, Dispatcher};
use super::effects::Work;
use super::ladder::Ladder;
use super::{AskId, ChangeEnd, LaunchAction, LaunchState, LaunchStep, LaunchTime, PlayEvent};
use super::{Playbook, Question, Reply};
use crate::names::{ChangeId, PersonId, StepId};
use crate::units::Time;

/// The state of each planned step.
#[derive(Debug, Clone)]
pub(super) struct Launch<'a> {
    steps: Vec<(&'a LaunchStep, LaunchStepState)>,
}

#[derive(Debug, Clone)]
enum LaunchStepState {
    /// For its time, or for the step before it.
    Waiting,
    /// Somebody is being sought to make the change.
    Walking(Ladder),
    Changing(ChangeId),
    Done(Time),
    /// Something prevented it.
    Stopped,
}

impl<'a> Launch<'a> {
    /// Every step still to come; those that nobody can time are noted.
    pub fn new(playbook: &'a Playbook, dispatcher: &mut Dispatcher<'_>) -> Self {
        for (index, _) in playbook.launch.iter().enumerate().filter(|(_, step)| step.at.is_none()) {
            say(index, LaunchState::Untimed, Some("nobody knows when"), dispatcher);
        }
        Launch {
            steps: playbook.launch.iter().map(|step| (step, LaunchStepState::Waiting)).collect(),
        }
    }

    /// When something must be done at the latest.
    pub fn wake_at(&self) -> Option<Time> {
        (0..self.steps.len()).filter_map(|index| self.due(index)).min()
    }

    fn due(&self, index: usize) -> Option<Time> {
        let (step, state) = &self.steps[index];
        match (state, step.at?) {
            (LaunchStepState::Walking(ladder), _) => ladder.wake_at(),
            (LaunchStepState::Waiting, LaunchTime::At(at)) => Some(at),
            (LaunchStepState::Waiting, LaunchTime::After(other, wait)) => {
                match self.steps[other.index()].1 {
                    LaunchStepState::Done(at) => Some(at + wait),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Does what is due by now.
    pub fn wake(&mut self, at: Time, dispatcher: &mut Dispatcher<'_>) {
        for index in 0..self.steps.len() {
            if self.due(index).is_some_and(|due| due <= at) {
                match self.steps[index].1 {
                    LaunchStepState::Walking(_) => self.walk(at, index, dispatcher),
                    _ => self.begin(at, index, dispatcher),
                }
            }
        }
    }

    /// Takes an answer in; says whether a step waits for it.
    pub fn answered(
        &mut self,
        at: Time,
        ask: AskId,
        reply: Reply,
        dispatcher: &mut Dispatcher<'_>,
    ) -> bool {
        for index in 0..self.steps.len() {
            let LaunchStepState::Walking(ladder) = &mut self.steps[index].1 else { continue };
            let Some(contact) = ladder.contact(ask) else { continue };
            match reply {
                Reply::Silent if ladder.is_waiting_for(ask) => self.walk(at, index, dispatcher),
                Reply::No if ladder.pass(ask) => self.walk(at, index, dispatcher),
                Reply::Yes => self.start(at, index, Some(contact.person), dispatcher),
                _ => {}
            }
            return true;
        }
        false
    }

    /// Whether an answer to this ask would still change anything.
    pub fn awaits(&self, ask: AskId) -> bool {
        let walks = |state: &LaunchStepState| match state {
            LaunchStepState::Walking(ladder) => ladder.contact(ask).is_some(),
            _ => false,
        };
        self.steps.iter().any(|(_, state)| walks(state))
    }

    /// A stage of a change has ended, which may be the one that a step waits for.
    pub fn change_ended(
        &mut self,
        at: Time,
        change: ChangeId,
        end: ChangeEnd,
        dispatcher: &mut Dispatcher<'_>,
    ) {
        for index in 0..self.steps.len() {
            if !matches!(self.steps[index].1, LaunchStepState::Changing(waited) if waited == change)
            {
                continue;
            }
            match end {
                ChangeEnd::Queue | ChangeEnd::Deploy => {}
                ChangeEnd::Failed => self.stop(index, LaunchState::Failed, None, dispatcher),
                ChangeEnd::Propagate => self.done(at, index, dispatcher),
            }
        }
    }

    fn begin(&mut self, at: Time, index: usize, dispatcher: &mut Dispatcher<'_>) {
        say(index, LaunchState::Due, None, dispatcher);
        let step = self.steps[index].0;
        match &step.action {
            LaunchAction::Change { by: None, .. } => self.start(at, index, None, dispatcher),
            LaunchAction::Change { by: Some(escalation), .. } => {
                let ladder =
                    Ladder::from_escalation(dispatcher.playbook.roster.escalation(*escalation));
                self.steps[index].1 = LaunchStepState::Walking(ladder);
                self.walk(at, index, dispatcher);
            }
            LaunchAction::Tell { to, from, note } => {
                let from = from.and_then(|from| dispatcher.present(at, from).first().copied());
                let text = note.clone().unwrap_or_else(|| step.label.clone());
                dispatcher.tell(at, from, *to, text, None);
                self.done(at, index, dispatcher);
            }
        }
    }

    fn walk(&mut self, at: Time, index: usize, dispatcher: &mut Dispatcher<'_>) {
        let (step, state) = &mut self.steps[index];
        let (LaunchStepState::Walking(ladder), LaunchAction::Change { by: Some(escalation), .. }) =
            (state, &step.action)
        else {
            unreachable!("only a step with a ladder walks it");
        };
        let question = Question::Page { escalation: *escalation };
        if !ladder.ask_next(at, question, ask_context(index), dispatcher) {
            let whom = format!("nobody in {}", dispatcher.names.escalations[escalation.index()]);
            let why = ladder.why_stalled(&whom, dispatcher);
            say(index, LaunchState::Stalled, Some(&why), dispatcher);
        }
    }

    fn start(
        &mut self,
        at: Time,
        index: usize,
        by: Option<PersonId>,
        dispatcher: &mut Dispatcher<'_>,
    ) {
        let LaunchAction::Change { change, .. } = self.steps[index].0.action else {
            unreachable!("only a step with a change starts one");
        };
        if dispatcher.stopped_by_freeze(at, change, ask_context(index)) {
            return self.stop(index, LaunchState::Frozen, Some("there is a freeze"), dispatcher);
        }
        say(index, LaunchState::Started, None, dispatcher);
        dispatcher.start(change, by, ask_context(index));
        self.steps[index].1 = LaunchStepState::Changing(change);
    }

    fn done(&mut self, at: Time, index: usize, dispatcher: &mut Dispatcher<'_>) {
        self.steps[index].1 = LaunchStepState::Done(at);
        say(index, LaunchState::Done, None, dispatcher);
    }

    fn stop(
        &mut self,
        index: usize,
        state: LaunchState,
        why: Option<&str>,
        dispatcher: &mut Dispatcher<'_>,
    ) {
        self.steps[index].1 = LaunchStepState::Stopped;
        say(index, state, why, dispatcher);
    }
}

fn ask_context(index: usize) -> AskContext {
    AskContext { work: Work::Launch(StepId::from(index)), play: None }
}

fn say(index: usize, state: LaunchState, why: Option<&str>, dispatcher: &mut Dispatcher<'_>) {
    let word = if state == LaunchState::Frozen { "stopped" } else { state.word() };
    let text = why.map_or(word.to_string(), |why| format!("{word}: {why}"));
    dispatcher.note(PlayEvent::Launch { step: index.into(), state, text });
}
