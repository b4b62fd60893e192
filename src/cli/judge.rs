//! `sim judge`: what the scenario's rules make of what really happened.

mod follow;

use super::folder::Folder;
use super::log_options::{self, LogOptions};
use super::run::{key_value, load};
use super::{Exit, campaign, terminal};
use crate::judge::{Acting, Judge, Judgement, LogReadings, Recording, RecordingError, Subject};
use crate::logs::{self, Counts, Options, Step};
use crate::report;
use crate::scenario::Plan;
use crate::units::Time;
use std::cell::OnceCell;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

/// Judge what really happened by a scenario's rules
///
/// Reads access logs (nginx, Apache, AWS load balancers, JSON lines; plain or gzip; several are
/// merged by time) or what sim run --record wrote, and judges them with the code that judges a
/// simulated day: when each rule was pending, fired, cleared and resolved, with value, threshold,
/// number of requests and margin; how close the silent ones came; which could not be judged, and
/// why.
///
/// Nobody acts in a log, so the plan does: everybody answers and every change is made in the median
/// of the plan's own times, and the report says when you would have rolled back. A recording of
/// this very scenario carries the answers that were really given, and they count instead.
///
/// With --follow it watches a log that grows, says every move of a rule as it happens, and sums up
/// at Ctrl-C. A log that is rotated away is followed into the new one.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct JudgeArguments {
    /// The scenario file
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,

    /// Access logs, or one recording; - is standard input
    #[arg(long = "log", value_name = "LOG", num_args = 1.., required_unless_present = "readings")]
    logs: Vec<PathBuf>,

    /// A recording of a run
    #[arg(long, value_name = "FILE", conflicts_with = "logs")]
    readings: Option<PathBuf>,

    /// Go on as the log grows, until Ctrl-C
    #[arg(long, conflicts_with = "readings")]
    follow: bool,

    /// Change one value of the scenario: rules.SlowPages.for=30s
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    set: Vec<(String, String)>,

    /// Folder for the tables judge.csv, judge_plays.csv and judge_rules.csv
    #[arg(long, short, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Print one JSON document instead of the summary
    #[arg(long, conflicts_with_all = ["follow", "csv"])]
    json: bool,

    /// Print every move of every rule as CSV instead of the summary
    #[arg(long, conflicts_with = "follow")]
    csv: bool,

    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,

    #[command(flatten)]
    reading: LogOptions,
}

const EXAMPLES: &str = "\
Examples:
  sim judge launch.yaml --log access.log
  sim judge launch.yaml --log access.log.*.gz access.log -o reports/last-night
  sim judge launch.yaml --log access.log --set rules.SlowPages.for=30s
  sim judge launch.yaml --log /var/log/nginx/access.log --follow
  sim run day.yaml --record day.jsonl && sim judge day.yaml --readings day.jsonl
  sim judge launch.yaml --log access.log --json | jq '.moves[] | select(.state == \"firing\")'

Exit codes: 0 no rule fired, 99 a rule fired, 3 nothing could be judged, 2 wrong usage,
a scenario with errors or logs that cannot be used, 1 something broke, 130 interrupted.";

/// Runs the subcommand.
pub(super) fn run(arguments: &JudgeArguments) -> Exit {
    let Ok(plan) = load(&arguments.scenario, &arguments.set, true) else { return Exit::Wrong };
    let recordings = arguments.logs.iter().filter(|path| holds_recording(path)).count();
    let recording = match (&arguments.readings, recordings) {
        (Some(path), _) => Some(path),
        (None, 0) => None,
        (None, _) if arguments.logs.len() == 1 && !arguments.follow => arguments.logs.first(),
        (None, _) => {
            let hint = "give one recording, or access logs";
            terminal::error("a recording is judged by itself, and does not grow", hint);
            return Exit::Wrong;
        }
    };
    if let Some(path) = recording {
        return judge_recording(arguments, &plan, path);
    }
    let zone = plan.calendar.zone().clone();
    let options = match arguments.reading.options(zone, &plan.logs.fields) {
        Ok(options) => options,
        Err(message) => {
            terminal::error(&message, "");
            return Exit::Wrong;
        }
    };
    if arguments.follow {
        follow::run(arguments, &plan, options)
    } else {
        judge_logs(arguments, &plan, &options)
    }
}

/// Whether a file begins as a recording does. One that cannot be read says so later.
fn holds_recording(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    let is_file = file.metadata().is_ok_and(|file| file.is_file());
    is_file && BufReader::new(file).fill_buf().is_ok_and(crate::judge::is_recording)
}

/// Judges a recording.
fn judge_recording(arguments: &JudgeArguments, plan: &Plan, path: &Path) -> Exit {
    let shown = path.display().to_string();
    let opened = File::open(path).map_err(RecordingError::Io);
    let opened = opened.and_then(|file| Recording::new(BufReader::new(file)));
    let opened = opened.and_then(|recording| {
        let (subject, same) = Subject::of_recording(plan, &recording)?;
        Ok((recording, subject, same))
    });
    let (mut recording, subject, same) = match opened {
        Ok(opened) => opened,
        Err(error) => {
            let hint = match &error {
                RecordingError::Misfit { hint, .. } => hint.as_str(),
                RecordingError::NoRecording => "make one with sim run SCENARIO --record FILE",
                RecordingError::Version { .. } => "record the run again with this version",
                _ => "",
            };
            terminal::error(&format!("{shown}: {error}"), hint);
            return Exit::Wrong;
        }
    };
    let acting = if same { Acting::Recorded } else { Acting::ByPlan };
    let mut judge = Judge::new(&subject, acting);
    let damage = judge.take_all(&mut recording, &subject.positions).err();
    let exit = tell(arguments, &subject, &judge.judgement(), &format!("Recording {shown}"));
    match damage {
        Some(error) => {
            terminal::error(&format!("{shown}: {error}"), "what came before it was judged");
            Exit::Broke
        }
        None => exit,
    }
}

