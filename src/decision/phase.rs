//! What may be under way in a response, how a change moves on, and how an attempt ends, in one word
//! each.

use crate::names::worded;

worded! {
    /// A stage of a change has ended.
    pub enum ChangeEnd {
        /// Its wait for the pipeline: it is being deployed now.
        Queue = "queue",
        /// The deploy: done, not yet everywhere.
        Deploy = "deploy",
        /// It is live.
        Propagate = "propagate",
        /// It failed and has no effect.
        Failed = "failed",
    }
}

worded! {
    /// How an attempt ended.
    pub enum AttemptOutcome {
        /// Every rule of the incident resolved.
        Recovered = "recovered",
        /// A maintenance page is up.
        Contained = "contained",
        /// One of several changes of a play is live; the next follows.
        Live = "live",
        /// Not resolved within `verify` of live.
        NotVerified = "not-verified",
        /// The change failed.
        ChangeFailed = "change-failed",
        /// A freeze stopped the change.
        Frozen = "frozen",
        /// The decider said no.
        Refused = "refused",
        /// The responder said that it is not an incident.
        NotDeclared = "not-declared",
        /// Nobody answered.
        Stalled = "stalled",
        /// The run ended first.
        Open = "open",
    }
}

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
        /// Somebody does other work that the play lists: a report is written, a call is opened.
        Work = "work",
        /// The change waits for its pipeline.
        Queue = "queue",
        /// The change is being deployed.
        Deploy = "deploy",
        /// The change is deployed, and not yet in effect for everybody.
        Rollout = "rollout",
        /// The change is in effect, and it is not known whether it has helped.
        Confirm = "confirm",
        /// Waiting for a state to last, a freeze to end, or a moment to come.
        Hold = "hold",
        /// Nobody acts: nobody is on duty, answers or agrees, or nothing is left to try.
        Stalled = "stalled",
        /// It is over, and not yet known to be: until the all clear. Between the waves of an
        /// incident that is opened again, the time for which all was clear.
        Clear = "clear",
    }
}

impl Phase {
    /// Whether it is spent on people rather than on machines and clocks.
    pub fn is_human(self) -> bool {
        use Phase::{Acknowledge, Decide, Declare, Diagnose, Reach, Work};
        matches!(self, Acknowledge | Declare | Diagnose | Reach | Decide | Work)
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
        Diagnose = "triage",
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
    pub fn is_human(self) -> bool {
        use Interval::{Acknowledge, Decide, Declare, Diagnose};
        matches!(self, Acknowledge | Declare | Diagnose | Decide)
    }
}
