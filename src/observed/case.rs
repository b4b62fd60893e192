//! One incident of a sheet: its attempts, as far as the rows tell them.

use super::SheetProblem;
use super::sheet::SheetRow;
use super::vocabulary::RowAction;
use crate::decision::{Attempt, AttemptOutcome, ChangeEnd, Named, Phase, PhaseSpan, Response};
use crate::journal::{AttemptEntry, Interval};
use crate::units::Time;

/// An incident that the sheet describes.
pub(super) struct SheetIncident {
    pub number: u32,
    pub play: Option<String>,
    pub over: bool,
    /// Without an attempt between a failed one and what was done next.
    response: Response<Named>,
    fault: Option<String>,
    /// When it began: with the fault, or when somebody noticed.
    started_at: Time,
    ended: Vec<AttemptEntry>,
    phases: Vec<PhaseSpan<Named>>,
    /// When the alert was simulated and not seen by anybody.
    alert_of_run: bool,
}

/// A change as far as a case needs to know it.
#[derive(Clone, Copy, Default)]
pub(super) struct ChangeKind {
    /// It is live as soon as it is done.
    pub at_once: bool,
    /// It puts up a maintenance page.
    pub maintenance: bool,
}

impl SheetIncident {
    /// An incident that somebody noticed at this moment.
    pub fn open(
        number: u32,
        at: Time,
        cause: &str,
        play: Option<String>,
        fault: Option<(String, Time)>,
        alert_of_run: bool,
    ) -> SheetIncident {
        let started_at = fault.as_ref().map_or(at, |(_, began)| *began);
        let mut response = Response::new(number, started_at);
        response.begin(at, play.clone(), cause.to_string()).reached.alerted_at = Some(at);
        response.enter(at, Phase::Acknowledge, play.clone());
        SheetIncident {
            number,
            play,
            over: false,
            response,
            fault: fault.map(|(name, _)| name),
            started_at,
            ended: Vec::new(),
            phases: Vec::new(),
            alert_of_run,
        }
    }

    /// The change that the attempt is about.
    pub fn change(&self) -> Option<&str> {
        self.response.current().and_then(|attempt| attempt.change.as_deref())
    }

    /// Whether somebody has answered in this attempt or an earlier one.
    pub fn acknowledged(&self) -> bool {
        let current = self.response.current().and_then(|attempt| attempt.reached.acknowledged_at);
        let mut ended = self.ended.iter();
        current.is_some() || ended.any(|attempt| attempt.reached.acknowledged_at.is_some())
    }

    /// All attempts, the last one left open at this moment if it is not over, and what was under
    /// way from moment to moment.
    pub fn close(mut self, at: Time) -> (Vec<AttemptEntry>, Vec<PhaseSpan<Named>>) {
        self.phases.extend(self.response.leave(at));
        if self.response.current().is_some() {
            self.finish(at, AttemptOutcome::Open);
        }
        (self.ended, self.phases)
    }

    /// Takes a row in; says what is odd about it.
    pub fn take(
        &mut self,
        row: &SheetRow,
        change: Option<&str>,
        change_kind: ChangeKind,
    ) -> Option<SheetProblem> {
        let at = row.at;
        let odd = match row.action {
            RowAction::Acknowledge => {
                let attempt = self.attempt(at);
                if attempt.reached.acknowledged_at.is_none() {
                    attempt.acknowledged(at, row.actor.clone(), row.channel.clone());
                }
                None
            }
            RowAction::Declare => {
                let attempt = self.attempt(at);
                if attempt.reached.declared_at.is_none() {
                    attempt.declared(at);
                }
                None
            }
            RowAction::Choose => {
                self.choose(at, change);
                None
            }
            RowAction::Decide => {
                let attempt = self.attempt(at);
                if attempt.reached.decided_at.is_none() {
                    attempt.decided(at);
                }
                attempt.decider = row.actor.clone();
                None
            }
            RowAction::NoIncident => self.finish(at, AttemptOutcome::NotDeclared),
            RowAction::Refuse => {
                self.attempt(at).decider = row.actor.clone();
                self.finish(at, AttemptOutcome::Refused)
            }
            RowAction::Start | RowAction::Done | RowAction::Live | RowAction::Failed => {
                self.worked(row, change, change_kind)
            }
            RowAction::NoEffect => self.finish(at, AttemptOutcome::NotVerified),
            RowAction::Recovered => {
                self.over = true;
                self.finish(at, AttemptOutcome::Recovered)
            }
            _ => None,
        };
        self.enter_phase(row);
        odd
    }

