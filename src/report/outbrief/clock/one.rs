//! One incident over time: what visitors felt, the ribbon of steps, the lanes and the axis.

use super::scale::{CloseUpSpan, Scale, ScreenSize};
use super::{lanes, ribbon, user_impact};
use crate::journal::{Incident, PhaseTimeline, printed};
use crate::report::context::ReportContext;
use crate::report::outbrief::formatting::n;
use crate::report::outbrief::minutes;
use crate::report::outbrief::series::CloseUp;
use crate::report::summary::verdict;
use crate::units::{Span, Time};
use maud::{Markup, html};

/// The stretch that an incident is drawn in. What the change-time table promised is in it whole,
/// unless that is longer than the incident was.
pub(super) fn around(context: &ReportContext, incident: &Incident) -> (Time, Time) {
    let course = context.story.phase_timeline(incident);
    let spans = course.spans();
    let began = spans.first().map_or(incident.first().start.started_at, |span| span.from);
    let ended = spans.last().map_or(incident.last().ended_at, |span| span.until).max(began);
    let total = ended.since(began).0.max(Span::MINUTE.0);
    let promised = ribbon::promised(context, incident).into_iter().map(|(_, to, _)| to);
    let promised = promised.map(|to| to.min(Time(ended.0.saturating_add(total)))).max();
    let to = ended.0.saturating_add(total / 100 * 15).max(promised.map_or(0, |to| to.0));
    (Time(began.0.saturating_sub(total / 10)), Time(to.min(context.header.lasts.0.max(ended.0))))
}

/// What is drawn of a run beside others: its judged incident, if there is one.
pub(crate) fn judged_window(context: &ReportContext) -> Option<CloseUpSpan> {
    judged(context).map(|(_, window)| window)
}

/// The judged incident of a run and the stretch that it is drawn in.
pub(super) fn judged<'a>(context: &ReportContext<'a>) -> Option<(Incident<'a>, CloseUpSpan)> {
    let incident = context.story.judged(&context.expected())?;
    let (from, to) = around(context, &incident);
    let window = CloseUpSpan { incident: Some(incident.number), from, to };
    Some((incident, window))
}

/// The drawing of one stretch.
pub(super) fn drawing(
    context: &ReportContext,
    scale: &Scale,
    course: Option<(&Incident, &PhaseTimeline)>,
    close_up: Option<&CloseUp>,
) -> Markup {
    let opener = course.and_then(|(incident, _)| verdict::opener(context.story, incident.number));
    let mut y = 0.0;
    let top = html! {
        @if let Some(close_up) = close_up {
            @let (felt, bottom) = user_impact::row(context, close_up, scale, opener, y);
            (felt)
            @let () = y = bottom + 4.0;
            @let times = user_impact::times(context, close_up, scale, opener, y);
            @if let Some((times, bottom)) = times {
                (times)
                @let () = y = bottom + 4.0;
            }
        }
    };
    let ribbon = html! {
        @if let Some((incident, course)) = course {
            @let (ribbon, bottom) = ribbon::row(context, incident, course, scale, y);
            (ribbon)
            @let () = y = bottom + 4.0;
        }
    };
    let (lanes, bottom) = lanes::rows(context, scale, y);
    let spans = course.map_or(&[][..], |(_, course)| course.spans());
    let moments = spans.iter().map(|span| span.from).chain(spans.last().map(|span| span.until));
    let values = close_up.map(values);
    html! {
        svg class={ "clock " (scale.screen.class()) } role="img"
            viewBox={ "0 0 " (n(scale.screen.width())) " " (n(bottom + 26.0)) }
            aria-label=(described(course))
            data-from=(format!("{:.3}", scale.from.seconds()))
            data-to=(format!("{:.3}", scale.to.seconds()))
            data-clock=(scale.pairs(context))
            data-left=(n(scale.screen.left()))
            data-per=(format!("{:.6}", scale.per))
            data-step=[close_up.map(|close_up| format!("{:.3}", close_up.step.seconds()))]
            data-first=[close_up.map(|close_up| format!("{:.3}", close_up.from.seconds()))]
            data-values=[values.filter(|_| scale.screen == ScreenSize::Wide)] {
            @for at in moments {
                @let x = n(scale.x(at));
                line class="moment" x1=(x) x2=(x) y1="20" y2=(n(bottom + 4.0)) {}
            }
            (top) (ribbon) (lanes)
            (scale.axis(context, bottom + 4.0))
        }
    }
}

/// The shares of the first row for a pointer, in percent; `-` where there was no reading.
fn values(close_up: &CloseUp) -> String {
    let written = close_up.points.iter().map(|point| match point.unanswered_pct() {
        Some(share) => n(share),
        None => "-".to_string(),
    });
    written.collect::<Vec<_>>().join(" ")
}

/// What a drawing shows, for whoever does not see it.
fn described(course: Option<(&Incident, &PhaseTimeline)>) -> String {
    let Some((incident, course)) = course else {
        return "Requests without a good answer, alerts and changes over time".to_string();
    };
    let spans = course.spans().iter();
    let spans = spans.map(|span| format!("{} {}", span.phase.word(), printed(span)));
    let spans = spans.collect::<Vec<_>>().join(", ");
    format!("Incident {} over time, {}: {spans}", incident.number, course.printed_total())
}

/// The steps in words, for a screen on which the ribbon has only numbers.
pub(super) fn steps(incident: &Incident, course: &PhaseTimeline) -> Markup {
    let spans = minutes::of_attempts(incident, course);
    html! {
        ol.lengths.on-narrow { @for (attempt, span) in &spans { li {
            @let hatched = minutes::assumed_step(attempt, span.phase);
            span class={ "key i-" (span.phase.word()) @if hatched { " hatched" } } {}
            " " (span.phase.word()) " " strong { (printed(span)) }
        } } }
    }
}
