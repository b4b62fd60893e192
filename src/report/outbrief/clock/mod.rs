//! One clock: what the site's visitors felt, where the minutes went, which rules fired, who was
//! asked and what was deployed, one above the other; several incidents at one scale, the worst
//! first, and the whole run as a strip below.

mod labels;
mod lanes;
mod one;
mod pair;
mod ribbon;
pub(super) mod scale;
mod strip;
mod user_impact;

use super::formatting::{n, percent};
use super::minutes;
use super::series::{CloseUp, SiteSeries};
use crate::decision::AttemptOutcome;
use crate::journal::{Incident, PhaseTimeline};
use crate::report::context::ReportContext;
use crate::report::endings::Ending;
use crate::report::responses;
use crate::units::{Span, Time};
use maud::{Markup, html};
pub(crate) use one::judged_window;
use one::{around, drawing, steps};
pub(super) use pair::pair;
use scale::{CloseUpSpan, Scale, ScreenSize};

/// How many incidents are drawn in full, and how many more as ribbons; the others are in the table.
const DRAWN: usize = 4;
const RIBBONS: usize = 40;

/// What is drawn close up of a run: its incidents from a tenth of their length before the onset
/// until a good while after the end, the worst first; the whole of a run without one.
pub(crate) fn windows(context: &ReportContext) -> Vec<CloseUpSpan> {
    let incidents = worst_first(context);
    if incidents.is_empty() {
        return vec![CloseUpSpan {
            incident: None,
            from: Time::ZERO,
            to: Time(context.header.lasts.0),
        }];
    }
    let window = |incident: &Incident| {
        let (from, to) = around(context, incident);
        CloseUpSpan { incident: Some(incident.number), from, to }
    };
    incidents.iter().take(DRAWN).map(window).collect()
}

/// The incidents: those that were not restored first, then the longest.
fn worst_first<'a>(context: &ReportContext<'a>) -> Vec<Incident<'a>> {
    let mut incidents = context.story.incidents();
    incidents.sort_by_cached_key(|incident| {
        let restored = Ending::new(context, incident).recovered.is_some();
        (restored, std::cmp::Reverse(context.story.phase_timeline(incident).total()))
    });
    incidents
}

/// The drawings of the worst incidents, and the strip. `other_runs`: what is said of them.
pub(super) fn figure(
    context: &ReportContext,
    series: &SiteSeries,
    other_runs: Option<String>,
) -> Markup {
    let windows = windows(context);
    let incidents = worst_first(context);
    let longest = scale::longest(windows.iter().map(|window| (window.from, window.to)));
    html! {
        section.clocks aria-labelledby="clock" {
            h2 id="clock" { "What visitors felt, and who did what" }
            (patterns())
            @if incidents.is_empty() {
                p { "No play was opened, so there was no response to time." }
            }
            @for (position, window) in windows.iter().enumerate() {
                @let incident = incidents.get(position);
                @let close_up = series.close_ups.get(position);
                (one(context, window, incident, close_up, longest))
            }
            @if let Some(other_runs) = other_runs { p.legend { (other_runs) } }
            @if context.has_readings() {
                @for screen in ScreenSize::BOTH {
                    (strip::drawing(context, series, &windows, screen))
                }
            } @else {
                p.quiet { "Nobody recorded what the site did, so it is not drawn." }
            }
            (key(context))
            @if incidents.len() > DRAWN {
                div.on-screen { (others(context, &incidents[DRAWN..], longest)) }
            }
            @if incidents.len() > 1 {
                p.on-paper { "In print, only the worst of " (incidents.len())
                    " incidents is drawn; the page on screen shows the others." }
            }
        }
    }
}

/// One stretch, on both screens.
fn one(
    context: &ReportContext,
    window: &CloseUpSpan,
    incident: Option<&Incident>,
    close_up: Option<&CloseUp>,
    longest: Span,
) -> Markup {
    let course = incident.map(|incident| (incident, context.story.phase_timeline(incident)));
    let course = course.as_ref().map(|(incident, course)| (*incident, course));
    let id = window.incident.map_or("whole".to_string(), |number| format!("incident-{number}"));
    html! {
        figure.minutes id=(id) {
            @if let Some((incident, course)) = course { (caption(context, incident, course)) }
            @for screen in ScreenSize::BOTH {
                @let per = Scale::whole(screen, Time::ZERO, Time(longest.0)).per;
                @let scale = Scale { screen, from: window.from, to: window.to, per };
                (drawing(context, &scale, course, close_up.filter(|_| context.has_readings())))
            }
            @if let Some((incident, course)) = course {
                (steps(incident, course))
                (minutes::table(context, incident, course))
            }
        }
    }
}

