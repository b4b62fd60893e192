//! `judge.csv`, `judge_plays.csv` and `judge_rules.csv`: a judgement as tables, and the same rows
//! as one JSON document, blank cells as `null`.

use super::formatting;
use crate::decision::{AlertEvent, AlertState, Closest, Hold, Ticks};
use crate::judge::{Acting, Judgement, ResponseByPlan, Subject, margin};
use crate::report::context::Cell;
use crate::report::responses;
use crate::report::sheet::{ColumnDoc, CsvSheet, Memory, Rows};
use crate::units::Time;
use serde_json::{Map, Value, json};
use siphasher::sip128::{Hasher128, SipHasher24};
use std::fmt;
use std::hash::Hasher;
use std::io::{self, Write};

/// Every move of every rule.
#[rustfmt::skip]
pub(in crate::report) const MOVES: [ColumnDoc; 19] = [
    ("at", "time", "end of the reading that moved it"),
    ("local", "local time", "the same, local"),
    ("t_s", "s", "the same, since the start of the readings' calendar"),
    ("known_at", "time", "when that was known"),
    ("known_local", "local time", "the same"),
    ("alert", "", "name of the rule"),
    ("scope", "", "part of the site: site, endpoint claims, browser ie11"),
    ("severity", "", "as the team wrote it"),
    ("state", "", "pending, firing, cleared, resolved, no data, data back"),
    ("value", "of the rule", "measured: share 0 to 1, seconds, or requests per second"),
    ("threshold", "of the rule", "what it was compared with"),
    ("bound_by", "", "which threshold applied: fixed, multiple or floor"),
    ("baseline", "of the rule", "baseline at that moment"),
    ("margin_pct", "%", "how far beyond the threshold; negative on the good side"),
    ("n", "requests", "requests in the window"),
    ("held_s", "s", "how long it had been breaching, or firing when it resolved"),
    ("for_s", "s", "how long a breach must last; blank if the rule counts ticks"),
    ("incident", "number", "the incident that it belongs to, from 1"),
    ("play", "", "play that it opens"),
];

/// What would have been done.
#[rustfmt::skip]
pub(in crate::report) const PLAYS: [ColumnDoc; 26] = [
    ("incident", "number", "from 1"),
    ("opened_by", "", "rule that opened it"),
    ("play", "", "first play that opens"),
    ("opened_at", "time", "when the rule's firing was known"),
    ("opened_local", "local time", "the same"),
    ("acknowledged_at", "time", "first answer"),
    ("acknowledged_local", "local time", "the same"),
    ("declared_at", "time", "it is an incident"),
    ("declared_local", "local time", "the same"),
    ("chosen_at", "time", "a change is chosen"),
    ("chosen_local", "local time", "the same"),
    ("decided_at", "time", "the decider says yes"),
    ("decided_local", "local time", "the same"),
    ("deploying_at", "time", "the change begins"),
    ("deploying_local", "local time", "the same"),
    ("in_effect_at", "time", "the change is in effect"),
    ("in_effect_local", "local time", "the same"),
    ("change", "", "the change of the first attempt"),
    ("table_text", "", "what the change-time table says of it"),
    ("responder", "", "who answers"),
    ("channel", "", "by which channel"),
    ("decider", "", "who decides"),
    ("outcome", "", "how the first attempt ends in the readings, or why it stalls"),
    ("over_at", "time", "first good tick of the stretch that ends it in the readings"),
    ("over_local", "local time", "the same"),
    ("evidence", "", "assumed: the plan's own times; recorded: what was done"),
];

/// How every rule fared.
#[rustfmt::skip]
pub(in crate::report) const RULES: [ColumnDoc; 12] = [
    ("alert", "", "name of the rule"),
    ("scope", "", "part of the site; blank if it could not be judged at all"),
    ("text", "", "the rule as the team wrote it"),
    ("readings", "readings", "readings it was shown"),
    ("judged", "readings", "those after which its window held enough requests"),
    ("fired", "count", "how often it fired"),
    ("almost_fired", "count", "how often it began and cleared"),
    ("closest_at", "time", "when it came closest to a breach, or went furthest beyond"),
    ("closest_local", "local time", "the same"),
    ("closest", "of the rule", "the value then"),
    ("margin_pct", "%", "how far beyond the threshold; negative on the good side"),
    ("not_judged", "", "why it could not be judged; blank if it was"),
];

