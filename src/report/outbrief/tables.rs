//! The tables of an outbrief: responses, the change-time table, rules, people, go/no-go, findings.

use super::formatting::{percent, sentence, severity, shown};
use crate::decision::{CriterionStatus, JudgedRow, MeasureKind};
use crate::journal::{Event, FindingRow, Verdict};
use crate::report::context::{Cell, ReportContext, significant};
use crate::report::episodes::{self, Class, Episode};
use crate::report::{change_times, findings, go_no_go};
use crate::units::{Span, Time, grouped};
use maud::{Markup, html};

/// The most rows of a table on the page; its CSV file has them all.
const ROWS: usize = 60;

/// A table: its name, the sentence above it, its columns (a `>` in front aligns to the right),
/// and its rows.
pub(in crate::report) fn table(
    name: &str,
    caption: &str,
    columns: &[&str],
    rows: Vec<Vec<Markup>>,
    file: &str,
) -> Markup {
    let right = |column: usize| columns.get(column).is_some_and(|name| name.starts_with('>'));
    let class = |column: usize| right(column).then_some("figure");
    let more = rows.len().saturating_sub(ROWS);
    html! {
        div.wide tabindex="0" role="region" aria-label={ "Table: " (name) } {
            table {
                caption { (caption) }
                thead { tr { @for (position, column) in columns.iter().enumerate() {
                    th scope="col" class=[class(position)] { (column.trim_start_matches('>')) }
                } } }
                tbody { @for row in rows.into_iter().take(ROWS) {
                    tr { @for (position, cell) in row.into_iter().enumerate() {
                        @if position == 0 { th scope="row" { (cell) } }
                        @else { td class=[class(position)] { (cell) } }
                    } }
                } }
            }
        }
        @if more > 0 { p.quiet { (more) " more rows in " (file) "." } }
    }
}

/// A cell of words from outside.
pub(super) fn cell(text: &str) -> Markup {
    html! { (shown(text)) }
}

/// A cell of words that may be missing.
pub(super) fn maybe(text: Option<&str>) -> Markup {
    cell(text.unwrap_or("–"))
}

/// A cell that is filled in together where it is not known yet.
fn to_fill_in(text: Option<&str>) -> Markup {
    html! { @if let Some(text) = text { (shown(text)) } @else { span.blank {} } }
}

pub(super) fn span(span: Option<Span>) -> Markup {
    html! { (span.map_or("–".to_string(), |span| span.to_string())) }
}

pub(super) fn change_table(context: &ReportContext) -> Markup {
    let real = context.is_real();
    let deploys = change_times::deploys(context.story);
    let row = |change: &crate::journal::ChangeRow| {
        let of_change = deploys.iter().filter(|deploy| deploy.change == change.change);
        let range = |measured: bool| {
            let of_kind = of_change.clone().filter(|deploy| deploy.measured == measured);
            let took: Vec<Span> = of_kind.filter_map(|deploy| deploy.took).collect();
            match (took.iter().min(), took.iter().max()) {
                (Some(least), Some(most)) if least != most => format!("{least} to {most}"),
                (Some(least), _) => least.to_string(),
                _ => "–".to_string(),
            }
        };
        let (simulated, measured) = (range(false), range(true));
        let took: Vec<Span> = of_change.clone().filter_map(|deploy| deploy.took).collect();
        let over = took.iter().max().and_then(|took| took.0.checked_sub(change.max.0));
        let verdict = match (of_change.count(), over.filter(|over| *over > 0)) {
            (0, _) if real => "not made",
            (0, _) if !change.named => "not part of this scenario",
            (0, _) => "not exercised",
            (_, Some(_)) => "longer than on paper",
            _ => "as on paper",
        };
        let unused = took.is_empty();
        let mut cells = vec![cell(&change.change), cell(&change.paper)];
        if !real {
            cells.push(html! { (simulated) });
        }
        cells.extend([html! { (measured) }, html! { (verdict) }]);
        (unused, cells)
    };
    let mut rows: Vec<_> = context.header.changes.iter().map(row).collect();
    rows.sort_by_key(|(unused, _)| *unused);
    let rows = rows.into_iter().map(|(_, cells)| cells).collect();
    if real {
        let columns = ["Change", ">On paper", ">It took", "So it was"];
        let caption = "The team's change-time table beside what was typed.";
        return table("Change-time table", caption, &columns, rows, "responses.csv");
    }
    let columns = ["Change", ">On paper", ">Simulated", ">Rehearsed", "What this run says"];
    let caption = "The team's change-time table beside what this run made of it. \
                   Rehearsed times come from a gameday with people.";
    table("Change-time table", caption, &columns, rows, "change_times.csv")
}

