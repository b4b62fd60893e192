//! An access log as the readings of a scenario: from requests to intervals on its wall clock.

use super::Subject;
use crate::logs::{Bins, Knowledge, LogMapping, Moment, Request};
use crate::measure::Limits;
use crate::names::Dimension;
use crate::scenario::Plan;
use crate::telemetry::Reading;
use crate::units::{Calendar, Span};

/// Requests in, readings out. What the log can tell is known with its first reading.
#[derive(Debug)]
pub struct LogReadings<'p> {
    plan: &'p Plan,
    mapping: Option<LogMapping>,
    bins: Option<Bins>,
    limits: Limits,
    requests: u64,
    /// Requests that say how long they took.
    timed: u64,
    /// Whether lines name no zone.
    local: bool,
    /// Whether anything has told browser, login, account and tool.
    dimensions: [bool; 4],
    /// Stretches of which lines may have been lost.
    lost: Vec<(Moment, Moment)>,
    /// Readings that are not judged for that reason.
    not_judged: u64,
}

impl<'p> LogReadings<'p> {
    /// Nothing has been read yet.
    pub fn new(plan: &'p Plan, mapping: LogMapping) -> Self {
        LogReadings {
            plan,
            mapping: Some(mapping),
            bins: None,
            limits: plan.kept_times(),
            requests: 0,
            timed: 0,
            local: false,
            dimensions: [false; 4],
            lost: Vec::new(),
            not_judged: 0,
        }
    }

    /// The same before anything is counted, with these limits of response times exact instead of
    /// the plan's own.
    pub fn with_limits(self, limits: Limits) -> Self {
        LogReadings { limits, ..self }
    }

    /// Lines between these moments may have been lost, so their intervals are not judged. Says how
    /// long that is, and how many readings; `None` before the first request.
    pub fn mark_lost(&mut self, from: Moment, to: Moment) -> Option<String> {
        let start = self.bins.as_ref()?.start();
        let every = self.plan.telemetry.every;
        let number = |at: Moment| at.since(start).0 / every.0;
        self.lost.push((from, to.max(from)));
        let readings = number(to.max(from)) - number(from) + 1;
        let plural = if readings == 1 { " is" } else { "s are" };
        Some(format!("{}: {readings} reading{plural} not judged", to.since(from)))
    }

    /// Readings so far that are not judged because lines may have been lost.
    pub fn not_judged(&self) -> u64 {
        self.not_judged
    }

    /// Counts one request.
    pub fn count(&mut self, request: &Request<'_>) {
        let plan = self.plan;
        if let (None, Some(mapping)) = (&self.bins, self.mapping.take()) {
            // Intervals lie as those of the scenario do, whatever the day.
            let own = Moment::from_timestamp(plan.calendar.starts().timestamp());
            let bins = Bins::anywhere(mapping, &plan.names, own, plan.telemetry.every);
            self.bins = Some(bins.with_limits(self.limits.clone()));
        }
        self.requests += 1;
        self.local |= request.local;
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
        let bins = self.bins.as_mut()?;
        let mut reading = bins.next_reading()?;
        let start = bins.start();
        let (from, to) = (start.plus(Span(reading.from.0)), start.plus(Span(reading.to.0)));
        self.lost.retain(|(_, until)| *until >= from);
        if self.lost.iter().any(|(since, until)| *since < to && from <= *until) {
            reading.missing = true;
            self.not_judged += 1;
        }
        Some(reading)
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

    /// Where times name no zone and lie outside the scenario, though they would lie in it in UTC or
    /// in the scenario's own zone: the name of that one.
    pub fn zone_that_fits_better(&self) -> Option<String> {
        let start = self.bins.as_ref().filter(|_| self.local)?.start().timestamp();
        let calendar = &self.plan.calendar;
        let own = calendar.starts().timestamp();
        let lasts = jiff::SignedDuration::from_nanos(i64::try_from(self.plan.lasts.0).ok()?);
        let within = |at: jiff::Timestamp| own <= at && at < own + lasts;
        let offset =
            jiff::SignedDuration::from_secs(calendar.zone().to_offset(start).seconds().into());
        if within(start) {
            return None;
        }
        // The same clock is so much earlier or later, read in the other zone.
        if within(start + offset) {
            return Some("UTC".to_string());
        }
        within(start - offset).then(|| calendar.zone().iana_name().map(String::from))?
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
