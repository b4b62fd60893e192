//! The judgement: rules, plays, ladders, go/no-go. No I/O, no clock, no random numbers.
//!
//! [`Monitor`] is the way in. A reading passes the `threshold` of every rule; what fires opens an
//! `incident`; its `play` asks people and makes changes; what they do comes back as an `answer`
//! or a finished change. What incidents and `launch` steps share lies on the `dispatcher`.

mod actors;
mod alert;
mod answer;
mod baseline;
mod confirm;
mod decider;
mod dispatcher;
mod effects;
mod go_no_go;
mod improvise;
mod incident;
mod input;
mod judged;
mod ladder;
mod launch;
mod measure;
mod monitor;
mod opening;
mod output;
mod phase;
mod play;
mod playbook;
#[cfg(test)]
mod rehearsal;
mod reply;
mod response;
mod rule;
mod run;
mod template;
mod threshold;
mod work;

pub use actors::{Actor, answer};
pub use alert::{AlertEvent, AlertState, Closest, Episode, Ticks};
pub use baseline::{Baseline, Hourly};
pub use effects::Work;
pub use go_no_go::{
    Attestation, Criterion, CriterionKind, Decision, DecisionRecord, MeasuredQuantity, PollAnswer,
    Requirement, Says, UserCount, Vote,
};
pub use improvise::ImprovisedAct;
pub use incident::UpcomingEvent;
pub use input::MonitorInput;
pub use judged::{
    CriterionEvidence, CriterionRow, CriterionStatus, CriterionUnit, JudgedRow, judge,
};
pub use measure::{Measure, MeasureKind};
pub use monitor::Monitor;
pub use output::{
    Ask, AskId, IncidentEnding, LaunchState, Order, Output, PlayEvent, Question, Tell,
};
pub use phase::{AttemptOutcome, ChangeEnd, Interval, Phase};
pub use playbook::{
    Approval, AskStep, Audience, ChangeChoice, EVERYONE, Instead, LaunchAction, LaunchStep,
    LaunchTime, Message, Play, Playbook, Step, TellStep, ToTell, Trigger, WorkStep,
};
pub use reply::{Reply, answer_of};
pub use response::{
    Attempt, Ids, JudgedStart, KnownStart, Milestones, Named, PhaseSpan, Response, Vocabulary,
};
pub use rule::{
    BoundBy, Clause, Compare, Condition, EffectiveThreshold, Hold, Join, JoinedCondition, Rule,
    Threshold, written_limit,
};
pub use template::{FIELDS, fields, fill};
pub use threshold::{RuleEvaluation, RuleEvaluator, firings};
