//! The sheet as a file: delimiters, headings, and rows with their moments and names.

use super::SheetProblem;
use super::clock::{SheetClock, SheetMoment, written};
use super::table::{RowCells, table};
use super::vocabulary::{self, COLUMNS, RowAction};
use crate::journal::Header;
use crate::units::{Calendar, Time};

/// Where people speak who sit in one room.
const IN_PERSON: [&str; 2] = ["in person", "room"];

/// A sheet that could be read.
pub(super) struct ObservedSheet {
    /// In order of time, and of the sheet where that is the same.
    pub rows: Vec<SheetRow>,
    /// When the rehearsal began.
    pub calendar: Calendar,
    pub warnings: Vec<SheetProblem>,
}

/// One row.
pub(super) struct SheetRow {
    /// As a spreadsheet counts.
    pub number: u64,
    pub at: Time,
    pub actor: Option<String>,
    pub role: Option<String>,
    pub channel: Option<String>,
    pub action: RowAction,
    pub incident: Option<u32>,
    pub note: String,
}

/// Reads every row, or says all that is wrong.
pub(super) fn read(bytes: &[u8], header: &Header) -> Result<ObservedSheet, Vec<SheetProblem>> {
    let table = table(bytes, &COLUMNS, &["at", "action"])?;
    let mut problems = Vec::new();
    let mut keep = |result: Result<UndatedRow, SheetProblem>| match result {
        Ok(read) => Some(read),
        Err(problem) => {
            problems.push(problem);
            None
        }
    };
    let known = SheetNames::from_header(header);
    let read: Vec<(RowCells, Option<UndatedRow>)> = table
        .into_iter()
        .map(|cells| {
            let read = keep(undated_row(&cells));
            (cells, read)
        })
        .collect();
    let begins = read.iter().find_map(|(cells, read)| {
        let (moment, action) = (*read)?;
        (action == RowAction::Begin).then_some((cells, moment))
    });
    let clock = match clock(header, begins) {
        Ok(clock) => clock,
        Err(problem) => {
            problems.push(problem);
            return Err(problems);
        }
    };
    let mut rows = Vec::with_capacity(read.len());
    for (cells, read) in &read {
        let Some((moment, action)) = *read else {
            // Its names may be wrong as well, and all is said at once.
            let action = vocabulary::action(&cells.cells[4]).unwrap_or(RowAction::Note);
            known.row(cells, Time::ZERO, action, &mut problems);
            continue;
        };
        let at = clock.time(moment, cells.cells[0].trim()).map_err(|(message, hint)| {
            let problem = SheetProblem::error(cells.number, message);
            problems.push(problem.column("at").hint(hint));
        });
        rows.extend(known.row(cells, at.unwrap_or_default(), action, &mut problems));
    }
    if !problems.is_empty() {
        problems.sort_by_key(|problem| problem.row);
        return Err(problems);
    }
    let warnings = out_of_order(&rows, &clock.calendar);
    rows.sort_by_key(|row| row.at);
    Ok(ObservedSheet { rows, calendar: clock.calendar, warnings })
}

/// Moment and action of a row, before it is known when the rehearsal began.
type UndatedRow = (SheetMoment, RowAction);

fn undated_row(cells: &RowCells) -> Result<UndatedRow, SheetProblem> {
    let [at, _, _, _, action, ..] = &cells.cells[..] else { unreachable!("seven columns") };
    if action.trim().is_empty() {
        let problem = SheetProblem::error(cells.number, "the row does not say what was done");
        return Err(problem.column("action").hint("write `note` if nothing was done"));
    }
    let action = vocabulary::action(action).map_err(|hint| {
        let message = format!("`{}` is not an action", action.trim());
        SheetProblem::error(cells.number, message).column("action").hint(hint)
    })?;
    let moment = written(at).map_err(|hint| {
        let message = match at.trim() {
            "" => "the row does not say when".to_string(),
            at => format!("`{at}` is not a time"),
        };
        SheetProblem::error(cells.number, message).column("at").hint(hint)
    })?;
    Ok((moment, action))
}

