//! How a whole run ended, in a word, and why.

use super::{Credit, Header, Incident, Story};
use crate::decision::{AttemptOutcome, Phase};
use crate::names::worded;
use crate::telemetry::Cause;
use serde::{Deserialize, Serialize};
use std::fmt;

worded! {
    /// What came of a run, from best to worst: of several incidents the worst counts.
    pub enum RunOutcome {
        /// Nothing needed a response.
        Quiet = "quiet",
        /// Users are well again.
        Restored = "restored",
        /// A maintenance page is up at the end, and nothing is fixed behind it.
        PageUp = "page up",
        /// A fault affected users, and nobody was told of it.
        NotDetected = "not detected",
        /// Users are not well when the run ends, and no page is up.
        StillDown = "still down",
    }
}

impl RunOutcome {
    /// Whether users are not well at the end, or nobody knew that they were not.
    pub fn is_lost(self) -> bool {
        matches!(self, RunOutcome::PageUp | RunOutcome::NotDetected | RunOutcome::StillDown)
    }
}

/// Why a run ended as it did.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EndReason {
    /// There was no incident to end.
    NothingBroke,
    /// This change ended the cause.
    EndedBy(String),
    /// The cause ended without any change that was made for it.
    OnItsOwn,
    /// It is over, and the journal does not say by what.
    NotKnown,
    /// A maintenance page is up.
    PageUp,
    /// No rule fired, and it ended on its own.
    UndetectedOver,
    /// No rule fired, and it was still there at the end.
    UndetectedStill,
    /// The decider said no, and the plan has nothing for that.
    Refused,
    /// The decider did not answer, and the plan has nothing for that.
    NotReached,
    /// Nobody who was paged answered.
    NobodyAnswered,
    /// Whoever answered did not call it an incident.
    NotDeclared,
    /// What was changed did not help, and nothing is left to try.
    DidNotHelp,
    /// The change failed, and nothing is left to try.
    ChangeFailed,
    /// A freeze stopped the change.
    Frozen,
    /// Every play has ended, and nothing is left to try.
    NothingLeft,
    /// No play opens for what fired.
    NoPlay,
    /// This was still under way when the run ended.
    UnderWay(Phase),
    /// Every rule is well, and users are not.
    BelowEveryRule,
}

impl EndReason {
    /// What a plan that ended so lacks, to follow on "why": `approval refused, and the plan has no
    /// next step`.
    pub fn lacks(&self) -> String {
        match self {
            EndReason::Refused => format!("{self}, and the plan has no next step"),
            EndReason::DidNotHelp | EndReason::ChangeFailed => {
                format!("{self}, and nothing is left to try")
            }
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for EndReason {
    /// In words that follow on the outcome: `ended by fix`, `approval refused`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            EndReason::EndedBy(change) => return write!(f, "ended by {change}"),
            EndReason::UnderWay(phase) => return write!(f, "{} still under way", phase.word()),
            EndReason::NothingBroke => "nothing broke",
            EndReason::OnItsOwn => "ended on its own",
            EndReason::NotKnown => "ended, it is not known how",
            EndReason::PageUp => "page up, not fixed",
            EndReason::UndetectedOver => "no rule fired, and it ended on its own",
            EndReason::UndetectedStill => "no rule fired",
            EndReason::Refused => "approval refused",
            EndReason::NotReached => "the decider not reached",
            EndReason::NobodyAnswered => "nobody answered the page",
            EndReason::NotDeclared => "not declared an incident",
            EndReason::DidNotHelp => "the fix did not help",
            EndReason::ChangeFailed => "the change failed",
            EndReason::Frozen => "a freeze stopped the change",
            EndReason::NothingLeft => "nothing left to try",
            EndReason::NoPlay => "no play opens for it",
            EndReason::BelowEveryRule => "users feel it, but no rule fires",
        };
        f.write_str(words)
    }
}

/// What came of a run, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RunConclusion {
    /// In a word.
    pub outcome: RunOutcome,
    /// And why.
    pub why: EndReason,
}

