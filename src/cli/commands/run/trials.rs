//! `sim run --trials`: many days instead of one.

use crate::campaign::{Block, Campaign, Ending, Row, Shard, ShardHeader, Watch, WorkerPool};
use crate::cli::shared::draft::Draft;
use crate::cli::shared::files::Folder;
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::options::{all_or, jobs};
use crate::cli::shared::resume::Checkpoint;
use crate::cli::shared::trials::{Progress, save};
use crate::cli::shared::{Exit, terminal};
use crate::report;
use crate::scenario::{MadeBy, Plan};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

/// The most trials of one campaign.
const MOST_TRIALS: u64 = 10_000_000;

#[derive(clap::Args)]
#[command(next_help_heading = "Many trials")]
pub(in crate::cli) struct CampaignArguments {
    /// Play this many days, each with its own random draws: trial 0 in detail, all summarised
    #[arg(long, value_name = "N", conflicts_with = "trial")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=MOST_TRIALS))]
    trials: Option<u64>,

    /// Play until every headline's mean is known this precisely, such as 5%
    ///
    /// Half the 95 % interval: relative to the mean, or as it is for probabilities. It is looked at
    /// after 64, 128, 192, 320 … trials, each time half as many more, and must be narrow at two
    /// looks in a row. What has too few values to be judged holds it up; what cannot be judged at
    /// all is named.
    #[arg(long, value_name = "SHARE", conflicts_with_all = ["trials", "trial", "shard"])]
    #[arg(value_parser = precision)]
    precision: Option<f64>,

    /// With --precision: stop after this many trials at the latest
    #[arg(long, value_name = "N", default_value_t = 10_000, requires = "precision")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=MOST_TRIALS))]
    max_trials: u64,

    /// How many trials to play at once [default: one per processor]
    #[arg(long, short, value_name = "J", value_parser = jobs)]
    jobs: Option<usize>,

    /// Play one block of the trials and write it to a file for `sim merge`: 3/16
    #[arg(long, value_name = "I/N", requires = "trials", value_parser = block)]
    pub(in crate::cli) shard: Option<Block>,
}

/// How many trials are asked for.
#[derive(Clone, Copy)]
pub(in crate::cli) struct Wanted {
    jobs: usize,
    amount: Amount,
    /// Trials that were played before an interruption are taken over.
    pub(in crate::cli) resume: bool,
}

#[derive(Clone, Copy)]
enum Amount {
    Trials(u64),
    Precise { precision: f64, most: u64 },
}

impl CampaignArguments {
    /// `None`: a single day.
    pub(in crate::cli) fn wanted(&self) -> Option<Wanted> {
        let trials = self.trials.map(Amount::Trials);
        let precise = |precision| Amount::Precise { precision, most: self.max_trials };
        let amount = trials.or(self.precision.map(precise))?;
        Some(Wanted { jobs: all_or(self.jobs), amount, resume: false })
    }

    /// The arguments again, as far as results depend on them.
    pub(in crate::cli) fn again(&self) -> String {
        let percent = |share: f64| (share * 1e8).round() / 1e6;
        match (self.trials, self.precision) {
            (Some(trials), _) => format!(" --trials {trials}"),
            (None, Some(share)) => {
                format!(" --precision {}% --max-trials {}", percent(share), self.max_trials)
            }
            (None, None) => String::new(),
        }
    }
}

/// Plays the trials, saves their tables and tells what they say.
pub(in crate::cli) fn run(
    campaign: Campaign,
    wanted: Wanted,
    folder: &Folder,
    interrupt: &Interrupt,
    quiet: bool,
) -> io::Result<()> {
    let workers = WorkerPool::new(wanted.jobs).map_err(io::Error::other)?;
    let trials = match wanted.amount {
        Amount::Trials(trials) => trials,
        Amount::Precise { most, .. } => most,
    };
    let path = folder.path().join(RESUME);
    let (checkpoint, campaign) = checkpoint(&path, campaign, wanted.resume, quiet)?;
    let progress = Progress::new(&campaign, trials, quiet);
    let stop = || interrupt.wanted();
    let done = |row: &Row| {
        progress.done(row);
        if !campaign.knows(row.trial) {
            checkpoint.add(row);
        }
    };
    let watch = Watch { stop: &stop, done: &done };
    let results = match wanted.amount {
        Amount::Trials(trials) => {
            campaign.results(campaign.run(0..trials, &workers, &watch), trials)
        }
        Amount::Precise { precision, most } => {
            campaign.run_until_precise(precision, most, &workers, &watch)
        }
    };
    progress.bar.finish_and_clear();
    save(&results, folder)?;
    match results.ending {
        Ending::Interrupted { .. } => say_how_to_go_on(quiet),
        _ => checkpoint.remove(),
    }
    if !quiet {
        terminal::print(&report::campaign_summary(&results, terminal::style()));
        terminal::print("\n");
    }
    Ok(())
}

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
        terminal::complain(&format!("{} trials were played before\n", rows.len()));
    }
    Ok((checkpoint, campaign.with_known(rows)))
}

