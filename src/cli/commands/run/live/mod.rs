//! `sim run --live`: the gameday in the room, and `--script`: the same with written answers.

mod afterwards;
mod arguments;
mod asides;
mod beside;
mod close;
mod drive;
mod fast_forward;
mod input;
mod pace;
mod play;
mod say;
mod screen;
mod told;
mod waiting;
mod wrap;

pub(super) use arguments::{LiveArguments, RoomOptions, RoomRequest, says_nothing_again};

use crate::cli::commands::run::outputs::open;
use crate::cli::shared::files::{Folder, RECORD};
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::line_log::Log;
use crate::cli::shared::loading::{load, load_with_files};
use crate::cli::shared::ownership::PAGE;
use crate::cli::shared::typing::{self, TerminalState};
use crate::cli::shared::{Exit, named_file, terminal};
use crate::cli::shared::{provenance, saving};
use crate::report::{GUESSES_FILE, IMPROVEMENTS_FILE, for_shell};

use crate::decision::Trigger;
use crate::gameday::Trial;
use crate::journal::Header;
use crate::names::PersonId;
use crate::rehearsal::{self, Cue, Opening, RehearsalRecord, RehearsalSetup, VERSION};
use crate::report;
use crate::scenario::{self, InputFile, MadeBy, Plan};
use crate::units::Time;
use arguments::{LiveRefusal, wrong};
use drive::RehearsalSession;
use pace::Pace;
use play::play;
use screen::Served;
use std::io;
use std::path::Path;

/// The text before the cursor.
const PROMPT: &str = "EXERCISE> ";

/// Runs a rehearsal.
pub(super) fn run(mut wanted: RoomRequest) -> Exit {
    match rehearse(&mut wanted) {
        Ok(exit) => exit,
        Err((message, hint, exit)) => {
            if !message.is_empty() {
                terminal::error(&message, hint);
            }
            exit
        }
    }
}

fn rehearse(wanted: &mut RoomRequest) -> Result<Exit, LiveRefusal> {
    if !wanted.live && wanted.options.script.is_none() {
        let hint = "add --live, or a --script with the answers";
        return Err(wrong("--seats says who is in the room, but nobody plays".to_string(), hint));
    }
    let begun = if wanted.resume {
        let begun = resumed(wanted)?;
        let record = begun.record.as_ref().expect("it was read");
        wanted.options = wanted.options.or_recorded(record);
        can_be_shown(wanted)?;
        begun
    } else {
        can_be_shown(wanted)?;
        begun(wanted)?
    };
    let wanted = &*wanted;
    let StartedRehearsal { stage, folder, log, record, cues } = begun;
    let at = record.as_ref().map_or(Time::ZERO, |record| record.reached);
    let end = Time::ZERO + stage.written().lasts;
    let start = if wanted.live { at } else { end };
    let pace = Pace::new(wanted.options.speed.unwrap_or(1.0), start);
    let signals = match wanted.live {
        true => Interrupt::collect("every input is saved; --live --resume continues from there"),
        // Nothing can be saved inside of a step; the same script gives the same bytes.
        false => Interrupt::finishing("the script did not run to its end; nothing was saved"),
    };
    let mut session = RehearsalSession::new(&stage, log, pace, signals);
    session.quiet = wanted.quiet || !wanted.live;
    let entered = record.as_ref().map_or(0, |record| record.cue);
    session.cues = cues.into_iter().filter(|cue| cue.line > entered).collect();
    session.asides.runs = wanted.options.what_if_runs;
    session.asides.told = !wanted.quiet;
    if let Some(record) = &record {
        session.recall(&record.asides);
    }
    session.inputs = record.map(|record| record.inputs).unwrap_or_default();
    let manners = TerminalState::remember();
    let before = manners.clone();
    session.signals.restore_with(move || before.restore());
    if wanted.live {
        session.input = Some(typing::listen(PROMPT, &stage.written().names, rehearsal::complete));
        session.hidden = wanted.options.hide;
        welcome(&mut session, wanted, &folder, at);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| {
        (format!("cannot wait for the clock: {error}"), "try again", Exit::Broke)
    })?;
    let served = served(wanted, &mut session, &runtime)?;
    let exit = play(wanted, &folder, &mut session, (runtime, served));
    manners.restore();
    exit
}

