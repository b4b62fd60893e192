//! What the monitor is told and what it says.

use super::reply::Reply;
use crate::names::{ChangeId, ChannelId, IncidentId, PersonId, PlayId, RuleId};
use crate::names::{EscalationId, StepId, worded};
use crate::units::{Ratio, Spread, Time};
use serde::{Deserialize, Serialize};

use super::{AlertEvent, Attempt, Audience, PhaseSpan};

/// What the monitor says; drain with `next_output` after every call.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    Alert(AlertEvent),
    Play(PlayEvent),
    Order(Order),
}

worded! {
    /// The state of a planned step of the launch.
    pub enum LaunchState {
        /// Nobody can time it, so it does not run.
        Untimed = "untimed",
        /// Its time has come.
        Due = "due",
        /// Nobody who could make its change answered.
        Stalled = "stalled",
        /// Its change is on its way.
        Started = "started",
        /// Its change is live, its message is sent.
        Done = "done",
        /// Its change failed.
        Failed = "failed",
        /// A freeze stopped it.
        Frozen = "frozen",
    }
}

/// Something of a response that is worth writing down but asks nobody for anything.
#[derive(Debug, Clone, PartialEq)]
pub enum PlayEvent {
    IncidentOpened {
        incident: IncidentId,
        /// The rule that has fired; by hand, the one that people speak for.
        rule: RuleId,
        by_hand: bool,
    },
    /// A rule fired again soon after all was clear.
    Reopened {
        incident: IncidentId,
        rule: RuleId,
    },
    /// A further rule fired in an open incident.
    RuleJoined {
        incident: IncidentId,
        rule: RuleId,
    },
    PlayOpened {
        incident: IncidentId,
        play: PlayId,
        cause: String,
    },
    /// Somebody answered the page, or has taken over without one.
    Acknowledged {
        incident: IncidentId,
        person: PersonId,
        channel: Option<ChannelId>,
    },
    Declared {
        incident: IncidentId,
        person: PersonId,
    },
    /// The responder said no: not an incident. The play ends.
    NotDeclared {
        incident: IncidentId,
        person: PersonId,
    },
    Chosen {
        incident: IncidentId,
        change: ChangeId,
        person: PersonId,
    },
    Decided {
        incident: IncidentId,
        person: PersonId,
        /// It was said before the day, and nobody was asked.
        in_advance: bool,
    },
    Refused {
        incident: IncidentId,
        person: PersonId,
    },
    /// The change is live and the verification is over, but these rules have not resolved.
    NotVerified {
        incident: IncidentId,
        rules: Vec<RuleId>,
    },
    /// Nobody answered, or nobody could be asked.
    Stalled {
        incident: Option<IncidentId>,
        play: Option<PlayId>,
        text: String,
    },
    /// A freeze stopped a change.
    Frozen {
        incident: Option<IncidentId>,
        play: Option<PlayId>,
        change: ChangeId,
        freeze: usize,
    },
    /// A freeze began or ended, as the text says.
    Freeze {
        freeze: usize,
        text: String,
    },
    /// A maintenance page is up for this incident.
    Contained {
        incident: IncidentId,
    },
    /// Every rule of the incident has resolved; `at` is the first ok tick of that stretch.
    Recovered {
        incident: IncidentId,
        at: Time,
    },
    /// An attempt is over, with all its times.
    AttemptEnded(Box<Attempt>),
    /// Something that was under way in a response has ended.
    PhaseEnded(PhaseSpan),
    /// A planned step: due, done, or what kept it from being done.
    Launch {
        step: StepId,
        state: LaunchState,
        text: String,
    },
}

/// Something that somebody or something must do.
#[derive(Debug, Clone, PartialEq)]
pub enum Order {
    Ask(Ask),
    Tell(Tell),
    /// Put this change on its pipeline.
    Start {
        change: ChangeId,
        by: Option<PersonId>,
        incident: Option<IncidentId>,
        play: Option<PlayId>,
        step: Option<StepId>,
    },
}

/// Identifies one contact with one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AskId(pub u32);

/// A person is asked something.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    pub id: AskId,
    pub person: PersonId,
    /// `None`: the person is already working on it (declare, triage), no channel in between.
    pub channel: Option<ChannelId>,
    pub question: Question,
    pub incident: Option<IncidentId>,
    pub play: Option<PlayId>,
    pub step: Option<StepId>,
    /// When the next channel or person will be tried.
    pub until: Option<Time>,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    /// Are you there? (`Yes` takes the incident.)
    Page { escalation: EscalationId },
    /// Is this an incident?
    Declare { takes: Spread },
    /// Which change?
    Diagnose { takes: Spread, among: Vec<(ChangeId, Ratio)> },
    /// Do we do it? `asking` counts the times that anybody was asked to decide; every person and
    /// channel of one asking has the same. `takes`: how long the decision takes somebody who has
    /// answered.
    Decide {
        change: Option<ChangeId>,
        agrees: Ratio,
        /// What else may be said; see [`super::answer_of`].
        others: Vec<(Reply, Ratio)>,
        asking: u32,
        takes: Option<Spread>,
    },
    /// Do this, and say when it is done.
    Work { what: String, takes: Spread },
}

/// A message to people who need not answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Tell {
    /// `None`: the program itself.
    pub from: Option<PersonId>,
    pub audience: Audience,
    /// Those on duty whom it reaches; may be empty.
    pub to: Vec<PersonId>,
    pub text: String,
    pub incident: Option<IncidentId>,
    /// The sender has already reported that it is done: it was work that has ended.
    pub done: bool,
}

worded! {
    /// How an incident ended.
    pub enum IncidentEnding {
        Recovered = "recovered",
        Contained = "contained",
        Open = "open",
    }
}
