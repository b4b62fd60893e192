//! What the team has agreed on, resolved: rules, plays, launch steps, and the people and changes
//! that they use.

use crate::change::ChangeTable;
use crate::names::{
    ChangeId, ChannelId, Dimension, EscalationId, PersonId, PlayId, RoleId, RuleId,
};
use crate::names::{Scope, StepId};
use crate::people::Roster;
use crate::units::{Ratio, Span, Spread, Time, product};
use serde::{Deserialize, Serialize};

/// Everything that judgement rests on.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Playbook {
    pub baseline: Baseline,
    pub rules: Vec<Rule>,
    pub plays: Vec<Play>,
    pub roster: Roster,
    pub changes: ChangeTable,
    /// Planned steps, in file order.
    pub launch: Vec<LaunchStep>,
    /// The interval of telemetry; windows are multiples of it.
    pub every: Span,
    /// For so long after the all clear, a rule that fires again opens its incident again.
    pub closes_after: Span,
}

impl Playbook {
    /// The response times that rules compare with, ascending, each once.
    pub fn latency_limits(&self) -> Vec<Span> {
        let mut limits: Vec<Span> = self.rules.iter().filter_map(Rule::latency_limit).collect();
        limits.sort_unstable();
        limits.dedup();
        limits
    }
}

impl Rule {
    /// The response time that it compares with, if it looks at response times.
    pub fn latency_limit(&self) -> Option<Span> {
        match (self.measure, self.breach?.threshold) {
            (Measure::SlowerThan(limit), _) => Some(written_limit(limit).1),
            (Measure::Latency(_), Threshold::Fixed(seconds)) => Some(Span::from_seconds(seconds)),
            _ => None,
        }
    }
}

/// What is normal, from the historical log.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Baseline {
    /// Share of requests that are bad.
    pub error_rate: Option<Ratio>,
}

/// An alerting rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// The expression as the team wrote it.
    pub text: String,
    pub measure: Measure,
    /// What counts as a breach. `None`: the team has not filled it in yet (`?`); never judged.
    pub breach: Option<Condition>,
    /// What counts as ok; `None`: everything that is not a breach.
    pub resolve: Option<Condition>,
    /// For a share of slow requests: the response time that `resolve` compares with, where it is
    /// not that of the breach (`> 3s` is a breach, `< 3s` is ok).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolve_limit: Option<Span>,
    /// What it looks at; with `by`, the site's segments of that dimension one by one.
    pub scope: Scope,
    pub by: Option<Dimension>,
    /// A multiple of the telemetry interval.
    pub window: Span,
    pub hold: Hold,
    pub keep_firing_for: Span,
    pub no_data_for: Span,
    /// With fewer requests in the window it does not judge.
    pub min_requests: u64,
    pub severity: Option<String>,
}

impl Rule {
    /// The response times that its conditions turn on, so that requests beyond them are counted
    /// exactly.
    pub fn limits(&self, baseline: Baseline) -> Vec<Span> {
        let conditions = self.breach.iter().chain(&self.resolve);
        match self.measure {
            Measure::SlowerThan(limit) => [limit].into_iter().chain(self.resolve_limit).collect(),
            Measure::Latency(_) => conditions.map(|c| c.limit(baseline)).collect(),
            Measure::ErrorRate | Measure::GivenUp | Measure::Requests => Vec::new(),
        }
    }
}

/// A limit that a time must be longer than, as it was written: whether the limit itself counts, and
/// the limit. Times are whole nanoseconds, so one that is longer than the last nanosecond before
/// three seconds is at least three seconds.
pub fn written_limit(longer_than: Span) -> (bool, Span) {
    let next = Span(longer_than.0.saturating_add(1));
    let at_least = longer_than.0 > 0 && next.0.is_multiple_of(1_000);
    (at_least, if at_least { next } else { longer_than })
}

impl Condition {
    /// For a condition on a quantile: the quantile is a longer time than this, or it is not.
    pub fn limit(&self, baseline: Baseline) -> Span {
        let limit = Span::from_seconds(self.threshold.level(baseline));
        match self.compare {
            Compare::Above | Compare::AtMost => limit,
            // At least two seconds is longer than the last nanosecond before.
            Compare::AtLeast | Compare::Below => Span(limit.0.saturating_sub(1)),
        }
    }

    /// Whether it holds while the value lies high, not low.
    pub fn holds_above(&self) -> bool {
        matches!(self.compare, Compare::Above | Compare::AtLeast)
    }
}

impl Threshold {
    /// Where the line is drawn, in the unit of the measure.
    pub fn level(self, baseline: Baseline) -> f64 {
        match self {
            Threshold::Fixed(level) => level,
            Threshold::Baseline { multiple, floor } => {
                let normal = baseline.error_rate.unwrap_or_default().0;
                product(multiple, normal).max(floor.unwrap_or(0.0))
            }
        }
    }
}

