//! The state of a play: its step, what that is waiting for, and what else could be tried.

use super::AskId;
use super::ladder::Ladder;
use super::phase::{ChangeEnd, Phase};
use super::playbook::Step;
use crate::names::{ChangeId, PersonId, PlayId};
use crate::units::{Ratio, Span, Time};

/// The state of a play.
#[derive(Debug, Clone)]
pub(super) struct PlayRun {
    pub play: PlayId,
    /// Since when nobody has answered it; a late answer ends that.
    pub stalled: Option<Time>,
    pub doing: NextAction,
    /// Its position among the play's steps.
    step: usize,
    /// The step that chose, and what else it could have chosen, in file order.
    diagnosis: usize,
    candidates: Vec<ChangeId>,
    /// What was chosen last did not help, so that it is looked again for something else.
    again: bool,
    pub chosen: Option<ChangeId>,
    /// Every rule must have resolved by then.
    pub verify_by: Option<Time>,
    /// When nobody will have answered the present question.
    pub silent_at: Option<Time>,
    /// The number of the present asking for a decision.
    pub asking: u32,
    /// Who has answered and is about to decide.
    pub decider: Option<PersonId>,
    /// Somebody has answered the present question, but said neither yes nor no.
    pub deciding: bool,
    /// Who is asked before the others, because that was said the last time.
    pub ask_first: Option<PersonId>,
    /// How many times the present question was answered with neither a yes nor a no.
    left_open: u32,
    /// What is made in the place of the next change of the play.
    instead: Option<ChangeId>,
}

/// After this many answers that are neither yes nor no, the play stops asking again: people who
/// say nothing else, or leave it to each other, would be asked for ever. A choice: at the five
/// minutes that "not yet" means without a time, 50 take more than four hours.
pub(super) const MOST_ASKED: u32 = 50;

/// What it is waiting for.
#[derive(Debug, Clone)]
pub(super) enum NextAction {
    /// For nothing: the step begins.
    Begin,
    /// A ladder or a role's holder to answer.
    Walk(Ladder),
    /// The responder to say that it is an incident, or to choose, or a decider who was reached.
    Respond(AskId),
    /// A holder of the role to be free.
    Holder,
    /// A change to be live, and the last stage of it that has ended.
    Change(ChangeId, Option<ChangeEnd>),
    /// For work, list by list.
    Work(Vec<Track>),
    /// Verification; every step is done.
    Verify,
    /// For nothing any more: every step is done, and nothing is verified.
    Done,
    /// For a moment at which the step begins again.
    Hold(Time),
    /// For a moment, after an answer that is neither yes nor no; whoever gave it may replace
    /// it with another answer to the same ask.
    PutOff { until: Time, ask: AskId, then: DeferredAction },
    /// For nobody: there is no one to ask.
    Nobody,
}

/// What happens once the clock has come for which a decision was put off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DeferredAction {
    /// This person is asked again.
    AskAgain(PersonId),
    /// This person's yes counts.
    Agree(PersonId),
}

impl DeferredAction {
    /// Who has put it off.
    pub fn person(self) -> PersonId {
        match self {
            DeferredAction::AskAgain(person) | DeferredAction::Agree(person) => person,
        }
    }
}

/// A change of nobody's play that is under way, and the last stage of it that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ManualChange {
    pub change: ChangeId,
    pub stage: Option<ChangeEnd>,
    /// It is what the incident's attempt is about.
    pub own: bool,
}

impl ManualChange {
    /// What is under way.
    pub fn phase(&self) -> Phase {
        Phase::of_change(self.stage)
    }
}

/// How far a list of work has come.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Track {
    /// Parts that are done.
    pub done: usize,
    /// The part that somebody is doing.
    pub ask: Option<AskId>,
}

/// Something that is told again and again.
#[derive(Debug, Clone)]
pub(super) struct Repeat {
    pub due: Time,
    pub play: PlayId,
    pub step: usize,
    pub every: Span,
}

impl PlayRun {
    /// A play that has just opened.
    pub fn new(play: PlayId) -> PlayRun {
        PlayRun {
            play,
            stalled: None,
            doing: NextAction::Begin,
            step: 0,
            diagnosis: 0,
            candidates: Vec::new(),
            again: false,
            chosen: None,
            verify_by: None,
            silent_at: None,
            asking: 0,
            decider: None,
            deciding: false,
            ask_first: None,
            left_open: 0,
            instead: None,
        }
    }

    /// When it must go on by itself at the latest.
    pub fn wake_at(&self) -> Option<Time> {
        let ladder = match &self.doing {
            NextAction::Walk(ladder) => ladder.wake_at(),
            NextAction::Hold(until) | NextAction::PutOff { until, .. } => Some(*until),
            _ => None,
        };
        ladder.into_iter().chain(self.verify_by).chain(self.silent_at).min()
    }

