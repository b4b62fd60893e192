//! `responses.csv`: one row per attempt, with all its times and where its minutes went.

use super::context::{Cell, ReportContext};
use super::improvised::{self, ImprovisedChange};
use super::sheet::{ColumnDoc, Rows, joined};
use crate::decision::{AttemptOutcome, Named, Phase, PhaseSpan};
use crate::journal::{AttemptEntry, Credit, Evidence, Incident, PhaseTimeline};
use crate::units::{Span, Time};

/// Every moment has its local twin, as spreadsheets read it. An attempt begins with the cause, or
/// where the one before it ended, and lasts until the next begins or all is clear.
pub(crate) const COLUMNS: [ColumnDoc; 62] = joined(&[&BEFORE_PHASES, &PHASES, &AFTER_PHASES]);

#[rustfmt::skip]
const BEFORE_PHASES: [ColumnDoc; 37] = [
    ("incident", "number", "number of the incident, in order of opening"),
    ("play", "", "play that the attempt belongs to"),
    ("attempt", "number", "number of the attempt within its incident"),
    ("change", "", "change that was tried; blank if none was chosen"),
    ("opened_by", "", "what opened the play: a rule, verify failed, otherwise, …"),
    ("cause", "", "what broke; blank if that is not known"),
    ("cause_at", "time", "when the cause took effect"),
    ("cause_local", "local time", "the same"),
    ("started_at", "time", "beginning of the attempt"),
    ("started_local", "local time", "the same"),
    ("opened_at", "time", "the play opened, where that came later than the start"),
    ("opened_local", "local time", "the same"),
    ("alerted_at", "time", "people were told"),
    ("alerted_local", "local time", "the same"),
    ("acknowledged_at", "time", "somebody answered the page"),
    ("acknowledged_local", "local time", "the same"),
    ("declared_at", "time", "it was called an incident"),
    ("declared_local", "local time", "the same"),
    ("chosen_at", "time", "a change was chosen"),
    ("chosen_local", "local time", "the same"),
    ("decided_at", "time", "the decider said yes"),
    ("decided_local", "local time", "the same"),
    ("deploying_at", "time", "the pipeline began to work on the change"),
    ("deploying_local", "local time", "the same"),
    ("deployed_at", "time", "the change was done"),
    ("deployed_local", "local time", "the same"),
    ("in_effect_at", "time", "the change was in effect everywhere"),
    ("in_effect_local", "local time", "the same"),
    ("contained_at", "time", "a maintenance page was up in between"),
    ("contained_local", "local time", "the same"),
    ("restored_at", "time", "service was restored: the end of the last request that it harmed"),
    ("restored_local", "local time", "the same"),
    ("all_clear_at", "time", "every rule had resolved, as people were told"),
    ("all_clear_local", "local time", "the same"),
    ("ended_at", "time", "end of the attempt"),
    ("ended_local", "local time", "the same"),
    ("detect_s", "s", "the cause in effect, nobody told"),
];

/// What is done from somebody being told to the all clear, in the order of a response.
#[rustfmt::skip]
pub(crate) const PHASES: [ColumnDoc; 13] = [
    ("acknowledge_s", "s", "somebody being paged, no answer yet"),
    ("declare_s", "s", "until it was called an incident"),
    ("diagnose_s", "s", "until a repair was chosen"),
    ("reach_s", "s", "the decider being asked, no answer at all"),
    ("decide_s", "s", "the decider had answered, but not said yes or no"),
    ("work_s", "s", "other work of the play being done: a report, a call"),
    ("queue_s", "s", "until the pipeline was free"),
    ("deploy_s", "s", "until the change was done"),
    ("rollout_s", "s", "until it was in effect for everybody"),
    ("confirm_s", "s", "in effect, but not known whether it helped"),
    ("hold_s", "s", "waiting for a state to last, a freeze to end or a set time"),
    ("stalled_s", "s", "nobody did anything"),
    ("clear_s", "s", "over, but not yet known to be"),
];

#[rustfmt::skip]
const AFTER_PHASES: [ColumnDoc; 12] = [
    ("total_s", "s", "whole attempt; the parts above add up to it"),
    ("table_text", "", "cell of the change-time table as the team wrote it"),
    ("table_min_s", "s", "least time by the table; blank if it gives none"),
    ("table_max_s", "s", "most time by the table"),
    ("over_table_s", "s", "how much longer than the table's most the deploy took"),
    ("responder", "", "who took the incident"),
    ("channel", "", "by which channel they answered"),
    ("decider", "", "who decided"),
    ("outcome", "", "recovered, all clear but not by it, contained, not confirmed, …"),
    ("evidence", "", "of its times of people: simulated, measured, or mixed"),
    ("asked_by", "", "who asked for a change that people improvised; blank: none was, or not said"),
    ("made_by", "", "who made such a change; blank: not said"),
];

