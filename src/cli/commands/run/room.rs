//! `sim room`: a gameday with people in the room.

use super::live::{self, RoomOptions};
use super::trials::CampaignArguments;
use crate::cli::shared::files::default_folder;
use crate::cli::shared::options::{DayArguments, PrintArguments};
use crate::cli::shared::{Exit, terminal};
use std::path::PathBuf;

/// Rehearse a scenario with people in the room: the clock runs, and answers are typed
///
/// People with a seat answer for themselves, all others are simulated. The facilitator types
/// what people say; `help` lists the commands. Every input is on disk before it takes effect;
/// Ctrl-C asks, then saves and leaves, and --resume continues from there, with the same speed,
/// seats and screens. `sim run --live` is the same.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct RoomArguments {
    /// The scenario file
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,

    /// Folder for its files [default: reports/<name of the scenario file>]
    #[arg(long, short, alias = "output", value_name = "DIR")]
    out: Option<PathBuf>,

    /// Resume a rehearsal that was left or killed, where it stopped
    #[arg(long)]
    resume: bool,

    #[command(flatten)]
    day: DayArguments,

    /// Which of the seed's possible days it is [default: 0]
    #[arg(long, value_name = "K")]
    trial: Option<u64>,

    /// Replace what is at --players, even if sim did not write it
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    print: PrintArguments,

    #[command(flatten)]
    options: RoomOptions,

    #[command(flatten)]
    campaign: CampaignArguments,
}

const EXAMPLES: &str = "\
Examples:
  sim room scenarios/proxy-outage.yaml --seats wyatt,chris --speed 4x
  sim room scenarios/proxy-outage.yaml --resume
  sim room scenarios/proxy-outage.yaml --seats all --players players.html --hide";

/// Runs the subcommand.
pub(in crate::cli) fn room(arguments: &RoomArguments) -> Exit {
    let again = arguments.options.has_seats() || arguments.day.seed.is_some();
    if let Err(exit) = live::says_nothing_again(arguments.resume, again, arguments.day.sets()) {
        return exit;
    }
    if arguments.campaign.shard.wanted() {
        terminal::error("--shard does not go with people", "leave it out");
        return Exit::Wrong;
    }
    let folder = arguments.out.clone();
    live::run(live::RoomRequest {
        scenario: &arguments.scenario,
        folder: folder.unwrap_or_else(|| default_folder(&arguments.scenario, "")),
        sets: arguments.day.sets(),
        seed: arguments.day.seed,
        trial: arguments.trial.unwrap_or(0),
        quiet: arguments.print.quiet,
        brief: arguments.print.brief,
        naming: arguments.print.names.naming(),
        force: arguments.force,
        live: true,
        resume: arguments.resume,
        options: arguments.options.clone(),
        many: arguments.campaign.wanted(true),
    })
}
