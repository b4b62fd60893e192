//! Where the minutes went: the intervals of each attempt, one below the other.

use super::page::{Ink, Page, inked, plain, right};
use crate::journal::Incident;
use crate::journal::{AttemptEntry, Interval, Stretch};
use crate::report::book::Book;
use crate::report::responses;
use crate::report::untrusted::for_terminal;
use crate::units::{Span, Time};

/// As many incidents are drawn, and as many attempts of each.
const DRAWN: usize = 3;
/// The columns of the bars.
const BARS: u64 = 30;

pub(super) fn draw(book: &Book, page: &mut Page) {
    let incidents = book.story.incidents();
    if incidents.is_empty() {
        return;
    }
    page.heading("Where the minutes went");
    for incident in incidents.iter().take(DRAWN) {
        draw_incident(book, incident, page);
    }
    let all: usize = incidents.iter().map(|incident| incident.attempts.len()).sum();
    let drawn: usize = incidents.iter().take(DRAWN).map(|i| i.attempts.len().min(DRAWN)).sum();
    if all > drawn {
        let more = all - drawn;
        let attempts = if more == 1 { "attempt" } else { "attempts" };
        page.paragraph(Ink::Faint, &format!("+ {more} more {attempts} in responses.csv"));
    }
    let note = match book.rests_on() {
        "simulated" => {
            "Times are simulated. Acknowledge, declare, triage and decide rest on how the \
             scenario says people answer."
        }
        "measured" => "Times are measured.",
        _ => {
            "Where it says measured, people were seen to take that long; all other times are \
             simulated."
        }
    };
    page.paragraph(Ink::Faint, note);
}

fn draw_incident(book: &Book, incident: &Incident, page: &mut Page) {
    let from = incident.first().started_at;
    let (total, mut rows) = (incident.total(), Vec::new());
    for attempt in longest(&incident.attempts) {
        rows.push(vec![inked(Ink::Plain, title(book, incident, attempt))]);
        let stretches = attempt.stretches();
        for stretch in stretches.iter().filter(|stretch| stretch.length() > Span::ZERO) {
            rows.push(vec![
                plain(stretch.interval.word()),
                right(stretch.printed().to_string()),
                inked(Ink::Bar, bar(stretch, from, total)),
                inked(Ink::Faint, paper(book, attempt, stretch)),
            ]);
        }
    }
    rows.push(vec![plain("total"), right(total.to_string()), plain("")]);
    page.table(rows);
}

/// The attempts that took most time, in their own order.
fn longest<'a>(attempts: &[&'a AttemptEntry]) -> Vec<&'a AttemptEntry> {
    let length = |attempt: &AttemptEntry| attempt.ended_at.since(attempt.started_at);
    let mut order: Vec<usize> = (0..attempts.len()).collect();
    order.sort_by_key(|position| std::cmp::Reverse(length(attempts[*position])));
    order.truncate(DRAWN);
    order.sort_unstable();
    order.into_iter().map(|position| attempts[position]).collect()
}

/// `incident 1, rollback, attempt 1: 18:05:00 to 18:29:20, recovered`.
fn title(book: &Book, incident: &Incident, attempt: &AttemptEntry) -> String {
    let play = attempt.play.as_deref().map_or("no play".into(), |play| for_terminal(play, 20));
    let number = match incident.attempts.len() {
        1 => String::new(),
        _ => format!(", attempt {}", attempt.attempt),
    };
    let (from, to) = (book.clock(attempt.started_at), book.clock(attempt.ended_at));
    let outcome = responses::outcome(attempt.outcome);
    format!("incident {}, {play}{number}: {from} to {to}, {outcome}", incident.number)
}

/// A bar that begins where the one before it ended; at least one column wide.
fn bar(stretch: &Stretch, from: Time, total: Span) -> String {
    let column = |time: Time| {
        let nanoseconds = u128::from(time.since(from).0) * u128::from(BARS);
        (nanoseconds / u128::from(total.0.max(1))) as u64
    };
    let start = column(stretch.from).min(BARS - 1);
    let end = column(stretch.to).clamp(start + 1, BARS);
    " ".repeat(start as usize) + &"▇".repeat((end - start) as usize)
}

/// What the change-time table says of a deploy, and what was measured where not all was.
fn paper(book: &Book, attempt: &AttemptEntry, stretch: &Stretch) -> String {
    let table = book.change(attempt.change.as_deref());
    let paper = match (stretch.interval, table) {
        (Interval::Deploy, Some(table)) => format!("table: {}", table.paper),
        _ => String::new(),
    };
    let mixed = !matches!(book.rests_on(), "simulated" | "measured");
    match (mixed && attempt.measured.contains(&stretch.interval), paper.is_empty()) {
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
        let stretch =
            |from, to| Stretch { interval: Interval::Detect, from: minute(from), to: minute(to) };
        let drawn = |from, to| {
            let bar = bar(&stretch(from, to), minute(10), Span::from_secs(60 * 30));
            (bar.chars().take_while(|c| *c == ' ').count(), bar.chars().count())
        };
        assert_eq!(drawn(10, 15), (0, 5));
        assert_eq!(drawn(15, 40), (5, 30));
        assert_eq!(drawn(40, 40), (29, 30), "even nothing is seen");
    }
}
