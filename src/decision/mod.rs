//! The judgement: rules, plays, ladders, go/no-go. No I/O, no clock, no random numbers.
//!
//! [`Monitor`] is the way in. A reading passes the `threshold` of every rule; what fires opens an
//! `incident`; its `play` asks people and makes changes; what they do comes back as an `answer`
//! or a finished change. What incidents and `launch` steps share lies on the `desk`.

mod answer;
mod attempt;
mod desk;
mod effects;
mod go_no_go;
mod incident;
mod input;
mod intervals;
mod judged;
mod ladder;
mod launch;
mod monitor;
mod output;
mod play;
mod playbook;
#[cfg(test)]
mod rehearsal;
mod template;
mod threshold;

pub use attempt::{Attempt, Ids, Named, NamedAttempt, Naming};
pub use desk::Work;
pub use go_no_go::{
    Attestation, Counted, Criterion, CriterionKind, DecisionRecord, Measured, Says,
};
pub use input::Input;
pub use intervals::{Interval, Stretch};
pub use judged::{CriterionEvidence, CriterionRow, CriterionStatus, Judged, judge};
pub use monitor::Monitor;
pub use output::{
    AlertEvent, AlertState, Ask, AskId, BoundBy, ChangeEnd, Ending, LaunchState, Order, Outcome,
    Output, PlayEvent, Question, Reply, Tell,
};
pub use playbook::{
    AskStep, Audience, Baseline, Chosen, Compare, Condition, Hold, LaunchAction, LaunchStep,
    LaunchTime, Measure, Play, Playbook, Refused, Rule, Step, TellStep, Threshold, Trigger,
};
pub use template::{FIELDS, fields, fill};
pub use threshold::{Drill, Drilled, Ticks, firings};
