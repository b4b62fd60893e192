//! The command line of a rehearsal.

use crate::cli::commands::run::trials;
use crate::cli::shared::{Exit, terminal};
use crate::rehearsal::{self, DisplaySettings, RehearsalRecord, TypedCommand};
use crate::report::Naming;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
#[command(next_help_heading = "With people in the room")]
pub(in crate::cli) struct LiveArguments {
    /// Run it with people in the room: the clock runs and answers are typed, as in `sim room`
    ///
    /// Type `help` to see the commands. Every input is on disk before it takes effect; Ctrl-C asks,
    /// then saves and leaves, and --resume continues from there.
    #[arg(long)]
    pub(super) live: bool,

    /// Resume a rehearsal that was left or killed, where it stopped; or, with many
    /// trials, without repeating those completed before an interruption
    #[arg(long)]
    pub(super) resume: bool,

    #[command(flatten)]
    pub(super) options: RoomOptions,
}

/// How a rehearsal is played and shown.
#[derive(clap::Args, Debug, Clone, Default)]
#[command(next_help_heading = "With people in the room")]
pub(in crate::cli) struct RoomOptions {
    /// Speed of the simulated clock: 1x, 4x, 60x [default: 1x]
    #[arg(long, value_name = "SPEED", value_parser = speed)]
    pub(super) speed: Option<f64>,

    /// Who is in the room (all others are simulated): chris,james or all
    #[arg(long, value_name = "PEOPLE")]
    pub(super) seats: Option<String>,

    /// Write the players' screen to this HTML file, for the projector
    ///
    /// Clock, charts, alerts and messages, never what is broken. The page reloads itself.
    #[arg(long, value_name = "FILE")]
    pub(super) players: Option<PathBuf>,

    /// What the exercise is called wherever players may look [default: Exercise 1]
    ///
    /// The title and file name of a scenario give away what is going to break.
    #[arg(long, value_name = "NAME", value_parser = code_name)]
    pub(super) code_name: Option<String>,

    /// Hide what only the controller may know on this terminal: faults and the steps of the plan
    ///
    /// For a terminal that players can see; `show` and `hide` change it.
    #[arg(long)]
    pub(super) hide: bool,

    /// Serve the players' screen at this address, such as 127.0.0.1:8080
    #[arg(long, value_name = "ADDRESS")]
    pub(super) listen: Option<SocketAddr>,

    /// Start with the clock stopped, so that each seat can guess how it will go
    ///
    /// `guess wyatt back 25m longest diagnose missing the partner's number`; `resume` starts. At
    /// the end one screen shows guesses, the room and the odds, biggest surprises first.
    #[arg(long)]
    pub(super) guesses: bool,

    /// Use this many runs for each `what if`, instead of as many as five seconds allow
    ///
    /// A script without --live uses 100 by default, so that the result is the same everywhere.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000))]
    pub(super) what_if_runs: Option<u64>,

    /// Commands to enter at given times, one per line: `65m ack james slack`
    ///
    /// Without a clock (`sim run --script`) it runs at full speed, and the same script gives the
    /// same bytes.
    #[arg(long, value_name = "FILE")]
    pub(super) script: Option<PathBuf>,
}

