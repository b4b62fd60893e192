//! What must hold for every run.

use super::support::Run;
use sim::decision::{AlertState, AttemptOutcome};
use sim::fault::FaultKind::{Blind, BlindSpot};
use sim::gameday::{Gameday, Trial};
use sim::journal::{self, Entry, Event, ScopeRow, Story};
use sim::names::{ChannelId, PersonId};
use sim::report;
use sim::scenario::Plan;
use sim::units::{Span, Time};
use std::io::{self, Write};
use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

/// Entries are numbered and in order of time, and none speaks of the future.
pub fn order(plan: &Plan, run: &Run) {
    let mut last = Time::ZERO;
    for (position, entry) in run.entries.iter().enumerate() {
        assert_eq!(entry.seq, position as u64 + 1);
        assert!(entry.at >= last && entry.at <= Time::ZERO + plan.lasts, "{entry:?}");
        last = entry.at;
        let known: Vec<Time> = match &entry.event {
            Event::Reading { from, to, .. } => {
                assert_eq!(*to - *from, plan.telemetry.every);
                vec![*to + plan.telemetry.delay]
            }
            Event::Alert(alert) => {
                [Some(alert.at), alert.attribution.cause_at].into_iter().flatten().collect()
            }
            Event::Answer { asked_at, .. } => vec![*asked_at],
            Event::Incident { since, .. } => since.iter().copied().collect(),
            Event::Attempt(attempt) => vec![attempt.start.started_at, attempt.ended_at],
            Event::Ask { until, .. } => {
                assert!(until.is_none_or(|until| until >= entry.at), "{entry:?}");
                vec![]
            }
            _ => vec![],
        };
        assert!(known.iter().all(|time| *time <= entry.at), "not known yet: {entry:?}");
    }
    let ends = run.entries.iter().filter(|entry| matches!(entry.event, Event::End(_))).count();
    assert_eq!((ends, last), (1, Time::ZERO + plan.lasts));
}

/// Every request is accounted for, in the sums and in every reading.
pub fn counts(plan: &Plan, run: &Run) {
    let totals = run.story.totals().expect("a whole run has sums");
    let sent = &totals.site.requests;
    let ended = sent.ok + sent.failed + sent.rejected + sent.abandoned + sent.planned;
    assert_eq!(sent.generated, ended + totals.site.in_flight);
    assert!(
        totals.site.affected.total() <= totals.site.users
            && totals.site.users <= totals.site.visits
    );
    let all = |row: &ScopeRow| row.ok + row.failed + row.rejected + row.abandoned + row.planned;
    let mut seen = 0;
    for entry in &run.entries {
        let Event::Reading { missing, scopes, .. } = &entry.event else { continue };
        if *missing {
            assert!(scopes.is_empty());
            continue;
        }
        assert_eq!(scopes.len(), run.header.scopes.len(), "one row for each scope");
        let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
        for ((kind, name), row) in run.header.scopes.iter().zip(scopes) {
            *sums.entry(kind.word()).or_default() += all(row);
            assert!(row.slow <= all(row), "{kind} {name}: {row:?}");
            let answered = row.ok + row.failed + row.rejected + row.abandoned > 0;
            assert!(row.p50.is_none() || answered, "{kind} {name}: {row:?}");
        }
        for part in ["endpoint", "browser", "login", "account", "tool"] {
            assert_eq!(sums[part], sums["site"], "{part}s against the site, {:?}", entry.at);
        }
        seen += sums["site"];
    }
    assert!(seen <= ended, "{seen} seen of {ended}");
    let blind = plan.faults.iter().any(|one| matches!(one.kind, Blind | BlindSpot { .. }));
    let late = plan.telemetry.delay + plan.telemetry.every;
    if !blind && plan.telemetry.delay == Span::ZERO && plan.lasts.0.is_multiple_of(late.0) {
        assert_eq!(seen, ended, "readings that follow each other see everything");
    }
}

/// In every reading and scope, what is charged to causes and to nobody is what went wrong. Gives
/// the number of requests charged to causes.
pub fn charges(plan: &Plan, run: &Run, trial: u64) -> u64 {
    let trial = Trial { seed: plan.seed, number: trial };
    let mut gameday = Gameday::new(plan, &run.header, trial).with_charges();
    while gameday.step().is_some() {
        gameday.drain();
    }
    let charges = gameday.drain_charges();
    let mut charged = 0;
    for entry in &run.entries {
        let Event::Reading { from, to, missing: false, scopes } = &entry.event else { continue };
        let of = charges.iter().find(|charges| (charges.from, charges.to) == (*from, *to));
        let of = of.expect("an interval has its charges");
        for (position, row) in plan.reported_scopes().into_iter().zip(scopes) {
            let mut sums = [0; 3];
            for charge in of.rows.iter().filter(|charge| charge.scope == position) {
                assert!(charge.slow.iter().is_sorted_by(|one, next| one >= next));
                let counts = [charge.failed, charge.rejected, charge.given_up];
                charged += counts.iter().sum::<u64>();
                (0..3).for_each(|place| sums[place] += counts[place]);
            }
            for nobody in of.nobody.iter().filter(|nobody| nobody.scope == position) {
                let counts = [nobody.failed, nobody.rejected, nobody.given_up];
                (0..3).for_each(|place| sums[place] += counts[place]);
            }
            assert_eq!(sums, [row.failed, row.rejected, row.abandoned], "{to:?}, {position}");
        }
    }
    charged
}

