//! The first line of a journal: which run this is, the plan that it ran, and how often that plan
//! itself wants an audience to have news.

use crate::decision::{Audience, Play, Step, TellStep};
use crate::names::{Severity, worded};
use crate::units::Span;
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
    pub mode: Mode,
    /// Who was in the room, of a rehearsal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rehearsal: Option<Rehearsal>,
    pub seed: u64,
    pub trial: u64,
    /// RFC 3339 with the zone in brackets: `2018-11-07T17:00:00-05:00[America/New_York]`.
    pub starts: String,
    pub lasts: Span,
    /// The telemetry interval.
    pub every: Span,
    /// How late readings arrive.
    pub delay: Span,
    /// What `slow` means in the readings.
    pub slow_limit: Span,
    /// Kind and name of every scope, in the order of the readings.
    pub scopes: Vec<(String, String)>,
    pub rules: Vec<RuleRow>,
    pub changes: Vec<ChangeRow>,
    /// Name and role of everybody.
    pub people: Vec<(String, String)>,
    /// Name and one sentence for every fault.
    pub faults: Vec<(String, String)>,
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
pub const DRAFT: &str = "DRAFT: ";

impl Header {
    /// `DRAFT: 0 of 31 numbers are yours`, of a scenario that is still being filled in. Papers that
    /// may not name the scenario say this alone.
    pub fn draft(&self) -> Option<&str> {
        self.parts().0
    }

    /// The scenario's own words, whether or not it is a draft.
    pub fn title(&self) -> &str {
        self.parts().1
    }

    /// The rules that are not filled in yet, and so never fire, by their names.
    pub fn open_rules(&self) -> Vec<&str> {
        let open = self.rules.iter().filter(|rule| rule.is_open());
        open.map(|rule| rule.alert.as_str()).collect()
    }

    fn parts(&self) -> (Option<&str>, &str) {
        match self.scenario.split_once(". ") {
            Some((draft, title)) if draft.starts_with(DRAFT) => (Some(draft), title),
            _ => (None, &self.scenario),
        }
    }
}

/// Something that runs out and is not a thread, and what is used of it at the expected peak.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LimitRow {
    pub limit: String,
    /// `quota`, `connections`, `bandwidth`, `warm-up` or `other`.
    pub kind: String,
    /// `at a time`, `/s`, `/m`, `/h`, `/day` or `bit/s`.
    pub unit: String,
    /// `None`: nobody knows how much there is.
    pub value: Option<f64>,
    /// `None`: nobody knows what is used.
    pub used: Option<f64>,
    /// What uses it, as written; `given`, or blank.
    pub used_by: String,
    pub status: LimitStatus,
    /// `None`: nobody has.
    pub checked_by: Option<String>,
    /// ISO 8601.
    pub checked_on: Option<String>,
}

/// What is known of a rehearsal beside its plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// When it began in the real world, RFC 3339; `None` if its answers were read from a script.
    pub started: Option<String>,
    /// The people who answered for themselves; everybody else was simulated.
    pub seats: Vec<String>,
}

impl Mode {
    /// Whether people wrote down what they saw, so that there are no readings and all is measured.
    pub fn by_hand(self) -> bool {
        matches!(self, Mode::Observed | Mode::Real)
    }
}

/// A value of the plan, where it comes from, and how it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputRow {
    /// Its path in the scenario, as `--set` takes it.
    pub path: String,
    pub value: String,
    /// `line 12`, `parts/site.yaml:9`, `default`, or `set` for this run alone.
    pub from: String,
    /// `None`: it says what the team has decided, not what the world is like.
    pub basis: Option<Basis>,
    /// The source of a calibrated value, or what else the comment beside it says.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

worded! {
    /// How an input is known.
    pub enum Basis {
        /// From a source that is named.
        Calibrated = "calibrated",
        /// Nobody has measured it.
        Assumed = "assumed",
        /// Somebody of the team has said so.
        Ours = "ours",
    }

    /// Where a journal comes from.
    pub enum Mode {
        /// Nobody was in the room.
        Simulated = "simulated",
        /// Some people answered for themselves.
        Rehearsal = "rehearsal",
        /// A sheet kept by hand.
        Observed = "observed",
        /// What a scribe typed while it was real.
        Real = "real",
    }

    /// How a limit stands at the expected peak.
    pub enum LimitStatus {
        Ok = "ok",
        /// Little is left.
        Tight = "tight",
        Over = "over",
        /// Nobody knows how much there is, or what is used.
        Unknown = "unknown",
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
    /// What its first condition measures: `error_rate`, `errors`, `given_up`, `slow_share`,
    /// `latency`, `requests`.
    pub measure: String,
    /// It fires below its threshold (`requests < 1/m`).
    pub below: bool,
    /// The play that it opens.
    pub play: Option<String>,
}

impl RuleRow {
    /// Whether a value of it is still a question mark, so that it never fires.
    pub fn is_open(&self) -> bool {
        self.text.contains('?')
    }
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

/// Something the launch plan leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingRow {
    /// `unnamed`, `unfilled`, `untimed`, `checklist`, `stalled`, `undetected`, …
    pub kind: String,
    pub severity: Severity,
    pub text: String,
    pub line: Option<u32>,
    /// The included file that the line is in; `None`: the scenario itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Who has to close it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The day by which it must be closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
}

impl FindingRow {
    /// A finding without a place, that nobody has been given yet.
    pub fn new(kind: &str, severity: Severity, text: String) -> FindingRow {
        let kind = kind.to_string();
        FindingRow { kind, severity, text, line: None, file: None, owner: None, due: None }
    }

    /// Where it comes from: `line 12`, or `parts/launch-plan.yaml:9`.
    pub fn place(&self) -> Option<String> {
        self.line.map(|line| match &self.file {
            None => format!("line {line}"),
            Some(file) => format!("{file}:{line}"),
        })
    }
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
