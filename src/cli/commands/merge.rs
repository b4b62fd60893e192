//! `sim merge`: joins the shards of a campaign. They are read one after the other, so that a
//! million trials need no more memory than a thousand.

use crate::campaign::{
    self, Comparing, Comparison, MergeError, ShardHeader, ShardKind, ShardPosition, ShardReader,
    Summary, SummaryBuilder, TrialPairs, Trials,
};
use crate::cli::shared::files::Folder;
use crate::cli::shared::provenance::{self, RUN};
use crate::cli::shared::saving::{self, TRIALS};
use crate::cli::shared::{Exit, terminal};
use crate::json_lines::{self, ReadError, Unreadable};
use crate::report::{self, Compared, TrialsTable, Tuning};
use crate::tune::{JudgedDays, Scoring};
use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

/// Join the shards of a campaign
///
/// Reads what `sim run`, `sim compare` or `sim tune` wrote with `--shard I/N`, in any order, and
/// writes the same tables, byte for byte, as one machine would. Shards of another scenario, seed
/// or version of sim are refused, and so are missing, duplicate or unfinished ones. Missing shards
/// are listed in job-array notation.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct MergeArguments {
    /// The files of all shards
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Folder for the tables; one that holds another campaign is left alone, the new one gets -2
    #[arg(long, short, alias = "output", value_name = "DIR", default_value = "reports/merged")]
    out: PathBuf,

    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  sim merge reports/proxy-outage-shard-*.jsonl --out reports/proxy-outage-all
  sim merge reports/open-thresholds-tune-shard-*.jsonl --out reports/thresholds

Exit codes: 0 merged, 2 the files do not form a campaign, 1 a runtime error.";

/// What is written of trials.
const TABLES: [&str; 4] = [report::TRIALS_FILE, report::CAMPAIGN_FILE, TRIALS, RUN];

/// Why it ended early, and whether that has been reported.
enum Stopped {
    Told(Exit),
    Refused(MergeError),
    Failed(io::Error),
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Stopped {
        Stopped::Failed(error)
    }
}

impl From<MergeError> for Stopped {
    fn from(error: MergeError) -> Stopped {
        Stopped::Refused(error)
    }
}

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &MergeArguments) -> Exit {
    match merged(arguments) {
        Ok(told) => {
            if !arguments.quiet {
                terminal::print(&told);
            }
            Exit::Met
        }
        Err(Stopped::Told(exit)) => exit,
        Err(Stopped::Refused(error)) => {
            terminal::error(&error.message, &error.hint);
            Exit::Wrong
        }
        Err(Stopped::Failed(error)) => {
            terminal::cannot_write(&arguments.out, &error);
            Exit::Broke
        }
    }
}

fn merged(arguments: &MergeArguments) -> Result<String, Stopped> {
    let first = &arguments.files[0];
    let command = open(first).and_then(campaign::command_of);
    let command = command.map_err(|error| Stopped::Told(unreadable(first, &error)))?;
    let (folder, told) = match command.as_str() {
        TrialPairs::COMMAND => pairs(arguments)?,
        JudgedDays::COMMAND => days(arguments)?,
        // Whatever else it may be is refused where it is read.
        _ => trials(arguments)?,
    };
    let folder = report::for_terminal(&folder.path().display().to_string(), 2_000);
    Ok(format!("{told}\nFiles   {folder}/\n"))
}

/// The shards of a campaign that are all there, in order.
struct Shards<'f, K: ShardKind> {
    files: Vec<&'f Path>,
    header: ShardHeader<K::Identity>,
}

impl<'f, K: ShardKind> Shards<'f, K> {
    fn open(files: &'f [PathBuf]) -> Result<Self, Stopped> {
        let mut headers = Vec::with_capacity(files.len());
        for path in files {
            let reader = open(path).and_then(ShardReader::<K, _>::open);
            let reader = reader.map_err(|error| Stopped::Told(unreadable(path, &error)))?;
            headers.push((path.display().to_string(), reader.header().clone()));
        }
        let order = campaign::order::<K>(&headers)?;
        let files = order.into_iter().map(|at| files[at].as_path()).collect();
        Ok(Shards { files, header: headers.swap_remove(0).1 })
    }

    /// Hands out every trial in order.
    fn each(&self, told: &mut dyn FnMut(&K::Row) -> io::Result<()>) -> Result<(), Stopped> {
        for path in &self.files {
            let unreadable = |error: ReadError| Stopped::Told(unreadable(path, &error));
            let mut reader = open(path).and_then(ShardReader::<K, _>::open).map_err(unreadable)?;
            let mut rows = 0;
            for row in reader.by_ref() {
                told(&row.map_err(unreadable)?)?;
                rows += 1;
            }
            let header = reader.header();
            if rows < header.of_block() {
                let name = path.display().to_string();
                return Err(campaign::interrupted::<K>(&name, header, rows).into());
            }
        }
        Ok(())
    }
}

