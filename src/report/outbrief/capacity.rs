//! The capacity check in the outbrief: the verdict, the cases, and panels over the load.

use super::formatting::{sentence_shown, shown};
use super::panels;
use super::tables::{cell, table};
use crate::capacity::{CapacityCheck, CaseResult, LoadStatus, seconds};
use crate::report::capacity::limit_words;
use crate::report::capacity_words::{
    assumed_sentence, bounds, breaks, checked, hysteresis, passes, reasons,
};
use crate::report::context::significant;
use maud::{Markup, html};

/// What was found about the capacity.
pub(super) fn section(check: &CapacityCheck) -> Markup {
    let word = match check.verdict() {
        LoadStatus::Met => "There is enough capacity.",
        LoadStatus::Missed => "There is not enough capacity.",
        LoadStatus::Open => "Too close to tell whether there is enough capacity.",
    };
    html! {
        p { strong { (word) } " The peak is " (significant(check.peak.visits, 3)) " visits/s ("
            (shown(&check.peak.source)) ")." }
        ul { @for reason in reasons(check) { li { (sentence_shown(&reason)) } } }
        (cases(check))
        @for sentence in bounds(check) { p { (sentence_shown(&sentence)) } }
        (panels::drawing(check))
        @if let Some(sentence) = hysteresis(check) { p { (sentence_shown(&sentence)) } }
        (limits(check))
        (sizes(check))
        @if let Some(sentence) = assumed_sentence(check) { p { (sentence_shown(&sentence)) } }
    }
}

fn cases(check: &CapacityCheck) -> Markup {
    let percentile = significant(check.objectives.quantile * 100.0, 3);
    let by_formula = format!(">p{percentile} by formula");
    let played = format!(">p{percentile} simulated");
    let columns =
        ["Case", "Status", &by_formula, &played, ">Errors", ">Breaks at", "Where they differ"];
    let row = |case: &CaseResult| {
        let class = match case.status() {
            LoadStatus::Met => "tag good",
            LoadStatus::Missed => "tag high",
            LoadStatus::Open => "tag",
        };
        let time = |time: Option<f64>| time.map_or("–".to_string(), seconds);
        let played = case.played.as_ref().map(|point| &point.outcome);
        let errors = played.unwrap_or(&case.formula).errors * 100.0;
        vec![
            cell(&case.title),
            html! { span class=(class) { (case.status().word()) } },
            html! { (time(case.formula.latency)) },
            html! { (played.map_or("–".to_string(), |outcome| time(outcome.latency))) },
            html! { (significant(errors, 2)) "%" },
            html! { (breaks(case, check.simulated)) },
            cell(&case.effects.join("; ")),
        ]
    };
    let caption = "At the expected peak, case by case. Breaking points are multiples of the peak; \
                   in parentheses, from the highest that clearly holds to the lowest that clearly \
                   does not.";
    let rows = check.cases.iter().map(row).collect();
    table("Capacity by case", caption, &columns, rows, "capacity.csv")
}

fn limits(check: &CapacityCheck) -> Markup {
    if check.limits.is_empty() {
        return html! {};
    }
    let row = |limit: &crate::journal::LimitRow| {
        let class = match limit.status {
            crate::journal::LimitStatus::Ok => "tag good",
            crate::journal::LimitStatus::Over => "tag high",
            _ => "tag",
        };
        vec![
            cell(&limit.limit),
            html! { span class=(class) { (limit.status) } },
            cell(&limit_words(limit)),
            cell(limit.kind.word()),
            cell(&checked(limit)),
        ]
    };
    let columns = ["Limit", "Status", "Used at the peak", "Kind", "Checked"];
    let caption = "What runs out and is not a thread.";
    let rows = check.limits.iter().map(row).collect();
    table("Limits that are not threads", caption, &columns, rows, "capacity.csv")
}

fn sizes(check: &CapacityCheck) -> Markup {
    let Some(sizing) = &check.sizing else { return html! {} };
    let x = |multiple: f64| html! { (significant(multiple, 3)) "x" };
    let row = |size: &crate::capacity::Size| {
        vec![
            cell(&size.tier),
            html! { (size.now) },
            html! { (size.fewest.map_or("> 10,000".to_string(), |fewest| fewest.to_string())) },
            x(size.carries),
            html! { (size.more.0) },
            x(size.more.1),
        ]
    };
    let played = passes(sizing);
    let caption = format!(
        "The fewest instances that pass, zones lost included, and the multiple of the peak that \
         they have threads for. {played}"
    );
    let columns = ["Tier", ">Now", ">Fewest", ">Carry, zones lost", ">More", ">Carry"];
    let rows = sizing.tiers.iter().map(row).collect();
    table("Sizes", &caption, &columns, rows, "capacity.json")
}
