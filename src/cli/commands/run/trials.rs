//! `sim run --trials`: many days instead of one.

use crate::campaign::{
    BaseRuns, Campaign, CampaignEnding, CampaignObserver, MOST_TRIALS, Sensitivity, ShardHeader,
    ShardPosition, Summary, TrialRow, Trials, WorkerPool, draws_of,
};
use crate::cli::shared::array::ShardArguments;
use crate::cli::shared::files::Folder;
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::options::JobsArgument;
use crate::cli::shared::resume::Checkpoint;
use crate::cli::shared::trials::look_until;
use crate::cli::shared::trials::{Progress, save};
use crate::cli::shared::{Exit, shards, terminal};
use crate::scenario::{MadeBy, Plan, SourceText};
use crate::units::Span;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

#[derive(clap::Args)]
#[command(next_help_heading = "Many runs")]
pub(in crate::cli) struct CampaignArguments {
    /// How many runs of the plan in all, each with its own random draws [default: 200]
    ///
    /// Trial 0 is shown in detail, all of them are summarised. 1: only that one, as with people in
    /// the room, --trial, --record, --access-log or --hdr.
    #[arg(long, value_name = "N", conflicts_with = "trial")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=MOST_TRIALS))]
    trials: Option<u64>,

    /// Run until every headline's mean is known this precisely, such as 5%
    ///
    /// Half the 95 % interval: relative to the mean, or absolute for probabilities. It is checked
    /// after 64, 128, 192, 320 … trials, each time half as many more, and must be narrow at two
    /// checks in a row. Headlines with too few values delay the end; those that cannot be judged at
    /// all are named.
    #[arg(long, value_name = "SHARE", conflicts_with_all = ["trials", "trial", "shard"])]
    #[arg(value_parser = precision)]
    precision: Option<f64>,

    /// With --precision: stop after this many trials at the latest
    #[arg(long, value_name = "N", default_value_t = 10_000, requires = "precision")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=MOST_TRIALS))]
    max_trials: u64,

    /// How long to look for what the answer hinges on, once it is shown [default: 10s]
    ///
    /// For 73 to 2,000 runs. How many runs it needs is fixed by the scenario; this is
    /// only how long to wait for them. 0s: not at all. `sim hinges` looks further.
    #[arg(long, value_name = "SPAN", value_parser = hinges)]
    hinges: Option<Span>,

    #[command(flatten)]
    jobs: JobsArgument,

    #[command(flatten)]
    pub(in crate::cli) shard: ShardArguments,
}

/// How many trials are asked for.
#[derive(Clone, Copy)]
pub(in crate::cli) struct TrialsRequest {
    jobs: usize,
    amount: Amount,
    /// For what they hinge on.
    hinges: Duration,
    /// Trials that were played before an interruption are taken over.
    pub(in crate::cli) resume: bool,
}

#[derive(Clone, Copy)]
enum Amount {
    Trials(u64),
    Precise { precision: f64, most: u64 },
}

impl CampaignArguments {
    /// How many runs; `None`: one. `alone`: other options imply one, unless this one says more.
    pub(in crate::cli) fn wanted(&self, alone: bool) -> Option<TrialsRequest> {
        let precise = |precision| Amount::Precise { precision, most: self.max_trials };
        let amount = match (self.trials, self.precision.map(precise)) {
            (Some(1), _) => return None,
            (Some(trials), _) => Amount::Trials(trials),
            (None, Some(precise)) => precise,
            (None, None) if alone => return None,
            (None, None) => Amount::Trials(USUAL_TRIALS),
        };
        let hinges = self.hinges.map_or(HINGES, |span| Duration::from_secs_f64(span.seconds()));
        Some(TrialsRequest { jobs: self.jobs.threads(), amount, hinges, resume: false })
    }

