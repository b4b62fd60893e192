//! `sim plan-shards`: prepares a campaign for engines that run job arrays.

use crate::campaign::{Campaign, MOST_TRIALS, TaskNeeds, TaskSplit, TimedRuns};
use crate::cli::shared::array::MOST_SHARDS;
use crate::cli::shared::draft::Draft;
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::loading::{load, size};
use crate::cli::shared::options::{DayArguments, bytes, long_span};
use crate::cli::shared::ownership::not_written;
use crate::cli::shared::shard_list::{ShardList, shards};
use crate::cli::shared::{Exit, terminal};
use crate::report::{
    ArrayJob, ArrayScheduler, EngineFiles, PlannedArray, array_plan, engine_files,
};
use crate::scenario::Plan;
use crate::units::Span;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Plan a campaign for a cluster: job arrays for the engines you already have
///
/// Runs a few trials to see how much time and memory one takes, and writes what the engine
/// needs: a batch script for Slurm, an Indexed Job for Kubernetes, a job definition and its
/// submission for AWS Batch, a script for GNU parallel. Nothing is submitted. Each task runs one
/// shard; one that is killed continues where it stopped, and a finished one is not run again.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct PlanShardsArguments {
    /// The scenario file, at its path for the tasks
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,

    /// What runs the array
    #[arg(long, value_enum)]
    engine: EngineName,

    /// Trials of the whole campaign
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=MOST_TRIALS))]
    trials: u64,

    /// The number of shards it is split into
    #[arg(long, value_name = "N")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_SHARDS)))]
    of: u32,

    /// Only these shards, in the form in which sim merge lists missing ones: 3,17-19
    #[arg(long, value_name = "LIST", value_parser = shards)]
    only: Option<ShardList>,

    #[command(flatten)]
    day: DayArguments,

    /// Processors of each task
    #[arg(long, short, value_name = "J", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=100))]
    jobs: u32,

    /// Memory of each task, such as 256MiB [default: twice what the trials here took]
    #[arg(long, value_name = "SIZE", value_parser = bytes)]
    memory: Option<u64>,

    /// The longest that a task may take [default: three times the estimate, and five minutes]
    #[arg(long, value_name = "DURATION", value_parser = long_span)]
    time: Option<Span>,

    /// The container image that holds sim; for kubernetes and aws-batch
    #[arg(long, value_name = "IMAGE")]
    image: Option<String>,

    /// Where the tasks find the scenario: a volume claim (kubernetes), a file system of EFS
    /// (aws-batch)
    #[arg(long, value_name = "NAME")]
    volume: Option<String>,

    /// The partition (slurm) or job queue (aws-batch)
    #[arg(long, value_name = "NAME")]
    queue: Option<String>,

    /// The folder of the shards' files, at its path for the tasks
    #[arg(long, value_name = "DIR", default_value = "shards")]
    results: String,

    /// Folder for the files written
    #[arg(long, short, alias = "output", value_name = "DIR", default_value = ".")]
    out: PathBuf,

    /// Replace files that are there already
    #[arg(long)]
    force: bool,

    /// Plan it even if a run takes more events, disk or memory than usual
    #[arg(long)]
    large: bool,

    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  sim plan-shards launch.yaml --engine slurm --trials 100000 --of 64
  sim plan-shards launch.yaml --engine parallel --trials 100000 --of 64
  sim plan-shards launch.yaml --engine kubernetes --trials 100000 --of 64 \\
      --image registry.example.com/sim:0.1 --volume rehearsal
  sim plan-shards launch.yaml --engine aws-batch --trials 100000 --of 64 \\
      --image 123456789012.dkr.ecr.us-east-1.amazonaws.com/sim:0.1 \\
      --volume fs-0123456789abcdef0 --queue spot

Exit codes: 0 written, 2 wrong usage or a scenario with errors, 1 a runtime error.";

