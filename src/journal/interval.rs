//! The named parts of a response.

use crate::names::worded;

worded! {
    /// A named part of a response, in the order in which a response goes through them.
    pub enum Interval {
        /// Until the play opened.
        Wait = "wait",
        /// Until the alert was delivered.
        Detect = "detect",
        /// Until the first answer.
        Acknowledge = "acknowledge",
        /// Until it was called an incident.
        Declare = "declare",
        /// Until a change was chosen.
        Triage = "triage",
        /// Until the decider said yes.
        Decide = "decide",
        /// Until the pipeline was free.
        Queue = "queue",
        /// Until the change was done.
        Deploy = "deploy",
        /// Until it was live.
        Propagate = "propagate",
        /// From live to the first ok tick of the stretch that resolves every rule.
        Recover = "recover",
        /// From live to the verdict that it did not help.
        Verify = "verify",
    }
}

impl Interval {
    /// Whether it is spent on people rather than on machines.
    pub fn human(self) -> bool {
        use Interval::{Acknowledge, Decide, Declare, Triage};
        matches!(self, Acknowledge | Declare | Triage | Decide)
    }
}
