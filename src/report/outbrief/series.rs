//! The readings of a run, thinned to as many points as a chart can show.

use crate::journal::{Entry, Event, Header, ScopeRow};
use crate::units::{Span, Time};

/// The most points of a chart: more would be closer together than a pixel on a phone.
const POINTS: u64 = 360;

/// What a chart shows of one stretch of time.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct ChartPoint {
    pub ok: u64,
    /// Failed and rejected.
    pub bad: u64,
    pub abandoned: u64,
    pub planned: u64,
    /// The worst reading within the stretch, in milliseconds.
    pub p50: Option<f64>,
    pub p95: Option<f64>,
    pub p99: Option<f64>,
    /// How many readings there were, and how many of them were missing.
    pub readings: u32,
    pub missing: u32,
}

impl ChartPoint {
    /// The requests that count towards an error rate.
    pub fn total(&self) -> u64 {
        self.ok + self.bad + self.abandoned
    }

    /// The share of errors in percent; `None` without requests.
    pub fn error_pct(&self) -> Option<f64> {
        (self.total() > 0).then(|| self.bad as f64 / self.total() as f64 * 100.0)
    }

    /// Requests without a good answer: failed, refused, or given up by visitors.
    pub fn unanswered(&self) -> u64 {
        self.bad + self.abandoned
    }

    /// Their share in percent; `None` without requests.
    pub fn unanswered_pct(&self) -> Option<f64> {
        (self.total() > 0).then(|| self.unanswered() as f64 / self.total() as f64 * 100.0)
    }

    /// Whether every reading of the stretch is missing.
    pub fn is_blind(&self) -> bool {
        self.readings > 0 && self.missing == self.readings
    }

    /// Counts a reading of the whole site in.
    fn count(&mut self, missing: bool, site: Option<&ScopeRow>) {
        self.readings += 1;
        match site {
            _ if missing => self.missing += 1,
            Some(site) => self.add(site),
            None => {}
        }
    }

    fn add(&mut self, row: &ScopeRow) {
        self.ok += row.ok;
        self.bad += row.failed + row.rejected;
        self.abandoned += row.abandoned;
        self.planned += row.planned;
        self.p50 = slower_of(self.p50, row.p50);
        self.p95 = slower_of(self.p95, row.p95);
        self.p99 = slower_of(self.p99, row.p99);
    }
}

fn slower_of(known: Option<f64>, new: Option<f64>) -> Option<f64> {
    let new = new.filter(|value| value.is_finite());
    known.into_iter().chain(new).reduce(f64::max)
}

/// The readings of a stretch of time, close up: by the reading where there is room for that.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CloseUp {
    /// The start of the first point.
    pub from: Time,
    /// The time that one point represents.
    pub step: Span,
    pub points: Vec<ChartPoint>,
}

impl CloseUp {
    /// A stretch without readings.
    pub fn new(header: &Header, (from, to): (Time, Time)) -> CloseUp {
        let every = header.every.0.max(1);
        let from = from.0 / every * every;
        let readings = to.0.saturating_sub(from).div_ceil(every).max(1);
        let step = readings.div_ceil(POINTS).saturating_mul(every);
        let points = to.0.saturating_sub(from).div_ceil(step).clamp(1, POINTS) as usize;
        CloseUp { from: Time(from), step: Span(step), points: vec![ChartPoint::default(); points] }
    }

    /// Counts an entry in if it is a reading of this stretch.
    pub fn add(&mut self, entry: &Entry) {
        let Event::Reading { from, missing, scopes, .. } = &entry.event else { return };
        if self.from <= *from {
            let position = (from.since(self.from).0 / self.step.0) as usize;
            let point = self.points.get_mut(position);
            point.into_iter().for_each(|point| point.count(*missing, scopes.first()));
        }
    }

    /// The start of a point's stretch.
    pub fn start(&self, position: usize) -> Time {
        Time(self.from.0.saturating_add(self.step.0.saturating_mul(position as u64)))
    }

