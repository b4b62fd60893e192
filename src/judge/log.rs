//! An access log as the readings of a scenario: from requests to intervals on its wall clock.

use super::Subject;
use crate::logs::{Bins, Knowledge, Mapping, Moment, Request};
use crate::names::Dimension;
use crate::scenario::Plan;
use crate::telemetry::Reading;
use crate::units::Calendar;

/// Requests in, readings out. What the log can tell is known with its first reading.
#[derive(Debug)]
pub struct LogReadings<'p> {
    plan: &'p Plan,
    mapping: Option<Mapping>,
    bins: Option<Bins>,
    requests: u64,
    /// Requests that say how long they took.
    timed: u64,
    /// Whether anything has told browser, login, account and tool.
    dimensions: [bool; 4],
}

impl<'p> LogReadings<'p> {
    /// Nothing has been read yet.
    pub fn new(plan: &'p Plan, mapping: Mapping) -> Self {
        LogReadings {
            plan,
            mapping: Some(mapping),
            bins: None,
            requests: 0,
            timed: 0,
            dimensions: [false; 4],
        }
    }

    /// Counts one request.
    pub fn count(&mut self, request: &Request<'_>) {
        let plan = self.plan;
        if let (None, Some(mapping)) = (&self.bins, self.mapping.take()) {
            // Intervals lie as those of the scenario do, whatever the day.
            let own = Moment::of(plan.calendar.starts().timestamp());
            self.bins = Some(Bins::anywhere(mapping, &plan.names, own, plan.telemetry.every));
        }
        self.requests += 1;
        self.timed += u64::from(request.elapsed.is_some() || request.stream);
        for (known, named) in self.dimensions.iter_mut().zip(&request.named) {
            *known |= named.is_some();
        }
        self.dimensions[Dimension::Browser as usize] |= request.agent.is_some();
        self.bins.as_mut().expect("just made").count(request);
    }

    /// Nothing before this moment will come any more.
    pub fn complete(&mut self, until: Moment) {
        if let Some(bins) = &mut self.bins {
            bins.complete(until);
        }
    }

    /// The next complete interval.
    pub fn next_reading(&mut self) -> Option<Reading> {
        self.bins.as_mut()?.next_reading()
    }

    /// What is judged, by what has been seen so far; `None` before the first request.
    pub fn subject(&self) -> Option<Subject> {
        let start = self.bins.as_ref()?.start();
        let zone = self.plan.calendar.zone().clone();
        let calendar = Calendar::new(start.timestamp().to_zoned(zone));
        Some(Subject::of_log(self.plan, self.knowledge(), &calendar))
    }

    /// What the log can tell, by what has been seen so far.
    pub fn knowledge(&self) -> Knowledge {
        let elapsed = self.timed * 2 >= self.requests;
        Knowledge { elapsed, dimensions: self.dimensions }
    }

    /// Requests that came too late for their interval, and those that no route leads anywhere.
    pub fn left_out(&self) -> (u64, u64) {
        self.bins.as_ref().map_or((0, 0), |bins| (bins.late(), bins.unrouted()))
    }

    /// Requests so far.
    pub fn requests(&self) -> u64 {
        self.requests
    }
}
