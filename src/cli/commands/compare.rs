//! `sim compare`: the same days twice, with one change between them.

mod replay_command;

use crate::campaign::{
    Campaign, Comparison, Contrast, PairsIdentity, ShardHeader, ShardPosition, TrialPairs, TrialRow,
};
use crate::cli::shared::array::ShardArguments;
use crate::cli::shared::files::{Folder, default_folder};
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::loading::{key_value, load, load_with_files, size};
use crate::cli::shared::options::EffortArguments;
use crate::cli::shared::resume::Checkpoint;
use crate::cli::shared::saving;
use crate::cli::shared::shards::{self, ShardRun};
use crate::cli::shared::trials::Progress;
use crate::cli::shared::{Exit, terminal};
use crate::report::for_shell;
use crate::report::{self, Compared};
use crate::scenario::{InputFile, MadeBy, Plan};
use clap::{Arg, ArgAction, ArgMatches, Command, Error, FromArgMatches};
use std::io;
use std::path::{Path, PathBuf};

/// Compare a scenario with and without a change
///
/// Runs the same trials twice, with the same visitors and the same random draws, and prints the
/// difference of every headline with its 95 % interval.
///
/// Two sides are compared. With one file and --set, the first is the file as it is and the second
/// what --set makes of it. --vs separates the two sides if both are changed: values set before
/// it belong to the first, values set after it to the second. With two files, --set without --vs
/// applies to both.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct CompareArguments {
    /// The scenario file
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,

    /// Another scenario file to compare it with
    #[arg(value_name = "OTHER")]
    other: Option<PathBuf>,

    #[command(flatten)]
    sides: Sides,

    /// How many pairs of trials
    #[arg(long, value_name = "N", default_value_t = 100)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    trials: u64,

    #[command(flatten)]
    shard: ShardArguments,

    /// Seed of the random draws of both, instead of the first scenario's own
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// Folder for compare.csv [default: reports/<name of the scenario file>-compare]
    #[arg(long, short, alias = "output", value_name = "DIR")]
    out: Option<PathBuf>,

    /// Continue where the same comparison was interrupted
    #[arg(long)]
    resume: bool,

    #[command(flatten)]
    effort: EffortArguments,
}

const EXAMPLES: &str = "\
Examples:
  sim compare day.yaml --set changes.frontend-revert=~9m
      as it is, against a revert of nine minutes
  sim compare day.yaml --set rules.Errors.for=60s --vs --set rules.Errors.for=120s
      one minute against two
  sim compare day.yaml --set vars.peak=4/s --vs --set vars.peak=4/s --set site.tiers.api.threads=32
      at twice the peak: the current number of threads against 32
  sim compare day.yaml other-day.yaml --trials 400
      two scenarios, 400 pairs of trials
  sim compare day.yaml other-day.yaml --trials 40000 --shard auto --of 64
      one of 64 tasks of a job array; sim merge joins what they write

Exit codes: 0 compared, 2 wrong usage or a scenario with errors, 1 a runtime error,
130 interrupted.";

type Sets = Vec<(String, String)>;

/// What is set on either side of `--vs`. The order of arguments matters, so it is read by hand.
struct Sides {
    before: Sets,
    /// `None` without `--vs`.
    after: Option<Sets>,
    /// How many times `--vs` was given.
    parted: u8,
}

impl clap::Args for Sides {
    fn augment_args(command: Command) -> Command {
        let set = Arg::new("set").long("set").value_name("KEY=VALUE").action(ArgAction::Append);
        let set = set.value_parser(key_value);
        let versus = Arg::new("vs").long("vs").action(ArgAction::Count);
        command
            .arg(
                set.help("Change one value: of the first side before --vs, of the second after it"),
            )
            .arg(versus.help("What follows is for the second side"))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Sides::augment_args(command)
    }
}

impl FromArgMatches for Sides {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut sides = Sides { before: Vec::new(), after: None, parted: 0 };
        sides.update_from_arg_matches(matches)?;
        Ok(sides)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.parted = matches.get_count("vs");
        let versus = (self.parted > 0).then(|| matches.index_of("vs")).flatten();
        let sets = matches.get_many::<(String, String)>("set").into_iter().flatten().cloned();
        let indices = matches.indices_of("set").into_iter().flatten();
        let (before, after): (Vec<_>, Vec<_>) =
            sets.zip(indices).partition(|(_, at)| versus.is_none_or(|versus| *at < versus));
        let values = |sets: Vec<((String, String), usize)>| sets.into_iter().map(|(set, _)| set);
        self.before = values(before).collect();
        self.after = versus.map(|_| values(after).collect());
        Ok(())
    }
}

/// The pairs so far.
const RESUME: &str = "compare.resume.jsonl";

/// One of the two.
struct Side<'a> {
    file: &'a Path,
    sets: Sets,
}

