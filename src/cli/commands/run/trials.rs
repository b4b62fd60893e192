//! `sim run --trials`: many days instead of one.

use crate::campaign::{Block, Campaign, Crew, Row, Shard, Watch};
use crate::cli::shared::files::Folder;
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::options::{all_or, jobs};
use crate::cli::shared::trials::{Progress, save};
use crate::cli::shared::{Exit, terminal};
use crate::report;
use crate::scenario::Plan;
use std::io::{self, BufReader, BufWriter};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// The most trials of one campaign.
const MOST_TRIALS: u64 = 10_000_000;

#[derive(clap::Args)]
#[command(next_help_heading = "Many trials")]
pub(in crate::cli) struct CampaignArguments {
    /// Play so many days, each with luck of its own: trial 0 is told in detail, all are summarised
    #[arg(long, value_name = "N", conflicts_with = "trial")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=MOST_TRIALS))]
    trials: Option<u64>,

    /// Play until every headline's mean is known this well, such as 5%
    ///
    /// Half the 95 % interval: relative to the mean, or as it is for probabilities. It is looked at
    /// after every 64 trials.
    #[arg(long, value_name = "SHARE", conflicts_with_all = ["trials", "trial", "shard"])]
    #[arg(value_parser = precision)]
    precision: Option<f64>,

    /// With --precision: give up after so many trials
    #[arg(long, value_name = "N", default_value_t = 10_000, requires = "precision")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=MOST_TRIALS))]
    max_trials: u64,

    /// Play so many trials at a time [default: one per processor]
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
}

#[derive(Clone, Copy)]
enum Amount {
    Trials(u64),
    Tight { precision: f64, most: u64 },
}

impl CampaignArguments {
    /// `None`: a single day.
    pub(in crate::cli) fn wanted(&self) -> Option<Wanted> {
        let trials = self.trials.map(Amount::Trials);
        let tight = |precision| Amount::Tight { precision, most: self.max_trials };
        let amount = trials.or(self.precision.map(tight))?;
        Some(Wanted { jobs: all_or(self.jobs), amount })
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
    campaign: &Campaign,
    wanted: Wanted,
    folder: &Folder,
    interrupt: &Interrupt,
    quiet: bool,
) -> io::Result<()> {
    let crew = Crew::new(wanted.jobs).map_err(io::Error::other)?;
    let trials = match wanted.amount {
        Amount::Trials(trials) => trials,
        Amount::Tight { most, .. } => most,
    };
    let progress = Progress::new(campaign, trials, quiet);
    let stop = || interrupt.wanted();
    let done = |row: &Row| progress.done(row);
    let watch = Watch { stop: &stop, done: &done };
    let results = match wanted.amount {
        Amount::Trials(trials) => campaign.results(campaign.run(0..trials, &crew, &watch), trials),
        Amount::Tight { precision, most } => {
            campaign.run_until_tight(precision, most, &crew, &watch)
        }
    };
    progress.bar.finish_and_clear();
    save(&results, folder)?;
    if !quiet {
        terminal::print(&report::campaign_summary(&results, terminal::style()));
        terminal::print("\n");
    }
    Ok(())
}

/// Plays one block of the trials into one file.
pub(in crate::cli) fn shard(
    arguments: &CampaignArguments,
    (plan, seed, block): (&Plan, u64, Block),
    wanted: &Path,
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
    let progress = Progress::new(&campaign, of_block.end - of_block.start, quiet);
    let interrupt = Interrupt::listen();
    let stop = || interrupt.wanted();
    let done = |row: &Row| progress.done(row);
    let watch = Watch { stop: &stop, done: &done };
    let crew = Crew::new(all_or(arguments.jobs)).map_err(io::Error::other);
    let rows = crew.map(|crew| campaign.run(of_block, &crew, &watch));
    progress.bar.finish_and_clear();
    let written = rows.and_then(|rows| {
        let shard = Shard::new(campaign.identity().clone(), trials, block, rows);
        let path = write_shard(&shard, wanted)?;
        Ok((shard, path))
    });
    match written {
        Ok((shard, path)) => {
            if !quiet {
                let path = report::for_terminal(&path.display().to_string(), 2_000);
                let n = shard.rows.len();
                terminal::print(&format!(
                    "Shard   {block}, {n} of {trials} trials\nFile    {path}\n"
                ));
            }
            if shard.whole() { Exit::Met } else { Exit::Interrupted }
        }
        Err(error) => {
            let message = format!("cannot write {}: {error}", wanted.display());
            terminal::error(&message, "name another folder with --out");
            Exit::Broke
        }
    }
}

/// `reports/proxy-outage-shard-3-of-16.jsonl`.
pub(in crate::cli) fn shard_file(folder: &Path, scenario: &Path, block: Block) -> PathBuf {
    let mut name = scenario.file_stem().unwrap_or("run".as_ref()).to_os_string();
    name.push(format!("-shard-{}-of-{}.jsonl", block.shard, block.of));
    folder.join(name)
}

/// Writes a shard; a file that holds another campaign's is left alone, and `-2`, `-3`, … is tried.
fn write_shard(shard: &Shard, wanted: &Path) -> io::Result<PathBuf> {
    let folder = wanted.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let stem = wanted.file_stem().unwrap_or_default().to_os_string();
    let mut path = wanted.to_path_buf();
    for number in 2.. {
        match std::fs::File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => break,
            Err(error) => return Err(error),
            Ok(file) => {
                let found = Shard::read(BufReader::new(file));
                if found.is_ok_and(|found| found.header == shard.header) {
                    break;
                }
            }
        }
        let mut name = stem.clone();
        name.push(format!("-{number}.jsonl"));
        path = folder.join(name);
    }
    let mut file = NamedTempFile::new_in(folder)?;
    shard.write(&mut BufWriter::new(&mut file))?;
    crate::cli::shared::files::publish(file, &path)?;
    Ok(path)
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