/// The trials of `sim run`.
fn trials(arguments: &MergeArguments) -> Result<(Folder, String), Stopped> {
    let shards = Shards::<Trials>::open(&arguments.files)?;
    let ShardHeader { identity, trials, .. } = &shards.header;
    let folder = Folder::claim_table(&arguments.out, &TABLES, &[(0, &identity.run_id)])?;
    let mut batch = folder.batch();
    let mut table = TrialsTable::begin(identity, batch.open(report::TRIALS_FILE)?)?;
    let mut whole = folder.draft(TRIALS)?;
    let header = ShardHeader::new::<Trials>(identity.clone(), *trials, ShardPosition::WHOLE);
    json_lines::write(&mut whole, &header)?;
    let mut summing = SummaryBuilder::new(identity.clone(), aside(&folder)?);
    shards.each(&mut |row| {
        table.add(row)?;
        json_lines::write(&mut whole, row)?;
        summing.add(row)
    })?;
    table.finish()?;
    let summary: Summary = summing.finish()?;
    report::write_campaign(&summary, batch.open(report::CAMPAIGN_FILE)?)?;
    whole.publish()?;
    batch.publish()?;
    if let Some(made_by) = &shards.header.made_by {
        provenance::keep(&folder, made_by)?;
    }
    Ok((folder, report::merged_summary(&summary, terminal::style())))
}

/// The pairs of `sim compare`.
fn pairs(arguments: &MergeArguments) -> Result<(Folder, String), Stopped> {
    let shards = Shards::<TrialPairs>::open(&arguments.files)?;
    let identity = &shards.header.identity;
    let [first, second] = &identity.sides;
    let cells = [(0, first.run_id.as_str()), (4, second.run_id.as_str())];
    let folder = Folder::claim_table(&arguments.out, &saving::COMPARE_FILES, &cells)?;
    let mut comparing = Comparing::new([first, second], aside(&folder)?);
    shards.each(&mut |pair| comparing.add(pair))?;
    let Comparison { pairs, same, differences, unfinished } = comparing.finish()?;
    let compared = Compared {
        first,
        second,
        words: identity.changes.each_ref().map(String::as_str),
        trials: pairs,
        same,
        differences: &differences,
        contrast: &identity.contrast,
        unfinished: unfinished.map(|unfinished| unfinished.open),
        replay: &identity.replay,
    };
    saving::comparison(&folder, &compared, shards.header.made_by.as_ref())?;
    let words = identity.words.each_ref().map(String::as_str);
    let told = report::compare_summary(&compared, words, terminal::style());
    Ok((folder, told))
}

/// The days of `sim tune`.
fn days(arguments: &MergeArguments) -> Result<(Folder, String), Stopped> {
    let shards = Shards::<JudgedDays>::open(&arguments.files)?;
    let identity = &shards.header.identity;
    let cells = [(0, identity.scenario_hash.as_str())];
    let folder = Folder::claim_table(&arguments.out, &saving::TUNE_FILES, &cells)?;
    let mut scoring = Scoring::new(identity);
    shards.each(&mut |day| {
        scoring.add(day);
        Ok(())
    })?;
    let outcome = scoring.outcome();
    if outcome.troubled.is_empty() {
        let message = "no fault began on any of these days".to_string();
        let hint = "tune with a scenario whose faults begin".to_string();
        return Err(MergeError { message, hint }.into());
    }
    let tuning = Tuning { identity, outcome: &outcome };
    saving::tuning(&folder, &tuning, shards.header.made_by.as_ref())?;
    Ok((folder, report::tune_summary(&tuning, terminal::style())))
}

/// A temporary file that is removed when the program ends, however it ends.
fn aside(folder: &Folder) -> io::Result<File> {
    tempfile::tempfile_in(folder.path())
}

fn open(path: &Path) -> Result<BufReader<File>, ReadError> {
    File::open(path).map(BufReader::new).map_err(|error| campaign::FORMAT.unopened(error))
}

fn unreadable(path: &Path, problem: &ReadError) -> Exit {
    let message = format!("cannot read {}: {problem}", path.display());
    let hint = match problem.problem {
        Unreadable::Version { .. } => "run the shard again with this program",
        _ => "name files that sim run, compare or tune wrote with --shard",
    };
    terminal::error(&message, hint);
    Exit::Wrong
}