impl CompareArguments {
    /// The first and the second; an error, with advice, if they are the same or more than two.
    fn sides(&self) -> Result<[Side<'_>; 2], (String, &'static str)> {
        let other = self.other.as_deref().unwrap_or(&self.scenario);
        let Sides { before, after, parted } = &self.sides;
        if *parted > 1 {
            let hint = "it parts two sides: sim compare FILE --set A --vs --set B; compare a third \
                        with either of them on its own";
            return Err(("`--vs` is given twice".to_string(), hint));
        }
        let (first, second) = match after {
            Some(after) => (before.clone(), after.clone()),
            None if self.other.is_some() => (before.clone(), before.clone()),
            None => (Vec::new(), before.clone()),
        };
        let (first, second) =
            (Side { file: &self.scenario, sets: first }, Side { file: other, sets: second });
        if other == self.scenario && first.sets == second.sets {
            let hint = match first.sets.is_empty() {
                true => "change the second, as in `--set traffic.patience=10s`, or name another",
                false => "what is set before --vs makes the first, what is set after it the second",
            };
            return Err((format!("both sides are the same: {}", first.words()), hint));
        }
        Ok([first, second])
    }
}

impl Side<'_> {
    /// `as it is`, or `with changes.frontend-revert=~9m`.
    fn change(&self) -> String {
        let sets: Vec<String> = self.sets.iter().map(|(k, v)| format!("{k}={v}")).collect();
        if sets.is_empty() { "as it is".to_string() } else { format!("with {}", sets.join(", ")) }
    }

    /// `day.yaml with changes.frontend-revert=~9m`.
    fn words(&self) -> String {
        format!("{} {}", self.file.display(), self.change())
    }
}

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &CompareArguments) -> Exit {
    let sides = match arguments.sides() {
        Ok(sides) => sides,
        Err((message, hint)) => {
            // A file that is not a scenario is reported first.
            if load(&arguments.scenario, &[], true).is_ok() {
                terminal::error(&message, hint);
            }
            return Exit::Wrong;
        }
    };
    let (plans, files) = match plans(arguments, &sides) {
        Ok(plans) => plans,
        Err(exit) => return exit,
    };
    let seed = arguments.seed.unwrap_or(plans[0].seed);
    let campaigns = [Campaign::new(&plans[0], seed), Campaign::new(&plans[1], seed)];
    let [one, other] = &campaigns;
    let made_by = replay_commands(arguments, &sides, seed, files);
    match arguments.shard.block() {
        Ok(None) => {}
        Ok(Some(block)) => {
            let contrast = Contrast::diff(&plans[0], &plans[1]);
            return shard(arguments, (&sides, &campaigns, contrast), block, made_by);
        }
        Err(exit) => return exit,
    }
    let wanted =
        arguments.out.clone().unwrap_or_else(|| default_folder(&arguments.scenario, "-compare"));
    let cells = [(0, one.identity().run_id.as_str()), (4, other.identity().run_id.as_str())];
    let claimed = Folder::claim_table(&wanted, &saving::COMPARE_FILES, &cells);
    let claimed = claimed.inspect_err(|error| terminal::cannot_write(&wanted, error));
    let Ok(folder) = claimed else { return Exit::Broke };
    let interrupt = Interrupt::listen();
    let rows = play(&campaigns, &folder, arguments, &interrupt).inspect_err(|error| {
        terminal::error(&format!("cannot start the trials: {error}"), "ask for fewer --jobs");
    });
    let Ok(rows) = rows else { return Exit::Broke };
    let (first, second) = rows.into_iter().unzip();
    let (first, second) =
        (one.results(first, arguments.trials), other.results(second, arguments.trials));
    let Comparison { pairs, same, differences, unfinished } =
        Comparison::from_results(&first, &second);
    let unfinished = unfinished.map(|unfinished| unfinished.open);
    let (changes, replay) = (sides.each_ref().map(Side::change), canonical(arguments, &sides));
    let contrast = Contrast::diff(&plans[0], &plans[1]);
    let compared = Compared {
        first: one.identity(),
        second: other.identity(),
        words: [&changes[0], &changes[1]],
        trials: pairs,
        same,
        differences: &differences,
        contrast: &contrast,
        unfinished,
        replay: &replay,
    };
    if let Err(error) = saving::comparison(&folder, &compared, Some(&made_by)) {
        terminal::cannot_write(&wanted, &error);
        return Exit::Broke;
    }
    if !arguments.effort.quiet {
        let [first, second] = sides.each_ref().map(Side::words);
        let words = [first.as_str(), second.as_str()];
        terminal::print(&report::compare_summary(&compared, words, terminal::style()));
        terminal::print(&closing(arguments, &sides, &folder));
    }
    if pairs < arguments.trials { Exit::Interrupted } else { Exit::Met }
}

/// How the comparison was made.
fn replay_commands(
    arguments: &CompareArguments,
    [first, second]: &[Side; 2],
    seed: u64,
    files: Vec<InputFile>,
) -> MadeBy {
    let sides = (arguments.scenario.as_path(), arguments.other.as_deref());
    replay_command::made_by(sides, [&first.sets, &second.sets], (arguments.trials, seed), files)
}

