//! A block of a campaign's trials in a file of its own.

use super::{CampaignEnding, CampaignIdentity, Results, TrialRow};
use crate::json_lines::{self, FileFormat, Lines, ReadError, Unreadable};
use crate::scenario::MadeBy;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io::{self, BufRead, Write};
use std::ops::Range;

/// The version of the format.
const VERSION: u32 = 3;
/// What a shard is among files of JSON lines.
pub const FORMAT: FileFormat =
    FileFormat { name: "file of trials", key: "campaign", version: VERSION };

/// What the shards of a campaign hold: which command they come from, what tells one campaign from
/// another, and what is kept of one trial.
pub trait ShardKind: Sized {
    /// The subcommand.
    const COMMAND: &'static str;
    /// What people call the trials.
    const TRIALS: &'static str = "trials";
    /// Everything that the rows depend on but their numbers.
    type Identity: Serialize + DeserializeOwned + PartialEq + Clone;
    /// What is kept of one trial.
    type Row: Serialize + DeserializeOwned;

    /// The number of the trial.
    fn trial(row: &Self::Row) -> u64;

    /// Whether a row can be of such a campaign.
    fn fits(identity: &Self::Identity, row: &Self::Row) -> bool;

    /// Version of the program, hash of the scenario and seed: what is named first where two
    /// campaigns differ.
    fn origin(identity: &Self::Identity) -> [String; 3];

    /// The options that ask for this many trials.
    fn amount(_: &Self::Identity, trials: u64) -> String {
        format!("--trials {trials}")
    }
}

/// Trials as `sim run` plays them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trials;

impl ShardKind for Trials {
    const COMMAND: &'static str = "run";
    type Identity = CampaignIdentity;
    type Row = TrialRow;

    fn trial(row: &TrialRow) -> u64 {
        row.trial
    }

    fn fits(identity: &CampaignIdentity, row: &TrialRow) -> bool {
        row.values.len() == identity.headlines.len()
    }

    fn origin(identity: &CampaignIdentity) -> [String; 3] {
        [identity.program.clone(), identity.scenario_hash.clone(), identity.seed.to_string()]
    }
}

/// Which part of a campaign: `3/16`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardPosition {
    /// 1 for the first.
    pub shard: u32,
    /// How many there are.
    #[serde(rename = "of")]
    pub total: u32,
}

impl ShardPosition {
    /// All of a campaign.
    pub const WHOLE: ShardPosition = ShardPosition { shard: 1, total: 1 };

    /// Its trials, of this many in all. Blocks differ by at most one trial, and none is in two.
    pub fn trials(self, all: u64) -> Range<u64> {
        let start =
            |shard: u32| (u128::from(all) * u128::from(shard) / u128::from(self.total)) as u64;
        start(self.shard - 1)..start(self.shard)
    }
}

impl fmt::Display for ShardPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.shard, self.total)
    }
}

/// The first line of a shard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardHeader<I = CampaignIdentity> {
    /// Version of this format.
    campaign: u32,
    /// The subcommand that plays such trials.
    command: String,
    /// Trials of the whole campaign.
    pub trials: u64,
    /// Which of them are here.
    pub block: ShardPosition,
    /// Which campaign.
    pub identity: I,
    /// The command and files it was made from; `None`: all in one folder, whose `run.json` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<MadeBy>,
}

impl<I> ShardHeader<I> {
    /// The header of a block of trials that `K`'s command plays.
    pub fn new<K: ShardKind<Identity = I>>(
        identity: I,
        trials: u64,
        block: ShardPosition,
    ) -> ShardHeader<I> {
        let command = K::COMMAND.to_string();
        ShardHeader { campaign: VERSION, command, trials, block, identity, made_by: None }
    }

    /// The same, of what was made by this command.
    pub fn made_by(self, made_by: MadeBy) -> ShardHeader<I> {
        ShardHeader { made_by: Some(made_by), ..self }
    }

    /// How many trials its block has.
    pub fn of_block(&self) -> u64 {
        let trials = self.block.trials(self.trials);
        trials.end - trials.start
    }
}

/// What the first line of a shard says, whatever its kind.
#[derive(Deserialize)]
struct ShardPreamble {
    #[serde(default)]
    command: String,
}

/// A block of trials as its file has it, all of it in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Shard {
    /// Which block of which campaign.
    pub header: ShardHeader,
    /// Its trials, in order; fewer than the block has if it was interrupted.
    pub rows: Vec<TrialRow>,
}

