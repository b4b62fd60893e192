//! Begins a night, or resumes one that has a record.

use super::arguments::NightArguments;
use crate::cli::shared::files::{Folder, JOURNAL, NIGHT, default_folder};
use crate::cli::shared::line_log::Log;
use crate::cli::shared::named_file;
use crate::cli::shared::provenance::{self, RUN};
use crate::cli::shared::saving;
use crate::cli::shared::{Exit, terminal};
use crate::journal::Story;
use crate::night::{self, NightClock, RehearsedTimes, Scribe};
use crate::rehearsal::{DisplaySettings, Opening, RehearsalRecord, TypedCommand, VERSION};
use crate::report::{for_shell, for_terminal};
use crate::scenario::{InputFile, MadeBy, Plan};
use crate::units::{Calendar, Time};
use jiff::Zoned;
use std::io;
use std::path::Path;

/// The sheet of what was typed.
pub(super) const SHEET: &str = "night.csv";
/// What it took, for a scenario.
pub(super) const ACTUAL: &str = "actual.yaml";
/// The tables and texts that a night has; the others are of what was counted or played.
pub(super) const REPORTS: [&str; 5] =
    ["responses.csv", "timeline.csv", "people.csv", "outbrief.html", "outbrief.md"];

/// A night that can be typed into.
pub(super) struct StartedNight<'p> {
    pub(super) folder: Folder,
    pub(super) log: Log,
    pub(super) scribe: Scribe<'p>,
    pub(super) lines: Vec<TypedCommand>,
    pub(super) clock: NightClock,
    /// How far the clock is ahead of the machine's, in nanoseconds.
    pub(super) offset: i128,
    /// Lines were there already.
    pub(super) resumed: bool,
}

/// Says what is wrong.
fn wrong(message: &str, hint: &str) -> Exit {
    terminal::error(message, hint);
    Exit::Wrong
}

fn broke(path: &Path, error: &io::Error) -> Exit {
    terminal::cannot_write(path, error);
    Exit::Broke
}

/// Begins a night, or goes on with the one in its folder. What is wrong has been told.
pub(super) fn begin<'p>(
    arguments: &NightArguments,
    plan: &'p Plan,
    files: Vec<InputFile>,
) -> Result<StartedNight<'p>, Exit> {
    let default = || default_folder(&arguments.scenario, "-night");
    let wanted = arguments.out.clone().unwrap_or_else(default);
    let machine = Zoned::now();
    let now = now(arguments, plan, &machine)?;
    let offset = now.timestamp().as_nanosecond() - machine.timestamp().as_nanosecond();
    let found = Folder::of_record(&wanted, NIGHT).map_err(|error| busy(&wanted, &error))?;
    if let Some(folder) = found
        && let Some(begun) = resumed(folder, plan, offset)?
    {
        return Ok(begun);
    }
    let calendar = calendar(plan, &now)?;
    let names = [&[JOURNAL, NIGHT, RUN, SHEET, ACTUAL][..], &REPORTS].concat();
    let folder = Folder::claim_new(&wanted, &names).map_err(|error| broke(&wanted, &error))?;
    let scribe = Scribe::new(plan, calendar);
    let made_by = MadeBy::new(command(arguments, &now), files);
    provenance::keep(&folder, &made_by).map_err(|error| broke(folder.path(), &error))?;
    let opening = opening(arguments, &scribe, &now);
    let log = Log::begin(&folder.path().join(NIGHT), &opening);
    let log = log.map_err(|error| broke(folder.path(), &error))?;
    let clock = NightClock::new(Time::ZERO);
    Ok(StartedNight { folder, log, scribe, lines: Vec::new(), clock, offset, resumed: false })
}

/// The moment that the clock shows, in the zone of the plan.
fn now(arguments: &NightArguments, plan: &Plan, machine: &Zoned) -> Result<Zoned, Exit> {
    let zone = plan.calendar.zone();
    match arguments.now {
        None => Ok(machine.with_time_zone(zone.clone())),
        Some(now) => zone.to_zoned(now).map_err(|error| {
            let message = format!("there is no {now} in that zone: {error}");
            wrong(&message, "write another --now")
        }),
    }
}