/// The screen for the players is replaced again and again; what cannot be written is said now.
fn can_be_shown(wanted: &RoomRequest) -> Result<(), LiveRefusal> {
    let Some(path) = &wanted.options.players else { return Ok(()) };
    let opened = open(path, &[PAGE], wanted.force, "--players");
    opened.map(drop).map_err(|exit| (String::new(), "", exit))
}

/// Begins to serve the player screen, if that is wanted.
fn served(
    wanted: &RoomRequest,
    session: &mut RehearsalSession,
    runtime: &tokio::runtime::Runtime,
) -> Result<Option<Served>, LiveRefusal> {
    let Some(address) = wanted.options.listen else { return Ok(None) };
    let listener = runtime.block_on(screen::listen(address)).map_err(|error| {
        let hint = "choose another port, or an address of this computer";
        (format!("cannot listen at {address}: {error}"), hint, Exit::Broke)
    })?;
    let at = listener.local_addr().unwrap_or(address);
    session.say(&format!("The player screen is at http://{at}/"));
    if !at.ip().is_loopback() {
        session.say("Whoever can reach this computer over the network can look at it.");
    }
    let served = Served::default();
    runtime.spawn(screen::serve(listener, served.clone()));
    Ok(Some(served))
}

/// A rehearsal about to be played.
struct StartedRehearsal {
    stage: RehearsalSetup,
    folder: Folder,
    log: Option<Log>,
    record: Option<RehearsalRecord>,
    cues: Vec<Cue>,
}

fn begun(wanted: &RoomRequest) -> Result<StartedRehearsal, LiveRefusal> {
    let (stage, cues) = stage(wanted, wanted.sets, wanted.seed, wanted.trial, None)?;
    let written = stage.written();
    if let (Some(cue), true) = (cues.last(), wanted.live)
        && cue.at > Time::ZERO + written.lasts
    {
        let message = format!("line {} of the script is after the scenario's end", cue.line);
        return Err(wrong(message, "shorten the script, or make the scenario longer"));
    }
    let (_, header) = stage.set(&[]).expect("nothing is injected yet");
    let mut names = saving::names(wanted.many.is_some());
    names.extend([IMPROVEMENTS_FILE, GUESSES_FILE, saving::HOT_WASH]);
    let claimed = match wanted.live {
        true => Folder::claim_new(&wanted.folder, &names),
        false => Folder::claim(&wanted.folder, &header.run_id, &names),
    };
    let folder = claimed.map_err(|error| cannot_write(&wanted.folder, &error))?;
    let files = load_with_files(wanted.scenario, wanted.sets, true)
        .map_err(|exit| (String::new(), "", exit))?
        .1;
    let kept = provenance::keep(&folder, &made_by(wanted, &header, files));
    kept.map_err(|error| cannot_write(folder.path(), &error))?;
    let log = match wanted.live {
        true => {
            let opening = opening(&header, wanted);
            let log = Log::begin(&folder.path().join(RECORD), &opening);
            Some(log.map_err(|error| cannot_write(folder.path(), &error))?)
        }
        false => None,
    };
    Ok(StartedRehearsal { stage, folder, log, record: None, cues })
}

/// By which command a rehearsal was begun; what was typed in it is in its record.
fn made_by(wanted: &RoomRequest, header: &Header, mut files: Vec<InputFile>) -> MadeBy {
    let mut command = provenance::command("run", wanted.scenario);
    command.push_str(&format!(" --seed {} --trial {}", header.seed, header.trial));
    command.push_str(if wanted.live { " --live" } else { "" });
    if let Some(seats) = &wanted.options.seats {
        command.push_str(&format!(" --seats {}", for_shell(seats)));
    }
    if let Some(script) = &wanted.options.script {
        command.push_str(&format!(" --script {}", provenance::relative(script, wanted.scenario)));
        let name = script.file_name().unwrap_or_default().to_string_lossy();
        files.extend(
            named_file::bytes(script, named_file::LONGEST)
                .ok()
                .map(|bytes| InputFile::new(name, &bytes)),
        );
    }
    command.push_str(&provenance::sets(wanted.sets));
    MadeBy::new(command, files)
}

