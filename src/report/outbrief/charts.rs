//! Traffic, errors and response times of the whole site over time.

use super::chart::{LEFT, Plane, RIGHT, WIDTH, round_ticks};
use super::formatting::{n, response_time, shown};
use super::series::{ChartPoint, SiteSeries};
use super::thresholds;
use crate::decision::MeasureKind;
use crate::report::context::{ReportContext, significant};
use crate::units::{Span, Time, grouped};
use maud::{Markup, html};

/// The height of a drawing.
const HEIGHT: f64 = 190.0;
/// The most rows of the table beside the drawings.
const ROWS: usize = 36;

/// The drawing of response times, and the figures of the whole site as a table.
pub(super) fn times(context: &ReportContext, series: &SiteSeries) -> Markup {
    html! {
        (of_times(context, series))
        (table(context, series))
    }
}

/// What players see: traffic, errors and response times.
pub(super) fn figures(context: &ReportContext, series: &SiteSeries) -> Markup {
    html! {
        (figure("traffic", "Requests per second",
            html! {
                span.key.ok {} " answered " span.key.bad {} " failed or rejected "
                @if series.points.iter().any(|point| point.abandoned > 0) {
                    span.key.given-up {} " given up by visitors "
                }
                @if series.points.iter().any(|point| point.planned > 0) {
                    span.key.planned {} " answered by a maintenance page"
                }
            }, traffic(context, series)))
        (figure("errors", "Errors in percent of requests",
            html! {
                span.key.bad {} " failed or rejected "
                span.key.limit {} " threshold of a rule " span.key.base {} " baseline"
            }, errors(context, series)))
        (of_times(context, series))
    }
}

fn of_times(context: &ReportContext, series: &SiteSeries) -> Markup {
    figure(
        "latency",
        "Response times",
        html! {
            span.key.p50 {} " median " span.key.p95 {} " 95th "
            span.key.p99 {} " 99th percentile " span.key.limit {} " limit of a rule"
        },
        latency(context, series),
    )
}

/// A drawing with its name and its legend.
pub(super) fn figure(id: &str, name: &str, legend: Markup, drawing: Markup) -> Markup {
    html! {
        figure {
            figcaption { h3 id=(id) { (name) } p.legend { (legend) } }
            div.wide tabindex="0" role="region" aria-labelledby=(id) { (drawing) }
        }
    }
}

/// A drawing with the faults shaded and the incidents marked.
pub(super) fn drawing(
    context: &ReportContext,
    plane: &Plane,
    id: &str,
    words: String,
    inside: Markup,
) -> Markup {
    let end = |to: Option<Time>| to.unwrap_or(Time(context.header.lasts.0));
    html! {
        svg viewBox={ "0 0 " (n(WIDTH)) " " (n(HEIGHT)) } role="img" aria-labelledby=(id) {
            title id=(id) { (words) }
            @for fault in context.story.faults().iter().filter(|fault| fault.site) {
                (plane.band(fault.from, end(fault.to), "band"))
            }
            (inside)
            @for incident in context.story.incidents() {
                @let began = incident.first().start.started_at;
                (plane.band(began, incident.last().ended_at, "incident"))
            }
            (plane.clock(context))
        }
    }
}

/// The rectangle of a drawing over the whole run.
pub(super) fn plane(context: &ReportContext, low: f64, high: f64, logarithmic: bool) -> Plane {
    let lasts = context.header.lasts;
    Plane { lasts, top: 14.0, bottom: HEIGHT - 26.0, low, high, logarithmic }
}

fn traffic(context: &ReportContext, series: &SiteSeries) -> Markup {
    let seconds = |point: &ChartPoint| {
        let known = point.readings.saturating_sub(point.missing);
        let length = context.header.every.seconds() * f64::from(known);
        if length > 0.0 { length } else { series.step.seconds() }
    };
    // Answered, failed, given up and turned away, each on top of those before it.
    let layers = |point: &ChartPoint| {
        let mut sum = 0;
        [point.ok, point.bad, point.abandoned, point.planned].map(|count| {
            sum += count;
            sum as f64 / seconds(point)
        })
    };
    let rates: Vec<(f64, Option<[f64; 4]>)> = series
        .timed()
        .map(|(at, point)| (at, (point.readings > point.missing).then(|| layers(point))))
        .collect();
    let most = rates.iter().filter_map(|(_, rates)| Some(rates.as_ref()?[3])).fold(0.0, f64::max);
    let ticks = round_ticks(most);
    let high = ticks.last().copied().unwrap_or(1.0);
    let plane = plane(context, 0.0, high, false);
    let layer = |class: &str, top: usize| {
        let below = |rates: [f64; 4]| if top == 0 { 0.0 } else { rates[top - 1] };
        let points = rates.iter().map(|(at, known)| (*at, known.map(|r| (below(r), r[top]))));
        html! { @for points in stretches(points) { path class=(class) d=(plane.area(&points)) {} } }
    };
    let words = format!("Requests per second, at most {}", significant(most, 2));
    let inside = html! {
        (plane.values(&ticks, |tick| significant(tick, 3)))
        (layer("ok", 0))
        (layer("bad", 1))
        (layer("given-up", 2))
        (layer("planned", 3))
        (names(context, &plane))
    };
    drawing(context, &plane, "traffic-title", words, inside)
}

/// The names of the site's faults above their bands.
fn names(context: &ReportContext, plane: &Plane) -> Markup {
    let faults = context.story.faults().into_iter().filter(|fault| fault.site);
    html! {
        @for (position, fault) in faults.enumerate().take(6) {
            @let x = plane.x(fault.from.seconds());
            @let late = x > (WIDTH + LEFT) / 2.0 + 160.0;
            text class={ "note" @if late { " end" } } x=(n(if late { x - 5.0 } else { x + 5.0 }))
                y=(n(plane.top + 11.0 + 14.0 * (position % 3) as f64)) { (shown(fault.fault)) }
        }
    }
}

