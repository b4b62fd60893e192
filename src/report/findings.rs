//! `findings.csv`: what the plan leaves open, and what the run brought to light.

use super::context::{Cell, ReportContext};
use super::sheet::{ColumnDoc, Rows};
use super::{change_times, episodes};
use crate::change::ChangeStage;
use crate::decision::{LaunchState, Phase};
use crate::journal::between;
use crate::journal::{
    ChangeRow, Entry, Event, FaultSpan, FindingKind, FindingRow, Incident, PlayStep, Severity,
};
use crate::units::{Span, Time, grouped};

#[rustfmt::skip]
pub(crate) const COLUMNS: [ColumnDoc; 7] = [
    ("id", "", "F1 is the most severe"),
    ("kind", "", "unnamed, untimed, undetected, stalled, over-table, …"),
    ("severity", "", "high, medium or low"),
    ("text", "", "in words"),
    ("source_line", "", "line of the scenario file; file and line of a part"),
    ("owner", "", "for you to fill in"),
    ("due", "date", "for you to fill in"),
];

pub(crate) fn rows(context: &ReportContext) -> Rows {
    let row = |(position, finding): (usize, FindingRow)| {
        vec![
            Cell::from(id(position)),
            Cell::from(finding.kind.word()),
            Cell::from(finding.severity.word()),
            Cell::from(&finding.text),
            source(&finding),
            Cell::from(&finding.owner),
            Cell::from(&finding.due),
        ]
    };
    findings(context).into_iter().enumerate().map(row).collect()
}

/// The line alone in the scenario itself, so that a spreadsheet has a number.
fn source(finding: &FindingRow) -> Cell {
    match &finding.file {
        None => Cell::from(finding.line),
        Some(_) => finding.place().map_or(Cell::Blank, Cell::from),
    }
}

/// `F1` for the first.
pub(crate) fn id(position: usize) -> String {
    format!("F{}", position + 1)
}

/// All findings, the most severe first: of the run, then of the plan.
pub(crate) fn findings(context: &ReportContext) -> Vec<FindingRow> {
    let mut findings: Vec<FindingRow> = Vec::new();
    let of_run = undetected(context).into_iter().chain(events(context));
    let of_run = of_run
        .chain(stalled(context))
        .chain(slower_than_table(context))
        .chain(unanswered_asks(context));
    let of_run = of_run.chain(left_over(context));
    for finding in of_run.chain(context.header.findings.iter().cloned()) {
        if !findings.iter().any(|known| known.kind == finding.kind && known.text == finding.text) {
            findings.push(finding);
        }
    }
    findings.sort_by_key(|finding| finding.severity);
    findings
}

fn finding(kind: FindingKind, severity: Severity, text: String) -> FindingRow {
    FindingRow::new(kind, severity, text)
}

/// Work that was accepted and is not done.
fn left_over(context: &ReportContext) -> Option<FindingRow> {
    let kept = context.story.totals()?.site.kept;
    let (requests, wait) = if kept == 1 { ("request", "waits") } else { ("requests", "wait") };
    let text = format!(
        "{} {requests} still {wait} in a durable queue when the run ends: their callers believe \
         that they are done",
        grouped(kept)
    );
    (kept > 0).then(|| finding(FindingKind::Backlog, Severity::Medium, text))
}

fn undetected(context: &ReportContext) -> Vec<FindingRow> {
    let unnoticed = |fault: FaultSpan| {
        let to = fault.to.map_or("the end".to_string(), |to| context.clock(to));
        let from = context.clock(fault.from);
        let text = format!("no rule fired for {}, {from} to {to}: {}", fault.fault, fault.text);
        finding(FindingKind::Undetected, Severity::High, text)
    };
    episodes::undetected(context.story).into_iter().map(unnoticed).collect()
}

/// What an entry of the journal says by itself.
fn events(context: &ReportContext) -> Vec<FindingRow> {
    let said = |at: Time, what: &str, text: &str| match text {
        "" => format!("{what} at {}", context.clock(at)),
        text => format!("{what} at {}: {text}", context.clock(at)),
    };
    let untimed =
        context.header.findings.iter().any(|finding| finding.kind == FindingKind::Untimed);
    let of_entry = |entry: &Entry| match &entry.event {
        Event::Finding(finding) => Some(finding.clone()),
        Event::Play { play, step, text, incident: None, .. } if *step == PlayStep::Stalled => {
            let what = format!("{} stalled", play.as_deref().unwrap_or("an escalation"));
            Some(finding(FindingKind::Stalled, Severity::High, said(entry.at, &what, text)))
        }
        Event::Play { step, text, incident: Some(incident), .. }
            if *step == PlayStep::NotVerified =>
        {
            let what = format!("the change made for incident {incident} did not help, known");
            Some(finding(FindingKind::NotVerified, Severity::Medium, said(entry.at, &what, text)))
        }
        Event::Launch { step, state, text, .. } if *state == LaunchState::Stalled => {
            let what = format!("launch step {step} stalled");
            Some(finding(FindingKind::Stalled, Severity::High, said(entry.at, &what, text)))
        }
        Event::Launch { step, state, text, .. } if *state == LaunchState::Untimed && !untimed => {
            let text = format!("launch step {step} does not run, nobody can time it {text}");
            Some(finding(FindingKind::Untimed, Severity::Medium, text.trim_end().to_string()))
        }
        Event::Change { change, stage, text, .. } if *stage == ChangeStage::Frozen => {
            let what = format!("a freeze stopped {change}");
            Some(finding(FindingKind::Frozen, Severity::Medium, said(entry.at, &what, text)))
        }
        _ => None,
    };
    context.story.entries().iter().filter_map(of_entry).collect()
}

