//! What may be under way in a response, in one word.

use super::ChangeEnd;
use serde::{Deserialize, Serialize};

/// What is under way in a response. Every moment of an incident, from the cause to the all clear,
/// carries exactly one of these words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// The cause is in effect, and nobody has been told. Only who knows the cause can say so.
    Detect,
    /// Somebody is being paged and has not answered.
    Acknowledge,
    /// Somebody is about to say that it is an incident.
    Declare,
    /// A repair is being chosen.
    Diagnose,
    /// The decider is being asked and has not answered at all.
    Reach,
    /// The decider has answered, and has not said yes or no.
    Decide,
    /// The change waits for its pipeline.
    Queue,
    /// The change is being deployed.
    Deploy,
    /// The change is deployed, and not yet in effect for everybody.
    Rollout,
    /// The change is in effect, and it is not known whether it has helped.
    Confirm,
    /// A state must last, a freeze must end, or a clock must come.
    Hold,
    /// Nobody does anything: nobody is on duty, answers or agrees, or nothing is left to try.
    Stalled,
    /// It is over, and not yet known to be: until the all clear. Between the waves of an incident
    /// that is opened again, the time for which all was clear.
    Clear,
}

impl Phase {
    /// All of them, in the order in which a response usually goes through them.
    pub const ALL: [Phase; 13] = [
        Phase::Detect,
        Phase::Acknowledge,
        Phase::Declare,
        Phase::Diagnose,
        Phase::Reach,
        Phase::Decide,
        Phase::Queue,
        Phase::Deploy,
        Phase::Rollout,
        Phase::Confirm,
        Phase::Hold,
        Phase::Stalled,
        Phase::Clear,
    ];

    /// Whether it is spent on people rather than on machines and clocks.
    pub fn is_human(self) -> bool {
        use Phase::{Acknowledge, Decide, Declare, Diagnose, Reach};
        matches!(self, Acknowledge | Declare | Diagnose | Reach | Decide)
    }

    /// The word in journals and reports.
    pub fn word(self) -> &'static str {
        match self {
            Phase::Detect => "detect",
            Phase::Acknowledge => "acknowledge",
            Phase::Declare => "declare",
            Phase::Diagnose => "diagnose",
            Phase::Reach => "reach",
            Phase::Decide => "decide",
            Phase::Queue => "queue",
            Phase::Deploy => "deploy",
            Phase::Rollout => "rollout",
            Phase::Confirm => "confirm",
            Phase::Hold => "hold",
            Phase::Stalled => "stalled",
            Phase::Clear => "clear",
        }
    }

    /// What a change is in once this stage of it has ended; `None`: it has only been ordered. One
    /// that has failed does nothing any more.
    pub fn of_change(ended: Option<ChangeEnd>) -> Phase {
        match ended {
            None => Phase::Queue,
            Some(ChangeEnd::Queue) => Phase::Deploy,
            Some(ChangeEnd::Deploy) => Phase::Rollout,
            Some(ChangeEnd::Propagate) => Phase::Confirm,
            Some(ChangeEnd::Failed) => Phase::Stalled,
        }
    }
}
