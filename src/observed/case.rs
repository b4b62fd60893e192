//! One incident of a sheet: its attempts, as far as the rows tell them.

use super::Problem;
use super::sheet::Row;
use super::words::{self, Action};
use crate::decision::{Interval, NamedAttempt, Outcome};
use crate::units::Time;

/// An incident that the sheet tells of.
pub(super) struct Case {
    pub number: u32,
    pub play: Option<String>,
    pub over: bool,
    /// That which is going on; `None` between a failed one and what was done next.
    current: Option<NamedAttempt>,
    ended: Vec<NamedAttempt>,
    /// When the alert was simulated and not seen by anybody.
    alert_of_run: bool,
}

/// A change as far as a case needs to know it.
#[derive(Clone, Copy, Default)]
pub(super) struct Manner {
    /// It is live as soon as it is done.
    pub at_once: bool,
    /// It puts up a maintenance page.
    pub maintenance: bool,
}

impl Case {
    /// An incident that somebody noticed at this moment.
    pub fn open(
        number: u32,
        at: Time,
        cause: &str,
        play: Option<String>,
        fault: Option<(String, Time)>,
        alert_of_run: bool,
    ) -> Case {
        let started_at = fault.as_ref().map_or(at, |(_, began)| *began);
        let fault = fault.map(|(name, _)| name);
        let mut first = attempt(number, 1, started_at, cause);
        (first.fault, first.play, first.alerted_at) = (fault, play.clone(), Some(at));
        let (current, ended) = (Some(first), Vec::new());
        Case { number, play, over: false, current, ended, alert_of_run }
    }

    /// The change that the attempt is about.
    pub fn change(&self) -> Option<&str> {
        self.current.as_ref().and_then(|attempt| attempt.change.as_deref())
    }

    /// Whether somebody has answered in this attempt or an earlier one.
    pub fn acknowledged(&self) -> bool {
        let mut attempts = self.ended.iter().chain(&self.current);
        attempts.any(|attempt| attempt.acknowledged_at.is_some())
    }

    /// All attempts, the last one left open at this moment if it is not over.
    pub fn close(mut self, at: Time) -> Vec<NamedAttempt> {
        if let Some(current) = self.current.take() {
            self.end(current, at, Outcome::Open);
        }
        self.ended
    }

    /// Takes a row in; says what is odd about it.
    pub fn take(&mut self, row: &Row, change: Option<&str>, manner: Manner) -> Option<Problem> {
        let at = row.at;
        match row.action {
            Action::Acknowledge => {
                let attempt = self.attempt(at);
                if attempt.acknowledged_at.is_none() {
                    attempt.acknowledged_at = Some(at);
                    (attempt.responder, attempt.channel) = (row.actor.clone(), row.channel.clone());
                }
            }
            Action::Declare => {
                self.attempt(at).declared_at.get_or_insert(at);
            }
            Action::NoIncident => self.finish(at, Outcome::NotDeclared),
            Action::Choose => self.choose(at, change),
            Action::Decide => {
                let attempt = self.attempt(at);
                attempt.decided_at.get_or_insert(at);
                attempt.decider = row.actor.clone();
            }
            Action::Refuse => {
                self.attempt(at).decider = row.actor.clone();
                self.finish(at, Outcome::Refused);
            }
            Action::Start | Action::Done | Action::Live | Action::Failed => {
                return self.worked(row, change, manner);
            }
            Action::NoEffect => self.finish(at, Outcome::NotVerified),
            Action::Recovered => {
                self.finish(at, Outcome::Recovered);
                self.over = true;
            }
            _ => {}
        }
        None
    }

    fn choose(&mut self, at: Time, change: Option<&str>) {
        // A second choice while the first is being made is a second attempt.
        if self.current.as_ref().is_some_and(|attempt| attempt.deploying_at.is_some()) {
            self.finish(at, Outcome::NotVerified);
        }
        let attempt = self.attempt(at);
        (attempt.chosen_at, attempt.change) = (Some(at), change.map(String::from));
    }

    /// The pipeline has moved on.
    fn worked(&mut self, row: &Row, change: Option<&str>, manner: Manner) -> Option<Problem> {
        let at = row.at;
        let attempt = self.attempt(at);
        if attempt.change.is_none() {
            attempt.change = change.map(String::from);
        }
        let began = attempt.deploying_at.is_some();
        let mut odd = None;
        if row.action != Action::Start && !began {
            let message = format!(
                "`{}` without a `start`: how long the change took is not known",
                words::word(row.action)
            );
            odd = Some(Problem::warning(row.number, message).hint("write when it was started"));
        }
        match row.action {
            Action::Start => {
                attempt.ordered_at = Some(attempt.decided_at.unwrap_or(at));
                attempt.deploying_at.get_or_insert(at);
            }
            Action::Done => {
                attempt.deployed_at.get_or_insert(at);
                if manner.at_once {
                    attempt.live_at.get_or_insert(at);
                }
            }
            Action::Live => {
                attempt.deployed_at.get_or_insert(at);
                attempt.live_at = Some(at);
            }
            _ => self.finish(at, Outcome::ChangeFailed),
        }
        let live = self.current.as_ref().is_some_and(|attempt| attempt.live_at.is_some());
        if manner.maintenance && live {
            self.finish(at, Outcome::Contained);
        }
        odd
    }

    /// The attempt that is going on, begun where the last one ended if there is none.
    fn attempt(&mut self, at: Time) -> &mut NamedAttempt {
        let (number, play, last) = (self.number, &self.play, self.ended.last());
        self.current.get_or_insert_with(|| {
            let started_at = last.map_or(at, |last| last.ended_at);
            let cause = last.map_or("", |last| match last.outcome {
                Outcome::ChangeFailed => "change failed",
                Outcome::Refused => "refused",
                Outcome::Contained => "contained",
                Outcome::NotDeclared => "not declared",
                _ => "verify failed",
            });
            let count = last.map_or(0, |last| last.number);
            NamedAttempt {
                play: play.clone(),
                fault: last.and_then(|last| last.fault.clone()),
                ..attempt(number, count + 1, started_at, cause)
            }
        })
    }

    fn finish(&mut self, at: Time, outcome: Outcome) {
        self.attempt(at);
        let current = self.current.take().expect("just begun");
        self.end(current, at, outcome);
    }

    fn end(&mut self, mut attempt: NamedAttempt, at: Time, outcome: Outcome) {
        (attempt.ended_at, attempt.outcome) = (at, outcome);
        let stretches = attempt.stretches();
        let seen = |interval: &Interval| *interval != Interval::Detect || !self.alert_of_run;
        attempt.measured = stretches.iter().map(|stretch| stretch.interval).filter(seen).collect();
        attempt.measured.dedup();
        self.ended.push(attempt);
    }
}

fn attempt(incident: u32, number: u32, started_at: Time, cause: &str) -> NamedAttempt {
    NamedAttempt {
        incident,
        play: None,
        number,
        change: None,
        cause: cause.to_string(),
        fault: None,
        started_at,
        opened_at: None,
        alerted_at: None,
        acknowledged_at: None,
        declared_at: None,
        chosen_at: None,
        decided_at: None,
        ordered_at: None,
        deploying_at: None,
        deployed_at: None,
        live_at: None,
        ended_at: started_at,
        outcome: Outcome::Open,
        responder: None,
        channel: None,
        decider: None,
        measured: Vec::new(),
    }
}