fn caption(context: &ReportContext, incident: &Incident, course: &PhaseTimeline) -> Markup {
    let (assumed, total) = (minutes::assumed(incident, course), course.total());
    let ends = course.spans().first().zip(course.spans().last());
    let ends = ends.map(|(first, last)| (context.clock(first.from), context.clock(last.until)));
    let (from, to) = ends.unwrap_or_default();
    html! {
        figcaption {
            strong { "Incident " (incident.number) ": " (course.printed_total()) }
            @if incident.last().outcome == AttemptOutcome::Recovered { " until all was clear" }
            ", " (from) " to " (to) ", " (responses::ended_as(context, incident.last()))
            @if assumed > Span::ZERO {
                ". " (percent(assumed, total)) " of it, hatched " span.key.hatched {}
                ", rests on assumed times of people."
            }
        }
    }
}

/// What the marks mean, as far as the words beside them do not say it.
fn key(context: &ReportContext) -> Markup {
    html! {
        p.legend {
            @if context.has_readings() {
                span.key.ok {} " answered " span.key.bad {} " no good answer "
                span.key.planned {} " maintenance page " span.key.gap {} " no reading "
            }
            span.key.fault {} " fault " span.key.pending {} " pending " span.key.firing {}
            " firing " span.key.nodata {} " no data " span.key.asked {} " asked, answered "
            span.key.unanswered {} " no answer by that channel "
            span.key.deploying {} " deploying"
        }
    }
}

/// The incidents that are not drawn whole, a ribbon each, at the same scale.
fn others(context: &ReportContext, incidents: &[Incident], longest: Span) -> Markup {
    let rows = incidents.iter().take(RIBBONS);
    let rows: Vec<_> =
        rows.map(|incident| (incident, context.story.phase_timeline(incident))).collect();
    let height = 20.0 * rows.len() as f64;
    html! {
        h3 { "The other " (incidents.len()) " incidents at the same scale" }
        @for screen in ScreenSize::BOTH {
            @let per = Scale::whole(screen, Time::ZERO, Time(longest.0)).per;
            svg class={ "clock " (screen.class()) } role="img"
                viewBox={ "0 0 " (n(screen.width())) " " (n(height + 4.0)) }
                aria-label="Where the minutes of the other incidents went; the figures are in the \
                            table of responses" {
                @for (position, (incident, course)) in rows.iter().enumerate() {
                    @let y = 20.0 * position as f64;
                    @let began = course.spans().first().map_or(Time::ZERO, |span| span.from);
                    @let ended = began + course.total();
                    @let scale = Scale { screen, from: began, to: ended, per };
                    text class="tick end" x=(n(screen.left() - 7.0)) y=(n(y + 13.0)) {
                        @if screen == ScreenSize::Wide { "no. " } (incident.number)
                        @if screen == ScreenSize::Wide { ", " (context.clock(began)) }
                    }
                    (ribbon::plain(incident, course, &scale, y + 2.0))
                    @let x = scale.end() + 6.0;
                    @let room = x + 90.0 < screen.width();
                    text class={ "tick" @if !room { " end" } } y=(n(y + 13.0))
                        x=(n(if room { x } else { screen.width() })) { (course.printed_total()) }
                }
            }
        }
        @if incidents.len() > RIBBONS {
            p.quiet { (incidents.len() - RIBBONS) " more in the table of responses." }
        }
    }
}

/// The hatching that drawings refer to.
fn patterns() -> Markup {
    let lines = |id: &str, class: &str| {
        html! {
            pattern id=(id) width="7" height="7" patternUnits="userSpaceOnUse"
                patternTransform="rotate(45)" {
                line class=(class) x1="0" x2="0" y1="0" y2="7" {}
            }
        }
    };
    html! {
        svg.patterns width="0" height="0" aria-hidden="true" { defs {
            (lines("on-dark", "hatch-dark")) (lines("on-light", "hatch-light"))
            (lines("blind", "hatch-gap"))
        } }
    }
}