/// A table: its file, what it is called in JSON, its columns, its rows.
pub(super) struct JudgementTable {
    pub file: &'static str,
    pub key: &'static str,
    pub columns: &'static [ColumnDoc],
    pub rows: fn(&Subject, &Judgement) -> Rows,
}

#[rustfmt::skip]
pub(super) const TABLES: [JudgementTable; 3] = [
    JudgementTable { file: "judge.csv", key: "moves", columns: &MOVES, rows: moves },
    JudgementTable { file: "judge_plays.csv", key: "plays", columns: &PLAYS, rows: plays },
    JudgementTable { file: "judge_rules.csv", key: "rules", columns: &RULES, rows: rules },
];

/// The names of the files of [`write_judge`].
pub const JUDGE_FILES: [&str; 3] = [TABLES[0].file, TABLES[1].file, TABLES[2].file];

/// The name of a table, and its columns.
type TableColumns = (&'static str, &'static [ColumnDoc]);

/// Every table with its own columns.
pub(in crate::report) fn judge_tables() -> impl Iterator<Item = TableColumns> {
    TABLES.iter().map(|table| (table.file, table.columns))
}

/// The id of a judgement: hash of the plan and of what was seen and judged.
pub fn judge_id(subject: &Subject, judgement: &Judgement) -> String {
    let mut hasher = SipHasher24::new_with_keys(0, 0);
    hasher.write(subject.scenario_hash.as_bytes());
    let seen = judgement.seen.map(|(from, to)| (from.0, to.0));
    let words = format!(
        "{} {seen:?} {} {} {:?} {:?}",
        subject.calendar.starts(),
        judgement.readings,
        judgement.missing,
        judgement.alerts.iter().map(|(at, alert)| (at, HashedMove(alert))).collect::<Vec<_>>(),
        judgement.ticks.iter().map(HashedTicks).collect::<Vec<_>>()
    );
    hasher.write(words.as_bytes());
    format!("{:016x}", hasher.finish128().h1)
}

/// A move of a rule as the id takes it in: ids of former judgements stay what they are, whatever
/// becomes of the struct.
struct HashedMove<'a>(&'a AlertEvent);

impl fmt::Debug for HashedMove<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AlertEvent")
            .field("at", &self.0.at)
            .field("rule", &self.0.rule)
            .field("scope", &self.0.scope)
            .field("state", &self.0.state)
            .field("value", &self.0.value)
            .field("threshold", &self.0.threshold)
            .field("bound_by", &self.0.bound_by)
            .field("baseline", &self.0.baseline)
            .field("n", &self.0.n)
            .field("held", &self.0.held)
            .field("incident", &self.0.incident)
            .finish()
    }
}

/// How a rule fared, as the id takes it in.
struct HashedTicks<'a>(&'a Ticks);

impl fmt::Debug for HashedTicks<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let closest =
            self.0.closest.map(|Closest { tick, value, threshold }| (tick, value, threshold));
        f.debug_struct("Ticks")
            .field("rule", &self.0.rule)
            .field("scope", &self.0.scope)
            .field("seen", &self.0.readings)
            .field("judged", &self.0.judged)
            .field("closest", &closest)
            .finish()
    }
}

/// Writes the table of this name, one of [`JUDGE_FILES`].
pub fn write_judge(
    subject: &Subject,
    judgement: &Judgement,
    file: &str,
    to: Box<dyn Write>,
) -> io::Result<()> {
    let table = TABLES.iter().find(|table| table.file == file).expect("one of ours");
    let id = judge_id(subject, judgement);
    let mode = match judgement.acting {
        Acting::ByPlan => "judged",
        Acting::Recorded => "recorded",
    };
    let lead = [Cell::from(&id), Cell::from(&subject.scenario), Cell::from(mode), Cell::Blank];
    let names: Vec<&str> = table.columns.iter().map(|(name, _, _)| *name).collect();
    let mut sheet = CsvSheet::with_lead(to, lead, &names)?;
    let rows = (table.rows)(subject, judgement);
    rows.iter().try_for_each(|row| sheet.row(row))?;
    sheet.finish()
}