    /// Every point with the middle of its stretch.
    pub fn timed(&self) -> impl Iterator<Item = (Time, &ChartPoint)> {
        let half = Span(self.step.0 / 2);
        self.points.iter().enumerate().map(move |(i, point)| (self.start(i) + half, point))
    }

    /// The stretches of points of which this holds, from the start of the first to the end of the
    /// last.
    pub fn stretches(&self, holds: impl Fn(&ChartPoint) -> bool) -> Vec<(Time, Time)> {
        let mut found: Vec<(Time, Time)> = Vec::new();
        for (position, _) in self.points.iter().enumerate().filter(|(_, point)| holds(point)) {
            let (from, to) = (self.start(position), self.start(position + 1));
            match found.last_mut().filter(|(_, end)| *end == from) {
                Some((_, end)) => *end = to,
                None => found.push((from, to)),
            }
        }
        found
    }
}

/// The number of bins in the row of a segment.
pub(super) const BINS: u64 = 60;

/// What one scope had to bear in one of the bins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Bin {
    pub requests: u64,
    /// Failed, rejected or given up.
    pub bad: u64,
    /// Answered by a maintenance page, beside the requests.
    pub planned: u64,
    /// Whether there was a reading at all, and whether any was missing.
    pub seen: bool,
    pub missing: bool,
}

/// What waits in a durable queue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct QueuedWork {
    /// How many requests.
    pub requests: u64,
    /// How long the oldest of them has, in seconds.
    pub age: f64,
}

/// The whole site over time, and what every scope had to bear in all. Its size does not depend on
/// how long the run was.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SiteSeries {
    /// The time that one point represents.
    pub step: Span,
    pub points: Vec<ChartPoint>,
    /// Requests and those of them that failed, were rejected or given up, by scope of the header.
    pub burden: Vec<(u64, u64)>,
    /// The same over time, by scope of the header; each bin as long as [`SiteSeries::bin`].
    pub bins: Vec<Vec<Bin>>,
    /// How long a bin is.
    pub bin: Span,
    /// What waits at the end of each point's last reading, by scope of the header; of a scope
    /// without a durable queue, and until one is seen, nothing.
    pub waiting: Vec<Vec<Option<QueuedWork>>>,
    /// The stretches that are drawn close up, in the order in which they were asked for.
    pub close_ups: Vec<CloseUp>,
}

impl SiteSeries {
    /// A series without readings.
    pub fn new(header: &Header) -> SiteSeries {
        let every = header.every.0.max(1);
        let readings = header.lasts.0.div_ceil(every).max(1);
        let step = readings.div_ceil(POINTS) * every;
        let points = header.lasts.0.div_ceil(step).clamp(1, POINTS) as usize;
        let bin = readings.div_ceil(BINS).saturating_mul(every);
        let bins = header.lasts.0.div_ceil(bin).clamp(1, BINS) as usize;
        SiteSeries {
            step: Span(step),
            points: vec![ChartPoint::default(); points],
            burden: vec![(0, 0); header.scopes.len()],
            bins: vec![vec![Bin::default(); bins]; header.scopes.len()],
            bin: Span(bin),
            waiting: vec![Vec::new(); header.scopes.len()],
            close_ups: Vec::new(),
        }
    }

    /// The same series, which also looks at these stretches close up.
    pub fn with_close_ups(mut self, header: &Header, stretches: &[(Time, Time)]) -> SiteSeries {
        self.close_ups = stretches.iter().map(|one| CloseUp::new(header, *one)).collect();
        self
    }