/// As it is written after `--engine`.
#[derive(Debug, Clone, Copy, PartialEq, clap::ValueEnum)]
enum EngineName {
    /// A batch script, submitted with sbatch
    Slurm,
    /// An Indexed Job, applied with kubectl
    Kubernetes,
    /// A job definition and its submission, for aws batch
    AwsBatch,
    /// A script for GNU parallel, on this machine or several
    Parallel,
}

/// The error has already been reported.
type Stopped = Exit;

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &PlanShardsArguments) -> Exit {
    planned(arguments).unwrap_or_else(|stopped| stopped)
}

fn planned(arguments: &PlanShardsArguments) -> Result<Exit, Stopped> {
    check(arguments).map_err(|(message, hint)| {
        terminal::error(&message, &hint);
        Exit::Wrong
    })?;
    let plan = load(&arguments.scenario, arguments.day.sets(), true)?;
    size(&plan, arguments.large, true)?;
    // The names of the files do not depend on what is timed: they are opened before.
    let names = files(arguments, &TaskNeeds::UNKNOWN).files.into_iter().map(|(name, _)| name);
    let open = |name| open(arguments.out.join(name), arguments.force);
    let drafts = names.map(open).collect::<Result<Vec<_>, Stopped>>()?;
    let seed = arguments.day.seed_of(&plan);
    let Some(timed) = timed(&plan, seed) else { return Ok(Exit::Interrupted) };
    let memory = peak_memory();
    let needs = needs(arguments, timed, memory);
    let planned = files(arguments, &needs);
    for ((path, mut draft), (_, text)) in drafts.into_iter().zip(&planned.files) {
        draft.attempt(|to| to.write_all(text.as_bytes()));
        draft.publish().map_err(|error| not_written(&path, &error, terminal::ELSEWHERE))?;
    }
    if !arguments.quiet {
        let PlanShardsArguments { scenario, trials, out: folder, .. } = arguments;
        let trials = *trials;
        let plan = PlannedArray { scenario, trials, timed, memory, needs, folder, files: &planned };
        terminal::print(&array_plan(&plan, terminal::width()));
    }
    Ok(Exit::Met)
}

/// What the engine takes.
fn files(arguments: &PlanShardsArguments, needs: &TaskNeeds) -> EngineFiles {
    let engine = match arguments.engine {
        EngineName::Slurm => ArrayScheduler::Slurm,
        EngineName::Kubernetes => ArrayScheduler::Kubernetes,
        EngineName::AwsBatch => ArrayScheduler::AwsBatch,
        EngineName::Parallel => ArrayScheduler::Parallel,
    };
    engine_files(engine, &job(arguments, needs))
}

/// What contradicts itself or is missing, with what to do instead.
fn check(arguments: &PlanShardsArguments) -> Result<(), (String, String)> {
    let PlanShardsArguments { engine, of, trials, .. } = arguments;
    let refuse = |message: String, hint: &str| Err((message, hint.to_string()));
    if u64::from(*of) > *trials {
        return refuse(
            format!("{trials} runs cannot be split into {of} shards"),
            "ask for at least one run per shard",
        );
    }
    if let Some(only) = &arguments.only
        && only.last() > Some(*of)
    {
        return refuse(
            format!("--only {only}: there are {of} shards"),
            "list shards from 1 to --of",
        );
    }
    let contained = matches!(engine, EngineName::Kubernetes | EngineName::AwsBatch);
    let options = [
        ("--image", arguments.image.is_some(), contained, contained),
        ("--volume", arguments.volume.is_some(), contained, contained),
        (
            "--queue",
            arguments.queue.is_some(),
            *engine == EngineName::AwsBatch,
            matches!(engine, EngineName::AwsBatch | EngineName::Slurm),
        ),
    ];
    for (option, given, needed, taken) in options {
        if needed && !given {
            return refuse(
                format!("this engine needs {option}"),
                "see sim plan-shards --help for what it is",
            );
        }
        if given && !taken {
            return refuse(format!("{option} does not apply to this engine"), "leave it out");
        }
    }
    let tasks = arguments.only.as_ref().map_or(*of, ShardList::count);
    if *engine == EngineName::AwsBatch
        && (tasks > 10_000 || (tasks < 2 && arguments.only.is_none()))
    {
        return refuse(
            format!("an AWS Batch array has 2 to 10,000 tasks, and this one has {tasks}"),
            "choose another --of",
        );
    }
    Ok(())
}