/// The plans of both sides, neither larger than was asked for.
fn plans(
    arguments: &CompareArguments,
    sides: &[Side; 2],
) -> Result<([Plan; 2], Vec<InputFile>), Exit> {
    let plan = |side: &Side| {
        let (plan, files) = load_with_files(side.file, &side.sets, true)?;
        size(&plan, arguments.effort.large, arguments.effort.quiet).map(|()| (plan, files))
    };
    let [first, second] = sides;
    let ((first, mut files), (second, others)) = (plan(first)?, plan(second)?);
    files.extend(others.into_iter().filter(|file| !files.contains(file)).collect::<Vec<_>>());
    Ok(([first, second], files))
}

/// Plays one block of the pairs into one file.
fn shard(
    arguments: &CompareArguments,
    (sides, campaigns, contrast): (&[Side; 2], &[Campaign; 2], Contrast),
    block: ShardPosition,
    made_by: MadeBy,
) -> Exit {
    let identity = PairsIdentity {
        sides: campaigns.each_ref().map(|campaign| campaign.identity().clone()),
        changes: sides.each_ref().map(Side::change),
        words: sides.each_ref().map(Side::words),
        contrast,
        replay: canonical(arguments, sides),
    };
    let header = ShardHeader::new::<TrialPairs>(identity, arguments.trials, block).made_by(made_by);
    let folder = arguments.out.clone().unwrap_or_else(|| "reports".into());
    let file = shards::file(&folder, &arguments.scenario, "-compare", block);
    shards::play::<TrialPairs>(&header, &file, arguments.effort.quiet, |playing| {
        pairs(campaigns, playing, arguments)
    })
}

/// Plays each trial of both, so that an interruption leaves pairs.
fn play(
    campaigns: &[Campaign; 2],
    folder: &Folder,
    arguments: &CompareArguments,
    interrupt: &Interrupt,
) -> io::Result<Vec<(TrialRow, TrialRow)>> {
    let path = folder.path().join(RESUME);
    let identities = campaigns.each_ref().map(|campaign| campaign.identity().clone());
    let (checkpoint, before) =
        Checkpoint::open::<(TrialRow, TrialRow)>(&path, &identities, arguments.resume)?;
    if arguments.resume && !arguments.effort.quiet {
        terminal::print_to_stderr(&format!("{} pairs were already run\n", before.len()));
    }
    let playing =
        ShardRun { trials: 0..arguments.trials, known: before, checkpoint: &checkpoint, interrupt };
    let rows = pairs(campaigns, playing, arguments)?;
    if rows.len() as u64 == arguments.trials {
        checkpoint.remove();
    } else if !arguments.effort.quiet {
        terminal::print_to_stderr("interrupted; the same command with --resume runs the rest\n");
    }
    Ok(rows)
}

/// These pairs, of which some are known already.
fn pairs(
    [first, second]: &[Campaign; 2],
    playing: ShardRun<TrialPairs>,
    arguments: &CompareArguments,
) -> io::Result<Vec<(TrialRow, TrialRow)>> {
    let count = playing.trials.end - playing.trials.start;
    let progress = Progress::new(second, count, arguments.effort.quiet);
    let new = |pair: &(TrialRow, TrialRow)| progress.done(&pair.1);
    let rows = playing.rows(arguments.effort.threads(), &new, &|trial, stop| {
        Some((first.play(trial, stop)?, second.play(trial, stop)?))
    });
    progress.bar.finish_and_clear();
    rows
}

/// The command without the names of files, which say nothing on another machine.
fn canonical(arguments: &CompareArguments, sides: &[Side; 2]) -> String {
    let other = if arguments.other.is_some() { " OTHER.yaml" } else { "" };
    format!("sim compare SCENARIO.yaml{other}{}", rest(arguments, sides))
}

/// Where the table is, and how to compare again.
fn closing(arguments: &CompareArguments, sides: &[Side; 2], folder: &Folder) -> String {
    let mut again = format!("sim compare {}", for_shell(&arguments.scenario.display().to_string()));
    if let Some(other) = &arguments.other {
        again.push_str(&format!(" {}", for_shell(&other.display().to_string())));
    }
    again.push_str(&rest(arguments, sides));
    let again = report::for_terminal(&again, 2_000);
    let folder = report::for_terminal(&folder.path().display().to_string(), 2_000);
    format!("\nFiles   {folder}/\nReplay  {again}\n")
}

/// What comes after the scenarios.
fn rest(arguments: &CompareArguments, sides: &[Side; 2]) -> String {
    let sets = |side: &Side| {
        let words = side
            .sets
            .iter()
            .map(|(key, value)| format!(" --set {}", for_shell(&format!("{key}={value}"))));
        words.collect::<String>()
    };
    let mut rest = format!("{} --vs{}", sets(&sides[0]), sets(&sides[1]));
    if arguments.trials != 100 {
        rest.push_str(&format!(" --trials {}", arguments.trials));
    }
    if let Some(seed) = arguments.seed {
        rest.push_str(&format!(" --seed {seed}"));
    }
    rest
}
