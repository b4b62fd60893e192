//! The capacity check as panels over one axis, the load in multiples of the expected peak: response
//! times with their limit, requests without a good answer with their intervals, and where each case
//! breaks; in a band the headroom that was asked for.

use super::chart::round_ticks;
use super::clock::scale::{COLUMN, ScreenSize};
use super::formatting::{n, response_time, shown};
use crate::capacity::{CapacityCheck, CaseResult, LoadPoint, LoadStatus};
use crate::report::capacity_words::breaks;
use crate::report::context::significant;
use crate::report::untrusted::{columns_of, for_terminal, wrapped};
use maud::{Markup, html};

/// The height of a panel, of the words above one, and of the row of a case.
const PANEL: f64 = 112.0;
const WORDS: f64 = 26.0;
const ROW: f64 = 31.0;
/// Room at the top for the names of the bands.
const TOP: f64 = 34.0;
/// Shares below this are drawn as this.
const LEAST: f64 = 1e-4;

/// The drawing for wide screens and for phones.
pub(super) fn drawing(check: &CapacityCheck) -> Markup {
    html! {
        figure {
            figcaption {
                h3 { "Where it breaks" }
                p.legend {
                    span.key.headroom {} " the headroom asked for, " (check.objectives.headroom) " "
                    span.key.breaks {} " here it breaks as planned "
                    span.key.load.good {} " met " span.key.load.bad {} " missed "
                    span.key.load.open {} " too close to tell"
                }
            }
            @for screen in ScreenSize::BOTH { (panels(check, screen)) }
        }
    }
}

/// A panel over the load with a scale of tenfold steps.
struct Panel {
    top: f64,
    /// Powers of ten at the bottom and at the top.
    low: i32,
    high: i32,
}

impl Panel {
    /// From the smallest to the largest of these, at least one step.
    fn from_values(top: f64, values: impl Iterator<Item = f64> + Clone) -> Panel {
        let values = values.filter(|value| *value > 0.0).map(libm::log10);
        let least = values.clone().fold(f64::INFINITY, f64::min);
        let most = values.fold(f64::NEG_INFINITY, f64::max);
        let (low, high) = match least.is_finite() && most.is_finite() {
            true => (libm::floor(least) as i32, libm::ceil(most) as i32),
            false => (0, 1),
        };
        Panel { top, low, high: high.max(low + 1) }
    }

    fn decade(&self) -> f64 {
        PANEL / f64::from(self.high - self.low)
    }

    fn y(&self, value: f64) -> f64 {
        let power = libm::log10(value.max(1e-12));
        let power = power.clamp(f64::from(self.low), f64::from(self.high));
        self.top + (f64::from(self.high) - power) * self.decade()
    }

    fn bottom(&self) -> f64 {
        self.top + PANEL
    }
}

/// Everything that is drawn over the load.
struct LoadAxis {
    screen: ScreenSize,
    ticks: Vec<f64>,
}

impl LoadAxis {
    fn from_check(check: &CapacityCheck, screen: ScreenSize) -> LoadAxis {
        let ends = check.cases.iter().flat_map(|case| {
            let found = case.breaking.as_ref();
            let points = found.map_or(&[][..], |found| &found.points);
            let tried = points.iter().map(|point| point.multiple).take_while(|_| is_planned(case));
            let ends = [found.and_then(|f| f.high), found.and_then(|f| f.low), case.formula_breaks];
            tried.chain(ends.into_iter().flatten()).collect::<Vec<_>>()
        });
        let most = ends.chain([asked(check), 1.0]).filter(|end| end.is_finite());
        LoadAxis { screen, ticks: round_ticks(most.fold(0.0, f64::max)) }
    }

    /// Where the plot begins; figures of the scale stand left of it.
    fn left(&self) -> f64 {
        if self.screen == ScreenSize::Wide { self.screen.left() } else { 46.0 }
    }

