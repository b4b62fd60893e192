//! What the benches share: CPU seconds, contests in turns, and loops written by hand as a bound.

#![allow(dead_code)]

pub mod by_hand;
pub mod launch;

use std::fmt::Display;

/// Rounds of a contest; the median counts.
pub const ROUNDS: usize = 7;

/// One side of a contest: does its work and says how many units of it that was.
pub struct Side<'a> {
    pub name: String,
    work: Box<dyn FnMut() -> u64 + 'a>,
}

impl<'a> Side<'a> {
    pub fn new(name: impl Display, work: impl FnMut() -> u64 + 'a) -> Side<'a> {
        Side { name: name.to_string(), work: Box::new(work) }
    }
}

/// Runs all sides in turns and gives the median CPU nanoseconds per unit of each.
pub fn contest(sides: &mut [Side<'_>]) -> Vec<f64> {
    let mut times = vec![Vec::new(); sides.len()];
    for _ in 0..ROUNDS {
        for (side, times) in sides.iter_mut().zip(&mut times) {
            let start = cpu_nanoseconds();
            let units = (side.work)();
            times.push((cpu_nanoseconds() - start) as f64 / units as f64);
        }
    }
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    times.into_iter().map(median).collect()
}

/// Prints the head of a table of contests.
pub fn heading(title: &str, unit: &str) {
    println!("\n{title}");
    println!("{:<44} {:>12} {:>12} {:>9}", "", format!("ns per {unit}"), "M per s", "of bound");
}

/// Prints one row; `bound` is the time of the loop written by hand.
pub fn row(name: &str, nanoseconds: f64, bound: f64) {
    let rate = 1e3 / nanoseconds;
    println!("{name:<44} {nanoseconds:>12.1} {rate:>12.3} {:>9.2}", bound / nanoseconds);
}

/// Runs a contest and prints it; the first side is the bound of the others.
pub fn print(sides: &mut [Side<'_>]) -> Vec<f64> {
    let times = contest(sides);
    for (side, time) in sides.iter().zip(&times) {
        row(&side.name, *time, times[0]);
    }
    times
}

/// CPU time of this thread so far; elapsed time where the system does not report it.
pub fn cpu_nanoseconds() -> u64 {
    #[cfg(unix)]
    {
        use rustix::time::{ClockId, clock_gettime};
        let spent = clock_gettime(ClockId::ThreadCPUTime);
        spent.tv_sec as u64 * 1_000_000_000 + spent.tv_nsec as u64
    }
    #[cfg(not(unix))]
    {
        use std::{sync::OnceLock, time::Instant};
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed().as_nanos() as u64
    }
}

/// The largest resident size so far in megabytes, where the system says.
pub fn peak_megabytes() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1_024.0)
}
