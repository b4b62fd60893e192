//! Which step of a play comes now, and what of it is still to be told.

use super::incident::{NightIncident, Situation};
use super::parser::PUBLIC;
use crate::change::ChangeStage;
use crate::decision::{Approval, ChangeChoice, EVERYONE, Play, Step, TellStep, WorkStep};
use crate::journal::Interval;
use crate::names::Names;
use crate::scenario::Plan;
use crate::units::{Span, Time};

/// The step that comes now.
pub(super) struct Current<'p> {
    /// Its place in the play, from 1, and of how many.
    pub number: usize,
    pub total: usize,
    pub step: &'p Step,
}

/// The play of an incident.
pub(super) fn play<'p>(plan: &'p Plan, incident: &NightIncident) -> Option<&'p Play> {
    Some(&plan.playbook.plays[incident.play?.index()])
}

/// The first step, after the last one that is done, that somebody must take.
pub(super) fn current<'p>(
    plan: &'p Plan,
    incident: &NightIncident,
    situation: &Situation,
) -> Option<Current<'p>> {
    let play = play(plan, incident)?;
    let done = |step: &Step| is_done(step, incident, situation);
    let after = play.steps.iter().rposition(done).map_or(0, |last| last + 1);
    let mut rest = play.steps.iter().enumerate().skip(after);
    // Nobody is asked for what somebody has said yes to before the night.
    let approved = |position: usize| play.approved_at(position, incident.change).is_some();
    let (position, step) =
        rest.find(|(at, step)| !matches!(step, Step::Tell(_)) && !approved(*at))?;
    Some(Current { number: position + 1, total: play.steps.len(), step })
}

fn is_done(step: &Step, incident: &NightIncident, situation: &Situation) -> bool {
    match step {
        Step::Page(_) => incident.acknowledged,
        Step::Declare(_) => incident.declared,
        Step::Diagnose { .. } => incident.change.is_some(),
        Step::Ask(_) => incident.decided,
        Step::Change(ChangeChoice::ByDiagnosis) => incident.live.is_some(),
        Step::Change(ChangeChoice::This(change)) => {
            situation.changes.iter().any(|(at, one, stage)| {
                *at >= incident.play_since && one == change && *stage == ChangeStage::Live
            })
        }
        Step::Work(lists) => {
            lists.iter().flatten().all(|work| is_part_done(work, incident, situation))
        }
        Step::Tell(_) | Step::Confirm(_) => false,
    }
}

/// Who has said yes before the night to the change that is to be made and is not made yet, and
/// when.
pub(super) fn approved<'p>(plan: &'p Plan, incident: &NightIncident) -> Option<&'p Approval> {
    let waits = !incident.decided && incident.deploying.is_none();
    let play = play(plan, incident).filter(|_| waits)?;
    (0..play.steps.len()).find_map(|position| play.approved_at(position, incident.change))
}

/// Whether a part of the work of the running play is done.
fn is_part_done(work: &WorkStep, incident: &NightIncident, situation: &Situation) -> bool {
    let since = |(at, what): &(Time, String)| *at >= incident.play_since && *what == work.what;
    let told = |(at, number, whom): &(Time, Option<u32>, String)| {
        let is_this = number.is_none_or(|number| number == incident.number);
        is_this && *at >= incident.play_since && work.what == format!("tell {whom}")
    };
    incident.worked.iter().any(since) || (work.then.is_some() && situation.told.iter().any(told))
}

/// The work of the running play that is still to be done, in its order.
pub(super) fn work_left<'p>(
    plan: &'p Plan,
    incident: &NightIncident,
    situation: &Situation,
) -> Vec<&'p WorkStep> {
    let steps = play(plan, incident).map_or(&[][..], |play| &play.steps);
    let all = steps.iter().filter_map(|step| match step {
        Step::Work(lists) => Some(lists.iter().flatten()),
        _ => None,
    });
    all.flatten().filter(|work| !is_part_done(work, incident, situation)).collect()
}

