//! The record on disk: read whole, and written with one more line by one program at a time.

use crate::cli::shared::draft::Draft;
use crate::cli::shared::ownership::not_written;
use crate::cli::shared::{Exit, terminal};
use crate::language::value::when::DayOrMoment;
use crate::language::word::ScalarValue;
use crate::readiness::{self, NewStatement, ReadinessRows, Statement, added, begun};
use crate::report::for_terminal;
use crate::scenario::{InputFile, Plan, SourceText, read_source};
use jiff::Zoned;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A moment as it is typed.
pub(super) type TypedMoment = DayOrMoment;

/// How long to wait for another program that is writing the same record. A choice: writing takes
/// far less, and whoever typed is still there to read what is wrong.
const PATIENCE: Duration = Duration::from_secs(10);
/// What to do where it cannot be written.
const OTHER: &str = "name another file with --record";

/// A day or a moment on the command line.
pub(super) fn parse_day_or_moment(text: &str) -> Result<DayOrMoment, String> {
    let complaint = |complaint: crate::language::word::ValueError| match complaint.hint {
        Some(hint) => format!("{}; {hint}", complaint.message),
        None => complaint.message,
    };
    DayOrMoment::parse(text).map_err(complaint)
}

/// A moment on the command line: a day has many.
pub(super) fn moment(text: &str) -> Result<TypedMoment, String> {
    match parse_day_or_moment(text)? {
        DayOrMoment::Day(day) => Err(format!("at what time? write {day}T09:00")),
        moment => Ok(moment),
    }
}

/// The moment that is meant, by the scenario's clock.
pub(super) fn now(given: Option<TypedMoment>, rows: &ReadinessRows) -> Zoned {
    match given {
        Some(moment) => moment.begins(&rows.zone),
        None => jiff::Timestamp::now().to_zoned(rows.zone.clone()),
    }
}

/// Nothing was said later than this: now by the clock, or the moment that is looked at.
pub(super) fn latest(now: &Zoned) -> Zoned {
    let clock = jiff::Timestamp::now().to_zoned(now.time_zone().clone());
    clock.max(now.clone())
}

/// The rows of a plan; if there are none, that has been reported.
pub(super) fn rows(plan: &Plan, scenario: &Path) -> Result<ReadinessRows, Exit> {
    let rows = ReadinessRows::from_plan(plan);
    if rows.criteria.is_empty() {
        let shown = scenario.display();
        let hint = "say what must be known before the launch, such as go_no_go: [{criterion: 5000 \
                    users in beta, require: users >= 5000}]";
        terminal::error(&format!("{shown} has no go/no-go criteria"), hint);
        return Err(Exit::Wrong);
    }
    Ok(rows)
}

/// What a record says.
pub(super) struct LoadedRecord {
    pub(super) statements: Vec<Statement>,
    /// The file, if there is one.
    pub(super) file: Option<InputFile>,
}

/// The file of a record.
pub(super) struct RecordFile {
    path: PathBuf,
}

impl RecordFile {
    /// That of a scenario, unless another one is named.
    pub(super) fn for_scenario(scenario: &Path, named: Option<&Path>) -> RecordFile {
        RecordFile {
            path: named.map_or_else(|| scenario.with_file_name("go.yaml"), Path::to_path_buf),
        }
    }

    /// All that was said; nothing where there is no record yet.
    pub(super) fn read(&self, rows: &ReadinessRows, latest: &Zoned) -> Result<LoadedRecord, Exit> {
        let Some(source) = self.source(rows)? else {
            return Ok(LoadedRecord { statements: Vec::new(), file: None });
        };
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let file = Some(InputFile::new(name, source.text.as_bytes()));
        Ok(LoadedRecord { statements: understood(&source, rows, latest)?, file })
    }

    /// Its text; `None` where there is none yet.
    fn source(&self, rows: &ReadinessRows) -> Result<Option<SourceText>, Exit> {
        match std::fs::symlink_metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            _ => {}
        }
        match read_source(&self.path) {
            Ok(source) if source.text.trim().is_empty() => {
                Ok(Some(SourceText { text: begun(&rows.scenario), ..source }))
            }
            Ok(source) => Ok(Some(source)),
            Err(problems) => {
                terminal::print_to_stderr(&terminal::problems(&problems));
                Err(Exit::Wrong)
            }
        }
    }

    /// Appends one more statement, if it can be understood; returns everything
    /// that has been said. Others who write at the same time have to wait, so that nothing is
    /// lost.
    pub(super) fn add(
        &self,
        rows: &ReadinessRows,
        latest: &Zoned,
        statement: &NewStatement,
    ) -> Result<Vec<Statement>, Exit> {
        // An error in the new statement alone is reported without the rest of the record.
        let alone = added(&begun(&rows.scenario), statement).expect("it has a place");
        understood(&SourceText::file("this statement", alone), rows, latest)?;
        let mut draft = self.locked()?;
        let source = self.source(rows)?;
        let source = source.unwrap_or_else(|| SourceText::file("", begun(&rows.scenario)));
        let before = understood(&source, rows, latest)?;
        let text = added(&source.text, statement);
        let after = text.as_ref().and_then(|text| {
            let source = SourceText::file(source.path_shown.clone(), text.clone());
            readiness::read(&source, rows, latest).ok()
        });
        let (Some(text), Some(after)) = (text, after.filter(|all| all.len() == before.len() + 1))
        else {
            let shown = self.path.display();
            let hint = "write each of them on a line of its own that begins with a dash, below \
                        `statements:`";
            terminal::error(&format!("{shown} has no place for another statement"), hint);
            return Err(Exit::Wrong);
        };
        draft.attempt(|to| to.write_all(text.as_bytes()));
        draft.publish().map_err(|error| not_written(&self.path, &error, OTHER))?;
        Ok(after)
    }

    /// The lock for writing it, as soon as nobody else holds it.
    fn locked(&self) -> Result<Draft, Exit> {
        let began = Instant::now();
        loop {
            match Draft::at(&self.path) {
                Err(error)
                    if error.kind() == io::ErrorKind::ResourceBusy
                        && began.elapsed() < PATIENCE =>
                {
                    std::thread::sleep(Duration::from_millis(20));
                }
                Err(error) => return Err(not_written(&self.path, &error, OTHER)),
                Ok(draft) => return Ok(draft),
            }
        }
    }

    /// Its path, to be shown.
    pub(super) fn shown(&self) -> String {
        for_terminal(&self.path.display().to_string(), 2_000)
    }
}

fn understood(
    source: &SourceText,
    rows: &ReadinessRows,
    latest: &Zoned,
) -> Result<Vec<Statement>, Exit> {
    readiness::read(source, rows, latest).map_err(|problems| {
        terminal::print_to_stderr(&terminal::problems(&problems));
        Exit::Wrong
    })
}
