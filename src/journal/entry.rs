//! The lines of a journal after the first.

use crate::change::ChangeStage;
use crate::decision::{JudgedRow, LaunchState};
use crate::names::{NamedScope, worded};
use crate::site::ScalingKind;
use crate::telemetry::{Charges, NamedCause};
use crate::units::Time;
use serde::{Deserialize, Serialize};

use super::{Evidence, FindingRow, MessageEntry, Totals};
use crate::decision::{AlertEvent, Attempt, KnownStart, Named, PhaseSpan};

/// What a yes says that was given before the day.
pub const APPROVED_IN_ADVANCE: &str = "approved in advance";

/// One line: when, and what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// 1 for the first.
    pub seq: u64,
    /// When it became known to the gameday.
    pub at: Time,
    #[serde(flatten)]
    pub event: Event,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// A fault began or ended. `site`: it hits the site, not only people, telemetry or pipelines.
    Fault {
        fault: String,
        begins: bool,
        site: bool,
        text: String,
    },
    /// A reading arrived. `scopes` in the order of the header; empty when missing.
    Reading {
        from: Time,
        to: Time,
        missing: bool,
        scopes: Vec<ScopeRow>,
    },
    Alert(AlertEntry),
    /// What an interval is charged to; left out where nothing is charged.
    Charges(Box<Charges<String, String>>),
    /// What breaks a rule that is firing is charged to this for the first time in its incident: so
    /// people have been told of it.
    Cause(CauseEntry),
    /// An incident moved on.
    Incident {
        incident: u32,
        state: IncidentState,
        rule: Option<String>,
        since: Option<Time>,
    },
    /// A play moved on.
    Play {
        incident: Option<u32>,
        play: Option<String>,
        step: PlayStep,
        actor: Option<String>,
        channel: Option<String>,
        text: String,
    },
    /// Somebody was asked.
    Ask {
        ask: u32,
        incident: Option<u32>,
        person: String,
        role: String,
        channel: Option<String>,
        question: String,
        until: Option<Time>,
    },
    /// Somebody answered. `late`: after somebody else's answer, or after the ladder had moved on.
    Answer {
        ask: u32,
        incident: Option<u32>,
        person: String,
        role: String,
        channel: Option<String>,
        question: String,
        reply: String,
        asked_at: Time,
        late: bool,
        evidence: Evidence,
    },
    /// Somebody was told.
    Tell {
        incident: Option<u32>,
        from: Option<String>,
        audience: String,
        to: Vec<String>,
        text: String,
        #[serde(default, skip_serializing_if = "Evidence::is_simulated")]
        evidence: Evidence,
    },
    /// A message that no play sends moved on.
    Message(Box<MessageEntry>),
    /// A change moved on.
    Change {
        change: String,
        stage: ChangeStage,
        by: Option<String>,
        incident: Option<u32>,
        play: Option<String>,
        pipeline: Option<String>,
        text: String,
        #[serde(default, skip_serializing_if = "Evidence::is_simulated")]
        evidence: Evidence,
    },
    /// What a change that has come into effect does to the site: it puts up a maintenance page,
    /// takes other changes back, and gives these tiers room, or takes load from them.
    Effect {
        change: String,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        page: bool,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        ends: Vec<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        eases: Vec<String>,
    },
    /// A group of instances scaled.
    Scaling {
        tier: String,
        activity: ScalingKind,
        /// Instances wanted, or (of `in-service`) in rotation, before and after.
        from: u32,
        to: u32,
        text: String,
    },
    /// A planned step of the launch moved on.
    Launch {
        step: String,
        state: LaunchState,
        planned_at: Option<Time>,
        text: String,
    },
    /// A freeze began, ended, or was told.
    Freeze {
        text: String,
    },
    Attempt(Box<AttemptEntry>),
    /// A phase of a response has ended; all phases of an incident, with `detect`
    /// before them, are in [`super::Story::phases`].
    Phase(PhaseSpan<Named>),
    Criterion(Box<JudgedRow>),
    Expect(ExpectEntry),
    /// Something that was entered in the room of a rehearsal.
    Room {
        kind: RoomKind,
        text: String,
        /// Whom it concerns: who asked for a change, or who still has to be told something.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        whom: Option<String>,
    },
    /// A gap that only the run could show.
    Finding(FindingRow),
    /// The last line of a whole run.
    End(Box<Totals>),
}

