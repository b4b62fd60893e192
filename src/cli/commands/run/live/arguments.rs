//! What the command line says of a rehearsal.

use crate::cli::commands::run::trials::CampaignArguments;
use crate::cli::shared::Exit;
use crate::rehearsal;
use crate::report::Naming;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
#[command(next_help_heading = "With people in the room")]
pub(in crate::cli) struct LiveArguments {
    /// Play it with people in the room: the clock runs, and answers are typed
    ///
    /// Type `help` to see the commands. Every input is on disk before it takes effect; Ctrl-C asks,
    /// then saves and leaves, and --resume continues from there.
    #[arg(long)]
    pub(super) live: bool,

    /// Simulated time per real time: 1x, 4x, 60x [default: 1x]
    #[arg(long, value_name = "SPEED", requires = "live", value_parser = speed)]
    pub(super) speed: Option<f64>,

    /// Who is in the room, all others are simulated: chris,james or all
    #[arg(long, value_name = "PEOPLE")]
    pub(super) seats: Option<String>,

    /// Resume a rehearsal that was left or killed, at the moment it had reached; or with many
    /// trials, without playing again those that were played before an interruption
    #[arg(long)]
    pub(super) resume: bool,

    /// Keep the screen for the players in this HTML file, for the projector
    ///
    /// Clock, charts, alerts and messages, never what is broken. The page reloads itself.
    #[arg(long, value_name = "FILE", requires = "live")]
    pub(super) players: Option<PathBuf>,

    /// What the exercise is called wherever players may look: `Exercise 1`
    ///
    /// The title of a scenario and its file say what is going to break.
    #[arg(long, value_name = "NAME", default_value = "Exercise 1", value_parser = code_name)]
    pub(super) code_name: String,

    /// Keep what only the controller may know off this terminal: faults and the steps of the plan
    ///
    /// For a terminal that players can see; `show` and `hide` change it.
    #[arg(long, requires = "live")]
    pub(super) hide: bool,

    /// Serve the screen for the players at this address, such as 127.0.0.1:8080
    #[arg(long, value_name = "ADDRESS", requires = "live")]
    pub(super) listen: Option<SocketAddr>,

    /// Commands to be entered at given times, one a line: `65m ack james slack`
    ///
    /// Without --live it is played at once, and the same script gives the same bytes.
    #[arg(long, value_name = "FILE")]
    pub(super) script: Option<PathBuf>,
}

impl LiveArguments {
    /// Whether something is to be gone on with.
    pub(in crate::cli) fn resume(&self) -> bool {
        self.resume
    }

    /// Whether it is said who is in the room.
    pub(in crate::cli) fn has_seats(&self) -> bool {
        self.seats.is_some()
    }

    /// Whether people answer for themselves.
    pub(in crate::cli) fn wanted(&self) -> bool {
        self.live || self.script.is_some() || self.seats.is_some()
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
pub(in crate::cli) struct Wanted<'a> {
    pub(in crate::cli) scenario: &'a Path,
    pub(in crate::cli) folder: PathBuf,
    pub(in crate::cli) sets: &'a [(String, String)],
    pub(in crate::cli) seed: Option<u64>,
    pub(in crate::cli) trial: u64,
    pub(in crate::cli) quiet: bool,
    pub(in crate::cli) brief: bool,
    pub(in crate::cli) naming: Naming,
    pub(in crate::cli) force: bool,
    pub(in crate::cli) live: &'a LiveArguments,
    pub(in crate::cli) campaign: &'a CampaignArguments,
}

/// A message for the user, what to do instead, and the exit code.
pub(super) type Refusal = (String, &'static str, Exit);

/// Wrong usage.
pub(super) fn wrong(message: String, hint: &'static str) -> Refusal {
    (message, hint, Exit::Wrong)
}