fn cannot_write(folder: &Path, error: &io::Error) -> LiveRefusal {
    let message = format!("cannot write to {}: {error}", folder.display());
    (message, terminal::ELSEWHERE, Exit::Broke)
}

fn opening(header: &Header, wanted: &RoomRequest) -> Opening {
    let who = header.rehearsal.clone().expect("it is the header of a rehearsal");
    Opening {
        room: VERSION,
        program: env!("CARGO_PKG_VERSION").to_string(),
        run_id: header.run_id.clone(),
        scenario_hash: header.scenario_hash.clone(),
        scenario: header.scenario.clone(),
        seed: header.seed,
        trial: header.trial,
        started: who.started.unwrap_or_default(),
        seats: who.seats,
        sets: wanted.sets.to_vec(),
        shown: wanted.options.shown(),
    }
}

/// Reads the record of a rehearsal that was left, and sets its stage again.
fn resumed(wanted: &RoomRequest) -> Result<StartedRehearsal, LiveRefusal> {
    let found = Folder::of_record(&wanted.folder, RECORD).map_err(|error| {
        let message = format!("the rehearsal in {} is still running", wanted.folder.display());
        match error.kind() {
            io::ErrorKind::ResourceBusy => wrong(message, "leave it where it runs, then resume"),
            _ => cannot_write(&wanted.folder, &error),
        }
    })?;
    let Some(folder) = found else {
        let message = format!("there is no rehearsal in {}", wanted.folder.display());
        return Err(wrong(message, "name its folder with --out, or begin one without --resume"));
    };
    let path = folder.path().join(RECORD);
    let read = named_file::bytes(&path, named_file::LONGEST_RECORD).map_err(|error| {
        wrong(format!("cannot read {}: {error}", path.display()), "check its permissions")
    })?;
    let record = RehearsalRecord::read(&read).map_err(|error| {
        wrong(
            format!("{}: {error}", path.display()),
            "correct the line, or remove it and what follows",
        )
    })?;
    if record.over {
        let message = format!("the rehearsal in {} is over", folder.path().display());
        return Err(wrong(message, "`sim report` makes its reports again"));
    }
    let opening = &record.opening;
    if opening.program != env!("CARGO_PKG_VERSION") {
        let (begun, this) = (&opening.program, env!("CARGO_PKG_VERSION"));
        let message =
            format!("{} was started with sim {begun}; this is sim {this}", path.display());
        return Err(wrong(
            message,
            "continue with that version, or start a new one in another --out",
        ));
    }
    let (seed, started) = (Some(opening.seed), Some(opening));
    let (stage, cues) = stage(wanted, &opening.sets, seed, opening.trial, started)?;
    let (_, header) = stage.set(&[]).expect("nothing is injected yet");
    if header.run_id != opening.run_id {
        let message =
            format!("{} is not the scenario of {}", wanted.scenario.display(), path.display());
        let hint = "resume with the scenario as it was, and the same sim";
        return Err(wrong(message, hint));
    }
    let log = Log::resume(&path, record.whole).map_err(|error| cannot_write(&path, &error))?;
    Ok(StartedRehearsal { stage, folder, log: Some(log), record: Some(record), cues })
}

