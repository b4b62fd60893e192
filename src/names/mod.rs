//! Interned names: every tier, person, rule, … is a small number inside and a word outside.

mod held;
mod visible;
mod worded;

pub use held::HeldRoles;
pub use visible::{is_hidden, quoted_for_yaml, visible, written_out};
pub(crate) use worded::worded;

use indexmap::IndexSet;
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u16);

        impl $name {
            /// The position in the list that defines it.
            pub fn index(self) -> usize {
                usize::from(self.0)
            }
        }

        impl From<usize> for $name {
            /// Panics above 65,535, which the scenario's own limits exclude.
            fn from(index: usize) -> Self {
                $name(u16::try_from(index).expect("fewer than 65,536 names of a kind"))
            }
        }
    )*};
}

ids! {
    /// A tier of the site.
    TierId,
    /// An endpoint: a path through tiers.
    EndpointId,
    /// A tool that visitors use.
    ToolId,
    /// A fault of the scenario, in file order.
    FaultId,
    /// An alerting rule.
    RuleId,
    /// A play.
    PlayId,
    /// A person.
    PersonId,
    /// A role that people hold.
    RoleId,
    /// A channel by which people are reached.
    ChannelId,
    /// An escalation ladder.
    EscalationId,
    /// A change of the change-time table.
    ChangeId,
    /// A pipeline, on which one change runs at a time.
    PipelineId,
    /// An availability zone.
    ZoneId,
    /// A planned step of the launch.
    StepId,
    /// An incident, in order of opening.
    IncidentId,
}

impl IncidentId {
    /// As people count incidents: from 1.
    pub fn number(self) -> u32 {
        u32::from(self.0) + 1
    }
}

/// The four ways in which visitors differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dimension {
    Browser,
    Login,
    Account,
    Tool,
}

impl Dimension {
    /// All four, in the order in which reports list them.
    pub const ALL: [Dimension; 4] =
        [Dimension::Browser, Dimension::Login, Dimension::Account, Dimension::Tool];

    /// The word used in scenario files and reports.
    pub fn word(self) -> &'static str {
        match self {
            Dimension::Browser => "browser",
            Dimension::Login => "login",
            Dimension::Account => "account",
            Dimension::Tool => "tool",
        }
    }
}

/// One value in each of the four dimensions, as positions in their lists of categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Segment(pub [u8; 4]);

impl Segment {
    /// The position of the category in this dimension.
    pub fn value(self, dimension: Dimension) -> u8 {
        self.0[dimension as usize]
    }
}

/// What a figure of telemetry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Every request at the entry.
    Site,
    /// Calls to one tier, as their callers saw them.
    Tier(TierId),
    /// Requests of one endpoint at the entry.
    Endpoint(EndpointId),
    /// Requests of visitors in one category of one dimension, at the entry.
    Segment(Dimension, u8),
}

/// The words behind the ids, each list in the order of the scenario file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Names {
    pub tiers: IndexSet<String>,
    pub endpoints: IndexSet<String>,
    /// Categories per [`Dimension`], in that enum's order; the tools are the last.
    pub categories: [IndexSet<String>; 4],
    pub faults: IndexSet<String>,
    pub rules: IndexSet<String>,
    pub plays: IndexSet<String>,
    pub people: IndexSet<String>,
    pub roles: IndexSet<String>,
    pub channels: IndexSet<String>,
    pub escalations: IndexSet<String>,
    pub changes: IndexSet<String>,
    pub pipelines: IndexSet<String>,
    pub zones: IndexSet<String>,
}

worded! {
    /// What kind of thing a reading or a rule is about.
    pub enum ScopeKind {
        Site = "site",
        Tier = "tier",
        Endpoint = "endpoint",
        Browser = "browser",
        Login = "login",
        Account = "account",
        Tool = "tool",
    }
}