fn errors(context: &ReportContext, series: &SiteSeries) -> Markup {
    let thresholds = thresholds::of_site(context, MeasureKind::ErrorRate);
    let baseline = context.header.baseline_error_rate.map(|rate| rate * 100.0);
    let highest = series.points.iter().filter_map(ChartPoint::error_pct).fold(0.0, f64::max);
    let lines = thresholds.iter().map(|(at, _)| *at);
    let ticks = round_ticks(lines.chain(baseline).fold(highest, f64::max).min(100.0));
    let plane = plane(context, 0.0, ticks.last().copied().unwrap_or(1.0), false);
    let points = || series.timed().map(|(at, point)| (at, point.error_pct()));
    let filled = stretches(points().map(|(at, value)| (at, value.map(|value| (0.0, value)))));
    let words = format!("Share of errors, at most {}%", significant(highest, 2));
    let inside = html! {
        (plane.values(&ticks, |tick| format!("{}%", significant(tick, 3))))
        @for points in &filled { path class="bad faint" d=(plane.area(points)) {} }
        path class="line bad" d=(plane.line(points())) {}
        @for (at, text) in &thresholds { (plane.threshold(*at, "limit", text)) }
        @if let Some(baseline) = baseline {
            line class="base" x1=(n(LEFT)) x2=(n(WIDTH - RIGHT))
                y1=(n(plane.y(baseline))) y2=(n(plane.y(baseline))) {}
        }
    };
    drawing(context, &plane, "errors-title", words, inside)
}

/// An area without a gap: when, its lower and its upper edge.
pub(super) type Area = Vec<(f64, f64, f64)>;

/// The areas under a line, apart where there is no value.
pub(super) fn stretches(points: impl Iterator<Item = (f64, Option<(f64, f64)>)>) -> Vec<Area> {
    let mut stretches = vec![Vec::new()];
    for (at, value) in points {
        match value {
            Some((low, high)) => stretches.last_mut().expect("never empty").push((at, low, high)),
            None => stretches.push(Vec::new()),
        }
    }
    stretches.retain(|points| !points.is_empty());
    stretches
}

fn latency(context: &ReportContext, series: &SiteSeries) -> Markup {
    let thresholds = thresholds::of_site(context, MeasureKind::Latency);
    let values = series.points.iter().flat_map(|point| [point.p50, point.p95, point.p99]).flatten();
    let values = values.chain(thresholds.iter().map(|(at, _)| *at)).filter(|value| *value > 0.0);
    let (least, most) = values.fold((f64::MAX, 1.0), |(low, high), v| (v.min(low), v.max(high)));
    let decade = |value: f64| libm::pow(10.0, libm::floor(libm::log10(value)));
    let low = decade(least.min(most));
    let high = most * 1.3;
    let decades = std::iter::successors(Some(low), |tick| Some(tick * 10.0));
    let ticks: Vec<f64> = decades
        .flat_map(|tick| if high / low > 500.0 { vec![tick] } else { vec![tick, 3.0 * tick] })
        .take_while(|tick| *tick <= high)
        .take(12)
        .collect();
    let plane = plane(context, low, high.max(low * 10.0), true);
    let line = |of: fn(&ChartPoint) -> Option<f64>| {
        plane.line(series.timed().map(|(at, point)| (at, of(point))))
    };
    let words = format!("Response times, the slowest percent at most {}", response_time(most));
    let inside = html! {
        (plane.values(&ticks, response_time))
        path class="line p99" d=(line(|point| point.p99)) {}
        path class="line p95" d=(line(|point| point.p95)) {}
        path class="line p50" d=(line(|point| point.p50)) {}
        @for (at, text) in &thresholds { (plane.threshold(*at, "limit", text)) }
    };
    drawing(context, &plane, "latency-title", words, inside)
}

fn table(context: &ReportContext, series: &SiteSeries) -> Markup {
    let group = series.points.len().div_ceil(ROWS);
    let rows = series.coarser(group);
    let time = |ms: Option<f64>| ms.map_or("–".to_string(), response_time);
    html! {
        details {
            summary { "Requests and response times as a table" }
            div.wide tabindex="0" role="region" aria-label="Requests and response times" {
                table {
                    caption {
                        "Whole site, " (Span(series.step.0 * group as u64))
                        " a row; times are those of the "
                        "worst reading within."
                    }
                    thead { tr {
                        th scope="col" { "From" }
                        th.figure scope="col" { "Requests" }
                        th.figure scope="col" { "Failed or rejected" }
                        th.figure scope="col" { "Given up" }
                        th.figure scope="col" { "Maintenance page" }
                        th.figure scope="col" { "Errors" }
                        th.figure scope="col" { "Median" }
                        th.figure scope="col" { "95th" }
                        th.figure scope="col" { "99th" }
                    } }
                    tbody {
                        @for (position, point) in rows.iter().enumerate() {
                            tr {
                                th scope="row" { (context.clock(series.start(position * group))) }
                                td.figure { (grouped(point.total())) }
                                td.figure { (grouped(point.bad)) }
                                td.figure { (grouped(point.abandoned)) }
                                td.figure { (grouped(point.planned)) }
                                td.figure { (point.error_pct().map_or("–".to_string(),
                                    |pct| format!("{}%", significant(pct, 2)))) }
                                td.figure { (time(point.p50)) }
                                td.figure { (time(point.p95)) }
                                td.figure { (time(point.p99)) }
                            }
                        }
                    }
                }
            }
        }
    }
}