worded! {
    /// How far an incident has come.
    pub enum IncidentState {
        /// A rule fired.
        Opened = "opened",
        /// A further rule fired.
        Joined = "joined",
        /// A rule fired again soon after all was clear.
        Reopened = "reopened",
        /// A maintenance page is up meanwhile.
        Contained = "contained",
        /// Every rule has resolved.
        Recovered = "recovered",
    }

    /// How a play moved on.
    pub enum PlayStep {
        /// It was opened.
        Opened = "opened",
        /// Somebody answered the page.
        Acknowledged = "acknowledged",
        /// It is an incident.
        Declared = "declared",
        /// The responder said that it is not an incident.
        NotDeclared = "not-declared",
        /// A change was chosen.
        Chosen = "chosen",
        /// The decider said yes.
        Decided = "decided",
        /// The decider said no.
        Refused = "refused",
        /// A change is live and did not help in time.
        NotVerified = "not-verified",
        /// Nobody answered, or nobody could be asked.
        Stalled = "stalled",
        /// An observer wrote something down.
        Note = "note",
        /// An observer wrote down an inject that names no fault.
        Inject = "inject",
    }

    /// What has become of an expectation.
    pub enum Verdict {
        Met = "met",
        Missed = "missed",
        /// Nothing happened that it applies to.
        NotJudged = "not judged",
    }

    /// What was entered in the room.
    pub enum RoomKind {
        Note = "note",
        Inject = "inject",
        Pause = "pause",
        Resume = "resume",
        Skip = "skip",
        Speed = "speed",
        Start = "start",
        Done = "done",
        Failed = "failed",
        Abort = "abort",
        /// A change that people make of their own accord.
        Do = "do",
        /// A play that people open.
        Open = "open",
        /// A play that people close.
        Close = "close",
        /// People say that all is clear.
        Clear = "clear",
        /// Somebody takes the response over.
        Assign = "assign",
        /// Somebody takes a seat, or leaves it.
        Seat = "seat",
        Leave = "leave",
        /// The clock stands still while people talk.
        Discuss = "discuss",
        /// Something to talk about afterwards.
        Park = "park",
        /// Somebody in the room has to tell something by the plan.
        Due = "due",
    }
}

/// Counts of one scope in one reading. Response times in milliseconds; `None` without requests.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct ScopeRow {
    pub ok: u64,
    pub failed: u64,
    pub rejected: u64,
    pub abandoned: u64,
    pub planned: u64,
    /// Slower than the header's `slow_limit`.
    pub slow: u64,
    pub p50: Option<f64>,
    pub p90: Option<f64>,
    pub p95: Option<f64>,
    pub p99: Option<f64>,
    /// Requests that the tier keeps and has not begun, and for how many seconds the oldest waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backlog: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backlog_age: Option<f64>,
    /// Nothing came of this scope: it is not known what happened.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unseen: bool,
}

/// A move of a rule's state machine.
pub type AlertEntry = AlertEvent<Named, Attribution>;

/// What a move of a rule is attributed to.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Attribution {
    /// What most of the requests are charged to that broke its rule in the first breaching window;
    /// for `no-data`, what made it blind. `None`: nothing is charged.
    pub cause: Option<NamedCause>,
    /// When the cause took effect.
    pub cause_at: Option<Time>,
}

/// A cause that people have been told of by a rule that fires for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CauseEntry {
    pub incident: u32,
    pub cause: NamedCause,
    /// When it took effect: when the fault began, or, without effect at once, the start of the
    /// first request that is charged to it.
    pub began: Time,
    pub alert: String,
    #[serde(flatten)]
    pub scope: NamedScope,
}

/// An attempt with all its times, onset filled in.
pub type AttemptEntry = Attempt<Named, KnownStart>;

/// An expectation of the scenario, checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExpectEntry {
    /// `detected < 5m`.
    pub text: String,
    pub verdict: Verdict,
    /// What was seen instead, in words.
    pub observed: String,
}

impl ExpectEntry {
    /// Whether it came true. What could not be judged did not.
    pub fn met(&self) -> bool {
        self.verdict == Verdict::Met
    }
}
