//! What may be under way in a response, in one word.

use super::ChangeEnd;
use crate::names::worded;

worded! {
    /// What is under way in a response. Every moment of an incident, from the cause to the all
    /// clear, carries exactly one of these words.
    pub enum Phase {
        /// The cause is in effect, and nobody has been told. Only who knows the cause can say so.
        Detect = "detect",
        /// Somebody is being paged and has not answered.
        Acknowledge = "acknowledge",
        /// Somebody is about to say that it is an incident.
        Declare = "declare",
        /// A repair is being chosen.
        Diagnose = "diagnose",
        /// The decider is being asked and has not answered at all.
        Reach = "reach",
        /// The decider has answered, and has not said yes or no.
        Decide = "decide",
        /// The change waits for its pipeline.
        Queue = "queue",
        /// The change is being deployed.
        Deploy = "deploy",
        /// The change is deployed, and not yet in effect for everybody.
        Rollout = "rollout",
        /// The change is in effect, and it is not known whether it has helped.
        Confirm = "confirm",
        /// A state must last, a freeze must end, or a clock must come.
        Hold = "hold",
        /// Nobody does anything: nobody is on duty, answers or agrees, or nothing is left to try.
        Stalled = "stalled",
        /// It is over, and not yet known to be: until the all clear. Between the waves of an
        /// incident that is opened again, the time for which all was clear.
        Clear = "clear",
    }
}

impl Phase {
    /// Whether it is spent on people rather than on machines and clocks.
    pub fn is_human(self) -> bool {
        use Phase::{Acknowledge, Decide, Declare, Diagnose, Reach};
        matches!(self, Acknowledge | Declare | Diagnose | Reach | Decide)
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
