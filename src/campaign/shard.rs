//! A block of a campaign's trials in a file of its own, and the campaign that all blocks make.

use super::{Ending, Identity, Results, Row};
use crate::scenario::MadeBy;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io::{self, BufRead, Read, Write};
use std::ops::Range;

/// The version of the format.
const VERSION: u32 = 1;
/// No line of a shard is longer.
const LONGEST_LINE: u64 = 16 << 20;

/// Which part of a campaign: `3/16`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// 1 for the first.
    pub shard: u32,
    /// How many there are.
    pub of: u32,
}

impl Block {
    /// Its trials, of this many in all. Blocks differ by at most one trial, and none is in two.
    pub fn trials(self, all: u64) -> Range<u64> {
        let start = |shard: u32| (u128::from(all) * u128::from(shard) / u128::from(self.of)) as u64;
        start(self.shard - 1)..start(self.shard)
    }
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.shard, self.of)
    }
}

/// The first line of a shard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardHeader {
    /// Version of this format.
    campaign: u32,
    /// Trials of the whole campaign.
    pub trials: u64,
    /// Which of them are here.
    pub block: Block,
    /// Which campaign.
    pub identity: Identity,
    /// By which command, and from which files; `None`: it is all in one folder, which says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<MadeBy>,
}

/// A block of trials as its file has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shard {
    /// Which block of which campaign.
    pub header: ShardHeader,
    /// Its trials, in order; fewer than the block has if it was interrupted.
    pub rows: Vec<Row>,
}

/// Why a shard cannot be read.
#[derive(Debug)]
pub enum ShardError {
    /// The file cannot be read.
    Io(io::Error),
    /// It is something else, or damaged: the line, and what is wrong with it.
    Wrong { line: usize, problem: String },
}

impl fmt::Display for ShardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ShardError::Io(error) => write!(f, "{error}"),
            ShardError::Wrong { line, problem } => write!(f, "line {line}: {problem}"),
        }
    }
}

impl Shard {
    /// A block that was played.
    pub fn new(identity: Identity, trials: u64, block: Block, rows: Vec<Row>) -> Shard {
        let (campaign, made_by) = (VERSION, None);
        Shard { header: ShardHeader { campaign, trials, block, identity, made_by }, rows }
    }

    /// The same, made by this command.
    pub fn made_by(self, made_by: MadeBy) -> Shard {
        Shard { header: ShardHeader { made_by: Some(made_by), ..self.header }, ..self }
    }

    /// A whole campaign, or what there is of it.
    pub fn of_results(results: &Results) -> Shard {
        let trials = match results.ending {
            Ending::Interrupted { wanted } => wanted,
            Ending::Whole | Ending::Precise { .. } | Ending::PrecisionNotReached { .. } => {
                results.rows.len() as u64
            }
        };
        Shard::new(
            results.identity.clone(),
            trials,
            Block { shard: 1, of: 1 },
            results.rows.clone(),
        )
    }

    /// The campaign that this is all of; `None` if it is only a block of one.
    pub fn into_results(self) -> Option<Results> {
        if self.header.block.of > 1 {
            return None;
        }
        let wanted = self.header.trials;
        let ending = if self.whole() { Ending::Whole } else { Ending::Interrupted { wanted } };
        Some(Results { identity: self.header.identity, rows: self.rows, ending })
    }

    /// Whether every trial of the block is there.
    pub fn whole(&self) -> bool {
        let trials = self.header.block.trials(self.header.trials);
        self.rows.iter().map(|row| row.trial).eq(trials)
    }

    /// Writes one JSON object a line: the header, then the trials.
    pub fn write(&self, to: &mut dyn Write) -> io::Result<()> {
        let mut line = |json: serde_json::Result<Vec<u8>>| {
            let mut bytes = json.map_err(io::Error::other)?;
            bytes.push(b'\n');
            to.write_all(&bytes)
        };
        line(serde_json::to_vec(&self.header))?;
        self.rows.iter().try_for_each(|row| line(serde_json::to_vec(row)))
    }

    /// Reads what [`Shard::write`] wrote.
    pub fn read(from: impl BufRead) -> Result<Shard, ShardError> {
        let mut lines = Lines { from, line: 0 };
        let wrong = |line, problem: &str| ShardError::Wrong { line, problem: problem.to_string() };
        let Some(header) = lines.next::<ShardHeader>()? else {
            return Err(wrong(1, "the file is empty"));
        };
        let block = header.block;
        if block.shard == 0 || block.shard > block.of || u64::from(block.of) > header.trials {
            return Err(wrong(1, "no such block of trials"));
        }
        if header.campaign != VERSION {
            return Err(wrong(1, "another format; run the shard again with this program"));
        }
        let trials = block.trials(header.trials);
        let mut rows: Vec<Row> = Vec::new();
        while let Some(row) = lines.next::<Row>()? {
            if row.values.len() != header.identity.headlines.len() {
                return Err(wrong(lines.line, "not one value for each headline"));
            }
            let after_last = rows.last().is_none_or(|last| last.trial < row.trial);
            if !after_last || !trials.contains(&row.trial) {
                return Err(wrong(lines.line, "a trial that does not belong here"));
            }
            rows.push(row);
        }
        Ok(Shard { header, rows })
    }
}