impl Playbook {
    /// All response times that its rules turn on.
    pub fn limits(&self) -> Vec<Span> {
        self.rules.iter().flat_map(|rule| rule.limits(self.baseline)).collect()
    }
}

/// What a rule measures in its window.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Bad requests per request, 0 to 1.
    ErrorRate,
    /// Requests given up by their visitors per request, 0 to 1.
    GivenUp,
    /// Share of requests that take longer than this, 0 to 1; see [`written_limit`].
    SlowerThan(Span),
    /// The response time at this quantile, in seconds.
    Latency(f64),
    /// Requests per second, planned answers included.
    Requests,
}

/// A comparison with a threshold, in the unit of the measure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    pub compare: Compare,
    pub threshold: Threshold,
}

/// How the value stands to the threshold when the condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compare {
    Above,
    AtLeast,
    Below,
    AtMost,
}

/// Where the line is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Threshold {
    Fixed(f64),
    /// `max(multiple × baseline, floor)`.
    Baseline {
        multiple: f64,
        floor: Option<f64>,
    },
}

/// How long a breach must last before the rule fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hold {
    For(Span),
    /// This many of the last `of` judged ticks.
    Of {
        n: u32,
        of: u32,
    },
}

/// A play: what is done when its rules fire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Play {
    pub when: Vec<Trigger>,
    pub steps: Vec<Step>,
    /// Every rule of the incident must resolve within this time of live. `None`: the play has
    /// done its work when its last change is live.
    pub verify: Option<Span>,
    /// The play that opens when this one has nothing left to try.
    pub otherwise: Option<PlayId>,
}

/// What opens a play.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trigger {
    Fires(RuleId),
    /// The effect of this change has lasted this long.
    Lasts {
        change: ChangeId,
        time: Span,
    },
    /// This play has nothing left to try.
    Failed(PlayId),
    /// Nobody answers this play, or nobody is on duty.
    Stalled(PlayId),
    /// This play was answered with a no.
    Refused(PlayId),
}

/// A step of a play. Steps run in order; only `Tell` does not block.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Walk the ladder until somebody answers; that person is the responder.
    Page(EscalationId),
    /// The responder says that it is an incident.
    Declare(Spread),
    /// The responder chooses a change.
    Triage {
        takes: Spread,
        among: Vec<(ChangeId, Ratio)>,
    },
    Ask(AskStep),
    Tell(TellStep),
    Change(Chosen),
}

/// Asking for a yes: one person after another, until somebody answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AskStep {
    /// The role whose holders are asked; `None`: these people.
    pub role: Option<RoleId>,
    /// Who is asked, in this order, and for how long on each channel.
    pub people: Vec<(PersonId, Span)>,
    /// Tried in this order for each person.
    pub by: Vec<ChannelId>,
    /// How often everybody is gone through.
    pub rounds: u32,
    /// How long in all, from the first who is asked; `None`: until everybody was tried.
    pub within: Option<Span>,
    pub agrees: Ratio,
    /// How long somebody who has answered takes to say yes or no; `None`: that is the answer.
    pub takes: Option<Spread>,
    /// What is done when nobody has answered; `None`: nothing, until somebody does.
    pub silent: Option<Instead>,
    pub refused: Instead,
}

impl AskStep {
    /// How long it takes until everybody was tried.
    pub fn tried_within(&self) -> Span {
        let once = self.people.iter().map(|(_, each)| each.0);
        let once = once.fold(0u64, u64::saturating_add);
        let contacts = (self.by.len() as u64).saturating_mul(u64::from(self.rounds));
        Span(once.saturating_mul(contacts))
    }
}

/// Telling somebody something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TellStep {
    /// Who tells; `None`: the responder.
    pub from: Option<Audience>,
    pub to: Audience,
    /// Repeated until the incident ends.
    pub every: Option<Span>,
    pub note: Option<String>,
}

/// What is done instead of what nobody said yes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Instead {
    /// The play ends there.
    #[default]
    Stop,
    /// The next candidate of the diagnosis is tried, then the `otherwise` play.
    Next,
    /// This play takes its place.
    Play(PlayId),
    /// This time is let pass, then everybody is asked again.
    Hold(Span),
}

/// Which change is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Chosen {
    /// The one that the triage chose.
    ByTriage,
    This(ChangeId),
}

/// To whom something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    Role(RoleId),
    Person(PersonId),
    Everyone,
}

/// A planned step of the launch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LaunchStep {
    pub label: String,
    /// `None`: nobody can time it (`?`); it does not run.
    pub at: Option<LaunchTime>,
    pub action: LaunchAction,
}

/// When a planned step is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LaunchTime {
    At(Time),
    /// This long after another step is finished (its change live, its message sent).
    After(StepId, Span),
}

/// What a planned step does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LaunchAction {
    /// The ladder is walked, and whoever answers makes the change; `None`: it starts by itself.
    Change {
        change: ChangeId,
        by: Option<EscalationId>,
    },
    Tell {
        to: Audience,
        from: Option<Audience>,
        note: Option<String>,
    },
}