/// Nobody is contacted off duty, off the ladder, or without the role.
pub fn contacts(plan: &Plan, run: &Run) {
    let (names, roster) = (&plan.names, &plan.playbook.roster);
    for entry in &run.entries {
        let Event::Ask { person, channel: Some(channel), question, .. } = &entry.event else {
            continue;
        };
        let id: PersonId = names.people.get_index_of(person).expect("a person").into();
        let by: ChannelId = names.channels.get_index_of(channel).expect("a channel").into();
        assert!(roster.on_duty(id, entry.at), "{person} is off duty: {entry:?}");
        if let Some(ladder) = question.strip_prefix("page ") {
            let index = names.escalations.get_index_of(ladder).expect("an escalation");
            let ladder = &roster.escalations[index];
            assert!(ladder.people.contains(&id) && ladder.by.contains(&by), "{entry:?}");
        } else {
            let decider = names.roles.get_index_of("decider").expect("a role");
            assert!(roster.people[id.index()].roles.contains(&decider.into()), "{entry:?}");
        }
    }
}

/// Nobody answers one question while working on another, nor twice, nor without being asked.
pub fn one_thing_at_a_time(run: &Run) {
    let mut asked: BTreeMap<u32, (&str, Time, Option<u32>, bool)> = BTreeMap::new();
    for entry in &run.entries {
        match &entry.event {
            Event::Ask { ask, person, incident, channel, question, .. } => {
                // Whoever writes something down for a play is not its responder, and picks up.
                let at_work = channel.is_none() && question != "write it down";
                let new = (person.as_str(), entry.at, *incident, at_work);
                assert_eq!(asked.insert(*ask, new), None, "asked twice: {entry:?}");
            }
            Event::Answer { ask, person, asked_at, incident, channel, late, .. } => {
                let found = asked.remove(ask).expect("an answer to an ask");
                assert_eq!((found.0, found.1), (person.as_str(), *asked_at));
                if channel.is_some() && !late {
                    let busy = asked.values().find(|(who, _, of, responds)| {
                        who == person && *responds && of != incident
                    });
                    assert_eq!(busy, None, "answers all the same: {entry:?}");
                }
            }
            // Whoever took it is free when it is over, and asked again by a later play.
            Event::Incident { incident, state, .. } if state.word() == "recovered" => {
                asked
                    .values_mut()
                    .filter(|one| one.2 == Some(*incident))
                    .for_each(|one| one.3 = false);
            }
            Event::Play { incident, step, .. } if step.word() == "opened" => {
                asked.values_mut().filter(|one| one.2 == *incident).for_each(|one| one.3 = false);
            }
            _ => {}
        }
    }
}

/// One change at a time on each pipeline, each stage after the one before.
pub fn pipelines(run: &Run) {
    let mut running: BTreeMap<&str, &str> = BTreeMap::new();
    let mut stages: BTreeMap<&str, [i32; 4]> = BTreeMap::new();
    for entry in &run.entries {
        let Event::Change { change, stage, pipeline, .. } = &entry.event else { continue };
        let [ordered, deploying, deployed, live] = stages.entry(change).or_default();
        match stage.word() {
            "ordered" => *ordered += 1,
            "deploying" => {
                (*ordered, *deploying) = (*ordered - 1, *deploying + 1);
                if let Some(pipeline) = pipeline {
                    assert_eq!(running.insert(pipeline, change), None, "{entry:?}");
                }
            }
            "deployed" | "failed" => {
                *deploying -= 1;
                *deployed += i32::from(stage.word() == "deployed");
                if let Some(pipeline) = pipeline {
                    assert_eq!(running.remove(pipeline.as_str()), Some(change.as_str()));
                }
            }
            "live" => (*deployed, *live) = (*deployed - 1, *live + 1),
            _ => {}
        }
        let all = [*ordered, *deploying, *deployed, *live];
        assert!(all.iter().all(|count| *count >= 0), "out of order: {entry:?}");
    }
}

