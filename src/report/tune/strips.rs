//! What a threshold is to tell apart, as strips of dots over one axis: how far each quiet day came,
//! how far each day with a fault, and the threshold between them.

use super::Tuning;
use crate::decision::{Compare, Measure};
use crate::report::judge::amount;
use crate::report::outbrief::prelude::{COLUMN, ScreenSize, n, round_ticks, shown};
use crate::report::untrusted::{columns_of, for_terminal};
use crate::tune::{DayMark, MARKED, Tuned};
use crate::units::grouped;
use maud::{Markup, html};

/// The most strips that are drawn for faults; the days of further ones share the last.
const FAULTS: usize = 6;
/// The radius of a dot, and the room above the strips.
const DOT: f64 = 3.2;
const TOP: f64 = 36.0;
/// The maximum height of a strip.
const HIGHEST: f64 = 96.0;
/// Wider apart than this many times, values are drawn by their logarithm.
const FAR: f64 = 20.0;

/// The strips of the candidate at this place.
pub(super) fn strips(tuning: &Tuning, tuned: &Tuned, at: usize) -> Markup {
    let (candidate, score) = &tuned.tried[at];
    if score.marks.is_empty() {
        return html! { p { "No day had a value to compare." } };
    }
    let most = (tuning.identity.quiet.days, tuning.identity.trials);
    let cut = most.0.max(most.1) > MARKED as u64;
    html! {
        p { "How far each day came, under " code { (shown(&candidate.words())) } ": a dot is the \
             value of a day that is furthest on the way to the threshold, of a day with a fault \
             while it lasted. Filled: the alert fired."
            @if cut { " Of each kind the first " (grouped(MARKED as u64)) " days are drawn." } }
        @for screen in ScreenSize::BOTH { (drawing(tuning, tuned, at, screen)) }
    }
}

/// The axis: values from the least to the most.
struct ThresholdAxis {
    screen: ScreenSize,
    low: f64,
    high: f64,
    logarithmic: bool,
    /// Some value is zero, which has no logarithm: it is drawn left of all others.
    nothing: bool,
}

/// How far left.
const NOTHING: f64 = 34.0;

impl ThresholdAxis {
    fn from_marks(marks: &[DayMark], threshold: f64, screen: ScreenSize) -> ThresholdAxis {
        let values = marks.iter().map(|mark| mark.value).chain([threshold]);
        let high = values.clone().fold(f64::MIN_POSITIVE, f64::max);
        let least = values.filter(|value| *value > 0.0).fold(high, f64::min);
        if high / least <= FAR {
            return ThresholdAxis { screen, low: 0.0, high, logarithmic: false, nothing: false };
        }
        let low = (least / 1.5).max(high * 1e-6);
        let nothing = marks.iter().any(|mark| mark.value < low);
        ThresholdAxis { screen, low, high, logarithmic: true, nothing }
    }

    fn x(&self, value: f64) -> f64 {
        if self.nothing && value < self.low {
            return self.screen.left() + 4.0;
        }
        let scale = |value: f64| if self.logarithmic { libm::log10(value) } else { value };
        let (low, high) = (scale(self.low), scale(self.high));
        let share = (scale(value.clamp(self.low, self.high)) - low) / (high - low).max(1e-12);
        let aside = if self.nothing { NOTHING } else { 4.0 };
        let (left, right) = (self.screen.left() + aside, self.screen.right() - 6.0);
        left + share * (right - left)
    }

    /// Round values on it.
    fn ticks(&self) -> Vec<f64> {
        if !self.logarithmic {
            let ticks = round_ticks(self.high).into_iter();
            return ticks.filter(|tick| *tick <= self.high).collect();
        }
        let (first, last) =
            (libm::floor(libm::log10(self.low)), libm::ceil(libm::log10(self.high)));
        let powers = (first as i32..=last as i32).map(|power| libm::pow(10.0, f64::from(power)));
        let powers = powers.filter(|tick| (self.low..=self.high).contains(tick));
        self.nothing.then_some(0.0).into_iter().chain(powers).collect()
    }
}

/// The days of one strip.
struct Strip<'a> {
    name: String,
    marks: Vec<&'a DayMark>,
    quiet: bool,
}

fn of_days<'a>(tuning: &Tuning, marks: &'a [DayMark]) -> Vec<Strip<'a>> {
    let marks_of =
        |fault: Option<usize>| marks.iter().filter(move |mark| mark.fault == fault).collect();
    let mut strips = vec![Strip { name: "quiet".to_string(), marks: marks_of(None), quiet: true }];
    for (position, name) in tuning.identity.faults.iter().enumerate() {
        let days: Vec<&DayMark> = marks_of(Some(position));
        if days.is_empty() {
            continue;
        }
        match strips.len() > FAULTS {
            true => {
                let last = strips.last_mut().expect("that of the quiet days at least");
                last.marks.extend(days);
                last.name = "other faults".to_string();
            }
            false => strips.push(Strip { name: name.clone(), marks: days, quiet: false }),
        }
    }
    strips.retain(|strip| !strip.marks.is_empty());
    strips
}

