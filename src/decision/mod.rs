//! The judgement: rules, plays, ladders, go/no-go. No I/O, no clock, no random numbers.

mod go_no_go;
mod output;
mod playbook;

pub use go_no_go::{Attestation, Criterion, CriterionKind, DecisionRecord, Measured, Says};
pub use output::{
    AlertEvent, AlertState, Ask, AskId, Attempt, BoundBy, ChangeEnd, Ending, Order, Outcome,
    Output, PlayEvent, Question, Reply, Tell,
};
pub use playbook::{
    AskStep, Audience, Baseline, Chosen, Compare, Condition, Hold, LaunchAction, LaunchStep,
    LaunchTime, Measure, Play, Playbook, Refused, Rule, Step, TellStep, Threshold, Trigger,
};
