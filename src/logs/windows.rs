//! The windows of a history, and their summary.

use super::baseline::{ArrivalSeries, Quantiles, VaryingShare, VaryingTimes};
use crate::units::{Span, nearest_rank};

/// The curve of arrivals has at most this many steps.
pub(super) const MOST_STEPS: u64 = 10_000;

/// One window with requests.
#[derive(Debug, Clone, Copy)]
pub(super) struct LogWindow {
    /// How many windows lie between 1970 and it.
    pub number: i64,
    /// Since Monday 00:00.
    pub hour: u8,
    pub requests: u32,
    /// What a rule's error rate is a share of: all but planned and abandoned requests.
    pub total: u32,
    pub bad: u32,
    /// p50, p95, p99 in seconds, where anything has a time.
    pub times: Option<[f32; 3]>,
}

/// Six decimals: more than any log's length justifies.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

pub(super) fn share(windows: &[&LogWindow]) -> VaryingShare {
    let sum = |of: fn(&LogWindow) -> u32| windows.iter().map(|w| u64::from(of(w))).sum::<u64>();
    let rates = windows.iter().map(|w| f64::from(w.bad) / f64::from(w.total.max(1))).collect();
    let all = sum(|w| w.total).max(1) as f64;
    let quantiles = quantiles(rates);
    VaryingShare {
        share: sum(|w| w.bad) as f64 / all,
        p50: quantiles.p50,
        p95: quantiles.p95,
        max: quantiles.max,
    }
}

pub(super) fn times(windows: &[&LogWindow]) -> Option<VaryingTimes> {
    let times = |which: usize| -> Vec<f64> {
        windows.iter().filter_map(|w| Some(f64::from(w.times?[which]))).collect()
    };
    let n = times(0).len();
    if n < windows.len().div_ceil(2) || n == 0 {
        return None;
    }
    let [p50, p95, p99] = [0, 1, 2].map(|which| quantiles(times(which)));
    Some(VaryingTimes { p50, p95, p99 })
}

/// Nearest rank.
fn quantiles(mut values: Vec<f64>) -> Quantiles {
    values.sort_by(f64::total_cmp);
    let at = |quantile: f64| {
        let rank = nearest_rank(quantile, values.len() as u64) as usize;
        values.get(rank - 1).copied().map_or(0.0, rounded)
    };
    Quantiles { p50: at(0.5), p95: at(0.95), max: at(1.0) }
}

/// Counts per step; a step is as many windows as keep the curve short.
pub(super) fn arrivals(windows: &[LogWindow], window: Span) -> ArrivalSeries {
    let (Some(first), Some(last)) = (windows.first(), windows.last()) else {
        return ArrivalSeries { every_s: window.seconds(), requests: Vec::new() };
    };
    let length = last.number.abs_diff(first.number) + 1;
    let each = length.div_ceil(MOST_STEPS).max(1);
    let mut requests = vec![0; length.div_ceil(each) as usize];
    for window in windows {
        requests[(window.number.abs_diff(first.number) / each) as usize] +=
            u64::from(window.requests);
    }
    ArrivalSeries { every_s: (window * each).seconds(), requests }
}
