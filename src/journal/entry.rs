//! The lines of a journal after the first.

use crate::units::{Span, Time};
use serde::{Deserialize, Serialize};

use super::{FindingRow, Interval};
use crate::decision::{Attempt, Named};

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
    /// An incident was `opened`, `joined` by a rule, `contained`, or `recovered`.
    Incident {
        incident: u32,
        state: String,
        rule: Option<String>,
        since: Option<Time>,
    },
    /// A play moved on: `opened`, `acknowledged`, `declared`, `chosen`, `decided`, `stalled`, …
    Play {
        incident: Option<u32>,
        play: Option<String>,
        step: String,
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
        /// `simulated` or `measured`.
        evidence: String,
    },
    /// Somebody was told.
    Tell {
        incident: Option<u32>,
        from: Option<String>,
        audience: String,
        to: Vec<String>,
        text: String,
    },
    /// A change moved on: `ordered`, `deploying`, `deployed`, `live`, `failed`, `frozen` (stopped
    /// by a freeze). The words of every state are in [`super::words`].
    Change {
        change: String,
        stage: String,
        by: Option<String>,
        incident: Option<u32>,
        play: Option<String>,
        pipeline: Option<String>,
        text: String,
        #[serde(default, skip_serializing_if = "Evidence::is_simulated")]
        evidence: Evidence,
    },
    /// A group of instances scaled: `scale-out`, `scale-in`, `at-max`, `in-service`, `replace`,
    /// `surplus` or `failed-boot`.
    Scaling {
        tier: String,
        activity: String,
        /// Instances wanted, or (of `in-service`) in rotation, before and after.
        from: u32,
        to: u32,
        text: String,
    },
    /// A planned step of the launch: `due`, `done`, `stalled`, `frozen` or `untimed`.
    Launch {
        step: String,
        state: String,
        planned_at: Option<Time>,
        text: String,
    },
    /// A freeze began, ended, or was told.
    Freeze {
        text: String,
    },
    Attempt(Box<AttemptEntry>),
    Criterion(Box<CriterionEntry>),
    Expect(ExpectEntry),
    /// Something that was entered in the room of a rehearsal: `note`, `inject`, `pause`, `resume`,
    /// `skip`, `start`, `done`, `failed`, `abort`.
    Room {
        kind: String,
        text: String,
    },
    /// A gap that only the run could show.
    Finding(FindingRow),
    /// The last line of a whole run.
    End(Box<Totals>),
}

/// What a moment of a journal rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// It was drawn or follows from what was drawn.
    #[default]
    Simulated,
    /// Somebody did it, and the clock was read.
    Measured,
}

impl Evidence {
    /// The word in journals and reports.
    pub fn word(self) -> &'static str {
        match self {
            Evidence::Simulated => "simulated",
            Evidence::Measured => "measured",
        }
    }

    /// Whether it is what a journal takes for granted, and so does not write down.
    pub fn is_simulated(&self) -> bool {
        *self == Evidence::Simulated
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
}

/// A move of a rule's state machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AlertEntry {
    pub alert: String,
    pub scope_kind: String,
    pub scope: String,
    pub state: crate::decision::AlertState,
    /// The end of the reading that moved it.
    pub tick: Time,
    pub value: Option<f64>,
    pub threshold: Option<f64>,
    pub bound_by: crate::decision::BoundBy,
    pub baseline: Option<f64>,
    pub n: u64,
    pub held: Span,
    pub incident: Option<u32>,
    /// Site faults active when its breach began, earliest first; for `no-data`, what made it blind.
    pub faults: Vec<String>,
    /// Start of the earliest of them.
    pub fault_at: Option<Time>,
}

