//! The answer of many runs in words: whether the plan is ready, in how many runs what is wanted
//! came true, and why runs were lost.

use super::context::significant;
use super::outbrief::formatting::capital;
use super::untrusted::for_terminal;
use crate::campaign::{Ends, ExpectationOdds, Odds, RunsVerdict};
use crate::journal::{EndReason, Expectation, RunOutcome};
use crate::measure::estimate::Estimate;
use crate::units::grouped;

/// The maximum width of a name in a sentence, in columns.
pub(super) const NAME: usize = 40;
/// The most reasons for lost runs that are named.
const REASONS: usize = 4;

/// What an answer is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// Something breaks.
    Failure,
    /// A day on which nothing does.
    Day,
    /// A plan of which no more is known.
    Plan,
}

/// The answer of many runs.
pub(super) struct CampaignAnswer {
    /// What they say.
    pub odds: Odds,
    /// What they are about.
    pub about: About,
    /// When runs end: `when the run ends at 20:00`.
    pub end: String,
    /// Whether there are rules, and none of them has its values yet.
    pub unfilled: bool,
}

impl CampaignAnswer {
    /// The answer in capitals.
    pub fn word(&self) -> &'static str {
        match (self.odds.readiness(), self.limit()) {
            (RunsVerdict::NotReady, _) => "NOT READY",
            (_, None) => "NO LIMIT SET",
            (RunsVerdict::CannotSay, _) => "CAN'T SAY",
            (RunsVerdict::Ready, _) => "READY",
        }
    }

    /// Whether the answer is good, unsure or bad news. A site that is down at the end is bad news,
    /// whatever was expected; without a limit nothing is good news.
    pub fn colour(&self) -> RunsVerdict {
        match (self.odds.readiness(), self.limit()) {
            (RunsVerdict::NotReady, _) => RunsVerdict::NotReady,
            (_, None) if self.odds.with(RunOutcome::StillDown) > 0 => RunsVerdict::NotReady,
            (_, None) => RunsVerdict::CannotSay,
            (other, Some(_)) => other,
        }
    }

    /// The limit that the answer is about: on recovery, on containment, or no alert at all.
    pub fn limit(&self) -> Option<&ExpectationOdds> {
        let ranked = self.odds.expectations.iter();
        let ranked = ranked.filter_map(|one| Some((one.expectation.limit_rank()?, one)));
        ranked.min_by_key(|(rank, _)| *rank).map(|(_, one)| one)
    }

    /// How the answer is meant, and in how many runs what is wanted came true.
    pub fn sentence(&self) -> String {
        let limit = self.limit();
        let about = match (self.about, limit) {
            (About::Failure, None) if self.odds.readiness() != RunsVerdict::NotReady => {
                "and so no verdict"
            }
            (About::Failure, _) => "for this failure",
            (About::Day, _) => "for such a day",
            (About::Plan, _) => "for this plan",
        };
        let decisive = self.odds.decisive();
        let reason = match (self.odds.readiness(), decisive) {
            (RunsVerdict::CannotSay, Some(one)) => format!(" ({})", self.too_close(one)),
            _ => String::new(),
        };
        let first = match self.beyond() {
            Some(one) => format!(
                "{} {}. ",
                capital(&expectation_text(&one.expectation)),
                self.odds_text(one)
            ),
            None => String::new(),
        };
        let Some(limit) = limit else {
            // What became of the site comes before what was noticed of it.
            let first = first.trim_end();
            let said = format!("{about}{reason}. {}. {first}", self.without_limit());
            return said.trim_end().to_string();
        };
        let otherwise = self.otherwise(limit);
        let otherwise = if otherwise.is_empty() { otherwise } else { format!("; {otherwise}") };
        let (promise, came) =
            (capital(&expectation_text(&limit.expectation)), self.odds_text(limit));
        format!("{about}{reason}. {first}{promise} {came}{otherwise}.")
    }

    /// The expectation that decides the answer, if it is further from being met than the limit, or
    /// if it is not met and there is no limit. It comes first.
    fn beyond(&self) -> Option<&ExpectationOdds> {
        let limit = self.limit().map_or(RunsVerdict::Ready, |limit| limit.readiness);
        self.odds.decisive().filter(|one| one.readiness > limit)
    }

    /// `in 182 of 200 runs (91 %, margin of error 86 to 94 %; wanted: 95 %)`.
    fn odds_text(&self, one: &ExpectationOdds) -> String {
        let Some(share) = one.share else { return "could never be judged".to_string() };
        let wanted = significant(self.odds.wanted.0 * 100.0, 6);
        format!(
            "in {} of {} runs ({:.0}%, margin of error {}; required: {wanted}%)",
            grouped(one.met),
            grouped(one.judged),
            share.value * 100.0,
            interval(share)
        )
    }

    /// How many runs ended how, where there is no limit to keep.
    fn without_limit(&self) -> String {
        let runs = grouped(self.odds.runs);
        let outcomes = [
            (RunOutcome::StillDown, format!("still down {}", self.end)),
            (RunOutcome::NotDetected, "never noticed".to_string()),
            (RunOutcome::PageUp, "behind the maintenance page to the end".to_string()),
            (RunOutcome::Restored, "recovered before the end".to_string()),
            (RunOutcome::Quiet, "nothing went wrong".to_string()),
        ];
        let said = outcomes.into_iter().filter_map(|(outcome, words)| {
            let count = self.odds.with(outcome);
            (count > 0).then_some((count, words))
        });
        let said = said.enumerate().map(|(position, (count, words))| match position {
            0 => format!("{} in {} of {runs} runs", capital(&words), grouped(count)),
            _ => format!("{words} in {}", grouped(count)),
        });
        said.collect::<Vec<_>>().join("; ")
    }

    /// What came of the runs that miss a limit.
    fn otherwise(&self, limit: &ExpectationOdds) -> String {
        if matches!(limit.expectation, Expectation::NoAlerts) {
            return String::new();
        }
        let words = |outcome| match outcome {
            RunOutcome::StillDown => format!("still down {}", self.end),
            RunOutcome::NotDetected if of_one(&limit.expectation) => {
                "a fault never noticed".to_string()
            }
            RunOutcome::NotDetected => "never noticed".to_string(),
            RunOutcome::PageUp => "behind the maintenance page to the end".to_string(),
            RunOutcome::Restored => "later".to_string(),
            RunOutcome::Quiet => "without an incident".to_string(),
        };
        let missed = limit
            .missed
            .iter()
            .rev()
            .map(|(outcome, count)| format!("in {} {}", grouped(*count), words(*outcome)));
        missed.collect::<Vec<_>>().join("; ")
    }

    fn too_close(&self, one: &ExpectationOdds) -> String {
        // With fewer runs than this even a plan that never misses cannot show it (Wilson).
        const SQUARE: f64 = 1.96 * 1.96;
        let wanted = self.odds.wanted.0;
        let least = (SQUARE * wanted / (1.0 - wanted)).ceil() as u64;
        match one.judged {
            0 => "nothing happened that could be judged".to_string(),
            judged if judged < least => {
                format!("too few runs: at least {} are needed", grouped(least))
            }
            _ => format!("too close to {}%", significant(wanted * 100.0, 6)),
        }
    }

    /// Every expectation that is not in the sentence, with the runs in which it is met.
    pub fn others(&self) -> Option<String> {
        let limit = self.limit();
        let first = self.beyond();
        let said = |one: &&ExpectationOdds| Some(*one) == limit || Some(*one) == first;
        let mut others: Vec<&ExpectationOdds> =
            self.odds.expectations.iter().filter(|one| !said(one)).collect();
        others.sort_by_key(|one| std::cmp::Reverse(one.readiness));
        if others.iter().all(|one| one.met == self.odds.runs) {
            let all: Vec<String> =
                others.iter().map(|one| expectation_text(&one.expectation)).collect();
            return (!all.is_empty()).then(|| format!("{}, in every run", all.join(" and ")));
        }
        let told = |one: &&ExpectationOdds| {
            let what = expectation_text(&one.expectation);
            match one.share {
                None => format!("{what} could never be judged"),
                Some(share) => {
                    let (met, judged) = (grouped(one.met), grouped(one.judged));
                    let sure = one.readiness == RunsVerdict::Ready;
                    let sure = if sure { String::new() } else { format!(" ({})", interval(share)) };
                    format!("{what} in {met} of {judged}{sure}")
                }
            }
        };
        let others: Vec<String> = others.iter().map(told).collect();
        (!others.is_empty()).then(|| others.join(" · "))
    }

    /// How runs were lost. Where there is a limit, it is those that ended in a way in which
    /// something expected was missed: a page that was expected to be up is not a loss.
    pub fn lost(&self) -> Vec<&Ends> {
        let mut lost = self.odds.lost();
        if self.limit().is_some() {
            let missed = |ends: &&Ends| {
                let ways = self.odds.expectations.iter().flat_map(|one| &one.missed);
                ways.into_iter().any(|(outcome, _)| *outcome == ends.conclusion.outcome)
            };
            lost.retain(missed);
        }
        lost
    }

    /// Why runs were lost, the commonest reason first.
    pub fn why(&self) -> Option<String> {
        let lost = self.lost();
        let told = |ends: &&&Ends| {
            let why = &ends.conclusion.why;
            let none = self.unfilled
                && matches!(why, EndReason::UndetectedOver | EndReason::UndetectedStill);
            let filled = if none { "; none is filled in yet" } else { "" };
            format!("{}{filled} ({})", for_terminal(&why.lacks(), 2 * NAME), grouped(ends.runs))
        };
        let mut reasons: Vec<String> = lost.iter().take(REASONS).map(|ends| told(&ends)).collect();
        let more: u64 = lost.iter().skip(REASONS).map(|ends| ends.runs).sum();
        if more > 0 {
            reasons.push(format!("other reasons ({})", grouped(more)));
        }
        (!reasons.is_empty()).then(|| reasons.join(" · "))
    }

    /// One line for where the files are: `NOT READY  Back within 1h in 182 of 200 runs`.
    pub fn again(&self) -> String {
        let counted = |one: &ExpectationOdds| {
            let what = capital(&expectation_text(&one.expectation));
            format!("{what} in {} of {} runs", grouped(one.met), grouped(one.judged))
        };
        let said = match (self.beyond(), self.limit()) {
            (Some(one), _) => counted(one),
            (None, Some(limit)) => counted(limit),
            (None, None) => self.without_limit(),
        };
        format!("{}. {said}", self.word())
    }
}

