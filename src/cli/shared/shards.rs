//! Playing one block of a campaign into a file of its own: whole or not at all, and never twice.

use super::draft::Draft;
use super::interrupt::Interrupt;
use super::resume::Checkpoint;
use super::{Exit, terminal};
use crate::campaign::{ShardHeader, ShardKind, ShardPosition, ShardReader, WorkerPool};
use crate::json_lines;
use crate::report;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufReader};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// `reports/proxy-outage-shard-3-of-16.jsonl`; the word is blank for trials of `sim run`.
pub(in crate::cli) fn file(
    folder: &Path,
    scenario: &Path,
    word: &str,
    block: ShardPosition,
) -> PathBuf {
    let mut name = scenario.file_stem().unwrap_or(OsStr::new("run")).to_os_string();
    name.push(format!("{word}-shard-{}-of-{}.jsonl", block.shard, block.total));
    folder.join(name)
}

/// What a shard is played with: its trials, those that are known already, whom to tell of every
/// new one, and whether to stop.
pub(in crate::cli) struct ShardRun<'a, K: ShardKind> {
    pub(in crate::cli) trials: Range<u64>,
    pub(in crate::cli) known: Vec<K::Row>,
    pub(in crate::cli) checkpoint: &'a Checkpoint,
    pub(in crate::cli) interrupt: &'a Interrupt,
}

/// Plays the trial of a number, and gives `None` where it was asked to stop.
type PlayTrial<'a, Row> = dyn Fn(u64, &(dyn Fn() -> bool + Sync)) -> Option<Row> + Sync + 'a;

impl<K: ShardKind<Row: Clone + Send + Sync>> ShardRun<'_, K> {
    /// Plays the trials side by side; those that are known already are taken over, each new one is
    /// kept and told. `play` gives `None` where it was stopped.
    pub(in crate::cli) fn rows(
        self,
        threads: usize,
        new: &(dyn Fn(&K::Row) + Sync),
        play: &PlayTrial<'_, K::Row>,
    ) -> io::Result<Vec<K::Row>> {
        let ShardRun { trials, known, checkpoint, interrupt } = self;
        let known: BTreeMap<u64, K::Row> =
            known.into_iter().map(|row| (K::trial(&row), row)).collect();
        let workers = WorkerPool::new(threads).map_err(io::Error::other)?;
        let stop = || interrupt.wanted();
        Ok(workers.collect(trials, &|trial| {
            if let Some(row) = known.get(&trial) {
                return Some(row.clone());
            }
            let row = play(trial, &stop)?;
            checkpoint.add(&row);
            new(&row);
            Some(row)
        }))
    }
}

/// Plays a block and writes it to `wanted`, or beside it if that holds another campaign's.
///
/// What is played before the program is stopped or killed is in a file beside it, from which the
/// same command goes on. If the shard is there already, nothing is played.
pub(in crate::cli) fn play<K: ShardKind>(
    header: &ShardHeader<K::Identity>,
    wanted: &Path,
    quiet: bool,
    play: impl FnOnce(ShardRun<K>) -> io::Result<Vec<K::Row>>,
) -> Exit {
    let block = header.block;
    if u64::from(block.total) > header.trials {
        let message =
            format!("{} {} cannot be split into {} shards", header.trials, K::TRIALS, block.total);
        terminal::error(&message, &format!("ask for at most {}", header.trials));
        return Exit::Wrong;
    }
    match played::<K>(header, wanted, quiet, play) {
        Ok(exit) => exit,
        Err(error) if error.kind() == io::ErrorKind::ResourceBusy => {
            let message = format!("shard {block} is being run by another sim right now");
            terminal::error(&message, "wait for it, or stop it and run the same command again");
            Exit::Broke
        }
        Err(error) => {
            let message = format!("cannot write {}: {error}", wanted.display());
            terminal::error(&message, terminal::ELSEWHERE);
            Exit::Broke
        }
    }
}

fn played<K: ShardKind>(
    header: &ShardHeader<K::Identity>,
    wanted: &Path,
    quiet: bool,
    play: impl FnOnce(ShardRun<K>) -> io::Result<Vec<K::Row>>,
) -> io::Result<Exit> {
    let (path, whole) = place::<K>(header, wanted)?;
    if whole {
        tell::<K>(header, &path, "it already exists", quiet);
        return Ok(Exit::Met);
    }
    let mut draft = Draft::at(&path)?;
    let so_far = path.with_extension("resume.jsonl");
    let (checkpoint, known) = Checkpoint::open::<K::Row>(&so_far, header, true)?;
    if !known.is_empty() && !quiet {
        terminal::print_to_stderr(&format!("{} {} were already run\n", known.len(), K::TRIALS));
    }
    let interrupt = Interrupt::listen();
    let trials = header.block.trials(header.trials);
    let playing = ShardRun { trials, known, checkpoint: &checkpoint, interrupt: &interrupt };
    let rows = play(playing)?;
    let done = rows.len() as u64;
    if done < header.of_block() {
        if !quiet {
            let so_far = report::for_terminal(&so_far.display().to_string(), 2_000);
            terminal::print_to_stderr(&format!(
                "interrupted: {done} of {} {} are saved in {so_far}; the same command runs the \
                 rest\n",
                header.of_block(),
                K::TRIALS
            ));
        }
        return Ok(Exit::Interrupted);
    }
    draft.attempt(|to| {
        json_lines::write(to, header)?;
        rows.iter().try_for_each(|row| json_lines::write(to, row))
    });
    draft.publish()?;
    checkpoint.remove();
    tell::<K>(header, &path, "played", quiet);
    Ok(Exit::Met)
}

fn tell<K: ShardKind>(header: &ShardHeader<K::Identity>, path: &Path, how: &str, quiet: bool) {
    if !quiet {
        let path = report::for_terminal(&path.display().to_string(), 2_000);
        let (block, n) = (header.block, header.of_block());
        let (all, trials) = (header.trials, K::TRIALS);
        terminal::print(&format!(
            "Shard   {block}, {n} of {all} {trials}: {how}\nFile    {path}\n"
        ));
    }
}

/// Where a shard goes, and whether it is there, whole. A file that holds something else is left
/// alone, and `-2`, `-3`, … is tried.
fn place<K: ShardKind>(
    header: &ShardHeader<K::Identity>,
    wanted: &Path,
) -> io::Result<(PathBuf, bool)> {
    let folder = wanted.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let stem = wanted.file_stem().unwrap_or_default().to_os_string();
    let mut path = wanted.to_path_buf();
    for number in 2.. {
        let found = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((path, false)),
            Err(error) => return Err(error),
            Ok(file) if file.metadata()?.len() == 0 => return Ok((path, false)),
            Ok(file) => ShardReader::<K, _>::open(BufReader::new(file)),
        };
        if let Ok(found) = found
            && *found.header() == *header
        {
            let rows = found.take_while(Result::is_ok).count() as u64;
            return Ok((path, rows == header.of_block()));
        }
        let mut name = stem.clone();
        name.push(format!("-{number}.jsonl"));
        path = folder.join(name);
    }
    Err(io::Error::other("too many files of this name"))
}
