//! `sim run --live`: the gameday in the room, and `--script`: the same with written answers.

mod drive;
mod input;
mod log;
mod pace;
mod told;

pub(super) use log::RECORD;

use super::folder::Folder;
use super::reports::{self, JOURNAL};
use super::writing::Writing;
use super::{Exit, run, terminal};
use crate::gameday::{Finished, Trial};
use crate::journal::{Header, Story};
use crate::names::PersonId;
use crate::rehearsal::{self, Cue, Opening, Record, Room, Stage, VERSION, What};
use crate::report;
use crate::scenario::{self, Plan};
use crate::units::Time;
use drive::{Session, Turn};
use input::Typed;
use log::Log;
use pace::Pace;
use std::io;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
#[command(next_help_heading = "With people in the room")]
pub(super) struct LiveArguments {
    /// Play it with people in the room: the clock goes by, and answers are typed
    ///
    /// Type `help` to see the commands. Every input is on disk before it acts; Ctrl-C asks, then
    /// saves and leaves, and --resume goes on from there.
    #[arg(long)]
    live: bool,

    /// Simulated time per time of the room: 1x, 4x, 60x [default: 1x]
    #[arg(long, value_name = "SPEED", requires = "live", value_parser = speed)]
    speed: Option<f64>,

    /// Who is in the room, all others are simulated: chris,james or all
    #[arg(long, value_name = "PEOPLE")]
    seats: Option<String>,

    /// Go on with a rehearsal that was left or killed, at the moment it had reached
    #[arg(long, requires = "live", conflicts_with_all = ["seats", "seed", "set"])]
    resume: bool,

    /// Commands to be entered at given times, one a line: `65m ack james slack`
    ///
    /// Without --live it is played at once, and the same script gives the same bytes.
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,
}

impl LiveArguments {
    /// Whether people answer for themselves.
    pub(super) fn wanted(&self) -> bool {
        self.live || self.script.is_some() || self.seats.is_some()
    }
}

fn speed(text: &str) -> Result<f64, String> {
    rehearsal::speed(text)
}

/// What the command line says of a rehearsal.
pub(super) struct Wanted<'a> {
    pub(super) scenario: &'a Path,
    pub(super) folder: PathBuf,
    pub(super) sets: &'a [(String, String)],
    pub(super) seed: Option<u64>,
    pub(super) trial: u64,
    pub(super) quiet: bool,
    pub(super) brief: bool,
    pub(super) live: &'a LiveArguments,
}

