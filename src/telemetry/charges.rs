//! Ground truth of harm: which requests went wrong in an interval, and what spoilt them.
//!
//! Only a simulation knows this. It is handed out beside each reading and never becomes part of
//! one, so that the judgement stays as blind as the real one.

use super::outcome::Outcome;
use super::places::ScopePositions;
use crate::names::{EndpointId, FaultId, Names, Segment, TierId};
use crate::units::{Span, Time};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What spoilt a request: in ids while it is counted, in names where it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause<F = FaultId, T = TierId> {
    /// A fault of the scenario did it directly.
    Fault(F),
    /// A tier had no room for it.
    Overload {
        tier: T,
        /// The fault whose requests held most of the tier's thread-seconds since it has been out
        /// of room; `None`: ordinary traffic was too much for it.
        trigger: Option<F>,
    },
}

/// A cause as people read it.
pub type NamedCause = Cause<String, String>;

impl Cause {
    /// The fault that it comes from in the end, directly or as the trigger of an overload.
    pub fn fault(self) -> Option<FaultId> {
        match self {
            Cause::Fault(fault) => Some(fault),
            Cause::Overload { trigger, .. } => trigger,
        }
    }

    /// The same in names.
    pub fn named(self, names: &Names) -> NamedCause {
        let fault = |fault: FaultId| names.faults[fault.index()].clone();
        match self {
            Cause::Fault(of) => Cause::Fault(fault(of)),
            Cause::Overload { tier, trigger } => Cause::Overload {
                tier: names.tiers[tier.index()].clone(),
                trigger: trigger.map(fault),
            },
        }
    }
}

impl<F: Clone, T: Clone> Cause<F, T> {
    /// What it comes from in the end: a fault, or a tier that ordinary traffic was too much for.
    /// What a fault brings on, and what outlives it, is the same trouble as the fault itself.
    pub fn root(&self) -> Cause<F, T> {
        match self {
            Cause::Fault(fault) => Cause::Fault(fault.clone()),
            Cause::Overload { trigger: Some(fault), .. } => Cause::Fault(fault.clone()),
            Cause::Overload { tier, trigger: None } => {
                Cause::Overload { tier: tier.clone(), trigger: None }
            }
        }
    }
}

impl NamedCause {
    /// The name by which a scenario speaks of it: that of the fault, or `overload of TIER`.
    pub fn name(&self) -> String {
        match self.root() {
            Cause::Fault(fault) => fault,
            Cause::Overload { tier, .. } => format!("overload of {tier}"),
        }
    }
}

impl fmt::Display for NamedCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Fault(fault) => write!(f, "{fault}"),
            Cause::Overload { tier, trigger: None } => write!(f, "overload of {tier}"),
            Cause::Overload { tier, trigger: Some(fault) } => {
                write!(f, "overload of {tier}, brought on by {fault}")
            }
        }
    }
}

/// The requests of one scope that one cause spoilt in an interval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge<F = FaultId, T = TierId> {
    /// The position of the scope in [`crate::names::Names::scopes`]; in a journal, among the
    /// scopes of its header.
    pub scope: usize,
    pub cause: Cause<F, T>,
    pub failed: u64,
    pub rejected: u64,
    /// Given up by whoever waited for them.
    pub given_up: u64,
    /// Answered, failed or given up after longer than each of [`Charges::limits`].
    pub slow: Vec<u64>,
}

/// The requests of one scope that went wrong without a cause: errors that a tier makes on an
/// ordinary day, and work that is naturally that slow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uncharged {
    pub scope: usize,
    pub failed: u64,
    pub rejected: u64,
    pub given_up: u64,
    pub slow: Vec<u64>,
}

/// What is charged to whom over `[from, to)`. With what is charged to nobody, the rows of a scope
/// add up to the failed, rejected and given-up requests of its reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charges<F = FaultId, T = TierId> {
    pub from: Time,
    pub to: Time,
    /// The latency limits that slow requests are counted by, ascending.
    pub limits: Vec<Span>,
    /// Sorted by scope and cause; only rows that are not zero throughout.
    pub rows: Vec<Charge<F, T>>,
    /// Sorted by scope; only rows that are not zero throughout.
    pub nobody: Vec<Uncharged>,
    /// Of each cause that has spoilt requests at the entry: the start of the earliest of them, and
    /// the end of the last.
    pub times: Vec<(Cause<F, T>, Time, Time)>,
}

impl Charges {
    /// The same in names, of these scopes alone, whose positions are counted among themselves.
    pub fn named(&self, names: &Names, scopes: &[usize]) -> Charges<String, String> {
        let among = |scope: usize| scopes.iter().position(|listed| *listed == scope);
        let row = |row: &Charge| {
            let (scope, cause, slow) =
                (among(row.scope)?, row.cause.named(names), row.slow.clone());
            let (failed, rejected, given_up) = (row.failed, row.rejected, row.given_up);
            Some(Charge { scope, cause, failed, rejected, given_up, slow })
        };
        let uncharged =
            |row: &Uncharged| Some(Uncharged { scope: among(row.scope)?, ..row.clone() });
        let times = self.times.iter();
        Charges {
            from: self.from,
            to: self.to,
            limits: self.limits.clone(),
            rows: self.rows.iter().filter_map(row).collect(),
            nobody: self.nobody.iter().filter_map(uncharged).collect(),
            times: times.map(|(cause, first, last)| (cause.named(names), *first, *last)).collect(),
        }
    }
}

/// Collects the charges of one interval.
#[derive(Debug, Clone)]
pub struct ChargeTally {
    places: ScopePositions,
    limits: Vec<Span>,
    /// What is slower than this is slow by some limit.
    slow_from: Span,
    /// Few causes are at work at a time, and the same ones again and again.
    ledgers: Vec<ChargeLedger>,
}