    fn x(&self, multiple: f64) -> f64 {
        let end = self.ticks.last().copied().unwrap_or(1.0);
        let (left, right) = (self.left(), self.screen.right());
        left + (multiple / end).clamp(0.0, 1.0) * (right - left)
    }
}

fn is_planned(case: &CaseResult) -> bool {
    case.kind == crate::capacity::CaseKind::Normal
}

/// The load that must be carried for the headroom that is asked for.
fn asked(check: &CapacityCheck) -> f64 {
    1.0 / (1.0 - check.objectives.headroom.0).max(0.01)
}

/// The class of a status.
fn class(status: LoadStatus) -> &'static str {
    match status {
        LoadStatus::Met => "good",
        LoadStatus::Missed => "bad",
        LoadStatus::Open => "open",
    }
}

fn panels(check: &CapacityCheck, screen: ScreenSize) -> Markup {
    let axis = LoadAxis::from_check(check, screen);
    let points = check.cases.first().and_then(|case| case.breaking.as_ref());
    let points = points.map_or(&[][..], |found| &found.points);
    let drawn = points.len() > 1;
    let limit = check.objectives.latency.seconds();
    let times = points.iter().filter_map(|point| point.outcome.latency).chain([limit]);
    let times = Panel::from_values(TOP + WORDS, times);
    let allowed = check.objectives.errors.0;
    let shares = points.iter().map(|point| point.bad.high).chain([allowed, 1.0]);
    let shares =
        Panel::from_values(times.bottom() + WORDS + 8.0, shares.map(|share| share.max(LEAST)));
    let cases = if drawn { shares.bottom() + 10.0 } else { TOP };
    let bottom = cases + ROW * check.cases.len() as f64 + 6.0;
    let percentile = significant(check.objectives.quantile * 100.0, 3);
    html! {
        svg class={ "clock panels " (screen.class()) } role="img"
            viewBox={ "0 0 " (n(screen.width())) " " (n(bottom + 38.0)) }
            data-zero=(format!("{:.4}", axis.x(0.0))) data-one=(format!("{:.4}", axis.x(1.0)))
            data-times={ (n(times.y(1.0))) " " (n(times.decade())) }
            data-shares={ (n(shares.y(1.0))) " " (n(shares.decade())) }
            aria-label="Response times, requests without a good answer and breaking points over \
                        the load; capacity-curve.csv and capacity.csv have the figures" {
            (bands(check, &axis, bottom))
            @if drawn {
                (heading(&axis, &times, &format!("p{percentile} of the response times")))
                (steps(&axis, &times, |seconds| response_time(seconds * 1e3)))
                (objective(&axis, &times, limit, &format!("limit {}", check.objectives.latency)))
                (line(&axis, points, |point| point.outcome.latency.map(|time| times.y(time))))
                @for point in points { @if let Some(time) = point.outcome.latency {
                    (dot(&axis, point, times.y(time), &response_time(time * 1e3)))
                } }
                (heading(&axis, &shares, "Requests without a good answer"))
                (steps(&axis, &shares, percent))
                (objective(&axis, &shares, allowed, &format!("limit {}", check.objectives.errors)))
                @for point in points { (interval(&axis, point, &shares)) }
                (line(&axis, points, |point| Some(shares.y(point.bad.value.max(LEAST)))))
                @for point in points {
                    @let y = shares.y(point.bad.value.max(LEAST));
                    (dot(&axis, point, y, &accessible_text(point)))
                }
            }
            @for (position, case) in check.cases.iter().enumerate() {
                (broken(check, case, &axis, cases + ROW * position as f64))
            }
            (below(&axis, bottom))
        }
    }
}

fn percent(share: f64) -> String {
    format!("{}%", significant(share * 100.0, 2))
}

fn accessible_text(point: &LoadPoint) -> String {
    let [low, high] = [point.bad.low, point.bad.high].map(percent);
    format!("{} without a good answer ({low} to {high})", percent(point.bad.value))
}

