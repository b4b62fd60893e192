//! `when.html`: the launch window on a page.

use super::{WindowReport, clock, share, users, word};
use crate::report::outbrief::prelude::{PageFrame, document, n, named, shown, table};
use crate::report::untrusted::for_terminal;
use crate::window::{HourRating, LaunchHour, LaunchWindow};
use maud::{Markup, html};

/// The longest that a sentence of ours with names in it becomes.
const SENTENCE: usize = 4_000;
/// Height of the strip and width of an hour, in pixels.
const HEIGHT: f64 = 90.0;
const WIDE: f64 = 56.0;

/// The whole page. It ends in a newline.
pub fn window_page(told: &WindowReport) -> String {
    let window = told.window;
    let heading = shown(&window.scenario);
    let title = named("When", &window.scenario);
    let day = window.close.strftime("%a %Y-%m-%d %Z").to_string();
    let good = window.best().map(|(best, _)| window.standing(best)) == Some(HourRating::Good);
    let class = if good { "verdict good" } else { "verdict unsure" };
    let texts = [Some(told.sentence()), told.edge(), told.hinge(), told.unfinished()];
    let frame = PageFrame {
        title: &title,
        eyebrow: html! { "When to do " (shown(&window.step)) " · " (day) " · simulated" },
        heading: &heading,
        first: html! {
            section aria-labelledby="verdict" {
                h2.unseen id="verdict" { "When" }
                div class=(class) { @for text in texts.iter().flatten() { p { (whole(text)) } } }
            }
            (strip(window))
        },
        footer: html! {
            p { "Made by sim " (shown(&told.header.program)) ", seed " (told.header.seed)
                ", scenario " code { (shown(&told.header.scenario_hash)) } "." }
        },
        script: "",
        later: usize::MAX,
        appendix: usize::MAX,
    };
    let again = html! { pre tabindex="0" { code { (whole(told.again)) } } };
    let hours = html! { (hours(window)) p { (whole(&told.how())) } };
    document(frame, &[("hours", "Half hour by half hour", hours), ("again", "Again", again)])
}

/// A sentence of ours in which only names come from outside.
fn whole(text: &str) -> String {
    for_terminal(text, SENTENCE)
}

fn class(standing: HourRating) -> &'static str {
    match standing {
        HourRating::Good => "good",
        HourRating::Worse => "bad",
        HourRating::AsGoodAsAny | HourRating::Unsure => "other",
        HourRating::Closed | HourRating::Unknown => "unclear",
    }
}

/// A bar for every half hour, as high as the share of runs that went well.
fn strip(window: &LaunchWindow) -> Markup {
    let wide = WIDE * 12.0;
    let label = "The share of runs in which service is healthy, for every half hour";
    html! {
        figure {
            // Twelve bars are wider than a phone; they move under the finger, and not the page.
            div.wide tabindex="0" role="region" aria-label="Half hours" {
            svg viewBox={ "0 0 " (n(wide)) " " (n(HEIGHT + 36.0)) } role="img" aria-label=(label) {
                @for (place, hour) in window.hours.iter().enumerate() {
                    @let left = WIDE * place as f64 + 6.0;
                    @let share = hour.played.as_ref().map_or(0.0, |played| played.share());
                    @let class = class(window.standing(hour));
                    @let top = 18.0 + HEIGHT * (1.0 - share);
                    rect class={ (class) " size" } x=(n(left)) y=(n(top)) width=(n(WIDE - 12.0))
                        height=(n(HEIGHT * share)) {}
                    text x=(n(left + WIDE / 2.0 - 6.0)) y=(n(top - 4.0)) text-anchor="middle"
                        font-size="12" fill="currentColor" {
                        @match &hour.played {
                            Some(played) => (played.well),
                            None => "–",
                        }
                    }
                    text x=(n(left + WIDE / 2.0 - 6.0)) y=(n(HEIGHT + 33.0)) text-anchor="middle"
                        font-size="12" fill="currentColor" { (clock(&hour.at)) }
                }
            } }
            figcaption { (label) "; above each, how many runs." }
        }
    }
}

fn hours(window: &LaunchWindow) -> Markup {
    let row = |hour: &LaunchHour| {
        let class = class(window.standing(hour));
        let (runs, affected) = match &hour.played {
            Some(played) => (share(played), users(played)),
            None => ("–".to_string(), "–".to_string()),
        };
        let why = hour.played.as_ref().and_then(|played| played.why.as_ref());
        let why = why.map_or("–".to_string(), |(why, runs)| format!("{why} ({runs})"));
        vec![
            html! { (clock(&hour.at)) },
            html! { span class={ "tag " (class) } { (word(window, hour)) } },
            html! { (runs) },
            html! { (affected) },
            html! { (hour.on_duty) },
            html! { (whole(&why)) },
        ]
    };
    let rows = window.hours.iter().map(row).collect();
    let columns =
        ["Start", "Stands", ">Service healthy", ">Affected in a run", ">On duty", "Lost mostly by"];
    let caption = "Good: enough runs go well, and it is not clearly worse than the best. No worse: \
                   as good as the best, which is not enough.";
    table("Half hours", caption, &columns, rows, "the page")
}
