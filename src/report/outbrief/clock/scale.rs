//! The one axis of a drawing: from moments to places.

use crate::report::context::ReportContext;
use crate::report::outbrief::chart::clock_ticks;
use crate::report::outbrief::formatting::n;
use crate::units::{Span, Time};
use maud::{Markup, html};

/// Columns of text to units, generously: fonts differ.
pub(in crate::report) const COLUMN: f64 = 7.0;

/// For which screens a drawing is made: each is drawn for both, and the page shows one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum ScreenSize {
    Wide,
    /// For a phone, where names stand above their rows.
    Narrow,
}

impl ScreenSize {
    /// Every drawing is made for each of them.
    pub const BOTH: [ScreenSize; 2] = [ScreenSize::Wide, ScreenSize::Narrow];

    /// The width of a drawing in its own units; on a screen of its kind a unit is about a pixel.
    pub fn width(self) -> f64 {
        if self == ScreenSize::Wide { 1000.0 } else { 340.0 }
    }

    /// Room for names on the left.
    pub fn left(self) -> f64 {
        if self == ScreenSize::Wide { 150.0 } else { 36.0 }
    }

    /// Where the plot ends.
    pub fn right(self) -> f64 {
        if self == ScreenSize::Wide { 988.0 } else { 332.0 }
    }

    /// The class that shows a drawing on screens of its kind alone.
    pub fn class(self) -> &'static str {
        if self == ScreenSize::Wide { "on-wide" } else { "on-narrow" }
    }

    /// The most round moments on an axis.
    pub fn ticks(self) -> u64 {
        if self == ScreenSize::Wide { 10 } else { 4 }
    }
}

/// A stretch of time that is drawn close up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CloseUpSpan {
    /// The incident that it is about; `None` of the whole of a run without one.
    pub incident: Option<u32>,
    pub from: Time,
    pub to: Time,
}

/// A stretch of time on a screen.
#[derive(Debug, Clone, Copy)]
pub(in crate::report::outbrief) struct Scale {
    pub screen: ScreenSize,
    pub from: Time,
    pub to: Time,
    /// The seconds that a unit of the drawing represents.
    pub per: f64,
}

impl Scale {
    /// A stretch over the whole width.
    pub fn whole(screen: ScreenSize, from: Time, to: Time) -> Scale {
        let seconds = to.since(from).seconds().max(1.0);
        Scale { screen, from, to, per: seconds / (screen.right() - screen.left()) }
    }

    /// Where a moment lies; those outside lie on the edge.
    pub fn x(&self, at: Time) -> f64 {
        let at = Time(at.0.clamp(self.from.0, self.to.0));
        self.screen.left() + at.since(self.from).seconds() / self.per
    }

    /// Where the stretch ends.
    pub fn end(&self) -> f64 {
        self.x(self.to)
    }

    /// Whether any of this lies within.
    pub fn shows(&self, from: Time, to: Time) -> bool {
        from < self.to && to > self.from
    }

    /// Where these moments lie, as the attributes of a rectangle: its left edge and its width.
    pub fn across(&self, from: Time, to: Time) -> (f64, f64) {
        let (left, right) = (self.x(from), self.x(to));
        (left, right - left)
    }

    /// The axis, below everything that ends at this height.
    pub fn axis(&self, context: &ReportContext, y: f64) -> Markup {
        let share = self.to.since(self.from).seconds() / self.per;
        let whole = self.screen.right() - self.screen.left();
        let most = (self.screen.ticks() as f64 * share / whole) as u64;
        html! {
            line class="axis" x1=(n(self.screen.left())) x2=(n(self.end())) y1=(n(y)) y2=(n(y)) {}
            @for (time, text) in clock_ticks(context, self.from, self.to, most.max(1)) {
                @let x = self.x(time);
                line class="axis" x1=(n(x)) x2=(n(x)) y1=(n(y)) y2=(n(y + 4.0)) {}
                @let edge = x + 18.0 > self.screen.width();
                text class={ "tick" @if edge { " end" } @else { " middle" } }
                    x=(n(if edge { x + 6.0 } else { x })) y=(n(y + 16.0)) { (text) }
            }
        }
    }

    /// The clock for the page's script: pairs of seconds since the start and local seconds, one
    /// for each change of the zone's offset.
    pub fn pairs(&self, context: &ReportContext) -> String {
        let pairs = context.clock_seconds(self.from, self.to).into_iter();
        let pairs = pairs.map(|(at, local)| format!("{:.3}:{local}", at.seconds()));
        pairs.collect::<Vec<_>>().join(" ")
    }

    /// Hatching over stretches without a reading.
    pub fn gaps(&self, gaps: &[(Time, Time)], top: f64, bottom: f64) -> Markup {
        html! {
            @for (from, to) in gaps.iter().filter(|(from, to)| self.shows(*from, *to)) {
                @let (x, width) = self.across(*from, *to);
                rect class="gap" x=(n(x)) y=(n(top)) width=(n(width)) height=(n(bottom - top)) {
                    title { "no reading" }
                }
            }
        }
    }
}

/// The longest of these stretches.
pub(super) fn longest(stretches: impl Iterator<Item = (Time, Time)>) -> Span {
    stretches.map(|(from, to)| to.since(from)).max().unwrap_or(Span::SECOND)
}
