//! The books: what was sent and how it ended, for the site and for every tier.

use super::impact::UsersAffected;
use super::waiting_room::HeldBack;
use crate::telemetry::{ChargeTally, Outcome, RequestAttempt, Tally};
use crate::units::{Span, Time};
use serde::{Deserialize, Serialize};

/// What is written down as it happens: the sums since the start, and what the next reading holds.
#[derive(Clone)]
pub(super) struct Accounting {
    pub ledger: RequestLedger,
    pub tally: Tally,
    pub charges: ChargeTally,
    /// Attempts that have ended since they were taken; `None`: nobody wants them.
    pub attempts: Option<Vec<RequestAttempt>>,
}

/// Attempts or calls sent, and how they ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RequestLedger {
    pub generated: u64,
    pub ok: u64,
    pub failed: u64,
    pub rejected: u64,
    pub abandoned: u64,
    pub planned: u64,
}

/// The sums of the site since its start. Users are distinct visitors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SiteTotals {
    pub visits: u64,
    pub users: u64,
    /// Users to whom something happened.
    pub affected: UsersAffected,
    /// The time that users lost; see [`super::Site::lost_time_by`].
    pub lost: Span,
    /// Attempts at the entry.
    #[serde(flatten)]
    pub requests: RequestLedger,
    pub in_flight: u64,
    /// Visits that a waiting room has held back.
    #[serde(default, skip_serializing_if = "HeldBack::is_none")]
    pub held_back: HeldBack,
    /// Requests that have waited in durable queues for a minute or more; their callers have had
    /// their answers.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub kept: u64,
    /// Events handled.
    pub events: u64,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// The sums of one tier since its start.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct TierTotals {
    /// Calls to it as their callers saw them.
    pub calls: RequestLedger,
    /// Requests that an instance took in; health checks are not among them, abandoned ones are.
    pub arrivals: u64,
    /// Requests that left an instance, answered or lost with it.
    pub departures: u64,
    /// Calls that found no instance, no room, or a closed door.
    pub refused: u64,
    /// Instances taken out by health checks.
    pub cycles: u64,
    /// Requests that are kept and not begun; see [`super::Tier::durable`].
    pub backlog: u64,
    /// Integral of the number of requests in the tier over time, in seconds.
    pub request_seconds: f64,
}

impl RequestLedger {
    /// Sent and not yet ended.
    pub fn in_flight(&self) -> u64 {
        let ended = self.ok + self.failed + self.rejected + self.abandoned + self.planned;
        assert!(ended <= self.generated, "more has ended than was sent: {self:?}");
        self.generated - ended
    }

    /// Counts an end.
    #[inline]
    pub(super) fn ended(&mut self, outcome: Outcome) {
        *match outcome {
            Outcome::Ok => &mut self.ok,
            Outcome::Failed => &mut self.failed,
            Outcome::Rejected => &mut self.rejected,
            Outcome::Abandoned => &mut self.abandoned,
            Outcome::Planned => &mut self.planned,
        } += 1;
    }
}

/// How many requests are in a tier, now and on average.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Occupancy {
    pub arrivals: u64,
    pub departures: u64,
    /// Requests × nanoseconds up to `since`.
    area: u128,
    since: Time,
}

impl Occupancy {
    #[inline]
    pub(super) fn arrived(&mut self, now: Time) {
        self.move_to(now);
        self.arrivals += 1;
    }

    #[inline]
    pub(super) fn departed(&mut self, now: Time) {
        self.move_to(now);
        self.departures += 1;
    }

    /// The integral of the number over time, in request seconds.
    pub(super) fn request_seconds(mut self, now: Time) -> f64 {
        self.move_to(now);
        self.area as f64 / 1e9
    }

    #[inline]
    fn move_to(&mut self, now: Time) {
        let inside = self.arrivals - self.departures;
        self.area += u128::from(inside) * u128::from((now - self.since).0);
        self.since = now;
    }
}
