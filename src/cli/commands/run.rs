//! `sim run`: scenarios in, rehearsed gamedays out.

mod access_log;
mod live;
mod record;
mod trials;
mod writing;

use crate::campaign::Campaign;
use crate::cli::shared::exit::exit_of;
use crate::cli::shared::files::Folder;
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::loading::{key_value, load};
use crate::cli::shared::saving::{self, JOURNAL};
use crate::cli::shared::shell::{for_shell, in_quotes};
use crate::cli::shared::{Exit, terminal};
use crate::gameday::{Finished, Gameday, Trial};
use crate::journal::{Header, Story};
use crate::report::{self, GamedayRow};
use crate::scenario::{self, Plan};
use crate::units::Time;
use access_log::AccessLog;
use record::Record;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;
use writing::Writing;

/// Run a scenario, or a list of them, and report how the day went
///
/// Reads a scenario file, checks it, and plays the whole gameday: visitors, faults, readings,
/// rules, people and changes. The verdict and where the minutes went come on stdout; the journal
/// and the CSV files go to a folder of this run's own. The same scenario, seed and trial give the
/// same bytes, always.
///
/// Several scenarios are played one after the other, each into its own folder, and a table at the
/// end shows them all. One with errors does not keep the others from being played.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct RunArguments {
    /// The scenario files, in the order of the gameday
    #[arg(value_name = "SCENARIO", required = true)]
    scenarios: Vec<PathBuf>,

    /// Folder for this run's files [default: reports/<name of the scenario file>]
    ///
    /// With several scenarios, each gets a folder of its own in it, named like its file. A folder
    /// that holds another run is never overwritten: the new one gets -2.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Seed of the random draws, instead of the scenario's own
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// Which of the seed's possible days to play
    #[arg(long, value_name = "K", default_value_t = 0)]
    trial: u64,

    /// Change one value of the scenario: traffic.patience=10s, changes.frontend-revert=~9m
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    set: Vec<(String, String)>,

    /// Record what the monitoring sees and what it is told, for sim judge
    ///
    /// Every reading, answer and finished change of this run, one JSON line each.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,

    /// Write the simulated traffic as an access log: combined, with the seconds a request took
    ///
    /// Every attempt at the entry is a line, at the time it ended. `sim baseline` and other readers
    /// of logs take it; paths and browsers are those of the scenario's `logs:`.
    #[arg(long, value_name = "FILE", conflicts_with = "shard")]
    access_log: Option<PathBuf>,

    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,

    /// Print the verdict and where the files are, not the whole summary
    #[arg(long, conflicts_with = "quiet")]
    brief: bool,

    #[command(flatten)]
    live: live::LiveArguments,

    #[command(flatten)]
    campaign: trials::CampaignArguments,
}

const EXAMPLES: &str = "\
Examples:
  sim run scenarios/proxy-outage.yaml
  sim run scenarios/proxy-outage.yaml --trial 7
  sim run scenarios/proxy-outage.yaml --trials 1000 --jobs 2
  sim run scenarios/proxy-outage.yaml --precision 5%
  sim run scenarios/proxy-outage.yaml --trials 1000 --shard 3/16
  sim run scenarios/proxy-outage.yaml --set changes.reverse-proxy-update=10m --out /tmp/slow
  sim run scenarios/proxy-outage.yaml --live --seats wyatt,chris --speed 4x
  sim run scenarios/proxy-outage.yaml --live --resume
  sim run scenarios/proxy-outage.yaml --record day.jsonl
  sim run scenarios/quiet-day.yaml scenarios/proxy-outage.yaml --out reports/gameday

Exit codes: 0 expectations met, 99 one is missed, 2 the scenario has errors,
1 something broke while running, 130 interrupted. With several scenarios, the
worst of them: 2, then 1, then 99.";

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &RunArguments) -> Exit {
    if arguments.record.is_some()
        && (arguments.scenarios.len() > 1 || arguments.campaign.shard.is_some())
    {
        let hint = "name one scenario, and leave --shard out";
        terminal::error("--record is for one run of one scenario", hint);
        return Exit::Wrong;
    }
    if arguments.access_log.is_some() && arguments.scenarios.len() > 1 {
        let hint = "run the scenarios one by one, each with a log of its own";
        terminal::error("--access-log goes with one scenario", hint);
        return Exit::Wrong;
    }
    if arguments.live.wanted() {
        return in_the_room(arguments);
    }
    let interrupt = Interrupt::listen();
    let mut rows: Vec<GamedayRow> = Vec::with_capacity(arguments.scenarios.len());
    let mut exits: Vec<Exit> = Vec::with_capacity(arguments.scenarios.len());
    for scenario in &arguments.scenarios {
        if !rows.is_empty() && !arguments.quiet {
            terminal::print("\n");
        }
        let (row, exit) = gameday(arguments, scenario, &interrupt);
        rows.push(row);
        exits.push(exit);
        if exit == Exit::Interrupted {
            break;
        }
    }
    if arguments.scenarios.len() > 1 && !arguments.quiet {
        terminal::print(&report::gamedays(&rows, terminal::style()));
    }
    worst(&exits)
}

