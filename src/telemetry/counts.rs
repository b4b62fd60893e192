//! Counting one scope between two readings.

use super::outcome::Outcome;
use super::reading::ScopeReading;
use crate::measure::{BucketPosition, LatencyTally, Limits};

/// Collects one interval of one scope.
#[derive(Debug, Clone, Default)]
pub struct ScopeTally {
    counts: [u64; 5],
    /// What the team counts as errors, where that is not as usual.
    errors: u64,
    latency: LatencyTally,
    /// Of good answers alone, where some rule asks for them.
    good: Option<Box<LatencyTally>>,
}

/// How a request ended, for every scope that it counts in.
#[derive(Debug, Clone, Copy)]
pub struct Ended {
    pub outcome: Outcome,
    /// After this long, if that is known.
    pub took: Option<BucketPosition>,
    /// It counts as an error, where that is not as usual.
    pub error: bool,
    /// Its answer was good, late or not.
    pub good: bool,
}

impl ScopeTally {
    /// Nothing counted yet, these limits of response times being exact.
    pub fn new(limits: &Limits) -> ScopeTally {
        let good = limits.good_apart().then(|| Box::new(LatencyTally::new(limits)));
        ScopeTally { counts: [0; 5], errors: 0, latency: LatencyTally::new(limits), good }
    }

    /// Something ended. Planned answers count without a time, and so does what was refused at once:
    /// neither says how fast the site is.
    #[inline(always)]
    pub fn count(&mut self, ended: Ended) {
        self.counts[ended.outcome as usize] += 1;
        self.errors += u64::from(ended.error);
        let Some(took) = ended.took else { return };
        let refused_at_once = ended.outcome == Outcome::Rejected && took.is_at_once();
        if ended.outcome != Outcome::Planned && !refused_at_once {
            self.latency.record_at(took);
        }
        if let (Some(good), true) = (&mut self.good, ended.good) {
            good.record_at(took);
        }
    }

    /// Hands out what was counted, and starts again from nothing.
    pub fn take(&mut self) -> ScopeReading {
        let [ok, failed, rejected, abandoned, planned] = std::mem::take(&mut self.counts);
        let (latency, errors) = (self.latency.take(), Some(std::mem::take(&mut self.errors)));
        let good = self.good.as_mut().map(|good| good.take());
        let (reports, backlog) = (Vec::new(), None);
        ScopeReading {
            ok,
            failed,
            rejected,
            abandoned,
            planned,
            reports,
            latency,
            errors,
            good,
            backlog,
        }
    }
}
