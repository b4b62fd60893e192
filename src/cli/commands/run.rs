//! `sim run`: plays scenarios as gamedays.

mod day;
mod live;
mod outputs;
mod replay_command;
mod room;
mod saved;
mod trials;

use crate::campaign::{Backtest, ShardPosition};
use crate::cli::shared::exit::exit_of;
use crate::cli::shared::files::{Folder, default_folder, stem};
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::loading::{LoadedScenario, load_whole, size};
use crate::cli::shared::options::{DayArguments, PrintArguments};
use crate::cli::shared::provenance::RUN;
use crate::cli::shared::{Exit, shards, terminal};
use crate::cli::shared::{provenance, saving};
use crate::gameday::Trial;
use crate::journal::Header;
use crate::report::{self, GamedayRow};
use crate::scenario::{self, InputFile, Plan};
pub(in crate::cli) use room::{RoomArguments, room};

use day::play;
use outputs::{AccessLog, Attachment, HdrLog, RecordingOutput};
use replay_command::{FinalVerdict, ReplayCommand, closing, elsewhere, made_by};
use saved::{ReportOptions, ReportedRun, Saved, save};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Run one or more scenarios: how one day goes, and what 200 such days say about the plan
///
/// Reads a scenario file, checks it, and simulates the whole gameday: visitors, faults, readings,
/// rules, people and changes. One run is shown from beginning to end; 200 runs, each with its own
/// random draws, show how often the scenario's expectations are met, and why not. The journal, the
/// CSV files and the outbrief go to a folder of their own. The same scenario, seed and trial
/// always give the same bytes.
///
/// Several scenarios run one after the other, each into its own folder, and a table at the
/// end shows them all. A scenario with errors does not stop the others.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct RunArguments {
    /// The scenario files, in the order of the gameday
    #[arg(value_name = "SCENARIO", required = true)]
    scenarios: Vec<PathBuf>,

    /// Folder for this run's files [default: reports/<name of the scenario file>]
    ///
    /// With several scenarios, each gets its own folder in it, named after its file. A folder
    /// that holds another run is never overwritten: the new one gets -2.
    #[arg(long, short, alias = "output", value_name = "DIR")]
    out: Option<PathBuf>,

    #[command(flatten)]
    day: DayArguments,

    /// Run only this one of the seed's possible runs
    #[arg(long, value_name = "K")]
    trial: Option<u64>,

    /// Record what the monitoring sees and what it is told, for sim judge
    ///
    /// Every reading, answer and finished change of this run, one JSON line each.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,

    /// Write the simulated traffic as an access log: combined, plus each request's time in seconds
    ///
    /// Every attempt at the entry tier is a line, at its end time. `sim baseline` and other log
    /// readers can read it; paths and browsers are those of the scenario's `logs:`.
    #[arg(long, value_name = "FILE", conflicts_with = "shard")]
    access_log: Option<PathBuf>,

    /// Write response times by phase of the run as an HdrHistogram interval log
    ///
    /// One line each time that the phase changes (normal, fault, incident), one for the whole run
    /// (total). HistogramLogProcessor and other tools for such logs open it.
    #[arg(long, value_name = "FILE", conflicts_with = "shard")]
    hdr: Option<PathBuf>,

    /// Replace what is at --record, --access-log, --hdr or --players, even if sim did not write it
    #[arg(long)]
    force: bool,

    /// Run it even if it needs more events, disk or memory than a run usually does
    #[arg(long)]
    large: bool,

    #[command(flatten)]
    print: PrintArguments,

    #[command(flatten)]
    live: live::LiveArguments,

    #[command(flatten)]
    campaign: trials::CampaignArguments,
}

impl RunArguments {
    /// Whether other options ask for one run.
    fn alone(&self) -> bool {
        let logs = [&self.record, &self.access_log, &self.hdr];
        self.trial.is_some() || self.live.wanted() || logs.iter().any(|path| path.is_some())
    }

    /// How many runs; `None`: one.
    fn wanted(&self) -> Option<trials::TrialsRequest> {
        let mut wanted = self.campaign.wanted(self.alone())?;
        wanted.resume = self.live.resume();
        Some(wanted)
    }