fn moment(subject: &Subject, time: impl Into<Option<Time>>) -> Cell {
    Cell::from(time.into().map(|time| subject.calendar.rfc3339(time)))
}

fn local(subject: &Subject, time: impl Into<Option<Time>>) -> Cell {
    Cell::from(time.into().map(|time| subject.calendar.local(time)))
}

/// A moment and the same as spreadsheets read it.
fn moment_cells(subject: &Subject, time: Option<Time>) -> [Cell; 2] {
    [moment(subject, time), local(subject, time)]
}

fn moves(subject: &Subject, judgement: &Judgement) -> Rows {
    judgement.alerts.iter().map(|(known, alert)| moved(subject, *known, alert)).collect()
}

fn moved(subject: &Subject, known: Time, alert: &AlertEvent) -> Vec<Cell> {
    let rule = &subject.playbook.rules[alert.rule.index()];
    let judged = alert.threshold.is_some();
    let fires = matches!(alert.state, AlertState::Firing);
    let hold = match rule.hold {
        Hold::For(span) => Some(span),
        Hold::Of { .. } => None,
    };
    let play = subject.playbook.play_of(alert.rule).filter(|_| fires);
    vec![
        moment(subject, alert.at),
        Cell::from(subject.calendar.local(alert.at)),
        Cell::seconds(alert.at.since(Time::ZERO)),
        moment(subject, known),
        local(subject, known),
        Cell::from(&subject.names.rules[alert.rule.index()]),
        Cell::from(formatting::scope_words(subject, alert.scope)),
        Cell::from(&rule.severity),
        Cell::from(formatting::state(alert.state)),
        Cell::number(alert.value, 4),
        Cell::number(alert.threshold, 4),
        Cell::from(judged.then(|| alert.bound_by.word())),
        Cell::number(alert.baseline, 4),
        Cell::number(margin(rule, alert.value, alert.threshold), 3),
        Cell::from(judged.then_some(alert.n)),
        Cell::seconds(alert.held),
        Cell::seconds(hold.filter(|_| judged)),
        Cell::from(alert.incident.map(|incident| u32::from(incident.0) + 1)),
        Cell::from(play.map(|play| subject.names.plays[play.index()].clone())),
    ]
}

fn plays(subject: &Subject, judgement: &Judgement) -> Rows {
    let evidence = match judgement.acting {
        Acting::ByPlan => "assumed",
        Acting::Recorded => "recorded",
    };
    judgement.responses.iter().map(|response| played(subject, response, evidence)).collect()
}

fn played(subject: &Subject, response: &ResponseByPlan, evidence: &str) -> Vec<Cell> {
    let names = &subject.names;
    let attempt = response.attempt.as_ref();
    let person = |of: fn(&crate::decision::Attempt) -> Option<crate::names::PersonId>| {
        Cell::from(attempt.and_then(of).map(|person| names.people[person.index()].clone()))
    };
    let change = attempt.and_then(|attempt| attempt.change);
    let paper = change.map(|c| subject.playbook.changes.changes[c.index()].paper.clone());
    let channel = attempt.and_then(|attempt| attempt.channel);
    let outcome = response
        .stalled
        .clone()
        .or_else(|| attempt.map(|attempt| responses::outcome(attempt.outcome).to_string()));
    let times: [Option<Time>; 7] = [
        Some(response.opened_at),
        attempt.and_then(|attempt| attempt.reached.acknowledged_at),
        attempt.and_then(|attempt| attempt.reached.declared_at),
        attempt.and_then(|attempt| attempt.reached.chosen_at),
        attempt.and_then(|attempt| attempt.reached.decided_at),
        attempt.and_then(|attempt| attempt.reached.deploying_at),
        attempt.and_then(|attempt| attempt.reached.live_at),
    ];
    let mut row = vec![
        Cell::from(u32::from(response.incident.0) + 1),
        Cell::from(&names.rules[response.rule.index()]),
        Cell::from(response.play.map(|play| names.plays[play.index()].clone())),
    ];
    row.extend(times.into_iter().flat_map(|time| moment_cells(subject, time)));
    row.extend([
        Cell::from(change.map(|change| names.changes[change.index()].clone())),
        Cell::from(paper),
        person(|attempt| attempt.responder),
        Cell::from(channel.map(|channel| names.channels[channel.index()].clone())),
        person(|attempt| attempt.decider),
        Cell::from(outcome),
    ]);
    row.extend(moment_cells(subject, response.over_at));
    row.push(Cell::from(evidence));
    row
}