/// A message for the user, what to do instead, and the exit code.
type Refusal = (String, &'static str, Exit);

fn wrong(message: String, hint: &'static str) -> Refusal {
    (message, hint, Exit::Wrong)
}

/// Runs a rehearsal.
pub(super) fn run(wanted: &Wanted) -> Exit {
    match rehearse(wanted) {
        Ok(exit) => exit,
        Err((message, hint, exit)) => {
            if !message.is_empty() {
                terminal::error(&message, hint);
            }
            exit
        }
    }
}

fn rehearse(wanted: &Wanted) -> Result<Exit, Refusal> {
    if !wanted.live.live && wanted.live.script.is_none() {
        let hint = "add --live, or a --script with the answers";
        return Err(wrong("--seats says who is in the room, but nobody plays".to_string(), hint));
    }
    let begun = if wanted.live.resume { resumed(wanted)? } else { begun(wanted)? };
    let Begun { stage, folder, log, record, cues } = begun;
    let at = record.as_ref().map_or(Time::ZERO, |record| record.reached);
    let end = Time::ZERO + stage.written().lasts;
    let start = if wanted.live.live { at } else { end };
    let pace = Pace::new(wanted.live.speed.unwrap_or(1.0), start);
    let mut session = Session::new(&stage, log, pace);
    session.quiet = wanted.quiet || !wanted.live.live;
    let entered = record.as_ref().map_or(0, |record| record.cue);
    session.cues = cues.into_iter().filter(|cue| cue.line > entered).collect();
    session.inputs = record.map(|record| record.inputs).unwrap_or_default();
    if wanted.live.live {
        session.ear = Some(input::listen(&stage.written().names));
        welcome(&mut session, wanted, &folder, at);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| {
        (format!("cannot wait for the clock: {error}"), "try again", Exit::Broke)
    })?;
    play(wanted, &folder, &mut session, &runtime)
}

/// A rehearsal about to be played.
struct Begun {
    stage: Stage,
    folder: Folder,
    log: Option<Log>,
    record: Option<Record>,
    cues: Vec<Cue>,
}

fn begun(wanted: &Wanted) -> Result<Begun, Refusal> {
    let (stage, cues) = stage(wanted, wanted.sets, wanted.seed, wanted.trial, None)?;
    let written = stage.written();
    if let (Some(cue), true) = (cues.last(), wanted.live.live)
        && cue.at > Time::ZERO + written.lasts
    {
        let message = format!("line {} of the script is after the scenario's end", cue.line);
        return Err(wrong(message, "shorten the script, or make the scenario longer"));
    }
    let (_, header) = stage.set(&[]).expect("nothing is injected yet");
    let claimed = match wanted.live.live {
        true => Folder::claim_new(&wanted.folder),
        false => Folder::claim(&wanted.folder, &header.run_id),
    };
    let folder = claimed.map_err(|error| cannot_write(&wanted.folder, &error))?;
    let log = match wanted.live.live {
        true => {
            let opening = opening(&header, wanted.sets);
            let log = Log::begin(folder.path(), &opening);
            Some(log.map_err(|error| cannot_write(folder.path(), &error))?)
        }
        false => None,
    };
    Ok(Begun { stage, folder, log, record: None, cues })
}

fn cannot_write(folder: &Path, error: &io::Error) -> Refusal {
    let message = format!("cannot write to {}: {error}", folder.display());
    (message, "name another folder with --out", Exit::Broke)
}

fn opening(header: &Header, sets: &[(String, String)]) -> Opening {
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
        sets: sets.to_vec(),
    }
}

/// Reads the record of a rehearsal that was left, and sets its stage again.
fn resumed(wanted: &Wanted) -> Result<Begun, Refusal> {
    let Some(folder) = Folder::of_rehearsal(&wanted.folder) else {
        let message = format!("there is no rehearsal in {}", wanted.folder.display());
        return Err(wrong(message, "name its folder with --out, or begin one without --resume"));
    };
    let path = folder.path().join(RECORD);
    let read = std::fs::read(&path).map_err(|error| {
        wrong(format!("cannot read {}: {error}", path.display()), "look at its permissions")
    })?;
    let record = Record::read(&String::from_utf8_lossy(&read)).map_err(|error| {
        wrong(
            format!("{}: {error}", path.display()),
            "mend the line, or remove it and what follows",
        )
    })?;
    if record.over {
        let message = format!("the rehearsal in {} is over", folder.path().display());
        return Err(wrong(message, "`sim report` makes its reports again"));
    }
    let opening = &record.opening;
    let (seed, started) = (Some(opening.seed), Some(opening));
    let (stage, cues) = stage(wanted, &opening.sets, seed, opening.trial, started)?;
    let (_, header) = stage.set(&[]).expect("nothing is injected yet");
    if header.run_id != opening.run_id {
        let message =
            format!("{} is not the scenario of {}", wanted.scenario.display(), path.display());
        let hint = "resume with the scenario as it was, and the same sim";
        return Err(wrong(message, hint));
    }
    let log = Log::go_on(&path, record.whole).map_err(|error| cannot_write(&path, &error))?;
    Ok(Begun { stage, folder, log: Some(log), record: Some(record), cues })
}

