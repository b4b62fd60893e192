//! Two runs among many, one above the other at one scale: a typical one and a bad one.

use super::one::{drawing, judged, steps};
use super::scale::{self, CloseUpSpan, Scale, ScreenSize};
use crate::journal::Incident;
use crate::report::context::ReportContext;
use crate::report::extras::RunBeside;
use crate::report::outbrief::formatting::shown;
use crate::report::walk::RunWalk;
use crate::units::{Span, Time};
use maud::{Markup, html};

/// The judged incidents of these runs, each below its name and how it ended; `None` where one has
/// none.
pub(in crate::report::outbrief) fn pair(
    runs: &[(&'static str, RunWalk, &RunBeside); 2],
) -> Option<Markup> {
    let books: Vec<ReportContext> =
        runs.iter().map(|(.., run)| ReportContext::new(&run.header, &run.story)).collect();
    let incidents: Vec<_> = books.iter().filter_map(judged).collect();
    let both = incidents.len() == runs.len();
    // The causes stand below each other.
    let began = |incident: &Incident| incident.first().start.started_at;
    let lead = |(incident, window): &(Incident, CloseUpSpan)| began(incident).since(window.from);
    let lead = incidents.iter().map(lead).max().unwrap_or(Span::ZERO);
    let starts = |incident: &Incident| Time(began(incident).0.saturating_sub(lead.0));
    let ends = incidents.iter().map(|(incident, window)| (starts(incident), window.to));
    let longest = scale::longest(ends);
    let figures = runs.iter().zip(&books).zip(&incidents);
    both.then(|| {
        html! { @for (((word, walk, run), context), (incident, window)) in figures {
            @let course = context.story.phase_timeline(incident);
            figure.minutes id=(word) {
                figcaption {
                    strong { (word) } ": " (shown(&walk.ending))
                    span.quiet { " (run " (walk.trial) ")" }
                }
                @for screen in ScreenSize::BOTH {
                    @let per = Scale::whole(screen, Time::ZERO, Time(longest.0)).per;
                    @let scale = Scale { screen, from: starts(incident), to: window.to, per };
                    @let close_up = run.close_up.as_ref().filter(|_| context.has_readings());
                    (drawing(context, &scale, Some((incident, &course)), close_up))
                }
                (steps(incident, &course))
            }
        } }
    })
}