/// Whether it is about one cause of several.
fn of_one(expectation: &Expectation) -> bool {
    match expectation {
        Expectation::Detected { of, .. }
        | Expectation::Recovered { of, .. }
        | Expectation::Contained { of, .. } => of.is_some(),
        _ => false,
    }
}

/// What is expected, in words: `back within 1h`.
fn expectation_text(expectation: &Expectation) -> String {
    let of_cause = |cause: &Option<String>| {
        cause.as_ref().map_or(String::new(), |cause| format!(", {},", for_terminal(cause, NAME)))
    };
    match expectation {
        Expectation::Recovered { within, of: cause, all_clear: false } => {
            format!("back within {within}{}", of_cause(cause))
        }
        Expectation::Recovered { within, of: cause, all_clear: true } => {
            format!("all clear within {within}{}", of_cause(cause))
        }
        Expectation::Contained { within, of: cause } => {
            format!("maintenance page up, or back, within {within}{}", of_cause(cause))
        }
        Expectation::NoAlerts => "no alert".to_string(),
        Expectation::Detected { within, of: cause } => {
            format!("noticed within {within}{}", of_cause(cause))
        }
        Expectation::Play { play } => format!("the play {} opened", for_terminal(play, NAME)),
        Expectation::Alerts { alerts } => format!("alerted by {}", every(alerts)),
        Expectation::Silent { alerts } => format!("no alert from {}", every(alerts)),
        Expectation::Told { whom, within, before_change } => {
            let within = within.map(|within| format!(" within {within}")).unwrap_or_default();
            let before = if *before_change { " before the change" } else { "" };
            format!("{} told{within}{before}", for_terminal(whom, NAME))
        }
        Expectation::Updates { whom, every } => {
            format!("updates to {} every {every}", for_terminal(whom, NAME))
        }
        Expectation::MessageTold { message, told, within, .. } => {
            format!("{} told of message {message} within {within}", for_terminal(told, NAME))
        }
    }
}

/// Names one after another, as far as there is room.
fn every(alerts: &[String]) -> String {
    for_terminal(&alerts.join(", "), NAME)
}

/// `86 to 94 %`.
fn interval(share: Estimate) -> String {
    let percent = |end: Option<f64>, unknown: f64| (end.unwrap_or(unknown) * 100.0).round();
    format!("{} to {}%", percent(share.low, 0.0), percent(share.high, 1.0))
}
