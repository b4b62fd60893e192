//! What one run drew of its people and pipelines: enough to tell, without playing it again, whether
//! the same run of a plan with other numbers about people would be the same.

use crate::decision::{Ask, Question, Step};
use crate::names::{ChangeId, ChannelId, PersonId, PlayId, StepId};
use crate::people::Channel;
use crate::scenario::Plan;
use crate::units::{Ratio, Span, Spread};

/// One draw, with whose it is. A chance comes true if `unit`, uniform in `[0, 1)`, is below it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Draw {
    /// Whether somebody who can be reached answers on a channel; how long that takes if so.
    Answers { person: PersonId, channel: ChannelId, unit: f64 },
    /// How long a step of a play takes somebody who is at it.
    Step(Option<(PlayId, StepId)>),
    /// Whether somebody who is asked says yes.
    Agrees { step: Option<(PlayId, StepId)>, unit: f64 },
    /// How long a change takes, and whether it fails.
    Change { change: ChangeId, unit: f64 },
}

/// The draws of one run, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Draws(Vec<Draw>);

impl Draws {
    pub(super) fn answers(&mut self, person: PersonId, channel: ChannelId, unit: f64) {
        self.0.push(Draw::Answers { person, channel, unit });
    }

    /// Of a question to somebody who is at it already.
    pub(super) fn step(&mut self, play: Option<PlayId>, step: Option<StepId>) {
        self.0.push(Draw::Step(play.zip(step)));
    }

    pub(super) fn agrees(&mut self, play: Option<PlayId>, step: Option<StepId>, unit: f64) {
        self.0.push(Draw::Agrees { step: play.zip(step), unit });
    }

    pub(super) fn change(&mut self, change: ChangeId, unit: f64) {
        self.0.push(Draw::Change { change, unit });
    }

    /// These, and then those.
    pub(super) fn and(mut self, others: &Draws) -> Draws {
        self.0.extend(&others.0);
        self
    }

    /// Whether somebody was asked in this step of a play and said no.
    pub fn refused(&self, plan: &Plan, play: PlayId, step: usize) -> bool {
        let agrees = match &plan.playbook.plays[play.index()].steps[step] {
            Step::Ask(ask) => ask.agrees,
            _ => return false,
        };
        self.0.iter().any(|draw| match draw {
            Draw::Agrees { step: Some((of, at)), unit } => {
                *of == play && at.index() == step && *unit >= agrees.0
            }
            _ => false,
        })
    }

    /// Whether a run that drew this of one plan would be the same in another. Both must be
    /// [`alike`]; the run is the same for as long as every draw has the same outcome, and so to
    /// its end if all have.
    pub fn are_the_same_in(&self, one: &Plan, other: &Plan) -> bool {
        self.0.iter().all(|draw| draw.is_the_same_in(one, other))
    }
}

impl Draw {
    fn is_the_same_in(&self, one: &Plan, other: &Plan) -> bool {
        let both = [one, other];
        match *self {
            Draw::Answers { person, channel, unit } => {
                let [one, other] = both.map(|p| p.playbook.roster.channel(person, channel));
                let [before, after] = [one, other].map(|channel| unit < channel.answers.0);
                before == after && (!before || one.after == other.after)
            }
            Draw::Step(None) | Draw::Agrees { step: None, .. } => false,
            Draw::Step(Some((play, step))) => {
                let [one, other] = both.map(|plan| step_of(plan, play, step));
                match (one, other) {
                    (Some(Step::Ask(one)), Some(Step::Ask(other))) => one.takes == other.takes,
                    (one, other) => one == other,
                }
            }
            Draw::Agrees { step: Some((play, step)), unit } => {
                let [one, other] = both.map(|plan| match step_of(plan, play, step) {
                    Some(Step::Ask(ask)) => Some(unit < ask.agrees.0),
                    _ => None,
                });
                one == other && one.is_some()
            }
            Draw::Change { change, unit } => {
                let [one, other] = both.map(|plan| &plan.playbook.changes.changes[change.index()]);
                let fails = |row: &crate::change::Change| unit < row.fails.0;
                one.takes == other.takes
                    && one.propagate == other.propagate
                    && fails(one) == fails(other)
            }
        }
    }
}

fn step_of(plan: &Plan, play: PlayId, step: StepId) -> Option<&Step> {
    plan.playbook.plays.get(play.index())?.steps.get(step.index())
}

/// Whether two plans differ at most in how likely people answer, agree and changes fail, and in how
/// long people and changes take: then [`Draws`] tell which runs of theirs are the same.
pub fn alike(one: &Plan, other: &Plan) -> bool {
    without_luck(one) == without_luck(other)
}

/// The plan with everything made equal that [`Draws`] can answer for, and without what no run
/// depends on.
fn without_luck(plan: &Plan) -> Plan {
    let mut plan = plan.clone();
    plan.findings.clear();
    plan.inputs.clear();
    plan.tune.clear();
    let channel = Channel { answers: Ratio(1.0), after: none() };
    plan.playbook.roster.channels.iter_mut().for_each(|own| *own = channel);
    for person in &mut plan.playbook.roster.people {
        person.channels.iter_mut().for_each(|(_, own)| *own = channel);
    }
    for step in plan.playbook.plays.iter_mut().flat_map(|play| &mut play.steps) {
        match step {
            Step::Declare(takes) => *takes = none(),
            Step::Triage { takes, again, .. } => {
                *takes = none();
                *again = again.map(|_| none());
            }
            Step::Ask(ask) => {
                ask.agrees = Ratio(1.0);
                ask.takes = ask.takes.map(|_| none());
            }
            Step::Page(_) | Step::Tell(_) | Step::Change(_) => {}
        }
    }
    for change in &mut plan.playbook.changes.changes {
        change.takes = none();
        change.paper.clear();
        change.propagate = change.propagate.map(|_| none());
        change.fails = Ratio(0.0);
    }
    plan
}

fn none() -> Spread {
    Spread::Fixed(Span::ZERO)
}

/// Whether somebody who is at it already takes a drawn time, with no channel in between.
pub(super) fn is_direct(ask: &Ask) -> bool {
    match ask.question {
        Question::Declare { .. } | Question::Triage { .. } => true,
        Question::Decide { takes: Some(_), .. } => ask.channel.is_none(),
        Question::Decide { takes: None, .. } | Question::Page { .. } => false,
    }
}