impl RunConclusion {
    /// Whether the words of why begin with those of the outcome, so that these need not be said.
    pub fn is_said_by_why(&self) -> bool {
        self.outcome == RunOutcome::PageUp && self.why == EndReason::PageUp
    }
}

impl Story {
    /// What came of a run that is over.
    pub fn conclusion(&self, header: &Header) -> RunConclusion {
        let incidents = self.incidents();
        let each = incidents.iter().map(|incident| self.conclusion_of_incident(header, incident));
        let missed = self.cause_records(header).into_iter().filter(|record| {
            let fault = matches!(record.cause, Cause::Fault(_));
            fault && record.harmed.is_some() && record.detected.is_none()
        });
        let missed = missed.map(|record| RunConclusion {
            outcome: RunOutcome::NotDetected,
            why: match record.restored {
                Some(_) => EndReason::UndetectedOver,
                None => EndReason::UndetectedStill,
            },
        });
        let quiet = RunConclusion { outcome: RunOutcome::Quiet, why: EndReason::NothingBroke };
        // Of several that ended alike the first one counts.
        each.chain(missed).fold(
            quiet,
            |worst, next| {
                if next.outcome > worst.outcome { next } else { worst }
            },
        )
    }

    fn conclusion_of_incident(&self, header: &Header, incident: &Incident<'_>) -> RunConclusion {
        let conclude = |outcome, why| RunConclusion { outcome, why };
        match incident.last().outcome {
            AttemptOutcome::Contained => conclude(RunOutcome::PageUp, EndReason::PageUp),
            AttemptOutcome::Recovered if self.recovery(header, incident).is_some() => {
                conclude(RunOutcome::Restored, self.ended_by(header, incident))
            }
            AttemptOutcome::Recovered if self.pages().iter().any(|(_, _, down)| down.is_none()) => {
                conclude(RunOutcome::PageUp, EndReason::PageUp)
            }
            AttemptOutcome::Recovered => conclude(RunOutcome::StillDown, EndReason::BelowEveryRule),
            _ => conclude(RunOutcome::StillDown, self.why_not_over(incident)),
        }
    }

    fn ended_by(&self, header: &Header, incident: &Incident<'_>) -> EndReason {
        match self.credit(header, incident) {
            Some(Credit::Change(change) | Credit::After(change, _)) => {
                EndReason::EndedBy(change.to_string())
            }
            Some(Credit::OwnTime | Credit::OwnTimeDuring(_) | Credit::Behind(_)) => {
                EndReason::OnItsOwn
            }
            Some(Credit::Unknown) | None => EndReason::NotKnown,
        }
    }