fn calendar(plan: &Plan, now: &Zoned) -> Result<Calendar, Exit> {
    night::calendar(&plan.calendar, plan.lasts, now).map_err(|why| {
        let hint = "start it then; or set when it begins tonight: \
                    --set \"starts=2018-11-07T17:00 America/New_York\"";
        wrong(&why, hint)
    })
}

fn busy(wanted: &Path, error: &io::Error) -> Exit {
    if error.kind() != io::ErrorKind::ResourceBusy {
        return broke(wanted, error);
    }
    let message =
        format!("somebody else is writing to the board of {} right now", wanted.display());
    let hint = "one scribe at a time: tell them what to type, or let them leave with Ctrl-C and \
                start again; another board goes into another folder with --out";
    wrong(&message, hint)
}

/// Goes on with a night; `None`: it is over.
fn resumed(folder: Folder, plan: &Plan, offset: i128) -> Result<Option<StartedNight<'_>>, Exit> {
    let path = folder.path().join(NIGHT);
    let shown = path.display();
    let read = named_file::bytes(&path, named_file::LONGEST_RECORD);
    let read = read.map_err(|error| {
        wrong(&format!("cannot read {shown}: {error}"), "check its permissions")
    })?;
    let record = RehearsalRecord::read(&read).map_err(|error| {
        wrong(&format!("{shown}: {error}"), "correct the line, or begin another with --out")
    })?;
    if record.over {
        return Ok(None);
    }
    let started = record.opening.started.parse::<Zoned>();
    let started =
        started.map_err(|error| wrong(&format!("{shown}: {error}"), "begin another with --out"))?;
    let mut scribe = Scribe::new(plan, calendar(plan, &started)?);
    if scribe.header(Time::ZERO).scenario_hash != record.opening.scenario_hash {
        let message = "the scenario has changed since this night began";
        terminal::warning(message, "what was typed is read with the scenario as it is now");
    }
    for line in &record.inputs {
        scribe.replay(line.at, &line.text).map_err(|why| {
            let message = format!("{shown}: `{}` is no longer understood: {why}", line.text);
            wrong(&message, "start it with the scenario as it was")
        })?;
    }
    let log = Log::resume(&path, record.whole).map_err(|error| broke(&path, &error))?;
    let clock = NightClock::new(record.reached);
    let lines = record.inputs;
    Ok(Some(StartedNight { folder, log, scribe, lines, clock, offset, resumed: true }))
}

/// Times of people in a folder of a rehearsal.
pub(super) fn rehearsed(folder: &Path) -> Result<RehearsedTimes, Exit> {
    let shown = for_terminal(&folder.display().to_string(), 2_000);
    let story = saving::open(folder).and_then(Story::collect);
    let story = story.map_err(|error| {
        let message = format!("there is no journal of a rehearsal in {shown}: {error}");
        wrong(&message, "name the folder of a rehearsal: reports/launch-2")
    })?;
    let rehearsed = RehearsedTimes::from_story(&story);
    match rehearsed.is_empty() {
        true => Err(wrong(
            &format!("nobody was measured in {shown}"),
            "name a rehearsal with people in it",
        )),
        false => Ok(rehearsed),
    }
}

fn opening(arguments: &NightArguments, scribe: &Scribe, now: &Zoned) -> Opening {
    let header = scribe.header(Time::ZERO);
    Opening {
        room: VERSION,
        program: env!("CARGO_PKG_VERSION").to_string(),
        run_id: header.run_id,
        scenario_hash: header.scenario_hash,
        scenario: header.scenario,
        seed: header.seed,
        trial: header.trial,
        started: now.to_string(),
        seats: Vec::new(),
        sets: arguments.set.clone(),
        shown: DisplaySettings::default(),
    }
}

/// By which command it was begun; what was typed is in its record.
fn command(arguments: &NightArguments, now: &Zoned) -> String {
    let mut command = provenance::command("night", &arguments.scenario);
    command.push_str(&format!(" --now {}", for_shell(&now.strftime("%FT%T").to_string())));
    command + &provenance::sets(&arguments.set) + provenance::naming(arguments.names.naming())
}
