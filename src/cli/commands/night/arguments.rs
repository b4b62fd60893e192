//! The command line of a night.

use crate::cli::shared::loading::key_value;
use crate::cli::shared::log_options::LogOptions;
use crate::cli::shared::options::{NamesArgument, time_of_day};
use jiff::civil;
use std::path::PathBuf;

/// Night: the board for the real night, from what a scribe types
///
/// Simulates nothing and takes no action: it shows what is open, since when, which step of which
/// play, who was asked and who is next, the change-time table counted from now, which update
/// is due to whom, and what still fits. A scribe types what happens in the room's commands: alert
/// Errors, ask wyatt slack, ack wyatt, declare, choose backend-revert, decide yes chris, start,
/// done, told oit, recovered. `at 18:07` in front says when it happened; `undo` takes a line back;
/// `help` lists everything.
///
/// With --log and --follow the rules are judged as they are by `sim judge --follow`: one that fires
/// opens an incident or joins the one that is open, and the board says whom it has reached.
///
/// Every line is on disk before it shows. Started again on the same folder, it continues there. At
/// the end it writes the same tables as any other run, marked REAL and measured, the sheet of
/// what was typed, and the `actual:` of a scenario.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct NightArguments {
    /// The scenario file: its people, plays, changes and freezes count, its faults do not
    #[arg(value_name = "FILE")]
    pub(super) scenario: PathBuf,

    /// When everything must be back to normal: the war room closes [default: end of the plan]
    #[arg(long, value_name = "HH:MM", value_parser = time_of_day)]
    pub(super) close: Option<civil::Time>,

    /// Folder of a rehearsal: shows how long people took for the same step there, if measured
    #[arg(long, value_name = "DIR")]
    pub(super) rehearsal: Option<PathBuf>,

    /// A live log: rules are judged, and one that fires opens an incident
    #[arg(long, value_name = "LOG", requires = "follow")]
    pub(super) log: Option<PathBuf>,

    /// Keep reading as the log grows
    #[arg(long, requires = "log")]
    pub(super) follow: bool,

    /// Only make a card to print and sign before the night: card.html
    ///
    /// For every alert: at which minute to stop diagnosing and make the quickest change,
    /// and a line for the decider to approve it in advance. Its folder is
    /// reports/<name of the scenario file>-card unless --out names one.
    #[arg(long, conflicts_with_all = ["log", "now", "rehearsal", "close"])]
    pub(super) card: bool,

    /// Start the clock at this time, in the scenario's zone: 2018-11-07T18:00
    ///
    /// For typing up notes afterwards, or for practising with a log from the
    /// past.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(super) now: Option<civil::DateTime>,

    /// Change one value of the scenario: people.chris.role=decider
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    pub(super) set: Vec<(String, String)>,

    /// Folder for its files [default: reports/<name of the scenario file>-night]
    #[arg(long, short, alias = "output", value_name = "DIR")]
    pub(super) out: Option<PathBuf>,

    #[command(flatten)]
    pub(super) names: NamesArgument,

    /// Print nothing but errors
    #[arg(long, short)]
    pub(super) quiet: bool,

    #[command(flatten)]
    pub(super) reading: LogOptions,
}

const EXAMPLES: &str = "\
Examples:
  sim night launch.yaml --close 22:00
  sim night launch.yaml --rehearsal reports/launch-2
  sim night launch.yaml --log /var/log/nginx/access.log --follow
  sim night launch.yaml --now 2018-11-07T22:00 < typed.txt
  sim night launch.yaml --card

Exit codes: 0 the night is over, or nothing more can be typed; 130 left with Ctrl-C (every line is
kept); 2 wrong usage, a scenario with errors, or somebody else uses that board; 1 something
could not be written.";

fn moment(text: &str) -> Result<civil::DateTime, String> {
    let read = text.replace(' ', "T").parse::<civil::DateTime>();
    read.map_err(|_| "write date and time of day: 2018-11-07T18:00".to_string())
}
