//! What had been sent and how it had ended at the moments that incidents begin and end at.

use crate::journal::{IncidentRequests, Story};
use crate::site::SiteTotals;
use crate::units::Time;

/// The sums of the site at some moments, in order of time.
#[derive(Clone, Default)]
pub(super) struct Marks(Vec<(Time, SiteTotals)>);

impl Marks {
    /// Notes the sums at a moment at which something may begin or end.
    pub fn note(&mut self, at: Time, totals: SiteTotals) {
        self.0.push((at, totals));
    }

    /// What was sent while each incident lasted: from its cause, as far as that moment was noted,
    /// to the end of its last attempt or the end of the run.
    pub fn incidents(&self, story: &Story, end: SiteTotals) -> Vec<IncidentRequests> {
        let of = |incident: crate::journal::Incident| {
            let (from, to) = (incident.first().started_at, incident.last().ended_at);
            let before = self.0.iter().rev().find(|(at, _)| *at <= from);
            let before = before.map_or(SiteTotals::default(), |(_, totals)| *totals);
            let after = self.0.iter().find(|(at, _)| *at >= to);
            let after = after.map_or(end, |(_, totals)| *totals);
            let count = |of: fn(&SiteTotals) -> u64| of(&after).saturating_sub(of(&before));
            IncidentRequests {
                incident: incident.number,
                requests: count(|totals| totals.generated - totals.planned),
                bad: count(|totals| totals.failed + totals.rejected + totals.abandoned),
                page: count(|totals| totals.planned),
            }
        };
        story.incidents().into_iter().map(of).collect()
    }
}
