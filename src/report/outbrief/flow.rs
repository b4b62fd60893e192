//! The plays as a flow: step by step what the change-time table says and what it takes on average,
//! in how many runs each play opened, and how the runs ended.

use super::formatting::shown;
use super::tables::table;
use crate::campaign::{self, HeadlineFigure, HeadlineSubject, Odds, Results};
use crate::explanation::{PlayExplanation, StepExplanation};
use crate::measure::estimate::Estimate;
use crate::report::context::significant;
use crate::report::untrusted::for_terminal;
use crate::units::grouped;
use maud::{Markup, html};

/// The plays of the plan, with what many runs say of them.
pub(super) fn section(plays: &[PlayExplanation], campaign: Option<&Results>) -> Markup {
    let figures = campaign.map_or(Vec::new(), campaign::figures);
    let seconds = plays.iter().flat_map(|play| &play.steps).filter_map(|step| step.simulated_s);
    let longest = seconds.fold(0.0, f64::max).max(1.0);
    html! {
        p { "Paper is what the change-time table says, which covers the technical pipeline alone. \
             Simulated is a mean by formula, people included, if everybody answers and agrees; its \
             bar is to scale over all plays." }
        @for play in plays { (drawn(play, &figures, longest)) }
        @match campaign {
            Some(results) => (endings(results)),
            None => p.quiet { "Only one run: to see how often each play opens, use \
                               --trials." }
        }
    }
}

fn drawn(play: &PlayExplanation, figures: &[HeadlineFigure], longest: f64) -> Markup {
    let paper = play.paper.as_deref().unwrap_or("–");
    html! {
        article.play data-play=(shown(&play.play)) {
            h3 { (shown(&play.play)) }
            p.opens { (shown(&play.opens)) " " (opened(&play.play, figures)) }
            ol.flow { @for step in &play.steps { (one(step, longest)) } }
            p.sum { span.what { "until in effect, if all goes well" }
                span.paper { (shown(paper)) } span.takes { (shown(&play.simulated)) } }
            p.then { (shown(&play.then)) }
        }
    }
}

/// In how many runs a play opened, with its interval.
fn opened(play: &str, figures: &[HeadlineFigure]) -> Markup {
    let opens = HeadlineSubject::PlayOpens(play.to_string());
    let found = figures.iter().find(|figure| figure.headline.subject == opens);
    let Some(Estimate { n, value, low, high }) = found.and_then(|figure| figure.mean) else {
        return html! {};
    };
    let percent = |share: f64| format!("{:.2}%", share * 100.0);
    let (low, high) = (low.unwrap_or(0.0), high.unwrap_or(1.0));
    let runs = (value * n as f64).round() as u64;
    let style = format!("left:{};width:{}", percent(low), percent((high - low).max(0.004)));
    html! {
        strong data-share=(significant(value, 6)) {
            "It opened in " (grouped(runs)) " of " (grouped(n)) " runs"
        }
        " (" (significant(low * 100.0, 2)) " to " (significant(high * 100.0, 3)) "%)."
        span.chance aria-hidden="true" {
            span style=(style) {}
            i style={ "left:" (percent(value)) } {}
        }
    }
}

fn one(step: &StepExplanation, longest: f64) -> Markup {
    let wide = step.simulated_s.map(|seconds| seconds / longest * 100.0);
    html! {
        li {
            span.what { (for_terminal(&step.text, 400)) }
            span.paper { @if let Some(paper) = &step.paper { (shown(paper)) } }
            span.takes { @if let Some(takes) = &step.simulated { (shown(takes)) } }
            span.length aria-hidden="true" { @if let Some(wide) = wide {
                i style={ "width:" (format!("{wide:.1}")) "%" } {}
            } }
            @if let Some(note) = &step.caution { span.branch { (for_terminal(note, 400)) } }
        }
    }
}

/// Which way the runs went: what ended them, or what they lacked.
fn endings(results: &Results) -> Markup {
    let odds = Odds::from_results(results);
    let all = odds.runs.max(1) as f64;
    let mut ends: Vec<_> = odds.ends.iter().collect();
    ends.sort_by_key(|ends| std::cmp::Reverse(ends.runs));
    let row = |ends: &&campaign::Ends| {
        let share = ends.runs as f64 / all * 100.0;
        let class = if ends.conclusion.outcome.is_lost() { "tag high" } else { "tag good" };
        vec![
            html! { (shown(&ends.conclusion.why.to_string())) },
            html! { span class=(class) { (ends.conclusion.outcome) } },
            html! { (grouped(ends.runs)) },
            html! { (significant(share, 3)) "%" },
            html! { span.meter aria-hidden="true" {
                span style={ "width:" (format!("{share:.1}")) "%" } {}
            } },
        ]
    };
    let rows: Vec<_> = ends.iter().map(row).collect();
    let columns = ["How it ended", "Outcome", ">Runs", ">Of all", "Share"];
    let caption = "How each run ended, or what the plan lacked; of several incidents in a run \
                   the worst counts.";
    html! {
        h3 { "How the runs ended" }
        (table("Endings", caption, &columns, rows, "trials.csv"))
    }
}
