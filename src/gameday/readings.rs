//! Readings: taken from the site, on their way for a while, and given to the monitor.

use super::draws::Draws;
use super::{Control, Gameday};
use crate::decision::Input;
use crate::telemetry::Reading;
use crate::units::Time;

impl Gameday<'_> {
    /// The reading of the interval that ends now sets out, and what spoilt its requests is kept.
    pub(super) fn scrape(&mut self, now: Time) {
        let from = Time(now.0 - self.plan.telemetry.every.0);
        let reading = self.site.scrape(from, now);
        let reports = match self.reports.are_kept() {
            true => self.reports.of_interval(now, self.site.totals().affected.total()),
            false => Vec::new(),
        };
        let charges = self.site.charges(from, now);
        if let Some(kept) = &mut self.charges {
            kept.push(charges.clone());
        }
        self.ledger.charges(now, &charges);
        self.grounds.charged(charges);
        self.start_faults(now, &reading);
        let reading = self.as_seen(reading, &reports);
        self.under_way.push_back(reading);
        self.agenda_enter(now + self.plan.telemetry.delay, Control::Deliver);
        self.next_scrape = now + self.plan.telemetry.every;
    }

    /// What happened in the interval that ends now may bring faults, whether or not anybody sees
    /// it.
    fn start_faults(&mut self, now: Time, reading: &Reading) {
        for fault in self.starters.brought_by(reading) {
            let edges = self.schedule.begin(now, fault);
            self.turn(now, &edges);
        }
    }

    /// The monitor takes a reading in, and everything that it says at once is written down with
    /// what it is put down to.
    pub(super) fn reading(&mut self, now: Time, reading: Reading) {
        let to = reading.to;
        if let Some(hints) = self.grounds.new_hints(to) {
            self.inform(now, Input::Causes(hints));
        }
        self.inform(now, Input::Reading(reading));
        self.outputs(now);
        for told in self.grounds.newly_told(to) {
            let began = self.grounds.began(told.cause, &self.schedule);
            self.ledger.told(now, told, began.unwrap_or(to));
        }
    }

    /// What was drawn so far of people and pipelines.
    pub fn draws(&self) -> Draws {
        self.humans.draws().clone().and(self.pipelines.draws()).and(&self.messages.draws)
    }
}