struct Lines<R> {
    from: R,
    line: usize,
}

impl<R: BufRead> Lines<R> {
    fn next<T: for<'a> Deserialize<'a>>(&mut self) -> Result<Option<T>, ShardError> {
        let mut bytes = Vec::new();
        let mut from = self.from.by_ref().take(LONGEST_LINE);
        if from.read_until(b'\n', &mut bytes).map_err(ShardError::Io)? == 0 {
            return Ok(None);
        }
        self.line += 1;
        let wrong = |problem: &str| {
            Err(ShardError::Wrong { line: self.line, problem: problem.to_string() })
        };
        if !bytes.ends_with(b"\n") {
            return wrong("cut off");
        }
        match serde_json::from_slice(&bytes) {
            Ok(value) => Ok(Some(value)),
            Err(_) if self.line == 1 => wrong("not a shard of a campaign"),
            Err(error) => wrong(&format!("not a trial: {error}")),
        }
    }
}

/// Why shards do not make a campaign: the file, what is wrong with it, and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeError {
    /// What is wrong, the file named.
    pub message: String,
    /// What to do instead.
    pub hint: String,
}

/// The campaign that these named shards make, in any order.
pub fn merge(mut shards: Vec<(String, Shard)>) -> Result<Results, MergeError> {
    let Some((first_name, first)) = shards.first() else {
        let message = "no shards to merge".to_string();
        return Err(MergeError { message, hint: "name the files of all shards".to_string() });
    };
    for (name, shard) in &shards {
        if let Some(what) = differs(&first.header, &shard.header) {
            return Err(MergeError {
                message: format!("{name} and {first_name} have another {what}"),
                hint: "merge only shards of one campaign: the same scenario, seed, trials, number \
                       of shards and version of sim"
                    .to_string(),
            });
        }
    }
    let (trials, of) = (first.header.trials, first.header.block.of);
    let identity = first.header.identity.clone();
    shards.sort_by_key(|(_, shard)| shard.header.block.shard);
    for pair in shards.windows(2) {
        let block = pair[0].1.header.block;
        if block == pair[1].1.header.block {
            return Err(MergeError {
                message: format!("{} and {} are both shard {block}", pair[0].0, pair[1].0),
                hint: "name each shard once".to_string(),
            });
        }
    }
    let there = |shard: &u32| shards.iter().any(|(_, one)| one.header.block.shard == *shard);
    let missing: Vec<String> =
        (1..=of).filter(|shard| !there(shard)).map(|shard| format!("{shard}/{of}")).collect();
    if let Some(one) = missing.first() {
        return Err(MergeError {
            message: format!("missing: shard {}", listed(&missing)),
            hint: format!("run it with --trials {trials} --shard {one} and name its file too"),
        });
    }
    if let Some((name, shard)) = shards.iter().find(|(_, shard)| !shard.whole()) {
        let block = shard.header.block;
        let all = block.trials(trials).count();
        return Err(MergeError {
            message: format!("{name} has {} of the {all} trials of its block", shard.rows.len()),
            hint: format!("it was interrupted; run --trials {trials} --shard {block} again"),
        });
    }
    let rows = shards.into_iter().flat_map(|(_, shard)| shard.rows).collect();
    Ok(Results { identity, rows, ending: Ending::Whole })
}

/// The first words of a list, and how many more there are.
fn listed(words: &[String]) -> String {
    let shown = words[..words.len().min(8)].join(", ");
    match words.len() - words.len().min(8) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// In what two headers differ, if they are not of the same campaign.
fn differs(one: &ShardHeader, other: &ShardHeader) -> Option<&'static str> {
    let (first, second) = (&one.identity, &other.identity);
    let same = [
        (first.program == second.program, "version of sim"),
        (first.scenario_hash == second.scenario_hash, "scenario"),
        (first.seed == second.seed, "seed"),
        (one.trials == other.trials, "number of trials"),
        (one.block.of == other.block.of, "number of shards"),
        (first == second, "scenario"),
    ];
    same.into_iter().find(|(same, _)| !same).map(|(_, what)| what)
}
