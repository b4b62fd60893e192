//! The sums of a run: its last line.

use crate::names::ScopeKind;
use crate::site::{SiteTotals, UsersAffected};
use crate::units::{Span, Time};
use serde::{Deserialize, Serialize};

/// The sums of a run.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Totals {
    #[serde(flatten)]
    pub site: SiteTotals,
    /// Interrupted before the scenario's end; the last moment reached is this entry's `at`.
    pub interrupted: bool,
    /// What each segment of users had to bear, in the order of the header's scopes.
    pub segments: Vec<SegmentRow>,
    /// How every rule fared on everything that it looks at; empty where nothing was read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleTicks>,
    /// What was sent while each incident lasted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub incidents: Vec<IncidentRequests>,
}

/// What visitors sent while an incident lasted, and how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentRequests {
    pub incident: u32,
    /// All but those that met a maintenance page.
    pub requests: u64,
    /// Failed, refused or given up.
    pub bad: u64,
    /// Met a maintenance page.
    pub page: u64,
}

/// How a rule fared on one scope, whether it moved or not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleTicks {
    pub alert: String,
    pub scope_kind: ScopeKind,
    pub scope: String,
    /// Readings that it was shown, those that did not come included.
    pub readings: u64,
    /// Those after which there were enough requests in its window to judge.
    pub judged: u64,
    /// What came closest to a breach, or went furthest beyond it; `None` if nothing was judged.
    pub closest: Option<Closest>,
}

/// A value that a rule judged, and what it was compared with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Closest {
    /// The end of its reading.
    pub tick: Time,
    pub value: f64,
    pub threshold: f64,
}

/// What the users of one segment had to bear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentRow {
    /// A dimension.
    pub kind: ScopeKind,
    /// The category.
    pub name: String,
    /// Users affected, each in the column of the worst that happened to them, as they were on the
    /// visit on which it did.
    pub affected: UsersAffected,
    /// The time that they lost.
    pub lost: Span,
}
