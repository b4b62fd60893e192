//! The breaking point: bracketed, then halved, until the bracket is narrow or nothing is clear.

use super::outcome::LoadStatus;
use super::point::{LoadPoint, LoadTest};
use serde::{Deserialize, Serialize};

/// Steps by which the bracket is looked for. A choice: the guess of the formula is seldom far off,
/// so that mostly one step finds the other end.
const STRIDE: f64 = 1.3;
/// The most steps up or down. A choice: twelve reach 23 times the guess, or a 23rd of it.
const STRIDES: usize = 12;
/// A load so near its limit may be judged either way, so the ends are moved out by as much: of
/// queues with known limits, none was judged wrongly from further away.
const EITHER_WAY: f64 = 0.015;
/// No more points than this for one search. A choice that bounds the time where much is unclear:
/// from one stride to 3 % take four.
const POINTS: usize = 24;

/// The highest multiple of the expected peak that meets the objectives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Breaking {
    /// The best guess; `None`: it was not found between the ends.
    pub at: Option<f64>,
    /// No higher than the highest multiple that clearly meets the objectives; `None`: none does.
    pub low: Option<f64>,
    /// No lower than the lowest multiple that clearly misses them; `None`: none was found.
    pub high: Option<f64>,
    /// What was played, lightest load first.
    pub points: Vec<LoadPoint>,
}

impl Breaking {
    fn status(&self, of: LoadStatus) -> std::vec::IntoIter<f64> {
        let those = self.points.iter().filter(|point| point.outcome.status == of);
        those.map(|point| point.multiple).collect::<Vec<f64>>().into_iter()
    }

    /// Brings the ends up to the points: nothing that meets the objectives above the lowest
    /// multiple that misses them counts.
    fn narrow(&mut self) {
        self.points.sort_by(|a, b| a.multiple.total_cmp(&b.multiple));
        self.high = self.status(LoadStatus::Missed).next();
        let below = self.high.unwrap_or(f64::INFINITY);
        self.low = self.status(LoadStatus::Met).rfind(|met| *met < below);
        let open: Vec<f64> = self.status(LoadStatus::Open).filter(|open| *open < below).collect();
        let open = open.into_iter().filter(|open| self.low.is_none_or(|low| *open > low));
        let open: Vec<f64> = open.collect();
        self.at = match (open.first().zip(open.last()), self.low.zip(self.high)) {
            (Some((first, last)), Some(_)) => Some((first * last).sqrt()),
            (None, Some((low, high))) => Some((low * high).sqrt()),
            _ => None,
        };
    }

    fn played(&self, multiple: f64) -> bool {
        self.points.iter().any(|point| (point.multiple / multiple - 1.0).abs() < 1e-9)
    }
}

/// Looks for the breaking point, from a guess, until its bracket is this narrow (0.02: two
/// percent). `None` if it was stopped.
pub fn search(
    load_test: &LoadTest,
    guess: f64,
    narrow: f64,
    known: Vec<LoadPoint>,
    stop: &dyn Fn() -> bool,
) -> Option<Breaking> {
    let mut breaking = Breaking { at: None, low: None, high: None, points: known };
    breaking.narrow();
    let most = load_test.most();
    // It carries more than is worth playing: there is no end to look for.
    let carries_all = |found: &Breaking| found.low.is_some_and(|low| low >= most * (1.0 - 1e-9));
    let mut next = match breaking.high {
        Some(high) => guess.min(high / STRIDE),
        None => guess,
    };
    for _ in 0..STRIDES {
        if breaking.low.is_some() && breaking.high.is_some() {
            break;
        }
        next = next.min(most);
        if carries_all(&breaking) {
            break;
        }
        if !breaking.played(next) {
            breaking.points.push(load_test.play(next, stop)?);
            breaking.narrow();
        }
        next = match (breaking.low, breaking.high) {
            (None, _) => lowest(&breaking) / STRIDE,
            (_, None) if highest(&breaking) >= most * (1.0 - 1e-9) => break,
            (_, None) => highest(&breaking) * STRIDE,
            _ => break,
        };
    }
    if carries_all(&breaking) {
        return Some(breaking);
    }
    while let Some(multiple) = between(&breaking, narrow) {
        if breaking.points.len() >= POINTS {
            break;
        }
        breaking.points.push(load_test.play(multiple, stop)?);
        breaking.narrow();
    }
    breaking.low = breaking.low.map(|low| low / (1.0 + EITHER_WAY));
    breaking.high = breaking.high.map(|high| high * (1.0 + EITHER_WAY));
    Some(breaking)
}

fn lowest(breaking: &Breaking) -> f64 {
    breaking.points.iter().map(|point| point.multiple).fold(f64::INFINITY, f64::min)
}

fn highest(breaking: &Breaking) -> f64 {
    breaking.points.iter().map(|point| point.multiple).fold(0.0, f64::max)
}

/// The middle of the widest gap beside what is not clear, if that is still wide.
fn between(breaking: &Breaking, narrow: f64) -> Option<f64> {
    let (low, high) = breaking.low.zip(breaking.high)?;
    let inside = breaking.points.iter().map(|point| point.multiple);
    let inside: Vec<f64> = inside.filter(|m| (low..=high).contains(m)).collect();
    if inside.len() == 2 && high / low > STRIDE * STRIDE {
        // Heavy loads take long to play, and the guess is seldom far off.
        return Some(high / STRIDE);
    }
    let gaps = inside.windows(2).map(|pair| (pair[1] / pair[0], (pair[0] * pair[1]).sqrt()));
    let (gap, middle) = gaps.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (gap > 1.0 + narrow).then_some(middle)
}