impl ScopeKind {
    /// With its name, as a sentence has it: `site`, `tier evss`, `browser ie11`.
    pub fn with(self, name: &str) -> String {
        match self {
            ScopeKind::Site => self.word().to_string(),
            _ => format!("{self} {name}"),
        }
    }
}

impl From<Dimension> for ScopeKind {
    fn from(dimension: Dimension) -> ScopeKind {
        match dimension {
            Dimension::Browser => ScopeKind::Browser,
            Dimension::Login => ScopeKind::Login,
            Dimension::Account => ScopeKind::Account,
            Dimension::Tool => ScopeKind::Tool,
        }
    }
}

/// A scope as people read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedScope {
    #[serde(rename = "scope_kind")]
    pub kind: ScopeKind,
    #[serde(rename = "scope")]
    pub name: String,
}

impl NamedScope {
    /// The whole site.
    pub fn site() -> NamedScope {
        NamedScope { kind: ScopeKind::Site, name: ScopeKind::Site.to_string() }
    }
}

impl fmt::Display for NamedScope {
    /// As a sentence has it: `site`, `tier evss`, `browser ie11`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kind.with(&self.name))
    }
}

impl Names {
    /// The same scope as people read it.
    pub fn named_scope(&self, scope: Scope) -> NamedScope {
        let (kind, name) = self.scope(scope);
        NamedScope { kind, name: name.to_string() }
    }

    /// The kind of a scope and its name.
    pub fn scope(&self, scope: Scope) -> (ScopeKind, &str) {
        match scope {
            Scope::Site => (ScopeKind::Site, ScopeKind::Site.word()),
            Scope::Tier(tier) => (ScopeKind::Tier, &self.tiers[tier.index()]),
            Scope::Endpoint(endpoint) => (ScopeKind::Endpoint, &self.endpoints[endpoint.index()]),
            Scope::Segment(dimension, value) => {
                let categories = &self.categories[dimension as usize];
                (dimension.into(), &categories[usize::from(value)])
            }
        }
    }

    /// Every scope that telemetry reports, in the fixed order of [`Names::scope_index`].
    pub fn scopes(&self) -> Vec<Scope> {
        let mut scopes = vec![Scope::Site];
        scopes.extend((0..self.tiers.len()).map(|i| Scope::Tier(i.into())));
        scopes.extend((0..self.endpoints.len()).map(|i| Scope::Endpoint(i.into())));
        for dimension in Dimension::ALL {
            let values = self.categories[dimension as usize].len();
            scopes.extend((0..values).map(|i| Scope::Segment(dimension, i as u8)));
        }
        scopes
    }

    /// The position of a scope in [`Names::scopes`].
    pub fn scope_index(&self, scope: Scope) -> usize {
        let tiers = 1 + self.tiers.len();
        let endpoints = tiers + self.endpoints.len();
        match scope {
            Scope::Site => 0,
            Scope::Tier(tier) => 1 + tier.index(),
            Scope::Endpoint(endpoint) => tiers + endpoint.index(),
            Scope::Segment(dimension, value) => {
                let before = &self.categories[..dimension as usize];
                let before: usize = before.iter().map(IndexSet::len).sum();
                endpoints + before + usize::from(value)
            }
        }
    }
}

worded! {
    /// How much a finding matters.
    pub enum Severity {
        High = "high",
        Medium = "medium",
        Low = "low",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scope_positions_agree_with_the_list() {
        let set = |words: &[&str]| words.iter().map(|w| w.to_string()).collect();
        let names = Names {
            tiers: set(&["proxy", "api"]),
            endpoints: set(&["page"]),
            categories: [
                set(&["chrome", "ie11"]),
                set(&["none"]),
                set(&["loa1"]),
                set(&["browse"]),
            ],
            ..Names::default()
        };
        for (position, scope) in names.scopes().into_iter().enumerate() {
            assert_eq!(names.scope_index(scope), position, "{scope:?}");
        }
        assert_eq!(
            names.scope(Scope::Segment(Dimension::Browser, 1)),
            (ScopeKind::Browser, "ie11")
        );
    }
}
