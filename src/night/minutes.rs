//! The minutes of the change-time table, counted from now: when it may be well again at the
//! earliest, what still fits, and how long people took at a rehearsal.

use super::incident::{NightIncident, Situation};
use crate::change::ChangeStage;
use crate::decision::{Play, Step};
use crate::journal::{Interval, Story};
use crate::names::{ChangeId, PlayId};
use crate::scenario::Plan;
use crate::units::{Span, Time};

/// The changes that a play may make, or those of all plays: what triage chooses among first.
pub(super) fn candidates(plan: &Plan, play: Option<PlayId>) -> Vec<ChangeId> {
    let plays: Vec<&Play> = match play {
        Some(play) => {
            let own = &plan.playbook.plays[play.index()];
            let next = own.otherwise.map(|next| &plan.playbook.plays[next.index()]);
            std::iter::once(own).chain(next).collect()
        }
        None => plan.playbook.plays.iter().collect(),
    };
    let steps = plays.iter().flat_map(|play| &play.steps);
    let mut changes: Vec<ChangeId> = steps.flat_map(Step::changes).collect();
    let mut seen = Vec::new();
    changes.retain(|change| {
        !seen.contains(change) && {
            seen.push(*change);
            true
        }
    });
    changes
}

/// When a change could start that is ordered at a moment: once its pipeline is free, by the table,
/// and no freeze stops it.
pub(super) fn start(
    plan: &Plan,
    situation: &Situation,
    (change, play): (ChangeId, Option<PlayId>),
    at: Time,
) -> Time {
    let table = &plan.playbook.changes;
    let mut start = at;
    for (busy, until) in under_way(plan, situation) {
        let same = table.changes[busy.index()].pipeline;
        if busy != change && same.is_some() && same == table.changes[change.index()].pipeline {
            start = start.max(until);
        }
    }
    table.unfrozen(change, play, start)
}

/// Changes that are being deployed, and until when by the most of the table.
pub(super) fn under_way(plan: &Plan, situation: &Situation) -> Vec<(ChangeId, Time)> {
    let mut going: Vec<(ChangeId, Time)> = Vec::new();
    for (at, change, stage) in &situation.changes {
        going.retain(|(one, _)| one != change);
        if *stage == ChangeStage::Deploying {
            let takes = plan.playbook.changes.changes[change.index()].takes.paper_max();
            going.push((*change, *at + takes));
        }
    }
    going
}

/// When the change of an incident that is being made is everywhere, by the least and the most of
/// the table.
pub(super) fn expected_recovery(plan: &Plan, incident: &NightIncident) -> Option<(Time, Time)> {
    let (change, since) = incident.under_way()?;
    let change = &plan.playbook.changes.changes[change.index()];
    match incident.deployed {
        None => Some((since + change.least(), since + change.most())),
        Some(done) => {
            let propagate = change.propagate.as_ref();
            let least = propagate.and_then(|spread| spread.printed_min());
            let most = propagate.map_or(Span::ZERO, |spread| spread.paper_max());
            Some((done + least.unwrap_or(most), done + most))
        }
    }
}

/// Until when a change must be live everywhere: the close of the war room, or the freeze that comes
/// first; and which of the two it is.
pub(super) fn boundary(
    plan: &Plan,
    (change, play): (ChangeId, Option<PlayId>),
    close: Time,
    now: Time,
) -> (Time, bool) {
    let freezes = plan.playbook.changes.freezes.iter();
    let coming =
        freezes.filter(|freeze| freeze.from > now && freeze.stops(change, play, freeze.from));
    match coming.map(|freeze| freeze.from).min() {
        Some(freeze) if freeze < close => (freeze, true),
        _ => (close, false),
    }
}

/// Times of people at a rehearsal.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RehearsedTimes {
    /// Play, change, what was done, how long it took.
    times: Vec<(Option<String>, Option<String>, Interval, Span)>,
}

impl RehearsedTimes {
    /// Those that the journal of a rehearsal says were measured; nothing else of it counts.
    pub fn from_story(story: &Story) -> RehearsedTimes {
        let mut times = Vec::new();
        for attempt in story.attempts() {
            let stretches = attempt.stretches().into_iter();
            for stretch in stretches.filter(|one| attempt.measured.contains(&one.interval)) {
                let (play, change) = (attempt.play.clone(), attempt.change.clone());
                times.push((play, change, stretch.interval, stretch.printed()));
            }
        }
        RehearsedTimes { times }
    }

    /// Whether nothing was measured.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// How long this took in the attempts of this play, or of any where it was not played; for
    /// what is of a change, of this change alone.
    pub(super) fn past_durations(
        &self,
        play: Option<&str>,
        change: Option<&str>,
        wanted: Interval,
    ) -> Vec<Span> {
        let human = wanted.is_human();
        let fits = |(_, made, interval, _): &&(_, Option<String>, Interval, Span)| {
            *interval == wanted && (human || made.as_deref() == change)
        };
        let all: Vec<_> = self.times.iter().filter(fits).collect();
        let own = all.iter().filter(|(own, ..)| own.as_deref() == play);
        let own: Vec<Span> = own.map(|(.., took)| *took).collect();
        if own.is_empty() { all.into_iter().map(|(.., took)| *took).collect() } else { own }
    }
}
