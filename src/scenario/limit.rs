//! Limits that are not threads: how much of each the expected traffic uses at its peak.

use crate::journal::{LimitRow, LimitStatus};
use crate::names::{Scope, TierId};
use crate::scenario::plan::Plan;
use crate::scenario::sense::{moments, peak};
use crate::scenario::value::amount::Measure;
use crate::site::{offered, per_visit};
use crate::units::{Rate, Span, Time, grouped};
use serde::{Deserialize, Serialize};

/// Something that runs out and is not a thread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Limit {
    pub name: String,
    pub kind: LimitKind,
    pub measure: Measure,
    /// In its measure; `None`: nobody knows it.
    pub value: Option<f64>,
    /// Empty: the use is given, or nobody knows it.
    pub uses: Vec<LimitUse>,
    /// The use at the peak as given.
    pub at_peak: Option<f64>,
    pub checked_by: Option<String>,
    /// ISO 8601: `2018-11-01`.
    pub checked_on: Option<String>,
}

/// What sort of limit it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LimitKind {
    /// What a service allows: requests, messages, instances.
    Quota,
    Connections,
    Bandwidth,
    /// What a load balancer takes before it has grown.
    WarmUp,
    Other,
}

/// So much of a limit for each of something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LimitUse {
    /// Things, or bits.
    pub amount: f64,
    pub per: UsedPer,
    /// As written.
    pub text: String,
}

/// What uses a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum UsedPer {
    Visit,
    /// A request that this scope sees; retries are left out.
    Request(Scope),
    Instance(TierId),
    Thread(TierId),
    /// A thread that works or waits, by Little's law.
    BusyThread(TierId),
}

/// From this share on, of a limit or of a tier's threads, there is no room for a bad minute.
const TIGHT: f64 = 0.8;

/// Whether a use leaves no room for a bad minute.
pub fn is_tight(share: f64) -> bool {
    share >= TIGHT
}

impl LimitKind {
    /// Every kind, with its word.
    pub const ALL: [(&'static str, LimitKind); 5] = [
        ("quota", LimitKind::Quota),
        ("connections", LimitKind::Connections),
        ("bandwidth", LimitKind::Bandwidth),
        ("warm-up", LimitKind::WarmUp),
        ("other", LimitKind::Other),
    ];

    /// As the scenario spells it.
    pub fn word(self) -> &'static str {
        let of = Self::ALL.iter().find(|(_, kind)| *kind == self);
        of.expect("every kind has its word").0
    }
}

impl Limit {
    /// What is used of it at this multiple of the expected peak; `None`: nobody knows.
    ///
    /// Amounts per visit and request follow the traffic; over a window longer than a second it is
    /// the busiest one within the scenario. Busy threads follow it too, up to all that there are
    /// (Little's law, waiting left out). A use that is given is taken to grow in proportion.
    pub fn used(&self, plan: &Plan, times: f64) -> Option<f64> {
        if self.uses.is_empty() {
            return self.at_peak.map(|used| used * times);
        }
        let (_, Rate(most)) = peak(plan);
        let visits = times
            * match self.measure {
                Measure::Within(window) if window > Span::SECOND => busiest(plan, window),
                _ => most,
            };
        let loads = offered(&plan.site, &plan.traffic, Rate(most * times));
        let used = |one: &LimitUse| {
            one.amount
                * match one.per {
                    UsedPer::Visit => visits,
                    UsedPer::Request(scope) => visits * per_visit(scope, &plan.site, &plan.traffic),
                    UsedPer::Instance(tier) => {
                        f64::from(plan.site.tiers[tier.index()].most_instances())
                    }
                    UsedPer::Thread(tier) => loads[tier.index()].threads,
                    UsedPer::BusyThread(tier) => {
                        let load = &loads[tier.index()];
                        load.busy.min(load.threads)
                    }
                }
        };
        Some(self.uses.iter().map(used).sum())
    }

    /// An amount of it in words: `400`, `10,000/s`, `1.5 Gbit/s`.
    pub fn shown(&self, amount: f64) -> String {
        match self.measure {
            Measure::Held => number(amount),
            Measure::Within(window) => format!("{}/{}", number(amount), window_word(window)),
            Measure::Data => {
                let units = [(1e12, "Tbit/s"), (1e9, "Gbit/s"), (1e6, "Mbit/s"), (1e3, "kbit/s")];
                let unit = units.into_iter().find(|(bits, _)| amount >= *bits);
                let (bits, word) = unit.unwrap_or((1.0, "bit/s"));
                format!("{} {word}", number(amount / bits))
            }
        }
    }

    /// What uses it, as written: `20 per instance of api, 2 per instance of worker`.
    pub fn used_by(&self) -> String {
        let texts: Vec<&str> = self.uses.iter().map(|one| one.text.as_str()).collect();
        match texts[..] {
            [] if self.at_peak.is_some() => "given".to_string(),
            _ => texts.join(", "),
        }
    }

    /// Whether somebody has signed for its value, with a date.
    pub fn checked(&self) -> bool {
        self.checked_by.is_some() && self.checked_on.is_some()
    }

    fn unit(&self) -> String {
        match self.measure {
            Measure::Held => "at a time".to_string(),
            Measure::Within(window) => format!("/{}", window_word(window)),
            Measure::Data => "bit/s".to_string(),
        }
    }
}

/// Every limit of a plan as reports show it, at this multiple of the expected peak.
pub fn limit_rows(plan: &Plan, times: f64) -> Vec<LimitRow> {
    let row = |limit: &Limit| {
        let used = limit.used(plan, times);
        let status = match used.zip(limit.value).map(|(used, value)| used / value) {
            None => LimitStatus::Unknown,
            Some(share) if share > 1.0 => LimitStatus::Over,
            Some(share) if is_tight(share) => LimitStatus::Tight,
            Some(_) => LimitStatus::Ok,
        };
        LimitRow {
            limit: limit.name.clone(),
            kind: limit.kind.word().to_string(),
            unit: limit.unit(),
            value: limit.value,
            used,
            used_by: limit.used_by(),
            status,
            checked_by: limit.checked_by.clone(),
            checked_on: limit.checked_on.clone(),
        }
    };
    plan.limits.iter().map(row).collect()
}

/// Visits expected in the busiest window of this length: one that begins or ends at a corner of the
/// curve or at a moment of a grid. The scenario's own length where that is shorter.
fn busiest(plan: &Plan, window: Span) -> f64 {
    let curve = &plan.traffic.curve;
    let end = plan.lasts.0;
    let window = window.0.min(end);
    let within = |from: u64| {
        let from = from.min(end - window);
        curve.cumulative(Time(from + window)) - curve.cumulative(Time(from))
    };
    let starts = moments(plan).into_iter().flat_map(|(at, _)| [at.0, at.0.saturating_sub(window)]);
    starts.map(within).fold(0.0, f64::max)
}

fn window_word(window: Span) -> &'static str {
    match window.0 / Span::SECOND.0 {
        1 => "s",
        60 => "m",
        3_600 => "h",
        _ => "day",
    }
}

/// At most three digits after the point, none of them for nothing.
fn number(amount: f64) -> String {
    if amount >= 100.0 || amount.fract() == 0.0 {
        return grouped(amount.round() as u64);
    }
    let text = if amount >= 1.0 { format!("{amount:.1}") } else { format!("{amount:.3}") };
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}
