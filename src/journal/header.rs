//! The first line of a journal: which run this is, the plan that it ran, and how often that plan
//! itself wants an audience to have news.

use super::{FaultSentence, FindingRow, InputRow, LimitRow};
use crate::decision::{Audience, MeasureKind, Play, Rule, Step, TellStep};
use crate::names::{HeldRoles, ScopeKind, worded};
use crate::units::{Calendar, Span};
use serde::{Deserialize, Serialize};

/// Which run this is. Plain words and numbers only: reports need nothing else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Version of this format.
    pub journal: u32,
    /// Version of the program.
    pub program: String,
    /// Hash of plan, seed and trial, in hexadecimal.
    pub run_id: String,
    /// Hash of the plan, whatever its seed, in hexadecimal.
    pub scenario_hash: String,
    /// The scenario's own words.
    pub scenario: String,
    pub mode: RunMode,
    /// Who was in the room, of a rehearsal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rehearsal: Option<Rehearsal>,
    pub seed: u64,
    pub trial: u64,
    /// The wall clock of its times.
    #[serde(rename = "starts")]
    pub calendar: Calendar,
    pub lasts: Span,
    /// The telemetry interval.
    pub every: Span,
    /// How late readings arrive.
    pub delay: Span,
    /// What `slow` means in the readings.
    pub slow_limit: Span,
    /// Kind and name of every scope, in the order of the readings.
    pub scopes: Vec<(ScopeKind, String)>,
    pub rules: Vec<RuleRow>,
    pub changes: Vec<ChangeRow>,
    /// Name and role of everybody.
    pub people: Vec<(String, HeldRoles)>,
    /// Name and one sentence for every fault.
    pub faults: Vec<(String, FaultSentence)>,
    /// Names of all plays.
    pub plays: Vec<String>,
    pub baseline_error_rate: Option<f64>,
    /// Gaps of the launch plan.
    pub findings: Vec<FindingRow>,
    /// The resolved plan with every default filled in.
    pub plan: serde_json::Value,
    /// What the plan rests on, value by value.
    pub inputs: Vec<InputRow>,
    /// Whose people these are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crew: Option<CrewRow>,
    /// What it really took, where it is a past incident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<super::Actual>,
    /// What runs out and is not a thread.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<LimitRow>,
}

/// Whose people these are, and how such people have fared before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrewRow {
    /// `on call`.
    pub like: String,
    /// The source of their times.
    pub source: String,
    /// `13 of 20`: parts of past incidents that such times have held, of how many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<String>,
}

impl CrewRow {
    /// As every page says it.
    pub fn sentence(&self) -> String {
        let held = self.held.as_ref().map_or(String::new(), |held| {
            format!(" Intervals from these times contained {held} parts of past incidents.")
        });
        format!("People like: {} ({}).{held}", self.like, self.source)
    }
}

/// How the words of a scenario begin that is still a draft.
const DRAFT: &str = "DRAFT: ";
/// What separates that from its own words.
const AFTER_DRAFT: &str = ". ";

/// The words of a scenario of which somebody has looked at so many numbers of so many.
pub fn draft_title(yours: usize, of: usize, scenario: &str) -> String {
    format!("{DRAFT}{yours} of {of} numbers are yours{AFTER_DRAFT}{scenario}")
}

/// What those words say of the draft, where it is one, and the scenario's own.
pub fn draft_and_title(scenario: &str) -> (Option<&str>, &str) {
    match scenario.split_once(AFTER_DRAFT) {
        Some((draft, title)) if draft.starts_with(DRAFT) => (Some(draft), title),
        _ => (None, scenario),
    }
}

impl Header {
    /// `DRAFT: 0 of 31 numbers are yours`, of a scenario that is still being filled in. Papers that
    /// may not name the scenario say this alone.
    pub fn draft(&self) -> Option<&str> {
        draft_and_title(&self.scenario).0
    }

    /// The scenario's own words, whether or not it is a draft.
    pub fn title(&self) -> &str {
        draft_and_title(&self.scenario).1
    }

    /// The rules that are not filled in yet, and so never fire, by their names; none where the
    /// plan is of another version.
    pub fn open_rules(&self) -> Vec<&str> {
        let rules = self.plan.pointer("/playbook/rules").map(Vec::<Rule>::deserialize);
        let rules = rules.and_then(Result::ok).unwrap_or_default();
        let open = self.rules.iter().zip(rules).filter(|(_, rule)| rule.is_open());
        open.map(|(row, _)| row.alert.as_str()).collect()
    }
}

/// What is known of a rehearsal beside its plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// When it began in the real world, RFC 3339; `None` if its answers were read from a script.
    pub started: Option<String>,
    /// The people who answered for themselves; everybody else was simulated.
    pub seats: Vec<String>,
}

impl RunMode {
    /// Whether people wrote down what they saw, so that there are no readings and all is measured.
    pub fn by_hand(self) -> bool {
        matches!(self, RunMode::Observed | RunMode::Real)
    }
}

worded! {
    /// Where a journal comes from.
    pub enum RunMode {
        /// Nobody was in the room.
        Simulated = "simulated",
        /// Some people answered for themselves.
        Rehearsal = "rehearsal",
        /// A sheet kept by hand.
        Observed = "observed",
        /// What a scribe typed while it was real.
        Real = "real",
    }
}

/// An alerting rule as reports show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleRow {
    pub alert: String,
    pub text: String,
    pub severity: Option<String>,
    /// `None`: it counts ticks instead.
    pub hold: Option<Span>,
    /// What its first condition measures.
    pub measure: MeasureKind,
    /// It fires below its threshold (`requests < 1/m`).
    pub below: bool,
    /// The play that it opens.
    pub play: Option<String>,
}

/// A row of the change-time table as reports show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangeRow {
    pub change: String,
    /// The cell as the team wrote it: `~45m`.
    pub paper: String,
    pub min: Option<Span>,
    pub max: Span,
    /// Whether any play, launch step or fault of the scenario names it.
    pub named: bool,
}

/// What a play tells again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegularUpdate {
    /// The play that tells it.
    pub play: String,
    /// The role or the person that is told.
    pub whom: String,
    /// How often.
    pub every: Span,
}

impl Header {
    /// What the plays of the plan tell again and again, in their order; nothing where its plan is
    /// of another version. What is told to everyone is told to nobody in particular.
    pub fn regular(&self) -> Vec<RegularUpdate> {
        let plays = self.plan.pointer("/playbook/plays").map(Vec::<Play>::deserialize);
        let plays = plays.and_then(Result::ok).unwrap_or_default();
        let mut all = Vec::new();
        for (play, name) in plays.iter().zip(&self.plays) {
            for step in &play.steps {
                let Step::Tell(TellStep { to, every: Some(every), .. }) = step else { continue };
                let Some(whom) = self.audience(*to) else { continue };
                all.push(RegularUpdate { play: name.clone(), whom, every: *every });
            }
        }
        all
    }

    fn audience(&self, audience: Audience) -> Option<String> {
        match audience {
            Audience::Role(role) => {
                let roles = self.plan.pointer("/names/roles")?;
                Some(roles.get(role.index())?.as_str()?.to_string())
            }
            Audience::Person(person) => Some(self.people.get(person.index())?.0.clone()),
            Audience::Everyone => None,
        }
    }
}