pub(super) fn rules(context: &ReportContext) -> Markup {
    let episodes = episodes::episodes(context.story);
    let mut rows = Vec::new();
    for rule in &context.header.rules {
        let of_rule: Vec<&Episode> =
            episodes.iter().filter(|episode| episode.judged.rule == rule.alert).collect();
        let start = |what: Markup| {
            let hold = rule.hold.map_or("–".to_string(), |hold| hold.to_string());
            vec![what, cell(&rule.text), html! { (hold) }, maybe(rule.severity.as_deref())]
        };
        if of_rule.is_empty() {
            let mut row = start(cell(&rule.alert));
            let word = if context.has_readings() { "silent" } else { "not written down" };
            row.extend([html! { span.tag { (word) } }, html! { "–" }, html! { "–" }, html! {}]);
            rows.push(row);
        }
        for episode in of_rule {
            let mut row = start(cell(&episode.name()));
            row.extend(outcome_cells(context, episode));
            rows.push(row);
        }
    }
    let columns = [
        "Rule",
        "Fires when",
        ">For",
        "Severity",
        "What came of it",
        ">At",
        ">After the fault",
        "Seen",
    ];
    let caption = "Every rule. What almost fired was pending, then cleared.";
    html! {
        @if rows.is_empty() { p { "The scenario has no rules." } }
        @else { (table("Rules", caption, &columns, rows, "alerts.csv")) }
        (undetected(context))
    }
}

/// The last cells of a rule that was at least pending.
fn outcome_cells(context: &ReportContext, episode: &Episode) -> [Markup; 4] {
    let (class, word) = match episode.class() {
        Class::Real if episode.no_data => ("tag", "no data"),
        Class::Real => ("tag fired", "fired"),
        Class::FalseAlarm => ("tag high", "false alarm"),
        Class::AlmostFired => ("tag", "almost fired"),
        Class::NotDetected => ("tag high", "not detected"),
    };
    let at = episode.told_at.or(episode.pending_at).unwrap_or_default();
    let judged = episode.judged;
    let shown = judged.value.zip(judged.threshold).map(|(value, threshold)| {
        let measure = context.rule(&judged.rule).map(|rule| rule.measure);
        let number = |value: f64| match measure {
            Some(MeasureKind::ErrorRate | MeasureKind::GivenUp | MeasureKind::SlowShare) => {
                format!("{}%", significant(value * 100.0, 2))
            }
            Some(MeasureKind::Latency | MeasureKind::BacklogAge) => {
                format!("{} s", significant(value, 2))
            }
            Some(MeasureKind::Backlog) => grouped(value as u64),
            Some(MeasureKind::Requests) => format!("{} a minute", significant(value * 60.0, 2)),
            _ => significant(value, 2),
        };
        format!("{} against {}", number(value), number(threshold))
    });
    let held = match episode.class() {
        Class::AlmostFired => format!(", held {}", judged.held),
        _ => String::new(),
    };
    [
        html! { span class=(class) { (word) } },
        html! { (context.clock(at)) },
        span(episode.after_cause()),
        html! { (shown.unwrap_or_default()) (held) },
    ]
}

fn undetected(context: &ReportContext) -> Markup {
    let faults = episodes::undetected(context.story);
    html! {
        h3 { "Faults nobody detected" }
        @if faults.is_empty() { p { "None: a rule fired for every fault that hit the site." } }
        @else {
            ul { @for fault in faults.iter().take(ROWS) {
                li { strong { (shown(fault.fault)) } ", " (context.clock(fault.from)) " to "
                    (fault.to.map_or("the end".to_string(), |to| context.clock(to))) }
            } }
        }
    }
}