/// Loads the scenario and the script, and finds the seats; `before` is what a rehearsal began with.
fn stage(
    wanted: &Wanted,
    sets: &[(String, String)],
    seed: Option<u64>,
    trial: u64,
    before: Option<&Opening>,
) -> Result<(Stage, Vec<Cue>), Refusal> {
    let plan =
        run::load(wanted.scenario, sets, wanted.quiet).map_err(|exit| (String::new(), "", exit))?;
    let source = scenario::read_source(wanted.scenario)
        .map_err(|problems| (problems.render(terminal::colour_on_stderr()), "", Exit::Wrong))?;
    let (text, cues) = match &wanted.live.script {
        Some(path) => script(path, &plan)?,
        None => (String::new(), Vec::new()),
    };
    let seats = match (before, &wanted.live.seats) {
        (Some(opening), _) => seats_of(&opening.seats.join(","), &plan)?,
        (None, Some(list)) => seats_of(list, &plan)?,
        (None, None) => Vec::new(),
    };
    let started = match before {
        Some(opening) => Some(opening.started.clone()),
        None => wanted.live.live.then(|| jiff::Zoned::now().strftime("%FT%T%.3f%:z").to_string()),
    };
    let trial = Trial { seed: seed.unwrap_or(plan.seed), number: trial };
    Ok((Stage::new((source, sets.to_vec(), plan), trial, seats, started, text), cues))
}

fn seats_of(list: &str, plan: &Plan) -> Result<Vec<PersonId>, Refusal> {
    let hint = "write --seats chris,james or --seats all";
    rehearsal::seats(list, &plan.names).map_err(|error| wrong(error, hint))
}

fn script(path: &Path, plan: &Plan) -> Result<(String, Vec<Cue>), Refusal> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        wrong(format!("cannot read {}: {error}", path.display()), "name a text file")
    })?;
    let cues = rehearsal::script(&text, &plan.calendar);
    let cues = cues.map_err(|error| {
        let hint = "write a moment and a command on every line: 65m ack james slack";
        wrong(format!("{}: {error}", path.display()), hint)
    })?;
    Ok((text, cues))
}

fn welcome(session: &mut Session, wanted: &Wanted, folder: &Folder, at: Time) {
    let plan = session.stage.written();
    let clock = plan.calendar.clock(at);
    let folder = report::for_terminal(&folder.path().display().to_string(), 2_000);
    session.say(&format!(
        "EXERCISE  EXERCISE  EXERCISE\n{}\nIt is {clock}, {} times as fast as life. \
         `help` lists the commands. Every input is kept in {folder}/{RECORD}.",
        report::for_terminal(&plan.scenario, 200),
        wanted.live.speed.unwrap_or(1.0),
    ));
    if wanted.live.resume && session.ear.as_ref().is_some_and(|ear| ear.terminal) {
        session.pace.pause();
        session.say("Resumed. The clock stands; `resume` lets it go on.");
    }
}

/// Plays until it is over or left; again from the start whenever an input changes the past.
fn play(
    wanted: &Wanted,
    folder: &Folder,
    session: &mut Session,
    runtime: &tokio::runtime::Runtime,
) -> Result<Exit, Refusal> {
    let mut reached = if wanted.live.live { session.pace.now() } else { Time::ZERO };
    loop {
        let stage = session.stage;
        let hint = "this should not happen; the record is as it was";
        let broken = |error: String| (error, hint, Exit::Broke);
        let (plan, header) = stage.set(&session.inputs).map_err(broken)?;
        let mut room = stage.replay(&plan, &header, &session.inputs).map_err(broken)?;
        room.run_to(reached);
        let mut keep = Keep { folder, writing: Writing::begin(folder, &header) };
        keep.keep(&mut room);
        session.look_away();
        let turn = match wanted.live.live {
            true => runtime.block_on(work(session, &mut room, &mut keep)),
            false => at_once(session, &mut room, &mut keep),
        };
        keep.keep(&mut room);
        reached = room.now();
        if turn == Turn::Again {
            continue;
        }
        let Finished { story, entries } = room.finish();
        keep.writing.write(folder, &entries);
        return Ok(close(
            wanted,
            folder,
            session,
            (turn, reached),
            (&header, &story),
            keep.writing,
        ));
    }
}

/// Where everything that happens is kept.
struct Keep<'f> {
    folder: &'f Folder,
    writing: Writing,
}

impl Keep<'_> {
    /// Keeps what has happened since the last time, and hands it on.
    fn keep(&mut self, room: &mut Room) -> Vec<crate::journal::Entry> {
        let entries = room.drain();
        self.entries(&entries);
        entries
    }

    fn entries(&mut self, entries: &[crate::journal::Entry]) {
        self.writing.write(self.folder, entries);
    }
}