/// Attempts follow each other, and their intervals add up.
pub fn attempts(run: &Run) {
    let mut ended: BTreeMap<u32, (u32, Time, AttemptOutcome)> = BTreeMap::new();
    for attempt in run.attempts() {
        let lengths = attempt.stretches().into_iter().map(|stretch| stretch.length());
        let sum = lengths.fold(Span::ZERO, |sum, length| sum + length);
        assert_eq!(sum, attempt.ended_at - attempt.start.started_at, "{attempt:?}");
        let now = (attempt.number, attempt.ended_at, attempt.outcome);
        match ended.insert(attempt.incident, now) {
            None => assert_eq!(attempt.number, 1, "{attempt:?}"),
            Some((number, at, outcome)) => {
                assert_eq!((attempt.number, attempt.start.started_at), (number + 1, at));
                let again = |entry: &Entry| match &entry.event {
                    Event::Incident { incident, state, .. } => {
                        *incident == attempt.incident && state.word() == "reopened"
                    }
                    _ => false,
                };
                let over = outcome == AttemptOutcome::Recovered;
                assert!(!over || run.entries.iter().any(again), "after recovery: {attempt:?}");
            }
        }
        let before = run.entries.iter().take_while(|entry| entry.at <= attempt.ended_at);
        let live = before.filter(|entry| match &entry.event {
            Event::Change { change, stage, .. } => {
                stage.word() == "live" && Some(change) == attempt.change.as_ref()
            }
            _ => false,
        });
        assert!(attempt.reached.live_at.is_none() || live.count() > 0, "never live: {attempt:?}");
    }
}

/// Every state machine moves as the table says, and what fires belongs to an incident.
pub fn alerts(run: &Run) {
    use AlertState::{Cleared, DataBack, Firing, NoData, Pending, Resolved};
    let mut states: BTreeMap<(&str, &str, bool), AlertState> = BTreeMap::new();
    for entry in &run.entries {
        let Event::Alert(alert) = &entry.event else { continue };
        let blind = matches!(alert.state, NoData | DataBack);
        let key = (alert.rule.as_str(), alert.scope.name.as_str(), blind);
        let before = states.insert(key, alert.state);
        let legal = match alert.state {
            Pending => matches!(before, None | Some(Cleared | Resolved)),
            Firing => matches!(before, None | Some(Pending | Resolved | Cleared)),
            Cleared => before == Some(Pending),
            Resolved => before == Some(Firing),
            NoData => matches!(before, None | Some(DataBack)),
            DataBack => before == Some(NoData),
        };
        assert!(legal, "{:?} after {before:?}: {entry:?}", alert.state);
        assert!(alert.incident.is_some() || alert.state != Firing, "{entry:?}");
        assert!(blind || (alert.value.is_some() && alert.threshold.is_some()), "{entry:?}");
        let cause = &alert.attribution;
        assert_eq!(cause.cause.is_none(), cause.cause_at.is_none(), "{entry:?}");
    }
}

/// A fault begins once, ends after it has begun, and is described as in the header.
pub fn faults(run: &Run) {
    let mut edges: BTreeMap<&str, u32> = BTreeMap::new();
    for entry in &run.entries {
        let Event::Fault { fault, begins, text, .. } = &entry.event else { continue };
        let count = edges.entry(fault).or_default();
        assert_eq!(*count, u32::from(!begins), "{entry:?}");
        *count += 1;
        let known = run.header.faults.iter().find(|(name, _)| name == fault);
        assert!(known.is_some_and(|(_, sentence)| sentence.does == *text), "{entry:?}");
    }
}

/// What is read back is what was written, and makes the same tables and the same summary.
pub fn tables(run: &Run) {
    let mut bytes = Vec::new();
    journal::write_header(&mut bytes, &run.header).expect("memory");
    bytes.extend(run.lines().into_bytes());
    let reader = journal::JournalReader::new(&bytes[..]).expect("a journal");
    let header = reader.header().clone();
    let entries: Vec<_> = reader.collect::<Result<_, _>>().expect("a whole journal");
    assert!(header == run.header && entries == run.entries, "read back, it is another");
    let story = Story::collect(entries.iter().cloned().map(Ok::<_, io::Error>)).expect("a story");
    assert_eq!(story, run.story);
    let written = |header, story, entries: &[journal::Entry]| {
        let files = RefCell::new(BTreeMap::new());
        let entries = entries.iter().cloned().map(Ok::<_, io::Error>);
        let open = &mut |name: &str| {
            let file = Shared::default();
            files.borrow_mut().insert(name.to_string(), file.clone());
            Ok(Box::new(file) as Box<dyn Write>)
        };
        report::write_all(header, story, report::Extras::default(), entries, open).expect("memory");
        let files = files.into_inner().into_iter();
        files.map(|(name, file)| (name, file.0.take())).collect::<BTreeMap<_, _>>()
    };
    let tables = written(&header, &story, &entries);
    let style = report::Style::default();
    let summary = report::summary(&header, &story, report::Extras::default(), style);
    assert!(!summary.chars().any(|c| c.is_control() && c != '\n'), "{summary:?}");
    let csv = tables.iter().filter(|(name, _)| name.ends_with(".csv"));
    csv.for_each(|(_, table)| rows(table, &run.header.run_id));
    responses(run, &tables["responses.csv"]);
    metrics(run, &tables["metrics.csv"]);
    fired(run, &tables["alerts.csv"]);
}

