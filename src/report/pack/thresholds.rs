//! The thresholds on one page: what fires when, and what that opens.

use super::page::{Paper, table};
use super::plan::{Planned, shown};
use maud::html;

pub(super) fn papers(plan: &Planned) -> Vec<Paper> {
    let rows = plan.header.rules.iter().map(|rule| {
        let open = rule.text.contains('?');
        let opens = rule.play.as_ref().map_or(String::new(), |play| shown(play));
        vec![
            html! { strong { (shown(&rule.alert)) } },
            html! { (shown(&rule.text)) @if open { " " em { "(not filled in: it never fires)" } } },
            html! { (rule.severity.as_ref().map_or(String::new(), |severity| shown(severity))) },
            html! { (opens) },
        ]
    });
    let rows: Vec<_> = rows.collect();
    let baseline = plan.header.baseline_error_rate;
    let content = html! {
        @if rows.is_empty() { p { "The plan has no thresholds." } }
        @else {
            p { "What the monitoring says, " (plan.header.delay) " late, every "
                (plan.header.every) "." }
            (table("Thresholds", &["Alert", "Fires when", "Severity", "Opens"], rows))
        }
        @if let Some(rate) = baseline {
            p { "Normal is " (format!("{:.4}", rate * 100.0)) " % of requests that fail." }
        } @else { p { "What is normal nobody has measured." } }
    };
    vec![Paper::new("Thresholds", content)]
}
