//! What the site's visitors felt: the share of requests without a good answer, and how long they
//! waited where it was that which a rule saw.

use super::scale::{COLUMN, Scale, ScreenSize};
use crate::report::context::{ReportContext, significant};
use crate::report::outbrief::chart::round_ticks;
use crate::report::outbrief::formatting::{n, response_time, shown};
use crate::report::outbrief::series::{ChartPoint, CloseUp};
use crate::report::outbrief::thresholds;
use crate::report::untrusted::for_terminal;
use crate::units::Time;
use maud::{Markup, html};
use std::fmt::Write;

/// The height of the plot, of that of response times, and of the line above either.
const PLOT: f64 = 84.0;
const TIMES: f64 = 56.0;
const HEAD: f64 = 20.0;

/// The row from this height on, and where it ends. `opener` is the rule that opened the play.
pub(super) fn row(
    context: &ReportContext,
    close_up: &CloseUp,
    scale: &Scale,
    opener: Option<&str>,
    top: f64,
) -> (Markup, f64) {
    let (top, bottom) = (top + HEAD, top + HEAD + PLOT);
    let worst = close_up.points.iter().filter_map(ChartPoint::unanswered_pct).fold(0.0, f64::max);
    let rule = opener.and_then(|alert| thresholds::share_of(context, alert));
    let ticks = round_ticks(rule.as_ref().map_or(worst, |(at, _)| worst.max(*at)).min(100.0));
    let ticks: Vec<f64> = ticks.into_iter().filter(|tick| *tick <= 100.0).collect();
    let high = ticks.last().copied().unwrap_or(1.0).max(0.1);
    let y = |share: f64| bottom - share.clamp(0.0, high) / high * PLOT;
    let gaps = close_up.stretches(ChartPoint::is_blind);
    let pages = close_up.stretches(|point| point.planned > 0);
    let (left, end) = (scale.screen.left(), scale.end());
    let few = ticks.len() > 4;
    let drawing = html! {
        (heading(scale.screen, &format!("No good answer: at worst {}%", significant(worst, 2)),
            "of requests failed, were refused or were given up, as the site saw it", top))
        @for tick in ticks.iter().step_by(if few { 2 } else { 1 }) {
            line class="grid" x1=(n(left)) x2=(n(end)) y1=(n(y(*tick))) y2=(n(y(*tick))) {}
            text class="tick end" x=(n(left - 5.0)) y=(n(y(*tick) + 4.0)) {
                (significant(*tick, 3)) @if scale.screen == ScreenSize::Wide { "%" }
            }
        }
        (scale.gaps(&gaps, top, bottom))
        @for (from, to) in pages.iter().filter(|(from, to)| scale.shows(*from, *to)) {
            @let (x, width) = scale.across(*from, *to);
            rect class="stands" x=(n(x)) y=(n(bottom - 6.0)) width=(n(width.max(1.0))) height="6" {
                title { (shown("a maintenance page answers")) }
            }
        }
        path class="felt-area" d=(area(close_up, scale, bottom, y)) {}
        path class="felt" d=(line(close_up, scale, ChartPoint::unanswered_pct, y)) {}
        @if let Some((at, text)) = &rule { (limit(scale, y(*at), text, top)) }
        line class="axis" x1=(n(left)) x2=(n(end)) y1=(n(bottom)) y2=(n(bottom)) {}
    };
    (drawing, bottom)
}

