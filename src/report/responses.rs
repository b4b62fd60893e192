//! `responses.csv`: one row per attempt, with all its times and where its minutes went.

use super::book::{Book, Cell};
use super::episodes;
use super::files::Rows;
use crate::decision::Outcome;
use crate::journal::{AttemptEntry, Interval, Stretch};
use crate::units::{Span, Time};

/// `started_at` is the onset for a first attempt and the end of the one before for every other.
#[rustfmt::skip]
pub(crate) const COLUMNS: [&str; 41] = [
    "incident", "play", "attempt", "table_type", "change", "cause",
    "fault_at", "started_at", "opened_at", "alerted_at", "acknowledged_at", "declared_at",
    "chosen_at", "decided_at", "deploying_at", "deployed_at", "live_at",
    "contained_at", "recovered_at", "ended_at",
    "wait_s", "detect_s", "acknowledge_s", "declare_s", "triage_s", "decide_s", "queue_s",
    "deploy_s", "propagate_s", "recover_s", "verify_s", "total_s",
    "table_text", "table_min_s", "table_max_s", "over_table_s",
    "responder", "channel", "decider", "outcome", "evidence",
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
    row.push(Cell::from(book.evidence()));
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
    use super::super::fixture_table;
    use super::*;

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