fn drawing(tuning: &Tuning, tuned: &Tuned, at: usize, screen: ScreenSize) -> Markup {
    let (candidate, score) = &tuned.tried[at];
    let measure = candidate.rule.measure;
    let compare = candidate.rule.breach.map(|breach| breach.compare);
    let falls = matches!(compare, Some(Compare::Below | Compare::AtMost));
    let axis = ThresholdAxis::from_marks(&score.marks, score.threshold, screen);
    let strips = of_days(tuning, &score.marks);
    let mut top = TOP;
    let drawn: Vec<(f64, Markup)> = strips
        .iter()
        .map(|strip| {
            let (height, markup) = dots(strip, &axis, measure, top);
            top += height;
            (height, markup)
        })
        .collect();
    let (x, bottom) = (axis.x(score.threshold), top);
    let text = match falls {
        true => format!("◂ fires below {}", amount(measure, score.threshold)),
        false => format!("fires above {} ▸", amount(measure, score.threshold)),
    };
    let long = columns_of(&text) as f64 * COLUMN;
    let after = if falls { x - long < screen.left() } else { x + long < screen.right() };
    html! {
        svg class={ "clock strips " (screen.class()) } role="img"
            viewBox={ "0 0 " (n(screen.width())) " " (n(bottom + 26.0)) }
            data-threshold=(score.threshold)
            aria-label={ "How far quiet days and faults came beside the threshold of "
                (amount(measure, score.threshold)) "; tune.csv has the worst of each" } {
            @for tick in axis.ticks() {
                @let x = axis.x(tick);
                line class="grid" x1=(n(x)) x2=(n(x)) y1=(n(TOP)) y2=(n(bottom)) {}
                text class="tick middle" x=(n(x)) y=(n(bottom + 18.0)) { (amount(measure, tick)) }
            }
            @for (_, strip) in &drawn { (strip) }
            line class="threshold" x1=(n(x)) x2=(n(x)) y1=(n(TOP - 12.0)) y2=(n(bottom)) {}
            text class={ "lane" @if !after { " end" } } y="16"
                x=(n(if after { x.max(4.0) } else { x.max(long) })) { (text) }
        }
    }
}

/// A strip of dots, those close to each other above one another, and how high it is.
fn dots(strip: &Strip, axis: &ThresholdAxis, measure: Measure, top: f64) -> (f64, Markup) {
    let step = 2.0 * DOT + 0.4;
    let mut marks = strip.marks.clone();
    marks.sort_by(|one, other| one.value.total_cmp(&other.value));
    let mut placed: Vec<(f64, usize, &DayMark)> = Vec::new();
    for mark in marks {
        let x = axis.x(mark.value);
        let level = match placed.last() {
            Some((column, level, _)) if x - column < step => (*column, level + 1),
            _ => (x, 0),
        };
        placed.push((level.0, level.1, mark));
    }
    let highest = placed.iter().map(|(_, level, _)| *level).max().unwrap_or(0);
    let words = if axis.screen == ScreenSize::Wide { 0.0 } else { 15.0 };
    let up = step.min((HIGHEST - 2.0 * step) / highest.max(1) as f64);
    let height = (highest as f64 * up + 2.0 * step + 6.0).max(34.0) + words;
    let base = top + height - step;
    let class = if strip.quiet { "day quiet-day" } else { "day bad-day" };
    let days = format!("{} days", grouped(strip.marks.len() as u64));
    let (left, narrow) = (axis.screen.left(), axis.screen == ScreenSize::Narrow);
    let room = if narrow { 30 } else { (left / COLUMN) as usize - 2 };
    let name = for_terminal(&strip.name, room);
    let markup = html! {
        g data-strip=(shown(&strip.name)) {
            line class="row" x1=(n(left)) x2=(n(axis.screen.right())) y1=(n(base + DOT + 1.0))
                y2=(n(base + DOT + 1.0)) {}
            @if narrow { text class="tick" x="4" y=(n(top + 12.0)) { (name) ", " (days) } }
            @else {
                text class="tick end" x=(n(left - 10.0)) y=(n(base - 11.0)) { (name) }
                text class="tick end" x=(n(left - 10.0)) y=(n(base + 3.0)) { (days) }
            }
            @for (_, level, mark) in &placed {
                circle class={ (class) @if mark.fired { " fired" } } cx=(n(axis.x(mark.value)))
                    cy=(n(base - *level as f64 * up)) r=(n(DOT)) data-value=(mark.value) {
                    title { (amount(measure, mark.value)) @if mark.fired { ", fired" } }
                }
            }
        }
    };
    (height, markup)
}
