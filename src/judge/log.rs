//! An access log as the readings of a scenario: from requests to intervals on its wall clock.

use super::Subject;
use crate::logs::{Bins, Knowledge, Mapping, Moment, Request};
use crate::measure::Limits;
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
    limits: Limits,
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
            limits: Limits::new(plan.limits()),
            requests: 0,
            timed: 0,
            dimensions: [false; 4],
        }
    }

    /// The same before anything is counted, with these limits of response times exact instead of
    /// the plan's own.
    pub fn with_limits(self, limits: Limits) -> Self {
        LogReadings { limits, ..self }
    }

    /// Counts one request. The first one decides where the readings begin.
    pub fn count(&mut self, request: &Request<'_>) {
        let plan = self.plan;
        if let (None, Some(mapping)) = (&self.bins, self.mapping.take()) {
            let (start, every) = (start(plan, request.at), plan.telemetry.every);
            let limits = self.limits.clone();
            self.bins = Some(Bins::new(mapping, &plan.names, start, every).with_limits(limits));
        }
        self.requests += 1;
        self.timed += u64::from(request.elapsed.is_some());
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

/// Where readings begin: intervals lie as those of the scenario do, whatever the day.
fn start(plan: &Plan, first: Moment) -> Moment {
    let own = Moment::of(plan.calendar.starts().timestamp());
    let every = plan.telemetry.every;
    let whole = |n: u64| every * n;
    if first >= own {
        own.plus(whole(first.since(own).0 / every.0))
    } else {
        own.minus(whole(own.since(first).0.div_ceil(every.0)))
    }
}