/// The headroom that is asked for, where it breaks as planned, and the peak itself.
fn bands(check: &CapacityCheck, axis: &LoadAxis, bottom: f64) -> Markup {
    let breaking = check.cases.first().and_then(|case| case.breaking.as_ref());
    let broken = breaking.and_then(|found| Some((found.low?, found.high?)));
    let band = |class: &str, from: f64, to: f64| {
        let (from, to) = (axis.x(from), axis.x(to));
        html! { rect class=(class) x=(n(from)) y=(n(TOP - 14.0)) width=(n((to - from).max(1.0)))
        height=(n(bottom - TOP + 14.0)) {} }
    };
    let (one, right) = (axis.x(1.0), axis.screen.right());
    // The words stand where there is room for them.
    let peak = format!("expected peak, {} visits/s", significant(check.peak.visits, 3));
    let fits = one + columns_of(&peak) as f64 * COLUMN < right;
    html! {
        (band("headroom", 1.0, asked(check)))
        @if let Some((low, high)) = broken { (band("breaks", low, high)) }
        line class="peak" x1=(n(one)) x2=(n(one)) y1=(n(TOP - 18.0)) y2=(n(bottom)) {}
        text class={ "lane" @if !fits { " end" } } x=(n(if fits { one - 2.0 } else { right }))
            y="13" { (peak) }
    }
}

fn heading(axis: &LoadAxis, panel: &Panel, text: &str) -> Markup {
    html! { text class="lane" x=(n(axis.left())) y=(n(panel.top - 9.0)) { (text) } }
}

fn steps(axis: &LoadAxis, panel: &Panel, text: impl Fn(f64) -> String) -> Markup {
    let (left, right) = (axis.left(), axis.screen.right());
    let most = 5;
    let every = ((panel.high - panel.low + most - 1) / most).max(1) as usize;
    let narrow = axis.screen == ScreenSize::Narrow;
    html! {
        @for power in (panel.low..=panel.high).step_by(every) {
            @let value = libm::pow(10.0, f64::from(power));
            @let y = panel.y(value);
            line class="grid" x1=(n(left)) x2=(n(right)) y1=(n(y)) y2=(n(y)) {}
            @let text = text(value);
            text class="tick end" x=(n(left - 4.0)) y=(n(y + 4.0)) {
                @if narrow { (text.replace(' ', "")) } @else { (text) }
            }
        }
    }
}

fn objective(axis: &LoadAxis, panel: &Panel, value: f64, text: &str) -> Markup {
    let (left, right, y) = (axis.left(), axis.screen.right(), panel.y(value));
    html! {
        line class="limit" x1=(n(left)) x2=(n(right)) y1=(n(y)) y2=(n(y)) {}
        text class="note limit-text" x=(n(left + 4.0)) y=(n(y - 4.0)) { (text) }
    }
}

fn line(axis: &LoadAxis, points: &[LoadPoint], y: impl Fn(&LoadPoint) -> Option<f64>) -> Markup {
    let (mut path, mut pen) = (String::new(), 'M');
    for point in points {
        let Some(y) = y(point) else {
            pen = 'M';
            continue;
        };
        path.push_str(&format!("{pen}{} {}", n(axis.x(point.multiple)), n(y)));
        pen = 'L';
    }
    html! { path class="line p50" d=(path) {} }
}

/// A load that was played: round where it is carried, square where not, hollow where unclear.
fn dot(axis: &LoadAxis, point: &LoadPoint, y: f64, what: &str) -> Markup {
    let (x, status) = (axis.x(point.multiple), point.outcome.status);
    let class = format!("load {}", class(status));
    html! {
        @if status == LoadStatus::Missed {
            rect class=(class) x=(n(x - 4.0)) y=(n(y - 4.0)) width="8" height="8"
                data-x=(significant(point.multiple, 4)) {
                title { (significant(point.multiple, 3)) "x: " (what) ", missed" }
            }
        } @else {
            circle class=(class) cx=(n(x)) cy=(n(y)) r="4.5"
                data-x=(significant(point.multiple, 4)) {
                title { (significant(point.multiple, 3)) "x: " (what) ", " (status.word()) }
            }
        }
    }
}