/// As many runs as a few seconds allow. `None`: interrupted. Four seconds and 200 runs are a
/// choice: whoever waits for it wants an estimate, and the time asked for is three times as long.
fn timed(plan: &Plan, seed: u64) -> Option<TimedRuns> {
    const PATIENCE: Duration = Duration::from_secs(4);
    const MOST: u32 = 200;
    let interrupt = Interrupt::listen();
    let campaign = Campaign::new(plan, seed);
    let began = Instant::now();
    let mut runs = 0;
    while runs < MOST && (runs == 0 || began.elapsed() < PATIENCE) {
        campaign.play(u64::from(runs), &|| interrupt.wanted())?;
        runs += 1;
    }
    Some(TimedRuns { runs, each: began.elapsed() / runs })
}

/// The most memory that this process has had, in MiB.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib.div_ceil(1_024))
}

/// What a task needs, where nothing else was asked for.
fn needs(arguments: &PlanShardsArguments, timed: TimedRuns, used: Option<u64>) -> TaskNeeds {
    let PlanShardsArguments { trials, of, jobs, .. } = *arguments;
    let needs = TaskNeeds::new(TaskSplit { trials, shards: of, jobs }, timed, used);
    TaskNeeds {
        memory: arguments.memory.unwrap_or(needs.memory),
        time: arguments.time.unwrap_or(needs.time),
        ..needs
    }
}

fn job(arguments: &PlanShardsArguments, needs: &TaskNeeds) -> ArrayJob {
    let stem = arguments.scenario.file_stem().unwrap_or("run".as_ref());
    let mut command: Vec<String> = ["sim", "run"].map(String::from).to_vec();
    command.push(arguments.scenario.display().to_string());
    command.extend(["--trials".to_string(), arguments.trials.to_string()]);
    if let Some(seed) = arguments.day.seed {
        command.extend(["--seed".to_string(), seed.to_string()]);
    }
    for (key, value) in arguments.day.sets() {
        command.extend(["--set".to_string(), format!("{key}={value}")]);
    }
    if arguments.large {
        command.push("--large".to_string());
    }
    command.extend(["--jobs".to_string(), arguments.jobs.to_string()]);
    command.extend(["--out".to_string(), arguments.results.clone(), "--quiet".to_string()]);
    let version = env!("CARGO_PKG_VERSION");
    ArrayJob {
        name: stem.to_string_lossy().into_owned(),
        shards: arguments.of,
        only: arguments.only.as_ref().map(|only| (only.to_string(), only.count())),
        command,
        results: arguments.results.clone(),
        folder: arguments.out.display().to_string(),
        jobs: arguments.jobs,
        memory: needs.memory,
        time: needs.time,
        image: arguments.image.clone().unwrap_or_default(),
        volume: arguments.volume.clone().unwrap_or_default(),
        queue: arguments.queue.clone().unwrap_or_default(),
        origin: format!(
            "Made by sim {version}: {} runs in {} shards",
            arguments.trials, arguments.of
        ),
    }
}

/// Opens a file of the plan, unless something is there.
fn open(path: PathBuf, force: bool) -> Result<(PathBuf, Draft), Stopped> {
    if path.symlink_metadata().is_ok() && !force {
        let message = format!("{} already exists", path.display());
        terminal::error(&message, "add --force to replace it, or name another folder with --out");
        return Err(Exit::Wrong);
    }
    let draft = Draft::at_any_depth(&path)
        .map_err(|error| not_written(&path, &error, terminal::ELSEWHERE))?;
    Ok((path, draft))
}