    /// What is missing where an incident was not over when the run was.
    fn why_not_over(&self, incident: &Incident<'_>) -> EndReason {
        let course = self.phase_timeline(incident);
        let last = course.spans().last().map(|span| span.phase);
        if let Some(phase) = last.filter(|phase| *phase != Phase::Stalled) {
            return EndReason::UnderWay(phase);
        }
        let mut attempts = incident.attempts.iter().rev();
        let Some(attempt) = attempts.find(|attempt| attempt.play.is_some()) else {
            return EndReason::NoPlay;
        };
        match attempt.outcome {
            AttemptOutcome::Refused => EndReason::Refused,
            AttemptOutcome::NotDeclared => EndReason::NotDeclared,
            AttemptOutcome::ChangeFailed => EndReason::ChangeFailed,
            AttemptOutcome::Frozen => EndReason::Frozen,
            AttemptOutcome::Stalled
                if attempt.reached.acknowledged_at.is_none()
                    && attempt.reached.chosen_at.is_none() =>
            {
                EndReason::NobodyAnswered
            }
            AttemptOutcome::Stalled
                if attempt.reached.chosen_at.is_some() && attempt.reached.decided_at.is_none() =>
            {
                EndReason::NotReached
            }
            AttemptOutcome::NotVerified | AttemptOutcome::Live | AttemptOutcome::Recovered => {
                EndReason::DidNotHelp
            }
            AttemptOutcome::Contained | AttemptOutcome::Stalled | AttemptOutcome::Open => {
                EndReason::NothingLeft
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AttemptEntry, Event, IncidentState, fixture};
    use super::*;

    #[test]
    fn only_a_page_is_said_by_why() {
        use RunOutcome::*;
        for outcome in [Quiet, Restored, PageUp, NotDetected, StillDown] {
            for why in [
                EndReason::PageUp,
                EndReason::NotDeclared,
                EndReason::NotReached,
                EndReason::EndedBy("x".into()),
            ] {
                let conclusion = RunConclusion { outcome, why };
                let begins = conclusion.why.to_string().starts_with(outcome.word());
                assert_eq!(conclusion.is_said_by_why(), begins, "{conclusion:?}");
            }
        }
    }

    /// The conclusion of the proxy outage with its attempt changed.
    fn conclusion_after(change: impl Fn(&mut AttemptEntry)) -> RunConclusion {
        let (header, mut entries) = fixture::proxy_outage();
        for entry in &mut entries {
            if let Event::Attempt(attempt) = &mut entry.event {
                change(attempt);
            }
        }
        fixture::story(&entries).conclusion(&header)
    }

    #[test]
    fn a_run_is_what_its_worst_incident_is() {
        let mended = conclusion_after(|_| {});
        assert_eq!(mended.outcome, RunOutcome::Restored);
        assert_eq!(mended.why.to_string(), "ended by reverse-proxy-update");
        let page = conclusion_after(|attempt| attempt.outcome = AttemptOutcome::Contained);
        assert_eq!((page.outcome, page.why), (RunOutcome::PageUp, EndReason::PageUp));
        assert!(RunOutcome::StillDown > RunOutcome::PageUp);
    }

    #[test]
    fn what_was_missing_is_what_the_last_play_waited_for() {
        let why = |phase: Phase, change: &dyn Fn(&mut AttemptEntry)| {
            let (header, mut entries) = fixture::proxy_outage();
            entries.retain(|entry| match &entry.event {
                Event::Phase(span) => span.phase == Phase::Diagnose,
                Event::Incident { state, .. } => *state == IncidentState::Opened,
                _ => true,
            });
            for entry in &mut entries {
                match &mut entry.event {
                    Event::Attempt(attempt) => change(attempt),
                    Event::Phase(span) => span.phase = phase,
                    _ => {}
                }
            }
            fixture::story(&entries).conclusion(&header).why
        };
        let ended = |outcome| move |attempt: &mut AttemptEntry| attempt.outcome = outcome;
        let stalled = |attempt: &mut AttemptEntry| {
            (attempt.outcome, attempt.reached.decided_at) = (AttemptOutcome::Stalled, None);
        };
        let unanswered = |attempt: &mut AttemptEntry| {
            stalled(attempt);
            (attempt.reached.acknowledged_at, attempt.reached.chosen_at) = (None, None);
        };
        assert_eq!(
            why(Phase::Deploy, &ended(AttemptOutcome::Open)),
            EndReason::UnderWay(Phase::Deploy)
        );
        assert_eq!(why(Phase::Stalled, &ended(AttemptOutcome::Refused)), EndReason::Refused);
        assert_eq!(why(Phase::Stalled, &ended(AttemptOutcome::NotVerified)), EndReason::DidNotHelp);
        assert_eq!(why(Phase::Stalled, &stalled), EndReason::NotReached);
        assert_eq!(why(Phase::Stalled, &unanswered), EndReason::NobodyAnswered);
        let no_play = |attempt: &mut AttemptEntry| {
            (attempt.outcome, attempt.play) = (AttemptOutcome::Open, None);
        };
        assert_eq!(why(Phase::Stalled, &no_play), EndReason::NoPlay);
    }
}