    /// What is under way from this row on.
    fn enter_phase(&mut self, row: &SheetRow) {
        if self.over {
            return self.phases.extend(self.response.leave(row.at));
        }
        let phase = match row.action {
            RowAction::Acknowledge if self.response.phase() != Some(Phase::Acknowledge) => return,
            RowAction::Acknowledge => Phase::Declare,
            RowAction::Declare => Phase::Diagnose,
            RowAction::Choose => Phase::Reach,
            RowAction::Decide => Phase::Queue,
            RowAction::Start => Phase::of_change(Some(ChangeEnd::Queue)),
            RowAction::Done | RowAction::Live => {
                let attempt = self.response.current();
                let in_effect = attempt.is_none_or(|attempt| attempt.reached.live_at.is_some());
                let ended = if in_effect { ChangeEnd::Propagate } else { ChangeEnd::Deploy };
                Phase::of_change(Some(ended))
            }
            RowAction::Failed => Phase::of_change(Some(ChangeEnd::Failed)),
            RowAction::NoIncident | RowAction::Refuse | RowAction::NoEffect => Phase::Stalled,
            _ => return,
        };
        self.phases.extend(self.response.enter(row.at, phase, self.play.clone()));
    }

    /// Another play takes the place of the one that ran, or none does.
    pub fn change_play(&mut self, at: Time, play: Option<String>) {
        if self.response.current().is_some() {
            self.finish(at, AttemptOutcome::Open);
        }
        self.play = play;
        let phase = match (&self.play, self.acknowledged()) {
            (None, _) => Phase::Stalled,
            (Some(_), true) => Phase::Declare,
            (Some(_), false) => Phase::Acknowledge,
        };
        if self.play.is_some() {
            self.attempt(at);
        }
        self.phases.extend(self.response.enter(at, phase, self.play.clone()));
    }

    fn choose(&mut self, at: Time, change: Option<&str>) {
        // A second choice while the first is being made is a second attempt.
        if self.response.current().is_some_and(|attempt| attempt.reached.deploying_at.is_some()) {
            self.finish(at, AttemptOutcome::NotVerified);
        }
        self.attempt(at).chosen(at, change.map(String::from));
    }

    /// The pipeline has moved on.
    fn worked(
        &mut self,
        row: &SheetRow,
        change: Option<&str>,
        change_kind: ChangeKind,
    ) -> Option<SheetProblem> {
        let at = row.at;
        let attempt = self.attempt(at);
        if attempt.change.is_none() {
            attempt.change = change.map(String::from);
        }
        let began = attempt.reached.deploying_at.is_some();
        let mut odd = None;
        if row.action != RowAction::Start && !began {
            let message = format!(
                "`{}` without a `start`: how long the change took is not known",
                row.action.word()
            );
            odd =
                Some(SheetProblem::warning(row.number, message).hint("write when it was started"));
        }
        match row.action {
            RowAction::Start => {
                attempt.reached.ordered_at = Some(attempt.reached.decided_at.unwrap_or(at));
                if !began {
                    attempt.change_ended(at, ChangeEnd::Queue);
                }
            }
            RowAction::Done | RowAction::Live => {
                if attempt.reached.deployed_at.is_none() {
                    attempt.change_ended(at, ChangeEnd::Deploy);
                }
                let at_once = change_kind.at_once && attempt.reached.live_at.is_none();
                if row.action == RowAction::Live || at_once {
                    attempt.change_ended(at, ChangeEnd::Propagate);
                }
            }
            _ => {
                self.finish(at, AttemptOutcome::ChangeFailed);
            }
        }
        let live = self.response.current().is_some_and(|attempt| attempt.reached.live_at.is_some());
        if change_kind.maintenance && live {
            self.finish(at, AttemptOutcome::Contained);
        }
        odd
    }

    /// The attempt that is going on, begun where the last one ended if there is none.
    fn attempt(&mut self, at: Time) -> &mut Attempt<Named> {
        if self.response.current().is_none() {
            let cause = self.ended.last().map_or("", |last| match last.outcome {
                AttemptOutcome::ChangeFailed => "change failed",
                AttemptOutcome::Refused => "refused",
                AttemptOutcome::Contained => "contained",
                AttemptOutcome::NotDeclared => "not declared",
                AttemptOutcome::Open => "opened by hand",
                _ => "verify failed",
            });
            self.response.begin(at, self.play.clone(), cause.to_string()).reached.opened_at = None;
        }
        self.response.current_mut().expect("just begun")
    }

    fn finish(&mut self, at: Time, outcome: AttemptOutcome) -> Option<SheetProblem> {
        self.attempt(at);
        let attempt = self.response.end(at, outcome).expect("just begun");
        let mut entry = attempt.started(self.started_at, self.fault.clone());
        let stretches = entry.stretches();
        let seen = |interval: &Interval| *interval != Interval::Detect || !self.alert_of_run;
        entry.measured = stretches.iter().map(|stretch| stretch.interval).filter(seen).collect();
        entry.measured.dedup();
        self.ended.push(entry);
        None
    }
}