/// One attempt with all its times, onset filled in. See [`crate::decision::Attempt`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttemptEntry {
    pub incident: u32,
    pub play: Option<String>,
    pub attempt: u32,
    pub change: Option<String>,
    pub cause: String,
    /// The fault that onset is taken from.
    pub fault: Option<String>,
    /// Onset for the first attempt, the previous one's end for the others.
    pub started_at: Time,
    pub opened_at: Option<Time>,
    pub alerted_at: Option<Time>,
    pub acknowledged_at: Option<Time>,
    pub declared_at: Option<Time>,
    pub chosen_at: Option<Time>,
    pub decided_at: Option<Time>,
    pub ordered_at: Option<Time>,
    pub deploying_at: Option<Time>,
    pub deployed_at: Option<Time>,
    pub live_at: Option<Time>,
    pub ended_at: Time,
    pub outcome: crate::decision::Outcome,
    pub responder: Option<String>,
    pub channel: Option<String>,
    pub decider: Option<String>,
    /// The intervals whose end somebody was seen to bring about; all others are simulated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measured: Vec<Interval>,
}

impl AttemptEntry {
    /// An attempt as the journal carries it; one that is the first began at the onset.
    pub fn of(attempt: Attempt<Named>, onset: Time) -> AttemptEntry {
        AttemptEntry {
            incident: attempt.incident,
            play: attempt.play,
            attempt: attempt.number,
            change: attempt.change,
            cause: attempt.cause,
            fault: None,
            started_at: attempt.started_at.unwrap_or(onset),
            opened_at: attempt.opened_at,
            alerted_at: attempt.alerted_at,
            acknowledged_at: attempt.acknowledged_at,
            declared_at: attempt.declared_at,
            chosen_at: attempt.chosen_at,
            decided_at: attempt.decided_at,
            ordered_at: attempt.ordered_at,
            deploying_at: attempt.deploying_at,
            deployed_at: attempt.deployed_at,
            live_at: attempt.live_at,
            ended_at: attempt.ended_at,
            outcome: attempt.outcome,
            responder: attempt.responder,
            channel: attempt.channel,
            decider: attempt.decider,
            measured: Vec::new(),
        }
    }
}

/// A row of the go/no-go list, the poll or the decision, judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CriterionEntry {
    /// `criterion`, `poll` or `decision`.
    pub row: String,
    pub criterion: String,
    pub required: String,
    pub observed: Option<f64>,
    pub unit: String,
    /// Observed minus required.
    pub margin: Option<f64>,
    /// `met`, `failed` or `open`.
    pub status: String,
    /// `measured`, `simulated` (a forecast), `attested`, or blank.
    pub evidence: String,
    pub source: String,
    pub as_of: Option<String>,
    pub owner: Option<String>,
    pub caveat: String,
    pub decided_by: Option<String>,
    pub decided_at: Option<String>,
}

/// An expectation of the scenario, checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExpectEntry {
    /// `detected < 5m`.
    pub text: String,
    pub met: bool,
    /// What was seen instead, in words.
    pub observed: String,
}

/// The sums of a run.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Totals {
    pub visits: u64,
    pub users: u64,
    /// Users with at least one attempt that was bad or abandoned.
    pub users_hurt: u64,
    /// The time that users lost: from an attempt that fails until the next good answer, or until
    /// the visit would have been over.
    pub lost: Span,
    pub generated: u64,
    pub ok: u64,
    pub failed: u64,
    pub rejected: u64,
    pub abandoned: u64,
    pub planned: u64,
    pub in_flight: u64,
    /// Site events handled.
    pub events: u64,
    /// Interrupted before the scenario's end; the last moment reached is this entry's `at`.
    pub interrupted: bool,
    /// What each segment of users had to bear, in the order of the header's scopes.
    pub segments: Vec<SegmentRow>,
}

/// What the users of one segment had to bear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentRow {
    /// `browser`, `login`, `account` or `tool`.
    pub kind: String,
    /// The category.
    pub name: String,
    /// Users hurt, as they were on the visit that first hurt them.
    pub users_hurt: u64,
    /// The time that they lost.
    pub lost: Span,
}