fn interval(axis: &LoadAxis, point: &LoadPoint, panel: &Panel) -> Markup {
    let y = |share: f64| n(panel.y(share.max(LEAST)));
    let x = n(axis.x(point.multiple));
    html! { line class="between" x1=(x) x2=(x) y1=(y(point.bad.high)) y2=(y(point.bad.low)) {} }
}

/// The row of a case: from the highest load that clearly holds to the lowest that does not.
fn broken(check: &CapacityCheck, case: &CaseResult, axis: &LoadAxis, top: f64) -> Markup {
    let (left, right) = (axis.left(), axis.screen.right());
    let end = axis.ticks.last().copied().unwrap_or(1.0);
    let (low, high, found) = match &case.breaking {
        Some(found) => (found.low.unwrap_or(0.0), found.high.unwrap_or(end), true),
        None => (case.formula_breaks.unwrap_or(end), case.formula_breaks.unwrap_or(end), false),
    };
    let wide = axis.screen == ScreenSize::Wide;
    let y = if wide { top + ROW / 2.0 } else { top + 23.0 };
    let (from, to) = (axis.x(low), axis.x(high).max(axis.x(low) + 3.0));
    let by = if found { "breaks at" } else { "by formula, breaks at" };
    let text = format!("{}, {by} {}", case.status().word(), breaks(case, check.simulated));
    let long = columns_of(&text) as f64 * COLUMN;
    let after = to + 8.0 + long < right;
    // On a phone words stand above their bar.
    let (x, at, end) = match (wide, after) {
        (true, true) => (to + 8.0, y + 4.0, false),
        (true, false) => ((from - 8.0).max(left + long), y + 4.0, true),
        (false, _) => (right, top + 12.0, true),
    };
    html! {
        g class="case" data-case=(case.kind.word()) data-title=(shown(&case.title)) {
            title { (shown(&case.title)) ": " (text) }
            line class="row" x1=(n(left)) x2=(n(right)) y1=(n(y)) y2=(n(y)) {}
            (name(&case.title, axis, (top, y)))
            rect class={ "break " (class(case.status())) @if !found { " formula" } } x=(n(from))
                y=(n(y - 5.0)) width=(n(to - from)) height="10" rx="2" {}
            text class={ "note" @if end { " end" } } x=(n(x)) y=(n(at)) {
                @if wide { (text) } @else { (text.replace("breaks at ", "")) }
            }
        }
    }
}

/// The name of a case, in two lines where one is too short.
fn name(title: &str, axis: &LoadAxis, (top, y): (f64, f64)) -> Markup {
    if axis.screen == ScreenSize::Narrow {
        return html! { text class="tick" x="4" y=(n(top + 12.0)) { (for_terminal(title, 24)) } };
    }
    let room = ((axis.left() - 10.0) / COLUMN) as usize;
    let lines = wrapped(title, room);
    let first = if lines.len() > 1 { y - 3.0 } else { y + 4.0 };
    html! {
        @for (number, line) in lines.iter().take(2).enumerate() {
            text class="tick end" x=(n(axis.left() - 8.0)) y=(n(first + 13.0 * number as f64)) {
                (line) @if number == 1 && lines.len() > 2 { " …" }
            }
        }
    }
}

fn below(axis: &LoadAxis, bottom: f64) -> Markup {
    html! {
        line class="axis" x1=(n(axis.left())) x2=(n(axis.screen.right())) y1=(n(bottom))
            y2=(n(bottom)) {}
        @for tick in &axis.ticks {
            @let x = axis.x(*tick);
            line class="axis" x1=(n(x)) x2=(n(x)) y1=(n(bottom)) y2=(n(bottom + 5.0)) {}
            text class="tick middle" x=(n(x.min(axis.screen.right() - 10.0))) y=(n(bottom + 18.0)) {
                (significant(*tick, 3)) "x"
            }
        }
        text class="tick end" x=(n(axis.screen.right())) y=(n(bottom + 34.0)) {
            "times the expected peak"
        }
    }
}
