//! `sim hinges`: which assumed inputs the odds hinge on, and what would have saved most.

use crate::campaign::{
    BaseRuns, Campaign, CampaignObserver, Hinges, Remedies, TrialRow, WorkerPool,
};
use crate::cli::shared::files::{Folder, default_folder};
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::loading::{LoadedScenario, load_whole, size};
use crate::cli::shared::options::{DayArguments, EffortArguments};
use crate::cli::shared::saving::HINGES_FILES;
use crate::cli::shared::trials::search_hinges;
use crate::cli::shared::{Exit, provenance, terminal};
use crate::report::{self, for_shell, for_terminal};
use crate::scenario::{InputFile, MadeBy, Plan, SourceText};
use std::io;
use std::path::PathBuf;

/// Find out which assumed inputs the odds hinge on, and what would have saved most
///
/// Runs the scenario many times. Then every assumed input ([a]) that is a chance, a time or a
/// number is set to two other values: a chance with its complement halved and doubled, all else
/// halved and doubled. The same runs are repeated with the same random draws, 20 of them for each
/// value, and all of them for the three inputs that move the odds most. Runs in which the value
/// was never needed, or in which it draws the same, are not repeated: they cannot differ.
///
/// Remedies that the plan itself suggests are tried in the same way on the lost runs: what follows
/// a no or silence, a deputy, approval in advance, the best channel first, the fastest change
/// first, one more person in an escalation, a play that follows when nothing is left to try.
///
/// A run is kept if it meets everything that the plan expects. If that sets no limit on recovery or
/// containment, its incident must also be over.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct HingesArguments {
    /// The scenario file
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,

    /// How many runs
    #[arg(long, value_name = "N", default_value_t = TRIALS)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=MOST_RUNS))]
    trials: u64,

    #[command(flatten)]
    day: DayArguments,

    /// Folder for hinges.csv and remedies.csv
    /// [default: reports/<name of the scenario file>-hinges]
    #[arg(long, short, alias = "output", value_name = "DIR")]
    out: Option<PathBuf>,

    #[command(flatten)]
    effort: EffortArguments,
}

const EXAMPLES: &str = "\
Examples:
  sim hinges day.yaml
      200 runs, and what they hinge on
  sim hinges day.yaml --set plays.rollback.steps.ask.refused=next
      the same once it is agreed what follows a no
  sim compare day.yaml --trials 200 --set plays.rollback.steps.ask.agrees=90%
      one of the values tried, for every headline

Exit codes: 0 computed, 2 wrong usage or a scenario with errors, 1 a runtime error,
130 interrupted (completed work is saved).";

/// How many runs unless said.
const TRIALS: u64 = 200;
/// What they draw is kept in memory.
const MOST_RUNS: u64 = 100_000;

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &HingesArguments) -> Exit {
    compute(arguments).unwrap_or_else(|exit| exit)
}

