//! Where the minutes went: the intervals of each attempt, one below the other.

use super::page::{Ink, Page, inked, plain, right};
use crate::decision::{AttemptOutcome, Named, Phase, PhaseSpan};
use crate::journal::{AttemptEntry, Incident, PhaseTimeline, printed};
use crate::report::context::ReportContext;
use crate::report::responses;
use crate::report::untrusted::for_terminal;
use crate::units::{Span, Time};

/// The most incidents that are drawn, and the most attempts of each.
const DRAWN: usize = 3;
/// The columns of the bars where the page has 80: they get what others leave.
const BARS: usize = 30;

pub(super) fn draw(context: &ReportContext, page: &mut Page) {
    let incidents = context.story.incidents();
    if incidents.is_empty() {
        return;
    }
    page.heading("Where the minutes went");
    for incident in incidents.iter().take(DRAWN) {
        draw_incident(context, incident, page);
    }
    let all: usize = incidents.iter().map(|incident| incident.attempts.len()).sum();
    let drawn: usize = incidents.iter().take(DRAWN).map(|i| i.attempts.len().min(DRAWN)).sum();
    if all > drawn {
        let more = all - drawn;
        let attempts = if more == 1 { "attempt" } else { "attempts" };
        page.paragraph(Ink::Faint, &format!("+ {more} more {attempts} in responses.csv"));
    }
    let note = match context.evidence_words() {
        "simulated" => {
            "Times are simulated. Acknowledge, declare, diagnose, reach and decide rest on how \
             the scenario says people answer."
        }
        "measured" => "Times are measured.",
        _ => {
            "Where it says measured, people were seen to take that long; all other times are \
             simulated."
        }
    };
    page.paragraph(Ink::Faint, note);
}

fn draw_incident(context: &ReportContext, incident: &Incident, page: &mut Page) {
    let course = context.story.phase_timeline(incident);
    let from = course.spans().first().map_or(incident.first().start.started_at, |span| span.from);
    let (total, mut rows) = (course.total(), Vec::new());
    let bars = (BARS + page.width()).saturating_sub(80).clamp(10, 50) as u64;
    for attempt in longest(&incident.attempts, &course) {
        rows.push(vec![inked(Ink::Plain, title(context, incident, &course, attempt))]);
        for span in course.of_attempt(attempt.number) {
            let ink = if span.phase == Phase::Stalled { Ink::Bad } else { Ink::Bar };
            rows.push(vec![
                plain(span.phase.word()),
                right(printed(span).to_string()),
                inked(ink, bar(span, from, total, bars)),
                inked(Ink::Faint, paper(context, attempt, span)),
            ]);
        }
    }
    let until = match incident.last().outcome {
        AttemptOutcome::Recovered => "until all was clear",
        _ => "",
    };
    rows.push(vec![
        plain("total"),
        right(course.printed_total().to_string()),
        inked(Ink::Faint, until),
        plain(""),
    ]);
    page.table_with_spare(&[2], rows);
}

/// The attempts that took most time, in their own order.
fn longest<'a>(attempts: &[&'a AttemptEntry], course: &PhaseTimeline) -> Vec<&'a AttemptEntry> {
    let length = |attempt: &AttemptEntry| {
        let spans = course.of_attempt(attempt.number);
        spans.fold(Span::ZERO, |sum, span| sum + span.length())
    };
    let mut order: Vec<usize> =
        (0..attempts.len()).filter(|at| length(attempts[*at]) > Span::ZERO).collect();
    order.sort_by_key(|position| std::cmp::Reverse(length(attempts[*position])));
    order.truncate(DRAWN);
    order.sort_unstable();
    order.into_iter().map(|position| attempts[position]).collect()
}

/// `incident 1, rollback, attempt 1: 18:05:00 to 18:29:20, recovered`.
fn title(
    context: &ReportContext,
    incident: &Incident,
    course: &PhaseTimeline,
    attempt: &AttemptEntry,
) -> String {
    let play = attempt.play.as_deref().map_or("no play".into(), |play| for_terminal(play, 20));
    let number = match incident.attempts.len() {
        1 => String::new(),
        _ => format!(", attempt {}", attempt.number),
    };
    let (from, to) = responses::ends(attempt, course.of_attempt(attempt.number));
    let (from, to) = (context.clock(from), context.clock(to));
    let outcome = responses::ended_as(context, attempt);
    format!("incident {}, {play}{number}: {from} to {to}, {outcome}", incident.number)
}

/// A bar that begins where the one before it ended; at least one column wide.
fn bar(span: &PhaseSpan<Named>, from: Time, total: Span, columns: u64) -> String {
    let column = |time: Time| {
        let nanoseconds = u128::from(time.since(from).0) * u128::from(columns);
        (nanoseconds / u128::from(total.0.max(1))) as u64
    };
    let start = column(span.from).min(columns - 1);
    let end = column(span.until).clamp(start + 1, columns);
    " ".repeat(start as usize) + &"▇".repeat((end - start) as usize)
}

/// What the change-time table says of a deploy, and what was measured where not all was.
fn paper(context: &ReportContext, attempt: &AttemptEntry, span: &PhaseSpan<Named>) -> String {
    let table = context.change(attempt.change.as_deref());
    let paper = match (span.phase, table) {
        (Phase::Deploy, Some(table)) => format!("table: {}", table.paper),
        _ => String::new(),
    };
    let mixed = !matches!(context.evidence_words(), "simulated" | "measured");
    match (mixed && attempt.is_measured(span.phase), paper.is_empty()) {
        (true, true) => "measured".to_string(),
        (true, false) => format!("measured, {paper}"),
        _ => paper,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_follow_each_other() {
        let minute = |n: u64| Time(Span::from_secs(60 * n).0);
        let stretch = |from, to| PhaseSpan {
            incident: 1,
            attempt: 1,
            play: None,
            change: None,
            phase: Phase::Detect,
            from: minute(from),
            until: minute(to),
        };
        let drawn = |from, to| {
            let bar = bar(&stretch(from, to), minute(10), Span::from_secs(60 * 30), 30);
            (bar.chars().take_while(|c| *c == ' ').count(), bar.chars().count())
        };
        assert_eq!(drawn(10, 15), (0, 5));
        assert_eq!(drawn(15, 40), (5, 30));
        assert_eq!(drawn(40, 40), (29, 30), "even nothing is seen");
    }
}