    fn telling(&self) -> ReportOptions {
        let naming = self.print.names.naming();
        ReportOptions {
            naming,
            quiet: self.print.quiet,
            brief: self.print.brief,
            wanted: self.wanted(),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  sim run scenarios/proxy-outage.yaml
  sim run scenarios/proxy-outage.yaml --trials 1
  sim run scenarios/proxy-outage.yaml --trial 7
  sim run scenarios/proxy-outage.yaml --trials 1000 --jobs 2
  sim run scenarios/proxy-outage.yaml --precision 5%
  sim run scenarios/proxy-outage.yaml --trials 1000 --shard 3/16
  sim run scenarios/proxy-outage.yaml --trials 100000 --shard auto --of 64
  sim run scenarios/proxy-outage.yaml --set changes.reverse-proxy-update=10m --out /tmp/slow
  sim run scenarios/proxy-outage.yaml --script answers.txt --seats wyatt,chris
  sim run scenarios/proxy-outage.yaml --record day.jsonl
  sim run scenarios/quiet-day.yaml scenarios/proxy-outage.yaml --out reports/gameday

Exit codes for many runs: 0 each expectation is met in the required share of
runs (expect: on, 95 % by default), even at the lower end of its 95 %
interval; 99 one is not, even at the upper end; 3 too few runs to
tell, or nothing to judge: fewer than 73 are never enough for 95 %. For one run:
0 met, 99 missed, 3 nothing to judge. Always: 2 the scenario has errors,
1 a runtime error, 130 interrupted. With several scenarios, the
worst of them: 2, then 1, then 99, then 3.";

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &RunArguments) -> Exit {
    if arguments.record.is_some()
        && (arguments.scenarios.len() > 1 || arguments.campaign.shard.wanted())
    {
        let hint = "name one scenario, and leave --shard out";
        terminal::error("--record is for one run of one scenario", hint);
        return Exit::Wrong;
    }
    let logs = [("--access-log", &arguments.access_log), ("--hdr", &arguments.hdr)];
    if let Some((option, _)) = logs.iter().find(|(_, path)| path.is_some())
        && arguments.scenarios.len() > 1
    {
        let hint = "run the scenarios one by one, each with a log of its own";
        terminal::error(&format!("{option} goes with one scenario"), hint);
        return Exit::Wrong;
    }
    if let Some(option) = arguments.live.without_a_clock() {
        let hint = "add --live, or play it with `sim room`";
        terminal::error(&format!("{option} goes with people in the room"), hint);
        return Exit::Wrong;
    }
    let resumable = arguments.live.wanted() || arguments.wanted().is_some();
    if arguments.live.resume() && !resumable {
        let hint = "a single simulated day starts over: leave --resume out";
        terminal::error("--resume continues a rehearsal or a run of many trials", hint);
        return Exit::Wrong;
    }
    if arguments.live.wanted() {
        return in_the_room(arguments);
    }
    let mut rows: Vec<GamedayRow> = Vec::with_capacity(arguments.scenarios.len());
    let mut pasts: Vec<(String, Backtest)> = Vec::new();
    let mut exits: Vec<Exit> = Vec::with_capacity(arguments.scenarios.len());
    for scenario in &arguments.scenarios {
        if !rows.is_empty() && !arguments.print.quiet {
            terminal::print("\n");
        }
        let (row, backtest, exit) = gameday(arguments, scenario);
        pasts.extend(backtest.map(|backtest| (row.name.clone(), backtest)));
        rows.push(row);
        exits.push(exit);
        if exit == Exit::Interrupted {
            break;
        }
    }
    if arguments.scenarios.len() > 1 && !arguments.print.quiet {
        terminal::print(&report::gamedays(&rows, terminal::style()));
        terminal::print(&report::backtests(&pasts, terminal::style()));
    }
    worst(&exits)
}

/// People answer for themselves, at the clock's own pace or by a script.
fn in_the_room(arguments: &RunArguments) -> Exit {
    let [scenario] = &arguments.scenarios[..] else {
        terminal::error("people can be in one gameday at a time", "name one scenario");
        return Exit::Wrong;
    };
    let again = arguments.live.has_seats() || arguments.day.seed.is_some();
    if let Err(exit) =
        live::says_nothing_again(arguments.live.resume(), again, arguments.day.sets())
    {
        return exit;
    }
    let logs = [&arguments.record, &arguments.access_log, &arguments.hdr];
    let beside = logs.iter().any(|path| path.is_some());
    if beside || arguments.campaign.shard.wanted() {
        let hint = "leave them out; the journal has every reading and answer";
        terminal::error("--record, --access-log, --hdr and --shard do not go with people", hint);
        return Exit::Wrong;
    }
    live::run(live::RoomRequest {
        scenario,
        folder: wanted_folder(arguments, scenario),
        sets: arguments.day.sets(),
        seed: arguments.day.seed,
        trial: arguments.trial.unwrap_or(0),
        quiet: arguments.print.quiet,
        brief: arguments.print.brief,
        naming: arguments.print.names.naming(),
        force: arguments.force,
        live: arguments.live.live(),
        resume: arguments.live.resume(),
        options: arguments.live.options().clone(),
        many: arguments.campaign.wanted(true),
    })
}

/// The exit code of a list: an interruption, else the worst.
fn worst(exits: &[Exit]) -> Exit {
    let order = [Exit::Interrupted, Exit::Wrong, Exit::Broke, Exit::Missed, Exit::NotJudgeable];
    order.into_iter().find(|exit| exits.contains(exit)).unwrap_or(Exit::Met)
}

/// Plays one scenario.
fn gameday(arguments: &RunArguments, scenario: &Path) -> (GamedayRow, Option<Backtest>, Exit) {
    let name = stem(scenario).display().to_string();
    let not_played =
        |verdict, exit: Exit| (GamedayRow::not_played(&name, verdict, exit as u8), None, exit);
    Interrupt::at_once("everything run before that is saved");
    let loaded = load_whole(scenario, arguments.day.sets(), arguments.print.quiet);
    let Ok(LoadedScenario { plan, files, source }) = loaded else {
        return not_played("has errors", Exit::Wrong);
    };
    if let Err(exit) = size(&plan, arguments.large, arguments.print.quiet) {
        return not_played("too large", exit);
    }
    match arguments.campaign.shard.block() {
        Ok(None) => {}
        Ok(Some(block)) => {
            let exit = shard(arguments, scenario, (&plan, files), block);
            return not_played("played in shards", exit);
        }
        Err(exit) => return not_played("not played", exit),
    }
    let number = arguments.trial.unwrap_or(0);
    let trial = Trial { seed: arguments.day.seed_of(&plan), number };
    let header = scenario::header(&plan, trial.number, trial.seed);
    let wanted = wanted_folder(arguments, scenario);
    let names = saving::names(arguments.wanted().is_some());
    let Some(folder) = Folder::claimed(&wanted, &header.run_id, &names) else {
        return not_played("not saved", Exit::Broke);
    };
    let (mut record, log, hdr) = match attached(arguments, &header, &plan) {
        Ok(opened) => opened,
        Err(exit) => return not_played("not saved", exit),
    };
    let interrupt = &Interrupt::listen();
    let beside = (&mut record, log, hdr);
    let began = Instant::now();
    let played = play((&plan, &header, trial), &folder, beside, interrupt, arguments.print.quiet);
    let story = saving::settled(folder.path(), &header, &played.story);
    let again = again(arguments, scenario, trial);
    let kept = played.written.and(played.logged).and(record.end());
    let kept = kept.and_then(|()| keep_provenance(&folder, &header, &again, files));
    let (source, sets, took) = (&source, arguments.day.sets(), began.elapsed());
    let told = ReportedRun { plan: &plan, source, sets, header: &header, story: &story, took };
    let saved = kept.and_then(|()| save(&arguments.telling(), &told, &folder, interrupt));
    let (odds, exit) = match saved {
        Ok(saved) => {
            if !arguments.print.quiet {
                let verdict = saved.as_ref().and_then(|saved| saved.verdict.as_deref());
                let verdict = FinalVerdict::new(verdict, arguments.print.brief, &header, &story);
                terminal::print(&closing(&again, verdict, &plan, &folder));
                elsewhere(&wanted, &folder).iter().for_each(|note| terminal::print_to_stderr(note));
            }
            let many = arguments.wanted().is_some();
            let alone = exit_of(&played.story, interrupt.wanted(), many);
            let exit = saved.as_ref().map_or(alone, Saved::exit);
            (saved.map(|saved| saved.summary.odds), exit)
        }
        Err(error) => {
            let message = format!("cannot save all of {}: {error}", folder.path().display());
            terminal::error(
                &message,
                "free disk space or name another folder with --out, and run again",
            );
            (None, Exit::Broke)
        }
    };
    let backtest = backtest_real_incident(arguments, &header, &folder);
    let row = GamedayRow::played(&name, &plan.expect, (&header, &played.story), exit as u8);
    (row.among(odds.as_ref()), backtest, exit)
}

/// Opens the files that were asked for beside the folder.
fn attached(
    arguments: &RunArguments,
    header: &Header,
    plan: &Plan,
) -> Result<(RecordingOutput, Option<AccessLog>, Option<HdrLog>), Exit> {
    let force = arguments.force;
    let recording = Attachment { path: arguments.record.as_deref(), force };
    let access = Attachment { path: arguments.access_log.as_deref(), force };
    let phases = Attachment { path: arguments.hdr.as_deref(), force };
    let record = RecordingOutput::begin(&recording, header, plan)?;
    Ok((record, AccessLog::begin(&access, plan)?, HdrLog::begin(&phases, plan)?))
}

/// Plays one block of the runs into a file of its own.
fn shard(
    arguments: &RunArguments,
    scenario: &Path,
    (plan, files): (&Plan, Vec<InputFile>),
    block: ShardPosition,
) -> Exit {
    let seed = arguments.day.seed_of(plan);
    let wanted = arguments.out.clone().unwrap_or_else(|| "reports".into());
    let file = shards::file(&wanted, scenario, "", block);
    let made_by = made_by(&again(arguments, scenario, Trial { seed, number: 0 }), files);
    trials::shard(&arguments.campaign, (plan, seed, block), (&file, made_by), arguments.print.quiet)
}

/// Where the real incident lies among the trials of this run, if it says what really happened.
fn backtest_real_incident(
    arguments: &RunArguments,
    header: &Header,
    folder: &Folder,
) -> Option<Backtest> {
    header.actual.as_ref()?;
    arguments.wanted()?;
    saving::backtest(header, saving::trials_of(folder.path(), header).as_ref())
}

/// Records how a run was made, unless it is one of the trials kept in its folder: then it is
/// part of what their command made.
fn keep_provenance(
    folder: &Folder,
    header: &Header,
    again: &ReplayCommand,
    files: Vec<InputFile>,
) -> io::Result<()> {
    let path = folder.path();
    let among = again.trials.is_empty()
        && again.trial.number == 0
        && provenance::naming_of(path) == again.naming
        && saving::trials_of(path, header).is_some();
    if among && path.join(RUN).exists() {
        return Ok(());
    }
    provenance::keep(folder, &made_by(again, files))
}

fn again<'a>(arguments: &'a RunArguments, scenario: &'a Path, trial: Trial) -> ReplayCommand<'a> {
    let alone = arguments.alone();
    let trials = arguments.campaign.again(alone, true);
    let asked = arguments.campaign.again(alone, false);
    let naming = arguments.print.names.naming();
    ReplayCommand { scenario, trial, trials, asked, sets: arguments.day.sets(), naming }
}

fn wanted_folder(arguments: &RunArguments, scenario: &Path) -> PathBuf {
    match &arguments.out {
        Some(out) if arguments.scenarios.len() == 1 => out.clone(),
        Some(out) => out.join(stem(scenario)),
        None => default_folder(scenario, ""),
    }
}