impl RoomOptions {
    /// The first of the options that needs a clock that runs.
    fn needs_a_clock(&self) -> Option<&'static str> {
        let given = [
            ("--speed", self.speed.is_some()),
            ("--players", self.players.is_some()),
            ("--hide", self.hide),
            ("--listen", self.listen.is_some()),
            ("--guesses", self.guesses),
        ];
        given.into_iter().find(|(_, given)| *given).map(|(option, _)| option)
    }

    /// Whether the people in the room are given.
    pub(in crate::cli) fn has_seats(&self) -> bool {
        self.seats.is_some()
    }

    /// What the exercise is called wherever players may look.
    pub(super) fn code_name(&self) -> &str {
        self.code_name.as_deref().unwrap_or("Exercise 1")
    }

    /// How it is shown, so that it can be resumed in the same way.
    pub(super) fn shown(&self) -> DisplaySettings {
        let whole = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
        DisplaySettings {
            speed: self.speed.map(|speed| format!("{speed}x")),
            players: self.players.as_ref().map(|path| whole(path).display().to_string()),
            code_name: self.code_name.clone(),
            listen: self.listen.map(|address| address.to_string()),
            hide: self.hide,
        }
    }

    /// These options, with those of the resumed rehearsal wherever none is given.
    pub(super) fn or_recorded(&self, record: &RehearsalRecord) -> RoomOptions {
        let DisplaySettings { speed, players, code_name, listen, hide } =
            record.opening.shown.clone();
        let typed = record.inputs.iter().rev().find_map(TypedCommand::speed);
        let before = || speed.and_then(|speed| rehearsal::speed(&speed).ok());
        RoomOptions {
            speed: self.speed.or(typed).or_else(before),
            seats: self.seats.clone(),
            players: self.players.clone().or(players.map(PathBuf::from)),
            code_name: self.code_name.clone().or(code_name),
            hide: self.hide || hide,
            listen: self.listen.or(listen.and_then(|address| address.parse().ok())),
            guesses: self.guesses,
            what_if_runs: self.what_if_runs,
            script: self.script.clone(),
        }
    }
}

impl LiveArguments {
    /// Whether the clock runs.
    pub(in crate::cli) fn live(&self) -> bool {
        self.live
    }

    /// Whether a rehearsal is to be resumed.
    pub(in crate::cli) fn resume(&self) -> bool {
        self.resume
    }

    /// An option that needs a running clock, where there is none.
    pub(in crate::cli) fn without_a_clock(&self) -> Option<&'static str> {
        self.options.needs_a_clock().filter(|_| !self.live)
    }

    /// How it is played and shown.
    pub(in crate::cli) fn options(&self) -> &RoomOptions {
        &self.options
    }

    /// Whether the people in the room are given.
    pub(in crate::cli) fn has_seats(&self) -> bool {
        self.options.has_seats()
    }

    /// Whether people answer for themselves.
    pub(in crate::cli) fn wanted(&self) -> bool {
        self.live || self.options.script.is_some() || self.options.has_seats()
    }
}

fn code_name(text: &str) -> Result<String, String> {
    let name = text.trim();
    match name.is_empty() || name.chars().count() > 60 || name.chars().any(char::is_control) {
        true => Err("write a short name that gives nothing away, such as Exercise 1".to_string()),
        false => Ok(name.to_string()),
    }
}

fn speed(text: &str) -> Result<f64, String> {
    rehearsal::speed(text)
}

/// What the command line says of a rehearsal.
pub(in crate::cli) struct RoomRequest<'a> {
    pub(in crate::cli) scenario: &'a Path,
    pub(in crate::cli) folder: PathBuf,
    pub(in crate::cli) sets: &'a [(String, String)],
    pub(in crate::cli) seed: Option<u64>,
    pub(in crate::cli) trial: u64,
    pub(in crate::cli) quiet: bool,
    pub(in crate::cli) brief: bool,
    pub(in crate::cli) naming: Naming,
    pub(in crate::cli) force: bool,
    /// The clock runs.
    pub(in crate::cli) live: bool,
    /// An earlier rehearsal is resumed.
    pub(in crate::cli) resume: bool,
    /// How it is played and shown; a resumed one keeps its settings unless others are given.
    pub(in crate::cli) options: RoomOptions,
    /// How many runs are played beside it at the end.
    pub(in crate::cli) many: Option<trials::TrialsRequest>,
}

/// A message for the user, what to do instead, and the exit code.
pub(super) type LiveRefusal = (String, &'static str, Exit);

/// Wrong usage.
pub(super) fn wrong(message: String, hint: &'static str) -> LiveRefusal {
    (message, hint, Exit::Wrong)
}

/// A rehearsal that is gone on with cannot be begun otherwise: with other seats, another seed or
/// other values than it has.
pub(in crate::cli) fn says_nothing_again(
    resume: bool,
    seats_or_seed: bool,
    sets: &[(String, String)],
) -> Result<(), Exit> {
    if resume && (seats_or_seed || !sets.is_empty()) {
        let hint = "leave --seats, --seed and --set out: the rehearsal already has them";
        terminal::error("--resume continues a rehearsal as it was started", hint);
        return Err(Exit::Wrong);
    }
    Ok(())
}
