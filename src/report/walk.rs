//! How a run goes, step by step, in the words of a first screen.

use super::context::ReportContext;
use super::untrusted::for_terminal;
use crate::decision::Phase;
use crate::journal::{EndReason, printed};
use crate::units::Span;

/// The maximum width of a name in a sentence, in columns.
const NAME: usize = 40;

/// What becomes of a run, step by step.
pub(crate) struct RunWalk {
    /// The number of the run.
    pub trial: u64,
    /// `back after 36m 7s by reverse-proxy-update, all clear after 38m 30s`, or `still down after
    /// 1h 55m: approval refused`.
    pub ending: String,
    /// How long it may take by what is expected of it.
    pub limit: Option<Span>,
    /// What was under way and for how long, in the order of a response.
    pub steps: Vec<(Phase, Span)>,
    /// Whether it was lost because no decider answered: everybody gave up trying to reach them.
    unreached: bool,
}

impl RunWalk {
    /// The way of a run through its judged incident; `None` without one.
    pub fn from_context(
        context: &ReportContext,
        trial: u64,
        limit: Option<Span>,
    ) -> Option<RunWalk> {
        let incident = context.story.judged(&context.expected())?;
        let course = context.story.phase_timeline(&incident);
        let steps = Phase::ALL.into_iter().filter_map(|phase| {
            let own = course.spans().iter().filter(|span| span.phase == phase);
            own.map(printed).reduce(|sum, length| sum + length).map(|length| (phase, length))
        });
        let whole = course.printed_total();
        let conclusion = context.story.conclusion(context.header);
        let by = match &conclusion.why {
            EndReason::EndedBy(change) => format!(" by {}", for_terminal(change, NAME)),
            EndReason::OnItsOwn => " on its own".to_string(),
            _ => String::new(),
        };
        let ending = match context.story.recovery(context.header, &incident) {
            Some(after) if after + Span::SECOND < whole => {
                let after = after.full_seconds();
                format!("back after {after}{by}, all clear after {whole}")
            }
            // The rules can be well while some users are not yet.
            Some(after) if after > whole + Span::SECOND => {
                let after = after.full_seconds();
                format!("back after {after}{by}; alerts had cleared after {whole}")
            }
            Some(_) => format!("back after {whole}{by}"),
            None if conclusion.is_said_by_why() => format!("{}, after {whole}", conclusion.why),
            None => format!("{} after {whole}: {}", conclusion.outcome, conclusion.why),
        };
        let unreached = conclusion.why == EndReason::NotReached;
        Some(RunWalk { trial, ending, limit, steps: steps.collect(), unreached })
    }

    /// `detect 2m 30s | acknowledge 2m | deploy 16m`.
    pub fn steps(&self) -> String {
        self.parts().join(" | ")
    }

    /// `detect 2m 30s`, `deploy 16m`.
    pub fn parts(&self) -> Vec<String> {
        let step = |(phase, length): &(Phase, Span)| format!("{} {length}", self.words(*phase));
        self.steps.iter().map(step).collect()
    }

    /// What is done in a step, for somebody who has not read what the words of the tables mean.
    fn words(&self, phase: Phase) -> &'static str {
        match phase {
            Phase::Reach if self.unreached => "decider not reached",
            Phase::Reach => "reach decider",
            Phase::Clear => "all clear",
            other => other.word(),
        }
    }
}