fn rules(subject: &Subject, judgement: &Judgement) -> Rows {
    let mut rows = Rows::new();
    for one in &subject.unjudged {
        let mut row = vec![Cell::Blank; RULES.len()];
        row[0] = Cell::from(&subject.names.rules[one.rule.index()]);
        row[2] = Cell::from(&subject.playbook.rules[one.rule.index()].text);
        row[11] = Cell::from(&one.why);
        rows.push(row);
    }
    let episodes = judgement.episodes();
    for ticks in &judgement.ticks {
        let rule = &subject.playbook.rules[ticks.rule.index()];
        let own = episodes.iter().filter(|episode| {
            let judged = episode.judged;
            (judged.rule, judged.scope) == (ticks.rule, ticks.scope) && !episode.no_data
        });
        let near = own.clone().filter(|episode| episode.firing_at.is_none()).count();
        let why = (ticks.judged == 0)
            .then(|| format!("never {} requests in its window", rule.min_requests));
        let closest = ticks.closest;
        let beyond = closest.and_then(|c| margin(rule, Some(c.value), Some(c.threshold)));
        rows.push(vec![
            Cell::from(&subject.names.rules[ticks.rule.index()]),
            Cell::from(formatting::scope_words(subject, ticks.scope)),
            Cell::from(&rule.text),
            Cell::from(ticks.readings),
            Cell::from(ticks.judged),
            Cell::from((own.count() - near) as u64),
            Cell::from(near as u64),
            moment(subject, closest.map(|closest| closest.tick)),
            local(subject, closest.map(|closest| closest.tick)),
            Cell::number(closest.map(|closest| closest.value), 4),
            Cell::number(beyond, 3),
            Cell::from(why),
        ]);
    }
    rows
}

/// The whole judgement. Numbers are numbers, times are RFC 3339. `source` says in a few words where
/// the readings come from. It ends in a newline.
pub fn judge_json(subject: &Subject, judgement: &Judgement, source: &str) -> String {
    let moment = |time| subject.calendar.rfc3339(time);
    let mut document = json!({
        "id": judge_id(subject, judgement),
        "scenario": subject.scenario,
        "source": source,
        "from": judgement.seen.map(|(from, _)| moment(from)),
        "to": judgement.seen.map(|(_, to)| moment(to)),
        "readings": judgement.readings,
        "missing": judgement.missing,
        "fired": judgement.fired(),
        "judgeable": judgement.judged_anything(),
        "notes": subject.notes,
    });
    for table in TABLES {
        let name = |column: usize| table.columns[column].0.to_string();
        let object = |row: Vec<Cell>| {
            let cells = row.into_iter().enumerate();
            let cells = cells.map(|(column, cell)| (name(column), value(cell)));
            Value::Object(cells.collect::<Map<String, Value>>())
        };
        let rows = (table.rows)(subject, judgement).into_iter().map(object);
        document[table.key] = rows.collect();
    }
    serde_json::to_string_pretty(&document).expect("plain data") + "\n"
}

/// Every move of every rule as CSV: the text of `judge.csv`.
pub fn judge_csv(subject: &Subject, judgement: &Judgement) -> String {
    let memory = Memory::default();
    let to = Box::new(memory.clone());
    write_judge(subject, judgement, JUDGE_FILES[0], to).expect("memory");
    let bytes = memory.0.borrow().clone();
    String::from_utf8(bytes).expect("text was written")
}

fn value(cell: Cell) -> Value {
    match cell {
        Cell::Blank => Value::Null,
        Cell::Text(text) => Value::String(text),
        Cell::Number(number) => serde_json::from_str(&number).unwrap_or(Value::String(number)),
    }
}