    /// Counts an entry in if it is a reading.
    pub fn add(&mut self, entry: &Entry) {
        let Event::Reading { from, missing, scopes, .. } = &entry.event else { return };
        self.close_ups.iter_mut().for_each(|close_up| close_up.add(entry));
        let position = (from.0 / self.step.0) as usize;
        let Some(point) = self.points.get_mut(position) else { return };
        point.count(*missing, scopes.first());
        let points = self.points.len();
        for (waiting, row) in self.waiting.iter_mut().zip(scopes) {
            let (Some(requests), Some(age)) = (row.backlog, row.backlog_age) else { continue };
            waiting.resize(points, None);
            waiting[position] = Some(QueuedWork { requests, age });
        }
        let position = (from.0 / self.bin.0) as usize;
        for (scope, bins) in self.bins.iter_mut().enumerate() {
            let Some(bin) = bins.get_mut(position) else { continue };
            let row = scopes.get(scope).filter(|row| !missing && !row.unseen);
            bin.missing |= row.is_none();
            let Some(row) = row else { continue };
            let bad = row.failed + row.rejected + row.abandoned;
            bin.seen = true;
            bin.requests += row.ok + bad;
            bin.bad += bad;
            bin.planned += row.planned;
            self.burden[scope].0 += row.ok + bad;
            self.burden[scope].1 += bad;
        }
    }

    /// Every point with the middle of its stretch, in seconds since the start.
    pub fn timed(&self) -> impl Iterator<Item = (f64, &ChartPoint)> {
        let step = self.step.seconds();
        self.points.iter().enumerate().map(move |(i, point)| ((i as f64 + 0.5) * step, point))
    }

    /// The start of a point's stretch.
    pub fn start(&self, position: usize) -> Time {
        Time(self.step.0.saturating_mul(position as u64))
    }

    /// Points taken together in groups of this many.
    pub fn coarser(&self, group: usize) -> Vec<ChartPoint> {
        let merged = |points: &[ChartPoint]| {
            points.iter().fold(ChartPoint::default(), |mut sum, point| {
                sum.ok += point.ok;
                sum.bad += point.bad;
                sum.abandoned += point.abandoned;
                sum.planned += point.planned;
                sum.p50 = slower_of(sum.p50, point.p50);
                sum.p95 = slower_of(sum.p95, point.p95);
                sum.p99 = slower_of(sum.p99, point.p99);
                sum.readings += point.readings;
                sum.missing += point.missing;
                sum
            })
        };
        self.points.chunks(group.max(1)).map(merged).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::fixture;

    #[test]
    fn nothing_is_lost_by_thinning() {
        let (mut header, entries) = fixture::proxy_outage();
        for lasts in [Span::from_secs(10_800), Span::from_secs(20 * 86_400)] {
            header.lasts = lasts;
            let mut series = SiteSeries::new(&header);
            entries.iter().for_each(|entry| series.add(entry));
            assert!(series.points.len() <= POINTS as usize);
            let of_points: u64 = series.points.iter().map(ChartPoint::total).sum();
            assert_eq!(of_points, series.burden[0].0);
            assert!(of_points > 0 && series.burden[0].1 > 0);
            let worst = series.points.iter().filter_map(|p| p.p99).fold(0.0, f64::max);
            let readings = entries.iter().filter_map(|entry| match &entry.event {
                Event::Reading { scopes, .. } => scopes.first()?.p99,
                _ => None,
            });
            assert_eq!(worst, readings.fold(0.0, f64::max));
            let coarse: u64 = series.coarser(7).iter().map(ChartPoint::total).sum();
            assert_eq!(coarse, of_points);
        }
    }

    #[test]
    fn headers_without_sense_do_no_harm() {
        let (mut header, entries) = fixture::proxy_outage();
        for (every, lasts) in [(0, 0), (0, u64::MAX), (u64::MAX, 1), (1, u64::MAX)] {
            (header.every, header.lasts) = (Span(every), Span(lasts));
            let mut series = SiteSeries::new(&header);
            entries.iter().for_each(|entry| series.add(entry));
            assert!(!series.points.is_empty() && series.points.len() <= POINTS as usize);
        }
    }
}