    /// As many as were asked for, in words that ask for as many again: of those that came by
    /// themselves only if `all`.
    pub(in crate::cli) fn again(&self, alone: bool, all: bool) -> String {
        let percent = |share: f64| (share * 1e8).round() / 1e6;
        match (self.trials, self.precision) {
            (Some(trials), _) if trials > 1 || !all => format!(" --trials {trials}"),
            (None, Some(share)) => {
                format!(" --precision {}% --max-trials {}", percent(share), self.max_trials)
            }
            (None, None) if all && !alone => format!(" --trials {USUAL_TRIALS}"),
            _ => String::new(),
        }
    }
}

/// Where trials are kept, and what is on the screen meanwhile.
pub(in crate::cli) struct TrialsRun<'a> {
    pub(in crate::cli) folder: &'a Folder,
    pub(in crate::cli) quiet: bool,
    /// The report on the one run, above the bar.
    pub(in crate::cli) told: String,
}

/// Many runs that are over.
pub(in crate::cli) struct PlayedTrials<'p> {
    campaign: Campaign<'p>,
    workers: WorkerPool,
    /// For what they hinge on.
    hinges: Duration,
    rows: Vec<TrialRow>,
    pub(in crate::cli) summary: Summary,
}

/// Plays the trials and saves their tables.
pub(in crate::cli) fn run<'p>(
    campaign: Campaign<'p>,
    wanted: TrialsRequest,
    playing: &TrialsRun,
    interrupt: &Interrupt,
) -> io::Result<PlayedTrials<'p>> {
    let TrialsRun { folder, quiet, told } = playing;
    let quiet = *quiet;
    let workers = WorkerPool::new(wanted.jobs).map_err(io::Error::other)?;
    let trials = match wanted.amount {
        Amount::Trials(trials) => trials,
        Amount::Precise { most, .. } => most,
    };
    let keeps = !wanted.hinges.is_zero() && Sensitivity::is_wanted(trials);
    let campaign = if keeps { campaign.keeping_draws() } else { campaign };
    let path = folder.path().join(RESUME);
    let (checkpoint, campaign) = checkpoint(&path, campaign, wanted.resume, quiet)?;
    let progress = Progress::new(&campaign, trials, quiet);
    progress.above(told);
    let results =
        watched((&campaign, &checkpoint, interrupt), &progress, |watch| match wanted.amount {
            Amount::Trials(trials) => {
                campaign.results(campaign.run(0..trials, &workers, watch), trials)
            }
            Amount::Precise { precision, most } => {
                campaign.run_until_precise(precision, most, &workers, watch)
            }
        });
    let summary = Summary::from_results(&results);
    save(&results, &summary, folder)?;
    match results.ending {
        CampaignEnding::Interrupted { .. } => print_resume_hint(quiet),
        _ => checkpoint.remove(),
    }
    Ok(PlayedTrials { campaign, workers, hinges: wanted.hinges, rows: results.rows, summary })
}

impl PlayedTrials<'_> {
    /// What they hinge on, and what would have saved most, as far as there is time for it; `None`
    /// where nobody wants to know, or there are too few or too many of them.
    pub(in crate::cli) fn sensitivity(
        &self,
        (source, sets): (&SourceText, &[(String, String)]),
        (interrupt, quiet): (&Interrupt, bool),
    ) -> Option<Sensitivity> {
        let PlayedTrials { campaign, workers, hinges, rows, summary } = self;
        let over = !matches!(summary.ending, CampaignEnding::Interrupted { .. });
        if hinges.is_zero() || !over || !Sensitivity::is_wanted(rows.len() as u64) {
            return None;
        }
        let until = Instant::now() + *hinges;
        Some(look_until(until, (workers, interrupt, quiet), |players| {
            let draws = &draws_of(campaign, rows, players);
            Sensitivity::search(&BaseRuns { campaign, source, sets, rows, draws }, players)
        }))
    }
}

/// How long this many runs take, if one took this long; nothing where nobody has to wait for them.
pub(in crate::cli) fn long(wanted: &TrialsRequest, one: Duration) -> Option<String> {
    let Amount::Trials(trials) = wanted.amount else { return None };
    let jobs = (wanted.jobs as u64).min(trials).max(1);
    let all = one.mul_f64(trials as f64 / jobs as f64);
    (all > PATIENCE).then(|| {
        let all = Span::from_secs(all.as_secs().div_ceil(10) * 10);
        format!("{trials} runs take about {all}; --trials 1 runs only the one shown\n")
    })
}