/// What a step is, in the words of the room.
pub(super) fn words(
    step: &Step,
    incident: &NightIncident,
    situation: &Situation,
    plan: &Plan,
) -> String {
    let names = &plan.names;
    let change = |chosen: &ChangeChoice| match chosen {
        ChangeChoice::This(change) => names.changes[change.index()].clone(),
        ChangeChoice::ByDiagnosis => {
            incident.change.map_or("the chosen change".to_string(), |change| {
                names.changes[change.index()].clone()
            })
        }
    };
    match step {
        Step::Page(_) => "page until somebody takes it".to_string(),
        Step::Declare(_) => "call it an incident, or not".to_string(),
        Step::Diagnose { .. } => "choose a change".to_string(),
        Step::Ask(ask) => match ask.role {
            Some(role) => format!("ask {} for approval", names.roles[role.index()]),
            None => "ask for approval".to_string(),
        },
        Step::Change(chosen) => format!("make {}", change(chosen)),
        Step::Work(lists) => {
            let all = lists.iter().flatten();
            let left = all.filter(|work| !is_part_done(work, incident, situation));
            let what: Vec<&str> = left.map(|work| work.what.as_str()).collect();
            format!("do: {}", what.join(", "))
        }
        Step::Confirm(within) => format!("wait until the alerts are over, {within} at most"),
        Step::Tell(tell) => format!("tell {}", tell.to.name(names)),
    }
}

/// The part of a response that a step takes.
pub(super) fn interval(step: &Step) -> Option<Interval> {
    Some(match step {
        Step::Page(_) => Interval::Acknowledge,
        Step::Declare(_) => Interval::Declare,
        Step::Diagnose { .. } => Interval::Diagnose,
        Step::Ask(_) => Interval::Decide,
        Step::Change(_) => Interval::Deploy,
        Step::Tell(_) | Step::Work(_) | Step::Confirm(_) => return None,
    })
}

/// An update that the play wants.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Update {
    pub to: String,
    /// `None`: when its step comes.
    pub every: Option<Span>,
    /// When they were told last, since the play opened.
    pub last: Option<Time>,
    /// When they must be told.
    pub due: Option<Time>,
}

/// The updates that the play of an incident wants, and that somebody is still to give.
pub(super) fn updates(plan: &Plan, incident: &NightIncident, situation: &Situation) -> Vec<Update> {
    let Some(play) = play(plan, incident) else { return Vec::new() };
    let reached = current(plan, incident, situation).map_or(play.steps.len(), |now| now.number - 1);
    let mut updates: Vec<Update> = Vec::new();
    for (position, step) in play.steps.iter().enumerate() {
        for tell in step.tells() {
            let update = update(tell, position < reached, incident, situation, &plan.names);
            if !updates.iter().any(|one| one.to == update.to && one.every >= update.every) {
                updates.retain(|one| one.to != update.to);
                updates.push(update);
            }
        }
    }
    updates.retain(|update| update.every.is_some() || update.last.is_none());
    updates
}

fn update(
    tell: &TellStep,
    passed: bool,
    incident: &NightIncident,
    situation: &Situation,
    names: &Names,
) -> Update {
    let to = tell.to.name(names);
    let is_this = |at: &Time, number: &Option<u32>| {
        *at >= incident.play_since && number.is_none_or(|number| number == incident.number)
    };
    let told = situation
        .told
        .iter()
        .filter(|(at, number, whom)| is_this(at, number) && (*whom == to || whom == EVERYONE));
    let last = told.map(|(at, ..)| *at).max();
    let due = match last {
        Some(last) => tell.every.map(|every| last + every),
        // The step has been passed by: it is late since then.
        None => passed.then_some(incident.phase_since),
    };
    Update { to, every: tell.every, last, due }
}

/// When the public was first told, or saw a page, since an incident began.
pub(super) fn first_public_word(
    plan: &Plan,
    incident: &NightIncident,
    situation: &Situation,
) -> Option<Time> {
    let told = situation.told.iter().filter(|(_, _, whom)| whom == PUBLIC).map(|(at, ..)| *at);
    let table = &plan.playbook.changes.changes;
    let pages = situation.changes.iter().filter_map(|(at, change, stage)| {
        let page = *stage == ChangeStage::Live && table[change.index()].maintenance;
        page.then_some(*at)
    });
    told.chain(pages).filter(|at| *at >= incident.since).min()
}