/// The scenario's own clock, or the one by which the row `startex` says that it began.
fn clock(
    header: &Header,
    begins: Option<(&RowCells, SheetMoment)>,
) -> Result<SheetClock, SheetProblem> {
    let zone = header.calendar.zone().clone();
    let Some((cells, moment)) = begins else {
        return Ok(SheetClock::new(header.calendar.clone(), header.lasts));
    };
    let wrong = |message: String| {
        let problem = SheetProblem::error(cells.number, message).column("at");
        problem.hint("write date and time of the beginning, such as 2018-11-05 09:30")
    };
    let text = cells.cells[0].trim();
    let local = match moment {
        SheetMoment::Moment(moment) => {
            return Ok(SheetClock::new(Calendar::new(moment.to_zoned(zone)), header.lasts));
        }
        SheetMoment::OfDay { time, .. } => header.calendar.starts().date().to_datetime(time),
        SheetMoment::Local(local) => local,
        SheetMoment::Slashed { first, second, year, time } => {
            let date = |day, month| jiff::civil::Date::new(year, month, day).ok();
            match (date(first, second), date(second, first)) {
                (Some(one), Some(other)) if one != other => {
                    return Err(wrong(format!("`{text}` could be either of two days")));
                }
                (one, other) => match one.or(other) {
                    Some(date) => date.to_datetime(time),
                    None => return Err(wrong(format!("`{text}` is not a date"))),
                },
            }
        }
    };
    let ambiguous = zone.to_ambiguous_zoned(local);
    if ambiguous.is_ambiguous() {
        let message = format!("the clock shows {local} twice or never in this time zone");
        return Err(wrong(message));
    }
    match ambiguous.compatible() {
        Ok(begins) => Ok(SheetClock::new(Calendar::new(begins), header.lasts)),
        Err(_) => Err(wrong(format!("`{text}` is not a date and time"))),
    }
}

/// The names that a row may use.
struct SheetNames<'h> {
    people: Vec<&'h str>,
    roles: Vec<&'h str>,
    channels: Vec<&'h str>,
}

impl<'h> SheetNames<'h> {
    fn from_header(header: &'h Header) -> SheetNames<'h> {
        let people = header.people.iter().map(|(name, _)| name.as_str()).collect();
        let held = header.people.iter().flat_map(|(_, roles)| roles.iter());
        let mut roles: Vec<&str> = held.collect();
        roles.sort_unstable();
        roles.dedup();
        let channels = header.plan.pointer("/names/channels").and_then(|names| names.as_array());
        let channels = channels.into_iter().flatten().filter_map(|name| name.as_str());
        SheetNames { people, roles, channels: channels.chain(IN_PERSON).collect() }
    }

    /// The row with its names looked up; `None` if one is wrong.
    fn row(
        &self,
        cells: &RowCells,
        at: Time,
        action: RowAction,
        problems: &mut Vec<SheetProblem>,
    ) -> Option<SheetRow> {
        let [_, actor, role, channel, _, incident, note] = &cells.cells[..] else {
            unreachable!("seven columns")
        };
        let before = problems.len();
        let mut look = |column: &'static str, text: &str, names: &[&str], strict: bool| {
            let text = text.trim();
            if text.is_empty() {
                return None;
            }
            match vocabulary::name(text, names) {
                Ok(name) => Some(name),
                Err(_) if !strict => Some(text.to_string()),
                Err(hint) => {
                    let what = if column == "actor" { "person" } else { column };
                    let message = format!("`{text}` is not a {what} of the scenario");
                    problems
                        .push(SheetProblem::error(cells.number, message).column(column).hint(hint));
                    None
                }
            }
        };
        let acts = !matches!(
            action,
            RowAction::Begin
                | RowAction::End
                | RowAction::Inject
                | RowAction::Alert
                | RowAction::Note
        );
        let person = look("actor", actor, &self.people, acts && action != RowAction::Tell);
        let role = look("role", role, &self.roles, acts && action != RowAction::Tell);
        let channel = look("channel", channel, &self.channels, acts);
        let needs_actor =
            matches!(action, RowAction::Ask | RowAction::Acknowledge | RowAction::Decide);
        if needs_actor && actor.trim().is_empty() {
            let message = format!("`{}` does not say who", action.word());
            let problem = SheetProblem::error(cells.number, message).column("actor");
            problems.push(problem.hint("write the name of the person"));
        }
        let incident = incident.trim().trim_start_matches('#');
        let number = incident.parse::<u32>().ok().filter(|number| (1..=1_000).contains(number));
        if number.is_none() && !incident.is_empty() {
            let message = format!("`{incident}` is not the number of an incident");
            let problem = SheetProblem::error(cells.number, message).column("incident");
            problems.push(problem.hint("write 1 for the first, or leave it blank"));
        }
        (problems.len() == before).then(|| SheetRow {
            number: cells.number,
            at,
            actor: person,
            role,
            channel,
            action,
            incident: number,
            note: note.trim().to_string(),
        })
    }
}

/// Rows that stand after a later one.
fn out_of_order(rows: &[SheetRow], calendar: &Calendar) -> Vec<SheetProblem> {
    let mut warnings = Vec::new();
    let mut latest: Option<&SheetRow> = None;
    for row in rows {
        match latest {
            Some(before) if row.at < before.at => {
                let (this, that) = (calendar.clock(row.at), calendar.clock(before.at));
                let message = format!(
                    "{this} is below row {} at {that}: read in order of time",
                    before.number
                );
                let problem = SheetProblem::warning(row.number, message).column("at");
                warnings.push(
                    problem.hint("correct one of the two times if that is not what happened"),
                );
            }
            _ => latest = Some(row),
        }
    }
    warnings
}