fn say_how_to_go_on(quiet: bool) {
    if !quiet {
        terminal::complain("interrupted; the same command with --resume plays the rest\n");
    }
}

/// Plays one block of the trials into one file.
pub(in crate::cli) fn shard(
    arguments: &CampaignArguments,
    (plan, seed, block): (&Plan, u64, Block),
    made_by: MadeBy,
    (wanted, resume): (&Path, bool),
    quiet: bool,
) -> Exit {
    let trials = arguments.trials.expect("--shard requires --trials");
    if u64::from(block.of) > trials {
        let message = format!("{trials} trials do not make {} shards", block.of);
        terminal::error(&message, "ask for at least one trial per shard");
        return Exit::Wrong;
    }
    let campaign = Campaign::new(plan, seed);
    let of_block = block.trials(trials);
    let cannot_write = |error: &io::Error| {
        let message = format!("cannot write {}: {error}", wanted.display());
        terminal::error(&message, "name another folder with --out");
        Exit::Broke
    };
    let identity = campaign.identity().clone();
    let empty = Shard::new(identity, trials, block, Vec::new()).made_by(made_by);
    let (mut draft, path) = match open(&empty.header, wanted) {
        Ok(opened) => opened,
        Err(error) => return cannot_write(&error),
    };
    let so_far = path.with_extension("resume.jsonl");
    let (checkpoint, campaign) = match checkpoint(&so_far, campaign, resume, quiet) {
        Ok(opened) => opened,
        Err(error) => return cannot_write(&error),
    };
    let length = of_block.end - of_block.start;
    let (progress, interrupt) = (Progress::new(&campaign, length, quiet), Interrupt::listen());
    let stop = || interrupt.wanted();
    let done = |row: &Row| {
        progress.done(row);
        if !campaign.knows(row.trial) {
            checkpoint.add(row);
        }
    };
    let watch = Watch { stop: &stop, done: &done };
    let workers = WorkerPool::new(all_or(arguments.jobs)).map_err(io::Error::other);
    let rows = workers.map(|workers| campaign.run(of_block, &workers, &watch));
    progress.bar.finish_and_clear();
    let written = rows.and_then(|rows| {
        let shard = Shard { rows, ..empty };
        draft.attempt(|to| shard.write(to));
        draft.publish()?;
        Ok(shard)
    });
    match written {
        Ok(shard) => {
            if !quiet {
                let path = report::for_terminal(&path.display().to_string(), 2_000);
                let n = format!("{block}, {} of {trials} trials", shard.rows.len());
                terminal::print(&format!("Shard   {n}\nFile    {path}\n"));
            }
            if shard.whole() {
                checkpoint.remove();
                Exit::Met
            } else {
                say_how_to_go_on(quiet);
                Exit::Interrupted
            }
        }
        Err(error) => cannot_write(&error),
    }
}

/// `reports/proxy-outage-shard-3-of-16.jsonl`.
pub(in crate::cli) fn shard_file(folder: &Path, scenario: &Path, block: Block) -> PathBuf {
    let mut name = scenario.file_stem().unwrap_or("run".as_ref()).to_os_string();
    name.push(format!("-shard-{}-of-{}.jsonl", block.shard, block.of));
    folder.join(name)
}

/// Opens the file of a shard; one that holds something else is left alone, and so is one that
/// another program writes, and `-2`, `-3`, … is tried.
fn open(header: &ShardHeader, wanted: &Path) -> io::Result<(Draft, PathBuf)> {
    let folder = wanted.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let stem = wanted.file_stem().unwrap_or_default().to_os_string();
    let mut path = wanted.to_path_buf();
    for number in 2.. {
        let same = match std::fs::File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => true,
            Err(error) => return Err(error),
            Ok(file) if file.metadata()?.len() == 0 => true,
            Ok(file) => {
                let found = Shard::read(BufReader::new(file));
                found.is_ok_and(|found| found.header == *header)
            }
        };
        if same {
            match Draft::at(&path) {
                Err(error) if error.kind() == io::ErrorKind::ResourceBusy => {}
                draft => return Ok((draft?, path)),
            }
        }
        let mut name = stem.clone();
        name.push(format!("-{number}.jsonl"));
        path = folder.join(name);
    }
    Err(io::Error::other("too many files of this name"))
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

/// `3/16`.
fn block(text: &str) -> Result<Block, String> {
    let wrong = || "write which shard of how many, such as 3/16".to_string();
    let (shard, of) = text.split_once('/').ok_or_else(wrong)?;
    let number = |text: &str| text.trim().parse::<u32>().map_err(|_| wrong());
    let block = Block { shard: number(shard)?, of: number(of)? };
    match block {
        Block { shard: 0, .. } => Err("shards are counted from 1".to_string()),
        Block { shard, of } if shard > of => {
            Err(format!("there is no shard {shard} of {of}: the last one is {of}/{of}"))
        }
        block => Ok(block),
    }
}
