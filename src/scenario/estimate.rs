//! What a run will take, before it begins: events, rows, disk, memory and time, each roughly.

use super::Plan;
use crate::names::Scope;
use crate::site::{offered, per_visit};
use crate::traffic::Arrivals;
use crate::units::{Rate, Time, grouped};
use std::fmt;

/// Events of the site per second of a processor, on a usual machine. Cautious: the days in
/// `benches/README.md` make two or three times as many, without the files that a run writes.
const EVENTS_PER_SECOND: f64 = 1e7;
/// Events of a request, and of each call on its way: rough, as all figures below. Only the estimate
/// that is shown, what is refused as too large, and how much `sim run` and `sim fill` play beside
/// what was asked for rest on them.
const OF_REQUEST: f64 = 4.0;
const OF_CALL: f64 = 5.0;
/// Bytes of a row of `metrics.csv` beside the scenario's title, and of the same in the journal.
const ROW: f64 = 190.0;
const ENTRY: f64 = 120.0;
/// Bytes in memory of a request that is under way.
const UNDER_WAY: f64 = 400.0;

/// About what one simulated day takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunEstimate {
    /// Things that happen on the site.
    pub events: f64,
    /// Readings that monitoring takes.
    pub readings: f64,
    /// Bytes of its files.
    pub disk: f64,
    /// Bytes of memory at the busiest moment.
    pub memory: f64,
}

/// Beyond any of these limits, a run is refused unless it is explicitly asked for. A choice: four
/// hours by the speed above, almost a year of readings every 10 s, and 8 GB each on disk and in
/// memory. A choice: an
/// hour and more by the speed above, almost a year of readings every 10 s, and 8 GB each on disk
/// and in memory.
const MOST: RunEstimate = RunEstimate { events: 4e10, readings: 3e6, disk: 8e9, memory: 8e9 };

impl RunEstimate {
    /// Of one day of a plan.
    pub fn from_plan(plan: &Plan) -> RunEstimate {
        let lasts = plan.lasts.seconds();
        let arrivals = Arrivals::new(&plan.traffic.curve);
        let visits = arrivals.cumulative(Time::ZERO + plan.lasts);
        let per = |scope| per_visit(scope, &plan.site, &plan.traffic);
        let requests = visits * per(Scope::Site);
        let tiers = (0..plan.site.tiers.len()).map(|tier| per(Scope::Tier(tier.into())));
        let calls = visits * tiers.sum::<f64>();
        let checks = plan.site.tiers.iter().map(|tier| {
            let every = tier.health.map_or(f64::INFINITY, |health| health.every.seconds());
            f64::from(tier.instances) * lasts / every.max(1e-9)
        });
        let readings = lasts / plan.telemetry.every.seconds().max(1e-9);
        let scopes = plan.names.scopes().len() as f64;
        let row = ROW + plan.scenario.len() as f64 + ENTRY;
        let (_, Rate(peak)) = super::peak(plan);
        let held = offered(&plan.site, &plan.traffic, Rate(peak));
        let under_way: f64 = held.iter().map(|load| load.busy).sum();
        RunEstimate {
            events: requests * OF_REQUEST + calls * OF_CALL + 2.0 * checks.sum::<f64>(),
            readings,
            disk: readings * scopes * row,
            memory: 2e7 + under_way * UNDER_WAY + scopes * 20_000.0,
        }
    }

    /// How long one processor plays it, in seconds.
    pub fn seconds(&self) -> f64 {
        self.events / EVENTS_PER_SECOND + self.disk / 5e7
    }

    /// Why such a run is refused unless it is asked for; `None`: it is no larger than usual.
    pub fn too_large(&self) -> Option<String> {
        let over = [
            (self.events > MOST.events, format!("{} events", about(self.events))),
            (self.readings > MOST.readings, format!("{} readings", about(self.readings))),
            (self.disk > MOST.disk, format!("{} on disk", bytes(self.disk))),
            (self.memory > MOST.memory, format!("{} of memory", bytes(self.memory))),
        ];
        let over: Vec<String> =
            over.into_iter().filter(|(over, _)| *over).map(|(_, words)| words).collect();
        (!over.is_empty()).then(|| over.join(", "))
    }
}

impl fmt::Display for RunEstimate {
    /// `about 52,000,000 events, 21 MB on disk and 30 MB of memory, 21 seconds`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "about {} events, {} on disk and {} of memory, {}",
            about(self.events),
            bytes(self.disk),
            bytes(self.memory),
            time(self.seconds())
        )
    }
}

/// Two digits of a large number.
fn about(number: f64) -> String {
    if !(100.0..1e18).contains(&number) {
        return if number < 100.0 { format!("{number:.0}") } else { "more than 10^18".to_string() };
    }
    let scale = libm::pow(10.0, libm::floor(libm::log10(number)) - 1.0);
    grouped((libm::round(number / scale) * scale) as u64)
}

fn bytes(number: f64) -> String {
    let units = [(1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
    let (scale, unit) = units.into_iter().find(|(scale, _)| number >= *scale).unwrap_or((1.0, "B"));
    format!("{} {unit}", about(number / scale))
}

fn time(seconds: f64) -> String {
    let (number, unit) = match seconds {
        ..1.0 => return "less than a second".to_string(),
        ..100.0 => (seconds, "second"),
        ..6_000.0 => (seconds / 60.0, "minute"),
        _ => (seconds / 3_600.0, "hour"),
    };
    let text = about(number);
    let plural = if text == "1" { "" } else { "s" };
    format!("{text} {unit}{plural}")
}
