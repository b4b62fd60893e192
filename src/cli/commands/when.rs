//! `sim when`: at which hours a step of the launch goes well.

use crate::campaign::{Campaign, CampaignObserver, TrialRow, WorkerPool};
use crate::cli::shared::files::{Folder, default_folder};
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::loading::{LoadedScenario, load_whole, size};
use crate::cli::shared::options::{DayArguments, EffortArguments, long_span, time_of_day};
use crate::cli::shared::provenance::{self, RUN};
use crate::cli::shared::{Exit, terminal};
use crate::report::{self, WINDOWS_FILE, WindowReport, for_shell, for_terminal};
use crate::scenario::{self, MadeBy, Plan};
use crate::units::{Span, Time};
use crate::window::{
    HourRating, HourSearch, LaunchHour, LaunchWindow, PlayedHour, SearchError, SearchOptions,
    with_faults,
};
use jiff::Zoned;
use jiff::civil;
use std::path::PathBuf;
use std::time::Instant;

/// When: at which hours a launch step goes well
///
/// Moves one step of the launch sequence to at most twelve half hours and simulates each one many
/// times with the same draws. People, freezes and visitors follow the clock; all else in the
/// plan, including faults, keeps its distance from the step. It shows in how many runs users have
/// recovered by the time when they must (the war room closes), which hours are as good as
/// the best, which are clearly worse, and what that hinges on.
///
/// If the plan does not say when the step is ("?"), its first fault is assumed to begin 30 minutes
/// after it (--distance).
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct WhenArguments {
    /// The scenario file
    #[arg(value_name = "FILE")]
    scenario: PathBuf,

    /// The step of the launch: its change, such as teamsite-switch, or a part of the name
    #[arg(long, value_name = "NAME")]
    step: String,

    /// The first half hour, by the clock of the scenario [default: when the plan has the step]
    #[arg(long, value_name = "HH:MM", value_parser = time_of_day)]
    from: Option<civil::Time>,

    /// The last half hour [default: twelve of them, as far as they end before --close]
    #[arg(long, value_name = "HH:MM", value_parser = time_of_day)]
    to: Option<civil::Time>,

    /// When everything must be back to normal: the war room closes [default: end of the plan]
    #[arg(long, value_name = "HH:MM", value_parser = time_of_day)]
    close: Option<civil::Time>,

    /// How long after a step without a time the first fault begins
    #[arg(long, value_name = "TIME", value_parser = long_span, default_value = "30m")]
    distance: Span,

    /// Simulate only this fault; several separated by commas or repeated [default: all]
    #[arg(long = "fault", value_name = "NAME", value_delimiter = ',')]
    faults: Vec<String>,

    /// How many runs per half hour
    #[arg(long, value_name = "N", default_value_t = 100)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=100_000))]
    trials: u64,

    #[command(flatten)]
    day: DayArguments,

    /// Folder for when.html and windows.csv [default: reports/<name of the scenario file>-when]
    #[arg(long, short, alias = "output", value_name = "DIR")]
    out: Option<PathBuf>,

    #[command(flatten)]
    effort: EffortArguments,
}

const EXAMPLES: &str = "\
Examples:
  sim when launch.yaml --step teamsite-switch --close 22:00
  sim when launch.yaml --step switch --fault proxy-outage
  sim when launch.yaml --step switch --from 13:00 --to 17:30 --close 22:00 --trials 200

Exit codes: 0 at least one half hour is good, 99 none is, 2 wrong usage or a scenario with errors, 1
a runtime error, 130 interrupted (completed work is shown and saved).";

/// The page.
const PAGE: &str = "when.html";

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &WhenArguments) -> Exit {
    search_hours(arguments).unwrap_or_else(|exit| exit)
}

