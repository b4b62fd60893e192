//! What comes back is slow at first: caches are cold, pools are empty.

use super::blame::CauseId;
use super::tier::{Instance, TierAtWork};
use crate::units::{Span, Time};

impl Instance {
    /// It takes requests from now on, with nothing in its caches, after it was away for this.
    pub(super) fn return_cold(&mut self, now: Time, by: CauseId) {
        (self.cold_since, self.cold_by) = (Some(now), by);
    }
}

impl TierAtWork {
    /// The same work in an instance that may still be cold, how much longer that is, and by what.
    #[inline]
    pub(super) fn warming_up(
        &self,
        number: u32,
        now: Time,
        work: Span,
    ) -> Option<(Span, CauseId, Span)> {
        let warming = self.plan.warming?;
        let instance = &self.instances[number as usize];
        let since = now.since(instance.cold_since?);
        if since >= warming.within {
            return None;
        }
        let longer = work.stretched(warming.factor(since));
        Some((longer, instance.cold_by, Span(longer.0.saturating_sub(work.0))))
    }
}
