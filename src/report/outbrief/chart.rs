//! What every drawing over time is made of: a plane, its axes, lines, areas and bands.
//!
//! SVG by hand rather than by a crate for charts: the page must read in light, in dark, on paper
//! and aloud, and its bytes must not change when a crate does.

use super::formatting::n;
use crate::report::context::ReportContext;
use crate::units::{Span, Time};
use maud::{Markup, html};
use std::fmt::Write;

/// The width of every drawing in user units; on a wide screen a unit is a pixel.
pub(super) const WIDTH: f64 = 1120.0;
/// Room for names and figures on the left.
pub(super) const LEFT: f64 = 196.0;
/// Room on the right.
pub(super) const RIGHT: f64 = 24.0;

/// A rectangle of a drawing in which values are drawn over time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plane {
    /// The time at the right edge; the left edge is the start of the run.
    pub lasts: Span,
    pub top: f64,
    pub bottom: f64,
    /// The values at the bottom and at the top.
    pub low: f64,
    pub high: f64,
    pub logarithmic: bool,
}

impl Plane {
    /// Where a moment lies, in seconds since the start.
    pub fn x(&self, seconds: f64) -> f64 {
        let share = seconds / self.lasts.seconds().max(1e-9);
        LEFT + share.clamp(0.0, 1.0) * (WIDTH - LEFT - RIGHT)
    }

    /// Where a value lies; those outside lie on the edge.
    pub fn y(&self, value: f64) -> f64 {
        let scale = |value: f64| if self.logarithmic { libm::log10(value) } else { value };
        let value = value.clamp(self.low, self.high);
        let share = (scale(value) - scale(self.low)) / (scale(self.high) - scale(self.low));
        self.bottom - share * (self.bottom - self.top)
    }

    /// The points of a line; a gap where there is no value.
    pub fn line(&self, points: impl Iterator<Item = (f64, Option<f64>)>) -> String {
        let (mut path, mut pen) = (String::new(), "M");
        for (seconds, value) in points {
            let Some(value) = value else {
                pen = "M";
                continue;
            };
            let (x, y) = (n(self.x(seconds)), n(self.y(value)));
            write!(path, "{pen}{x} {y}").expect("memory");
            pen = "L";
        }
        path
    }

    /// The area between two lines.
    pub fn area(&self, points: &[(f64, f64, f64)]) -> String {
        let upper = points.iter().map(|(at, _, high)| (*at, Some(*high)));
        let lower = points.iter().rev().map(|(at, low, _)| (*at, Some(*low)));
        let lower = self.line(lower).replacen('M', "L", 1);
        if points.is_empty() { String::new() } else { self.line(upper) + &lower + "Z" }
    }

    /// A stretch of time over the whole height.
    pub fn band(&self, from: Time, to: Time, class: &str) -> Markup {
        let (left, right) = (self.x(from.seconds()), self.x(to.seconds()));
        let height = n(self.bottom - self.top);
        html! {
            rect class=(class) x=(n(left)) y=(n(self.top)) width=(n((right - left).max(1.0)))
                height=(height) {}
        }
    }

    /// Lines and figures at these values.
    pub fn values(&self, ticks: &[f64], text: impl Fn(f64) -> String) -> Markup {
        html! {
            @for tick in ticks {
                @let y = self.y(*tick);
                line class="grid" x1=(n(LEFT)) x2=(n(WIDTH - RIGHT)) y1=(n(y)) y2=(n(y)) {}
                text class="tick end" x=(n(LEFT - 8.0)) y=(n(y + 4.0)) { (text(*tick)) }
            }
        }
    }

    /// A line at a threshold with its name above.
    pub fn threshold(&self, value: f64, class: &str, text: &str) -> Markup {
        let y = self.y(value);
        html! {
            line class=(class) x1=(n(LEFT)) x2=(n(WIDTH - RIGHT)) y1=(n(y)) y2=(n(y)) {}
            text class={ "note end " (class) "-text" } x=(n(WIDTH - RIGHT)) y=(n(y - 5.0)) {
                (text)
            }
        }
    }

    /// The clock below.
    pub fn clock(&self, context: &ReportContext) -> Markup {
        let y = self.bottom;
        html! {
            line class="axis" x1=(n(LEFT)) x2=(n(WIDTH - RIGHT)) y1=(n(y)) y2=(n(y)) {}
            @for (time, text) in clock_ticks(context, Time::ZERO, Time(self.lasts.0), 10) {
                @let x = n(self.x(time.seconds()));
                line class="axis" x1=(x) x2=(x) y1=(n(y)) y2=(n(y + 5.0)) {}
                text class="tick middle" x=(x) y=(n(y + 19.0)) { (text) }
            }
        }
    }
}