/// Every row is as wide as its heading, and nothing in it can be taken for a formula.
fn rows(table: &[u8], run_id: &str) {
    let mut reader = csv::Reader::from_reader(table);
    for row in reader.records() {
        let row = row.expect("as wide as the heading");
        assert_eq!(&row[0], run_id);
        for cell in &row {
            let number = cell.parse::<f64>().is_ok();
            assert!(number || !cell.starts_with(['=', '+', '-', '@', '\t']), "{row:?}");
            assert!(!cell.chars().any(char::is_control), "{row:?}");
        }
    }
}

/// The cells of these columns, row by row.
fn cells<const N: usize>(table: &[u8], columns: [&str; N]) -> Vec<[String; N]> {
    let mut reader = csv::Reader::from_reader(table);
    let names: Vec<String> = reader.headers().expect("a heading").iter().map(Into::into).collect();
    let at = columns.map(|column| names.iter().position(|name| name == column).expect(column));
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| at.map(|at| row[at].to_string())).collect()
}

/// The printed parts of every attempt add up to its total, and those of an incident to all of it.
fn responses(run: &Run, table: &[u8]) {
    let mut reader = csv::Reader::from_reader(table);
    let names: Vec<String> = reader.headers().expect("a heading").iter().map(Into::into).collect();
    let position = |name: &str| names.iter().position(|known| known == name).expect("a column");
    let (from, total) = (position("detect_s"), position("total_s"));
    let mut rows = reader.records().map(|row| row.expect("a row"));
    for incident in run.story.incidents() {
        let (course, mut sum) = (run.story.phase_timeline(&incident), 0);
        assert!(course.spans().windows(2).all(|pair| pair[0].until == pair[1].from), "{course:?}");
        for attempt in &incident.attempts {
            let row = rows.next().expect("a row for each attempt");
            let cell = |at: usize| row[at].parse::<f64>().map_or(0, |s| (s * 1e3).round() as i64);
            assert_eq!((from..total).map(cell).sum::<i64>(), cell(total), "{row:?}");
            assert_eq!(row[position("attempt")], attempt.number.to_string());
            sum += cell(total);
        }
        let took = course.total().seconds() * 1e3;
        assert!((sum as f64 - took).abs() <= 1.0, "{sum} ms of {took}");
    }
    assert!(rows.next().is_none());
}

/// Every reading has a row for each scope, with its counts; a missing one has them blank.
fn metrics(run: &Run, table: &[u8]) {
    let columns = ["t_s", "ok", "errors", "rejected", "given_up", "planned"];
    let mut rows = cells(table, columns).into_iter();
    for entry in &run.entries {
        let Event::Reading { to, missing, scopes, .. } = &entry.event else { continue };
        for position in 0..run.header.scopes.len() {
            let [t_s, counts @ ..] = rows.next().expect("a row for each scope");
            assert_eq!(t_s.parse::<f64>().ok(), Some(to.seconds()), "{counts:?}");
            let expected = scopes
                .get(position)
                .filter(|row| !missing && !row.unseen)
                .map(|row| [row.ok, row.failed, row.rejected, row.abandoned, row.planned]);
            let expected = expected.map_or_else(Default::default, |row| row.map(|n| n.to_string()));
            assert_eq!(counts, expected, "scope {position} at {t_s}");
        }
    }
    assert_eq!(rows.next(), None, "a row without a reading");
}

/// Every alert that fired has its row with that moment, and no other row says that one did.
fn fired(run: &Run, table: &[u8]) {
    let moments = cells(table, ["firing_at", "class"]).into_iter();
    let rows = moments.filter(|[firing_at, _]| !firing_at.is_empty()).count();
    let firing = run.entries.iter().filter(|entry| match &entry.event {
        Event::Alert(alert) => matches!(alert.state, AlertState::Firing | AlertState::NoData),
        _ => false,
    });
    assert_eq!(rows, firing.count());
}

/// A file in memory that can still be read when its writer has gone.
#[derive(Clone, Default)]
struct Shared(Rc<RefCell<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
