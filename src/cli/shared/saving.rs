//! The reports of a run, from its journal and the many trials beside it.

use super::files::{Folder, JOURNAL};
use super::provenance::{self, RUN};
use crate::campaign::{
    self, Alternatives, Backtest, Campaign, CampaignIdentity, Odds, Results, Sensitivity, Shard,
};
use crate::capacity::CapacityCheck;
use crate::explanation::PlayExplanation;
use crate::fault::Topology;
use crate::gameday::Trial;
use crate::journal::{self, Header, ReadError, Story};
use crate::report::{self, Compared, Extras, HotWash, Naming, RunBeside, Tuning};
use crate::scenario::{self, MadeBy, Plan};
use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

/// The name of the trials of a campaign in its folder: what `sim report` needs of them.
pub(in crate::cli) const TRIALS: &str = "trials.jsonl";

/// What else could have been done on a rehearsed day.
pub(in crate::cli) const ALTERNATIVES: &str = "alternatives.json";

/// What many runs hinge on, and what would have saved most.
pub(in crate::cli) const SENSITIVITY: &str = "hinges.json";

/// What was guessed before a rehearsal, and what is kept after it.
pub(in crate::cli) const HOT_WASH: &str = "hot-wash.json";

/// Keeps what a rehearsal leaves for the hot wash beside its journal.
pub(in crate::cli) fn keep_hot_wash(folder: &Folder, wash: &HotWash) -> io::Result<()> {
    folder.keep(HOT_WASH, &serde_json::to_vec_pretty(wash).expect("plain data"))
}

/// What the rehearsal of this journal has left for the hot wash.
fn hot_wash_of(folder: &Path, header: &Header) -> Option<HotWash> {
    let file = File::open(folder.join(HOT_WASH)).ok()?;
    let wash: HotWash = serde_json::from_reader(BufReader::new(file)).ok()?;
    wash.is_of(header).then_some(wash)
}

/// Keeps what many runs hinge on beside them.
pub(in crate::cli) fn keep_sensitivity(folder: &Folder, found: &Sensitivity) -> io::Result<()> {
    folder.keep(SENSITIVITY, &serde_json::to_vec_pretty(found).expect("plain data"))
}

/// What people took in the rehearsal of a journal, among the trials in its folder and beside what
/// else could have been done; empty if nobody was seen to do anything.
pub(in crate::cli) fn how_did_we_do(folder: &Path, header: &Header, story: &Story) -> String {
    let trials = trials_of(folder, header);
    let tried = alternatives_of(folder, header);
    let (campaign, alternatives) = (trials.as_ref(), tried.as_ref());
    let beside = Extras { campaign, alternatives, ..Extras::default() };
    report::how_did_we_do(header, story, beside, super::terminal::style())
}

/// Plays the day of a journal once for each choice, and keeps what came of it in its folder. A
/// header without a plan of this version gives nothing.
pub(in crate::cli) fn try_out(folder: &Folder, header: &Header) -> io::Result<()> {
    let Some(plan) = Plan::of_header(header) else { return Ok(()) };
    let trial = Trial { seed: header.seed, number: header.trial };
    let Some(tried) = campaign::alternatives(&plan, trial, &|| false) else { return Ok(()) };
    let text = serde_json::to_vec_pretty(&tried).expect("plain data");
    folder.keep(ALTERNATIVES, &text)
}

/// The names of all files of a run, with many trials or without.
pub(in crate::cli) fn names(many: bool) -> Vec<&'static str> {
    let own = [JOURNAL, RUN].into_iter().chain(report::file_names());
    let tables = [report::TRIALS_FILE, report::CAMPAIGN_FILE, report::BACKTEST_FILE];
    let trials = [TRIALS, SENSITIVITY].into_iter().chain(tables);
    own.chain(trials.filter(|_| many)).collect()
}

/// A journal that is being read.
pub(in crate::cli) type Journal = journal::JournalReader<BufReader<File>>;

/// Opens the journal in a folder.
pub(in crate::cli) fn open(folder: &Path) -> Result<Journal, ReadError> {
    let file = File::open(folder.join(JOURNAL)).map_err(|error| journal::FORMAT.unopened(error))?;
    journal::JournalReader::new(BufReader::new(file))
}

/// What is in a folder beside its journal, as far as it is of the same scenario and version.
#[derive(Default)]
pub(in crate::cli) struct Neighbours {
    /// Many trials of the same seed.
    pub(in crate::cli) trials: Option<Results>,
    /// A typical one of them and a bad one.
    shown: Vec<RunBeside>,
    /// What the trials hinge on.
    pub(in crate::cli) sensitivity: Option<Sensitivity>,
    capacity: Option<CapacityCheck>,
    tried: Option<Alternatives>,
    /// What a rehearsal leaves for the hot wash.
    hot_wash: Option<HotWash>,
    /// The site and the plays of the journal's own plan.
    topology: Option<Topology>,
    plays: Vec<PlayExplanation>,
}

