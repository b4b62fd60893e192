//! Adding a statement: one more line of the record.

use super::arguments::{Expiry, Say, Validity, Withdraw};
use super::record::{self, RecordFile};
use crate::cli::shared::loading::load;
use crate::cli::shared::{Exit, terminal};
use crate::language::value::when::DayOrMoment;
use crate::readiness::{NewStatement, ReadinessBoard, ReadinessRows, StatementTarget, UnknownRow};
use crate::report::for_terminal;
use jiff::Zoned;

impl Validity {
    fn put(
        &self,
        statement: NewStatement,
        as_of: DayOrMoment,
        rows: &ReadinessRows,
    ) -> NewStatement {
        let zone = &rows.zone;
        let expires = self.expires.map(|expires| match expires {
            Expiry::At(when) => when.written(zone),
            Expiry::After(span) => {
                let seconds = jiff::SignedDuration::from_secs(span.seconds() as i64);
                let from = as_of.begins(zone);
                let at = from.checked_add(seconds).unwrap_or(from);
                DayOrMoment::Exact(at.timestamp()).written(zone)
            }
        });
        statement
            .maybe("expires", expires)
            .maybe("if", self.condition.clone())
            .maybe("until", self.until.map(|until| until.written(zone)))
    }
}

/// Runs one of them.
pub(super) fn run(say: &Say) -> Result<Exit, Exit> {
    let (scenario, speaker) = match say {
        Say::Set(set) => (&set.scenario, &set.speaker),
        Say::Poll(poll) => (&poll.scenario, &poll.speaker),
        Say::Own(own) => (&own.scenario, &own.speaker),
        Say::Withdraw(withdraw) => (&withdraw.scenario, &withdraw.speaker),
        Say::Decide(decide) => (&decide.scenario, &decide.speaker),
    };
    let plan = load(scenario, &[], true)?;
    let rows = record::rows(&plan, scenario)?;
    let now = record::now(speaker.now, &rows);
    let as_of = speaker.as_of.unwrap_or(DayOrMoment::Exact(now.timestamp()));
    let (target, statement) = match say {
        Say::Set(set) => {
            let target = found(rows.criterion(&set.row, set.of.as_deref()))?;
            let statement = about(target, &rows).with("says", &set.says);
            (target, set.terms.put(statement, as_of, &rows))
        }
        Say::Poll(poll) => {
            let target = found(rows.seat(&poll.seat))?;
            let statement = about(target, &rows).with("says", &poll.says);
            (target, poll.terms.put(statement, as_of, &rows))
        }
        Say::Own(own) => {
            let row = found(rows.place(&own.row))?;
            let due = own.due.map(|due| due.written(&rows.zone));
            let statement = about(StatementTarget::Count { row }, &rows).with("owner", &own.owner);
            (StatementTarget::Count { row }, statement.maybe("due", due))
        }
        Say::Withdraw(withdraw) => {
            let target = withdrawn(withdraw, &rows)?;
            let statement = match target {
                StatementTarget::Decision => NewStatement::default().with("decision", "withdrawn"),
                target => about(target, &rows).with("says", "withdrawn"),
            };
            (target, statement.maybe("whose", withdraw.whose.clone()))
        }
        Say::Decide(decide) => {
            (StatementTarget::Decision, NewStatement::default().with("decision", &decide.decision))
        }
    };
    let statement = statement
        .with("by", &speaker.by)
        .with("as_of", as_of.written(&rows.zone))
        .maybe("source", speaker.source.clone())
        .maybe("words", speaker.words.clone())
        .with("said", DayOrMoment::Exact(now.timestamp()).written(&rows.zone));
    let record = RecordFile::for_scenario(scenario, speaker.record.as_deref());
    // Written times have whole seconds.
    let latest = record::latest(&now);
    let said = record.add(&rows, &latest, &statement)?;
    warn_about(&rows, &speaker.by, matches!(say, Say::Decide(_)));
    if let Say::Own(own) = say {
        warn_about(&rows, &own.owner, false);
    }
    print_status(&record, &ReadinessBoard::at(&rows, &said, &now), target, &now);
    Ok(Exit::Met)
}

fn found<T>(found: Result<T, UnknownRow>) -> Result<T, Exit> {
    found.map_err(|unknown| {
        terminal::error(&unknown.message, &unknown.hint);
        Exit::Wrong
    })
}

fn withdrawn(withdraw: &Withdraw, rows: &ReadinessRows) -> Result<StatementTarget, Exit> {
    let row = withdraw.row.as_str();
    match (withdraw.poll, row) {
        (true, _) => found(rows.seat(row)),
        (false, "decision") => Ok(StatementTarget::Decision),
        (false, _) => {
            found(rows.criterion(row, withdraw.of.as_deref()).map_err(
                |unknown| match rows.seat(row) {
                    Ok(_) => {
                        UnknownRow { hint: "a seat of the poll: add --poll".to_string(), ..unknown }
                    }
                    Err(_) => unknown,
                },
            ))
        }
    }
}

/// The beginning of a statement: what it is about, under the name that the scenario has for it.
fn about(target: StatementTarget, rows: &ReadinessRows) -> NewStatement {
    let statement = NewStatement::default();
    match target {
        StatementTarget::Count { row } => statement.with("criterion", &rows.criteria[row].name),
        StatementTarget::Voice { row, voice } => {
            let row = &rows.criteria[row];
            statement.with("criterion", &row.name).with("of", &row.voices()[voice].name)
        }
        StatementTarget::Seat { seat } => statement.with("poll", &rows.poll[seat].name),
        StatementTarget::Decision => statement,
    }
}

/// Its status now, in a line, and where it is kept.
fn print_status(record: &RecordFile, board: &ReadinessBoard, target: StatementTarget, now: &Zoned) {
    let status = match target {
        StatementTarget::Count { row } | StatementTarget::Voice { row, .. } => {
            let row = &board.rows[row];
            format!("{}: {}", row.name, row.status.word())
        }
        StatementTarget::Seat { seat } => {
            let seat = &board.poll[seat];
            format!("{}: {}", seat.name, seat.line.status.word())
        }
        StatementTarget::Decision => match &board.decision {
            crate::readiness::DecisionStatus::Decided(decided) => {
                format!("Decided: {}", decided.decision)
            }
            _ => "Not decided".to_string(),
        },
    };
    let kept = format!("kept in {}", record.shown());
    let text = format!("{status} ({}; {kept})", now.strftime("%a %Y-%m-%d %H:%M"));
    terminal::print(&format!("{}\n", for_terminal(&text, 2_000)));
}

/// A warning about somebody's name does not keep anybody from saying something.
fn warn_about(rows: &ReadinessRows, by: &str, decides: bool) {
    if let Some(odd) = rows.speaker_warning(by, decides) {
        terminal::warning(&odd.message, &odd.hint);
    }
}
