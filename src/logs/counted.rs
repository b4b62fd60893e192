//! What was counted in one window of a history.

use crate::measure::Latencies;

/// What was counted in one window.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// How many windows lie between 1970 and it.
    pub(super) number: i64,
    pub(super) requests: u64,
    /// What a rule's error rate is a share of.
    pub(super) total: u64,
    pub(super) bad: u64,
    pub(super) latency: Latencies,
}

impl Counted {
    /// Adds the same window of another part; `None` if that is more than can be counted.
    pub(super) fn add(&mut self, other: &Counted) -> Option<()> {
        let most = u64::from(u32::MAX);
        self.requests = self.requests.checked_add(other.requests).filter(|n| *n <= most)?;
        self.total += other.total;
        self.bad += other.bad;
        self.latency.add(&other.latency);
        Some(())
    }
}