impl Neighbours {
    /// What is beside the journal in this folder.
    pub(in crate::cli) fn load(folder: &Path, header: &Header) -> Neighbours {
        let trials = trials_of(folder, header);
        let shown = trials.as_ref().map_or(Vec::new(), |trials| shown(trials, header));
        let (capacity, tried) = (capacity_of(folder, header), alternatives_of(folder, header));
        let sensitivity = trials
            .as_ref()
            .and_then(|trials| sensitivity_of(folder, &trials.identity, trials.rows.len() as u64));
        let (topology, plays) = (scenario::topology_of(header), scenario::plays_of(header));
        let hot_wash = hot_wash_of(folder, header);
        Neighbours { trials, shown, sensitivity, capacity, tried, hot_wash, topology, plays }
    }

    /// The same for reports.
    pub(in crate::cli) fn extras(&self) -> Extras<'_> {
        Extras {
            alternatives: self.tried.as_ref(),
            campaign: self.trials.as_ref(),
            shown: &self.shown,
            sensitivity: self.sensitivity.as_ref(),
            capacity: self.capacity.as_ref(),
            hot_wash: self.hot_wash.as_ref(),
            topology: self.topology.as_ref(),
            plays: &self.plays,
            ..Extras::default()
        }
    }
}

/// The runs among many that are shown beside the one of a journal, played again: once for what
/// happened, and once for what visitors felt meanwhile.
fn shown(trials: &Results, header: &Header) -> Vec<RunBeside> {
    let Some(plan) = Plan::of_header(header) else { return Vec::new() };
    let odds = Odds::from_results(trials);
    let mut numbers: Vec<u64> = [odds.typical, odds.bad].into_iter().flatten().collect();
    numbers.dedup();
    let campaign = Campaign::new(&plan, header.seed);
    let told = |trial: u64| {
        let header = Header { trial, ..header.clone() };
        let mut run = RunBeside::new(header, campaign.story(trial));
        campaign.entries(trial, &mut |entry| run.add(entry));
        run
    };
    numbers.into_iter().map(told).collect()
}

/// Writes every report of the journal in a folder beside it; those of its good part if `damage`
/// keeps it from being read to its end. Many trials of the same scenario are told too.
pub(in crate::cli) fn write(
    folder: &Folder,
    header: &Header,
    story: &Story,
    damage: Option<&str>,
    naming: Naming,
) -> io::Result<Neighbours> {
    let beside = Neighbours::load(folder.path(), header);
    write_beside(folder, header, story, Extras { naming, damage, ..beside.extras() })?;
    Ok(beside)
}

/// The same for what is known already.
pub(in crate::cli) fn write_beside(
    folder: &Folder,
    header: &Header,
    story: &Story,
    beside: Extras,
) -> io::Result<()> {
    let entries = open(folder.path())?.take_while(Result::is_ok);
    let mut files = folder.batch();
    report::write_all(header, story, beside, entries, &mut |name| files.open(name))?;
    files.publish()?;
    match beside.campaign.zip(backtest(header, beside.campaign)) {
        None => Ok(()),
        Some((results, backtest)) => folder.keep_streamed(report::BACKTEST_FILE, |to| {
            report::write_backtest(&results.identity, &backtest, to)
        }),
    }
}

/// Where the real incident of a scenario lies among these trials, if it says what really happened.
pub(in crate::cli) fn backtest(header: &Header, trials: Option<&Results>) -> Option<Backtest> {
    Backtest::from_results(trials?, header.actual.as_ref()?)
}

/// The story with what the capacity check in the same folder says of its go/no-go list.
pub(in crate::cli) fn settled(folder: &Path, header: &Header, story: &Story) -> Story {
    let mut story = story.clone();
    if let Some(check) = capacity_of(folder, header) {
        report::settle_headroom(&check, &mut story);
    }
    story
}

/// What else could have been done, if it was tried out on the day of this journal.
pub(in crate::cli) fn alternatives_of(folder: &Path, header: &Header) -> Option<Alternatives> {
    let file = File::open(folder.join(ALTERNATIVES)).ok()?;
    let tried: Alternatives = serde_json::from_reader(BufReader::new(file)).ok()?;
    let same = tried.program == header.program
        && tried.scenario_hash == header.scenario_hash
        && (tried.seed, tried.trial) == (header.seed, header.trial);
    same.then_some(tried)
}

/// What many runs hinge on, if it was looked for among this many of this campaign.
pub(in crate::cli) fn sensitivity_of(
    folder: &Path,
    identity: &CampaignIdentity,
    trials: u64,
) -> Option<Sensitivity> {
    let file = File::open(folder.join(SENSITIVITY)).ok()?;
    let found: Sensitivity = serde_json::from_reader(BufReader::new(file)).ok()?;
    found.is_of(identity, trials).then_some(found)
}