/// A script without a clock.
fn at_once(session: &mut Session, room: &mut Room, keep: &mut Keep) -> Turn {
    loop {
        let (entries, turn) = session.catch_up(room);
        keep.entries(&entries);
        if let Some(turn) = turn {
            return turn;
        }
    }
}

/// The room at work: the clock, the script, the keyboard and signals, until something ends it.
async fn work(session: &mut Session<'_>, room: &mut Room<'_>, keep: &mut Keep<'_>) -> Turn {
    let mut asked = session.ask(room, None);
    let mut gone = Gone::listen();
    loop {
        session.look();
        let (entries, turn) = session.catch_up(room);
        keep.entries(&entries);
        session.tell(&entries);
        asked = session.ask(room, asked);
        if let Some(turn) = turn {
            return turn;
        }
        session.mark(room);
        session.remind(room);
        let wait = session.wait(room);
        let ear = session.ear.as_mut().expect("a live rehearsal listens");
        let typed: Option<Option<Typed>> = tokio::select! {
            biased;
            () = gone.gone() => return Turn::Left,
            _ = tokio::signal::ctrl_c() => Some(Some(Typed::Interrupt)),
            typed = ear.typed.recv(), if ear.open => Some(typed),
            () = tokio::time::sleep(wait) => None,
        };
        if let Some(turn) = typed.and_then(|typed| session.hear(room, typed)) {
            return turn;
        }
    }
}

/// The terminal is closed, or the program is told to end: everything is saved without asking.
struct Gone {
    #[cfg(unix)]
    signals: Vec<tokio::signal::unix::Signal>,
}

impl Gone {
    #[cfg(unix)]
    fn listen() -> Gone {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::hangup(), SignalKind::terminate()];
        Gone { signals: kinds.into_iter().filter_map(|kind| signal(kind).ok()).collect() }
    }

    #[cfg(not(unix))]
    fn listen() -> Gone {
        Gone {}
    }

    #[cfg(unix)]
    async fn gone(&mut self) {
        std::future::poll_fn(|task| {
            let mut signals = self.signals.iter_mut();
            match signals.any(|signal| signal.poll_recv(task).is_ready()) {
                true => std::task::Poll::Ready(()),
                false => std::task::Poll::Pending,
            }
        })
        .await;
    }

    #[cfg(not(unix))]
    async fn gone(&mut self) {
        std::future::pending::<()>().await;
    }
}

/// Saves the journal and the reports, and says how it went.
fn close(
    wanted: &Wanted,
    folder: &Folder,
    session: &mut Session,
    (turn, reached): (Turn, Time),
    (header, story): (&Header, &Story),
    writing: Writing,
) -> Exit {
    let kept = writing.end(folder).and_then(|file| folder.keep(file, JOURNAL));
    let saved = kept.and_then(|()| reports::write(folder, header, story, None));
    if !wanted.quiet {
        let told = if wanted.brief { report::brief } else { report::summary };
        session.say("");
        terminal::print(&told(header, story, terminal::style()));
    }
    let shown = report::for_terminal(&folder.path().display().to_string(), 2_000);
    if let Err(error) = saved {
        let message = format!("cannot save all of {shown}: {error}");
        let hint = match session.log {
            Some(_) => "every input is kept: make room, then --live --resume writes the rest",
            None => "make room or name another folder with --out, and run again",
        };
        terminal::error(&message, hint);
        return Exit::Broke;
    }
    let over = matches!(turn, Turn::Over | Turn::Aborted);
    if over {
        session.note_at(reached, What::Over {}, true);
    }
    if !wanted.quiet {
        terminal::print(&format!("\nFiles   {shown}/\n"));
        if !over {
            let file = run::for_shell(&wanted.scenario.display().to_string());
            let out = run::for_shell(&folder.path().display().to_string());
            let again = format!("sim run {file} --out {out} --live --resume");
            terminal::print(&format!("Go on   {}\n", report::for_terminal(&again, 2_000)));
        }
    }
    match turn {
        Turn::Over if session.refused > 0 && session.ear.is_none() => Exit::Wrong,
        Turn::Over => run::exit_of(story, false, false),
        _ => Exit::Interrupted,
    }
}