/// Incidents that nobody did anything about for a minute or more, with what is known of why.
fn stalled(context: &ReportContext) -> Vec<FindingRow> {
    let told = |incident: Incident| {
        let course = context.story.phase_timeline(&incident);
        let took = course.spent(Phase::Stalled).filter(|took| *took >= Span::MINUTE)?;
        let mut spans = course.spans().iter().filter(|span| span.phase == Phase::Stalled);
        let (first, more) = (spans.next()?, spans.count());
        let times = match more {
            0 => format!("{} to {}", context.clock(first.from), context.clock(first.until)),
            more => format!("{} times, first at {}", more + 1, context.clock(first.from)),
        };
        let mut why = reasons(context, incident.number);
        if why.is_empty() {
            why.push("no play was running".to_string());
        }
        let text = format!(
            "nobody did anything about incident {} for {took} ({times}): {}",
            incident.number,
            why.join("; ")
        );
        Some(finding(FindingKind::Stalled, Severity::High, text))
    };
    context.story.incidents().into_iter().filter_map(told).collect()
}

/// Why the plays of an incident stalled, each reason once.
fn reasons(context: &ReportContext, incident: u32) -> Vec<String> {
    let mut reasons: Vec<String> = Vec::new();
    for entry in context.story.entries() {
        if let Event::Play { incident: Some(of), step: PlayStep::Stalled, text, .. } = &entry.event
            && *of == incident
            && !text.is_empty()
            && !reasons.contains(text)
        {
            reasons.push(text.clone());
        }
    }
    reasons
}

/// How many times somebody was asked and did not answer before the next was tried.
fn unanswered_asks(context: &ReportContext) -> Option<FindingRow> {
    let entries = context.story.entries();
    let in_time = |wanted: u32| {
        entries.iter().any(|entry| {
            matches!(&entry.event, Event::Answer { ask, late: false, .. } if *ask == wanted)
        })
    };
    let (mut lost, mut whom) = (Span::ZERO, Vec::new());
    for entry in entries {
        let Event::Ask { ask, person, channel: Some(by), until: Some(until), .. } = &entry.event
        else {
            continue;
        };
        if !in_time(*ask) && *until <= context.story.last() {
            lost += between(entry.at, *until);
            whom.push(format!("{person} by {by}"));
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    whom.retain(|who| seen.insert(who.clone()));
    let asked = whom.join(", ");
    let text = format!("waiting for answers that did not come in time took {lost}: {asked}");
    (!whom.is_empty()).then(|| finding(FindingKind::Unanswered, Severity::Medium, text))
}

/// Changes that took longer than the table's time, each by its longest deploy.
fn slower_than_table(context: &ReportContext) -> Vec<FindingRow> {
    let deploys = change_times::deploys(context.story);
    let longest = |change: &ChangeRow| {
        let of_change = deploys.iter().filter(|deploy| deploy.change == change.change);
        let took = of_change.filter_map(|deploy| deploy.took).max()?;
        let over = Span(took.0.checked_sub(change.max.0).filter(|over| *over > 0)?);
        let (name, paper) = (&change.change, &change.paper);
        let text = format!("{name} took {took}, {over} longer than the table's {paper}");
        Some(finding(FindingKind::OverTable, Severity::Low, text))
    };
    context.header.changes.iter().filter_map(longest).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture_table;

    #[test]
    fn the_gravest_come_first() {
        let table = fixture_table("findings.csv");
        let cells: Vec<_> = table
            .iter()
            .map(|row| ["id", "kind", "severity", "source_line"].map(|c| row[c].as_str()))
            .collect();
        let expected = [
            ["F1", "undetected", "high", ""],
            ["F2", "unnamed", "medium", "71"],
            ["F3", "unused", "low", ""],
        ];
        assert_eq!(cells, expected);
        let text = "no rule fired for slow-evss, 19:10:00 to 19:30:00: evss takes 8s longer";
        assert_eq!(table[0]["text"], text);
    }
}
