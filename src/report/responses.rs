//! `responses.csv`: one row per attempt, with all its times and where its minutes went.

use super::book::{Book, Cell};
use super::episodes;
use super::sheet::{Column, Rows};
use crate::decision::Outcome;
use crate::journal::{AttemptEntry, Interval, Stretch};
use crate::units::{Span, Time};

/// `started_at` is the onset for a first attempt and the end of the one before for every other.
#[rustfmt::skip]
pub(crate) const COLUMNS: [Column; 41] = [
    ("incident", "", "number of the incident, in order of opening"),
    ("play", "", "play that the attempt belongs to"),
    ("attempt", "", "number of the attempt within its incident"),
    ("table_type", "", "row of the change-time table"),
    ("change", "", "change that was tried; blank if none was chosen"),
    ("cause", "", "what opened the play"),
    ("fault_at", "time", "start of the fault that onset is taken from"),
    ("started_at", "time", "onset for a first attempt, the end of the one before for others"),
    ("opened_at", "time", "the play opened, where that came later than the start"),
    ("alerted_at", "time", "the alert was delivered"),
    ("acknowledged_at", "time", "somebody answered the page"),
    ("declared_at", "time", "it was called an incident"),
    ("chosen_at", "time", "a change was chosen"),
    ("decided_at", "time", "the decider said yes"),
    ("deploying_at", "time", "the pipeline began to work on the change"),
    ("deployed_at", "time", "the change was done"),
    ("live_at", "time", "the change was live everywhere"),
    ("contained_at", "time", "a maintenance page stood in between"),
    ("recovered_at", "time", "first ok tick of the stretch that resolves every rule"),
    ("ended_at", "time", "end of the attempt"),
    ("wait_s", "s", "until the play opened"),
    ("detect_s", "s", "until the alert was delivered"),
    ("acknowledge_s", "s", "until the first answer"),
    ("declare_s", "s", "until it was called an incident"),
    ("triage_s", "s", "until a change was chosen"),
    ("decide_s", "s", "until the decider said yes"),
    ("queue_s", "s", "until the pipeline was free"),
    ("deploy_s", "s", "until the change was done"),
    ("propagate_s", "s", "until it was live"),
    ("recover_s", "s", "until every rule was quiet again"),
    ("verify_s", "s", "until it was clear that it did not help"),
    ("total_s", "s", "whole attempt; the intervals add up to it"),
    ("table_text", "", "cell of the change-time table as the team wrote it"),
    ("table_min_s", "s", "least time by the table; blank if it gives none"),
    ("table_max_s", "s", "most time by the table"),
    ("over_table_s", "s", "how much longer than the table's most the deploy took"),
    ("responder", "", "who took the incident"),
    ("channel", "", "by which channel they answered"),
    ("decider", "", "who decided"),
    ("outcome", "", "recovered, contained, live, not verified, change failed, …"),
    ("evidence", "", "of its times of people: simulated, measured, or mixed"),
];

pub(crate) fn rows(book: &Book) -> Rows {
    book.story.attempts().map(|attempt| row(book, attempt)).collect()
}

fn row(book: &Book, attempt: &AttemptEntry) -> Vec<Cell> {
    let stretches = attempt.stretches();
    let mut row = vec![
        Cell::from(attempt.incident),
        Cell::from(&attempt.play),
        Cell::from(attempt.attempt),
        Cell::from(&attempt.change),
        Cell::from(&attempt.change),
        Cell::from(&attempt.cause),
    ];
    row.extend(moments(book, attempt).map(|moment| book.moment(moment)));
    row.extend(Interval::ALL.map(|interval| spent(interval, &stretches)));
    row.push(Cell::between_all([(attempt.started_at, attempt.ended_at)]));

    let table = book.change(attempt.change.as_deref());
    row.push(Cell::from(table.map(|table| &table.paper)));
    row.push(Cell::seconds(table.and_then(|table| table.min)));
    row.push(Cell::seconds(table.map(|table| table.max)));
    let took = attempt.deployed_at.zip(attempt.deploying_at).map(|(to, from)| to.since(from));
    let over = took.zip(table).map(|(took, table)| Span(took.0.saturating_sub(table.max.0)));
    row.push(Cell::seconds(over));

    row.push(Cell::from(&attempt.responder));
    row.push(Cell::from(&attempt.channel));
    row.push(Cell::from(&attempt.decider));
    row.push(Cell::from(outcome(attempt.outcome)));
    row.push(Cell::from(attempt.evidence()));
    row
}

