//! Tiers that the expected traffic overruns.

use super::super::problem::{Problem, quoted};
use super::words::share;
use super::{Sense, peak};
use crate::journal::Severity;
use crate::site::offered;
use crate::units::Span;

/// Busier than this, a tier has no room for a bad minute.
const TIGHT: f64 = 0.8;

impl Sense<'_> {
    /// Compares the offered load at the peak with the threads that there are.
    pub fn capacity(&mut self) {
        let (at, visits) = peak(self.plan);
        let Some(tiers) = self.document.site.as_ref().and_then(|site| site.tiers.as_ref()) else {
            return;
        };
        for load in offered(&self.plan.site, &self.plan.traffic, visits) {
            if load.utilisation() < TIGHT {
                continue;
            }
            let (tier, _) = &tiers.0[load.tier.index()];
            let sum = format!(
                "{:.1} calls/s, each holding a thread for {}, keep {:.1} of {} threads busy",
                load.calls,
                Span::from_seconds(load.hold()),
                load.busy,
                load.threads,
            );
            let (name, clock) = (quoted(&tier.value), self.plan.calendar.clock(at));
            if load.utilisation() >= 1.0 {
                let message = format!("{name} is over its capacity: {sum}");
                let hint =
                    format!("at the peak ({clock}); {:.0} threads are the least", load.busy.ceil());
                self.warning(tier.place, message, hint);
            } else {
                let busy = share(load.utilisation());
                let text =
                    format!("{busy} of the threads of {name} are busy at the peak ({clock})");
                let hint = format!("{sum}; a slow tier behind it leaves no room");
                let problem = Problem::finding(tier.place, text).hint(hint);
                self.finding("capacity", Severity::Medium, problem);
            }
        }
    }
}