/// A log being judged; the subject is known with the first reading.
struct Watching<'p, 's> {
    plan: &'p Plan,
    readings: LogReadings<'p>,
    judge: Option<Judge<'s>>,
    /// When the last reading was known.
    reached: Time,
}

impl<'p, 's> Watching<'p, 's> {
    fn new(plan: &'p Plan) -> Self {
        let readings = LogReadings::new(plan, plan.logs.mapping(&plan.names));
        Watching { plan, readings, judge: None, reached: Time::ZERO }
    }

    /// Judges the intervals that are complete.
    fn judge(&mut self, subject: &'s OnceCell<Subject>) {
        while let Some(reading) = self.readings.next_reading() {
            let known = || self.readings.subject().expect("there is a reading");
            let judge = self
                .judge
                .get_or_insert_with(|| Judge::new(subject.get_or_init(known), Acting::ByPlan));
            self.reached = reading.to + self.plan.telemetry.delay;
            judge.observe(self.reached, &reading);
        }
    }
}

/// Judges logs that are over.
fn judge_logs(arguments: &JudgeArguments, plan: &Plan, options: &Options) -> Exit {
    let subject = OnceCell::new();
    let mut watching = Watching::new(plan);
    let sources = log_options::sources(&arguments.logs);
    let read = logs::read(&sources, options, &mut |step| match step {
        Step::Request(request) => watching.readings.count(request),
        Step::Complete(until) => {
            watching.readings.complete(until);
            watching.judge(&subject);
        }
    });
    let counts = match read {
        Ok(counts) => counts,
        Err(error) => {
            log_options::refuse(&error);
            return Exit::Wrong;
        }
    };
    if !arguments.quiet {
        log_options::tell(&counts);
    }
    if let Some((_, last)) = counts.span() {
        watching.readings.complete(last);
        watching.judge(&subject);
    }
    finish(arguments, watching, &subject, &source(&counts))
}

/// Sums up what was judged of a log.
fn finish<'s>(
    arguments: &JudgeArguments,
    mut watching: Watching<'_, 's>,
    subject: &'s OnceCell<Subject>,
    source: &str,
) -> Exit {
    let Some(mut judge) = watching.judge.take() else {
        let every = watching.plan.telemetry.every;
        let hint = "give a longer log, or judge in shorter ones with --set telemetry.every=1s";
        terminal::error(&format!("the log does not cover one interval of {every}"), hint);
        return Exit::NotJudgeable;
    };
    judge.finish(watching.reached);
    let mut subject = subject.get().expect("there is a judge").clone();
    subject.notes.extend(left_out(&watching.readings));
    tell(arguments, &subject, &judge.judgement(), source)
}

/// Requests that were not counted everywhere, in sentences.
fn left_out(readings: &LogReadings) -> Vec<String> {
    let (late, unrouted) = readings.left_out();
    let of = readings.requests();
    let mut notes = Vec::new();
    if late > 0 {
        notes.push(format!("{late} requests of {of} came too late for their interval."));
    }
    if unrouted > 0 {
        notes.push(format!(
            "{unrouted} requests of {of} lead to no endpoint and count for the whole site alone; \
             `logs: {{routes: …}}` in the scenario maps them."
        ));
    }
    notes
}

fn source(counts: &Counts) -> String {
    match &counts.files[..] {
        [(name, _)] => format!("Log {name}"),
        files => format!("{} logs", files.len()),
    }
}

/// Prints and writes the judgement.
fn tell(
    arguments: &JudgeArguments,
    subject: &Subject,
    judgement: &Judgement,
    source: &str,
) -> Exit {
    if !arguments.quiet {
        let text = match (arguments.json, arguments.csv) {
            (true, _) => report::judge_json(subject, judgement, source),
            (_, true) => report::judge_csv(subject, judgement),
            _ => report::judge_summary(subject, judgement, source, terminal::style()),
        };
        terminal::print(&text);
    }
    if let Some(out) = &arguments.out {
        match save(out, subject, judgement) {
            Ok(folder) if !(arguments.quiet || arguments.json || arguments.csv) => {
                let folder = folder.path().display().to_string();
                terminal::print(&format!("\nFiles   {}/\n", report::for_terminal(&folder, 2_000)));
            }
            Ok(_) => {}
            Err(error) => {
                terminal::cannot_write(out, &error);
                return Exit::Broke;
            }
        }
    }
    match (judgement.judged_anything(), judgement.fired()) {
        (false, _) => Exit::NotJudgeable,
        (true, true) => Exit::Missed,
        (true, false) => Exit::Met,
    }
}

fn save(out: &Path, subject: &Subject, judgement: &Judgement) -> io::Result<Folder> {
    let id = report::judge_id(subject, judgement);
    let folder = Folder::claim_table(out, report::JUDGE_FILES[2], &[(0, &id)])?;
    for name in report::JUDGE_FILES {
        campaign::table(&folder, name, |to| report::write_judge(subject, judgement, name, to))?;
    }
    Ok(folder)
}