/// Loads the scenario and the script, and finds the seats; `before` is what a rehearsal began with.
fn stage(
    wanted: &RoomRequest,
    sets: &[(String, String)],
    seed: Option<u64>,
    trial: u64,
    before: Option<&Opening>,
) -> Result<(RehearsalSetup, Vec<Cue>), LiveRefusal> {
    let plan =
        load(wanted.scenario, sets, wanted.quiet).map_err(|exit| (String::new(), "", exit))?;
    let source = scenario::read_source(wanted.scenario)
        .map_err(|problems| (terminal::problems(&problems), "", Exit::Wrong))?;
    let (text, cues) = match &wanted.options.script {
        Some(path) => script(path, &plan)?,
        None => (String::new(), Vec::new()),
    };
    let seats = match (before, &wanted.options.seats) {
        (Some(opening), _) => seated(&opening.seats, &plan)?,
        (None, Some(list)) => seats_of(list, &plan)?,
        (None, None) => Vec::new(),
    };
    let started = match before {
        Some(opening) => Some(opening.started.clone()),
        None => wanted.live.then(|| jiff::Zoned::now().strftime("%FT%T%.3f%:z").to_string()),
    };
    let trial = Trial { seed: seed.unwrap_or(plan.seed), number: trial };
    Ok((RehearsalSetup::new((source, sets.to_vec(), plan), trial, seats, started, text), cues))
}

fn seated(people: &[String], plan: &Plan) -> Result<Vec<PersonId>, LiveRefusal> {
    let hint = "resume it with the scenario that it began with";
    rehearsal::seated(people, &plan.names).map_err(|error| wrong(error, hint))
}

fn seats_of(list: &str, plan: &Plan) -> Result<Vec<PersonId>, LiveRefusal> {
    let hint = "write --seats chris,james or --seats all";
    rehearsal::seats(list, &plan.names).map_err(|error| wrong(error, hint))
}

fn script(path: &Path, plan: &Plan) -> Result<(String, Vec<Cue>), LiveRefusal> {
    let text = named_file::text(path).map_err(|error| {
        wrong(format!("cannot read {}: {error}", path.display()), "name a text file")
    })?;
    let cues = rehearsal::script(&text, &plan.calendar);
    let cues = cues.map_err(|error| {
        let hint = "write a time and a command on every line: 65m ack james slack";
        wrong(format!("{}: {error}", path.display()), hint)
    })?;
    Ok((text, cues))
}

/// Whether there are plays, and none that a rule opens which is filled in.
fn no_alert_comes(plan: &Plan) -> bool {
    let filled = |when: &Trigger| match when {
        Trigger::Fires(rule) => !plan.playbook.rules[rule.index()].is_open(),
        _ => false,
    };
    let plays = &plan.playbook.plays;
    !plays.is_empty() && !plays.iter().flat_map(|play| &play.when).any(filled)
}

fn welcome(session: &mut RehearsalSession, wanted: &RoomRequest, folder: &Folder, at: Time) {
    let plan = session.stage.written();
    let clock = plan.calendar.clock(at);
    let folder = report::for_terminal(&folder.path().display().to_string(), 2_000);
    let name = report::for_terminal(wanted.options.code_name(), 200);
    session.say(&format!(
        "EXERCISE  EXERCISE  EXERCISE\n{name}\nIt is {clock}, at {}x real time. \
         `help` lists the commands. Every input is saved to disk.",
        wanted.options.speed.unwrap_or(1.0),
    ));
    session.say_to_controller(&format!("{}; inputs are in {folder}/{RECORD}", plan.scenario));
    if at == Time::ZERO && no_alert_comes(plan) {
        session.say(
            "No complete rule of this plan opens a play, so no alert will page anybody. \
             `open PLAY` makes it an incident, `clear` ends it.",
        );
    }
    if wanted.options.guesses && at == Time::ZERO {
        session.pace.pause();
        session.say(
            "The clock is stopped. Before the start, each seat guesses when service is restored, \
             which step takes longest, and what will be missing; then `resume`:\n  \
             guess WHO back 25m longest diagnose missing WHAT",
        );
    }
    if wanted.resume && session.input.as_ref().is_some_and(|input| input.terminal) {
        session.pace.pause();
        session.say("Resumed. The clock is stopped; `resume` starts it.");
    }
}