/// The word of an outcome in reports.
pub(crate) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Recovered => "recovered",
        Outcome::Contained => "contained",
        Outcome::Live => "live",
        Outcome::NotVerified => "not verified",
        Outcome::ChangeFailed => "change failed",
        Outcome::Frozen => "frozen",
        Outcome::Refused => "refused",
        Outcome::NotDeclared => "not declared",
        Outcome::Stalled => "stalled",
        Outcome::Open => "open",
    }
}

fn moments(book: &Book, attempt: &AttemptEntry) -> [Option<Time>; 14] {
    let ended_as = |outcome| (attempt.outcome == outcome).then_some(attempt.ended_at);
    let fault = attempt.fault.as_deref();
    [
        fault.and_then(|fault| episodes::began(book.story, fault, attempt.ended_at)),
        Some(attempt.started_at),
        attempt.opened_at,
        attempt.alerted_at,
        attempt.acknowledged_at,
        attempt.declared_at,
        attempt.chosen_at,
        attempt.decided_at,
        attempt.deploying_at,
        attempt.deployed_at,
        attempt.live_at,
        ended_as(Outcome::Contained),
        ended_as(Outcome::Recovered),
        Some(attempt.ended_at),
    ]
}

/// The time in one interval: blank if the attempt did not go through it.
fn spent(interval: Interval, stretches: &[Stretch]) -> Cell {
    let parts = stretches.iter().filter(|stretch| stretch.interval == interval);
    Cell::between_all(parts.map(|stretch| (stretch.from, stretch.to)))
}

#[cfg(test)]
mod tests {
    use super::super::{fixture_table, fixtures};
    use super::*;
    use crate::journal::{Event, fixture};

    #[test]
    fn evidence_is_that_of_the_times_of_people() {
        use Interval::{Acknowledge, Decide, Declare, Deploy, Triage};
        let (header, entries) = fixture::proxy_outage();
        let cases = [
            (vec![], "simulated"),
            (vec![Deploy], "simulated"),
            (vec![Acknowledge, Triage], "mixed"),
            (vec![Acknowledge, Declare, Triage, Decide], "measured"),
        ];
        for (seen, expected) in cases {
            let mut entries = entries.clone();
            for entry in &mut entries {
                if let Event::Attempt(attempt) = &mut entry.event {
                    attempt.measured = seen.clone();
                }
            }
            let files = fixtures::written(&header, &entries);
            let table = fixtures::parsed(&files["responses.csv"]);
            assert_eq!(table[0]["evidence"], expected, "{seen:?}");
            let assumed = 4 - seen.iter().filter(|interval| interval.human()).count();
            let page = &files["outbrief.html"];
            assert_eq!(page.matches("hatched\" style=").count(), assumed, "{seen:?}");
        }
    }

    #[test]
    fn the_row_of_the_proxy_outage() {
        let table = fixture_table("responses.csv");
        assert_eq!(table.len(), 1);
        let row = &table[0];
        let expected = [
            ("run_id", "5eedf00d"),
            ("table_type", "reverse-proxy-update"),
            ("fault_at", "2018-11-07T18:05:00-05:00"),
            ("started_at", "2018-11-07T18:05:00-05:00"),
            ("opened_at", ""),
            ("alerted_at", "2018-11-07T18:07:40-05:00"),
            ("recovered_at", "2018-11-07T18:29:20-05:00"),
            ("contained_at", ""),
            ("wait_s", ""),
            ("detect_s", "160"),
            ("acknowledge_s", "170"),
            ("declare_s", "120"),
            ("triage_s", "480"),
            ("decide_s", "170"),
            ("queue_s", "10.5"),
            ("deploy_s", "180"),
            ("propagate_s", "0"),
            ("recover_s", "169.5"),
            ("verify_s", ""),
            ("total_s", "1460"),
            ("table_text", "3m"),
            ("table_max_s", "180"),
            ("over_table_s", "0"),
            ("responder", "wyatt"),
            ("outcome", "recovered"),
            ("evidence", "simulated"),
        ];
        for (column, value) in expected {
            assert_eq!(row[column], value, "{column}");
        }
        let interval = |interval: &Interval| row[&format!("{}_s", interval.word())].clone();
        let known = Interval::ALL.iter().map(interval).filter(|cell| !cell.is_empty());
        let sum: f64 = known.map(|cell| cell.parse::<f64>().expect("a number")).sum();
        assert_eq!(sum, 1460.0);
    }
}
