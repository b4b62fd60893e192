//! The sums of a run: its last line.

use crate::decision::{Named, Ticks};
use crate::names::ScopeKind;
use crate::site::{SiteTotals, UsersAffected};
use crate::units::Span;
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
pub type RuleTicks = Ticks<Named>;

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