/// What one cause is charged with, `None` for what is charged to nobody.
#[derive(Debug, Clone)]
struct ChargeLedger {
    cause: Option<Cause>,
    /// Per scope: failed, rejected, given up, and slow by each limit.
    counts: Vec<u64>,
    used: bool,
    /// The start of the earliest attempt at the entry, and the end of the last.
    times: Option<(Time, Time)>,
}

/// Counts per scope before those of the limits.
const ENDS: usize = 3;

impl ChargeTally {
    /// Nothing charged yet, and no limits.
    pub fn new(names: &Names) -> ChargeTally {
        let places = ScopePositions::new(names);
        ChargeTally { places, limits: Vec::new(), slow_from: Span(u64::MAX), ledgers: Vec::new() }
    }

    /// Counts slow requests by these limits from now on.
    pub fn set_limits(&mut self, mut limits: Vec<Span>) {
        limits.sort_unstable();
        limits.dedup();
        self.slow_from = limits.first().copied().unwrap_or(Span(u64::MAX));
        self.limits = limits;
        self.ledgers.clear();
    }

    /// Whether a request that ended so is of any interest here.
    #[inline]
    pub fn concerns(&self, outcome: Outcome, took: Span) -> bool {
        match outcome {
            Outcome::Ok => took > self.slow_from,
            Outcome::Failed | Outcome::Rejected | Outcome::Abandoned => true,
            Outcome::Planned => false,
        }
    }

    /// The latency limits that a request broke which took so long, shortest first.
    pub fn broken(&self, took: Span) -> &[Span] {
        &self.limits[..self.limits.partition_point(|limit| *limit < took)]
    }

    /// Charges an attempt at the entry that has ended now.
    pub fn attempt(
        &mut self,
        now: Time,
        (endpoint, segment): (EndpointId, Segment),
        (outcome, took): (Outcome, Span),
        cause: Option<Cause>,
    ) {
        let (end, slow) = self.counted(outcome, took);
        let (ledger, stride) = (self.ledger(cause), ENDS + self.limits.len());
        let ledger = &mut self.ledgers[ledger];
        let began = Time(now.0.saturating_sub(took.0));
        let (first, last) = ledger.times.get_or_insert((began, now));
        (*first, *last) = ((*first).min(began), now);
        let counts = &mut ledger.counts;
        self.places.attempt(endpoint, segment, |scope| {
            count(&mut counts[scope * stride..][..stride], end, slow);
        });
    }

    /// Charges a call to a tier.
    pub fn call(&mut self, tier: TierId, (outcome, took): (Outcome, Span), cause: Option<Cause>) {
        let (end, slow) = self.counted(outcome, took);
        let (ledger, stride) = (self.ledger(cause), ENDS + self.limits.len());
        let counts = &mut self.ledgers[ledger].counts[self.places.tier(tier) * stride..];
        count(&mut counts[..stride], end, slow);
    }

    /// Hands out what was charged in `[from, to)`, and starts again from nothing.
    pub fn take(&mut self, from: Time, to: Time) -> Charges {
        let stride = ENDS + self.limits.len();
        let (mut rows, mut nobody, mut times) = (Vec::new(), Vec::new(), Vec::new());
        for ledger in self.ledgers.iter_mut().filter(|ledger| ledger.used) {
            ledger.used = false;
            if let (Some(cause), Some((first, last))) = (ledger.cause, ledger.times.take()) {
                times.push((cause, first, last));
            }
            for endpoint in self.places.endpoints() {
                for count in 0..stride {
                    ledger.counts[count] += ledger.counts[endpoint * stride + count];
                }
            }
            for (scope, counts) in ledger.counts.chunks_exact(stride).enumerate() {
                if counts.iter().all(|count| *count == 0) {
                    continue;
                }
                let (failed, rejected, given_up) = (counts[0], counts[1], counts[2]);
                let slow = counts[ENDS..].to_vec();
                match ledger.cause {
                    Some(cause) => {
                        rows.push(Charge { scope, cause, failed, rejected, given_up, slow });
                    }
                    None => nobody.push(Uncharged { scope, failed, rejected, given_up, slow }),
                }
            }
            ledger.counts.fill(0);
        }
        rows.sort_by_key(|row| (row.scope, row.cause));
        times.sort_unstable_by_key(|(cause, ..)| *cause);
        Charges { from, to, limits: self.limits.clone(), rows, nobody, times }
    }

    /// Where an outcome is counted, and how many limits it broke. What was refused at once has no
    /// response time.
    fn counted(&self, outcome: Outcome, took: Span) -> (Option<usize>, usize) {
        let slow = self.broken(took).len();
        match outcome {
            Outcome::Ok => (None, slow),
            Outcome::Failed => (Some(0), slow),
            Outcome::Rejected => (Some(1), 0),
            Outcome::Abandoned => (Some(2), slow),
            Outcome::Planned => (None, 0),
        }
    }

    fn ledger(&mut self, cause: Option<Cause>) -> usize {
        let known = self.ledgers.iter().position(|ledger| ledger.cause == cause);
        let position = known.unwrap_or_else(|| {
            let counts = vec![0; self.places.count * (ENDS + self.limits.len())];
            self.ledgers.push(ChargeLedger { cause, counts, used: false, times: None });
            self.ledgers.len() - 1
        });
        self.ledgers[position].used = true;
        position
    }
}

#[inline]
fn count(counts: &mut [u64], end: Option<usize>, slow: usize) {
    if let Some(end) = end {
        counts[end] += 1;
    }
    counts[ENDS..][..slow].iter_mut().for_each(|count| *count += 1);
}