    /// What is under way at this step of its play.
    pub fn phase(&self, step: Option<&Step>) -> Phase {
        match (&self.doing, step) {
            _ if self.stalled.is_some() => Phase::Stalled,
            (NextAction::Walk(_), Some(Step::Page(_))) => Phase::Acknowledge,
            (NextAction::Walk(_) | NextAction::Holder, _) if self.deciding => Phase::Decide,
            (NextAction::Walk(_) | NextAction::Holder, _) => Phase::Reach,
            (NextAction::PutOff { .. }, _) => Phase::Decide,
            (NextAction::Respond(_), Some(Step::Declare(_))) => Phase::Declare,
            (NextAction::Respond(_), Some(Step::Diagnose { .. })) => Phase::Diagnose,
            (NextAction::Respond(_), _) => Phase::Decide,
            (NextAction::Work(_), _) => Phase::Work,
            (NextAction::Change(_, ended), _) => Phase::of_change(*ended),
            (NextAction::Verify, _) => Phase::Confirm,
            (NextAction::Hold(_), _) => Phase::Hold,
            (NextAction::Begin | NextAction::Nobody | NextAction::Done, _) => Phase::Stalled,
        }
    }

    /// The position of the step that it is at.
    pub fn step(&self) -> usize {
        self.step
    }

    /// Whether there is anything that could have been chosen and was not tried.
    pub fn has_candidates(&self) -> bool {
        !self.candidates.is_empty()
    }

    /// Chooses the next candidate of the triage, and goes back to the step after it.
    pub fn try_next_candidate(&mut self) -> Option<ChangeId> {
        if self.candidates.is_empty() {
            return None;
        }
        let change = self.candidates.remove(0);
        self.chosen = Some(change);
        (self.verify_by, self.instead) = (None, None);
        self.step = self.diagnosis;
        self.done();
        Some(change)
    }

    /// Goes back to the step that chose, to choose among what was not tried yet.
    pub fn look_again(&mut self) {
        (self.step, self.again, self.verify_by) = (self.diagnosis, true, None);
        self.instead = None;
        self.begin_again();
    }

    /// Whether this is a further look, after a change that did not help.
    pub fn looks_again(&self) -> bool {
        self.again
    }

    /// What is chosen at a further look: what was tried already gives way to what was not.
    pub fn not_tried(&self, change: ChangeId) -> ChangeId {
        let first = self.candidates.first().copied();
        let tried = self.again && !self.candidates.contains(&change);
        first.filter(|_| tried).unwrap_or(change)
    }

    /// What was not tried yet of these, with shares that sum to 1.
    pub fn left_of(&self, among: &[(ChangeId, Ratio)]) -> Vec<(ChangeId, Ratio)> {
        let left = among.iter().filter(|(change, _)| self.candidates.contains(change));
        let sum: f64 = left.clone().map(|(_, share)| share.0).sum();
        let even = 1.0 / left.clone().count().max(1) as f64;
        let share = |share: Ratio| Ratio(if sum > 0.0 { share.0 / sum } else { even });
        left.map(|(change, of)| (*change, share(*of))).collect()
    }

    /// This step has chosen a change among these.
    pub fn chose(&mut self, change: ChangeId, among: impl Iterator<Item = ChangeId>) {
        let left = std::mem::take(&mut self.candidates);
        let tried = |other: &ChangeId| self.again && !left.contains(other);
        self.candidates = among.filter(|other| *other != change && !tried(other)).collect();
        self.again = false;
        (self.diagnosis, self.chosen) = (self.step, Some(change));
        self.done();
    }

    /// The step is done, and the next one begins.
    pub fn done(&mut self) {
        self.step += 1;
        self.left_open = 0;
        (self.deciding, self.ask_first) = (false, None);
        self.begin_again();
    }

    /// Counts an answer that is neither yes nor no; whether there were too many of them.
    pub fn count_undecided(&mut self) -> bool {
        self.left_open += 1;
        self.left_open >= MOST_ASKED
    }

    /// This change is made in the place of the next one, and is none that is left to try.
    pub fn takes_instead(&mut self, change: ChangeId) {
        (self.instead, self.chosen) = (Some(change), Some(change));
        self.candidates.retain(|other| *other != change);
    }

    /// What is made in the place of the next change of the play.
    pub fn instead(&self) -> Option<ChangeId> {
        self.instead
    }

    /// A change of the play is in effect.
    pub fn made(&mut self) {
        self.instead = None;
    }

    /// The step begins, as if nothing had been done for it yet.
    pub fn begin_again(&mut self) {
        self.doing = NextAction::Begin;
        (self.stalled, self.silent_at, self.decider) = (None, None, None);
    }

    /// Whether its last change is in effect, and nothing but that is waited for.
    pub fn has_done_its_work(&self) -> bool {
        matches!(self.doing, NextAction::Verify | NextAction::Done)
    }

    /// The change that it was waiting for, or the one that it is about.
    pub fn change(&self) -> Option<ChangeId> {
        match self.doing {
            NextAction::Change(change, _) => Some(change),
            _ => self.chosen,
        }
    }
}