/// People answer for themselves, at the clock's own pace or by a script.
fn in_the_room(arguments: &RunArguments) -> Exit {
    let [scenario] = &arguments.scenarios[..] else {
        terminal::error("people can be in one gameday at a time", "name one scenario");
        return Exit::Wrong;
    };
    let beside = arguments.record.is_some() || arguments.access_log.is_some();
    if beside || arguments.campaign.shard.is_some() {
        let hint = "leave them out; the journal has every reading and answer";
        terminal::error("--record, --access-log and --shard do not go with people", hint);
        return Exit::Wrong;
    }
    live::run(&live::Wanted {
        scenario,
        folder: wanted_folder(arguments, scenario),
        sets: &arguments.set,
        seed: arguments.seed,
        trial: arguments.trial,
        quiet: arguments.quiet,
        brief: arguments.brief,
        live: &arguments.live,
        campaign: &arguments.campaign,
    })
}

/// The exit code of a list: an interruption, else the worst.
fn worst(exits: &[Exit]) -> Exit {
    let order = [Exit::Interrupted, Exit::Wrong, Exit::Broke, Exit::Missed];
    order.into_iter().find(|exit| exits.contains(exit)).unwrap_or(Exit::Met)
}

/// Plays one scenario.
fn gameday(arguments: &RunArguments, scenario: &Path, interrupt: &Interrupt) -> (GamedayRow, Exit) {
    let name = stem(scenario).display().to_string();
    let not_played =
        |verdict, exit: Exit| (GamedayRow::not_played(&name, verdict, exit as u8), exit);
    let Ok(plan) = load(scenario, &arguments.set, arguments.quiet) else {
        return not_played("has errors", Exit::Wrong);
    };
    if let Some(block) = arguments.campaign.shard {
        let seed = arguments.seed.unwrap_or(plan.seed);
        let wanted = arguments.out.clone().unwrap_or_else(|| "reports".into());
        let exit = trials::shard(
            &arguments.campaign,
            (&plan, seed, block),
            &trials::shard_file(&wanted, scenario, block),
            arguments.quiet,
        );
        return not_played("played in shards", exit);
    }
    let trial = Trial { seed: arguments.seed.unwrap_or(plan.seed), number: arguments.trial };
    let header = scenario::header(&plan, trial.number, trial.seed);
    let wanted = wanted_folder(arguments, scenario);
    let Some(folder) = Folder::claimed(&wanted, &header.run_id) else {
        return not_played("not saved", Exit::Broke);
    };
    let mut record = Record::begin(arguments.record.as_deref(), &header, &plan);
    let Ok(log) = access_log::opened(arguments.access_log.as_deref(), &plan) else {
        return not_played("not saved", Exit::Broke);
    };
    let beside = (&mut record, log);
    let played = play((&plan, &header, trial), &folder, beside, interrupt, arguments.quiet);
    let story = saving::settled(folder.path(), &header, &played.story);
    let report = || saving::write(&folder, &header, &story, None);
    let saved = played.written.and_then(|file| folder.keep(file, JOURNAL)).and_then(|()| report());
    let saved = saved.and(played.logged).and(record.end());
    if !arguments.quiet {
        let told = if arguments.brief { report::brief } else { report::summary };
        terminal::print(&told(&header, &story, terminal::style()));
    }
    let saved = saved.and_then(|()| {
        let wanted = arguments.campaign.wanted().filter(|_| !interrupt.wanted());
        let Some(wanted) = wanted else { return Ok(()) };
        let campaign = Campaign::new(&plan, trial.seed);
        trials::run(&campaign, wanted, &folder, interrupt, arguments.quiet)?;
        report()
    });
    let exit = match saved {
        Ok(()) => {
            if !arguments.quiet {
                let closing = closing(arguments, scenario, trial, &plan, &folder);
                terminal::print(&closing);
                if let Some(note) = elsewhere(&wanted, &folder) {
                    terminal::complain(&note);
                }
            }
            let many = arguments.campaign.wanted().is_some();
            exit_of(&played.story, interrupt.wanted(), many)
        }
        Err(error) => {
            let message = format!("cannot save all of {}: {error}", folder.path().display());
            terminal::error(&message, "make room or name another folder with --out, and run again");
            Exit::Broke
        }
    };
    (GamedayRow::played(&name, &plan.expect, &played.story, exit as u8), exit)
}