fn search_hours(arguments: &WhenArguments) -> Result<Exit, Exit> {
    let scenario = &arguments.scenario;
    let LoadedScenario { plan: written, files, .. } =
        load_whole(scenario, arguments.day.sets(), true)?;
    let written = with_faults(written, &arguments.faults).map_err(report_error)?;
    size(&written, arguments.effort.large, arguments.effort.quiet)?;
    let sought = search_options(arguments, &written);
    let reach = HourSearch::reach(&written, &sought).map_err(report_error)?;
    // The hours of people and freezes are known for as long as a plan lasts.
    let longer = ("lasts".to_string(), format!("{}s", reach.seconds().ceil()));
    let sets = [arguments.day.sets(), &[longer]].concat();
    let plan = load_whole(scenario, &sets, true)?.plan;
    let plan = with_faults(plan, &arguments.faults).map_err(report_error)?;
    let search = HourSearch::new(&plan, written.lasts, &sought).map_err(report_error)?;
    if search.hours().iter().all(|hour| search.on_duty(*hour) == 0) {
        let message = "nobody is on duty at any of these half hours".to_string();
        let hint = "use another --from, or give somebody duty hours".to_string();
        return Err(report_error(SearchError { message, hint }));
    }
    let wanted = arguments.out.clone().unwrap_or_else(|| default_folder(scenario, "-when"));
    let broke = |error: std::io::Error| {
        terminal::cannot_write(&wanted, &error);
        Exit::Broke
    };
    let title = report::page_title("When", &plan.scenario);
    let folder = Folder::claim_page(&wanted, &[PAGE, WINDOWS_FILE, RUN], &title).map_err(broke)?;
    let workers = arguments.effort.workers()?;
    let interrupt = Interrupt::listen();
    let hours = play(arguments, &search, &workers, &interrupt);
    let window = LaunchWindow {
        scenario: plan.scenario.clone(),
        step: search.label.clone(),
        assumed: search.assumed,
        hours,
        close: search.close(),
        wanted: plan.expect_on,
    };
    let seed = arguments.day.seed_of(&plan);
    let again = repeat_command(arguments, &plan);
    let watched = search.watched(search.hours()[0]).to_string();
    let distance = arguments.distance.to_string();
    let pipeline = search.pipeline();
    let told = WindowReport {
        window: &window,
        header: &scenario::header(&written, 0, seed),
        trials: arguments.trials,
        watched: &watched,
        distance: &distance,
        faults: &arguments.faults,
        pipeline: pipeline.as_deref(),
        again: &again,
    };
    let made_by = MadeBy::new(again.clone(), files);
    keep(&folder, &told, &made_by, interrupt.wanted()).map_err(broke)?;
    if !arguments.effort.quiet {
        terminal::print(&report::window_summary(&told, terminal::style()));
        let page = format!("Page    {}", folder.path().join(PAGE).display());
        terminal::print(&format!("\n{}\n", for_terminal(&page, 2_000)));
    }
    let good = window.hours.iter().any(|hour| window.standing(hour) == HourRating::Good);
    Ok(match (interrupt.wanted(), good) {
        (true, _) => Exit::Interrupted,
        (false, true) => Exit::Met,
        (false, false) => Exit::Missed,
    })
}

/// Puts the page into its folder. What was interrupted is no better than what an earlier call has
/// kept there.
fn keep(
    folder: &Folder,
    told: &WindowReport,
    made_by: &MadeBy,
    interrupted: bool,
) -> std::io::Result<()> {
    let earlier = interrupted && folder.path().join(PAGE).exists();
    if interrupted {
        let left = if earlier { "; the page from an earlier call is unchanged" } else { "" };
        terminal::print_to_stderr(&format!(
            "interrupted: only what ran before that counts{left}\n"
        ));
    }
    if earlier {
        return Ok(());
    }
    folder.keep(PAGE, report::window_page(told).as_bytes())?;
    folder.keep_streamed(WINDOWS_FILE, |to| report::write_window(told, to))?;
    provenance::keep(folder, made_by)
}

fn report_error(error: SearchError) -> Exit {
    terminal::error(&error.message, &error.hint);
    Exit::Wrong
}

/// The next time at which the clock of the scenario shows this, from its start on.
fn search_options<'a>(arguments: &'a WhenArguments, plan: &Plan) -> SearchOptions<'a> {
    let starts = plan.calendar.starts();
    let next = |time: Option<civil::Time>| -> Option<Zoned> {
        let today = starts.date().to_datetime(time?);
        let today = starts.time_zone().to_ambiguous_zoned(today).compatible().ok()?;
        match today < *starts {
            true => today.checked_add(jiff::Span::new().days(1)).ok(),
            false => Some(today),
        }
    };
    SearchOptions {
        step: &arguments.step,
        from: next(arguments.from),
        to: next(arguments.to),
        close: next(arguments.close),
        distance: arguments.distance,
    }
}