pub(crate) fn rows(context: &ReportContext) -> Rows {
    let mut rows = Rows::new();
    let all = improvised::improvised(context.story);
    for incident in context.story.incidents() {
        let course = context.story.phase_timeline(&incident);
        rows.extend(incident.attempts.iter().map(|attempt| {
            let mut cells = row(context, &incident, &course, attempt);
            let own = improvised::of_attempt(&all, attempt);
            cells.push(Cell::from(own.and_then(|own| own.asked_by)));
            cells.push(Cell::from(own.and_then(|own| own.made_by)));
            cells
        }));
    }
    rows.extend(
        improvised::without_attempt(context, all).iter().map(|one| improvised_row(context, one)),
    );
    rows
}

/// A change beside the plays: what is known of it, and no attempt.
fn improvised_row(context: &ReportContext, one: &ImprovisedChange) -> Vec<Cell> {
    let (ended, how) = one.ended(context);
    let stages = [Some(one.at), one.deploying, one.deployed, one.live, Some(ended)];
    let span = |from: Option<Time>, to: Option<Time>| {
        Cell::between_all(from.map(|from| (from, to.unwrap_or(ended))))
    };
    let table = context.change(Some(one.change));
    let cell = |name: &str| match name {
        "incident" => Cell::from(one.incident),
        "change" => Cell::from(one.change),
        "opened_by" => Cell::from("improvised"),
        "started_at" => context.moment(stages[0]),
        "started_local" => context.local(one.at),
        "deploying_at" => context.moment(stages[1]),
        "deploying_local" => Cell::from(stages[1].map(|at| context.local(at))),
        "deployed_at" => context.moment(stages[2]),
        "deployed_local" => Cell::from(stages[2].map(|at| context.local(at))),
        "in_effect_at" => context.moment(stages[3]),
        "in_effect_local" => Cell::from(stages[3].map(|at| context.local(at))),
        "ended_at" => context.moment(stages[4]),
        "ended_local" => context.local(ended),
        "queue_s" => span(stages[0], one.deploying),
        "deploy_s" => span(one.deploying, one.deployed),
        "rollout_s" => span(one.deployed, one.live),
        "total_s" => span(stages[0], Some(ended)),
        "table_text" => Cell::from(table.map(|table| &table.paper)),
        "table_min_s" => Cell::seconds(table.and_then(|table| table.min)),
        "table_max_s" => Cell::seconds(table.map(|table| table.max)),
        "outcome" => Cell::from(how),
        "evidence" => Cell::from(Evidence::Measured.word()),
        "asked_by" => Cell::from(one.asked_by),
        "made_by" => Cell::from(one.made_by),
        _ => Cell::Blank,
    };
    COLUMNS.iter().map(|(name, ..)| cell(name)).collect()
}

/// All but who asked for it and who made it.
fn row(
    context: &ReportContext,
    incident: &Incident,
    course: &PhaseTimeline,
    attempt: &AttemptEntry,
) -> Vec<Cell> {
    let spans = course.of_attempt(attempt.number);
    let mut row = vec![
        Cell::from(attempt.incident),
        Cell::from(&attempt.play),
        Cell::from(attempt.number),
        Cell::from(&attempt.change),
        Cell::from(&attempt.cause),
        Cell::from(&attempt.start.fault),
    ];
    for moment in moments(context, incident, attempt, spans.clone()) {
        row.push(context.moment(moment));
        row.push(Cell::from(moment.map(|moment| context.local(moment))));
    }
    row.extend(Phase::ALL.map(|phase| {
        let own = spans.clone().filter(|span| span.phase == phase);
        Cell::between_all(own.map(|span| (span.from, span.until)))
    }));
    let (from, until) = ends(attempt, spans);
    row.push(Cell::between_all([(from, until)]));

    let table = context.change(attempt.change.as_deref());
    row.push(Cell::from(table.map(|table| &table.paper)));
    row.push(Cell::seconds(table.and_then(|table| table.min)));
    row.push(Cell::seconds(table.map(|table| table.max)));
    let took = attempt
        .reached
        .deployed_at
        .zip(attempt.reached.deploying_at)
        .map(|(to, from)| to.since(from));
    let over = took.zip(table).map(|(took, table)| Span(took.0.saturating_sub(table.max.0)));
    row.push(Cell::seconds(over));

    row.push(Cell::from(&attempt.responder));
    row.push(Cell::from(&attempt.channel));
    row.push(Cell::from(&attempt.decider));
    row.push(Cell::from(ended_as(context, attempt)));
    row.push(Cell::from(attempt.evidence()));
    row
}

/// Where an attempt begins and ends, by what was under way in it.
pub(crate) fn ends<'a>(
    attempt: &AttemptEntry,
    spans: impl Iterator<Item = &'a PhaseSpan<Named>> + Clone,
) -> (Time, Time) {
    // One that stalled at once left its time to the attempt after it.
    let from = spans.clone().next().map_or(attempt.ended_at, |span| span.from);
    (from, spans.last().map_or(attempt.ended_at, |span| span.until).max(from))
}

