//! What one run drew of its people and pipelines: enough to tell, without playing it again, whether
//! the same run of a plan with other numbers about people would be the same.

use crate::change::Change;
use crate::decision::{Ask, AskStep, Question, Reply, Step, answer_of};
use crate::names::{ChangeId, ChannelId, PersonId, PlayId};
use crate::people::Channel;
use crate::scenario::Plan;
use crate::units::{Ratio, Span, Spread};

/// One draw, with whose it is. A chance comes true if `unit`, uniform in `[0, 1)`, is below it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Draw {
    /// Whether somebody who can be reached answers on a channel; how long that takes if so.
    Answers { person: PersonId, channel: ChannelId, unit: f64 },
    /// How long a step of a play takes somebody who is at it.
    Takes { play: Option<PlayId>, verb: Verb },
    /// What somebody says who is asked for a yes, and says it with this chance.
    Agrees { play: Option<PlayId>, person: PersonId, chance: Ratio, unit: f64, reply: Reply },
    /// How long a change takes, and whether it fails.
    Change { change: ChangeId, unit: f64 },
}

/// What somebody is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Declare,
    Diagnose,
    Work,
    Decide,
}

/// The draws of one run, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Draws(Vec<Draw>);

impl Draws {
    pub(super) fn answers(&mut self, person: PersonId, channel: ChannelId, unit: f64) {
        self.0.push(Draw::Answers { person, channel, unit });
    }

    /// Of a question to somebody who is at it already, if it takes a drawn time.
    pub(super) fn takes(&mut self, ask: &Ask) {
        let verb = match ask.question {
            Question::Declare { .. } => Verb::Declare,
            Question::Diagnose { .. } => Verb::Diagnose,
            Question::Work { .. } => Verb::Work,
            Question::Decide { takes: Some(_), .. } if ask.channel.is_none() => Verb::Decide,
            Question::Decide { .. } | Question::Page { .. } => return,
        };
        self.0.push(Draw::Takes { play: ask.play, verb });
    }

    pub(super) fn agrees(&mut self, ask: &Ask, chance: Ratio, unit: f64, reply: Reply) {
        let (play, person) = (ask.play, ask.person);
        self.0.push(Draw::Agrees { play, person, chance, unit, reply });
    }

    pub(super) fn change(&mut self, change: ChangeId, unit: f64) {
        self.0.push(Draw::Change { change, unit });
    }

    /// These, and then those.
    pub(super) fn merge(mut self, others: &Draws) -> Draws {
        self.0.extend(&others.0);
        self
    }

    /// Whether somebody whom a play asked said no.
    pub fn refused(&self, wanted: PlayId) -> bool {
        self.0.iter().any(|draw| match draw {
            Draw::Agrees { play, reply, .. } => *play == Some(wanted) && *reply == Reply::No,
            _ => false,
        })
    }

    /// Whether a run that drew this of one plan would be the same in another. The two must
    /// [`differ_only_in_draws`]; the run is the same for as long as every draw has the same
    /// outcome, and so to its end if all have.
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
            // Whichever step of the play it was.
            Draw::Takes { play, verb } => pairs(both, play).is_some_and(|mut pairs| {
                pairs.all(|pair| match (verb, pair) {
                    (Verb::Declare, (one @ Step::Declare(_), other)) => one == other,
                    (Verb::Diagnose, (one @ Step::Diagnose { .. }, other)) => one == other,
                    (Verb::Work, (one @ Step::Work(_), other)) => one == other,
                    (Verb::Decide, (Step::Ask(one), Step::Ask(other))) => one.takes == other.takes,
                    _ => true,
                })
            }),
            Draw::Agrees { play, person, chance, unit, reply } => {
                pairs(both, play).is_some_and(|mut pairs| {
                    pairs.all(|pair| match pair {
                        (Step::Ask(one), Step::Ask(other)) if one.agrees == chance => {
                            let said =
                                |ask: &AskStep| answer_of(unit, person, ask.agrees, &ask.others);
                            said(one) != reply || said(other) == reply
                        }
                        _ => true,
                    })
                })
            }
            Draw::Change { change, unit } => {
                let [one, other] = both.map(|plan| &plan.playbook.changes.changes[change.index()]);
                let fails = |row: &Change| unit < row.fails.0;
                one.takes == other.takes
                    && one.propagate == other.propagate
                    && fails(one) == fails(other)
            }
        }
    }
}

/// The steps of a play in two plans that [`differ_only_in_draws`], side by side; `None`: it is no
/// play's.
fn pairs(
    [one, other]: [&Plan; 2],
    play: Option<PlayId>,
) -> Option<impl Iterator<Item = (&Step, &Step)>> {
    let index = play?.index();
    let [one, other] = [one, other].map(|plan| &plan.playbook.plays[index].steps);
    Some(one.iter().zip(other))
}

/// Whether two plans differ at most in how likely people answer, agree and changes fail, and in how
/// long people and changes take: then [`Draws`] tell which runs of theirs are the same.
pub fn differ_only_in_draws(one: &Plan, other: &Plan) -> bool {
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
            Step::Diagnose { takes, again, .. } => {
                *takes = none();
                *again = again.map(|_| none());
            }
            Step::Ask(ask) => {
                ask.agrees = Ratio(1.0);
                ask.others.clear();
                ask.takes = ask.takes.map(|_| none());
            }
            Step::Work(lists) => {
                lists.iter_mut().flatten().for_each(|work| work.takes = none());
            }
            Step::Page(_) | Step::Tell(_) | Step::Change(_) | Step::Confirm(_) => {}
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