/// The capacity check in a folder, if it is of the scenario and version of this journal.
fn capacity_of(folder: &Path, header: &Header) -> Option<CapacityCheck> {
    let file = File::open(folder.join(CAPACITY)).ok()?;
    let check: CapacityCheck = serde_json::from_reader(BufReader::new(file)).ok()?;
    let same = check.program == header.program && check.scenario_hash == header.scenario_hash;
    same.then_some(check)
}

/// The check of `sim capacity` in its folder: what the reports of a run need of it.
pub(in crate::cli) const CAPACITY: &str = "capacity.json";

/// Makes the reports of a run again if its journal is in the folder, whole and readable.
pub(in crate::cli) fn renew(folder: &Folder) -> io::Result<()> {
    let Ok(journal) = open(folder.path()) else { return Ok(()) };
    let header = journal.header().clone();
    let Ok(story) = Story::collect(journal) else { return Ok(()) };
    let story = settled(folder.path(), &header, &story);
    write(folder, &header, &story, None, provenance::naming_of(folder.path())).map(drop)
}

/// The files beside a journal that are torn or changed, and what is wrong with them. What another
/// version of sim wrote is not damage.
pub(in crate::cli) fn damaged(folder: &Path, header: &Header) -> Vec<(&'static str, String)> {
    let mut damaged = Vec::new();
    if let Ok(file) = File::open(folder.join(TRIALS))
        && let Err(error) = Shard::read(BufReader::new(file))
        && !of_another_version(&folder.join(TRIALS), header)
    {
        damaged.push((TRIALS, error.to_string()));
    }
    for name in [CAPACITY, ALTERNATIVES, SENSITIVITY, HOT_WASH] {
        let Ok(file) = File::open(folder.join(name)) else { continue };
        let read: Result<serde::de::IgnoredAny, _> = serde_json::from_reader(BufReader::new(file));
        damaged.extend(read.err().map(|error| (name, error.to_string())));
    }
    damaged
}

/// Whether the first line of a file of trials says so.
fn of_another_version(path: &Path, header: &Header) -> bool {
    let Ok(file) = File::open(path) else { return false };
    let mut lines = serde_json::Deserializer::from_reader(BufReader::new(file)).into_iter();
    let first: Option<serde_json::Value> = lines.next().and_then(Result::ok);
    let program = first.as_ref().and_then(|first| first["identity"]["program"].as_str());
    program.is_some_and(|program| program != header.program)
}

/// The many trials in a folder, if they are of the scenario, seed and version of this journal. A
/// file that cannot be read tells nothing; its tables say the same.
pub(in crate::cli) fn trials_of(folder: &Path, header: &Header) -> Option<Results> {
    let file = File::open(folder.join(TRIALS)).ok()?;
    let results = Shard::read(BufReader::new(file)).ok()?.into_results()?;
    let identity = &results.identity;
    let same = identity.program == header.program
        && identity.scenario_hash == header.scenario_hash
        && identity.seed == header.seed;
    same.then_some(results)
}

/// The page beside the table of a comparison.
pub(in crate::cli) const COMPARE_PAGE: &str = "compare.html";

/// What is written of a comparison.
pub(in crate::cli) const COMPARE_FILES: [&str; 3] = [report::COMPARE_FILE, COMPARE_PAGE, RUN];

/// What is written of hinges.
pub(in crate::cli) const HINGES_FILES: [&str; 3] =
    [report::HINGES_FILE, report::REMEDIES_FILE, RUN];

/// The page beside the table of a tuning.
const TUNE_PAGE: &str = "tune.html";

/// What is written of a tuning.
pub(in crate::cli) const TUNE_FILES: [&str; 3] = [report::TUNE_FILE, TUNE_PAGE, RUN];

/// Writes the table and the page of a tuning, and how it was made.
pub(in crate::cli) fn tuning(
    folder: &Folder,
    tuning: &Tuning,
    made_by: Option<&MadeBy>,
) -> io::Result<()> {
    folder.keep_streamed(report::TUNE_FILE, |to| report::write_tune(tuning, to))?;
    folder.keep_streamed(TUNE_PAGE, |mut to| {
        to.write_all(report::tune_page(tuning).as_bytes())?;
        to.flush()
    })?;
    made_by.map_or(Ok(()), |made_by| provenance::keep(folder, made_by))
}

/// Writes the table and the page of a comparison, and how it was made.
pub(in crate::cli) fn comparison(
    folder: &Folder,
    compared: &Compared,
    made_by: Option<&MadeBy>,
) -> io::Result<()> {
    folder.keep_streamed(report::COMPARE_FILE, |to| {
        report::write_compare(compared.first, compared.second, compared.differences, to)
    })?;
    folder.keep_streamed(COMPARE_PAGE, |mut to| {
        to.write_all(report::compare_page(compared).as_bytes())?;
        to.flush()
    })?;
    made_by.map_or(Ok(()), |made_by| provenance::keep(folder, made_by))
}