/// Plays the hours one after the other, and says beforehand how long that takes.
fn play(
    arguments: &WhenArguments,
    search: &HourSearch,
    workers: &WorkerPool,
    interrupt: &Interrupt,
) -> Vec<LaunchHour> {
    let hour = |at: Time| LaunchHour {
        at: search.clock(at),
        on_duty: search.on_duty(at),
        frozen: search.is_frozen(at),
        played: None,
    };
    let mut hours: Vec<(Time, LaunchHour)> =
        search.hours().iter().map(|at| (*at, hour(*at))).collect();
    let open = |hour: &LaunchHour| hour.on_duty > 0 && !hour.frozen;
    let plans: Vec<Option<Plan>> =
        hours.iter().map(|(at, hour)| open(hour).then(|| search.at(*at))).collect();
    let some = plans.iter().flatten().count() as u64;
    let first = plans.iter().flatten().next();
    if let Some(first) = first.filter(|_| !arguments.effort.quiet) {
        let said = takes(first, some, arguments, (workers, interrupt));
        said.iter().for_each(|said| terminal::print_to_stderr(said));
    }
    let bar = terminal::progress_of_trials(some * arguments.trials, arguments.effort.quiet);
    let (stop, done) = (|| interrupt.wanted(), |_: &TrialRow| bar.inc(1));
    for ((_, hour), plan) in hours.iter_mut().zip(&plans) {
        let Some(plan) = plan.as_ref().filter(|_| !interrupt.wanted()) else { continue };
        let campaign = Campaign::new(plan, arguments.day.seed_of(plan));
        let watch = CampaignObserver { stop: &stop, done: &done };
        let rows = campaign.run(0..arguments.trials, workers, &watch);
        if !rows.is_empty() {
            hour.played = Some(PlayedHour::from_results(&campaign.results(rows, arguments.trials)));
        }
    }
    bar.finish_and_clear();
    hours.into_iter().map(|(_, hour)| hour).collect()
}

/// How long all runs take, by a first one on every processor; `None` if that was interrupted.
fn takes(
    plan: &Plan,
    hours: u64,
    arguments: &WhenArguments,
    (workers, interrupt): (&WorkerPool, &Interrupt),
) -> Option<String> {
    let (each, at_once) = (arguments.trials, arguments.effort.threads() as u64);
    let runs = hours * each;
    let campaign = Campaign::new(plan, arguments.day.seed_of(plan));
    let began = Instant::now();
    let stop = || interrupt.wanted();
    campaign.run(0..at_once.min(each), workers, &CampaignObserver { stop: &stop, done: &|_| {} });
    if interrupt.wanted() {
        return None;
    }
    let seconds = began.elapsed().as_secs_f64() * runs.div_ceil(at_once.min(each)) as f64;
    let about = Span::from_secs(seconds.ceil() as u64);
    let hours = if hours == 1 { "1 half hour".to_string() } else { format!("{hours} half hours") };
    Some(format!("{hours}, {each} runs each: about {about}\n"))
}

/// The command again, with every value on which the page depends.
fn repeat_command(arguments: &WhenArguments, plan: &Plan) -> String {
    let mut again = provenance::command("when", &arguments.scenario);
    again.push_str(&provenance::sets(arguments.day.sets()));
    again.push_str(&format!(" --step {}", for_shell(&arguments.step)));
    let clocks = [("from", arguments.from), ("to", arguments.to), ("close", arguments.close)];
    for (name, time) in clocks {
        if let Some(time) = time {
            again.push_str(&format!(" --{name} {}", time.strftime("%H:%M")));
        }
    }
    for fault in &arguments.faults {
        again.push_str(&format!(" --fault {}", for_shell(fault)));
    }
    let seed = arguments.day.seed_of(plan);
    let (distance, trials) = (arguments.distance, arguments.trials);
    again
        + &format!(
            " --distance {} --trials {trials} --seed {seed}",
            for_shell(&distance.to_string())
        )
}