fn compute(arguments: &HingesArguments) -> Result<Exit, Exit> {
    let scenario = &arguments.scenario;
    let LoadedScenario { plan, files, source } = load_whole(scenario, arguments.day.sets(), true)?;
    size(&plan, arguments.effort.large, arguments.effort.quiet)?;
    let seed = arguments.day.seed_of(&plan);
    let campaign = Campaign::new(&plan, seed).keeping_draws();
    let wanted = arguments.out.clone().unwrap_or_else(|| default_folder(scenario, "-hinges"));
    let cannot_write = |error: &io::Error| {
        terminal::cannot_write(&wanted, error);
        Exit::Broke
    };
    let cells = [(0, campaign.identity().run_id.as_str())];
    let claimed = Folder::claim_table(&wanted, &HINGES_FILES, &cells);
    let folder = claimed.map_err(|error| cannot_write(&error))?;
    let workers = arguments.effort.workers()?;
    let interrupt = Interrupt::listen();
    let found = play(arguments, (&campaign, &source), &workers, &interrupt);
    let Some((hinges, remedies)) = found else {
        terminal::print_to_stderr("interrupted: no run had finished yet\n");
        return Err(Exit::Interrupted);
    };
    let made_by = made_by(arguments, &plan, files);
    // An interrupted result does not replace what an earlier call has kept.
    let kept = interrupt.wanted() && folder.path().join(report::HINGES_FILE).exists();
    if !kept {
        save(&folder, &campaign, (&hinges, &remedies), &made_by).map_err(|e| cannot_write(&e))?;
    }
    if !arguments.effort.quiet {
        let style = terminal::style();
        let summary = report::hinges_summary(campaign.identity(), &hinges, &remedies, style);
        terminal::print(&summary);
        terminal::print(&closing(arguments, &remedies, &folder));
    }
    match interrupt.wanted() {
        true => {
            terminal::print_to_stderr("interrupted: anything missing was not computed\n");
            if kept {
                terminal::print_to_stderr("the tables from an earlier call are unchanged\n");
            }
            Ok(Exit::Interrupted)
        }
        false => Ok(Exit::Met),
    }
}

/// Plays the runs, then those with other values; `None` if it was stopped before anything was over.
fn play(
    arguments: &HingesArguments,
    (campaign, source): (&Campaign, &SourceText),
    workers: &WorkerPool,
    interrupt: &Interrupt,
) -> Option<(Hinges, Remedies)> {
    let stop = || interrupt.wanted();
    let bar = terminal::progress_of_trials(arguments.trials, arguments.effort.quiet);
    let done = |_: &TrialRow| bar.inc(1);
    let rows =
        campaign.run(0..arguments.trials, workers, &CampaignObserver { stop: &stop, done: &done });
    bar.finish_and_clear();
    if rows.is_empty() {
        return None;
    }
    let draws = campaign.draws();
    let sets = arguments.day.sets();
    let ground = BaseRuns { campaign, source, sets, rows: &rows, draws: &draws };
    Some(search_hinges(&ground, (workers, interrupt, arguments.effort.quiet)))
}

fn save(
    folder: &Folder,
    campaign: &Campaign,
    (hinges, remedies): (&Hinges, &Remedies),
    made_by: &MadeBy,
) -> io::Result<()> {
    let identity = campaign.identity();
    folder.keep_streamed(report::HINGES_FILE, |to| report::write_hinges(identity, hinges, to))?;
    folder.keep_streamed(report::REMEDIES_FILE, |to| {
        report::write_remedies(identity, remedies, to)
    })?;
    provenance::keep(folder, made_by)
}

fn made_by(arguments: &HingesArguments, plan: &Plan, files: Vec<InputFile>) -> MadeBy {
    let mut command = provenance::command("hinges", &arguments.scenario);
    command.push_str(&provenance::sets(arguments.day.sets()));
    let seed = arguments.day.seed_of(plan);
    command.push_str(&format!(" --trials {} --seed {seed}", arguments.trials));
    MadeBy::new(command, files)
}

/// How the first remedy is tried, where the files are, and the command again.
fn closing(arguments: &HingesArguments, remedies: &Remedies, folder: &Folder) -> String {
    let scenario = for_shell(&arguments.scenario.display().to_string());
    let sets = provenance::sets(arguments.day.sets());
    let mut lines = Vec::new();
    if let Some(best) = remedies.best.first() {
        let more = report::set_words(&best.sets);
        lines.push(format!("Try     sim hinges {scenario}{sets} {more}"));
    }
    lines.push(format!("Files   {}/", folder.path().display()));
    let mut again = format!("Replay  sim hinges {scenario}{sets}");
    if arguments.trials != TRIALS {
        again.push_str(&format!(" --trials {}", arguments.trials));
    }
    again.push_str(&arguments.day.seed_again());
    lines.push(again);
    let lines = lines.into_iter().map(|line| for_terminal(&line, 2_000) + "\n");
    "\n".to_string() + &lines.collect::<String>()
}
