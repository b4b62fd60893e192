//! The whole run as a strip: requests by what became of them, with what is drawn close up boxed.

use super::scale::{CloseUpSpan, Scale, ScreenSize};
use crate::report::context::{ReportContext, significant};
use crate::report::outbrief::formatting::n;
use crate::report::outbrief::series::{ChartPoint, SiteSeries};
use crate::units::{Span, Time};
use maud::{Markup, html};
use std::fmt::Write;

/// The height of the plot.
const PLOT: f64 = 44.0;
/// A peak is cut that is higher than nearly all the rest by this factor, or it flattens the rest.
const PEAK: f64 = 3.0;

/// The strip with its boxes, each a link to what it boxes.
pub(super) fn drawing(
    context: &ReportContext,
    series: &SiteSeries,
    windows: &[CloseUpSpan],
    screen: ScreenSize,
) -> Markup {
    let scale = Scale::whole(screen, Time::ZERO, Time(context.header.lasts.0));
    let rates: Vec<Option<[f64; 3]>> =
        series.points.iter().map(|point| layers(point, context.header.every)).collect();
    let mut tops: Vec<f64> = rates.iter().flatten().map(|rates| rates[2]).collect();
    tops.sort_by(f64::total_cmp);
    let most = tops.last().copied().unwrap_or(0.0);
    let usual = tops.get(tops.len() * 19 / 20).copied().unwrap_or(most);
    let cut = most > usual * PEAK && usual > 0.0;
    let high = if cut { usual * 1.25 } else { most.max(1e-9) };
    let (top, bottom) = (20.0, 20.0 + PLOT);
    let y = |rate: f64| bottom - (rate / high).min(1.0) * PLOT;
    let gaps = gaps(series);
    let peak = rates.iter().position(|rates| rates.is_some_and(|rates| rates[2] == most));
    html! {
        svg class={ "clock strip " (screen.class()) }
            viewBox={ "0 0 " (n(screen.width())) " " (n(bottom + 24.0)) } role="group"
            aria-label="Requests per second over the whole run, with what is drawn above boxed"
            data-from="0" data-to=(n(scale.to.seconds())) data-clock=(scale.pairs(context))
            data-left=(n(screen.left()))
            data-per=(format!("{:.4}", scale.per)) {
            @let x = if screen == ScreenSize::Wide { screen.left() } else { 2.0 };
            text class="lane" x=(n(x)) y="13" { "The whole run"
                tspan class="aside" dx="8" { "requests per second, up to " (significant(most, 2)) }
            }
            @for (class, layer) in [("ok", 0), ("bad", 1), ("planned", 2)] {
                path class=(class) d=(area(&scale, series, &rates, layer, y)) {}
            }
            (scale.gaps(&gaps, top, bottom))
            @if let Some(peak) = peak.filter(|_| cut) {
                @let at = series.start(peak);
                @let x = scale.x(at);
                path class="own" d=(format!("M{} {}l4 7h-8z", n(x), n(top - 5.0))) {
                    title { "cut: " (significant(most, 3)) " a second at " (context.clock(at)) }
                }
                @let late = x > screen.width() - 150.0;
                text class={ "tick" @if late { " end" } } y=(n(top + 3.0))
                    x=(n(if late { x - 8.0 } else { x + 8.0 })) { "peak cut" }
            }
            @for window in windows { @if let Some(number) = window.incident {
                @let (x, width) = scale.across(window.from, window.to);
                a href={ "#incident-" (number) } aria-label={ "Incident " (number) } {
                    rect class="boxed" x=(n(x)) y=(n(top - 2.0)) width=(n(width.max(3.0)))
                        height=(n(PLOT + 4.0)) rx="2" {
                        title { "incident " (number) ", " (context.clock(window.from)) " to "
                            (context.clock(window.to)) }
                    }
                }
            } }
            (scale.axis(context, bottom))
        }
    }
}

/// Answered well, without a good answer, by a maintenance page, each on top of those before it.
fn layers(point: &ChartPoint, every: Span) -> Option<[f64; 3]> {
    let seconds = every.seconds() * f64::from(point.readings.saturating_sub(point.missing));
    let mut sum = 0;
    let counts = [point.ok, point.unanswered(), point.planned];
    (seconds > 0.0).then(|| {
        counts.map(|count| {
            sum += count;
            sum as f64 / seconds
        })
    })
}

/// The stretches without a reading.
fn gaps(series: &SiteSeries) -> Vec<(Time, Time)> {
    let blind = series.points.iter().enumerate().filter(|(_, point)| point.is_blind());
    blind.map(|(position, _)| (series.start(position), series.start(position + 1))).collect()
}

/// One layer as columns, from the top of the one below it.
fn area(
    scale: &Scale,
    series: &SiteSeries,
    rates: &[Option<[f64; 3]>],
    layer: usize,
    y: impl Fn(f64) -> f64,
) -> String {
    let below = |rates: &[f64; 3]| if layer == 0 { 0.0 } else { rates[layer - 1] };
    let mut path = String::new();
    let some = |rates: &&[f64; 3]| rates[layer] > below(rates);
    let (mut upper, mut lower) = (String::new(), Vec::new());
    for position in 0..=rates.len() {
        let known = rates.get(position).and_then(|rates| rates.as_ref()).filter(some);
        match known {
            Some(rates) => {
                let (from, to) = (series.start(position), series.start(position + 1));
                let (left, right) = (n(scale.x(from)), n(scale.x(to)));
                let (high, low) = (n(y(rates[layer])), n(y(below(rates))));
                let pen = if upper.is_empty() { format!("M{left} {high}") } else { String::new() };
                write!(upper, "{pen}V{high}H{right}").expect("memory");
                lower.push(format!("V{low}H{left}"));
            }
            None => {
                path.push_str(&std::mem::take(&mut upper));
                let ended = !lower.is_empty();
                lower.drain(..).rev().for_each(|back| path.push_str(&back));
                path.push_str(if ended { "Z" } else { "" });
            }
        }
    }
    path
}