/// Response times, where the rule that opened the play is about them; the other rows say nothing of
/// its threshold. `None` of any other rule, and without readings.
pub(super) fn times(
    context: &ReportContext,
    close_up: &CloseUp,
    scale: &Scale,
    opener: Option<&str>,
    top: f64,
) -> Option<(Markup, f64)> {
    let (limit_at, text) = thresholds::time_of(context, opener?)?;
    let worst = close_up.points.iter().filter_map(|point| point.p95).reduce(f64::max)?;
    let (top, bottom) = (top + HEAD, top + HEAD + TIMES);
    let ticks = round_ticks(worst.max(limit_at));
    let high = ticks.last().copied().unwrap_or(1.0).max(1.0);
    let y = |time: f64| bottom - time.clamp(0.0, high) / high * TIMES;
    let (left, end) = (scale.screen.left(), scale.end());
    let ends = [ticks.first(), ticks.last()].into_iter().flatten();
    let drawing = html! {
        (heading(scale.screen, &format!("Response time: at worst {}", response_time(worst)),
            "the 95th percentile of good answers", top))
        @for tick in ends {
            line class="grid" x1=(n(left)) x2=(n(end)) y1=(n(y(*tick))) y2=(n(y(*tick))) {}
            text class="tick end" x=(n(left - 5.0)) y=(n(y(*tick) + 4.0)) { (response_time(*tick)) }
        }
        (scale.gaps(&close_up.stretches(ChartPoint::is_blind), top, bottom))
        path class="felt slow" d=(line(close_up, scale, |point| point.p95, y)) {}
        (limit(scale, y(limit_at), &text, top))
        line class="axis" x1=(n(left)) x2=(n(end)) y1=(n(bottom)) y2=(n(bottom)) {}
    };
    Some((drawing, bottom))
}

fn heading(screen: ScreenSize, name: &str, aside: &str, top: f64) -> Markup {
    let x = if screen == ScreenSize::Wide { screen.left() } else { 2.0 };
    html! {
        text class="lane" x=(n(x)) y=(n(top - 7.0)) {
            (name)
            @if screen == ScreenSize::Wide { tspan class="aside" dx="8" { (aside) } }
        }
    }
}

/// The threshold of the rule with its name where the line is free: before the fault is felt.
fn limit(scale: &Scale, y: f64, text: &str, top: f64) -> Markup {
    let (left, end) = (scale.screen.left(), scale.end());
    let room = ((scale.screen.right() - left) / COLUMN) as usize;
    let text = for_terminal(text, room);
    let above = y - 5.0 > top + 8.0;
    html! {
        line class="limit" x1=(n(left)) x2=(n(end)) y1=(n(y)) y2=(n(y)) {}
        text class="note limit-text" x=(n(left + 4.0))
            y=(n(if above { y - 5.0 } else { y + 13.0 })) { (text) }
    }
}

/// The points that have a value, with the gaps between them.
fn values<'a>(
    close_up: &'a CloseUp,
    scale: &'a Scale,
    value: impl Fn(&ChartPoint) -> Option<f64> + 'a,
) -> impl Iterator<Item = (Time, Option<f64>)> + 'a {
    let inside = close_up.timed().filter(|(at, _)| scale.from <= *at && *at <= scale.to);
    inside.map(move |(at, point)| (at, value(point)))
}

fn line(
    close_up: &CloseUp,
    scale: &Scale,
    value: impl Fn(&ChartPoint) -> Option<f64>,
    y: impl Fn(f64) -> f64,
) -> String {
    let (mut path, mut pen) = (String::new(), "M");
    for (at, share) in values(close_up, scale, value) {
        let Some(share) = share else {
            pen = "M";
            continue;
        };
        write!(path, "{pen}{} {}", n(scale.x(at)), n(y(share))).expect("memory");
        pen = "L";
    }
    path
}

/// The area under the line, apart where there is no value.
fn area(close_up: &CloseUp, scale: &Scale, base: f64, y: impl Fn(f64) -> f64) -> String {
    let (mut path, mut last) = (String::new(), None);
    for (at, share) in values(close_up, scale, ChartPoint::unanswered_pct).chain([(scale.to, None)])
    {
        match (share, last) {
            (Some(share), None) => {
                let x = n(scale.x(at));
                write!(path, "M{x} {}V{}", n(base), n(y(share))).expect("memory");
            }
            (Some(share), Some(_)) => {
                write!(path, "L{} {}", n(scale.x(at)), n(y(share))).expect("memory");
            }
            (None, Some(_)) => write!(path, "V{}Z", n(base)).expect("memory"),
            (None, None) => {}
        }
        last = share.map(|_| at);
    }
    path
}