impl Shard {
    /// A block that was played.
    pub fn new(
        identity: CampaignIdentity,
        trials: u64,
        block: ShardPosition,
        rows: Vec<TrialRow>,
    ) -> Shard {
        Shard { header: ShardHeader::new::<Trials>(identity, trials, block), rows }
    }

    /// A whole campaign, or what there is of it.
    pub fn of_results(results: &Results) -> Shard {
        let trials = match results.ending {
            CampaignEnding::Interrupted { wanted } => wanted,
            CampaignEnding::Whole
            | CampaignEnding::Precise { .. }
            | CampaignEnding::PrecisionNotReached { .. } => results.rows.len() as u64,
        };
        Shard::new(results.identity.clone(), trials, ShardPosition::WHOLE, results.rows.clone())
    }

    /// The campaign that this is all of; `None` if it is only a block of one.
    pub fn into_results(self) -> Option<Results> {
        if self.header.block.total > 1 {
            return None;
        }
        let wanted = self.header.trials;
        let ending = if self.is_complete() {
            CampaignEnding::Whole
        } else {
            CampaignEnding::Interrupted { wanted }
        };
        Some(Results { identity: self.header.identity, rows: self.rows, ending })
    }

    /// Whether every trial of the block is there.
    pub fn is_complete(&self) -> bool {
        let trials = self.header.block.trials(self.header.trials);
        self.rows.iter().map(|row| row.trial).eq(trials)
    }

    /// Writes one JSON object a line: the header, then the trials.
    pub fn write(&self, to: &mut dyn Write) -> io::Result<()> {
        json_lines::write(to, &self.header)?;
        self.rows.iter().try_for_each(|row| json_lines::write(to, row))
    }

    /// Reads what [`Shard::write`] wrote.
    pub fn read(from: impl BufRead) -> Result<Shard, ReadError> {
        let mut reader = ShardReader::<Trials, _>::open(from)?;
        let rows = reader.by_ref().collect::<Result<_, _>>()?;
        Ok(Shard { header: reader.header, rows })
    }
}

/// A shard that is read trial by trial, for campaigns that do not fit into memory. It gives the
/// rows in order, and checks each.
pub struct ShardReader<K: ShardKind, R> {
    lines: Lines<R>,
    header: ShardHeader<K::Identity>,
    /// No trial before this one may follow.
    next: u64,
}

impl<K: ShardKind, R: BufRead> ShardReader<K, R> {
    /// Reads the header.
    pub fn open(from: R) -> Result<Self, ReadError> {
        let lines = Lines::open(FORMAT, from)?;
        let ShardPreamble { command } = lines.value()?;
        if command != K::COMMAND {
            let problem = format!("a shard of sim {command}, not of sim {}", K::COMMAND);
            return Err(FORMAT.read_error(Unreadable::Unfit(problem)));
        }
        let header: ShardHeader<K::Identity> = lines.value()?;
        let block = header.block;
        if block.shard == 0 || block.shard > block.total || u64::from(block.total) > header.trials {
            return Err(lines.corrupt("no such block of trials"));
        }
        let next = block.trials(header.trials).start;
        Ok(ShardReader { lines, header, next })
    }

    /// The first line.
    pub fn header(&self) -> &ShardHeader<K::Identity> {
        &self.header
    }

    fn row(&mut self) -> Result<Option<K::Row>, ReadError> {
        if !self.lines.advance()? {
            return Ok(None);
        }
        let row: K::Row = self.lines.value()?;
        if !K::fits(&self.header.identity, &row) {
            return Err(self.lines.corrupt("not what this campaign asks of a trial"));
        }
        let trial = K::trial(&row);
        if trial < self.next || !self.header.block.trials(self.header.trials).contains(&trial) {
            return Err(self.lines.corrupt("a trial that does not belong here"));
        }
        self.next = trial + 1;
        Ok(Some(row))
    }
}

impl<K: ShardKind, R: BufRead> Iterator for ShardReader<K, R> {
    type Item = Result<K::Row, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.row().transpose()
    }
}

/// The subcommand whose trials a shard holds, told from its first line; an error if it is none.
pub fn command_of(from: impl BufRead) -> Result<String, ReadError> {
    let ShardPreamble { command } = Lines::open(FORMAT, from)?.value()?;
    Ok(command)
}