/// Plays while the bar moves, each new trial is kept, and a signal stops it.
fn watched<T>(
    (campaign, checkpoint, interrupt): (&Campaign, &Checkpoint, &Interrupt),
    progress: &Progress,
    play: impl FnOnce(&CampaignObserver) -> T,
) -> T {
    let stop = || interrupt.wanted();
    let done = |row: &TrialRow| {
        progress.done(row);
        if !campaign.knows(row.trial) {
            checkpoint.add(row);
        }
    };
    let played = play(&CampaignObserver { stop: &stop, done: &done });
    progress.bar.finish_and_clear();
    played
}

/// How many runs unless another number is asked for: a share of runs that is near one half is
/// then known to within seven percentage points (95 % interval).
const USUAL_TRIALS: u64 = 200;
/// Whoever waits longer than this is told so beforehand.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long to look for what the answer hinges on, unless said.
const HINGES: Duration = Duration::from_secs(10);

/// The trials so far, in the folder of a run.
const RESUME: &str = "trials.resume.jsonl";

/// Opens the file of the trials so far, and takes over those of the same campaign.
fn checkpoint<'p>(
    path: &Path,
    campaign: Campaign<'p>,
    resume: bool,
    quiet: bool,
) -> io::Result<(Checkpoint, Campaign<'p>)> {
    let (checkpoint, rows) = Checkpoint::open(path, campaign.identity(), resume)?;
    if resume && !quiet {
        terminal::print_to_stderr(&format!("{} runs were already done\n", rows.len()));
    }
    Ok((checkpoint, campaign.with_known(rows)))
}

fn print_resume_hint(quiet: bool) {
    if !quiet {
        terminal::print_to_stderr("interrupted; the same command with --resume runs the rest\n");
    }
}

/// Plays one block of the trials into one file.
pub(in crate::cli) fn shard(
    arguments: &CampaignArguments,
    (plan, seed, block): (&Plan, u64, ShardPosition),
    (wanted, made_by): (&Path, MadeBy),
    quiet: bool,
) -> Exit {
    let Some(trials) = arguments.trials else {
        let hint = "--precision decides when to stop, and shards cannot ask each other";
        terminal::error("--shard needs the total number of runs: --trials N", hint);
        return Exit::Wrong;
    };
    let campaign = Campaign::new(plan, seed);
    let header = ShardHeader::new::<Trials>(campaign.identity().clone(), trials, block);
    let header = header.made_by(made_by);
    shards::play::<Trials>(&header, wanted, quiet, |playing| {
        let campaign = campaign.with_known(playing.known);
        let progress = Progress::new(&campaign, header.of_block(), quiet);
        let workers = WorkerPool::new(arguments.jobs.threads()).map_err(io::Error::other)?;
        let playing_with = (&campaign, playing.checkpoint, playing.interrupt);
        Ok(watched(playing_with, &progress, |watch| campaign.run(playing.trials, &workers, watch)))
    })
}

/// `10s`, at most a day.
fn hinges(text: &str) -> Result<Span, String> {
    let span = text.trim().parse::<Span>().ok().filter(|span| *span <= Span::from_secs(86_400));
    span.ok_or_else(|| "write how long, such as 10s or 2m; at most 24h".to_string())
}

/// `5%` or `0.05`.
fn precision(text: &str) -> Result<f64, String> {
    let share = match text.trim().strip_suffix('%') {
        Some(percent) => percent.trim().parse().map(|percent: f64| percent / 100.0),
        None => text.trim().parse(),
    };
    let share = share.ok().filter(|share: &f64| *share > 0.0 && *share < 1.0);
    share.ok_or_else(|| "write a share above 0% and below 100%, such as 5%".to_string())
}