/// The name of a scenario: its file's, without the ending.
fn stem(scenario: &Path) -> &Path {
    Path::new(scenario.file_stem().unwrap_or("run".as_ref()))
}

fn wanted_folder(arguments: &RunArguments, scenario: &Path) -> PathBuf {
    match &arguments.out {
        Some(out) if arguments.scenarios.len() == 1 => out.clone(),
        Some(out) => out.join(stem(scenario)),
        None => Path::new("reports").join(stem(scenario)),
    }
}

/// What a run leaves: its story, and its journal or what kept it from being written.
struct Played {
    story: Story,
    written: io::Result<NamedTempFile>,
    /// Whether the access log, if one was wanted, is there.
    logged: io::Result<()>,
}

fn play(
    (plan, header, trial): (&Plan, &Header, Trial),
    folder: &Folder,
    (record, mut log): (&mut Record, Option<AccessLog<'_>>),
    interrupt: &Interrupt,
    quiet: bool,
) -> Played {
    let bar = terminal::progress((plan.lasts.seconds()).ceil() as u64, quiet);
    let mut journal = Writing::begin(folder, header);
    let mut gameday = Gameday::new(plan, header, trial);
    if record.wanted() {
        gameday = gameday.recording();
    }
    if log.is_some() {
        gameday = gameday.with_attempts();
    }
    while !interrupt.wanted() {
        let step = gameday.step();
        log.iter_mut().for_each(|log| log.write(&mut gameday));
        let Some(now) = step else { break };
        journal.write(folder, &gameday.drain());
        record.write(&gameday.drain_inputs());
        bar.set_position(now.seconds() as u64);
        if !bar.is_hidden() {
            bar.set_message(clock(plan, now));
        }
    }
    let Finished { story, entries, inputs } = gameday.finish();
    journal.write(folder, &entries);
    record.write(&inputs);
    bar.finish_and_clear();
    let logged = log.map_or(Ok(()), AccessLog::end);
    Played { story, written: journal.end(folder), logged }
}

fn clock(plan: &Plan, now: Time) -> String {
    plan.calendar.clock(now)
}

/// Says that the wanted folder was somebody else's, so that nobody looks at the wrong files.
fn elsewhere(wanted: &Path, folder: &Folder) -> Option<String> {
    let other = wanted.components().ne(folder.path().components());
    let shown = report::for_terminal(&wanted.display().to_string(), 2_000);
    other.then(|| format!("{shown} holds another run and is left as it is\n"))
}

/// Where the files are, and how to play this very day again.
fn closing(
    arguments: &RunArguments,
    scenario: &Path,
    trial: Trial,
    plan: &Plan,
    folder: &Folder,
) -> String {
    let mut again = format!("sim run {}", for_shell(&scenario.display().to_string()));
    if trial.seed != plan.seed {
        again.push_str(&format!(" --seed {}", trial.seed));
    }
    if trial.number != 0 {
        again.push_str(&format!(" --trial {}", trial.number));
    }
    again.push_str(&arguments.campaign.again());
    for (key, value) in &arguments.set {
        again.push_str(&format!(" --set {}", in_quotes(&format!("{key}={value}"))));
    }
    let again = report::for_terminal(&again, 2_000);
    let folder = report::for_terminal(&folder.path().display().to_string(), 2_000);
    let version = env!("CARGO_PKG_VERSION");
    let hash = scenario::plan_hash(plan);
    let Trial { seed, number } = trial;
    format!(
        "\nRun     sim {version}, scenario {hash}, seed {seed}, trial {number}\n\
         Files   {folder}/\nReplay  {again}\n"
    )
}