/// Round moments of the wall clock between two moments with their words, at most this many and one.
pub(super) fn clock_ticks(
    context: &ReportContext,
    from: Time,
    to: Time,
    most: u64,
) -> Vec<(Time, String)> {
    // The steps of clocks and calendars: parts of an hour, of a day, a day, a week.
    const MINUTES: [u64; 14] = [1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 360, 720, 1_440, 10_080];
    let minutes = to.since(from).0 / Span::MINUTE.0;
    let fits = |step: &&u64| minutes / **step <= most;
    let step = MINUTES.iter().find(fits).copied().unwrap_or(minutes / most.max(1)).max(1);
    let start = context.clock(from);
    let parts = start.split(':').map(|part| part.parse::<u64>().unwrap_or(0));
    let seconds = parts.fold(0, |sum, part| sum * 60 + part);
    let fraction = from.0 % Span::SECOND.0;
    let first = (step * 60 - seconds % (step * 60)) % (step * 60);
    let first = from.0.saturating_add(Span::from_secs(first).0).saturating_sub(fraction);
    let at = |tick: u64| Time(first.saturating_add((Span::MINUTE * (step * tick)).0));
    let within = (0..=most).map(at).skip_while(|time| *time < from).take_while(|time| *time <= to);
    within
        .map(|time| {
            let local = context.local(time).written().into_owned();
            let from = if minutes > 1_440 { 5 } else { 11 };
            (time, local.get(from..16).unwrap_or_default().to_string())
        })
        .collect()
}

/// Round values from 0 to beyond this one, at most six.
pub(in crate::report) fn round_ticks(highest: f64) -> Vec<f64> {
    let highest = if highest.is_finite() && highest > 0.0 { highest } else { 1.0 };
    let power = libm::pow(10.0, libm::floor(libm::log10(highest / 4.0)));
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0].map(|step| step * power);
    let step = steps.into_iter().find(|step| highest / step <= 4.0).unwrap_or(highest);
    let count = libm::ceil(highest / step) as usize;
    (0..=count).map(|tick| tick as f64 * step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::fixture;

    #[test]
    fn ticks_are_round() {
        assert_eq!(round_ticks(11.3), [0.0, 5.0, 10.0, 15.0]);
        assert_eq!(round_ticks(0.0), [0.0, 0.25, 0.5, 0.75, 1.0]);
        assert_eq!(round_ticks(f64::NAN).len(), 5);
        for highest in [1e-9, 0.3, 7.0, 99.0, 1e12] {
            let ticks = round_ticks(highest);
            assert!(ticks.len() <= 6 && *ticks.last().expect("some") >= highest, "{ticks:?}");
        }
    }

    #[test]
    fn the_clock_shows_round_moments() {
        let (header, entries) = fixture::proxy_outage();
        let story = fixture::story(&entries);
        let context = ReportContext::new(&header, &story);
        let words = |lasts| {
            let to = Time(Span::from_secs(lasts).0);
            clock_ticks(&context, Time::ZERO, to, 10).into_iter().map(|tick| tick.1)
        };
        let day: Vec<String> = words(3 * 3600).collect();
        assert_eq!(
            day,
            [
                "17:00", "17:20", "17:40", "18:00", "18:20", "18:40", "19:00", "19:20", "19:40",
                "20:00"
            ]
        );
        // Ticks of a fortnight are weeks, and tell their days.
        let weeks: Vec<String> = words(20 * 86_400).collect();
        assert_eq!(weeks, ["11-14 00:00", "11-21 00:00"]);
        assert!(words(u64::MAX / 1_000_000_000).count() <= 11);
        // Close up they are as round, wherever the stretch begins.
        let (from, to) = (fixture::at(3_725.5), fixture::at(5_000.0));
        let close: Vec<String> =
            clock_ticks(&context, from, to, 4).into_iter().map(|t| t.1).collect();
        assert_eq!(close, ["18:05", "18:10", "18:15", "18:20"]);
    }

    #[test]
    fn lines_have_gaps_and_stay_inside() {
        let plane = Plane {
            lasts: Span::from_secs(100),
            top: 0.0,
            bottom: 100.0,
            low: 0.0,
            high: 10.0,
            logarithmic: false,
        };
        let points = [(0.0, Some(5.0)), (50.0, None), (100.0, Some(99.0)), (900.0, Some(0.0))];
        assert_eq!(plane.line(points.into_iter()), "M196 50M1096 0L1096 100");
        assert_eq!(plane.area(&[(0.0, 0.0, 10.0)]), "M196 0L196 100Z");
    }
}
