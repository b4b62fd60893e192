//! What else could have been done: the same day and the same random draws, for each change that the
//! responder may choose.

use crate::decision::{AttemptOutcome, Playbook, Step};
use crate::gameday::{Gameday, Trial};
use crate::names::ChangeId;
use crate::scenario::{self, Plan};
use crate::units::{Ratio, Span};
use serde::{Deserialize, Serialize};

/// Every choice, tried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternatives {
    /// Version of the program that tried them.
    pub program: String,
    /// Hash of the plan, whatever its seed.
    pub scenario_hash: String,
    /// The seed of the day.
    pub seed: u64,
    /// Its trial.
    pub trial: u64,
    /// In the order of the change-time table.
    pub tried: Vec<TriedChoice>,
}

/// One choice, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriedChoice {
    /// The change that every triage step chose, wherever it is an option.
    pub change: String,
    /// From onset to recovery; `None`: not recovered.
    pub recovered: Option<Span>,
    /// From onset to the maintenance page.
    pub contained: Option<Span>,
    /// From onset to the end of the last attempt; `None`: there was no incident.
    pub total: Option<Span>,
    /// How the last attempt ended.
    pub outcome: Option<AttemptOutcome>,
    /// Users with at least one bad request.
    pub users_affected: u64,
}

impl Alternatives {
    /// The choice that led to recovery soonest.
    pub fn best(&self) -> Option<&TriedChoice> {
        let recovered = self.tried.iter().filter(|tried| tried.recovered.is_some());
        recovered.min_by_key(|tried| tried.recovered)
    }
}

/// The changes that some triage may choose, in the order of the table.
pub fn choices(playbook: &Playbook) -> Vec<ChangeId> {
    let steps = playbook.plays.iter().flat_map(|play| &play.steps);
    let among = steps.filter_map(|step| match step {
        Step::Diagnose { among, .. } => Some(among),
        _ => None,
    });
    let mut choices: Vec<ChangeId> = among.flatten().map(|(change, _)| *change).collect();
    choices.sort_unstable();
    choices.dedup();
    choices
}

/// Plays the day once for each choice; `None` if it was stopped before the end.
pub fn alternatives(
    plan: &Plan,
    trial: Trial,
    stop: &(dyn Fn() -> bool + Sync),
) -> Option<Alternatives> {
    let mut tried = Vec::new();
    for change in choices(&plan.playbook) {
        tried.push(try_out(plan, trial, change, stop)?);
    }
    Some(Alternatives {
        program: env!("CARGO_PKG_VERSION").to_string(),
        scenario_hash: scenario::plan_hash(plan),
        seed: trial.seed,
        trial: trial.number,
        tried,
    })
}

fn try_out(
    plan: &Plan,
    trial: Trial,
    change: ChangeId,
    stop: &(dyn Fn() -> bool + Sync),
) -> Option<TriedChoice> {
    let mut chosen = plan.clone();
    for step in chosen.playbook.plays.iter_mut().flat_map(|play| &mut play.steps) {
        if let Step::Diagnose { among, .. } = step
            && among.iter().any(|(candidate, _)| *candidate == change)
        {
            // The others stay candidates for when this one does not help.
            for (candidate, share) in among.iter_mut() {
                *share = Ratio(f64::from(u8::from(*candidate == change)));
            }
        }
    }
    let header = scenario::header(&chosen, trial.number, trial.seed);
    let mut gameday = Gameday::new(&chosen, &header, trial).without_readings().stopped_by(stop);
    while gameday.step().is_some() {}
    if gameday.is_stopped() {
        return None;
    }
    let story = gameday.finish().story;
    let judged = story.judged(&plan.expect);
    let judged = judged.as_ref();
    Some(TriedChoice {
        change: plan.names.changes[change.index()].clone(),
        recovered: judged.and_then(|incident| story.recovery(&header, incident)),
        contained: judged.and_then(|incident| incident.contained()),
        total: judged.map(|incident| incident.total()),
        outcome: judged.map(|incident| incident.last().outcome),
        users_affected: story.totals().map_or(0, |totals| totals.site.affected.total()),
    })
}
