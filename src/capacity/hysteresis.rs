//! Up and down again: whether a site that was overrun recovers at the load that it bore before.

use super::outcome::Status;
use super::point::Arena;
use super::production::{Production, length};
use crate::units::{Span, Time};
use serde::{Deserialize, Serialize};

/// Steps up, from well below the breaking point to above it, as multiples of it.
const UP: [f64; 8] = [0.6, 0.75, 0.85, 0.92, 0.98, 1.05, 1.15, 1.3];
/// Steps down from there, to next to nothing.
const DOWN: [f64; 11] = [1.15, 1.05, 0.98, 0.92, 0.85, 0.75, 0.6, 0.45, 0.3, 0.15, 0.05];
/// The shortest time for which a step is held before it is looked at.
const HELD: f64 = 120.0;
/// The longest.
const LONGEST: f64 = 7_200.0;
/// Batches in which a step is looked at.
const BATCHES: u64 = 5;

/// One load of the way up or down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rung {
    /// Times the expected peak.
    pub multiple: f64,
    pub status: Status,
    /// The judged percentile in seconds.
    pub latency: Option<f64>,
    pub errors: f64,
    pub requests: f64,
    /// Requests per second that got a good answer.
    pub good: f64,
}

/// A site on the way up and down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hysteresis {
    pub up: Vec<Rung>,
    pub down: Vec<Rung>,
    /// The highest load of the way up before the objectives are missed for the first time.
    pub bears: Option<f64>,
    /// The highest load of the way down at which they are met again; `None`: not even at the last.
    pub recovers: Option<f64>,
}

impl Hysteresis {
    /// Whether it takes a clearly lighter load to recover than was borne before: more than one step
    /// lighter.
    pub fn is_there(&self) -> bool {
        let Some(bears) = self.bears else { return false };
        let steps_down = |recovers: f64| {
            self.down
                .iter()
                .filter(|rung| rung.multiple < bears && rung.multiple > recovers)
                .count()
        };
        self.recovers.is_none_or(|recovers| steps_down(recovers) > 1)
    }
}

/// Plays one site up to above its breaking point and down again, each load held for long enough that
/// visits under way are as many as belong to it. `None` if it was stopped.
pub fn up_and_down(arena: &Arena, breaks: f64, stop: &dyn Fn() -> bool) -> Option<Hysteresis> {
    let tools = arena.plan.traffic.tools.iter();
    let longest = tools.map(|tool| length(tool, &arena.plan.site)).fold(0.0, f64::max);
    let hold = Span::from_seconds((3.0 * longest).clamp(HELD, LONGEST));
    let batch = Span(hold.0 / 2 / BATCHES);
    let rung = Span(hold.0 + batch.0 * BATCHES);
    let steps: Vec<f64> = UP.iter().chain(&DOWN).map(|step| step * breaks).collect();
    // The curve's own factors change the load while the site goes on: the first lasts as long as it
    // takes to bring the site to its long run.
    let visits = arena.peak * steps[0];
    let start = Production::at(arena.plan, arena.case, visits, &[]).now();
    let factors = steps.iter().enumerate().map(|(number, step)| match number {
        0 => (Time::ZERO, 1.0),
        _ => (start + rung * number as u64, step / steps[0]),
    });
    let factors: Vec<(Time, f64)> = factors.collect();
    let mut production = Production::at(arena.plan, arena.case, visits, &factors);
    let mut rungs = Vec::with_capacity(steps.len());
    for multiple in steps {
        if stop() {
            return None;
        }
        production.run(hold);
        let batches: Vec<_> = (0..BATCHES).map(|_| production.run(batch)).collect();
        let status = arena.judge(&batches, 1.0);
        let point = arena.point(multiple, &batches, status);
        rungs.push(Rung {
            multiple,
            status,
            latency: point.outcome.latency,
            errors: point.outcome.errors,
            requests: point.outcome.requests,
            good: point.good,
        });
    }
    let down = rungs.split_off(UP.len());
    let missed = |rung: &&Rung| rung.status == Status::Missed;
    let bears = rungs.iter().take_while(|rung| !missed(rung)).last().map(|rung| rung.multiple);
    let recovers = down.iter().find(|rung| !missed(rung)).map(|rung| rung.multiple);
    Some(Hysteresis { up: rungs, down, bears, recovers })
}