pub(super) fn people(context: &ReportContext) -> Markup {
    let entries = context.story.entries();
    let answer = |wanted: u32| {
        entries.iter().find_map(|entry| match &entry.event {
            Event::Answer { ask, reply, late, .. } if *ask == wanted => {
                Some((entry.at, reply, *late))
            }
            _ => None,
        })
    };
    let rows = entries.iter().filter_map(|entry| match &entry.event {
        Event::Ask { ask, person, role, channel, question, .. } => {
            let answer = answer(*ask);
            let after = answer.map(|(at, ..): (Time, _, _)| at.since(entry.at));
            Some(vec![
                html! { (context.clock(entry.at)) },
                cell(person),
                cell(role),
                maybe(channel.as_deref()),
                cell(question),
                html! { @match answer {
                    Some((_, reply, late)) => { (shown(reply)) @if late { " (too late)" } }
                    None => { span.tag.medium { "no answer" } }
                } },
                span(after),
            ])
        }
        _ => None,
    });
    let rows: Vec<_> = rows.collect();
    let columns = ["At", "Person", "Role", "By", "Question", "Answer", ">After"];
    let caption = "Who was asked, when, by which channel, and what came back.";
    html! {
        @if rows.is_empty() { p { "Nobody was asked anything." } }
        @else { (table("People", caption, &columns, rows, "people.csv")) }
    }
}

pub(super) fn criteria(context: &ReportContext) -> Markup {
    let row = |criterion: &JudgedRow| {
        let class = match criterion.status {
            CriterionStatus::Met => "tag good",
            CriterionStatus::Failed => "tag high",
            _ => "tag",
        };
        let observed = Cell::number(criterion.observed, 6).written().into_owned();
        vec![
            cell(&criterion.criterion),
            html! { span class=(class) { (criterion.status) } },
            cell(&criterion.required),
            html! { (observed) " " (criterion.unit) },
            cell(criterion.evidence.word()),
            cell(&criterion.source),
            cell(&criterion.caveat),
        ]
    };
    let rows: Vec<_> = go_no_go::criteria(context.story).map(row).collect();
    let columns = ["Criterion", "Status", "Required", ">Observed", "Evidence", "Source", "Note"];
    let caption = "Criteria are met, failed or open. Go/no-go is a person's decision.";
    html! {
        @if rows.is_empty() { p { "The scenario has no go/no-go list." } }
        @else { (table("Go/no-go", caption, &columns, rows, "go_no_go.csv")) }
    }
}

pub(super) fn finding_table(context: &ReportContext) -> Markup {
    let row = |(position, finding): (usize, FindingRow)| {
        vec![
            html! { (findings::id(position)) },
            severity(finding.severity),
            sentence(&finding.text),
            html! { (finding.place().map_or("–".to_string(), |place| shown(&place))) },
            to_fill_in(finding.owner.as_deref()),
            to_fill_in(finding.due.as_deref()),
        ]
    };
    let rows: Vec<_> = findings::findings(context).into_iter().enumerate().map(row).collect();
    let columns = ["No.", "Severity", "Finding", "Where", "Owner", "Due"];
    let caption = "What the plan leaves open and what the run revealed. \
                   Fill in an owner and a date together.";
    html! {
        @if rows.is_empty() { p { "None." } }
        @else { (table("Findings and action items", caption, &columns, rows, "findings.csv")) }
    }
}

pub(super) fn expectations(context: &ReportContext) -> Markup {
    let met = context.story.expectations().map(|expect| {
        let (class, word) = match expect.verdict {
            Verdict::Met => ("tag good", "met"),
            Verdict::Missed => ("tag high", "missed"),
            Verdict::NotJudged => ("tag medium", "not judged"),
        };
        vec![cell(&expect.text), html! { span class=(class) { (word) } }, cell(&expect.observed)]
    });
    let rows: Vec<_> = met.collect();
    html! {
        @if rows.is_empty() { p { "Nothing was expected of this run." } }
        @else {
            (table("Expectations", "What the scenario expected, and what came of it.",
                &["Expected", "Status", "Seen"], rows, "journal.jsonl"))
        }
    }
}

/// Visitors and requests of the whole run, in a sentence.
pub(super) fn totals(context: &ReportContext) -> Option<String> {
    let totals = context.story.totals()?;
    let share = |part: u64, of: u64| percent(Span(part), Span(of));
    Some(format!(
        "{} users made {} visits and {} requests; {} requests failed or were rejected, {} were \
         given up. {} users ({}) were affected, and lost {} minutes.",
        grouped(totals.site.users),
        grouped(totals.site.visits),
        grouped(totals.site.requests.generated),
        grouped(totals.site.requests.failed + totals.site.requests.rejected),
        grouped(totals.site.requests.abandoned),
        grouped(totals.site.affected.total()),
        share(totals.site.affected.total(), totals.site.users),
        grouped((totals.site.lost.seconds() / 60.0).round() as u64),
    ))
}