/// How an attempt ended, in a word. That all was clear at its end is not its doing where something
/// else had ended the cause, or users were not well again.
pub(crate) fn ended_as(context: &ReportContext, attempt: &AttemptEntry) -> &'static str {
    let (word, story, header) = (outcome(attempt.outcome), context.story, context.header);
    if attempt.outcome != AttemptOutcome::Recovered || header.mode.by_hand() {
        return word;
    }
    let incidents = story.incidents();
    let Some(incident) = incidents.iter().find(|one| one.number == attempt.incident) else {
        return word;
    };
    let last = incident.last().number == attempt.number;
    let its = |credit: Credit| match credit {
        Credit::Change(by) | Credit::After(by, _) => attempt.change.as_deref() == Some(by),
        Credit::Behind(_) | Credit::Unknown => last,
        Credit::OwnTime | Credit::OwnTimeDuring(_) => false,
    };
    let records = story.causes_of_incident(header, incident.number);
    let any = records.iter().filter_map(|record| story.credit_of(record)).any(its);
    let whole = story.credit(header, incident).is_some_and(its);
    match story.recovery(header, incident).is_some() && (any || whole) {
        true => word,
        false => "all clear",
    }
}

/// The word of an outcome in reports.
pub(crate) fn outcome(outcome: AttemptOutcome) -> &'static str {
    match outcome {
        AttemptOutcome::Recovered => "recovered",
        AttemptOutcome::Contained => "contained",
        AttemptOutcome::Live => "in effect",
        AttemptOutcome::NotVerified => "not confirmed",
        AttemptOutcome::ChangeFailed => "change failed",
        AttemptOutcome::Frozen => "frozen",
        AttemptOutcome::Refused => "refused",
        AttemptOutcome::NotDeclared => "not declared",
        AttemptOutcome::Stalled => "stalled",
        AttemptOutcome::Open => "open",
    }
}

fn moments<'a>(
    context: &ReportContext,
    incident: &Incident,
    attempt: &AttemptEntry,
    spans: impl Iterator<Item = &'a PhaseSpan<Named>> + Clone,
) -> [Option<Time>; 15] {
    let contained = (attempt.outcome == AttemptOutcome::Contained).then_some(attempt.ended_at);
    let well = context.story.recovered_with(context.header, incident, attempt);
    let (from, until) = ends(attempt, spans);
    [
        attempt.start.fault.as_ref().map(|_| incident.first().start.started_at),
        Some(from),
        attempt.reached.opened_at,
        attempt.reached.alerted_at,
        attempt.reached.acknowledged_at,
        attempt.reached.declared_at,
        attempt.reached.chosen_at,
        attempt.reached.decided_at,
        attempt.reached.deploying_at,
        attempt.reached.deployed_at,
        attempt.reached.live_at,
        contained,
        well.and_then(|(restored, _)| restored),
        well.and_then(|(_, clear)| clear),
        Some(until),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::{fixture_table, fixtures};
    use super::*;
    use crate::journal::{Event, Interval, fixture};

    #[test]
    fn evidence_is_that_of_the_times_of_people() {
        use Interval::{Acknowledge, Decide, Declare, Deploy, Diagnose};
        let (header, entries) = fixture::proxy_outage();
        let cases = [
            (vec![], "simulated"),
            (vec![Deploy], "simulated"),
            (vec![Acknowledge, Diagnose], "mixed"),
            (vec![Acknowledge, Declare, Diagnose, Decide], "measured"),
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
            let assumed = 4 - seen.iter().filter(|interval| interval.is_human()).count();
            let page = &files["outbrief.html"];
            // Drawn for a wide screen and for a narrow one.
            let hatched = page.matches("class=\"over on-").count();
            assert_eq!(hatched, 2 * assumed, "{seen:?}");
        }
    }

    #[test]
    fn the_row_of_the_proxy_outage() {
        let table = fixture_table("responses.csv");
        assert_eq!(table.len(), 1);
        let row = &table[0];
        let expected = [
            ("run_id", "5eedf00d"),
            ("change", "reverse-proxy-update"),
            ("opened_by", "ErrorSpike"),
            ("cause", "outage-reverse-proxy"),
            ("cause_at", "2018-11-07T18:05:00-05:00"),
            ("cause_local", "2018-11-07 18:05:00"),
            ("started_at", "2018-11-07T18:05:00-05:00"),
            ("opened_at", ""),
            ("alerted_at", "2018-11-07T18:07:40-05:00"),
            ("restored_at", "2018-11-07T18:29:20-05:00"),
            ("all_clear_at", "2018-11-07T18:30:40-05:00"),
            ("contained_at", ""),
            ("ended_at", "2018-11-07T18:30:40-05:00"),
            ("detect_s", "160"),
            ("acknowledge_s", "170"),
            ("declare_s", "120"),
            ("diagnose_s", "480"),
            ("reach_s", "170"),
            ("decide_s", ""),
            ("work_s", ""),
            ("queue_s", "10.5"),
            ("deploy_s", "180"),
            ("rollout_s", ""),
            ("confirm_s", "249.5"),
            ("stalled_s", ""),
            ("total_s", "1540"),
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
        let spent = |phase: &Phase| row[&format!("{}_s", phase.word())].clone();
        let known = Phase::ALL.iter().map(spent).filter(|cell| !cell.is_empty());
        let sum: f64 = known.map(|cell| cell.parse::<f64>().expect("a number")).sum();
        assert_eq!(sum, 1540.0);
    }
}
