//! The end of a gameday: what is still open, what the result is, and whether that was expected.

use super::Gameday;
use super::ledger::Finished;
use crate::decision::{self, MonitorInput};
use crate::journal::{Event, SegmentRow, Totals};
use crate::names::Dimension;
use crate::scenario;
use crate::site;
use crate::units::Time;

impl Gameday<'_> {
    /// Closes the books at the moment reached: open attempts, go/no-go, expectations, totals.
    pub fn finish(mut self) -> Finished {
        let interrupted = !self.over;
        let now = if interrupted { self.site.now() } else { Time::ZERO + self.plan.lasts };
        self.site.check_conservation();
        self.inform(now, MonitorInput::End);
        self.outputs(now);
        let totals = self.totals(interrupted);
        self.criteria(now);
        self.ledger.expectations(now, &self.plan.expect);
        self.ledger.write(now, Event::End(Box::new(totals)));
        let inputs = self.drain_inputs();
        self.ledger.finish(inputs)
    }

    fn totals(&self, interrupted: bool) -> Totals {
        let rules =
            self.monitor.ticks().map(|ticks| ticks.named(self.ledger.words.names())).collect();
        let site = self.site.totals();
        let incidents = self.marks.incidents(self.ledger.story(), site);
        Totals { site, interrupted, segments: self.segments(), rules, incidents }
    }

    fn segments(&self) -> Vec<SegmentRow> {
        let lost_in = |dimension: Dimension| {
            let words = &self.plan.names.categories[dimension as usize];
            let affected = self.site.affected_by(dimension);
            let sums = affected.iter().zip(self.site.lost_time_by(dimension));
            words.iter().zip(sums).map(move |(name, (affected, lost))| SegmentRow {
                kind: dimension.into(),
                name: name.clone(),
                affected: *affected,
                lost: *lost,
            })
        };
        Dimension::ALL.into_iter().flat_map(lost_in).collect()
    }

    fn criteria(&mut self, now: Time) {
        let seen = |measured: &decision::MeasuredQuantity| match measured {
            decision::MeasuredQuantity::Users => Some(self.site.totals().users as f64),
            decision::MeasuredQuantity::Coverage(dimensions) => {
                Some(self.site.coverage(dimensions))
            }
            decision::MeasuredQuantity::Headroom => {
                let (_, visits) = scenario::peak(self.plan);
                site::headroom(&self.plan.site, &self.plan.traffic, visits)
            }
        };
        let judged = decision::judge(&self.plan.go_no_go, &self.plan.decision, &seen);
        for row in judged {
            self.ledger.write(now, Event::Criterion(Box::new(row)));
        }
    }
}
